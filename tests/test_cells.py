"""The table of cells: counted by eye, and adding up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import CITY

from mapping.cells import count_boards, count_cells, count_themes, describe_state
from mapping.partnership import Partnership
from mapping.tables import each_row
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]


def table(run: Run, column: str) -> dict[str, list[object]]:
    cells = count_cells(run)
    return {board: list(own[column]) for board, own in cells.groupby("board", sort=False)}


def test_the_matrix_checked_by_eye(run: Run) -> None:
    #                          voice, homes, work, river
    assert table(run, "tagged") == {"HOM": [1, 1, 0, 0], "PRK": [1, 0, 1, 0], "WRK": [0, 1, 2, 0]}
    assert table(run, "stand_in") == {"HOM": [0, 0, 0, 0], "PRK": [0, 0, 0, 0], "WRK": [0, 1, 2, 0]}
    assert table(run, "share") == {
        "HOM": [1 / 3, 1 / 3, 0, 0],
        "PRK": [1 / 3, 0, 1 / 3, 0],
        "WRK": [0, 1 / 2, 2 / 2, 0],
    }


def test_a_zero_says_none_only_where_the_named_strategy_was_read(run: Run) -> None:
    assert table(run, "state") == {
        "HOM": ["tagged", "tagged", "none", "none"],
        "PRK": ["tagged", "none", "tagged", "none"],
        "WRK": ["not read", "stand-in", "stand-in", "not read"],
    }


def test_boards_checked_by_eye(run: Run) -> None:
    columns = ["board", "priorities", "from_named", "stand_in", "with_theme", "with_confirmed", "reading", "not_read"]
    assert [tuple(row) for row in count_boards(run)[columns].itertuples(index=False)] == [
        ("HOM", 3, 3, 0, 2, 0, "read", ""),
        ("PRK", 3, 3, 0, 2, 0, "read", ""),  # the heading is not counted
        ("WRK", 2, 0, 2, 2, 0, "not read", "Work Strategy"),
    ]


def test_themes_checked_by_eye(run: Run) -> None:
    columns = ["theme", "tagged", "confirmed", "suggested", "stand_in", "boards", "boards_confirmed"]
    assert [tuple(row) for row in count_themes(run)[columns].itertuples(index=False)] == [
        ("voice", 2, 0, 2, 0, 2, 0),
        ("homes", 2, 0, 2, 1, 2, 0),
        ("work", 3, 0, 3, 2, 2, 0),
        ("river", 0, 0, 0, 0, 0, 0),
    ]


def test_a_board_of_which_one_of_two_strategies_was_read_is_part_read(make_city: MakeCity) -> None:
    run = tag(make_city({"strategies.csv": CITY["strategies.csv"] + "HOM-T,HOM,Rent Strategy,,,,,named,no\n"}))
    row = count_boards(run).iloc[0]
    assert (row["reading"], row["not_read"]) == ("part read", "Rent Strategy")
    assert table(run, "state")["HOM"] == ["tagged", "tagged", "not read", "not read"]


def test_a_board_without_any_named_strategy_is_not_read(make_city: MakeCity) -> None:
    dropped = {"strategies.csv": CITY["strategies.csv"].replace("WRK-S,WRK,Work Strategy,,,,,named,no\n", "")}
    assert list(count_boards(tag(make_city(dropped)))["reading"]) == ["read", "read", "not read"]


def test_a_board_without_priorities_is_empty_and_has_no_share(city: Partnership) -> None:
    # in 2018 only the Homes Strategy was in force
    run = tag(city, in_force_on="2018")
    cells = count_cells(run)
    assert set(cells.loc[cells["board"] == "PRK", "state"]) == {"not read"}  # none of its strategies was in force
    assert cells.loc[cells["board"] == "PRK", "share"].isna().all()
    assert set(cells.loc[cells["board"] == "WRK", "state"]) == {"not read"}


def test_confirmed_and_suggested_add_up(make_city: MakeCity) -> None:
    rows = (
        "millbrook-themes,WRK-01,work,confirm,Create apprenticeships for school leavers,AB,2019,\n"
        "millbrook-themes,WRK-02,work,reject,Train apprentices to insulate cold homes,AB,2019,\n"
        "millbrook-themes,HOM-03,river,add,Review the office rota,AB,2019,\n"
    )
    run = tag(make_city({"decisions.csv": CITY["decisions.csv"] + rows}))
    assert table(run, "tagged") == {"HOM": [1, 1, 0, 1], "PRK": [1, 0, 1, 0], "WRK": [0, 1, 1, 0]}
    assert table(run, "confirmed") == {"HOM": [0, 0, 0, 1], "PRK": [0, 0, 0, 0], "WRK": [0, 0, 1, 0]}
    assert list(count_boards(run)["with_confirmed"]) == [1, 0, 1]


@pytest.mark.parametrize("settings", [{}, {"neighbours": True}, {"method": "keywords"}, {"threshold": 0.3}])
def test_cells_add_up_to_the_tags_that_stand(derby: Partnership, settings: dict[str, object]) -> None:
    run = tag(derby, **settings)  # type: ignore[arg-type]
    cells, boards, themes = count_cells(run), count_boards(run), count_themes(run)
    assert len(cells) == len(run.boards) * len(run.framework.theme_ids)
    assert cells["tagged"].sum() == themes["tagged"].sum() == len(run.standing_tags)
    assert (cells["confirmed"] + cells["suggested"] == cells["tagged"]).all()
    assert boards["priorities"].sum() == run.priorities["counted"].sum()
    assert (boards["from_named"] + boards["stand_in"] == boards["priorities"]).all()
    assert boards["with_theme"].sum() == run.standing_tags["priority"].nunique()
    for cell in each_row(cells):
        assert 0 <= cell.stand_in <= cell.tagged <= cell.priorities
        assert (cell.state in ("tagged", "stand-in")) == (cell.tagged > 0)


def test_states_have_words() -> None:
    assert describe_state("none") == "none in the text that was read"
    assert describe_state("not read") == "not read"
