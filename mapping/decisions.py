"""What people decided about tags: read, applied to the same words only, and never dropped in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pandas as pd

from mapping.errors import DataError, Problem, nearest
from mapping.framework import Framework
from mapping.tables import each_row, fold

__all__ = [
    "CONFIRMED", "HELD", "OUTCOMES", "apply_decisions", "drop_superseded", "find_unknown_themes", "settle_decisions",
]  # fmt: skip

#: Statuses of a tag that a person stands behind.
CONFIRMED = ("confirmed", "added")
#: What can become of a decision; every one of them has exactly one outcome.
OUTCOMES = ("applied", "conflicting", "check again", "superseded", "orphaned", "other framework")
#: Outcomes of decisions that hold: made on the words that now stand.
HELD = ("applied", "conflicting")
#: What makes two records the same judgement, under whatever id.
_JUDGEMENT = ("framework", "theme", "decision", "words", "reviewer", "time")


def apply_decisions(
    tags: pd.DataFrame, decisions: pd.DataFrame, priorities: pd.DataFrame, framework: Framework
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give every tag its status.

    A decision holds only on the words it was made on (case, spaces and punctuation folded). The last decision of one
    reviewer on a tag replaces their earlier ones; reviewers who disagree make it disputed.

    Parameters
    ----------
    tags : DataFrame
        One row per priority and theme, with ``tagged``.
    decisions : DataFrame
        As read from ``decisions.csv``.
    priorities : DataFrame
        The priorities mapped: ``priority``, ``text``.
    framework : Framework
        Whose themes were judged.

    Returns
    -------
    tags : DataFrame
        With ``status`` and ``on``.
    decisions : DataFrame
        With ``outcome``, ``why`` and ``look_at``, the priority that a person is asked to look at again. Decisions in =
        the sum over all outcomes:

        - *applied*: the words are the same, so it holds;
        - *conflicting*: it holds, but reviewers disagree about the tag, so the tag is disputed;
        - *check again*: the words have changed, or stand under another id; applied to nothing until a person looks;
        - *superseded*: what was to be checked again has been decided on the words that now stand, or the same judgement
          stands under the priority's later id;
        - *orphaned*: the priority is gone;
        - *other framework*: made about other themes.
    """
    problems = find_unknown_themes(decisions, framework)
    if problems:
        raise DataError(problems)
    decisions = settle_decisions(decisions, priorities, framework)
    statuses = _find_statuses(each_row(decisions[decisions["outcome"].isin(HELD)]))
    status = [
        statuses.get((priority, theme), "suggested" if tagged else "")
        for priority, theme, tagged in zip(tags["priority"], tags["theme"], tags["tagged"], strict=True)
    ]
    # A person confirming what the machine did not find has added it; the difference is worth keeping.
    status = [
        "added" if said == "confirmed" and not tagged else "confirmed" if said == "added" and tagged else said
        for said, tagged in zip(status, tags["tagged"], strict=True)
    ]
    on = [
        said in CONFIRMED or (bool(tagged) and said != "rejected")
        for said, tagged in zip(status, tags["tagged"], strict=True)
    ]
    return tags.assign(status=pd.Series(status, dtype="object"), on=pd.Series(on, dtype="bool")), decisions


def find_unknown_themes(decisions: pd.DataFrame, framework: Framework) -> list[Problem]:
    """Return a problem for each decision on a theme that its framework does not have."""
    return [
        Problem(
            getattr(row, "file", "decisions.csv"),
            f"theme '{row.theme}' is not known.{nearest(row.theme, framework.theme_ids)}", row.line, "theme",
        )
        for row in each_row(decisions)
        if row.framework == framework.id and row.theme not in framework.theme_ids
    ]  # fmt: skip


def settle_decisions(decisions: pd.DataFrame, priorities: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Return the decisions with ``outcome``, ``why`` and ``look_at``, as ``apply_decisions`` describes them."""
    ground = _Ground(decisions, priorities, framework)
    settled = [ground.settle(row) for row in each_row(decisions)]
    added = {name: [said[n] for said in settled] for n, name in enumerate(("outcome", "why", "look_at"))}
    return decisions.assign(**added)


def drop_superseded(decisions: pd.DataFrame, priorities: Collection[str]) -> pd.DataFrame:
    """Return decisions without those whose judgement also stands under a priority's later id."""
    later = {_judgement(row) for row in each_row(decisions) if row.priority in priorities}
    stays = [row.priority in priorities or _judgement(row) not in later for row in each_row(decisions)]
    return decisions[pd.Series(stays, index=decisions.index, dtype="bool")]


class _Ground:
    """What a decision is held against: the words that now stand, and what else was decided."""

    def __init__(self, decisions: pd.DataFrame, priorities: pd.DataFrame, framework: Framework) -> None:
        self.framework = framework.id
        self.words = {row.priority: fold(row.text) for row in each_row(priorities)}
        rows = [row for row in each_row(decisions) if row.framework == framework.id and row.priority in self.words]
        #: By judgement, an id under which it now stands; by words, the first id that has them.
        self.carried = {_judgement(row): row.priority for row in reversed(rows)}
        self.held = {
            _judgement(row): row.priority for row in reversed(rows) if fold(row.words) == self.words[row.priority]
        }
        self.standing = {words: priority for priority, words in reversed(self.words.items())}
        #: By tag, its status by the decisions that hold.
        self.statuses = _find_statuses(row for row in rows if fold(row.words) == self.words[row.priority])

    def settle(self, row: Any) -> tuple[str, str, str]:
        """Return what becomes of a decision, why, and the priority that a person is asked to look at."""
        if row.framework != self.framework:
            return "other framework", f"made on {row.framework}", ""
        words = fold(row.words)
        if words == self.words.get(row.priority):
            if self.statuses[row.priority, row.theme] == "disputed":
                return "conflicting", "reviewers disagree about this tag", ""
            return "applied", "", ""
        if row.priority in self.words:
            if _judgement(row) in self.held:
                # The id has gone to another priority; the judgement was carried to where its words now stand.
                return "superseded", f"the same judgement stands under {self.held[_judgement(row)]}", ""
            if (row.priority, row.theme) in self.statuses:
                return "superseded", "decided again on the words that now stand", ""
            return "check again", "the words have changed since they were judged", row.priority
        if _judgement(row) in self.carried:
            return "superseded", f"the same judgement stands under {self.carried[_judgement(row)]}", ""
        other = self.standing.get(words, "")
        if not other:
            return "orphaned", "no such priority is mapped", ""
        if (other, row.theme) in self.statuses:
            return "superseded", f"decided again under {other}", ""
        return "check again", f"the same words now stand under {other}", other


def _judgement(row: Any) -> tuple[str, ...]:
    return tuple(str(getattr(row, name)) for name in _JUDGEMENT)


def _find_statuses(held: Iterable[Any]) -> dict[tuple[str, str], str]:
    """Fold the decisions that hold into one status per priority and theme."""
    last: dict[tuple[str, str], dict[str, str]] = {}
    for row in sorted(held, key=lambda row: str(row.time)):
        last.setdefault((row.priority, row.theme), {})[fold(row.reviewer)] = row.decision
    return {key: _agree(set(said.values())) for key, said in last.items()}


def _agree(said: set[str]) -> str:
    for_it, against = said & {"confirm", "add"}, said & {"reject"}
    if for_it and against:
        return "disputed"
    if "unsure" in said:
        return "unsure"
    return "rejected" if against else "added" if for_it == {"add"} else "confirmed"
