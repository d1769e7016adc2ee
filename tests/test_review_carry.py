"""Decisions carried on by command: under new ids where the words are the same, asked again where they are not."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from conftest import CITY, edit, write_city

from mapping.cli import main
from mapping.ledger import read_decisions
from mapping.partnership import read_partnership
from mapping.runs import INPUTS, save_inputs
from mapping.tags import Run, tag

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
TEXTS = "priorities.csv"
#: What was decided on the earlier edition: priority, theme, decision.
SAID = (
    ("HOM-01", "homes", "confirm"), ("HOM-02", "voice", "confirm"), ("PRK-02", "work", "reject"),
    ("PRK-03", "voice", "confirm"), ("PRK-04", "river", "reject"), ("WRK-02", "homes", "confirm"),
)  # fmt: skip
#: The new edition: another id, a split, another wording, one gone, one new.
NEW = edit(
    TEXTS,
    ("HOM-01,HOM-S,Insulate cold homes", "HOM-11,HOM-S,insulate cold homes!"),
    (
        "HOM-02,HOM-S,Involve tenants in decisions about repairs,verbatim,priority,,Homes Strategy,\n",
        "HOM-12,HOM-S,Involve all tenants in decisions,verbatim,priority,,Homes Strategy,\n"
        "HOM-13,HOM-S,Quick repairs for tenants,verbatim,priority,,Homes Strategy,\n",
    ),
    ("Train apprentices as gardeners", "Train apprentices as tree surgeons"),
    ("PRK-04,PRK-S,Resurface the car park,verbatim,priority,,Parks Plan,\n", ""),
    ("RIV-01,", "PRK-09,PRK-S,Ask residents about lighting,verbatim,priority,,Parks Plan,\nRIV-01,"),
)


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def decide(texts: dict[str, str]) -> str:
    rows = [f"millbrook-themes,{p},{theme},{said},{texts[p]},AB,2019-01-14,\n" for p, theme, said in SAID]
    return CITY["decisions.csv"] + "".join(rows)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A run folder of the city as it was decided on; the tables of the next edition stand beside it."""
    plain = read_partnership(write_city(tmp_path / "plain"))
    decisions = {
        "decisions.csv": decide(dict(zip(plain.priorities["priority"], plain.priorities["text"], strict=True)))
    }
    save_inputs(tag(read_partnership(write_city(tmp_path / "old", decisions))), tmp_path / "run", "as agreed")
    write_city(tmp_path / "city", {**NEW, **decisions})
    return tmp_path / "run"


def open_city(kept: Path) -> Run:
    return tag(read_partnership(kept.parent / "city"))


def find_outcomes(run: Run) -> dict[tuple[str, str], str]:
    return dict(
        zip(zip(run.decisions["priority"], run.decisions["theme"], strict=True), run.decisions["outcome"], strict=True)
    )


def carry(kept: Path) -> str:
    done = call("review", "carry", kept, "--data", kept.parent / "city")
    assert done.exit_code == 0, done.output
    return done.output


def test_the_sums_that_are_printed_add_up(kept: Path) -> None:
    said = carry(kept)
    total, parts = re.search(r"(\d+) decisions of the earlier run = (.+)\.", said).groups()  # type: ignore[union-attr]
    assert parts == "3 applied + 2 check again + 1 orphaned"
    assert int(total) == len(SAID) == sum(int(part.split()[0]) for part in parts.split(" + "))


def test_the_same_words_under_another_id_are_applied_there(kept: Path) -> None:
    carry(kept)
    run = open_city(kept)
    status = run.tags.set_index(["priority", "theme"])["status"]
    assert status["HOM-11", "homes"] == "confirmed"
    assert find_outcomes(run)["HOM-11", "homes"] == "applied"
    assert find_outcomes(run)["HOM-01", "homes"] == "superseded"


def test_other_words_are_asked_first_and_applied_to_nothing(kept: Path, tmp_path: Path) -> None:
    assert "check again: PRK-02 and work, AB said reject; 'gardeners' became 'tree surgeons'" in carry(kept)
    status = open_city(kept).tags.set_index(["priority", "theme"])["status"]
    assert status["PRK-02", "work"] == "suggested"
    assert call("review", "export", "--data", tmp_path / "city", "-o", tmp_path / "again.xlsx").exit_code == 0
    head, *rows = openpyxl.load_workbook(tmp_path / "again.xlsx")["Review"].iter_rows(values_only=True)
    asked = [dict(zip(head, row, strict=True)) for row in rows]
    first = {(row["Ref"], row["Key: theme"]): row["Decided before"] for row in asked[:3]}
    assert set(first) == {("PRK-02", "work"), ("HOM-12", "voice"), ("HOM-13", "voice")}
    assert first["PRK-02", "work"] == (
        "Reject (AB, 2019-01-14)\nOn: Train apprentices as gardeners\nSince: 'gardeners' became 'tree surgeons'."
    )
    assert all(row["Decision"] is None for row in asked)


def test_each_part_of_a_split_is_asked_about(kept: Path) -> None:
    said = carry(kept)
    outcomes = find_outcomes(open_city(kept))
    for part in ("HOM-12", "HOM-13"):
        assert f"check again: {part} (was HOM-02) and voice, AB said confirm" in said
        assert outcomes[part, "voice"] == "check again"


def test_carrying_twice_writes_nothing_new(kept: Path) -> None:
    first = carry(kept)
    city = kept.parent / "city"
    before = {path.name: path.read_bytes() for path in (city / "decisions").iterdir()}
    second = carry(kept)
    assert "Put on record under their new ids" in first
    assert "Nothing new to put on record." in second
    assert {path.name: path.read_bytes() for path in (city / "decisions").iterdir()} == before
    # Of the earlier records none is lost: all stand, and three new ones beside them.
    assert len(read_decisions(city)[0]) == len(SAID) + 3


def test_a_run_folder_altered_by_hand_is_refused(kept: Path) -> None:
    path = kept / INPUTS / TEXTS
    path.write_text(path.read_text(encoding="utf-8").replace("cold", "warm"), encoding="utf-8")
    done = call("review", "carry", kept, "--data", kept.parent / "city")
    assert done.exit_code == 1
    assert "inputs/priorities.csv: was altered since the run was kept." in done.output
    assert not (kept.parent / "city" / "decisions").exists()


def test_shipped_data_is_refused(kept: Path) -> None:
    done = call("review", "carry", kept, "--data", "derby")
    assert done.exit_code == 1
    assert "mapping init" in done.output


def test_a_folder_without_a_run_is_refused(kept: Path) -> None:
    done = call("review", "carry", kept.parent / "old", "--data", kept.parent / "city")
    assert done.exit_code == 1
    assert "no run can be opened there" in done.output


# --- named runs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../elsewhere", "con", "a/b", "latest", " "])
def test_a_name_that_no_run_can_have_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("report", "--name", name)
    assert done.exit_code == 1
    assert "cannot be the name of a run" in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_was_used_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs" / "as agreed").mkdir(parents=True)
    done = call("report", "--name", "As Agreed")
    assert done.exit_code == 1
    assert "a named run is never overwritten" in done.output


def test_a_name_and_a_folder_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("report", "--name", "as agreed", "-o", "somewhere")
    assert done.exit_code == 1
    assert "leave one of the two out" in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_report_never_replaces_a_named_run(kept: Path) -> None:
    done = call("report", "--data", kept.parent / "city", "-o", kept)
    assert done.exit_code == 1
    assert "holds the run 'as agreed'" in done.output


# --- in LibreOffice ----------------------------------------------------------------------------------------


@pytest.mark.office
def test_the_workbook_opens_in_libreoffice_with_its_choices(kept: Path, tmp_path: Path) -> None:
    assert SOFFICE is not None, "LibreOffice is not installed: apt-get install libreoffice-calc"
    carry(kept)
    path, out = tmp_path / "again.xlsx", tmp_path / "out"
    assert call("review", "export", "--data", tmp_path / "city", "-o", path).exit_code == 0
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [SOFFICE, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=180)
    for sheet in (openpyxl.load_workbook(book)["Review"] for book in (path, out / path.name)):
        head = [cell.value for cell in sheet[1]]
        letter = openpyxl.utils.get_column_letter(head.index("Decision") + 1)
        rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
        rule = rules[f"{letter}2:{letter}{sheet.max_row}"]
        assert (rule.type, rule.formula1) == ("list", '"Confirm,Reject,Add,Unsure"')
        assert sheet[f"{letter}2"].fill.fgColor.rgb == "FFFFF7BF"
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet[2][head.index("Decided before")].value
