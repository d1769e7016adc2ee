"""What may not be subtracted is set side by side: the numbers and the shares of each, and no differences."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from mapping.cells import count_boards
from mapping.editions.matching import map_boards
from mapping.errors import MappingError, UnknownNameError
from mapping.tables import each_row
from mapping.tags import Run

__all__ = ["select_strategy", "set_beside"]

#: The row that counts priorities with at least one theme.
ANY = "any theme"


def set_beside(first: Run, second: Run, *, by: str = "theme") -> pd.DataFrame:
    """Set two runs side by side: numbers and shares of each, without differences.

    For what is no edition of one document: two partnerships, two documents of one city. Their numbers answer
    different questions, so none is taken from the other.

    Parameters
    ----------
    first, second : Run
        Tagged against the same themes.
    by : {"theme", "board"}
        One row per theme; or per board as well. The second run's boards stand beside those that they follow, which is
        our inference; a board without a counterpart stands alone.

    Returns
    -------
    DataFrame
        One row per theme, in the agreed order, and last for priorities with at least one theme: ``theme``; and of each
        run, ``name``, ``tagged`` (counted priorities), ``priorities`` and ``share`` (tagged / priorities, 0 to 1,
        missing without priorities), the columns ending in ``_first`` and ``_second``. By board: ``board_first``,
        ``board_second`` before them, and ``reading``, whether the board's named strategies were read: where they were
        not, a nought says nothing.

    Examples
    --------
    >>> from mapping import load_derby, load_derby_2009, tag
    >>> table = set_beside(tag(load_derby_2009()), tag(load_derby()))
    >>> print(table[["tagged_first", "priorities_first", "tagged_second", "priorities_second"]].head(1).to_string())
       tagged_first  priorities_first  tagged_second  priorities_second
    0             4                77              2                 88
    """
    if by not in ("theme", "board"):
        raise UnknownNameError("Order", by, ("theme", "board"))
    if first.framework.theme_ids != second.framework.theme_ids:
        raise MappingError(
            f"The runs have different themes ({first.framework.name}; {second.framework.name}). "
            "Tag both against one framework first."
        )
    if by == "theme":
        pairs: list[tuple[str, str]] = [("", "")]
    else:
        codes = _follow(first, second)
        pairs = [(codes[board], board) for board in second.boards["board"]]
        pairs += [(board, "") for board in first.boards["board"] if board not in codes.values()]
    rows = []
    for pair in pairs:
        for theme in [*first.framework.theme_ids, ANY]:
            sides = [
                _count(run, theme, board, by) for run, board in zip((first, second), pair, strict=True)
            ]  # fmt: skip
            rows.append((*pair, theme, *sides[0], *sides[1]))
    ends = ("first", "second")
    columns = [f"{name}_{end}" for end in ends for name in ("name", "tagged", "priorities", "share", "reading")]
    table = pd.DataFrame(rows, columns=["board_first", "board_second", "theme", *columns])
    return table if by == "board" else table.drop(columns=[name for name in table if _is_of_board(str(name))])


def _is_of_board(column: str) -> bool:
    return column.startswith(("board_", "reading_"))


def select_strategy(run: Run, strategy: str) -> Run:
    """Return a run with the priorities of one strategy alone, to set beside another document.

    Parameters
    ----------
    run : Run
    strategy : str
        Its code; a neighbouring document is there only in a run with ``neighbours=True``.
    """
    known = list(dict.fromkeys(run.priorities["strategy"]))
    if strategy not in known:
        raise UnknownNameError("Strategy", strategy, known)
    tables = run.partnership
    row = tables.strategies[tables.strategies["strategy"] == strategy]
    name = str(row["name"].iloc[0])
    info = {**tables.info, "name": name, "edition": str(row["edition"].iloc[0]) if "edition" in row else ""}
    own = set(run.priorities.loc[run.priorities["strategy"] == strategy, "priority"])
    priorities, tags, decisions = (
        table[table["priority"].isin(own)].reset_index(drop=True) for table in (run.priorities, run.tags, run.decisions)
    )
    partnership = replace(tables, info=info, strategies=row.reset_index(drop=True))
    return replace(run, partnership=partnership, priorities=priorities, tags=tags, decisions=decisions)


def _follow(first: Run, second: Run) -> dict[str, str]:
    """Return for each board of the second run the board of the first that it follows, or nothing."""
    known, codes = set(first.boards["board"]), map_boards(first, second)
    return {board: codes[board] if codes[board] in known else "" for board in second.boards["board"]}


def _count(run: Run, theme: str, board: str, by: str) -> tuple[str, int, int, float, str]:
    """Return name, tagged, priorities, share and reading of a run, or of one of its boards."""
    counted, tags = run.priorities[run.priorities["counted"]], run.standing_tags
    name, reading = run.partnership.name, ""
    if by == "board":
        counted, tags = counted[counted["board"] == board], tags[tags["board"] == board]
        rows = {row.board: row for row in each_row(count_boards(run))}
        name, reading = (rows[board].name, rows[board].reading) if board else ("", "")
    own = tags if theme == ANY else tags[tags["theme"] == theme]
    tagged, total = int(own["priority"].nunique()), len(counted)
    return name, tagged, total, tagged / total if total else float("nan"), reading
