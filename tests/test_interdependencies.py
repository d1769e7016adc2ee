"""Pairs of boards and of priorities, worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pandas as pd
import pytest
from conftest import CITY, edit

from mapping.interdependencies import RUNGS, find_interdependencies
from mapping.pairs import find_board_pairs, find_priority_pairs
from mapping.partnership import Partnership
from mapping.tables import each_row
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]


def test_overlap_by_hand(run: Run) -> None:
    # shares of tags   voice homes work
    # HOM              1/2   1/2   0
    # PRK              1/2   0     1/2
    # WRK              0     1/3   2/3
    pairs = find_board_pairs(run)
    assert list(zip(pairs["board_a"], pairs["board_b"], pairs["themes"], strict=True)) == [
        ("HOM", "PRK", ["voice"]),
        ("PRK", "WRK", ["work"]),
        ("HOM", "WRK", ["homes"]),
    ]
    assert list(pairs["overlap"]) == pytest.approx([1 / 2, 1 / 2, 1 / 3])
    assert list(zip(pairs["tags_a"], pairs["tags_b"], strict=True)) == [(2, 2), (2, 3), (2, 3)]
    assert list(pairs["stand_in"]) == [False, True, True]
    assert list(pairs["reading"]) == ["read", "not read", "not read"]


def test_a_board_without_tags_has_no_overlap_and_comes_last(make_city: MakeCity) -> None:
    changes = edit(
        "priorities.csv", ("Insulate cold homes,v", "Mend a roof,v"), ("Involve tenants in decisions", "Decide")
    )
    pairs = find_board_pairs(tag(make_city(changes)))
    assert list(pairs["overlap"].isna()) == [False, True, True]
    assert tuple(pairs.iloc[0][["board_a", "board_b"]]) == ("PRK", "WRK")


def test_priority_pairs_checked_by_eye(run: Run) -> None:
    pairs = find_priority_pairs(run)
    by_theme = {(row.priority_a, row.priority_b): row.themes for row in each_row(pairs)}
    assert by_theme == {
        ("HOM-01", "WRK-02"): ["homes"],
        ("PRK-02", "WRK-02"): ["work"],
        ("HOM-02", "PRK-03"): ["voice"],
        ("PRK-02", "WRK-01"): ["work"],
    }
    # "Insulate cold homes" stands whole in "Train apprentices to insulate cold homes"
    first = pairs.iloc[0]
    assert (first["priority_a"], first["priority_b"], bool(first["similar"])) == ("HOM-01", "WRK-02", True)


def test_texts_without_a_word_in_common_never_speak_of_the_same_thing(run: Run) -> None:
    """Review the office rota; resurface the car park: each holds a rare word, and not the same."""
    pairs = find_priority_pairs(run, same_wording=1e-6)
    assert ("HOM-03", "PRK-04") not in set(zip(pairs["priority_a"], pairs["priority_b"], strict=True))


def test_the_cut_is_a_setting(run: Run) -> None:
    wording = find_priority_pairs(run)["wording"].iloc[0]
    assert find_priority_pairs(run, same_wording=wording)["similar"].iloc[0]
    assert not find_priority_pairs(run, same_wording=wording + 1e-6)["similar"].any()


def test_rungs_checked_by_eye(run: Run) -> None:
    found = find_interdependencies(run)
    assert list(zip(found["board_a"], found["board_b"], found["rung"], strict=True)) == [
        ("HOM", "PRK", 0),
        ("HOM", "WRK", 2),
        ("PRK", "WRK", 2),
    ]
    assert list(found["pairs_0"]) == [
        ["HOM-02 + PRK-03"],
        ["HOM-01 + WRK-02"],
        ["PRK-02 + WRK-02", "PRK-02 + WRK-01"],
    ]
    assert list(found["pairs_1"]) == [[], [], []]
    assert list(found["says"]) == [RUNGS[0], RUNGS[2], RUNGS[2]]


def test_two_shared_themes_are_rung_1(make_city: MakeCity) -> None:
    add = "millbrook-themes,PRK-02,homes,add,Train apprentices as gardeners,AB,2019,\n"
    found = find_interdependencies(tag(make_city({"decisions.csv": CITY["decisions.csv"] + add})), same_wording=1.0)
    row = found[(found["board_a"] == "PRK") & (found["board_b"] == "WRK")].iloc[0]
    assert (row["rung"], row["pairs_1"], row["pairs_2"]) == (1, ["PRK-02 + WRK-02"], [])


def test_nothing_in_common_is_said_so(city: Partnership) -> None:
    found = find_interdependencies(tag(city, in_force_on="1900"))
    assert found["rung"].isna().all()
    assert set(found["says"]) == {"not read, so nothing can be said"}  # nothing was in force


def test_overlap_is_a_share_and_the_same_both_ways(derby: Partnership, derby_run: Run) -> None:
    pairs = find_board_pairs(derby_run)
    assert len(pairs) == len(list(combinations(derby_run.boards["board"], 2)))
    assert pairs["overlap"].dropna().between(0, 1).all()
    turned = Partnership(
        derby.info,
        derby.boards.iloc[::-1].reset_index(drop=True),
        derby.strategies,
        derby.priorities,
        derby.decisions,
        derby.framework,
    )

    def by_pair(table: pd.DataFrame) -> dict[frozenset[str], float]:
        return {frozenset((row.board_a, row.board_b)): row.overlap for row in each_row(table)}

    assert by_pair(find_board_pairs(tag(turned))) == pytest.approx(by_pair(pairs), nan_ok=True)


def test_pairs_of_derby_agree_with_its_tags(derby_run: Run) -> None:
    carried = derby_run.standing_tags.groupby("priority")["theme"].agg(set).to_dict()
    board = dict(zip(derby_run.priorities["priority"], derby_run.priorities["board"], strict=True))
    pairs = find_priority_pairs(derby_run)
    for row in each_row(pairs):
        assert board[row.priority_a] == row.board_a != row.board_b == board[row.priority_b]
        assert set(row.themes) == carried.get(row.priority_a, set()) & carried.get(row.priority_b, set())
        assert row.themes or row.similar
        assert 0 <= row.wording <= 1
    assert pairs["wording"].is_monotonic_decreasing
