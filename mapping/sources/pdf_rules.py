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
#: Across, down, and whether a straight line leads there.
Point = tuple[float, float, bool]
# No thicker than this a filled shape is a line; no longer than that it is a dot.
_THICK, _SHORT = 3.2, 2.0
# Lines that run so close together are one, and so far apart the dashes of one stand.
_SAME, _DASHED = 2.5, 4.5
# How much of the way round a box with round corners is straight.
_STRAIGHT = 0.6
# How far a line may lean, in points, and how far from the origin it may stand (pages are at most 14,400 points wide).
_LEANING, _FARTHEST = 0.6, 20_000.0
# A page whose lines and boxes take more steps of the pen than this is a drawing: no table is looked for on it, nor
# where so many lines may cross.
_MOST_STEPS, _MOST_LINES, _MOST_CROSSINGS = 25_000, 1_500, 150_000
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
        Whether there is so much that it is a drawing; then nothing is kept.
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
        if self._count > _MOST_STEPS:
            self.crowded, self.across, self.upright, self.boxes = True, [], [], []
            return
        for points in _list_parts(path, matrix, height):
            if fill:
                self._add_filled(points, colour)
            if stroke:
                self._add_stroked(points)

    def turn(self, height: float, up: bool) -> Rules:
        """Return them as they stand on the page, so high, turned by a quarter: what ran up (or down) runs level."""
        turned, sign = Rules(), 1 if up else -1

        def level(low: float, high: float) -> tuple[float, float]:
            return (height - high, height - low) if up else (low - height, high - height)

        turned.across = [(sign * x, *level(y0, y1)) for x, y0, y1 in self.upright]
        turned.upright = [
            (sign * (height - y), min(sign * x0, sign * x1), max(sign * x0, sign * x1)) for y, x0, x1 in self.across
        ]
        turned.boxes = [
            ((level(y0, y1)[0], min(sign * x0, sign * x1), level(y0, y1)[1], max(sign * x0, sign * x1)), colour)
            for (x0, y0, x1, y1), colour in self.boxes
        ]
        return turned

    def _add_stroked(self, points: Sequence[Point]) -> None:
        if any(not straight for _, _, straight in points):
            if _is_box(points):  # with round corners
                x0, y0, x1, y1 = _bound(points)
                self.across += [(y0, x0, x1), (y1, x0, x1)]
                self.upright += [(x0, y0, y1), (x1, y0, y1)]
            return
        for (x0, y0, _), (x1, y1, _) in itertools.pairwise(points):
            if abs(y1 - y0) <= _LEANING and abs(x1 - x0) > _SHORT:
                self.across.append(((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x1 - x0) <= _LEANING and abs(y1 - y0) > _SHORT:
                self.upright.append(((x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    def _add_filled(self, points: Sequence[Point], colour: Any) -> None:
        x0, y0, x1, y1 = _bound(points)
        if y1 - y0 <= _THICK and x1 - x0 > max(_SHORT, y1 - y0):
            self.across.append(((y0 + y1) / 2, x0, x1))
        elif x1 - x0 <= _THICK and y1 - y0 > max(_SHORT, x1 - x0):
            self.upright.append(((x0 + x1) / 2, y0, y1))
        elif x1 - x0 > _THICK and y1 - y0 > _THICK and colour not in _WHITE and _is_box(points):
            self.boxes.append(((x0, y0, x1, y1), colour))


def _bound(points: Sequence[Point]) -> Box:
    xs, ys = [x for x, _, _ in points], [y for _, y, _ in points]
    return min(xs), min(ys), max(xs), max(ys)


def _is_box(points: Sequence[Point]) -> bool:
    """Say whether points go round a rectangle: every straight part along a side, and most of the way straight."""
    x0, y0, x1, y1 = _bound(points)
    along = 0.0
    for (a, b, _), (c, d, straight) in itertools.pairwise([*points, (*points[0][:2], True)]):
        if not straight:
            continue
        level = abs(d - b) < _LEANING and min(abs(b - y0), abs(y1 - b)) < _LEANING
        steep = abs(c - a) < _LEANING and min(abs(a - x0), abs(x1 - a)) < _LEANING
        if not level and not steep:
            return False
        along += abs(c - a) + abs(d - b)
    return along > _STRAIGHT * 2 * (x1 - x0 + y1 - y0)


def _list_parts(path: Sequence[Any], matrix: tuple[float, ...], height: float) -> Iterator[list[Point]]:
    """Yield the points of each part of a path, as the page shows them, and whether a straight line leads to each."""
    a, b, c, d, e, f = matrix
    points: list[Point] = []
    for step in path:
        kind = step[0]
        if kind == "h":
            if points:
                points.append((*points[0][:2], True))
            continue
        if kind == "m":
            if len(points) > 1:
                yield points
            points = []
        x, y = a * step[-2] + c * step[-1] + e, height - (b * step[-2] + d * step[-1] + f)
        if abs(x) < _FARTHEST and abs(y) < _FARTHEST:
            points.append((x, y, kind in ("m", "l")))
    if len(points) > 1:
        yield points


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
            if low is None or high is None or start > high + _DASHED:
                if low is not None and high is not None:
                    joined.append((place, low, high))
                low, high = start, end
            elif end > high:
                high = end
        if low is not None and high is not None:
            joined.append((place, low, high))
    return joined


def group_edges(
    across: Sequence[Edge], upright: Sequence[Edge], touch: float
) -> list[tuple[list[Edge], list[Edge]]]:  # fmt: skip
    """Return the groups of lines that come so near one another, or through others; none where there are too many."""
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
        for other in range(bisect_left(places, x0 - touch), len(upright)):
            x, y0, y1 = upright[other]
            if x > x1 + touch:
                break
            if y0 - touch <= y <= y1 + touch:
                leads[find(number)] = find(len(across) + other)
    groups: dict[int, tuple[list[Edge], list[Edge]]] = {}
    for number, edge in enumerate(across):
        groups.setdefault(find(number), ([], []))[0].append(edge)
    for number, edge in enumerate(upright):
        groups.setdefault(find(len(across) + number), ([], []))[1].append(edge)
    return list(groups.values())
