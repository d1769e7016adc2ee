"""One look for every figure: its colours, sizes and font, and how wide a text is on paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

__all__ = [
    "balance",
    "choose_shade",
    "draw_plainly",
    "drawable",
    "fit_size",
    "get_font",
    "measure",
    "measure_ink",
    "wrap",
]

# Sizes on paper, in inches: the text width of an A4 page.
WIDTH = 6.30
MARGIN = 0.12

# Sizes of text, in points.
HEADLINE, SUBTITLE, LABEL, HEAD, NUMBER, NOTE, SOURCE, SMALLEST = 12.0, 9.0, 9.0, 8.0, 12.0, 7.3, 7.5, 7.0
#: Line pitch and height of a capital, in ems.
PITCH, CAPITAL = 1.24, 0.729

INK, MUTED, RULE, GRID, ZEBRA = "#0B0C0C", "#595959", "#BFBFBF", "#E3E3E3", "#F3F2F1"
MAIN, NODE, QUIET_RIBBON, QUIET_BAR, GREY, WHITE = "#12436D", "#3D3D3D", "#D3D8DE", "#A9B0B8", "#8A949E", "#FFFFFF"

#: Five classes of a share: from which share, face, colour of the text on it, label.
SHADES = (
    (0.00, "#DCEAF7", INK, "under 15"),
    (0.15, "#ADD1F1", INK, "15–29"),
    (0.30, "#6BACE6", INK, "30–44"),
    (0.45, "#2073BC", WHITE, "45–59"),
    (0.60, "#12436D", WHITE, "60 or more"),
)
#: The share from which a count is drawn dark in every figure.
DARK_FROM = 0.45
#: Suggested only: white face, main-colour edge, lines. It survives greyscale and a photocopier; tints do not.
SUGGESTED = "////"
#: Marks what comes from a stand-in document.
DAGGER = "†"
#: Letters that a broken word leaves for its next line, at the least.
_LEFT = 3
#: Stands where the font has no letter.
NO_LETTER = "\ufffd"
#: Marks a count of confirmed priorities where the word has no room.
TICK = "✓"

# What may not be left to a user's matplotlibrc, or to chance.
_SETTINGS: Any = {
    "hatch.linewidth": 0.7,
    "svg.hashsalt": "mapping",
    "svg.fonttype": "none",
    "svg.image_inline": True,
    # Letters that can be searched for, copied and read aloud.
    "pdf.fonttype": 42,
    "text.usetex": False,
    "text.parse_math": False,
    "path.simplify": False,
}


@contextmanager
def draw_plainly() -> Iterator[None]:
    """Draw with matplotlib's own defaults and our few settings, whatever the user's are; theirs come back after."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def choose_shade(share: float) -> tuple[str, str]:
    """Return the face and the text colour of a share of a board's own priorities.

    Examples
    --------
    >>> choose_shade(0.149)[0], choose_shade(0.15)[0]
    ('#DCEAF7', '#ADD1F1')
    """
    chosen = [shade for shade in SHADES if share >= shade[0]][-1]
    return chosen[1], chosen[2]


@lru_cache(maxsize=2)
def get_font(bold: bool = False) -> FontProperties:
    """Return the DejaVu Sans that ships with matplotlib, by its file: every machine draws the same."""
    return FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", fname=str(_find_file(bold)))


def _find_file(bold: bool) -> Path:
    return Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")


@lru_cache(maxsize=2)
def _open_font(bold: bool) -> FT2Font:
    return FT2Font(str(_find_file(bold)))


@lru_cache(maxsize=1)
def _list_letters() -> frozenset[int]:
    """Return the letters that both the plain and the bold font have."""
    return frozenset(_open_font(False).get_charmap()) & frozenset(_open_font(True).get_charmap())


@lru_cache(maxsize=4096)
def drawable(text: str) -> str:
    """Return a text on one line, with a mark for each letter that the font does not have.

    Examples
    --------
    >>> drawable("Jobs  and 文")
    'Jobs and �'
    """
    known = _list_letters()
    kept = "".join(
        letter for letter in " ".join(text.split()) if unicodedata.category(letter) not in ("Cc", "Cf", "Cs")
    )
    return "".join(letter if ord(letter) in known else NO_LETTER for letter in kept)


@lru_cache(maxsize=4096)
def measure(text: str, size: float, bold: bool = False) -> float:
    """Return the width of a text in inches at a size in points."""
    if not text:
        return 0.0
    font = _open_font(bold)
    font.set_size(100.0, 72.0)
    font.set_text(drawable(text), 0.0)
    # FreeType counts in 1/64 of a pixel; at 72 dpi a pixel is a point.
    return float(font.get_width_height()[0]) / 64 / 72 * size / 100


@lru_cache(maxsize=4096)
def measure_ink(text: str, size: float, bold: bool = False) -> tuple[float, float]:
    """Return how far the letters of a text reach above and below its baseline, in inches at a size in points."""
    font = _open_font(bold)
    font.set_size(100.0, 72.0)
    font.set_text(drawable(text), 0.0)
    height, below, scale = float(font.get_width_height()[1]), float(font.get_descent()), size / 100 / 72 / 64
    return (height - below) * scale, below * scale


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Return a text in lines that are at most ``width`` inches wide; a word wider than that is broken with a hyphen.

    Examples
    --------
    >>> wrap("Children and families", 1.0, 9), wrap("Neighbourhoods", 0.6, 9)
    (['Children and', 'families'], ['Neighbo-', 'urhoods'])
    """
    lines = [""]
    for word in drawable(text).split():
        longer = f"{lines[-1]} {word}".strip()
        if measure(longer, size, bold) <= width:
            lines[-1] = longer
            continue
        lines += [word] if lines[-1] else []
        lines[-1] = word
        while measure(lines[-1], size, bold) > width and len(lines[-1]) > 1:
            lines += _break(lines.pop(), width, size, bold)
    return lines if lines != [""] else []


def _break(word: str, width: float, size: float, bold: bool) -> tuple[str, str]:
    """Return a word in two: at a hyphen or stroke of its own where one is near the edge, otherwise with a hyphen."""
    own = [
        n for n in range(2, len(word) - 1)
        if word[n - 1] in "-–/" and width / 2 < measure(word[:n], size, bold) <= width
    ]  # fmt: skip
    if own:
        return word[: own[-1]], word[own[-1] :]
    fits = [n for n in range(1, len(word)) if n == 1 or measure(f"{word[:n]}-", size, bold) <= width]
    # No single letter is left for the next line.
    at = max(1, min(fits[-1], len(word) - _LEFT))
    return f"{word[:at]}{'-' * word[at - 1].isalnum()}", word[at:]


def balance(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Return a text in as few lines as ``wrap`` needs, of as even a length as can be: for labels and heads."""
    lines = wrap(text, width, size, bold)
    for step in range(19, 4, -1):
        narrower = wrap(text, width * step / 20, size, bold)
        if len(narrower) > len(lines) or any(
            measure(w, size, bold) > width * step / 20 for w in drawable(text).split()
        ):
            break
        lines = narrower
    return lines


def fit_size(text: str, width: float, size: float, bold: bool = False, least: float = SMALLEST) -> float:
    """Return the largest size, from ``size`` down to the smallest that we print, at which a text fits a width."""
    while size > least and measure(text, size, bold) > width:
        size = max(least, size - 0.5)
    return size
