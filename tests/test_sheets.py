"""Workbooks and text files as they come back: every cell with its address, and traps refused before they open."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

import mapping.sheets
from mapping.errors import DataError
from mapping.sheets import HEADER_WITHIN, Sheet, read_sheets

HEAD = ["Ref", "Answer", "Note"]
ROWS = [["A-1", "yes", "caf\u00e9 \u2013 \u2018so\u2019"], ["007", "no", "a; b, c\td"], ["A-3", "", 'say "no"']]


def rate(cells: Sequence[str]) -> int:
    return sum(head in {cell.strip() for cell in cells} for head in HEAD)


def read(path: Path) -> tuple[list[Sheet], list[str]]:
    sheets, notes = read_sheets(path, rate, least=3, expected="the columns Ref, Answer and Note")
    return sheets, [str(note) for note in notes]


def refuse(path: Path, message: str) -> str:
    with pytest.raises(DataError, match=message) as caught:
        read(path)
    said = str(caught.value)
    assert said.startswith(path.name)
    return said


def join(mark: str, rows: Sequence[Sequence[str]] = (HEAD, *ROWS)) -> str:
    return "".join(mark.join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows)


def write_book(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    return path


# --- text files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_every_way_of_saving_as_text_gives_the_same_cells(tmp_path: Path, code: str, mark: str) -> None:
    path = tmp_path / "back.csv"
    path.write_bytes(join(mark).encode(code))
    (sheet,), notes = read(path)
    assert (sheet.name, sheet.row, sheet.header) == ("", 1, HEAD)
    assert sheet.rows == [(n, row) for n, row in enumerate(ROWS, start=2)]
    assert sheet.at(3, 1) == "back.csv, cell B3"
    assert bool(notes) == (code == "cp1252")
    assert all("read as Windows-1252 (cp1252)" in note for note in notes)


def test_the_line_that_tells_excel_the_separator_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "back.csv"
    path.write_text("sep=|\r\n" + join("|"), newline="")
    (sheet,), _ = read(path)
    assert (sheet.row, sheet.rows[0]) == (1, (2, ROWS[0]))


def test_a_text_over_two_lines_is_one_row_as_excel_counts(tmp_path: Path) -> None:
    path = tmp_path / "back.csv"
    path.write_text(join(",", [HEAD, ["A", "yes", "two\nlines"], ["B", "no", ""]]), newline="")
    (sheet,), _ = read(path)
    assert [number for number, _ in sheet.rows] == [2, 3]
    assert sheet.rows[0][1][2] == "two\nlines"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"Ref,Answer,Note\nA,\x81,x\n", "neither UTF-8, UTF-16 nor Windows-1252"),
        (b"Ref,Answer,Note\nA,\0,x\n", "holds a NUL character"),
        (b"\xff\xfeR\0e", "neither UTF-8"),
        (b'Ref,Answer,Note\nA,"yes,x\n', "closing quotation mark may be missing"),
        (b"Ref,Answer\nA,yes\n", "no header row within the first 21 rows. Expected the columns Ref, Answer and Note"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Excel 97-2003 .* or one with a password"),
    ],
)
def test_what_is_no_such_text_is_refused_with_its_cause(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "back.csv"
    path.write_bytes(data)
    refuse(path, message)


def test_latin_1_is_never_guessed(tmp_path: Path) -> None:
    """Windows quotes would become control characters in silence."""
    path = tmp_path / "back.csv"
    path.write_bytes(join(",", [HEAD, ["A", "yes", "\u2018so\u2019"]]).encode("cp1252"))
    (sheet,), _ = read(path)
    assert sheet.rows[0][1][2] == "\u2018so\u2019"


def test_a_file_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "review.xlsx").write_text("x")
    refuse(tmp_path / "reveiw.xlsx", "Did you mean 'review.xlsx'")
    (tmp_path / "folder.xlsx").mkdir()
    refuse(tmp_path / "folder.xlsx", "is a folder")


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "back.csv"
    with path.open("wb") as file:
        file.truncate(25_000_001)
    refuse(path, "is 25 MB; at most 25 MB is read")
    monkeypatch.setattr(mapping.sheets, "_MOST_CELLS", 11)
    path.write_text(join(","))
    refuse(path, "holds more than 11 cells")


# --- the header --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("above", [0, 1, HEADER_WITHIN])
def test_the_header_is_found_wherever_it_stands(tmp_path: Path, above: int) -> None:
    path = write_book(tmp_path / "a.xlsx", {"S": [*[["Ref", "of"]] * above, HEAD, *ROWS]})
    (sheet,), _ = read(path)
    assert sheet.row == above + 1
    assert sheet.rows[0] == (above + 2, ROWS[0])
    assert sheet.at(above + 2, 1) == f"a.xlsx, sheet 'S', cell B{above + 2}"


def test_a_header_too_far_down_is_no_header(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"S": [*[["x"]] * (HEADER_WITHIN + 1), HEAD, *ROWS]})
    said = refuse(path, "no header row within the first 21 rows")
    assert said.endswith("Its first row has: 'x'.")
    refuse(write_book(tmp_path / "b.xlsx", {"S": []}), "It is empty")


def test_every_sheet_with_a_header_is_read_and_others_are_passed_over(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"Read me": [["Ref", "x"]], "One": [HEAD, *ROWS], "Two": [HEAD, ROWS[0]]})
    sheets, _ = read(path)
    assert [(sheet.name, len(sheet.rows)) for sheet in sheets] == [("One", 3), ("Two", 1)]


def test_cells_beyond_the_header_are_kept_with_their_address(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"S": [HEAD, ["A", "yes", "", "", "aside"], ["B"]]})
    (sheet,), _ = read(path)
    assert sheet.header == [*HEAD, "", ""]
    assert sheet.rows == [(2, ["A", "yes", "", "", "aside"]), (3, ["B", "", "", "", ""])]


def test_addresses_go_past_the_letter_z() -> None:
    sheet = Sheet("a.csv", "", [], [], 1)
    assert [sheet.at(1, n).split()[-1] for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A1", "Z1", "AA1", "AZ1", "BA1", "ZZ1", "AAA1",
    ]  # fmt: skip


# --- cells of workbooks ------------------------------------------------------------------------------------


def test_every_cell_is_text_and_dates_are_dates(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, HEAD)
        day, minute = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write_datetime(1, 0, datetime(2019, 1, 14), day)
        sheet.write_datetime(1, 1, datetime(2019, 1, 14, 10, 30), minute)
        sheet.write_row(2, 0, [7, 0.25, True])
        sheet.write_string(3, 0, "=1+1")
        sheet.write_formula(3, 1, "=1+1", None, 2)
        sheet.write_rich_string(3, 2, "so ", book.add_format({"bold": True}), "bold", " it is")
    (found,), _ = read(path)
    assert [cells for _, cells in found.rows] == [
        ["2019-01-14", "2019-01-14T10:30", ""],
        ["7", "0.25", "TRUE"],
        ["=1+1", "2", "so bold it is"],
    ]


def test_a_hidden_row_and_a_hidden_sheet_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEAD, *ROWS):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("Hidden").append(HEAD)
    book["Hidden"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    sheets, _ = read(tmp_path / "a.xlsx")
    assert [len(found.rows) for found in sheets] == [3, 0]


# --- traps -------------------------------------------------------------------------------------------------


def pack(path: Path, parts: dict[str, bytes], *, stored: bool = False) -> Path:
    kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


def good_parts(tmp_path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(write_book(tmp_path / "good.xlsx", {"S": [HEAD, *ROWS]})) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet_of(cells: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"xl/media/a.bin": bytes(1_200_000)}, "more than 200 times its size"),
        ({"xl/theme/big.xml": bytes(100_000_001)}, r"would unpack to 100 MB; at most 100 MB"),
        ({SHEET: b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, "has a DOCTYPE"),
        ({"xl/styles.xml": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16")}, "a DOCTYPE"),
        ({SHEET: b"<worksheet><unclosed>"}, "XML that cannot be read"),
        ({SHEET: sheet_of('<row><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>')}, "17,179,869,184 cells"),
        ({SHEET: sheet_of('<row r="9999999"><c><v>1</v></c><c><v>1</v></c></row>')}, "19,999,998 cells"),
        ({SHEET: sheet_of('<row r="many"><c><v>1</v></c></row>')}, "XML that cannot be read"),
    ],
)
def test_a_workbook_that_would_grow_beyond_reason_is_refused(
    tmp_path: Path, change: dict[str, bytes], message: str
) -> None:
    said = refuse(pack(tmp_path / "trap.xlsx", {**good_parts(tmp_path), **change}), message)
    assert "Copy the table into a new workbook" in said or "Save As" in said


def test_few_shared_strings_shown_in_many_cells_are_counted_in_full(tmp_path: Path) -> None:
    """A hundred kilobytes of file may show gigabytes of text."""
    parts = good_parts(tmp_path)
    shared = b'<sst xmlns="x"><si><t>' + b"ab" * 50_000 + b"</t></si></sst>"
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 301))
    path = pack(tmp_path / "trap.xlsx", {**parts, "xl/sharedStrings.xml": shared, SHEET: sheet_of(cells)})
    refuse(path, "300 cells with 30,000,000 characters; at most 2,000,000 and 20,000,000 are read")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ('<t:table-row><t:table-cell t:number-columns-repeated="900" {0}>x</t:table-cell></t:table-row>', ""),
        ('<t:table-row t:number-rows-repeated="9000"><t:table-cell t:number-columns-repeated="900" {0}/></t:table-row>',
         "8,100,000 cells"),
        ('<t:table-row t:number-rows-repeated="1048575"><t:table-cell/></t:table-row>'
         '<t:table-row><t:table-cell/><t:table-cell/><t:table-cell {0}/></t:table-row>', "3,145,728 cells"),
        ('<t:table-row><t:table-cell {0}/></t:table-row><t:table-row t:number-rows-repeated="1048575">'
         '<t:table-cell t:number-columns-repeated="16384"/></t:table-row>', ""),
    ],
)  # fmt: skip
def test_repeated_cells_of_an_ods_file_are_counted(tmp_path: Path, rows: str, message: str) -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<d xmlns="{space}office:1.0" xmlns:o="{space}office:1.0" xmlns:t="{space}table:1.0"><t:table t:name="S">'
        + rows.format('o:value-type="string"')
        + "</t:table></d>"
    )
    parts = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()}
    refuse(pack(tmp_path / "trap.ods", parts), message or "no header row|is damaged")


def test_the_cells_that_styles_alone_fill_are_not_counted(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>Ref</t></is></c></row>'
    cells += '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    refuse(pack(tmp_path / "wide.xlsx", {**good_parts(tmp_path), SHEET: sheet_of(cells)}), "no header row")


def test_a_directory_that_lies_is_found_out(tmp_path: Path) -> None:
    data = bytearray(pack(tmp_path / "a.xlsx", good_parts(tmp_path), stored=True).read_bytes())
    place = data.index(b"<sheetData>")
    data[place : place + 11] = b"<sheetDate>"
    (tmp_path / "a.xlsx").write_bytes(data)
    refuse(tmp_path / "a.xlsx", "damaged or was cut short")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_workbook_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    path = write_book(tmp_path / "a.xlsx", {"S": [HEAD, *ROWS]})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    refuse(path, "damaged or was cut short")


def test_other_kinds_are_named(tmp_path: Path) -> None:
    refuse(pack(tmp_path / "a.docx", {"word/document.xml": b"<a/>"}), "is a Word document; a workbook")
    refuse(pack(tmp_path / "a.xlsb", {"xl/workbook.bin": b"x"}), "is a binary workbook")
    refuse(pack(tmp_path / "a.zip", {"a.txt": b"x"}), "an archive of another kind")


def test_a_password_and_doubled_or_countless_parts_are_refused(tmp_path: Path) -> None:
    data = bytearray(write_book(tmp_path / "a.xlsx", {"S": [HEAD]}).read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.xlsx").write_bytes(data)
    refuse(tmp_path / "a.xlsx", "is protected with a password")
    many = {f"p{n}.txt": b"" for n in range(5_001)}
    refuse(pack(tmp_path / "b.xlsx", {**good_parts(tmp_path), **many}), "parts, some of them under one name or more")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/workbook.xmm", b"<a/>")
    (tmp_path / "c.xlsx").write_bytes(buffer.getvalue().replace(b"workbook.xmm", b"workbook.xml"))
    refuse(tmp_path / "c.xlsx", "parts, some of them under one name")


def test_a_fault_inside_the_reader_is_a_refusal(tmp_path: Path) -> None:
    parts = good_parts(tmp_path)
    parts["xl/workbook.xml"] = b"<workbook><sheets><sheet name='S' sheetId='1' r:id='rId9'/></sheets></workbook>"
    said = refuse(pack(tmp_path / "a.xlsx", parts), "a.xlsx")
    assert "Save As" in said or "header" in said


def test_a_date_is_written_as_a_date(tmp_path: Path) -> None:
    assert mapping.sheets._say(date(2019, 1, 14)) == "2019-01-14"
    assert mapping.sheets._say(None) == ""
