"""Whether the tables of a city agree with one another: every code known, no circle, no name twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

import pandas as pd

from mapping.decisions import settle_decisions
from mapping.errors import Problem, nearest
from mapping.files import list_shipped
from mapping.framework import Framework
from mapping.tables import each_row, fold

__all__ = ["cross_check", "is_date", "note_decisions", "split_aliases", "squeeze"]


def cross_check(tables: dict[str, pd.DataFrame], problems: list[Problem], warnings: list[Problem]) -> None:
    """Check the tables of a city against one another, as far as they could be read.

    Parameters
    ----------
    tables : dict of DataFrame
        By name, as ``data/README.md`` describes them; those that could not be read are missing.
    problems, warnings : list of Problem
        Take what is wrong, and what is odd but usable.
    """
    checks: list[tuple[tuple[str, ...], Callable[..., tuple[list[Problem], list[Problem]]]]] = [
        (("boards",), lambda boards: (_check_boards(boards), [])),
        (("decisions",), lambda decisions: (_check_times(decisions, "decisions.csv"), [])),
        (("boards", "strategies"), lambda boards, strategies: (_check_strategies(strategies, boards), [])),
        (("priorities", "strategies"), _check_priorities),
        (("boards", "strategies", "names"), _check_names),
        (("boards", "strategies", "priorities", "passages"), _check_passages),
        (("boards", "links"), _check_links),
        (("boards", "recommendations"), _check_recommendations),
    ]
    for needed, check in checks:
        if all(name in tables for name in needed):
            found, odd = check(*(tables[name] for name in needed))
            problems.extend(found)
            warnings.extend(odd)


def _find_unknown(file: str, row: Any, column: str, known: Collection[str]) -> list[Problem]:
    """Return a problem when a cell names something that no table holds; an empty cell names nothing."""
    code = getattr(row, column)
    if not code or code in known:
        return []
    message = f"{column.removeprefix('from_').removeprefix('to_')} '{code}' is not known.{nearest(code, known)}"
    return [Problem(file, message, row.line, column)]


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
        problems += _find_unknown(file, row, "board", known)
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
    ids = dict.fromkeys(priorities["priority"])
    for row in each_row(priorities):
        problems += _find_unknown(file, row, "strategy", known)
        if row.strategy in not_read:
            message = f"strategy '{row.strategy}' is marked as not read in strategies.csv, yet has this priority; "
            problems.append(Problem(file, message + "write yes there or move the row.", row.line, "strategy"))
        problems += _find_unknown(file, row, "parent", ids)
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


def _check_times(decisions: pd.DataFrame, file: str) -> list[Problem]:
    # The last decision of a reviewer counts, so times must sort as text: 14/01/2019 would not.
    return [
        Problem(
            getattr(row, "file", file),
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


def _check_names(
    boards: pd.DataFrame, strategies: pd.DataFrame, names: pd.DataFrame
) -> tuple[list[Problem], list[Problem]]:
    """Check that every name points to one owner: a board, or a partner of no board."""
    file, problems, warnings = "names.csv", [], []
    known = list(boards["board"])
    owners: dict[str, tuple[str, str]] = {}
    for row in each_row(boards):
        for name in [row.name, *split_aliases(row.aliases)]:
            owners.setdefault(squeeze(name), (row.board, f"boards.csv, line {row.line}"))
    for row in each_row(strategies[strategies["standing"] != "stand-in"]):
        for name in [row.name, *split_aliases(row.aliases)]:
            owner, place = owners.setdefault(squeeze(name), (row.board, f"strategies.csv, line {row.line}"))
            if owner != row.board:
                message = f"'{name}' also belongs to board '{owner}' ({place}); a text that has it names neither."
                warnings.append(Problem("strategies.csv", message, row.line))
    for row in each_row(names):
        problems += _find_unknown(file, row, "board", known)
        if not row.board and row.kind != "partner":
            message = f"a {row.kind} belongs to a board; write its code, or make '{row.name}' a partner."
            problems.append(Problem(file, message, row.line, "board"))
        for name in [row.name, *split_aliases(row.aliases)]:
            owner, place = owners.setdefault(squeeze(name), (row.board or row.name, f"line {row.line}"))
            if owner != (row.board or row.name):
                whose = f"board '{owner}'" if owner in known else f"'{owner}'"
                message = f"'{name}' already belongs to {whose} ({place}); a name points to one board or partner."
                problems.append(Problem(file, message, row.line))
            if not squeeze(name):
                problems.append(Problem(file, f"'{name}' holds no letter and no number, so no text has it.", row.line))
    return problems, warnings


def _check_passages(
    boards: pd.DataFrame, strategies: pd.DataFrame, priorities: pd.DataFrame, passages: pd.DataFrame
) -> tuple[list[Problem], list[Problem]]:
    file, problems = "passages.csv", []
    known = list(boards["board"])
    owner = dict(zip(strategies["strategy"], strategies["board"], strict=True))
    taken = dict(zip(priorities["priority"].str.casefold(), priorities["line"], strict=True))
    for row in each_row(passages):
        problems += _find_unknown(file, row, "board", known)
        problems += _find_unknown(file, row, "strategy", owner)
        if row.board in known and owner.get(row.strategy, row.board) != row.board:
            message = f"strategy '{row.strategy}' belongs to board '{owner[row.strategy]}', not to '{row.board}'."
            problems.append(Problem(file, message, row.line, "strategy"))
        if row.passage.casefold() in taken:
            message = f"'{row.passage}' is a priority (priorities.csv, line {taken[row.passage.casefold()]}); "
            problems.append(Problem(file, message + "give the passage an id of its own.", row.line, "passage"))
    return problems, []


def _check_links(boards: pd.DataFrame, links: pd.DataFrame) -> tuple[list[Problem], list[Problem]]:
    file, problems = "links.csv", _check_times(links, "links.csv")
    known = list(boards["board"])
    for row in each_row(links):
        problems += _find_unknown(file, row, "from_board", known) + _find_unknown(file, row, "to_board", known)
        if row.from_board == row.to_board:
            message = f"links board '{row.from_board}' to itself; a link stands between two boards."
            problems.append(Problem(file, message, row.line, "to_board"))
    return problems, []


def _check_recommendations(boards: pd.DataFrame, recommendations: pd.DataFrame) -> tuple[list[Problem], list[Problem]]:
    known = list(boards["board"])
    rows = each_row(recommendations)
    return [problem for row in rows for problem in _find_unknown("recommendations.csv", row, "board", known)], []


def note_decisions(decisions: pd.DataFrame, priorities: pd.DataFrame, framework: Framework) -> list[Problem]:
    """Note the decisions that will not be applied: they are kept, and each run lists them."""
    frameworks = {framework.id, *list_shipped("frameworks")}
    notes = []
    for row in each_row(settle_decisions(decisions, priorities, framework)):
        if row.framework not in frameworks:
            message = (
                f"framework '{row.framework}' is not known, so it is not applied.{nearest(row.framework, frameworks)}"
            )
            notes.append(Problem(row.file, message, row.line, "framework"))
        elif row.outcome == "orphaned":
            hint = nearest(row.priority, priorities["priority"])
            message = f"priority '{row.priority}' is not in priorities.csv, so it is not applied.{hint}"
            notes.append(Problem(row.file, message, row.line, "priority"))
        elif row.outcome == "check again":
            message = f"the words of '{row.priority}' have changed since they were judged: check again."
            if row.look_at != row.priority:
                message = f"what was judged as '{row.priority}' now stands as '{row.look_at}': check again."
            notes.append(Problem(row.file, message, row.line, "words"))
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


def squeeze(name: str) -> str:
    """Return a name as names are compared: case, spaces, punctuation, hyphens and "&" folded.

    Examples
    --------
    >>> squeeze("Health & Well-being Board") == squeeze("Health and Wellbeing Board")
    True
    """
    return re.sub(r"\W", "", fold(name).replace("&", "and"))


def is_date(value: str) -> bool:
    """Return whether a cell is a year, a month or a day that exists: 2019, 2019-01, 2019-01-28."""
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value):
        return False
    try:
        pd.Timestamp(value)
    except ValueError:
        return False
    return True
