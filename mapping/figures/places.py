"""Boxes and straight lines on a sheet: how much of one another they cover, in inches."""

from __future__ import annotations

import math

__all__ = ["Box", "Segment", "around", "clip", "cross", "overlap"]

#: Left, top, right, bottom; and from x, y to x, y.
Box = tuple[float, float, float, float]
Segment = tuple[float, float, float, float]


def around(x: float, y: float, half: float, tall: float) -> Box:
    """Return the box around a middle, half as wide and half as tall as given."""
    return x - half, y - tall, x + half, y + tall


def overlap(a: Box, b: Box) -> float:
    """Return how much two boxes share, in square inches.

    Examples
    --------
    >>> overlap((0, 0, 2, 2), (1, 1, 3, 3)), overlap((0, 0, 1, 1), (1, 0, 2, 1))
    (1, 0.0)
    """
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def clip(line: Segment, box: Box) -> tuple[float, float]:
    """Return between which parts of its length a straight line lies in a box; twice 0 where it does not.

    Liang and Barsky 1984.

    Examples
    --------
    >>> clip((0, 0, 4, 0), (1, -1, 3, 1))
    (0.25, 0.75)
    """
    first, last = 0.0, 1.0
    for begin, way, low, high in (
        (line[0], line[2] - line[0], box[0], box[2]), (line[1], line[3] - line[1], box[1], box[3])
    ):  # fmt: skip
        if way == 0:
            if not low <= begin <= high:
                return 0.0, 0.0
            continue
        enter, leave = sorted(((low - begin) / way, (high - begin) / way))
        first, last = max(first, enter), min(last, leave)
    return (first, last) if last > first else (0.0, 0.0)


def cross(box: Box, line: Segment) -> float:
    """Return how much of a straight line runs through a box, in inches."""
    first, last = clip(line, box)
    return (last - first) * math.hypot(line[2] - line[0], line[3] - line[1])
