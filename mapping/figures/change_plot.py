"""How a change is drawn: a dot where a number stood, an arrow to where it stands, and beside it the cause."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.patches import Polygon

from mapping.comparison import CAUSES
from mapping.figures import style, words
from mapping.figures.sheet import Sheet, height_of
from mapping.figures.style import DAGGER, MARGIN, MUTED, WIDTH, drawable, fit_size, measure

__all__ = [
    "SECOND", "UNKNOWN", "ChangeDrawing", "choose_steps", "is_unsure", "say_change", "say_pair", "say_same", "say_sign",
]  # fmt: skip

#: Height of a row; radius of a dot; length and half height of an arrowhead; width of an arrow in points.
_ROW, _DOT, _HEAD, _HALF, _SHAFT = 0.29, 0.055, 0.13, 0.062, 2.6
#: The second colour: decreases. It is for shapes only, and the direction says the same.
SECOND = "#F46A25"
#: Room on either side of the plot, so that an arrow at its edge is clear of the words.
_GAP = 0.27
#: The widest name of a board or a theme, in inches; most steps of the axis.
_WIDEST, _STEPS = 1.3, 7
#: States of a cell in which nothing can be said of its nought.
UNKNOWN = ("not read", "not scored", "empty", "no such board")
_MEANINGS = {
    "text": "the tables of boards, strategies and priorities",
    "framework": "the themes, their keywords or the framework's threshold",
    "method": "how the texts were tagged",
    "decision": "what people confirmed, added or rejected",
    "mixed": "several of these were needed, or each would have been enough",
}


def is_unsure(row: Any) -> bool:
    """Return whether one of the two numbers is a nought of which nothing can be said."""
    return bool(row.change) and ("?" in say_pair(row))


def say_pair(row: Any) -> str:
    """Return the earlier and the later number; a question mark where a nought says nothing."""
    sides = ((row.before, row.state_before), (row.after, row.state_after))
    return " to ".join("?" if not number and state in UNKNOWN else f"{number:,}" for number, state in sides)


def say_sign(change: int) -> str:
    """Return a change with its sign."""
    return f"{change:+,}".replace("-", "\u2212")


def say_change(row: Any) -> str:
    """Return a change with its sign; in brackets where one side says nothing."""
    return f"({say_sign(row.change)})" if is_unsure(row) else say_sign(row.change)


def say_same(table: pd.DataFrame) -> str:
    """Return that nothing moved."""
    every = len(table)
    pairs = "The pair of board and theme holds" if every == 1 else f"All {every} pairs of board and theme hold"
    return f"{pairs} the same number of priorities in both."


class ChangeDrawing:
    """One drawing of the changes: what stands where from left to right is settled by the widest texts."""

    def __init__(self, sheet: Sheet, table: pd.DataFrame, names: tuple[str, str]) -> None:
        self.rows = words.list_rows(table[table["place"].notna()].sort_values("place"))
        self.same, self.names, self.sheet = say_same(table), names, sheet
        boards = [f"{row.board_short}{DAGGER * row.stand_in}" for row in self.rows]
        themes = [f"{row.number} {row.theme_short}" for row in self.rows]
        self.boards, self.board_width = _fit(boards)
        self.themes, self.theme_width = _fit(themes)
        self.pairs = [say_pair(row) for row in self.rows]
        self.changes = [say_change(row) for row in self.rows]
        self.left = MARGIN + self.board_width + 0.18 + self.theme_width + _GAP
        self.change = WIDTH - MARGIN
        widest = max((measure(change, style.LABEL, True) for change in self.changes), default=0.0)
        self.pair = self.change - max(widest, 0.3) - 0.1
        cause = max((measure(row.cause, style.HEAD) for row in self.rows), default=0.0)
        self.cause = self.pair - max((measure(pair, style.NOTE) for pair in self.pairs), default=0.0) - 0.14 - cause
        self.right = self.cause - _GAP
        self.step, self.end = choose_steps(max((max(row.before, row.after) for row in self.rows), default=1))

    def draw(self, y: float) -> float:
        """Draw the rows and what explains them; return where they end."""
        if not self.rows:
            width = WIDTH - 2 * MARGIN
            lines = style.wrap(self.same, width - 0.3, style.LABEL)
            tall = height_of(lines, style.LABEL) + 0.24
            self.sheet.box(MARGIN, y, width, tall, face=style.ZEBRA)
            self.sheet.lines(MARGIN + 0.15, y + 0.12, lines, style.LABEL)
            return y + tall + 0.14
        y = self._draw_heads(self._draw_key(y))
        self._draw_grid(y, y + _ROW * len(self.rows))
        for n, row in enumerate(self.rows):
            if n and row.change < 0 < self.rows[n - 1].change:
                self.sheet.line((MARGIN, y), (WIDTH - MARGIN, y))
            self._draw_row(n, row, y + _ROW / 2)
            y += _ROW
        return self._draw_marks(y + 0.27) + 0.08

    def x(self, number: float) -> float:
        """Return where a number stands on the axis."""
        return self.left + (self.right - self.left) * number / self.end

    def _draw_key(self, y: float) -> float:
        """Draw the key beside what it explains: on one line if it fits, else on two."""
        sheet, middle = self.sheet, y + 0.07
        x = MARGIN + _DOT
        up, down = (any(row.change * sign > 0 for row in self.rows) for sign in (1, -1))
        heads = (_HEAD + 0.06) * (up + down)
        lengths = [measure(name, style.HEAD) for name in self.names]
        sheet.disc(x, middle, _DOT, face=style.WHITE, edge=MUTED)
        sheet.text_at(x + _DOT + 0.06, middle, self.names[0], style.HEAD, align="left")
        x += _DOT + 0.06 + lengths[0] + 0.3
        if x + heads + lengths[1] + 0.06 > WIDTH - MARGIN:
            x, middle = MARGIN, middle + 0.19
        for wanted, sign in ((up, 1), (down, -1)):
            if wanted:
                self._draw_head(x + (_HEAD if sign > 0 else 0), middle, sign)
                x += _HEAD + 0.06
        sheet.text_at(x, middle, self.names[1], style.HEAD, align="left")
        return middle + 0.2

    def _draw_heads(self, y: float) -> float:
        heads = (
            (MARGIN, "Board", "left"), (self.left - _GAP, "Theme", "right"), (self.left, "Priorities tagged", "left"),
            (self.cause, "Cause", "left"), (self.change, "Change", "right"),
        )  # fmt: skip
        for x, text, align in heads:
            self.sheet.text_at(x, y, text, style.HEAD, colour=MUTED, align=align)
        return y + 0.12

    def _draw_grid(self, top: float, foot: float) -> None:
        for number in range(0, self.end + 1, self.step):
            x = self.x(number)
            self.sheet.line((x, top), (x, foot), colour=style.RULE if not number else style.GRID)
            self.sheet.text_at(x, foot + 0.1, f"{number:,}", style.HEAD)

    def _draw_row(self, n: int, row: Any, y: float) -> None:
        sheet = self.sheet
        (board, large), (theme, size) = self.boards[n], self.themes[n]
        sheet.text_at(MARGIN, y, board, large, align="left")
        sheet.text_at(self.left - _GAP, y, theme, size, align="right")
        self._draw_arrow(row, y)
        sheet.text_at(self.cause, y, row.cause, style.HEAD, align="left")
        sheet.text_at(self.pair, y, self.pairs[n], style.NOTE, colour=MUTED, align="right")
        sheet.text_at(self.change, y, self.changes[n], style.LABEL, bold=not is_unsure(row), align="right")

    def _draw_arrow(self, row: Any, y: float) -> None:
        """Draw the dot at the earlier number and the tip at the later; where they touch, the tip moves outwards."""
        sign = 1 if row.change > 0 else -1
        begin, tip = self.x(row.before), self.x(row.after)
        if abs(tip - begin) < _DOT + _HEAD:
            tip = begin + sign * (_DOT + _HEAD)
        hollow = not row.after and row.state_after in UNKNOWN
        colour = style.MAIN if sign > 0 else SECOND
        self.sheet.line((begin, y), (tip - sign * _HEAD * 0.8, y), colour=colour, width=_SHAFT, dashed=hollow)
        self._draw_head(tip, y, sign, hollow=hollow)
        unknown = not row.before and row.state_before in UNKNOWN
        self.sheet.disc(begin, y, _DOT, face=style.WHITE, edge=MUTED, dashed=unknown, line=1.0 if unknown else 1.5)

    def _draw_head(self, tip: float, y: float, sign: int, *, hollow: bool = False) -> None:
        colour = style.MAIN if sign > 0 else SECOND
        base = tip - sign * _HEAD
        self.sheet.add(
            Polygon(
                [(tip, y), (base, y - _HALF), (base, y + _HALF)], closed=True, linewidth=1.0 if hollow else 0,
                facecolor=style.WHITE if hollow else colour, edgecolor=colour, zorder=2.4,
            )
        )  # fmt: skip

    def _draw_marks(self, y: float) -> float:
        """Explain the causes and marks that are there, and only those."""
        found = {row.cause for row in self.rows}
        marks = [(cause, f"{_MEANINGS[cause]}.") for cause in CAUSES if cause in found]
        if any(not row.before and row.state_before in UNKNOWN for row in self.rows):
            marks.append(
                (
                    "dashed dot",
                    "the named strategy was not read then, or nothing could be scored: its nought (?) says nothing.",
                )
            )
        if any(not row.after and row.state_after in UNKNOWN for row in self.rows):
            marks.append(
                (
                    "hollow tip",
                    "the named strategy is not read now, or nothing can be scored: its nought (?) says nothing.",
                )
            )
        if any(row.stand_in for row in self.rows):
            marks.append((DAGGER, "before or now from stand-in documents alone, not from the board's named strategy."))
        indent = max(measure(term, style.NOTE, True) for term, _ in marks) + 0.12
        for term, meaning in marks:
            self.sheet.lines(MARGIN, y, [term], style.NOTE, bold=True)
            y = self.sheet.paragraph(MARGIN + indent, y, meaning, style.NOTE, WIDTH - 2 * MARGIN - indent)
        return y


def _fit(texts: Sequence[str]) -> tuple[list[tuple[str, float]], float]:
    """Return texts with their sizes, and the width that they need: a wide one is set smaller."""
    fitted = [(drawable(text), fit_size(text, _WIDEST, style.LABEL)) for text in texts]
    return fitted, max((measure(text, size) for text, size in fitted), default=0.0)


def choose_steps(most: int) -> tuple[int, int]:
    """Return the step of the axis and where it ends, in round numbers.

    Examples
    --------
    >>> choose_steps(3), choose_steps(12), choose_steps(999)
    ((1, 3), (2, 12), (200, 1000))
    """
    size = 10 ** max(0, math.floor(math.log10(max(1, most) / _STEPS)))
    step = next(n * size for n in (1, 2, 5, 10) if n * size * _STEPS >= most)
    return step, step * math.ceil(max(1, most) / step)
