"""Where boards meet: the themes on which two or more boards have a priority, and those that no board reaches."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pandas as pd

from mapping.cells import count_boards, count_cells, count_themes
from mapping.decisions import CONFIRMED
from mapping.tables import each_row
from mapping.tags import Run, once_per_run

__all__ = ["find_board_sets", "find_intersections", "find_untagged", "list_cell_priorities"]


@once_per_run
def find_intersections(run: Run) -> pd.DataFrame:
    """Find the themes on which two or more boards each have at least one tagged priority.

    Counts are *inclusive*: a theme shared by four boards is also shared by each three of them.
    ``find_board_sets`` has the exclusive counts.

    Returns
    -------
    DataFrame
        One row per theme, in the agreed order: ``theme``, ``name``; ``boards_meeting``, how many boards have at
        least one, out of ``boards_in_matrix``; ``boards``, their codes; ``boards_confirmed``, the codes of those with
        at least one tag that a person confirmed; ``boards_stand_in``, those that are there through stand-in documents
        only; ``boards_not_read``, those without a tag whose named strategy was not read; ``tagged`` and ``confirmed``,
        priorities out of ``priorities`` counted; ``intersection``, whether two or more boards meet;
        ``ids``, the priorities behind it, by board.
    """
    cells = count_cells(run)
    total = int(run.priorities["counted"].sum())
    ids = list_cell_priorities(run)
    rows = []
    for theme in each_row(count_themes(run)):
        own = cells[cells["theme"] == theme.theme]
        reached = list(own.loc[own["tagged"] > 0, "board"])
        rows.append(
            {
                "theme": theme.theme, "name": theme.name,
                "boards_meeting": len(reached), "boards_in_matrix": len(own), "boards": reached,
                "boards_confirmed": list(own.loc[own["confirmed"] > 0, "board"]),
                "boards_stand_in": list(own.loc[own["state"] == "stand-in", "board"]),
                "boards_not_read": list(own.loc[own["state"] == "not read", "board"]),
                "tagged": theme.tagged, "confirmed": theme.confirmed, "priorities": total,
                "intersection": len(reached) >= 2,
                "ids": [priority for board in reached for priority in ids[board, theme.theme]],
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def list_cell_priorities(run: Run) -> dict[tuple[str, str], list[str]]:
    """Return the ids of the priorities behind each cell, by board and theme, in the order of the data."""
    cells: dict[tuple[str, str], list[str]] = {
        (board, theme): [] for board in run.boards["board"] for theme in run.framework.theme_ids
    }
    tags = run.standing_tags
    for board, theme, priority in zip(tags["board"], tags["theme"], tags["priority"], strict=True):
        cells[board, theme].append(priority)
    return cells


@once_per_run
def find_board_sets(run: Run) -> pd.DataFrame:
    """Count the themes that each set of boards shares, exclusively and inclusively (Lex et al. 2014).

    Returns
    -------
    DataFrame
        One row per set of boards that is the exact set of at least one theme, largest set first, then in board
        order: ``boards``; ``size``; ``themes_exclusive``, the themes reached by exactly these boards, and
        ``exclusive``, their number; ``themes_inclusive``, the themes reached by at least these boards, and
        ``inclusive``, their number. Themes that no board reaches have no row: see ``gaps.find_gaps``.
    """
    cells = count_cells(run)
    reach = {theme: tuple(own.loc[own["tagged"] > 0, "board"]) for theme, own in cells.groupby("theme", sort=False)}
    order = {board: n for n, board in enumerate(run.boards["board"])}
    sets = sorted({boards for boards in reach.values() if boards}, key=lambda s: (-len(s), [order[b] for b in s]))
    rows = []
    for boards in sets:
        exact = [theme for theme, who in reach.items() if who == boards]
        least = [theme for theme, who in reach.items() if set(boards) <= set(who)]
        rows.append(
            {
                "boards": list(boards), "size": len(boards), "themes_exclusive": exact, "exclusive": len(exact),
                "themes_inclusive": least, "inclusive": len(least),
            }
        )  # fmt: skip
    columns = ["boards", "size", "themes_exclusive", "exclusive", "themes_inclusive", "inclusive"]
    return pd.DataFrame(rows, columns=columns)


@once_per_run
def find_theme_sets(run: Run) -> pd.DataFrame:
    """Count the sets of themes that single priorities carry, exclusively and inclusively (Lex et al. 2014).

    Returns
    -------
    DataFrame
        One row per set of themes that at least one counted priority carries exactly, most frequent first, then
        smaller sets, then in theme order: ``themes`` (an empty list: no theme); ``size``; ``exclusive``, priorities
        that carry exactly these; ``inclusive``, priorities that carry at least these; ``confirmed``, those of the
        exclusive ones whose tags are all confirmed; ``ids``, the exclusive ones.
    """
    tags = run.standing_tags
    counted = list(run.priorities.loc[run.priorities["counted"], "priority"])
    carried: dict[str, list[str]] = {priority: [] for priority in counted}
    waiting: set[str] = set()
    for priority, theme, status in zip(tags["priority"], tags["theme"], tags["status"], strict=True):
        carried[priority].append(theme)
        if status not in CONFIRMED:
            waiting.add(priority)
    order = {theme: n for n, theme in enumerate(run.framework.theme_ids)}
    rows: list[dict[str, Any]] = []
    for themes in {tuple(themes) for themes in carried.values()}:
        exact = [priority for priority, own in carried.items() if tuple(own) == themes]
        rows.append(
            {
                "themes": list(themes), "size": len(themes), "exclusive": len(exact),
                "inclusive": sum(set(themes) <= set(own) for own in carried.values()),
                "confirmed": sum(priority not in waiting for priority in exact) if themes else 0, "ids": exact,
            }
        )  # fmt: skip
    rows.sort(key=lambda row: (-row["exclusive"], row["size"], [order[theme] for theme in row["themes"]]))
    return pd.DataFrame(rows, columns=["themes", "size", "exclusive", "inclusive", "confirmed", "ids"])


@once_per_run
def find_untagged(run: Run) -> pd.DataFrame:
    """Find the counted priorities that no theme caught: read these first.

    Returns
    -------
    DataFrame
        One row per priority, the closest to a theme first: ``priority``, ``board``, ``text``, ``nearest`` (the theme
        with the highest score), ``score``, ``confidence`` (of that theme; not scored where the text could not be
        scored) and ``reason``.
    """
    tagged = set(run.standing_tags["priority"])
    counted = run.priorities[run.priorities["counted"] & ~run.priorities["priority"].isin(tagged)]
    tags = run.tags[run.tags["priority"].isin(counted["priority"])]
    best = tags.sort_values("score", ascending=False, kind="stable").drop_duplicates("priority")
    table = counted[["priority", "board", "text"]].merge(
        best[["priority", "theme", "score", "confidence", "reason"]].rename(columns={"theme": "nearest"}), on="priority"
    )
    return table.sort_values("score", ascending=False, kind="stable").reset_index(drop=True)


def measure_density(run: Run) -> tuple[int, int, int, int]:
    """Return how full the picture is: cells with a tag, all cells, pairs of boards that share a theme, all pairs.

    A bare "these boards share a theme" says nothing where nearly all do, so this stands beside every such statement.
    """
    cells = count_cells(run)
    reach = {board: set(own.loc[own["tagged"] > 0, "theme"]) for board, own in cells.groupby("board", sort=False)}
    pairs = list(combinations(count_boards(run)["board"], 2))
    return int((cells["tagged"] > 0).sum()), len(cells), sum(bool(reach[a] & reach[b]) for a, b in pairs), len(pairs)
