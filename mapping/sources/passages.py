"""What a document says, passage by passage, with the place of each: what every reader returns."""

from __future__ import annotations

from dataclasses import dataclass, field

from mapping.errors import Problem

__all__ = ["KINDS", "OUTCOMES", "Document", "Passage"]

#: What a passage can be: a heading, an item of a list, a paragraph, a cell of a table, or furniture that repeats
#: (page headers and footers), which is kept so that nothing is left out unsaid.
KINDS = ("heading", "item", "paragraph", "cell", "furniture")
#: How reading can end.
OUTCOMES = ("ok", "ok with warnings", "refused")


@dataclass(frozen=True)
class Passage:
    """One passage of a document, verbatim.

    Attributes
    ----------
    place : int
        1, 2, ... in reading order.
    kind : str
        One of ``KINDS``.
    text : str
        Its words as they stand, without its number or bullet; lines joined, hyphens of line ends mended.
    level : int
        Of a heading, 1 the highest; of an item, how deep it is nested, 1 the outermost; else 0.
    number : str
        The number, letter or bullet printed before it, such as ``4.2``, ``a)`` or a bullet; empty if none.
    headings : tuple of str
        The headings above it, the highest first.
    page : int or None
        The page on which it begins, counted from 1; None where the format has no pages.
    table, row, column : int
        Of a cell: which table (or sheet) of the document, its row and column, counted from 1; else 0.
    cell : str
        Of a cell in a spreadsheet, its address, such as ``Priorities!B7``.
    start, end : int
        The span of the passage in the text of the document as read, where passages are joined by line ends.
    """

    place: int
    kind: str
    text: str
    level: int = 0
    number: str = ""
    headings: tuple[str, ...] = ()
    page: int | None = None
    table: int = 0
    row: int = 0
    column: int = 0
    cell: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Document:
    """A document as it was read, or why it was not.

    Attributes
    ----------
    name : str
        The file's name, without its folder.
    sha256 : str
        Of the file's bytes, in hexadecimal digits; empty where it could not be opened.
    kind : str
        What the file is by its content: pdf, word, web, spreadsheet, csv, text, markdown; empty if unknown.
    outcome : str
        One of ``OUTCOMES``.
    code : str
        Why it was refused, such as ``E-ENCRYPTED``; empty if it was read.
    passages : tuple of Passage
        In reading order.
    warnings : tuple of Problem
        What was odd or unread: which pages, which sheets, and why.
    pages : int
        Number of pages; 0 where the format has none.
    title, language : str
        As the document states them; empty where it does not.
    """

    name: str
    sha256: str
    kind: str
    outcome: str
    code: str = ""
    passages: tuple[Passage, ...] = ()
    warnings: tuple[Problem, ...] = field(default_factory=tuple)
    pages: int = 0
    title: str = ""
    language: str = ""
