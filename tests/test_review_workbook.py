"""The review workbook: what it asks, what it shows, and that people can work in it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import CITY, edit
from openpyxl.cell.rich_text import CellRichText, TextBlock
from review_edits import Base, fill_in, write_review_city

from mapping.errors import MappingError, UnknownNameError
from mapping.outputs.review_workbook import find_review_rows, write_review
from mapping.partnership import Partnership, read_partnership
from mapping.review import find_review_order
from mapping.review_import import HEADERS, make_check, read_review
from mapping.schema import DECISIONS
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]
NAMES = [column.name for column in DECISIONS]
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture(scope="module")
def review_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return tag(read_partnership(write_review_city(tmp_path_factory.mktemp("city"))))


@pytest.fixture(scope="module")
def base(review_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Base:
    return fill_in(review_run, tmp_path_factory.mktemp("base"))


def load(path: Path, **how: Any) -> Any:
    return openpyxl.load_workbook(path, **how)["Review"]


def cells(path: Path) -> list[dict[str, Any]]:
    head, *rows = load(path).iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def decide(make_city: MakeCity, *rows: str) -> Run:
    text = CITY["decisions.csv"] + "".join(f"millbrook-themes,{row},\n" for row in rows)
    return tag(make_city({"decisions.csv": text}))


# --- what it asks ------------------------------------------------------------------------------------------


def test_one_row_per_tag_in_the_order_of_review(review_run: Run, tmp_path: Path) -> None:
    rows = cells(write_review(review_run, tmp_path / "a.xlsx"))
    order = find_review_order(review_run)
    assert [(row["Key: priority"], row["Key: theme"]) for row in rows] == list(
        zip(order["priority"], order["theme"], strict=True)
    )
    assert [row["Ref"] for row in rows] == list(order["priority"])
    assert [row["Priority"] for row in rows] == list(order["text"])
    assert [row["Key: words as judged"] for row in rows] == list(order["text"])
    assert rows[0]["Key: check"] == make_check(
        "millbrook-themes", rows[0]["Ref"], rows[0]["Key: theme"], rows[0]["Priority"]
    )
    assert all(row[head] is None for row in rows for head in ("Decision", "Note", "Reviewer", "Date"))


def test_top_and_board_choose_the_rows(review_run: Run, tmp_path: Path) -> None:
    assert len(cells(write_review(review_run, tmp_path / "a.xlsx", top=3))) == 3
    rows = cells(write_review(review_run, tmp_path / "b.xlsx", board="PRK"))
    assert {row["Ref"][:3] for row in rows} == {"PRK"}
    with pytest.raises(UnknownNameError, match=r"Board 'PRC' is not known. Did you mean 'PRK'"):
        write_review(review_run, tmp_path / "c.xlsx", board="PRC")
    with pytest.raises(MappingError, match="top is 0"):
        write_review(review_run, tmp_path / "c.xlsx", top=0)


def test_where_nothing_is_left_it_says_so(make_city: MakeCity, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"nothing to review: no tag of board HOM is in doubt"):
        write_review(tag(make_city()), tmp_path / "a.xlsx", board="HOM")
    assert list(tmp_path.glob("*.xlsx")) == []


def test_the_reviewer_is_filled_in(review_run: Run, tmp_path: Path) -> None:
    rows = cells(write_review(review_run, tmp_path / "a.xlsx", reviewer="=Head of housing"))
    assert {row["Reviewer"] for row in rows} == {"=Head of housing"}


# --- what it shows -----------------------------------------------------------------------------------------


def test_the_words_of_the_evidence_are_marked(review_run: Run, tmp_path: Path) -> None:
    sheet = load(write_review(review_run, tmp_path / "a.xlsx"), rich_text=True)
    marked = {}
    for row in sheet.iter_rows(min_row=2):
        text = row[3].value
        if isinstance(text, CellRichText):
            runs = [piece for piece in text if isinstance(piece, TextBlock)]
            assert {piece.font.rFont for piece in runs} == {"Arial"}
            marked[row[0].value] = [piece.text for piece in runs if piece.font.b and piece.font.u]
    assert marked["HOM-11"] == ["heating"]
    assert marked["HOM-12"] == ["Heating"]
    assert marked["PRK-03"] == ["Ask residents"]


def test_a_text_that_is_evidence_from_end_to_end_is_marked_whole(make_city: MakeCity, tmp_path: Path) -> None:
    run = tag(make_city(edit("priorities.csv", ("Review the office rota", "Heating"))))
    sheet = load(write_review(run, tmp_path / "a.xlsx"), rich_text=True)
    (cell,) = (row[3] for row in sheet.iter_rows(min_row=2) if row[0].value == "HOM-03")
    assert (cell.value, cell.font.b, cell.font.u) == ("Heating", True, "single")


def test_what_the_machine_says_and_why(review_run: Run, tmp_path: Path) -> None:
    rows = {(row["Ref"], row["Key: theme"]): row for row in cells(write_review(review_run, tmp_path / "a.xlsx"))}
    row = rows["HOM-11", "homes"]
    assert row["The machine says"] == "Not suggested, in doubt"
    keywords, near, score = row["Why the machine says so"].split("\n")
    assert keywords == "Keywords: 'heating'."
    assert near.startswith("Words near the theme: heating")
    assert score.endswith("of 0.50).")
    assert rows["PRK-03", "voice"]["The machine says"] == "Suggested, in doubt"
    assert rows["PRK-04", "river"]["Why the machine says so"].startswith("No keyword of the theme.")
    assert row["Theme"] == "Warm homes"
    assert row["Strategy and page"] == "Homes Strategy"


def test_strategy_and_page(make_city: MakeCity, tmp_path: Path) -> None:
    changes = edit(
        "priorities.csv",
        ("parent,source_title", "parent,page,paragraph,source_title"),
        (",,", ",,,,"),
        ("PRK-01,Parks", "PRK-01,12,3.4,Parks"),
        (",theme,,,,Parks", ",theme,,,,Parks"),
    )
    rows = cells(write_review(tag(make_city(changes)), tmp_path / "a.xlsx"))
    assert {row["Strategy and page"] for row in rows if row["Ref"] == "PRK-03"} == {"Parks Plan, page 12, 3.4"}


def test_a_decision_on_other_words_is_shown_as_a_suggestion(make_city: MakeCity, tmp_path: Path) -> None:
    run = decide(make_city, "PRK-03,voice,reject,Ask residents,AB,2019-01-14")
    (row,) = (row for row in cells(write_review(run, tmp_path / "a.xlsx")) if row["Ref"] == "PRK-03")
    said = "Reject (AB, 2019-01-14)\nOn: Ask residents\nSince: added 'which parks matter to them'."
    assert row["Decided before"] == said
    assert "Reject" not in row["Why the machine says so"]
    assert cells(write_review(run, tmp_path / "a.xlsx"))[0]["Ref"] == "PRK-03"


def test_without_such_a_decision_there_is_no_column_for_it(make_city: MakeCity, tmp_path: Path) -> None:
    head = list(cells(write_review(decide(make_city), tmp_path / "a.xlsx"))[0])
    assert "Decided before" not in head
    run = decide(make_city, "PRK-03,voice,reject,Ask residents,AB,2019-01-14")
    assert "Decided before" not in cells(write_review(run, tmp_path / "b.xlsx", blind=True))[0]


def test_every_suggestion_is_asked_about_on_request(review_run: Run) -> None:
    order = find_review_order(review_run)
    rows = find_review_rows(review_run, top=1000, all_suggested=True)
    assert list(rows["priority"][: len(order)]) == list(order["priority"])
    assert set(rows["why_now"][len(order) :]) == {"suggested"}
    counted = review_run.priorities.query("counted")["priority"]
    wanted = review_run.tags[(review_run.tags["status"] == "suggested") & review_run.tags["priority"].isin(counted)]
    asked = list(zip(rows["priority"], rows["theme"], strict=True))
    assert set(zip(wanted["priority"], wanted["theme"], strict=True)) <= set(asked)
    assert len(asked) == len(set(asked))


def test_a_blind_sheet_leads_nobody(review_run: Run, tmp_path: Path) -> None:
    path = write_review(review_run, tmp_path / "a.xlsx", blind=True)
    sheet = load(path, rich_text=True)
    assert [cell.value for cell in sheet[1]] == [
        names[0] for column, names in HEADERS.items() if column not in ("machine", "why", "earlier")
    ]
    assert not any(isinstance(row[3].value, CellRichText) or row[3].font.b for row in sheet.iter_rows(min_row=2))
    readme = "\n".join(str(row[0]) for row in openpyxl.load_workbook(path)["Read me"].iter_rows(values_only=True))
    assert "left out, so that it leads nobody" in readme
    assert cells(path)[0]["Ref"] == cells(write_review(review_run, tmp_path / "b.xlsx"))[0]["Ref"]


def test_a_blind_sheet_asks_a_second_reviewer_what_others_have_decided(make_city: MakeCity) -> None:
    run = decide(make_city, "PRK-03,voice,reject,Ask residents which parks matter to them,AB,2019-01-14")
    asked = [
        ("PRK-03", "voice") in zip(rows["priority"], rows["theme"], strict=True)
        for rows in (
            find_review_rows(run),
            find_review_rows(run, blind=True),
            find_review_rows(run, blind=True, reviewer="CD"),
            find_review_rows(run, blind=True, reviewer="ab"),
        )
    ]
    assert asked == [False, True, True, False]


# --- that people can work in it ----------------------------------------------------------------------------


def check_choices(sheet: Any, last: int) -> None:
    found = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    answers = found[f"H2:H{last}"]
    assert (answers.type, answers.formula1) == ("list", '"Confirm,Reject,Add,Unsure"')
    assert found[f"K2:K{last}"].type == "date"


def test_the_sheet_can_be_sorted_filtered_and_printed(review_run: Run, tmp_path: Path) -> None:
    sheet = load(write_review(review_run, tmp_path / "a.xlsx"))
    last = sheet.max_row
    check_choices(sheet, last)
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:P{last}"
    assert not sheet.protection.sheet
    hidden = [letter for letter, column in sheet.column_dimensions.items() if column.hidden]
    assert hidden[0] == "L"
    assert [cell.value for cell in sheet[1] if cell.column >= 12] == [
        "Key: framework", "Key: priority", "Key: theme", "Key: words as judged", "Key: check",
    ]  # fmt: skip
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.oddFooter.right.text == "Page &P of &N"
    yellow = {cell.fill.fgColor.rgb for cell in sheet[2] if cell.column in (8, 9, 10, 11)}
    assert yellow == {"FFFFF7BF"}


def test_nothing_is_a_formula_and_nothing_is_lost(review_run: Run, base: Base, tmp_path: Path) -> None:
    path = write_review(review_run, tmp_path / "a.xlsx")
    for sheet in openpyxl.load_workbook(path):
        assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)
    texts = {row["Ref"]: row["Priority"] for row in cells(path)}
    assert texts["HOM-14"] == "=heating of the office"
    assert texts["HOM-17"] == "Heating in\ntwo lines"


def test_a_text_longer_than_a_cell_comes_back(make_city: MakeCity, tmp_path: Path) -> None:
    long = "Heating " + "and more heating " * 2_000 + "\x07 bell"
    run = tag(make_city(edit("priorities.csv", ("Review the office rota", long))))
    path = write_review(run, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Review"]
    for row in sheet.iter_rows(min_row=2):
        row[7].value, row[9].value = "Reject", "AB"
    book.save(path)
    table, _ = read_review(path, run)
    assert long in set(table["words"])


def test_the_read_me_says_what_to_do_in_six_sentences(review_run: Run, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_review(review_run, tmp_path / "a.xlsx"))
    rows = [tuple(cell or "" for cell in row) for row in book["Read me"].iter_rows(values_only=True)]
    assert book.sheetnames == ["Read me", "Review"]
    assert [row[0] for row in rows if row[0].isdecimal()][:6] == list("123456")
    assert {"Confirm", "Reject", "Add", "Unsure"} <= {row[0] for row in rows}
    text = "\n".join(" ".join(row) for row in rows)
    assert "Trade-offs seldom appear in strategies." in text
    assert "Warm homes. Insulation and heating of cold and damp houses." in text
    assert "Also understood: Confirm (confirmed, accept" in text


def test_the_same_questions_give_the_same_bytes(review_run: Run, tmp_path: Path) -> None:
    paths = [write_review(review_run, tmp_path / f"{name}.xlsx", reviewer="AB") for name in ("a", "b")]
    assert paths[0].read_bytes() == paths[1].read_bytes()


# --- in LibreOffice ----------------------------------------------------------------------------------------


def convert(path: Path, kind: str, out: Path) -> Path:
    assert SOFFICE is not None, "LibreOffice is not installed: apt-get install libreoffice-calc"
    profile = f"-env:UserInstallation={(out / 'profile').as_uri()}"
    command = [SOFFICE, profile, "--headless", "--convert-to", kind, "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    (made,) = out.glob(f"{path.stem}*.{kind.split(':')[0]}")
    return made


@pytest.mark.office
def test_answers_and_choices_survive_libreoffice(review_run: Run, base: Base, tmp_path: Path) -> None:
    path = write_review(review_run, tmp_path / "a.xlsx", top=24, reviewer="AB")
    book = openpyxl.load_workbook(path)
    for row, filled in zip(book["Review"].iter_rows(), base.book.rows, strict=True):
        for cell, value in zip(row, filled, strict=True):
            cell.value = value
            if isinstance(value, str) and value.startswith("="):
                cell.data_type = "s"
    book.active = book["Review"]
    book.save(path)
    # 59 and 34: semicolons and quotation marks; 76: UTF-8; cells as shown, as LibreOffice proposes; the second sheet.
    text = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,true,false,false,2"
    for kind in ("xlsx:Calc MS Excel 2007 XML", "ods", text):
        out = tmp_path / kind.split(":")[0]
        out.mkdir()
        made = convert(path, kind, out)
        table, _ = read_review(made, review_run)
        assert sorted(table[NAMES].itertuples(index=False, name=None)) == base.records, kind
        if made.suffix == ".xlsx":
            check_choices(load(made), len(base.book.rows))
