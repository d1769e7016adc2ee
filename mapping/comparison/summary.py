"""Everything that changed between two runs, gathered once, and said in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mapping.comparison.causes import CAUSES, Causes, find_causes
from mapping.comparison.cells import compare_cells
from mapping.comparison.headlines import compare_headlines
from mapping.comparison.tags import compare
from mapping.editions import KINDS, carry_decisions, count_carried, list_checks
from mapping.schema import DECISIONS
from mapping.tables import each_row
from mapping.tags import Run, tag

__all__ = ["Changes", "find_changes", "retag_like", "state_changes"]

#: The kinds of change, as a sentence counts them.
_TAGS = {name: name for name in ("added", "removed", "changed")}
_HEADLINES = {"new": "new", "gone": "gone", "verdict": "with another verdict", "numbers": "with other numbers"}


@dataclass(frozen=True, eq=False)
class Changes:
    """What changed between two runs.

    Attributes
    ----------
    causes : Causes
        The runs, what differs between them, and how their priorities match.
    tags, cells, headlines : DataFrame
        ``compare``, ``compare_cells``, ``compare_headlines``.
    match : DataFrame
        ``match_editions``, of the priorities that either run maps.
    carried : DataFrame
        ``carry_decisions``: what becomes of each decision of the earlier run.
    checks : DataFrame
        ``list_checks``: those to check again, with old and new wording.
    """

    causes: Causes
    tags: pd.DataFrame
    cells: pd.DataFrame
    headlines: pd.DataFrame
    match: pd.DataFrame
    carried: pd.DataFrame
    checks: pd.DataFrame

    @property
    def earlier(self) -> Run:
        """The earlier run."""
        return self.causes.earlier

    @property
    def later(self) -> Run:
        """The later run."""
        return self.causes.later

    def count(self) -> pd.DataFrame:
        """Count what changed by its cause.

        Returns
        -------
        DataFrame
            One row per cause: ``cause``; tags ``added``, ``removed`` and ``changed``; ``cells``, ``headlines``.
        """
        rows = []
        for cause in CAUSES:
            own = self.tags[self.tags["cause"] == cause]
            kinds = [int((own["change"] == kind).sum()) for kind in ("added", "removed", "changed")]
            others = [int((table["cause"] == cause).sum()) for table in (self.cells, self.headlines)]
            rows.append((cause, *kinds, *others))
        return pd.DataFrame(rows, columns=["cause", "added", "removed", "changed", "cells", "headlines"])


def find_changes(earlier: Run, later: Run) -> Changes:
    """Find everything that changed between two runs of one partnership against one framework."""
    causes = find_causes(earlier, later)
    mapped = {*((0, p) for p in earlier.priorities["priority"]), *((1, p) for p in later.priorities["priority"])}
    own = [
        any((0, p) in mapped for p in old) or any((1, p) in mapped for p in new)
        for old, new in zip(causes.match["earlier"], causes.match["later"], strict=True)
    ]
    decisions = earlier.partnership.decisions.reindex(columns=[column.name for column in DECISIONS])
    tables = later.partnership if len(later.partnership.priorities) else later
    carried = carry_decisions(decisions, causes.match, tables)
    return Changes(
        causes, compare(earlier, later), compare_cells(earlier, later), compare_headlines(earlier, later),
        causes.match[own].reset_index(drop=True), carried, list_checks(carried, tables),
    )  # fmt: skip


def retag_like(earlier: Run, later: Run) -> Run:
    """Tag the texts and decisions of the earlier run with the framework and the settings of the later."""
    settings = later.settings
    return tag(
        earlier.partnership,
        later.framework,
        method=settings.method,
        threshold=settings.threshold,
        neighbours=settings.neighbours,
        in_force_on=settings.in_force_on,
        draws=settings.draws,
        resamples=settings.resamples,
        seed=settings.seed,
    )


def state_changes(changes: Changes) -> list[str]:
    """Return what changed, in sentences that each carry their numbers."""
    cells, headlines, match = changes.cells, changes.headlines, changes.match
    every = len(changes.later.boards) * len(changes.later.themes)
    kinds = [f"{int((match['kind'] == kind).sum())} {kind}" for kind in KINDS]
    carried = count_carried(changes.carried)
    outcomes = [f"{number} {name}" for name, number in carried.items() if number or name == "applied"]
    asked = {(row.priority, row.theme) for row in each_row(changes.checks)}
    decided = {(t.priority, t.theme) for t in each_row(changes.later.tags) if t.status not in ("", "suggested")}
    since = f" Of the {len(asked)} tags to check again {len(asked & decided)} have been decided since." if asked else ""
    causes = changes.causes.factors
    return [
        f"What differs between the two runs: {_join(causes)}." if causes else "The two runs are made of the same.",
        f"Tags: {_list_counts(changes.tags['change'], _TAGS)}{_list_causes(changes.tags)}.",
        f"Cells: {int((cells['change'] != 0).sum())} of {every} hold another number"
        f"{_list_causes(cells[cells['change'] != 0])}.",
        f"Headlines: {_list_counts(headlines['change'], _HEADLINES)}{_list_causes(headlines)}.",
        f"Priorities matched: {', '.join(kinds)}.",
        f"Decisions of the earlier run: {len(changes.carried)} = {' + '.join(outcomes)}.{since}"
        if len(changes.carried)
        else "The earlier run had no decisions.",
    ]


def _list_counts(column: pd.Series[str], names: dict[str, str]) -> str:
    return ", ".join(f"{int((column == name).sum())} {said}" for name, said in names.items())


def _list_causes(table: pd.DataFrame) -> str:
    """Return how many rows each cause has, in brackets; nothing where there is no row."""
    counts = [(name, int((table["cause"] == name).sum())) for name in CAUSES]
    said = ", ".join(f"{name} {number}" for name, number in counts if number)
    return f" ({said})" if said else ""


def _join(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
