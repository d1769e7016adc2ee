"""Cells, theme pairs and board pairs beside chance: columns, words, sums, and every matrix of a small city."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import comb
from scipy.stats import hypergeom

from mapping.chance import (
    ODDS,
    Picture,
    _bound_cells,
    _bound_overlaps,
    _bound_pairs,
    find_board_chance,
    find_cell_chance,
    find_theme_pairs,
    lay_out,
    picture_of,
)
from mapping.nulls import count_by_board, count_pairs, draw_labels, measure_overlaps
from mapping.pairs import find_board_pairs
from mapping.partnership import Partnership
from mapping.tables import each_row
from mapping.tags import Run, tag
from tests.conftest import CITY
from tests.stress import make_run
from tests.test_nulls import SMALL, list_matrices, read

WORDS = {"more", "fewer", "as expected", "too few to tell", "not read"}
EDGES = ["expected", "low", "high", "p", "p_family", "chance", "more_from", "fewer_to"]

COUNTS = st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=4)


def make_small(counts: list[list[int]], sources: tuple[str, ...] = (), draws: int = 400) -> Run:
    run = make_run(counts, sources=sources)
    return replace(run, settings=replace(run.settings, draws=draws))


# --- the tables of the made-up city and of Derby ---------------------------------------------------------------


@pytest.fixture(params=["made-up city", "Derby"])
def any_run(request: pytest.FixtureRequest, run: Run, derby_run: Run) -> Run:
    return run if request.param == "made-up city" else derby_run


def test_cells_have_one_row_per_board_and_theme(any_run: Run):
    table = find_cell_chance(any_run)
    assert list(table.columns) == ["board", "theme", "tagged", *EDGES, "power_2", "power_4", "power_8"]
    wanted = [(board, theme) for board in any_run.boards["board"] for theme in any_run.framework.theme_ids]
    assert list(zip(table["board"], table["theme"], strict=True)) == wanted
    assert set(table["chance"]) <= WORDS
    tags = any_run.standing_tags
    for row in each_row(table):
        assert row.tagged == ((tags["board"] == row.board) & (tags["theme"] == row.theme)).sum()


def test_theme_pairs_have_one_row_per_pair(any_run: Run):
    table = find_theme_pairs(any_run)
    head = ["theme_a", "theme_b", "tagged_a", "tagged_b", "both", "confirmed", "boards"]
    assert list(table.columns) == [*head, *EDGES, "ids"]
    assert list(zip(table["theme_a"], table["theme_b"], strict=True)) == list(
        combinations(any_run.framework.theme_ids, 2)
    )
    assert set(table["chance"]) <= WORDS - {"not read"}
    own = any_run.standing_tags.groupby("priority")["theme"].agg(set)
    for row in each_row(table):
        assert row.both == len(row.ids) == sum({row.theme_a, row.theme_b} <= themes for themes in own)
        assert all({row.theme_a, row.theme_b} <= own[name] for name in row.ids)


def test_board_pairs_have_the_overlaps_of_the_other_table(any_run: Run):
    table = find_board_chance(any_run)
    assert list(table.columns) == ["board_a", "board_b", "overlap", *EDGES[:6]]
    assert set(table["chance"]) <= WORDS
    pairs = find_board_pairs(any_run)
    known = {(row.board_a, row.board_b): row.overlap for row in each_row(pairs[pairs["overlap"].notna()])}
    assert {(row.board_a, row.board_b): row.overlap for row in each_row(table)} == pytest.approx(known)


def test_the_draws_keep_every_sum(any_run: Run):
    cells, pairs = find_cell_chance(any_run), find_theme_pairs(any_run)
    # Every priority keeps its number of themes, so a board keeps its tags; every theme keeps its priorities.
    for name in ("board", "theme"):
        sums = cells.groupby(name)[["tagged", "expected"]].sum()
        assert sums["expected"].to_numpy() == pytest.approx(sums["tagged"].to_numpy())
    # With every priority's number of themes fixed so is the sum over pairs: more of one is fewer of another.
    assert pairs["expected"].sum() == pytest.approx(pairs["both"].sum())
    themes = any_run.standing_tags.groupby("priority").size()
    assert pairs["both"].sum() == (themes * (themes - 1) / 2).sum()


def test_ranges_hold_the_expected_and_p_is_a_probability(any_run: Run):
    for table in (find_cell_chance(any_run), find_theme_pairs(any_run), find_board_chance(any_run)):
        assert (table["low"] <= table["high"]).all()
        assert (table["p_family"] >= table["p"]).all()
        assert table["p"].between(0, 1).all()
        assert table["p_family"].between(0, 1).all()


def test_the_made_up_city_is_too_small_to_say_anything(run: Run):
    assert set(find_cell_chance(run)["chance"]) == {"too few to tell"}
    assert set(find_theme_pairs(run)["chance"]) == {"too few to tell"}
    assert set(find_board_chance(run)["chance"]) == {"too few to tell"}


def test_the_made_up_city_beside_all_its_matrices(run: Run):
    picture = picture_of(run)
    # By eye: two priorities carry no theme, five carry one, one carries two.
    assert sorted(picture.on.sum(axis=1).tolist()) == [0, 0, 1, 1, 1, 1, 1, 2]
    every = np.stack(list_matrices(picture.on), axis=2)
    exact = count_by_board(every, picture.board, picture.boards).reshape(-1, every.shape[2])
    table = find_cell_chance(run)
    found = table["tagged"].to_numpy()[:, None]
    tails = 2 * np.minimum((exact >= found).mean(axis=1), (exact <= found).mean(axis=1))
    assert table["expected"].to_numpy() == pytest.approx(exact.mean(axis=1), abs=0.05)
    assert table["p"].to_numpy() == pytest.approx(np.minimum(1, tails), abs=0.07)
    pairs = find_theme_pairs(run)
    assert pairs["expected"].to_numpy() == pytest.approx(count_pairs(every).mean(axis=1), abs=0.05)


def test_the_order_of_the_rows_changes_nothing(make_city: Callable[..., Partnership], run: Run):
    head, *rows = CITY["priorities.csv"].strip().split("\n")
    random.Random(3).shuffle(rows)
    shuffled = tag(make_city({"priorities.csv": "\n".join([head, *rows]) + "\n"}))
    for find in (find_cell_chance, find_theme_pairs, find_board_chance):
        pd.testing.assert_frame_equal(find(shuffled), find(run))


def test_the_seed_is_a_setting_and_changes_little(derby: Partnership, derby_run: Run):
    again, other = find_cell_chance(tag(derby)), find_cell_chance(tag(derby, seed=2))
    pd.testing.assert_frame_equal(again, find_cell_chance(derby_run))
    assert not other.equals(again)
    assert other["expected"].to_numpy() == pytest.approx(again["expected"].to_numpy(), abs=0.2)


# --- words -----------------------------------------------------------------------------------------------------

#: Two boards that share no theme, of twenty priorities each.
APART = [[20, 0], [0, 20]]


def test_two_boards_that_share_no_theme():
    table = find_cell_chance(make_small(APART)).set_index(["board", "theme"])
    assert table["chance"].to_dict() == {
        ("B01", "t1"): "more", ("B01", "t2"): "fewer", ("B02", "t1"): "fewer", ("B02", "t2"): "more",
    }  # fmt: skip
    assert table["expected"].to_numpy() == pytest.approx(np.full(4, 10), abs=0.3)


def test_fewer_is_never_said_of_a_board_that_was_not_read():
    table = find_cell_chance(make_small(APART, ("stand-in", "named"))).set_index(["board", "theme"])
    assert table["chance"].to_dict() == {
        ("B01", "t1"): "more", ("B01", "t2"): "not read", ("B02", "t1"): "fewer", ("B02", "t2"): "more",
    }  # fmt: skip


def test_nor_of_a_board_of_which_one_strategy_was_not_read():
    run = make_small(APART)
    unread = pd.DataFrame([{"strategy": "B02-X", "board": "B02", "name": "Other", "standing": "named", "read": "no"}])
    partnership = replace(run.partnership, strategies=pd.concat([run.partnership.strategies, unread]))
    table = find_cell_chance(replace(run, partnership=partnership)).set_index(["board", "theme"])
    assert table.loc[("B02", "t1"), "chance"] == "not read"
    assert table.loc[("B01", "t2"), "chance"] == "fewer"


def test_boards_are_not_called_less_alike_where_one_was_not_read():
    # Of the 70 ways to choose the four themes of the second board one shares none with the first, and one all four.
    apart, alike = [[10] * 4 + [0] * 4, [0] * 4 + [10] * 4], [[10] * 4 + [0] * 4] * 2
    for sources, counts, word in (
        (("named", "named"), apart, "fewer"), (("named", "stand-in"), apart, "not read"),
        (("named", "stand-in"), alike, "more"),
    ):  # fmt: skip
        row = next(each_row(find_board_chance(make_small(counts, sources, draws=2000))))
        assert row.chance == word
        assert (row.p, row.p_family) == pytest.approx((2 / 70, 2 / 70), abs=0.012)


@given(COUNTS)
@settings(max_examples=30, deadline=None)
def test_the_edges_say_what_the_words_say(counts: list[list[int]]):
    run = make_small(counts)
    for table, found in ((find_cell_chance(run), "tagged"), (find_theme_pairs(run), "both")):
        for row in each_row(table):
            number, more, fewer = getattr(row, found), row.more_from, row.fewer_to
            if pd.notna(more) and pd.notna(fewer):
                assert fewer < more
            assert (row.chance == "more") == (pd.notna(more) and number >= more)
            assert (row.chance == "fewer") == (pd.notna(fewer) and number <= fewer)
            assert (row.chance == "too few to tell") == (pd.isna(more) and pd.isna(fewer))


@given(COUNTS)
@settings(max_examples=20, deadline=None)
def test_too_few_to_tell_is_said_of_boards_only_where_no_shuffle_could_be_called(counts: list[list[int]]):
    picture = picture_of(make_small(counts))
    if not len(picture.board_chance.found):
        return
    shuffled = measure_overlaps(draw_labels(picture.cells, 2000, 7))[~np.isnan(picture.overlaps)]
    least, most = _bound_overlaps(picture.cells)
    assert (np.round(shuffled, 9) <= most[:, None]).all()
    assert (np.round(shuffled, 9) >= least[:, None]).all()
    assert shuffled.max(axis=1) == pytest.approx(most, abs=1e-8)


@pytest.mark.parametrize("name", SMALL)
def test_bounds_hold_every_possible_count(name: str):
    on = read(SMALL[name])
    boards = np.arange(len(on)) % 2
    picture = Picture(on, boards, 2, 100, 1)
    every = np.stack(list_matrices(on), axis=2)
    cells = count_by_board(every, boards, 2).reshape(-1, every.shape[2])
    for (least, most), counts in ((_bound_cells(picture), cells), (_bound_pairs(on), count_pairs(every))):
        assert (least <= counts.min(axis=1)).all()
        assert (most >= counts.max(axis=1)).all()


def test_a_call_of_the_picture_is_a_call_of_the_table(derby_run: Run):
    picture, table = picture_of(derby_run), find_cell_chance(derby_run)
    called = picture.cell_chance.call(picture.cell_chance.found)
    said = table["chance"].map({"more": 1, "fewer": -1, "not read": -1}).fillna(0).astype(int)
    assert said.tolist() == called.tolist()
    # What is called is farther out than the bar by which claims are tried again.
    far = picture.cell_distances(picture)
    assert (np.abs(far[called != 0]) > picture.cell_chance.bar).all()
    assert far == pytest.approx(picture.cell_chance.measure(picture.cell_chance.found), abs=1e-6)


# --- power -----------------------------------------------------------------------------------------------------


@given(COUNTS)
@settings(max_examples=20, deadline=None)
def test_power_rises_with_the_odds(counts: list[list[int]]):
    table = find_cell_chance(make_small(counts))
    powers = table[[f"power_{odds}" for odds in ODDS]].to_numpy()
    able = table["more_from"].notna().to_numpy()
    assert np.isnan(powers[~able]).all()
    assert ((powers[able] >= 0) & (powers[able] <= 1)).all()
    assert (np.diff(powers[able], axis=1) >= -1e-9).all()


def test_power_by_hand_where_every_priority_has_one_theme():
    table = find_cell_chance(make_small(APART)).set_index(["board", "theme"])
    row = table.loc[("B01", "t1")]
    # 40 priorities, 20 with the theme, 20 of the board: weights C(20, x) C(20, 20 - x) odds^x.
    x = np.arange(21)
    for odds in ODDS:
        weights = comb(20, x) * comb(20, 20 - x) * float(odds) ** x
        assert row[f"power_{odds}"] == pytest.approx(weights[x >= row["more_from"]].sum() / weights.sum(), abs=1e-6)
    # The edge is where the family of four cells, all of them as far out at once, is at 0.05.
    tails = 2 * hypergeom(40, 20, 20).sf(x - 1)
    assert abs(int(row["more_from"]) - int(x[tails <= 0.05].min())) <= 1


# --- odd cities --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "counts",
    [[[0, 0], [0, 0]], [[3], [2]], [[1, 0, 0], [0, 0, 0]], [[4, 4], [4, 4]], [[2, 1, 3]]],
    ids=["no tags", "one theme", "one tag", "every tag", "one board"],
)
def test_cities_in_which_nothing_can_be_said(counts: list[list[int]]):
    run = make_run(counts, priorities=[max(4, *row) if len(counts) > 1 else 6 for row in counts])
    assert set(find_cell_chance(run)["chance"]) <= {"too few to tell"}
    assert set(find_theme_pairs(run)["chance"]) <= {"too few to tell", "as expected"}
    assert set(find_board_chance(run)["chance"]) <= {"too few to tell"}


def test_no_priorities_at_all():
    run = make_run([[0, 0], [0, 0]], priorities=[0, 0])
    run = replace(run, priorities=run.priorities.astype({"counted": bool}))
    assert find_cell_chance(run)["expected"].tolist() == [0] * 4
    assert find_board_chance(run).empty


def test_boards_without_tags_have_no_row():
    table = find_board_chance(make_small([[1, 2, 3], [0, 0, 0], [3, 0, 1]]))
    assert [(row.board_a, row.board_b) for row in each_row(table)] == [("B01", "B03")]


def test_a_pair_counts_as_confirmed_when_both_tags_are():
    run = make_small([[4, 4], [0, 0]])
    tags = run.tags.assign(status=["confirmed"] * 6 + ["suggested"] * (len(run.tags) - 6))
    row = next(each_row(find_theme_pairs(replace(run, tags=tags))))
    sure = lay_out(run, tags[tags["status"] == "confirmed"])
    assert (row.both, row.confirmed, row.boards) == (4, int(sure.all(axis=1).sum()), ["B01"])
