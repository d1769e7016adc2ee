"""The tables of a change report: numbers that open to rows, and two wordings with what differs marked in each."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field

from mapping.tables import fold

__all__ = ["Cell", "Link", "Listing", "Part", "Words", "mark_change"]

#: Tables of at most so many rows are open from the start; but not what stayed as it was.
_SHOWN_ROWS = 12
_QUIET = ("match-same", "decisions-applied")


@dataclass(frozen=True)
class Words:
    """A text in pieces, each with whether it is marked."""

    pieces: tuple[tuple[str, bool], ...]

    def __str__(self) -> str:
        """Return the text alone."""
        return " ".join(text for text, _ in self.pieces)


@dataclass(frozen=True)
class Link:
    """A number or a name that opens to rows further down."""

    text: str
    anchor: str


Cell = str | Link | Words


@dataclass(frozen=True)
class Listing:
    """A table of the report: what one row is, its columns and its rows.

    ``folded`` ones can be closed on the page; ``counts`` ones hold numbers alone.
    """

    anchor: str
    caption: str
    head: tuple[str, ...]
    rows: list[list[Cell]]
    folded: bool = True
    counts: bool = False

    @property
    def is_open(self) -> bool:
        """Whether its rows are shown at once: few, and of something that changed."""
        return len(self.rows) <= _SHOWN_ROWS and self.anchor not in _QUIET


@dataclass(frozen=True)
class Part:
    """A part of the report: a heading, what it states, and its tables."""

    anchor: str
    title: str
    sentences: list[str]
    listings: list[Listing] = field(default_factory=list)


def mark_change(earlier: str, later: str) -> tuple[Words, Words]:
    """Mark in each of two texts the words that the other does not have there; case and punctuation are passed over.

    Examples
    --------
    >>> [text.pieces for text in mark_change("Insulate cold homes", "Insulate damp homes")]
    [(('Insulate', False), ('cold', True), ('homes', False)), (('Insulate', False), ('damp', True), ('homes', False))]
    """
    old, new = earlier.split(), later.split()
    matcher = difflib.SequenceMatcher(None, [fold(word) for word in old], [fold(word) for word in new], autojunk=False)
    sides: tuple[list[tuple[str, bool]], list[tuple[str, bool]]] = ([], [])
    for change, a, b, c, d in matcher.get_opcodes():
        for pieces, words in zip(sides, (old[a:b], new[c:d]), strict=True):
            # A dash or a stroke by itself is no word: it is not marked.
            marked = change != "equal" and any(fold(word) for word in words)
            if words:
                pieces.append((" ".join(words), marked))
    return Words(tuple(sides[0])), Words(tuple(sides[1]))
