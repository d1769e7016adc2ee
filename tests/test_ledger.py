"""Decisions on disk: one file per import, copies that say nothing new, and nothing lost when an import is cut off."""

from __future__ import annotations

import os
import random
import shutil
import time
from pathlib import Path

import pandas as pd
import pytest
from conftest import CITY, write_city
from hypothesis import given, settings
from hypothesis import strategies as st
from prove_ledger import (
    _RENAME,
    Stage,
    find_points,
    hold_open,
    import_pair,
    kill_import,
    limit_file_size,
    list_steps,
    refuse_writing,
    set_stage,
)

import mapping.ledger
from mapping.errors import DataError, OutputError
from mapping.ledger import FOLDER, add_decisions, read_decisions
from mapping.partnership import read_partnership
from mapping.review_import import import_reviews
from mapping.schema import DECISIONS
from mapping.tags import tag

NAMES = [column.name for column in DECISIONS]
FIRST = ("millbrook-themes", "HOM-01", "homes", "confirm", "Insulate cold homes", "AB", "2019-01-14", "")
SECOND = ("millbrook-themes", "HOM-01", "river", "reject", "Insulate cold homes", "AB", "2019-01-16", "no river")
THIRD = ("millbrook-themes", "PRK-04", "river", "unsure", "Resurface the car park", "CD", "", "- perhaps")


def table(*records: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(records, columns=NAMES, dtype="object")


def add(folder: Path, *records: tuple[str, ...]) -> Path:
    path = add_decisions(folder, table(*records))
    assert path is not None
    return path


def records(folder: Path) -> list[tuple[str, ...]]:
    return list(read_decisions(folder)[0][NAMES].itertuples(index=False, name=None))


def notes(folder: Path) -> list[str]:
    return [str(note) for note in read_decisions(folder)[1]]


# --- one file per import -----------------------------------------------------------------------------------


def test_a_city_without_decisions_has_none(tmp_path: Path) -> None:
    found, odd = read_decisions(tmp_path)
    assert list(found.columns) == [*NAMES, "line", "file"]
    assert (len(found), odd) == (0, [])


def test_an_import_is_one_file_named_by_its_newest_day_and_its_content(tmp_path: Path) -> None:
    path = add(tmp_path, FIRST, SECOND, THIRD)
    assert path.parent == tmp_path / FOLDER
    assert path.name.startswith("2019-01-16-")
    assert len(path.stem) == len("2019-01-16-") + 12
    assert path.read_text().splitlines() == [
        ",".join(NAMES),
        "millbrook-themes,PRK-04,river,unsure,Resurface the car park,CD,,'- perhaps",
        "millbrook-themes,HOM-01,homes,confirm,Insulate cold homes,AB,2019-01-14,",
        "millbrook-themes,HOM-01,river,reject,Insulate cold homes,AB,2019-01-16,no river",
        "# end: 3 decisions,,,,,,,",
    ]
    assert records(tmp_path) == [THIRD, FIRST, SECOND]
    assert add(tmp_path, (*FIRST[:6], "", "x")).name.startswith("undated-")


def test_the_same_import_twice_writes_nothing_new(tmp_path: Path) -> None:
    path = add(tmp_path, FIRST, SECOND)
    before = path.stat().st_mtime_ns
    assert add_decisions(tmp_path, table(SECOND, FIRST, FIRST)) is None
    assert add_decisions(tmp_path, table(FIRST)) is None
    assert add_decisions(tmp_path, table()) is None
    assert (list((tmp_path / FOLDER).iterdir()), path.stat().st_mtime_ns) == ([path], before)
    path.unlink()
    assert add(tmp_path, FIRST, SECOND).name == path.name


def test_imports_that_overlap_give_each_decision_once(tmp_path: Path) -> None:
    add(tmp_path, FIRST, SECOND)
    add(tmp_path, SECOND, THIRD)
    assert records(tmp_path) == [THIRD, FIRST, SECOND]


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
RECORD = st.tuples(
    st.just("f"), st.just("p"), st.just("t"), st.sampled_from(["confirm", "reject", "add", "unsure"]),
    TEXT.filter(str.strip), TEXT.filter(str.strip), st.sampled_from(["", "2019", "2019-01-14", "2019-01-14T10:30"]),
    TEXT,
)  # fmt: skip


@given(st.lists(RECORD, min_size=1, max_size=4))
@settings(max_examples=30, deadline=None)
def test_what_is_added_is_read_back_to_the_letter(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[str, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("city")
    add(folder, *made)
    # spaces at the ends of a cell are no part of it, but of the words judged they are
    wanted = {(*row[:4], row[4], row[5].strip(), row[6], row[7].strip()) for row in made}
    assert set(records(folder)) == wanted
    assert add_decisions(folder, table(*made)) is None


# --- copies, names and times of the disk -------------------------------------------------------------------


def test_copies_and_names_and_times_change_nothing(tmp_path: Path) -> None:
    for record in (FIRST, SECOND, THIRD):
        add(tmp_path, record)
    before = read_decisions(tmp_path)[0]
    files = sorted((tmp_path / FOLDER).iterdir())
    for n, path in enumerate(files):
        shutil.copy(path, path.with_name(f"{path.stem} (1).csv"))
        shutil.copy(path, path.with_name(f"{path.stem}-conflicted copy 2019-02-01 of XY's laptop.CSV"))
        os.utime(path, (10_000 * n, 99_000 - 10_000 * n))
    found, odd = read_decisions(tmp_path)
    pd.testing.assert_frame_equal(found, before)
    assert odd == []
    files[0].unlink()
    pd.testing.assert_frame_equal(read_decisions(tmp_path)[0], before)


def test_a_file_that_a_spreadsheet_saved_again_is_the_same_file(tmp_path: Path) -> None:
    path = add(tmp_path, FIRST, SECOND)
    before = read_decisions(tmp_path)[0]
    head, *rows = path.read_text().splitlines()
    path.write_bytes("\r\n".join([head, *rows[::-1], ",,,,,,,", ""]).encode("utf-8-sig"))
    found, odd = read_decisions(tmp_path)
    pd.testing.assert_frame_equal(found[NAMES], before[NAMES])
    assert odd == []


def test_what_a_person_keeps_by_hand_comes_first_and_stays_as_it_is(tmp_path: Path) -> None:
    own = tmp_path / "decisions.csv"
    own.write_text(CITY["decisions.csv"] + ",".join(SECOND) + "\n" + ",".join(FIRST) + "\n")
    add(tmp_path, FIRST, THIRD)
    assert records(tmp_path) == [SECOND, FIRST, THIRD]
    assert list(read_decisions(tmp_path)[0]["file"])[:2] == ["decisions.csv"] * 2


def test_a_file_edited_by_hand_is_read_noted_and_never_replaced(tmp_path: Path) -> None:
    path = add(tmp_path, FIRST)
    path.write_text(path.read_text().replace("confirm", "reject"))
    assert [record[3] for record in records(tmp_path)] == ["reject"]
    assert notes(tmp_path) == [
        f"decisions/{path.name}: its content is not what its name says: it was edited or put there by hand. "
        "It is read as it stands."
    ]
    again = add(tmp_path, FIRST)
    assert again.name.startswith(path.stem)
    assert len(again.stem) == len(path.stem) + 4
    assert "reject" in path.read_text()


def test_what_is_not_ours_is_passed_over(tmp_path: Path) -> None:
    path = add(tmp_path, FIRST)
    for name in (".~lock.a.csv#", "~$a.csv", ".2019.csv.abc.part", ".hidden.csv"):
        (path.parent / name).write_text("half")
    (path.parent / "review.xlsx").write_text("x")
    (path.parent / "old.csv").mkdir()
    assert records(tmp_path) == [FIRST]
    assert [note.split(":")[0] for note in notes(tmp_path)] == ["decisions/old.csv", "decisions/review.xlsx"]
    assert "mapping review import" in notes(tmp_path)[0]


# --- half files --------------------------------------------------------------------------------------------


def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    path = add(tmp_path, FIRST, SECOND)
    whole = path.read_bytes()
    mark = whole.index(b"# end: 2 decision") + len(b"# end: 2 decision")
    for size in range(mark):
        path.write_bytes(whole[:size])
        with pytest.raises(DataError) as caught:
            read_decisions(tmp_path)
        (problem,) = caught.value.problems
        assert problem.file == f"decisions/{path.name}"
        assert problem.line == whole[:size].count(b"\n") + (not whole[:size].endswith(b"\n"))
        assert "'# end: ... decisions', is missing" in problem.message
        assert "import its workbook again" in problem.message
    # From there on nothing that counts is missing, though the commas that Excel wants may be.
    path.write_bytes(whole[: len(whole) - 1])
    assert records(tmp_path) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "breaks off here"),
        (b"\0" * 400, "breaks off here"),
        ("a,b\n# end: 1 decision\n".encode("utf-16"), "is UTF-16 text"),
        (b"framework,priority\nx,y\n# end: 1 decision,\n", "column 'theme': the column is missing"),
        (b"caf\xe9\n# end: 1 decision\n", "which is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = add(tmp_path, FIRST)
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read_decisions(tmp_path)
    assert str(caught.value).startswith(f"decisions/{path.name}")
    with pytest.raises(DataError):
        add_decisions(tmp_path, table(SECOND))
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_every_file_at_fault_is_named_at_once(tmp_path: Path) -> None:
    paths = [add(tmp_path, FIRST), add(tmp_path, SECOND)]
    paths[0].write_text(paths[0].read_text().replace("confirm", "perhaps"))
    paths[1].write_text(paths[1].read_text().replace("2019-01-16", "16/01/2019"))
    (tmp_path / "decisions.csv").write_text("nothing\n")
    with pytest.raises(DataError) as caught:
        read_decisions(tmp_path)
    said = str(caught.value)
    assert f"decisions/{paths[0].name}, line 2, column 'decision': 'perhaps' is not one of" in said
    assert f"decisions/{paths[1].name}, line 2, column 'time': '16/01/2019' is not a time" in said
    assert "decisions.csv, line 1" in said


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("")
    with pytest.raises(DataError, match="a folder with one file per import is expected"):
        read_decisions(tmp_path)


# --- two answers at one time -------------------------------------------------------------------------------


def test_of_two_answers_at_one_time_the_more_cautious_counts_and_it_is_said(tmp_path: Path) -> None:
    write_city(tmp_path)
    add(tmp_path, (*FIRST[:3], "reject", *FIRST[4:]))
    path = add(tmp_path, FIRST)
    for name in ("confirm", "reject"):
        assert f"'{name}'" in notes(tmp_path)[0]
    assert "'reject' counts. Decide again with a later date" in notes(tmp_path)[0]
    tags = tag(read_partnership(tmp_path)).tags
    assert list(tags.loc[(tags["priority"] == "HOM-01") & (tags["theme"] == "homes"), "status"]) == ["rejected"]
    add(tmp_path, (*FIRST[:6], "2019-01-14T10:30", ""))
    tags = tag(read_partnership(tmp_path)).tags
    assert list(tags.loc[(tags["priority"] == "HOM-01") & (tags["theme"] == "homes"), "status"]) == ["confirmed"]
    assert path.exists()


# --- in a city ---------------------------------------------------------------------------------------------


def test_a_city_reads_them_and_its_notes_name_their_file(tmp_path: Path) -> None:
    write_city(tmp_path, {"decisions.csv": None})
    gone = (*FIRST[:1], "HOM-99", *FIRST[2:4], "Words that nobody has", *FIRST[5:])
    path = add(tmp_path, FIRST, gone, (*SECOND[:4], "Other words", *SECOND[5:]))
    partnership = read_partnership(tmp_path)
    assert len(partnership.decisions) == 3
    said = [str(warning) for warning in partnership.warnings]
    assert any(note.startswith(f"decisions/{path.name}, line 3, column 'priority'") for note in said)
    assert any(note.startswith(f"decisions/{path.name}, line 4, column 'words'") for note in said)
    assert sorted(tag(partnership).decisions["outcome"]) == ["applied", "check again", "orphaned"]


def test_an_unknown_theme_is_refused_by_its_file(tmp_path: Path) -> None:
    write_city(tmp_path)
    path = add(tmp_path, (*FIRST[:2], "homs", *FIRST[3:]))
    with pytest.raises(DataError, match="Did you mean 'homes'") as caught:
        read_partnership(tmp_path)
    assert str(caught.value).startswith(f"decisions/{path.name}, line 2, column 'theme'")


# --- what is not written -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ((*FIRST[:3], "Confirm", *FIRST[4:]), "decision 1: 'Confirm' is not one of"),
        ((*FIRST[:4], " ", *FIRST[5:]), "column 'words': decision 1: is empty"),
        ((*FIRST[:6], "14/01/2019", ""), "'14/01/2019' is not a time"),
        ((*FIRST[:6], "2019-02-30", ""), "'2019-02-30' is not a time"),
        ((*FIRST[:7], "a\0b"), "no text file can hold"),
        ((*FIRST[:7], "a\ud800b"), "no text file can hold"),
    ],
)
def test_what_could_not_be_read_back_is_not_written(tmp_path: Path, record: tuple[str, ...], message: str) -> None:
    with pytest.raises(DataError, match=message):
        add_decisions(tmp_path, table(record))
    assert list(tmp_path.iterdir()) == []


def test_missing_columns_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"column 'time': the column is missing. Did you mean 'timed'"):
        add_decisions(tmp_path, table(FIRST).rename(columns={"time": "timed"}))
    with pytest.raises(OutputError, match="there is no such folder"):
        add_decisions(tmp_path / "gone", table(FIRST))


def test_a_temporary_file_left_by_a_kill_is_swept_at_the_next_write(tmp_path: Path) -> None:
    path = add(tmp_path, FIRST)
    (path.parent / ".2019-01-14-abc.csv.x1.part").write_text("half")
    add(tmp_path, SECOND)
    assert sorted(file.suffix for file in path.parent.iterdir()) == [".csv", ".csv"]


def test_an_import_whose_temporary_file_was_swept_by_another_tries_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, calls = mapping.ledger.write_file, []

    def swept(path: Path, content: str) -> Path:
        calls.append(path)
        if len(calls) < 3:
            raise OutputError("could not be written") from FileNotFoundError(2, "gone")
        return plain(path, content)

    monkeypatch.setattr(mapping.ledger, "write_file", swept)
    assert add(tmp_path, FIRST).exists()
    assert len(calls) == 3


# --- kills, pairs and disks that refuse (tests/prove_ledger.py does many more) ------------------------------

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="skipped: this system has no fork")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return set_stage(tmp_path_factory.mktemp("stage"))


@needs_fork
def test_a_killed_import_loses_and_alters_nothing(stage: Stage) -> None:
    stage.reset()
    steps = list_steps(lambda: import_reviews(stage.city, [stage.books["AB"]], stage.run))
    points = find_points(steps, 9, random.Random(1))
    assert steps.count(_RENAME) == 1
    assert steps.index(_RENAME) + 1 in points
    for point in points:
        found = kill_import(stage, kill_at=point)
        assert found == {"killed": True, "lost": 0, "altered": 0, "repairs": 0, "strays": 0}, point
    found = kill_import(stage, after=0.01)
    assert {**found, "killed": True} == {"killed": True, "lost": 0, "altered": 0, "repairs": 0, "strays": 0}


@needs_fork
def test_two_imports_at_once_are_both_on_record(stage: Stage) -> None:
    assert import_pair(stage, ("AB", "CD"))
    assert import_pair(stage, ("AB", "AB"))


@needs_fork
@pytest.mark.parametrize("prepare", [limit_file_size, hold_open])
def test_where_nothing_can_be_written_the_old_state_is_whole(stage: Stage, prepare: object) -> None:
    assert refuse_writing(stage, prepare) == ""  # type: ignore[arg-type]


def test_reading_sixty_imports_is_quick(tmp_path: Path) -> None:
    city, other = tmp_path / "city", tmp_path / "other"
    (city / FOLDER).mkdir(parents=True)
    other.mkdir()
    for n in range(60):
        # Each made alone, since an import reads all that is there.
        add(other, (*FIRST[:6], f"2019-01-14T10:{n:02d}", "")).replace(city / FOLDER / f"{n}.csv")
    begun = time.monotonic()
    assert len(records(city)) == 60
    assert time.monotonic() - begun < 5
