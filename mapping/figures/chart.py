"""A figure together with the numbers it draws and the words that say them, so that neither travels alone."""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mapping.csv_format import write_table
from mapping.figures.contexts import Context, get_context
from mapping.figures.lint import check_chart
from mapping.figures.sheet import Sheet
from mapping.figures.style import MAIN, WHITE, WIDTH, draw_plainly
from mapping.files import replace_controls, write_file

__all__ = ["Chart", "Checks"]

#: Dots per inch on paper; a slide fills a wall with fewer.
_DPI = {"a4": 200, "paper": 200, "a4-large": 200, "slide": 120, "card": 150}


@dataclass(frozen=True)
class Checks:
    """What the linter holds against the drawing.

    Attributes
    ----------
    names : tuple of tuple of str
        Boards and themes that must be named: for each the forms of its name, of which one must be there.
    numbers : callable
        From the table to the numbers that must stand on the figure, as texts.
    shades : tuple of str
        The colours of areas that mean something, from light to dark; neighbours must differ in greyscale.
    """

    names: tuple[tuple[str, ...], ...] = ()
    numbers: Callable[[pd.DataFrame], Iterable[str]] = lambda data: ()
    shades: tuple[str, ...] = (WHITE, MAIN)


@dataclass(frozen=True, eq=False, repr=False)
class Chart:
    """What every ``plot_`` function returns.

    ``plot_matrix(run)`` shows itself in a notebook. ``plot_matrix(run, title="caption")``, or ``untitled()`` of a chart
    that is there, leaves headline and subtitle off the drawing, which is lower by as much: for a paper, whose own
    caption then says ``headline`` and ``subtitle``. ``context`` says where it will be read:

    - ``"a4"``: at its own size in the text of an A4 page, 6.3 inches wide; never scaled by hand;
    - ``"paper"``: 6.3 inches wide in the text of a paper, in a lower layout: without its title at most 4.33 inches
      (11 cm) high for up to about six boards and six themes, at most 9.2 for more; the matrix, the ribbons, the board
      pairs and weight and breadth have such a layout, other figures are as on A4;
    - ``"a4-large"``: the same drawing as large as an A4 page of its own allows (9.7 by 6.3 inches, or 7.1 by 10.2);
    - ``"slide"``: 13.33 by 7.5 inches in a layout of its own, nothing below 18 points but the source (14): the matrix,
      the ribbons and the board pairs.

    Attributes
    ----------
    name : str
        Which figure it is; the stem of the files that ``save`` writes begins with it.
    data : DataFrame
        One row per thing drawn: the table behind the figure.
    headline, subtitle : str
        What the figure says at its head; the subtitle says how far people have checked the tags.
    alt : str
        What it shows, in 60 to 300 characters, for readers who do not see it.
    long_description : str
        All of it in words.
    caption : str
        The line below it: data edition, what was counted, how to read it.
    draw : callable
        Draws the body on a sheet below a height and returns where it ends; called once, when it is first asked for.
    verdict : str
        Of the headline: firm or fair; empty where the headline is neutral and claims nothing.
    title : str
        Where the headline stands: ``"inside"`` the drawing, or in the ``"caption"`` of the paper that shows it.
    context : str
        ``"a4"``, ``"paper"``, ``"a4-large"`` or ``"slide"``.
    checks : Checks
        What ``lint`` holds against the drawing.
    """

    name: str
    data: pd.DataFrame
    headline: str
    subtitle: str
    alt: str
    long_description: str
    caption: str
    draw: Callable[[Sheet, float], float]
    verdict: str = ""
    title: str = "inside"
    context: str = "a4"
    checks: Checks = Checks()

    def __post_init__(self) -> None:
        get_context(self.context, self.title, self.name)

    @property
    def place(self) -> Context:
        """The sizes of the context."""
        return get_context(self.context, self.title, self.name)

    def untitled(self) -> Chart:
        """Return the chart for a paper: headline and subtitle are not drawn, the paper's caption says them."""
        return replace(self, title="caption")

    @cached_property
    def figure(self) -> Figure:
        """The matplotlib figure; in the context a4-large before it is scaled."""
        with draw_plainly():
            sheet = Sheet(self.place)
            sheet.foot = sheet.find_foot(self.caption)
            top = sheet.header(self.headline, self.subtitle) if self.title == "inside" else sheet.top
            return sheet.finish(self.draw(sheet, top), self.caption)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height on paper, in inches."""
        width, height = (float(side) for side in self.figure.get_size_inches())
        return round(width * self.scale, 2), round(height * self.scale, 2)

    @property
    def scale(self) -> float:
        """By how much the drawing is enlarged: 1 but for a4-large."""
        width, height = (float(side) for side in self.figure.get_size_inches())
        return max((min(wide / width, high / height) for wide, high in self.place.fit), default=1.0)

    @property
    def stem(self) -> str:
        """Stem of the files: the name, and what differs from the usual."""
        ends = [self.context] * (self.context != "a4") + ["untitled"] * (self.title == "caption")
        return "-".join([self.name, *ends])

    def lint(self) -> list[str]:
        """Return what would make the figure hard to read or wrong, one sentence each (``check_chart``)."""
        return check_chart(self)

    def texts(self) -> list[tuple[str, float, float]]:
        """Return every text on the figure with the place of its anchor, in inches from the top left corner."""
        return [
            (text.get_text(), round(float(x), 2), round(float(y), 2))
            for text in self.figure.findobj(Text)
            if isinstance(text, Text) and text.get_text()
            for x, y in [text.get_position()]
        ]

    def render(self, kind: str) -> bytes:
        """Return the figure as ``"png"`` or ``"svg"``: the same bytes on every run."""
        buffer = io.BytesIO()
        # Neither the day nor the version of the software is written: both would change the bytes.
        with draw_plainly():
            if kind == "png":
                self.figure.savefig(buffer, format="png", dpi=self._dpi, metadata={"Software": None})
                return self._shrink(buffer)
            words = {"Title": self.headline, "Description": self.alt, "Date": None, "Creator": None}
            self.figure.savefig(buffer, format=kind, metadata=words)
        # A machine without the font sets the text of an SVG in one that is no wider, so that nothing collides.
        drawn = buffer.getvalue().replace(b"'DejaVu Sans'", b"'DejaVu Sans', Verdana, Arial, sans-serif")
        return replace_controls(self._enlarge(drawn.decode("utf-8"))).encode("utf-8")

    @property
    def _dpi(self) -> float:
        return _DPI[self.context] * self.scale

    def _enlarge(self, drawing: str) -> str:
        """Return an SVG with the size that it has on paper; what is drawn stays as it is."""
        width, height = (float(side) * self.scale * 72 for side in self.figure.get_size_inches())
        return re.sub(r'(<svg [^>]*?)width="[^"]*" height="[^"]*"', rf'\1width="{width:g}pt" height="{height:g}pt"',
                      drawing, count=1) if self.scale != 1 else drawing  # fmt: skip

    def _shrink(self, drawn: io.BytesIO) -> bytes:
        """Return a PNG in 128 colours, a third of the size and to the eye the same, with the words in it."""
        words = PngInfo()
        words.add_itxt("Title", self.headline)
        words.add_itxt("Description", self.alt)
        small = io.BytesIO()
        image = Image.open(drawn).convert("RGB").quantize(128, dither=Image.Dither.NONE)
        image.save(small, format="png", optimize=True, dpi=(_DPI[self.context],) * 2, pnginfo=words)
        return small.getvalue()

    def save(self, folder: str | Path) -> list[Path]:
        """Write NAME.png, NAME.svg, NAME.csv (the data) and NAME.txt (the words), each whole or not at all.

        NAME is ``stem``: the name, with ``-slide``, ``-a4-large`` or ``-untitled`` where that is so.

        Returns
        -------
        list of Path
            The four files, in that order.
        """
        place = Path(folder)
        words = (
            f"{self.headline}\n{self.subtitle}\n\nAlternative text\n{self.alt}\n\n"
            f"Long description\n{self.long_description}\n\nCaption\n{self.caption}\n"
        )
        return [
            write_file(place / f"{self.stem}.png", self.render("png")),
            write_file(place / f"{self.stem}.svg", self.render("svg")),
            write_table(place / f"{self.stem}.csv", self.data),
            write_file(place / f"{self.stem}.txt", words),
        ]

    def _repr_html_(self) -> str:
        image = base64.b64encode(self.render("png")).decode("ascii")
        said = f"<p><strong>{html.escape(self.headline)}</strong> {html.escape(self.subtitle)}</p>"
        return (
            f'<figure style="margin:0"><img alt="{html.escape(self.alt)}" style="width:{max(WIDTH, self.size[0]):g}in;'
            f'max-width:100%" src="data:image/png;base64,{image}"><figcaption>{said * (self.title == "caption")}'
            f"<details><summary>In words</summary>{html.escape(self.long_description)}</details></figcaption></figure>"
        )

    def __repr__(self) -> str:
        return f"<Chart {self.name}: {self.headline}>"
