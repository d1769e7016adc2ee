"""Cells of a table that say how something stands, and tables whose rows are votes, measures or what was closed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mapping.sources.announcing import is_bare, judge_column

__all__ = ["find_ended", "is_remark", "why_evidence"]

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = (
    rf"(?:\W+(?:(?:in|on|by|since|at|as of|from)\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\W+)?(?:{_MONTH}\W*)?"
    r"(?:(?:\d{1,2}\W)?(?:20)?\d\d(?:[/–-]\d\d)?)?)?"
)
_OVER = (
    r"(?:done|achieved|delivered|complete[d]?|fully complete[d]?|"
    r"closed|ended|cancelled|withdrawn|discontinued|superseded|expired|finished|"
    r"abandoned|stopped|dropped|no longer (?:required|needed|relevant|pursued)|not taken forward|lapsed|archived)"
)
_ENDED = re.compile(rf"(?:action\s+|now\s+)?{_OVER}{_DATE}\W*", re.IGNORECASE)
_STANDS = re.compile(
    rf"(?:{_OVER}|not (?:yet )?started|(?:in|work in) progress|under ?way|ongoing|on ?going|"
    rf"on track|off track|at risk|on hold|paused|delayed|overdue|started|current|active|open|live|new|improving|"
    rf"improved|worsening|declining|steady|stable|no change|static|increasing|decreasing|up|down|better|worse|met|"
    rf"not met|partly met|better than plan|worse than plan|above target|below target){_DATE}\W*",
    re.IGNORECASE,
)
# "G = on track; A = at risk": what the signs of a table mean.
_KEY = re.compile(
    r"(?:(?:rag|brag|status|colour)\s+)?(?:key\s*:\s*)?[\w ]{1,14}\s*=\s*\S.{0,60}|(?:rag|brag)\s+key\b.*", re.I
)
_VOTES = re.compile(
    r"(?:strongly |tend to )?(?:dis)?agree\b.*|neither\b.*|neutral|support(?:ed)? ?%?|oppos\w+.*|"
    r"(?:number of )?votes?\b.*|%.*|(?:share|number|percentage|proportion) of "
    r"(?:respondents|responses|people|votes|comments)\b.*|(?:number of )?(?:respondents|responses|mentions)|"
    r"per ?cent\b.*|don['’]t know|not sure",
    re.IGNORECASE,
)
_ONE_VOTE = re.compile(r".*\b(?:votes?|respondents|disagree|oppose[d]?|mentions)\b.*", re.IGNORECASE)
_MEASURED = re.compile(
    r"(?:key )?(?:performance )?(?:indicators?|measures?|metrics?|kpis?|risks?|fact|sector|source|spending|scheme|team|"
    r"service|term|age|year|ward|question|budget(?: line)?|expenditure|income)(?: description| name| title)?",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    r"(?:.*\b(?:target|baseline|actual|trend|direction|value|budget|forecast|outturn|replies|meaning|definition|likelihood|"
    r"mitigation|score|impact|provider|number|share|total|cost|amount|period|rag|plan)\b.*|.*(?:[£%]|\d).*)",
    re.IGNORECASE,
)


_SPENT = re.compile(r"(?:projects?|schemes?|initiatives?|items?|grants?|activity|activities)(?: name)?", re.IGNORECASE)


def is_remark(text: str) -> bool:
    """Say whether a cell says no more than how something stands, or what the signs of the table mean.

    Examples
    --------
    >>> [is_remark(text) for text in ("Completed July 2025", "Improving", "A = at risk", "Improving streets")]
    [True, True, True, False]
    """
    return _STANDS.fullmatch(text) is not None or _KEY.fullmatch(text) is not None


def find_ended(cells: Sequence[str]) -> str:
    """Return the cell that says that what its row holds is over: "Closed", "Completed May 2025".

    Examples
    --------
    >>> find_ended(["Fit alley gates", "Housing", "Completed May 2025"]), find_ended(["Open a hub", "Open"])
    ('Completed May 2025', '')
    """
    return next((cell for cell in cells if _ENDED.fullmatch(cell)), "")


def why_evidence(header: Sequence[str]) -> str:
    """Return why a table holds evidence, by the words of its header; empty if it may hold what is set out.

    Examples
    --------
    >>> why_evidence(["Draft priority", "Agree", "Neither", "Disagree"])
    'a table of votes or answers'
    >>> why_evidence(["Indicator", "Target", "Direction"])
    'a table of measures or figures'
    >>> why_evidence(["Priority", "Action", "Target"])
    ''
    """
    votes = [cell for cell in header if _VOTES.fullmatch(cell)]
    if len(votes) >= 2 or (len(header) > 1 and any(_ONE_VOTE.fullmatch(cell) for cell in header[1:])):
        return "a table of votes or answers"
    if len(header) > 1 and _SPENT.fullmatch(header[0]) and all(_FIGURES.fullmatch(cell) for cell in header[1:]):
        return "a table of measures or figures"
    announced = any(judge_column(cell).announces and is_bare(cell) for cell in header)
    figures = [cell for cell in header[1:] if _FIGURES.fullmatch(cell)]
    if len(header) > 1 and not announced and _MEASURED.fullmatch(header[0]) and figures:
        return "a table of measures or figures"
    return ""
