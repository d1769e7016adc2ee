"""What the commands that read documents do with odd folders, names and machines: said, and nothing left half-done."""

from __future__ import annotations

import errno
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import mapping as mp
from mapping.errors import OutputError
from mapping.sources import receipt, supervisor
from mapping.sources.finding import extract
from mapping.sources.owners import judge_authority
from mapping.sources.passages import Document, Passage
from tests.test_extract import run

PLAN = "Our priorities\n\n- Warm homes for all\n- Help people to stay well\n"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_what_a_folder_holds_besides_is_said(plan: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / ".hidden.txt").write_text(PLAN, encoding="utf-8")
    (tmp_path / "~plan.txt").write_text(PLAN, encoding="utf-8")
    code, _, err = run("extract", str(tmp_path), "-o", str(tmp_path / "more" / "draft.csv"))
    assert code == 0
    assert ": not read: .hidden.txt, more/, ~plan.txt (" in err
    assert "plan.txt: 3 passages: 2 taken, 1 left; 2 draft priorities" in err


def test_a_file_given_twice_is_read_once(plan: Path, tmp_path: Path) -> None:
    code, _, err = run("extract", str(plan), str(tmp_path), str(plan), "-o", str(tmp_path / "draft.csv"))
    assert code == 0
    assert "reading 1 of 1: plan.txt" in err
    document = mp.read_document(plan)
    found = extract([document, document])
    assert len(found.priorities) == 2
    assert list(found.receipt["place"]) == [1, 2, 3]
    assert found.notes[0] == "plan.txt: was given more than once; it is read once."


def test_where_nothing_could_be_read_nothing_is_written(plan: Path, tmp_path: Path) -> None:
    target = tmp_path / "draft.csv"
    code, _, err = run("extract", str(tmp_path / "paln.txt"), "-o", str(target))
    assert code == 1
    assert "paln.txt: not read. E-NOT-FOUND" in err
    assert not target.exists()
    assert run("extract", str(plan), "-o", str(target))[0] == 0


@pytest.mark.parametrize("command", ["extract", "tracker"])
def test_a_name_that_is_no_csv_is_refused(command: str, plan: Path, tmp_path: Path) -> None:
    code, _, err = run(command, str(plan), "-o", str(tmp_path / "draft.xlsx"))
    assert code == 1
    assert "is written as CSV, which opens in Excel. Give a name that ends with .csv." in err
    assert "reading" not in err


def test_a_board_that_is_not_known_is_said_before_the_reading(plan: Path, tmp_path: Path) -> None:
    code, _, err = run("extract", str(plan), "--data", "derby", "--board", "HWX", "-o", str(tmp_path / "d.csv"))
    assert code == 1
    assert "Did you mean 'HWB'" in err
    assert "reading" not in err


def test_all_tables_of_a_draft_are_written_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = receipt.write_table

    def fail(path: Path, table: pd.DataFrame) -> Path:
        if path.name == "b.csv":
            raise OutputError(f"{path}: the disk is full.")
        return write(path, table)

    monkeypatch.setattr(receipt, "write_table", fail)
    table = pd.DataFrame({"a": ["b"]})
    with pytest.raises(OutputError, match="the disk is full"):
        receipt.write_once({tmp_path / "a.csv": table, tmp_path / "b.csv": table})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["mkdtemp", "TemporaryFile"])
def test_a_full_folder_for_temporary_files_is_a_refusal(what: str, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, what, fail)
    document = mp.read_document(plan)
    assert document.code == "E-SPACE"
    assert "Make room there, or set TMPDIR" in document.warnings[0].message


def test_what_a_killed_run_left_is_swept_after_a_day(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "temporary"
    for name in ("reading-old", "reading-new", "reading-full"):
        (home / name).mkdir(parents=True)
    (home / "reading-full" / "work.txt").write_text("mine", encoding="utf-8")
    day_ago = time.time() - supervisor._STALE - 60
    for name in ("reading-old", "reading-full"):
        os.utime(home / name, (day_ago, day_ago))
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    assert mp.read_document(plan).outcome == "ok"
    assert sorted(path.name for path in home.iterdir()) == ["reading-full", "reading-new"]


# --- whose paper it is ---


def make_document(*texts: str) -> Document:
    passages = [Passage(n, "heading" if n == 1 else "paragraph", text) for n, text in enumerate(texts, start=1)]
    return Document("paper.md", "", "markdown", "ok", passages=tuple(passages))


@pytest.mark.parametrize(
    ("texts", "foreign", "said"),
    [
        (
            ("Wharfshire County Council: Council Plan", "Wharfshire will be fair."),
            True,
            "it names Wharfshire, and never Wharf",
        ),
        (
            ("Ashby City Council: Health Strategy", "We learned from Wharf.", "Ashby is well. Ashby grows."),
            True,
            "its title names Ashby, not Wharf",
        ),
        (("Our Health Strategy", "It was made by Ashby Borough Council for our city."), False, "and names Ashby"),
        (("Health Strategy for Wharf", "Ashby Borough Council helps. Ashby is near."), False, ""),
        (("A strategy", "Ashby City Council and Ashby. Ashby City Council again."), True, "never Wharf"),
        (("A strategy", "It names no place."), False, "it may be another authority's paper"),
    ],
)
def test_another_authoritys_paper_is_told_by_its_title_or_by_its_whole(
    texts: tuple[str, ...], foreign: bool, said: str
) -> None:
    found, why = judge_authority(make_document(*texts), "Wharf")
    assert found is foreign
    assert said in why
