"""From a draft of priorities to the tables of a city: boards and strategies come from the draft, nothing is retyped."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.csv_format import write_table
from mapping.errors import OutputError
from mapping.files import find_shipped
from mapping.schema import BOARDS, PRIORITIES, STRATEGIES
from mapping.sources.boards import UNKNOWN
from mapping.sources.naming import NO_CODE, make_code
from mapping.starter import check_empty, write_tables
from mapping.tables import Column, each_row, fold, read_table

__all__ = ["read_draft", "write_city"]

#: The file that takes what cannot stand in priorities.csv yet.
LEFT = "left-aside.csv"
_LEVELS = next(column.allowed for column in PRIORITIES if column.name == "level")
_DRAFT = (
    *(
        replace(column, allowed=(*_LEVELS, "reported activity")) if column.name == "level"
        else replace(column, needed=False) if column.name == "strategy" else column
        for column in PRIORITIES
    ),
    Column("board", "whose it is: a board's code or name, or 'board unknown'"),
    Column("file", "the document it was drafted from", optional=True),
)  # fmt: skip
# Bodies that an Act requires, by words of their names; a person checks them.
_STATUTORY = (
    ("health and wellbeing board", "Health and Social Care Act 2012"),
    ("safeguarding adults board", "Care Act 2014"),
    ("safeguarding children partnership", "Children Act 2004"),
    ("community safety partnership", "Crime and Disorder Act 1998"),
    ("integrated care board", "Health and Care Act 2022"),
    ("integrated care partnership", "Health and Care Act 2022"),
    ("schools forum", "School Standards and Framework Act 1998"),
)
_YEARS = re.compile(r"\b(20\d\d)(?:\s*(?:[-–/]|to)\s*((?:20)?\d\d))?\b")
_LONGEST_SHORT, _LONGEST_TINY = 12, 8


def read_draft(path: str | Path) -> pd.DataFrame:
    """Read a draft of priorities, as ``mapping extract`` wrote it and a person has edited it.

    Parameters
    ----------
    path : str or Path
        A CSV file: the columns of priorities.csv, ``board`` and ``file``; others are passed over.

    Returns
    -------
    DataFrame
        One row per draft priority, all text, with ``line``, where it stands in the file.

    Raises
    ------
    DataError
        With every problem found, each with line, column, what was found and what would be right.
    """
    return read_table(path, _DRAFT, key="priority")[0]


def write_city(
    draft: pd.DataFrame,
    folder: str | Path,
    *,
    name: str = "",
    place: str = "",
    framework: str = "closing-the-gap",
) -> list[Path]:
    """Write the tables of a city from a draft of its priorities.

    Parameters
    ----------
    draft : DataFrame
        One row per draft priority, as ``find_priorities`` or ``read_draft`` gives it. Fill in ``board`` where it is
        unknown, by code or by name, and delete what is no priority, before.
    folder : str or Path
        A new or empty folder.
    name, place : str
        The partnership as reports print it, and the city or area; to be written into partnership.yaml later if empty.
    framework : str
        The shipped framework to map against; partnership.yaml can name another one later.

    Returns
    -------
    list of Path
        The files. ``boards.csv`` has one row per board that the draft names; ``strategies.csv`` one per board and
        strategy, or per board and document where the draft says no strategy: such a document counts as a stand-in
        until a person says that it is the board's own strategy. Rows without a board, and reported activity, stand in
        ``left-aside.csv``, where there are any.

    Raises
    ------
    OutputError
        When the folder already holds something, or no row of the draft says whose it is; nothing is written.
    UnknownNameError
        When no framework has that name.

    Examples
    --------
    >>> import tempfile, mapping as mp
    >>> draft = mp.extract(mp.load_papers()).priorities
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_city(draft, f"{folder}/millbrook", name="Millbrook Partnership", place="Millbrook")
    ...     city = mp.read_partnership(f"{folder}/millbrook")
    >>> city.boards["board"].tolist()
    ['SCB', 'MHWB']
    """
    home = Path(folder)
    check_empty(home)
    find_shipped("frameworks", framework)
    why = [_leave(row) for row in each_row(draft)]
    left = draft[[bool(reason) for reason in why]].drop(columns="line", errors="ignore")
    placed = draft[[not reason for reason in why]]
    if placed.empty:
        raise OutputError(
            f"none of the {len(draft)} rows of the draft says whose it is; nothing was written. Fill in the column "
            "board, with the name of a board or its code."
        )
    boards, board_rows = _list_boards(placed, place)
    strategies, strategy_rows = _list_strategies(placed, boards)
    info = {
        "id": re.sub(r"[^a-z0-9]+", "-", (place or "my city").casefold()).strip("-") or "my-city",
        "name": name or f"{place or 'My City'} Partnership", "place": place or "My City", "edition": "draft",
        "framework": framework, "about": "Drafted by the machine from documents, and read by people.",
    }  # fmt: skip
    tables = {
        "boards": pd.DataFrame(board_rows),
        "strategies": pd.DataFrame(strategy_rows),
        "priorities": pd.DataFrame(_list_priorities(placed, boards, strategies)),
    }
    files = write_tables(home, info, tables)
    if len(left):
        left = left.assign(why=[reason for reason in why if reason])
        files.append(write_table(home / LEFT, left))
    return files


def _leave(row: Any) -> str:
    """Say why a row cannot stand in priorities.csv; nothing if it can."""
    if row.board.strip() in ("", UNKNOWN):
        return "its board is not known"
    return "" if row.level in _LEVELS else f"{row.level} is no priority: restate it, or delete it"


# --- boards ------------------------------------------------------------------------------------------------


def _list_boards(placed: pd.DataFrame, place: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the code of each board by its folded name, and the rows of boards.csv.

    A board that is written by its code and by its name, or with and without the place before it, is one board. It goes
    by its shortest name, and by the code that the ids of its rows begin with, where that is made from its name.
    """
    groups: dict[str, list[str]] = {}
    for name in dict.fromkeys(placed["board"].str.strip()):
        groups.setdefault(_drop_place(fold(name), place), []).append(name)
    begun = Counter(str(priority).rpartition("-")[0] for priority in placed["priority"])
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    for key, written in sorted(groups.items(), key=lambda group: _is_code(group[1][0])):
        name = min(written, key=len)
        if _is_code(name) and name in names:
            code = name
        else:
            wanted = [make_code(one, ()) for one in (*written, key.title())]
            best = max(wanted, key=lambda one: begun[one])
            code = best if begun[best] and best not in names else make_code(name, set(names))
        names.setdefault(code, name)
        codes |= dict.fromkeys(map(fold, written), code)
    return codes, [_describe_board(code, name, place) for code, name in names.items()]


def _drop_place(name: str, place: str) -> str:
    """Return a folded name without the place before or after it: "millbrook safer communities board"."""
    own = re.escape(fold(place))
    return re.sub(rf"^{own} (?=\w+ \w)|(?<=\w \w) (?:of|for) {own}$", "", name) if own else name


def _is_code(name: str) -> bool:
    return re.fullmatch(r"[A-Z][A-Z0-9]{1,7}", name) is not None


def _describe_board(code: str, name: str, place: str) -> dict[str, str]:
    words = fold(name).replace("&", "and").replace("well being", "wellbeing")
    act = next((act for body, act in _STATUTORY if body in words), "")
    law = f"Taken from its name as required by the {act}" if act else "Not known to be required by law"
    short = re.sub(r"\s+(?:Board|Partnership|Committee|Panel|Forum|Alliance)$", "", name)
    if len(short) > _LONGEST_SHORT or fold(short) == fold(place):
        short = code[:_LONGEST_SHORT]
    return _fill(
        BOARDS,
        board=code, name=name, short=short,
        tiny=code[:_LONGEST_TINY], statutory="yes" if act else "no", in_matrix="yes",
        note=f"Drafted from its name: check every cell. {law}.",
    )  # fmt: skip


def _fill(columns: Sequence[Column], **cells: str) -> dict[str, str]:
    """Return a row with these cells, and empty ones in the other columns."""
    return {column.name: cells.get(column.name, "") for column in columns}


# --- strategies --------------------------------------------------------------------------------------------


def _find_strategy(row: Any, codes: Mapping[str, str]) -> tuple[str, str, str]:
    """Return what a row's strategy is known by: its board, and its name or else its document."""
    given = row.strategy.strip()
    return codes[fold(row.board)], given, "" if given else _find_paper(row)


def _find_paper(row: Any) -> str:
    return getattr(row, "file", "") or row.document or row.source_title


def _list_strategies(
    placed: pd.DataFrame, boards: Mapping[str, str]
) -> tuple[dict[tuple[str, str, str], str], list[dict[str, str]]]:
    """Return the code of each strategy, and the rows of strategies.csv."""
    codes: dict[tuple[str, str, str], str] = {}
    rows = []
    for row in each_row(placed):
        key = board, given, paper = _find_strategy(row, boards)
        if key in codes:
            continue
        title = row.document or row.source_title or paper
        name = title if not given or _is_short(given) else given
        wanted = given if _is_short(given) else f"{board}-PAPER" if paper else make_code(given, set(codes.values()))
        codes[key] = _number(wanted, set(codes.values()))
        doubt = " If it is the board's own strategy, write named in the column standing." if paper else ""
        years = _YEARS.search(name)
        rows.append(_fill(
            STRATEGIES,
            strategy=codes[key], board=board, name=name, edition=years.group() if years else "",
            standing="stand-in" if paper else "named", read="yes", note=f"Drafted from {_find_paper(row)}.{doubt}",
            source_title=row.source_title, source_address=row.source_address,
        ))  # fmt: skip
    return codes, rows


def _is_short(given: str) -> bool:
    """Say whether a strategy is given by a code, not by its title."""
    return re.fullmatch(r"[A-Z0-9-]{1,15}", given) is not None


def _number(code: str, taken: set[str]) -> str:
    """Return a code, with a number where it is taken."""
    numbered = (code if count == 1 else f"{code}{count}" for count in itertools.count(1))
    return next(one for one in numbered if one not in taken)


# --- priorities --------------------------------------------------------------------------------------------


def _list_priorities(
    placed: pd.DataFrame, boards: Mapping[str, str], strategies: Mapping[tuple[str, str, str], str]
) -> list[dict[str, str]]:
    """Return the rows of priorities.csv; an id that says that the board is unknown gives way to one of the board."""
    ids: dict[str, str] = {}
    taken = set(placed["priority"])
    for row in each_row(placed):
        ids[row.priority] = row.priority
        if row.priority.startswith(f"{NO_CODE}-"):
            numbered = (f"{boards[fold(row.board)]}-{count:02}" for count in itertools.count(1))
            ids[row.priority] = next(one for one in numbered if one not in taken)
            taken.add(ids[row.priority])
    cells = ({column.name: str(getattr(row, column.name, "")) for column in PRIORITIES} for row in each_row(placed))
    return [
        kept | {
            "priority": ids[row.priority], "strategy": strategies[_find_strategy(row, boards)],
            "parent": ids.get(row.parent, ""),
        }
        for kept, row in zip(cells, each_row(placed), strict=True)
    ]  # fmt: skip
