"""Where nothing was found: whether that says anything, and how much could still be there."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd

from mapping.cells import count_cells
from mapping.errors import UnknownNameError
from mapping.nulls import LEVEL
from mapping.tables import each_row
from mapping.tags import Run, once_per_run

__all__ = ["bound_missed", "find_gap_sample", "find_gaps"]

#: Shares of a board's priorities that may still be missed for a gap to be firm, and fair.
_FIRM, _FAIR = 0.05, 0.20
_ROUGH = 1e-12


def bound_missed(priorities: int, checked: int, gaps: int = 1) -> int:
    """Return how many mentions could still be there when a person has checked some priorities and found none.

    One-sided hypergeometric upper bound: the largest M for which a random sample of ``checked`` out of ``priorities``
    misses all M with a probability above 0.05 / ``gaps`` (Bonferroni over the gaps that are claimed together).

    Examples
    --------
    With 20 of 50 checked and none found, up to 5 may still be there for one gap, 8 when five gaps are claimed:

    >>> bound_missed(50, 20), bound_missed(50, 20, gaps=5), bound_missed(50, 0), bound_missed(50, 50)
    (5, 8, 50, 0)
    """
    missed, chance = 0, 1.0
    while missed < priorities - checked:
        chance *= (priorities - checked - missed) / (priorities - missed)
        # A product of fractions may miss the level itself by its last bit.
        if chance <= LEVEL / gaps + _ROUGH:
            break
        missed += 1
    return missed


@once_per_run
def find_gaps(run: Run) -> pd.DataFrame:
    """Find the cells without a tag: none in the text that was read, or not read; and how much could still be there.

    The bound is on the board's priorities that speak of the theme though nothing was tagged, if the checker is right,
    in the text that was read. A person checks the doubtful priorities and a random part of the rest, in the order of
    ``find_gap_sample``; a rejected tag is a checked priority. Doubtful ones that nobody has checked all count as
    possibly missed; of the rest, ``bound_missed`` says how many.

    Returns
    -------
    DataFrame
        One row per board and theme without a tag, in their agreed orders: ``board``, ``theme``, ``state`` (none, not
        read, not scored, empty), ``priorities`` (the board's, all searched); ``doubtful``, those of them that a person
        is asked to check on this theme; ``checked``, those that a person has checked and found without the theme;
        ``bound``, how many may still speak of it (95 %, Bonferroni over these gaps and over those that a check has
        filled; missing unless the state is none or not scored); ``verdict``: *firm* (bound at most 5 % of the
        priorities), *fair* (20 %) or *fragile*; ``says``, all this in a sentence.
    """
    cells = count_cells(run)
    gaps = cells.loc[cells["tagged"] == 0, ["board", "theme", "state", "priorities"]].reset_index(drop=True)
    claimed = _count_claimed(run, cells)
    rows = [_bound(run, row, claimed) for row in each_row(gaps)]
    columns = ["doubtful", "checked", "bound", "verdict", "says"]
    table = gaps.join(pd.DataFrame(rows, columns=columns))
    return table.assign(bound=table["bound"].astype("Int64"))


def _count_claimed(run: Run, cells: pd.DataFrame) -> int:
    """Count the gaps that stand or fall together: those open, and those that a person filled by looking.

    To drop the filled ones would be to choose the gaps by what the check found, and the bounds would no longer hold.
    """
    tags = run.standing_tags
    by_hand = (tags["status"] == "added").groupby([tags["board"], tags["theme"]]).all()
    filled = {cell for cell, alone in by_hand.items() if alone}
    still = int(((cells["tagged"] == 0) & cells["state"].isin(["none", "not scored"])).sum())
    return max(1, still + len(filled))


def _bound(run: Run, gap: Any, claimed: int) -> tuple[int, int, int | None, str, str]:
    sample = find_gap_sample(run, gap.board, gap.theme)
    doubtful, checked = sample["why"] == "doubtful", sample["checked"].astype(bool)
    counts = int(doubtful.sum()), int(checked.sum())
    if gap.state not in ("none", "not scored"):
        return *counts, None, "", "not read, so nothing can be said" if gap.state == "not read" else "no priorities"
    rest = list(checked[~doubtful])
    # Only an unbroken run from the beginning of the random order is a random sample.
    drawn = rest.index(False) if False in rest else len(rest)
    unchecked = int((~checked & doubtful).sum())
    bound = unchecked + min(bound_missed(len(rest), drawn, claimed), rest.count(False))
    verdict = "firm" if bound <= _FIRM * gap.priorities else "fair" if bound <= _FAIR * gap.priorities else "fragile"
    who = f"{counts[1]} of {gap.priorities} checked by a person" if counts[1] else "checked by no person"
    still = f"up to {bound} of {gap.priorities} may still be there" if bound else "none can be there"
    return *counts, bound, verdict, f"none found, {who}: {still}, if the checker is right, in the text that was read"


def find_gap_sample(run: Run, board: str, theme: str) -> pd.DataFrame:
    """List what a person should check before a gap is claimed: the doubtful priorities, then the rest at random.

    The random order comes from a hash of the framework, the theme and the priority's id: it does not change when the
    list is asked for again, and nobody can choose it.

    Parameters
    ----------
    run : Run
    board, theme : str
        The cell.

    Returns
    -------
    DataFrame
        One row per counted priority of the board that does not carry the theme, in the order in which to check them:
        ``priority``, ``text``, ``why`` (doubtful, or drawn), ``checked`` (a person has found it without the theme).

    Raises
    ------
    UnknownNameError
        When the board is not in the matrix, or the theme not in the framework.
    """
    for kind, name, known in (
        ("Board", board, list(run.boards["board"])),
        ("Theme", theme, list(run.framework.theme_ids)),
    ):
        if name not in known:
            raise UnknownNameError(kind, name, known)
    counted = run.priorities[run.priorities["counted"] & (run.priorities["board"] == board)]
    tags = run.tags[(run.tags["theme"] == theme) & run.tags["priority"].isin(counted["priority"])]
    said = {row.priority: row for row in each_row(tags)}
    rows = []
    for item in each_row(counted):
        tag = said.get(item.priority)
        if tag is not None and tag.on:
            continue
        doubtful = tag is not None and tag.confidence in ("check", "not scored")
        checked = tag is not None and tag.status == "rejected"
        rows.append((item.priority, item.text, "doubtful" if doubtful else "drawn", checked))
    rows.sort(key=lambda row: (row[2] != "doubtful", _draw(run.framework.id, theme, row[0])))
    return pd.DataFrame(rows, columns=["priority", "text", "why", "checked"])


def _draw(*names: str) -> str:
    return hashlib.sha256("\0".join(names).encode()).hexdigest()
