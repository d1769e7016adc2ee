"""Workbooks and CSV: every cell that holds something, as far as the cells reach, with its address."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from attack_files import sheet_of_rows, xlsx_parts, zip_parts

from mapping.sources import limits
from mapping.sources.gathering import Gathering
from mapping.sources.reading import read_document
from mapping.sources.refusals import RefusedError
from mapping.sources.spreadsheet import read


def gather(data: bytes, name: str = "a.csv") -> Gathering:
    gathering = Gathering()
    read(data, name, gathering)
    return gathering


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Board,Plan\nCFL,\"Start, well\"\n", "a.csv"),
        ("Board;Plan\r\nCFL;Start, well\r\n", "a.csv"),
        ("Board\tPlan\nCFL\tStart, well\n", "a.tsv"),
        ("sep=|\nBoard|Plan\nCFL|Start, well\n", "a.csv"),
        ("\ufeffBoard;Plan\nCFL;Start, well", "a.csv"),
    ],
)  # fmt: skip
def test_delimiters(text: str, name: str) -> None:
    rows = gather(text.encode(), name).rows
    assert [(row[7], row[8], row[9], row[1]) for row in rows] == [
        (1, 1, "A1", "Board"), (1, 2, "B1", "Plan"), (2, 1, "A2", "CFL"), (2, 2, "B2", "Start, well"),
    ]  # fmt: skip


def test_cells_are_text_and_lists_within_them_are_cut() -> None:
    rows = gather('id,when,what\n007,12/01/2019,"• Tackle crime\n• Support victims"\n1E5,NA,TRUE\n'.encode()).rows
    assert [(row[3], row[1]) for row in rows[3:]] == [
        ("", "007"), ("", "12/01/2019"), ("•", "Tackle crime"), ("•", "Support victims"), ("", "1E5"), ("", "NA"),
        ("", "TRUE"),
    ]  # fmt: skip


def test_odd_rows_and_odd_quotes_are_said() -> None:
    gathering = gather(b"a,b\nc,d\ne,f,g\n")
    assert "the first is row 3" in gathering.warnings[0][0]
    gathering = gather(b'a,b\n"c,d\ne,f\n')
    assert "quotation marks" in gathering.warnings[0][0]
    assert [row[1] for row in gathering.rows][2] == '"c'


def test_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Our plan"
    sheet["B3"], sheet["C3"], sheet["B5"] = "4.2 Tackle crime", 1.5, True
    hidden = book.create_sheet("Notes")
    hidden["A1"], hidden.sheet_state = "kept", "hidden"
    path = tmp_path / "plan.xlsx"
    book.save(path)
    document = read_document(path)
    assert document.outcome == "ok with warnings"
    assert "'Notes' is hidden" in str(document.warnings[0])
    assert [(p.table, p.row, p.column, p.cell, p.number, p.text) for p in document.passages] == [
        (1, 3, 2, "'Our plan'!B3", "4.2", "Tackle crime"), (1, 3, 3, "'Our plan'!C3", "", "1.5"),
        (1, 5, 2, "'Our plan'!B5", "", "TRUE"), (2, 1, 1, "Notes!A1", "", "kept"),
    ]  # fmt: skip


def test_as_many_rows_as_the_sheet_holds_whatever_it_declares() -> None:
    rows = gather(sheet_of_rows(2_000), "a.xlsx").rows
    assert [row[9] for row in rows] == [f"S!A{n}" for n in range(1, 2_001)]


def test_what_a_workbook_does_not_give_is_said() -> None:
    cells = '<c r="A1"><f>1+1</f></c><c r="B1" t="e"><v>#REF!</v></c><c r="C1"><v>3</v></c><c r="D1" t="s"><v>0</v></c>'
    parts = xlsx_parts(f'<row r="1">{cells}</row>', strings="<si><t></t></si>")
    parts["xl/comments1.xml"] = "<comments/>"
    messages = [message for message, _ in gather(zip_parts(parts), "a.xlsx").warnings]
    assert len(messages) == 3
    assert any("1 formulas without a saved result" in message for message in messages)
    assert any("1 cells that hold an error" in message for message in messages)
    assert any("comments" in message for message in messages)


@pytest.mark.parametrize(("row", "column", "read_it"), [(19_999, "CV", True), (20_001, "CV", False)])
def test_cells_on_both_sides_of_the_limit(
    row: int, column: str, read_it: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert limits.MOST_CELLS == 20_000 * 100
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{column}{row}"><v>2</v></c></row>'
    data = zip_parts(xlsx_parts(cells))
    if read_it:
        assert [found[9] for found in gather(data, "a.xlsx").rows] == ["S!A1", f"S!{column}{row}"]
    else:
        with pytest.raises(RefusedError, match="2,000,000"):
            gather(data, "a.xlsx")


def test_an_opendocument_sheet() -> None:
    head = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><table:table table:name="Plan">'
    )
    body = (
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row><table:table-row>'
        '<table:table-cell table:number-columns-repeated="2"/><table:table-cell table:number-columns-repeated="2">'
        "<text:p>Start <text:span>well</text:span></text:p></table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    data = zip_parts({"mimetype": kind, "content.xml": f"{head}{body}</table:table></office:document-content>"})
    assert [(row[9], row[1]) for row in gather(data, "a.ods").rows] == [
        ("Plan!C4", "Start well"),
        ("Plan!D4", "Start well"),
    ]
    bomb = body.replace(
        'repeated="1048000"><table:table-cell/>',
        'repeated="1048000"><table:table-cell><text:p>x</text:p></table:table-cell>',
    )
    bomb = bomb.replace('number-columns-repeated="2"/>', 'number-columns-repeated="9000"/>')
    data = zip_parts({"mimetype": kind, "content.xml": f"{head}{bomb}</table:table></office:document-content>"})
    with pytest.raises(RefusedError) as caught:
        gather(data, "a.ods")
    assert caught.value.code == "E-TOO-MUCH"


def test_a_cell_far_out_is_named_where_it_makes_a_sheet_too_large() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="D1048576"><v>2</v></c></row>'
    with pytest.raises(RefusedError, match=r"as far as D1048576.*Delete what stands far out") as caught:
        gather(zip_parts(xlsx_parts(rows)), "a.xlsx")
    assert caught.value.code == "E-TOO-MUCH"
