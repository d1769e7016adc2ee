"""Tables that come back from Excel or LibreOffice: workbooks and text files, every cell as text with its address.

People save what they are sent in the way their machine proposes. So XLSX, ODS, UTF-8 and Windows-1252 CSV, semicolon
CSV and the tab-separated "Unicode text" are all read, and the header row is found wherever it stands. A file is looked
over before it is opened: its size, the sizes its zip directory states, and what its XML would grow to.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.parsers import expat

from mapping.error_cells import find_error_cells
from mapping.errors import DataError, Problem, nearest

__all__ = ["HEADER_WITHIN", "Sheet", "read_sheets"]

#: The header row may stand below so many other rows.
HEADER_WITHIN = 20

_MB = 1_000_000
_LARGEST_FILE = 25 * _MB
_LARGEST_ENTRY, _LARGEST_TOTAL, _MOST_ENTRIES = 100 * _MB, 200 * _MB, 5_000
_LARGEST_RATIO, _RATIO_FROM = 200, _MB
_MOST_CELLS, _MOST_LETTERS = 2_000_000, 20 * _MB
_LARGEST_CELL = 1_000_000
_SAVE_AS = 'Open it, choose "Save As" and "Excel Workbook (.xlsx)", without a password, and give that file.'
_XLSX, _ODS = "xl/workbook.xml", "application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True)
class Sheet:
    """A sheet, or a text file, in which a header row was found.

    Attributes
    ----------
    file, name : str
        Name of the file and of its sheet (empty for a text file).
    header : list of str
        The cells of the header row.
    rows : list of tuple
        For each row below the header: its number as Excel counts it, and its cells as text, as many as the header has.
    row : int
        Number of the header row.
    """

    file: str
    name: str
    header: list[str]
    rows: list[tuple[int, list[str]]]
    row: int

    def at(self, row: int, column: int) -> str:
        """Return where a cell stands, in words: file, sheet and address; ``column`` counts from 0.

        Examples
        --------
        >>> Sheet("review.xlsx", "Review", [], [], 1).at(7, 27)
        "review.xlsx, sheet 'Review', cell AB7"
        """
        letters, rest = "", column + 1
        while rest:
            rest, letter = divmod(rest - 1, 26)
            letters = chr(65 + letter) + letters
        sheet = f", sheet '{self.name}'" if self.name else ""
        return f"{self.file}{sheet}, cell {letters}{row}"


def read_sheets(
    path: str | Path, rate: Callable[[Sequence[str]], int], *, least: int, expected: str, name: str = ""
) -> tuple[list[Sheet], list[Problem]]:
    """Read the sheets of a file that have a header row.

    Parameters
    ----------
    path : str or Path
        XLSX, ODS, or a text file: CSV with commas or semicolons, or tab-separated; UTF-8, UTF-16 or Windows-1252.
    rate : callable
        Told the cells of a row; says how many of the expected column names it has.
    least : int
        A row with so many of them is a header. The row with the most among the first 21 is taken.
    expected : str
        The expected columns in words, for the error message.
    name : str
        How to call the file in messages; its own name by default.

    Returns
    -------
    sheets : list of Sheet
        Those with a header row; other sheets are passed over.
    notes : list of Problem
        What was guessed: Windows-1252 where the file is not UTF-8.

    Raises
    ------
    DataError
        For a file that is too large, damaged, protected or of another kind, or has no such header row: file, cause
        and remedy.
    """
    file = name or Path(path).name
    data = _read_bytes(Path(path), file)
    notes: list[Problem] = []
    faults: list[Problem] = []
    if data.startswith(b"PK"):
        grids = [_open_workbook(data, file)]
    else:
        grids = [[("", cells)] for cells in _split(_decode(data, file, notes), file, faults)]
    found = [
        [sheet for name, cells in grid if (sheet := _find_header(file, name, cells, rate, least))] for grid in grids
    ]
    # Of a text file cut at commas, at semicolons and at tabs, the right cut is that with the most column names.
    best = max(found, key=lambda sheets: max((rate(sheet.header) for sheet in sheets), default=0), default=[])
    if not best and faults:
        raise DataError(faults[:1])
    if not best:
        first = [f"'{cell}'" for _, cells in grids[0] for cell in next(filter(any, cells), []) if cell][:6]
        seen = f" Its first row has: {', '.join(first)}." if first else " It is empty."
        message = f"there is no header row within the first {HEADER_WITHIN + 1} rows. Expected {expected}.{seen}"
        raise DataError([Problem(file, message)])
    return best, notes


def _find_header(
    file: str, name: str, cells: list[list[str]], rate: Callable[[Sequence[str]], int], least: int
) -> Sheet | None:
    rates = [rate(row) for row in cells[: HEADER_WITHIN + 1]]
    if max(rates, default=0) < least:
        return None
    top = rates.index(max(rates))
    header = [cell.strip() for cell in cells[top]]
    width = max(len(row) for row in cells[top:])
    header += [""] * (width - len(header))
    rows = [(n, row + [""] * (width - len(row))) for n, row in enumerate(cells[top + 1 :], start=top + 2)]
    return Sheet(file, name, header, rows, top + 1)


def _read_bytes(path: Path, file: str) -> bytes:
    if not path.is_file():
        here = sorted(other.name for other in path.parent.iterdir()) if path.parent.is_dir() else []
        what = "is a folder; a file is expected" if path.is_dir() else "there is no such file"
        raise DataError([Problem(file, f"{what}, in {path.parent}.{nearest(path.name, here)}")])
    try:
        size = path.stat().st_size
        if size > _LARGEST_FILE:
            message = f"is {size / _MB:,.0f} MB; at most {_LARGEST_FILE // _MB} MB is read. Remove pictures and sheets."
            raise DataError([Problem(file, message)])
        data = path.read_bytes()
    except OSError as error:
        message = f"could not be read ({error.strerror or error}). Close it in Excel, or copy it, and try again."
        raise DataError([Problem(file, message)]) from error
    if not data.strip():
        raise DataError([Problem(file, "the file is empty. Give the workbook that was filled in.")])
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        message = f"is a workbook of Excel 97-2003 (.xls), or one with a password. {_SAVE_AS}"
        raise DataError([Problem(file, message)])
    if data.startswith(b"%PDF"):
        raise DataError([Problem(file, "is a PDF; give the workbook itself, or a CSV file saved from it.")])
    return data


# --- text files --------------------------------------------------------------------------------------------


def _decode(data: bytes, file: str, notes: list[Problem]) -> str:
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16")
        else:
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError:
                # Never latin-1: it accepts every byte and turns curly quotes into control characters.
                text = data.decode("cp1252")
                message = "is not UTF-8, so it was read as Windows-1252 (cp1252); letters that it cannot hold are lost."
                notes.append(Problem(file, message))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"is neither UTF-8, UTF-16 nor Windows-1252 text. {_SAVE_AS}"
        raise DataError([Problem(file, message, line)]) from error
    if "\0" in text:
        message = f"holds a NUL character: it is not a text file, or damaged. {_SAVE_AS}"
        raise DataError([Problem(file, message, text.count("\n", 0, text.index("\0")) + 1)])
    return text


def _split(text: str, file: str, faults: list[Problem]) -> list[list[list[str]]]:
    """Return the cells of a text file, cut in each way in which it can be cut; of the others, why not."""
    first, _, rest = text.partition("\n")
    told = first.strip().strip('"').casefold()
    marks = [",", ";", "\t"]
    if told.startswith("sep=") and len(told) == 5:
        # Excel reads this line as an order and does not show it, so it is not counted as a row.
        text, marks = rest, [told[4]]
    csv.field_size_limit(_LARGEST_CELL)
    cuts = []
    for mark in marks:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        try:
            cuts.append(list(reader))
        except csv.Error as error:
            message = f"the row is not valid CSV ({error}); a closing quotation mark may be missing. {_SAVE_AS}"
            faults.append(Problem(file, message, reader.line_num))
    if min((sum(map(len, cells)) for cells in cuts), default=0) > _MOST_CELLS:
        raise DataError([Problem(file, f"holds more than {_MOST_CELLS:,} cells. Remove what is not the table.")])
    return cuts


# --- workbooks ---------------------------------------------------------------------------------------------


def _open_workbook(data: bytes, file: str) -> list[tuple[str, list[list[str]]]]:
    """Return the sheets of a workbook with their cells as text, once it is known what it will grow to."""
    _look_over(data, file)
    from python_calamine import CalamineWorkbook

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            missed = find_error_cells(data)
            return [(name, _list_texts(book, name, missed.get(name, {}))) for name in book.sheet_names]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a fault inside the reader's own language is no Exception
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError([Problem(file, f"is damaged ({reason}). {_SAVE_AS}")]) from error


def _list_texts(book: Any, name: str, missed: dict[tuple[int, int], str]) -> list[list[str]]:
    rows = [[_say(cell) for cell in row] for row in _list_rows(book, name)]
    for (row, column), text in missed.items():
        # The reader shows these as empty cells: an answer that went wrong would pass for none.
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    return rows


def _list_rows(book: Any, name: str) -> list[list[Any]]:
    rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return rows


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _look_over(data: bytes, file: str) -> None:
    """Refuse a workbook that is damaged, of another kind, or would grow beyond the limits when it is opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            fault = _weigh(entries) or _find_kind_fault(archive)
            if not fault:
                parts = {
                    entry.filename: _read_part(archive, entry)
                    for entry in entries
                    if entry.filename.endswith((".xml", ".rels"))
                }
                fault = _find_part_fault(parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, OSError) as error:
        raise DataError([Problem(file, f"is damaged or was cut short ({error}). {_SAVE_AS}")]) from error
    except (expat.ExpatError, ValueError, LookupError, RecursionError) as error:
        raise DataError([Problem(file, f"holds XML that cannot be read ({error}). {_SAVE_AS}")]) from error
    if fault:
        raise DataError([Problem(file, fault)])


def _weigh(entries: Sequence[zipfile.ZipInfo]) -> str:
    """Return what is wrong with the sizes that a zip directory states."""
    names = [entry.filename for entry in entries]
    remedy = "Copy the table into a new workbook and give that."
    if len(entries) > _MOST_ENTRIES or len(set(names)) < len(names):
        return f"has {len(entries):,} parts, some of them under one name or more than {_MOST_ENTRIES:,}. {remedy}"
    for entry in entries:
        if entry.flag_bits & 1:
            return f"is protected with a password. {_SAVE_AS}"
        if entry.file_size > _LARGEST_ENTRY:
            size = f"{entry.file_size / _MB:,.0f} MB; at most {_LARGEST_ENTRY // _MB} MB is read"
            return f"its part '{entry.filename}' would unpack to {size}. {remedy}"
        if entry.file_size > _RATIO_FROM and entry.file_size > _LARGEST_RATIO * max(1, entry.compress_size):
            times = f"more than {_LARGEST_RATIO} times its size"
            return f"its part '{entry.filename}' would unpack to {times}, as only a trap or a fault does. {remedy}"
    if (total := sum(entry.file_size for entry in entries)) > _LARGEST_TOTAL:
        return f"would unpack to {total / _MB:,.0f} MB; at most {_LARGEST_TOTAL // _MB} MB is read. {remedy}"
    return ""


def _find_kind_fault(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if _XLSX in names:
        return ""
    if "mimetype" in names and archive.read("mimetype").decode("ascii", "replace").strip() == _ODS:
        return ""
    kinds = {"word/document.xml": "a Word document", "xl/workbook.bin": "a binary workbook (.xlsb)"}
    kind = next((kind for name, kind in kinds.items() if name in names), "an archive of another kind")
    return f"is {kind}; a workbook (.xlsx or .ods) or a CSV file is expected. {_SAVE_AS}"


def _read_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    # Reading in full proves that the directory told the truth: the size and the checksum are compared.
    with archive.open(entry) as part:
        return part.read(_LARGEST_ENTRY + 1)


def _find_part_fault(parts: dict[str, bytes]) -> str:
    for name, part in parts.items():
        if any("<!DOCTYPE".encode(code) in part for code in ("ascii", "utf-16-le", "utf-16-be")):
            return f"its part '{name}' has a DOCTYPE, which no workbook needs and which can hide a trap. {_SAVE_AS}"
    meter = _Meter()
    for name in ("xl/sharedStrings.xml", "content.xml", *sorted(parts)):
        if name in parts and (name == "content.xml" or name.startswith("xl/")):
            meter.read(parts.pop(name))
    if meter.cells > _MOST_CELLS or meter.letters > _MOST_LETTERS:
        return (
            f"its sheets reach over {meter.cells:,} cells with {meter.letters:,} characters; at most "
            f"{_MOST_CELLS:,} and {_MOST_LETTERS:,} are read. Copy the table into a new workbook and give that."
        )
    return ""


class _Meter:
    """Counts, without opening a workbook, how many cells its sheets reach over and how many characters they show."""

    def __init__(self) -> None:
        self.cells = 0
        self.letters = 0
        self._shared: list[int] = []

    def read(self, part: bytes) -> None:
        self._row = self._column = self._repeat = self._last_row = self._last_column = 0
        self._repeat_row = 1
        self._kind, self._counts = "", False
        self._letters, self._place = 0, ""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._hear
        parser.Parse(part, True)
        self.cells += self._last_row * self._last_column

    def _begin(self, name: str, given: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag in ("row", "table-row"):
            self._row, self._column = int(given.get("r", self._row + self._repeat_row)), 0
            self._repeat_row = _number(given, "number-rows-repeated")
        elif tag in ("table", "sheetData"):
            self.cells += self._last_row * self._last_column
            self._row = self._last_row = self._last_column = 0
            self._repeat_row = 1
        elif tag in ("c", "table-cell", "covered-table-cell"):
            address = given.get("r", "")
            letters = address.rstrip("0123456789")
            self._column = _count_letters(letters) if letters else self._column + 1
            # A cell's own address counts, whatever its row says: the reader goes by it.
            self._row = int(address[len(letters) :] or self._row)
            self._repeat = _number(given, "number-columns-repeated")
            self._kind, self._counts = given.get("t", ""), any(key.endswith("value-type") for key in given)
            self._letters, self._place = 0, ""
        elif tag == "si":
            self._letters = 0
        elif tag in ("v", "is"):
            self._counts = True

    def _hear(self, text: str) -> None:
        self._letters += len(text)
        if self._kind == "s":
            self._place = (self._place + text)[:12]

    def _end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "si":
            self._shared.append(self._letters)
        elif tag in ("c", "table-cell", "covered-table-cell"):
            if self._counts:
                place = int(self._place) if self._place.strip().isdecimal() else -1
                letters = self._shared[place] if 0 <= place < len(self._shared) else self._letters
                self.letters += letters * self._repeat * self._repeat_row
                self._last_row = max(self._last_row, self._row + self._repeat_row - 1)
                self._last_column = max(self._last_column, self._column + self._repeat - 1)
            self._column += self._repeat - 1
            self._kind = ""


def _number(given: dict[str, str], ending: str) -> int:
    return next((int(value) for key, value in given.items() if key.endswith(ending)), 1)


def _count_letters(letters: str) -> int:
    count = 0
    for letter in letters:
        count = count * 26 + ord(letter) - 64
    return count
