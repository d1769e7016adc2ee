"""Where boards meet: sets counted by eye, gaps, and what no theme caught."""

from __future__ import annotations

from collections.abc import Callable

from conftest import CITY, edit

from mapping.cells import count_cells
from mapping.gaps import find_gaps
from mapping.intersections import (
    find_board_sets,
    find_intersections,
    find_theme_sets,
    find_untagged,
    list_cell_priorities,
    measure_density,
)
from mapping.partnership import Partnership
from mapping.tables import each_row
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]


def test_where_boards_meet_checked_by_eye(run: Run) -> None:
    found = find_intersections(run)
    rows = zip(found["theme"], found["boards"], found["tagged"], found["intersection"], found["ids"], strict=True)
    assert list(rows) == [
        ("voice", ["HOM", "PRK"], 2, True, ["HOM-02", "PRK-03"]),
        ("homes", ["HOM", "WRK"], 2, True, ["HOM-01", "WRK-02"]),
        ("work", ["PRK", "WRK"], 3, True, ["PRK-02", "WRK-01", "WRK-02"]),
        ("river", [], 0, False, []),  # a theme that no board reaches is listed too
    ]
    assert set(found["priorities"]) == {8}
    assert list(found["boards_stand_in"]) == [[], ["WRK"], ["WRK"], []]
    assert list(found["boards_not_read"]) == [["WRK"], [], [], ["WRK"]]


def test_one_board_alone_is_no_intersection(make_city: MakeCity) -> None:
    found = find_intersections(
        tag(make_city(edit("priorities.csv", ("Resurface the car park", "Keep the river clean"))))
    )
    river = found[found["theme"] == "river"].iloc[0]
    assert (river["boards"], river["boards_meeting"], river["intersection"]) == (["PRK"], 1, False)


def test_exclusive_and_inclusive_sets_differ(make_city: MakeCity) -> None:
    # With skills for its caretakers HOM reaches work too: {PRK, WRK} is then the exact set of no theme.
    run = tag(make_city(edit("priorities.csv", ("Review the office rota", "Skills for caretakers"))))
    sets = {tuple(row.boards): row for row in each_row(find_board_sets(run))}
    assert list(sets) == [("HOM", "PRK", "WRK"), ("HOM", "PRK"), ("HOM", "WRK")]
    assert sets["HOM", "PRK", "WRK"].themes_exclusive == ["work"]
    assert (sets["HOM", "PRK"].themes_exclusive, sets["HOM", "PRK"].themes_inclusive) == (["voice"], ["voice", "work"])
    assert (sets["HOM", "WRK"].exclusive, sets["HOM", "WRK"].inclusive) == (1, 2)


def test_theme_sets_checked_by_eye(run: Run) -> None:
    sets = find_theme_sets(run)
    rows = zip(sets["themes"], sets["exclusive"], sets["inclusive"], sets["ids"], strict=True)
    assert list(rows) == [
        ([], 2, 8, ["HOM-03", "PRK-04"]),
        (["voice"], 2, 2, ["HOM-02", "PRK-03"]),
        (["work"], 2, 3, ["PRK-02", "WRK-01"]),
        (["homes"], 1, 2, ["HOM-01"]),
        (["homes", "work"], 1, 1, ["WRK-02"]),
    ]
    assert sets["exclusive"].sum() == 8  # every counted priority stands in exactly one set


def test_theme_sets_are_confirmed_only_as_a_whole(make_city: MakeCity) -> None:
    rows = (
        "millbrook-themes,WRK-02,work,confirm,Train apprentices to insulate cold homes,AB,2019,\n"
        "millbrook-themes,HOM-01,homes,confirm,Insulate cold homes,AB,2019,\n"
    )
    sets = find_theme_sets(tag(make_city({"decisions.csv": CITY["decisions.csv"] + rows})))
    confirmed = {tuple(themes): number for themes, number in zip(sets["themes"], sets["confirmed"], strict=True)}
    assert confirmed == {(): 0, ("voice",): 0, ("work",): 0, ("homes",): 1, ("homes", "work"): 0}


def test_gaps_say_none_or_not_read(run: Run) -> None:
    gaps = find_gaps(run)
    assert list(zip(gaps["board"], gaps["theme"], gaps["state"], strict=True)) == [
        ("HOM", "work", "none"),
        ("HOM", "river", "none"),
        ("PRK", "homes", "none"),
        ("PRK", "river", "none"),
        ("WRK", "voice", "not read"),
        ("WRK", "river", "not read"),
    ]


def test_untagged_priorities_are_listed_and_headings_are_not(run: Run) -> None:
    assert list(find_untagged(run)["priority"]) == ["HOM-03", "PRK-04"]


def test_the_untagged_one_closest_to_a_theme_comes_first(make_city: MakeCity) -> None:
    near = find_untagged(
        tag(make_city(edit("priorities.csv", ("Resurface the car park", "Give damp houses a new roof"))))
    )
    assert list(near["priority"]) == ["PRK-04", "HOM-03"]
    assert (near["nearest"].iloc[0], near["score"].iloc[0] > near["score"].iloc[1] == 0) == ("homes", True)


def test_density_by_hand(run: Run) -> None:
    # 6 of 3 x 4 cells hold a tag; each of the 3 pairs of boards shares a theme
    assert measure_density(run) == (6, 12, 3, 3)


def test_a_run_with_nothing_in_it(city: Partnership) -> None:
    run = tag(city, in_force_on="1900")
    assert not find_intersections(run)["intersection"].any()
    assert len(find_board_sets(run)) == len(find_untagged(run)) == len(find_theme_sets(run)) == 0
    assert len(find_gaps(run)) == 12
    assert measure_density(run) == (0, 12, 0, 3)


def test_sets_and_gaps_agree_with_the_cells_of_derby(derby_run: Run) -> None:
    cells = count_cells(derby_run)
    found = find_intersections(derby_run).set_index("theme")
    ids = list_cell_priorities(derby_run)
    for cell in each_row(cells):
        assert (cell.board in found.loc[cell.theme, "boards"]) == (cell.tagged > 0)
        assert len(ids[cell.board, cell.theme]) == cell.tagged
    assert len(find_gaps(derby_run)) == (cells["tagged"] == 0).sum()
    sets = find_board_sets(derby_run)
    assert sets["exclusive"].sum() == (found["boards_meeting"] > 0).sum()
    assert (sets["inclusive"] >= sets["exclusive"]).all()
    assert find_theme_sets(derby_run)["exclusive"].sum() == derby_run.priorities["counted"].sum()
    tagged = derby_run.standing_tags["priority"].nunique()
    assert len(find_untagged(derby_run)) == derby_run.priorities["counted"].sum() - tagged
