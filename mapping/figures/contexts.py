"""Where a figure is to be read, and what that asks of it: a page, the text of a paper, a whole sheet, or a wall."""

from __future__ import annotations

from dataclasses import dataclass

from mapping.errors import MappingError, nearest
from mapping.figures import style

__all__ = ["CONTEXTS", "PAPER", "SLIDES", "TITLES", "Context", "get_context"]

#: Where the headline stands: on the figure, or in the caption of the paper that shows it.
TITLES = ("inside", "caption")
#: The figures that have a layout of their own for slides, and those that have a lower one for a paper.
SLIDES = ("matrix", "ribbons", "board-pairs")
PAPER = (*SLIDES, "focus")


@dataclass(frozen=True)
class Context:
    """The sizes of one context.

    Attributes
    ----------
    name : str
    width, height : float
        Of the sheet in inches; a height of 0 grows with what is drawn.
    margin : float
    edge : float
        What stays free above and below on a sheet that grows.
    headline, subtitle, source : float
        Sizes of text in points.
    smallest : float
        The smallest text of the figure itself; the source line may be smaller, but not below ``source``.
    highest : float
        A sheet that grows ends here if it can, in inches: what is drawn takes a lower layout for it. 0: as it comes.
    page : float
        The most that a sheet of the context may be high, in inches.
    fit : tuple of pairs of float
        Rooms in inches: the finished figure is scaled as a vector to fill the one in which it is larger; empty where it
        keeps its size.
    """

    name: str
    width: float = style.WIDTH
    height: float = 0.0
    margin: float = style.MARGIN
    headline: float = style.HEADLINE
    subtitle: float = style.SUBTITLE
    source: float = style.SOURCE
    smallest: float = style.SMALLEST
    edge: float = style.MARGIN
    highest: float = 0.0
    #: The text of an A4 page with narrow margins.
    page: float = 10.2
    fit: tuple[tuple[float, float], ...] = ()


CONTEXTS = {
    context.name: context
    for context in (
        Context("a4"),
        # In the text of a paper, whose caption has the headline: at its own size, at most 11 cm high where that can be
        # read, otherwise at most a page of 9.2 inches.
        Context("paper", source=style.SMALLEST, edge=0.05, highest=4.33, page=9.2),
        # A page of its own, turned as suits the figure: the same drawing, as large as the page allows.
        Context("a4-large", fit=((9.7, 6.3), (7.1, 10.2))),
        # Read from the back of a room. Scaling would not do: a figure as tall as wide could hardly grow.
        Context("slide", 13.33, 7.5, 0.5, 30.0, 18.0, 14.0, 18.0),
        # One sheet for a table of people, landscape A5: ``write_cards`` alone draws on it.
        Context("card", 8.27, 5.83, 0.35, 17.0),
    )
}


def get_context(name: str, title: str, figure: str) -> Context:
    """Return a context by its name.

    Raises
    ------
    MappingError
        When there is no such context or place for the title, or the figure has no layout for slides.
    """
    if title not in TITLES:
        raise MappingError(f"title: '{title}' is not known.{nearest(title, TITLES)}")
    if name not in CONTEXTS:
        raise MappingError(f"context: '{name}' is not known.{nearest(name, CONTEXTS)}")
    if (name == "card") != figure.startswith("card-"):
        raise MappingError("context: 'card' is for cards, and cards have no other. Write them with write_cards.")
    if name == "slide" and figure not in SLIDES:
        raise MappingError(f"{figure}: there is no layout for slides. There is one of: {', '.join(SLIDES)}.")
    return CONTEXTS[name]
