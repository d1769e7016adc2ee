"""What would make a figure hard to read, found by measuring it: collisions, tiny text, words outside the paper."""

from __future__ import annotations

from itertools import combinations

from matplotlib.text import Text
from matplotlib.transforms import Bbox

from mapping.figures.chart import Chart
from mapping.figures.style import SMALLEST, draw_plainly
from mapping.figures.words import ALT_LENGTH, HEADLINE_WORDS

__all__ = ["check_chart"]

#: Two texts may cover this share of the smaller one's box.
OVERLAP = 0.03
_SHORTEST_ALT = 60


def check_chart(chart: Chart) -> list[str]:
    """Return what is wrong with a chart, one sentence each; an empty list is what one hopes for.

    Text outside the canvas; two texts that overlap by more than 3% of the smaller; text below 7 points; a headline
    of more than 12 words or 2 lines; an alternative text that has not 60 to 300 characters; an empty table.
    """
    return [*_check_words(chart), *_check_texts(chart)]


def _check_words(chart: Chart) -> list[str]:
    found = []
    if len(chart.headline.split()) > HEADLINE_WORDS:
        found.append(f"The headline has {len(chart.headline.split())} words; at most {HEADLINE_WORDS} are read.")
    if not _SHORTEST_ALT <= len(chart.alt) <= ALT_LENGTH:
        found.append(f"The alternative text has {len(chart.alt)} characters; 60 to 300 are expected.")
    if chart.data.empty:
        found.append("The table behind the figure is empty.")
    return found


def _check_texts(chart: Chart) -> list[str]:
    boxes = _measure_texts(chart)
    width, height = (float(side) for side in chart.figure.get_size_inches())
    found = []
    for text, box, size in boxes:
        if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height:
            found.append(f"'{text}' stands outside the canvas.")
        if size < SMALLEST:
            found.append(f"'{text}' is set in {size:g} points; {SMALLEST:g} is the smallest.")
    edges = [(text, tuple(float(side) for side in box.extents)) for text, box, _ in boxes]
    for (text, a), (other, b) in combinations(edges, 2):
        wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        smaller = min((side[2] - side[0]) * (side[3] - side[1]) for side in (a, b))
        if wide > 0 and high > 0 and wide * high > OVERLAP * smaller:
            found.append(f"'{text}' and '{other}' overlap.")
    headline = [box for text, box, size in boxes if text in chart.headline and size >= 12 and box.y1 > height - 0.6]
    if len(headline) > 2:
        found.append("The headline needs more than two lines.")
    return found


def _measure_texts(chart: Chart) -> list[tuple[str, Bbox, float]]:
    """Return every text with its box in inches and its size in points."""
    figure = chart.figure
    with draw_plainly():
        figure.draw_without_rendering()
        return [
            (
                text.get_text(),
                text.get_window_extent().transformed(figure.dpi_scale_trans.inverted()),
                float(text.get_fontsize()),
            )
            for text in figure.findobj(Text)
            if isinstance(text, Text) and text.get_text() and text.get_visible()
        ]
