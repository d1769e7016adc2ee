"""Whose a statement is: what is told by its row, its heading, its sentence, the paper's title, or by the user."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mapping.sources.announcing import find_words
from mapping.sources.boards import UNKNOWN, BoardNames, Section, find_sections
from mapping.sources.candidates import Candidate, Found
from mapping.sources.contexts import word_count
from mapping.sources.naming import make_code
from mapping.sources.passages import Document

__all__ = ["STARTING_PLACE", "Owner", "Owners", "find_place", "judge_authority"]

_TITLE_PASSAGES, _TITLE_WORDS = 6, 16
#: The place of the starting files, which nobody has changed yet.
STARTING_PLACE = "My City"
#: How often a paper names a council that is more than a partner of its own.
_OFTEN = 3
_ADDRESSED = re.compile(
    r"(?:that|to (?:commit|ask|request|invite|advise)|(?:commit|ask|request|invite)|it is recommended that)\s+"
    r"(?:members of\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
_COUNCIL = re.compile(
    r"\b([A-Z][a-z]+(?:(?:-| |, )(?:upon|on|and|in|the|le|under|with|[A-Z][a-z]+)){0,5}?)\s+"
    r"(?:City|Borough|Metropolitan Borough|County|District|Unitary|Town)\s+Council\b"
)
_PLACE = re.compile(
    r"\b(?:([A-Z][a-z]+)\s+(?:City|Borough|County|District)?\s?(?:Council|Partnership|Plan)|City of ([A-Z][a-z]+))\b"
)


@dataclass(frozen=True)
class Owner:
    """A board (code, name or ``UNKNOWN``), how it is known, and the strategy where that is known too."""

    board: str
    basis: str
    strategy: str = ""


class Owners:
    """Tells for the statements of one document whose they are.

    Parameters
    ----------
    document : Document
    found : Found
    names : BoardNames
    board, strategy : str
        What the user says the papers are; empty if nothing.
    """

    def __init__(self, document: Document, found: Found, names: BoardNames, board: str, strategy: str) -> None:
        self._document, self._found, self._names = document, found, names
        self._given, self._strategy = board, strategy
        sections = find_sections(document.passages, names)
        opening = {passage.place for passage in document.passages[:_TITLE_PASSAGES]} if found.report else set()
        if board:  # whose the paper as a whole is, the user has said
            opening |= set([passage.place for passage in document.passages if passage.kind == "heading"][:1])
        # What stands over a report names the meeting it is put before, not whose its contents are.
        sections = [section for section in sections if section.place not in opening]
        self.sections: list[Section] = sections
        self._places = [section.place for section in sections]
        self._title = self._read_title()
        self._told: dict[tuple[tuple[str, ...], str], str] = {}
        self._texts = {passage.place: passage.text for passage in document.passages}

    def find(self, candidate: Candidate) -> Owner:
        """Return whose a statement is."""
        if candidate.board:
            return Owner(candidate.board, candidate.board_from)
        section = self._section(candidate.place)
        if section and section.basis == "heading missing":
            # The user's word for the whole paper stands; otherwise nothing is guessed.
            return Owner(self._given or UNKNOWN, "given" if self._given else "heading missing", self._strategy)
        plan = self._plan_of(candidate, section)
        if plan:
            return Owner(plan[0], "heading names its strategy", plan[1])
        if section and section.board and section.basis == "section heading" and self._names.given:
            return Owner(self._given or UNKNOWN, f"not in boards.csv: {section.heading}", self._strategy)
        if section and section.board:
            return self._with_strategy(section.board, section.basis)
        told = self._addressed(candidate) if candidate.level == "action" else ""
        told = told or self._said_by(candidate)
        if told and not self._is_given(told):
            return self._with_strategy(told, "sentence")
        if self._given:
            return Owner(self._given, "given", self._strategy)
        if self._found.report:
            audience = self._title.board if candidate.rule == "recommendation" else ""
            return Owner(audience, "put before it") if audience else Owner(UNKNOWN, "", self._strategy)
        return self._title if self._title.board else Owner(UNKNOWN, "", self._strategy)

    def _is_given(self, board: str) -> bool:
        """Say whether a board is the one that the user names; without tables, its initials may name it."""
        if not self._given or board == self._given:
            return board == self._given
        return not self._names.given and make_code(board, ()) == self._given.upper()

    def _with_strategy(self, board: str, basis: str) -> Owner:
        """Return the owner; the strategy that the user names is that of the board given, else of the title's."""
        if self._is_given(board):
            return Owner(self._given, basis, self._strategy)
        own = not self._given and board == (self._title.board or board)
        return Owner(board, basis, self._strategy if own else "")

    def _section(self, place: int) -> Section | None:
        at = bisect_right(self._places, place) - 1
        return self.sections[at] if at >= 0 else None

    def _plan_of(self, candidate: Candidate, section: Section | None) -> tuple[str, str] | None:
        """Return the board and the strategy that a heading names, unless a nearer one names another board."""
        for heading in reversed(candidate.piece.passage.headings):
            plans = self._names.find_plans(heading)
            if plans:
                return plans[0]
            if section and section.board and section.basis == "heading" and heading == section.heading:
                return None
        return None

    def _addressed(self, candidate: Candidate) -> str:
        """Return the board that a list of recommendations is put to: "That the Health and Wellbeing Board ..."."""
        if candidate.rule != "recommendation" and candidate.text[:4].casefold() != "that":
            return ""
        headings = candidate.piece.passage.headings
        if (headings, candidate.rule) not in self._told:
            self._told[headings, candidate.rule] = self._find_addressed(headings, candidate.rule)
        return self._told[headings, candidate.rule]

    def _find_addressed(self, headings: tuple[str, ...], rule: str) -> str:
        for other in self._found.candidates:
            if other.piece.passage.headings != headings or other.rule != rule:
                continue
            opening = _ADDRESSED.match(other.text)
            if opening:
                named = [name for name in self._names.find(other.text) if name.start <= opening.end()]
                if named:
                    return named[0].board
        return ""

    def _said_by(self, candidate: Candidate) -> str:
        """Return the one board named before a statement in its sentence, or in the words that lead to its list."""
        before = self._texts[candidate.place][: candidate.start] if "prose" in candidate.rule else ""
        if candidate.list_place and candidate.list_place in self._texts:
            before = self._texts[candidate.list_place]
        before = before[-400:]
        if not before or find_words("whose", before):
            return ""
        boards = {named.board for named in self._names.find(before)}
        return boards.pop() if len(boards) == 1 else ""

    def _read_title(self) -> Owner:
        """Return the board that the title or the first lines name, if they name one."""
        first = [passage.text for passage in self._document.passages[:_TITLE_PASSAGES]]
        texts = [self._document.title, *(text for text in first if word_count(text) <= _TITLE_WORDS)]
        plans = list(dict.fromkeys(plan for text in texts for plan in self._names.find_plans(text)))
        if len({board for board, _ in plans}) == 1 and not self._found.report:
            return Owner(plans[0][0], "title names its strategy", self._strategy or plans[0][1])
        boards = {named.board for text in texts for named in self._names.find(text)}
        return Owner(boards.pop(), "title", self._strategy) if len(boards) == 1 else Owner("", "")


# --- another authority --------------------------------------------------------------------------------------


def find_place(documents: Sequence[Document]) -> str:
    """Return the place that most of several papers name, such as Derby; empty if they share none.

    A word is a place only where no paper has it without a capital: "Safety Partnership" names none.
    """
    texts = [" ".join(passage.text for passage in document.passages) for document in documents]
    # In an address every word is small: "derby.gov.uk".
    plain = [" ".join(word for word in text.split() if not {"@", "."} & set(word[:-1])) for text in texts]
    lower = {word for text in plain for word in re.findall(r"\b[a-z]+\b", text)}
    words = {match[1] or match[2] for text in texts for match in _PLACE.finditer(text)}
    held = [set(re.findall(r"[A-Z][a-z]+", text)) for text in texts]
    named = Counter({word: sum(word in own for own in held) for word in words if word.casefold() not in lower})
    if not named:
        return ""
    best = min(named, key=lambda word: (-named[word], word))
    return best if named[best] >= 2 and 2 * named[best] > len(documents) else ""


def judge_authority(document: Document, place: str) -> tuple[bool, str]:
    """Say whether a paper is another authority's.

    It is where its title or first headings name another council and never the place, and the paper names it more
    often than the place; or where it names another council again and again, and never the place.

    Returns
    -------
    tuple of bool and str
        Whether it is to be left out, and what is to be said; a paper that names neither is kept, and that is said.
    """
    text = "\n".join(passage.text for passage in document.passages)
    if not place or not text:
        return False, ""
    first = document.passages[:_TITLE_PASSAGES]
    heads = [passage.text for at, passage in enumerate(first) if passage.kind == "heading" or not at]
    front = "\n".join([document.title, *heads])
    own = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in _list_names(place)))
    others = Counter(match[1] for match in _COUNCIL.finditer(f"{document.title}\n{text}"))
    for name in list(others):
        if name == "The" or f" {_level(name)} " in f" {_level(place)} " or own.search(_level(name)):
            others.pop(name)
    other = min(others, key=lambda name: (-others[name], name), default="")
    told = len(own.findall(_level(f"{document.title}\n{text}")))
    if other and not own.search(_level(front)):
        theirs = len(re.findall(rf"\b{re.escape(other)}\b", text))
        if _COUNCIL.search(front) and re.search(rf"\b{re.escape(other)}\b", front) and theirs > told:
            said = f"its title names {other}, not {place}" if told else f"it names {other}, and never {place}"
            return True, f"another authority's paper: {said}"
        if not told and theirs >= _OFTEN:
            return True, f"another authority's paper: it names {other}, and never {place}"
    if told:
        return False, ""
    named = f", and names {other}" if other else ""
    return False, f"never names {place}{named}: it may be another authority's paper"


def _level(text: str) -> str:
    """Return a text with the ways of writing a place made one: "St. Helens", "Stoke-on-Trent", "Brighton & Hove"."""
    plain = re.sub(r"[.'\u2019\u02bc]", "", text.casefold()).replace("&", " and ")
    return " ".join(re.sub(r"[-\u2010-\u2015]", " ", plain).split())


def _list_names(place: str) -> list[str]:
    """Return the names under which papers of a place may know it: "Kingston upon Hull" is Hull, too.

    Examples
    --------
    >>> _list_names("City of Derby"), _list_names("Kingston upon Hull")
    (['derby'], ['kingston upon hull', 'kingston', 'hull'])
    """
    name = _level(place).removeprefix("city of ").removeprefix("the ")
    parts = re.split(r" (?:up)?on ", name)
    return [name, *(parts if len(parts) == 2 and "upon" in name else [])]
