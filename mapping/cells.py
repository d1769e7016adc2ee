"""The one table of cells, board by theme, that every figure, sheet and page reads; with its margins."""

from __future__ import annotations

import pandas as pd

from mapping.decisions import CONFIRMED
from mapping.tables import each_row
from mapping.tags import Run, once_per_run, select_in_force

__all__ = ["choose_word", "count_boards", "count_cells", "count_themes", "describe_state", "find_own", "list_stand_in"]

STATES = ("tagged", "stand-in", "none", "not read", "not scored", "empty")
_STATE_WORDS = {
    "tagged": "tagged",
    "stand-in": "from stand-in documents only",
    "none": "none in the text that was read",
    "not read": "not read",
    "not scored": "no text could be scored",
    "empty": "no priorities in the data",
}


def describe_state(state: str) -> str:
    """Return the state of a cell in words.

    Examples
    --------
    >>> describe_state("stand-in")
    'from stand-in documents only'
    """
    return _STATE_WORDS[state]


@once_per_run
def count_cells(run: Run) -> pd.DataFrame:
    """Count the priorities behind every cell of the matrix of boards and themes.

    Returns
    -------
    DataFrame
        One row per board and theme, in their agreed orders: ``board``, ``theme``; ``tagged``, the counted priorities
        whose tag stands, of which ``confirmed`` by a person and ``suggested`` only; ``stand_in``, how many of them
        come from another document than the board's own strategy; ``priorities``, the board's counted priorities;
        ``share``, tagged / priorities (missing without priorities); ``state``:

        - *tagged*: at least one comes from a named strategy that was read;
        - *stand-in*: there are some, all from stand-in documents;
        - *none*: no tag, and every named strategy of the board was read;
        - *not read*: no tag, but a named strategy of the board was not read, so nothing can be said;
        - *not scored*: no tag, and none of the board's texts could be scored (too short, or another language);
        - *empty*: no tag and no priorities, though nothing is marked as not read.

    Notes
    -----
    A priority counts once per theme, so a board's cells may add up to more than its priorities.
    """
    boards = count_boards(run).set_index("board")
    tags = run.standing_tags
    own = dict(zip(run.priorities["priority"], find_own(run), strict=True))
    tags = tags.assign(
        confirmed=tags["status"].isin(CONFIRMED).astype(int),
        stand_in=[int(not own[priority]) for priority in tags["priority"]],
        tagged=1,
    )
    index = pd.MultiIndex.from_product([list(boards.index), run.framework.theme_ids], names=["board", "theme"])
    cells = tags.groupby(["board", "theme"])[["tagged", "confirmed", "stand_in"]].sum().reindex(index, fill_value=0)
    cells = cells.astype(int).reset_index()
    cells.insert(4, "suggested", cells["tagged"] - cells["confirmed"])
    cells["priorities"] = cells["board"].map(boards["priorities"]).astype(int)
    cells["share"] = (cells["tagged"] / cells["priorities"].where(cells["priorities"] > 0)).astype(float)
    reading, scored = cells["board"].map(boards["reading"]), cells["board"].map(boards["scored"])
    cells["state"] = [
        _find_state(int(tagged), int(stand_in), int(priorities), read, int(able))
        for tagged, stand_in, priorities, read, able in zip(
            cells["tagged"], cells["stand_in"], cells["priorities"], reading, scored, strict=True
        )
    ]
    return cells


def _find_state(tagged: int, stand_in: int, priorities: int, reading: str, scored: int) -> str:
    if tagged:
        return "tagged" if tagged > stand_in else "stand-in"
    if reading != "read":
        return "not read"
    if not priorities:
        return "empty"
    return "none" if scored else "not scored"


@once_per_run
def count_boards(run: Run) -> pd.DataFrame:
    """Count each board's priorities, and say whether its named strategies were read.

    Returns
    -------
    DataFrame
        One row per board of the matrix, in the agreed order: ``board``, ``name``, ``short``, ``tiny``;
        ``priorities`` (counted ones), of which ``from_named`` strategies (of a partnership outside the matrix: its
        own documents) and from ``stand_in`` or other documents; ``with_theme``, those with at least one standing tag,
        of which ``with_confirmed`` have one that a person confirmed; ``scored``, how many could be scored;
        ``reading``: *read* (every named strategy),
        *part read* (some of them) or *not read*
        (none; also where no named strategy is listed); ``not_read``, the names of the strategies not read.
    """
    counted = run.priorities.assign(own=find_own(run))[run.priorities["counted"]]
    tags = run.standing_tags
    confirmed = tags[tags["status"].isin(CONFIRMED)]
    rows = []
    for board in each_row(run.boards):
        own = counted[counted["board"] == board.board]
        unscored = run.tags.loc[run.tags["confidence"] == "not scored", "priority"]
        named = int(own["own"].sum())
        reading, missing = _find_reading(run, board.board)
        rows.append(
            {
                "board": board.board, "name": board.name, "short": board.short, "tiny": board.tiny,
                "priorities": len(own), "from_named": named, "stand_in": len(own) - named,
                "with_theme": tags.loc[tags["board"] == board.board, "priority"].nunique(),
                "with_confirmed": confirmed.loc[confirmed["board"] == board.board, "priority"].nunique(),
                "scored": int((~own["priority"].isin(unscored)).sum()),
                "reading": reading, "not_read": " | ".join(missing),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def find_own(run: Run) -> list[bool]:
    """Return for each priority whether it comes from its board's own strategy.

    That is a named strategy; or, of a partnership outside the matrix, whichever of its documents is mapped.
    """
    boards = run.partnership.boards
    outside = set(boards.loc[boards["in_matrix"] == "no", "board"])
    return [
        standing == "named" or (standing == "neighbouring" and board in outside)
        for standing, board in zip(run.priorities["standing"], run.priorities["board"], strict=True)
    ]


def _find_reading(run: Run, board: str) -> tuple[str, list[str]]:
    strategies = select_in_force(run.partnership.strategies, run.settings.in_force_on)
    own = strategies[(strategies["board"] == board) & (strategies["standing"] == "named")]
    if own.empty and board not in run.partnership.matrix_boards:
        own = strategies[(strategies["board"] == board) & (strategies["standing"] == "neighbouring")]
    missing = list(own.loc[own["read"] == "no", "name"])
    if own.empty or len(missing) == len(own):
        return "not read", missing
    return ("part read" if missing else "read"), missing


@once_per_run
def count_themes(run: Run) -> pd.DataFrame:
    """Count the priorities and boards of each theme.

    Returns
    -------
    DataFrame
        One row per theme, in the agreed order: ``theme``, ``number``, ``name``, ``short``, ``tiny``, ``wording``;
        ``tagged``, ``confirmed``, ``suggested``, ``stand_in`` (priorities of all boards of the matrix, as in
        ``count_cells``); ``boards``, how many boards have at least one, and ``boards_confirmed`` at least one
        confirmed.
    """
    cells = count_cells(run)
    sums = cells.groupby("theme", sort=False)[["tagged", "confirmed", "suggested", "stand_in"]].sum()
    themes = run.themes[["theme", "number", "name", "short", "tiny", "wording"]].reset_index(drop=True)
    counts = themes.join(sums, on="theme")
    for name, column in (("boards", "tagged"), ("boards_confirmed", "confirmed")):
        reached = cells[cells[column] > 0].groupby("theme")["board"].nunique()
        counts[name] = counts["theme"].map(reached).fillna(0).astype(int)
    return counts


def choose_word(confirmed: int, tagged: int) -> str:
    """Return what tags are to be called: confirmed (all are), suggested (none is) or tagged (some are)."""
    return "confirmed" if tagged and confirmed == tagged else "tagged" if confirmed else "suggested"


def list_stand_in(cells: pd.DataFrame) -> list[str]:
    """Return the boards all of whose tags come from stand-in documents."""
    sums = cells.groupby("board", sort=False)[["tagged", "stand_in"]].sum()
    return [str(board) for board in sums.index[(sums["tagged"] > 0) & (sums["tagged"] == sums["stand_in"])]]
