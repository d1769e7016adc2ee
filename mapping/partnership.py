"""The tables of one city, held together and checked against one another: boards, strategies, priorities and more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from mapping.cross_checks import cross_check, note_decisions
from mapping.decisions import find_unknown_themes
from mapping.errors import DataError, Problem, nearest
from mapping.files import find_shipped, list_shipped
from mapping.framework import Framework, read_framework
from mapping.ledger import read_decisions
from mapping.schema import LINKS, NAMES, PARTNERSHIP, PASSAGES, RECOMMENDATIONS, TABLES
from mapping.tables import Column, read_table, read_yaml

__all__ = ["Partnership", "load_derby", "load_derby_2009", "read_partnership"]


def _make_empty(columns: Sequence[Column]) -> pd.DataFrame:
    return pd.DataFrame(columns=[*(column.name for column in columns), "line"])


@dataclass(frozen=True)
class Partnership:
    """The tables of one city.

    Attributes
    ----------
    info : dict
        ``partnership.yaml``: id, name, place, edition, framework, about.
    boards, strategies, priorities, decisions : DataFrame
        One row per board, strategy, priority and decision; columns as in ``data/README.md``. ``priorities`` has
        its board beside its strategy.
    framework : Framework
        The framework that the partnership names; ``tag`` uses it unless told otherwise.
    warnings : tuple of Problem
        What was odd but usable.
    names, passages, links, recommendations : DataFrame
        One row per service, programme or named partner; per further passage of a board's documents; per person's
        decision on a link between boards; and per recommendation with its answer. All may be empty.
    """

    info: dict[str, str]
    boards: pd.DataFrame
    strategies: pd.DataFrame
    priorities: pd.DataFrame
    decisions: pd.DataFrame
    framework: Framework
    warnings: tuple[Problem, ...] = ()
    names: pd.DataFrame = field(default_factory=lambda: _make_empty(NAMES))
    passages: pd.DataFrame = field(default_factory=lambda: _make_empty(PASSAGES))
    links: pd.DataFrame = field(default_factory=lambda: _make_empty(LINKS))
    recommendations: pd.DataFrame = field(default_factory=lambda: _make_empty(RECOMMENDATIONS))

    @property
    def id(self) -> str:
        """Short name for files."""
        return self.info["id"]

    @property
    def name(self) -> str:
        """Name as reports print it."""
        return self.info["name"]

    @property
    def matrix_boards(self) -> list[str]:
        """Codes of the boards that stand in the matrix, in their order."""
        return list(self.boards.loc[self.boards["in_matrix"] == "yes", "board"])

    def __repr__(self) -> str:
        return (
            f"<Partnership {self.name}: {len(self.boards)} boards ({len(self.matrix_boards)} in the matrix), "
            f"{len(self.strategies)} strategies, {len(self.priorities)} priorities, "
            f"{len(self.decisions)} decisions>"
        )


def load_derby() -> Partnership:
    """Load the shipped Derby data of January 2019 (``data/derby/``; what it is and is not: ``data/README.md``).

    Examples
    --------
    >>> load_derby().matrix_boards
    ['CFL', 'HWB', 'SCB', 'DRB', 'CLB']
    """
    return read_partnership(find_shipped("partnerships", "derby"))


def load_derby_2009() -> Partnership:
    """Load the five themed city partnerships of the March 2009 board report (``data/derby-2009/``).

    It may be set beside the data of 2019, never subtracted from it: the documents are of different kinds.

    Examples
    --------
    >>> len(load_derby_2009().matrix_boards)
    5
    """
    return read_partnership(find_shipped("partnerships", "derby-2009"))


def read_partnership(folder: str | Path, framework: Framework | str | Path | None = None) -> Partnership:
    """Read the tables of a city from a folder and check them against one another.

    Parameters
    ----------
    folder : str or Path
        Holds ``partnership.yaml``, ``boards.csv``, ``strategies.csv``, ``priorities.csv`` and, if there are any,
        ``decisions.csv``, ``names.csv``, ``passages.csv``, ``links.csv`` and ``recommendations.csv``.
    framework : Framework, str or Path, optional
        The framework to map against instead of the one that ``partnership.yaml`` names.

    Raises
    ------
    DataError
        With every problem found: file, line, column, what was found, what would be right, the nearest match. Tables
        are checked against one another once each can be read by itself.
    """
    home = Path(folder)
    if not home.is_dir():
        known = list_shipped("partnerships")
        message = "a folder with partnership.yaml, boards.csv, strategies.csv and priorities.csv is expected."
        raise DataError([Problem(str(folder), f"{message}{nearest(str(folder), known)}")])
    problems: list[Problem] = []
    warnings: list[Problem] = []
    info: dict[str, str] = {}
    chosen: Framework | None = None
    try:
        info = read_yaml(home / "partnership.yaml", PARTNERSHIP, needed=("id", "name", "framework"))
    except DataError as error:
        problems.extend(error.problems)
    tables = _read_tables(home, problems, warnings)
    cross_check(tables, problems, warnings)
    try:
        if info:
            chosen = _find_framework(framework if framework is not None else info["framework"], home, framework is None)
    except DataError as error:
        problems.extend(error.problems)
    if chosen is not None and "decisions" in tables:
        problems.extend(find_unknown_themes(tables["decisions"], chosen))
    if problems or chosen is None:
        raise DataError(problems)
    warnings.extend(chosen.warnings)
    boards, strategies, priorities, decisions = (tables[name] for name in _NEEDED)
    warnings.extend(note_decisions(decisions, priorities, chosen))
    owner = dict(zip(strategies["strategy"], strategies["board"], strict=True))
    priorities.insert(1, "board", priorities["strategy"].map(owner))
    own = {name: tables[name] for name in ("names", "passages", "links", "recommendations")}
    return Partnership(info, boards, strategies, priorities, decisions, chosen, tuple(warnings), **own)


_NEEDED = ("boards", "strategies", "priorities", "decisions")
# For each table, the column whose values may not repeat; and the tables that must be there.
_KEYS = {
    "boards": "board", "strategies": "strategy", "priorities": "priority", "names": "name", "passages": "passage",
    "recommendations": "recommendation",
}  # fmt: skip
_MUST = ("boards", "strategies", "priorities")


def _read_tables(home: Path, problems: list[Problem], warnings: list[Problem]) -> dict[str, pd.DataFrame]:
    """Return the tables that can be read by themselves; what is wrong or odd is added to the two lists."""
    tables = {}
    for name, columns in TABLES.items():
        path = home / f"{name}.csv"
        if name not in (*_MUST, "decisions") and not path.exists():
            tables[name] = _make_empty(columns)
            continue
        try:
            found = read_decisions(home) if name == "decisions" else read_table(path, columns, _KEYS.get(name, ""))
            tables[name], odd = found
        except DataError as error:
            problems.extend(error.problems)
            continue
        warnings.extend(odd)
    return tables


def _find_framework(framework: Framework | str | Path, home: Path, named_in_file: bool) -> Framework:
    if isinstance(framework, Framework):
        return framework
    beside = home / str(framework)
    if (beside / "framework.yaml").is_file():
        return read_framework(beside)
    known = list_shipped("frameworks")
    if named_in_file and str(framework) not in known and not Path(framework).is_dir():
        message = f"'{framework}' is neither a shipped framework nor a folder beside this file with a framework.yaml."
        message += nearest(str(framework), known)
        raise DataError([Problem("partnership.yaml", message, column="framework")])
    return read_framework(framework)
