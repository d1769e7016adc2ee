"""Lines that touch, as a grid: the cells that they close, and the letters that stand in each."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from mapping.sources.pdf_letters import Letter
from mapping.sources.pdf_rules import Box, Edge, Rules, group_edges, join_edges

__all__ = ["Grid", "list_grids", "outline"]

# Columns narrower and rows lower than this, in points, are gaps between lines that belong together.
_NARROWEST, _LOWEST = 7.0, 4.0
# So far apart, in points, lines still meet, and coloured boxes are still cells of one table.
_MEET, _BETWEEN = 3.0, 6.5
# Places so close together are one; a wall may fall short of a cell's corner by this share of its side.
_NEAR, _SHORT = 3.5, 0.25
# Nearer to the left, in points, and in a lower box, in ems, no cell of a table has its words.
_TIGHT, _TIGHT_HIGH = 1.2, 1.7
_MOST_FIELDS, _MOST_BOXES, _MOST_GRIDS = 4_000, 400, 60
# Of the cells, how many must hold words; of those, how many may be no rectangles, as round a table within a cell (or
# one); of the letters, how many may be parted by a wall from the one before in their word.
_FEWEST_FILLED, _RAGGED, _CUT = 0.12, 0.10, 0.01

Sorted = dict[int, list[Letter]]


class Grid:
    """The fields between lines that touch, and the cells that they make up where no wall parts them.

    Attributes
    ----------
    xs, ys : list of float
        Where the lines run; the outer ones may not be drawn.
    cells : list of int
        The cell of each field, row by row.
    spans : list of tuple
        Of each cell, its first and last row and column among the fields.
    is_filled : bool
        Whether boxes count as well as lines.
    cut, filled : int
        Of the letters that were sorted and judged last: how many words a wall cuts, and how many cells hold words.
    """

    def __init__(
        self, xs: list[float], ys: list[float], across: Iterable[Edge], upright: Iterable[Edge], is_filled: bool = False
    ) -> None:
        self.is_filled = is_filled
        self.xs, self.ys = xs, ys
        self.wide, self.high = len(xs) - 1, len(ys) - 1
        beside, below = _mark_walls(upright, xs, ys), _mark_walls(across, ys, xs)
        self.cells, self.spans = _join_fields(self.wide, self.high, beside, below)
        self._columns, self._rows = _number(xs, _NARROWEST), _number(ys, _LOWEST)
        self.cut = self.filled = 0

    @property
    def area(self) -> float:
        """How much of the page it takes."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    @property
    def columns(self) -> list[float]:
        """Where its columns begin and the last one ends, gaps left aside."""
        starts = [self.xs[at] for at in range(self.wide) if self._columns[at + 1] > self._columns[at]]
        return [*starts, self.xs[-1]]

    def place(self, cell: int) -> tuple[int, int]:
        """Return the row and column of a cell, of its first where it spans several, counted from 1."""
        top, left, _, _ = self.spans[cell]
        return self._rows[top], self._columns[left]

    def box(self, cell: int) -> Box:
        """Return where a cell stands."""
        top, left, bottom, right = self.spans[cell]
        return self.xs[left], self.ys[top], self.xs[right + 1], self.ys[bottom + 1]

    def is_like(self, other: Grid) -> bool:
        """Say whether two grids take the same part of the page."""
        ends = zip((self.xs[0], self.xs[-1], self.ys[0], self.ys[-1]),
                   (other.xs[0], other.xs[-1], other.ys[0], other.ys[-1]), strict=True)  # fmt: skip
        return all(abs(one - two) < 2 * _NEAR for one, two in ends)

    def holds(self, x: float, y: float) -> bool:
        """Say whether a place is within the grid."""
        return self.xs[0] < x < self.xs[-1] and self.ys[0] < y < self.ys[-1]

    def find(self, x: float, y: float) -> int:
        """Return the cell at a place within the grid."""
        return self.cells[(bisect_right(self.ys, y) - 1) * self.wide + bisect_right(self.xs, x) - 1]

    def sort(self, letters: Sequence[Letter]) -> tuple[Sorted, list[Letter]]:
        """Return the letters by the cell that each stands in, and those outside; count the words that a wall cuts."""
        low, high, top, bottom = self.xs[0], self.xs[-1], self.ys[0], self.ys[-1]
        inside: Sorted = {}
        outside: list[Letter] = []
        last, before = -1, None
        self.cut = 0
        for letter in letters:
            _, start, end, base, size, _, _ = letter
            x, y = (start + end) / 2, base - 0.3 * size
            if low < x < high and top < y < bottom:
                cell = self.find(x, y)
                inside.setdefault(cell, []).append(letter)
            else:
                cell = -1
                outside.append(letter)
            if cell != last and before is not None and _is_word(before, letter):
                self.cut += 1
            last, before = cell, letter
        return inside, outside

    def sort_turned(self, letters: Sequence[Letter], height: float) -> tuple[Sorted, list[Letter]]:
        """Return the same of letters that run upwards on a page so high, as in the heads of narrow columns."""
        inside: Sorted = {}
        outside: list[Letter] = []
        for letter in letters:
            x, y = letter[3] - 0.3 * letter[4], height - (letter[1] + letter[2]) / 2
            if self.holds(x, y):
                inside.setdefault(self.find(x, y), []).append(letter)
            else:
                outside.append(letter)
        return inside, outside

    def judge(self, *sorted_letters: Sorted) -> str:
        """Return what the grid is, by the letters in its cells: a "table", a "row" of cells, or nothing of the kind."""
        words = [0] * len(self.spans)
        for inside in sorted_letters:
            for cell, letters in inside.items():
                words[cell] += sum(not letter[0].isspace() for letter in letters)
        filled = [self.place(cell) for cell, count in enumerate(words) if count]
        spoken = sum(sum(letter[0].isalpha() for letter in letters) > 1 for letters in sorted_letters[0].values())
        ragged = sum(not self._is_closed(cell) for cell, count in enumerate(words) if count)
        if ragged > 1 + _RAGGED * len(filled) or self.cut > max(1, _CUT * sum(words)):
            return ""
        self.filled = len(filled)
        if self.is_filled and self._hugs(sorted_letters[0]):
            return ""
        rows, columns = {row for row, _ in filled}, {column for _, column in filled}
        if len(columns) < 2 or len(filled) == len(rows):
            return ""
        if len(rows) == 1:
            return "row"
        return "table" if len(filled) > 2 and spoken > 1 and len(filled) >= _FEWEST_FILLED * self._count_cells() else ""

    def _hugs(self, inside: Sorted) -> bool:
        """Say whether the boxes are drawn round words, as a marker does, and leave no white before them."""
        tight = 0
        for cell, letters in inside.items():
            left, top, _, bottom = self.box(cell)
            first = min(letter[1] for letter in letters)
            tight += first - left < _TIGHT and bottom - top < _TIGHT_HIGH * letters[0][4]
        return 2 * tight >= len(inside)

    def _is_closed(self, cell: int) -> bool:
        top, left, bottom, right = self.spans[cell]
        return all(
            self.cells[row * self.wide + column] == cell
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        )

    def _count_cells(self) -> int:
        return len({self.place(cell) for cell in range(len(self.spans))})


def _is_word(before: Letter, letter: Letter) -> bool:
    """Say whether two letters stand side by side in a word."""
    size = letter[4]
    near = abs(letter[3] - before[3]) < 0.1 * size and -0.2 * size < letter[1] - before[2] < 0.12 * size
    return near and not (letter[0].isspace() or before[0].isspace())


def _number(places: Sequence[float], least: float) -> list[int]:
    """Return, for each field between two places, which one it is, from 1, and how many there are, gaps not counted."""
    numbers = [1]
    for low, high in itertools.pairwise(places):
        numbers.append(numbers[-1] + (high - low >= least))
    return numbers


def _mark_walls(edges: Iterable[Edge], places: Sequence[float], along: Sequence[float]) -> set[tuple[int, int]]:
    """Return where walls stand: at which place, and beside which field along it."""
    walls = set()
    for place, low, high in edges:
        after = bisect_right(places, place)
        at = min((k for k in (after - 1, after) if 0 <= k < len(places)), key=lambda k: abs(places[k] - place))
        if abs(places[at] - place) > _NEAR:
            continue
        for field in range(len(along) - 1):
            short = _SHORT * (along[field + 1] - along[field])
            if low <= along[field] + short and high >= along[field + 1] - short:
                walls.add((at, field))
    return walls


def _join_fields(
    wide: int, high: int, beside: set[tuple[int, int]], below: set[tuple[int, int]]
) -> tuple[list[int], list[tuple[int, int, int, int]]]:
    """Return the cell of each field, and the first and last row and column of each cell."""
    cells = [-1] * (wide * high)
    spans: list[tuple[int, int, int, int]] = []
    for start in range(wide * high):
        if cells[start] >= 0:
            continue
        cells[start] = len(spans)
        found, todo = [start], [start]
        while todo:
            row, column = divmod(todo.pop(), wide)
            for open_, field in (
                (column > 0 and (column, row) not in beside, row * wide + column - 1),
                (column + 1 < wide and (column + 1, row) not in beside, row * wide + column + 1),
                (row > 0 and (row, column) not in below, (row - 1) * wide + column),
                (row + 1 < high and (row + 1, column) not in below, (row + 1) * wide + column),
            ):
                if open_ and cells[field] < 0:
                    cells[field] = len(spans)
                    found.append(field)
                    todo.append(field)
        rows, columns = [field // wide for field in found], [field % wide for field in found]
        spans.append((min(rows), min(columns), max(rows), max(columns)))
    return cells, spans


# --- grids of a page ---------------------------------------------------------------------------------------


def list_grids(rules: Rules) -> tuple[list[Grid], list[Grid]]:
    """Return the grids that the lines of a page make up, small ones first, as one may stand in another's cell.

    Those of lines alone come first, then those of lines and filled boxes together, as in tables with a coloured head.
    """
    if rules.crowded or len(rules.across) + len(rules.upright) + len(rules.boxes) < 4:
        return [], []
    lined = _make_grids(rules.across, rules.upright)
    boxes = outline(rules.boxes)
    if not boxes:
        return lined, []
    across = [(y, x0, x1) for x0, y0, x1, y1 in boxes for y in (y0, y1)]
    upright = [(x, y0, y1) for x0, y0, x1, y1 in boxes for x in (x0, x1)]
    return lined, _make_grids([*rules.across, *across], [*rules.upright, *upright], True)


def _make_grids(across: Sequence[Edge], upright: Sequence[Edge], is_filled: bool = False) -> list[Grid]:
    grids = []
    for level, steep in group_edges(join_edges(across), join_edges(upright), _BETWEEN if is_filled else _MEET):
        if len(level) < 2 or len(steep) < 2:
            continue
        xs, ys = _list_places(steep, level), _list_places(level, steep)
        fields = (len(xs) - 1) * (len(ys) - 1)
        if 2 <= fields <= _MOST_FIELDS:
            grids.append(Grid(xs, ys, level, steep, is_filled))
    return sorted(grids, key=lambda grid: grid.area)[:_MOST_GRIDS]


def _list_places(edges: Sequence[Edge], crossing: Sequence[Edge]) -> list[float]:
    """Return where lines run, close ones as one; and where those that cross them end alike beyond the outermost."""
    places: list[float] = []
    for place in sorted(edge[0] for edge in edges):
        if not places or place - places[-1] > _NEAR:
            places.append(place)
    first = _find_end(sorted(edge[1] for edge in crossing))
    last = -_find_end(sorted(-edge[2] for edge in crossing))
    return [first] * (places[0] - first > _NEAR) + places + [last] * (last - places[-1] > _NEAR)


def _find_end(ends: Sequence[float]) -> float:
    """Return the outermost place where two lines end alike; infinity where none do."""
    return next((one for one, other in itertools.pairwise(ends) if other - one < _NEAR), math.inf)


def outline(boxes: Sequence[tuple[Box, object]]) -> list[Box]:
    """Return the boxes without those within another of their colour, stacked ones of one colour as one."""
    if len(boxes) > _MOST_BOXES:
        return []
    stacks: dict[tuple[str, int, int], list[Box]] = {}
    for box, colour in sorted(boxes, key=lambda one: one[0][1]):
        stack = stacks.setdefault((str(colour), round(box[0]), round(box[2])), [])
        if stack and box[1] <= stack[-1][3] + 0.6:
            x0, y0, x1, y1 = stack[-1]
            stack[-1] = (x0, y0, x1, max(y1, box[3]))
        else:
            stack.append(box)
    outlined = [(box, colour) for (colour, _, _), stack in stacks.items() for box in stack]
    return [
        box
        for box, colour in outlined
        if not any(colour == other and box != around and _is_within(box, around) for around, other in outlined)
    ]


def _is_within(box: Box, around: Box) -> bool:
    return (
        box[0] >= around[0] - 1 and box[1] >= around[1] - 1 and box[2] <= around[2] + 1 and box[3] <= around[3] + 1
    )  # fmt: skip
