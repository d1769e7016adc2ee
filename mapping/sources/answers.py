"""How papers answer recommendations: agreed, in part, not, or not yet."""

from __future__ import annotations

import functools
import re

from mapping.cross_checks import squeeze
from mapping.files import find_data
from mapping.schema import RESPONSES
from mapping.tables import each_row, read_table

__all__ = ["ANSWERS", "LONGEST_ANSWER", "NOT_GIVEN", "judge_answer", "read_answers"]

#: The answers, in the order of every table.
ANSWERS = ("yes", "in part", "no", "not given")
NOT_GIVEN = ANSWERS[-1]
#: Words of the longest wording of an answer.
LONGEST_ANSWER = 5
#: What may follow an answer where reasons come after it: "Agreed. ...", "Agreed in part: ..."; but "No. 5" is a number.
_AFTER = re.compile(r"\s*(?:\.(?!\s*\d)|[,;:!(\n])|\s+[\u2013\u2014-]\s|\W*$")
_WORD = re.compile(r"[^\W_]+")


@functools.cache
def read_answers() -> dict[str, str]:
    """Read how papers print answers (``data/english/responses.csv``)."""
    table, _ = read_table(find_data() / "english" / "responses.csv", RESPONSES, "words")
    return {squeeze(row.words): row.response for row in each_row(table)}


def judge_answer(text: str) -> str:
    """Return what a text answers: yes, in part, no or not given; empty if it begins with no answer.

    The longest answer at its beginning counts, and only where a stop, a colon or a dash ends it.

    Examples
    --------
    >>> judge_answer("Agreed in part: Saturdays only"), judge_answer("Yes"), judge_answer("No budget was found")
    ('in part', 'yes', '')
    """
    known, found = read_answers(), ""
    for length, word in enumerate(_WORD.finditer(text), start=1):
        if length > LONGEST_ANSWER:
            break
        # A letter alone must be all there is: "N. Smith" answers nothing.
        if _AFTER.match(text, word.end()) and (word.end() > 1 or not text[word.end() :].strip(" .")):
            found = known.get(squeeze(text[: word.end()]), found)
    return found
