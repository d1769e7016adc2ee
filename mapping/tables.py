"""Tables as an officer keeps them: CSV files that are read as plain text, checked cell by cell, and written safely.

Everything is text: "NA" stays "NA", 007 stays 007, and nothing is guessed to be a date or a number.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.csv_format import unmark_formula
from mapping.errors import DataError, Problem, nearest
from mapping.letters import close_directions, list_odd_letters

__all__ = [
    "Column",
    "each_row",
    "fold",
    "read_column",
    "read_table",
    "read_text_table",
    "read_yaml",
]

_LARGEST_FILE = 100 * 1024 * 1024
_LARGEST_CELL = 1_000_000
_SAVE_AS = 'In Excel choose "Save As" and "CSV UTF-8 (Comma delimited)".'


@dataclass(frozen=True)
class Column:
    """One column of a table in ``data/``: its name, what it says, and what its cells may hold.

    Attributes
    ----------
    name, meaning : str
        The header, and one sentence for people.
    needed : bool
        Whether every cell must hold something.
    allowed : tuple of str
        The only values a cell may have; empty means any text.
    exact : bool
        Keep the cell to the letter; otherwise spaces at its ends are removed.
    optional : bool
        Whether the whole column may be missing (its cells are then empty).
    longest : int or None
        Most characters a cell may have.
    """

    name: str
    meaning: str
    needed: bool = False
    allowed: tuple[str, ...] = ()
    exact: bool = False
    optional: bool = False
    longest: int | None = None


def each_row(table: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table as named tuples: ``row.board``, ``row.name`` ..."""
    return iter(table.itertuples(index=False))


def fold(text: str) -> str:
    r"""Return a text as it is compared with another: case, spaces, punctuation and letter forms folded.

    Examples
    --------
    >>> fold("Children,  Families &\u00a0Learner\u2019s Board") == fold("children families & learners board")
    True
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub("[\u00ad\u200b-\u200d\u2060\ufeff'\u2019\u02bc]", "", plain)
    return " ".join(re.sub(r"[^\w&%£+]|_", " ", plain).split())


# --- reading -----------------------------------------------------------------------------------------------


def read_table(
    path: str | Path, columns: Sequence[Column], key: str = "", *, name: str = ""
) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a CSV file whose columns are known.

    Parameters
    ----------
    path : str or Path
        The file: UTF-8 (with or without a byte order mark), commas, one header line. A row that has only one
        filled cell, in its first column and beginning with "# ", is a comment.
    columns : sequence of Column
        The columns and what their cells may hold.
    key : str
        Column whose values may not repeat.
    name : str
        How to call the file in messages; its own name by default.

    Returns
    -------
    table : DataFrame
        One row per record: the columns in their stated order, all text, and ``line``, the line of the file on
        which the record begins.
    warnings : list of Problem
        What was odd but usable: columns that are not used, letters that mislead (``list_odd_letters``).

    Raises
    ------
    DataError
        With every problem found, each with line, column, what was found and what would be right.
    """
    file = name or Path(path).name
    rows = _read_rows(Path(path), file)
    if not rows:
        raise DataError([Problem(file, f"the file is empty. Expected the header: {_names(columns)}.")])
    (_, header), *body = rows
    positions, problems, warnings = _match_header(file, header, columns)
    if problems:
        raise DataError(problems)
    records: list[dict[str, Any]] = []
    for line, cells in body:
        if _is_comment(cells) or not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problems.append(Problem(file, _wrong_width(len(cells), len(header)), line))
            continue
        record: dict[str, Any] = {"line": line}
        for column in columns:
            cell = cells[positions[column.name]] if column.name in positions else ""
            record[column.name], problem = _check_cell(unmark_formula(cell), column)
            if problem:
                problems.append(Problem(file, problem, line, column.name))
            warnings.extend(Problem(file, said, line, column.name) for said in list_odd_letters(cell))
        records.append(record)
    if key:
        problems.extend(_find_repeats(file, records, key))
    if problems:
        raise DataError(sorted(problems, key=lambda problem: problem.line or 0))
    return pd.DataFrame(records, columns=[*(column.name for column in columns), "line"]), warnings


def read_column(path: str | Path, column: str) -> pd.Series[str]:
    """Read one column of any CSV file as text; the index is the line of the file on which each row begins.

    Raises
    ------
    DataError
        When the file cannot be read or has no such column; the message names the nearest.
    """
    table = read_text_table(path)
    if column not in table:
        known = [name for name in table.columns if name != "line"]
        raise DataError([Problem(Path(path).name, f"there is no column '{column}'.{nearest(column, known)}", 1)])
    return pd.Series(list(table[column]), index=list(table["line"]), dtype="object", name=column)


def read_text_table(path: str | Path) -> pd.DataFrame:
    """Read any CSV file as text: its own columns, and ``line``, on which each row begins; blank rows are passed over.

    Raises
    ------
    DataError
        When the file cannot be read, or a row has more or fewer cells than the header.
    """
    file = Path(path).name
    rows = _read_rows(Path(path), file)
    if not rows:
        raise DataError([Problem(file, "the file is empty. Expected a header line and rows.")])
    header = [cell.strip() for cell in rows[0][1]]
    body = [(line, cells) for line, cells in rows[1:] if any(cell.strip() for cell in cells)]
    problems = [
        Problem(file, _wrong_width(len(cells), len(header)), line) for line, cells in body if len(cells) != len(header)
    ]
    if problems:
        raise DataError(problems)
    records = [[*(unmark_formula(cell) for cell in cells), line] for line, cells in body]
    return pd.DataFrame(records, columns=[*header, "line"])


def _read_rows(path: Path, file: str) -> list[tuple[int, list[str]]]:
    """Return the records of a CSV file with the line on which each begins."""
    text = _decode(_read_bytes(path, file), file)
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            rows.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise DataError([Problem(file, _csv_fault(str(error)), begins)]) from error
    return rows


def _read_bytes(path: Path, file: str) -> bytes:
    if path.is_dir():
        raise DataError([Problem(file, f"is a folder; a CSV file is expected at {path}.")])
    if not path.is_file():
        here = sorted(other.name for other in path.parent.iterdir()) if path.parent.is_dir() else []
        raise DataError([Problem(file, f"there is no such file in {path.parent}.{nearest(path.name, here)}")])
    size = path.stat().st_size
    if size > _LARGEST_FILE:
        raise DataError([Problem(file, f"is {size / 1e6:,.0f} MB; at most 100 MB is read.")])
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError([Problem(file, f"could not be read ({error.strerror}).")]) from error


def _decode(data: bytes, file: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError([Problem(file, f"is UTF-16 text; UTF-8 is expected. {_SAVE_AS}")])
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise DataError([Problem(file, f"is an Excel workbook with a CSV name; CSV is expected. {_SAVE_AS}")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        data = error.object  # without the byte order mark, as error.start counts
        line, byte = data.count(b"\n", 0, error.start) + 1, data[error.start]
        place = error.start - data.rfind(b"\n", 0, error.start)
        seen = bytes([byte]).decode("cp1252", errors="replace")
        found = f"byte {place} of the line is 0x{byte:02X}, which is not UTF-8 (Windows would show it as {seen})."
        raise DataError([Problem(file, f"{found} {_SAVE_AS}", line)]) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataError([Problem(file, f"holds a NUL character; plain text is expected. {_SAVE_AS}", line)])
    return text


def _match_header(
    file: str, header: list[str], columns: Sequence[Column]
) -> tuple[dict[str, int], list[Problem], list[Problem]]:
    names = [cell.strip() for cell in header]
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "upright bars")):
        if len(names) == 1 and mark in names[0]:
            message = f"the columns are separated by {word}; commas are expected. {_SAVE_AS}"
            return {}, [Problem(file, message, 1)], []
    if names and names[0].casefold().startswith("sep="):
        return {}, [Problem(file, f"begins with a line '{names[0]}'; the header is expected there. {_SAVE_AS}", 1)], []
    known = {column.name for column in columns}
    for name in sorted({name for name in names if name in known and names.count(name) > 1}):
        problems.append(Problem(file, "stands twice in the header; keep one of the two.", 1, name))
    extra = [name for name in names if name not in known]
    for column in columns:
        if column.name not in names and not column.optional:
            hint = nearest(column.name, extra) if extra else f" Found: {', '.join(names)}."
            hint = hint.replace(" Known:", " Columns not recognised:")
            problems.append(Problem(file, f"the column is missing.{hint}", 1, column.name))
    for name in extra:
        if name:
            hint = nearest(name, [c.name for c in columns if c.name not in names]).split(" Known:")[0]
            warnings.append(Problem(file, f"the column is not used.{hint}", 1, name))
    return {name: names.index(name) for name in names if name in known}, problems, warnings


def _check_cell(cell: str, column: Column) -> tuple[str, str]:
    """Return the value of a cell and, when it cannot be used, why."""
    value = cell if column.exact else close_directions(cell.strip())
    if not value.strip():
        return ("", f"is empty; expected {column.meaning}.") if column.needed else ("", "")
    if column.allowed:
        by_fold = {fold(option): option for option in column.allowed}
        if fold(value) in by_fold:
            return by_fold[fold(value)], ""
        return value, f"'{value}' is not one of the values it may have.{nearest(value, column.allowed)}"
    if column.longest and len(value) > column.longest:
        return (
            value,
            f"'{value}' has {len(value)} characters; at most {column.longest} fit. Write a shorter form by hand.",
        )
    return value, ""


def _find_repeats(file: str, records: Iterable[Mapping[str, Any]], key: str) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for record in records:
        value = record[key].casefold()
        if value in first:
            message = f"'{record[key]}' was already used on line {first[value]}; every {key} needs an id of its own."
            problems.append(Problem(file, message, record["line"], key))
        elif value:
            first[value] = record["line"]
    return problems


def _is_comment(cells: list[str]) -> bool:
    return bool(cells) and cells[0].startswith("# ") and not any(cell.strip() for cell in cells[1:])


def _wrong_width(found: int, expected: int) -> str:
    return (
        f"the row has {found} cells where the header has {expected}. A text that holds a comma or a line break "
        "must stand inside double quotes."
    )


def _csv_fault(reason: str) -> str:
    if "field larger" in reason:
        return f"a cell holds more than {_LARGEST_CELL:,} characters; is a closing quotation mark missing?"
    if "unexpected end" in reason:
        return "the file ends inside a quoted cell that begins in this row; a closing quotation mark is missing."
    return f"the row is not valid CSV ({reason}). Quotation marks inside a text must be doubled."


def _names(columns: Sequence[Column]) -> str:
    return ",".join(column.name for column in columns)


def read_yaml(path: str | Path, keys: Mapping[str, str], *, needed: Iterable[str] = ()) -> dict[str, str]:
    """Read a small YAML file of plain ``key: value`` lines; every value is returned as text.

    Parameters
    ----------
    path : str or Path
        The file.
    keys : mapping
        The keys it may have, each with its meaning.
    needed : iterable of str
        The keys it must have.

    Raises
    ------
    DataError
        For a key that is not known, that stands twice, that is missing, or a value that is not plain text.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.events import AliasEvent

    file = Path(path).name
    text = _decode(_read_bytes(Path(path), file), file)
    try:
        # The base constructor leaves every value as the text that stands in the file: no dates, no numbers.
        if any(isinstance(event, AliasEvent) for event in YAML(typ="base", pure=True).parse(text)):
            raise DataError([Problem(file, "uses an alias (*name); write the value out instead.")])
        loaded: object = YAML(typ="base", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else None
        reason = str(error.problem or "not valid YAML").splitlines()[0]
        raise DataError([Problem(file, f'{reason}. Expected lines of the form key: "value".', line)]) from error
    except YAMLError as error:
        raise DataError([Problem(file, f"is not valid YAML ({error}).")]) from error
    if not isinstance(loaded, dict):
        raise DataError([Problem(file, 'expected lines of the form key: "value".')])
    problems = []
    for name, value in loaded.items():
        if name not in keys:
            problems.append(Problem(file, f"the key is not known.{nearest(str(name), keys)}", column=str(name)))
        elif not isinstance(value, str):
            problems.append(Problem(file, "a plain text is expected, not a list or a group.", column=str(name)))
    for name in needed:
        if not str(loaded.get(name) or "").strip():
            problems.append(Problem(file, f"is missing; expected {keys[name]}.", column=name))
    if problems:
        raise DataError(problems)
    return {name: close_directions(str(loaded.get(name) or "")) for name in keys}
