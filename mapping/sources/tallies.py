"""Lines in which a tracker counts its own answers: "Total recommendations: 43. Agreed 10, rejected 11"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mapping.cross_checks import squeeze
from mapping.sources.answers import LONGEST_ANSWER, is_done, read_answers
from mapping.sources.contexts import word_count

__all__ = ["Tally", "Token", "Total", "cut_blocks", "cut_tokens", "find_total", "is_tally"]

_TOTAL = re.compile(r"\b(?:sub-?)?totals?\b", re.IGNORECASE)
_OPENS = re.compile(r"\W*(?:(?:grand|overall)\s+)?totals?\b", re.IGNORECASE)
_RECOMMENDED = re.compile(r"\brecommendations?\b", re.IGNORECASE)
# Years and spans of years between the word and its number are passed over: "Total for 2023-24: 43".
_NUMBER = re.compile(r"(\d+\s*[-/\u2013]\s*\d+|(?:19|20)\d\d\b(?!,))|(\d[\d,]*)\b")
_YEARS = re.compile(r"\b(?:19|20)\d\d\b(?:\s*[-/\u2013]\s*\d{2,4}\b)?(?!,\d|\s?%)")
#: Letters between the word "total" and its number.
_GAP = 60
_LONGEST_LINE = 80
#: Answers that beside a number are nouns: "12 support workers".
_NOUNS = frozenset(("support", "supports", "decline", "declines"))
#: Words that may stand beside answers and counts where a row holds nothing else.
_FILLERS = frozenset("total totals number of recommendations recommendation and in per cent were was which the".split())


class Token(NamedTuple):
    """An answer, a count or a share in a line; or a word that is none of them."""

    kind: str
    value: str


class Total(NamedTuple):
    """The number that a line calls the total, and where it stands."""

    number: int
    start: int
    end: int


class Tally(NamedTuple):
    """Lines that belong together: one total, or none (0), and the answers counted."""

    lines: list[str]
    total: int
    of_recommendations: bool
    table: int


def find_total(line: str) -> Total | None:
    """Return the number that follows the word "total" in a line.

    Examples
    --------
    >>> find_total("Total recommendations 2023-24: 43. Agreed 10"), find_total("Agreed 10")
    (Total(number=43, start=31, end=33), None)
    """
    word = _TOTAL.search(line)
    if not word:
        return None
    last = word.end()
    for number in _NUMBER.finditer(line, word.end()):
        if number.start() - last > _GAP:
            break
        last = number.end()
        if number[2]:
            return Total(int(number[2].replace(",", "")), number.start(), number.end())
    return None


def is_tally(line: str) -> bool:
    """Say whether a line holds answers and their counts, or a total, and nothing else.

    Examples
    --------
    >>> [is_tally(line) for line in ("Yes 4 (80%)", "Total: 5", "Agree 20 mph zones", "Total ban on cars by 2030")]
    [True, True, False, False]
    """
    if not _may_count(line):
        return False
    total = find_total(line)
    tokens = list(_cut(line if total is None else line[: total.start] + line[total.end :]))
    kinds = {token.kind for token in tokens}
    bare = all(token.value.casefold() in _FILLERS for token in tokens if token.kind == "word")
    opens = total is not None and _OPENS.match(line) is not None
    return (opens and _RECOMMENDED.search(line) is not None) or (bare and (opens or {"answer", "count"} <= kinds))


def cut_tokens(line: str) -> list[Token]:
    """Return answers, counts and shares of a line that counts answers, in their order; the total's number left out."""
    if not _may_count(line):
        return []
    total = find_total(line)
    rest = line if total is None else line[: total.start] + line[total.end :]
    own = [token for token in _cut(rest) if token.kind != "word"]
    kinds = {token.kind for token in own}
    return own if {"answer", "count"} <= kinds and word_count(rest) <= 3 * len(own) + 3 else []


def _may_count(line: str) -> bool:
    # Most rows hold no number, or too many words to be a line of counts.
    return word_count(line) <= _LONGEST_LINE and any(letter.isdigit() for letter in line)


def _cut(line: str) -> Iterator[Token]:
    """Yield what a line holds; the longest wording of an answer wins, and what was done is no answer to count."""
    line = _YEARS.sub(" ", line)
    words = re.findall(r"\d[\d,.]*\s?%|\d[\d,]*|[^\W\d_]+", line)
    at = 0
    while at < len(words):
        word = words[at]
        if word.endswith("%"):
            yield Token("share", word.rstrip("% "))
        elif word[0].isdigit():
            yield Token("count", word.replace(",", ""))
        else:
            length, answer = _find_answer(words[at : at + LONGEST_ANSWER])
            yield Token("answer", answer) if length else Token("word", word)
            at += max(length, 1) - 1
        at += 1


def _find_answer(words: list[str]) -> tuple[int, str]:
    for length in range(len(words), 0, -1):
        text = " ".join(words[:length])
        answer = read_answers().get(squeeze(text), "")
        if answer and len(text) > 1 and not is_done(text) and text.casefold() not in _NOUNS:
            return length, answer
    return 0, ""


def cut_blocks(lines: Iterable[tuple[int, str]]) -> Iterator[Tally]:
    """Yield the lines that belong together: up to where another total, or another table, begins.

    Parameters
    ----------
    lines : iterable of (int, str)
        Each line with the table to whose rows it belongs; 0 for those of the paper as a whole.
    """
    held: list[str] = []
    total, of_recommendations, table = 0, False, 0
    for own, line in lines:
        printed = find_total(line)
        tokens = cut_tokens(line)
        opens = printed is not None and (not total or is_tally(line) or _RECOMMENDED.search(line) is not None)
        if not (opens or tokens):
            continue
        if (held or total) and (own != table or (opens and total)):
            yield Tally(held, total, of_recommendations, table)
            held, total, of_recommendations = [], 0, False
        table = own
        if opens and printed:
            total, of_recommendations = printed.number, _RECOMMENDED.search(line) is not None
        held += [line] if tokens else []
    if held or total:
        yield Tally(held, total, of_recommendations, table)
