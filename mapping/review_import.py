"""What reviewers answered, read back from their workbooks: every answer as it was meant, or refused with its cell.

The keys of a row stand in columns of their own, so rows may be sorted, deleted or copied and columns moved or added.
What cannot be read for certain is refused by file, sheet and cell, all of it at once, and nothing is changed.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.decisions import OUTCOMES, apply_decisions
from mapping.errors import DataError, MappingError, Problem, nearest
from mapping.files import find_data, list_shipped
from mapping.framework import read_framework
from mapping.ledger import add_decisions
from mapping.schema import DECISIONS
from mapping.sheets import Sheet, read_sheets
from mapping.tables import each_row, fold
from mapping.tags import Run

__all__ = ["ANSWERS", "HEADERS", "Imported", "describe_answers", "import_reviews", "make_check", "read_review"]

#: The columns of a review sheet: how each is headed, and under what other names it is known again.
HEADERS: dict[str, tuple[str, ...]] = {
    "ref": ("Ref", "Reference"),
    "board": ("Board",),
    "source": ("Strategy and page", "Strategy"),
    "text": ("Priority", "Priority text", "Text"),
    "theme_name": ("Theme", "Theme name"),
    "machine": ("The machine says", "Machine says"),
    "why": ("Why the machine says so", "Why the machine says it"),
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
    "unsure": ("unsure", "not sure", "don't know", "dont know", "maybe", "unclear"),
}
_KEYS = ("framework", "priority", "theme", "words")
_ANSWER_COLUMNS = ("decision", "note", "reviewer", "time")
_HEADER_FROM, _NEAR = 4, 0.75
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    r"(?:[a-z]+,? )?(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<day>\d{1,2})(?:st|nd|rd|th)?[ /.-]"
    r"(?P<month>\d{1,2}|[a-z]{3,9})\.?[ /.,-]+(?P<year>\d{4}|\d{2}))(?:[t ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?)?"
)


@dataclass(frozen=True)
class Imported:
    """What an import did: every row read is in exactly one of the counts.

    Attributes
    ----------
    rows : int
        Rows read that carry a key = applied + check again + orphaned + other framework + left blank + repeated.
    counts : dict
        By what became of them: applied; check again (made on other words than the priority has now); orphaned (no such
        priority is mapped); other framework; left blank; repeated (the same answer once more).
    new : int
        Decisions that were not on record before.
    file : Path or None
        The file that was written; None when everything was on record already.
    notes : tuple of Problem
        What was odd but usable.
    """

    rows: int
    counts: dict[str, int]
    new: int
    file: Path | None
    notes: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        parts = " + ".join(f"{count} {name}" for name, count in self.counts.items())
        what = (
            f"{self.new} new, written to {self.file}" if self.file else "nothing new: all of it was on record already"
        )
        return f"{self.rows} rows read = {parts}.\nDecisions: {what}."


@dataclass
class _Reading:
    """What one or several files say: the answers, and everything odd about them."""

    answers: list[dict[str, str]] = field(default_factory=list)
    rows: int = 0
    blank: int = 0
    repeated: int = 0
    notes: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def table(self) -> pd.DataFrame:
        names = [*(column.name for column in DECISIONS), "place"]
        return pd.DataFrame(
            [[answer[name] for name in names] for answer in self.answers], columns=names, dtype="object"
        )


def read_review(path: str | Path, run: Run, *, reviewer: str = "") -> tuple[pd.DataFrame, list[Problem]]:
    """Read the answers in a workbook that a reviewer filled in; nothing is written.

    Parameters
    ----------
    path : str or Path
        The review workbook as XLSX or ODS, or its review sheet as CSV or tab-separated text.
    run : Run
        The city as it is now: its priorities, themes and decisions so far.
    reviewer : str
        Who answered the rows whose Reviewer cell is blank.

    Returns
    -------
    table : DataFrame
        One row per answer: the columns of ``decisions.csv``, and ``place``, where it was read. Identical answers are
        given once.
    notes : list of Problem
        What was odd but usable.

    Raises
    ------
    DataError
        With every answer that cannot be read for certain: file, sheet, cell, what was found, what would be right.
    """
    reading = _read_all([path], run, reviewer)
    return reading.table, reading.notes


def import_reviews(folder: str | Path, paths: Sequence[str | Path], run: Run, *, reviewer: str = "") -> Imported:
    """Add the answers of one or several reviewers' workbooks to a city, in one step or not at all.

    Where reviewers disagree both answers are kept, and the tag becomes disputed.

    Parameters
    ----------
    folder : str or Path
        The city's folder, of which ``run`` was made. Shipped data is read-only.
    paths : sequence of str or Path
        The workbooks.
    run : Run
    reviewer : str
        Who answered the rows whose Reviewer cell is blank.

    Returns
    -------
    Imported

    Raises
    ------
    DataError
        As ``read_review``, for all files at once; nothing is changed.
    OutputError
        When the decisions cannot be written; what was there is untouched.
    """
    home = Path(folder)
    if home.resolve().is_relative_to(find_data().resolve()) or (not home.is_dir() and home.name in list_shipped("")):
        name = home.name
        raise MappingError(
            f"'{name}' is shipped data, which is read-only; decisions belong to a folder of your own. "
            f"Make one with 'mapping init my-city --like {name}', then import with --data my-city."
        )
    reading = _read_all(paths, run, reviewer)
    table = reading.table
    outcomes = apply_decisions(run.tags.iloc[:0], table.assign(line=0), run.priorities, run.framework)[1]["outcome"]
    counts = {name: int((outcomes == name).sum()) for name in OUTCOMES}
    counts |= {"left blank": reading.blank, "repeated": reading.repeated}
    names = [column.name for column in DECISIONS]
    known = set(run.partnership.decisions[names].itertuples(index=False, name=None))
    new = sum(record not in known for record in table[names].itertuples(index=False, name=None))
    written = add_decisions(home, table) if len(table) else None
    return Imported(reading.rows, counts, new if written else 0, written, tuple(reading.notes))


def describe_answers() -> str:
    """Return in a sentence what may be written as an answer."""
    said = [f"{answer.capitalize()} ({', '.join(others[1:])})" for answer, others in ANSWERS.items()]
    return f"Also understood: {'; '.join(said)}."


def make_check(framework: str, priority: str, theme: str, words: str) -> str:
    """Return the short code by which a row is known to be as it was exported; a letter keeps it from being a number."""
    return "k" + hashlib.sha256("\n".join([framework, priority, theme, fold(words)]).encode()).hexdigest()[:8]


# --- files and columns -------------------------------------------------------------------------------------


def _read_all(paths: Sequence[str | Path], run: Run, reviewer: str) -> _Reading:
    reading = _Reading()
    for path in paths:
        try:
            sheets, notes = read_sheets(
                path, _rate, least=_HEADER_FROM, expected="the columns of a sheet made by 'mapping review export'"
            )
        except DataError as error:
            reading.problems.extend(error.problems)
            continue
        reading.notes.extend(notes)
        for sheet in sheets:
            _read_sheet(sheet, run, reviewer, reading)
    _fold_repeats(reading)
    _compare_with_record(reading, run)
    if reading.problems:
        raise DataError(reading.problems)
    return reading


def _rate(cells: Sequence[str]) -> int:
    folded = {fold(cell) for cell in cells}
    return sum(any(fold(name) in folded for name in names) for names in HEADERS.values())


def _match_columns(sheet: Sheet, reviewer: str) -> tuple[dict[str, int], list[Problem], list[Problem]]:
    """Find the columns of a sheet by their names, by names declared to mean the same, or by the one nearest match."""
    heads = [fold(cell) for cell in sheet.header]
    places: dict[str, int] = {}
    problems, notes = [], []
    for column, names in HEADERS.items():
        for name in names:
            own = [place for place, head in enumerate(heads) if head == fold(name) and place not in places.values()]
            if len(own) > 1:
                message = (
                    f"the column '{names[0]}' stands twice (also {sheet.at(sheet.row, own[0])}); keep one of them."
                )
                problems.append(Problem(sheet.at(sheet.row, own[1]), message))
            if own:
                places[column] = own[0]
                break
    filled = [any(cells[place].strip() for _, cells in sheet.rows) for place in range(len(heads))]
    spare = [p for p, head in enumerate(heads) if p not in places.values() and (head or filled[p])]
    missing = [column for column in HEADERS if column not in places]
    near = {column: [p for p in spare if _is_near(heads[p], column)] for column in missing}
    for column in missing:
        if len(near[column]) == 1 and sum(near[column][0] in other for other in near.values()) == 1:
            place = near[column][0]
            places[column] = place
            notes.append(Problem(sheet.at(sheet.row, place), f"'{sheet.header[place]}' was read as {_head(column)}."))
    spare = [p for p in spare if p not in places.values() and filled[p]]
    for column in (column for column in missing if column not in places):
        needed = column in (*_KEYS, "decision") or (column == "reviewer" and not reviewer)
        if needed or (column in _ANSWER_COLUMNS and spare):
            unknown = ", ".join(f"'{sheet.header[p] or 'without a name'}'" for p in spare)
            hint = f" Not known here: {unknown}. Rename it back if it is meant." if unknown else ""
            why = "" if needed or unknown == "" else " (an empty one is enough)"
            message = f"the column {_head(column)} is missing{why}.{hint}"
            problems.append(Problem(sheet.at(sheet.row, 0), message))
    notes += [Problem(sheet.at(sheet.row, p), f"the column '{sheet.header[p]}' is not used.") for p in spare]
    return places, problems, notes


def _head(column: str) -> str:
    return f"'{HEADERS[column][0]}'"


def _is_near(head: str, column: str) -> bool:
    return any(difflib.SequenceMatcher(None, head, fold(name)).ratio() >= _NEAR for name in HEADERS[column])


# --- rows --------------------------------------------------------------------------------------------------


def _read_sheet(sheet: Sheet, run: Run, reviewer: str, reading: _Reading) -> None:
    places, problems, notes = _match_columns(sheet, reviewer)
    reading.notes.extend(notes)
    reading.problems.extend(problems)
    if problems:
        return
    rows = _Rows(sheet, places, run, reviewer)
    for number, cells in sheet.rows:
        row = {column: cells[place] for column, place in places.items()}
        keyed = [column for column in _KEYS if row[column].strip()]
        if _rate(cells) >= _HEADER_FROM or (not keyed and not row["decision"].strip()):
            continue  # a header once more, where sheets were joined; a blank row, or a line of the reviewer's own
        reading.rows += 1
        if not row["decision"].strip():
            reading.blank += 1
            if row.get("note", "").strip():
                message = "a note without a decision: it is not kept. Choose Unsure to keep it."
                reading.notes.append(Problem(sheet.at(number, places["note"]), message))
            continue
        answer, faults, odd = rows.read(number, row)
        reading.problems.extend(faults)
        reading.notes.extend(odd)
        if not faults:
            reading.answers.append(answer)


@dataclass
class _Rows:
    """Reads the answered rows of one sheet against the city as it is now."""

    sheet: Sheet
    places: dict[str, int]
    run: Run
    reviewer: str

    def __post_init__(self) -> None:
        texts = self.run.partnership.priorities
        self.texts = dict(zip(texts["priority"], texts["text"], strict=True))
        themes = self.run.framework.themes
        self.theme_names = {fold(row.name): row.theme for row in each_row(themes)}
        self.frameworks = dict.fromkeys([self.run.framework.id, *list_shipped("frameworks")])

    def read(self, number: int, row: dict[str, str]) -> tuple[dict[str, str], list[Problem], list[Problem]]:
        """Return one answer, what is wrong with it, and what is odd about it."""
        self.number, self.faults, self.odd = number, list[Problem](), list[Problem]()
        answer = {column: _tidy(row[column]) for column in ("framework", "priority", "theme")}
        answer["decision"] = self._read_answer(row["decision"])
        answer["reviewer"] = _tidy(row.get("reviewer", "")) or self.reviewer
        answer["note"] = row.get("note", "").replace("\u00a0", " ").strip()
        answer["time"] = self._read_time(row.get("time", ""))
        answer["place"] = self._at("decision")
        if not answer["reviewer"]:
            self._refuse("reviewer", "is empty: write the role or initials of who decided, or give --reviewer.")
        if all(self._check_key(column, row[column]) for column in _KEYS) and self._check_ids(answer, row):
            answer["words"] = self._find_words(answer, row)
        return answer, self.faults, self.odd

    def _at(self, column: str) -> str:
        return self.sheet.at(self.number, self.places.get(column, 0))

    def _refuse(self, column: str, message: str) -> None:
        self.faults.append(Problem(self._at(column), message))

    def _read_answer(self, cell: str) -> str:
        known = {fold(word): answer for answer, words in ANSWERS.items() for word in words}
        if fold(cell) in known:
            return known[fold(cell)]
        hint = nearest(cell, [word for words in ANSWERS.values() for word in words]).split(" Known:")[0]
        allowed = ", ".join(answer.capitalize() for answer in ANSWERS)
        self._refuse("decision", f"'{_tidy(cell)}' is not an answer.{hint} Allowed: {allowed}.")
        return ""

    def _read_time(self, cell: str) -> str:
        time = read_date(cell)
        if time is None:
            self._refuse(
                "time", f"'{_tidy(cell)}' is not a date; write it day first, as 14/01/2019, or leave it empty."
            )
        return time or ""

    def _check_key(self, column: str, cell: str) -> bool:
        if not cell.strip():
            message = "the row has an answer but this key is empty: copy the whole row from the workbook as exported."
            self._refuse(column, message)
        return bool(cell.strip())

    def _check_ids(self, answer: dict[str, str], row: dict[str, str]) -> bool:
        """Check that framework, theme and priority are known, and that the row was not pulled apart by a sort."""
        before = len(self.faults)
        owner = answer["framework"]
        if owner not in self.frameworks:
            self._refuse("framework", f"framework '{owner}' is not known.{nearest(owner, self.frameworks)}")
            return False
        framework = self.run.framework if owner == self.run.framework.id else read_framework(owner)
        if answer["theme"] not in framework.theme_ids:
            hint = nearest(answer["theme"], framework.theme_ids)
            self._refuse("theme", f"theme '{answer['theme']}' is not a theme of {owner}.{hint}")
        if answer["priority"] not in self.texts:
            hint = nearest(answer["priority"], self.texts)
            if self._has_moved(answer, row):
                self._refuse("priority", f"priority '{answer['priority']}' is not known.{hint}")
            else:
                message = f"priority '{answer['priority']}' is no longer there; its decision is kept as orphaned.{hint}"
                self.odd.append(Problem(self._at("priority"), message))
        ref = _tidy(row.get("ref", ""))
        named = self.theme_names.get(fold(row.get("theme_name", ""))) if framework is self.run.framework else None
        for column, shown, key in (
            ("ref", ref if ref in self.texts else "", "priority"),
            ("theme_name", named, "theme"),
        ):
            if shown and shown != answer[key]:
                message = (
                    f"the row shows '{shown}' but its hidden key says '{answer[key]}': a sort or paste has pulled "
                )
                self._refuse(column, message + "rows apart. Undo it, or copy the answers into a fresh export.")
        return len(self.faults) == before

    def _has_moved(self, answer: dict[str, str], row: dict[str, str]) -> bool:
        """Return whether an unknown id is a damaged one, rather than one that was exported and has gone since."""
        check = _tidy(row.get("check", ""))
        if check:
            return check != make_check(answer["framework"], answer["priority"], answer["theme"], row["words"])
        return fold(row["words"]) in {fold(text) for text in self.texts.values()}

    def _find_words(self, answer: dict[str, str], row: dict[str, str]) -> str:
        """Return the words that were judged: those exported, unless the text of the row was edited since."""
        now, key, check = self.texts.get(answer["priority"], ""), row["words"], _tidy(row.get("check", ""))
        ids = (answer["framework"], answer["priority"], answer["theme"])
        exported = key
        if check:
            # A text file may have lost letters of the key: the code still says which words they were.
            exported = next((words for words in (key, now) if words and make_check(*ids, words) == check), "")
        if not exported:
            message = "the hidden key of this row was changed, so it is not certain what was judged. "
            self._refuse("words", message + "Copy the answer into a fresh export.")
            return ""
        shown = row.get("text", exported)
        lossy = exported.encode("cp1252", "replace").decode("cp1252")
        if fold(shown) not in {fold(exported), fold(lossy), fold(now) if now else fold(exported)}:
            message = f"the text was edited in the sheet, so it is not certain what was judged. It was: '{exported}'. "
            self._refuse("text", message + "Put it back; a remark on the wording goes under Note.")
        if now and fold(now) in {fold(exported), fold(shown)}:
            return now
        return exported


def _tidy(cell: str) -> str:
    return " ".join(cell.replace("\u200b", "").split())


def read_date(cell: str) -> str | None:
    """Return a date, day first, as 2019-01-14 or 2019-01-14T10:30; empty for an empty cell, None for no date.

    Examples
    --------
    >>> [read_date(cell) for cell in ("14/01/2019", "14 January 2019", "2019-01-14T10:30", "", "01/14/2019")]
    ['2019-01-14', '2019-01-14', '2019-01-14T10:30', '', None]
    """
    text = _tidy(cell).casefold()
    if not text:
        return ""
    match = _DATE.fullmatch(text)
    if not match:
        return None
    part = match.groupdict()
    month = part["m"] or part["month"]
    if not month.isdecimal():
        month = str(_MONTHS.index(month[:3]) + 1) if month[:3] in _MONTHS else "0"
    year = int(part["y"] or part["year"])
    try:
        day = datetime(
            year + 2000 if year < 100 else year, int(month), int(part["d"] or part["day"]),
            int(part["hour"] or 0), int(part["minute"] or 0),
        )  # fmt: skip
    except ValueError:
        return None
    return day.isoformat(timespec="minutes") if part["hour"] else day.date().isoformat()


# --- several rows together ---------------------------------------------------------------------------------


def _fold_repeats(reading: _Reading) -> None:
    """Give identical answers once, and refuse two different ones of one reviewer on one tag."""
    kept: dict[tuple[str, ...], dict[str, str]] = {}
    said: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for answer in reading.answers:
        key = tuple(answer[column.name] for column in DECISIONS)
        if key in kept:
            reading.repeated += 1
            continue
        kept[key] = answer
        tag = (answer["framework"], answer["priority"], answer["theme"], fold(answer["reviewer"]))
        for other in said.setdefault(tag, []):
            same_file = other["place"].split(", ")[0] == answer["place"].split(", ")[0]
            if _differ(other["decision"], answer["decision"]) and (same_file or other["time"] == answer["time"]):
                message = (
                    f"{answer['reviewer']} says '{answer['decision']}' on {tag[1]} and {tag[2]} here, but "
                    f"'{other['decision']}' in {other['place']}. Keep one of the two rows."
                )
                reading.problems.append(Problem(answer["place"], message))
        said[tag].append(answer)
    reading.answers = list(kept.values())


def _compare_with_record(reading: _Reading, run: Run) -> None:
    """Refuse an answer that contradicts one on record of the same reviewer and date: no clock says which is later."""
    record: dict[tuple[str, ...], list[Any]] = {}
    for row in each_row(run.partnership.decisions):
        record.setdefault((row.framework, row.priority, row.theme, fold(row.reviewer)), []).append(row)
    for answer in reading.answers:
        tag = (answer["framework"], answer["priority"], answer["theme"], fold(answer["reviewer"]))
        rows = record.get(tag, [])
        if any(all(getattr(row, c.name) == answer[c.name] for c in DECISIONS) for row in rows):
            continue
        for row in rows:
            if not _differ(row.decision, answer["decision"]) or row.time < answer["time"]:
                continue
            when = f"on {row.time}" if row.time else "without a date"
            said = f"{row.reviewer} has '{row.decision}' on record for {tag[1]} and {tag[2]}, {when}"
            if row.time == answer["time"]:
                message = f"{said}; to change it to '{answer['decision']}', give this row a later Date."
                reading.problems.append(Problem(answer["place"], message))
            else:
                message = f"{said}, which is later than this '{answer['decision']}' and still counts."
                reading.notes.append(Problem(answer["place"], message))


def _differ(one: str, other: str) -> bool:
    return one.replace("add", "confirm") != other.replace("add", "confirm")
