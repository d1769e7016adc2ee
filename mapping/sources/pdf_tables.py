"""Tables that a PDF draws with lines or boxes: their cells with their words, and tables that go on overleaf."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mapping.sources.marks import ends_sentence, squeeze
from mapping.sources.pdf_bands import list_bands
from mapping.sources.pdf_grids import Grid, Sorted, list_grids
from mapping.sources.pdf_letters import Letter, Page
from mapping.sources.pdf_lines import Line, build_lines, order_cell
from mapping.sources.pdf_rules import Rules

__all__ = ["Cell", "Table", "find_tables", "join_overleaf"]

_MOST_TABLES, _MOST_LETTERS = 40, 50_000
# Lines between columns that stand no farther apart than this, in points, are the same overleaf.
_SAME_COLUMN = 5.0
# Of the cells, the share with a heading of their own from which they are boxes of text and no table.
_HEADED = 0.6
# Where every cell has more letters, there is no head and no label: they are boxes of text, too.
_LONG = 80
_MOST_COLUMNS, _MOST_HEAD_ROWS = 200, 6


@dataclass(slots=True)
class Cell:
    """A cell: its row and column (of its first, where it spans several), from 1, and its lines."""

    row: int
    column: int
    lines: list[Line]

    @property
    def text(self) -> str:
        """Its words."""
        return squeeze(" ".join(line.text for line in self.lines))


@dataclass(slots=True)
class Table(Line):
    """A table, which stands among the lines of its page as one of them.

    Attributes
    ----------
    bottom : float
        Where it ends, from the top of the page.
    columns : list of float
        Where its columns begin, and where the last one ends.
    cells : list of Cell
        Those that hold words, row by row.
    is_row : bool
        Whether it has a single row, so that its cells are boxes of text unless it goes on overleaf.
    turned : bool
        Whether it runs up or down the page, as if the page were turned.
    repeated : list of tuple
        What is printed again at the head of a page: the words of each cell, and the page.
    """

    bottom: float = 0.0
    columns: list[float] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    is_row: bool = False
    turned: bool = False
    repeated: list[tuple[str, int]] = field(default_factory=list)

    @property
    def has_boxes(self) -> bool:
        """Whether its cells are boxes of text that stand side by side, and no table."""
        prose = all(len(cell.text) > _LONG for cell in self.cells)
        return self.is_row or prose or _are_headed(self.cells)


def find_tables(page: Page) -> tuple[list[Table], list[Letter], list[Letter]]:
    """Return the tables of a page, and the letters that stand in none: those that run on, and those that are turned.

    Where most letters are turned, as on a page that should be held sideways, the tables are those of the turned ones.
    """
    drawn = page.rules.across or page.rules.boxes
    if not drawn or len(page.letters) + len(page.turned) > _MOST_LETTERS:
        return [], page.letters, page.turned
    if len(page.turned) > len(page.letters):
        up = sum(letter[1] >= 0 for letter in page.turned) * 2 > len(page.turned)
        tables, turned, _ = _find(page.turned, [], page.rules.turn(page.height, up), page)
        for table in tables:
            table.turned = True
        return tables, page.letters, turned
    return _find(page.letters, page.turned, page.rules, page)


def _find(
    letters: list[Letter], turned: list[Letter], rules: Rules, page: Page
) -> tuple[list[Table], list[Letter], list[Letter]]:
    search = _Search(letters, turned, page)
    lined, filled = list_grids(rules)
    rows = [grid for grid in filled if search.take(grid, "table", [one for one in lined if one.is_like(grid)]) == "row"]
    rows += [grid for grid in lined if search.take(grid, "table") == "row"]
    for grid in list_bands(rules, search.letters):
        search.take(grid, "table")
    for grid in rows:
        search.take(grid, "row")
    return sorted(search.tables, key=lambda table: (table.y, table.x0)), search.letters, search.turned


class _Search:
    """The tables found so far on a page, and the letters that are left."""

    def __init__(self, letters: list[Letter], turned: list[Letter], page: Page) -> None:
        self.letters, self.turned, self.page = letters, turned, page
        self.tables: list[Table] = []

    def take(self, grid: Grid, wanted: str, simpler: Sequence[Grid] = ()) -> str:
        """Return what a grid is, and take it as a table if that is wanted; or a simpler one with as many cells."""
        found = self._look(grid)
        if found.kind != wanted or len(self.tables) >= _MOST_TABLES:
            return found.kind
        for other in simpler:
            second = self._look(other)
            if second.kind == wanted and other.filled >= grid.filled:
                grid, found = other, second
        table = _build(grid, found.inside, found.aside, self.page)
        if table is not None:
            table.is_row = wanted == "row"
            self.tables.append(table)
            self.letters, self.turned = found.letters, found.turned
        return found.kind

    def _look(self, grid: Grid) -> _Found:
        inside, letters = grid.sort(self.letters)
        aside, turned = grid.sort_turned(self.turned, self.page.height)
        return _Found(grid.judge(inside, aside) if inside else "", inside, aside, letters, turned)


class _Found(NamedTuple):
    """What a grid is, the letters in its cells, and those that are left."""

    kind: str
    inside: Sorted
    aside: Sorted
    letters: list[Letter]
    turned: list[Letter]


def _build(grid: Grid, inside: Sorted, aside: Sorted, page: Page) -> Table | None:
    """Return the table that a grid is; None where its letters make up no words."""
    found: dict[tuple[int, int], list[Line]] = {}
    for number in sorted({*inside, *aside}, key=lambda number: grid.spans[number]):
        left, top, right, bottom = grid.box(number)
        row, column = grid.place(number)
        starts = [x for x in grid.columns[:-1] if left + 1 < x < right]
        for at, (lines, low, high) in enumerate(_part(build_lines(inside.get(number, ()), page.number), starts)):
            part = order_cell(lines, max(left, low), min(right, high))
            found.setdefault((row, column + at), []).extend(part)
        turned = order_cell(build_lines(aside.get(number, ()), page.number), page.height - bottom, page.height - top)
        found.setdefault((row, column), []).extend(turned)
    cells = [Cell(*place, found[place]) for place in sorted(found) if found[place]]
    if not cells:
        return None
    text = squeeze(" ".join(cell.text for cell in cells))
    first = cells[0].lines[0]
    return Table(
        text, page.number, grid.xs[0], grid.xs[-1], grid.ys[0] + first.size, first.size, False, whole=True,
        bottom=grid.ys[-1], columns=grid.columns, cells=cells,
    )  # fmt: skip


def _part(lines: list[Line], starts: Sequence[float]) -> list[tuple[list[Line], float, float]]:
    """Return the lines of a cell that spans several columns, with its ends: one, or as many if none crosses a column.

    Every other row may be shaded, and the walls between columns end at the shading.
    """
    crossed = any(line.x0 < x < line.x1 for line in lines for x in starts)
    ends = [-math.inf, *starts, math.inf]
    parts = [([line for line in lines if low <= line.x0 < high], low, high) for low, high in itertools.pairwise(ends)]
    if crossed or sum(bool(part) for part, _, _ in parts) < 2:
        return [(lines, -math.inf, math.inf)]
    return parts


def _are_headed(cells: Sequence[Cell]) -> bool:
    """Say whether most cells have a heading of their own over their words, and no row is a header."""
    rows: dict[int, list[bool]] = {}
    headed = 0
    for cell in cells:
        weights = [line.bold or line.size > 1.12 * cell.lines[-1].size for line in cell.lines]
        headed += weights[0] and not weights[-1]
        rows.setdefault(cell.row, []).append(all(weights))
    header = any(len(row) > 1 and all(row) for row in rows.values())
    return headed >= _HEADED * len(cells) and not header


# --- overleaf ----------------------------------------------------------------------------------------------


def join_overleaf(pages: Sequence[list[Line]], furniture: set[int]) -> None:
    """Join each table that ends a page with the one that begins the next, where their columns are the same.

    The second one is taken from its page. Rows printed again at its head are set aside; a row that was broken by the
    page's end becomes one again.
    """
    open_: _Open | None = None
    for lines in pages:
        content = [line for line in lines if id(line) not in furniture]
        if not content:
            continue
        first, last = content[0], content[-1]
        if open_ is not None and isinstance(first, Table) and open_.page < first.page and open_.join(first):
            lines[:] = [line for line in lines if line is not first]
            if last is first:
                continue
        open_ = _Open(last) if isinstance(last, Table) else None


class _Open:
    """A table that ends its page: its first rows, which may be printed again overleaf, and its last."""

    def __init__(self, table: Table) -> None:
        self.table, self.page = table, table.page
        rows = _list_rows(table.cells)
        self.head, self.last = rows[:_MOST_HEAD_ROWS], rows[-1]

    def join(self, more: Table) -> bool:
        """Add the rows of a table overleaf; False where it is another table."""
        table = self.table
        places = _match(table.columns, more.columns)
        if places is None or (table.is_row and more.is_row):
            return False
        rows = _list_rows(more.cells)
        again = 0
        while again < min(len(self.head), len(rows)) and _say(self.head[again]) == _say(rows[again]):
            again += 1
        if not again and _is_header(self.head[0]) and _is_header(rows[0]):
            return False
        self.page, table.is_row = more.page, False
        table.repeated += [(cell.text, more.page) for row in rows[:again] for cell in row]
        for cell in (cell for row in rows[again:] for cell in row):
            cell.column = places[cell.column - 1]
        self._add(rows[again:])
        return True

    def _add(self, rows: list[list[Cell]]) -> None:
        above = {cell.column: cell for cell in self.last}
        if rows and _goes_on(above, rows[0]):
            for cell in rows.pop(0):
                above[cell.column].lines += cell.lines
        shift = self.last[0].row + 1 - rows[0][0].row if rows else 0
        for row in rows:
            for cell in row:
                cell.row += shift
            self.table.cells += row
            self.last = row


def _goes_on(above: Mapping[int, Cell], row: Sequence[Cell]) -> bool:
    """Say whether a row goes on with the one that the page's end broke: a sentence of it does, in columns it has."""
    return all(cell.column in above for cell in row) and any(
        cell.text[:1].islower() and not ends_sentence(above[cell.column].text) for cell in row
    )


def _match(columns: Sequence[float], others: Sequence[float]) -> list[int] | None:
    """Return, for each column of a table overleaf, which column of the first it is; None where they do not match."""
    if len(columns) > _MOST_COLUMNS or len(others) > len(columns):
        return None
    places = []
    for place in others:
        near = min(range(len(columns)), key=lambda at: abs(columns[at] - place))
        if abs(columns[near] - place) > _SAME_COLUMN:
            return None
        places.append(near + 1)
    return places if places[0] == 1 and places[-1] == len(columns) else None


def _list_rows(cells: Sequence[Cell]) -> list[list[Cell]]:
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    return [rows[number] for number in sorted(rows)]


def _say(row: Sequence[Cell]) -> list[str]:
    return [cell.text for cell in row]


def _is_header(row: Sequence[Cell]) -> bool:
    return len(row) > 1 and all(line.bold for cell in row for line in cell.lines)
