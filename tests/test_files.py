"""Files are written whole or not at all, and a folder that is not ours is left alone."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from mapping import files
from mapping.errors import MappingError, OutputError, UnknownNameError
from mapping.files import find_shipped, list_shipped, replace_folder, write_file

MARKER = "manifest.json"


def list_all(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


def fill(home: Path) -> None:
    (home / MARKER).write_text("new")
    (home / "tables").mkdir()
    (home / "tables" / "tags.csv").write_text("new")


def test_a_file_where_a_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"because .*notes is a file, not a folder"):
        write_file(tmp_path / "notes" / "paper.docx", "x")
    assert (tmp_path / "notes").read_text(encoding="utf-8") == "mine"


def test_a_file_is_written_with_its_line_ends(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a" / "b.txt", "caf\u00e9\r\nline\n")
    assert path.read_bytes() == "caf\u00e9\r\nline\n".encode()
    assert write_file(path, b"\x00").read_bytes() == b"\x00"
    assert [p.name for p in path.parent.iterdir()] == ["b.txt"]


def test_a_file_is_as_readable_as_any_other(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")
    assert write_file(tmp_path / "ours", "").stat().st_mode == plain.stat().st_mode


def test_a_file_that_cannot_be_put_in_place_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_file(tmp_path / "a.txt", "old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"could not be written .No space left on device.. Nothing was changed there"):
        write_file(path, "new")
    assert list_all(tmp_path) == {"a.txt": "old"}


def test_a_folder_where_the_file_should_go_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(OutputError, match="could not be written"):
        write_file(tmp_path / "a.txt", "new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("before", ["missing", "empty", "ours"])
def test_a_folder_is_made_or_replaced_as_a_whole(tmp_path: Path, before: str) -> None:
    target = tmp_path / "runs" / "latest"
    if before != "missing":
        target.mkdir(parents=True)
    if before == "ours":
        (target / MARKER).write_text("old")
        (target / "left-over.csv").write_text("old")
    assert replace_folder(target, fill, MARKER) == target
    assert list_all(tmp_path / "runs") == {f"latest/{MARKER}": "new", "latest/tables/tags.csv": "new"}
    assert [p.name for p in target.parent.iterdir()] == ["latest"], "something temporary was left"


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "Documents"
    target.mkdir()
    (target / "thesis.docx").write_text("years of work")
    with pytest.raises(OutputError, match="this folder holds other files and would be replaced"):
        replace_folder(target, fill, MARKER)
    assert list_all(tmp_path) == {"Documents/thesis.docx": "years of work"}


def test_a_file_where_the_folder_should_go_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latest").write_text("something")
    with pytest.raises(OutputError, match="a file stands where the folder would go"):
        replace_folder(tmp_path / "latest", fill, MARKER)
    assert list_all(tmp_path) == {"latest": "something"}


@pytest.mark.parametrize(
    "failure", [ValueError("in the middle"), MappingError("refused"), KeyboardInterrupt(), OSError(28, "x")]
)
def test_a_failure_while_filling_leaves_the_old_folder_whole(tmp_path: Path, failure: BaseException) -> None:
    target = replace_folder(tmp_path / "latest", fill, MARKER)

    def fail(home: Path) -> None:
        (home / "half.csv").write_text("half")
        raise failure

    expected = OutputError if isinstance(failure, OSError) else type(failure)
    with pytest.raises(expected):
        replace_folder(target, fail, MARKER)
    assert list_all(tmp_path) == {f"latest/{MARKER}": "new", "latest/tables/tags.csv": "new"}
    assert [p.name for p in tmp_path.iterdir()] == ["latest"]


@pytest.mark.parametrize("failure", [OSError(13, "Permission denied"), KeyboardInterrupt()])
def test_a_failure_while_exchanging_puts_the_old_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    target = replace_folder(tmp_path / "latest", fill, MARKER)
    rename = Path.rename

    def fail_once(self: Path, other: Path) -> Path:
        if self.suffix == ".part":
            raise failure
        return rename(self, other)

    monkeypatch.setattr(files.Path, "rename", fail_once)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        replace_folder(target, lambda home: (home / MARKER).write_text("newer") and None, MARKER)
    assert list_all(tmp_path) == {f"latest/{MARKER}": "new", "latest/tables/tags.csv": "new"}
    assert [p.name for p in tmp_path.iterdir()] == ["latest"]


def test_shipped_data_is_found_by_name() -> None:
    assert list_shipped("frameworks") == ["closing-the-gap", "derby-plan-outcomes"]
    assert list_shipped("partnerships") == ["derby", "derby-2009"]
    assert (find_shipped("partnerships", "derby") / "partnership.yaml").is_file()
    with pytest.raises(UnknownNameError) as refusal:
        find_shipped("frameworks", "closing-the-gab")
    assert str(refusal.value) == (
        "Shipped framework 'closing-the-gab' is not known. Did you mean 'closing-the-gap'? "
        "Known: closing-the-gap, derby-plan-outcomes."
    )


def test_what_a_killed_run_left_long_ago_is_swept_and_what_is_new_is_not(tmp_path: Path) -> None:
    for name, age in (("old", 3 * 24 * 3600), ("new", 60)):
        left = tmp_path / f".run.{name}.part"
        left.mkdir()
        (left / "half.csv").write_text("a", encoding="utf-8")
        then = time.time() - age
        os.utime(left, (then, then))
    replace_folder(tmp_path / "run", fill, MARKER)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".run.new.part", "run"]
