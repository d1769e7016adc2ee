"""What people decided about tags: read, applied to the same words only, and never dropped in silence."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mapping.errors import DataError, Problem, nearest
from mapping.framework import Framework
from mapping.tables import each_row, fold

__all__ = ["CONFIRMED", "OUTCOMES", "apply_decisions", "find_unknown_themes"]

#: Statuses of a tag that a person stands behind.
CONFIRMED = ("confirmed", "added")
OUTCOMES = ("applied", "check again", "orphaned", "other framework")


def apply_decisions(
    tags: pd.DataFrame, decisions: pd.DataFrame, priorities: pd.DataFrame, framework: Framework
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give every tag its status.

    A decision holds only on the words it was made on (case, spaces and punctuation folded). Where the words have
    changed it is kept as "check again"; where the priority is gone, as "orphaned". Decisions in = decisions applied
    + check again + orphaned + other framework. The last decision of one reviewer on a tag replaces their earlier
    ones; reviewers who disagree make it disputed.

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
        With ``outcome`` and ``why``.
    """
    problems = find_unknown_themes(decisions, framework)
    if problems:
        raise DataError(problems)
    words = {row.priority: fold(row.text) for row in each_row(priorities)}
    settled = [_settle(row, words, framework) for row in each_row(decisions)]
    decisions = decisions.assign(outcome=[outcome for outcome, _ in settled], why=[why for _, why in settled])
    statuses = _find_statuses(decisions[decisions["outcome"] == "applied"])
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


def _settle(row: Any, words: dict[str, str], framework: Framework) -> tuple[str, str]:
    if row.framework != framework.id:
        return "other framework", f"made on {row.framework}"
    if row.priority not in words:
        return "orphaned", "no such priority is mapped"
    if fold(row.words) != words[row.priority]:
        return "check again", "the words have changed since they were judged"
    return "applied", ""


def _find_statuses(applied: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Fold the applied decisions into one status per priority and theme."""
    last: dict[tuple[str, str], dict[str, str]] = {}
    for row in each_row(applied.sort_values("time", kind="stable")):
        last.setdefault((row.priority, row.theme), {})[fold(row.reviewer)] = row.decision
    return {key: _agree(set(said.values())) for key, said in last.items()}


def _agree(said: set[str]) -> str:
    for_it, against = said & {"confirm", "add"}, said & {"reject"}
    if for_it and against:
        return "disputed"
    if "unsure" in said:
        return "unsure"
    return "rejected" if against else "added" if for_it == {"add"} else "confirmed"
