"""What changed between two runs, drawn: what it may say, what it refuses, and that nothing collides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from conftest import CITY, edit
from matplotlib.colors import to_rgb
from matplotlib.patches import Circle, Polygon

from mapping.comparison import compare_cells
from mapping.errors import MappingError
from mapping.figures import Chart, check_chart, plot_change, style
from mapping.figures.change_plot import SECOND, choose_steps
from mapping.partnership import Partnership
from mapping.tables import each_row
from mapping.tags import Run, tag
from tests.stress import LIKE_DERBY, LONG_NAME, make_run

MakeCity = Callable[..., Partnership]
TEXTS = "priorities.csv"
COUNTS = LIKE_DERBY["counts"]


def derby_like(**changes: Any) -> Run:
    return make_run(**{**LIKE_DERBY, **changes})


def grid(step: int, boards: int, themes: int) -> list[list[int]]:
    return [[(3 * b + 5 * t + b * t + step * (b + 2 * t)) % 7 for t in range(themes)] for b in range(boards)]


def turn(counts: list[list[int]], *moves: tuple[int, int, int]) -> list[list[int]]:
    """Return counts with some of them moved: board, theme, by how much."""
    turned = [list(row) for row in counts]
    for board, theme, by in moves:
        turned[board][theme] += by
    return turned


def long_names(step: int) -> Run:
    names = {
        "boards": [f"{LONG_NAME[:58]} {n}" for n in range(5)],
        "themes": [f"{LONG_NAME[:58]} {n}" for n in range(5)],
    }
    run = make_run(grid(step, 5, 5), sources=["stand-in"] * 5, **names)
    for table in (run.partnership.boards, run.framework.themes):
        table["short"] = [f"WWWWWWWWWW{n}" for n in range(len(table))]
    return run


UNREAD = {"priorities": [5, 0, 6], "sources": ["named", "unread", "stand-in"]}
PAIRS: dict[str, Callable[[], tuple[Run, Run]]] = {
    "some": lambda: (derby_like(), derby_like(counts=turn(COUNTS, (0, 1, 3), (1, 1, 3), (3, 4, 4), (2, 4, -2)))),
    "nothing": lambda: (derby_like(), derby_like()),
    "one": lambda: (derby_like(), derby_like(counts=turn(COUNTS, (3, 3, 1)))),
    "sixty": lambda: (make_run(grid(0, 12, 8)), make_run(grid(1, 12, 8))),
    "decreases only": lambda: (derby_like(), derby_like(counts=turn(COUNTS, (0, 1, -3), (3, 3, -4), (4, 0, -1)))),
    "long names": lambda: (long_names(0), long_names(1)),
    "not read": lambda: (
        make_run([[1, 2, 3], [0, 0, 0], [3, 0, 1]], **UNREAD),
        make_run([[1, 0, 3], [2, 3, 0], [3, 1, 1]], priorities=[5, 4, 6]),
    ),
    "thousands": lambda: (
        make_run([[999, 3, 0], [1, 420, 7], [12, 999, 999]], priorities=[1200, 999, 1200]),
        make_run([[999, 4, 0], [0, 820, 7], [12, 998, 1000]], priorities=[1200, 999, 1200], confirmed="some"),
    ),
    "confirmed since": lambda: (derby_like(), derby_like(confirmed="some")),
    "one cell": lambda: (make_run([[1]]), make_run([[3]])),
}  # fmt: skip


@pytest.fixture(scope="module")
def charts() -> dict[str, Chart]:
    return {name: plot_change(*make()) for name, make in PAIRS.items()}


# --- nothing collides, and it survives greyscale -----------------------------------------------------------


@pytest.mark.parametrize("name", PAIRS)
def test_stress_set_is_clean(charts: dict[str, Chart], name: str) -> None:
    chart = charts[name]
    assert check_chart(chart) == []
    assert chart.figure.get_size_inches()[0] == pytest.approx(6.30)
    assert 60 <= len(chart.alt) <= 300


def test_two_draws_give_the_same_bytes(charts: dict[str, Chart]) -> None:
    again = plot_change(*PAIRS["some"]())
    for kind in ("png", "svg"):
        assert again.render(kind) == charts["some"].render(kind)


def lightness(colour: str) -> float:
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in to_rgb(colour))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return float(116 * np.cbrt(luminance) - 16 if luminance > 0.008856 else 903.3 * luminance)


def test_rises_and_falls_differ_without_colour(charts: dict[str, Chart]) -> None:
    assert abs(lightness(style.MAIN) - lightness(SECOND)) > 20
    texts = [text for text, _, _ in charts["some"].texts()]
    assert {"+4", "+3", "\u22122"} <= set(texts)
    # The tip says the direction too: it lies to the right of its base for a rise, to the left for a fall.
    tips = [patch.get_xy() for patch in charts["some"].figure.axes[0].patches if isinstance(patch, Polygon)]
    drawn = [np.sign(tip[0][0] - tip[1][0]) for tip in tips]
    assert sorted(drawn) == [-1.0, -1.0, 1.0, 1.0, 1.0, 1.0]  # four rows, and two in the key


def test_no_cause_is_said_by_colour(charts: dict[str, Chart]) -> None:
    texts = [text for text, _, _ in charts["some"].texts()]
    assert texts.count("text") == 4 + 1  # each row, and its meaning below


# --- what is drawn -----------------------------------------------------------------------------------------


def test_dots_and_tips_stand_at_the_numbers(charts: dict[str, Chart]) -> None:
    chart = charts["some"]
    rows = [row for row in each_row(chart.data.sort_values("place")) if row.change]
    patches = chart.figure.axes[0].patches
    dots = [patch.center[0] for patch in patches if isinstance(patch, Circle)][1:]
    tips = [patch.get_xy()[0][0] for patch in patches if isinstance(patch, Polygon)][2:]
    ticks = {int(text): x for text, x, _ in chart.texts() if text.isdecimal()}
    inch = (ticks[max(ticks)] - ticks[0]) / max(ticks)
    for row, dot, tip in zip(rows, dots, tips, strict=True):
        assert dot == pytest.approx(ticks[0] + inch * row.before, abs=0.01)
        assert tip == pytest.approx(ticks[0] + inch * row.after, abs=0.01)


def test_the_table_has_every_pair_and_adds_up(charts: dict[str, Chart]) -> None:
    for name, chart in charts.items():
        table = chart.data
        assert (table["after"] - table["before"] == table["change"]).all(), name
        drawn = table[table["place"].notna()].sort_values("place")
        assert len(drawn) == min(16, int((table["change"] != 0).sum())), name
        assert list(drawn["change"]) == sorted(drawn["change"], reverse=True), name
    earlier, later = PAIRS["some"]()
    assert len(charts["some"].data) == len(compare_cells(earlier, later, unchanged=True)) == 25


def test_at_most_sixteen_rows_are_drawn_and_the_rest_is_said(charts: dict[str, Chart]) -> None:
    chart = charts["sixty"]
    moved = int((chart.data["change"] != 0).sum())
    assert moved >= 60
    assert f"The 16 largest of {moved} changes are drawn; {moved - 16} are not shown" in chart.caption
    drawn = chart.data[chart.data["place"].notna()]
    left = chart.data[chart.data["place"].isna()]
    assert drawn["change"].abs().min() >= left["change"].abs().max()
    assert "not shown" not in charts["some"].caption


def test_what_did_not_change_is_said(charts: dict[str, Chart]) -> None:
    assert "21 of 25 pairs did not change." in charts["some"].caption
    assert "24 of 25 pairs did not change." in charts["one"].caption


# --- what it says ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        ("nothing", "Nothing changed"),
        ("one", "One of 25 pairs of board and theme changed"),
        ("some", "Four of 25 pairs of board and theme changed"),
        ("decreases only", "Three of 25 pairs of board and theme fell, none rose"),
        ("confirmed since", "No number changed"),
        ("not read", "Four of nine pairs of board and theme changed"),
    ],
)
def test_the_headline_says_what_the_table_carries(charts: dict[str, Chart], name: str, headline: str) -> None:
    assert charts[name].headline == headline
    assert charts[name].verdict == ""


def test_nothing_changed_is_said_in_a_sentence(charts: dict[str, Chart]) -> None:
    texts = [text for text, _, _ in charts["nothing"].texts()]
    assert "All 25 pairs of board and theme hold the same number of priorities in both." in texts
    assert not charts["nothing"].data["place"].notna().any()


def test_the_alternative_text_has_numbers_and_causes(charts: dict[str, Chart]) -> None:
    assert "4 of 25 pairs of board and theme changed, 3 up and 1 down." in charts["some"].alt
    assert "Causes: text 4." in charts["some"].alt
    assert charts["some"].long_description.count("cause: text") == 4


def test_the_same_number_of_other_priorities_is_no_silence(charts: dict[str, Chart]) -> None:
    assert "of the unchanged numbers count other priorities than before, or more or fewer" in (
        charts["confirmed since"].caption
    )


def test_a_nought_that_was_not_read_is_marked(charts: dict[str, Chart]) -> None:
    texts = [text for text, _, _ in charts["not read"].texts()]
    assert "? to 3" in texts
    assert "(+3)" in texts
    assert "dashed dot" in texts
    assert "not read before" in charts["not read"].long_description
    assert "dashed dot" not in [text for text, _, _ in charts["one"].texts()]


def test_a_list_that_grew_is_said(charts: dict[str, Chart]) -> None:
    assert "The boards' lists of priorities changed in length: Others 2 (0 to 4)." in charts["not read"].caption


def test_editions_are_named_where_they_tell_the_runs_apart(make_city: MakeCity, run: Run) -> None:
    files = {
        **edit(TEXTS, ("Review the office rota", "Review the office rota and floods")),
        **edit("partnership.yaml", ("edition: made up", "edition: next spring")),
    }
    texts = [text for text, _, _ in plot_change(run, tag(make_city(files))).texts()]
    assert "earlier run: made up" in texts
    assert "later run: next spring" in texts


# --- causes and refusals -----------------------------------------------------------------------------------


def test_each_row_has_its_cause(make_city: MakeCity, run: Run) -> None:
    row = "millbrook-themes,HOM-01,homes,reject,Insulate cold homes,AB,2019,\n"
    files = {
        **edit(TEXTS, ("Review the office rota", "Review the office rota and floods")),
        **edit("framework/keywords.csv", ("voice,involvement", "voice,resurface,decides,tried\nvoice,involvement")),
        "decisions.csv": CITY["decisions.csv"] + row,
    }
    chart = plot_change(run, tag(make_city(files)))
    drawn = chart.data[chart.data["place"].notna()]
    assert {(row.board, row.theme): row.cause for row in each_row(drawn)} == {
        ("HOM", "river"): "text", ("PRK", "voice"): "framework", ("HOM", "homes"): "decision",
    }  # fmt: skip
    assert {"text", "framework", "decision"} <= {text for text, _, _ in chart.texts()}
    assert check_chart(chart) == []


def test_a_mixed_cell_says_of_what(make_city: MakeCity, run: Run) -> None:
    row = "millbrook-themes,HOM-01,homes,reject,Insulate cold homes,AB,2019,\n"
    texts = edit(
        TEXTS, ("Review the office rota", "Review the office rota and insulation"),
        ("Involve tenants in decisions about repairs", "Involve tenants in decisions about repairs and insulation"),
    )  # fmt: skip
    chart = plot_change(run, tag(make_city({**texts, "decisions.csv": CITY["decisions.csv"] + row})))
    assert "Homes on Homes: 1 to 2, +1; cause: mixed (text +2, decision \u22121)." in chart.long_description


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"threshold": 0.4}, "threshold: 0.5, then 0.4"),
        ({"method": "keywords"}, "method: both, then keywords"),
        ({"neighbours": True}, "neighbours: false, then true"),
        ({"in_force_on": "2019"}, "in force on: none, then 2019"),
    ],
)
def test_other_settings_are_refused(city: Partnership, run: Run, choices: dict[str, Any], said: str) -> None:
    with pytest.raises(MappingError) as caught:
        plot_change(run, tag(city, **choices))
    assert said in str(caught.value)
    assert "retag=True" in str(caught.value)


def test_tagged_again_it_is_drawn_and_says_so(make_city: MakeCity, run: Run) -> None:
    later = tag(make_city(edit(TEXTS, ("Review the office rota", "Review the floods rota"))), threshold=0.4)
    chart = plot_change(run, later, retag=True)
    assert set(chart.data["cause"]) <= {"text", ""}
    assert "Earlier texts tagged again with the later rules." in chart.subtitle
    assert "(tagged again)" in chart.caption
    assert check_chart(chart) == []


def test_where_the_rules_are_the_same_nothing_is_said_of_tagging_again(make_city: MakeCity, run: Run) -> None:
    later = tag(make_city(edit(TEXTS, ("Review the office rota", "Review the floods rota"))))
    chart = plot_change(run, later, retag=True)
    assert "tagged again" not in chart.subtitle + chart.caption
    assert chart.render("svg") == plot_change(run, later).render("svg")


def test_how_often_chance_is_drawn_is_no_rule(city: Partnership, run: Run) -> None:
    assert plot_change(run, tag(city, draws=500)).headline == "Nothing changed"


def test_where_only_the_rules_changed_it_says_that_the_rest_changed_nothing(city: Partnership, run: Run) -> None:
    chart = plot_change(run, tag(city, threshold=0.4), retag=True)
    assert chart.headline == "New texts and decisions changed nothing"
    assert chart.alt.startswith("New texts and decisions changed nothing")


def test_what_may_not_be_subtracted_is_not_drawn(run: Run, derby_run: Run) -> None:
    with pytest.raises(MappingError, match="different partnerships"):
        plot_change(run, derby_run)


@pytest.mark.parametrize("most", [1, 2, 3, 7, 8, 12, 15, 36, 70, 71, 350, 999, 1000, 12345])
def test_the_axis_has_few_round_steps_and_reaches_the_largest(most: int) -> None:
    step, end = choose_steps(most)
    assert end >= most
    assert end % step == 0
    assert end // step <= 7
    assert end - most < step
