"""The walk-through of a new plan, followed to the letter: tables typed in, commands run, words compared."""

from __future__ import annotations

import csv
import re
import shlex
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from mapping.cli import main
from mapping.schema import PRIORITIES, STRATEGIES

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "walk-through.md").read_text(encoding="utf-8")
PIECE = re.compile(
    r"<!-- (?P<what>[^>\n]+) -->\n(?P<table>(?:\|[^\n]*\n)+|```yaml\n[^`]*```\n)"
    r"|```(?P<kind>bash|text)\n(?P<block>[^`]*)```"
)
COLUMNS = {"strategies.csv": STRATEGIES, "priorities.csv": PRIORITIES}


def read_rows(table: str) -> list[dict[str, str]]:
    head, _, *rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table.splitlines()]
    return [dict(zip(head, row, strict=True)) for row in rows]


def write_rows(path: Path, rows: list[dict[str, str]], keep: str = "") -> None:
    """Write a table; with ``keep``, the rows that are there stay but for those of one board."""
    if keep:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if not row["priority"].startswith(keep)] + rows
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column.name for column in COLUMNS[path.name]], restval="")
        writer.writeheader()
        writer.writerows(rows)


def answer(path: Path, day: str, answers: list[dict[str, str]]) -> None:
    """Fill in a review workbook as a person does in Excel."""
    book = openpyxl.load_workbook(path)
    head, *rows = book["Review"].iter_rows()
    place = {cell.value: cell.column - 1 for cell in head}
    asked = {(row[place["Ref"]].value, row[place["Theme"]].value): row for row in rows}
    for said in answers:
        row = asked[said["Ref"], said["Theme"]]
        for name, value in (("Decision", said["Decision"]), ("Note", said["Note"] or None)):
            row[place[name]].value = value
        row[place["Date"]].value = datetime.strptime(day, "%d %B %Y").date()
    book.save(path)


def type_in(what: str, table: str) -> None:
    """Do by hand what the page asks for."""
    how, _, where = what.partition(": ")
    lines = table.removeprefix("```yaml\n").removesuffix("```\n")
    if how == "file":
        Path(where).write_text(lines, encoding="utf-8")
    elif how == "line":
        text, key = Path(where).read_text(encoding="utf-8"), lines.partition(":")[0]
        Path(where).write_text(re.sub(rf"^{key}:.*\n", lines, text, flags=re.MULTILINE), encoding="utf-8")
    elif how == "answers":
        answer(Path(where.partition(", ")[0]), where.partition(", ")[2], read_rows(table))
    else:
        assert how.startswith("rows"), how
        write_rows(Path(where), read_rows(table), how.partition(" instead of ")[2])


def test_every_step_of_the_walk_through_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said, ran, compared = "", 0, 0
    for piece in PIECE.finditer(TEXT):
        if piece["what"]:
            type_in(piece["what"], piece["table"])
        elif piece["kind"] == "bash":
            said = ""
            for command in piece["block"].splitlines():
                result = CliRunner().invoke(main, shlex.split(command)[1:])
                assert result.exit_code == 0, f"{command}\n{result.output}"
                said += result.output
                ran += 1
        else:
            for line in piece["block"].splitlines():
                assert line in said, f"{line}\n\nis not in\n\n{said}"
                compared += 1
    assert (ran, compared) == (TEXT.count("\nmapping "), 10)
    assert (tmp_path / "changes" / "index.html").is_file()
    report = (tmp_path / "changes" / "report.md").read_text(encoding="utf-8")
    assert "| Safer Communities Board, Skills | 1 | 0 |" in report
    assert "| Safer Communities Board, Equality | 0 | 1 |" in report
    assert "To check again: 4 tags to look at, 0 left" in report


def test_the_walk_through_says_loudly_that_it_is_made_up() -> None:
    assert "> **Everything here is made up**" in TEXT
    assert TEXT.index("made up**") < TEXT.index("```bash")
    for name in re.findall(r"`((?:data|docs|notebooks)/[\w./-]+)`", TEXT):
        assert (ROOT / name).is_file(), name
