"""Priorities that stand in running text: "five priorities: A; B; and C", "our vision is ...", "Aim: ..."."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from mapping.sources.announcing import find_words
from mapping.sources.holders import Held, judge_holder, names_others
from mapping.sources.marks import ORDERS
from mapping.sources.pieces import clean_text, cut_sentences, strip_ends
from mapping.text import split_words

__all__ = ["Stated", "find_left", "find_stated", "split_list"]

_NUMBERS = {
    word: count
    for count, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2)
}
_COUNT = re.compile(rf"\b({'|'.join(_NUMBERS)}|\d{{1,2}})\b", re.IGNORECASE)
_OPENER = re.compile(
    r"\s*(?:(?P<sign>[:;]|\s[–—-](?=\s)|\bnamely\b[:,]?)"
    r"|\b(?P<verb>(?:are|is|were|will be|should be|remain|include|includes)\b(?:\s+(?:as follows|to|that|"
    r"for|the following))?\s*[:;–—]?)|\bof(?=\s+\w{4,}ing\b))\s*",
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
    r"(?:[\w’'-]++\s+){0,4}?(?P<noun>vision|ambition|mission|goal|aim|objective|priority)\b"
    r"(?:(?P<owner>\s+(?:for|of|in)\s+(?:[\w’'-]++\s*+){1,6}?)??"
    r"(?:\s*:|\s+[–—-](?=\s)|\s+(?:is|remains|will be|should be)\b(?:\s+(?:that|to|for|simple)\b)?\s*:?)"
    r"|\s+of(?=\s+(?:a|an)\s)|(?:\s*/\s*mission)?(?:\s+statement)?(?:\s+for\s+(?:[\w’'-]+\s+){1,4}?)??\s*(?:of|to|is)"
    r"\s+(?=['‘“\"]))\s*(?P<said>\S.*)",
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
_LEVELS = {"vision": "vision", "ambition": "vision", "mission": "vision", "goal": "theme", "aim": "theme",
           "objective": "priority", "priority": "priority"}  # fmt: skip
# "We want Ashford to be a place where ...": a vision without the word.
_WANTED = re.compile(
    r"(?P<said>we\s+want\s+(?!to\b)(?:[\w’'-]+\s+){1,6}to\s+be\s+(?:an?|the|known)\b[^:;]*\b(?:place|city|town|borough|"
    r"county|district|village|region|community|area|island|vale)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_DENIED = re.compile(r"(?:not|never)\b(?!\s+(?:only|just|simply|merely|solely)\b)", re.IGNORECASE)
_FOCUS = re.compile(
    r"\b(?:focus|focuses|emphasis)\s+(?:(?:for|of|in|over)\s+(?:[\w’'-]+\s+){1,5}?)?"
    r"(?:is|will be|remains|should be)\s+on\s+(?P<said>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r"\s*['‘“\"](?P<said>[^'‘“\"]{3,200}(?:['’][a-z][^'‘“\"]{0,200})*)['’”\"]")
_ENUMERATED = re.compile(r"(?:(?<=^)|(?<=[\s;,:]))\(?(?:\d{1,2}|[a-h]|i{1,3}|iv|v|vi{0,3})[.)]\s+")
# "Its priorities are", after a sentence on the Government.
_CARRIES = re.compile(r"(?:its|their|it|they|these|those)\b", re.IGNORECASE)
# Between a noun and its list: "the priorities for the Trust, as agreed in March, are".
_ASIDE = re.compile(
    r"\s*(?:,\s*(?:as|agreed|set|chosen|approved|identified|developed)\b[^,;:()]{0,80},|\([^()]{0,80}\))(?=\s)",
    re.IGNORECASE,
)
_BY_COMMA = re.compile(r",(?!(?<=\d,)\d)\s*(?:and\s+)?")
_BY_SEMICOLON = re.compile(r";\s*(?:and\s+|or\s+)?")
_BY_AND = re.compile(r",?\s+and\s+")
_FINITE = re.compile(r"(?:had|has|have|is|are|was|were|will)\b", re.IGNORECASE)
# A clause that tells of what went before: "these will be considered by the Health and Wellbeing Board".
_TELLS = re.compile(
    r"(?:these|those|this|they|it|we|which|the (?:first|second|third|others?|rest|results?|targets?|plans?))\s+"
    r"(?:[\w’'-]+\s+){0,12}?(?:will|are|is|was|were|has|have|had|can|must|should|may|would)\b",
    re.IGNORECASE,
)
# "to improve outcomes and to help the NHS support social and economic development".
_TO = re.compile(r"to\s+[a-z]", re.IGNORECASE)
# Words that go on with the part before them.
_GOES_ON = re.compile(
    r"(?:i\.?e\.?|e\.?g\.?|such as|including|namely|especially|particularly|for example|above all)[\s,]", re.I
)
_LONGEST_PART, _LONGEST_STATEMENT = 30, 60
#: What is longer, in letters, is no sentence but a table or a list that lost its form.
_LONGEST_SENTENCE = 3_000


class Stated(NamedTuple):
    """A statement found in running text: its span there, its level, how sure, by which rule, and what to know.

    ``holder`` is the council that the sentence names as the one whose aim it is; empty if it names none.
    """

    start: int
    end: int
    level: str
    rule: str
    sure: str
    note: str
    holder: str = ""


def find_stated(text: str) -> list[Stated]:
    """Find the statements that a text lists or states, sentence by sentence.

    Examples
    --------
    >>> text = "It has three priorities: safer streets; warmer homes; and better jobs."
    >>> [text[found.start:found.end] for found in find_stated(text)]
    ['safer streets', 'warmer homes', 'better jobs']
    """
    return [found for found in _scan(text) if found.sure]


def find_left(text: str) -> str:
    """Return why the first list or statement that a text holds is not taken; empty if it holds none.

    Examples
    --------
    >>> find_left("The Board rejected two priorities: new roads and a new airport.")
    "'rejected': past, turned down or of others"
    """
    return next((found.note for found in _scan(text) if not found.sure), "")


@functools.lru_cache(maxsize=32)
def _scan(text: str) -> tuple[Stated, ...]:
    """Return the statements of a text in order; those that are not the paper's own with why, and without being sure."""
    found: list[Stated] = []
    others = ""
    for start, end in cut_sentences(text):
        if end - start > _LONGEST_SENTENCE:
            others = ""
            continue
        stated = _find_list(text, start, end) or _find_single(text, start, end)
        if others and _CARRIES.match(text, start, end):
            why = f"set out by others ('{others}'), not by the board"
            stated = [one._replace(sure="", note=why) for one in stated]
        else:
            others = names_others(text[start:end])
        found += stated
    return tuple(found)


def _find_list(text: str, start: int, end: int) -> list[Stated]:
    """Find a list announced by a noun of ``announcing.csv`` and opened by a sign or a verb."""
    sentence = text[start:end]
    for hit in find_words("prose", sentence):
        # One goal is no list of goals, however many commas its wording has.
        if hit.keyword.theme in ("background", "vision") or sentence[hit.end - 1] not in "sS":
            continue
        opening = _find_opening(sentence, hit.end)
        if opening is None:
            continue
        opened, by_sign = opening
        closed = _find_close(sentence, opened)
        said = [match[1].casefold() for match in _COUNT.finditer(sentence[: hit.end])]
        count = _NUMBERS.get(said[-1]) or (int(said[-1]) if said and said[-1].isdigit() else 0) if said else 0
        parts = split_list(sentence[opened:closed], count)
        if len(parts) < 2 or not _are_parts([sentence[opened + a : opened + b] for a, b in parts]):
            continue
        held = judge_holder(sentence[:opened], (hit.start, hit.end), following=text[end : end + 160])
        if _DENIED.match(sentence, opened):
            held = Held("says what is not set out")
        notes = [held.note] if held.note else []
        if count and count != len(parts):
            notes.append(f"the text says {count}, {len(parts)} were found")
        exact = count == len(parts) or (by_sign and ";" in sentence[opened:])
        sure = "" if held.left else "likely" if exact and not held.note else "possible"
        note = held.left or "; ".join(notes)
        return [
            Stated(start + opened + a, start + opened + b, hit.keyword.theme, "list in prose", sure, note, held.holder)
            for a, b in parts
        ]
    return []


def _find_close(sentence: str, opened: int) -> int:
    """Return where a list ends that stands in brackets: "its aims (a; b; and c) are"; else the end of the sentence."""
    bracket = sentence.rfind("(", 0, opened)
    close = sentence.find(")", opened)
    inner = sentence.find("(", opened)
    inside = bracket >= 0 and ")" not in sentence[bracket:opened] and close >= 0 and not opened <= inner < close
    return close if inside else len(sentence)


def _find_opening(sentence: str, at: int) -> tuple[int, bool] | None:
    """Return where the list begins after its noun, at most a dozen words on, and whether a sign opens it."""
    words, place = 0, at
    while place < len(sentence) and words <= 12:
        opener = _OPENER.match(sentence, place)
        if opener and opener.end() < len(sentence):
            if opener["sign"]:
                return opener.end(), True
            by_sign = (opener["verb"] or "of").rstrip()[-1] in ":;"
            treated = _NO_LIST.match(sentence, opener.end()) or _PASSIVE.match(sentence, opener.end())
            if by_sign or not treated:
                return opener.end(), by_sign
            # "Three priorities are agreed: ..." still opens its list, further on.
            place, words = opener.end(), words + 1
            continue
        if aside := _ASIDE.match(sentence, place):
            place, words = aside.end(), words + 1
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


def _are_parts(parts: Sequence[str]) -> bool:
    """Say whether the parts of a list may be statements: none is a clause that tells, and not all are one verb form."""
    single = all(" " not in part and part.endswith("ing") for part in parts)
    return not single and all(map(_is_part, parts))


def _is_part(part: str) -> bool:
    words = re.search(r"[^\W\d_]{3}", part) is not None and len(part.split()) <= _LONGEST_PART
    return words and len(cut_sentences(part)) == 1 and not _FINITE.match(part) and not _TELLS.match(part)


def _find_single(text: str, start: int, end: int) -> list[Stated]:
    """Find one statement: "our vision is ...", "Aim: ...", "the focus will be on ..."."""
    sentence = text[start:end]
    rule, sure, noun = "statement in prose", "likely", ""
    match = (_FIRST_LABEL.match(sentence.lstrip()) and _FIRST_LABEL.search(sentence)) or _SINGLE.search(sentence)
    if match:
        noun = match["noun"].casefold()
        level = _LEVELS.get(noun, "theme")
        about = match["said"].casefold().startswith("about ") and re.match(r"th(?:is|ese)\b", match.group(), re.I)
        if about or _NO_LIST.match(match["said"]) or _PAPERS.search(match.groupdict().get("owner") or ""):
            return []
        sure = "possible" if level == "priority" else sure
    elif match := _WANTED.match(sentence):
        level, sure = "vision", "possible"
    else:
        match = _FOCUS.search(sentence)
        level, rule, sure = "priority", "focus in prose", "possible"
    if not match:
        return []
    first, last = match.span("said")
    held = judge_holder(sentence[:first], match.span("noun") if noun else (match.start(), match.start()))
    quoted = _QUOTED.match(sentence, first)
    if quoted:
        first, last = quoted.span("said")
    first, last = strip_ends(sentence, first, last)
    while last > first and sentence[last - 1] in ".;, ":
        last -= 1
    words = len(split_words(clean_text(sentence[first:last])))
    if not 2 <= words <= _LONGEST_STATEMENT:
        return []
    if _DENIED.match(sentence, first):
        held = Held("says what is not set out")
    sure = "" if held.left else "possible" if held.note else sure
    note = held.left or held.note
    return [Stated(start + first, start + last, level, rule, sure, note, held.holder)]
