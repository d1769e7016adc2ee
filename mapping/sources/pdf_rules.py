"""The ruling lines and filled boxes of a page, as it draws them: by these its tables are told."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

__all__ = ["Box", "Edge", "Rules", "group_edges", "join_edges"]

#: Where a line runs: its height or distance from the left, and its two ends; from the top left, in points.
Edge = tuple[float, float, float]
#: Left, top, right and bottom.
Box = tuple[float, float, float, float]
# No thicker than this a filled shape is a line; no longer than that it is a dot.
_THICK, _SHORT = 3.2, 2.0
# Lines that run so close together are one; so far apart two pieces of a line, or two lines that meet, still touch.
_SAME, _TOUCH = 2.5, 3.0
# How far a line may lean, in points, and how far from the origin it may stand (pages are at most 14,400 points wide).
_LEANING, _FARTHEST = 0.6, 20_000.0
# A page with more pieces than this is a drawing: no table is looked for on it, nor where so many lines may cross.
_MOST_PIECES, _MOST_LINES, _MOST_CROSSINGS = 10_000, 1_500, 150_000
_WHITE: tuple[Any, ...] = (1, (1,), (1, 1, 1), (0, 0, 0, 0))


class Rules:
    """What one page draws beside its letters, as far as tables are told by it.

    Attributes
    ----------
    across, upright : list of Edge
        The lines that run from left to right, and those that run down.
    boxes : list of tuple
        The filled rectangles, each with its colour; white ones are not seen.
    crowded : bool
        Whether there are so many pieces that they are a drawing; then nothing is kept.
    """

    __slots__ = ("_count", "across", "boxes", "crowded", "upright")

    def __init__(self) -> None:
        self.across: list[Edge] = []
        self.upright: list[Edge] = []
        self.boxes: list[tuple[Box, Any]] = []
        self.crowded = False
        self._count = 0

    def add(
        self, path: Sequence[Any], matrix: tuple[float, ...], height: float, stroke: bool, fill: bool, colour: Any
    ) -> None:
        """Add a path that is drawn on a page so high, its points told by the matrix."""
        if self.crowded:
            return
        self._count += len(path)
        if self._count > _MOST_PIECES:
            self.crowded, self.across, self.upright, self.boxes = True, [], [], []
            return
        for points, curved in _list_parts(path, matrix, height):
            if fill and not curved:
                self._add_filled(points, colour)
            if stroke and not curved:
                for (x0, y0), (x1, y1) in itertools.pairwise(points):
                    self._add_line(x0, y0, x1, y1)

    def turn(self, height: float, up: bool) -> Rules:
        """Return them as they stand on the page, so high, turned by a quarter: what ran up (or down) runs level."""
        turned, sign = Rules(), 1 if up else -1

        def level(low: float, high: float) -> tuple[float, float]:
            return (height - high, height - low) if up else (low - height, high - height)

        turned.across = [(sign * x, *level(y0, y1)) for x, y0, y1 in self.upright]
        turned.upright = [(sign * (height - y), *sorted((sign * x0, sign * x1))) for y, x0, x1 in self.across]
        turned.boxes = [
            ((level(y0, y1)[0], min(sign * x0, sign * x1), level(y0, y1)[1], max(sign * x0, sign * x1)), colour)
            for (x0, y0, x1, y1), colour in self.boxes
        ]
        return turned

    def _add_line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if abs(y1 - y0) <= _LEANING and abs(x1 - x0) > _SHORT:
            self.across.append(((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= _LEANING and abs(y1 - y0) > _SHORT:
            self.upright.append(((x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    def _add_filled(self, points: Sequence[tuple[float, float]], colour: Any) -> None:
        x0, x1 = min(x for x, _ in points), max(x for x, _ in points)
        y0, y1 = min(y for _, y in points), max(y for _, y in points)
        if y1 - y0 <= _THICK and x1 - x0 > max(_SHORT, y1 - y0):
            self.across.append(((y0 + y1) / 2, x0, x1))
        elif x1 - x0 <= _THICK and y1 - y0 > max(_SHORT, x1 - x0):
            self.upright.append(((x0 + x1) / 2, y0, y1))
        elif x1 - x0 > _THICK and y1 - y0 > _THICK and len(points) in (4, 5) and colour not in _WHITE:
            corners = all(min(x - x0, x1 - x) < _LEANING and min(y - y0, y1 - y) < _LEANING for x, y in points)
            if corners:
                self.boxes.append(((x0, y0, x1, y1), colour))


def _list_parts(
    path: Sequence[Any], matrix: tuple[float, ...], height: float
) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """Yield the points of each part of a path, as the page shows them, and whether any of it is curved."""
    a, b, c, d, e, f = matrix
    points: list[tuple[float, float]] = []
    curved = False
    for step in path:
        kind = step[0]
        if kind == "h":
            if len(points) > 1:
                points.append(points[0])
            continue
        if kind == "m":
            if len(points) > 1:
                yield points, curved
            points, curved = [], False
        curved = curved or kind in ("c", "v", "y")
        x, y = step[-2], step[-1]
        place = (a * x + c * y + e, height - (b * x + d * y + f))
        if not (abs(place[0]) < _FARTHEST and abs(place[1]) < _FARTHEST):
            points, curved = [], True
            continue
        points.append(place)
    if len(points) > 1:
        yield points, curved


def join_edges(edges: Iterable[Edge]) -> list[Edge]:
    """Return the lines that the pieces make up: those that run close together are one, and so are those that touch."""
    joined: list[Edge] = []
    rows: list[list[Edge]] = []
    for edge in sorted(edges):
        if not rows or edge[0] - rows[-1][0][0] > _SAME:
            rows.append([])
        rows[-1].append(edge)
    for row in rows:
        place = sum(edge[0] for edge in row) / len(row)
        low = high = None
        for _, start, end in sorted(row, key=lambda edge: edge[1]):
            if low is None or high is None or start > high + _TOUCH:
                if low is not None and high is not None:
                    joined.append((place, low, high))
                low, high = start, end
            elif end > high:
                high = end
        if low is not None and high is not None:
            joined.append((place, low, high))
    return joined


def group_edges(across: Sequence[Edge], upright: Sequence[Edge]) -> list[tuple[list[Edge], list[Edge]]]:
    """Return the groups of lines that touch one another, straight or through others; none where there are too many."""
    if max(len(across), len(upright)) > _MOST_LINES or len(across) * len(upright) > _MOST_CROSSINGS:
        return []
    upright = sorted(upright)
    places = [edge[0] for edge in upright]
    # Every line leads to one of its group, over others; the one that leads to itself stands for the group.
    leads = list(range(len(across) + len(upright)))

    def find(one: int) -> int:
        while leads[one] != one:
            leads[one] = leads[leads[one]]
            one = leads[one]
        return one

    for number, (y, x0, x1) in enumerate(across):
        for other in range(bisect_left(places, x0 - _TOUCH), len(upright)):
            x, y0, y1 = upright[other]
            if x > x1 + _TOUCH:
                break
            if y0 - _TOUCH <= y <= y1 + _TOUCH:
                leads[find(number)] = find(len(across) + other)
    groups: dict[int, tuple[list[Edge], list[Edge]]] = {}
    for number, edge in enumerate(across):
        groups.setdefault(find(number), ([], []))[0].append(edge)
    for number, edge in enumerate(upright):
        groups.setdefault(find(len(across) + number), ([], []))[1].append(edge)
    return list(groups.values())
