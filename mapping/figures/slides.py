"""Slides: the ribbons and the board pairs for the back row, each with one message and little else."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mapping.figures import style, words
from mapping.figures.nodes import draw_board, explain_boards, find_kind
from mapping.figures.places import Segment, cross
from mapping.figures.sheet import Sheet, height_of
from mapping.figures.style import DAGGER, DARK_FROM, MAIN, MUTED, NODE, WHITE, balance, fit_size, measure
from mapping.pairs import describe_overlap

__all__ = [
    "LEFT", "RIGHT", "ROOM", "SIZE", "draw_slide_pairs", "draw_slide_ribbons", "list_slide_pairs", "note_slide_pairs",
    "write_slide_words",
]  # fmt: skip

#: Margins at the sides; room between the body and the line above the source.
LEFT, RIGHT, ROOM = 0.5, 12.83, 0.12
#: Size of text in points; none is smaller.
SIZE = 18.0
#: Room of a ribbon with its number; a priority narrower than this is too thin.
_NUMBERED, _THIN = 0.27, 0.008
#: Pairs that are listed; dark lines of the network; boards that fit a network.
_LISTED, _THREE, _POLYGON = 10, 3, 8
#: From the middle of a network to the edge of its half of the slide, less what a name needs to be clear of its node.
_SIDE = 2.85


def write_slide_words(cells: pd.DataFrame, what: str) -> str:
    """Return the subtitle of a slide: what is counted, how far it is checked, and who is there through stand-ins."""
    return words.join_parts(what, words.say_checks(cells), words.say_stand_in(cells))


# --- the ribbons --------------------------------------------------------------------------------------------


@dataclass
class _Side:
    """The boards or the themes: where each begins, and where its ribbons do."""

    codes: list[str]
    slots: dict[tuple[str, str], float]
    tops: dict[str, float]
    heights: dict[str, float]

    def middle(self, code: str, other: str) -> float:
        own = [(key, height) for key, height in self.slots.items() if key[0] == code]
        before = sum(height for key, height in own[: [key[1] for key, _ in own].index(other)])
        used = sum(height for _, height in own)
        return self.tops[code] + (self.heights[code] - used) / 2 + before + self.slots[code, other] / 2


def draw_slide_ribbons(
    sheet: Sheet, y: float, cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame
) -> float:
    """Draw the ribbons; only the dark ones carry their number; return where they end."""
    drawn = words.list_rows(cells[cells["tagged"] > 0])
    foot = sheet.foot - ROOM - 0.45
    names = [_choose_names(table, foot - y) for table in (boards, themes)]
    ends = [(list(boards["board"]), names[0]), (list(themes["theme"]), names[1])]
    # Room for the number of every dark ribbon; with too many of them only the widest have one.
    units = [(_choose_unit(drawn, ends, foot - y, room), room) for room in (_NUMBERED, 0.0)]
    unit, floor = units[0] if units[0][0] > _THIN else units[1]
    left = _place_side(*ends[0], {(c.board, c.theme): _slot(c, unit, floor) for c in drawn}, y, foot)
    right = _place_side(*ends[1], {(c.theme, c.board): _slot(c, unit, floor) for c in drawn}, y, foot)
    begin, end = LEFT + 3.25, RIGHT - 3.25
    dark_ones = [measure(_say_number(cell), SIZE, True) for cell in drawn if cell.share >= DARK_FROM]
    column = 0.14 + max(dark_ones, default=0.0) + 0.16
    for layer, cell in enumerate(sorted(drawn, key=lambda cell: float(cell.share))):
        dark = cell.share >= DARK_FROM
        heights = left.middle(cell.board, cell.theme), right.middle(cell.theme, cell.board)
        width, face = max(0.035, cell.tagged * unit), MAIN if dark else style.QUIET_RIBBON
        sheet.ribbon((begin + column, heights[0]), (end - column, heights[1]), width, face=face, layer=layer)
        if dark and _slot(cell, unit, floor) >= _NUMBERED:
            for x, height in ((begin + (0.14 + column) / 2, heights[0]), (end - (0.14 + column) / 2, heights[1])):
                sheet.text_at(x, height, _say_number(cell), SIZE, bold=True)
    for side, lines, at in ((left, names[0], begin), (right, names[1], end - 0.14)):
        for code, label in zip(side.codes, lines, strict=True):
            empty = not any(key[0] == code for key in side.slots)
            face = WHITE if empty else NODE
            sheet.box(at, side.tops[code], 0.14, side.heights[code], face=face, edge=NODE, dashed=empty)
            middle = side.tops[code] + side.heights[code] / 2 - height_of(label, SIZE) / 2
            x, align = (begin - 0.15, "right") if at == begin else (end + 0.15, "left")
            sheet.lines(x, middle, label, SIZE, align=align)
    return _draw_ribbon_key(sheet, foot + 0.1, drawn)


def _choose_names(table: pd.DataFrame, room: float) -> list[list[str]]:
    """Return the names in full where they fit in two lines each and in the room, otherwise short."""
    number = [f"{number} " for number in table["number"]] if "number" in table else [""] * len(table)
    full = [balance(f"{n}{name}", 3.05, SIZE) for n, name in zip(number, table["name"], strict=True)]
    fits = sum(height_of(lines, SIZE) + 0.1 for lines in full) <= room and all(len(lines) <= 2 for lines in full)
    return full if fits else [[f"{n}{name}"] for n, name in zip(number, table["short"], strict=True)]


def _say_number(cell: Any) -> str:
    return f"{cell.tagged:,}{DAGGER if cell.stand_in == cell.tagged else ''}"


def _slot(cell: Any, unit: float, floor: float) -> float:
    """Return the room of a ribbon at its ends; ``floor`` is that of the number of a dark one."""
    return max(0.035, float(cell.tagged * unit), floor - 0.03 if cell.share >= DARK_FROM else 0.0) + 0.03


def _choose_unit(drawn: list[Any], sides: list[tuple[list[str], list[list[str]]]], room: float, floor: float) -> float:
    """Return the width of one priority: as wide as the slide allows on both sides, at most a quarter of an inch."""
    unit = 0.25
    while unit > 0.0005:
        if all(_need(drawn, codes, names, unit, side, floor) <= room for side, (codes, names) in enumerate(sides)):
            return unit
        unit *= 0.95
    return unit


def _need(
    drawn: list[Any], codes: list[str], names: list[list[str]], unit: float, side: int, floor: float
) -> float:  # fmt: skip
    heights = [
        max(height_of(label, SIZE), sum(_slot(c, unit, floor) for c in drawn if (c.board, c.theme)[side] == code))
        for code, label in zip(codes, names, strict=True)
    ]
    return sum(heights) + 0.1 * (len(heights) - 1)


def _place_side(
    codes: list[str], names: list[list[str]], slots: dict[tuple[str, str], float], top: float, foot: float
) -> _Side:
    """Spread the nodes of one side over its height."""
    heights = {
        code: max(height_of(label, SIZE), sum(h for key, h in slots.items() if key[0] == code))
        for code, label in zip(codes, names, strict=True)
    }
    gap = (foot - top - sum(heights.values())) / max(1, len(codes) - 1) if len(codes) > 1 else 0.0
    gap, at, tops = min(gap, 0.6), top, {}
    at += (foot - top - sum(heights.values()) - gap * (len(codes) - 1)) / 2
    for code in codes:
        tops[code] = at
        at += heights[code] + gap
    return _Side(codes, slots, tops, heights)


def _draw_ribbon_key(sheet: Sheet, y: float, drawn: list[Any]) -> float:
    x, middle = LEFT, y + 0.16
    dark = any(cell.share >= DARK_FROM for cell in drawn)
    for face, label, wanted in (
        (MAIN, "45% or more of the board's list", dark),
        (style.QUIET_RIBBON, "a smaller share", any(cell.share < DARK_FROM for cell in drawn)),
    ):
        if wanted:
            sheet.box(x, middle - 0.11, 0.6, 0.22, face=face)
            sheet.text_at(x + 0.72, middle, label, SIZE, align="left")
            x += 0.72 + measure(label, SIZE) + 0.4
    return y + 0.35


# --- the pairs ----------------------------------------------------------------------------------------------


def list_slide_pairs(pairs: pd.DataFrame) -> list[str]:
    """Return the overlaps that a slide lists, as texts."""
    return [describe_overlap(pair) for pair in words.list_rows(pairs.head(_LISTED))]


def note_slide_pairs(pairs: pd.DataFrame, cells: pd.DataFrame, boards: pd.DataFrame) -> list[str]:
    """Return what stands below the slide of pairs: its marks, and how many pairs are not shown."""
    shown, through = list_slide_pairs(pairs), words.list_stand_in(cells)
    tags, hidden = cells.groupby("board")["tagged"].sum(), len(pairs) - len(shown)
    kinds = {find_kind(board, int(tags[board]), through) for board in boards["board"]}
    return [
        "Overlap is not cooperation.",
        *(explain_boards(kinds) if len(boards) <= _POLYGON else []),
        "Few tags: under five on one side." if "few tags" in shown else "",
        f"{hidden} less alike pairs are not shown." if hidden > 0 else "",
    ]


def draw_slide_pairs(
    sheet: Sheet, y: float, pairs: pd.DataFrame, cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame
) -> float:
    """Draw the network of boards, and beside it the pairs that are most alike; return where they end."""
    through = words.list_stand_in(cells)
    names = {row.board: f"{row.short}{DAGGER if row.board in through else ''}" for row in words.list_rows(boards)}
    rows = words.list_rows(pairs)
    firm = [pair for pair in rows if describe_overlap(pair).endswith("%") and pair.overlap > 0]
    bar = firm[_THREE].overlap if len(firm) > _THREE else 0.0
    dark = {(p.board_a, p.board_b) for p in firm[:_THREE] if p.overlap > bar}
    network = len(boards) <= _POLYGON
    if network:
        _draw_network(sheet, (y + sheet.foot) / 2, rows, dark, names, boards, through, cells)
    left = 6.75 if network else 2.0
    return _draw_list(sheet, left, y, rows[:_LISTED], dark, names)


def _draw_list(
    sheet: Sheet, left: float, y: float, rows: list[Any], dark: set[tuple[str, str]], names: dict[str, str]
) -> float:
    labels = [f"{names[pair.board_a]} – {names[pair.board_b]}" for pair in rows]
    bar = left + max(measure(label, SIZE, True) for label in labels) + 0.15
    longest = max(0.2, min(3.0, RIGHT - bar - 1.1))
    pitch = min(0.46, (sheet.foot - ROOM - y) / (len(rows) + 0.2))
    for pair, label in zip(rows, labels, strict=True):
        middle, text, is_dark = y + pitch / 2, describe_overlap(pair), (pair.board_a, pair.board_b) in dark
        size = fit_size(label, bar - 0.15 - left, SIZE, is_dark, least=SIZE)
        sheet.text_at(bar - 0.15, middle, label, size, bold=is_dark, align="right")
        length = float(pair.overlap) * longest if text.endswith("%") else 0.0
        if length:
            sheet.box(bar, middle - 0.11, length, 0.22, face=MAIN if is_dark else style.QUIET_BAR)
        colour = style.INK if text.endswith("%") else MUTED
        sheet.text_at(bar + length + 0.1 * bool(length), middle, text, SIZE, bold=is_dark, colour=colour, align="left")
        y += pitch
    return y


def _draw_network(
    sheet: Sheet, middle: float, rows: list[Any], dark: set[tuple[str, str]], names: dict[str, str],
    boards: pd.DataFrame, through: list[str], cells: pd.DataFrame,
) -> None:  # fmt: skip
    """Draw boards at fixed places on a polygon, their overlaps as lines."""
    number, centre, node = len(boards), (3.5, middle), 0.36
    turn = 0.5 if number in (2, 4) else 0.0
    node = max(node, *(measure(f"{count:,}", SIZE, True) / 2 + 0.07 for count in boards["priorities"]))
    radius = min(1.62, sheet.foot - middle - node - 0.45)
    # A long name at the side stands beyond its node, clear of the lines to the others.
    aside = min(radius, max(0.9, _SIDE - max(measure(name, SIZE) for name in names.values())))
    at = {
        board: (centre[0] + aside * math.sin(2 * math.pi * (n + turn) / number),
                centre[1] - radius * math.cos(2 * math.pi * (n + turn) / number))
        for n, board in enumerate(boards["board"])
    }  # fmt: skip
    drawn = [pair for pair in rows if pair.overlap == pair.overlap and pair.overlap > 0]
    for pair in sorted(drawn, key=lambda pair: (pair.board_a, pair.board_b) in dark):
        colour = MAIN if (pair.board_a, pair.board_b) in dark else "#C8CDD3"
        width = 1.4 + 18.0 * float(pair.overlap) ** 2
        sheet.line(at[pair.board_a], at[pair.board_b], colour=colour, width=width)
    lines = [(*at[pair.board_a], *at[pair.board_b]) for pair in drawn]
    tags = cells.groupby("board")["tagged"].sum()
    for row in words.list_rows(boards):
        x, y = at[row.board]
        sheet.disc(x, y, node + 0.04, face=WHITE, edge=WHITE)
        kind = find_kind(row.board, int(tags[row.board]), through)
        draw_board(sheet, (x, y), node, row.priorities, kind, 20.0, SIZE)
        _name_node(sheet, names[row.board], (x, y), centre, node, lines)


def _name_node(
    sheet: Sheet, name: str, place: tuple[float, float], centre: tuple[float, float], node: float, lines: list[Segment]
) -> None:
    """Write a board's name outside the polygon, inside the left half of the slide, where no line runs through it."""
    (x, y), width, aside = place, measure(name, SIZE), place[0] - centre[0]
    middle = y - node - 0.2 if y <= centre[1] + 0.05 else y + node + 0.2
    spots = []
    # Over the node or, at the side, further and further out.
    for inside in (0.25, 0.0, -0.15) if abs(aside) >= 0.3 else (width / 2,):
        shift = math.copysign(max(0.0, width / 2 - inside), aside)
        spots.append(min(max(LEFT, x + shift - width / 2), 6.6 - width))
    crossed = [sum(cross((left, middle - 0.2, left + width, middle + 0.2), line) for line in lines) for left in spots]
    sheet.text_at(spots[crossed.index(min(crossed))], middle, name, SIZE, align="left")
