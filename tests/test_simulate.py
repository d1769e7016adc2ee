"""The made-up cities of simulate.py: that their truth is what they say, and a look at what the long command proves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest

from mapping.gaps import bound_missed, find_gap_sample, find_gaps
from mapping.scoring import get_scorer
from mapping.tables import each_row
from mapping.tags import tag
from mapping.text import stem
from tests import simulate
from tests.simulate import Linked, is_on_side, is_true

# --- generators ------------------------------------------------------------------------------------------------


def test_a_rasch_city_prefers_no_matrix_among_those_with_its_sums():
    # Two priorities with one theme each, two themes with one priority each: 10/01 and 01/10 must be as frequent.
    made = [simulate.draw_rasch(np.random.default_rng(n), np.array([1, 1]), 2, 1.0) for n in range(1200)]
    fitting = [on for on in made if (on.sum(axis=0) == 1).all() and (on.sum(axis=1) == 1).all()]
    share = np.mean([on[0, 0] for on in fitting])
    assert len(fitting) > 80
    assert abs(share - 0.5) < 3 * 0.5 / len(fitting) ** 0.5


@pytest.mark.parametrize("draw", [simulate.draw_rasch, simulate.draw_profiles])
@pytest.mark.parametrize("tags", simulate.TAGS)
def test_a_priority_has_so_many_tags_on_average(draw: Callable[..., np.ndarray], tags: float):
    made = [draw(np.random.default_rng(n), np.array([15, 20]), 5, tags) for n in range(60)]
    assert np.mean([on.sum(axis=1).mean() for on in made]) == pytest.approx(tags, abs=0.08)


def test_profiles_prefer_no_theme_and_differ_by_board():
    made = np.array(
        [simulate.draw_profiles(np.random.default_rng(n), np.array([200, 200]), 4, 1.0) for n in range(200)]
    )
    counts = made.reshape(200, 2, 200, 4).sum(axis=2)
    assert counts.mean(axis=(0, 1)) == pytest.approx(np.full(4, 50), abs=6)
    assert np.corrcoef(counts[:, 0, 0], counts[:, 1, 0])[0, 1] == pytest.approx(0, abs=0.2)
    assert counts[:, 0, 0].std() > 15  # a binomial count would have 6


def test_linked_themes_by_hand():
    # Log odds 0 and a link of log 3: weights 1, 1, 1, 3 of none, either and both.
    model = Linked(np.zeros((4000, 2)), np.array([[0, np.log(3)], [0, 0]]))
    assert model.chances[0] == pytest.approx([4 / 6, 4 / 6])
    on = model.draw(np.random.default_rng(1))
    assert on.all(axis=1).mean() == pytest.approx(3 / 6, abs=0.03)
    assert (~on).all(axis=1).mean() == pytest.approx(1 / 6, abs=0.03)


def test_what_is_planted_is_there():
    rng, sizes = np.random.default_rng(1), np.full(5, 4000)
    board = np.repeat(np.arange(5), sizes)
    on = simulate.plant_cell(rng, sizes, 0.7, 4)
    here, there = on[board == 0, 0].mean(), on[board == 1, 0].mean()
    # Priorities differ, so that the odds ratio over all of them is a little nearer to 1 than that of each.
    assert 3 < here / (1 - here) / (there / (1 - there)) < 4.2
    assert on[board == 0, 1].mean() == pytest.approx(there, abs=0.02)
    alike = simulate.plant_board_pair(rng, np.full(5, 4000), 0.7, 8).reshape(5, 4000, 5).sum(axis=1)
    # Two draws from one profile: alike but for the draw.
    assert np.corrcoef(alike[0], alike[1])[0, 1] > 0.95
    assert alike[0].max() / alike[0].min() > 4
    pair = simulate.plant_theme_pair(rng, sizes, 0.7, 8)
    both, neither = (pair[:, 0] & pair[:, 1]).sum(), (~pair[:, 0] & ~pair[:, 1]).sum()
    assert both * neither / (pair[:, 0] > pair[:, 1]).sum() / (pair[:, 0] < pair[:, 1]).sum() > 6


def test_keywords_are_no_words_of_the_filler_nor_of_another_theme():
    language = simulate.make_language(0)
    stems = [stem(word) for words in language.words for word in words]
    assert len(set(stems)) == len(stems) == simulate.THEMES * simulate.KEYWORDS
    assert not set(stems) & {stem(word) for word in language.filler}
    scores = get_scorer(language.framework).score(["for the {} of our {} and {}".format(*language.filler[:3])])[0]
    assert not any(score.tagged for score in scores)
    assert all(score.confidence == "none" for score in scores)


def test_a_city_is_told_about_as_well_as_real_ones():
    # docs/evaluation.md: recall 0.65 and precision 0.87 on the Derby rows, 0.79 and 0.90 on the kept half.
    means = hits = right = 0
    for number in range(4):
        city = simulate.make_city(number, 0.7)
        tagged = simulate.find_tagged(city, tag(city.partnership))
        means, hits, right = means + city.true.sum(), hits + tagged.sum(), right + (tagged & city.true).sum()
    assert 0.55 < right / means < 0.80
    assert 0.80 < right / hits < 0.97


def test_the_same_number_makes_the_same_city():
    first, second = (simulate.make_city(3, 1.5, jargon=True) for _ in range(2))
    pd.testing.assert_frame_equal(first.partnership.priorities, second.partnership.priorities)
    assert (first.true == second.true).all()
    assert not first.partnership.priorities.equals(simulate.make_city(4, 1.5, jargon=True).partnership.priorities)


# --- truth -----------------------------------------------------------------------------------------------------


def test_what_is_true_of_a_city_by_hand():
    city = simulate.make_city(0, 0.7)
    true = np.zeros((6, 5), dtype=bool)
    true[[0, 1, 2], 0] = true[[3, 4], 1] = True
    cells, links = np.zeros((5, 5)), np.zeros((5, 5))
    cells[2, 3], cells[1, 1], links[0, 4] = 2.0, -2.0, 2.0
    chances = np.array([[4, 1, 1, 1, 1], [4, 1, 1, 1, 1], [1, 4, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1]]) / 10
    small = replace(city, board=np.array([0, 1, 2, 3, 4]), true=true[:5], chances=chances, cells=cells, links=links)
    said: dict[tuple[str, ...], bool] = {
        ("reach", "t1", "3"): True, ("reach", "t1", "4"): False, ("reach", "t2", "2"): True,
        ("most", "t1"): True, ("most", "t2"): False,
        ("cell", "more", "B3", "t4"): True, ("cell", "fewer", "B3", "t4"): False, ("cell", "more", "B1", "t1"): False,
        ("cell", "fewer", "B2", "t2"): True,
        ("theme pair", "more", "t1", "t5"): True, ("theme pair", "fewer", "t1", "t5"): False,
        ("board pair", "more", "B1", "B2"): True, ("board pair", "fewer", "B1", "B3"): True,
        ("board pair", "more", "B1", "B3"): False,
    }  # fmt: skip
    assert {key: is_true(small, key[0], key[1:]) for key in said} == said


def test_the_reverse_of_what_was_planted_by_hand():
    # Two boards of three priorities with one theme each; chance gives every one of the six counts 3 x 2 / 6 = 1.
    city = simulate.make_city(0, 0.7)
    true = np.zeros((6, 5), dtype=bool)
    true[[0, 1], 0] = true[[2, 3], 1] = true[[4, 5], 2] = True
    small = replace(city, board=np.array([0, 0, 0, 1, 1, 1]), true=true)
    assert is_on_side(small, "cell", ("more", "B1", "t1"))
    assert not is_on_side(small, "cell", ("fewer", "B1", "t1"))
    assert is_on_side(small, "cell", ("fewer", "B2", "t1"))
    true[0, 1] = True
    assert is_on_side(small, "theme pair", ("more", "t1", "t2"))
    assert is_on_side(small, "theme pair", ("fewer", "t1", "t3"))


# --- a look at what the long command proves --------------------------------------------------------------------


def test_null_cities_are_seldom_called():
    calls = simulate.count_null_calls([(5, 5, 0.7, 9)])
    own = calls[calls["generator"] == simulate.OWN].iloc[0]
    assert all(own[name] <= 4 for name in simulate.FAMILIES)
    assert own["any"] >= max(own[name] for name in simulate.FAMILIES)
    assert simulate.allow(1000) == 64
    shown = simulate.show_null(calls)
    assert "| 5 x 5 | 0.7 | Rasch, themes alike |" in shown
    assert "nan" not in shown.lower()


def test_what_is_plain_is_found_and_what_is_faint_is_not():
    power = simulate.measure_power(2, tags=(0.7,), numbers=(80,), families=("cells", "theme pairs"))
    found = power.set_index(["family", "of", "odds"])["called"]
    assert found["cells", "board", 8] == found["theme pairs", "board", 8] == 1
    assert found["cells", "city", 2] < 0.5
    printed = power.set_index(["family", "of", "odds"])["printed"]
    assert printed["cells", "board", 8] > 0.9
    assert printed["cells", "city", 2] < 0.2


def test_headlines_are_judged_and_held_to_the_truth():
    headlines, quality = simulate.try_verdicts(2)
    assert set(headlines["verdict"]) <= {"firm", "fair", "fragile"}
    assert set(headlines["kind"]) <= {"reach", "most", "cell", "theme pair", "board pair"}
    assert headlines.loc[headlines["verdict"] == "firm", "true"].mean() >= 0.75
    assert (headlines["on_side"] >= headlines["true"]).mean() > 0.9
    assert "| reach | firm |" in simulate.show_verdicts(headlines, "kind")
    assert (quality["right"] <= quality[["true", "tagged"]].min(axis=1)).all()


def test_the_bound_covers_what_was_missed():
    gaps = simulate.try_gaps(2, shares=(0.0, 0.5, 1.0))
    assert gaps["covered"].all()
    none, half, whole = (gaps[gaps["share"] == share].set_index("city") for share in (0.0, 0.5, 1.0))
    assert (half["left"] <= none["left"]).all()
    assert (half["bound"] < none["bound"]).all()
    # Who has read everything has missed nothing.
    assert (whole["still"] == 0).all()
    assert (whole["bound"] == 0).all()


def test_gaps_that_a_check_has_closed_still_count_as_claimed():
    # 25 gaps of 20 priorities, 12 read for each: the few in which nothing turned up are the luckiest of 25.
    city = simulate.make_untold_city(3)
    first = tag(city.partnership, draws=100, resamples=20)
    before = [(row.board, row.theme) for row in each_row(find_gaps(first))]
    assert len(before) == 25
    decisions = simulate.check_gaps(city, {key: find_gap_sample(first, *key) for key in before}, 0.6)
    left = find_gaps(tag(replace(city.partnership, decisions=decisions), draws=100, resamples=20))
    assert 0 < len(left) < 5
    assert set(left["bound"]) == {bound_missed(20, 12, gaps=25)} == {5}
    assert bound_missed(20, 12) == 2  # which three mentions, still there in each, would exceed


def test_the_command_prints_its_tables(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        simulate, "measure_power", partial(simulate.measure_power, tags=(0.7,), numbers=(20,), families=("cells",))
    )
    simulate.main(["--cities", "2", "--only", "power", "--only", "gaps"])
    said = capsys.readouterr()
    assert [line for line in said.out.splitlines() if line.startswith("## ")] == [
        "## In short", "## Power: the share of 2 cities in which what was planted is called",
        "## Gaps of 2 cities, and of 2 of the hardest",
    ]  # fmt: skip
    assert "| cells | 0.7 | 20 in the city |" in said.out
    assert "nan" not in said.out.lower()
    assert "CPU time" in said.err
