"""Pairs of boards: how alike their themes are; and pairs of their priorities that share a theme or speak alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from mapping.cells import count_boards, count_cells
from mapping.scoring import get_scorer
from mapping.tags import Run, once_per_run
from mapping.text import split_words

__all__ = [
    "FEW_TAGS",
    "SAME_WORDING",
    "describe_overlap",
    "describe_themes",
    "find_board_pairs",
    "find_priority_pairs",
]

#: The cosine from which two priorities count as speaking of the same thing (rung 2).
SAME_WORDING = 0.5

#: Under so many tags on one side an overlap is too few to be told as a percentage.
FEW_TAGS = 5


def describe_overlap(pair: Any) -> str:
    """Return the overlap of a pair in words: a percentage, few tags (under five on one side), no tags or not read.

    Parameters
    ----------
    pair : row of ``find_board_pairs`` or ``find_interdependencies``
    """
    if pd.isna(pair.overlap) or (not pair.overlap and pair.reading != "read"):
        return "no tags" if pair.reading == "read" else "not read"
    return "few tags" if min(pair.tags_a, pair.tags_b) < FEW_TAGS else f"{pair.overlap:.0%}"


@once_per_run
def find_board_pairs(run: Run) -> pd.DataFrame:
    """Find how alike the theme profiles of each pair of boards are.

    overlap = sum over themes of the smaller of the two boards' shares of tags, 0 to 1. It says that two boards
    attend to the same themes, not that they work together; with few tags it is biased low.

    Returns
    -------
    DataFrame
        One row per pair of boards, largest overlap first (pairs without one last), then in board order: ``board_a``,
        ``board_b``; ``overlap``, missing where a board has no tags; ``tags_a`` and ``tags_b``, the tags it rests on;
        ``themes``, on which both have a tag; ``themes_confirmed``, on which both have a confirmed one;
        ``stand_in``, whether a board of the pair is there through stand-in documents only; ``reading``, *read* where
        the named strategies of both were read, otherwise *not read*.
    """
    cells = count_cells(run)
    tagged = _spread(cells, "tagged")
    confirmed = _spread(cells, "confirmed")
    sums = cells.groupby("board")[["tagged", "stand_in"]].sum()
    through = ((sums["tagged"] > 0) & (sums["tagged"] == sums["stand_in"])).to_dict()
    boards = count_boards(run)
    reading = dict(zip(boards["board"], boards["reading"], strict=True))
    rows = []
    for a, b in combinations(run.boards["board"], 2):
        total_a, total_b = int(tagged.loc[a].sum()), int(tagged.loc[b].sum())
        shared = np.minimum(tagged.loc[a] / total_a, tagged.loc[b] / total_b).sum() if total_a and total_b else np.nan
        rows.append(
            {
                "board_a": a, "board_b": b, "overlap": round(float(shared), 9), "tags_a": total_a, "tags_b": total_b,
                "themes": [t for t in tagged.columns if tagged.loc[a, t] and tagged.loc[b, t]],
                "themes_confirmed": [t for t in tagged.columns if confirmed.loc[a, t] and confirmed.loc[b, t]],
                "stand_in": bool(through[a] or through[b]),
                "reading": "read" if reading[a] == reading[b] == "read" else "not read",
            }
        )  # fmt: skip
    columns = ["board_a", "board_b", "overlap", "tags_a", "tags_b", "themes", "themes_confirmed", "stand_in", "reading"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("overlap", ascending=False, kind="stable", na_position="last").reset_index(drop=True)


def _spread(cells: pd.DataFrame, counts: str) -> pd.DataFrame:
    """Return a column of the cells as a matrix, boards by themes, in their agreed orders."""
    return cells.set_index(["board", "theme"])[counts].unstack(sort=False)  # noqa: PD010 -- one value per cell


@once_per_run
def find_priority_pairs(run: Run, *, same_wording: float = SAME_WORDING) -> pd.DataFrame:
    """Find the pairs of priorities of two boards that share a theme or are in similar wording.

    Parameters
    ----------
    run : Run
    same_wording : float
        The cosine from which two texts count as similar wording, 0 to 1.

    Returns
    -------
    DataFrame
        One row per pair of counted priorities of different boards that share a standing tag or whose wording is
        similar, most alike first, then in the order of the data: ``priority_a``, ``priority_b``, ``board_a``,
        ``board_b``, ``themes`` (shared), ``wording`` (cosine of their TF-IDF vectors with the stored idf, 0 to 1),
        ``similar`` (at or above the cut), ``text_a``, ``text_b``.
    """
    priorities = run.priorities[run.priorities["counted"]].reset_index(drop=True)
    columns = ["priority_a", "priority_b", "board_a", "board_b", "themes", "wording", "similar", "text_a", "text_b"]
    if priorities.empty:
        return pd.DataFrame(columns=columns)
    alike = get_scorer(run.framework).similarity.compare([split_words(text) for text in priorities["text"]])
    carried: dict[str, list[str]] = {priority: [] for priority in priorities["priority"]}
    for priority, theme in zip(run.standing_tags["priority"], run.standing_tags["theme"], strict=True):
        carried[priority].append(theme)
    board, ids, texts = list(priorities["board"]), list(priorities["priority"]), list(priorities["text"])
    place = {code: n for n, code in enumerate(run.boards["board"])}
    # All pairs are weighed at once: one by one, five thousand priorities took a minute.
    own = np.array([place[code] for code in board])
    on = np.array([[theme in carried[name] for theme in run.framework.theme_ids] for name in ids], dtype=np.int32)
    wordings = np.round(np.asarray(alike, dtype=float), 9)
    found = np.triu((own[:, None] != own) & ((on @ on.T > 0) | (wordings >= same_wording)), 1)
    rows = []
    for i, j in zip(*(places.tolist() for places in np.nonzero(found)), strict=True):
        a, b = (i, j) if own[i] <= own[j] else (j, i)
        themes, wording = [theme for theme in carried[ids[i]] if theme in carried[ids[j]]], float(wordings[i, j])
        rows.append((ids[a], ids[b], board[a], board[b], themes, wording, wording >= same_wording, texts[a], texts[b]))
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("wording", ascending=False, kind="stable").reset_index(drop=True)


def describe_themes(themes: Sequence[str], reading: str) -> str:
    """Return the themes on which two boards meet as a table shows them: never "none" where something was not read."""
    return ", ".join(themes) or ("none" if reading == "read" else "not read")
