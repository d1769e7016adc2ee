"""How the matrix is drawn: numbers and shades, with its margins, in a roomy layout and in lower ones for a paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from mapping.figures import style, words
from mapping.figures.sheet import Sheet, choose_layout, height_of
from mapping.figures.states import MEANINGS, SIGNS, fit_words, list_states, name_state
from mapping.figures.style import DAGGER, MARGIN, MUTED, TICK, WIDTH, balance, choose_shade, fit_size, measure

__all__ = ["draw_matrix"]

_GAP = 0.05
#: Rows higher than this in all would not fit a page; the boards then go by their short names.
_TALLEST = 6.3
#: With more themes than this, columns and the names of boards are narrow, and no bars stand at the right.
_MANY = 8
#: The narrowest column for which the names of boards are given more room.
_NARROWEST = 0.46


@dataclass(frozen=True)
class _Look:
    """Sizes of one layout, texts in points and all else in inches.

    ``rows`` are the least heights of a row whose cells have no, one or two small lines; ``most`` lines may stand above
    a column. A ``close`` layout says its keys as running text.
    """

    label: float
    head: float
    note: float
    number: float
    column: float
    bar: float
    gap: float
    rows: tuple[float, float, float]
    most: int
    close: bool = True


_ROOMY = _Look(
    style.LABEL, style.HEAD, style.NOTE, style.NUMBER, style.NUMBER, 0.44, _GAP, (0.36, 0.44, 0.54), 4, False
)
#: For a paper: each lower than the one before.
_CLOSE = (
    _Look(style.LABEL, style.HEAD, 7.0, style.NUMBER, 11.0, 0.36, 0.04, (0.30, 0.36, 0.46), 4),
    _Look(style.HEAD, style.HEAD, 7.0, 11.0, 10.0, 0.30, 0.04, (0.26, 0.33, 0.44), 4),
    _Look(7.5, 7.5, 7.0, 11.0, 10.0, 0.25, 0.03, (0.23, 0.30, 0.42), 3),
    _Look(7.0, 7.0, 7.0, 10.0, 9.0, 0.20, 0.02, (0.20, 0.28, 0.41), 2),
)


def draw_matrix(sheet: Sheet, y: float, cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame) -> float:
    """Draw the matrix below ``y``, in a paper as low as its sheet asks; return where it ends."""

    def draw(sheet: Sheet, look: _Look) -> float:
        return _Drawing(sheet, look, cells, boards, themes).draw(y)

    looks = _CLOSE if sheet.context.highest else (_ROOMY,)
    return draw(sheet, choose_layout(sheet, looks, draw))


@dataclass(frozen=True)
class _Columns:
    """Where things stand from left to right, in inches."""

    label: float
    left: float
    cell: float
    right: float

    def x(self, theme: int) -> float:
        return self.left + theme * (self.cell + _GAP)


class _Drawing:
    """One drawing of the matrix: the tables, the sheet, and what is settled before the first line is drawn."""

    def __init__(
        self, sheet: Sheet, look: _Look, cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame
    ) -> None:
        self.cells, self.boards, self.themes = cells, boards, themes
        self.sheet, self.look, self.names = sheet, look, "name"
        self.at = self._place_columns()
        self.heads, self.in_full = self._choose_heads()
        self.states = list_states(cells)
        #: Whether what has no room in words stands as a sign, in all cells.
        self.signs = not fit_words(self.states, self.at.cell - 0.03, style.SMALLEST)
        self.notes = self._join_notes() if look.close else self._choose_notes()
        self.height = self._choose_height()
        if not look.close and self.height * len(boards) > _TALLEST:
            self.names, self.notes = "short", self._join_notes()
            self.height = self._choose_height()
        self.side = self._find_side()

    # --- what is settled first ---

    def _place_columns(self) -> _Columns:
        number = len(self.themes)
        label, margin = (1.0, 0.62) if number > _MANY else (1.36, 0.96)
        room = WIDTH - 2 * MARGIN - label - 0.1 - margin - 0.07
        if self.look.close:
            spare = room - number * (_NARROWEST + _GAP)
            wider = max(0.0, min(self._need_label(label) - label, spare))
            label, room = label + wider, room - wider
        cell = min(room / number - _GAP, 0.95)
        # Room that the cells leave goes to the names.
        label += min(0.6, room - number * (cell + _GAP))
        left = MARGIN + label + 0.1
        return _Columns(label, left, cell, left + number * (cell + _GAP) + 0.07)

    def _need_label(self, least: float) -> float:
        """Return the width in which every board's name has two lines or fewer."""
        widths = [least + n / 20 for n in range(30)]
        names = list(self.boards["name"])
        fits = (w for w in widths if all(len(balance(name, w, self.look.label)) <= 2 for name in names))
        return next(fits, widths[-1])

    def _choose_heads(self) -> tuple[list[list[str]], bool]:
        """Return the lines above each column, and whether the names must be listed in full below."""
        width, size = self.at.cell + _GAP - 0.03, self.look.head
        for column, most in (("name", self.look.most), ("short", 2), ("tiny", 1)):
            heads = [balance(name, width, size) for name in self.themes[column]]
            whole = all(measure(word, size) <= width for name in self.themes[column] for word in name.split())
            if whole and all(len(lines) <= most for lines in heads):
                return heads, column != "name"
        return [[] for _ in self.themes["name"]], True

    def _choose_notes(self) -> dict[tuple[str, str], list[str]]:
        """Return the small lines of each cell: in words where all of them fit, otherwise as signs."""
        notes = self._write_notes(brief=False)
        widest = max((measure(note, style.SMALLEST) for own in notes.values() for note in own), default=0.0)
        return notes if widest <= self.at.cell - 0.02 else self._write_notes(brief=True)

    def _write_notes(self, *, brief: bool) -> dict[tuple[str, str], list[str]]:
        confirmed = bool(self.cells["confirmed"].any())
        notes: dict[tuple[str, str], list[str]] = {}
        for cell in words.list_rows(self.cells[self.cells["tagged"] > 0]):
            mixed = 0 < int(cell.stand_in) < int(cell.tagged)
            sure = f"{cell.confirmed}{TICK}" if brief else f"{cell.confirmed} confirmed"
            part = f"{cell.stand_in}{DAGGER}" if brief else f"incl. {cell.stand_in}{DAGGER}"
            notes[str(cell.board), str(cell.theme)] = [sure] * confirmed + [part] * mixed
        return notes

    def _join_notes(self) -> dict[tuple[str, str], list[str]]:
        """Return the small lines on one line where there is room: in words if each has but one, otherwise as signs."""
        long = self._choose_notes()
        if self.look.close and all(len(notes) < 2 for notes in long.values()):
            return long
        joined = {key: " ".join(notes) for key, notes in self._write_notes(brief=True).items()}
        widest = max((measure(note, style.SMALLEST) for note in joined.values()), default=0.0)
        fits = widest <= self.at.cell - 0.02
        return {key: [note] if note else [] for key, note in joined.items()} if fits else self._write_notes(brief=True)

    def _say_reading(self, board: Any) -> list[str]:
        """Return what was not read of a board; in a word or two where there is little room."""
        said = words.say_reading(board, brief=self.names == "short" or self.look.close)
        return balance(said, self.at.label, self.look.note)

    def _choose_height(self) -> float:
        """Return the height of a row, the same for all: what the tallest name or cell needs."""
        names = [
            height_of(balance(getattr(board, self.names), self.at.label, self.look.label), self.look.label)
            + height_of(self._say_reading(board), self.look.note)
            for board in words.list_rows(self.boards)
        ]
        lines = max(map(len, self.notes.values()), default=0)
        heights = (0.28, 0.36, 0.45) if self.names == "short" else self.look.rows
        rows = 0.0 if self.signs else max((height_of(self._balance(s), style.SMALLEST) for s in self.states), default=0)
        return max([heights[min(lines, 2)], rows + 0.04, *(height + 0.02 for height in names)])

    def _find_side(self) -> float:
        """Return the width of the longest bar beside the rows; 0 where there is no room for bars."""
        counts = [self._count_side(board) for board in words.list_rows(self.boards)]
        width = WIDTH - MARGIN - self.at.right - 0.05 - max(measure(count, self.look.head) for count in counts)
        return width if width > 0.25 else 0.0

    # --- drawing ---

    def draw(self, y: float) -> float:
        y = self._draw_top(y)
        for board in words.list_rows(self.boards):
            self._draw_row(board, y)
            y += self.height + self.look.gap
        return self._draw_close_key(y + 0.04) + 0.06 if self.look.close else self._draw_key(y + 0.07) + 0.08

    def _draw_top(self, y: float) -> float:
        """Draw the bars of all boards and the heads of the columns; return where the rows begin."""
        sheet, at, look = self.sheet, self.at, self.look
        above, number, names = (0.15, 0.125, 0.22) if look.close else (0.17, 0.17, 0.29)
        longest = max(1, int(self.themes["tagged"].max()))
        base = y + above + look.bar
        label = balance("Priorities per theme, all boards", at.label, look.head)
        sheet.lines(MARGIN + at.label, base - height_of(label, look.head), label, look.head, align="right")
        sheet.line((at.left, base), (at.x(len(self.themes)) - _GAP, base))
        thick, unit, pitch = at.cell * 0.5, look.bar / longest, at.cell + _GAP - 0.06
        foot = base + names + 0.02 + max(map(len, self.heads)) * style.PITCH * look.head / 72
        size = min(fit_size(theme, pitch, look.column, bold=True) for theme in self.themes["number"])
        for n, theme in enumerate(words.list_rows(self.themes)):
            middle, count = at.x(n) + at.cell / 2, f"{theme.tagged:,}"
            sheet.bar(middle - thick / 2, base, theme.confirmed * unit, theme.suggested * unit, thick, upright=True)
            wide = fit_size(count, pitch, style.LABEL, bold=True)
            sheet.text(middle, base - theme.tagged * unit - 0.05, count, wide, bold=True, align="center")
            sheet.text_at(middle, base + number, theme.number, size, bold=True)
            sheet.lines(middle, base + names, self.heads[n], look.head, align="center")
        side = balance("Priorities with a theme", WIDTH - MARGIN - at.right, look.head)
        sheet.lines(at.right, foot - height_of(side, look.head), side, look.head)
        return foot + 0.05

    def _draw_row(self, board: Any, y: float) -> None:
        sheet, right, look = self.sheet, MARGIN + self.at.label, self.look
        label = balance(getattr(board, self.names), self.at.label, look.label)
        below = self._say_reading(board)
        tall = height_of(label, look.label) + height_of(below, look.note)
        top = sheet.lines(right, y + (self.height - tall) / 2, label, look.label, align="right")
        sheet.lines(right, top, below, look.note, align="right", colour=MUTED)
        own = self.cells[self.cells["board"] == board.board]
        for n, cell in enumerate(words.list_rows(own)):
            if cell.tagged:
                self._draw_count(cell, self.at.x(n), y)
            else:
                self._draw_empty(name_state(str(cell.state)), self.at.x(n), y)
        self._draw_side(board, y + self.height / 2)

    def _draw_count(self, cell: Any, x: float, y: float) -> None:
        sheet, width = self.sheet, self.at.cell
        face, ink = choose_shade(cell.share)
        sheet.box(x, y, width, self.height, face=face)
        number = f"{cell.tagged:,}{DAGGER if cell.stand_in == cell.tagged else ''}"
        size = fit_size(number, width - 0.02, self.look.number, bold=True)
        notes = self.notes[cell.board, cell.theme]
        pitch = style.SMALLEST * 1.3 / 72
        at = y + self.height / 2 - len(notes) * pitch / 2
        sheet.text_at(x + width / 2, at, number, size, bold=True, colour=ink)
        for n, note in enumerate(notes):
            sheet.text_at(x + width / 2, at + size * 0.55 / 72 + (n + 0.6) * pitch, note, style.SMALLEST, colour=ink)

    def _draw_empty(self, state: str, x: float, y: float) -> None:
        sheet, width, unread = self.sheet, self.at.cell, state in ("not read", "not scored")
        edge = style.GREY if unread else style.RULE
        sheet.box(x + 0.006, y + 0.006, width - 0.012, self.height - 0.012, edge=edge, dashed=unread)
        if self.signs:
            sheet.text_at(x + width / 2, y + self.height / 2, SIGNS[state], style.HEAD, colour=MUTED)
            return
        lines = self._balance(state)
        top = y + (self.height - height_of(lines, style.SMALLEST)) / 2
        sheet.lines(x + width / 2, top, lines, style.SMALLEST, colour=MUTED, align="center")

    def _balance(self, state: str) -> list[str]:
        return balance(state, self.at.cell - 0.02, style.SMALLEST)

    def _count_side(self, board: Any) -> str:
        return f"{board.with_theme:,} of {board.priorities:,}"

    def _draw_side(self, board: Any, middle: float) -> None:
        """Draw a board's priorities with at least one theme, out of all."""
        sheet, x, thick = self.sheet, self.at.right, 0.15 if self.look.close else 0.2
        if self.side and board.priorities:
            unit = self.side / max(1, int(self.boards["priorities"].max()))
            sheet.box(
                x, middle - thick / 2, board.priorities * unit, thick, face=style.ZEBRA, edge=style.RULE, line=0.5
            )
            waiting = board.with_theme - board.with_confirmed
            sheet.bar(x, middle - thick / 2, board.with_confirmed * unit, waiting * unit, thick)
            x += board.priorities * unit + 0.05
        text = self._count_side(board)
        sheet.text_at(x, middle, text, fit_size(text, WIDTH - MARGIN - x, self.look.head), align="left")

    # --- the key ---

    def _draw_key(self, y: float) -> float:
        """Explain in words what was drawn, and only that; return where it ends."""
        sheet, marks = self.sheet, self._list_marks()
        y = self._draw_full_names(y) if self.in_full else y
        if (self.cells["tagged"] > 0).any():
            sheet.text(MARGIN, y + 0.1, "Shade: share of the board's own priorities (%)", style.HEAD)
            for n, (_, face, ink, label) in enumerate(style.SHADES):
                sheet.box(MARGIN + n * 0.62, y + 0.16, 0.60, 0.18, face=face)
                sheet.text_at(MARGIN + n * 0.62 + 0.30, y + 0.25, label, style.SMALLEST, colour=ink)
        if self._list_bars():
            sheet.text(MARGIN + 3.42, y + 0.1, "Bars: how far people have checked", style.HEAD)
            self._draw_bar_key(MARGIN + 3.42, y + 0.25, style.NOTE)
            y += 0.42
        indent = max((measure(term, style.NOTE, True) for term, _ in marks), default=0.0) + 0.08
        indent = max(0.62, indent)
        for term, meaning in marks:
            sheet.lines(MARGIN, y, [term], style.NOTE, bold=True)
            y = sheet.paragraph(MARGIN + indent, y, meaning, style.NOTE, WIDTH - 2 * MARGIN - indent)
        return y

    def _list_bars(self) -> list[str]:
        """Return the kinds of bar that were drawn."""
        confirmed, tagged = int(self.cells["confirmed"].sum()), int(self.cells["tagged"].sum())
        without = int((self.boards["priorities"] - self.boards["with_theme"]).sum())
        drawn = ("confirmed", confirmed), ("suggested", tagged - confirmed), ("no theme", without * bool(self.side))
        return [kind for kind, number in drawn if number]

    def _draw_bar_key(self, x: float, middle: float, size: float) -> None:
        sheet = self.sheet
        for kind in self._list_bars():
            if kind == "no theme":
                sheet.box(x, middle - 0.08, 0.2, 0.16, face=style.ZEBRA, edge=style.RULE, line=0.5)
            else:
                sheet.bar(x, middle - 0.08, 0.2 * (kind == "confirmed"), 0.2 * (kind == "suggested"), 0.16)
            sheet.text_at(x + 0.25, middle, kind, size, align="left")
            x += 0.25 + measure(kind, size) + 0.13

    def _draw_close_key(self, y: float) -> float:
        """Explain the same on as few lines as can be; return where it ends."""
        sheet, size, x, said = self.sheet, style.SMALLEST, MARGIN, "Share of the board's own list, %:"
        if (self.cells["tagged"] > 0).any():
            sheet.text_at(x, y + 0.08, said, size, align="left")
            x += measure(said, size) + 0.08
            for _, face, ink, label in style.SHADES:
                label = label.replace("under ", "< ").replace(" or more", "+")
                sheet.box(x, y, 0.42, 0.16, face=face)
                sheet.text_at(x + 0.21, y + 0.08, label, size, colour=ink)
                x += 0.43
            x += 0.15
        bars, lead = self._list_bars(), "Bars:"
        wide = measure(lead, size) + 0.08
        if x + wide + sum(0.38 + measure(kind, size) for kind in bars) - 0.13 > WIDTH - MARGIN:
            x, y = MARGIN, y + 0.2
        if bars:
            sheet.text_at(x, y + 0.08, lead, size, align="left")
            self._draw_bar_key(x + wide, y + 0.08, size)
            y += 0.19
        if self.in_full:
            names = [(theme.number, theme.name) for theme in words.list_rows(self.themes)]
            y = sheet.entries(MARGIN, y, names, size, WIDTH - 2 * MARGIN)
        return sheet.entries(MARGIN, y, self._list_marks(), size, WIDTH - 2 * MARGIN)

    def _list_marks(self) -> list[tuple[str, str]]:
        notes = [note for notes in self.notes.values() for note in notes]
        marks = []
        if any(TICK in note for note in notes):
            marks.append((f"2{TICK}", "two of them confirmed by a person."))
        if self.cells["stand_in"].any():
            marks.append((DAGGER, "from stand-in documents, not from the board's named strategy."))
        for state in self.states:
            marks.append((f"{SIGNS[state]} {state}" if self.signs else state, MEANINGS[state]))
        return marks

    def _draw_full_names(self, y: float) -> float:
        """List the themes in full, in two columns, where the heads had no room for them."""
        width, indent = (WIDTH - 2 * MARGIN - 0.2) / 2, 0.24
        rows, end = (len(self.themes) + 1) // 2, y
        for column, themes in enumerate((self.themes.iloc[:rows], self.themes.iloc[rows:])):
            x, at = MARGIN + column * (width + 0.2), y
            for theme in words.list_rows(themes):
                self.sheet.lines(x, at, [theme.number], style.HEAD, bold=True)
                at = self.sheet.paragraph(x + indent, at, theme.name, style.HEAD, width - indent)
            end = max(end, at)
        return end + 0.1
