"""The pages of a PDF without tags into passages: lines by their layout, tables cell by cell, boxes one by one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from mapping.sources.gathering import Gathering
from mapping.sources.marks import ends_sentence
from mapping.sources.pdf_layout import Builder, Styles, find_furniture, find_pitch, is_contents_line
from mapping.sources.pdf_lines import Line
from mapping.sources.pdf_tables import Cell, Table, join_overleaf

__all__ = ["gather_lines"]


def gather_lines(pages: Sequence[Sequence[Line]], heights: Sequence[float], gathering: Gathering) -> None:
    """Gather the passages that the lines and tables of all pages make up."""
    furniture = find_furniture(pages, heights)
    kept = [list(lines) for lines in pages]
    join_overleaf(kept, furniture)
    begin: set[int] = set()
    kept = [_open_boxes(lines, furniture, begin) for lines in kept]
    styles = Styles([line for lines in kept for line in lines if id(line) not in furniture])
    builder = Builder(styles, gathering)
    tables = max((row[6] for row in gathering.rows), default=0)
    for lines in kept:
        for line in lines:
            if id(line) in begin:
                builder.close()
            contents = not line.whole and is_contents_line(line.text)
            if id(line) in furniture or contents or builder.is_in_contents(line):
                builder.put_aside(line)
            elif isinstance(line, Table):
                tables += 1
                builder.close()
                _gather_table(line, tables, styles, gathering)
            else:
                builder.add(line)
    builder.close()


def _open_boxes(lines: Sequence[Line], furniture: set[int], begin: set[int]) -> list[Line]:
    """Return the lines of a page; boxes of text that stand side by side are columns, where passages begin and end."""
    opened: list[Line] = []
    column = 0
    last: tuple[int, int] | None = None
    for line in lines:
        boxes = line.cells if isinstance(line, Table) and id(line) not in furniture and line.has_boxes else []
        for number, inner in enumerate([cell.lines for cell in boxes] or [[line]]):
            for one in inner:
                place = (line.column, number + 1 if boxes else 0)
                if place != last:
                    column += 1
                    if place[1] or (last and last[1]):
                        begin.add(id(one))
                one.column, last = column, place
                opened.append(one)
    return opened


def _gather_table(table: Table, number: int, styles: Styles, gathering: Gathering) -> None:
    """Gather the passages of a table's cells, as they would be read if each cell were a page."""
    for cell in table.cells:
        _even_out(cell.lines)
    pitch = find_pitch([line for cell in table.cells for line in cell.lines], styles.pitch, 0.25)
    for cell in table.cells:
        gathering.count_cells(1)
        builder = Builder(_CellStyles(cell, pitch), _InCell((number, cell.row, cell.column), gathering))
        for line in cell.lines:
            builder.add(line)
        builder.close()
    for text, page in table.repeated:
        gathering.add_furniture(text, page=page)


def _even_out(lines: Sequence[Line]) -> None:
    """Take a line as not bold where its sentence goes on in the next, and only one of them is: bold words begin it."""
    for line, after in itertools.pairwise(lines):
        if line.bold != after.bold and after.text[:1].islower() and not ends_sentence(line.text):
            line.bold = after.bold = False


class _CellStyles(Styles):
    """The same for a cell of a table: what is bold in it is a heading only over words that are not."""

    def __init__(self, cell: Cell, pitch: float) -> None:
        self.body, self.bold, self.pitch, self._levels = 0.0, all(line.bold for line in cell.lines), pitch, []

    def is_heading(self, line: Line) -> bool:
        """Say whether a line is one."""
        return line.bold and not self.bold


class _InCell:
    """Takes the passages of one cell, and hands them on as such."""

    def __init__(self, place: tuple[int, int, int], gathering: Gathering) -> None:
        self.place, self.gathering = place, gathering

    def add_heading(self, text: str, level: int, *, number: str = "", page: int | None = None) -> None:
        """Add a heading in the cell."""
        self.gathering.add_cell(text, self.place, number=number, page=page)

    def add_item(self, text: str, level: int = 1, *, number: str = "", page: int | None = None) -> None:
        """Add an item in the cell."""
        self.gathering.add_cell(text, self.place, number=number, page=page)

    def add_paragraph(self, text: str, *, number: str = "", page: int | None = None) -> None:
        """Add a paragraph in the cell."""
        self.gathering.add_cell(text, self.place, number=number, page=page)

    def add_furniture(self, text: str, *, page: int | None = None) -> None:
        """Add what repeats, which no cell holds."""
        self.gathering.add_furniture(text, page=page)
