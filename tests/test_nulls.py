"""What chance alone gives: beside every matrix and every shuffle of a small case, and worked by hand."""

from __future__ import annotations

from itertools import combinations, permutations, product
from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.stats import chisquare

from mapping import nulls
from mapping.chance import Picture
from mapping.nulls import (
    LEVEL,
    Yardstick,
    count_by_board,
    count_pairs,
    draw_labels,
    draw_margins,
    estimate_margins,
    know_overlaps,
    measure_overlaps,
)
from tests.simulate import draw_rasch

Array = np.ndarray[Any, Any]

#: Small margins of different make, as one matrix that has them.
SMALL = {
    "one theme each": ["100", "010", "001"],
    "one and two themes": ["110", "101", "010", "001"],
    "three of four themes": ["1110", "1100", "0010", "0001"],
    "full and empty rows": ["111", "000", "100", "010", "011"],
    "a full and an empty column": ["1000", "1100", "1010", "1010"],
    "two rows": ["11100", "00011"],
    "six rows": ["110", "100", "100", "010", "001", "011"],
    "nothing to move": ["11", "11", "00"],
}


def read(rows: list[str]) -> Array:
    return np.array([[letter == "1" for letter in row] for row in rows])


def list_matrices(matrix: Array) -> list[Array]:
    """Return every matrix with the same sums of rows and columns."""
    width = matrix.shape[1]
    choices = [
        [np.isin(np.arange(width), places) for places in combinations(range(width), int(row.sum()))] for row in matrix
    ]
    every = (np.array(rows) for rows in product(*choices))
    return [made for made in every if (made.sum(axis=0) == matrix.sum(axis=0)).all()]


def draw(matrix: Array, draws: int, seed: int = 1) -> Array:
    return np.concatenate(list(draw_margins(matrix, draws, seed)), axis=2)


# --- shuffled matrices ---------------------------------------------------------------------------------------


@given(arrays.arrays(bool, arrays.array_shapes(min_dims=2, max_dims=2, max_side=12)), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_the_sums_of_rows_and_columns_are_kept_exactly(matrix: Array, seed: int):
    drawn = draw(matrix, 15, seed)
    assert drawn.shape == (*matrix.shape, 15)
    assert drawn.dtype == bool
    assert (drawn.sum(axis=1) == matrix.sum(axis=1)[:, None]).all()
    assert (drawn.sum(axis=0) == matrix.sum(axis=0)[:, None]).all()


@pytest.mark.parametrize("name", SMALL)
def test_every_matrix_is_drawn_equally_often(name: str):
    matrix = read(SMALL[name])
    known = {made.tobytes(): place for place, made in enumerate(list_matrices(matrix))}
    drawn = draw(matrix, 200 * len(known))
    # A matrix that enumeration does not know would raise here.
    places = [known[drawn[:, :, n].tobytes()] for n in range(drawn.shape[2])]
    counts = np.bincount(places, minlength=len(known))
    assert counts.min() > 0
    assert len(known) == 1 or chisquare(counts).pvalue > 0.001


def test_the_enumeration_is_what_is_known_of_it():
    assert len(list_matrices(read(SMALL["one theme each"]))) == 6  # 3!
    assert len(list_matrices(read(SMALL["two rows"]))) == 10  # 5 over 3
    assert len(list_matrices(read(SMALL["nothing to move"]))) == 1


@pytest.mark.parametrize("name", ["one and two themes", "three of four themes", "full and empty rows", "six rows"])
def test_cells_and_pairs_agree_with_exact_enumeration(name: str):
    matrix = read(SMALL[name])
    boards = np.arange(len(matrix)) % 2
    every = np.stack(list_matrices(matrix), axis=2)
    drawn = draw(matrix, 20_000)
    cells = (count_by_board(made, boards, 2).reshape(-1, made.shape[2]) for made in (every, drawn))
    for exact, sampled in (tuple(cells), (count_pairs(every), count_pairs(drawn))):
        assert sampled.mean(axis=1) == pytest.approx(exact.mean(axis=1), abs=0.02)
        for found in range(len(matrix) + 1):
            numbers = np.full(len(exact), found)
            tails = np.minimum((exact >= found).mean(axis=1), (exact <= found).mean(axis=1))
            assert Yardstick(numbers, sampled).find_tails(numbers) == pytest.approx(np.minimum(1, 2 * tails), abs=0.03)


def test_a_case_by_hand():
    # Two of three priorities with one theme each are of the first board: it has theme 1 with the chance 2/3.
    matrix = read(["100", "010", "001"])
    cells = count_by_board(draw(matrix, 9000), np.array([0, 0, 1]), 2)
    assert cells.mean(axis=2) == pytest.approx(np.array([[2 / 3] * 3, [1 / 3] * 3]), abs=0.02)


def test_the_same_seed_draws_the_same_and_another_does_not():
    matrix = read(SMALL["six rows"])
    assert (draw(matrix, 50) == draw(matrix, 50)).all()
    assert (draw(matrix, 50) != draw(matrix, 50, seed=2)).any()


def test_draws_that_do_not_fit_side_by_side_come_in_portions(monkeypatch: pytest.MonkeyPatch):
    matrix = read(SMALL["six rows"])
    monkeypatch.setattr(nulls, "_SIDE_BY_SIDE", 18 * 7)
    portions = list(draw_margins(matrix, 20, 1))
    assert [portion.shape[2] for portion in portions] == [7, 7, 6]
    assert len({made.tobytes() for portion in portions for made in portion.transpose(2, 0, 1)}) > 10


def test_rows_that_have_nothing_to_trade_stay_as_they_are():
    drawn = draw(read(SMALL["full and empty rows"]), 30)
    assert drawn[0].all()
    assert not drawn[1].any()


def test_counts_by_board_and_of_pairs():
    matrix = read(["110", "111", "001", "011"])[:, :, None]
    assert count_by_board(matrix, np.array([0, 0, 2, 2]), 3)[:, :, 0].tolist() == [[2, 2, 1], [0, 0, 0], [0, 1, 2]]
    assert count_pairs(matrix)[:, 0].tolist() == [2, 1, 2]


# --- shuffled labels -----------------------------------------------------------------------------------------


def test_the_overlap_of_the_methods_page():
    # min(3/4, 1/2) + min(1/4, 1/2) = 3/4
    assert measure_overlaps(np.array([[3, 1], [1, 1]])[:, :, None])[0, 0] == 3 / 4


def test_a_board_without_tags_has_no_overlap():
    overlaps = measure_overlaps(np.array([[3, 1], [0, 0], [0, 2]])[:, :, None])[:, 0]
    assert np.isnan(overlaps).tolist() == [True, False, True]
    assert overlaps[1] == 1 / 4


def test_labels_keep_every_boards_numbers_and_are_drawn_equally_often():
    counts = np.array([[3, 1, 0], [2, 2, 1]])
    drawn = draw_labels(counts, 36_000, 1)
    assert (np.sort(drawn, axis=1) == np.sort(counts, axis=1)[:, :, None]).all()
    seen, times = np.unique(drawn.reshape(6, -1), axis=1, return_counts=True)
    assert seen.shape[1] == 6 * 3  # 3! orders of the first, 3 places for the 1 of the second
    assert chisquare(times).pvalue > 0.001


@given(arrays.arrays(int, (3, 4), elements=st.integers(0, 5)))
@settings(max_examples=40, deadline=None)
def test_mean_and_spread_of_overlaps_agree_with_every_shuffle(counts: Array):
    mean, spread = know_overlaps(counts)
    for place, (a, b) in enumerate(combinations(range(3), 2)):
        if not counts[a].any() or not counts[b].any():
            continue
        shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
        # Shuffling one of two boards is enough: only how they lie to one another matters.
        exact = [np.minimum(shares[a], shares[b][list(order)]).sum() for order in permutations(range(4))]
        assert mean[place] == pytest.approx(np.mean(exact))
        assert spread[place] == pytest.approx(np.std(exact), abs=1e-7)


def test_drawn_overlaps_agree_with_every_shuffle():
    counts = np.array([[5, 2, 1], [1, 0, 4], [2, 2, 2]])
    drawn = measure_overlaps(draw_labels(counts, 20_000, 1))
    mean, spread = know_overlaps(counts)
    assert drawn.mean(axis=1) == pytest.approx(mean, abs=0.01)
    assert drawn.std(axis=1) == pytest.approx(spread, abs=0.01)
    exact = {round(float(np.minimum(counts[0] / 8, np.array(order) / 5).sum()), 9) for order in permutations(counts[1])}
    assert set(np.round(np.unique(drawn[0]), 9)) == exact


# --- estimates -----------------------------------------------------------------------------------------------


def draw_picture(tags: float, seed: int, draws: int = 4000) -> Picture:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(8, 32, 5)
    return Picture(draw_rasch(rng, sizes, 5, tags), np.repeat(np.arange(5), sizes), 5, draws, 1)


@pytest.mark.parametrize("tags", [0.7, 1.5])
@pytest.mark.parametrize("seed", range(5))
def test_estimates_are_within_a_few_per_cent_of_the_draws(tags: float, seed: int):
    picture = draw_picture(tags, seed)
    cells, pairs = estimate_margins(picture.on, picture.board, 5)
    for (mean, _), drawn in ((cells, picture.cell_chance), (pairs, picture.pair_chance)):
        likely = drawn.expected > 0.5
        assert np.abs(mean - drawn.expected).max() < 0.15
        assert np.abs(mean[likely] / drawn.expected[likely] - 1).max() < 0.06
    likely = picture.cell_chance.expected > 0.5
    assert cells[1][likely] == pytest.approx(picture.cell_chance.spread[likely], rel=0.06)
    # The spread of pairs knows nothing of the fixed sums of columns: too large by up to a half.
    ratio = pairs[1] / picture.pair_chance.spread
    assert ((ratio > 0.95) & (ratio < 1.5)).all()


@pytest.mark.parametrize("tags", [0.7, 1.5])
def test_distances_in_another_picture_are_what_drawing_there_would_give(tags: float):
    # The estimate is put right where it was drawn; a resample of the same city is near enough to be measured so.
    picture = draw_picture(tags, 1)
    rng = np.random.default_rng(2)
    rows = np.concatenate([rng.choice(own, len(own)) for own in map(np.flatnonzero, np.eye(5)[:, picture.board])])
    other = Picture(picture.on[rows], picture.board[rows], 5, 4000, 2)
    for measure, drawn in ((picture.cell_distances, other.cell_chance), (picture.pair_distances, other.pair_chance)):
        likely = drawn.expected > 0.5
        assert measure(other)[likely] == pytest.approx(drawn.measure(drawn.found)[likely], abs=0.4)
        assert np.abs(measure(other) - drawn.measure(drawn.found))[likely].mean() < 0.12


def test_estimates_fill_the_margins():
    matrix = read(["111", "000", "110", "010", "011", "100"])
    (mean, _), (pairs, _) = estimate_margins(matrix, np.array([0, 0, 0, 1, 1, 1]), 2)
    assert mean.reshape(2, 3).sum(axis=0) == pytest.approx(matrix.sum(axis=0), rel=0.01)
    assert mean.reshape(2, 3).sum(axis=1) == pytest.approx([5, 4])
    assert pairs.sum() == pytest.approx(3 + 1 + 1)  # a row with k themes holds k (k - 1) / 2 pairs


@given(arrays.arrays(bool, arrays.array_shapes(min_dims=2, max_dims=2, max_side=8)))
@settings(max_examples=60, deadline=None)
def test_estimates_are_numbers_whatever_the_matrix(matrix: Array):
    boards = np.arange(len(matrix)) % 3
    for mean, spread in estimate_margins(matrix, boards, 3):
        assert np.isfinite(mean).all()
        assert np.isfinite(spread).all()
        assert (mean >= -1e-9).all()


# --- yardstick -----------------------------------------------------------------------------------------------

#: Nineteen draws of 0, nineteen of 2, one of 1: mean 1, variance 38 / 39.
COIN = [0] * 19 + [2] * 19 + [1]


def test_a_family_of_one_by_hand():
    family = Yardstick(np.array([5]), np.array([COIN]))
    assert family.expected.tolist() == [1]
    assert family.spread[0] == pytest.approx(sqrt(38 / 39))
    assert family.measure(np.array([5]))[0] == pytest.approx(4 / sqrt(38 / 39))
    # No draw is as high: 2 x (0 + 1) / (39 + 1), which is just enough; in the family (0 + 1) / (39 + 1).
    assert family.find_tails(np.array([5])).tolist() == [0.05]
    assert family.find_family_p(np.array([5])).tolist() == [0.05]
    assert family.call(np.array([5])).tolist() == [1]
    assert family.call(np.array([-1])).tolist() == [-1]
    # 2 is as high as nineteen draws and as low as all: 2 x (19 + 1) / 40, at most 1.
    assert family.find_tails(np.array([2])).tolist() == [1.0]
    assert family.call(np.array([2])).tolist() == [0]


def test_with_38_draws_nothing_can_be_called():
    family = Yardstick(np.array([99]), np.array([COIN[:38]]))
    assert family.find_tails(family.found).tolist() == [2 / 39]
    assert family.call(family.found).tolist() == [0]


@pytest.mark.parametrize(("outliers", "called"), [(1, 1), (2, 0)])
def test_a_member_is_called_in_view_of_the_whole_family(outliers: int, called: int):
    # The other member goes farther out than 5 does in so many of 39 draws: p = (outliers + 1) / 40.
    other = [39] * outliers + [0] * (39 - outliers)
    family = Yardstick(np.array([5, 0]), np.array([COIN, other]))
    assert family.find_family_p(family.found)[0] == pytest.approx((outliers + 1) / 40)
    assert family.call(family.found).tolist() == [called, 0]


def test_the_bar_is_the_distance_that_a_call_must_pass():
    rng = np.random.default_rng(1)
    drawn = rng.normal(0, [[1], [2], [5]], (3, 999))
    family = Yardstick(np.zeros(3), drawn)
    # 49 draws in 999 may be as far out: (49 + 1) / 1000 = 0.05.
    assert (family.farthest > family.bar).sum() == 49
    for far in (family.bar - 1e-6, family.bar + 1e-6):
        numbers = family.expected + far * family.spread
        assert (family.call(numbers) == (far > family.bar)).all()


def test_what_never_varies_is_never_called():
    family = Yardstick(np.array([3, 4]), np.full((2, 99), 3))
    assert family.measure(family.found).tolist() == [0, 0]
    assert family.call(family.found).tolist() == [0, 0]


def test_a_family_without_members():
    family = Yardstick(np.zeros(0), np.zeros((0, 99)))
    assert family.call(family.found).tolist() == []
    assert family.say(np.zeros(0), np.zeros(0)) == []


def test_words():
    family = Yardstick(np.array([5, 1, 1, -3]), np.array([COIN] * 4))
    # The last two draws' spread is the same; what could have been found is not.
    assert family.say(np.array([0, 0, 0, -3]), np.array([9, 9, 2, 0])) == [
        "more", "as expected", "too few to tell", "fewer",
    ]  # fmt: skip


@given(arrays.arrays(int, (3, 60), elements=st.integers(0, 6)), arrays.arrays(int, 3, elements=st.integers(-3, 12)))
@settings(max_examples=80, deadline=None)
def test_a_call_says_what_its_p_says(drawn: Array, numbers: Array):
    family = Yardstick(numbers, drawn)
    p, alone = family.find_family_p(numbers), family.find_tails(numbers)
    assert ((p >= alone) & (p <= 1)).all()
    assert ((family.call(numbers) != 0) <= (p <= LEVEL)).all()
    # Farther out is never less out.
    assert (np.abs(family.call(numbers + np.sign(family.call(numbers)))) >= np.abs(family.call(numbers))).all()
