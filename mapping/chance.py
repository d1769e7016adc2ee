"""Cells, theme pairs and board pairs against chance, and what data of this size could have shown.

Random tags, too, make boards meet. Each count stands beside what chance alone would give, and is called more or fewer
only where its whole family of numbers would seldom go so far: in at most one city in twenty where nothing but chance is
at work. "Too few to tell" is said where no possible count could have been called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from mapping.cells import count_boards
from mapping.decisions import CONFIRMED
from mapping.nulls import (
    Yardstick,
    count_by_board,
    count_pairs,
    draw_labels,
    draw_margins,
    estimate_margins,
    know_overlaps,
    measure_overlaps,
)
from mapping.tags import Run, once_per_run

__all__ = ["ODDS", "Picture", "find_board_chance", "find_cell_chance", "find_theme_pairs", "lay_out", "picture_of"]

#: Odds ratios for which it is said how likely the data was to show them.
ODDS = (2, 4, 8)
_MIDDLE = (2.5, 97.5)
_DIGITS = 9

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Picture:
    """Which priority carries which theme, in numbers alone: what a run says, or would say under other settings.

    Attributes
    ----------
    on : bool array, priorities x themes
        Counted priorities only.
    board : int array, one per priority
        The place of its board.
    boards : int
        Number of boards of the matrix.
    draws, seed : int
        Of the draws of chance.
    """

    on: Array
    board: Array
    boards: int
    draws: int
    seed: int

    @cached_property
    def cells(self) -> Array:
        """Priorities by board and theme: boards x themes."""
        return count_by_board(self.on[:, :, None], self.board, self.boards)[:, :, 0]

    @cached_property
    def sizes(self) -> Array:
        """Priorities of each board."""
        return np.bincount(self.board, minlength=self.boards)

    @cached_property
    def _margins(self) -> tuple[Yardstick, Yardstick]:
        cells, pairs = [], []
        for matrices in draw_margins(self.on, self.draws, self.seed):
            cells.append(count_by_board(matrices, self.board, self.boards).reshape(-1, matrices.shape[2]))
            pairs.append(count_pairs(matrices))
        found = count_pairs(self.on[:, :, None])[:, 0]
        return Yardstick(self.cells.ravel(), np.hstack(cells)), Yardstick(found, np.hstack(pairs))

    @property
    def cell_chance(self) -> Yardstick:
        """The cells (boards x themes, row by row) among draws with the same margins."""
        return self._margins[0]

    @property
    def pair_chance(self) -> Yardstick:
        """The pairs of themes among draws with the same margins."""
        return self._margins[1]

    @cached_property
    def _estimates(self) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        return estimate_margins(self.on, self.board, self.boards)

    @cached_property
    def cell_distances(self) -> Callable[[Picture], Array]:
        """By another picture of the same city: how many spreads its cells are from what chance would give there."""
        return self._compare(self.cell_chance, 0, lambda other: other.cells.ravel())

    @cached_property
    def pair_distances(self) -> Callable[[Picture], Array]:
        """By another picture of the same city: how many spreads its theme pairs are from what chance would give."""
        return self._compare(self.pair_chance, 1, lambda other: count_pairs(other.on[:, :, None])[:, 0])

    def _compare(self, drawn: Yardstick, kind: int, count: Callable[[Picture], Array]) -> Callable[[Picture], Array]:
        # What the estimate says of this picture is known to be wrong by so much: the other's is put right by as much.
        mean, spread = self._estimates[kind]
        wrong = np.divide(drawn.expected, mean, out=np.ones_like(mean), where=mean > 0)
        loose = np.divide(drawn.spread, spread, out=np.ones_like(spread), where=spread > 0)

        def measure(other: Picture) -> Array:
            centre, width = (part * factor for part, factor in zip(other._estimates[kind], (wrong, loose), strict=True))
            distance = np.divide(count(other) - centre, width, out=np.zeros(len(centre)), where=width > 0)
            return np.asarray(np.round(distance, _DIGITS))

        return measure

    @cached_property
    def overlaps(self) -> Array:
        """The overlap of each two boards; missing where one has no tags."""
        return np.asarray(np.round(measure_overlaps(self.cells[:, :, None])[:, 0], _DIGITS))

    @cached_property
    def board_distances(self) -> Callable[[Picture], Array]:
        """By another picture of the same city: how many spreads its overlaps are from what chance would give there."""
        drawn, known = self.board_chance, ~np.isnan(self.overlaps)
        wrong, loose = np.ones(len(known)), np.ones(len(known))
        mean, spread = self._known_overlaps
        wrong[known] = np.divide(drawn.expected, mean[known], out=np.ones(known.sum()), where=mean[known] > 0)
        loose[known] = np.divide(drawn.spread, spread[known], out=np.ones(known.sum()), where=spread[known] > 0)

        def measure(other: Picture) -> Array:
            centre, width = (part * factor for part, factor in zip(other._known_overlaps, (wrong, loose), strict=True))
            # A board without tags has no overlap: nothing is far out there.
            found = np.where(np.isnan(other.overlaps), centre, other.overlaps)
            return np.asarray(
                np.round(np.divide(found - centre, width, out=np.zeros(len(centre)), where=width > 0), _DIGITS)
            )

        return measure

    @cached_property
    def _known_overlaps(self) -> tuple[Array, Array]:
        return know_overlaps(self.cells)

    @cached_property
    def board_chance(self) -> Yardstick:
        """The overlaps of boards that have tags, among draws of labels within every board."""
        drawn = measure_overlaps(draw_labels(self.cells, self.draws, self.seed))
        known = ~np.isnan(self.overlaps)
        return Yardstick(self.overlaps[known], np.round(drawn[known], _DIGITS))


@once_per_run
def find_cell_chance(run: Run) -> pd.DataFrame:
    """Set the count of every cell of the matrix beside what chance alone would give.

    Chance: every priority keeps its number of themes and every theme its number of priorities (``nulls.draw_margins``);
    which priority has which theme, and so which board, is drawn.

    Returns
    -------
    DataFrame
        One row per board and theme, in their agreed orders: ``board``, ``theme``, ``tagged``; ``expected``, the mean
        of the draws; ``low`` and ``high``, the middle 95 % of them; ``p``, two-sided, of the cell by itself;
        ``p_family``, in view of all cells (max-T); ``chance``: *more*, *fewer*, *as expected*, *too few to tell*, or
        *not read* (fewer, but a named strategy of the board was not read, so that nothing is said of absence);
        ``more_from`` and ``fewer_to``, the counts from which it would have been called so (missing: no possible
        count); ``power_2``, ``power_4``, ``power_8``, the chance that it would have been called *more* had the odds
        of the theme been that many times as high in this board as in the others (Fisher's noncentral hypergeometric
        distribution over the priorities that carry a theme; missing where it could not have been called).
    """
    picture = picture_of(run)
    yardstick = picture.cell_chance
    least, most = _bound_cells(picture)
    more, fewer = _find_edges(yardstick, least, most)
    reading = dict(zip(count_boards(run)["board"], count_boards(run)["reading"], strict=True))
    boards, themes = list(run.boards["board"]), run.framework.theme_ids
    table = pd.DataFrame(
        [(board, theme) for board in boards for theme in themes], columns=["board", "theme"], dtype="object"
    )
    table = table.assign(tagged=yardstick.found, **_describe(yardstick, least, most), more_from=more, fewer_to=fewer)
    table["chance"] = [
        "not read" if said == "fewer" and reading[board] != "read" else said
        for board, said in zip(table["board"], table["chance"], strict=True)
    ]
    for odds in ODDS:
        table[f"power_{odds}"] = _find_power(picture, more, odds)
    return table


@once_per_run
def find_theme_pairs(run: Run) -> pd.DataFrame:
    """Set the priorities that carry both of two themes beside what chance alone would give.

    Chance as in ``find_cell_chance``. Since every priority keeps its number of themes, so does the sum over all pairs:
    more of one pair is fewer of another.

    Returns
    -------
    DataFrame
        One row per pair of themes, in their agreed order: ``theme_a``, ``theme_b``; ``tagged_a`` and ``tagged_b``,
        priorities with each; ``both``, with both, of which ``confirmed`` by a person on both; ``boards``, the codes
        of their boards; ``expected``, ``low``, ``high``, ``p``, ``p_family``, ``chance``, ``more_from``,
        ``fewer_to``, as in ``find_cell_chance``; ``ids``, the priorities with both.
    """
    picture = picture_of(run)
    yardstick = picture.pair_chance
    least, most = _bound_pairs(picture.on)
    more, fewer = _find_edges(yardstick, least, most)
    counted = run.priorities[run.priorities["counted"]]
    ids, boards = list(counted["priority"]), list(counted["board"])
    sure = lay_out(run, run.standing_tags[run.standing_tags["status"].isin(CONFIRMED)])
    rows = []
    for a, b in combinations(range(len(run.framework.theme_ids)), 2):
        own = np.flatnonzero(picture.on[:, a] & picture.on[:, b])
        rows.append(
            {
                "theme_a": run.framework.theme_ids[a], "theme_b": run.framework.theme_ids[b],
                "tagged_a": int(picture.on[:, a].sum()), "tagged_b": int(picture.on[:, b].sum()),
                "both": len(own), "confirmed": int((sure[:, a] & sure[:, b]).sum()),
                "boards": list(dict.fromkeys(boards[n] for n in own)), "ids": [ids[n] for n in own],
            }
        )  # fmt: skip
    head = ["theme_a", "theme_b", "tagged_a", "tagged_b", "both", "confirmed", "boards"]
    table = pd.DataFrame(rows, columns=[*head, "ids"])
    table = table.assign(**_describe(yardstick, least, most), more_from=more, fewer_to=fewer)
    return table[[*head, *(name for name in table.columns if name not in [*head, "ids"]), "ids"]]


@once_per_run
def find_board_chance(run: Run) -> pd.DataFrame:
    """Set the overlap of each two boards beside what chance alone would give.

    Chance: every board keeps its numbers, but which number belongs to which theme is drawn, within every board at
    once. A theme that is popular everywhere raises every pair.

    Returns
    -------
    DataFrame
        One row per pair of boards that have tags, in board order: ``board_a``, ``board_b``, ``overlap``,
        ``expected``, ``low``, ``high``, ``p``, ``p_family``, ``chance``, as in ``find_cell_chance`` (*not read*: less
        alike, but a named strategy of either board was not read).
    """
    picture = picture_of(run)
    yardstick = picture.board_chance
    codes = list(run.boards["board"])
    known = [pair for pair, overlap in zip(combinations(codes, 2), picture.overlaps, strict=True) if overlap == overlap]
    least, most = _bound_overlaps(picture.cells)
    table = pd.DataFrame(known, columns=["board_a", "board_b"], dtype="object")
    table = table.assign(overlap=yardstick.found, **_describe(yardstick, least, most))
    read = set(count_boards(run).loc[count_boards(run)["reading"] == "read", "board"])
    table["chance"] = [
        "not read" if said == "fewer" and not {a, b} <= read else said
        for a, b, said in zip(table["board_a"], table["board_b"], table["chance"], strict=True)
    ]
    return table


def picture_of(run: Run) -> Picture:
    """Return the picture of a run as it stands, made once."""
    made: dict[object, Any] = run.__dict__.setdefault("_tables", {})
    if "picture" not in made:
        counted = run.priorities[run.priorities["counted"]]
        place = {board: n for n, board in enumerate(run.boards["board"])}
        boards = np.array([place[board] for board in counted["board"]], dtype=int)
        on = lay_out(run, run.standing_tags)
        made["picture"] = Picture(on, boards, len(place), run.settings.draws, run.settings.seed)
    picture: Picture = made["picture"]
    return picture


def lay_out(run: Run, tags: pd.DataFrame) -> Array:
    """Return tags on counted priorities as a matrix: priorities x themes."""
    rows = {p: n for n, p in enumerate(run.priorities.loc[run.priorities["counted"], "priority"])}
    columns = {theme: n for n, theme in enumerate(run.framework.theme_ids)}
    on = np.zeros((len(rows), len(columns)), dtype=bool)
    for priority, theme in zip(tags["priority"], tags["theme"], strict=True):
        on[rows[priority], columns[theme]] = True
    return on


def _describe(yardstick: Yardstick, least: Array, most: Array) -> dict[str, Any]:
    if not len(yardstick.found):
        return {name: [] for name in ("expected", "low", "high", "p", "p_family", "chance")}
    low, high = np.percentile(yardstick.drawn, _MIDDLE, axis=1)
    return {
        "expected": yardstick.expected, "low": np.round(low, _DIGITS), "high": np.round(high, _DIGITS),
        "p": np.round(yardstick.find_tails(yardstick.found), _DIGITS),
        "p_family": np.round(yardstick.find_family_p(yardstick.found), _DIGITS),
        "chance": yardstick.say(least, most),
    }  # fmt: skip


def _find_edges(yardstick: Yardstick, least: Array, most: Array) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Return the smallest possible count that would be called more, and the largest that would be called fewer."""
    more: list[int | None] = [None] * len(least)
    fewer: list[int | None] = [None] * len(least)
    counts = range(int(least.min()), int(most.max()) + 1) if len(least) else range(0)
    for count in counts:
        called = yardstick.call(np.clip(np.full(len(least), count), least, most))
        for n in np.flatnonzero((count >= least) & (count <= most)):
            if called[n] > 0 and more[n] is None:
                more[n] = count
            if called[n] < 0:
                fewer[n] = count
    return pd.Series(more, dtype="Int64"), pd.Series(fewer, dtype="Int64")


def _bound_cells(picture: Picture) -> tuple[Array, Array]:
    """Return the smallest and largest counts that the cells could hold with the margins as they are."""
    sums, width = picture.on.sum(axis=1), picture.on.shape[1]
    several = np.bincount(picture.board, weights=sums > 0, minlength=picture.boards).astype(int)
    full = np.bincount(picture.board, weights=sums == width, minlength=picture.boards).astype(int)
    totals = picture.on.sum(axis=0)
    most = np.minimum(several[:, None], totals[None, :])
    least = np.maximum(full[:, None], totals[None, :] - (several.sum() - several)[:, None])
    return np.maximum(least, 0).ravel(), most.ravel()


def _bound_pairs(on: Array) -> tuple[Array, Array]:
    """Return the smallest and largest numbers of priorities that could carry both of two themes."""
    sums, totals = on.sum(axis=1), on.sum(axis=0)
    carrying, several, full = int((sums > 0).sum()), int((sums > 1).sum()), int((sums == on.shape[1]).sum())
    pairs = list(combinations(range(on.shape[1]), 2))
    most = [min(int(totals[a]), int(totals[b]), several) for a, b in pairs]
    least = [max(full, int(totals[a] + totals[b]) - carrying, 0) for a, b in pairs]
    return np.array(least, dtype=int), np.array(most, dtype=int)


def _bound_overlaps(cells: Array) -> tuple[Array, Array]:
    """Return the smallest and largest overlap that two boards' numbers can have, whichever themes they belong to."""
    shares = [np.sort(row / row.sum()) for row in cells if row.sum()]
    least = [float(np.minimum(a, b[::-1]).sum()) for a, b in combinations(shares, 2)]
    most = [float(np.minimum(a, b).sum()) for a, b in combinations(shares, 2)]
    return np.round(np.array(least), _DIGITS), np.round(np.array(most), _DIGITS)


def _find_power(picture: Picture, more: pd.Series[Any], odds: float) -> Array:
    """Return for each cell the chance of a call of *more* were the theme's odds in that board so many times higher."""
    from scipy.stats import nchypergeom_fisher

    carrying = picture.on.any(axis=1)
    drawn = np.bincount(picture.board[carrying], minlength=picture.boards)
    power = np.full(picture.cells.size, np.nan)
    for n in np.flatnonzero(more.notna()):
        board, theme = divmod(int(n), picture.on.shape[1])
        total = int(picture.on[:, theme].sum())
        spread = nchypergeom_fisher(int(carrying.sum()), total, int(drawn[board]), odds)
        power[n] = round(float(spread.sf(int(more[n]) - 1)), _DIGITS)
    return power
