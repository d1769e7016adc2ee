"""Keywords: patterns that point to a theme, where they hit a text, and which of the hits stand.

A pattern is words with spaces between them, in lower case. Each word matches by its stem, so ``inequality`` finds
"inequalities". ``apprentic*`` finds every word that begins so; ``=start`` finds that written form alone; a ``*`` by
itself is a gap of up to three words in the same sentence, as in ``voice * decisions``; ``co-production`` also finds
"coproduction" and "co production".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from mapping.text import IDF_CAP, Word, WordCounts, fold_word, stem

__all__ = ["ROLES", "Hit", "Keyword", "KeywordIndex", "PatternError", "compile_keyword", "keep_hits"]

#: decides: enough alone. supports: counts with other evidence. cancels: removes the hits that it overlaps.
ROLES = ("decides", "supports", "cancels")
_ROLE_WEIGHT = {"decides": 1.0, "supports": 0.5, "cancels": 0.0}
_LONGEST_GAP = 3
_PIECE = re.compile(r"=?[^\W_]+(?:'[^\W_]+)*\*?")


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what would be right."""


class Element(NamedTuple):
    """One part of a pattern: a stem, a prefix, a written form, or a gap."""

    kind: str
    value: str


@dataclass(frozen=True)
class Keyword:
    """A compiled pattern.

    Attributes
    ----------
    theme, pattern, role : str
        As in ``keywords.csv``.
    variants : tuple of tuple of Element
        The word sequences it stands for (a hyphenated pattern has two).
    plain : str
        The pattern as plain words, a wildcard as its commonest word: what it adds to the theme's profile.
    idf : float
        Of its rarest word; of a wildcard, that of its commonest match. From 1 to ``IDF_CAP``.
    weight : float
        idf times 1 for *decides*, 0.5 for *supports*, 0 for *cancels*.
    """

    theme: str
    pattern: str
    role: str
    variants: tuple[tuple[Element, ...], ...]
    plain: str
    idf: float
    weight: float


class Hit(NamedTuple):
    """A keyword found in a text: characters ``start`` to ``end``, words ``first`` to ``last`` (inclusive)."""

    keyword: Keyword
    start: int
    end: int
    first: int
    last: int

    @property
    def places(self) -> range:
        """The places of the words it covers."""
        return range(self.first, self.last + 1)

    @property
    def size(self) -> int:
        """Number of words the hit covers."""
        return self.last - self.first + 1


def compile_keyword(theme: str, pattern: str, role: str, counts: WordCounts) -> Keyword:
    """Read a pattern.

    Raises
    ------
    PatternError
        For an empty pattern, a gap at its beginning, at its end or beside another, or a sign that has no meaning in
        a pattern.
    """
    words = pattern.casefold().split()
    if not words or all(word == "*" for word in words):
        raise PatternError("the pattern holds no word.")
    if words[0] == "*" or words[-1] == "*":
        raise PatternError(f"'{pattern}' begins or ends with a gap; a lone * must stand between two words.")
    if ("*", "*") in pairwise(words):
        raise PatternError(f"'{pattern}' has two gaps side by side; write one * between two words.")
    apart: list[Element] = []
    whole: list[Element] = []
    plain: list[str] = []
    for word in words:
        pieces = _read_word(word, pattern)
        apart.extend(_element(piece) for piece in pieces)
        whole.append(_element("".join(pieces)))
        plain.append("-".join(_plain(piece, counts) for piece in pieces))
    variants = (tuple(apart),) if len(apart) == len(whole) else (tuple(apart), tuple(whole))
    idf = max(_element_idf(element, counts) for element in apart if element.kind != "gap")
    return Keyword(theme, pattern, role, variants, " ".join(filter(None, plain)), idf, _ROLE_WEIGHT[role] * idf)


def _read_word(word: str, pattern: str) -> list[str]:
    """Return the folded pieces of one word of a pattern: two or more where it is hyphenated."""
    if word == "*":
        return [word]
    pieces = [fold_word(piece) for piece in re.split("[-\u2010\u2011]", word) if piece]
    if not pieces or not all(_PIECE.fullmatch(piece) for piece in pieces):
        raise PatternError(
            f"'{word}' in '{pattern}' cannot be read; write words, a word with * at its end, =word, or a lone *."
        )
    return pieces


def _element(piece: str) -> Element:
    if piece == "*":
        return Element("gap", "")
    if piece.endswith("*"):
        return Element("prefix", piece[:-1].removeprefix("="))
    if piece.startswith("="):
        return Element("form", piece[1:])
    return Element("stem", stem(piece))


def _plain(piece: str, counts: WordCounts) -> str:
    if piece == "*":
        return ""
    if piece.endswith("*"):
        return counts.commonest(piece[:-1].removeprefix("=")) or piece[:-1]
    return piece.removeprefix("=")


def _element_idf(element: Element, counts: WordCounts) -> float:
    if element.kind == "prefix":
        commonest = counts.commonest(element.value)
        return counts.idf(stem(commonest)) if commonest else IDF_CAP
    return counts.idf(stem(element.value) if element.kind == "form" else element.value)


class KeywordIndex:
    """The keywords of one framework, arranged so that a text is read once."""

    def __init__(self, keywords: Iterable[Keyword]) -> None:
        self.keywords = tuple(keywords)
        self._by_first: dict[Element, list[tuple[Keyword, tuple[Element, ...]]]] = {}
        for keyword in self.keywords:
            for variant in keyword.variants:
                self._by_first.setdefault(variant[0], []).append((keyword, variant))
        self._prefix_lengths = sorted({len(first.value) for first in self._by_first if first.kind == "prefix"})

    def find(self, words: Sequence[Word]) -> list[Hit]:
        """Return every place where a keyword stands in the words of a text, overlapping ones included."""
        hits = set()
        compounds = _find_compounds(words)
        for first in range(len(words)):
            for form, word_stem, last in _readings(words, compounds, first):
                for keyword, variant in self._candidates(form, word_stem):
                    for end in _match(words, compounds, variant, 1, last):
                        hits.add(Hit(keyword, words[first].start, words[end].end, first, end))
        return sorted(hits, key=lambda hit: (hit.first, hit.last, hit.keyword.theme, hit.keyword.pattern))

    def _candidates(self, form: str, word_stem: str) -> Iterable[tuple[Keyword, tuple[Element, ...]]]:
        firsts = [Element("stem", word_stem), Element("form", form)]
        firsts += [Element("prefix", form[:length]) for length in self._prefix_lengths if length <= len(form)]
        for first in firsts:
            yield from self._by_first.get(first, ())


def keep_hits(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits of one theme that stand.

    Hits that overlap a *cancels* pattern go; of the rest the longest wins where two overlap (then *decides*
    before *supports*, then the earlier, then the pattern in alphabetical order).
    """
    every = list(hits)
    taken = {place for hit in every if hit.keyword.role == "cancels" for place in hit.places}
    rest = [hit for hit in every if hit.keyword.role != "cancels" and taken.isdisjoint(hit.places)]
    rest.sort(key=lambda hit: (-hit.size, hit.keyword.role, hit.first, hit.keyword.pattern))
    kept: list[Hit] = []
    taken = set()
    for hit in rest:
        if taken.isdisjoint(hit.places):
            kept.append(hit)
            taken.update(hit.places)
    return sorted(kept, key=lambda hit: (hit.start, hit.end))


def _find_compounds(words: Sequence[Word]) -> dict[int, tuple[str, str, int]]:
    """Return, by the place of its first word, each hyphenated compound as one word."""
    compounds = {}
    for place, word in enumerate(words):
        if word.joined or place + 1 >= len(words) or not words[place + 1].joined:
            continue
        last = place + 1
        while last + 1 < len(words) and words[last + 1].joined:
            last += 1
        form = "".join(part.form for part in words[place : last + 1])
        compounds[place] = (form, stem(form), last)
    return compounds


def _readings(
    words: Sequence[Word], compounds: dict[int, tuple[str, str, int]], place: int
) -> Iterable[tuple[str, str, int]]:
    """Yield the ways to read the word at a place: by itself, and as part of its hyphenated compound."""
    yield words[place].form, words[place].stem, place
    if place in compounds:
        yield compounds[place]


def _match(
    words: Sequence[Word], compounds: dict[int, tuple[str, str, int]], variant: tuple[Element, ...], at: int, last: int
) -> Iterable[int]:
    """Yield the place of the last word for every way the rest of a pattern follows word ``last``."""
    if at == len(variant):
        yield last
        return
    element, reach = variant[at], 1
    if element.kind == "gap":
        at, element, reach = at + 1, variant[at + 1], 1 + _LONGEST_GAP
    for place in range(last + 1, min(last + 1 + reach, len(words))):
        if words[place].sentence != words[last].sentence:
            return
        for form, word_stem, end in _readings(words, compounds, place):
            if _fits(element, form, word_stem):
                yield from _match(words, compounds, variant, at + 1, end)


def _fits(element: Element, form: str, word_stem: str) -> bool:
    if element.kind == "stem":
        return word_stem == element.value
    return form == element.value if element.kind == "form" else form.startswith(element.value)
