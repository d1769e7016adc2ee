"""From letters to lines in reading order: words told by their gaps, columns by the white between them."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mapping.sources.marks import clean, split_mark
from mapping.sources.pdf_letters import Letter

__all__ = ["Line", "build_lines", "list_rows", "order_cell", "order_lines"]

# In ems. A gap wider than the first is a blank; one wider than the second begins something else on the same line.
_BLANK, _APART = 0.16, 1.0
# Pieces that were not drawn one after the other belong together only if they stand closer than columns do.
_NEAR = 0.4
# A number or bullet may stand so far, in ems, before its words.
_MARK_GAP = 6.0
# A letter so far off the baseline, in ems, is on another line; nearer, it is raised or lowered.
_OFF_LINE = 0.38
_NARROWEST_GUTTER, _FEWEST_LINES, _MOST_COLUMNS = 7.0, 4, 3
_LIGATURES = str.maketrans(
    {
        "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st",
        "\ufb06": "st", "\u00ad": "-", "\u2010": "-", "\t": " ", "\r": " ", "\n": " ",
        **{chr(code): "" for code in (*range(9), 11, 12, *range(14, 32), 0x7F, 0x200B, 0xFEFF)},
    }
)  # fmt: skip
# No cell has more white than this at its sides, in points, where its words begin at the left.
_WIDEST_PADDING = 8.0
# What bullets of picture fonts come out as, where a font says that they are letters.
_LOST = frozenset("!§®Øü¨°þð")
_BLANKS = re.compile(r"[ \u2002\u2003\u2009]{2,}")


@dataclass(slots=True)
class Line:
    """A line of one column, or a piece of a line that stands apart.

    Attributes
    ----------
    text : str
        Its words; a number or bullet that stands apart is followed by a tab.
    page : int
        From 1.
    x0, x1, y : float
        Left and right end, and the baseline from the top, in points.
    size : float
        Of most of its letters, in points.
    bold : bool
        Whether most of its letters are bold.
    column : int
        Which column of the page it stands in, in reading order; lines across all columns count as one of their own.
    low, high : float
        Left and right end of that column.
    alone : bool
        Whether nothing else stands beside it in its column.
    order : int
        When the page draws it.
    whole : bool
        Whether it stands for something that is no line, such as a table, and is never joined with others.
    """

    text: str
    page: int
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    column: int = 0
    low: float = 0.0
    high: float = 0.0
    alone: bool = True
    order: int = 0
    whole: bool = False


class _Run:
    """Letters that follow one another closely."""

    __slots__ = ("bold", "count", "end", "lead", "parts", "size", "spaced", "x0", "x1", "y")

    def __init__(self, letter: Letter) -> None:
        text, self.x0, self.x1, self.y, self.size, bold, _ = letter
        self.parts = [text]
        self.spaced = self.lead = text == " "
        self.end = self.x1  # of the last letter before blanks
        self.count = 1
        self.bold = int(bold)

    def take(self, letter: Letter) -> bool:
        """Take the next letter if it goes on with this run."""
        text, x0, x1, y, size, bold, _ = letter
        em = size if size > self.size else self.size
        gap = x0 - self.x1
        off = y - self.y
        if off > _OFF_LINE * em or -off > _OFF_LINE * em or gap > em * 0.9 or gap < -0.5 * em:
            return False
        if text == " ":
            if not self.spaced:
                self.spaced, self.end = True, self.x1
        elif self.spaced:
            self.spaced = False
            if self.lead:
                self.lead, self.x0 = False, x0
        elif gap > _BLANK * em:
            self.parts.append(" ")
        self.parts.append(text)
        if x1 > self.x1:
            self.x1 = x1
        if size > self.size:  # a raised note number does not make the line small, nor does a low letter move it
            self.size, self.y = size, y
        self.count += 1
        self.bold += bold
        return True


def build_lines(letters: Iterable[Letter], page: int) -> list[Line]:
    """Return the lines that letters make up, in the order in which the letters come."""
    runs: list[_Run] = []
    run: _Run | None = None
    for letter in letters:
        if run is None or not run.take(letter):
            run = _Run(letter)
            runs.append(run)
    lines = []
    for order, run in enumerate(runs):
        text = _tidy("".join(run.parts))
        if text:
            end = run.end if run.spaced else run.x1
            lines.append(Line(text, page, run.x0, end, run.y, run.size, 2 * run.bold > run.count, order=order))
    return lines


def _tidy(text: str) -> str:
    text = clean(text)[0].translate(_LIGATURES)
    return _BLANKS.sub(" ", text).strip(" \u00a0")


# --- lines of a page ---------------------------------------------------------------------------------------


def order_lines(lines: list[Line], wholes: Sequence[Line] = ()) -> list[Line]:
    """Return the lines of a page in reading order, pieces of one line joined, columns one after another.

    What stands for more than a line (``wholes``, from the top) comes where it begins, in its column or across several.
    """
    joined = _join_pieces(lines)
    for whole in reversed(wholes):
        at = next((at for at, line in enumerate(joined) if line.y > whole.y), len(joined))
        joined.insert(at, whole)
    if not joined:
        return []
    ordered: list[Line] = []
    _read_columns(joined, ordered, 0)
    _mark_pieces(ordered)
    return ordered


def order_cell(lines: list[Line], left: float, right: float) -> list[Line]:
    """Return the lines of a cell from the top; the white at its right is taken to be as wide as that at its left."""
    joined = _join_pieces(lines)
    low = min((line.x0 for line in joined), default=left)
    high = max(right - min(max(low - left, 0.0), _WIDEST_PADDING), max((line.x1 for line in joined), default=right))
    for line in joined:
        line.column, line.low, line.high = 1, low, high
    _mark_pieces(joined)
    return joined


def _mark_pieces(ordered: Sequence[Line]) -> None:
    """Mark the lines that do not stand alone in their column."""
    for before, after in itertools.pairwise(ordered):
        near = abs(before.y - after.y) < _OFF_LINE * min(before.size, after.size)
        if near and before.column == after.column and not (before.whole or after.whole):
            before.alone = after.alone = False


def _join_pieces(lines: list[Line]) -> list[Line]:
    """Join the pieces that stand close together on one baseline, and numbers and bullets to their words."""
    joined: list[Line] = []
    for row in list_rows(lines):
        last: Line | None = None
        for line in row:
            if last is not None:
                em = max(last.size, line.size)
                gap = line.x0 - last.x1
                if gap < -0.8 * em and line.text == last.text and abs(line.x0 - last.x0) < 0.3 * em:
                    continue  # drawn twice, to look bold or to cast a shadow
                mark = -0.5 * em < gap < _MARK_GAP * em and _is_mark(last.text, line.text)
                if mark and len(last.text) == 1 and last.text in _LOST:
                    last.text = "•"
                apart = _APART if 0 < line.order - last.order < 3 else _NEAR
                if mark or -0.5 * em < gap < apart * em:
                    last.text += ("\t" if mark else " " if gap > _BLANK * em else "") + line.text
                    last.bold = line.bold if mark or len(line.text) > len(last.text) / 2 else last.bold
                    last.size = line.size if mark else max(last.size, line.size)
                    last.x1, last.order = max(last.x1, line.x1), line.order
                    continue
            joined.append(line)
            last = line
    return joined


def list_rows(lines: list[Line]) -> Iterable[list[Line]]:
    """Yield the lines that share a baseline, from left to right, and the rows from the top."""
    row: list[Line] = []
    for line in sorted(lines, key=lambda line: (round(line.y, 1), line.x0)):
        if row and line.y - row[0].y > _OFF_LINE * min(line.size, row[0].size):
            yield sorted(row, key=lambda line: line.x0)
            row = []
        row.append(line)
    if row:
        yield sorted(row, key=lambda line: line.x0)


def _is_mark(text: str, after: str) -> bool:
    """Say whether a piece is the number or bullet of the words after it, and not one figure before another."""
    if len(text) > 9 or not any(map(str.isalpha, after[:3])):
        return False
    mark, rest = split_mark(f"{text}\tA", lost=True)
    return (bool(mark) and rest == "A") or text in _LOST


def _read_columns(lines: list[Line], ordered: list[Line], depth: int) -> None:
    """Append the lines in reading order: at each line across the gutter, the columns above it are read first."""
    plain = [line for line in lines if not line.whole]
    low = min(line.x0 for line in plain or lines)
    high = max(line.x1 for line in plain or lines)
    gutter = _find_gutter(plain, low, high) if depth < _MOST_COLUMNS - 1 else None
    if gutter is None:
        column = ordered[-1].column + 1 if ordered else 1
        for line in sorted(lines, key=lambda line: (round(line.y), line.x0)) if depth == 0 else lines:
            line.column, line.low, line.high = column, low, high
            ordered.append(line)
        return
    left: list[Line] = []
    right: list[Line] = []

    def flush() -> None:
        for side in (left, right):
            if side:
                _read_columns(list(side), ordered, depth + 1)
                side.clear()

    for line in lines:
        if line.x1 <= gutter:
            left.append(line)
        elif line.x0 >= gutter:
            right.append(line)
        else:
            flush()
            line.column = ordered[-1].column if ordered and ordered[-1].high == high else 1 + _last(ordered)
            line.low, line.high = low, high
            ordered.append(line)
    flush()


def _last(ordered: Sequence[Line]) -> int:
    return ordered[-1].column if ordered else 0


def _find_gutter(lines: Sequence[Line], low: float, high: float) -> float | None:
    """Return where the white between two columns runs; None where there is one column, or a table.

    It is the place in the middle which the fewest lines cross. Both sides must hold several lines, side by side, most
    of them as long as lines of text are: short ones on both sides are a table, which is read row by row.
    """
    width = high - low
    if len(lines) < 2 * _FEWEST_LINES or width < 150:
        return None
    starts = Counter(round(line.x0) for line in lines if low + 0.2 * width < line.x0 < low + 0.8 * width)
    best = (len(lines), 0.0, 0.0)
    for start in sorted(start for start, times in starts.items() if times >= _FEWEST_LINES - 1):
        crossing = sum(line.x0 < start - 1.5 < line.x1 for line in lines)
        ends = sorted(line.x1 for line in lines if line.x1 <= start)
        white = start - ends[int(0.95 * (len(ends) - 1))] if ends else 0.0
        best = min(best, (crossing, -white, start - 1.5))
    crossing, white, gutter = best
    if crossing > 0.35 * len(lines) or -white < _NARROWEST_GUTTER:
        return None
    left = [line for line in lines if line.x1 <= gutter]
    right = [line for line in lines if line.x0 >= gutter]
    if len(left) < _FEWEST_LINES or len(right) < _FEWEST_LINES:
        return None
    overlap = min(left[-1].y, right[-1].y) - max(left[0].y, right[0].y)
    if overlap < 0.25 * max(left[-1].y - left[0].y, right[-1].y - right[0].y):
        return None
    return gutter if _is_prose(left) and _is_prose(right) else None


def _is_prose(lines: Sequence[Line]) -> bool:
    """Say whether lines fill their column, as text does and cells and figures do not."""
    low, high = min(line.x0 for line in lines), max(line.x1 for line in lines)
    filled = sum(line.x1 - line.x0 > 0.6 * (high - low) for line in lines)
    letters = sum(len(line.text) for line in lines) / len(lines)
    return filled >= 0.4 * len(lines) and letters >= 18
