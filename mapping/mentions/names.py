"""Names of boards, strategies, services and partners, found in a text as the data writes them.

A name is matched by its words in their order, each with a capital where the data has one. Case of small words,
apostrophes, hyphens and "&" are folded; short forms are found only where the data lists them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mapping.cross_checks import split_aliases
from mapping.partnership import Partnership
from mapping.tables import each_row
from mapping.text import Word, content_words, split_words

__all__ = ["Found", "Name", "NameIndex"]

_BETWEEN_WORDS = re.compile("[\\s\"'\u2018\u2019\u201c\u201d\u00ad\u200b-\u200d\u2060]*")


class Name(NamedTuple):
    """One name as it is looked for.

    Attributes
    ----------
    board, named, kind : str
        Whose it is, what it names as the data writes it, and what that is.
    key : str
        Its letters, folded and without anything between them.
    capitals : tuple of (int, int)
        From which letter of the key, and how many, a text must have in capitals.
    breaks : frozenset of int
        The letters of the key before which punctuation may stand, since the data has some there.
    acronym : bool
        One word all in capitals, which cannot be told from a word in a text that is all capitals.
    """

    board: str
    named: str
    kind: str
    key: str
    capitals: tuple[tuple[int, int], ...]
    breaks: frozenset[int]
    acronym: bool

    @property
    def owner(self) -> str:
        """The board, or for a partner of no board its own name."""
        return self.board or self.named


class Found(NamedTuple):
    """A name in a text: characters ``start`` to ``end``, words ``first`` to ``last``; None when two owners have it."""

    start: int
    end: int
    first: int
    last: int
    name: Name | None


class _Piece(NamedTuple):
    """One word of a text, or the "and" that an "&" stands for."""

    start: int
    end: int
    form: str
    apart: bool
    possessive: bool
    place: int


class NameIndex:
    """Every name of a partnership, arranged so that a text is read once; the longest name wins."""

    def __init__(self, partnership: Partnership) -> None:
        self._names: dict[str, list[Name]] = {}
        for board, named, kind, written in _list_names(partnership):
            name = _compile_name(board, named, kind, written)
            if name.key:
                self._names.setdefault(name.key, []).append(name)
        self._beginnings = {key[:length] for key in self._names for length in range(1, len(key) + 1)}

    def find(self, text: str, words: Sequence[Word]) -> list[Found]:
        """Return the names in a text, in order; none overlaps another."""
        pieces = _cut(text, words)
        shouted = not any(letter.islower() for letter in text)
        found = [hit for first in range(len(pieces)) for hit in self._find_from(text, pieces, first, shouted)]
        found.sort(key=lambda hit: (hit.start - hit.end, hit.start))
        kept: list[Found] = []
        taken: set[int] = set()
        for hit in found:
            if taken.isdisjoint(range(hit.first, hit.last + 1)):
                kept.append(hit)
                taken.update(range(hit.first, hit.last + 1))
        return sorted(kept)

    def _find_from(self, text: str, pieces: list[_Piece], first: int, shouted: bool) -> Iterator[Found]:
        letters = ""
        for last in range(first, len(pieces)):
            letters += pieces[last].form
            own = pieces[first : last + 1]
            # "the Homes Board's plan" names the Homes Board.
            for short in (False, True) if pieces[last].possessive else (False,):
                fitting = [
                    name
                    for name in self._names.get(letters[: len(letters) - short], ())
                    if not (shouted and name.acronym) and _fits(name, text, own)
                ]
                if fitting:
                    owners = {name.owner for name in fitting}
                    end = own[-1].end - 2 * short
                    name = fitting[0] if len(owners) == 1 else None
                    yield Found(own[0].start, end, own[0].place, own[-1].place, name)
            if letters not in self._beginnings:
                return


def _list_names(partnership: Partnership) -> Iterator[tuple[str, str, str, str]]:
    """Yield board, what is named, its kind and one way of writing it: boards first, then strategies, then the rest."""
    for row in each_row(partnership.boards):
        for written in (row.name, *split_aliases(getattr(row, "aliases", ""))):
            yield row.board, row.name, "board", written
    for row in each_row(partnership.strategies):
        # A stand-in is another document used for the board's own: to name it is not to name the board.
        if row.standing != "stand-in":
            for written in (row.name, *split_aliases(getattr(row, "aliases", ""))):
                yield row.board, row.name, "strategy", written
    for row in each_row(partnership.names):
        for written in (row.name, *split_aliases(row.aliases)):
            yield row.board, row.name, row.kind, written


def _compile_name(board: str, named: str, kind: str, written: str) -> Name:
    words = split_words(written)
    pieces = _cut(written, words)
    if len(pieces) > 2 and pieces[0].form in ("the", "a", "an"):
        pieces = pieces[1:]
    content = {word.start for word in content_words(words)}
    shouted = len(pieces) > 1 and written.isupper()
    at, capitals, breaks = 0, [], set()
    for piece in pieces:
        own = written[piece.start : piece.end]
        acronym = own.isupper() and len(piece.form) > 1
        if acronym and not shouted:
            capitals.append((at, len(piece.form)))
        elif own[:1].isupper() and (piece.start in content or len(pieces) == 1):
            capitals.append((at, 1))
        if piece.apart:
            breaks.add(at)
        at += len(piece.form)
    key = "".join(piece.form for piece in pieces)
    one = len(pieces) == 1 and written[pieces[0].start : pieces[0].end].isupper()
    return Name(board, named, kind, key, tuple(capitals), frozenset(breaks), one)


def _cut(text: str, words: Sequence[Word]) -> list[_Piece]:
    """Return the words of a text as names are compared: without apostrophes, "&" as "and", breaks marked."""
    pieces: list[_Piece] = []
    before = 0
    for place, word in enumerate(words):
        gap = text[before : word.start]
        between = gap.replace("&", "").replace("\uff06", "")
        apart = gap.count("\n") > 1 or not (word.joined or gap == " " or _BETWEEN_WORDS.fullmatch(between))
        if pieces and not apart and between != gap:
            pieces.append(_Piece(before, word.start, "and", False, False, place))
        form = word.form.replace("'", "")
        pieces.append(_Piece(word.start, word.end, form, bool(pieces) and apart, word.form.endswith("'s"), place))
        before = word.end
    return pieces


def _fits(name: Name, text: str, pieces: Sequence[_Piece]) -> bool:
    """Return whether a text has capitals where the name needs them, and breaks only where the name may have them."""
    upper: list[bool] = []
    begins = set()
    for piece in pieces:
        if piece.apart and upper and len(upper) not in name.breaks and piece.form != "and":
            return False
        begins.add(len(upper))
        upper.extend(_list_capitals(text[piece.start : piece.end], piece.form))
    # A capital inside a text's word is not asked for: "Wellbeing" may stand for "Well Being".
    return all((length == 1 and at not in begins) or all(upper[at : at + length]) for at, length in name.capitals)


def _list_capitals(written: str, form: str) -> list[bool]:
    """Return for each sign of a word's folded form whether it may stand for a capital: figures have none to show."""
    if len(written) == len(form):
        return [not letter.islower() for letter in written]
    capitals: list[bool] = []
    for letter in unicodedata.normalize("NFKC", re.sub("[\u00ad\u200b-\u200d\u2060]", "", written)):
        if letter not in "'\u2019\u02bc":
            capitals.extend([not letter.islower()] * len(letter.casefold()))
    return capitals[: len(form)] + [False] * (len(form) - len(capitals))
