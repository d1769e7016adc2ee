"""Tables as CSV text that no spreadsheet runs as a formula, and how that is undone on reading."""

from __future__ import annotations

import csv
import io
import numbers
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.errors import OutputError
from mapping.files import write_file

__all__ = ["format_cell", "format_table", "sign", "unmark_formula", "write_table"]

# What Excel and LibreOffice take for the start of a formula (the OWASP list), full-width forms included.
_FORMULA_START = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def format_table(table: pd.DataFrame) -> str:
    """Return a table as CSV text: text that a spreadsheet would run as a formula gets an apostrophe in front.

    ``read_table`` takes that apostrophe off again, so that every text comes back to the letter. Numbers with a
    fraction are written with nine decimals at most, truth values as yes and no, missing values as empty cells.

    Examples
    --------
    >>> print(format_table(pd.DataFrame({"text": ["- Reduce harm"], "share": [0.25], "read": [True]})), end="")
    text,share,read
    '- Reduce harm,0.25,yes
    """
    rows = [[_mark_formula(str(name)) for name in table.columns]]
    rows += [[format_cell(value) for value in row] for row in table.itertuples(index=False, name=None)]
    return "".join(map(_format_row, rows))


def _format_row(cells: list[str]) -> str:
    buffer = io.StringIO(newline="")
    # The writer quotes the line ends it writes itself, so only "\r\n" makes it quote a lone "\r" (before Python 3.13).
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()[:-2] + "\n"


def write_table(path: str | Path, table: pd.DataFrame) -> Path:
    """Write ``format_table(table)`` to a file, whole or not at all, in UTF-8 that Excel knows for UTF-8.

    Raises
    ------
    OutputError
        When its name does not end with .csv: Excel would not open it.
    """
    if Path(path).suffix.casefold() != ".csv":
        raise OutputError(f"{path}: is written as CSV, which opens in Excel. Give a name that ends with .csv.")
    return write_file(path, sign(format_table(table)))


def sign(text: str) -> str:
    """Return a text with a byte order mark where it has letters beyond ASCII: without it Excel would misread them.

    Examples
    --------
    >>> sign("cafe"), sign("caf\u00e9") == "\ufeffcaf\u00e9"
    ('cafe', True)
    """
    return text if text.isascii() or text.startswith("\ufeff") else f"\ufeff{text}"


def format_cell(value: Any) -> str:
    """Return one value as it stands in our CSV files."""
    if isinstance(value, (bool,)) or type(value).__name__ == "bool_":
        return "yes" if value else "no"
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return _mark_formula(" | ".join(str(item) for item in items))
    if value is None or (isinstance(value, float) and value != value) or value is pd.NA:
        return ""
    if isinstance(value, float):
        number = f"{round(float(value), 9):.9f}".rstrip("0").rstrip(".")
        return "0" if number in ("-0", "") else number
    if isinstance(value, numbers.Integral):
        return str(int(value))
    return _mark_formula(str(value))


def _mark_formula(text: str) -> str:
    return "'" + text if text.lstrip("'").startswith(_FORMULA_START) else text


def unmark_formula(text: str) -> str:
    """Return a cell as it was before ``format_table`` kept it from being run."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA_START) else text
