"""The published tables: to the accessible-spreadsheet checklist, and every text a text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from conftest import edit, write_city

from mapping.cells import count_cells
from mapping.errors import OutputError
from mapping.outputs.published import write_published_tables
from mapping.partnership import Partnership, read_partnership
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]
FRONT = ("Cover", "Contents", "Notes")
AWKWARD = [
    "=1+1 homes", "+homes", "-homes", "@SUM(A1) homes", "$$suggested$$ homes", "$$nothing$$ homes",
    "[press](http://example.org) homes", "[a](b) and [c](d) homes", "http://example.org homes", "<b>homes</b>",
    "$\\input{x}$ homes", "\u202ehomes", "{=A1} homes", "mailto:a@example.org", "internal:Sheet!A1", "[x]",
]  # fmt: skip


@pytest.fixture(scope="module")
def book(derby_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_published_tables(derby_run, tmp_path_factory.mktemp("published") / "tables.xlsx")


def tables(path: Path) -> dict[str, list[list[object]]]:
    """Return the marked-up table of each sheet, its header row first."""
    found = {}
    for sheet in openpyxl.load_workbook(path):
        (table,) = sheet.tables.values() if sheet.title != "Cover" else (None,)
        if table is not None:
            found[sheet.title] = [[cell.value for cell in row] for row in sheet[table.ref]]
    return found


def test_each_sheet_holds_one_table_with_a_header_and_no_blank_cell(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    assert tuple(workbook.sheetnames[:3]) == FRONT
    for name, rows in tables(book).items():
        header = rows[0]
        assert all(isinstance(head, str) and head.strip() for head in header), name
        assert len({str(head).casefold() for head in header}) == len(header), name
        assert [cell for row in rows for cell in row if cell is None or str(cell).strip() == ""] == [], name
        sheet = workbook[name]
        assert not sheet.merged_cells.ranges
        (table,) = sheet.tables.values()
        assert table.headerRowCount == 1
        # Nothing stands beside or below the table.
        assert sheet.dimensions.split(":")[1] == table.ref.split(":")[1], name
        assert sheet["A1"].value
    names = [table.displayName for sheet in workbook for table in sheet.tables.values()]
    assert len(set(names)) == len(names)
    assert workbook.properties.title == "Tables: Derby Partnership, January 2019"


def test_shorthand_is_explained_where_it_is_used(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    used = 0
    for name, rows in tables(book).items():
        above = [str(row[0].value) for row in workbook[name].iter_rows(max_row=8, max_col=1)]
        for sign in ("[x]", "[z]"):
            if any(cell == sign for row in rows[1:] for cell in row):
                used += 1
                assert any(text.startswith(f"{sign} = ") for text in above), (name, sign)
    assert used > 3


def test_every_note_that_is_named_is_there(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    named = {int(n) for sheet in workbook for n in re.findall(r"\[note (\d+)\]", str(sheet["A1"].value))}
    notes = {row[0] for row in tables(book)["Notes"][1:]}
    assert named <= {int(str(note)) for note in notes}
    assert len(named) > 2


def test_the_numbers_are_those_of_the_cells(derby_run: Run, book: Path) -> None:
    shown = {str(row[0]): row[2:] for row in tables(book)["Tagged by board"][1:]}
    cells = count_cells(derby_run)
    for board in derby_run.boards.itertuples():
        own = cells[cells["board"] == board.board]
        assert shown[board.name] == ["[x]" if c.state == "not read" else c.tagged for c in own.itertuples()]


def test_the_same_run_gives_the_same_bytes(derby_run: Run, book: Path, tmp_path: Path) -> None:
    assert write_published_tables(derby_run, tmp_path / "again.xlsx").read_bytes() == book.read_bytes()


@pytest.mark.parametrize("text", AWKWARD)
def test_a_text_stays_a_text(make_city: MakeCity, tmp_path: Path, text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    files = edit("priorities.csv", ("Insulate cold homes", quoted))
    files |= edit("boards.csv", ("Parks Board", quoted)) | edit("strategies.csv", ("Homes Strategy", quoted))
    path = write_published_tables(tag(make_city(files)), tmp_path / "tables.xlsx")
    shown = [cell for rows in tables(path).values() for row in rows for cell in row]
    assert text in shown
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            xml = parts.read(name).decode("utf-8", "replace")
            assert "<f>" not in xml
            assert 'example.org"' not in xml or "sharedStrings" in name
            # The links of the contents sheet lead to sheets of this book, and there are no others.
            if name.endswith(".rels"):
                assert 'TargetMode="External"' not in xml


def test_control_characters_are_replaced_and_long_texts_cut(run: Run, tmp_path: Path) -> None:
    from dataclasses import replace

    priorities = run.priorities.copy()
    priorities.loc[0, "text"] = "bell \x07 here"
    priorities.loc[1, "text"] = "x" * 40_000
    path = write_published_tables(replace(run, priorities=priorities), tmp_path / "tables.xlsx")
    texts = [str(row[4]) for row in tables(path)["Priorities"][1:]]
    assert "bell \ufffd here" in texts
    assert any(text.endswith("[cut: the whole text stands in tables/priorities.csv]") for text in texts)
    assert zipfile.ZipFile(io.BytesIO(path.read_bytes())).testzip() is None


def test_a_city_of_one_board_and_a_city_with_nothing_in_force_have_tables(tmp_path: Path) -> None:
    city = read_partnership(write_city(tmp_path / "city"))
    strategies = city.strategies[city.strategies["board"] == city.boards["board"].iloc[0]]
    priorities = city.priorities[city.priorities["strategy"].isin(strategies["strategy"])]
    one = replace(city, boards=city.boards.head(1), strategies=strategies, priorities=priorities)
    book = openpyxl.load_workbook(write_published_tables(tag(one), tmp_path / "one.xlsx"))
    rows = [row for row in book["Board pairs"].iter_rows(values_only=True) if row[0] == "none"]
    assert len(rows) == 1
    assert set(rows[0][1:]) <= {"[z]", None}
    none = tag(city, in_force_on="1900-01-01")
    assert write_published_tables(none, tmp_path / "none.xlsx").exists()


def test_a_name_that_is_no_workbook_is_refused(derby_run: Run, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"Give a name that ends with \.xlsx"):
        write_published_tables(derby_run, tmp_path / "tables.ods")
