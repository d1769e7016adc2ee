"""How far a review has come: what is left, how far reviewers agree, and whether more review can change a headline."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from mapping.agreement import measure_kappa, measure_percent
from mapping.chance import Array, Picture, lay_out, picture_of
from mapping.claims import Claim, list_claims
from mapping.decisions import CONFIRMED, HELD, OUTCOMES
from mapping.stability import find_headlines
from mapping.tables import each_row, fold
from mapping.tags import Run

__all__ = ["count_left", "find_conflicts", "find_open_headlines", "measure_reviewers", "state_review"]

_KINDS = ("suggested, in doubt", "not suggested, in doubt", "suggested, likely", "unsure or disputed", "settled")
_CLASSES = {"possible": _KINDS[0], "check": _KINDS[1], "likely": _KINDS[2]}
_CODES = {"confirm": "yes", "add": "yes", "reject": "no", "unsure": "unsure"}
#: The four ways in which all open tags are decided at once: those a headline speaks of, and the rest.
WAYS = {
    "all rejected": (False, False),
    "all confirmed": (True, True),
    "its own rejected, the rest confirmed": (False, True),
    "its own confirmed, the rest rejected": (True, False),
}
# Of these the worst case is among the four ways: a reach falls only with its own tags, a lead also with others' gains.
_EXACT = ("reach", "most")


def count_left(run: Run) -> pd.DataFrame:
    """Count the tags that are left to review, and those that are settled.

    Returns
    -------
    DataFrame
        One row per board, and one for all: ``board``; tags on counted priorities that nobody has decided, by what the
        machine says: ``suggested, in doubt`` (possible), ``not suggested, in doubt`` (check), ``suggested, likely``;
        ``unsure or disputed``; ``settled`` (confirmed, added or rejected). Tags that are neither suggested nor in
        doubt are not counted.
    """
    tags = _list_counted(run)
    kind = tags["confidence"].map(_CLASSES).where(tags["status"].isin(["", "suggested"]))
    kind = kind.mask(tags["status"].isin(["unsure", "disputed"]), _KINDS[3])
    kind = kind.mask(tags["status"].isin([*CONFIRMED, "rejected"]), _KINDS[4])
    boards = list(run.boards["board"])
    counts = pd.crosstab(tags["board"], kind).reindex(index=boards, columns=list(_KINDS), fill_value=0)
    table = pd.concat([counts, counts.sum().to_frame("all").T]).astype(int)
    table.insert(0, "board", list(table.index))
    return table.rename_axis(columns=None).reset_index(drop=True)


def measure_reviewers(run: Run) -> pd.DataFrame:
    """Measure how far each two reviewers agree on the tags that both have judged.

    Returns
    -------
    DataFrame
        One row per pair of reviewers with a tag in common: ``reviewer_a``, ``reviewer_b``, ``tags`` both judged,
        ``alike``, the share answered alike (0 to 1), ``kappa``, Cohen's for the three answers yes (confirm or add),
        no and unsure (missing where both gave one and the same answer throughout). The last answer of each counts.
    """
    said = _list_last(run)
    rows = []
    for a, b in combinations(sorted(said), 2):
        both = sorted(set(said[a]) & set(said[b]))
        if both:
            codes = [[_CODES[said[name][tag].decision] for tag in both] for name in (a, b)]
            names = [said[name][both[0]].reviewer for name in (a, b)]
            rows.append((*names, len(both), measure_percent(*codes), measure_kappa(*codes)))
    return pd.DataFrame(rows, columns=["reviewer_a", "reviewer_b", "tags", "alike", "kappa"])


def find_conflicts(run: Run) -> pd.DataFrame:
    """List the tags on which reviewers disagree.

    Returns
    -------
    DataFrame
        One row per disputed tag: ``priority``, ``theme``, ``said``, who said what and when.
    """
    said = _list_last(run)
    rows = []
    for tag in each_row(run.tags[run.tags["status"] == "disputed"]):
        answers = [
            said[name][tag.priority, tag.theme] for name in sorted(said) if (tag.priority, tag.theme) in said[name]
        ]
        words = [f"{row.reviewer} {row.decision}{f' ({row.time})' if row.time else ''}" for row in answers]
        rows.append((tag.priority, tag.theme, "; ".join(words)))
    return pd.DataFrame(rows, columns=["priority", "theme", "said"])


def find_open_headlines(run: Run) -> pd.DataFrame:
    """Find the headlines that deciding the open tags could still overturn.

    Open is every tag on a counted priority that is suggested and not settled by a person, unsure or disputed, or that
    a person is asked to check. All of them are decided at once in four ways (``WAYS``): all rejected; all confirmed;
    those the headline speaks of rejected and the rest confirmed; and the reverse. For a headline on how many boards
    reach a theme, or on the theme with most priorities, the worst case is among the four, so *no* is proved: no
    way of deciding the open tags can overturn it. For a comparison with chance it is not: *no way found* says only
    that none of the four does.

    Returns
    -------
    DataFrame
        One row per headline of ``find_headlines``: ``kind``, ``says``, ``verdict``; ``own``, the open tags it speaks
        of; ``can_change``: *no*, *no way found* or *yes*; ``fails_when``, the ways in which it no longer holds.
    """
    tags = _list_counted(run)
    settled = lay_out(run, tags[tags["status"].isin(CONFIRMED)])
    undecided = tags["status"].isin(["suggested", "unsure", "disputed"])
    asked = (tags["status"] == "") & (tags["confidence"] == "check")
    unsettled = lay_out(run, tags[undecided | asked])
    shown = find_headlines(run)
    rows = []
    for claim, verdict in zip(list_claims(run), shown["verdict"], strict=True):
        own = _find_own(run, claim) & unsettled
        fails = []
        for name, (of_own, of_rest) in WAYS.items():
            on = settled | (own & of_own) | (unsettled & ~own & of_rest)
            if not claim.holds(_paint(run, on)):
                fails.append(name)
        change = "yes" if fails else "no" if claim.kind in _EXACT else "no way found"
        rows.append((claim.kind, claim.says, verdict, int(own.sum()), change, fails))
    return pd.DataFrame(rows, columns=["kind", "says", "verdict", "own", "can_change", "fails_when"])


def _find_own(run: Run, claim: Claim) -> Array:
    """Return which places of the matrix a claim speaks of: its themes, or the rows of its boards."""
    picture, themes, boards = picture_of(run), run.framework.theme_ids, list(run.boards["board"])
    columns = [place for place, theme in enumerate(themes) if theme in claim.subject]
    rows = [place for place, board in enumerate(boards) if board in claim.subject]
    of_boards = claim.kind in ("cell", "board pair", "alike")
    of_themes = claim.kind not in ("board pair", "alike")
    own_rows = np.isin(picture.board, rows) if of_boards else np.ones(len(picture.on), dtype=bool)
    own_columns = np.isin(np.arange(len(themes)), columns) if of_themes else np.ones(len(themes), dtype=bool)
    return np.asarray(own_rows[:, None] & own_columns[None, :])


def _paint(run: Run, on: Array) -> Picture:
    picture = picture_of(run)
    return Picture(on, picture.board, picture.boards, picture.draws, picture.seed)


def _list_counted(run: Run) -> pd.DataFrame:
    counted = set(run.priorities.loc[run.priorities["counted"], "priority"])
    return run.tags[run.tags["priority"].isin(counted)]


def _list_last(run: Run) -> dict[str, dict[tuple[str, str], Any]]:
    """Return by reviewer and tag the last decision that applies."""
    applied = run.decisions[run.decisions["outcome"].isin(HELD)].sort_values("time", kind="stable")
    said: dict[str, dict[tuple[str, str], Any]] = {}
    for row in each_row(applied):
        said.setdefault(fold(row.reviewer), {})[row.priority, row.theme] = row
    return said


# --- words -------------------------------------------------------------------------------------------------


def state_review(run: Run) -> list[str]:
    """State in lines of text what is left to review, how far reviewers agree, and when review may stop."""
    lines = ["Tags by board: left to review, and settled by a person"]
    lines += _align([list(count_left(run).columns), *count_left(run).astype(str).to_numpy().tolist()])
    lines += ["", *_state_decisions(run), "", *_state_reviewers(run), "", *_state_headlines(run)]
    return lines


def _state_decisions(run: Run) -> list[str]:
    if run.decisions.empty:
        return ["Nobody has decided anything yet."]
    counts = [(name, int((run.decisions["outcome"] == name).sum())) for name in OUTCOMES]
    parts = " + ".join(f"{count} {name}" for name, count in counts if count)
    lines = [f"{len(run.decisions)} decision{'s' * (len(run.decisions) > 1)} on record = {parts}."]
    for row in each_row(run.decisions[run.decisions["outcome"] == "check again"]):
        lines.append(f"  check again: {row.look_at} and {row.theme}, {row.reviewer} said {row.decision} ({row.why})")
    return lines


def _state_reviewers(run: Run) -> list[str]:
    pairs, conflicts = measure_reviewers(run), find_conflicts(run)
    if pairs.empty:
        return ["No two reviewers have judged one tag; 'mapping review export --blind' makes a sheet for a second one."]
    lines = []
    for row in each_row(pairs):
        kappa = "not defined, as both gave one answer throughout" if row.kappa != row.kappa else f"{row.kappa:.2f}"
        both = f"{row.tags} tag{'s' * (row.tags > 1)}"
        lines.append(
            f"{row.reviewer_a} and {row.reviewer_b} answered {row.alike:.0%} of {both} alike; "
            f"Cohen's kappa (yes, no, unsure) {kappa}."
        )
    noun = "tag is" if len(conflicts) == 1 else "tags are"
    lines.append(f"{len(conflicts)} {noun} disputed; to settle one, a reviewer answers it again with a later date.")
    return [*lines, *(f"  {row.priority} and {row.theme}: {row.said}" for row in each_row(conflicts))]


def _state_headlines(run: Run) -> list[str]:
    table = find_open_headlines(run)
    if table.empty:
        return ["The counts carry no headline that review could change."]
    counts = [int((table["can_change"] == name).sum()) for name in ("no", "no way found", "yes")]
    lines = [
        f"Of {len(table)} headlines {counts[0]} cannot be overturned by any decision on the open tags; for {counts[1]} "
        f"none of the {len(WAYS)} ways tried does; {counts[2]} can still be overturned.",
        f"(All open tags decided at once: {'; '.join(WAYS)}.)",
    ]
    for row in each_row(table[table["can_change"] == "yes"]):
        lines.append(f"  open ({row.own} of its tags): {row.says} Falls when: {'; '.join(row.fails_when)}.")
    lines.append(
        "Review may stop when no headline that you mean to use is open."
        if counts[2]
        else "For these headlines review may stop."
    )
    return lines


def _align(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for first, *numbers in rows:
        cells = [number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True)]
        lines.append("  ".join(["", first.ljust(widths[0]), *cells]))
    return lines
