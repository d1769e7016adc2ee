"""Where a number comes from: the named table, the rows and the column behind each number of the paper."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from mapping.cells import count_boards, count_cells, count_themes
from mapping.chance import find_board_chance, find_cell_chance, find_theme_pairs
from mapping.figures import Chart
from mapping.files import replace_controls
from mapping.findings import join_words
from mapping.focus import find_focus
from mapping.gaps import find_gaps
from mapping.interdependencies import find_links
from mapping.intersections import find_intersections, find_untagged
from mapping.letters import close_directions
from mapping.outputs.change_report import list_change_tables
from mapping.pairs import find_board_pairs
from mapping.rescoring import FAMILIES, find_sensitivity, rescore_run
from mapping.stability import FAIR, FIRM, find_headlines
from mapping.tags import Run

__all__ = ["Fact", "Number", "Source", "Tables", "join_facts", "write_day"]

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
Condition = tuple[str, str, Any]

#: Tables of a run, by the names under which the run folder has them.
_TABLES: dict[str, Callable[[Run], pd.DataFrame]] = {
    "priorities": lambda run: run.priorities.drop(columns="line", errors="ignore"),
    "tags": lambda run: run.tags,
    "cells": count_cells,
    "boards": count_boards,
    "themes": count_themes,
    "intersections": find_intersections,
    "board-pairs": find_board_pairs,
    "links": find_links,
    "gaps": find_gaps,
    "headlines": find_headlines,
    "focus": find_focus,
    "chance-cells": find_cell_chance,
    "chance-theme-pairs": find_theme_pairs,
    "chance-board-pairs": find_board_chance,
    "sensitivity": find_sensitivity,
    "untagged": find_untagged,
    "decisions": lambda run: run.decisions.drop(columns="line", errors="ignore"),
}


#: Tables whose texts come from other people's files, with the column that names a row.
_FOREIGN = (
    ("priorities", "priority"), ("strategies", "strategy"), ("boards", "board"), ("themes", "theme"),
    ("decisions", "priority"),
)  # fmt: skip


def _find_replaced(run: Run) -> pd.DataFrame:
    """Return one row per row of a foreign table that holds a character which no Word file can hold."""
    tables = {
        "priorities": run.priorities, "strategies": run.partnership.strategies, "boards": run.partnership.boards,
        "themes": run.themes, "decisions": run.decisions,
    }  # fmt: skip
    found = []
    for name, key in _FOREIGN:
        table = tables[name]
        for row in table.to_dict("records"):
            if any(isinstance(cell, str) and replace_controls(cell) != cell for cell in row.values()):
                found.append(f"{name}, {row[key]}")
    return pd.DataFrame({"where": found}, dtype="object")


def _one_row(values: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([values])


#: What a run was made from and with, as tables of their own.
_ORIGINS: dict[str, Callable[[Run], pd.DataFrame]] = {
    "run": lambda run: _one_row({"hash": run.hash, "edition": run.edition}),
    "settings": lambda run: _one_row(asdict(run.settings)),
    "partnership": lambda run: _one_row(dict(run.partnership.info)),
    "framework": lambda run: _one_row(dict(run.framework.info)),
    "keywords": lambda run: run.framework.keywords,
    "strategies": lambda run: run.partnership.strategies,
    "families": lambda run: pd.DataFrame(FAMILIES.items(), columns=["family", "what"]),
    "verdicts": lambda run: pd.DataFrame([("firm", FIRM), ("fair", FAIR)], columns=["verdict", "share"]),
    "rescorings": lambda run: pd.DataFrame(
        [(item.family, item.change) for item in rescore_run(run)], columns=["family", "change"]
    ),
    "replaced": lambda run: _find_replaced(run),
    "warnings": lambda run: pd.DataFrame(
        [(note.file, note.message) for note in run.partnership.warnings], columns=["file", "message"]
    ),
}


@dataclass(frozen=True)
class Source:
    """The rows behind a number or a name in the paper.

    Attributes
    ----------
    table : str
        A table of the run folder (``list_tables``), or what the run was made from: run, settings, partnership,
        framework, keywords, strategies, rescorings, families, verdicts, warnings; ``change-`` tables where an earlier
        run was given.
    column : str
        What is read; empty where rows are counted.
    where : tuple of (column, comparison, value)
        Which rows; comparisons are = != in > longer (a list of more than so many items).
    how : str
        value, rows, sum, distinct, least, most, list (all values as a sentence lists them), items (of one cell that
        holds a list), percent, first-day and last-day (of dates, written out).
    digits : int
        Decimals of a number with a fraction.
    """

    table: str
    column: str = ""
    where: tuple[Condition, ...] = ()
    how: str = "value"
    digits: int = 1


@dataclass(frozen=True)
class Number:
    """A piece of a fact that was read from a table: where it stands in the text, and its source."""

    start: int
    end: int
    source: Source


@dataclass(frozen=True)
class Fact:
    """A text whose every number is read from a table.

    Attributes
    ----------
    text : str
    numbers : tuple of Number
        What was read, in the order of the text.
    """

    text: str
    numbers: tuple[Number, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text)


class Tables:
    """The tables of a run, made when they are asked for, and what is printed of them.

    Parameters
    ----------
    run : Run
    changes : Changes, optional
        What changed since an earlier run.
    """

    def __init__(self, run: Run, changes: Any = None) -> None:
        self.run = run
        self.changes = changes
        self._made: dict[str, pd.DataFrame] = {}
        self._places: dict[tuple[str, str], dict[Any, list[int]]] = {}
        self._columns: dict[tuple[str, str], list[Any]] = {}
        self._charts: list[tuple[str, str, str, str]] = []

    def add_chart(self, chart: Chart) -> None:
        """Keep what a figure says, as a row of the table ``figures``."""
        self._charts.append((chart.name, chart.headline, chart.subtitle, chart.verdict))

    def get(self, name: str) -> pd.DataFrame:
        """Return a table by its name."""
        if name == "figures":
            return pd.DataFrame(self._charts, columns=["name", "headline", "subtitle", "verdict"])
        if name not in self._made:
            if name.startswith("change-"):
                self._made[name] = self._changed[name.removeprefix("change-")]
            else:
                self._made[name] = {**_TABLES, **_ORIGINS}[name](self.run)
        return self._made[name]

    @cached_property
    def _changed(self) -> dict[str, pd.DataFrame]:
        runs = _one_row({"earlier": self.changes.earlier.edition, "later": self.changes.later.edition})
        return {**list_change_tables(self.changes), "causes": self.changes.count(), "runs": runs}

    def select(self, source: Source) -> pd.DataFrame:
        """Return the rows behind a source."""
        return self.get(source.table).iloc[self._choose(source)]

    def _choose(self, source: Source) -> list[int]:
        """Return the places of the rows behind a source."""
        where = list(source.where)
        equal = next((condition for condition in where if condition[1] == "="), None)
        if equal is None:
            places = list(range(len(self.get(source.table))))
        else:
            # Most sources name one row: looked up, since a long list of priorities would be searched for each cell.
            where.remove(equal)
            places = self._find(source.table, equal[0]).get(equal[2], [])
        for column, comparison, value in where:
            cells, holds = self._column(source.table, column), _TESTS[comparison]
            places = [place for place in places if holds(cells[place], value)]
        return places

    def _column(self, name: str, column: str) -> list[Any]:
        if name == "figures":
            return list(self.get(name)[column])
        if (name, column) not in self._columns:
            self._columns[name, column] = list(self.get(name)[column])
        return self._columns[name, column]

    def _find(self, name: str, column: str) -> dict[Any, list[int]]:
        """Return the places of the rows by their value in a column."""
        if name == "figures" or (name, column) not in self._places:
            places: dict[Any, list[int]] = {}
            for place, cell in enumerate(self._column(name, column)):
                places.setdefault(cell, []).append(place)
            self._places[name, column] = places
        return self._places[name, column]

    def read(self, source: Source) -> str:
        """Return what a source says, as it is printed.

        Characters that a Word file cannot hold are replaced here, so that text and file say the same.
        """
        places = self._choose(source)
        cells = [None] * len(places)
        if source.column:
            column = self._column(source.table, source.column)
            cells = [column[place] for place in places]
        return replace_controls(_print(cells, source))

    def number(self, source: Source) -> int:
        """Return a source as a whole number, to choose words by."""
        return int(self.read(source).replace(",", ""))

    def say(self, text: str, /, **parts: Source | Fact | str) -> Fact:
        """Return a fact: a text with a name in braces for everything that is read from a table.

        Parameters
        ----------
        text : str
            Holds no number of its own.
        **parts : Source, Fact or str
            What stands for each name; a plain text may hold no number either.
        """
        written: list[str] = []
        numbers: list[Number] = []
        length = 0
        for literal, name, _, _ in string.Formatter().parse(text):
            written.append(literal)
            length += len(literal)
            if name is None:
                continue
            piece = self._resolve(parts[name])
            numbers += [Number(length + n.start, length + n.end, n.source) for n in piece.numbers]
            written.append(piece.text)
            length += len(piece.text)
        return Fact("".join(written), tuple(numbers))

    def _resolve(self, part: Source | Fact | str) -> Fact:
        if isinstance(part, Source):
            text = self.read(part)
            return Fact(text, (Number(0, len(text), part),))
        return part if isinstance(part, Fact) else Fact(part)


def join_facts(facts: Sequence[Fact], between: str = " ", last: str = "") -> Fact:
    """Return facts as one; ``last`` stands before the last of them where it differs.

    Examples
    --------
    >>> join_facts([Fact("one"), Fact("two"), Fact("three")], ", ", " and ").text
    'one, two and three'
    """
    text, numbers = "", []
    kept = [fact for fact in facts if fact]
    for n, fact in enumerate(kept):
        if n:
            text += last if last and n == len(kept) - 1 else between
        numbers += [Number(len(text) + m.start, len(text) + m.end, m.source) for m in fact.numbers]
        text += fact.text
    return Fact(text, tuple(numbers))


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda cell, value: bool(cell == value),
    "!=": lambda cell, value: bool(cell != value),
    "in": lambda cell, value: cell in value,
    ">": lambda cell, value: bool(not pd.isna(cell) and cell > value),
    "longer": lambda cell, value: len(cell) > value,
}


def _print(cells: list[Any], source: Source) -> str:
    if source.how == "rows":
        return f"{len(cells):,}"
    if source.how == "sum":
        return _format(sum(cells), source)
    if source.how == "distinct":
        return f"{len(set(cells)):,}"
    if source.how in ("least", "most"):
        return _format(min(cells) if source.how == "least" else max(cells), source)
    if source.how in ("first-day", "last-day"):
        return write_day(min(filter(None, cells)) if source.how == "first-day" else max(cells))
    if source.how == "list":
        return join_words([_format(cell, source) for cell in _drop_repeats(cells)])
    if len(cells) != 1:
        raise ValueError(f"{source}: {len(cells)} rows, where one is meant")
    if source.how == "items":
        return f"{len(cells[0]):,}"
    return f"{cells[0]:.0%}" if source.how == "percent" else _format(cells[0], source)


def write_day(time: str) -> str:
    """Return a date as a council writes it.

    Examples
    --------
    >>> write_day("2019-01-08T10:30"), write_day("2019-01"), write_day("2019")
    ('8 January 2019', 'January 2019', '2019')
    """
    parts = time.split("T")[0].split("-")
    month = [_MONTHS[int(parts[1]) - 1]] if len(parts) > 1 else []
    return " ".join([*(str(int(day)) for day in parts[2:3]), *month, parts[0]])


def _drop_repeats(cells: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(cells))


def _format(value: Any, source: Source) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (int, np.integer)):
        return f"{value:,}"
    if isinstance(value, (float, np.floating)):
        return f"{value:.{source.digits}f}"
    # Words of the data stand within our sentences, which they must not turn round.
    return close_directions(", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value))
