"""Words beside dots: each finds a place of its own, clear of dots, lines and other words, and near what it names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from mapping.figures.places import Box, Segment, around, cross, overlap

__all__ = ["Label", "Place", "place_labels", "weigh"]

#: Positions of a label around its dot, the liked ones first: to the right, the left, aslant, above, below, between.
_AROUND = (
    (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1), (0, -1), (0, 1),
    (1, -0.5), (-1, -0.5), (1, 0.5), (-1, 0.5), (0.5, -1), (-0.5, -1), (0.5, 1), (-0.5, 1),
)  # fmt: skip
#: Distances of a label from its dot; beyond the first a fine line leads to it.
_RINGS = (0.0, 0.14, 0.3, 0.5, 0.75, 1.0)
#: What it costs to hide anything at all, and per square inch; to cross a line at all, and per inch.
_HIDES, _HIDDEN, _CROSSES, _CROSSED = 2.0, 100.0, 1.0, 2.0
#: What it costs to stand near the dot of another, or when a leading line meets a line, or runs so close along it.
_MEETS, _BESIDE = 0.3, 0.025
#: What it costs to stand beyond a dot's tail; so near the dot of another a label would be taken for its name.
_BEYOND, _NEAR = 0.12, 0.06
#: Labels are placed in turns, until none moves, each with so many good places; a shorter leading line is not drawn.
_TURNS, _ENOUGH, _LEAST = 8, 40, 0.1


@dataclass(frozen=True)
class Label:
    """What is to be written: half its width and half its height in inches, and the dots by one of which it may stand.

    ``tail`` is the level line from the first dot to x: the label may stand beyond its end too.
    """

    half: float
    tall: float
    dots: Sequence[tuple[float, float]]
    tail: float


@dataclass(frozen=True)
class Place:
    """Where a label may stand: its box, the line that leads to its dot (or none), and what the place itself costs."""

    box: Box
    leader: Segment | None
    cost: float


def weigh(box: Box, boxes: Sequence[Box], lines: Sequence[Segment], room: Box) -> float:
    """Return what it costs to write in a box: what it hides and crosses, and how far it stands out of its room."""
    hidden = [share for other in boxes if (share := overlap(box, other)) > 0]
    crossed = [length for line in lines if (length := cross(box, line)) > 0]
    out = sum(max(0.0, over) for over in (room[0] - box[0], room[1] - box[1], box[2] - room[2], box[3] - room[3]))
    return (
        _HIDES * len(hidden) + _HIDDEN * sum(hidden) + _CROSSES * len(crossed) + _CROSSED * sum(crossed)
        + (_HIDES + _HIDDEN * out if out > 1e-9 else 0.0)
    )  # fmt: skip


def place_labels(
    labels: Sequence[Label], boxes: Sequence[Box], lines: Sequence[Segment], room: Box, radius: float
) -> list[Place]:
    """Choose a place for every label, so that together they hide and cross least.

    Parameters
    ----------
    labels : sequence of Label
    boxes, lines
        What stands on the sheet already: no label may hide the first or cross the second.
    room : Box
        What labels stay inside of.
    radius : float
        Of the dots.
    """
    options = []
    for label in labels:
        strangers = [around(*dot, radius + _NEAR, radius + _NEAR) for other in labels if other is not label
                     for dot in other.dots]  # fmt: skip
        found = _list_places(label, boxes, lines, room, radius)
        near = [_MEETS * sum(overlap(place.box, box) > 0 for box in strangers) for place in found]
        again = [replace(place, cost=place.cost + more) for place, more in zip(found, near, strict=True)]
        options.append(sorted(again, key=lambda place: place.cost))
    chosen = [own[0] for own in options]
    for turn in range(_TURNS):
        before = list(chosen)
        for n, own in enumerate(options):
            # In the first turn those that come later have no place yet.
            others = chosen[:n] + (chosen[n + 1 :] if turn else [])
            chosen[n] = min(own, key=lambda place: _add_up(place, others))
        if turn and chosen == before:
            break
    return _part(options, chosen)


def _part(options: Sequence[Sequence[Place]], chosen: list[Place]) -> list[Place]:
    """Move labels in pairs, where one still hides or crosses something and no move of it alone would help."""
    for n, m in combinations(range(len(chosen)), 2):
        if max(_clash(chosen[n], chosen[m]), chosen[n].cost, chosen[m].cost) < _CROSSES:
            continue
        others = [place for at, place in enumerate(chosen) if at not in (n, m)]
        replies = [(place, _add_up(place, others)) for place in options[m]]
        pairs = (
            (first, second, _add_up(first, others) + cost + _clash(first, second))
            for first in options[n][:_ENOUGH]
            for second, cost in replies
        )
        chosen[n], chosen[m], _ = min(pairs, key=lambda pair: pair[2])
    return chosen


def _add_up(place: Place, others: Sequence[Place]) -> float:
    """Return what a place costs beside those that other labels have."""
    return place.cost + sum(_clash(place, other) for other in others)


def _clash(place: Place, other: Place) -> float:
    """Return what it costs that two labels, or the lines that lead to them, hide or cross one another."""
    cost = 0.0
    if (shared := overlap(place.box, other.box)) > 0:
        cost += _HIDES + _HIDDEN * shared
    for box, leader in ((place.box, other.leader), (other.box, place.leader)):
        if leader and (length := cross(box, leader)) > 0:
            cost += _CROSSES + _CROSSED * length
    if place.leader and other.leader and _meet(place.leader, other.leader):
        cost += _CROSSES
    return cost


def _list_places(label: Label, boxes: Sequence[Box], lines: Sequence[Segment], room: Box, radius: float) -> list[Place]:
    """Return where a label may stand."""
    (x, y), away = label.dots[0], label.half + 0.05
    beyond = around(label.tail + math.copysign(away, label.tail - x), y, label.half, label.tall)
    found = [Place(beyond, None, weigh(beyond, boxes, lines, room) + _BEYOND)]
    for ring in _RINGS:
        for dot in label.dots:
            for n, (across, down) in enumerate(_AROUND):
                slant = 0.75 if abs(across) == abs(down) == 1 else 1.0
                away = (radius + 0.035 + ring) * slant
                x, y = dot[0] + across * (label.half + away), dot[1] + down * (label.tall + away)
                box = around(x, y, label.half, label.tall)
                leader = _lead(dot, box, radius)
                cost = weigh(box, boxes, lines, room) + ring + 0.004 * n
                found.append(Place(box, leader, cost + (_weigh_leader(leader, dot, boxes, lines) if leader else 0.0)))
        # With so many places that hide nothing, none further off is needed.
        if sum(place.cost < _CROSSES for place in found) >= _ENOUGH:
            break
    return found


def _weigh_leader(
    leader: Segment, dot: tuple[float, float], boxes: Sequence[Box], lines: Sequence[Segment]
) -> float:  # fmt: skip
    """Return what it costs to draw a leading line: what it runs through besides its own dot, and the lines it meets."""
    through = sum(_CROSSES for box in boxes if not _holds(box, dot) and cross(box, leader) > 0)
    middle = around((leader[0] + leader[2]) / 2, (leader[1] + leader[3]) / 2, _BESIDE, _BESIDE)
    met = sum(_MEETS for line in lines if _meet(leader, line) or cross(middle, line) > 0)
    return 0.05 + through + met


def _lead(dot: tuple[float, float], box: Box, radius: float) -> Segment | None:
    """Return the line from a dot to the nearest place of a box, or nothing where that is close."""
    near = min(max(dot[0], box[0]), box[2]), min(max(dot[1], box[1]), box[3])
    return (*dot, *near) if math.dist(dot, near) > radius + _LEAST else None


def _holds(box: Box, dot: tuple[float, float]) -> bool:
    return box[0] <= dot[0] <= box[2] and box[1] <= dot[1] <= box[3]


def _meet(a: Segment, b: Segment) -> bool:
    """Return whether two straight lines cross."""

    def turn(x: float, y: float, line: Segment) -> float:
        return (line[2] - line[0]) * (y - line[1]) - (line[3] - line[1]) * (x - line[0])

    return turn(*a[:2], b) * turn(*a[2:], b) < 0 and turn(*b[:2], a) * turn(*b[2:], a) < 0
