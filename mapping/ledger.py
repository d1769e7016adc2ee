"""Decisions on disk: one file for each import, never changed afterwards, and folded into one table when they are read.

Beside ``decisions.csv``, which a person may keep by hand, a city's folder may hold a folder ``decisions``. Each import
adds one file there, written whole under a name made from what it holds. Nothing is ever rewritten, so nothing can be
half replaced; the same import gives the same file; and a second copy of a file, as synced folders make them, says
nothing new. No lock is held, so none can be left behind.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.csv_format import format_table
from mapping.errors import DataError, OutputError, Problem, nearest
from mapping.files import write_file
from mapping.schema import DECISIONS
from mapping.tables import each_row, fold, read_table

__all__ = ["FOLDER", "add_decisions", "is_time", "read_decisions"]

#: The folder beside ``decisions.csv`` that holds one file per import.
FOLDER = "decisions"

_NAMES = [column.name for column in DECISIONS]
# Sorted so, the most cautious of several answers given at one time stands last, and so counts.
_ORDER = ["time", *_NAMES]
_NAMED = re.compile(r"(?:\d{4}(?:-\d{2}){0,2}|undated)-([0-9a-f]{12,64})")
_END = re.compile(rb'^"?# end: \d+ decisions?', re.MULTILINE)
_SHORTEST, _TRIES = 12, 5
_PUT_BACK = (
    "If a sync is still running, wait and run again; otherwise put back a whole copy, or take the file away and "
    "import its workbook again: that writes the same file."
)


def read_decisions(folder: str | Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read every decision of a city: those of ``decisions.csv``, then those of all imports.

    Parameters
    ----------
    folder : str or Path
        The city's folder. Neither ``decisions.csv`` nor the folder ``decisions`` needs to be there.

    Returns
    -------
    table : DataFrame
        One row per decision: the columns of ``decisions.csv``; ``line`` and ``file``, where it stands. The rows of
        ``decisions.csv`` come first, as they stand; then the imported ones, each once, by time and then by content:
        the same whatever the files are called and however often they were copied.
    warnings : list of Problem
        What was odd but usable: a file edited by hand, two answers of one reviewer at one time.

    Raises
    ------
    DataError
        For every file that is cut short or cannot be read: file, line, and what would be right.
    """
    home = Path(folder)
    problems: list[Problem] = []
    warnings: list[Problem] = []
    own = pd.DataFrame(columns=[*_NAMES, "line"])
    if (home / "decisions.csv").exists():
        try:
            own, warnings = read_table(home / "decisions.csv", DECISIONS)
        except DataError as error:
            problems.extend(error.problems)
    parts = []
    for path in _list_files(home / FOLDER, problems, warnings):
        try:
            part, odd = _read_file(path)
        except DataError as error:
            problems.extend(error.problems)
            continue
        parts.append(part)
        warnings.extend(odd)
    if problems:
        raise DataError(problems)
    table = _fold(own.assign(file="decisions.csv"), parts)
    return table, [*warnings, *_find_ties(table)]


def add_decisions(folder: str | Path, table: pd.DataFrame) -> Path | None:
    """Add the decisions of one import to a city, as one new file that is written whole or not at all.

    Parameters
    ----------
    folder : str or Path
        The city's folder.
    table : DataFrame
        One row per decision: the columns of ``decisions.csv``; other columns are passed over.

    Returns
    -------
    Path or None
        The new file, ``decisions/<date of its newest decision>-<hash of its content>.csv``; None when every decision
        was there already, so that nothing was written.

    Raises
    ------
    DataError
        When a decision cannot be kept as it is, or what is there cannot be read whole; nothing is written.
    OutputError
        When the file cannot be written; what was there is untouched.
    """
    home = Path(folder)
    if not home.is_dir():
        raise OutputError(f"{home}: there is no such folder; decisions are added to the folder of a city's tables.")
    records = sorted(set(_clean(table)), key=_sort_key)
    known = set(_list_records(read_decisions(home)[0]))
    _sweep(home / FOLDER)
    if not set(records) - known:
        return None
    text = _format_file(records)
    name = _choose_name(home / FOLDER, records, text)
    for left in reversed(range(_TRIES)):
        try:
            return write_file(home / FOLDER / name, text)
        except OutputError as error:
            # Another import has swept our temporary file away together with those that a kill left behind.
            if not left or not isinstance(error.__cause__, FileNotFoundError):
                raise
    return None  # pragma: no cover


# --- reading -----------------------------------------------------------------------------------------------


def _list_files(home: Path, problems: list[Problem], warnings: list[Problem]) -> list[Path]:
    """Return the files of the imports; temporary and hidden ones are passed over, anything else is noted."""
    if not home.exists():
        return []
    if not home.is_dir():
        problems.append(Problem(FOLDER, "is a file; a folder with one file per import is expected. Rename the file."))
        return []
    try:
        found = sorted(home.iterdir())
    except OSError as error:
        problems.append(Problem(FOLDER, f"the folder could not be read ({error.strerror})."))
        return []
    seen = [path for path in found if not path.name.startswith((".", "~")) and path.suffix != ".part"]
    for path in seen:
        if path.suffix.casefold() != ".csv" or path.is_dir():
            message = "is not a file of decisions and was not read. To import a workbook: mapping review import."
            warnings.append(Problem(f"{FOLDER}/{path.name}", message))
    return [path for path in seen if path.suffix.casefold() == ".csv" and not path.is_dir()]


def _read_file(path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    name = f"{FOLDER}/{path.name}"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError([Problem(name, f"could not be read ({error.strerror or error}).")]) from error
    utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not utf_16 and (not data.strip(b"\0\r\n\t ") or not _END.search(data)):
        line = data.count(b"\n") + (not data.endswith(b"\n"))
        message = f"the file breaks off here: its last line, '# end: ... decisions', is missing. {_PUT_BACK}"
        raise DataError([Problem(name, message, line)])
    table, warnings = read_table(path, DECISIONS, name=name)
    for row in each_row(table):
        if row.time and not is_time(row.time):
            message = f"'{row.time}' is not a time; write 2019-01-14 or 2019-01-14T10:30, or leave it empty."
            raise DataError([Problem(name, message, row.line, "time")])
    records = sorted(set(_list_records(table)), key=_sort_key)
    said = _NAMED.match(path.stem)
    digest = _hash(_format_file(records))
    if said and digest.startswith(said[1]):
        # A renamed copy is the same file: its rows are said to stand where they stood first.
        return table.assign(file=f"{FOLDER}/{said[0]}.csv"), warnings
    message = "its content is not what its name says: it was edited or put there by hand. It is read as it stands."
    return table.assign(file=name), [*warnings, Problem(name, message)]


def _fold(own: pd.DataFrame, parts: list[pd.DataFrame]) -> pd.DataFrame:
    imported = pd.concat(parts, ignore_index=True) if parts else own.iloc[:0]
    imported = imported.sort_values([*_ORDER, "file", "line"], kind="stable").drop_duplicates(_NAMES)
    known = set(_list_records(own))
    fresh = [record not in known for record in _list_records(imported)]
    return pd.concat([own, imported[fresh]], ignore_index=True) if any(fresh) else own.reset_index(drop=True)


def _find_ties(table: pd.DataFrame) -> list[Problem]:
    """Note where one reviewer said two things about one tag at one time: no clock can tell which came last."""
    said: dict[tuple[str, ...], list[Any]] = {}
    for row in each_row(table):
        said.setdefault((row.framework, row.priority, row.theme, fold(row.reviewer), row.time), []).append(row)
    notes = []
    for rows in said.values():
        row = rows[-1]
        others = [other for other in rows if _side(other.decision) != _side(row.decision)]
        for other in others[-1:]:
            message = (
                f"{row.reviewer} said both '{other.decision}' ({other.file}, line {other.line}) and '{row.decision}' "
                f"on {row.priority} and {row.theme}, {'both on ' + row.time if row.time else 'both without a date'}; "
                f"'{row.decision}' counts. Decide again with a later date to settle it."
            )
            notes.append(Problem(row.file, message, row.line, "time"))
    return notes


def _side(decision: str) -> str:
    return "confirm" if decision == "add" else decision


# --- writing -----------------------------------------------------------------------------------------------


def _clean(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the records of a table as they will be read back; what could not be is refused."""
    problems = [
        Problem("decisions", f"the column is missing.{nearest(name, table.columns)}", column=name)
        for name in _NAMES
        if name not in table
    ]
    if problems:
        raise DataError(problems)
    records = []
    for number, row in enumerate(table[_NAMES].itertuples(index=False), start=1):
        cells = []
        for column, value in zip(DECISIONS, row, strict=True):
            cell = value if column.exact else value.strip()
            fault = ""
            if column.needed and not cell.strip():
                fault = f"is empty; expected {column.meaning}."
            elif column.allowed and cell not in column.allowed:
                fault = f"'{cell}' is not one of the values it may have.{nearest(cell, column.allowed)}"
            elif column.name == "time" and cell and not is_time(cell):
                fault = f"'{cell}' is not a time; write 2019-01-14 or 2019-01-14T10:30, or leave it empty."
            elif not _is_plain(cell):
                fault = "holds a character that no text file can hold; plain text is expected."
            if fault:
                problems.append(Problem("decisions", f"decision {number}: {fault}", column=column.name))
            cells.append(cell)
        records.append(tuple(cells))
    if problems:
        raise DataError(problems)
    return records


def _is_plain(cell: str) -> bool:
    return "\0" not in cell and not any("\ud800" <= letter <= "\udfff" for letter in cell)


def _format_file(records: Iterable[tuple[str, ...]]) -> str:
    """Return the file of an import; its last line is how a reader knows that nothing was cut off."""
    rows = list(records)
    end = f"# end: {len(rows)} decision{'' if len(rows) == 1 else 's'}"
    return format_table(pd.DataFrame([*rows, (end, *[""] * (len(_NAMES) - 1))], columns=_NAMES, dtype="object"))


def _choose_name(home: Path, records: Iterable[tuple[str, ...]], text: str) -> str:
    newest = max((record[_NAMES.index("time")][:10] for record in records), default="") or "undated"
    digest = _hash(text)
    for length in range(_SHORTEST, len(digest), 4):
        name = f"{newest}-{digest[:length]}.csv"
        # A file of that name that holds something else was edited by hand: it is left alone.
        if not (home / name).exists() or (home / name).read_bytes() == text.encode():
            return name
    return f"{newest}-{digest}.csv"


def _sweep(home: Path) -> None:
    """Remove the temporary files that a killed import left behind."""
    for path in home.glob(".*.part") if home.is_dir() else ():
        try:
            path.unlink(missing_ok=True)
        except OSError:
            continue  # in use by another import, or not ours to remove: it is never read


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _list_records(table: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(table[_NAMES].itertuples(index=False, name=None))


def _sort_key(record: tuple[str, ...]) -> tuple[str, ...]:
    return (record[_NAMES.index("time")], *record)


def is_time(value: str) -> bool:
    """Return whether a cell is a year, month, day or minute that exists, written so that times sort as text.

    Examples
    --------
    >>> [is_time(value) for value in ("2019-01-14", "2019-01-14T10:30", "14/01/2019")]
    [True, True, False]
    """
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?)?)?", value):
        return False
    try:
        pd.Timestamp(value)
    except ValueError:
        return False
    return True
