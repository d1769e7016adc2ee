"""The columns of a review sheet, the answers it may hold, and how both are known again after people worked on them."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from mapping.errors import Problem
from mapping.files import replace_controls
from mapping.sheets import Sheet
from mapping.tables import fold

__all__ = [
    "ANSWERS", "HEADERS", "HEADER_FROM", "KEYS", "describe_answers", "make_check", "match_columns", "rate_header",
    "read_date", "reads_both_ways", "show_text", "tidy",
]  # fmt: skip

#: The columns of a review sheet: how each is headed, and under what other names it is known again.
HEADERS: dict[str, tuple[str, ...]] = {
    "ref": ("Ref", "Reference"),
    "board": ("Board",),
    "source": ("Strategy and page", "Strategy"),
    "text": ("Priority", "Priority text", "Text"),
    "theme_name": ("Theme", "Theme name"),
    "machine": ("The machine says", "Machine says"),
    "why": ("Why the machine says so",),
    "earlier": (
        "Decided before",
        "Decided on earlier words",
    ),
    "decision": ("Decision", "Decisions", "Answer", "Your answer", "Your decision", "Verdict"),
    "note": ("Note", "Notes", "Comment", "Comments", "Remark", "Remarks"),
    "reviewer": ("Reviewer", "Reviewed by", "Initials", "Your initials"),
    "time": ("Date", "Day", "Date reviewed", "Reviewed on"),
    "framework": ("Key: framework", "Framework"),
    "priority": ("Key: priority", "Priority id"),
    "theme": ("Key: theme", "Theme id"),
    "words": ("Key: words as judged", "Key: words", "Words as judged", "Words"),
    "check": ("Key: check",),
}
#: What may be written as an answer, beside the answer itself; case, spaces and punctuation do not matter.
ANSWERS: dict[str, tuple[str, ...]] = {
    "confirm": ("confirm", "confirmed", "accept", "accepted", "agree", "agreed", "yes", "y", "right", "correct"),
    "reject": ("reject", "rejected", "decline", "declined", "disagree", "no", "n", "wrong", "incorrect", "remove"),
    "add": ("add", "added", "missing", "include"),
    "unsure": ("unsure", "not sure", "don't know", "maybe", "unclear"),
}
#: The columns that say which tag was judged, on which words.
KEYS = ("framework", "priority", "theme", "words")
_ANSWERED = ("decision", "note", "reviewer", "time")
_USED = ("ref", "text", "theme_name", *_ANSWERED, *KEYS, "check")
#: A row that names so many of the columns is a header.
HEADER_FROM = 4
_NEAR = 0.8
_LONGEST_CELL = 32_767
_CUT = " ... [cut here]"
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_DATE = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
    r"(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"|(?P<day>\d{1,2})(?:st|nd|rd|th)?[ /.-](?P<month>\d{1,2}|[a-z]{3,9})\.?[ /.,-]+(?P<year>\d{4}|\d{2}))"
    r"(?:[t ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?)?"
)


def describe_answers() -> str:
    """Return in a sentence what may be written as an answer."""
    said = [f"{answer.capitalize()} ({', '.join(others[1:])})" for answer, others in ANSWERS.items()]
    return f"Also understood: {'; '.join(said)}."


def make_check(framework: str, priority: str, theme: str, words: str) -> str:
    """Return the short code by which a row is known to be as it was exported; a letter keeps it from being a number."""
    return "k" + hashlib.sha256("\n".join([framework, priority, theme, fold(words)]).encode()).hexdigest()[:8]


def show_text(text: str) -> str:
    """Return a text as a cell of the review sheet can hold it: no control characters, at most what Excel keeps."""
    plain = replace_controls(text)
    return plain if len(plain) <= _LONGEST_CELL else plain[: _LONGEST_CELL - len(_CUT)] + _CUT


def rate_header(cells: Sequence[str]) -> int:
    """Return how many columns of a review sheet a row of cells names."""
    folded = {fold(cell) for cell in cells}
    return sum(any(fold(name) in folded for name in names) for names in HEADERS.values())


def match_columns(sheet: Sheet, reviewer: str) -> tuple[dict[str, int], list[Problem], list[Problem]]:
    """Find the columns of a sheet by their names, by names declared to mean the same, or by the one nearest match.

    Returns
    -------
    places : dict
        Where each column stands, counted from 0.
    problems, notes : list of Problem
        Columns that are missing or stand twice; columns read under another name, or not used.
    """
    places, problems = _find_named(sheet)
    filled = [any(cells[place].strip() for _, cells in sheet.rows) for place in range(len(sheet.header))]
    spare = [p for p in range(len(filled)) if p not in places.values() and (sheet.header[p] or filled[p])]
    near = _find_near(sheet, spare, [column for column in _USED if column not in places])
    notes = [
        Problem(sheet.at(sheet.row, place), f"the column '{sheet.header[place]}' was read as {_head(column)}.")
        for column, place in near.items()
    ]
    places |= near
    spare = [p for p in spare if p not in places.values() and filled[p]]
    unknown = ", ".join(f"'{sheet.header[p]}'" if sheet.header[p] else "one without a name" for p in spare)
    for column in (column for column in _USED if column not in places):
        needed = column in (*KEYS, "decision") or (column == "reviewer" and not reviewer)
        # Of an answer column that is gone, an unknown one may hold the answers: they are not left out in silence.
        if needed or (column in _ANSWERED and spare):
            hint = f" Not known here: {unknown}. Rename back the one that is meant" if unknown else ""
            hint += "" if not hint else "." if needed else ", or put back an empty column of that name."
            problems.append(Problem(sheet.at(sheet.row, 0), f"the column {_head(column)} is missing.{hint}"))
    notes += [
        Problem(sheet.at(sheet.row, p), f"the column '{sheet.header[p] or 'without a name'}' is not used.")
        for p in spare
    ]
    return places, problems, notes


def _find_named(sheet: Sheet) -> tuple[dict[str, int], list[Problem]]:
    heads = [fold(cell) for cell in sheet.header]
    places: dict[str, int] = {}
    problems = []
    for column, names in HEADERS.items():
        for name in names:
            own = [place for place, head in enumerate(heads) if head == fold(name) and place not in places.values()]
            if len(own) > 1 and column in _USED:
                first = sheet.at(sheet.row, own[0]).rpartition(" ")[2]
                message = f"the column {_head(column)} stands twice (also in {first}); keep one of the two."
                problems.append(Problem(sheet.at(sheet.row, own[1]), message))
            if own:
                places[column] = own[0]
                break
    return places, problems


def _find_near(sheet: Sheet, spare: Sequence[int], missing: Sequence[str]) -> dict[str, int]:
    """Match each missing column with the one unknown column whose name is near to it, where there is only one."""
    near = {
        column: [
            place
            for place in spare
            if any(
                difflib.SequenceMatcher(None, fold(sheet.header[place]), fold(name)).ratio() >= _NEAR
                for name in HEADERS[column]
            )
        ]
        for column in missing
    }
    wanted = [place for places in near.values() for place in places]
    return {column: own[0] for column, own in near.items() if len(own) == 1 and wanted.count(own[0]) == 1}


def _head(column: str) -> str:
    return f"'{HEADERS[column][0]}'"


def tidy(cell: str) -> str:
    """Return a short cell with its spaces tidied: no-break and zero-width ones too."""
    return " ".join(cell.replace("\u200b", "").split())


def read_date(cell: str) -> str | None:
    """Return a date, day first, as 2019-01-14 or 2019-01-14T10:30; empty for an empty cell, None for no date.

    Examples
    --------
    >>> [read_date(cell) for cell in ("14/01/2019", "14 January 2019", "2019-01-14T10:30", "", "01/14/2019")]
    ['2019-01-14', '2019-01-14', '2019-01-14T10:30', '', None]
    """
    text = tidy(cell).casefold()
    if not text:
        return ""
    match = _DATE.fullmatch(text)
    if not match:
        return None
    part = match.groupdict()
    month = part["m"] or part["month"]
    if not month.isdecimal():
        month = str(next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(month)), 0))
    year = int(part["y"] or part["year"])
    try:
        day = datetime(
            year + 2000 if year < 100 else year, int(month), int(part["d"] or part["day"]),
            int(part["hour"] or 0), int(part["minute"] or 0),
        )  # fmt: skip
    except ValueError:
        return None
    return day.isoformat(timespec="minutes") if part["hour"] else day.date().isoformat()


def reads_both_ways(cell: str) -> bool:
    """Return whether a date would be another one with the month first, as 03/02/2019.

    Examples
    --------
    >>> [reads_both_ways(cell) for cell in ("03/02/2019", "14/01/2019", "02/02/2019", "3 February 2019")]
    [True, False, False, False]
    """
    match = _DATE.fullmatch(tidy(cell).casefold())
    day, month = (match["day"], match["month"]) if match else (None, None)
    return bool(day and month and month.isdecimal() and int(day) <= len(_MONTHS) and int(day) != int(month))
