"""The tables of a city, read and held together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CITY, write_city

from mapping.cross_checks import is_date, split_aliases
from mapping.framework import load_framework
from mapping.partnership import Partnership, load_derby, load_derby_2009, read_partnership

MakeCity = Callable[..., Partnership]


def test_the_city_checked_by_eye(city: Partnership) -> None:
    assert repr(city) == (
        "<Partnership Millbrook Partnership: 4 boards (3 in the matrix), 5 strategies, 10 priorities, 0 decisions>"
    )
    assert city.matrix_boards == ["HOM", "PRK", "WRK"]
    assert (city.id, city.framework.id) == ("millbrook", "millbrook-themes")
    owners = dict(zip(city.priorities["priority"], city.priorities["board"], strict=True))
    assert owners["WRK-02"] == "WRK"
    assert owners["RIV-01"] == "RIV"


def test_another_framework_may_be_named_given_or_stand_beside(tmp_path: Path) -> None:
    folder = write_city(tmp_path)
    gap = load_framework("closing-the-gap")
    assert read_partnership(folder, "closing-the-gap").framework.id == "closing-the-gap"
    assert read_partnership(folder, gap).framework is gap
    assert read_partnership(folder, tmp_path / "framework").framework.id == "millbrook-themes"


def test_matrix_and_kind_are_data(make_city: MakeCity) -> None:
    wide = make_city({"boards.csv": CITY["boards.csv"].replace("neighbour,no,no", "neighbour,no,yes")})
    assert wide.matrix_boards == ["HOM", "PRK", "WRK", "RIV"]


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("2019", True),
        ("2019-01", True),
        ("2020-02-29", True),
        ("2019-02-29", False),
        ("2019-13", False),
        ("19", False),
        ("2019-1-5", False),
        ("28/01/2019", False),
        ("2019-01-28 ", False),
        ("January 2019", False),
    ],
)
def test_dates(value: str, right: bool) -> None:
    assert is_date(value) is right


@pytest.mark.parametrize("time", ["2019", "2019-01", "2019-01-14", "2019-01-14T10:30", "2019-01-14 10:30:00", ""])
def test_times_of_decisions_that_sort(make_city: MakeCity, time: str) -> None:
    row = f"millbrook-themes,HOM-01,homes,confirm,Insulate cold homes,AB,{time},\n"
    assert len(make_city({"decisions.csv": CITY["decisions.csv"] + row}).decisions) == 1


def test_aliases_are_split() -> None:
    assert split_aliases("Housing Board | HB|  ") == ["Housing Board", "HB"]
    assert split_aliases("") == []


@pytest.mark.parametrize("load", [load_derby, load_derby_2009])
def test_shipped_data_is_read_with_notes_on_shared_patterns_at_most(load: Callable[[], Partnership]) -> None:
    city = load()
    assert [str(note) for note in city.warnings if " decides for " not in str(note)] == []
    assert len(city.matrix_boards) == 5
    assert set(city.priorities["board"]) <= set(city.boards["board"])


def test_derby_says_what_was_not_read(derby: Partnership) -> None:
    unread = derby.strategies[derby.strategies["read"] == "no"]
    assert len(unread) > 0
    assert not set(unread["strategy"]) & set(derby.priorities["strategy"])
