"""Runs that are kept and opened again: the same hash, nothing altered unsaid, no named run overwritten."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from conftest import CITY, edit, write_city

from mapping.calibration import Calibration
from mapping.comparison import find_causes
from mapping.errors import DataError, MappingError, OutputError
from mapping.ledger import add_decisions
from mapping.partnership import Partnership, load_derby_2009, read_partnership
from mapping.runs import INPUTS, check_name, is_run, name_folder, read_run, save_inputs
from mapping.schema import DECISIONS
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]
DECIDED = CITY["decisions.csv"] + "millbrook-themes,HOM-01,homes,confirm,Insulate cold homes,AB,2019,\n"


def keep(run: Run, folder: Path, name: str = "") -> Path:
    save_inputs(run, folder, name)
    return folder


def same(run: Run, again: Run) -> bool:
    """Return whether two runs are made of the same and say the same."""
    tables = ("boards", "strategies", "priorities", "decisions", "names", "passages", "links")
    drop = {"columns": ["line", "file"], "errors": "ignore"}
    equal = [
        getattr(run.partnership, name).drop(**drop).equals(getattr(again.partnership, name).drop(**drop)[
            list(getattr(run.partnership, name).drop(**drop).columns)
        ])
        for name in tables
    ]  # fmt: skip
    return run.hash == again.hash and run.settings == again.settings and all(equal)


# --- there and back ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"neighbours": True, "method": "keywords"},
        {"threshold": 0.35, "in_force_on": "2019-01-28", "draws": 300, "resamples": 30, "seed": 7},
    ],
    ids=["plain", "neighbours", "all other settings"],
)
def test_a_run_comes_back_with_the_same_hash(make_city: MakeCity, tmp_path: Path, choices: dict[str, object]) -> None:
    run = tag(make_city({"decisions.csv": DECIDED}), **choices)
    again = read_run(keep(run, tmp_path / "run"))
    assert same(run, again)
    assert find_causes(run, again).factors == ()
    assert again.partnership.info == run.partnership.info
    assert repr(again) == repr(run)


def test_derby_comes_back(derby_run: Run, tmp_path: Path) -> None:
    assert same(derby_run, read_run(keep(derby_run, tmp_path / "2019")))
    earlier = tag(load_derby_2009(), neighbours=True)
    assert same(earlier, read_run(keep(earlier, tmp_path / "2009")))


def test_another_framework_than_the_citys_own_comes_back(derby: Partnership, tmp_path: Path) -> None:
    run = tag(derby, "derby-plan-outcomes")
    again = read_run(keep(run, tmp_path / "run"))
    assert (again.hash, again.framework.id) == (run.hash, "derby-plan-outcomes")


def test_a_keyword_that_was_tried_and_a_calibration_come_back(city: Partnership, tmp_path: Path) -> None:
    fitted = Calibration("made-up rows", 100, -0.5, (1.25, 0.5, 0.0, 0.125))
    framework = replace(city.framework.with_keyword("river", "=rota"), calibration=fitted)
    run = tag(city, framework)
    again = read_run(keep(run, tmp_path / "run"))
    assert (again.hash, again.framework.calibration) == (run.hash, fitted)


@pytest.mark.parametrize(
    "text",
    [
        "=SUM(A1) homes", "- Reduce cold homes", "'quoted' homes", "'=homes", '"homes", and more',
        "two\nlines of homes", "carriage\r\nreturn homes", "  spaces around homes  ", "# a comment about homes",
        "caf\u00e9 \u2019 \U0001f600 homes", "0012", "NA",
    ],
)  # fmt: skip
def test_every_text_comes_back_to_the_letter(make_city: MakeCity, tmp_path: Path, text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    run = tag(make_city(edit("priorities.csv", ("Insulate cold homes,", f"{quoted},"))))
    # An apostrophe before an equals sign is how our own files keep a formula from being run.
    assert str(run.priority("HOM-01")["text"]) == ("=homes" if text == "'=homes" else text)
    again = read_run(keep(run, tmp_path / "run"))
    assert list(again.priorities["text"]) == list(run.priorities["text"])
    assert again.hash == run.hash


@pytest.mark.parametrize("text", ['a "b" \\ c', "tab\there", "line\u2028end", "\u00a0", "x: y # z", "\U0001f600"])
def test_what_a_city_says_of_itself_comes_back_to_the_letter(city: Partnership, tmp_path: Path, text: str) -> None:
    named = replace(city, info={**city.info, "about": f"A{text}Z", "edition": f"1{text}2"})
    assert read_run(keep(tag(named), tmp_path / "run")).partnership.info == named.info


def test_imported_decisions_are_kept_with_the_others(tmp_path: Path) -> None:
    home = write_city(tmp_path / "city", {"decisions.csv": DECIDED})
    row = (
        "millbrook-themes",
        "HOM-02",
        "voice",
        "reject",
        "Involve tenants in decisions about repairs",
        "CD",
        "2019-02",
        "",
    )
    add_decisions(home, pd.DataFrame([row], columns=[column.name for column in DECISIONS]))
    run = tag(read_partnership(home))
    again = read_run(keep(run, tmp_path / "run"))
    assert again.hash == run.hash
    assert list(again.decisions["outcome"]) == ["applied", "applied"]
    assert not (tmp_path / "run" / INPUTS / "decisions").exists()


def test_the_same_run_gives_the_same_files(city: Partnership, tmp_path: Path) -> None:
    one, two = (keep(tag(city), tmp_path / name) for name in ("one", "two"))
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert len(files) == 13
    assert [(one / path).read_bytes() for path in files] == [(two / path).read_bytes() for path in files]


def test_the_snapshot_is_a_folder_of_tables_itself(run: Run, tmp_path: Path) -> None:
    folder = keep(run, tmp_path / "run")
    assert tag(read_partnership(folder / INPUTS)).hash == run.hash


# --- what was altered is said ------------------------------------------------------------------------------


def test_an_altered_file_is_named(run: Run, tmp_path: Path) -> None:
    folder = keep(run, tmp_path / "run")
    path = folder / INPUTS / "priorities.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("cold homes", "damp homes"), encoding="utf-8")
    with pytest.raises(DataError, match=r"inputs/priorities\.csv: was altered since the run was kept") as caught:
        read_run(folder)
    assert "mapping report --data" in str(caught.value)


def test_a_missing_and_an_added_file_are_named(run: Run, tmp_path: Path) -> None:
    folder = keep(run, tmp_path / "run")
    (folder / INPUTS / "links.csv").unlink()
    (folder / INPUTS / "decisions").mkdir()
    (folder / INPUTS / "decisions" / "2019-x.csv").write_text("", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_run(folder)
    assert "inputs/links.csv: is missing" in str(caught.value)
    assert "inputs/decisions/2019-x.csv: was added since the run was kept" in str(caught.value)


@pytest.mark.parametrize("content", ["", "{}", "[]", "{", '{"format": 2}'])
def test_a_record_that_cannot_be_read_is_refused(run: Run, tmp_path: Path, content: str) -> None:
    folder = keep(run, tmp_path / "run")
    (folder / INPUTS / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match="not the record of a run"):
        read_run(folder)


def test_a_toolkit_that_tags_otherwise_says_so(run: Run, tmp_path: Path) -> None:
    folder = keep(run, tmp_path / "run")
    path = folder / INPUTS / "run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**record, "run": "0123456789"}), encoding="utf-8")
    again = read_run(folder)
    assert again.hash == run.hash
    assert "the run was 0123456789 when it was kept" in str(again.partnership.warnings[-1])


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    assert not is_run(tmp_path)
    with pytest.raises(MappingError, match="no run can be opened there"):
        read_run(tmp_path)


# --- names -------------------------------------------------------------------------------------------------


def test_a_name_is_used_once(run: Run, tmp_path: Path) -> None:
    folder = name_folder("2019-01 as agreed", tmp_path / "runs")
    assert folder == tmp_path / "runs" / "2019-01 as agreed"
    keep(run, folder, "2019-01 as agreed")
    assert is_run(folder)
    for again in ("2019-01 as agreed", "2019-01 AS agreed"):
        with pytest.raises(OutputError, match="a named run is never overwritten"):
            name_folder(again, tmp_path / "runs")


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "a/b", "a\\b", "../x", ".hidden", "x.", " x", "x ", "latest", "Latest", "con", "NUL.x", "a:b",
        "x" * 81,
    ],
)  # fmt: skip
def test_a_name_that_no_folder_can_have_everywhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="cannot be the name of a run"):
        name_folder(name, tmp_path)


def test_a_named_run_is_not_replaced_and_another_is(run: Run, tmp_path: Path) -> None:
    check_name(tmp_path / "nothing there")
    check_name(keep(run, tmp_path / "latest"))
    with pytest.raises(OutputError, match="holds the run 'May 2018', and a named run is never overwritten"):
        check_name(keep(run, tmp_path / "kept", "May 2018"))
