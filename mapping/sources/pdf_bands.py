"""Tables whose rows are told by lines across or shaded bands alone: their columns are the white that all rows leave."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mapping.sources.pdf_grids import Grid, outline
from mapping.sources.pdf_letters import Letter
from mapping.sources.pdf_lines import Line, build_lines
from mapping.sources.pdf_rules import Edge, Rules, join_edges

__all__ = ["list_bands"]

_MOST_EDGES, _MOST_STACKS, _MOST_BANDS, _MOST_PIECES = 400, 10, 300, 3_000
# Lines across belong together if they begin and end so nearly alike; a table is at least so wide. In points.
_ALIKE, _NARROWEST, _SAME = 4.0, 100.0, 3.5
# How far a wall may fall short of a line across: a marker's box behind words falls shorter.
_SHORT = 1.2
# White between columns, and how far before the words of a column it ends.
_WHITE, _BEFORE = 8.0, 3.0
_FEWEST_ROWS, _FEWEST_WALLED = 3, 2
_LONGEST_CELL, _LARGER = 300, 1.15
# The share of rows in which a column must begin, end or be centred alike, and of cells that may hold pieces set apart;
# of known walls, the share that a row must respect.
_ALIGNED, _APART, _KNOWN_FREE = 0.6, 0.25, 0.6
# In ems: how far lines of one row stand apart, how high a row of one line is, and how near a rule its row begins.
_PITCH, _LOW, _NEXT = 1.7, 2.6, 2.2

White = tuple[float, float]


@dataclass
class _Band:
    """What stands between two lines across: its words, and where walls part it."""

    top: float
    bottom: float
    lines: list[Line] = field(default_factory=list)
    walls: list[float] = field(default_factory=list)


def list_bands(rules: Rules, letters: Sequence[Letter]) -> list[Grid]:
    """Return the grids of tables that have lines or bands across, and no walls, or walls in some rows only."""
    if rules.crowded:
        return []
    boxes = outline(rules.boxes)
    across = join_edges([*rules.across, *((y, x0, x1) for x0, y0, x1, y1 in boxes for y in (y0, y1))])
    walls = sorted([*rules.upright, *((x, y0, y1) for x0, y0, x1, y1 in boxes for x in (x0, x1))])
    if not 2 <= len(across) <= _MOST_EDGES or len(walls) > _MOST_EDGES:
        return []
    stacks = _list_stacks(across)[:_MOST_STACKS]
    every = build_lines(letters, 0) if stacks else []
    if len(every) > _MOST_PIECES:
        return []
    grids: list[Grid] = []
    for low, high, ys in stacks:
        lines = [line for line in every if line.x0 < high and line.x1 > low]
        inner = [wall for wall in walls if low + _WHITE < wall[0] < high - _WHITE]
        narrow = [line for line in lines if low - _WHITE < line.x0 and line.x1 < high + _WHITE]
        grids += _make_grids(low, high, _list_runs(low, high, _cut(ys, lines, inner)), narrow)
    return grids


def _list_stacks(across: Iterable[Edge]) -> list[tuple[float, float, list[float]]]:
    """Return the lines across that begin and end alike: left, right and heights; the widest stacks first."""
    stacks: list[tuple[float, float, list[float]]] = []
    for y, x0, x1 in sorted(across):
        if x1 - x0 < _NARROWEST:
            continue
        for low, high, ys in stacks:
            if abs(low - x0) <= _ALIKE and abs(high - x1) <= _ALIKE:
                if y - ys[-1] > _SAME:
                    ys.append(y)
                break
        else:
            stacks.append((x0, x1, [y]))
    kept = [stack for stack in stacks if 2 <= len(stack[2]) <= _MOST_BANDS]
    return sorted(kept, key=lambda stack: stack[0] - stack[1])


def _cut(ys: Sequence[float], lines: Iterable[Line], walls: Iterable[Edge]) -> list[_Band]:
    """Return the rows between lines across that hold words."""
    bands = [_Band(top, bottom) for top, bottom in itertools.pairwise(ys)]
    for line in lines:
        at = bisect_right(ys, _middle(line)) - 1
        if 0 <= at < len(bands):
            bands[at].lines.append(line)
    for x, y0, y1 in walls:
        first, last = bisect_right(ys, y0 + _SAME) - 1, bisect_right(ys, y1 - _SAME) - 1
        for band in bands[max(first, 0) : last + 1]:
            whole = y0 < band.top + _SHORT and y1 > band.bottom - _SHORT
            if whole and (not band.walls or x - band.walls[-1] > _SAME):
                band.walls.append(x)
    return [band for band in bands if band.lines]


def _middle(line: Line) -> float:
    return line.y - 0.3 * line.size


def _list_runs(low: float, high: float, bands: Iterable[_Band]) -> list[_Run]:
    """Return the runs of rows that have the same columns."""
    runs: list[_Run] = []
    run: _Run | None = None
    for band in bands:
        if any(line.x0 < low - _WHITE or line.x1 > high + _WHITE for line in band.lines):
            run = None  # words that reach beyond the lines stand between two tables
        elif run is None or not run.take(band):
            run = _Run()
            if run.take(band):
                runs.append(run)
            else:
                run = None
    for run in runs:
        run.drop_labels()
    return [run for run in runs if len(run.bands) > 1]


def _make_grids(low: float, high: float, runs: Sequence[_Run], lines: Sequence[Line]) -> list[Grid]:
    """Return the grids of runs of rows, each with its head before the first line across and its foot after the last."""
    taken = {id(line) for run in runs for band in run.bands for line in band.lines}
    for way in (-1, 1):
        for run in runs:
            found = _extend(run, [line for line in lines if id(line) not in taken], way)
            taken |= {id(line) for band in found for line in band.lines}
            run.bands = [*found, *run.bands] if way < 0 else [*run.bands, *found]
    grids = []
    for run in runs:
        if run.is_table():
            rows, xs = run.bands, run.places
            left = min(low, *(line.x0 - 1 for row in rows for line in row.lines))
            ys = [rows[0].top, *(row.bottom for row in rows)]
            upright = [(x, row.top, row.bottom) for row in rows for x in xs if not _is_crossed(row, x)]
            grids.append(Grid([left, *xs, high], ys, [(y, left, high) for y in ys], upright))
    return grids


class _Run:
    """Rows one below the other that have the same columns: by the walls in some of them, else by the white in all."""

    def __init__(self) -> None:
        self.bands: list[_Band] = []
        self.walls: list[float] = []
        self.whites: list[White] = []

    @property
    def places(self) -> list[float]:
        """Where the columns after the first begin."""
        return self.walls or [end - _BEFORE for _, end in self.whites]

    def take(self, band: _Band) -> bool:
        """Add a row, unless it has other columns."""
        if not self._fits(band) and not (self.bands and _is_label(band, self.bands)):
            return False
        self.bands.append(band)
        return True

    def _fits(self, band: _Band) -> bool:
        """Say whether a row has the same columns, and narrow the white to what it leaves."""
        if not self.bands:
            self.walls = band.walls
        if band.walls and not all(any(abs(x - wall) <= _SAME for wall in self.walls) for x in band.walls):
            return False
        if self.walls:
            free = [x for x in self.walls if not _is_crossed(band, x)]
            columns = {sum(line.x0 > x - 1 for x in free) for line in band.lines}
            return len(columns) > 1 and len(free) >= _KNOWN_FREE * len(self.walls)
        left = self.leave(band)
        self.whites = left or self.whites
        return bool(left)

    def leave(self, band: _Band) -> list[White]:
        """Return the white that a row leaves of that of the rows before it."""
        own = _list_whites(band.lines)
        if not self.bands:
            return own
        both = [(max(a, c), min(b, d)) for a, b in self.whites for c, d in own]
        return [white for white in both if white[1] - white[0] >= _WHITE]

    def drop_labels(self) -> None:
        """Leave out lines of words at the end: they stand over what comes next."""
        while len(self.bands) > 1 and len(self.bands[-1].lines) == 1:
            self.bands.pop()

    def is_table(self) -> bool:
        """Say whether the rows are a table."""
        if self.walls:
            return len(self.bands) >= _FEWEST_WALLED
        return len(self.bands) >= _FEWEST_ROWS and _is_aligned(self.bands, self.places)


def _extend(run: _Run, lines: Sequence[Line], way: int) -> list[_Band]:
    """Return the row before the first line across (``way`` -1) or after the last (1), as heads have none over them."""
    edge = run.bands[0].top if way < 0 else run.bands[-1].bottom
    row: list[Line] = []
    reach = edge
    for line in sorted((line for line in lines if way * (_middle(line) - edge) > 0), key=lambda line: way * line.y):
        if way * (_middle(line) - reach) > (_PITCH if row else _NEXT) * line.size:
            break
        row.append(line)
        reach = _middle(line)
    if not row or any(line.size > _LARGER * row[0].size for line in row):
        return []
    end = reach + way * 0.8 * row[-1].size
    band = _Band(min(edge, end), max(edge, end), row)
    places = {sum(line.x0 > x - 1 for x in run.places) for line in row}
    if len(places) < 2 or any(_is_crossed(band, x) for x in run.places):
        return []
    return [band] if run.walls or run.leave(band) else []


def _is_crossed(band: _Band, x: float) -> bool:
    return any(line.x0 < x - 1 and line.x1 > x + 1 for line in band.lines)


def _list_whites(lines: Sequence[Line]) -> list[White]:
    """Return the white between words that runs down through all lines."""
    whites: list[White] = []
    end: float | None = None
    for line in sorted(lines, key=lambda line: line.x0):
        if end is not None and line.x0 - end >= _WHITE:
            whites.append((end, line.x0))
        end = line.x1 if end is None else max(end, line.x1)
    return whites


def _is_label(band: _Band, run: Sequence[_Band]) -> bool:
    """Say whether a row is a line of words over the rows below it, as high as a line is and no larger than the rows."""
    line = band.lines[0]
    largest = max(one.size for row in run for one in row.lines)
    return len(band.lines) == 1 and band.bottom - band.top < _LOW * line.size and line.size < _LARGER * largest


def _is_aligned(rows: Sequence[_Band], xs: Sequence[float]) -> bool:
    """Say whether the words of each column begin, end or are centred alike, and are short, and some are words."""
    columns: list[list[list[Line]]] = [[] for _ in range(len(xs) + 1)]
    for row in rows:
        parts: dict[int, list[Line]] = {}
        for line in row.lines:
            parts.setdefault(sum(line.x0 > x for x in xs), []).append(line)
        if len(parts) > 1:
            for column, lines in parts.items():
                columns[column].append(lines)
    cells = [lines for column in columns for lines in column]
    lengths = sum(len(line.text) for lines in cells for line in lines)
    worded = sum(any(letter.isalpha() for line in lines for letter in line.text) for lines in cells)
    if not cells or lengths > _LONGEST_CELL * len(cells) or 3 * worded < len(cells):
        return False
    if sum(_has_pieces(lines) for lines in cells) > _APART * len(cells):
        return False
    return all(_is_even(column) for column in columns if column)


def _has_pieces(lines: Sequence[Line]) -> bool:
    """Say whether words of a cell stand beside one another, as columns do that were not told apart."""
    pairs = itertools.pairwise(sorted(lines, key=lambda line: (round(line.y), line.x0)))
    return any(abs(one.y - two.y) < 0.3 * one.size and two.x0 - one.x1 > one.size for one, two in pairs)


def _is_even(column: Sequence[Sequence[Line]]) -> bool:
    starts = [min(line.x0 for line in lines) for lines in column]
    ends = [max(line.x1 for line in lines) for lines in column]
    middles = [(start + end) / 2 for start, end in zip(starts, ends, strict=True)]
    least = _ALIGNED * len(column)
    return any(
        sum(abs(place - most) < _SAME for place in places) >= least
        for places in (starts, ends, middles)
        for most in [sorted(places)[len(places) // 2]]
    )
