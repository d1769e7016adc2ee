"""The tables of one city, held together and checked against one another: boards, strategies, priorities, decisions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from mapping.decisions import find_unknown_themes
from mapping.errors import DataError, Problem, nearest
from mapping.files import find_shipped, list_shipped
from mapping.framework import Framework, read_framework
from mapping.schema import BOARDS, DECISIONS, PARTNERSHIP, PRIORITIES, STRATEGIES
from mapping.tables import each_row, fold, read_table, read_yaml

__all__ = ["Partnership", "load_derby", "load_derby_2009", "read_partnership"]


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
    """

    info: dict[str, str]
    boards: pd.DataFrame
    strategies: pd.DataFrame
    priorities: pd.DataFrame
    decisions: pd.DataFrame
    framework: Framework
    warnings: tuple[Problem, ...] = ()

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
        ``decisions.csv``.
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

    def gather(read: Callable[[], tuple[pd.DataFrame, list[Problem]]]) -> pd.DataFrame | None:
        try:
            table, odd = read()
        except DataError as error:
            problems.extend(error.problems)
            return None
        warnings.extend(odd)
        return table

    info: dict[str, str] = {}
    try:
        info = read_yaml(home / "partnership.yaml", PARTNERSHIP, needed=("id", "name", "framework"))
    except DataError as error:
        problems.extend(error.problems)
    boards = gather(lambda: read_table(home / "boards.csv", BOARDS, "board"))
    strategies = gather(lambda: read_table(home / "strategies.csv", STRATEGIES, "strategy"))
    priorities = gather(lambda: read_table(home / "priorities.csv", PRIORITIES, "priority"))
    decisions = gather(lambda: _read_decisions(home / "decisions.csv"))
    if boards is not None:
        problems.extend(_check_boards(boards))
    if decisions is not None:
        problems.extend(_check_times(decisions))
    if boards is not None and strategies is not None:
        problems.extend(_check_strategies(strategies, boards))
    if strategies is not None and priorities is not None:
        found, odd = _check_priorities(priorities, strategies)
        problems.extend(found)
        warnings.extend(odd)
    chosen: Framework | None = None
    if info:
        try:
            chosen = _find_framework(framework if framework is not None else info["framework"], home, framework is None)
        except DataError as error:
            problems.extend(error.problems)
    if chosen is not None and decisions is not None:
        problems.extend(find_unknown_themes(decisions, chosen))
    if problems or boards is None or strategies is None or priorities is None or decisions is None or chosen is None:
        raise DataError(problems)
    warnings.extend(chosen.warnings)
    warnings.extend(_note_decisions(decisions, priorities, chosen))
    owner = dict(zip(strategies["strategy"], strategies["board"], strict=True))
    priorities.insert(1, "board", priorities["strategy"].map(owner))
    return Partnership(info, boards, strategies, priorities, decisions, chosen, tuple(warnings))


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


def _read_decisions(path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    if not path.exists():
        return pd.DataFrame(columns=[*(column.name for column in DECISIONS), "line"]), []
    return read_table(path, DECISIONS)


# --- cross-checks ------------------------------------------------------------------------------------------


def _check_boards(boards: pd.DataFrame) -> list[Problem]:
    file = "boards.csv"
    if boards.empty:
        return [Problem(file, "holds no board; at least one row is expected.")]
    problems = _find_shared_names(
        file, ((row.line, row.board, [row.name, *split_aliases(row.aliases)]) for row in each_row(boards)), "boards"
    )
    for column in ("short", "tiny"):
        problems += _find_shared_names(
            file, ((r.line, r.board, [getattr(r, column)]) for r in each_row(boards)), "boards"
        )
    if not (boards["in_matrix"] == "yes").any():
        problems.append(Problem(file, "no board stands in the matrix; write yes for at least one.", column="in_matrix"))
    return problems


def _find_shared_names(file: str, named: Iterable[tuple[int, str, list[str]]], kind: str) -> list[Problem]:
    owner: dict[str, tuple[str, int]] = {}
    problems = []
    for line, code, names in named:
        for name in names:
            other, first = owner.setdefault(fold(name), (code, line))
            if other != code:
                message = f"two {kind}, '{other}' (line {first}) and '{code}', have one name: '{name}'."
                problems.append(Problem(file, f"{message} Give each a name of its own.", line))
    return problems


def _check_strategies(strategies: pd.DataFrame, boards: pd.DataFrame) -> list[Problem]:
    file, problems = "strategies.csv", []
    known = list(boards["board"])
    for row in each_row(strategies):
        if row.board not in known:
            message = f"board '{row.board}' is not known.{nearest(row.board, known)}"
            problems.append(Problem(file, message, row.line, "board"))
        for column in ("in_force_from", "in_force_to"):
            value = getattr(row, column)
            if value and not is_date(value):
                message = f"'{value}' is not a date; write 2019, 2019-01 or 2019-01-28, or leave it empty."
                problems.append(Problem(file, message, row.line, column))
        begins, ends = row.in_force_from, row.in_force_to
        if is_date(begins) and is_date(ends) and begins[: len(ends)] > ends[: len(begins)]:
            message = f"'{row.in_force_to}' is before the first day in force, '{row.in_force_from}'."
            problems.append(Problem(file, message, row.line, "in_force_to"))
    return problems


def _check_priorities(priorities: pd.DataFrame, strategies: pd.DataFrame) -> tuple[list[Problem], list[Problem]]:
    file, problems, warnings = "priorities.csv", [], []
    known = list(strategies["strategy"])
    not_read = set(strategies.loc[strategies["read"] == "no", "strategy"])
    ids = list(dict.fromkeys(priorities["priority"]))
    known_ids = set(ids)
    for row in each_row(priorities):
        if row.strategy not in known:
            message = f"strategy '{row.strategy}' is not known.{nearest(row.strategy, known)}"
            problems.append(Problem(file, message, row.line, "strategy"))
        if row.strategy in not_read:
            message = f"strategy '{row.strategy}' is marked as not read in strategies.csv, yet has this priority; "
            problems.append(Problem(file, message + "write yes there or move the row.", row.line, "strategy"))
        if row.parent and row.parent not in known_ids:
            message = f"parent '{row.parent}' is not known.{nearest(row.parent, ids)}"
            problems.append(Problem(file, message, row.line, "parent"))
        if len(row.text) > 5_000:
            message = f"'{row.priority}' has {len(row.text):,} characters; a priority is usually a sentence or two."
            warnings.append(Problem(file, message, row.line, "text"))
    problems += _find_cycles(priorities)
    with_rows = set(priorities["strategy"])
    for row in each_row(strategies):
        if row.read == "yes" and row.strategy not in with_rows:
            message = f"strategy '{row.strategy}' is marked as read but has no priorities."
            warnings.append(Problem("strategies.csv", message, row.line))
    return problems, warnings


def _check_times(decisions: pd.DataFrame) -> list[Problem]:
    # The last decision of a reviewer counts, so times must sort as text: 14/01/2019 would not.
    return [
        Problem(
            "decisions.csv",
            f"'{row.time}' is not a time; write 2019-01-14 or 2019-01-14T10:30, or leave it empty.",
            row.line,
            "time",
        )
        for row in each_row(decisions)
        if row.time and not _is_time(row.time)
    ]


def _is_time(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return is_date(value)
    return re.match(r"\d{4}-\d{2}-\d{2}", value) is not None


def _note_decisions(decisions: pd.DataFrame, priorities: pd.DataFrame, framework: Framework) -> list[Problem]:
    """Note the decisions that will not be applied: they are kept, and each run lists them."""
    words = {row.priority: fold(row.text) for row in each_row(priorities)}
    frameworks = {framework.id, *list_shipped("frameworks")}
    notes = []
    for row in each_row(decisions):
        if row.framework not in frameworks:
            message = (
                f"framework '{row.framework}' is not known, so it is not applied.{nearest(row.framework, frameworks)}"
            )
            notes.append(Problem("decisions.csv", message, row.line, "framework"))
        elif row.priority not in words:
            message = f"priority '{row.priority}' is not in priorities.csv, so it is not applied."
            notes.append(Problem("decisions.csv", message + nearest(row.priority, words), row.line, "priority"))
        elif fold(row.words) != words[row.priority]:
            message = f"the words of '{row.priority}' have changed since they were judged: check again."
            notes.append(Problem("decisions.csv", message, row.line, "words"))
    return notes


def _find_cycles(priorities: pd.DataFrame) -> list[Problem]:
    parent = dict(zip(priorities["priority"], priorities["parent"], strict=True))
    line = dict(zip(priorities["priority"], priorities["line"], strict=True))
    problems: list[Problem] = []
    settled: set[str] = set()
    for start in parent:
        path: list[str] = []
        at = start
        while at and at in parent and at not in settled and at not in path:
            path.append(at)
            at = parent[at]
        if at in path:
            circle = " > ".join([*path[path.index(at) :], at])
            message = f"the parents go round in a circle: {circle}. Leave one of them without a parent."
            problems.append(Problem("priorities.csv", message, line[at], "parent"))
        settled.update(path)
    return problems


def split_aliases(cell: str) -> list[str]:
    """Return the names in an ``aliases`` cell."""
    return [name.strip() for name in cell.split("|") if name.strip()]


def is_date(value: str) -> bool:
    """Return whether a cell is a year, a month or a day that exists: 2019, 2019-01, 2019-01-28."""
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value):
        return False
    try:
        pd.Timestamp(value)
    except ValueError:
        return False
    return True
