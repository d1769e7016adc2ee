"""A list in running text cut into its parts: at numbers, at semicolons, or at commas and the last "and"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from mapping.sources.marks import ORDERS
from mapping.sources.pieces import strip_ends

__all__ = ["split_list"]

_ENUMERATED = re.compile(r"(?:(?<=^)|(?<=[\s;,:]))\(?(?:\d{1,2}|[a-h]|i{1,3}|iv|v|vi{0,3})[.)]\s+")
_BY_COMMA = re.compile(r",(?!(?<=\d,)\d)\s*(?:and\s+)?")
_BY_SEMICOLON = re.compile(r";\s*(?:and\s+|or\s+)?")
_BY_AND = re.compile(r",?\s+and\s+")
# "to improve outcomes and to help the NHS support social and economic development".
_TO = re.compile(r"to\s+[a-z]", re.IGNORECASE)
# Words that go on with the part before them.
_GOES_ON = re.compile(
    r"(?:i\.?e\.?|e\.?g\.?|such as|including|namely|especially|particularly|for example|above all)[\s,]", re.I
)


def split_list(text: str, count: int = 0) -> list[tuple[int, int]]:
    """Cut a list in prose into its parts: at numbers, at semicolons, or at commas and the last "and".

    Parameters
    ----------
    text : str
        The text from the first part on.
    count : int
        How many parts the text says there are; 0 if it does not say.

    Examples
    --------
    >>> text = "Jobs and Money, New and Emerging Communities and Bullying."
    >>> [text[start:end] for start, end in split_list(text, 3)]
    ['Jobs and Money', 'New and Emerging Communities', 'Bullying']
    """
    marks = _find_marks(text)
    if len(marks) >= 2:
        spans = [(mark.end(), nxt.start()) for mark, nxt in itertools.pairwise(marks)]
        return _trim(text, [*spans, (marks[-1].end(), len(text))])
    if semicolons := _find_outside(text, _BY_SEMICOLON):
        return _trim(text, _cut_at(text, semicolons))
    commas = _join_asides(text, _cut_at(text, _find_outside(text, _BY_COMMA)))
    base = commas[-1][0]
    ands = [match for match in _find_outside(text, _BY_AND) if match.start() >= base]
    options = []
    # "New and Emerging Communities and Bullying and all that": where parts have capitals, "and" parts before one.
    if text[:1].isupper():
        ands = [match for match in ands if text[match.end() :][:1].isupper()] or ands
    if _TO.match(text):
        ands = [match for match in ands if _TO.match(text, match.end())] or ands
    for match in reversed(ands):
        options.append([*commas[:-1], (base, match.start()), (match.end(), commas[-1][1])])
    if re.search(r",\s*and\s+\S+", text) and len(commas) > 2:
        options.insert(0, commas)
    options.append(commas)
    # Without a count the last "and" parts the last two, unless a comma before it has done so.
    fitting = [option for option in options if len(option) == count] if count else []
    return _trim(text, (fitting or options)[0])


def _find_marks(text: str) -> list[re.Match[str]]:
    """Return the numbers or letters that begin parts: in their order from the first, and not the end of a bracket."""
    marks: list[re.Match[str]] = []
    order = iter("")
    for mark in _find_outside(text, _ENUMERATED):
        sign = re.sub(r"\W", "", mark.group())
        if not marks:
            start = next((run for run in ORDERS if run[0] == sign), None)
            order = iter(start or ())
        if sign == next(order, ""):
            marks.append(mark)
        elif not marks or len(marks) > 1:
            break
    return marks


def _find_outside(text: str, sign: re.Pattern[str]) -> list[re.Match[str]]:
    """Return where a sign stands outside brackets; a bracket that closes none is a number's, as in "a)"."""
    found = []
    for match in sign.finditer(text):
        before = text[: match.start()]
        opened = before.rfind("(")
        if opened < 0 or ")" in before[opened:] or ")" not in text[opened:]:
            found.append(match)
    return found


def _cut_at(text: str, cuts: Sequence[re.Match[str]]) -> list[tuple[int, int]]:
    return list(zip([0, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), len(text)], strict=True))


def _join_asides(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what goes on with the part before it: "warm homes, e.g. by insulation"."""
    joined = spans[:1]
    for start, end in spans[1:]:
        if _GOES_ON.match(text, start):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _trim(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    trimmed = []
    for start, end in spans:
        first, last = strip_ends(text, start, end)
        if joined := re.match(r"(?:and|or|i\.e\.|namely)[\s,]+", text[first:last]):
            first += joined.end()
        while last > first and text[last - 1] in ".;,: ":
            last -= 1
        if joined := re.search(r"[;,]?\s+and$", text[first:last]):
            last = first + joined.start()
        if last > first:
            trimmed.append((first, last))
    return trimmed
