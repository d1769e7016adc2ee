"""What people do to a review sheet in Excel before they send it back, and the formats in which they save it.

Each edit works on a filled-in sheet of a made-up city and says what an import must make of it: the records that are
read, or the cells that the refusal names.
"""

from __future__ import annotations

import csv
import io
import random
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from conftest import CITY, edit, write_city

from mapping.errors import DataError
from mapping.ledger import read_decisions
from mapping.outputs.review_workbook import write_review
from mapping.partnership import read_partnership
from mapping.review_import import import_reviews
from mapping.schema import DECISIONS
from mapping.tags import Run, tag

NAMES = [column.name for column in DECISIONS]
DAY = date(2019, 1, 14)
Record = tuple[str, ...]

#: Texts with what people and programs do damage to: quotes, dashes, a Welsh letter, a formula, commas, line breaks.
TEXTS = (
    "A heating plan for the town hall", "- Heating near the T\u0175r, for \u00a35",
    "Heating \u2013 the caretaker's own plan", "=heating of the office", 'Heating for "gun" dogs; parks, too',
    "Heating of the caf\u00e9", "Heating in\ntwo lines", "Heating of the children's library", "Training: 1-2",
    "The tenants' heating", "007 heating", "Training & more",
)  # fmt: skip


def write_review_city(folder: Path) -> Path:
    """Write a made-up city that has a dozen doubtful tags, and a few decisions of its own."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for n, text in enumerate(TEXTS, start=11):
        writer.writerow([f"HOM-{n}", "HOM-S", text, "verbatim", "priority", "", "Homes Strategy", ""])
    own = CITY["decisions.csv"] + "millbrook-themes,HOM-01,homes,confirm,Insulate cold homes,EF,2019-01-02,by hand\n"
    changes = edit("priorities.csv", ("RIV-01,", buffer.getvalue() + "RIV-01,"))
    return write_city(folder, {**changes, "decisions.csv": own})


# --- a filled-in sheet, and what people do to it -----------------------------------------------------------


@dataclass
class Book:
    """A workbook as plain cells: its sheets by name, and the rows that a filter hides."""

    sheets: dict[str, list[list[Any]]]
    hidden: set[int] = field(default_factory=set)
    name: str = "Review"

    @property
    def rows(self) -> list[list[Any]]:
        """The rows of the review sheet, the header first."""
        return self.sheets[self.name]

    def place(self, head: str) -> int:
        return next(row.index(head) for row in self.rows if head in row)

    def column(self, head: str, change: Callable[[Any], Any]) -> None:
        """Change every cell of a column below the header."""
        place = self.place(head)
        for row in self.rows[1:]:
            row[place] = change(row[place])

    def put(self, row: int, head: str, value: Any) -> None:
        self.rows[row][self.place(head)] = value

    def cell(self, row: int, head: str) -> str:
        """Return the address of a cell, by the place of its row (the header is 0)."""
        return f"cell {openpyxl.utils.get_column_letter(self.place(head) + 1)}{row + 1}"


@dataclass(frozen=True)
class Base:
    """A run, its exported review filled in by AB, and what the answers say."""

    run: Run
    book: Book
    records: list[Record]


def fill_in(run: Run, folder: Path, reviewer: str = "AB", shift: int = 0) -> Base:
    """Export a review and answer it: every row but two."""
    path = write_review(run, folder / f"{reviewer}.xlsx", top=24, reviewer=reviewer)
    loaded = openpyxl.load_workbook(path)
    book = Book({sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in loaded})
    answers = ["Confirm", "Reject", "Add", "Unsure", "Reject", "Confirm"]
    texts = dict(zip(run.priorities["priority"], run.priorities["text"], strict=True))
    records = []
    for n, row in enumerate(book.rows[1:], start=1):
        if n in (10, 13):
            continue
        answer, note = answers[(n + shift) % len(answers)], f"because \u2018{n}\u2019" if n % 3 == 0 else ""
        for head, value in (("Decision", answer), ("Note", note or None), ("Date", DAY)):
            book.put(n, head, value)
        keys = [row[book.place(f"Key: {name}")] for name in ("framework", "priority", "theme")]
        records.append((*keys, answer.lower(), texts[keys[1]], reviewer, DAY.isoformat(), note))
    return Base(run, book, sorted(records))


def copy_book(book: Book) -> Book:
    return Book({name: [list(row) for row in rows] for name, rows in book.sheets.items()}, set(book.hidden), book.name)


#: What an edit leads to: the records that must be read, or the cells that a refusal must name.
Outcome = list[Record] | tuple[str, ...]
Script = Callable[[Book, Base, Base], Outcome]


def move_columns(book: Book, base: Base, other: Base) -> Outcome:
    order = list(range(len(book.rows[0])))
    random.Random(7).shuffle(order)
    book.rows[:] = [[row[place] for place in order] for row in book.rows]
    return base.records


def add_column(book: Book, base: Base, other: Base) -> Outcome:
    for n, row in enumerate(book.rows):
        row.insert(3, f"rank {n}" if n else "My ranking")
    return base.records


def rename_columns(book: Book, base: Base, other: Base) -> Outcome:
    for old, new in (("Decision", "Decison"), ("Note", "COMMENTS"), ("Date", " date: ")):
        book.rows[0][book.place(old)] = new
    return base.records


def sort_rows(book: Book, base: Base, other: Base) -> Outcome:
    place = book.place("Priority")
    book.rows[1:] = sorted(book.rows[1:], key=lambda row: str(row[place]), reverse=True)
    return base.records


def delete_rows(book: Book, base: Base, other: Base) -> Outcome:
    place = book.place("Key: priority")
    gone = {(book.rows[n][place], book.rows[n][book.place("Key: theme")]) for n in (2, 5)}
    for n in (5, 2):
        del book.rows[n]
    return [record for record in base.records if (record[1], record[2]) not in gone]


def duplicate_rows(book: Book, base: Base, other: Base) -> Outcome:
    book.rows.extend(list(row) for row in book.rows[2:6])
    return base.records


def answer_with_synonyms(book: Book, base: Base, other: Base) -> Outcome:
    words = {"Confirm": "Accept ", "Reject": " decline", "Add": "Added", "Unsure": "Don\u2019t know"}
    book.column("Decision", lambda cell: words.get(cell, cell))
    return base.records


def mistype(book: Book, base: Base, other: Base) -> Outcome:
    book.put(2, "Decision", "accpet")
    book.put(6, "Decision", "Perhaps")
    return (f"{book.cell(2, 'Decision')}: 'accpet'", f"{book.cell(6, 'Decision')}: 'Perhaps'", "Did you mean 'accept'")


def write_dates(book: Book, base: Base, other: Base) -> Outcome:
    said = ["14/01/2019", "14 January 2019", "2019-01-14", DAY, "14.1.2019", "Monday 14 Jan 2019", "14-01-19"]
    place = book.place("Date")
    for n, row in enumerate(book.rows[1:]):
        row[place] = said[n % len(said)] if row[place] else None
    return base.records


def mistype_a_date(book: Book, base: Base, other: Base) -> Outcome:
    book.put(2, "Date", "31/02/2019")
    book.put(3, "Date", "01/14/2019")
    return f"{book.cell(2, 'Date')}: '31/02/2019'", f"{book.cell(3, 'Date')}: '01/14/2019'"


def leave_the_filter_on(book: Book, base: Base, other: Base) -> Outcome:
    book.hidden = {3, 4, 5, 6}
    return base.records


def merge_copies(book: Book, base: Base, other: Base) -> Outcome:
    book.rows.extend(list(row) for row in other.book.rows)
    return sorted([*base.records, *other.records])


def trail_blanks(book: Book, base: Base, other: Base) -> Outcome:
    book.rows.extend([None] * len(book.rows[0]) for _ in range(300))
    book.rows[-5][1] = "  "
    return base.records


def push_the_header_down(book: Book, base: Base, other: Base) -> Outcome:
    wide = len(book.rows[0])
    book.rows[:0] = [["Returned by AB", *[None] * (wide - 1)], *[[None] * wide for _ in range(6)]]
    return base.records


def add_a_note_column(book: Book, base: Base, other: Base) -> Outcome:
    for n, row in enumerate(book.rows):
        row.insert(9, "Second opinion" if not n else f"ask {n}")
    return base.records


def hide_rows_and_blank_lines(book: Book, base: Base, other: Base) -> Outcome:
    book.rows.insert(4, [None] * len(book.rows[0]))
    book.rows.insert(8, ["For the board meeting:", *[None] * (len(book.rows[0]) - 1)])
    book.hidden = {2, 9}
    return base.records


def type_numbers(book: Book, base: Base, other: Base) -> Outcome:
    book.column("Note", lambda cell: 12 if cell else None)
    book.column("Reviewer", lambda cell: "12")
    return sorted((*record[:5], "12", record[6], "12" if record[7] else "") for record in base.records)


def clear_a_row(book: Book, base: Base, other: Base) -> Outcome:
    keys = tuple(book.rows[2][book.place(f"Key: {name}")] for name in ("framework", "priority", "theme"))
    book.rows[2] = [None] * len(book.rows[2])
    return [record for record in base.records if record[:3] != keys]


def rename_the_sheet(book: Book, base: Base, other: Base) -> Outcome:
    book.sheets = {("Sheet1" if name == book.name else name): rows for name, rows in book.sheets.items()}
    book.name = "Sheet1"
    return base.records


def change_the_order_of_sheets(book: Book, base: Base, other: Base) -> Outcome:
    book.sheets = dict(reversed(book.sheets.items()))
    return base.records


def add_a_sheet(book: Book, base: Base, other: Base) -> Outcome:
    pivot = [["Row Labels", "Count of Decision"], ["Confirm", 4], ["Reject", 5], ["Priority", 3]]
    book.sheets = {"Pivot": pivot, **book.sheets}
    return base.records


def put_no_break_spaces(book: Book, base: Base, other: Base) -> Outcome:
    book.column("Decision", lambda cell: f"\u00a0{cell}\u00a0" if cell else cell)
    book.column("Reviewer", lambda cell: f"{cell}\u00a0")
    book.column("Priority", lambda cell: cell.replace(" ", "\u00a0"))
    book.rows[0] = [head.replace(" ", "\u00a0") for head in book.rows[0]]
    return base.records


def write_capitals(book: Book, base: Base, other: Base) -> Outcome:
    book.column("Decision", lambda cell: cell.upper() if cell else cell)
    return base.records


def curl_the_quotes(book: Book, base: Base, other: Base) -> Outcome:
    for head in ("Priority", "Key: words as judged"):
        book.column(head, lambda cell: cell.replace("'", "\u2019").replace('"', "\u201d"))
    return base.records


def cut_a_text(book: Book, base: Base, other: Base) -> Outcome:
    row = next(n for n, cells in enumerate(book.rows) if n and cells[book.place("Decision")])
    book.put(row, "Priority", book.rows[row][book.place("Priority")][:8])
    return f"{book.cell(row, 'Priority')}: the text was edited", "Put it back"


def contradict(book: Book, base: Base, other: Base) -> Outcome:
    row = list(book.rows[1])
    row[book.place("Decision")] = "Confirm" if row[book.place("Decision")] == "Reject" else "Reject"
    book.rows.append(row)
    return f"{book.cell(len(book.rows) - 1, 'Decision')}: AB says", f"{book.cell(1, 'Decision')}. Keep one of the two"


def delete_a_key(book: Book, base: Base, other: Base) -> Outcome:
    place = book.place("Key: theme")
    book.rows[:] = [[*row[:place], *row[place + 1 :]] for row in book.rows]
    return ("the column 'Key: theme' is missing",)


def sort_without_the_keys(book: Book, base: Base, other: Base) -> Outcome:
    first = book.place("Key: framework")
    shown = [row[:first] for row in book.rows[1:]]
    shown = shown[1:] + shown[:1]
    book.rows[1:] = [left + row[first:] for left, row in zip(shown, book.rows[1:], strict=True)]
    return (f"{book.cell(1, 'Ref')}: the row shows", f"{book.cell(2, 'Ref')}: the row shows", "pulled rows apart")


def leave_the_reviewer_out(book: Book, base: Base, other: Base) -> Outcome:
    book.put(2, "Reviewer", None)
    book.put(3, "Reviewer", " ")
    return f"{book.cell(2, 'Reviewer')}: is empty", f"{book.cell(3, 'Reviewer')}: is empty", "--reviewer"


def rename_a_column_beyond_recognition(book: Book, base: Base, other: Base) -> Outcome:
    book.rows[0][book.place("Note")] = "What I think"
    return "the column 'Note' is missing", "'What I think'"


def damage_an_id(book: Book, base: Base, other: Base) -> Outcome:
    row = next(n for n, cells in enumerate(book.rows) if n and cells[book.place("Decision")])
    found = book.rows[row][book.place("Key: priority")]
    book.put(row, "Key: priority", found.replace("-", "-0"))
    return (
        f"{book.cell(row, 'Key: priority')}: priority '{found.replace('-', '-0')}' is not known",
        f"Did you mean '{found}'",
    )


SCRIPTS: tuple[Script, ...] = (
    move_columns, add_column, rename_columns, sort_rows, delete_rows, duplicate_rows, answer_with_synonyms, mistype,
    write_dates, mistype_a_date, leave_the_filter_on, merge_copies, trail_blanks, push_the_header_down,
    add_a_note_column, hide_rows_and_blank_lines, type_numbers, clear_a_row, rename_the_sheet,
    change_the_order_of_sheets, add_a_sheet, put_no_break_spaces, write_capitals, curl_the_quotes, cut_a_text,
    contradict, delete_a_key, sort_without_the_keys, leave_the_reviewer_out, rename_a_column_beyond_recognition,
    damage_an_id,
)  # fmt: skip


# --- the ways in which it is saved -------------------------------------------------------------------------


def save_xlsx(book: Book, stem: Path) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in book.sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in sheet.iter_rows():
            for cell in cells:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.data_type = "s"
                elif isinstance(cell.value, date):
                    cell.number_format = "dd/mm/yyyy"
        if name == book.name and book.hidden:
            sheet.auto_filter.ref = sheet.dimensions
            for row_number in book.hidden:
                sheet.row_dimensions[row_number + 1].hidden = True
    made.save(path := stem.with_suffix(".xlsx"))
    return path


def show(value: Any) -> str:
    """Return a cell as Excel writes it into a text file."""
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else "" if value is None else str(value)


def format_text(book: Book, mark: str) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=mark, lineterminator="\r\n").writerows(
        [show(cell) for cell in row] for row in book.rows
    )
    return buffer.getvalue()


def save_cp1252(book: Book, stem: Path) -> Path:
    path = stem.with_suffix(".csv")
    path.write_bytes(format_text(book, ",").encode("cp1252", "replace"))
    return path


def save_semicolons(book: Book, stem: Path) -> Path:
    path = stem.with_suffix(".csv")
    path.write_bytes(format_text(book, ";").encode("utf-8-sig"))
    return path


def save_unicode_text(book: Book, stem: Path) -> Path:
    path = stem.with_suffix(".txt")
    path.write_bytes(format_text(book, "\t").encode("utf-16"))
    return path


_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = "urn:oasis:names:tc:opendocument:xmlns:"


def save_ods(book: Book, stem: Path) -> Path:
    tables = []
    for name, rows in book.sheets.items():
        lines = []
        for n, row in enumerate(rows):
            hidden = ' table:visibility="filter"' if name == book.name and n in book.hidden else ""
            lines.append(f"<table:table-row{hidden}>{''.join(map(_format_ods_cell, row))}</table:table-row>")
        tables.append(f'<table:table table:name="{escape(name)}">{"".join(lines)}</table:table>')
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{_SPACES}office:1.0" '
        f'xmlns:table="{_SPACES}table:1.0" xmlns:text="{_SPACES}text:1.0" office:version="1.2"><office:body>'
        f"<office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    listed = (
        f'<manifest:manifest xmlns:manifest="{_SPACES}manifest:1.0"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{_ODS}"/><manifest:file-entry manifest:full-path="content.xml" '
        'manifest:media-type="text/xml"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path := stem.with_suffix(".ods"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), _ODS)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", listed)
    return path


def _format_ods_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, (int, float)):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in show(value).split("\n"))
    return f"<table:table-cell {kind}>{lines}</table:table-cell>"


FORMATS: dict[str, Callable[[Book, Path], Path]] = {
    "xlsx": save_xlsx,
    "cp1252 CSV": save_cp1252,
    "semicolon CSV": save_semicolons,
    "Unicode text": save_unicode_text,
    "ods": save_ods,
}


#: How LibreOffice is told to save in each format: ending, and its name for the format.
_OFFICE = {
    "cp1252 CSV": "csv:Text - txt - csv (StarCalc):44,34,ANSI,1",
    "semicolon CSV": "csv:Text - txt - csv (StarCalc):59,34,76,1",
    "Unicode text": "txt:Text - txt - csv (StarCalc):9,34,65535,1",
    "ods": "ods",
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
}


def save_with_office(books: dict[str, Book], name: str, home: Path) -> dict[str, Path]:
    """Let LibreOffice itself save every workbook in a format; into a text file goes the review sheet alone."""
    made, saved = home / name / "made", home / name / "saved"
    made.mkdir(parents=True)
    for stem, book in books.items():
        alone = name.endswith(("CSV", "text"))
        own = {book.name: book.rows} if alone else book.sheets
        save_xlsx(Book(own, book.hidden, book.name), made / stem)
    profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", _OFFICE[name], "--outdir", str(saved)]
    subprocess.run([*command, *map(str, sorted(made.iterdir()))], check=True, capture_output=True, timeout=600)
    return {path.stem: path for path in saved.iterdir()}


# --- what the import makes of it ---------------------------------------------------------------------------


def try_edit(script: Script, save: Callable[[Book, Path], Path], bases: Sequence[Base], folder: Path) -> str:
    """Edit, save and import a filled-in sheet; return what is wrong with the result, or nothing."""
    book = copy_book(bases[0].book)
    wanted = script(book, *bases)
    return judge_import(save(book, folder / script.__name__), wanted, bases[0].run, folder)


def judge_import(path: Path, wanted: Outcome, run: Run, folder: Path) -> str:
    """Import a file into an empty record; return what is wrong with what then stands there, or with the refusal."""
    city = Path(tempfile.mkdtemp(dir=folder))
    try:
        done = import_reviews(city, [path], run)
    except DataError as error:
        if isinstance(wanted, list):
            return f"refused: {error}"
        left = [f"{found.name} was left behind" for found in city.iterdir()]
        return "; ".join([*left, *(f"'{part}' is not in: {error}" for part in wanted if part not in str(error))])
    found = sorted(read_decisions(city)[0][NAMES].itertuples(index=False, name=None))
    if isinstance(wanted, tuple):
        return f"was not refused: {wanted}"
    if done.rows != sum(done.counts.values()):
        return f"does not add up: {done}"
    return "" if found == wanted else f"differs: {set(found) ^ set(wanted)}"


def try_edits(home: Path) -> tuple[int, list[str]]:
    """Try every edit in every format: how many, and what was wrong."""
    run = tag(read_partnership(write_review_city(home / "city")))
    bases = [fill_in(run, home), fill_in(run, home, "CD", 2)]
    faults = []
    for script in SCRIPTS:
        for name, save in FORMATS.items():
            fault = try_edit(script, save, bases, home)
            faults += [f"{script.__name__}, {name}: {fault}"] if fault else []
    return len(SCRIPTS) * len(FORMATS), faults


def try_office(home: Path) -> tuple[int, list[str]]:
    """Try every edit in every format as LibreOffice saves it: how many, and what was wrong."""
    run = tag(read_partnership(write_review_city(home / "city")))
    bases = [fill_in(run, home), fill_in(run, home, "CD", 2)]
    books = {script.__name__: copy_book(bases[0].book) for script in SCRIPTS}
    wanted = {script.__name__: script(books[script.__name__], *bases) for script in SCRIPTS}
    faults = []
    for name in _OFFICE:
        saved = save_with_office(books, name, home)
        for stem, expected in wanted.items():
            fault = judge_import(saved[stem], expected, run, home)
            faults += [f"{stem}, {name}: {fault}"] if fault else []
    return len(books) * len(_OFFICE), faults
