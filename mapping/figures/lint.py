"""What would make a figure hard to read, or wrong, found by measuring it: collisions, faint words, missing boards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.transforms import Bbox, Transform

from mapping.figures import style
from mapping.figures.strokes import find_crossed
from mapping.figures.style import balance, draw_plainly, drawable, measure_ink
from mapping.figures.words import ALT_LENGTH, HEADLINE_WORDS

if TYPE_CHECKING:
    from mapping.figures.chart import Chart

__all__ = ["OVERLAP", "check_chart", "find_contrast", "find_lightness"]

#: Two texts may cover this share of the smaller one's box.
OVERLAP = 0.03
#: Least contrast of a text with what lies below it (WCAG 2.2), and least step of lightness between shades, in L*.
CONTRAST, STEP = 4.5, 8
#: Texts on one line stand apart by this part of their size, or they are read as one: two thirds of a space.
APART = 0.2
#: A shorter word is never broken; a longer one only with a hyphen, where no column is wide enough for it.
UNBROKEN = 13
_SHORTEST_ALT = 60
#: Lines of one text stand at most so many of their sizes below one another, and level within so many inches.
_PITCHES, _LEVEL = 1.45, 0.015
#: What may stand at the ends of a word without being part of it.
_MARKS = f".,;:()'\"{style.DAGGER}{style.TICK}"
#: A colour whose channels differ by more than this says something by its hue; greys are for frames and grounds.
_GREY = 0.06
#: Where a text is held against what lies below it: at its middle, and near its corners.
_SPOTS = ((0.5, 0.5), (0.06, 0.2), (0.06, 0.8), (0.94, 0.2), (0.94, 0.8))


@dataclass(frozen=True)
class _Written:
    """A text on the figure: its words, part of the sheet, box and ink in inches, size in points, colour."""

    words: str
    part: str
    box: Bbox
    ink: Bbox
    size: float
    colour: str


def check_chart(chart: Chart) -> list[str]:
    """Return what is wrong with a chart, one sentence each; an empty list is what one hopes for.

    - Text outside the canvas; a figure higher than its page; two texts that overlap by more than 3% of the smaller, or
      stand so close on one line that they are read as one; a line or the edge of a shape through a text;
    - a word broken over two lines, unless it is long and has a hyphen;
    - text below the smallest size of the context, or with less contrast than 4.5 to 1 against the shape below it;
    - neighbouring shades less than 8 L* apart, or a colour that is not among the shades;
    - a headline of more than 12 words or 2 lines; an alternative text that has not 60 to 300 characters;
    - an empty table, or numbers of the table that do not stand on the figure; a board or theme that is not named.
    """
    texts = _measure_texts(chart)
    return [
        *_check_words(chart), *_check_places(chart, texts), *_check_lines(chart, texts), *_check_breaks(chart, texts),
        *_check_sizes(chart, texts), *_check_contrast(chart, texts), *_check_shades(chart),
        *_check_names(chart, texts), *_check_numbers(chart, texts),
    ]  # fmt: skip


# --- words ---------------------------------------------------------------------------------------------------


def _check_words(chart: Chart) -> list[str]:
    found, place = [], chart.place
    if len(chart.headline.split()) > HEADLINE_WORDS:
        found.append(f"The headline has {len(chart.headline.split())} words; at most {HEADLINE_WORDS} are read.")
    if len(balance(chart.headline, place.width - 2 * place.margin, place.headline, bold=True)) > 2:
        found.append("The headline needs more than two lines.")
    if not _SHORTEST_ALT <= len(chart.alt) <= ALT_LENGTH:
        found.append(f"The alternative text has {len(chart.alt)} characters; 60 to 300 are expected.")
    if chart.data.empty:
        found.append("The table behind the figure is empty.")
    return found


def _check_names(chart: Chart, texts: list[_Written]) -> list[str]:
    """Look for each name without its spaces and hyphens: a name may be wrapped, and a long word broken."""
    body = _join("".join(text.words for text in texts if text.part == "body"))
    return [
        f"'{names[0]}' is missing from the figure."
        for names in chart.checks.names
        if not any(_join(drawable(name)) in body for name in names if name)
    ]


def _join(text: str) -> str:
    return text.replace(" ", "").replace("-", "")


def _check_numbers(chart: Chart, texts: list[_Written]) -> list[str]:
    """Every number that the table gives must stand on the figure, as often as the table has it."""
    drawn = Counter(text.words.rstrip(f"{style.DAGGER}{style.TICK}") for text in texts if text.part == "body")
    wanted = Counter(chart.checks.numbers(chart.data))
    short = [text for text, often in wanted.items() if drawn[text] < often]
    return [f"The table has '{text}', and the figure has it less often or not at all." for text in short]


# --- places and sizes ----------------------------------------------------------------------------------------


def _check_places(chart: Chart, texts: list[_Written]) -> list[str]:
    (width, height), page = (float(side) for side in chart.figure.get_size_inches()), chart.place.page
    found = [f"The figure is {height:.1f} inches high, and a page has {page:g}."] if height > page else []
    found += [
        f"'{text.words}' stands outside the canvas."
        for text in texts
        if text.box.x0 < 0 or text.box.y0 < 0 or text.box.x1 > width or text.box.y1 > height
    ]
    edges = [(text.words, tuple(float(side) for side in text.box.extents), text.size) for text in texts]
    for (text, a, size), (other, b, second) in combinations(edges, 2):
        wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        smaller = min((side[2] - side[0]) * (side[3] - side[1]) for side in (a, b))
        if wide > 0 and high > 0 and wide * high > OVERLAP * smaller:
            found.append(f"'{text}' and '{other}' overlap.")
        elif -wide * 72 < APART * min(size, second) and high > 0.5 * min(a[3] - a[1], b[3] - b[1]):
            found.append(f"'{text}' and '{other}' touch: they are {max(0.0, -wide * 72):.1f} points apart.")
    return found


def _check_lines(chart: Chart, texts: list[_Written]) -> list[str]:
    crossed = find_crossed(chart.figure, [text.ink for text in texts])
    return [f"A line runs through '{texts[n].words}'." for n in crossed]


def _check_breaks(chart: Chart, texts: list[_Written]) -> list[str]:
    """Look for lines of one text between which a word is broken: one that the figure has whole elsewhere, or a hyphen.

    A hyphen may break a long word, and a word may be broken at a hyphen or stroke of its own.
    """
    said = (chart.headline, chart.subtitle, chart.caption, chart.alt, chart.long_description)
    names = [name for forms in chart.checks.names for name in forms]
    known = {word.strip(_MARKS) for text in (*said, *names) for word in drawable(text).split()}
    long = [plain for word in known if len(plain := _join(word)) >= UNBROKEN]
    found = []
    for first, second in _list_lines(texts):
        begin, end = first.words.split()[-1], second.words.split()[0]
        whole = f"{begin}{end}".strip(_MARKS)
        if not (begin.strip(_MARKS) and end.strip(_MARKS)):
            continue
        if whole in known and not {begin.strip(_MARKS), end.strip(_MARKS)} <= known:
            broken = not begin.endswith(("-", "–", "/"))
        else:
            whole = f"{begin[:-1]}{end}".strip(_MARKS)
            # A long word may be broken more than once.
            short = len(_join(whole)) < UNBROKEN and not any(_join(whole) in word for word in long)
            broken = begin.endswith("-") and end[0].isalnum() and short
        found += [f"The word '{whole}' is broken: '{begin}' and '{end}' stand on two lines."] * broken
    return found


def _list_lines(texts: list[_Written]) -> list[tuple[_Written, _Written]]:
    """Return the pairs of texts that stand as lines of one text: one below the other, alike, and level at an edge."""
    found = []
    for first, second in permutations(texts, 2):
        if (first.size, first.colour, first.part) != (second.size, second.colour, second.part):
            continue
        down = float(first.box.y0 - second.box.y0) * 72 / first.size
        if 0.9 < down < _PITCHES and any(
            abs(a - b) < _LEVEL
            for a, b in zip(
                (first.box.x0, first.box.x1, first.box.x0 + first.box.x1),
                (second.box.x0, second.box.x1, second.box.x0 + second.box.x1),
                strict=True,
            )
        ):
            found.append((first, second))
    return found


def _check_sizes(chart: Chart, texts: list[_Written]) -> list[str]:
    place = chart.place
    found = []
    for text in texts:
        least = min(place.source, place.smallest) if text.part == "foot" else place.smallest
        if text.size * chart.scale < least:
            found.append(f"'{text.words}' is set in {text.size * chart.scale:g} points; {least:g} is the smallest.")
    return found


# --- colours -------------------------------------------------------------------------------------------------


def find_contrast(colour: str, ground: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2).

    Examples
    --------
    >>> find_contrast("#000000", "#FFFFFF"), round(find_contrast("#595959", "#FFFFFF"), 1)
    (21.0, 7.0)
    """
    dark, light = sorted((_find_luminance(colour), _find_luminance(ground)))
    return (light + 0.05) / (dark + 0.05)


def find_lightness(colour: str) -> float:
    """Return the lightness of a colour in greyscale, 0 (black) to 100 (white): CIE L*.

    Examples
    --------
    >>> find_lightness("#FFFFFF"), round(find_lightness("#12436D"))
    (100.0, 27)
    """
    y = _find_luminance(colour)
    return round(116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27, 6)


def _find_luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _check_contrast(chart: Chart, texts: list[_Written]) -> list[str]:
    """Hold every text against the topmost filled shape below its middle and near its corners."""
    if not texts:
        return []
    spots = np.array(
        [
            (text.box.x0 + across * text.box.width, text.box.y0 + up * text.box.height)
            for text in texts
            for across, up in _SPOTS
        ]
    )
    grounds = _find_grounds(chart, spots)
    found = []
    for n, text in enumerate(texts):
        own = set(grounds[n * len(_SPOTS) : (n + 1) * len(_SPOTS)])
        worst = min(find_contrast(text.colour, ground) for ground in own)
        if worst < CONTRAST:
            found.append(f"'{text.words}' has a contrast of {worst:.1f} with what lies below; {CONTRAST} is the least.")
    return found


def _find_grounds(chart: Chart, spots: np.ndarray) -> list[str]:
    """Return the colour of the topmost filled shape at each of some places, given in inches."""
    grounds = [style.WHITE] * len(spots)
    on_screen = chart.figure.dpi_scale_trans.transform(spots)
    for patch in sorted(_list_patches(chart), key=lambda patch: float(patch.get_zorder())):
        outline = patch.get_path().transformed(patch.get_transform())
        for n in np.flatnonzero(outline.contains_points(on_screen)):
            grounds[int(n)] = _to_hex(patch)
    return grounds


def _list_patches(chart: Chart) -> list[Patch]:
    return [
        patch
        for axes in chart.figure.axes
        for patch in axes.patches
        if patch.get_visible() and to_rgba(patch.get_facecolor())[3] > 0
    ]


def _to_hex(patch: Patch) -> str:
    red, green, blue, _ = (round(float(channel) * 255) for channel in to_rgba(patch.get_facecolor()))
    return f"#{red:02X}{green:02X}{blue:02X}"


def _check_shades(chart: Chart) -> list[str]:
    """Shades must differ in greyscale; and a colour that is none of them could say something by its hue alone."""
    known = {shade.upper() for shade in chart.checks.shades}
    found = [
        f"{a} and {b} are {step:.1f} L* apart in greyscale; {STEP} is the least."
        for a, b in pairwise(chart.checks.shades)
        for step in [abs(find_lightness(a) - find_lightness(b))]
        # A step of 7.95 is one of 8: the lightest shade on white.
        if round(step, 1) < STEP
    ]
    hues = {face for face in map(_to_hex, _list_patches(chart)) if max(to_rgb(face)) - min(to_rgb(face)) > _GREY}
    return [*found, *(f"{face} is drawn, and is not among the shades of the figure." for face in sorted(hues - known))]


# --- measuring -----------------------------------------------------------------------------------------------


def _measure_texts(chart: Chart) -> list[_Written]:
    figure = chart.figure
    with draw_plainly():
        figure.draw_without_rendering()
        return [_measure_text(text, figure.dpi_scale_trans.inverted()) for text in _list_texts(figure.findobj(Text))]


def _measure_text(text: Text, inches: Transform) -> _Written:
    box = text.get_window_extent().transformed(inches)
    size, bold = float(text.get_fontsize()), text.get_fontproperties().get_weight() == "bold"
    above, below = measure_ink(text.get_text(), size, bold)
    _, baseline = inches.transform(text.get_transform().transform(text.get_position()))
    ink = Bbox.from_extents(box.x0, baseline - below, box.x1, baseline + above)
    return _Written(text.get_text(), _find_part(text), box, ink, size, str(text.get_color()))


def _list_texts(found: Iterable[object]) -> list[Text]:
    return [text for text in found if isinstance(text, Text) and text.get_text() and text.get_visible()]


def _find_part(text: Text) -> str:
    """Return the part of the sheet that a text belongs to: head, body or foot; a text of no sheet is of the body."""
    part = str(text.get_label())
    return part if part in ("head", "foot") else "body"
