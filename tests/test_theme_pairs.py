"""Pairs of themes drawn: worked by hand, what the headline may claim, and that the figure shows what the table has."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from mapping.cells import count_themes
from mapping.chance import find_theme_pairs
from mapping.figures import Chart, check_chart, style, words
from mapping.figures.theme_pairs import _LOOKS, _say_calls, plot_theme_pairs, propose_theme_pairs
from mapping.stability import judge_claim
from mapping.tables import each_row
from mapping.tags import Run
from tests.stress import make_run, make_stress_set

#: Voice and the second theme stand in the same priorities of every board; a person has confirmed all of it.
TOGETHER = {"counts": [[8, 8, 0, 0, 8, 0]] * 5, "priorities": [16] * 5, "confirmed": "all"}
#: The second theme goes with Voice more than by chance, but not in every re-scoring.
FRAGILE = {"counts": [[12, 12, 1, 6], [11, 10, 2, 7], [0, 1, 9, 9]], "priorities": [30] * 3}
STRESS = {
    **make_stress_set(),
    "two-themes": make_run([[9, 4], [3, 3], [0, 5]], priorities=[12] * 3),
    "six-themes": make_run([[(3 * b + 5 * t) % 7 for t in range(6)] for b in range(5)], priorities=[12] * 5),
    "seventeen-themes": make_run([[(3 * b + 5 * t) % 7 for t in range(17)] for b in range(5)], confirmed="some"),
    "many-themes": make_run([[(3 * b + 5 * t) % 7 for t in range(24)] for b in range(3)], priorities=[12] * 3),
    "together": make_run(**TOGETHER),
    "fragile": make_run(**FRAGILE),
}
#: Fewer resamples make verdicts coarser, and the tests of many runs faster.
STRESS |= {
    case: replace(run, settings=replace(run.settings, resamples=40))
    for case, run in STRESS.items()
    if run.settings.resamples != 40
}
DRAWN = [case for case in STRESS if case not in ("many-themes", "one-theme")]
NEUTRAL = "How often two themes meet in one priority"


@pytest.fixture(scope="module")
def charts() -> dict[str, Chart]:
    return {case: plot_theme_pairs(run) for case, run in STRESS.items()}


def list_texts(chart: Chart) -> list[str]:
    return [text for text, _, _ in chart.texts()]


def list_numbers(chart: Chart) -> Counter[str]:
    """Return what is set in bold below the headline."""
    bold = style.get_font(True).get_file()
    found = [t for t in chart.figure.findobj(Text) if isinstance(t, Text) and t.get_fontproperties().get_file() == bold]
    return Counter(t.get_text() for t in found if t.get_text() and t.get_text() not in chart.headline)


# --- the contract ---


@pytest.mark.parametrize("case", STRESS)
def test_stress_set_is_clean(case: str, charts: dict[str, Chart]) -> None:
    chart = charts[case]
    assert check_chart(chart) == []
    assert chart.name == "theme-pairs"
    assert words.say_source(STRESS[case]) in chart.caption
    assert chart.figure.get_size_inches()[0] == pytest.approx(6.30)
    assert chart.figure.get_size_inches()[1] < 9.7


def test_two_draws_give_the_same_bytes(charts: dict[str, Chart]) -> None:
    again = plot_theme_pairs(replace(STRESS["together"]))  # a run of its own: nothing made before is known to it
    assert again.render("svg") == charts["together"].render("svg")
    assert again.render("png") == charts["together"].render("png")


def test_caption_says_what_chance_is(charts: dict[str, Chart]) -> None:
    for part in (
        "2,000 draws in which each priority keeps its number of themes and each theme its number of priorities",
        "the sum over all pairs is fixed: more of one pair is fewer of others",
        "in at most one city in twenty",
    ):
        assert part in charts["together"].caption


# --- the numbers ---


def test_worked_by_hand() -> None:
    # Four priorities carry 1 + 3, 1, 2, 2. With these sums there are 12 such tables, for it is 1 + 2 that meet in 6 of
    # them, 1 + 3 in 3, 2 + 3 in 3: expected 1/2, 1/4, 1/4; nothing that could be found is rare.
    chart = plot_theme_pairs(make_run([[2, 2, 1]], priorities=[4]))
    assert list(chart.data["both"]) == [0, 1, 0]
    assert list(chart.data["expected"]) == pytest.approx([1 / 2, 1 / 4, 1 / 4], abs=0.05)
    assert list_numbers(chart) == Counter({"2": 2, "1": 2, "0": 2})
    assert list_texts(chart).count("expected 0.5") == 1
    assert list_texts(chart).count("in all") == 3
    assert "All 3 pairs too few to tell." in chart.subtitle
    assert (chart.headline, chart.verdict) == (NEUTRAL, "")
    assert "Voice and Aspiration: 1 priority carries both; chance would give 0.3" in chart.long_description


@pytest.mark.parametrize("case", DRAWN)
def test_the_figure_shows_every_number_of_the_table(case: str, charts: dict[str, Chart]) -> None:
    chart = charts[case]
    gaps = "" if any(text.startswith("expected ") for text in list_texts(chart)) else " "
    marks = {"more": "▲ ", "fewer": "▼ "}
    expected = [f"{marks.get(row.chance, '')}{row.both:,}" for row in each_row(chart.data)]
    expected = [text.replace(gaps, "") if gaps else text for text in expected]
    totals = [f"{total:,}" for total in count_themes(STRESS[case])["tagged"]]
    assert list_numbers(chart) == Counter([*expected, *totals])


@pytest.mark.parametrize("case", [case for case in STRESS if case != "one-theme"])
def test_the_sum_over_pairs_is_what_chance_gives(case: str, charts: dict[str, Chart]) -> None:
    data = charts[case].data
    assert data["both"].sum() == pytest.approx(data["expected"].sum(), abs=1e-6)


def test_numbers_stand_in_the_lower_triangle(charts: dict[str, Chart]) -> None:
    # Row by row from the left: the pairs of a theme with those before it, then its total.
    chart, run = charts["together"], STRESS["together"]
    bold = list_numbers(chart)
    placed = [(round(y, 1), x, text) for text, x, y in chart.texts() if text in bold and text not in chart.headline]
    found = [text for _, _, text in sorted(placed)]
    pairs = {(row.theme_a, row.theme_b): row for row in each_row(chart.data)}
    themes, expected = list(each_row(count_themes(run))), []
    for n, theme in enumerate(themes):
        for other in themes[:n]:
            row = pairs[other.theme, theme.theme]
            expected.append(f"{ {'more': '▲ ', 'fewer': '▼ '}.get(row.chance, '') }{row.both}".strip())
        expected.append(str(theme.tagged))
    assert found == expected


def test_what_a_cell_shows_does_not_rest_on_colour_alone(charts: dict[str, Chart]) -> None:
    texts = list_texts(charts["together"])
    assert {"▲", "▼", "more than chance gives", "fewer than chance gives"} <= set(texts)
    looks = [(look.mark, look.dashed, look.face == style.WHITE) for look in _LOOKS.values()]
    assert len(set(looks)) == len(looks)


def test_the_key_explains_what_is_drawn_and_only_that(charts: dict[str, Chart]) -> None:
    texts = list_texts(charts["three-themes"])  # all as expected
    assert "as expected by chance" in texts
    assert not any(word in text for text in texts for word in ("▲", "▼", "any number could be chance"))
    assert "too few to tell: any number could be chance" in list_texts(charts["one-board"])
    assert "as expected by chance" not in list_texts(charts["one-board"])
    # Where cells have no room for words, the key says what the small number and the diagonal are.
    assert "Found; small number: expected by chance" in list_texts(charts["seventeen-themes"])
    assert "in all: priorities with the theme" in list_texts(charts["seventeen-themes"])


def test_faces_can_be_told_apart_in_greyscale_and_text_read_on_them() -> None:
    def luminance(colour: str) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for look in _LOOKS.values():
        light, dark = sorted((luminance(look.face), luminance(look.ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5
    lightness = sorted(116 * luminance(face) ** (1 / 3) - 16 for face in {look.face for look in _LOOKS.values()})
    assert all(b - a >= 8 - 0.5 for a, b in pairwise(lightness))


# --- many themes, one theme ---


def test_too_many_themes_for_a_triangle_are_listed(charts: dict[str, Chart]) -> None:
    chart = charts["many-themes"]
    assert "The 20 pairs farthest from chance are listed; 256 are not shown." in chart.caption
    texts = list_texts(chart)
    assert sum(" – " in text for text in texts) == 20
    # Every pair that is called comes before those that are not.
    assert texts.count("more") + texts.count("fewer") == min(
        20, int(chart.data["chance"].isin(["more", "fewer"]).sum())
    )
    assert "Voice and Start in life: " in chart.long_description
    assert " ".join(texts).count("In all: Voice ") == 1


def test_with_one_theme_the_matrix_is_drawn(charts: dict[str, Chart]) -> None:
    assert "With one theme there is no pair; here the matrix stands in its place." in charts["one-theme"].caption


def test_names_without_room_are_given_in_full_below(charts: dict[str, Chart]) -> None:
    said = " ".join(list_texts(charts["long-names"]))
    for name in STRESS["long-names"].themes["name"]:
        assert name in said
    assert "In full:" not in " ".join(list_texts(charts["together"]))


# --- headlines ---


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        (["as expected"] * 8 + ["too few to tell"] * 2, "8 of 10 pairs as expected, 2 too few to tell."),
        (["as expected"] * 10, "All 10 pairs as expected."),
        (["too few to tell"], "The one pair too few to tell."),
        (["fewer", "more", "as expected"], "1 of 3 pairs more than chance gives, 1 fewer, 1 as expected."),
        (["fewer"] * 3, "All 3 pairs fewer than chance gives."),
    ],
)
def test_subtitle_says_how_many_were_called(calls: list[str], said: str) -> None:
    assert _say_calls(pd.DataFrame({"chance": calls})) == said


def test_headline_names_a_pair_that_stands_up(charts: dict[str, Chart]) -> None:
    chart = charts["together"]
    assert chart.headline == "Voice goes with life 2 more often than chance"
    assert chart.verdict == "firm"
    assert "Headline firm: of " in chart.caption
    chart = plot_theme_pairs(make_run([[10, 10, 8, 8]] * 5, priorities=[20] * 5, confirmed="all"))
    assert chart.headline == "Voice goes with Skills less often than chance"


def test_headline_is_neutral_where_its_claim_is_fragile(charts: dict[str, Chart]) -> None:
    run = STRESS["fragile"]
    proposals = propose_theme_pairs(run)
    assert [proposal.text for proposal in proposals] == ["Suggested: Voice goes with life 2 more often than chance"]
    assert proposals[0].claim is not None
    assert judge_claim(run, proposals[0].claim).word == "fragile"
    assert (charts["fragile"].headline, charts["fragile"].verdict) == (NEUTRAL, "")
    assert "Headline" not in charts["fragile"].caption


def test_a_fragile_pair_gives_way_to_the_next(charts: dict[str, Chart]) -> None:
    run = STRESS["count-999"]
    first, second, *_ = propose_theme_pairs(run)
    assert first.claim is not None
    assert judge_claim(run, first.claim).word == "fragile"
    assert charts["count-999"].headline == second.text


def test_headline_marks_stand_in_documents() -> None:
    run = make_run(**FRAGILE, sources=["named", "named", "stand-in"])
    assert propose_theme_pairs(run)[0].text.endswith("than chance†")
    assert "†" not in plot_theme_pairs(run).subtitle  # the headline is neutral, so no dagger asks to be explained


@pytest.mark.parametrize("case", DRAWN)
def test_headlines_claim_only_what_was_called_and_tried(case: str, charts: dict[str, Chart]) -> None:
    chart = charts[case]
    assert (chart.headline == NEUTRAL) == (chart.verdict == "")
    assert chart.verdict in ("", "firm", "fair")
    if not find_theme_pairs(STRESS[case])["chance"].isin(["more", "fewer"]).any():
        assert chart.headline == NEUTRAL


# --- words ---


def test_alt_text_and_description_state_the_facts(charts: dict[str, Chart]) -> None:
    chart = charts["together"]
    row = chart.data.iloc[0]
    assert (
        f"More than chance gives: Voice and life 2, {row['both']} found, {row['expected']:.1f} expected." in chart.alt
    )
    assert "No priority carries two themes." in charts["no-tags"].alt
    assert chart.long_description.startswith("Priorities with each theme: Voice 40; Start in life 40; ")
    assert (
        f"Voice and Start in life: {row['both']} priorities carry both, of which a person has confirmed {row['both']} "
        "on both; chance would give " in chart.long_description
    )
    for pair in each_row(chart.data):
        assert pair.chance in chart.long_description


def test_derby(derby_run: Run) -> None:
    chart = plot_theme_pairs(derby_run)
    assert check_chart(chart) == []
    assert _say_calls(find_theme_pairs(derby_run)) in chart.subtitle
    assert "All tags suggested, none confirmed by a person." in chart.subtitle
    assert {"1 Voice", "5 Equality", "4 Attainment"} <= set(list_texts(chart))
