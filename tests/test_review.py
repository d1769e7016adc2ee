"""What a person should look at first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
from conftest import CITY, edit

from mapping.calibration import Calibration
from mapping.partnership import Partnership
from mapping.review import find_review_order
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]
COLUMNS = ["priority", "theme", "why_now", "confidence", "score", "probability", "text"]
DOUBTFUL = {"possible", "check"}


def pairs(table: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(table["priority"], table["theme"], strict=True))


def test_nine_doubtful_ones_then_one_drawn(derby_run: Run) -> None:
    order = find_review_order(derby_run)
    assert list(order.columns) == COLUMNS
    counted = set(derby_run.priorities.loc[derby_run.priorities["counted"], "priority"])
    tags = derby_run.tags[derby_run.tags["priority"].isin(counted)]
    doubtful = order[order["why_now"] == "doubtful"]
    assert sorted(pairs(doubtful)) == sorted(pairs(tags[tags["confidence"].isin(DOUBTFUL)]))
    whole = len(order) // 10 * 10
    assert list(order["why_now"][:whole]) == (["doubtful"] * 9 + ["drawn"]) * (whole // 10)
    assert (order["why_now"] == "drawn").sum() == -(-len(doubtful) // 9)
    assert set(order.loc[order["why_now"] == "drawn", "confidence"]) <= {"likely", "none"}
    assert len(set(pairs(order))) == len(order)


def test_the_most_doubtful_stand_first(derby_run: Run) -> None:
    doubtful = find_review_order(derby_run).query("why_now == 'doubtful'")
    distance = (doubtful["score"] - derby_run.settings.threshold).abs().round(9)
    assert distance.is_monotonic_increasing


def test_with_a_calibration_doubt_is_nearness_to_a_half(derby: Partnership, derby_run: Run) -> None:
    fitted = replace(derby_run.framework, calibration=Calibration("made up", 99, -3.0, (4.0, 2.0, 1.0, 1.0)))
    doubtful = find_review_order(tag(derby, fitted)).query("why_now == 'doubtful'")
    assert doubtful["probability"].notna().all()
    assert (doubtful["probability"] - 0.5).abs().round(9).is_monotonic_increasing
    assert pairs(doubtful) != pairs(find_review_order(derby_run).query("why_now == 'doubtful'"))


def test_what_a_person_has_decided_is_left_out(make_city: MakeCity) -> None:
    before = find_review_order(tag(make_city()))
    first = before.iloc[0]
    rows = "".join(
        f"millbrook-themes,{first['priority']},{first['theme']},{said},{first['text']},{who},2019,\n"
        for said, who in (("confirm", "AB"), ("confirm", "CD"))
    )
    after = find_review_order(tag(make_city({"decisions.csv": CITY["decisions.csv"] + rows})))
    key = (first["priority"], first["theme"])
    assert key not in pairs(after)
    doubtful = [pairs(table.query("why_now == 'doubtful'")) for table in (before, after)]
    assert doubtful[1] == [pair for pair in doubtful[0] if pair != key]


def test_headings_and_what_could_not_be_scored_are_left_out(make_city: MakeCity) -> None:
    run = tag(make_city(edit("priorities.csv", ("Review the office rota", "Prosperity"))))
    order = find_review_order(run)
    assert not set(order["priority"]) & {"PRK-01", "HOM-03"}


def test_the_order_of_the_rows_changes_nothing(make_city: MakeCity) -> None:
    header, *rows = CITY["priorities.csv"].splitlines()
    turned = "\n".join([header, *rows[::-1]]) + "\n"
    a, b = find_review_order(tag(make_city())), find_review_order(tag(make_city({"priorities.csv": turned})))
    assert len(a) > 0
    pd.testing.assert_frame_equal(a, b)


def test_what_is_drawn_hangs_on_the_ids_alone(derby: Partnership, derby_run: Run) -> None:
    """A person who looks again after a change of threshold is not sent to other rows by the draw."""
    wide = find_review_order(tag(derby, threshold=0.45)).query("why_now == 'drawn'")
    here = find_review_order(derby_run).query("why_now == 'drawn'")
    assert len(set(pairs(wide)) & set(pairs(here))) > 0.8 * min(len(wide), len(here))


def test_nothing_in_doubt_asks_for_nothing(make_city: MakeCity) -> None:
    texts = "priority,strategy,text,wording,level,parent,source_title,source_address\n"
    texts += "PRK-04,PRK-S,Resurface the car park,verbatim,priority,,Parks Plan,\n"
    order = find_review_order(tag(make_city({"priorities.csv": texts})))
    assert list(order.columns) == COLUMNS
    assert len(order) == 0


def test_what_reviewers_disagree_about_or_are_unsure_of_is_asked_again(make_city: MakeCity) -> None:
    order = find_review_order(tag(make_city()))
    (one, two), text = pairs(order)[:2], dict(zip(order["priority"], order["text"], strict=True))
    said = [(one, "confirm", "AB"), (one, "reject", "CD"), (two, "unsure", "AB")]
    rows = "".join(
        f"millbrook-themes,{name},{theme},{answer},{text[name]},{who},2019,\n" for (name, theme), answer, who in said
    )
    after = find_review_order(tag(make_city({"decisions.csv": CITY["decisions.csv"] + rows})))
    assert pairs(after)[:2] == [one, two]
    assert list(after["why_now"][:2]) == ["disputed", "unsure"]
