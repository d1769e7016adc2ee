"""How papers answer recommendations: agreed, in part, not, or not yet."""

from __future__ import annotations

import functools
import re

from mapping.cross_checks import squeeze
from mapping.files import find_data
from mapping.schema import RESPONSES
from mapping.tables import each_row, read_table

__all__ = ["ANSWERS", "LONGEST_ANSWER", "NOT_GIVEN", "is_done", "is_unread", "judge_answer", "read_answers"]

#: The answers, in the order of every table.
ANSWERS = ("yes", "in part", "no", "not given")
NOT_GIVEN = ANSWERS[-1]
#: Words of the longest wording of an answer.
LONGEST_ANSWER = 6
#: Letters of an answer that may be followed by "and", "because" or a date; "no and" is no answer.
_LONG = 5
_WORD = re.compile(r"[^\W_]+")
#: What may follow an answer where reasons come after it: "Agreed. ...", "Agreed in part: ..."; but "No. 5" is a number.
_STOP = r"\s*(?:\.(?!\s*\d)|[,;:!(\n])|\s+[\u2013\u2014-]\s|\W*$|\s+(?:but|except|although|though)\b"
_AFTER = re.compile(_STOP)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b"
_CHANGED = r"\s+with (?:the exception|(?:an? |some |minor )?(?:amend|modif|chang|condition|caveat))"
_DAY = r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)?"
_DATE = (
    rf"\s+(?:in\s+|on\s+)?{_DAY}{_MONTH}\s+\d|\s+(?:in|on|since)\s+{_DAY}{_MONTH}"
    r"|\s+\(?\d{1,2}[/.]\d{1,2}[/.]\d{2,4}"
)
_BODY = (
    r"(?:cabinet|executive|council|board|committee|panel|commission|partnership|service|directorate|leader|members?|"
    r"portfolio|holder|officers?|management|authority|trust)"
)
#: What may follow a longer one: "accepts this recommendation", "not accepted at this time", "agreed in June 2024".
_AFTER_LONG = re.compile(
    rf"(?:\s+(?:with\s+|to\s+)?(?:(?:(?:the|this|these|that)\s+)?(?:recommendations?|proposals?)|this|it)\b)?"
    r"(?:\s+(?:at (?:this|the present) (?:time|stage|point)|at present|currently)\b)?"
    rf"(?:\s+by (?:the )?{_BODY}(?:\s+{_BODY})?\b)?"
    rf"(?:{_STOP}|{_CHANGED}|\s+(?:and|as|because|since|given|due|subject to)\b|{_DATE})",
    re.IGNORECASE,
)
#: Who answers, or what is answered, before the answer: "The Cabinet does not accept", "This recommendation is agreed".
_SUBJECT = re.compile(
    rf"\W*(?:(?:the|this|that|these|our)\s+)?(?:(?:{_BODY}|recommendations?|proposals?|it|this|we)\s+){{1,3}}"
    r"(?:(?:is|are|was|were|has|have|had|been|be|fully|also|therefore)\s+){0,3}",
    re.IGNORECASE,
)
#: What takes a part of a yes back: "Yes, but only in two parks".
_BUT = re.compile(
    r"[\s,;:(\u2013\u2014-]*\b(?:but|except|although|though|only)\b"
    r"|\s*[,;:(\u2013\u2014-]\s*(?:however|in part|part(?:ial)?ly)\b"
    rf"|[,;:(\u2013\u2014-]*{_CHANGED}",
    re.IGNORECASE,
)
# Words, or a tick or cross; a dash or an empty box says nothing.
_SAYS = re.compile(r"[^\W_]|[\u00d7\u2611-\u2612\u2705\u2713-\u2718\u221a\uf0fb-\uf0fe]")
_DONE = re.compile(r"\W*(?:(?:fully|already)\s+)?(?:implemented|completed?|actioned|delivered)\b", re.IGNORECASE)


@functools.cache
def read_answers() -> dict[str, str]:
    """Read how papers print answers (``data/english/responses.csv``)."""
    table, _ = read_table(find_data() / "english" / "responses.csv", RESPONSES, "words")
    return {squeeze(row.words): row.response for row in each_row(table)}


def is_done(text: str) -> bool:
    """Say whether a text begins with how far a recommendation got, "Completed", rather than with what was answered.

    Examples
    --------
    >>> is_done("Implemented in June"), is_done("Agreed")
    (True, False)
    """
    return _DONE.match(text) is not None


def is_unread(response: str, printed: str) -> bool:
    """Say whether an answer is printed of which only "not given" is known, though it does not say that itself.

    Examples
    --------
    >>> is_unread("not given", "The council will think"), is_unread("not given", "Noted"), is_unread("not given", "-")
    (True, False, False)
    """
    return response == NOT_GIVEN and _SAYS.search(printed) is not None and judge_answer(printed) != NOT_GIVEN


def judge_answer(text: str, *, status: bool = False) -> str:
    """Return what a text answers: yes, in part, no or not given; empty if it begins with no answer.

    The longest answer at its beginning counts, perhaps after who gives it, and only where a stop, a colon or a dash
    ends it, or words that leave it as it is ("this recommendation", "because", a date). A yes that "but", "except" or
    "only" follows is in part. What is not given at first may be answered in the next sentence.

    Parameters
    ----------
    text : str
    status : bool
        Whether it stands in a column of how far a recommendation got: what was completed there may be the reply that
        said no, so that it answers nothing. Elsewhere what was implemented was accepted.

    Examples
    --------
    >>> judge_answer("Agreed in part: Saturdays only"), judge_answer("Yes"), judge_answer("No budget was found")
    ('in part', 'yes', '')
    >>> judge_answer("The Cabinet does not accept this recommendation."), judge_answer("Yes, but only in two parks")
    ('no', 'in part')
    """
    if status and is_done(text):
        return ""
    found, end = _judge_beginning(text)
    if found == "yes" and _BUT.match(text, end):
        return "in part"
    if found == NOT_GIVEN:
        following = re.match(r"\W*[.;\n]\s*(?=\w)", text[end:])
        later = _judge_beginning(text[end + following.end() :])[0] if following else ""
        return later or found
    return found


def _judge_beginning(text: str) -> tuple[str, int]:
    """Return the answer at the beginning of a text, and where it ends."""
    found, end = _match_longest(text)
    if not found and (subject := _SUBJECT.match(text)):
        found, end = _match_longest(text[subject.end() :])
        end += subject.end()
    return found, end


def _match_longest(text: str) -> tuple[str, int]:
    known, found, end = read_answers(), "", 0
    for length, word in enumerate(_WORD.finditer(text), start=1):
        if length > LONGEST_ANSWER:
            break
        name = squeeze(text[: word.end()])
        # A letter alone must be all there is: "N. Smith" answers nothing.
        if name not in known or (word.end() == 1 and text[1:].strip(" .")):
            continue
        if (_AFTER_LONG if len(name) >= _LONG else _AFTER).match(text, word.end()):
            found, end = known[name], word.end()
    return found, end
