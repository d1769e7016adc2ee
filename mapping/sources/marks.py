"""Bullets, printed numbers and broken lines: how a passage begins, and how its lines are joined again."""

from __future__ import annotations

import functools
import re

__all__ = [
    "BULLETS",
    "ORDERS",
    "clean",
    "ends_sentence",
    "join_lines",
    "number_depth",
    "part_lines",
    "raise_number",
    "split_mark",
    "squeeze",
]

#: Signs that stand before an item of a list. Word's bullets come out of a PDF as private-use characters of the Symbol
#: and Wingdings fonts (U+F0B7, U+F0A7, ...), in every PDF reader.
BULLETS = "•‣◦⁃∙▪▫■□●○◆◇◊►▶➢➤✓✔❖⦁·\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf06c\uf06e\uf0a8\uf02d\uf0e0"
#: The numbers and letters that part what is listed in running words, each kind in its order.
ORDERS = (tuple(map(str, range(1, 31))), ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii"), tuple("abcdefgh"))
_DASHES = "-–—*"
_FEW_WORDS, _WIDTH = 14, 60
# Letters and passages from which a word may be a half of a compound; rarer ones are parts of words, such as "com".
_SHORTEST_WORD, _COMMON = 3, 300
_RAISED = str.maketrans("0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
_JOINS = re.compile(r"(?:\b(?:and|or|of|the|for|to|in|on|a|an|with|by|from|our|their)|[,&-])$", re.IGNORECASE)
_ROMAN = r"(?:x{0,3}(?:ix|iv|v?i{1,3}|v)|x{1,3})"
# A round bullet of a typewriter font, copied without its gap, leaves "oWork with schools".
_BULLET = re.compile(
    rf"([{BULLETS}])[ \t\u00a0\u2002\u2003\u200b]*(?=\S)|([{_DASHES}])[ \t\u00a0]+(?=\S)|(o)(?=[A-Z][a-z]+ )"
)
# A lost bullet of the Wingdings font comes out as the letter itself: l or o or n before a capital.
_LOST = re.compile(r"([lon\u00a7])[ \t]+(?=[A-Z])")
_NUMBER = re.compile(
    r"("
    r"\(?\d{1,3}(?:\.\d{1,3}){0,4}[.)](?=[ \t\u00a0])"  # 1. 1) (1) 4.2.
    r"|\d{1,3}(?:\.\d{1,3}){1,4}(?=[ \t\u00a0]+[^\sa-z%£])"  # 4.2 Information, but not 3.5 million
    r"|[A-Z]\d{1,3}(?:\.\d{1,3}){0,3}[.):]?(?=[ \t\u00a0]+[A-Z])"  # P1 Improve, A1.2: Improve
    r"|\(?(?:[a-z]|" + _ROMAN + r")\)(?=[ \t\u00a0])"  # a) (iv)
    r"|(?:[a-hj-z]|" + _ROMAN + r")\.(?=[ \t\u00a0]+[A-Z(\"'‘“])"  # i. Improve, but not e.g. and the like
    r"|\(?[A-Z]\)(?=[ \t\u00a0])"  # A) (B)
    r"|\d{1,2}(?=\t|[ \u00a0]{2,}\S)"  # 1 and a gap
    r")[ \t\u00a0]*"
)
# After a bullet a letter with a full stop is a number, whatever follows.
_LETTER = re.compile(r"([a-z]\.)[ \t]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_UNEVEN = re.compile(r"[\t\r\n\f\v]|  ")
_ENDS = re.compile(r"[.!?:;…][\"'’”)\]]*$")
# What is written with a hyphen in its own right: where one of these stands before or after the line end, it stays.
_KEEPS_AFTER = frozenset(
    "well self co non cross multi inter anti pre post long short high low full part mid ex semi sub all half over "
    "under third first second one two three four five six seven eight nine ten hard new old east west north south "
    "low-income evidence place person people community family child youth city council county user needs age gender "
    "data digital cost risk peer life work school street".split()
)
_PREFIXES = frozenset("well self co non cross multi anti ex semi".split())
_KEEPS_BEFORE = frozenset(
    "based led wide being term time related specific sensitive friendly centred focused informed making makers driven "
    "quality income to-face up in out off on by class sectoral cutting cohesion border effective poverty free old year "
    "years olds profit being's harm esteem care help sufficient going only first effectiveness of".split()
)


def clean(text: str) -> tuple[str, int]:
    """Return the text without NUL and lone surrogates, which no output can hold, and how many there were.

    Examples
    --------
    >>> clean("a" + chr(0) + "b")
    ('a�b', 1)
    """
    if "\0" not in text and not _SURROGATE.search(text):
        return text, 0
    mended, count = re.subn("[\0\ud800-\udfff]", "\ufffd", text)
    return mended, count


def squeeze(text: str) -> str:
    """Return the text with runs of blanks and line ends as one blank, as a page shows them; no-break spaces stay."""
    return (_BLANKS.sub(" ", text) if _UNEVEN.search(text) else text).strip(" ")


def split_mark(text: str, *, lost: bool = False) -> tuple[str, str]:
    """Return the bullet or number with which a text begins, and the rest.

    Parameters
    ----------
    text : str
        A line or a passage.
    lost : bool
        Whether a lone ``l`` or ``o`` before a capital is a bullet whose font was lost; said of lists only.

    Examples
    --------
    >>> split_mark("4.2 Information gathered"), split_mark("3.5 million pounds")
    (('4.2', 'Information gathered'), ('', '3.5 million pounds'))
    >>> split_mark("- 1.1 The Partnership"), split_mark("- Reduce inequality")
    (('1.1', 'The Partnership'), ('-', 'Reduce inequality'))
    >>> split_mark("oWork with schools"), split_mark("other schools")
    (('o', 'Work with schools'), ('', 'other schools'))
    """
    if text[:2].isalpha() and text[0] not in "ivx" and not (text[0] == "o" and text[1].isupper()):
        return "", text.strip(" \t")  # a word: most lines begin so, and the patterns below are slow
    mark = ""
    found = _BULLET.match(text) or (_LOST.match(text) if lost else None)
    if found:
        mark, text = found[found.lastindex or 0], text[found.end() :]
    number = _NUMBER.match(text) or (_LETTER.match(text) if found else None)
    if number and number.end() < len(text):
        mark, text = number[1], text[number.end() :]
    return mark, text.strip(" \t")


def part_lines(lines: list[str], *, cell: bool = False, listed: bool = False) -> bool:
    """Say whether the lines of one paragraph, parted by soft returns, are a list rather than words that were wrapped.

    Lines are a list where two begin with a mark, where the first leads to the others, and, under a heading or in a
    cell, where each is short and begins anew.

    Parameters
    ----------
    lines : list of str
        Without empty ones.
    cell : bool
        Whether they stand in a cell of a table.
    listed : bool
        Whether they stand directly under a heading.

    Examples
    --------
    >>> part_lines(["Our priorities are:", "safer streets", "warmer homes"]), part_lines(["1. Safer", "2. Warmer"])
    (True, True)
    >>> part_lines(["This plan says how partners in the city", "will work together."])
    False
    """
    marks = [split_mark(line)[0] for line in lines]
    leads = lines[0].endswith((":", ":-", ":–")) if lines else False
    if len(lines) < 2 or sum(map(bool, marks)) >= 2:
        return len(lines) >= 2
    rest = lines[1:] if leads else lines
    short = all(len(line.split()) <= _FEW_WORDS and not _JOINS.search(line) for line in rest)
    if leads:
        return bool(marks[1]) or (short and all(len(line) <= _WIDTH for line in rest))
    begins = all(line[:1].isupper() for line in lines)
    enough = len(lines) >= 3 or (cell and all(" " in line for line in lines))
    return (cell or listed) and short and begins and enough


def raise_number(number: int | str) -> str:
    """Return a number as a note's is printed, raised: what tells a note from a numbered paragraph.

    Examples
    --------
    >>> raise_number(12)
    '¹²'
    """
    return str(number).translate(_RAISED)


def number_depth(mark: str) -> int:
    """Return how deep a printed number is: 1 for ``4.``, 2 for ``4.2``; 0 for a bullet or a letter.

    Examples
    --------
    >>> number_depth("4."), number_depth("4.2"), number_depth("a)")
    (1, 2, 0)
    """
    return len(re.findall(r"\d+", mark))


def ends_sentence(text: str) -> bool:
    """Say whether a text ends as a sentence or the start of a list does."""
    return bool(_ENDS.search(text))


def join_lines(first: str, second: str) -> str:
    """Join two lines of one passage, and mend a word that was divided between them.

    A hyphen at a line end is either the word's own or was put there to divide it. It stays after a word that takes
    one by habit ("well-being", "cross-sectoral"), before one that does ("city-wide"), before a capital or a digit, and
    where the word has another hyphen ("face-to-face"), and between two common words that make no known one
    ("stop-smoking"); otherwise it goes, as typesetters divide more words than writers hyphenate. A soft hyphen always
    goes.

    Examples
    --------
    >>> join_lines("improve well-", "being"), join_lines("the com-", "munity"), join_lines("city-", "wide work")
    ('improve well-being', 'the community', 'city-wide work')
    >>> join_lines("stop-", "smoking services"), join_lines("the work-", "force")
    ('stop-smoking services', 'the workforce')
    >>> join_lines("pre- and post-", "natal"), join_lines("a", "b"), join_lines("infor" + chr(173), "mation")
    ('pre- and post-natal', 'a b', 'information')
    """
    if not first or not second:
        return first + second
    if first[-1] == "\u00ad":
        return first[:-1] + second
    if first[-1] not in "-\u2010" or len(first) < 2 or not first[-2].isalnum():
        return f"{first} {second}"
    before = first[:-1].rsplit(None, 1)[-1].strip("(\"'‘“").casefold()
    after = re.split(r"[^\w'’-]", second, maxsplit=1)[0].casefold()
    if not second[0].isalpha():
        # "pre- and" is caught by the next rule; a digit, quote or bracket after the line end: the hyphen was written.
        return f"{first}{second}"
    if after in ("and", "or", "to", "und"):
        return f"{first} {second}"
    keeps = second[0].isupper() or first[-2].isdigit() or "-" in before or "-" in after or _is_compound(before, after)
    return first + second if keeps else first[:-1] + second


def _is_compound(before: str, after: str) -> bool:
    """Say whether two words at a line end have a hyphen of their own: "trauma-informed", not "work-force"."""
    counts = _count_words()
    habits = (before in _KEEPS_AFTER) + (after in _KEEPS_BEFORE)
    if habits:  # "part-time" though "parttime" is seen, "partnership" though "part-" is usual
        return habits == 2 or counts.get(before + after, 0) < (_COMMON if before in _PREFIXES else 1)
    short = min(len(before), len(after)) < _SHORTEST_WORD
    return not short and min(counts.get(before, 0), counts.get(after, 0)) >= _COMMON and before + after not in counts


@functools.cache
def _count_words() -> dict[str, int]:
    """Return how many passages of common English hold each word (``data/english/word_counts.csv``)."""
    from mapping.files import find_data

    lines = (find_data() / "english" / "word_counts.csv").read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split(",") for line in lines)
    return {row[0]: int(row[2]) for row in rows if len(row) == 3}
