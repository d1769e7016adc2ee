"""The command line: help that teaches, results to standard output, messages to standard error, exit codes."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mapping.cli import main

COMMANDS = [
    "init", "check", "report", "pack", "tag", "explain", "extract", "tracker", "keywords", "evaluate", "calibrate",
    "review", "cross-impact", "learn", "figures", "cards", "tables", "graph", "compare", "paper",
]  # fmt: skip


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_help_lists_the_commands_in_the_order_of_the_work() -> None:
    out = call("--help").stdout
    listed = out.split("Commands:")[1].split("Start here:")[0]
    assert re.findall(r"^  (\S+)", listed, flags=re.MULTILINE) == COMMANDS
    assert "..." not in out.split("Commands:")[1].split("Start here")[0], "a short help text is cut"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_explained(command: str) -> None:
    out = call(command, "--help")
    assert out.exit_code == 0
    assert len(out.stdout) > 200
    for parameter in main.commands[command].params:
        if parameter.param_type_name == "option" and parameter.name not in ("role",):
            assert parameter.help, f"{command} --{parameter.name} has no help"  # type: ignore[attr-defined]


def test_an_unknown_command_names_the_nearest() -> None:
    out = call("repot")
    assert out.exit_code == 2
    assert "Did you mean 'report'?" in out.stderr


def test_explain_shows_the_sentence_both_scores_and_their_terms() -> None:
    out = call("explain", "CFL-02", "skills")
    assert out.exit_code == 0
    assert "Better [educational] [attainment]" in out.stdout
    assert "keywords" in out.stdout
    assert "similarity" in out.stdout
    assert "Suggested by the machine; no person has confirmed it." in out.stdout
    assert "next:" in out.stderr


def test_explain_also_explains_a_tag_that_was_not_given() -> None:
    out = call("explain", "CFL-02", "voice")
    assert out.exit_code == 0
    assert "Not tagged" in out.stdout


def test_an_unknown_priority_is_refused_with_the_nearest() -> None:
    out = call("explain", "DRB-7", "skills")
    assert (out.exit_code, out.stdout) == (1, "")
    assert "Priority 'DRB-7' is not known. Did you mean 'DRB-07'?" in out.stderr


def test_tag_prints_csv_to_standard_output_alone() -> None:
    out = call("tag")
    rows = list(csv.DictReader(io.StringIO(out.stdout)))
    assert len(rows) == 88 * 5
    assert {row["status"] for row in rows} == {"", "suggested"}


def test_tag_reads_a_column_of_any_file(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("ref,statement\n1,Raise attainment at school\n2,Resurface roads\n", "utf-8")
    out = call("tag", str(tmp_path / "plan.csv"), "--column", "statement", "-o", str(tmp_path / "tags.csv"))
    assert out.exit_code == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "tags.csv").read_text("utf-8"))))
    assert [(row["text"], row["theme"]) for row in rows if row["tagged"] == "yes"] == [("2", "skills")]


def test_a_missing_column_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("ref,statement\n1,Raise attainment\n", "utf-8")
    out = call("tag", str(tmp_path / "plan.csv"), "--column", "statment")
    assert (out.exit_code, out.stdout) == (1, "")
    assert "plan.csv, line 1: there is no column 'statment'. Did you mean 'statement'?" in out.stderr


def test_the_starter_city_is_whole(tmp_path: Path) -> None:
    home = str(tmp_path / "my-city")
    assert call("init", home).exit_code == 0
    check = call("check", "--data", home)
    assert check.exit_code == 0
    assert "No problems found; 0 notes." in check.stdout
    report = call("report", "--data", home, "-o", str(tmp_path / "run"))
    assert report.exit_code == 0, report.output
    assert (tmp_path / "run" / "index.html").is_file()
    again = call("init", home)
    assert again.exit_code == 1
    assert "already holds something" in again.stderr


def test_compare_of_a_folder_with_itself_finds_nothing(tmp_path: Path) -> None:
    home = str(tmp_path / "my-city")
    call("init", home)
    out = call("compare", home, home)
    assert out.exit_code == 0
    assert len(out.stdout.splitlines()) == 1
    assert "0 added, 0 removed, 0 changed." in out.stderr


def test_two_partnerships_are_not_subtracted() -> None:
    out = call("compare", "derby-2009", "derby")
    assert (out.exit_code, out.stdout) == (1, "")
    assert "different partnerships" in out.stderr


def test_the_2009_partnership_and_the_second_framework_run() -> None:
    assert call("tag", "--data", "derby-2009").exit_code == 0
    out = call("tag", "--framework", "derby-plan-outcomes")
    assert {row["theme"] for row in csv.DictReader(io.StringIO(out.stdout))} == {
        "protecting", "enabling", "health", "achievement", "place",
    }  # fmt: skip


def test_a_report_never_replaces_a_folder_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work", "utf-8")
    out = call("report", "-o", str(tmp_path))
    assert out.exit_code == 1
    assert "this folder holds other files" in out.stderr
    assert (tmp_path / "thesis.docx").read_text("utf-8") == "years of work"
