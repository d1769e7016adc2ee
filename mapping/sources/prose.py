"""Priorities that stand in running text: "five priorities: A; B; and C", "our vision is ...", "Aim: ..."."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from mapping.sources.announcing import find_words
from mapping.sources.holders import Held, judge_holder, names_others, tells_past
from mapping.sources.listing import split_list
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
# "Its priorities are", after a sentence on the Government.
_PAST_NOTE = "told in the past tense"
_CARRIES = re.compile(r"(?:its|their|it|they|these|those)\b", re.IGNORECASE)
# Between a noun and its list: "the priorities for the Trust, as agreed in March, are".
_ASIDE = re.compile(
    r"\s*(?:,\s*(?:as|agreed|set|chosen|approved|identified|developed)\b[^,;:()]{0,80},|\([^()]{0,80}\))(?=\s)",
    re.IGNORECASE,
)
_FINITE = re.compile(r"(?:had|has|have|is|are|was|were|will)\b", re.IGNORECASE)
# A clause that tells of what went before: "these will be considered by the Health and Wellbeing Board".
_TELLS = re.compile(
    r"(?:these|those|this|they|it|we|which|the (?:first|second|third|others?|rest|results?|targets?|plans?))\s+"
    r"(?:[\w’'-]+\s+){0,12}?(?:will|are|is|was|were|has|have|had|can|must|should|may|would)\b",
    re.IGNORECASE,
)
_THE_THREE = re.compile(rf"(?:the|these)\s+({'|'.join(_NUMBERS)})\s+(?:are|will be)\s*:?\s+", re.IGNORECASE)
_FOCUS_ON = re.compile(
    rf"\b(?:will|should|agreed\s+to|to)\s+(?:focus|concentrate)\s+on\s+({'|'.join(_NUMBERS)})\s+(?:things|areas|issues|topics|"
    r"matters|themes)\b[^:;.]{0,40}:\s*",
    re.IGNORECASE,
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
    others, past, last = "", False, 0
    for start, end in cut_sentences(text):
        if end - start > _LONGEST_SENTENCE:
            others = ""
            continue
        stated = (
            _find_list(text, start, end)
            or _find_single(text, start, end)
            or _find_counted(text, start, end, text[last : max(last, start)])
        )
        last = start
        if past and _CARRIES.match(text, start, end):
            stated = [
                one._replace(sure="", note="told of the past") if _PAST_NOTE in one.note else one for one in stated
            ]
        past = tells_past(text[start:end])
        if others and _CARRIES.match(text, start, end):
            why = f"set out by others ('{others}'), not by the board"
            stated = [one._replace(sure="", note=why) for one in stated]
        else:
            others = names_others(text[start:end])
        found += stated
    return tuple(found)


def _find_counted(text: str, start: int, end: int, before: str) -> list[Stated]:
    """Find a list that leans on the sentence before: "It has three priorities. The three are A, B and C."."""
    sentence = text[start:end]
    opens = _THE_THREE.match(sentence) or _FOCUS_ON.search(sentence)
    before = "priorities" if opens and opens.re is _FOCUS_ON else before
    nouns = [hit for hit in find_words("prose", before) if hit.keyword.theme not in ("background", "vision")]
    if opens is None or not nouns:
        return []
    count = _NUMBERS[opens[1].casefold()]
    parts = split_list(sentence[opens.end() :], count)
    if len(parts) != count or not _are_parts([sentence[opens.end() + a : opens.end() + b] for a, b in parts]):
        return []
    at = start + opens.end()
    level = nouns[-1].keyword.theme
    note = "" if opens.re is _FOCUS_ON else "leans on the sentence before"
    held = judge_holder(sentence[: opens.end()], (opens.start(), opens.end() - 1))
    sure = "" if held.left else "possible"
    return [
        Stated(at + a, at + b, level, "list in prose", sure, held.left or held.note or note, held.holder)
        for a, b in parts
    ]


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
