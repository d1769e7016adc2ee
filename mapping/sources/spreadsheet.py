"""Workbooks and CSV files: every cell that holds something, with its address.

How far a sheet reaches is told by its cells, never by the range it declares: a file may declare two rows and hold a
million. What the cells would come to is reckoned from the bytes before a workbook is opened.
"""

from __future__ import annotations

import csv
import functools
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from mapping.sources.encoding import decode
from mapping.sources.gathering import Gathering
from mapping.sources.limits import MOST_CELLS, MOST_CHARACTERS, MOST_PASSAGES
from mapping.sources.marks import clean, split_mark, squeeze
from mapping.sources.package import Package
from mapping.sources.refusals import RefusedError

__all__ = ["read"]

_COPY = "Copy the table into a new workbook and give that."
# A cell that is not empty, with its address; a cell without content closes itself.
_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'](?:[^>]*[^/>])?>""")
_ROW = re.compile(rb"<(?:\w+:)?row[\s>]")
_STRING_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>(\d+)<""")
_UNSOLVED = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ITEM = re.compile(rb"<(?:\w+:)?si\s*/>|<(?:\w+:)?si\b.*?</(?:\w+:)?si>", re.DOTALL)
_TAG = re.compile(rb"<[^>]*>")
# Cells with a value; with words of their own in place of one; with an error.
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]")
_INLINE = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>[^<]+</(?:\w+:)?t>(?:</(?:\w+:)?r>)?</(?:\w+:)?is>\s*</(?:\w+:)?c>")
_ERROR = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\bt=["']e["']""")
_DELIMITERS = (",", ";", "\t", "|")
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_WORDS = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_LOOKED_AT = 200


def read(data: bytes, name: str, gathering: Gathering) -> None:
    """Read a workbook or a CSV file."""
    if not data.startswith(b"PK"):
        _read_csv(data, name, gathering)
    elif (package := Package(data)).names.keys() >= {"content.xml", "mimetype"}:
        _read_ods(package, gathering)
    else:
        _read_xlsx(data, package, gathering)
    if not gathering.rows:
        broken = next((said for said, _ in gathering.warnings if "could not be read" in said), "")
        if broken:
            raise RefusedError("E-DAMAGED", f"{broken} Open it in Excel or LibreOffice, save it anew, and give that.")
        raise RefusedError("E-NO-TEXT", "has no cell that holds something. Give the workbook that was filled in.")


def _add(gathering: Gathering, text: str, place: tuple[int, int, int], sheet: str) -> None:
    """Add a cell; lines in it that begin with a bullet or number stand for themselves."""
    text, wrong = clean(text)
    _, row, column = place
    address = f"{_letters(column)}{row}"
    if wrong:
        gathering.warn(f"cell {address} holds characters that no text may hold; each is shown as \ufffd.")
    lines = [squeeze(text)]
    if "\n" in text:
        parts = [squeeze(line) for line in text.split("\n")]
        lines = parts if sum(bool(split_mark(line)[0]) for line in parts) > 1 else lines
    cell = f"{_quote(sheet)}!{address}" if sheet else address
    for line in lines:
        mark, rest = split_mark(line)
        gathering.add_cell(rest if mark and rest else line, place, number=mark if rest else "", cell=cell)


@functools.cache
def _quote(sheet: str) -> str:
    """Return a sheet's name as it stands in an address: quoted if it has a blank or a sign, as Excel does."""
    return f"'{sheet}'" if re.search(r"[^\w.]", sheet) else sheet


@functools.cache
def _letters(column: int) -> str:
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


# --- CSV ---------------------------------------------------------------------------------------------------


def _read_csv(data: bytes, name: str, gathering: Gathering) -> None:
    text, note = decode(data)
    if note:
        gathering.warn(note)
    first, _, rest = text.partition("\n")
    told = first.strip().strip('"').casefold()
    if told.startswith("sep=") and len(told) == 5:
        # Excel reads this line as an order and does not show it, so it is not counted as a row.
        text, mark = rest, told[4]
    else:
        mark = "\t" if name.lower().endswith((".tsv", ".tab")) else _find_delimiter(text)
    csv.field_size_limit(MOST_CHARACTERS)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        gathering.warn(f"has quotation marks that do not match ({error}), so they were read as letters.")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, quoting=csv.QUOTE_NONE))
    for number, row in enumerate(rows, start=1):
        gathering.count_cells(len(row))
        for column, cell in enumerate(row, start=1):
            if cell.strip():
                _add(gathering, cell, (1, number, column), "")
    widths = Counter(len(row) for row in rows if row)
    if len(widths) > 1 and rows:
        usual = widths.most_common(1)[0][0]
        odd = next(number for number, row in enumerate(rows, start=1) if row and len(row) != usual)
        count = sum(widths.values()) - widths[usual]
        gathering.warn(f"most rows have {usual} cells, but {count} have more or fewer; the first is row {odd}.")


def _find_delimiter(text: str) -> str:
    """Return the sign that cuts most rows into the same number of cells, more than one."""
    lines = text[:200_000].splitlines()[:_LOOKED_AT]
    best = (0, 0, ",")
    for mark in _DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if row)
        except csv.Error:
            continue
        width, rows = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
        if width > 1 and (rows, width) > best[:2]:
            best = (rows, width, mark)
    return best[2]


# --- XLSX --------------------------------------------------------------------------------------------------


def _read_xlsx(data: bytes, package: Package, gathering: Gathering) -> None:
    filled = _reckon(package, gathering)
    from python_calamine import CalamineWorkbook

    found = 0
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            hidden = [sheet.name for sheet in book.sheets_metadata if not str(sheet.visible).endswith(".Visible")]
            for number, name in enumerate(book.sheet_names, start=1):
                found += _read_sheet(book, name, number, gathering)
    except (KeyboardInterrupt, SystemExit, MemoryError, RefusedError):
        raise
    except BaseException as error:  # a fault inside the reader's own language is no Exception
        if isinstance(error, OSError):
            raise
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        remedy = "Open it in Excel or LibreOffice, save it anew without a password, and give that."
        raise RefusedError("E-DAMAGED", f"is damaged ({reason[:200]}). {remedy}") from error
    if found < filled:
        gathering.warn(f"holds {filled:,} cells with content, of which {found:,} were read: compare with the sheets.")
    for name in hidden:
        gathering.warn(f"its sheet '{name}' is hidden; it is read like the rest.")


def _read_sheet(book: Any, name: str, number: int, gathering: Gathering) -> int:
    try:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        gathering.warn(f"its sheet '{name}' could not be read ({reason[:200]}).")
        return 0
    found = 0
    for row, cells in enumerate(rows, start=1):
        gathering.count_cells(len(cells))
        for column, cell in enumerate(cells, start=1):
            if cell is not None and cell != "":
                found += 1
                text = cell if isinstance(cell, str) else _say(cell)
                if not text.isspace():
                    _add(gathering, text, (number, row, column), name)
    return found


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


def _reckon(package: Package, gathering: Gathering) -> int:
    """Refuse a workbook whose cells reach over, or show, more than the limits; return how many hold something.

    Looks at the bytes of the sheets, as the directory of the zip file and the declared ranges say nothing of it.
    """
    cells = filled = unsolved = 0
    furthest = (0, "")
    sheets: list[bytes] = []
    for name in sorted(package.names):
        if not name.endswith((".xml", ".rels")):
            continue
        part = package.read(name)
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            places = Counter(_CELL.findall(part))
            if places:
                columns = {letters: _number(letters) for letters, _ in places}
                reach = max(int(row) for _, row in places) * max(columns.values())
                cells += reach
                last = max(places, key=lambda place: (int(place[1]), columns[place[0]]))
                furthest = max(furthest, (reach, b"".join(last).decode()))
            filled += len(_VALUE.findall(part)) + len(_INLINE.findall(part))
            unsolved += len(_UNSOLVED.findall(part))
            sheets.append(part)
        elif name.startswith(("xl/comments", "xl/threadedComments")):
            gathering.warn("has comments, which are not read.")
        elif name.startswith("xl/drawings/") and re.search(rb"<a:t>\s*[^<\s]", part):
            gathering.warn("has text boxes or shapes with words, which are not read.")
    items = _ITEM.findall(package.read("xl/sharedStrings.xml"))
    letters = _count_letters(items, sheets)
    if cells > MOST_CELLS:
        message = f"its sheets reach over {cells:,} cells, as far as {furthest[1]}; at most {MOST_CELLS:,} are read."
        raise RefusedError("E-TOO-MUCH", f"{message} Delete what stands far out and alone, or give a copy of the rest.")
    if letters > MOST_CHARACTERS:
        message = f"its sheets show {letters:,} characters; at most {MOST_CHARACTERS:,} are read."
        raise RefusedError("E-TOO-MUCH", f"{message} {_COPY}")
    if filled > MOST_PASSAGES:
        raise RefusedError("E-TOO-MUCH", f"has {filled:,} filled cells; at most {MOST_PASSAGES:,} are read. {_COPY}")
    if unsolved:
        message = f"has {unsolved:,} formulas without a saved result, whose cells are empty here."
        gathering.warn(f"{message} Open it in Excel, save it, and give that.")
    errors = sum(len(_ERROR.findall(part)) for part in sheets)
    if errors:
        gathering.warn(f"has {errors:,} cells that hold an error, such as #REF!, and are empty here.")
    return filled - sum(_count_empty(items, part) for part in sheets)


def _count_empty(items: Sequence[bytes], part: bytes) -> int:
    """Return how many cells of a sheet hold an error, or a text that is empty: with a value, and yet with no words."""
    empty = {str(place).encode() for place, item in enumerate(items) if not _TAG.sub(b"", item)}
    shown = Counter(_STRING_CELL.findall(part)) if empty else Counter()
    return len(_ERROR.findall(part)) + sum(times for place, times in shown.items() if place in empty)


def _count_letters(items: Sequence[bytes], sheets: Sequence[bytes]) -> int:
    """Return how many characters the cells show: a long text that is stored once may be shown in every cell."""
    longest = max(map(len, items), default=0)
    shown = sum(part.count(b't="s"') + part.count(b"t='s'") for part in sheets)
    if longest * shown <= MOST_CHARACTERS:
        return 0
    lengths = [len(_TAG.sub(b"", item)) for item in items]
    total = 0
    for part in sheets:
        for place, times in Counter(_STRING_CELL.findall(part)).items():
            total += lengths[int(place)] * times if len(place) < 9 and int(place) < len(lengths) else 0
    return total


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# --- ODS ---------------------------------------------------------------------------------------------------


def _read_ods(package: Package, gathering: Gathering) -> None:
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise RefusedError("E-ENCRYPTED", "is protected with a password. Save a copy without one, and give that.")
    root = package.parse("content.xml", needed=True)
    for number, sheet in enumerate(root.iter(f"{{{_TABLE}}}table"), start=1):
        name, row = sheet.get(f"{{{_TABLE}}}name", ""), 0
        for line in sheet.iter(f"{{{_TABLE}}}table-row"):
            repeat = _repeats(line, "number-rows-repeated")
            cells = list(_list_cells(line, gathering))
            # Rows without content may be repeated to the end of the sheet.
            for _ in range(repeat if cells else 0):
                row += 1
                gathering.count_cells(cells[-1][0])
                for column, text in cells:
                    _add(gathering, text, (number, row, column), name)
            row += 0 if cells else repeat


def _list_cells(line: Any, gathering: Gathering) -> Iterator[tuple[int, str]]:
    column = 0
    for cell in line:
        if cell.tag not in (f"{{{_TABLE}}}table-cell", f"{{{_TABLE}}}covered-table-cell"):
            continue
        repeat = _repeats(cell, "number-columns-repeated")
        lines = []
        for child in cell:
            if child.tag == f"{{{_WORDS}}}p":
                lines.append("".join(child.itertext()))
            elif child.tag == f"{{{_WORDS}}}list":
                lines += ["".join(item.itertext()) for item in child.iter(f"{{{_WORDS}}}p")]
            elif str(child.tag).endswith("}annotation"):
                gathering.warn("has comments, which are not read.")
            elif any(map(str.strip, child.itertext())):
                gathering.warn("has text boxes or shapes with words, which are not read.")
        text = "\n".join(lines)
        if text.strip():
            gathering.count_cells(repeat)
            for place in range(column + 1, column + repeat + 1):
                yield place, text
        column += repeat


def _repeats(element: Any, name: str) -> int:
    text = element.get(f"{{{_TABLE}}}{name}", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 9 else 1
