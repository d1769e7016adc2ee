"""Wording that says that one board leans on another, supports it or works with it, in the sentence that names it."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from mapping.errors import DataError, Problem
from mapping.files import find_data
from mapping.keywords import Hit, KeywordIndex, PatternError, compile_keyword, keep_hits
from mapping.schema import DEPENDENCE
from mapping.tables import each_row, read_table
from mapping.text import Word, load_word_counts

__all__ = ["REACH", "Wordings", "read_dependence"]

#: Most words between a wording of dependence and the name it is about, names in between not counted: a list of partners
#: and their tasks fits in it, the next clause mostly does not.
REACH = 10
#: Most words in all, names included: a list of a dozen partners.
_LONGEST_LIST = 60
#: Words before a wording in which a negation turns it round: "does not yet fully depend on".
_NEGATION_REACH = 3
_NEGATIONS = frozenset(
    "not no never neither nor nothing nobody none without cannot rather instead hardly scarcely barely seldom rarely "
    "unlikely refuse refuses refused stop stops stopped cease ceased if unless whether who which".split()
)
_AFFIRMED = frozenset("only just merely simply least".split())
#: Words between a subject and its verb: "the Parks Board will also depend on".
_SUBJECT_REACH = 2
_NEW_SUBJECT = frozenset("and or but we our us".split())
#: A wording that begins with one of these is about what the whole sentence is about.
_WITHOUT_SUBJECT = frozenset("by with in through so alongside together jointly".split())


@functools.cache
def read_dependence() -> KeywordIndex:
    """Read the wordings of dependence (``data/english/dependence.csv``); each hit's theme is its direction.

    Examples
    --------
    >>> from mapping.text import split_words
    >>> [(hit.keyword.theme, hit.keyword.pattern) for hit in read_dependence().find(split_words("It depends on us"))]
    [('leans on', 'depend* * on')]
    """
    table, _ = read_table(find_data() / "english" / "dependence.csv", DEPENDENCE, "pattern")
    counts, compiled, problems = load_word_counts(), [], []
    for row in each_row(table):
        try:
            compiled.append(compile_keyword(row.direction, row.pattern, "decides", counts))
        except PatternError as error:
            problems.append(Problem("dependence.csv", str(error), row.line, "pattern"))
    if problems:
        raise DataError(problems)
    return KeywordIndex(compiled)


class Wordings:
    """The wordings of dependence in one text, to be asked for each name in it.

    Parameters
    ----------
    text : str
    words : sequence of Word
    named, foreign : set of int
        The places of all words that stand in a name; and of those in a name that is not the writer's own.
    """

    def __init__(self, text: str, words: Sequence[Word], named: set[int], foreign: set[int]) -> None:
        self._text, self._words, self._named, self._foreign = text, words, named, foreign
        hits = keep_hits(read_dependence().find(words))
        self._by_last = {hit.last: hit for hit in hits if named.isdisjoint(hit.places)}

    def find_direction(self, first: int, begins: int) -> tuple[str, str]:
        """Return direction and pattern of the wording nearest before the name whose first word is ``first``.

        It must stand in the same sentence (which begins at word ``begins``), with no semicolon and at most ``REACH``
        words between, the words of other names not counted. Nothing may turn it round, and it must be said of the
        writer: in "the Parks Board depends on" it is said of the Parks Board.
        """
        hit = self._find_nearest(first, begins)
        if hit is None or hit.keyword.theme == "none":
            return "", ""
        if self._is_negated(hit, first, begins) or self._is_of_another(hit, begins):
            return "", ""
        return hit.keyword.theme, hit.keyword.pattern

    def _find_nearest(self, first: int, begins: int) -> Hit | None:
        between = 0
        for place in range(first - 1, max(begins, first - _LONGEST_LIST) - 1, -1):
            if between > REACH or ";" in self._between(place, place + 1):
                return None
            if place in self._by_last:
                hit = self._by_last[place]
                return hit if begins <= hit.first else None
            between += place not in self._named
        return None

    def _is_negated(self, hit: Hit, name: int, begins: int) -> bool:
        """Return whether a negation stands in or shortly before a wording, or between it and the name."""
        first = hit.first
        while first > max(begins, hit.first - _NEGATION_REACH) and "," not in self._between(first - 1, first):
            first -= 1
        return any(
            (self._words[n].form in _NEGATIONS or self._words[n].form.endswith("n't"))
            and self._words[n + 1].form not in _AFFIRMED
            for n in range(first, name)
        )

    def _is_of_another(self, hit: Hit, begins: int) -> bool:
        """Return whether somebody else's name stands where the subject of a wording would."""
        if self._words[hit.first].form in _WITHOUT_SUBJECT:
            return False
        for place in range(hit.first - 1, max(begins, hit.first - 1 - _SUBJECT_REACH) - 1, -1):
            if place in self._foreign:
                return True
            if self._words[place].form in _NEW_SUBJECT:
                return False
        return False

    def _between(self, one: int, other: int) -> str:
        return self._text[self._words[one].end : self._words[other].start]
