"""Where nothing was found, worked by hand: the bound on what may still be there, and what a person should check."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import comb

import pandas as pd
import pytest
from conftest import CITY
from hypothesis import given
from hypothesis import strategies as st

from mapping.errors import UnknownNameError
from mapping.gaps import bound_missed, find_gap_sample, find_gaps
from mapping.partnership import Partnership
from mapping.tags import Run, tag
from tests.stress import make_run, make_stress_set

MakeCity = Callable[..., Partnership]
SIZES = st.integers(0, 120).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size)))


def judge(
    rejected: Sequence[str] = (),
    doubtful: Sequence[str] = (),
    themes: int = 1,
    priorities: int = 50,
    board: str = "B01",
) -> Run:
    """Return a run of one board without a tag, on some of whose priorities t1 was rejected or is to be checked."""
    run = make_run([[0] * themes], priorities=[priorities])
    both = dict.fromkeys([*rejected, *doubtful])
    rows = [
        {
            "priority": priority, "board": "B01", "theme": "t1", "on": False,
            "status": "rejected" if priority in rejected else "",
            "confidence": "check" if priority in doubtful else "none",
        }
        for priority in both
    ]  # fmt: skip
    tags = pd.DataFrame(rows, columns=list(run.tags.columns)).astype({"on": bool})
    return dataclasses.replace(run, tags=tags)


def list_order(run: Run, why: str = "drawn") -> list[str]:
    sample = find_gap_sample(run, "B01", "t1")
    return list(sample.loc[sample["why"] == why, "priority"])


def read_bound(run: Run) -> int:
    return int(find_gaps(run).iloc[0]["bound"])


# --- the bound ---


def test_bound_by_hand() -> None:
    # 20 of 50 checked, none found: 5 others are missed with C(45, 20) / C(50, 20) = 0.067, 6 with 0.037.
    assert comb(45, 20) / comb(50, 20) > 0.05 > comb(44, 20) / comb(50, 20)
    assert bound_missed(50, 20) == 5
    # Five gaps claimed together: 0.01 for each; 8 are missed with 0.0109, 9 with 0.0057.
    assert comb(42, 20) / comb(50, 20) > 0.01 > comb(41, 20) / comb(50, 20)
    assert bound_missed(50, 20, gaps=5) == 8


def test_two_of_three_checked_leave_one() -> None:
    # The one that speaks of it is the unchecked one with a chance of 1/3.
    assert bound_missed(3, 2) == 1
    # Nineteen of twenty checked: 1/20 is not above 0.05.
    assert bound_missed(20, 19) == 0


@given(SIZES, st.integers(1, 20))
def test_bound_is_the_largest_that_may_well_be_missed(size: tuple[int, int], gaps: int) -> None:
    priorities, checked = size
    bound, level = bound_missed(priorities, checked, gaps), Fraction(1, 20 * gaps)
    # Where a chance is the level itself, a rounding error may decide.
    slack = Fraction(1, 10**9)

    def miss(number: int) -> Fraction:
        return Fraction(comb(priorities - number, checked), comb(priorities, checked))

    assert 0 <= bound <= priorities - checked
    assert miss(bound) > level - slack
    assert bound == priorities - checked or miss(bound + 1) <= level + slack


def test_a_chance_that_is_the_level_is_not_above_it() -> None:
    # C(14, 3) / C(65, 3) = 364 / 43,680 = 1 / 120 = 0.05 / 6
    assert Fraction(comb(14, 3), comb(65, 3)) == Fraction(5, 100) / 6
    assert bound_missed(65, 3, gaps=6) == 65 - 14 - 1


@given(SIZES, st.integers(1, 20))
def test_bound_falls_with_more_checked_and_grows_with_more_claims(size: tuple[int, int], gaps: int) -> None:
    priorities, checked = size
    bound = bound_missed(priorities, checked, gaps)
    assert bound_missed(priorities, checked, gaps + 1) >= bound
    if checked < priorities:
        assert bound_missed(priorities, checked + 1, gaps) <= bound


@given(st.integers(0, 500), st.integers(1, 20))
def test_bound_at_both_ends(priorities: int, gaps: int) -> None:
    assert bound_missed(priorities, 0, gaps) == priorities
    assert bound_missed(priorities, priorities, gaps) == 0


# --- the gaps of a run ---


def test_the_gaps_of_the_city_checked_by_eye(run: Run) -> None:
    gaps = find_gaps(run)
    assert list(zip(gaps["board"], gaps["theme"], gaps["state"], gaps["priorities"], strict=True)) == [
        ("HOM", "work", "none", 3),
        ("HOM", "river", "none", 3),
        ("PRK", "homes", "none", 3),
        ("PRK", "river", "none", 3),
        ("WRK", "voice", "not read", 2),
        ("WRK", "river", "not read", 2),
    ]
    assert list(gaps["bound"].iloc[:4]) == [3, 3, 3, 3]
    assert list(gaps["verdict"]) == ["fragile"] * 4 + [""] * 2
    assert gaps["says"].iloc[0] == (
        "none found, checked by no person: up to 3 of 3 may still be there, if the checker is right, in the text that "
        "was read"
    )


def test_what_was_not_read_has_no_bound(run: Run) -> None:
    unread = find_gaps(run).query("state == 'not read'")
    assert len(unread) == 2
    assert unread["bound"].isna().all()
    assert set(unread["says"]) == {"not read, so nothing can be said"}


def test_a_board_without_priorities_has_no_bound() -> None:
    empty = find_gaps(make_stress_set()["empty-board"]).query("state == 'empty'")
    assert list(empty["board"]) == ["B02"] * 3
    assert empty["bound"].isna().all()
    assert set(empty["says"]) == {"no priorities"}


def test_a_full_matrix_has_no_gap() -> None:
    gaps = find_gaps(make_run([[2, 2], [2, 2]]))
    assert gaps.empty
    assert list(gaps.columns) == [
        "board", "theme", "state", "priorities", "doubtful", "checked", "bound", "verdict", "says"
    ]  # fmt: skip


def test_a_decision_on_a_priority_that_nothing_points_to_is_a_check(make_city: MakeCity) -> None:
    judged = CITY["decisions.csv"] + "".join(
        f"millbrook-themes,{priority},river,reject,{words},AB,2019,\n"
        for priority, words in (
            ("HOM-01", "Insulate cold homes"),
            ("HOM-02", "Involve tenants in decisions about repairs"),
            ("HOM-03", "Review the office rota"),
        )
    )
    gap = find_gaps(tag(make_city({"decisions.csv": judged}))).query("board == 'HOM' and theme == 'river'").iloc[0]
    assert (gap["checked"], gap["bound"], gap["verdict"]) == (3, 0, "firm")
    assert gap["says"] == (
        "none found, 3 of 3 checked by a person: none can be there, if the checker is right, in the text that was read"
    )


# --- checked ones ---


def test_twenty_of_fifty_checked_in_the_order_of_the_sample() -> None:
    order = list_order(judge())
    assert len(order) == 50
    gap = find_gaps(judge(rejected=order[:20])).iloc[0]
    assert (gap["checked"], gap["bound"], gap["verdict"]) == (20, 5, "fair")  # 5 is over 2.5 and at most 10
    assert gap["says"].startswith("none found, 20 of 50 checked by a person: up to 5 of 50 may still be there, ")


def test_five_gaps_claimed_together_share_the_error() -> None:
    order = list_order(judge(themes=5))
    gaps = find_gaps(judge(rejected=order[:20], themes=5))
    assert list(gaps["bound"]) == [8, 50, 50, 50, 50]


def test_a_gap_that_was_not_read_is_not_claimed() -> None:
    """Three gaps of a board that was not read beside one that was: the error is not shared."""
    run = make_run([[0, 1, 1, 1], [0, 0, 0, 1]], priorities=[50, 5], sources=["named", "unread"])
    order = list_order(run)[:20]
    rows = [{"priority": p, "board": "B01", "theme": "t1", "on": False, "status": "rejected"} for p in order]
    tags = pd.concat([run.tags, pd.DataFrame(rows)], ignore_index=True).astype({"on": bool})
    gaps = find_gaps(dataclasses.replace(run, tags=tags[run.tags.columns]))
    assert list(gaps["state"]) == ["none", "not read", "not read", "not read"]
    assert gaps["bound"].iloc[0] == 5


def test_only_an_unbroken_run_is_a_random_sample() -> None:
    order = list_order(judge())
    # The first was passed over: what was checked was chosen, so that only the checked ones themselves are out.
    assert read_bound(judge(rejected=order[1:21])) == 30
    # Ten in order, and ten chosen: the ten count as a sample, and then no more than 30 can be there.
    broken = [*order[:10], *order[20:30]]
    assert read_bound(judge(rejected=broken)) == min(30, bound_missed(50, 10)) == bound_missed(50, 10)


def test_a_few_left_over_cannot_be_more_than_they_are() -> None:
    order = list_order(judge())
    assert read_bound(judge(rejected=order[1:])) == 1


def test_doubtful_ones_count_as_missed_until_they_are_checked() -> None:
    doubtful = ["B01-003", "B01-007", "B01-030", "B01-050"]
    order = list_order(judge(doubtful=doubtful))
    assert len(order) == 46
    assert read_bound(judge(doubtful=doubtful)) == 50
    assert read_bound(judge(order[:20], doubtful)) == 4 + bound_missed(46, 20)
    assert read_bound(judge([*order[:20], *doubtful[:3]], doubtful)) == 1 + bound_missed(46, 20)
    assert read_bound(judge([*order[:20], *doubtful], doubtful)) == bound_missed(46, 20)
    assert read_bound(judge([*order, *doubtful], doubtful)) == 0
    gap = find_gaps(judge([*order[:20], *doubtful], doubtful)).iloc[0]
    assert (gap["doubtful"], gap["checked"]) == (4, 24)


@pytest.mark.parametrize(
    ("checked", "verdict"), [(0, "fragile"), (10, "fragile"), (11, "fair"), (30, "fair"), (31, "firm"), (50, "firm")]
)
def test_verdicts_of_a_gap(checked: int, verdict: str) -> None:
    # Of 50: up to 2 are firm, up to 10 are fair.
    gap = find_gaps(judge(rejected=list_order(judge())[:checked])).iloc[0]
    assert gap["verdict"] == verdict
    assert verdict == ("firm" if gap["bound"] <= 2.5 else "fair" if gap["bound"] <= 10 else "fragile")


# --- the sample ---


def test_doubtful_ones_come_first_and_are_listed_whole() -> None:
    sample = find_gap_sample(judge(doubtful=["B01-049", "B01-002"]), "B01", "t1")
    assert list(sample["why"]) == ["doubtful"] * 2 + ["drawn"] * 48
    assert set(sample["priority"].iloc[:2]) == {"B01-049", "B01-002"}
    assert sample["text"].str.startswith("Priority ").all()


def test_the_order_is_drawn_and_stays() -> None:
    order = list_order(judge())
    assert sorted(order) != order
    assert sorted(order) == [f"B01-{n + 1:03d}" for n in range(50)]
    # Neither asking again, nor checking, nor the order of the rows changes it.
    again = judge(rejected=order[5:9])
    turned = dataclasses.replace(again, priorities=again.priorities.iloc[::-1].reset_index(drop=True))
    assert list_order(again) == list_order(turned) == order
    # More priorities are drawn in between; the others keep their order.
    longer = list_order(judge(priorities=60))
    assert [priority for priority in longer if priority in order] == order


def test_each_theme_has_an_order_of_its_own() -> None:
    run = judge(themes=2)
    first, second = (list(find_gap_sample(run, "B01", theme)["priority"]) for theme in ("t1", "t2"))
    assert first != second
    assert sorted(first) == sorted(second)


def test_what_carries_the_theme_is_not_in_the_sample(run: Run) -> None:
    assert set(find_gap_sample(run, "PRK", "work")["priority"]) == {"PRK-03", "PRK-04"}  # the heading is not counted
    assert set(find_gap_sample(run, "WRK", "work")["priority"]) == set()


def test_unknown_names_are_named(run: Run) -> None:
    with pytest.raises(UnknownNameError, match="HOM"):
        find_gap_sample(run, "HMO", "work")
    with pytest.raises(UnknownNameError, match="river"):
        find_gap_sample(run, "HOM", "rivers")
    with pytest.raises(UnknownNameError):
        find_gap_sample(run, "RIV", "river")  # a neighbour is not in the matrix
