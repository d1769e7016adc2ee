"""Wording that says that one board leans on another, supports it or works with it, in the sentence that names it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from mapping.errors import DataError, Problem
from mapping.files import find_data
from mapping.keywords import Hit, KeywordIndex, PatternError, compile_keyword
from mapping.schema import DEPENDENCE
from mapping.tables import each_row, read_table
from mapping.text import Word, load_word_counts

__all__ = ["REACH", "find_direction", "read_dependence"]

#: Most words between a wording of dependence and the name it is about, names in between not counted: a list of partners
#: and their tasks fits in it, the next clause mostly does not.
REACH = 10
#: Words before a wording in which a negation turns it round: "does not yet fully depend on".
_NEGATION_REACH = 3
_NEGATIONS = frozenset("not no never neither nor nothing nobody none without cannot rather instead".split())
_AFFIRMED = frozenset("only just merely simply least".split())


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


def find_direction(
    text: str, words: Sequence[Word], hits: Iterable[Hit], named: set[int], first: int, begins: int
) -> tuple[str, str]:
    """Return direction and pattern of the wording nearest before the name whose first word is ``first``.

    It must stand in the same sentence (which begins at word ``begins``), with no semicolon and at most ``REACH``
    words between, the words of other names not counted, and nothing may turn it round.
    """
    near = [
        hit for hit in hits
        if begins <= hit.first and hit.last < first and named.isdisjoint(hit.places)
        and ";" not in text[hit.end : words[first].start]
        and len(set(range(hit.last + 1, first)) - named) <= REACH
    ]  # fmt: skip
    if not near:
        return "", ""
    nearest = max(near, key=lambda hit: (hit.last, hit.size))
    if nearest.keyword.theme == "none" or _is_negated(text, words, nearest, first, begins):
        return "", ""
    return nearest.keyword.theme, nearest.keyword.pattern


def _is_negated(text: str, words: Sequence[Word], hit: Hit, name: int, begins: int) -> bool:
    """Return whether a negation stands in or shortly before a wording, or between it and the name."""
    first = hit.first
    while (
        first > max(begins, hit.first - _NEGATION_REACH) and "," not in text[words[first - 1].end : words[first].start]
    ):
        first -= 1
    return any(
        (words[n].form in _NEGATIONS or words[n].form.endswith("n't")) and words[n + 1].form not in _AFFIRMED
        for n in range(first, name)
    )
