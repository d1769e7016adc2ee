"""What the rules hand over: statements found, passages left, and the tests that a statement must pass."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from mapping.sources.announcing import is_bare
from mapping.sources.boards import BoardNames, is_name_of_plan
from mapping.sources.contexts import word_count
from mapping.sources.pieces import Piece, clean_text, is_contents_line

__all__ = ["Candidate", "Found", "why_no_statement"]

_ADDRESS = re.compile(r"\bhttps?://|\bwww\.|\S@\S+\.\w")
# "OB1", "LA 2.3": what rows are called by.
_ONE = r"[A-Z]{1,4}[ .-]?\d{1,3}(?:\.\d{1,2})?[a-z]?"
_CODE = re.compile(rf"{_ONE}(?:\s*(?:[,;/&]|and)\s*{_ONE})*")
_NOISE = re.compile(
    r"(?:page\s+\d+(?:\s+of\s+\d+)?|\d+|this page is (?:intentionally )?(?:left )?blank|none\b.{0,60}|n/?a|tbc|tbd|"
    r"not applicable|continued|see (?:above|below|overleaf|page|section|appendix)\b.*|(?:source|figure|table|chart|"
    r"photo|picture|image)\s*\d*\s*:.*|yes|no|high|medium|low|red|amber|green|complete|ongoing|on track|"
    r"(?:date (?:and time )?of )?(?:the )?next meeting\b.*|any other business\b.*|apologies\b.*)\W*",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"^(?:high level(?:s)? (?:response|of|response)|strong agreement|recognition that|agreement that|inconsistent|"
    r"genuine passion|\d[\d,.]*\s*(?:%|per ?cent)\s+of\b|a number of ')",
    re.IGNORECASE,
)
# "Launch the Good Work Charter" asks for it, and names it only by the way.
_MAKES = re.compile(
    r"(?!(?:\w+ing|the|an?|our)\s)[A-Z]?[a-z-]+\s+(?:up\s+|out\s+)?(?:the|an?|our|its|one|new)\s", re.IGNORECASE
)
_LONGEST = 90
_JOINT = re.compile(r"\s*[;,]\s*(?:and|or|&)?\s*$|\s+(?:and|or)\s*$", re.IGNORECASE)


@dataclass
class Candidate:
    """One statement as a rule found it.

    Attributes
    ----------
    piece : Piece
    start, end : int
        Its span in the text of the passage.
    text : str
        Its words, verbatim.
    level, rule, sure, number, note : str
        As in the draft.
    board, board_from : str
        Where the rule itself knows the board (a row of a table), else empty.
    list_place : int
        The place of the words or heading that announced it, for statements of one list.
    parent : Candidate or None
        The statement that it stands under.
    """

    piece: Piece
    start: int
    end: int
    text: str
    level: str
    rule: str
    sure: str = "likely"
    number: str = ""
    note: str = ""
    board: str = ""
    board_from: str = ""
    list_place: int = 0
    parent: Candidate | None = None
    headings: tuple[str, ...] = ()

    @property
    def place(self) -> int:
        """The place of its passage."""
        return self.piece.passage.place


@dataclass
class Found:
    """The statements of one document, and why each other passage was left.

    Attributes
    ----------
    candidates : list of Candidate
        In reading order.
    why : dict
        By the place of a passage, why it or a part of it was left.
    notes : list of (int, str)
        What a reader must know, with the place that it is about.
    report, tracker : bool
        Whether it is a report to a committee; whether it tracks recommendations.
    """

    candidates: list[Candidate] = field(default_factory=list)
    why: dict[int, str] = field(default_factory=dict)
    notes: list[tuple[int, str]] = field(default_factory=list)
    report: bool = False
    tracker: bool = False

    def leave(self, piece: Piece, why: str) -> None:
        """Say why a piece is left; the first reason of a passage stands."""
        self.why.setdefault(piece.passage.place, why)

    def take(
        self, piece: Piece, level: str, rule: str, *, span: tuple[int, int] | None = None, **more: Any
    ) -> Candidate:  # fmt: skip
        """Take a piece as it stands, or a span of it, as a statement."""
        start, end = span or (piece.start, piece.end)
        # The semicolon, comma and "and" between the items of a list are the list's, not the statement's.
        joint = _JOINT.search(piece.passage.text[start:end]) if piece.kind != "heading" else None
        end = start + joint.start() if joint and joint.start() else end
        text = clean_text(piece.passage.text[start:end])
        candidate = Candidate(piece, start, end, text, level, rule, **more)
        candidate.number = candidate.number or piece.number
        self.candidates.append(candidate)
        return candidate


def why_no_statement(piece: Piece, names: BoardNames) -> str:
    """Return why a piece under words that announce priorities is none all the same; empty if it may be one.

    Examples
    --------
    >>> from mapping.sources.passages import Passage
    >>> from mapping.sources.pieces import cut_passage
    >>> [why_no_statement(cut_passage(Passage(1, "item", text))[0], BoardNames()) for text in ("None.", "Safe streets")]
    ['holds no statement', '']
    """
    text = piece.text
    if is_contents_line(text):
        return "line of a list of contents"
    if _CODE.fullmatch(text) or _NOISE.fullmatch(text) or not re.search(r"[^\W\d_]{2}", text):
        return "holds no statement"
    if is_bare(text, statements=True):
        return "words of a heading or a header, no statement"
    if _ADDRESS.search(text) and word_count(text) <= 25:
        return "an address, for contact or further reading"
    if _REPORTED.match(text):
        return "reports what was found or said, no aim"
    if text.endswith("?"):
        return "a question"
    named = names.find(text)
    if named and named[0].start <= 4 and (named[0].end >= len(text) - 3 or _rest_is_plan(text[named[0].end :])):
        return "names a board and its strategy: see the table of boards"
    if is_name_of_plan(text) and not _MAKES.match(text):
        return "names a document"
    if word_count(text) > _LONGEST:
        return f"too long for one statement ({word_count(text)} words)"
    return ""


def _rest_is_plan(rest: str) -> bool:
    return is_name_of_plan(rest.strip(" :–-*()").removeprefix("The "))
