"""Weight and breadth drawn: where dots stand, what is said where there are none, and what the headline may claim."""

from __future__ import annotations

import math

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle

from mapping.figures import Chart, check_chart, style, words
from mapping.figures.focus import claim_place, list_points, plot_focus, propose_focus
from mapping.figures.focus_plot import _join_numbers
from mapping.focus import PLACES, find_focus
from mapping.stability import judge_claim
from mapping.tables import each_row
from mapping.tags import Run
from tests.stress import LIKE_DERBY, make_run, make_stress_set

#: Every second tag confirmed: Voice, Aspiration and Equality many and spread widely, the second thin, Skills not.
SPREAD = {
    "counts": [[8, 3, 6, 0, 9], [6, 4, 7, 1, 3], [7, 0, 1, 12, 8], [9, 2, 7, 2, 5], [5, 1, 9, 6, 0]],
    "priorities": [18, 13, 10, 16, 14],
    "confirmed": "some",
}
STRESS = {
    **make_stress_set(),
    "seventeen-themes": make_run([[(3 * b + 5 * t) % 7 for t in range(17)] for b in range(5)], confirmed="some"),
    "spread": make_run(**SPREAD),
    "spread-suggested": make_run(**{**SPREAD, "confirmed": "none"}),
    "three-alike": make_run([[6, 6, 6]] * 4, priorities=[8] * 4),
    "two-alike": make_run([[6, 1, 6, 6], [6, 2, 6, 6], [6, 8, 6, 6]], priorities=[12] * 3),
}
NEUTRAL = "How many priorities, and over how many boards"


@pytest.fixture(scope="module")
def spread() -> Chart:
    return plot_focus(STRESS["spread"])


def list_texts(chart: Chart) -> list[str]:
    return [text for text, _, _ in chart.texts()]


def list_dots(chart: Chart) -> list[tuple[str, float, float]]:
    """Return the dots above the key: face, and where they stand in inches."""
    foot = next(y for text, _, y in chart.texts() if text.startswith("Breadth: "))
    return [
        (to_hex(dot.get_facecolor()).upper(), float(dot.center[0]), float(dot.center[1]))
        for dot in chart.figure.findobj(Circle)
        if isinstance(dot, Circle) and dot.center[1] < foot
    ]


# --- the contract ---


@pytest.mark.parametrize("case", STRESS)
def test_stress_set_is_clean(case: str) -> None:
    chart = plot_focus(STRESS[case])
    assert check_chart(chart) == []
    assert chart.name == "focus"
    assert words.say_source(STRESS[case]) in chart.caption
    assert "attention in the documents that were read, not need or impact" in chart.caption
    assert len(chart.data) == len(STRESS[case].themes)
    assert chart.figure.get_size_inches()[0] == pytest.approx(6.30)


def test_two_draws_give_the_same_bytes(spread: Chart) -> None:
    again = plot_focus(make_run(**SPREAD))
    assert again.render("svg") == spread.render("svg")
    assert again.render("png") == spread.render("png")


@pytest.mark.parametrize("case", STRESS)
def test_no_theme_is_dropped(case: str) -> None:
    """Each has a dot with its name or number, or stands in words with its count."""
    chart = plot_focus(STRESS[case])
    said = " ".join(list_texts(chart)).replace("\n", " ")
    for row in each_row(chart.data):
        assert style.drawable(row.short) in said
        assert row.name in chart.long_description
        assert f"{row.weight:,} of {row.priorities:,} priorities" in chart.long_description
    plotted = chart.data["place"].ne("").any()
    assert ("Too few for a breadth, under five priorities: " in said) == (plotted and chart.data["place"].eq("").any())


@pytest.mark.parametrize("case", ["derby-like", "derby-like-some", "spread", "twelve-boards", "count-999"])
def test_names_hide_no_dot(case: str) -> None:
    chart = plot_focus(STRESS[case])
    dots = list_dots(chart)
    for row in each_row(chart.data):
        name = f"{row.number} {row.short}"
        for text, x, baseline in chart.texts():
            if text != name:
                continue
            left, right = x, x + style.measure(name, style.LABEL, True)
            top, foot = baseline - style.CAPITAL * style.LABEL / 72, baseline
            for _, dot_x, dot_y in dots:
                near = min(max(dot_x, left), right), min(max(dot_y, top), foot)
                assert math.dist(near, (dot_x, dot_y)) > 0.05, f"{name} hides a dot"


# --- what is drawn ---


def test_places_are_those_of_the_list_of_candidates() -> None:
    run = STRESS["spread"]
    listed = find_focus(run).set_index("area")["place"].to_dict()
    points = list_points(run).set_index("short")["place"].to_dict()
    shared = set(listed) & set(points)
    assert len(shared) >= 3
    assert {name: listed[name] for name in shared} == {name: points[name] for name in shared}


def test_worked_by_hand() -> None:
    # Two boards of 10: Voice 4 and 4 of 20, breadth 2, many (3 or more), over 1.2; the second 2 and 0.
    chart = plot_focus(make_run([[4, 2], [4, 0]], priorities=[10, 10]))
    row = chart.data.iloc[0]
    assert (row["weight"], row["breadth"], row["place"]) == (8, 2.0, PLACES[0])
    assert math.isnan(chart.data["breadth"].iloc[1])
    assert chart.data["place"].iloc[1] == ""
    assert (
        "Dividing lines, a convention: many is 15% or more of 20 priorities (3.0); spread widely is over 60% of two "
        "boards (1.2)." in chart.caption
    )
    (face, x, _) = list_dots(chart)[0]
    two = max(at for text, at, _ in chart.texts() if text == "2")  # on the axis of breadth, at its right end
    assert (face, x) == (style.WHITE, pytest.approx(two, abs=0.01))
    assert "Too few for a breadth, under five priorities: life 2 (two priorities)." in list_texts(chart)


def test_hollow_dots_for_suggested_and_filled_for_confirmed(spread: Chart) -> None:
    suggested = list_dots(plot_focus(STRESS["spread-suggested"]))
    assert [face for face, _, _ in suggested] == [style.WHITE] * 5
    sure = list_dots(plot_focus(STRESS["all-confirmed"]))
    assert [face for face, _, _ in sure] == [style.MAIN] * 5
    both = [face for face, _, _ in list_dots(spread)]
    # Five hollow ones; four themes have five confirmed ones or more.
    assert (both.count(style.WHITE), both.count(style.MAIN)) == (5, 4)
    assert "No filled dot, under five confirmed: life 2 (three)." in list_texts(spread)


def test_the_key_explains_what_is_drawn_and_only_that() -> None:
    every = "if every suggestion still waiting were confirmed"
    suggested = list_texts(plot_focus(make_run(**LIKE_DERBY)))
    assert f"{every} (none is yet)" in suggested
    assert "confirmed by a person" not in suggested
    some = list_texts(plot_focus(make_run(**LIKE_DERBY, confirmed="some")))
    assert every in some
    assert "confirmed by a person" in some
    sure = list_texts(plot_focus(STRESS["all-confirmed"]))
    assert not any(text.startswith(every) for text in sure)
    assert "an even spread of as many priorities" in sure


def test_what_comes_from_stand_ins_is_counted() -> None:
    chart = plot_focus(make_run(**LIKE_DERBY))
    assert list(chart.data["stand_in"]) == [7, 5, 2, 5, 12]
    said = (
        "From stand-in documents: Voice 7 of 10, life 2 5 of 11, Aspiration 2 of 7, Skills 5 of 18, Equality 12 of 16."
    )
    assert said in " ".join(list_texts(chart))
    assert "Three of five boards appear through stand-in documents only." in chart.subtitle


def test_many_themes_go_by_number() -> None:
    texts = list_texts(plot_focus(STRESS["seventeen-themes"]))
    assert {"1", "9", "16"} <= set(texts)
    assert "1 Voice" not in texts
    first = texts.index("Voice")
    assert texts[first - 1 : first + 3] == ["1", "Voice", "2", "life 2"]


# --- names ---


@pytest.mark.parametrize(
    ("case", "label"),
    [("all-alike", "1–4: Voice, life 2, Aspiration, Skills"), ("three-alike", "1–3: Voice, life 2, Aspiration"),
     ("two-alike", "1, 3, 4: Voice, Aspiration, Skills")],
)  # fmt: skip
def test_themes_at_one_place_have_one_label(case: str, label: str) -> None:
    chart = plot_focus(STRESS[case])
    assert label in " ".join(list_texts(chart))
    assert "1 Voice" not in list_texts(chart)
    assert check_chart(chart.untitled()) == []


def test_numbers_that_follow_one_another_are_a_range() -> None:
    numbers = [str(n) for n in range(1, 10)]
    assert _join_numbers(["1", "2", "3", "5"], numbers) == "1–3, 5"
    assert _join_numbers(["4", "5"], numbers) == "4, 5"
    assert _join_numbers(["7"], numbers) == "7"


def test_no_line_runs_through_a_name() -> None:
    chart = plot_focus(STRESS["even-ticks"])
    assert {"1 Voice", "2 Skills", "3 Jobs", "4 Homes"} <= set(list_texts(chart))
    assert check_chart(chart) == []


@pytest.mark.parametrize("case", STRESS)
def test_in_a_paper_the_plot_gives_way(case: str) -> None:
    chart = plot_focus(STRESS[case], title="caption", context="paper")
    assert check_chart(chart) == []
    assert chart.size[1] <= 4.33


# --- without a breadth ---


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ("one-board", "With one board nothing can be spread over boards, so nothing is plotted. The counts:"),
        ("no-tags", "No theme has five priorities, too few to say how widely any is spread, so nothing is plotted."),
        ("one-priority", "No theme has five priorities, too few to say how widely any is spread"),
    ],
)
def test_without_a_breadth_the_counts_are_listed(case: str, why: str) -> None:
    chart = plot_focus(STRESS[case])
    texts = list_texts(chart)
    assert " ".join(texts).count(why) == 1
    assert (chart.headline, chart.verdict) == (NEUTRAL, "")
    assert "Dividing lines" not in chart.caption
    for row in each_row(chart.data):
        assert f"{row.weight} of {row.priorities}" in texts
    assert chart.data["place"].eq("").all()


# --- the headline ---


def test_headline_names_the_themes_that_keep_their_place(spread: Chart) -> None:
    assert spread.headline == "Voice, Aspiration and Equality carry many confirmed tags, spread widely"
    assert spread.verdict in ("firm", "fair")
    assert f"Headline {spread.verdict}: of " in spread.caption
    suggested = propose_focus(STRESS["spread-suggested"])
    assert suggested.text == "Voice, Aspiration and Equality carry many suggested tags, spread widely"


def test_headline_is_neutral_where_the_claim_is_fragile_or_no_theme_has_the_place() -> None:
    fragile = make_run(**LIKE_DERBY)
    proposal = propose_focus(fragile)
    assert proposal.claim is not None
    assert proposal.text.endswith("spread widely†")
    assert judge_claim(fragile, proposal.claim).word == "fragile"
    assert (plot_focus(fragile).headline, plot_focus(fragile).verdict) == (NEUTRAL, "")
    none = propose_focus(make_run([[5], [0], [0]], priorities=[10] * 3))
    assert (none.text, none.claim) == (NEUTRAL, None)


def test_one_theme_carries_and_stand_ins_are_marked() -> None:
    run = make_run([[9], [9]], priorities=[10, 10], sources=["named", "stand-in"])
    assert propose_focus(run).text == "Voice carries many suggested tags, spread widely†"
    chart = plot_focus(run)
    assert ("(†)" in chart.subtitle) == ("†" in chart.headline)


def test_claim_holds_while_each_theme_keeps_its_place() -> None:
    from mapping.chance import picture_of

    run = STRESS["spread"]
    claim = claim_place(run, ["t1", "t3"])
    assert claim.themes == (0, 2)
    assert "Voice (35 of 71 priorities over 4.9 of 5 boards)" in claim.says
    assert claim.holds(picture_of(run))
    # Skills comes from few boards: it has no such place.
    assert not claim_place(run, ["t1", "t4"]).holds(picture_of(run))
    assert not claim.holds(picture_of(make_run([[9, 0, 0], [0, 0, 0], [0, 0, 9]], priorities=[9] * 3)))


@pytest.mark.parametrize("case", STRESS)
def test_headlines_claim_only_what_was_tried(case: str) -> None:
    chart = plot_focus(STRESS[case])
    assert (chart.headline == NEUTRAL) == (chart.verdict == "")
    assert len(chart.headline.split()) <= 12
    assert not any(word in chart.headline for word in ("need", "impact", "best", "share"))


def test_long_description_has_the_numbers(spread: Chart) -> None:
    assert (
        "Voice: 35 of 71 priorities, in 5 of 5 boards; a person has confirmed 16 of them. They are spread over 4.9 of "
        "5 boards; an even spread of as many would give 4.8. The theme stands among: many priorities, spread widely."
    ) in spread.long_description


def test_derby_has_hollow_dots_only(derby_run: Run) -> None:
    chart = plot_focus(derby_run)
    assert [face for face, _, _ in list_dots(chart)] == [style.WHITE] * 4
    assert "All tags suggested, none confirmed by a person." in chart.subtitle
    assert "Too few for a breadth, under five priorities: Voice (two priorities)." in list_texts(chart)
    assert chart.headline == NEUTRAL
    assert check_chart(chart) == []
