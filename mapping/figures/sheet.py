"""A sheet of paper to draw on: inches from its top left corner, text placed by its measured width."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Rectangle
from matplotlib.path import Path as Outline

from mapping.figures import style
from mapping.figures.contexts import Context
from mapping.figures.style import measure

__all__ = ["Sheet", "choose_layout", "height_of"]

Layout = TypeVar("Layout")

#: Layers: shapes below lines below text.
_SHAPE, _LINE, _TEXT = 1, 2, 3
_DASHES = (0, (3.2, 2.2))


class Sheet:
    """A page of one context; where its height is not given, it is settled at the end.

    Every ``y`` counts downwards from the top edge, in inches. On a trial sheet nothing is drawn: it only tells where
    a drawing would end.
    """

    def __init__(self, context: Context, *, trial: bool = False) -> None:
        self.context, self.width, self.margin, self.trial = context, context.width, context.margin, trial
        #: Where the body begins without a header, and what stays free below the caption.
        self.top = self.edge = context.margin if context.height else context.edge
        self.figure = Figure(figsize=(self.width, context.height or 1.0), dpi=200, facecolor=style.WHITE)
        FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_axis_off()
        #: Which part of the sheet is being written: the linter asks.
        self.part = "body"
        #: Where the body must end, on a sheet of a given height; where it ends if it can, on one that grows.
        self.foot = context.height or context.highest or context.page

    def add(self, artist: Artist) -> None:
        """Add a shape or a line as it is; what shows of the axes is settled at the end, so no limits are worked out."""
        if not self.trial:
            self.axes.add_artist(artist)

    # --- text ---

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = style.INK,
        align: str = "left",
    ) -> None:
        """Write one line whose baseline is at ``y``."""
        if not text or self.trial:
            return
        self.axes.text(
            x, y, style.drawable(text), fontproperties=style.get_font(bold), fontsize=size, color=colour,
            ha=align, va="baseline", parse_math=False, zorder=_TEXT, label=self.part,
        )  # fmt: skip

    def text_at(
        self, x: float, middle: float, text: str, size: float, *, bold: bool = False, colour: str = style.INK,
        align: str = "center",
    ) -> None:  # fmt: skip
        """Write one line whose capitals stand around ``middle``."""
        self.text(x, middle + style.CAPITAL * size / 144, text, size, bold=bold, colour=colour, align=align)

    def lines(
        self, x: float, top: float, lines: Sequence[str], size: float, *, bold: bool = False, colour: str = style.INK,
        align: str = "left",
    ) -> float:  # fmt: skip
        """Write lines below ``top``; return where they end."""
        for n, line in enumerate(lines):
            baseline = top + ((style.PITCH + style.CAPITAL) / 2 + n * style.PITCH) * size / 72
            self.text(x, baseline, line, size, bold=bold, colour=colour, align=align)
        return top + height_of(lines, size)

    def paragraph(
        self, x: float, top: float, text: str, size: float, width: float, *, bold: bool = False, colour: str = style.INK
    ) -> float:
        """Write a text wrapped to ``width``; return where it ends."""
        return self.lines(x, top, style.wrap(text, width, size, bold), size, bold=bold, colour=colour)

    def entries(
        self, x: float, top: float, entries: Iterable[tuple[str, str]], size: float, width: float
    ) -> float:  # fmt: skip
        """Write terms in bold and what each means one after another, a term with its first word; return the end."""
        space, left, y = measure(" ", size) or size / 200, x, top
        for term, meaning in entries:
            begin, *rest = wrap_words(meaning, width, size)
            bold = measure(term, size, True) + space
            if left > x and left + bold + measure(begin, size) > x + width:
                left, y = x, y + style.PITCH * size / 72
            self.lines(left, y, [term], size, bold=True)
            left, run = left + bold, begin
            for word in rest:
                if left + measure(f"{run} {word}", size) <= x + width:
                    run = f"{run} {word}"
                    continue
                self.lines(left, y, [run], size)
                left, run, y = x, word, y + style.PITCH * size / 72
            self.lines(left, y, [run], size)
            left += measure(run, size) + 2 * space
        return y + style.PITCH * size / 72 * (left > x)

    # --- shapes ---

    def box(
        self, x: float, y: float, width: float, height: float, *, face: str = style.WHITE, edge: str = "none",
        line: float = 0.8, hatch: str | None = None, dashed: bool = False,
    ) -> None:  # fmt: skip
        """Draw a rectangle whose top left corner is at ``x``, ``y``."""
        self.add(
            Rectangle(
                (x, y),
                width,
                height,
                facecolor=face,
                edgecolor=edge,
                linewidth=line if edge != "none" else 0,
                hatch=hatch,
                linestyle=_DASHES if dashed else "solid",
                zorder=_SHAPE,
            )
        )

    def bar(
        self, x: float, y: float, confirmed: float, suggested: float, thickness: float, *, upright: bool = False
    ) -> None:
        """Draw a bar: its confirmed part solid, its suggested part in lines; upright bars stand on ``y``."""
        for begin, length, face, hatch in (
            (0.0, confirmed, style.MAIN, None),
            (confirmed, suggested, style.WHITE, style.SUGGESTED),
        ):
            if length <= 0:
                continue
            if upright:
                self.box(x, y - begin - length, thickness, length, face=face, edge=style.MAIN, hatch=hatch)
            else:
                self.box(x + begin, y, length, thickness, face=face, edge=style.MAIN, hatch=hatch)

    def badge(self, x: float, middle: float, text: str, width: float, size: float, *, filled: bool = False) -> None:
        """Draw a small rounded box with a text in it, its left edge at ``x``; filled, the text is white on dark."""
        height, rounding = 0.17, 0.03
        self.add(
            FancyBboxPatch(
                (x, middle - height / 2),
                width,
                height,
                boxstyle=f"round,pad=0,rounding_size={rounding}",
                facecolor=style.NODE if filled else style.WHITE,
                edgecolor=style.NODE,
                linewidth=0.7,
                zorder=_LINE,
                mutation_aspect=1,
            )
        )
        self.text_at(x + width / 2, middle, text, size, bold=True, colour=style.WHITE if filled else style.INK)

    def plate(self, x: float, y: float, width: float, height: float) -> None:
        """Draw a white rounded ground for a text that stands on a line."""
        self.add(
            FancyBboxPatch(
                (x, y),
                width,
                height,
                boxstyle="round,pad=0,rounding_size=0.03",
                facecolor=style.WHITE,
                edgecolor="none",
                linewidth=0,
                zorder=_LINE,
            )
        )

    def disc(
        self, x: float, y: float, radius: float, *, face: str, edge: str, line: float = 1.5, dashed: bool = False
    ) -> None:
        """Draw a circle around ``x``, ``y``."""
        self.add(
            Circle(
                (x, y),
                radius,
                facecolor=face,
                edgecolor=edge,
                linewidth=line,
                zorder=_LINE + 0.5,
                linestyle=_DASHES if dashed else "solid",
            )
        )

    def line(
        self, begin: tuple[float, float], end: tuple[float, float], *, colour: str = style.RULE, width: float = 0.7,
        dashed: bool = False,
    ) -> None:  # fmt: skip
        """Draw a straight line; its width is in points."""
        self.add(
            Line2D(
                [begin[0], end[0]], [begin[1], end[1]], color=colour, linewidth=width, solid_capstyle="butt",
                linestyle=_DASHES if dashed else "solid", zorder=_SHAPE + 0.5,
            )
        )  # fmt: skip

    def ribbon(
        self, begin: tuple[float, float], end: tuple[float, float], width: float, *, face: str, spine: str = "",
        layer: int = 0,
    ) -> None:  # fmt: skip
        """Draw a band of one width that leaves and arrives level, if asked with a dashed line along its spine.

        ``begin`` and ``end`` are the middles of its ends; bands of a higher layer lie on top.
        """
        (x0, y0), (x1, y1), half = begin, end, max(width, 0.018) / 2
        middle, order = (x0 + x1) / 2, _SHAPE + layer / 1000
        points = [
            (x0, y0 - half), (middle, y0 - half), (middle, y1 - half), (x1, y1 - half),
            (x1, y1 + half), (middle, y1 + half), (middle, y0 + half), (x0, y0 + half), (x0, y0 - half),
        ]  # fmt: skip
        curve, go = Outline.CURVE4, Outline.LINETO
        outline = Outline(points, [Outline.MOVETO, curve, curve, curve, go, curve, curve, curve, Outline.CLOSEPOLY])
        self.add(PathPatch(outline, facecolor=face, edgecolor=style.WHITE, linewidth=0.6, zorder=order))
        if spine:
            along = Outline([(x0, y0), (middle, y0), (middle, y1), (x1, y1)], [Outline.MOVETO, curve, curve, curve])
            self.add(
                PathPatch(
                    along, facecolor="none", edgecolor=spine, linewidth=0.9, linestyle=_DASHES, zorder=order + 0.0005
                )
            )

    # --- the frame ---

    def header(self, headline: str, subtitle: str) -> float:
        """Write the headline and the subtitle; return where the body may begin."""
        self.part, at, size = "head", self.context, self.context.headline
        width = self.width - 2 * self.margin
        lines = style.balance(headline, width, size, bold=True)
        y = self.lines(self.margin, self.top * (0.7 if at.height else 1), lines, size, bold=True)
        y = self.paragraph(self.margin, y + size / 400, subtitle, at.subtitle, width, colour=style.MUTED)
        self.part = "body"
        return y + (0.2 if at.height else 0.14)

    def find_foot(self, caption: str) -> float:
        """Return where the body must end, so that the caption has its room on the sheet, or on the page it grows to."""
        at = self.context
        tall = height_of(self._wrap_caption(caption), at.source) + at.source / style.SOURCE * 0.05
        return (at.height or at.highest or at.page) - self.edge * (0.7 if at.height else 1) - tall

    def _wrap_caption(self, caption: str) -> list[str]:
        return style.wrap(caption, self.width - 2 * self.margin, self.context.source)

    def finish(self, y: float, caption: str) -> Figure:
        """Write the caption below ``y``, or at the foot of a sheet of a given height; return the figure."""
        self.part, at = "foot", self.context
        gap, lines = at.source / style.SOURCE * 0.05, self._wrap_caption(caption)
        y = self.find_foot(caption) if at.height else y
        self.line((self.margin, y), (self.width - self.margin, y))
        y = self.lines(self.margin, y + gap, lines, at.source, colour=style.MUTED)
        height = at.height or round(y + self.edge, 2)
        self.figure.set_size_inches(self.width, height)
        self.axes.set_xlim(0, self.width)
        self.axes.set_ylim(height, 0)
        return self.figure


def choose_layout(sheet: Sheet, layouts: Sequence[Layout], draw: Callable[[Sheet, Layout], float]) -> Layout:
    """Return the first layout with which a drawing ends above the foot of its sheet; otherwise the lowest of all."""
    if len(layouts) == 1:
        return layouts[0]
    ends = []
    for layout in layouts:
        trial = Sheet(sheet.context, trial=True)
        trial.foot = sheet.foot
        ends.append(draw(trial, layout))
        if ends[-1] <= sheet.foot + 0.001:
            return layout
    return layouts[ends.index(min(ends))]


def wrap_words(text: str, width: float, size: float) -> list[str]:
    """Return the words of a text; one that is wider than ``width`` is broken."""
    return [piece for word in text.split() for piece in style.wrap(word, width, size)]


def height_of(lines: Sequence[str], size: float) -> float:
    """Return the height of lines of text in inches."""
    return len(lines) * style.PITCH * size / 72
