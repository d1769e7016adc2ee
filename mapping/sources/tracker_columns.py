"""The columns of a tracker: which rows are its header, and what stands under each of its cells."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from mapping.sources.answers import is_done, judge_answer
from mapping.sources.contexts import word_count
from mapping.sources.headers import MOST_HEADER_WORDS, Row, cell_words

__all__ = [
    "CROSS", "MARK", "NO_COLUMNS", "NUMBER", "TICK", "Columns", "Heads", "find_heads", "is_number", "is_tracker",
    "name_columns",
]  # fmt: skip

#: Signs that mark a column among several; "x" does, and so does a box, crossed or ticked.
MARK = re.compile(
    r"[\[(]?(?:[xX1\u00d7\u2612\u2715-\u2718\u2713\u2714\u2611\u2705\u221a\u25cf\u2022\uf0fc\uf0fe\uf0fb\uf0fd]\ufe0f?|yes|y)[\])]?",
    re.IGNORECASE,
)
#: Those that can only be a tick, and those that are a cross or a crossed box.
TICK = re.compile(r"[\[(]?[\u2713\u2714\u2611\u2705\u221a\uf0fc\uf0fe]\ufe0f?[\])]?")
CROSS = re.compile(r"[\[(]?[xX\u00d7\u2612\u2715-\u2718\uf0fb\uf0fd]\ufe0f?[\])]?")
_SAYS_WORDS = 6
_DEEPEST, _MOST_TITLES, _FIRST_ROWS, _BELOW_WORDS = 3, 6, 3, 4
#: What is printed before a recommendation: "3", "R2", "4.1", "(b)", or a sign.
NUMBER = re.compile(r"\(?(?:[A-Z]{1,4}[-. ]?)?(?:\d{1,3}(?:\.\d{1,3})*[a-z]?|[a-z]|[ivx]{1,4})[.)]?|[_\W]+")
_DIGITS = re.compile(r"\W*[A-Z]{0,3}[-. ]?\d[\d.]*[a-z]?\W*")
_SAYS = re.compile(r"\brecommendations?\b|\bproposals?\b", re.IGNORECASE)
_RECOMMENDATION = re.compile(r"\brecommendations?\b", re.IGNORECASE)
_ANSWERS = re.compile(
    r"\b(?:respon(?:se|ses|ds?|ded)|decisions?|agree[ds]?|accept\w*|approved|supported|rejected|outcome|y/n|yes/no)\b",
    re.IGNORECASE,
)
#: What a header must name beside recommendations for its table to be a tracker.
_RESPONSE = re.compile(
    r"\b(?:agree[ds]?|accept(?:ed)?|approved|rejected|responses?|decision|status|outcome|y/n|yes/no)\b", re.IGNORECASE
)
_STATUS = re.compile(r"\b(?:status|position|implement(?:ed|ation)|completed?)\b", re.IGNORECASE)
_COMMENTS = re.compile(
    r"\b(?:comments?|reasons?|notes?|rationale|explanation|justification|narrative)\b", re.IGNORECASE
)
_PROGRESS = re.compile(r"\b(?:updates?|progress|reply|feedback|action taken|next steps)\b", re.IGNORECASE)
_MEETS = re.compile(r"\b(?:meetings?|committees?|panel|commission|board)\b", re.IGNORECASE)
_PERSON = re.compile(
    r"\b(?:leads?|officers?|owners?|holder|directors?|members?|responsib\w+|by whom|who|maker|chair)\b", re.IGNORECASE
)
_WHEN = re.compile(r"\b(?:dates?|due|deadline|timescales?|target|when|rag|maker)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:\w+\s+){0,2}(?:no|nos|num|number|ref|reference|id)\b\W*|#", re.IGNORECASE)
_INNER = re.compile(r"(?:full )?(?:description|details?|title|name|wording|text|statement|date)", re.IGNORECASE)


class Head(NamedTuple):
    """What stands over a column: its own cell, and the cell of a row above that spans it."""

    own: str
    over: str = ""

    @property
    def words(self) -> str:
        """Both, from above."""
        return f"{self.over} {self.own}".strip()


Heads = dict[int, Head]


class Columns(NamedTuple):
    """Which columns of a table hold what; 0 where none does.

    Attributes
    ----------
    number, text, answer : int
    ticks : tuple of (int, str)
        Columns that are an answer each, with that answer; a tick there gives it.
    means : str
        What a tick in the column ``answer`` means; empty where its header does not say.
    status : bool
        Whether ``answer`` is a column of how far the recommendations got.
    comments, meetings : tuple of int
    left : tuple of int
        Columns with a header that hold none of these.
    heads : dict of int to str
        The header of every column, as joined from its rows.
    """

    number: int = 0
    text: int = 0
    answer: int = 0
    ticks: tuple[tuple[int, str], ...] = ()
    means: str = ""
    status: bool = False
    comments: tuple[int, ...] = ()
    meetings: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    heads: dict[int, str] = {}  # noqa: RUF012 (never changed)


NO_COLUMNS = Columns()


def is_number(words: str) -> bool:
    """Say whether a cell holds a number or a sign and no word.

    Examples
    --------
    >>> [is_number(words) for words in ("R2", "iv)", "_", "Go", "Ban idling")]
    [True, True, True, False, False]
    """
    return NUMBER.fullmatch(words) is not None and not re.search(r"[^\W\d_][a-z]", re.sub(r"\b[ivx]+\b", "", words))


@functools.lru_cache(maxsize=8192)
def _spell(words: str) -> list[str]:
    """Return a header as it stands, and with blanks taken out: a narrow column breaks "Recommend ation"."""
    parts = words.split()
    spans = itertools.combinations(range(len(parts) + 1), 2) if len(parts) <= MOST_HEADER_WORDS else ()
    closed = ([*parts[:first], "".join(parts[first:last]), *parts[last:]] for first, last in spans if last - first > 1)
    return [words, *(" ".join(one) for one in closed)]


def _names(pattern: re.Pattern[str], words: str) -> bool:
    return any(pattern.search(spelling) for spelling in _spell(words))


# --- which rows are header ----------------------------------------------------------------------------------


def is_tracker(rows: Sequence[Row]) -> bool:
    """Say whether a table sets recommendations beside the answers to them: the header of its first rows names both."""
    wide = [at for at, row in enumerate(rows[: _MOST_TITLES + _FIRST_ROWS]) if len(row) > 1]
    first = wide[0] if wide else 0
    return any(find_heads(rows, at)[0] for at in range(min(len(rows), max(_FIRST_ROWS, first + 1))))


def find_heads(rows: Sequence[Row], at: int, known: Heads | None = None) -> tuple[int, Heads]:
    """Return how many rows from one on are a tracker's header, and what stands over each column; (0, {}) if none are.

    A row may group the columns of the row below it ("Cabinet response" over "Accepted" and "Rejected"), and a row may
    divide those of the row above it ("Accepted?" into "Yes", "No" and "In part").

    Parameters
    ----------
    rows : sequence of Row
    at : int
    known : Heads, optional
        The header that the table has already: a row below it is another only if it repeats it, or names an answer
        without giving one, so that a recommendation about recommendations is no header.
    """
    if not _is_short(rows[at]):
        return 0, {}
    depth, heads = 1, _join_heads(rows[at : at + 1])
    if not _names_both(heads):
        lower = rows[at + 1] if at + 1 < len(rows) else {}
        if not lower or not _is_short(lower) or not (_is_below(lower, heads) or _may_group(rows[at], lower)):
            return 0, {}
        depth, heads = 2, _join_heads(rows[at : at + 2])
        if not _names_both(heads):
            return 0, {}
    while depth < _DEEPEST and at + depth < len(rows) and _is_below(rows[at + depth], heads):
        depth += 1
        heads = _join_heads(rows[at : at + depth])
    return (0, {}) if known and not _is_another(heads, known) else (depth, heads)


def _is_short(row: Row) -> bool:
    """Say whether a row may be of a header: few words in each cell, no tick, no number before the recommendation."""
    cells = {column: cell_words(cell) for column, cell in row.items()}
    says = next((column for column, words in cells.items() if _names(_SAYS, words)), 0)
    return all(
        word_count(words) <= MOST_HEADER_WORDS
        and not TICK.fullmatch(words)
        and not (_DIGITS.fullmatch(words) and (column < says or column == min(row)))
        for column, words in cells.items()
    )


def _is_value(words: str) -> bool:
    return _DIGITS.fullmatch(words) is not None or TICK.fullmatch(words) is not None


def _join_heads(rows: Sequence[Row]) -> Heads:
    """Join the rows of a header: a cell stands under the cell of the row above that begins at its column or before."""
    heads: Heads = {}
    for row in rows:
        above = dict(heads)
        for column, cell in row.items():
            spans = [over for over in above if over <= column]
            heads[column] = Head(cell_words(cell), above[max(spans)].words if spans else "")
    return heads


def _names_both(heads: Heads) -> bool:
    words = [head.words for head in heads.values()]
    answers = {judge_answer(head.own) for head in heads.values()} - {""}
    return (
        len(heads) >= 2
        and any(_names(_RECOMMENDATION, text) and word_count(text) <= _SAYS_WORDS for text in words)
        and (len(answers) > 1 or any(_names(_RESPONSE, text) for text in words))
    )


def _is_below(row: Row, heads: Heads) -> bool:
    """Say whether a row divides columns of the header above it: short words of headers, some where nothing is above."""
    text = next((column for column, head in heads.items() if _names(_SAYS, head.words)), 0)
    cells = {column: cell_words(cell) for column, cell in row.items()}
    if not text or len(cells) < 2 or set(cells) <= set(heads):
        return False
    for column, words in cells.items():
        inner = _INNER.fullmatch(words) or _NUMBERED.fullmatch(words)
        if word_count(words) > _BELOW_WORDS or _is_value(words) or (column == text and not inner):
            return False
        if not (inner or judge_answer(words) or _find_role(words)):
            return False
    answers = [judge_answer(words) for words in cells.values()]
    return not all(answers) or len(set(answers)) > 1


def _may_group(row: Row, lower: Row) -> bool:
    """Say whether a row stands over the header below it; a title alone in the first column does not."""
    text = next((column for column, cell in lower.items() if _names(_SAYS, cell_words(cell))), 0)
    says = any(_names(_SAYS, cell_words(cell)) for cell in row.values())
    return bool(text) and not says and (len(row) > 1 or min(row) > text)


def _is_another(heads: Heads, known: Heads) -> bool:
    """Say whether a row below a header is one too: it repeats it, or holds short words of headers and no answer."""
    same = [column for column, head in heads.items() if column in known and head.words == known[column].words]
    if len(same) * 2 >= len(heads):
        return True
    if not all(_is_bare(head.own) for head in heads.values()):
        return False
    named = [head.own for head in heads.values() if _names(_RESPONSE, head.own)]
    answers = {judge_answer(head.own) for head in heads.values()} - {""}
    return len(answers) > 1 or any("?" in words or not judge_answer(words) for words in named)


def _is_bare(words: str) -> bool:
    told = _names(_SAYS, words) or _find_role(words) or _NUMBERED.fullmatch(words) or _INNER.fullmatch(words)
    return word_count(words) <= _BELOW_WORDS and bool(told or judge_answer(words))


# --- what the columns hold ----------------------------------------------------------------------------------


def _find_role(words: str) -> str:
    """Return what a header announces beside the recommendation: meeting, answer, comment, status or aside."""
    person = _names(_PERSON, words)
    comment = _names(_COMMENTS, words)
    if _names(_MEETS, words) and not (person or comment or any(_names(p, words) for p in (_ANSWERS, _SAYS, _PROGRESS))):
        return "meeting"
    if comment:
        return "comment"
    if _names(_WHEN, words):
        return "aside"
    for role, pattern in (("answer", _ANSWERS), ("comment", _PROGRESS), ("status", _STATUS)):
        if _names(pattern, words):
            return role
    return "aside" if person else ""


def _pick_text(heads: Heads) -> int:
    """Return the column of the recommendations: not their number, and not the response to them."""
    said = [column for column, head in heads.items() if _names(_SAYS, head.words)]

    def is_other(column: int) -> tuple[bool, int]:
        own = heads[column].own
        return bool(_NUMBERED.fullmatch(own) or _find_role(own) not in ("", "meeting")), column

    return min(said, key=is_other, default=0)


def name_columns(heads: Heads, rows: Sequence[Row]) -> Columns:
    """Return what the columns under a header hold.

    Of several columns that may hold answers, it is the one with most of them; a column of progress only where no other
    has as many. Columns that are an answer each count as such where two answers stand side by side after the text.
    """
    text = _pick_text(heads)
    roles = {column: _find_role(head.own) or _find_role(head.words) for column, head in heads.items()}
    ticks = _find_ticks(heads, text)
    marked = {column for column, _ in ticks}
    free = [column for column in heads if column != text and column not in marked]
    ours = [column for column in free if roles[column] in ("answer", "status")]
    if not ticks and not any(roles[column] == "answer" for column in ours):
        ours += [column for column in free if roles[column] == "comment" and _names(_ANSWERS, heads[column].own)]
    ours = [column for column in ours if column > text] or ours
    held = {column: _count_answers(rows, column, roles[column] == "status") for column in ours}
    answer = max(ours, key=lambda column: (held[column], roles[column] == "answer", -column), default=0)
    number = _find_number_column(heads, rows, roles, text)
    rest = [column for column in free if column not in (answer, number)]
    return Columns(
        number, text, answer, ticks,
        means=_find_meaning(heads, rows, answer),
        status=roles.get(answer) == "status",
        comments=tuple(column for column in rest if roles[column] in ("comment", "answer")),
        meetings=tuple(column for column in rest if roles[column] == "meeting"),
        left=tuple(column for column in rest if roles[column] not in ("comment", "answer", "meeting")),
        heads={column: head.words for column, head in heads.items()},
    )  # fmt: skip


def _count_answers(rows: Sequence[Row], column: int, status: bool) -> int:
    return sum(bool(judge_answer(cell_words(row[column]), status=status)) for row in rows if column in row)


def _find_ticks(heads: Heads, text: int) -> tuple[tuple[int, str], ...]:
    """Return the columns after the text that are an answer each: two answers at least, none of them a question."""
    told = [
        (column, judge_answer(head.own)) for column, head in heads.items()
        if column > text and not re.search(r"\?|y\s*/\s*n", head.own, re.IGNORECASE) and not is_done(head.own)
    ]  # fmt: skip
    ticks = tuple((column, answer) for column, answer in told if answer)
    return ticks if len({answer for _, answer in ticks}) > 1 else ()


def _find_meaning(heads: Heads, rows: Sequence[Row], answer: int) -> str:
    """Return what a tick under a header means: "Accepted?" means yes, unless it spans columns that have no names."""
    if not answer:
        return ""
    following = min((column for column in heads if column > answer), default=0)
    unnamed = any(
        answer < column and not (following and column >= following) and MARK.fullmatch(cell_words(cell))
        for row in rows for column, cell in row.items()
    )  # fmt: skip
    wide = following > answer + 1
    own = heads[answer].own
    return "" if unnamed or wide or is_done(own) else judge_answer(own) or _judge_question(own)


def _judge_question(words: str) -> str:
    """Return the answer that a header asks for: "Recommendation accepted?", "Agreed by Cabinet (Y/N)"."""
    found = re.findall(r"\b(?:not\s+)?(?:agreed?|accepted|approved|supported|rejected)\b", words, re.IGNORECASE)
    return judge_answer(found[0]) if len(found) == 1 else ""


def _find_number_column(heads: Heads, rows: Sequence[Row], roles: dict[int, str], text: int) -> int:
    named = [column for column, head in heads.items() if column != text and _NUMBERED.fullmatch(head.own)]
    before = [column for column in named if column < text]
    if not before:
        plain = [column for column in heads if column < text and not roles[column]]
        before = [c for c in plain if any(c in row and NUMBER.fullmatch(cell_words(row[c])) for row in rows)]
    return max(before or named, default=0)
