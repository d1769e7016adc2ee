"""One way of cutting a text into words, shared by the keywords and by the similarity, so that both see the same."""

from __future__ import annotations

import bisect
import csv
import functools
import itertools
import math
import re
import unicodedata
from typing import NamedTuple

import snowballstemmer

from mapping.files import find_data

__all__ = ["IDF_CAP", "Word", "WordCounts", "content_words", "fold_word", "load_word_counts", "split_words", "stem"]

#: Words rarer than this idf are treated as equally rare, so that a name or a typing slip cannot fill a score.
IDF_CAP = 10.0

_MARKS = "\u0300-\u036f\u00ad\u200b-\u200d\u2060"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*(?:['\u2019\u02bc](?:[^\W_]|[{_MARKS}])+)*")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060]")
# A hyphen between two words, perhaps at the end of a line, makes them one compound: "well-being", "well-\nbeing".
_HYPHEN = re.compile("[-\u2010\u2011](?:\\s*\n\\s*)?")
_SENTENCE_END = re.compile(r"[.!?;:](?=\s|$)|\n\s*\n|\n\s*[\u2022\uf0b7*\u2013-]\s")

# Function words carry no theme; kept short on purpose, since idf does the rest.
_FUNCTION_WORDS = frozenset(
    """a about above across after again all also although am among amongst an and another any are as at be because
    been before being below between both but by can cannot could did do does doing done down during each either etc
    every for from further had has have having he her here hers him his how i if in including into is it its itself
    just may me might more most much must my no nor not of off on once only or other our ours out over own per same
    shall she should so some such than that the their theirs them themselves then there these they this those through
    to too under until up upon us very via was we were what when where whether which while who whom whose why will
    with within without would you your yours""".split()
)


class Word(NamedTuple):
    """One word of a text.

    Attributes
    ----------
    start, end : int
        Where it stands in the original text (``text[start:end]``).
    form : str
        The folded form: NFKC, lower case, invisible characters and apostrophes dealt with.
    stem : str
        Its Snowball English stem.
    joined : bool
        Whether a hyphen joins it to the word before.
    sentence : int
        Number of its sentence, from 0.
    """

    start: int
    end: int
    form: str
    stem: str
    joined: bool
    sentence: int


def fold_word(word: str) -> str:
    """Return a word as it is compared: "Children\u2019s" and "children's" are one, so are letter forms."""
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", word)).casefold()
    return plain.replace("\u2019", "'").replace("\u02bc", "'")


@functools.lru_cache(maxsize=100_000)
def stem(form: str) -> str:
    """Return the Snowball English stem of a folded word (Porter 2001).

    Examples
    --------
    >>> stem("inequalities") == stem("inequality")
    True
    """
    # One stemmer for the process; with PyStemmer installed the same call runs in C and gives the same stems.
    return str(_stemmer().stemWord(form))


@functools.cache
def _stemmer() -> snowballstemmer.EnglishStemmer:
    return snowballstemmer.stemmer("english")


def split_words(text: str) -> list[Word]:
    """Cut a text into words, with their places in the original text.

    Examples
    --------
    >>> [(word.form, word.joined) for word in split_words("Promote well-being")]
    [('promote', False), ('well', False), ('being', True)]
    """
    words: list[Word] = []
    sentence, last_end = 0, 0
    for match in _WORD.finditer(text):
        between = text[last_end : match.start()]
        joined = bool(words) and _HYPHEN.fullmatch(between) is not None
        if words and not joined and _SENTENCE_END.search(text, last_end, match.start() + 1):
            sentence += 1
        form = fold_word(match.group())
        words.append(Word(match.start(), match.end(), form, stem(form), joined, sentence))
        last_end = match.end()
    return words


def content_words(words: list[Word]) -> list[Word]:
    """Return the words that can carry meaning: no function words, no bare numbers, no single letters."""
    return [
        word for word in words if word.form not in _FUNCTION_WORDS and len(word.form) > 1 and not word.form.isdigit()
    ]


class WordCounts:
    """How common words are in public English: the shipped count table, and the idf that follows from it.

    idf(s) = ln((1 + N) / (1 + n_s)) + 1, as in scikit-learn, where N is a million passages of 25 words and n_s
    how many of them are expected to hold a word with stem s; at most ``IDF_CAP``. The table is the same for every
    city, so no score depends on other texts.
    """

    passages = 1_000_000

    def __init__(self, rows: list[tuple[str, str, int]]) -> None:
        self._by_stem: dict[str, int] = {}
        for _, word_stem, count in rows:
            self._by_stem[word_stem] = self._by_stem.get(word_stem, 0) + count
        self._words = sorted((word, word_stem, count) for word, word_stem, count in rows)
        self._known = {word for word, _, _ in rows}

    @property
    def stems(self) -> list[str]:
        """All stems of the table, sorted."""
        return sorted(self._by_stem)

    def idf(self, word_stem: str) -> float:
        """Return the idf of a stem, from 1 to ``IDF_CAP``; a stem not in the table counts as rare."""
        count = min(self._by_stem.get(word_stem, 0), self.passages)
        return min(IDF_CAP, math.log((1 + self.passages) / (1 + count)) + 1)

    def knows(self, form: str) -> bool:
        """Return whether a folded word is in the table (a possessive counts as its noun)."""
        return form.removesuffix("'s") in self._known or form in self._known

    def commonest(self, prefix: str) -> str | None:
        """Return the commonest word with that beginning, or None."""
        start = bisect.bisect_left(self._words, (prefix, "", 0))
        best: tuple[int, str] | None = None
        for word, _, count in itertools.islice(self._words, start, None):
            if not word.startswith(prefix):
                break
            if best is None or count > best[0]:
                best = (count, word)
        return best[1] if best else None


@functools.cache
def load_word_counts() -> WordCounts:
    """Load the shipped count table (``data/english/word_counts.csv``; see ``data/README.md``)."""
    path = find_data() / "english" / "word_counts.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["word"], row["stem"], int(row["passages"])) for row in csv.DictReader(file)]
    return WordCounts(rows)
