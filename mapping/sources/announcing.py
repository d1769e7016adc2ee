"""The words by which a paper announces priorities, and those by which it says that none follow."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mapping.errors import DataError, Problem
from mapping.files import find_data
from mapping.keywords import Hit, Keyword, KeywordIndex, PatternError, compile_keyword
from mapping.schema import ANNOUNCING
from mapping.tables import each_row, read_table
from mapping.text import Word, load_word_counts, split_words

__all__ = [
    "NOTHING",
    "PLACES",
    "Verdict",
    "begins_as_aim",
    "covers_heading",
    "find_apart",
    "find_counted",
    "find_words",
    "is_bare",
    "judge_column",
    "judge_heading",
    "judge_lead",
]

#: Where a wording is looked for: in a heading, in the header of a table, in the words that lead to a list, in the
#: headings of committee reports, as a sign of such a report, as the noun of a list in prose, as the one whose aims they
#: are, as what sets a list apart from the paper's own (past, turned down, of others), at the start of a text.
PLACES = ("heading", "column", "lead", "report", "mark", "prose", "whose", "apart", "start")
#: From the most concrete to the broadest: what is announced where a heading says several.
_CONCRETE = ("action", "priority", "theme", "vision")
_COORDINATED = re.compile(r"[,&+]|/(?!\d)|\b(?:and|or)\b", re.IGNORECASE)
_LEAD_SENTENCES = 2
# "This builds on the previous plan" tells of the new one.
_BUILDS = re.compile(
    r"\b(?:buil\w+|replac\w+|follow\w*|succeed\w*|learn(?:t|ed|ing)|reviewed|evaluated|refresh\w*|updat\w*|unlike|since|after|"
    r"than|carr\w+|continu\w+|retain\w*|keep\w*|remain\w*|as with|as in)\b[^,;:.]{0,40}$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})\s+(?:[\w’'-]+\s+){0,3}$", re.IGNORECASE
)
_SUCH = re.compile(r"such as|including|for example|for instance", re.IGNORECASE)
_IN_ORDER = re.compile(r"\W*(?:in order\s+)?(?:to|under|for|against|towards?)\b", re.IGNORECASE)
_WE = re.compile(r"we\b", re.IGNORECASE)
_TOWARDS = re.compile(r"\s+(?:against|on|towards?|with|in meeting|in delivering)\b", re.IGNORECASE)
#: Words of a table's header that say nothing by themselves.
_IDLE = frozenset(
    "a an the and or of for to in by our your key main strategic specific proposed area areas level".split()
)
_COVERED, _MOST_BARE_WORDS, _FEW_BARE_WORDS = 0.75, 8, 5
# What ends in "ing" and is no verb of doing.
_NO_DOING = frozenset(
    "during following according regarding concerning including excluding notwithstanding pending nothing something "
    "everything anything morning evening".split()
)
_LONGEST_HEADING, _LONGEST_LEAD = 400, 2_000


class Verdict(NamedTuple):
    """What a wording announces.

    Attributes
    ----------
    says : str
        vision, theme, priority, action, reported activity, background, or empty where it says nothing.
    pattern, reason : str
        The pattern of ``announcing.csv`` that says so, and why it is there.
    mixed : bool
        Whether the wording names something else beside it, such as "challenges and priorities".
    """

    says: str
    pattern: str = ""
    reason: str = ""
    mixed: bool = False

    @property
    def announces(self) -> bool:
        """Whether what follows may be priorities."""
        return self.says in _CONCRETE


NOTHING = Verdict("")


@functools.cache
def _read() -> tuple[dict[str, KeywordIndex], dict[tuple[str, str], str]]:
    """Read ``data/english/announcing.csv``: an index for each place, and the reason of each pattern."""
    table, _ = read_table(find_data() / "english" / "announcing.csv", ANNOUNCING)
    counts, problems = load_word_counts(), []
    compiled: dict[str, list[Keyword]] = {place: [] for place in PLACES}
    reasons = {}
    for row in each_row(table):
        try:
            compiled[row.where].append(compile_keyword(row.says, row.pattern, "decides", counts))
        except PatternError as error:
            problems.append(Problem("announcing.csv", str(error), row.line, "pattern"))
        reasons[row.where, row.pattern] = row.reason
    if problems:
        raise DataError(problems)
    return {place: KeywordIndex(found) for place, found in compiled.items()}, reasons


def find_words(place: str, text: str, words: Sequence[Word] | None = None) -> list[Hit]:
    """Return the wordings of one place that stand in a text, the longest where two overlap.

    Examples
    --------
    >>> [(hit.keyword.theme, hit.keyword.pattern) for hit in find_words("prose", "our five priorities are")]
    [('priority', 'priorit*')]
    """
    indexes, _ = _read()
    hits = indexes[place].find(split_words(text) if words is None else words)
    return _keep_longest(hits)


def _keep_longest(hits: Iterable[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    taken: set[int] = set()
    # Of two of one length, the one that says that nothing follows: better a gap that the receipt names.
    for hit in sorted(hits, key=lambda h: (-h.size, h.keyword.theme in _CONCRETE, h.first, h.keyword.pattern)):
        if taken.isdisjoint(hit.places):
            kept.append(hit)
            taken.update(hit.places)
    return sorted(kept, key=lambda hit: hit.first)


@functools.lru_cache(maxsize=4_096)
def judge_heading(text: str, *, report: bool = False) -> Verdict:
    """Say what a heading, a row's label or a column's header announces.

    Parameters
    ----------
    text : str
    report : bool
        Whether it stands in a committee report, whose standing headings are not the paper's own.

    Examples
    --------
    >>> judge_heading("Our strategic priorities").says, judge_heading("Reasons for recommendations").says
    ('priority', 'background')
    >>> judge_heading("Progress against our priorities").says, judge_heading("Priorities and challenges").mixed
    ('reported activity', True)
    """
    text = text[:_LONGEST_HEADING]
    if apart := find_apart(text):
        return _verdict("apart", apart)
    if report and (standing := find_words("report", text)):
        return _verdict("report", standing[0])
    words = split_words(text)
    hits = find_words("heading", text, words)
    verdict = _weigh("heading", text, hits)
    # "Improving access to legal advice" is an aim, whatever words of background stand in it.
    if verdict.says == "background" and hits[0].first > 0 and begins_as_aim(text):
        return NOTHING
    return verdict


def covers_heading(text: str) -> bool:
    """Say whether the words of background or reports are more than half of a heading.

    Under "Our priorities" a heading such as "Financial resilience" is a priority, "Why this matters" is none.

    Examples
    --------
    >>> covers_heading("Financial resilience"), covers_heading("Why this matters")
    (False, True)
    """
    hits = [hit for hit in find_words("heading", text) if hit.keyword.theme not in _CONCRETE]
    return 2 * sum(hit.size for hit in hits) > len(split_words(text))


def find_apart(text: str) -> Hit | None:
    """Return the wording by which a text sets apart what it names: past, turned down, or of others.

    Examples
    --------
    >>> [hit.keyword.pattern for hit in (find_apart("Our previous priorities"),) if hit]
    ['previous priorit*']
    >>> find_apart("Building on our previous priorities") is None
    True
    """
    return next((hit for hit in find_words("apart", text) if not _BUILDS.search(text, 0, hit.start)), None)


def judge_column(text: str) -> Verdict:
    """Say what the header of a column announces: as a heading does, or by words that only headers have, such as "What".

    Examples
    --------
    >>> judge_column("Key priorities").says, judge_column("What").says, judge_column("By when").says
    ('priority', 'action', 'background')
    """
    verdict = judge_heading(text)
    hits = find_words("column", text[:_LONGEST_HEADING])
    return verdict if verdict.says or not hits or not is_bare(text) else _verdict("column", hits[0])


@functools.lru_cache(maxsize=4_096)
def is_bare(text: str, *, statements: bool = False) -> bool:
    """Say whether a text is words of headings and headers alone, such as "Key priorities" or "Lead officer".

    Parameters
    ----------
    text : str
    statements : bool
        Whether to count only words that can be no statement: under "Our priorities", "Funding" may be one.

    Examples
    --------
    >>> [is_bare(text) for text in ("Our key priorities", "By when", "Safer streets", "Action plan agreed by Cabinet")]
    [True, True, False, False]
    >>> is_bare("Funding"), is_bare("Funding", statements=True)
    (True, False)
    """
    most = _FEW_BARE_WORDS if statements else _MOST_BARE_WORDS
    if len(text.split(None, most)) > most:
        return False
    words = split_words(text)
    kept = {at for at, word in enumerate(words) if word.form not in _IDLE and not any(map(str.isdigit, word.form))}
    hits = [hit for hit in find_words("heading", text, words) if not statements or hit.keyword.theme in _CONCRETE]
    covered = {place for hit in (*hits, *find_words("column", text, words)) for place in hit.places}
    return bool(kept) and len(kept & covered) >= _COVERED * len(kept)


def _weigh(place: str, text: str, hits: list[Hit]) -> Verdict:
    """Weigh hits: "progress against priorities" is progress, "priorities and challenges" is both."""
    calls = [hit for hit in hits if hit.keyword.theme in _CONCRETE]
    others = [hit for hit in hits if hit.keyword.theme not in _CONCRETE]
    if not calls:
        return _verdict(place, others[0]) if others else NOTHING
    for other in others:
        if other.first < calls[0].first:
            if not _COORDINATED.search(text, other.end, calls[0].start):
                return _verdict(place, other)
        elif any(other.first == call.last + 1 and not text[call.end : other.start].strip() for call in calls):
            return _verdict(place, other)
    best = min(calls, key=lambda hit: _CONCRETE.index(hit.keyword.theme))
    return _verdict(place, best, mixed=bool(others))


def _verdict(place: str, hit: Hit, mixed: bool = False) -> Verdict:
    return Verdict(hit.keyword.theme, hit.keyword.pattern, _read()[1][place, hit.keyword.pattern], mixed)


def judge_lead(text: str) -> Verdict:
    """Say what the words that lead to a list announce: of the last two sentences, the wording nearest the list.

    Examples
    --------
    >>> judge_lead("The Board has agreed the following priorities:").says
    'priority'
    >>> judge_lead("To choose our priorities we looked at:").says, judge_lead("Together we will:").says
    ('background', 'action')
    """
    text = text[-_LONGEST_LEAD:]
    words = split_words(text)
    if not words:
        return NOTHING
    # A colon or semicolon ends a sentence for split_words, so the count is of clauses; two full sentences are enough.
    ends = [match.end() for match in re.finditer(r"[.!?](?=\s+[A-Z])", text)]
    begins = ends[-_LEAD_SENTENCES] if len(ends) >= _LEAD_SENTENCES else 0
    hits = [hit for hit in find_words("lead", text, words) if hit.start >= begins]
    last = ends[-1] if ends else 0
    near = [hit for hit in hits if hit.start >= last]
    if not near:
        # "They have suggested a set of themes. These include:" leans on the sentence before.
        near = hits if re.search(r"\b(?:these|they|this|following|which)\b", text[last:], re.IGNORECASE) else []
    if not near:
        return NOTHING
    if near[0].keyword.theme == "reported activity" and _TOWARDS.match(text, near[0].end) and near[0].start <= last + 1:
        return _verdict("lead", near[0])  # "Progress against our objectives:"
    nearest = near[-1]
    if nearest.keyword.theme in _CONCRETE:
        calls = [hit for hit in near if hit.keyword.theme in _CONCRETE]
        # "We will deliver three priorities:" says priorities, not only "will".
        named = [hit for hit in calls if hit.keyword.theme != "action"]
        # "Five priorities to deliver our vision:" leads to priorities.
        counted = [hit for hit in named if _COUNTED.search(text, last, hit.start)]
        best = (counted or named)[-1] if named and named[-1].first > nearest.first - 6 else nearest
        if best is not nearest and _IN_ORDER.match(text, last) and _WE.match(text, nearest.start):
            best = nearest  # "To deliver these priorities we will:" leads to actions
        return _verdict("lead", best, mixed=len(calls) < len(near))
    before = near[-2] if len(near) > 1 and nearest.first - near[-2].last <= 1 else nearest
    if before.keyword.theme in _CONCRETE[1:] and _SUCH.fullmatch(text, nearest.start, nearest.end):
        return _verdict("lead", before, mixed=True)  # "priorities such as:"
    return _verdict("lead", nearest)


def find_counted(text: str) -> Verdict:
    """Return what a sentence announces by a noun with a number before it, such as "four key aims".

    Examples
    --------
    >>> [find_counted(text).says for text in ("The plan has four key aims that people chose.", "Aims matter.")]
    ['theme', '']
    """
    hits = [hit for hit in find_words("prose", text) if _COUNTED.search(text, 0, hit.start)]
    calls = [hit for hit in hits if hit.keyword.theme in _CONCRETE and text[hit.end - 1] in "sS"]
    if not calls and any(hit.keyword.pattern == "aims to" for hit in hits):
        return Verdict("theme", "aims", mixed=True)  # "It aims to" announces none, "four aims to" does
    # "It has five goals." leads to them; what says more may tell of something else.
    return _verdict("prose", calls[0], mixed=text[calls[0].end :].strip(" .;:") != "") if calls else NOTHING


def begins_as_aim(text: str) -> bool:
    """Say whether a text begins as an aim does: with a verb of doing, "To ...", or the state that is wanted.

    Examples
    --------
    >>> begins_as_aim("Reduce inequality"), begins_as_aim("Improving housing"), begins_as_aim("In 2017 we spent")
    (True, True, False)
    """
    opening = text[:200]
    words = split_words(opening)
    first = 1 if len(words) > 1 and words[0].form == "to" else 0
    if len(words) > first + 1 and words[first].form.endswith("ly"):
        first += 1
    if not words:
        return False
    if words[first].form.endswith("ing") and len(words[first].form) > 5 and words[first].form not in _NO_DOING:
        return True
    return any(hit.first == first for hit in find_words("start", opening, words))
