"""The matrix on a slide: numbers and shades for the back row, without margins and notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from mapping.figures import style, words
from mapping.figures.sheet import Sheet, height_of
from mapping.figures.slides import LEFT, RIGHT, ROOM, SIZE
from mapping.figures.states import SIGNS, fit_words, list_states, name_state
from mapping.figures.style import DAGGER, MUTED, balance, choose_shade, fit_size, measure

__all__ = ["draw_slide_matrix"]

#: Sizes of the numbers in points: of a cell, of a theme, of a theme above a narrow column.
_NUMBER, _NARROW = 24.0, 20.0
_LINE, _GAP = style.PITCH * SIZE / 72, 0.07
#: What stands before the shades, and the least room of one of them; height of their line.
_SHARE, _SHADE, _KEY = "Share of the board's own list, %:", 0.99, 0.42
#: Rows may not stand closer than this, or the heads are made lower.
_TIGHT = 0.33


def draw_slide_matrix(sheet: Sheet, y: float, cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame) -> float:
    """Draw the matrix: numbers and shades, without margins and notes; return where it ends."""
    return _Drawing(sheet, y, cells, boards, themes).draw()


@dataclass(frozen=True)
class _Heads:
    """What stands above the columns: lines of names, with or without the numbers above them, and how high all is."""

    lines: list[list[str]]
    numbered: bool
    height: float


class _Drawing:
    """One slide: the tables, and where their rows and columns stand."""

    def __init__(self, sheet: Sheet, y: float, cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame) -> None:
        self.sheet, self.cells, self.top = sheet, cells, y
        self.rows, self.columns = words.list_rows(boards), words.list_rows(themes)
        longest = max(measure(word, SIZE) for row in self.rows for word in (row.short, *row.name.split()))
        self.label = max(min(3.6, longest + 0.1), 3.2 if len(self.columns) <= 6 else 0.0)
        self.left = LEFT + self.label + 0.15
        self.cell = min(2.2, (RIGHT - self.left + _GAP) / len(self.columns) - _GAP)
        #: What stands as a sign, where a word has no room in one cell or more.
        states = list_states(cells)
        self.signs = [] if fit_words(states, self.cell - 0.06, SIZE, lines=1) else states
        self.beside = _fit_beside(self.signs)
        lines = self._choose_names()
        self.listed = self._list_below(not lines)
        below = len(self.listed) * _LINE + 0.08 * bool(self.listed)
        room = sheet.foot - ROOM - _KEY - below - y
        self.heads = self._choose_heads(lines, room)
        self.pitch = min(0.86, (room - self.heads.height) / len(self.rows))
        self.gap = _GAP if self.pitch > 0.4 else _GAP / 2

    def _choose_names(self) -> list[list[str]]:
        """Return the names above the columns; nothing where they do not fit."""
        width = self.cell + 0.02
        for name, most in (("name", 2), ("short", 1), ("tiny", 1)):
            texts = [getattr(theme, name) for theme in self.columns]
            heads = [balance(text, width, SIZE) for text in texts]
            whole = all(measure(word, SIZE) <= width for text in texts for word in text.split())
            if whole and all(len(lines) <= most for lines in heads):
                return heads
        return []

    def _list_below(self, named: bool) -> list[str]:
        """Return lines with the themes where no heads name them, and the signs where they have no room elsewhere."""
        themes = ", ".join(f"{theme.number} {theme.short}" for theme in self.columns) if named else ""
        signs = "" if self.beside else ", ".join(f"{SIGNS[state]} {state}" for state in self.signs)
        return style.wrap(". ".join(filter(None, (themes, signs))), RIGHT - LEFT, SIZE)

    def _choose_heads(self, lines: list[list[str]], room: float) -> _Heads:
        """Return the heads; with many boards the number stands before the name, or alone and low."""
        tall = _KEY + max(map(len, lines), default=0) * _LINE
        if (room - tall) / len(self.rows) >= _TIGHT:
            return _Heads(lines or [[] for _ in self.columns], True, tall)
        whole = [f"{theme.number} {theme.short}" for theme in self.columns]
        if lines and all(measure(head, SIZE) <= self.cell + 0.02 for head in whole):
            return _Heads([[head] for head in whole], False, _LINE + 0.06)
        return _Heads(lines or [[] for _ in self.columns], True, tall - 0.08 * (not lines))

    def draw(self) -> float:
        sheet, y = self.sheet, self.top
        self._draw_heads(y)
        y += self.heads.height
        names = [balance(row.name, self.label, SIZE) for row in self.rows]
        if any(height_of(lines, SIZE) > self.pitch for lines in names):
            names = [[row.short] for row in self.rows]
        tall = self.pitch - self.gap
        for row, lines in zip(self.rows, names, strict=True):
            sheet.lines(self.left - 0.15, y + (tall - height_of(lines, SIZE)) / 2, lines, SIZE, align="right")
            own = self.cells[self.cells["board"] == row.board]
            for n, one in enumerate(words.list_rows(own)):
                self._draw_cell(one, self.left + n * (self.cell + _GAP), y, tall)
            y += self.pitch
        if self.listed:
            y = sheet.lines(LEFT, y + 0.02, self.listed, SIZE) + 0.06
        return self._draw_key(y + 0.02)

    def _draw_heads(self, y: float) -> None:
        heads = self.heads
        for n, (theme, lines) in enumerate(zip(self.columns, heads.lines, strict=True)):
            middle = self.left + n * (self.cell + _GAP) + self.cell / 2
            if heads.numbered:
                size = _NARROW if self.cell < 0.6 else _NUMBER
                self.sheet.text_at(middle, y + 0.15, theme.number, size, bold=True)
            self.sheet.lines(middle, y + 0.37 * heads.numbered, lines, SIZE, align="center")

    def _draw_cell(self, one: Any, x: float, y: float, height: float) -> None:
        sheet, width = self.sheet, self.cell
        if one.tagged:
            face, ink = choose_shade(one.share)
            sheet.box(x, y, width, height, face=face)
            number = f"{one.tagged:,}{DAGGER if one.stand_in == one.tagged else ''}"
            size = fit_size(number, width - 0.04, _NUMBER if height > 0.4 else SIZE, bold=True, least=SIZE)
            sheet.text_at(x + width / 2, y + height / 2, number, size, bold=True, colour=ink)
            return
        state = name_state(str(one.state))
        unread = state in ("not read", "not scored")
        sheet.box(x + 0.01, y + 0.01, width - 0.02, height - 0.02, edge=style.GREY, dashed=unread, line=1.0)
        said = SIGNS[state] if self.signs else state
        sheet.text_at(x + width / 2, y + height / 2, said, SIZE, colour=MUTED)

    def _draw_key(self, y: float) -> float:
        """Draw the key of the shades on one line, and beside it that of the signs; return where it ends."""
        sheet, middle, signs = self.sheet, y + 0.17, self.signs if self.beside else []
        x = end = RIGHT - max(0.0, _measure_signs(signs) - 0.35)
        for state in signs:
            said = f"{SIGNS[state]} {state}"
            sheet.text_at(x, middle, said, SIZE, align="left")
            x += measure(said, SIZE) + 0.35
        sheet.text_at(LEFT, middle, _SHARE, SIZE, align="left")
        x = LEFT + measure(_SHARE, SIZE) + 0.2
        width = min(1.5, (end - 0.35 * bool(signs) - x) / len(style.SHADES) - 0.04)
        for n, (_, face, ink, said) in enumerate(style.SHADES):
            said = said.replace("under ", "< ").replace(" or more", "+")
            sheet.box(x + n * (width + 0.04), y, width, 0.34, face=face)
            sheet.text_at(x + n * (width + 0.04) + width / 2, middle, said, SIZE, colour=ink)
        return y + 0.36


def _fit_beside(states: list[str]) -> bool:
    """Return whether the signs that stand for words can be explained on the line of the shades."""
    return LEFT + measure(_SHARE, SIZE) + 0.2 + len(style.SHADES) * _SHADE + _measure_signs(states) <= RIGHT


def _measure_signs(states: list[str]) -> float:
    return sum(0.35 + measure(f"{SIGNS[state]} {state}", SIZE) for state in states)
