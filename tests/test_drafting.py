"""From a draft to the tables of a city: nothing is retyped, and no row is lost."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import mapping as mp
from mapping.cli import main
from mapping.drafting import LEFT, read_draft, write_city
from mapping.errors import DataError, OutputError, UnknownNameError
from mapping.sources.finding import DRAFT


def make_draft(*rows: dict[str, str]) -> pd.DataFrame:
    base = dict.fromkeys(DRAFT, "") | {
        "wording": "verbatim", "level": "priority", "file": "plan.docx", "document": "A plan 2024-2029",
        "source_title": "A plan 2024-2029",
    }  # fmt: skip
    return pd.DataFrame([base | row for row in rows])


ROWS = (
    {"priority": "HWB-01", "text": "Give every child the best start in life", "board": "Health and Wellbeing Board"},
    {"priority": "HWB-02", "text": "Help people age well", "board": "HWB", "parent": "HWB-01", "level": "action"},
    {"priority": "UNKNOWN-01", "text": "Make streets safer", "board": "Safer Ashby Partnership"},
    {"priority": "UNKNOWN-02", "text": "Plant trees", "board": "board unknown"},
    {"priority": "UNKNOWN-03", "text": "Listen to tenants", "board": "Safer Ashby Partnership", "strategy": "CSP"},
    {"priority": "HWB-03", "text": "We opened a hub", "board": "HWB", "level": "reported activity"},
)


def test_a_draft_becomes_a_city_that_passes_the_check(tmp_path: Path) -> None:
    files = write_city(make_draft(*ROWS), tmp_path / "ashby", name="Ashby Partnership", place="Ashby")
    assert all(path.is_file() for path in files)
    city = mp.read_partnership(tmp_path / "ashby")
    assert (city.info["name"], city.info["place"], city.info["id"]) == ("Ashby Partnership", "Ashby", "ashby")
    assert city.boards[["board", "name", "statutory"]].to_numpy().tolist() == [
        ["HWB", "Health and Wellbeing Board", "yes"], ["SAP", "Safer Ashby Partnership", "no"],
    ]  # fmt: skip
    assert city.strategies[["strategy", "board", "standing", "edition"]].to_numpy().tolist() == [
        ["HWB-PAPER", "HWB", "stand-in", "2024-2029"], ["SAP-PAPER", "SAP", "stand-in", "2024-2029"],
        ["CSP", "SAP", "named", "2024-2029"],
    ]  # fmt: skip
    assert city.priorities[["priority", "strategy", "parent"]].to_numpy().tolist() == [
        ["HWB-01", "HWB-PAPER", ""], ["HWB-02", "HWB-PAPER", "HWB-01"], ["SAP-01", "SAP-PAPER", ""],
        ["SAP-02", "CSP", ""],
    ]  # fmt: skip
    left = pd.read_csv(tmp_path / "ashby" / LEFT)
    assert left["text"].tolist() == ["Plant trees", "We opened a hub"]
    assert left["why"].str.contains("not known|restate").all()
    assert len(left) + len(city.priorities) == len(ROWS)


def test_a_draft_without_boards_writes_nothing_and_says_what_to_fill_in(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"none of the 1 rows .* Fill in the column board"):
        write_city(make_draft(ROWS[3]), tmp_path / "city")
    with pytest.raises(UnknownNameError, match="closing-the-gap"):
        write_city(make_draft(ROWS[0]), tmp_path / "city", framework="closing-the-gab")
    assert not (tmp_path / "city").exists()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="already holds something"):
        write_city(make_draft(ROWS[0]), tmp_path / "full")


def test_texts_that_a_spreadsheet_would_run_come_back_to_the_letter(tmp_path: Path) -> None:
    text = '=cmd|" /C calc"!A0'
    write_city(make_draft({**ROWS[0], "text": text}), tmp_path / "city")
    assert ",'=cmd" in (tmp_path / "city" / "priorities.csv").read_text().replace('"', "")
    assert mp.read_partnership(tmp_path / "city").priorities["text"].tolist() == [text]


def test_two_boards_with_the_same_initials_and_two_papers_of_one_board(tmp_path: Path) -> None:
    draft = make_draft(
        {"priority": "1", "text": "One", "board": "City Health Board"},
        {"priority": "2", "text": "Two", "board": "Culture Heritage Board", "file": "b.pdf"},
        {"priority": "3", "text": "Three", "board": "culture  heritage board", "file": "c.pdf"},
    )
    write_city(draft, tmp_path / "city")
    city = mp.read_partnership(tmp_path / "city")
    assert city.boards["board"].tolist() == ["CHB", "CHB2"]
    assert city.strategies["strategy"].tolist() == ["CHB-PAPER", "CHB2-PAPER", "CHB2-PAPER2"]


def test_a_board_written_with_and_without_its_place_is_one(tmp_path: Path) -> None:
    draft = make_draft(
        {"priority": "ASCB-01", "text": "One", "board": "Ashby Safer Communities Board"},
        {"priority": "SCB-01", "text": "Two", "board": "Safer Communities Board"},
        {"priority": "SCB-02", "text": "Three", "board": "safer communities board", "file": "b.pdf"},
        {"priority": "AP-01", "text": "Four", "board": "Ashby Partnership"},
    )
    write_city(draft, tmp_path / "city", place="Ashby")
    city = mp.read_partnership(tmp_path / "city")
    assert city.boards[["board", "name", "short"]].to_numpy().tolist() == [
        ["SCB", "Safer Communities Board", "SCB"], ["AP", "Ashby Partnership", "AP"],
    ]  # fmt: skip
    assert city.strategies["board"].tolist() == ["SCB", "SCB", "AP"]


def test_the_command_goes_from_papers_to_a_checked_city(tmp_path: Path) -> None:
    run = CliRunner().invoke
    draft = tmp_path / "draft.csv"
    assert run(main, ["extract", "example", "-o", str(draft)]).exit_code == 0
    home = tmp_path / "my city"
    made = run(
        main, ["init", str(home), "--from", str(draft), "--name", "Millbrook Partnership", "--place", "Millbrook"]
    )
    assert made.exit_code == 0, made.output
    assert "check every cell" in made.output
    assert "next:" in made.output
    assert run(main, ["check", "--data", str(home)]).exit_code == 0
    assert len(mp.read_partnership(home).priorities) == len(read_draft(draft))


def test_the_command_refuses_what_does_not_go_together(tmp_path: Path) -> None:
    run = CliRunner().invoke
    both = run(main, ["init", str(tmp_path / "a"), "--from", "draft.csv", "--like", "derby"])
    assert both.exit_code == 2
    assert "not both" in both.output
    alone = run(main, ["init", str(tmp_path / "a"), "--place", "Derby"])
    assert alone.exit_code == 2
    assert "--from" in alone.output


def test_a_draft_that_a_person_damaged_is_refused_with_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "draft.csv"
    make_draft(ROWS[0], {**ROWS[1], "level": "priorty"}).to_csv(path, index=False)
    with pytest.raises(DataError, match=r"draft.csv, line 3, column 'level': 'priorty'.*priority"):
        read_draft(path)
