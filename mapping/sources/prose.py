"""Priorities that stand in running text: "five priorities: A; B; and C", "our vision is ...", "Aim: ..."."""

from __future__ import annotations

import re
from typing import NamedTuple

from mapping.sources.announcing import find_words
from mapping.sources.pieces import clean_text, cut_sentences, strip_ends
from mapping.text import split_words

__all__ = ["Stated", "find_stated", "split_list"]

_NUMBERS = {
    word: count
    for count, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2)
}
_COUNT = re.compile(rf"\b({'|'.join(_NUMBERS)}|\d{{1,2}})\b", re.IGNORECASE)
_OPENER = re.compile(
    r"\s*(?:(?P<sign>[:;]|\s[–—-](?=\s)|\bnamely\b[:,]?)"
    r"|\b(?P<verb>(?:are|is|were|will be|should be|remain|include|includes)\b(?:\s+(?:as follows|to|that|"
    r"for|the following))?\s*[:;–—]?))\s*",
    re.IGNORECASE,
)
# After "are" no list follows, but how the priorities were treated: "our priorities are set out in section 4".
_NO_LIST = re.compile(
    r"(?:also |therefore |clearly |fully |closely |being |both |all |not |now |still |already )*"
    r"(?:set|listed|shown|based|aligned|outlined|described|subject|reviewed|agreed|delivered|informed|linked|"
    r"supported|detailed|underpinned|reflected|summarised|presented|available|included|given|found|explained|"
    r"discussed|considered|monitored|measured|being|due|clear|consistent|important|interdependent|ambitious|"
    r"long|short|broad|high|below|above|in line|on page|in section|in appendix|confirmed|contained|identified|"
    r"developed|"
    r"drawn|grouped|kept|achieved|met|realised|under|at risk|on track|as set|as listed|expected|likely|intended|"
    r"designed|addressed|approved|endorsed|refreshed|updated|known|shared by|focused|focussed|relevant)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"(?!improved|reduced|increased|enhanced|strengthened|better)\w+(?:ed|en)\b", re.IGNORECASE)
_SINGLE = re.compile(
    r"\b(?:our|the|its|their|this|a|an|one|single|shared|overall|overarching|collective|common|joint|ultimate)\s+"
    r"(?:[\w’'-]++\s+){0,4}?(?P<noun>vision|ambition|mission|goal|aim)\b"
    r"(?:(?P<owner>\s+(?:for|of|in)\s+(?:[\w’'-]++\s*+){1,6}?)??"
    r"(?:\s*:|\s+[–—-](?=\s)|\s+(?:is|remains|will be|should be)\b(?:\s+(?:that|to|for|simple)\b)?\s*:?)"
    r"|\s+of(?=\s+(?:a|an)\s))\s*(?P<said>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
# "The aim of this report is to update members" states what the paper is for.
_PAPERS = re.compile(
    r"\b(?:report|paper|document|section|chapter|meeting|group|workshop|consultation|survey|event|appendix|session|"
    r"exercise|review|item|guidance|note|assessment|evaluation|audit)\b",
    re.IGNORECASE,
)
_FIRST_LABEL = re.compile(r"(?:(?:our|the|strategic|overall|city|shared)\s+)*(?P<noun>vision|ambition|mission|aim|goal)"
                          r"(?:\s+statement)?\s*(?::|\s[–—-]\s)\s*(?P<said>\S.*)",
                          re.IGNORECASE | re.DOTALL)  # fmt: skip
_LEVELS = {"vision": "vision", "ambition": "vision", "mission": "vision", "goal": "theme", "aim": "theme"}
_FOCUS = re.compile(
    r"\b(?:focus|focuses|emphasis)\s+(?:(?:for|of|in|over)\s+(?:[\w’'-]+\s+){1,5}?)?"
    r"(?:is|will be|remains|should be)\s+on\s+(?P<said>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r"\s*['‘“\"](?P<said>[^'‘“\"]{3,200}(?:['’][a-z][^'‘“\"]{0,200})*)['’”\"]")
_ENUMERATED = re.compile(r"(?:(?<=^)|(?<=[\s;,:]))\(?(?:\d{1,2}|[a-h]|i{1,3}|iv|v|vi{0,3})[.)]\s+")
_LONGEST_PART, _LONGEST_STATEMENT = 30, 60
#: What is longer, in letters, is no sentence but a table or a list that lost its form.
_LONGEST_SENTENCE = 3_000


class Stated(NamedTuple):
    """A statement found in running text: its span there, its level, how sure, by which rule, and what to know."""

    start: int
    end: int
    level: str
    rule: str
    sure: str
    note: str


def find_stated(text: str) -> list[Stated]:
    """Find the statements that a text lists or states, sentence by sentence.

    Examples
    --------
    >>> text = "It has three priorities: safer streets; warmer homes; and better jobs."
    >>> [text[found.start:found.end] for found in find_stated(text)]
    ['safer streets', 'warmer homes', 'better jobs']
    """
    found: list[Stated] = []
    for start, end in cut_sentences(text):
        if end - start > _LONGEST_SENTENCE:
            continue
        found += _find_list(text, start, end) or _find_single(text, start, end)
    return found


def _find_list(text: str, start: int, end: int) -> list[Stated]:
    """Find a list announced by a noun of ``announcing.csv`` and opened by a sign or a verb."""
    sentence = text[start:end]
    calls = find_words("prose", sentence)
    whose = find_words("whose", sentence)
    for hit in calls:
        # One goal is no list of goals, however many commas its wording has.
        if hit.keyword.theme in ("background", "vision") or sentence[hit.end - 1] not in "sS":
            continue
        opening = _find_opening(sentence, hit.end)
        if opening is None:
            continue
        opened, by_sign = opening
        said = [match[1].casefold() for match in _COUNT.finditer(sentence[: hit.end])]
        count = _NUMBERS.get(said[-1]) or (int(said[-1]) if said and said[-1].isdigit() else 0) if said else 0
        parts = split_list(sentence[opened:], count)
        if len(parts) < 2 or not all(_is_part(sentence[opened + a : opened + b]) for a, b in parts):
            continue
        near = [other for other in whose if other.end <= hit.start]
        if any(other.keyword.theme == "background" for other in near):
            return []
        notes = (
            [f"said of others ({sentence[near[0].start : near[0].end]}): perhaps not the board's own"] if near else []
        )
        if count and count != len(parts):
            notes.append(f"the text says {count}, {len(parts)} were found")
        exact = count == len(parts) or (by_sign and ";" in sentence[opened:])
        sure = "likely" if exact and not near else "possible"
        level = hit.keyword.theme
        return [
            Stated(start + opened + a, start + opened + b, level, "list in prose", sure, "; ".join(notes))
            for a, b in parts
        ]
    return []


def _find_opening(sentence: str, at: int) -> tuple[int, bool] | None:
    """Return where the list begins after its noun, at most a dozen words on, and whether a sign opens it."""
    words, place = 0, at
    while place < len(sentence) and words <= 12:
        opener = _OPENER.match(sentence, place)
        if opener and opener.end() < len(sentence):
            if opener["sign"]:
                return opener.end(), True
            by_sign = opener["verb"].rstrip()[-1] in ":;"
            treated = _NO_LIST.match(sentence, opener.end()) or _PASSIVE.match(sentence, opener.end())
            if by_sign or not treated:
                return opener.end(), by_sign
            # "Three priorities are agreed: ..." still opens its list, further on.
            place, words = opener.end(), words + 1
            continue
        if sentence[place] in ",.()" and place > at:
            return None
        step = re.compile(r"\s*[^\s:;,.()]+|\s*[,.()]").match(sentence, place)
        if step is None:
            return None
        place, words = step.end(), words + 1
    return None


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
    marks = list(_ENUMERATED.finditer(text))
    if len(marks) >= 2:
        spans = [(mark.end(), nxt.start()) for mark, nxt in zip(marks, [*marks[1:], None], strict=True) if nxt]
        return _trim(text, [*spans, (marks[-1].end(), len(text))])
    if ";" in text:
        return _trim(text, _cut_at(text, re.compile(r";\s*(?:and\s+|or\s+)?")))
    commas = _cut_at(text, re.compile(r",\s*(?:and\s+)?"))
    ands = list(re.finditer(r",?\s+and\s+", text[commas[-1][0] :]))
    options = []
    # "New and Emerging Communities and Bullying and all that": where parts have capitals, "and" parts before one.
    if text[:1].isupper():
        ands = [match for match in ands if text[commas[-1][0] + match.end() :][:1].isupper()] or ands
    for match in reversed(ands):
        base = commas[-1][0]
        options.append([*commas[:-1], (base, base + match.start()), (base + match.end(), commas[-1][1])])
    if re.search(r",\s*and\s+\S+", text) and len(commas) > 2:
        options.insert(0, commas)
    options.append(commas)
    # Without a count the last "and" parts the last two, unless a comma before it has done so.
    fitting = [option for option in options if len(option) == count] if count else []
    return _trim(text, (fitting or options)[0])


def _cut_at(text: str, sign: re.Pattern[str]) -> list[tuple[int, int]]:
    cuts = list(sign.finditer(text))
    return list(zip([0, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), len(text)], strict=True))


def _trim(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    trimmed = []
    for start, end in spans:
        first, last = strip_ends(text, start, end)
        joined = re.match(r"(?:and|or)\s+", text[first:last])
        first += joined.end() if joined else 0
        while last > first and text[last - 1] in ".;,: ":
            last -= 1
        if re.search(r"[;,]?\s+and$", text[first:last]):
            last = first + re.search(r"[;,]?\s+and$", text[first:last]).start()  # type: ignore[union-attr]
        if last > first:
            trimmed.append((first, last))
    return trimmed


def _is_part(part: str) -> bool:
    words = part.split()
    return 0 < len(words) <= _LONGEST_PART and not re.search(r"[.!?]\s+[A-Z]", part)


def _find_single(text: str, start: int, end: int) -> list[Stated]:
    """Find one statement: "our vision is ...", "Aim: ...", "the focus will be on ..."."""
    sentence = text[start:end]
    match = _FIRST_LABEL.match(sentence.lstrip()) and _FIRST_LABEL.search(sentence)
    rule, sure = "statement in prose", "likely"
    if not match:
        match = _SINGLE.search(sentence)
    if match:
        noun = match["noun"].casefold()
        level = _LEVELS.get(noun, "theme")
        if (
            _NO_LIST.match(match["said"])
            or _PAPERS.search(match.groupdict().get("owner") or "")
            or find_words("whose", sentence[: match.start()])
        ):
            return []
    else:
        match = _FOCUS.search(sentence)
        level, rule, sure = "priority", "focus in prose", "possible"
    if not match:
        return []
    first, last = match.span("said")
    quoted = _QUOTED.match(sentence, first)
    if quoted:
        first, last = quoted.span("said")
    first, last = strip_ends(sentence, first, last)
    while last > first and sentence[last - 1] in ".;, ":
        last -= 1
    words = len(split_words(clean_text(sentence[first:last])))
    if not 2 <= words <= _LONGEST_STATEMENT:
        return []
    return [Stated(start + first, start + last, level, rule, sure, "")]
