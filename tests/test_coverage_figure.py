"""Coverage drawn: one line per document, how it stands, and what was found in it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from mapping.figures.coverage import count_coverage, plot_coverage
from mapping.tags import Run
from tests.stress import LIKE_DERBY, make_run, make_stress_set

STRESS = make_stress_set()


@pytest.mark.parametrize("case", STRESS)
def test_stress_set_is_clean(case: str) -> None:
    chart = plot_coverage(STRESS[case])
    assert chart.lint() == []
    run = STRESS[case]
    assert chart.data["priorities"].sum() == run.priorities["counted"].sum()
    assert set(chart.data["board"]) == set(run.boards["board"])


def test_every_document_has_its_line() -> None:
    # B01: half from its own strategy, half from a stand-in; B02: only a stand-in; B03: nothing was read.
    run = make_run([[2, 2], [1, 0], [0, 0]], priorities=[4, 3, 0], sources=["mixed", "stand-in", "unread"])
    table = count_coverage(run)
    assert table[["board", "standing", "priorities", "tagged", "untagged"]].to_numpy().tolist() == [
        ["B01", "named", 2, 2, 0],
        ["B01", "stand-in", 2, 2, 0],
        ["B02", "not read", 0, 0, 0],
        ["B02", "stand-in", 3, 1, 2],
        ["B03", "not read", 0, 0, 0],
    ]
    assert plot_coverage(run).headline == "One of three named strategies was read, whole or in part"


def test_headlines_count_named_strategies() -> None:
    assert plot_coverage(make_run([[1], [1]])).headline == "Both named strategies were read, whole or in part"
    none = make_run([[1], [1]], sources=["stand-in", "unread"], priorities=[4, 0])
    assert plot_coverage(none).headline == "None of two named strategies was read, whole or in part"


def make_silent(boards: int, silent: int, unread: int = 0) -> Run:
    """Return a run of boards whose named strategies were read, and the last of them gave no priority."""
    priorities = [4] * (boards - silent - unread) + [0] * (silent + unread)
    return make_run(
        [[int(number > 0)] for number in priorities],
        priorities=priorities,
        sources=["named"] * (boards - unread) + ["unread"] * unread,
    )


@pytest.mark.parametrize(
    ("boards", "silent", "unread", "headline"),
    [
        (4, 1, 0, "All four named strategies were read; one gave no priority"),
        (2, 1, 0, "Both named strategies were read; one gave no priority"),
        (5, 2, 0, "All five named strategies were read; two gave no priority"),
        (6, 1, 3, "Three of six named strategies were read; one gave no priority"),
        (2, 2, 0, "Both named strategies were read; neither gave a priority"),
        (3, 3, 0, "All three named strategies were read; none gave a priority"),
        (1, 1, 0, "The one named strategy was read; it gave no priority"),
        (3, 1, 2, "One of three named strategies was read; it gave no priority"),
        (3, 0, 1, "Two of three named strategies were read, whole or in part"),
    ],
)
def test_a_strategy_without_a_priority_is_not_passed_over(
    boards: int, silent: int, unread: int, headline: str
) -> None:  # fmt: skip
    chart = plot_coverage(make_silent(boards, silent, unread))
    assert chart.headline == headline
    assert len(headline.split()) <= 12
    assert chart.lint() == []
    assert ("Read without giving a priority: " in chart.alt) == (silent > 0)
    assert ("That one without priorities was read is what the table of strategies says." in chart.caption) == (
        silent > 0
    )


def test_a_board_without_a_strategy_of_its_own_is_missing_one() -> None:
    run = make_run([[1], [1]], sources=["named", "stand-in"])
    strategies = run.partnership.strategies
    bare = replace(run, partnership=replace(run.partnership, strategies=strategies[strategies["strategy"] != "B02-N"]))
    table = count_coverage(bare)
    assert list(table["standing"]) == ["named", "missing", "stand-in"]
    chart = plot_coverage(bare)
    assert chart.lint() == []
    assert "no strategy named" in [text for text, _, _ in chart.texts()]
    assert "No strategy named: Others 2." in chart.alt


def test_pages_are_counted_where_they_are_known() -> None:
    run = make_run([[2]], priorities=[4])
    paged = replace(run, priorities=run.priorities.assign(page=["7", "7", "12", ""]))
    (pages, known) = count_coverage(paged)[["pages", "paged"]].iloc[0]
    assert (pages, known) == (2, 3)
    texts = [text for text, _, _ in plot_coverage(paged).texts()]
    assert {"Pages", "2+"} <= set(texts)
    assert count_coverage(run)["pages"].isna().all()
    assert "Pages" not in [text for text, _, _ in plot_coverage(run).texts()]


def test_what_could_not_be_scored_is_told_from_what_has_no_theme() -> None:
    table = count_coverage(STRESS["not-scored"])
    assert list(table["not_scored"]) == [0, 4, 0, 0]
    chart = plot_coverage(STRESS["not-scored"])
    assert "not scored: too short, or not in English" in [text for text, _, _ in chart.texts()]
    assert "0 of 4 priorities with a theme (0 with one that a person confirmed), 4 without, 4 not scored" in (
        chart.long_description
    )


def test_derby_says_what_was_not_to_be_had(derby_run: Run) -> None:
    chart = plot_coverage(derby_run)
    assert chart.lint() == []
    assert chart.headline == "Two of six named strategies were read, whole or in part"
    assert chart.data["priorities"].sum() == 88
    own = chart.data[chart.data["standing"] == "named"]
    assert own["priorities"].sum() == 29
    assert isinstance(chart.data, pd.DataFrame)


def test_confirmed_priorities_are_counted() -> None:
    table = count_coverage(make_run(**{**LIKE_DERBY, "confirmed": "all"}))
    assert (table["confirmed"] == table["tagged"]).all()
