"""Ribbons from boards to themes: where the weight of each board's priorities lies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from mapping.cells import count_boards, count_cells, count_themes
from mapping.figures import style, words
from mapping.figures.chart import Chart, Checks
from mapping.figures.matrix import build_matrix
from mapping.figures.sheet import Sheet, choose_layout, height_of
from mapping.figures.slides import draw_slide_ribbons, write_slide_words
from mapping.figures.style import DAGGER, DARK_FROM, MARGIN, MUTED, WIDTH, balance, measure
from mapping.tags import Run

__all__ = ["MOST", "order_boards", "plot_ribbons"]

_TICK = "\u2713"

#: More boards or themes than this cannot be told apart as ribbons; the matrix is drawn instead.
MOST = 8
_LABEL = 1.5


@dataclass(frozen=True)
class _Look:
    """Sizes of one layout: texts in points; heights of all ribbons, the widest priority, slot and gap in inches."""

    label: float
    note: float
    all: float
    thickest: float
    slot: float
    gap: float


#: The roomy layout, and for a paper those that are lower, one after another.
_LOOKS = (
    _Look(style.LABEL, style.NOTE, 2.7, 0.11, 0.125, 0.12),
    _Look(style.LABEL, style.NOTE, 2.3, 0.095, 0.12, 0.09),
    _Look(style.HEAD, style.SMALLEST, 2.0, 0.08, 0.115, 0.07),
    _Look(style.HEAD, style.SMALLEST, 1.7, 0.07, 0.11, 0.05),
    _Look(7.5, style.SMALLEST, 1.3, 0.055, 0.105, 0.04),
    _Look(style.SMALLEST, style.SMALLEST, 1.0, 0.04, 0.1, 0.03),
)


def plot_ribbons(run: Run, *, title: str = "inside", context: str = "a4") -> Chart:
    """Draw a ribbon from each board to each theme it has priorities on; the wider, the more priorities.

    Dark from 45% of the board's priorities; a dashed line runs along the part of a ribbon that comes from stand-in
    documents. Boards are ordered by the mean position of their themes (barycentre), which keeps crossings few and
    is the same on every run; themes keep their agreed order. With more than eight boards or themes the matrix is
    drawn instead, and the caption says so.

    Parameters
    ----------
    run : Run
    title, context : str
        Where the headline stands, and where the figure is read (``Chart``).

    Returns
    -------
    Chart
        ``data``: the table of ``count_cells``, boards in the order drawn.
    """
    cells, boards, themes = count_cells(run), count_boards(run), count_themes(run)
    head = words.title_ribbons(run)
    if max(len(boards), len(themes)) > MOST:
        note = "Ribbons are drawn for at most eight boards and eight themes; here the matrix stands in their place."
        return build_matrix(run, "ribbons", head, note, title=title, context=context)
    order = order_boards(cells)
    boards = boards.set_index("board", drop=False).loc[order].reset_index(drop=True)
    cells = pd.concat([cells[cells["board"] == board] for board in order], ignore_index=True)
    what = "Ribbon width: number of priorities tagged."
    subtitle = words.join_parts(what, words.say_checks(cells), words.say_stand_in(cells))
    checks = Checks(words.list_names(boards, themes), _list_numbers, (style.QUIET_RIBBON, style.MAIN))
    order_note = "Boards are ordered to reduce crossings. Not a flow."
    caption = words.write_caption(run, order_note, head=head)
    if context == "slide":
        subtitle = write_slide_words(cells, "Width: number of priorities.")
        checks = replace(checks, numbers=lambda cells: ())
    draw = draw_slide_ribbons if context == "slide" else _draw
    alt, description = _write_alt(cells, boards, themes), _write_description(cells, boards, themes)
    return Chart(
        "ribbons", cells, head.text, subtitle, alt, description, caption,
        lambda sheet, y: draw(sheet, y, cells, boards, themes), head.verdict, title, context, checks,
    )  # fmt: skip


def _draw(sheet: Sheet, y: float, cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame) -> float:
    def draw(sheet: Sheet, look: _Look) -> float:
        return _Drawing(sheet, look, cells, boards, themes).draw(y)

    return draw(sheet, choose_layout(sheet, _LOOKS, draw))


def _list_numbers(cells: pd.DataFrame) -> list[str]:
    """Return the number of each ribbon, for both of its ends."""
    return [f"{number:,}" for number in cells.loc[cells["tagged"] > 0, "tagged"] for _ in range(2)]


def order_boards(cells: pd.DataFrame) -> list[str]:
    """Return the boards by the mean position of their tags among the themes; ties, and boards without tags, as agreed.

    Boards without tags come last.
    """
    place = {theme: n for n, theme in enumerate(cells["theme"].unique())}
    agreed = list(cells["board"].unique())

    def barycentre(board: str) -> float:
        own = cells[cells["board"] == board]
        total = int(own["tagged"].sum())
        where = sum(place[theme] * number for theme, number in zip(own["theme"], own["tagged"], strict=True))
        return round(where / total, 9) if total else float(len(place))

    return sorted(agreed, key=lambda board: (barycentre(board), agreed.index(board)))


# --- words --------------------------------------------------------------------------------------------------


def _write_alt(cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame) -> str:
    drawn, dark = cells[cells["tagged"] > 0], cells[cells["share"] >= DARK_FROM]
    word = words.choose_word(int(cells["confirmed"].sum()), int(cells["tagged"].sum()))
    said = "" if word == "tagged" or drawn.empty else f", all {word}"
    shorts = (boards.set_index("board")["short"], themes.set_index("theme")["short"])
    list_dark = words.join_names(
        f"{shorts[0][cell.board]} to {shorts[1][cell.theme]} ({cell.tagged} of {cell.priorities})"
        for cell in words.list_rows(dark)
    ) if len(dark) else ""  # fmt: skip
    return words.join_sentences(
        [
            f"Ribbons link {words.count_noun(len(boards), 'board')} to {words.count_noun(len(themes), 'theme')}: "
            f"{len(drawn)} of {len(cells)} possible ribbons{said}.",
            f"Ribbons at 45% or more of the board's priorities: {len(dark) or 'none'}." if len(drawn) else "",
            f"Dark: {list_dark}." if list_dark else "",
            words.say_stand_in(cells).replace(f" ({DAGGER})", ""),
            "The table beside the figure has all numbers.",
        ]
    )  # fmt: skip


def _write_description(cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame) -> str:
    names = dict(zip(themes["theme"], themes["name"], strict=True))
    parts = []
    for board in words.list_rows(boards):
        own = cells[(cells["board"] == board.board) & (cells["tagged"] > 0)]
        links = [f"{cell.tagged} to {names[cell.theme]}" for cell in words.list_rows(own)]
        said = words.join_names(links) if links else _say_silence(board)
        parts.append(f"{board.name}, {words.count_noun(board.priorities, 'priority', 'priorities')}: {said}.")
    return " ".join(parts)


def _say_silence(board: Any) -> str:
    if board.reading != "read":
        return "not read"
    return "no data" if not board.priorities else "no tag" if board.scored else "not scored"


# --- drawing ------------------------------------------------------------------------------------------------


@dataclass
class _Node:
    """A board or a theme: its label and the slots of its ribbons, from the top of the sheet."""

    code: str
    label: list[str]
    note: list[str]
    slots: dict[str, float]
    look: _Look
    top: float = 0.0

    @property
    def text_height(self) -> float:
        return height_of(self.label, self.look.label) + height_of(self.note, self.look.note)

    @property
    def bar(self) -> float:
        return max(0.14, sum(self.slots.values()))

    @property
    def height(self) -> float:
        return max(self.bar, self.text_height)

    @property
    def bar_top(self) -> float:
        return self.top + (self.height - self.bar) / 2

    def middle_of(self, other: str) -> float:
        """Return the middle of the slot of the ribbon to another node."""
        before = list(self.slots)[: list(self.slots).index(other)]
        return self.bar_top + sum(self.slots[code] for code in before) + self.slots[other] / 2


class _Drawing:
    """One drawing of the ribbons: nodes at both sides, each ribbon in a slot of its own at either end."""

    def __init__(
        self, sheet: Sheet, look: _Look, cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame
    ) -> None:
        self.cells, self.boards, self.themes = cells, boards, themes
        self.drawn = cells[cells["tagged"] > 0]
        self.sheet, self.look = sheet, look
        self.unit = self._choose_unit()
        self.left_x, self.right_x = MARGIN + _LABEL + 0.08, WIDTH - MARGIN - _LABEL - 0.08
        #: Room of the numbers at either end of the ribbons.
        numbers = [measure(self._say_number(cell), look.note, True) for cell in words.list_rows(self.drawn)]
        self.column = max([0.27, *(number + 0.06 for number in numbers)])
        self.left = [
            _Node(
                board.board, balance(board.name, _LABEL, look.label), balance(self._note(board), _LABEL, look.note),
                self._find_slots("board", board.board, "theme"), look,
            )
            for board in words.list_rows(boards)
        ]  # fmt: skip
        self.right = [
            _Node(
                theme.theme, balance(theme.name, _LABEL - 0.28, look.label), [],
                self._find_slots("theme", theme.theme, "board"), look,
            )
            for theme in words.list_rows(themes)
        ]  # fmt: skip

    def _choose_unit(self) -> float:
        """Return the width of one priority: as wide as the page allows, at least so that a usual ribbon is seen."""
        look = self.look
        if self.drawn.empty:
            return look.thickest
        usual = look.slot * 0.56 / float(self.drawn["tagged"].median())
        fair = look.all / int(self.drawn["tagged"].sum())
        # A few very wide ribbons may not make all the others wide.
        return min(look.thickest, max(fair, min(usual, 1.6 * fair)))

    def _note(self, board: Any) -> str:
        if self.drawn["board"].eq(board.board).any():
            return words.say_reading(board)
        return words.say_reading(board) or _say_silence(board)

    def _find_slots(self, side: str, code: str, other: str) -> dict[str, float]:
        own = self.drawn[self.drawn[side] == code]
        ribbons = zip(own[other], own["tagged"], strict=True)
        return {str(code): max(self.look.slot, count * self.unit + 0.03) for code, count in ribbons}

    def draw(self, y: float) -> float:
        y = self._place(y)
        for layer, cell in enumerate(sorted(words.list_rows(self.drawn), key=lambda cell: float(cell.share))):
            self._draw_ribbon(cell, layer)
        self._draw_nodes()
        return self._draw_key(y + 0.16) + 0.1

    def _place(self, y: float) -> float:
        """Give both sides the same height and spread their nodes over it; return where they end."""
        space = self.look.gap
        least = [sum(node.height for node in side) + space * (len(side) - 1) for side in (self.left, self.right)]
        height = max(least)
        for side, own in ((self.left, least[0]), (self.right, least[1])):
            gap = space + (height - own) / max(1, len(side) - 1)
            top = y if len(side) > 1 else y + (height - own) / 2
            for node in side:
                node.top = top
                top += node.height + gap
        return y + height

    def _draw_ribbon(self, cell: Any, layer: int) -> None:
        left = next(node for node in self.left if node.code == cell.board)
        right = next(node for node in self.right if node.code == cell.theme)
        ends = (left.middle_of(cell.theme), right.middle_of(cell.board))
        dark = cell.share >= DARK_FROM
        begin, end = self.left_x + 0.11 + self.column, self.right_x - 0.11 - self.column
        width = cell.tagged * self.unit
        named, stand_in = (cell.tagged - cell.stand_in) * self.unit, cell.stand_in * self.unit
        for part, offset, is_named in ((named, (named - width) / 2, True), (stand_in, (width - stand_in) / 2, False)):
            if part > 0:
                self._draw_part((begin, ends[0] + offset), (end, ends[1] + offset), part, (dark, is_named), layer)
        middle = 0.11 + self.column / 2
        for x, y in ((self.left_x + middle, ends[0]), (self.right_x - middle, ends[1])):
            self.sheet.text_at(x, y, self._say_number(cell), self.look.note, bold=dark)

    def _say_number(self, cell: Any) -> str:
        return f"{cell.tagged:,}{DAGGER if cell.stand_in == cell.tagged else ''}{_TICK if cell.confirmed else ''}"

    def _draw_part(
        self,
        begin: tuple[float, float],
        end: tuple[float, float],
        width: float,
        kind: tuple[bool, bool],
        layer: int = 0,
    ) -> None:
        dark, named = kind
        spine = "" if named else style.WHITE if dark else style.MUTED
        self.sheet.ribbon(begin, end, width, face=style.MAIN if dark else style.QUIET_RIBBON, spine=spine, layer=layer)

    def _draw_nodes(self) -> None:
        sheet = self.sheet
        for node in self.left:
            face = style.NODE if node.slots else style.WHITE
            sheet.box(self.left_x, node.bar_top, 0.11, node.bar, face=face, edge=style.NODE, dashed=not node.slots)
            y = node.top + (node.height - node.text_height) / 2
            y = sheet.lines(MARGIN + _LABEL, y, node.label, self.look.label, align="right")
            sheet.lines(MARGIN + _LABEL, y, node.note, self.look.note, align="right", colour=MUTED)
        for node, number in zip(self.right, self.themes["number"], strict=True):
            face = style.NODE if node.slots else style.WHITE
            sheet.box(
                self.right_x - 0.11, node.bar_top, 0.11, node.bar, face=face, edge=style.NODE, dashed=not node.slots
            )
            x, middle = self.right_x + 0.08, node.top + node.height / 2
            sheet.text_at(x, middle, number, style.NUMBER, bold=True, align="left")
            label = node.label
            sheet.lines(x + 0.28, middle - node.text_height / 2, label, self.look.label)

    def _draw_key(self, y: float) -> float:
        """Explain the ribbons in words, and only the kinds that were drawn."""
        x = MARGIN
        entries = []
        dark = self.drawn["share"] >= DARK_FROM
        if dark.any():
            entries.append(("45% or more of the board's list", (True, True)))
        if (~dark).any():
            entries.append(("a smaller share", (False, True)))
        if self.drawn["stand_in"].any():
            entries.append((f"dashed, {DAGGER}: stand-in documents", (False, False)))
        if self.drawn["confirmed"].any():
            label = f"{_TICK}: one or more confirmed by a person"
            self.sheet.text_at(MARGIN, y + 0.07, label, style.HEAD, align="left")
            y += 0.2
        for label, kind in entries:
            if x + 0.34 + measure(label, style.HEAD) > WIDTH - MARGIN:
                x, y = MARGIN, y + 0.2
            self._draw_part((x, y + 0.07), (x + 0.3, y + 0.07), 0.11, kind)
            self.sheet.text_at(x + 0.36, y + 0.07, label, style.HEAD, align="left")
            x += 0.36 + measure(label, style.HEAD) + 0.2
        return y + 0.16 if entries else y
