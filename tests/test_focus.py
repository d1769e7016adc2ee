"""Candidate areas of focus, worked by hand: breadth, places, the order of the list, and what is said of each."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.focus import BREADTH_LINE, PLACES, WEIGHT_LINE, find_focus, measure_areas, measure_breadth
from mapping.intersections import find_intersections
from mapping.tables import each_row
from mapping.tags import Run
from tests.stress import LIKE_DERBY, make_run, make_stress_set

#: Five boards of 20: Voice 4 in each, Start 2 in each, Aspiration 15 and 1, Skills 4 and 2, Equality nowhere.
FOUR_PLACES = [[4, 2, 15, 4, 0], [4, 2, 1, 2, 0], [4, 2, 0, 0, 0], [4, 2, 0, 0, 0], [4, 2, 0, 0, 0]]


@pytest.fixture(scope="module")
def four_places() -> Run:
    return make_run(FOUR_PLACES, priorities=[20] * 5)


@pytest.fixture(scope="module")
def found() -> dict[str, Run]:
    """Runs that differ in their boards, themes, documents and decisions, without those that take long."""
    stress = make_stress_set()
    names = ("derby-like", "derby-like-some", "all-confirmed", "two-boards", "twelve-themes", "board-not-read")
    return {name: stress[name] for name in names}


# --- breadth ---


@pytest.mark.parametrize(
    ("counts", "sizes", "breadth"),
    [
        ([5, 0], [10, 10], 1.0),  # one board
        ([5, 5, 0], [10, 10, 10], 2.0),  # equal shares over two
        ([3, 6, 0], [10, 20, 15], 2.0),  # equal shares, though not equal counts
        ([2, 2, 2, 2], [4, 4, 4, 4], 4.0),
        # shares 1/2 and 1/4: p = 2/3 and 1/3, so ln breadth = 2/3 ln 3/2 + 1/3 ln 3
        ([5, 5], [10, 20], (3 / 2) ** (2 / 3) * 3 ** (1 / 3)),
        # shares 1/2, 1/4, 1/4: ln breadth = 1/2 ln 2 + 1/2 ln 4
        ([4, 2, 2], [8, 8, 8], math.sqrt(2) * math.sqrt(4)),
        ([9, 0], [9, 0], 1.0),  # a board without priorities counts as none
    ],
)
def test_breadth_by_hand(counts: list[int], sizes: list[int], breadth: float) -> None:
    assert measure_breadth(counts, sizes) == pytest.approx(breadth, abs=1e-9)


@pytest.mark.parametrize("counts", [[0, 0], [4, 0], [2, 2]])
def test_under_five_priorities_have_no_breadth(counts: list[int]) -> None:
    assert math.isnan(measure_breadth(counts, [10, 10]))


COUNTED = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 30)), min_size=1, max_size=8).map(
    lambda rows: [(count, count + more) for count, more in rows]
)


@given(COUNTED)
def test_breadth_lies_between_one_and_the_boards_that_have_one(rows: list[tuple[int, int]]) -> None:
    counts, sizes = ([row[n] for row in rows] for n in (0, 1))
    breadth = measure_breadth(counts, sizes)
    if sum(counts) < 5:
        assert math.isnan(breadth)
    else:
        assert 1 - 1e-9 <= breadth <= sum(count > 0 for count in counts) + 1e-9


@given(COUNTED, st.integers(2, 5))
def test_breadth_knows_neither_order_nor_scale(rows: list[tuple[int, int]], times: int) -> None:
    counts, sizes = ([row[n] for row in rows] for n in (0, 1))
    if sum(counts) < 5:
        return
    breadth = measure_breadth(counts, sizes)
    assert measure_breadth(counts[::-1], sizes[::-1]) == pytest.approx(breadth)
    assert measure_breadth([times * n for n in counts], [times * n for n in sizes]) == pytest.approx(breadth)
    assert measure_breadth([*counts, 0], [*sizes, 7]) == pytest.approx(breadth)  # 0 ln 0 = 0


# --- areas ---


def test_the_areas_of_the_city_checked_by_eye(run: Run) -> None:
    # Only WRK-02 carries two themes, and one board is no area: no pair is listed.
    areas = measure_areas(run)
    assert list(zip(areas["area"], areas["themes"], areas["weight"], areas["boards"], areas["ids"], strict=True)) == [
        ("Voice", ["voice"], 2, ["HOM", "PRK"], ["HOM-02", "PRK-03"]),
        ("Homes", ["homes"], 2, ["HOM", "WRK"], ["HOM-01", "WRK-02"]),
        ("Work", ["work"], 3, ["PRK", "WRK"], ["PRK-02", "WRK-01", "WRK-02"]),
        ("River", ["river"], 0, [], []),
    ]
    assert set(areas["priorities"]) == {8}
    assert set(areas["boards_in_matrix"]) == {3}
    assert set(areas["weight_confirmed"]) == {0}
    for column in ("breadth", "breadth_confirmed", "breadth_even"):
        assert areas[column].isna().all(), f"{column}: under five priorities"


def test_two_themes_joined_in_single_priorities_of_two_boards_are_an_area() -> None:
    # Priorities 1 and 2 of each board carry Voice, 3 and 4 the second theme, so nothing is joined.
    apart = measure_areas(make_run([[2, 2], [2, 2]], priorities=[4, 4]))
    assert list(apart["area"]) == ["Voice", "life 2"]
    joined = measure_areas(make_run([[3, 4], [4, 3]], priorities=[4, 4]))
    pair = joined.iloc[-1]
    assert (pair["area"], pair["weight"], pair["boards"]) == ("Voice with life 2", 6, ["B01", "B02"])
    assert pair["breadth"] == 2.0


def test_confirmed_weight_and_breadth_count_confirmed_tags_alone() -> None:
    # Every second tag is confirmed: 5 of 10 in each board.
    area = measure_areas(make_run([[10], [10]], priorities=[10, 10], confirmed="some")).iloc[0]
    assert (area["weight"], area["weight_confirmed"]) == (20, 10)
    assert (area["breadth"], area["breadth_confirmed"]) == (2.0, 2.0)


def test_an_even_spread_of_all_priorities_is_over_all_boards() -> None:
    area = measure_areas(make_run([[5], [9]], priorities=[5, 9])).iloc[0]
    assert area["breadth_even"] == 2.0


def test_an_even_spread_of_few_priorities_is_narrower() -> None:
    """Breadth is biased low: five of a hundred, drawn from ten boards alike, cannot be over ten."""
    area = measure_areas(make_run([[1]] * 5 + [[0]] * 5, priorities=[10] * 10)).iloc[0]
    assert area["breadth"] == 5.0
    assert 3.5 < area["breadth_even"] < 5.0


# --- places and their order ---


def test_each_place_by_hand(four_places: Run) -> None:
    # 100 priorities, so many is 15 or more; five boards, so widely is over 3. Breadths 5, 5, under 2 and under 2.
    table = find_focus(four_places)
    themes = table[table["themes"].map(len) == 1]
    assert list(zip(themes["area"], themes["weight"], themes["place"], strict=True)) == [
        ("Voice", 20, PLACES[0]),
        ("life 2", 10, PLACES[1]),
        ("Aspiration", 16, PLACES[2]),
        ("Skills", 6, PLACES[3]),
    ]


def test_on_the_lines() -> None:
    # 15 of 100 are many; equal shares over three of five boards are a breadth of 3, which is not over 60 %.
    table = find_focus(make_run([[5]] * 3 + [[0]] * 2, priorities=[20] * 5))
    assert list(table["place"]) == ["many priorities, few boards"]
    assert (table["weight"].iloc[0], table["breadth"].iloc[0]) == (15, 3.0)
    assert (WEIGHT_LINE * 100, BREADTH_LINE * 5) == (15, 3)


def test_the_lines_are_settings(four_places: Run) -> None:
    higher = find_focus(four_places, weight_line=0.21).set_index("area")["place"]
    assert higher["Voice"] == "few priorities, spread widely"
    lower = find_focus(four_places, breadth_line=0.2).set_index("area")["place"]
    assert lower["Aspiration"] == "many priorities, spread widely"


def test_too_few_for_a_breadth_are_called_neither_wide_nor_narrow(run: Run) -> None:
    # Each stands on two of three boards; 2 and 3 of 8 priorities are over 15 %.
    assert set(find_focus(run)["place"]) == {"too few priorities to say how widely"}


def test_the_list_keeps_its_rule(found: dict[str, Run]) -> None:
    for name, run in found.items():
        table = find_focus(run)
        assert 0 < len(table) <= 7, name
        assert list(table["rank"]) == list(range(1, len(table) + 1))
        assert all(len(boards) > 1 for boards in table["boards"])
        keys = [(PLACES.index(row.place), -row.weight, len(row.themes)) for row in each_row(table)]
        assert all(before <= after for before, after in pairwise(keys)), name
        # Nothing that is left out stands before anything that is listed.
        areas = measure_areas(run)
        left = areas[(areas["boards"].map(len) > 1) & ~areas["area"].isin(table["area"])]
        assert len(left) == 0 or len(table) == 7


def test_with_equal_weight_themes_stand_before_pairs() -> None:
    run = make_run([[4, 4], [4, 4]], priorities=[4, 4])
    assert list(find_focus(run)["area"]) == ["Voice", "life 2", "Voice with life 2"]


def test_one_board_or_no_tag_gives_no_candidate() -> None:
    assert find_focus(make_run([[6, 6]], priorities=[6])).empty
    assert find_focus(make_run([[0, 0], [0, 0]], priorities=[3, 4])).empty


# --- what is said ---


def test_the_evidence_on_derby_like_data_by_hand(found: dict[str, Run]) -> None:
    # Skills: 5, 1, 0, 11 and 1 of 18, 13, 10, 31 and 16 priorities.
    row = find_focus(found["derby-like"]).set_index("area").loc["Skills"]
    assert row["evidence_for"][0].startswith(
        "4 of 5 boards have a priority on it: Board 1 5 of 18, Board 2† 1 of 13, Board 4 11 of 31, Board 5† 1 of 16."
    )
    assert "All 18 are suggested by the machine; a person has confirmed none." in row["evidence_against"]
    assert "11 of its 18 priorities come from one board (Board 4)." in row["evidence_against"]
    assert "2 of its 4 boards are there through stand-in documents only (Board 2, Board 5)." in row["evidence_against"]


def test_a_board_is_there_through_stand_ins_for_the_area_alone() -> None:
    # Board 1: four priorities, the first two named. Voice is on both of these, the second theme on a stand-in alone.
    run = make_run([[2, 1], [2, 2]], priorities=[4, 4], sources=["mixed", "named"], boards=["Board 1", "Board 2"])
    table = find_focus(run).set_index("area")
    assert dict(table["boards_stand_in"]) == {"Voice": [], "life 2": ["B01"]}
    assert table.loc["Voice", "shares"] == ["Board 1 2 of 4", "Board 2 2 of 4"]
    assert table.loc["life 2", "shares"] == ["Board 1\u2020 1 of 4", "Board 2 2 of 4"]
    said = "1 of its 2 boards is there through stand-in documents only (Board 1)."
    assert said in table.loc["life 2", "evidence_against"]
    assert not any("stand-in" in sentence for sentence in table.loc["Voice", "evidence_against"])


def test_boards_of_stand_ins_are_those_of_the_cells(found: dict[str, Run]) -> None:
    for run in found.values():
        cells = find_intersections(run).set_index("theme")["boards_stand_in"]
        for row in each_row(find_focus(run)):
            assert set(row.boards_stand_in) <= set(row.boards)
            if len(row.themes) == 1:
                assert row.boards_stand_in == cells[row.themes[0]]


def test_confirmed_priorities_speak_for_an_area(found: dict[str, Run]) -> None:
    for row in each_row(find_focus(found["all-confirmed"])):
        assert f"A person has confirmed {row.weight} of its {row.weight} priorities." in row.evidence_for
        assert not any("suggested by the machine" in said for said in row.evidence_against)


def list_evidence(run: Run) -> list[str]:
    table = find_focus(run)
    return [said for column in ("evidence_for", "evidence_against") for row in table[column] for said in row]


def test_nothing_is_recommended(found: dict[str, Run]) -> None:
    words = re.compile(r"\b(should|recommend\w*|must|ought|best|priorit(y|ise) area|gap)\b", re.IGNORECASE)
    for run in found.values():
        said = list_evidence(run)
        assert said
        assert [sentence for sentence in said if words.search(sentence)] == []


def test_every_count_has_its_denominator(found: dict[str, Run]) -> None:
    # Either a share of something, or all of it; what chance says is looked at apart.
    with_one = re.compile(r"\d+ of (its )?\d+|\d+%|^All \d+ are suggested|, of \d+ boards:")
    for run in found.values():
        said = [sentence for sentence in list_evidence(run) if "chance gives" not in sentence]
        said = [sentence for sentence in said if "expected by chance" not in sentence]
        assert [sentence for sentence in said if not with_one.search(sentence)] == []


def test_what_chance_gives_has_its_denominator(found: dict[str, Run]) -> None:
    said = [sentence for run in found.values() for sentence in list_evidence(run)]
    said = [sentence for sentence in said if "chance gives" in sentence or "expected by chance" in sentence]
    assert said
    assert [sentence for sentence in said if not re.search(r"\d+ of \d+", sentence)] == []


def test_every_doubt_has_a_place(found: dict[str, Run]) -> None:
    """A fragile verdict is evidence against, firm or fair is evidence for."""
    for run in found.values():
        for row in each_row(find_focus(run)):
            said = f"That so many boards meet on it is {row.verdict}: "
            against = any(sentence.startswith(said) for sentence in row.evidence_against)
            assert against == (row.verdict == "fragile")
            assert against != any(sentence.startswith(said) for sentence in row.evidence_for)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=2, max_size=4))
def test_weights_of_themes_are_those_of_the_cells(counts: list[list[int]]) -> None:
    areas = measure_areas(make_run(counts, priorities=[6] * len(counts)))
    assert list(areas["weight"].iloc[:3]) == [sum(column) for column in zip(*counts, strict=True)]
    assert (areas["weight_confirmed"] == 0).all()
    # A pair has at most as many as either of its themes.
    single = dict(zip((t[0] for t in areas["themes"].iloc[:3]), areas["weight"].iloc[:3], strict=True))
    for row in each_row(areas.iloc[3:]):
        assert row.weight <= min(single[theme] for theme in row.themes)
        assert len(row.boards) > 1


def test_like_derby_has_no_confirmed_tag() -> None:
    assert (measure_areas(make_run(**LIKE_DERBY))["weight_confirmed"] == 0).all()
