"""The same texts scored many other ways: what each change does, and that the run's own way is among them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from mapping.chance import picture_of
from mapping.partnership import Partnership
from mapping.rescoring import FAMILIES, find_sensitivity, rescore_run
from mapping.tags import Run, tag
from tests.stress import make_stress_set

DECISIONS = "framework,priority,theme,decision,words,reviewer,time,note\n"


def of(run: Run, family: str) -> dict[str, np.ndarray]:
    return {item.change: item.picture.on for item in rescore_run(run) if item.family == family}


def test_the_runs_own_way_is_among_the_methods_and_the_thresholds(derby_run: Run) -> None:
    own = picture_of(derby_run)
    rescorings = rescore_run(derby_run)
    assert rescorings[0].picture is own
    assert any(item.picture is own and item.change == "a threshold of 0.5" for item in rescorings)


@pytest.mark.parametrize("method", ["both", "keywords", "tf-idf"])
@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.62])
def test_every_way_says_what_a_run_with_those_settings_says(
    derby: Partnership, derby_run: Run, method: str, threshold: float
) -> None:
    """The one-step rule in arrays and the scorer's own rule never part."""
    run = tag(derby, method=method, threshold=threshold)
    assert (rescore_run(run)[["both", "keywords", "tf-idf"].index(method)].picture.on == picture_of(run).on).all()
    if method == "both" and threshold == 0.5:
        assert (of(derby_run, "threshold")["a threshold of 0.5"] == picture_of(run).on).all()


def test_threshold_family_reaches_a_fifth_either_way(derby: Partnership, derby_run: Run) -> None:
    thresholds = of(derby_run, "threshold")
    assert len(thresholds) == 41
    for bar in (0.4, 0.6):
        assert (thresholds[f"a threshold of {bar:g}"] == picture_of(tag(derby, threshold=bar)).on).all()


def test_a_keyword_left_out_takes_its_tags_along(run: Run) -> None:
    """PRK-03 has voice by "ask residents" alone; HOM-02 by one with another under it; HOM-01 has homes by two."""
    left = of(run, "keyword")
    voice = run.framework.theme_ids.index("voice")
    homes = run.framework.theme_ids.index("homes")
    rows = list(run.priorities.loc[run.priorities["counted"], "priority"])
    assert not left["leaving out the keyword ask residents (voice)"][rows.index("PRK-03"), voice]
    assert left["leaving out the keyword involve * tenants (voice)"][rows.index("HOM-02"), voice]
    assert left["leaving out the keyword insulat* (homes)"][rows.index("HOM-01"), homes]
    assert left["leaving out the keyword cold homes (homes)"][rows.index("HOM-01"), homes]
    # Nothing else moves.
    assert sum((picture_of(run).on != on).sum() for on in left.values()) == sum(
        (picture_of(run).on & ~on).sum() for on in left.values()
    )


def test_a_strategy_is_left_out_only_of_a_board_that_has_several(run: Run, derby_run: Run) -> None:
    assert of(run, "strategy") == {}
    left = of(derby_run, "strategy")
    assert len(left) == derby_run.priorities["strategy"].nunique()
    assert {len(on) for on in left.values()} == {88 - n for n in derby_run.priorities["strategy"].value_counts()}


def test_resampling_keeps_the_size_of_every_strategy(derby: Partnership) -> None:
    run = tag(derby, resamples=30)
    base = picture_of(run)
    drawn = [item.picture for item in rescore_run(run) if item.family == "resampling"]
    assert len(drawn) == 30
    for picture in drawn:
        assert (picture.sizes == base.sizes).all()
    again = [item.picture for item in rescore_run(tag(derby, resamples=30)) if item.family == "resampling"]
    assert all((a.on == b.on).all() for a, b in zip(drawn, again, strict=True))


def test_decisions_stay_as_they_are_in_every_way(make_city) -> None:
    said = (
        DECISIONS
        + "millbrook-themes,HOM-02,voice,reject,Involve tenants in decisions about repairs,AB,2019-01-14,\n"
        + "millbrook-themes,HOM-03,work,add,Review the office rota,AB,2019-01-14,\n"
        + "millbrook-themes,PRK-03,voice,confirm,Ask residents which parks matter to them,AB,2019-01-14,\n"
    )
    run = tag(make_city({"decisions.csv": said}))
    rows = list(run.priorities.loc[run.priorities["counted"], "priority"])
    voice, work = (run.framework.theme_ids.index(theme) for theme in ("voice", "work"))
    for item in rescore_run(run):
        if item.family in ("method", "threshold", "keyword"):
            assert not item.picture.on[rows.index("HOM-02"), voice]
            assert item.picture.on[rows.index("HOM-03"), work]
            assert item.picture.on[rows.index("PRK-03"), voice]
    (alone,) = (item for item in rescore_run(run) if item.family == "confirmed")
    assert alone.picture.on.sum() == 2


def test_families_that_do_not_apply_are_not_there(make_city) -> None:
    run = tag(make_city(), method="tf-idf")
    kinds = Counter(item.family for item in rescore_run(run))
    assert set(kinds) == {"method", "threshold", "resampling"} < set(FAMILIES)


def test_made_up_runs_can_be_scored_again() -> None:
    for name, made in make_stress_set().items():
        if name != "count-999":
            assert rescore_run(made)[0].picture is picture_of(made), name


def test_sensitivity_counts_what_the_machine_alone_would_suggest(derby: Partnership, derby_run: Run) -> None:
    table = find_sensitivity(derby_run)
    assert len(table) == 5 * 50
    used = table[table["used"]].set_index("theme")
    assert used["tagged"].to_dict() == dict(
        zip(derby_run.framework.theme_ids, picture_of(derby_run).on.sum(0), strict=True)
    )
    lower = table[table["threshold"] == 0.4].set_index("theme")["tagged"]
    assert lower.to_dict() == dict(
        zip(derby_run.framework.theme_ids, picture_of(tag(derby, threshold=0.4)).on.sum(axis=0), strict=True)
    )
    for _, own in table.groupby("theme"):
        assert own["tagged"].is_monotonic_decreasing
    assert table.loc[table["tested"], "threshold"].agg(["min", "max"]).tolist() == [0.4, 0.6]
