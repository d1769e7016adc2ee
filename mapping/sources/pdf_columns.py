"""Tables without a line: a head in bold, and under it rows whose words begin where those of the head begin.

Only where all of this is so: two columns of text, lists and letters must not be taken for tables.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from mapping.sources.marks import ends_sentence, split_mark, squeeze
from mapping.sources.pdf_lines import Line, list_rows, order_cell
from mapping.sources.pdf_tables import Cell, Table

__all__ = ["find_columns"]

# In points: how exactly words of a column begin alike. In ems: how far rows stand apart, and words before a column.
_ALIKE, _FARTHEST, _APART = 4.0, 3.2, 0.6
# A row begins where lines stand so much farther apart than they do within rows.
_WIDER = 1.25
_FEWEST_ROWS, _MOST_COLUMNS = 3, 12
_LONGEST_HEAD, _LONGEST_CELL = 60, 200
# Of the rows, how many must have words in two columns; of the words, how many must begin alike.
_FILLED, _ALIGNED = 0.6, 0.9
_NUMBER = re.compile(r"[£$€(]?-?[\d.,/%–-]+[%)]?|n/?a", re.IGNORECASE)
_PAGE = re.compile(r"pages?(?: no\.?| number)?$", re.IGNORECASE)

Row = list[Line]
Parts = dict[int, list[Line]]


def find_columns(lines: list[Line], page: int) -> tuple[list[Table], list[Line]]:
    """Return the tables that the lines of a page make up, and the lines that stand in none."""
    bold = Counter(round(line.y) for line in lines if line.bold)
    if not any(times > 1 for times in bold.values()):
        return [], lines
    rows = list(list_rows(lines))
    tables: list[Table] = []
    rest: list[Line] = []
    at = 0
    while at < len(rows):
        found = _Columns(rows[at]).read(rows, at, page) if _is_head(rows[at]) else None
        if found is None:
            rest += rows[at]
            at += 1
        else:
            tables.append(found[0])
            at = found[1]
    return tables, rest


def _is_head(row: Row) -> bool:
    sizes = [line.size for line in row]
    return (
        1 < len(row) <= _MOST_COLUMNS
        and max(sizes) - min(sizes) < 0.6
        and all(line.bold and len(line.text) <= _LONGEST_HEAD and not split_mark(line.text)[0] for line in row)
        and all(right.x0 - left.x1 > left.size for left, right in itertools.pairwise(row))
    )


class _Columns:
    """The columns that a head begins."""

    def __init__(self, head: Row) -> None:
        self.starts = [line.x0 for line in head]

    def read(self, rows: Sequence[Row], at: int, page: int) -> tuple[Table, int] | None:
        """Return the table whose head is a row, and the row after it; None where it is none."""
        head = [self._place(rows[at])]
        body: list[Parts] = []
        last = rows[at][0]
        end = at + 1
        for row in rows[at + 1 :]:
            parts = self._place(row)
            if not parts or row[0].y - last.y > _FARTHEST * last.size:
                break
            bold = all(line.bold for line in row)
            if bold and (body or len(head) > 2):
                break
            (head if bold else body).append(parts)
            last, end = row[0], end + 1
        found = self._part(body)
        if not self._is_table(head, body, found):
            return None
        return self._build([head, *found], page), end

    def _place(self, row: Row) -> Parts:
        """Return the words of a row by column; nothing where some reach over into another, or stand apart in one."""
        parts: Parts = {}
        for line in row:
            column = sum(start <= line.x0 + _ALIKE for start in self.starts) - 1
            after = self.starts[column + 1] if column + 1 < len(self.starts) else line.x1 + line.size
            found = parts.setdefault(column, [])
            apart = bool(found) and line.x0 - found[-1].x1 > line.size and not split_mark(f"{found[-1].text}\tA")[0]
            if column < 0 or apart or line.x1 > after - _APART * line.size:
                return {}
            found.append(line)
        return parts

    def _part(self, body: Sequence[Parts]) -> list[list[Parts]]:
        """Return the rows of the table, each as its lines."""
        tops = [next(iter(parts.values()))[0].y for parts in body]
        pitch = min((low - high for high, low in itertools.pairwise(tops)), default=0.0)
        rows: list[list[Parts]] = []
        for number, parts in enumerate(body):
            wide = number > 0 and tops[number] - tops[number - 1] > _WIDER * pitch
            if not rows or wide or self._begins(rows[-1], parts):
                rows.append([])
            rows[-1].append(parts)
        return rows

    def _begins(self, row: Sequence[Parts], parts: Parts) -> bool:
        """Say whether a line begins a row: words of the first column that go on with nothing there."""
        if 0 not in parts:
            return False
        above = next((before[0][-1] for before in reversed(row) if 0 in before), None)
        if above is None or 0 not in row[-1]:
            return True
        line = parts[0][0]
        room = self.starts[1] - _APART * line.size - above.x1
        word = (line.x1 - line.x0) * len(line.text.split(" ", 1)[0]) / max(1, len(line.text))
        goes_on = line.text[:1].islower() or (word + 0.5 * line.size > room and not split_mark(line.text)[0])
        return not goes_on or ends_sentence(above.text)

    def _is_table(self, head: Sequence[Parts], body: Sequence[Parts], rows: Sequence[Sequence[Parts]]) -> bool:
        filled = sum(len({column for parts in row for column in parts}) > 1 for row in rows)
        if len(rows) < _FEWEST_ROWS or filled < max(_FEWEST_ROWS, _FILLED * len(rows)):
            return False
        words = [(column, lines[0]) for parts in body for column, lines in parts.items()]
        alike = sum(
            abs(line.x0 - self.starts[at]) <= _ALIKE or bool(_NUMBER.fullmatch(line.text)) for at, line in words
        )
        cells = len({(number, column) for number, row in enumerate(rows) for parts in row for column in parts})
        letters = sum(len(line.text) for parts in body for lines in parts.values() for line in lines)
        short = letters <= _LONGEST_CELL * cells
        contents = any(_PAGE.match(line.text) for parts in head for lines in parts.values() for line in lines)
        return short and not contents and alike >= _ALIGNED * len(words) and len({column for column, _ in words}) > 1

    def _build(self, rows: Sequence[Sequence[Parts]], page: int) -> Table:
        every = [(column, line) for row in rows for parts in row for column in parts for line in parts[column]]
        rights: dict[int, float] = {}
        for column, line in every:
            rights[column] = max(rights.get(column, 0.0), line.x1)
        cells: list[Cell] = []
        for number, row in enumerate(rows, start=1):
            for column in sorted({column for parts in row for column in parts}):
                lines = [line for parts in row for line in parts.get(column, ())]
                cells.append(Cell(number, column + 1, order_cell(lines, self.starts[column], rights[column])))
        first = every[0][1]
        columns = [*self.starts, max(rights.values())]
        text = squeeze(" ".join(cell.text for cell in cells))
        return Table(
            text, page, columns[0], columns[-1], first.y, first.size, False, whole=True, bottom=every[-1][1].y,
            columns=columns, cells=cells,
        )  # fmt: skip
