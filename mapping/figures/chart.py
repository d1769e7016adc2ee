"""A figure together with the numbers it draws and the words that say them, so that neither travels alone."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mapping.csv_format import write_table
from mapping.figures.style import draw_plainly
from mapping.files import replace_controls, write_file

__all__ = ["Chart"]

_DPI = 200


@dataclass(frozen=True, eq=False, repr=False)
class Chart:
    """What every ``plot_`` function returns.

    Attributes
    ----------
    name : str
        Stem of the files that ``save`` writes.
    data : DataFrame
        One row per thing drawn: the table behind the figure.
    headline, subtitle : str
        What the figure says at its head.
    alt : str
        What it shows, in 60 to 300 characters, for readers who do not see it.
    long_description : str
        All of it in words.
    caption : str
        The line below it: data edition, what was counted, how to read it.
    draw : callable
        Draws the figure; called once, when the figure is first asked for.
    verdict : str
        Of the headline: firm or fair; empty where the headline is neutral and claims nothing.
    """

    name: str
    data: pd.DataFrame
    headline: str
    subtitle: str
    alt: str
    long_description: str
    caption: str
    draw: Callable[[], Figure] = field()
    verdict: str = ""

    @cached_property
    def figure(self) -> Figure:
        """The matplotlib figure, at its final size."""
        with draw_plainly():
            return self.draw()

    def texts(self) -> list[tuple[str, float, float]]:
        """Return every text on the figure with the place of its anchor, in inches from the top left corner."""
        self.figure.get_size_inches()
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
                self.figure.savefig(buffer, format="png", dpi=_DPI, metadata={"Software": None})
                return self._shrink(buffer)
            words = {"Title": self.headline, "Description": self.alt, "Date": None, "Creator": None}
            self.figure.savefig(buffer, format=kind, metadata=words)
        # A machine without the font sets the text of an SVG in one that is no wider, so that nothing collides.
        drawn = buffer.getvalue().replace(b"'DejaVu Sans'", b"'DejaVu Sans', Verdana, Arial, sans-serif")
        return replace_controls(drawn.decode("utf-8")).encode("utf-8")

    def _shrink(self, drawn: io.BytesIO) -> bytes:
        """Return a PNG in 128 colours, a third of the size and to the eye the same, with the words in it."""
        words = PngInfo()
        words.add_itxt("Title", self.headline)
        words.add_itxt("Description", self.alt)
        small = io.BytesIO()
        image = Image.open(drawn).convert("RGB").quantize(128, dither=Image.Dither.NONE)
        image.save(small, format="png", optimize=True, dpi=(_DPI, _DPI), pnginfo=words)
        return small.getvalue()

    def save(self, folder: str | Path) -> list[Path]:
        """Write NAME.png, NAME.svg, NAME.csv (the data) and NAME.txt (the words), each whole or not at all.

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
            write_file(place / f"{self.name}.png", self.render("png")),
            write_file(place / f"{self.name}.svg", self.render("svg")),
            write_table(place / f"{self.name}.csv", self.data),
            write_file(place / f"{self.name}.txt", words),
        ]

    def _repr_html_(self) -> str:
        image = base64.b64encode(self.render("png")).decode("ascii")
        return (
            f'<figure style="margin:0"><img alt="{html.escape(self.alt)}" style="width:6.3in;max-width:100%" '
            f'src="data:image/png;base64,{image}"><figcaption>'
            f"<details><summary>In words</summary>{html.escape(self.long_description)}</details></figcaption></figure>"
        )

    def __repr__(self) -> str:
        return f"<Chart {self.name}: {self.headline}>"
