"""What reviewers answered, read back from their workbooks: every answer as it was meant, or refused with its cell.

The keys of a row stand in columns of their own, so rows may be sorted, deleted or copied and columns moved or added.
What cannot be read for certain is refused by file, sheet and cell, all of it at once, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.decisions import OUTCOMES, apply_decisions
from mapping.errors import DataError, MappingError, Problem
from mapping.files import find_data, list_shipped
from mapping.ledger import add_decisions
from mapping.review_import.columns import (
    ANSWERS,
    HEADER_FROM,
    HEADERS,
    KEYS,
    describe_answers,
    make_check,
    match_columns,
    rate_header,
    show_text,
)
from mapping.review_import.rows import RowReader
from mapping.schema import DECISIONS
from mapping.sheets import Sheet, read_sheets
from mapping.tables import each_row, fold
from mapping.tags import Run

__all__ = [
    "ANSWERS", "HEADERS", "Imported", "describe_answers", "import_reviews", "make_check", "read_review",
    "refuse_shipped", "show_text",
]  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """What an import did: every row read is in exactly one of the counts.

    Attributes
    ----------
    rows : int
        Rows read that carry a key = the sum of the counts.
    counts : dict
        By what became of them beside what was on record: the outcomes of ``apply_decisions``; left blank; repeated
        (the same answer once more).
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
        parts = " + ".join(f"{count} {name}" for name, count in self.counts.items() if count or name == "applied")
        what = "no answer was found in the column Decision; nothing was written"
        if self.rows > self.counts["left blank"]:
            what = "nothing new: all of it was on record already"
        if self.file:
            what = f"{self.new} new, written to {self.file}"
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
    refuse_shipped(home)
    reading = _read_all(paths, run, reviewer)
    table = reading.table
    names, record = [column.name for column in DECISIONS], run.partnership.decisions
    # Beside what is on record: an answer may contradict one that another reviewer gave long ago.
    together = pd.concat([record[names], table[names]], ignore_index=True).assign(line=0)
    settled = apply_decisions(run.tags.iloc[:0], together, run.priorities, run.framework)[1].iloc[len(record) :]
    counts = {name: int((settled["outcome"] == name).sum()) for name in OUTCOMES}
    counts |= {"left blank": reading.blank, "repeated": reading.repeated}
    known = set(record[names].itertuples(index=False, name=None))
    new = sum(record not in known for record in table[names].itertuples(index=False, name=None))
    written = add_decisions(home, table) if len(table) else None
    return Imported(reading.rows, counts, new if written else 0, written, tuple(reading.notes))


def refuse_shipped(home: Path) -> None:
    """Refuse to put decisions on record in shipped data, which belongs to nobody's review."""
    name = home.name
    named = not home.is_dir() and name in list_shipped("partnerships")
    if named or home.resolve().is_relative_to(find_data().resolve()):
        raise MappingError(
            f"'{name}' is shipped data, which is read-only; decisions belong to a folder of your own. "
            f"Make one with 'mapping init my-city --like {name}', then use --data my-city."
        )


def _read_all(paths: Sequence[str | Path], run: Run, reviewer: str) -> _Reading:
    reading = _Reading()
    names = [Path(path).name for path in paths]
    for path, name in zip(map(Path, paths), names, strict=True):
        called = name if names.count(name) == 1 else f"{path.parent.name}/{name}"
        expected = "the columns of a sheet made by 'mapping review export'"
        try:
            sheets, notes = read_sheets(path, rate_header, least=HEADER_FROM, expected=expected, name=called)
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


def _read_sheet(sheet: Sheet, run: Run, reviewer: str, reading: _Reading) -> None:
    places, problems, notes = match_columns(sheet, reviewer)
    reading.notes.extend(notes)
    reading.problems.extend(problems)
    if problems:
        return
    rows = RowReader(sheet, places, run, reviewer)
    for number, cells in sheet.rows:
        row = {column: cells[place] for column, place in places.items()}
        keyed = [column for column in KEYS if row[column].strip()]
        if rate_header(cells) >= HEADER_FROM or (not keyed and not row["decision"].strip()):
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
            at_once = other["file"] == answer["file"] or other["time"] == answer["time"]
            if _differ(other["decision"], answer["decision"]) and at_once:
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
