"""Claims: statements about a run that are true or false of any way of scoring it, so that each can be tried on many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mapping.cells import choose_word, count_boards, count_cells, list_stand_in
from mapping.chance import Picture, find_board_chance, find_cell_chance, find_theme_pairs, picture_of
from mapping.pairs import find_board_pairs
from mapping.tables import each_row
from mapping.tags import Run

__all__ = [
    "Claim", "claim_alike", "claim_board_pair", "claim_cell", "claim_combination", "claim_every", "claim_most",
    "claim_reach",
    "claim_theme_pair", "list_claims",
]  # fmt: skip

_DAGGER = "\u2020"
_VERBS = {"confirmed": "confirmed for", "suggested": "suggested for", "tagged": "tagged to"}
_SIGNS = {"more": 1, "fewer": -1}
Rule = Callable[[Picture], bool]


@dataclass(frozen=True, eq=False)
class Claim:
    """A statement that the counts of a run carry, and the rule by which it holds of other counts.

    Attributes
    ----------
    kind : str
        reach, most, cell, theme pair, board pair, alike, ...
    subject : tuple of str
        What it is about: codes of boards and themes, and for chance *more* or *fewer*.
    says : str
        The statement, with its denominators.
    themes : tuple of int
        Places of the themes on whose tags it rests; empty: all of them.
    holds : callable
        Whether it is true of a ``Picture``.
    """

    kind: str
    subject: tuple[str, ...]
    says: str
    themes: tuple[int, ...]
    holds: Rule


def list_claims(run: Run) -> list[Claim]:
    """Return what a report may claim: where boards meet, what leads, and every call of more or fewer."""
    claims = [
        claim_reach(run, theme) for theme, count in zip(run.framework.theme_ids, _reach(run), strict=True) if count > 1
    ]
    claims += [claim for claim in (claim_most(run),) if claim]
    claims += [
        claim_cell(run, row.board, row.theme, row.chance)
        for row in each_row(find_cell_chance(run))
        if row.chance in _SIGNS
    ]
    claims += [
        claim_theme_pair(run, row.theme_a, row.theme_b, row.chance)
        for row in each_row(find_theme_pairs(run))
        if row.chance in _SIGNS
    ]
    claims += [
        claim_board_pair(run, row.board_a, row.board_b, row.chance)
        for row in each_row(find_board_chance(run))
        if row.chance in _SIGNS
    ]
    return claims


def _reach(run: Run) -> list[int]:
    return [int(n) for n in (picture_of(run).cells > 0).sum(axis=0)]


def claim_reach(run: Run, theme: str) -> Claim:
    """Claim that as many boards as found, or more, have a priority on a theme."""
    t, picture = run.framework.theme_ids.index(theme), picture_of(run)
    reached = _reach(run)[t]
    says = (
        f"{reached} of {picture.boards} boards have at least one priority {_verb(run, [theme])} {_theme(run, theme)} "
        f"({_of(run, int(picture.on[:, t].sum()))})."
    )
    return Claim(
        "reach", (theme, str(reached)), says, (t,), lambda other: int((other.cells[:, t] > 0).sum()) >= reached
    )


def claim_every(run: Run, themes: Sequence[str]) -> Claim:
    """Claim that every board has a priority on each of some themes."""
    places = [run.framework.theme_ids.index(theme) for theme in themes]
    names = ", ".join(_theme(run, theme) for theme in themes)
    says = f"All {picture_of(run).boards} boards have a priority {_verb(run, themes)} {names}."
    return Claim(
        "every", tuple(themes), says, tuple(places), lambda other: bool((other.cells[:, places] > 0).all())
    )  # fmt: skip


def claim_most(run: Run, lead: int = 1) -> Claim | None:
    """Claim that one theme has more priorities than any other, if it leads by at least so many."""
    totals = picture_of(run).on.sum(axis=0)
    if len(totals) < 2:
        return None
    first, second = (int(n) for n in np.argsort(-totals, kind="stable")[:2])
    if totals[first] - totals[second] < lead:
        return None
    theme = run.framework.theme_ids[first]
    says = (
        f"{_theme(run, theme)} has more priorities {_verb(run, [theme]).split()[0]} than any other theme: "
        f"{_of(run, int(totals[first]))}; next {_theme(run, run.framework.theme_ids[second])}, {totals[second]}."
    )

    def holds(other: Picture) -> bool:
        sums = other.on.sum(axis=0)
        return bool((np.delete(sums, first) < sums[first]).all())

    return Claim("most", (theme,), says, (), holds)


def claim_cell(run: Run, board: str, theme: str, called: str) -> Claim:
    """Claim that a board has more, or fewer, priorities on a theme than chance would give."""
    picture, t = picture_of(run), run.framework.theme_ids.index(theme)
    b = list(run.boards["board"]).index(board)
    place = b * len(run.framework.theme_ids) + t
    found, expected = f"{picture.cells[b, t]} of {picture.sizes[b]}", picture.cell_chance.expected[place]
    says = (
        f"{_board(run, board, theme)} has {called} priorities {_verb(run, [theme], [board])} {_theme(run, theme)} than "
        f"chance would give: {found}, expected {expected:.1f}."
    )
    bar, sign = picture.cell_chance.bar, _SIGNS[called]

    def holds(other: Picture) -> bool:
        return float(picture.cell_distances(other)[place]) * sign > bar

    return Claim("cell", (called, board, theme), says, (t,), holds)


def claim_theme_pair(run: Run, theme_a: str, theme_b: str, called: str) -> Claim:
    """Claim that more, or fewer, priorities carry both of two themes than chance would give."""
    picture, order = picture_of(run), run.framework.theme_ids
    a, b = order.index(theme_a), order.index(theme_b)
    place = list(combinations(range(len(order)), 2)).index((a, b))
    both = int((picture.on[:, a] & picture.on[:, b]).sum())
    says = (
        f"{called.capitalize()} priorities carry both {_theme(run, theme_a)} and {_theme(run, theme_b)} than chance "
        f"would give: {_of(run, both)}, expected {picture.pair_chance.expected[place]:.1f}."
    )
    bar, sign = picture.pair_chance.bar, _SIGNS[called]

    def holds(other: Picture) -> bool:
        return float(picture.pair_distances(other)[place]) * sign > bar

    return Claim("theme pair", (called, theme_a, theme_b), says, (a, b), holds)


def claim_board_pair(run: Run, board_a: str, board_b: str, called: str) -> Claim:
    """Claim that two boards are more, or less, alike in their themes than chance would give."""
    picture = picture_of(run)
    codes = list(run.boards["board"])
    place = list(combinations(codes, 2)).index((board_a, board_b))
    table = find_board_chance(run)
    row = next(each_row(table[(table["board_a"] == board_a) & (table["board_b"] == board_b)]))
    a, b = codes.index(board_a), codes.index(board_b)
    says = (
        f"{_board(run, board_a)} and {_board(run, board_b)} are {'more' if called == 'more' else 'less'} alike in "
        f"their themes than chance would give: overlap {row.overlap:.0%} of {picture.cells[a].sum()} and "
        f"{picture.cells[b].sum()} tags, expected {row.expected:.0%}."
    )
    bar, sign = picture.board_chance.bar, _SIGNS[called]

    def holds(other: Picture) -> bool:
        return float(picture.board_distances(other)[place]) * sign > bar

    return Claim("board pair", (called, board_a, board_b), says, (), holds)


def claim_alike(run: Run) -> Claim | None:
    """Claim that one pair of boards is more alike in its themes than any other, if one is."""
    pairs = find_board_pairs(run)
    known = pairs[pairs["overlap"].notna()]
    if len(known) < 2 or known["overlap"].iloc[0] <= known["overlap"].iloc[1]:
        return None
    first = next(each_row(known))
    place = list(combinations(run.boards["board"], 2)).index((first.board_a, first.board_b))
    says = (
        f"{_board(run, first.board_a)} and {_board(run, first.board_b)} are most alike in their themes of "
        f"{len(known)} pairs: overlap {first.overlap:.0%} of {first.tags_a} and {first.tags_b} tags."
    )

    def holds(other: Picture) -> bool:
        overlaps = np.nan_to_num(other.overlaps, nan=-1.0)
        return bool((np.delete(overlaps, place) < overlaps[place]).all())

    return Claim("alike", (first.board_a, first.board_b), says, (), holds)


def claim_combination(run: Run, themes: Sequence[str]) -> Claim:
    """Claim that no other combination of two or more themes is carried exactly by as many priorities as this one."""
    places = sorted(run.framework.theme_ids.index(theme) for theme in themes)
    wanted = np.isin(np.arange(len(run.framework.theme_ids)), places)

    def count(other: Picture) -> tuple[int, int]:
        joined = other.on[other.on.sum(axis=1) > 1]
        kinds, numbers = np.unique(joined, axis=0, return_counts=True)
        own = (kinds == wanted).all(axis=1)
        return int(numbers[own].sum()), int(numbers[~own].max(initial=0))

    def holds(other: Picture) -> bool:
        own, next_best = count(other)
        return own > next_best

    own, next_best = count(picture_of(run))
    says = (
        f"{' and '.join(_theme(run, theme) for theme in themes)} are joined in more priorities than any other themes: "
        f"exactly these in {_of(run, own)}; next, {next_best}."
    )
    return Claim("combination", tuple(themes), says, (), holds)


# --- words ---------------------------------------------------------------------------------------------------


def _of(run: Run, number: int) -> str:
    return f"{number} of {len(picture_of(run).on)} priorities"


def _verb(run: Run, themes: Sequence[str], boards: Sequence[str] = ()) -> str:
    cells = count_cells(run)
    own = cells[cells["theme"].isin(themes)]
    own = own[own["board"].isin(boards)] if boards else own
    return _VERBS[choose_word(int(own["confirmed"].sum()), int(own["tagged"].sum()))]


def _theme(run: Run, theme: str) -> str:
    return str(run.framework.theme(theme)["short"])


def _board(run: Run, board: str, theme: str = "") -> str:
    """Return the short name of a board, marked where all of it, or all that it has on a theme, is from stand-ins."""
    names = dict(zip(count_boards(run)["board"], count_boards(run)["short"], strict=True))
    cells = count_cells(run)
    own = cells[(cells["board"] == board) & (cells["theme"] == theme)]
    borrowed = (own["state"] == "stand-in").any() if len(own) else board in list_stand_in(cells)
    return f"{names[board]}{_DAGGER if borrowed else ''}"
