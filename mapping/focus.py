"""Candidate areas of focus: where many priorities of many boards meet, with the evidence for and against.

The tool ranks candidates by a stated rule; people choose. A candidate says where attention meets in the documents that
were read, not where need or impact is greatest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from mapping.cells import count_boards, find_own
from mapping.chance import Picture, find_cell_chance, find_theme_pairs, lay_out, picture_of
from mapping.claims import Claim
from mapping.decisions import CONFIRMED
from mapping.stability import judge_claim
from mapping.tables import each_row
from mapping.tags import Run, once_per_run

__all__ = ["BREADTH_LINE", "PLACES", "WEIGHT_LINE", "find_focus", "find_place", "measure_areas", "measure_breadth"]

#: Dividing lines: many priorities are at least this share of all; widely spread is over this share of the boards.
WEIGHT_LINE, BREADTH_LINE = 0.15, 0.6
#: Where an area stands to the dividing lines, in the order in which candidates are listed.
PLACES = (
    "many priorities, spread widely",
    "few priorities, spread widely",
    "many priorities, few boards",
    "few priorities, few boards",
    "too few priorities to say how widely",
)
#: Fewer tags than this have no breadth; at most so many candidates are listed.
_FEWEST, _MOST = 5, 7
_DIGITS = 9
_DAGGER = "\u2020"

Array = np.ndarray[Any, Any]


def measure_breadth(counts: Sequence[int] | Array, sizes: Sequence[int] | Array) -> float:
    """Return over how many boards an area is spread: the effective number of boards.

    exp(-sum p ln p) over p_b = share_b / sum of shares, share_b = priorities with it / the board's priorities, and
    0 ln 0 = 0 (Jost 2006). From 1 to the number of boards; missing under five priorities.

    Examples
    --------
    Two boards with the same share, a third without: spread over two.

    >>> measure_breadth([3, 6, 0], [10, 20, 15])
    2.0
    """
    shares = np.divide(counts, sizes, out=np.zeros(len(sizes)), where=np.asarray(sizes) > 0)
    if sum(counts) < _FEWEST:
        return math.nan
    parts = shares[shares > 0] / shares.sum()
    return round(float(np.exp(-(parts * np.log(parts)).sum())), _DIGITS)


@once_per_run
def measure_areas(run: Run) -> pd.DataFrame:
    """Measure weight and breadth of every theme, and of every pair of themes that priorities of two boards join.

    Returns
    -------
    DataFrame
        One row per area, themes in their agreed order and then pairs: ``area``, its name; ``themes``, their ids;
        ``weight``, the priorities that carry them, out of ``priorities``, and ``weight_confirmed``, those on which a
        person confirmed all of them; ``boards``, the codes of the boards that have one, and ``boards_confirmed``;
        ``boards_in_matrix``; ``breadth`` (``measure_breadth``; missing under five), ``breadth_confirmed``, and
        ``breadth_even``, what the same number of priorities would give on average were they drawn from all boards
        alike (breadth is biased low where there are few); ``ids``, the priorities.
    """
    picture = picture_of(run)
    sure = lay_out(run, run.standing_tags[run.standing_tags["status"].isin(CONFIRMED)])
    counted = run.priorities[run.priorities["counted"]]
    ids, codes = list(counted["priority"]), list(run.boards["board"])
    names = dict(zip(run.themes["theme"], run.themes["short"], strict=True))
    order = run.framework.theme_ids
    areas = [(t,) for t in range(len(order))] + list(combinations(range(len(order)), 2))
    rows = []
    for places in areas:
        own, confirmed = _carry(picture.on, places), _carry(sure, places)
        counts, checked = _by_board(picture, own), _by_board(picture, confirmed)
        if len(places) > 1 and (counts > 0).sum() < 2:
            continue
        rows.append(
            {
                "area": " with ".join(names[order[t]] for t in places), "themes": [order[t] for t in places],
                "weight": int(own.sum()), "weight_confirmed": int(confirmed.sum()), "priorities": len(own),
                "boards": [codes[b] for b in np.flatnonzero(counts)],
                "boards_confirmed": [codes[b] for b in np.flatnonzero(checked)], "boards_in_matrix": len(codes),
                "breadth": measure_breadth(counts, picture.sizes),
                "breadth_confirmed": measure_breadth(checked, picture.sizes),
                "breadth_even": _spread_evenly(picture.sizes, int(own.sum()), run.settings.draws, run.settings.seed),
                "ids": [ids[n] for n in np.flatnonzero(own)],
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _carry(on: Array, places: Sequence[int]) -> Array:
    """Return which priorities carry all of some themes."""
    return np.asarray(on[:, list(places)].all(axis=1))


def _by_board(picture: Picture, own: Array) -> Array:
    return np.bincount(picture.board[own], minlength=picture.boards)


def _spread_evenly(sizes: Array, number: int, draws: int, seed: int) -> float:
    """Return the mean breadth of so many priorities drawn from all boards' priorities alike."""
    if number < _FEWEST:
        return math.nan
    rng = np.random.default_rng(seed)
    drawn = rng.multivariate_hypergeometric(sizes, number, size=draws)
    shares = np.divide(drawn, sizes, out=np.zeros(drawn.shape), where=sizes > 0)
    parts = shares / shares.sum(axis=1, keepdims=True)
    logs = np.log(parts, out=np.zeros(parts.shape), where=parts > 0)
    return round(float(np.exp(-(parts * logs).sum(axis=1)).mean()), _DIGITS)


@once_per_run
def find_focus(run: Run, *, weight_line: float = WEIGHT_LINE, breadth_line: float = BREADTH_LINE) -> pd.DataFrame:
    """List candidate areas of focus for cross-sectoral work, each with the evidence for and against it.

    A candidate is a theme, or two themes joined in single priorities, on which two or more boards have a priority.
    Rule of the list: by ``place``, in the order of ``PLACES``; then by weight; themes before pairs; at most seven.

    Parameters
    ----------
    run : Run
    weight_line, breadth_line : float
        Shares, 0 to 1: of all priorities from which they are many; of the boards over which they are widely spread.

    Returns
    -------
    DataFrame
        One row per candidate in that order: ``rank``; the columns of ``measure_areas``; ``place``; ``shares``, each
        board's priorities out of its own list, a list of texts; ``boards_stand_in``, those of its boards that are there
        through stand-in documents only: every priority of theirs behind it comes from one; ``chance``, what
        ``find_cell_chance`` or ``find_theme_pairs`` says of it; ``verdict`` of its claim that so many boards meet on
        it, and ``overturned_by``; ``evidence_for`` and ``evidence_against``, lists of sentences. Never a
        recommendation.

    Examples
    --------
    >>> from mapping import load_derby, tag
    >>> list(find_focus(tag(load_derby()))["rank"])[:3]
    [1, 2, 3]
    """
    areas = measure_areas(run)
    areas = areas[areas["boards"].map(len) > 1]
    lines = weight_line, breadth_line
    places = [
        find_place(row.weight, row.priorities, row.breadth, row.boards_in_matrix, *lines) for row in each_row(areas)
    ]
    order = sorted(
        range(len(areas)),
        key=lambda n: (PLACES.index(places[n]), -areas["weight"].iloc[n], len(areas["themes"].iloc[n]), n),
    )[:_MOST]
    chosen = areas.iloc[order].reset_index(drop=True)
    rows = [_weigh(run, row) for row in each_row(chosen)]
    columns = ("shares", "boards_stand_in", "chance", "verdict", "overturned_by", "evidence_for", "evidence_against")
    extra = pd.DataFrame(rows, columns=list(columns))
    chosen.insert(0, "rank", range(1, len(chosen) + 1))
    return chosen.assign(place=[places[n] for n in order]).join(extra)


def find_place(
    weight: int, priorities: int, breadth: float, boards: int,
    weight_line: float = WEIGHT_LINE, breadth_line: float = BREADTH_LINE,
) -> str:  # fmt: skip
    """Return where an area stands to the dividing lines: one of ``PLACES``; the last where there is no breadth."""
    if breadth != breadth:
        return PLACES[-1]
    many, wide = weight >= weight_line * priorities, breadth > breadth_line * boards
    return PLACES[(0 if many else 1) if wide else (2 if many else 3)]


def _list_through(run: Run, area: Any) -> list[str]:
    """Return the boards of an area all of whose priorities behind it come from stand-in documents."""
    own = dict(zip(run.priorities["priority"], find_own(run), strict=True))
    owners = dict(zip(run.priorities["priority"], run.priorities["board"], strict=True))
    read = {owners[item] for item in area.ids if own[item]}
    return [board for board in area.boards if board not in read]


def _weigh(run: Run, area: Any) -> tuple[list[str], list[str], str, str, str, list[str], list[str]]:
    """Return shares, boards of stand-ins, chance, verdict, what overturns it, and the sentences for and against."""
    short = dict(zip(run.boards["board"], run.boards["short"], strict=True))
    through = _list_through(run, area)
    name = {board: f"{label}{_DAGGER if board in through else ''}" for board, label in short.items()}
    owners = dict(zip(run.priorities["priority"], run.priorities["board"], strict=True))
    counts = {board: sum(owners[item] == board for item in area.ids) for board in area.boards}
    sizes = dict(zip(count_boards(run)["board"], count_boards(run)["priorities"], strict=True))
    shares = [f"{name[board]} {counts[board]} of {sizes[board]}" for board in area.boards]
    verdict = judge_claim(run, _claim_meeting(run, area))
    chance, more, fewer = _read_chance(run, area, name)
    pro = [f"{len(area.boards)} of {area.boards_in_matrix} boards have a priority on it: {', '.join(shares)}.", *more]
    contra = [*_doubt_tags(area), *_doubt_breadth(area, counts, name), *fewer]
    if area.breadth == area.breadth:
        line = f"Spread over {area.breadth:.1f} of {area.boards_in_matrix} boards; an even spread of {area.weight} "
        (pro if area.breadth >= area.breadth_even else contra).append(
            f"{line}priorities would give {area.breadth_even:.1f}."
        )
    if through:
        contra.append(
            f"{len(through)} of its {len(area.boards)} boards {'is' if len(through) == 1 else 'are'} there "
            f"through stand-in documents only ({', '.join(short[board] for board in through)})."
        )
    (contra if verdict.word == "fragile" else pro).append(
        f"That so many boards meet on it is {verdict.word}: {_held(verdict)}."
    )
    if area.weight_confirmed:
        pro.append(f"A person has confirmed {area.weight_confirmed} of its {area.weight} priorities.")
    return shares, through, chance, verdict.word, verdict.overturned_by, pro, contra


def _held(verdict: Any) -> str:
    said = f"it holds in at least {verdict.floor}% of each kind of re-scoring"
    return said + (f"; overturned by {verdict.overturned_by}" if verdict.overturned_by else "")


def _claim_meeting(run: Run, area: Any) -> Claim:
    places = [run.framework.theme_ids.index(theme) for theme in area.themes]
    reached = len(area.boards)

    def holds(other: Picture) -> bool:
        return int((_by_board(other, _carry(other.on, places)) > 0).sum()) >= reached

    return Claim("meeting", (*area.themes, str(reached)), f"{reached} boards meet on {area.area}", tuple(places), holds)


def _read_chance(run: Run, area: Any, name: dict[str, str]) -> tuple[str, list[str], list[str]]:
    """Return what chance says of an area in a few words, and as sentences for and against it."""
    if len(area.themes) > 1:
        pairs = find_theme_pairs(run)
        row = next(each_row(pairs[(pairs["theme_a"] == area.themes[0]) & (pairs["theme_b"] == area.themes[1])]))
        found = f"{row.both} of {area.priorities} priorities carry both"
        said = f"{found}; {row.expected:.1f} expected by chance: {row.chance}."
        return row.chance, [said] if row.chance == "more" else [], [] if row.chance == "more" else [said]
    cells = find_cell_chance(run)
    sizes = dict(zip(count_boards(run)["board"], count_boards(run)["priorities"], strict=True))
    own = cells[cells["theme"] == area.themes[0]]
    called = {word: [row for row in each_row(own) if row.chance == word] for word in ("more", "fewer")}
    words = [f"{name[row.board]} {word}" for word, rows in called.items() for row in rows]
    more, fewer = (
        [
            f"{name[row.board]} has {word} on it than chance gives: {row.tagged} of {sizes[row.board]}, expected "
            f"{row.expected:.1f}."
            for row in called[word]
        ]
        for word in ("more", "fewer")
    )
    if not words:
        counts = own["chance"].value_counts()
        parts = [f"{counts[word]} {word}" for word in ("as expected", "too few to tell", "not read") if word in counts]
        fewer = [f"Against chance, of {len(own)} boards: {', '.join(parts)}."]
    return ", ".join(words) or "as expected or too few to tell", more, fewer


def _doubt_tags(area: Any) -> list[str]:
    waiting = area.weight - area.weight_confirmed
    if not waiting:
        return []
    if not area.weight_confirmed:
        every = "The only one is" if area.weight == 1 else f"All {area.weight} are"
        return [f"{every} suggested by the machine; a person has confirmed none."]
    return [f"{waiting} of {area.weight} are suggested by the machine and confirmed by no person."]


def _doubt_breadth(area: Any, counts: dict[str, int], name: dict[str, str]) -> list[str]:
    said = []
    most = max(counts, key=lambda board: counts[board])
    if 2 * counts[most] > area.weight:
        said.append(f"{counts[most]} of its {area.weight} priorities come from one board ({name[most]}).")
    if area.weight < _FEWEST:
        said.append(f"Only {area.weight} of {area.priorities} priorities: too few to say how widely it is spread.")
    return said
