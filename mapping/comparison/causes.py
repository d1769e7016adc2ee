"""What caused a change between two runs: the texts, the themes' keywords, the method, or a person's decision.

A run is made of four things. A change is laid at the door of one of them when it appears with that one alone exchanged
in the earlier run, and goes when that one alone is put back in the later run. Otherwise it is mixed: two were needed,
or each would have been enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from mapping.cells import count_cells
from mapping.editions import carry_decisions, map_boards, match_editions, turn_round
from mapping.editions.wording import list_stems, measure_likeness
from mapping.errors import MappingError
from mapping.framework import Framework
from mapping.partnership import Partnership
from mapping.schema import DECISIONS
from mapping.stability import find_headlines
from mapping.tables import each_row
from mapping.tags import Run, hash_table, tag

__all__ = ["CAUSES", "FACTORS", "Causes", "Pair", "State", "Tag", "find_causes"]

#: What a run is made of: the tables of boards, strategies and priorities; themes, keywords, threshold and margin of
#: the framework; what ``tag`` was told; and what people decided.
FACTORS = ("text", "framework", "method", "decision")
CAUSES = (*FACTORS, "mixed")
_DECISION = [column.name for column in DECISIONS if column.name != "note"]


class Tag(NamedTuple):
    """One tag of a run: whether it stands, its status, score and confidence, and the board whose cell counts it."""

    on: bool
    status: str
    score: float
    confidence: str
    cell: str


NO_TAG = Tag(False, "", float("nan"), "", "")


class Pair(NamedTuple):
    """A priority in both editions: its ids (empty: not there) and the kind of its match."""

    earlier: str
    later: str
    words: str


@dataclass(frozen=True, eq=False)
class State:
    """A run, or what the run would be with one thing exchanged; ``later_texts`` says whose texts it has."""

    run: Run
    later_texts: bool
    codes: dict[str, str]

    @cached_property
    def tags(self) -> dict[tuple[str, str], Tag]:
        """The tags by priority and theme; boards are called as the earlier run calls them."""
        counted = set(self.run.priorities.loc[self.run.priorities["counted"], "priority"])
        names = ("priority", "theme", "on", "status", "score", "confidence", "board")
        table = self.run.tags
        return {
            (priority, theme): Tag(
                on, status, score, confidence, self.name_board(board) if on and priority in counted else ""
            )
            for priority, theme, on, status, score, confidence, board in zip(*map(table.get, names), strict=True)
        }

    @cached_property
    def cells(self) -> dict[tuple[str, str], Any]:
        """The rows of ``count_cells`` by board and theme."""
        return {(self.name_board(row.board), row.theme): row for row in each_row(count_cells(self.run))}

    @cached_property
    def headlines(self) -> dict[tuple[str, ...], Any]:
        """The rows of ``find_headlines`` by kind and subject; how many boards a theme reaches is one subject."""
        found = {}
        for row in each_row(find_headlines(self.run)):
            subject = row.subject[:1] if row.kind == "reach" else row.subject
            found[row.kind, *(self.name_board(code) for code in subject)] = row
        return found

    def find(self, pair: Pair, theme: str) -> Tag:
        """Return the tag of a pair of priorities, whichever of the two this run has."""
        return self.tags.get((pair.later if self.later_texts else pair.earlier, theme), NO_TAG)

    def name_board(self, board: str) -> str:
        """Return the earlier code of a board."""
        return self.codes.get(board, board) if self.later_texts else board


@dataclass(frozen=True, eq=False)
class Causes:
    """Two runs and, as far as they are asked for, the runs between them with one thing exchanged.

    Attributes
    ----------
    earlier, later : Run
    match : DataFrame
        ``match_editions`` of all their priorities.
    factors : tuple of str
        What differs between them.
    """

    earlier: Run
    later: Run
    match: pd.DataFrame
    factors: tuple[str, ...]
    _made: dict[tuple[str, str], State] = field(default_factory=dict)

    @cached_property
    def codes(self) -> dict[str, str]:
        """The earlier code of each later board."""
        return map_boards(self.earlier, self.later)

    @cached_property
    def before(self) -> State:
        """The earlier run."""
        return State(self.earlier, False, self.codes)

    @cached_property
    def after(self) -> State:
        """The later run."""
        return State(self.later, True, self.codes)

    @cached_property
    def pairs(self) -> list[Pair]:
        """The priorities that either run maps, in the later run's order, what it has not last."""
        both = (self.earlier, self.later)
        tables = [_choose_tables(run, both).priorities for run in both]
        texts = [dict(zip(table["priority"], table["text"], strict=True)) for table in tables]
        pairs = [pair for row in each_row(self.match) for pair in _pair_up(row, *texts)]
        old, new = (
            {priority: n for n, priority in enumerate(run.priorities["priority"])} for run in (self.earlier, self.later)
        )
        kept = [pair for pair in pairs if pair.earlier in old or pair.later in new]
        return sorted(
            kept, key=lambda pair: (0, new[pair.later]) if pair.later in new else (1, old[pair.earlier])
        )  # fmt: skip

    def name(self, read: Callable[[State], Any], before: Any, after: Any) -> str:
        """Return the cause of a change.

        Parameters
        ----------
        read : callable
            Reads from a state what changed.
        before, after : object
            What it gives for the earlier and for the later run.
        """
        if len(self.factors) == 1:
            return self.factors[0]
        for factor in self.factors:
            if read(self.exchange(factor)) == after and read(self.undo(factor)) == before:
                return factor
        return "mixed"

    def exchange(self, factor: str) -> State:
        """Return the earlier run with one thing taken from the later."""
        return self._mix(factor, self.later, self.earlier, later_texts=factor == "text")

    def undo(self, factor: str) -> State:
        """Return the later run with one thing taken from the earlier."""
        return self._mix(factor, self.earlier, self.later, later_texts=factor != "text")

    def _mix(self, factor: str, one: Run, rest: Run, *, later_texts: bool) -> State:
        key = (factor, "undo" if rest is self.later else "exchange")
        if key not in self._made:
            parts = {name: one if name == factor else rest for name in FACTORS}
            texts, framework = parts["text"].partnership, parts["framework"].framework
            decisions = self._translate(parts["decision"], later_texts)
            settings, own = parts["method"].settings, parts["method"].framework
            run = tag(
                replace(texts, decisions=decisions),
                framework,
                method=settings.method,
                threshold=None if settings.threshold == own.threshold else settings.threshold,
                neighbours=settings.neighbours,
                in_force_on=settings.in_force_on,
                draws=settings.draws,
                resamples=settings.resamples,
                seed=settings.seed,
            )
            self._made[key] = State(run, later_texts, self.codes)
        return self._made[key]

    def _translate(self, run: Run, later_texts: bool) -> pd.DataFrame:
        """Return a run's decisions with the ids of the texts that they are to meet; the words judged stay."""
        decisions = run.partnership.decisions
        if (run is self.later) == later_texts or _same_decisions(self.earlier, self.later):
            return decisions
        match, edition = (self.match, self.later) if later_texts else (turn_round(self.match), self.earlier)
        return carry_decisions(decisions, match, edition.partnership)[list(decisions.columns)]


def find_causes(earlier: Run, later: Run) -> Causes:
    """Match two runs and find what differs between them; the runs in between are made when they are asked for.

    Raises
    ------
    MappingError
        When the partnerships or the themes are not the same: such runs may be set side by side, never subtracted.
    """
    made: dict[object, Any] = later.__dict__.setdefault("_tables", {})
    key = ("causes", id(earlier))
    if key not in made:
        _refuse_others(earlier, later)
        match = match_editions(*(_choose_tables(run, (earlier, later)) for run in (earlier, later)))
        made[key] = Causes(earlier, later, match, _find_factors(earlier, later, match))
    causes: Causes = made[key]
    return causes


def _refuse_others(earlier: Run, later: Run) -> None:
    if earlier.partnership.id != later.partnership.id:
        raise MappingError(
            f"'{earlier.partnership.name}' and '{later.partnership.name}' are different partnerships: 'id' in "
            f"partnership.yaml is '{earlier.partnership.id}' and '{later.partnership.id}'. If it is one partnership, "
            "put the id back; if not, "
            "set their tables side by side (set_beside, or mapping compare --beside), "
            "but do not subtract one from the other."
        )
    if earlier.framework.theme_ids != later.framework.theme_ids:
        raise MappingError(
            f"The runs have different themes ({', '.join(earlier.framework.theme_ids)} in {earlier.framework.name}; "
            f"{', '.join(later.framework.theme_ids)} in {later.framework.name}). Tag both against one framework first."
        )


def _choose_tables(run: Run, both: tuple[Run, Run]) -> Run | Partnership:
    """Return what is matched: all priorities of the tables, mapped or not, so that the method moves none of them."""
    return run.partnership if all(len(other.partnership.priorities) for other in both) else run


def _pair_up(row: Any, old: dict[str, str], new: dict[str, str]) -> list[Pair]:
    """Return the pairs of a match: of a split or merger, the whole and the part most like it, and the parts alone."""
    if row.kind == "split":
        best = _find_closest(old[row.earlier[0]], {part: new[part] for part in row.later})
        return [Pair(row.earlier[0] if part == best else "", part, "split") for part in row.later]
    if row.kind == "merged":
        best = _find_closest(new[row.later[0]], {part: old[part] for part in row.earlier})
        return [Pair(part, row.later[0] if part == best else "", "merged") for part in row.earlier]
    return [Pair(row.earlier[0] if row.earlier else "", row.later[0] if row.later else "", row.kind)]


def _find_closest(whole: str, parts: dict[str, str]) -> str:
    stems = list_stems(whole)
    return max(parts, key=lambda part: measure_likeness(stems, list_stems(parts[part])))


# --- what differs ------------------------------------------------------------------------------------------


def _find_factors(earlier: Run, later: Run, match: pd.DataFrame) -> tuple[str, ...]:
    differ = {
        "text": _hash_texts(earlier) != _hash_texts(later),
        "framework": _hash_framework(earlier.framework) != _hash_framework(later.framework),
        "method": _list_method(earlier) != _list_method(later),
        "decision": _differ_decisions(earlier, later, match),
    }
    return tuple(name for name in FACTORS if differ[name])


def _hash_texts(run: Run) -> list[str]:
    tables = run.partnership
    own = tables.priorities if len(tables.priorities) else run.priorities
    named = ((tables.boards, "board"), (tables.strategies, "strategy"), (own, "priority"))
    return [*(_hash(table, [key]) for table, key in named), *tables.boards["board"]]


def _hash_framework(framework: Framework) -> tuple[object, ...]:
    tables = (_hash(framework.themes, ["theme"]), _hash(framework.keywords, ["theme", "pattern"]))
    return (*tables, framework.id, framework.threshold, framework.margin, framework.calibration)


def _hash(table: pd.DataFrame, keys: list[str]) -> str:
    return hash_table(table.drop(columns="line", errors="ignore"), keys)


def _list_method(run: Run) -> tuple[object, ...]:
    """Return what ``tag`` was told; a threshold that is the framework's own belongs to the framework."""
    given = None if run.settings.threshold == run.framework.threshold else run.settings.threshold
    return (*astuple(replace(run.settings, framework="", threshold=0.0, margin=0.0)), given)


def _differ_decisions(earlier: Run, later: Run, match: pd.DataFrame) -> bool:
    """Return whether people decided otherwise; the same decisions under new ids are no difference."""
    if _same_decisions(earlier, later):
        return False
    old, new = earlier.partnership.decisions, later.partnership.decisions
    if old.empty:
        return True
    carried = carry_decisions(old, match, later.partnership)
    before = set(_list_decisions(carried[carried["outcome"] != "superseded"]))
    after = set(_list_decisions(new))
    # Carrying leaves the earlier records where they are, so one more of a known judgement is no other decision.
    known = {_leave_id(record) for record in _list_decisions(old)}
    return bool(before - after) or any(_leave_id(record) not in known for record in after - before)


def _leave_id(record: tuple[str, ...]) -> tuple[str, ...]:
    place = _DECISION.index("priority")
    return (*record[:place], *record[place + 1 :])


def _same_decisions(earlier: Run, later: Run) -> bool:
    old, new = earlier.partnership.decisions, later.partnership.decisions
    return len(old) == len(new) and (old.empty or _list_decisions(old) == _list_decisions(new))


def _list_decisions(decisions: pd.DataFrame) -> list[tuple[str, ...]]:
    return sorted(decisions[_DECISION].itertuples(index=False, name=None))
