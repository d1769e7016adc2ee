"""Which drawn lines, and which edges of shapes, run through words: a line over a letter makes another letter."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path as Outline
from matplotlib.transforms import Bbox, Transform

from mapping.figures.places import Box, clip

__all__ = ["find_crossed"]

#: A line this near to the edge of the letters, in inches, is not counted.
_EDGE = 0.004
#: A line that runs through a word for less than this, in inches, only touches it.
_SHORTEST = 0.012
#: Colours whose channels differ by less than this are the same to the eye.
_ALIKE = 0.04
#: Where a crossing is held against what lies above it: places along the part inside the box.
_PLACES = (0.1, 0.3, 0.5, 0.7, 0.9)

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class _Shape:
    """A shape or a line in the order of drawing: its outline in inches, fill and line, and half the width of that."""

    order: int
    outline: Outline
    fill: Colour | None
    line: Colour | None
    half: float
    #: Where its corners are: one row per straight piece, from x, y to x, y.
    pieces: np.ndarray


def find_crossed(figure: Figure, boxes: Sequence[Bbox]) -> list[int]:
    """Return which boxes of letters, in inches, a visible line or edge runs through.

    A line that lies below a filled shape is not seen there, so that a white plate keeps a word clear of it; a line of
    the colour of its ground is not seen at all.

    Parameters
    ----------
    figure : Figure
        Laid out already.
    boxes : sequence of Bbox
    """
    shapes = _list_shapes(figure)
    drawn = [shape for shape in shapes if shape.line is not None and len(shape.pieces)]
    if not drawn or not boxes:
        return []
    pieces = np.concatenate([shape.pieces for shape in drawn])
    halves = np.concatenate([np.full(len(shape.pieces), shape.half) for shape in drawn])
    owners = np.concatenate([np.full(len(shape.pieces), n) for n, shape in enumerate(drawn)])
    low, high = np.minimum(pieces[:, :2], pieces[:, 2:]), np.maximum(pieces[:, :2], pieces[:, 2:])
    low, high = low - halves[:, None], high + halves[:, None]
    found = []
    for n, box in enumerate(boxes):
        core = _find_core(box)
        near = (low[:, 0] < core[2]) & (high[:, 0] > core[0]) & (low[:, 1] < core[3]) & (high[:, 1] > core[1])
        if any(_is_seen(drawn[owners[m]], pieces[m], core, shapes) for m in np.flatnonzero(near)):
            found.append(n)
    return found


def _find_core(box: Bbox) -> Box:
    """Return a box of letters without its edges; a dash, which is hardly higher, keeps its middle."""
    middle = float(box.y0 + box.y1) / 2
    low, high = min(float(box.y0) + _EDGE, middle), max(float(box.y1) - _EDGE, middle)
    return float(box.x0) + _EDGE, low, float(box.x1) - _EDGE, high


def _is_seen(shape: _Shape, piece: np.ndarray, core: Box, shapes: list[_Shape]) -> bool:
    """Return whether a straight piece of a line runs through the core of a text and is seen there."""
    x, y, end_x, end_y = (float(side) for side in piece)
    wide = (core[0] - shape.half, core[1] - shape.half, core[2] + shape.half, core[3] + shape.half)
    (first, last), length = clip((x, y, end_x, end_y), wide), math.hypot(end_x - x, end_y - y)
    if (last - first) * length < min(_SHORTEST, length / 2):
        return False
    at = [first + place * (last - first) for place in _PLACES]
    # A wide line reaches into the text from beside it: what counts is the place in the text.
    spots = [
        (min(max(x + t * (end_x - x), core[0]), core[2]), min(max(y + t * (end_y - y), core[1]), core[3])) for t in at
    ]
    return any(_shows(shape, spot, shapes) for spot in spots)


def _shows(shape: _Shape, spot: tuple[float, float], shapes: list[_Shape]) -> bool:
    """Return whether a line is seen at a place: nothing filled lies above it, and what lies below is not as it is."""
    ground = (1.0, 1.0, 1.0)
    for other in shapes:
        if other.fill is None or not other.outline.contains_point(spot):
            continue
        if other.order > shape.order:
            return False
        ground = other.fill
    return shape.line is not None and max(abs(a - b) for a, b in zip(shape.line, ground, strict=True)) > _ALIKE


def _list_shapes(figure: Figure) -> list[_Shape]:
    """Return all that is drawn but the words, in the order of drawing."""
    inches = figure.dpi_scale_trans.inverted()
    # Of one height, matplotlib draws what was added first below the rest; patches come before lines.
    artists = [artist for axes in figure.axes for artist in _sort([*axes.patches, *axes.lines]) if artist.get_visible()]
    return [
        _Shape(n, outline, fill, line, half, _cut(outline))
        for n, artist in enumerate(artists)
        for outline, fill, line, half in _describe(artist, inches)
    ]


def _sort(artists: Iterable[Artist]) -> list[Artist]:
    return sorted(artists, key=lambda artist: float(artist.get_zorder()))


def _describe(artist: Artist, inches: Transform) -> Iterator[tuple[Outline, Colour | None, Colour | None, float]]:
    """Yield the outline of a line or a shape in inches, its fill, its line, and half the width of that in inches."""
    if isinstance(artist, Line2D):
        outline = artist.get_path().transformed(artist.get_transform()).transformed(inches)
        yield outline, None, to_rgb(artist.get_color()), artist.get_linewidth() / 144
    elif isinstance(artist, Patch):
        outline = artist.get_path().transformed(artist.get_transform()).transformed(inches)
        face, edge = to_rgba(artist.get_facecolor()), to_rgba(artist.get_edgecolor())
        fill = face[:3] if face[3] else None
        line = edge[:3] if edge[3] and artist.get_linewidth() else None
        yield outline, fill, line, artist.get_linewidth() / 144


def _cut(outline: Outline) -> np.ndarray:
    """Return an outline in straight pieces, one row each."""
    runs = [np.asarray(run) for run in outline.to_polygons(closed_only=False)]
    return np.concatenate([np.empty((0, 4)), *(np.hstack([run[:-1], run[1:]]) for run in runs)])
