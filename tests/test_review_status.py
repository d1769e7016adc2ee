"""How far a review has come, worked by hand on the made-up city, and when it may stop."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd
import pytest
from conftest import CITY

from mapping.chance import Picture, lay_out, picture_of
from mapping.claims import list_claims
from mapping.outputs.review_status import (
    WAYS,
    count_left,
    find_conflicts,
    find_open_headlines,
    measure_reviewers,
    state_review,
)
from mapping.partnership import Partnership
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]
TEXTS = {
    "HOM-01": "Insulate cold homes",
    "HOM-02": "Involve tenants in decisions about repairs",
    "PRK-02": "Train apprentices as gardeners",
    "PRK-03": "Ask residents which parks matter to them",
    "WRK-01": "Create apprenticeships for school leavers",
    "WRK-02": "Train apprentices to insulate cold homes",
}


def decide(make_city: MakeCity, *rows: str) -> Run:
    """The city with decisions: priority, theme, decision, reviewer."""
    lines = []
    for row in rows:
        priority, theme, said, who = row.split()
        lines.append(f"millbrook-themes,{priority},{theme},{said},{TEXTS[priority]},{who},2019-01-14,\n")
    return tag(make_city({"decisions.csv": CITY["decisions.csv"] + "".join(lines)}), draws=200, resamples=20)


# --- what is left ------------------------------------------------------------------------------------------


def test_what_is_left_by_board_and_confidence(make_city: MakeCity) -> None:
    run = decide(
        make_city, "HOM-01 homes confirm AB", "HOM-02 voice unsure AB", "PRK-03 voice reject AB", "WRK-01 work add AB",
        "WRK-01 homes reject AB",
    )  # fmt: skip
    table = count_left(run).set_index("board")
    assert list(table.index) == ["HOM", "PRK", "WRK", "all"]
    assert dict(table.loc["HOM"]) == {
        "suggested, in doubt": 0, "not suggested, in doubt": 0, "suggested, likely": 0, "unsure or disputed": 1,
        "settled": 1,
    }  # fmt: skip
    assert list(table["settled"]) == [1, 1, 2, 4]
    counted = set(run.priorities.loc[run.priorities["counted"], "priority"])
    tags = run.tags[run.tags["priority"].isin(counted) & (run.tags["status"] == "suggested")]
    assert table.loc["all", ["suggested, in doubt", "suggested, likely"]].sum() == len(tags)


# --- reviewers ---------------------------------------------------------------------------------------------


def test_agreement_of_two_reviewers_by_hand(make_city: MakeCity) -> None:
    """Both judge four tags: yes yes, yes no, no no, unsure unsure; CD alone judges a fifth."""
    run = decide(
        make_city,
        "HOM-01 homes confirm AB", "HOM-01 homes add CD",
        "HOM-02 voice confirm AB", "HOM-02 voice reject CD",
        "PRK-02 work reject ab", "PRK-02 work reject CD",
        "PRK-03 voice unsure AB", "PRK-03 voice unsure CD",
        "WRK-01 work confirm CD",
    )  # fmt: skip
    (row,) = measure_reviewers(run).itertuples()
    # p_o = 3/4; p_e = 2/4 x 1/4 + 1/4 x 2/4 + 1/4 x 1/4 = 5/16; kappa = (3/4 - 5/16) / (1 - 5/16) = 7/11
    assert ({row.reviewer_a.upper(), row.reviewer_b}, row.tags) == ({"AB", "CD"}, 4)
    assert row.alike == 3 / 4
    assert row.kappa == pytest.approx(7 / 11)
    assert find_conflicts(run).to_numpy().tolist() == [
        ["HOM-02", "voice", "AB confirm (2019-01-14); CD reject (2019-01-14)"]
    ]


def test_one_reviewer_or_none_has_nobody_to_agree_with(make_city: MakeCity) -> None:
    assert measure_reviewers(decide(make_city)).empty
    run = decide(make_city, "HOM-01 homes confirm AB", "HOM-02 voice confirm CD")
    assert measure_reviewers(run).empty
    assert find_conflicts(run).empty
    said = "\n".join(state_review(run))
    assert "No two reviewers have judged one tag" in said
    assert "Nobody has decided anything yet." in "\n".join(state_review(decide(make_city)))


def test_one_answer_throughout_has_no_kappa(make_city: MakeCity) -> None:
    run = decide(make_city, "HOM-01 homes confirm AB", "HOM-01 homes confirm CD")
    assert "AB and CD answered 100% of 1 tag alike; Cohen's kappa (yes, no, unsure) not defined" in "\n".join(
        state_review(run)
    )


# --- when review may stop ----------------------------------------------------------------------------------


def find_open(run: Run) -> pd.DataFrame:
    counted = set(run.priorities.loc[run.priorities["counted"], "priority"])
    tags = run.tags[run.tags["priority"].isin(counted)]
    asked = (tags["status"] == "") & (tags["confidence"] == "check")
    return tags[tags["status"].isin(["suggested", "unsure", "disputed"]) | asked]


CITIES = [
    (),
    ("HOM-01 homes confirm AB", "WRK-02 homes confirm AB"),
    ("HOM-02 voice confirm AB", "PRK-03 voice confirm AB", "WRK-02 homes reject AB", "PRK-02 work unsure AB"),
    ("PRK-02 work confirm AB", "WRK-01 work confirm AB", "WRK-02 work confirm AB", "WRK-02 work reject CD"),
    ("PRK-02 work confirm AB", "WRK-01 work confirm AB", "WRK-02 work confirm AB", "HOM-01 homes confirm AB",
     "WRK-02 homes reject AB", "HOM-02 voice reject AB", "PRK-03 voice confirm AB"),
]  # fmt: skip


@pytest.mark.parametrize("rows", CITIES)
def test_what_is_said_to_be_settled_no_way_of_deciding_overturns(make_city: MakeCity, rows: tuple[str, ...]) -> None:
    """Every way of deciding the open tags is tried: in this city there are few enough."""
    run = decide(make_city, *rows)
    table = find_open_headlines(run)
    left = list(zip(find_open(run)["priority"], find_open(run)["theme"], strict=True))
    assert len(left) < 10
    counted = set(run.priorities.loc[run.priorities["counted"], "priority"])
    sure = run.tags[run.tags["status"].isin(["confirmed", "added"]) & run.tags["priority"].isin(counted)]
    base, picture = lay_out(run, sure), picture_of(run)
    pictures = []
    for choice in product([False, True], repeat=len(left)):
        on = base | lay_out(
            run,
            pd.DataFrame([key for key, yes in zip(left, choice, strict=True) if yes], columns=["priority", "theme"]),
        )
        pictures.append(Picture(on, picture.board, picture.boards, picture.draws, picture.seed))
    for claim, row in zip(list_claims(run), table.itertuples(), strict=True):
        falls = not all(claim.holds(other) for other in pictures)
        if row.can_change == "no":
            assert not falls, row.says
        if row.can_change == "yes":
            assert falls, row.says
            assert set(row.fails_when) <= set(WAYS)
        if claim.kind in ("reach", "most"):
            assert falls == (row.can_change == "yes"), row.says
    assert list(table.columns) == ["kind", "says", "verdict", "own", "can_change", "fails_when"]


def test_with_nothing_left_open_no_headline_can_change(make_city: MakeCity) -> None:
    first = decide(make_city)
    rows = [f"{row.priority} {row.theme} confirm AB" for row in find_open(first).itertuples()]
    run = decide(make_city, *rows)
    table = find_open_headlines(run)
    assert len(table) > 0
    assert set(table["own"]) == {0}
    assert set(table["can_change"]) <= {"no", "no way found"}
    assert state_review(run)[-1] == "For these headlines review may stop."
    assert np.array_equal(lay_out(run, run.standing_tags), picture_of(run).on)


def test_the_status_says_what_can_still_fall_and_when(make_city: MakeCity) -> None:
    said = state_review(decide(make_city))
    assert any(line.startswith("  open (") and "Falls when: all rejected" in line for line in said)
    assert said[-1] == "Review may stop when no headline that you mean to use is open."
