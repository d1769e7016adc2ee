"""Sensitivity drawn: where lines and dots stand, what is said below them, and what the headline may claim."""

from __future__ import annotations

from dataclasses import replace

import pytest
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from mapping.figures import Chart, check_chart, style, words
from mapping.figures import sensitivity as module
from mapping.figures.sensitivity import _choose_scale, plot_sensitivity, propose_sensitivity
from mapping.partnership import Partnership
from mapping.rescoring import find_sensitivity
from mapping.stability import Verdict, judge_claim
from mapping.tables import each_row
from mapping.tags import Run, tag
from tests.stress import make_run, make_stress_set

STRESS = {
    **make_stress_set(),
    "seventeen-themes": make_run([[(3 * b + 5 * t) % 7 for t in range(17)] for b in range(5)], confirmed="some"),
    "big-numbers": make_run([[(331 + 517 * t) % 1000 for t in range(14)]], priorities=[1100]),
    "all-alike": make_run([[6, 6, 6]] * 4, priorities=[8] * 4),
}
#: Fewer resamples make verdicts coarser, and the tests of many runs faster.
STRESS |= {
    case: replace(run, settings=replace(run.settings, resamples=40))
    for case, run in STRESS.items()
    if run.settings.resamples != 40
}
NEUTRAL = "What another threshold would have suggested"


@pytest.fixture(scope="module")
def charts() -> dict[str, Chart]:
    return {case: plot_sensitivity(run) for case, run in STRESS.items()}


@pytest.fixture(scope="module")
def drawn(derby_run: Run) -> Chart:
    return plot_sensitivity(derby_run)


def list_texts(chart: Chart) -> list[str]:
    return [text for text, _, _ in chart.texts()]


def list_lines(chart: Chart) -> list[Line2D]:
    """Return the lines of themes, panel by panel, the panel's own theme last."""
    lines = [line for line in chart.figure.findobj(Line2D) if isinstance(line, Line2D)]
    return [line for line in lines if len(line.get_xdata()) > 2]


def list_dots(chart: Chart) -> list[tuple[float, float]]:
    """Return the middles of the dots of the panels; the last of all is that of the key."""
    return [
        (float(dot.center[0]), float(dot.center[1])) for dot in chart.figure.findobj(Circle) if isinstance(dot, Circle)
    ][:-1]


# --- the contract ---


@pytest.mark.parametrize("case", STRESS)
def test_stress_set_is_clean(case: str, charts: dict[str, Chart]) -> None:
    chart, run = charts[case], STRESS[case]
    assert check_chart(chart) == []
    assert chart.name == "sensitivity"
    assert words.say_source(run) in chart.caption
    assert "before review by people" in chart.subtitle
    assert chart.data.equals(find_sensitivity(run))
    width, height = chart.figure.get_size_inches()
    assert width == pytest.approx(6.30)
    assert height < 9.7


@pytest.mark.parametrize("threshold", [0.05, 0.33, 0.9, 1.0])
@pytest.mark.parametrize("method", ["both", "tf-idf"])
def test_any_threshold_can_be_drawn(threshold: float, method: str, derby: Partnership) -> None:
    chart = plot_sensitivity(tag(derby, threshold=threshold, method=method))
    assert check_chart(chart) == []
    assert f"threshold used, {threshold:g}" in list_texts(chart)


def test_two_draws_give_the_same_bytes(charts: dict[str, Chart]) -> None:
    again = plot_sensitivity(replace(STRESS["derby-like"]))  # a run of its own: nothing made before is known to it
    assert again.render("svg") == charts["derby-like"].render("svg")
    assert again.render("png") == charts["derby-like"].render("png")


def test_peoples_decisions_move_nothing(charts: dict[str, Chart]) -> None:
    assert charts["derby-like"].data.equals(charts["derby-like-some"].data)


# --- what is drawn ---


def test_worked_by_hand() -> None:
    # The word of a theme decides, so no threshold moves anything: Voice 2 in one board, the second 1 + 3 in two.
    chart = plot_sensitivity(make_run([[2, 1], [0, 3]], priorities=[4, 4]))
    texts = list_texts(chart)
    for text in ("2 priorities", "rank 2 of 2", "1 board", "4 priorities", "rank 1 of 2", "2 boards"):
        assert texts.count(text) == 1, text
    assert "range tested, 0.4 to 0.6" in texts
    assert "threshold used, 0.5" in texts
    assert chart.alt.startswith("Line charts, one for each of two themes: ")
    assert "From 0.4 to 0.6: Voice 2, life 2 4. Most at 0.5, the threshold used: life 2, 4." in chart.alt
    assert (
        "Start in life: four priorities in two boards at 0.5, the threshold used. In the range tested, 0.4 to 0.6: "
        "4 priorities, rank 1 of 2, 2 boards. Priorities at other thresholds: 4 at 0.2, 4 at 0.4, 4 at 0.6 and 4 at "
        "0.8." in chart.long_description
    )


def test_dots_stand_at_the_number_and_threshold_used(drawn: Chart) -> None:
    # The scale is read off the numbers at the side and below the first panel.
    texts = drawn.texts()
    across = {float(t): x for t, x, _ in reversed(texts) if t in ("0.2", "0.4", "0.6", "0.8")}
    ticks = [(x, y) for t, x, y in texts if t == "0.2"]
    upwards = {int(t): y for t, x, y in texts if t.isdecimal() and x < ticks[0][0]}
    cap = style.CAPITAL * style.NOTE / 144
    zero, ten = upwards[0] - cap, upwards[10] - cap
    step = [x for x, _ in ticks][1] - ticks[0][0]
    used = list(each_row(drawn.data[drawn.data["used"]]))
    for n, (row, (x, y)) in enumerate(zip(used, list_dots(drawn), strict=True)):
        assert y == pytest.approx(zero + (ten - zero) * row.tagged / 10, abs=0.011)
        assert x == pytest.approx((across[0.4] + across[0.6]) / 2 + n * step, abs=0.011)
        assert f"{row.tagged}" in list_texts(drawn)


def test_lines_run_through_every_number_of_the_table(drawn: Chart) -> None:
    scale, lines = _choose_scale(drawn.data), list_lines(drawn)
    themes = list(dict.fromkeys(drawn.data["theme"]))
    assert len(lines) == len(themes) ** 2  # in each panel its own line over those of the others
    for n, theme in enumerate(themes):
        own = lines[(n + 1) * len(themes) - 1]
        assert to_hex(own.get_color()).upper() == style.MAIN
        rows = drawn.data[(drawn.data["theme"] == theme) & drawn.data["threshold"].between(scale.low, scale.high)]
        ys = [float(y) for y in own.get_ydata()]
        counts = [int(count) for count in rows["tagged"]]
        unit = (max(ys) - min(ys)) / (max(counts) - min(counts))
        assert ys == pytest.approx([max(ys) - (count - min(counts)) * unit for count in counts])


def test_what_stands_below_is_what_the_table_has(drawn: Chart) -> None:
    texts = list_texts(drawn)
    tested = drawn.data[drawn.data["tested"]]
    for _, own in tested.groupby("theme"):
        low, high = own["tagged"].min(), own["tagged"].max()
        assert (f"{low} to {high} priorities" if low < high else f"{low} priorities") in texts
        best, worst = own["rank"].min(), own["rank"].max()
        assert (f"rank {best} to {worst} of 5" if best < worst else f"rank {best} of 5") in texts


@pytest.mark.parametrize("case", STRESS)
def test_scales_have_few_lines_and_ticks(case: str) -> None:
    scale = _choose_scale(find_sensitivity(STRESS[case]))
    assert len([line for line in scale.lines if line]) <= 4
    assert 2 <= len(scale.ticks) <= 4
    assert scale.lines[0] == 0


def test_panels_wrap_to_several_rows(charts: dict[str, Chart]) -> None:
    def count_rows(case: str) -> list[int]:
        tops = [y for text, _, y in charts[case].texts() if text == "0.4"]
        return [tops.count(top) for top in sorted(set(tops))]

    assert count_rows("derby-like") == [5]
    assert count_rows("eight-by-eight") == [4, 4]
    assert count_rows("twelve-themes") == [4, 4, 4]
    assert sum(count_rows("seventeen-themes")) == 17


def test_without_tags_and_with_one_theme(charts: dict[str, Chart]) -> None:
    assert list_texts(charts["no-tags"]).count("no priorities") == 2
    assert "None at any threshold tested." in charts["no-tags"].alt
    texts = list_texts(charts["one-theme"])
    assert not any("rank" in text.lower() or text == "the other themes" for text in texts)
    assert "Rank" not in charts["one-theme"].caption
    assert charts["one-theme"].alt.startswith("One line chart: ")


# --- the headline ---


def test_headline_names_the_theme_that_leads_everywhere(charts: dict[str, Chart]) -> None:
    chart = charts["twelve-boards"]
    assert chart.headline == "Equality stays on top when the threshold moves"
    assert chart.verdict in ("firm", "fair")
    assert f"Headline {chart.verdict}: of " in chart.caption


def test_headline_is_neutral_on_ties(charts: dict[str, Chart]) -> None:
    proposal = propose_sensitivity(STRESS["all-alike"])
    assert (proposal.text, proposal.claim) == (NEUTRAL, None)
    assert charts["all-alike"].headline == NEUTRAL


def test_headline_is_neutral_where_its_claim_is_fragile(charts: dict[str, Chart]) -> None:
    run = STRESS["derby-like"]
    proposal = propose_sensitivity(run)
    assert proposal.text == "Skills stays on top when the threshold moves"
    assert proposal.claim is not None
    assert judge_claim(run, proposal.claim).word == "fragile"
    assert (charts["derby-like"].headline, charts["derby-like"].verdict) == (NEUTRAL, "")


def test_headline_needs_every_threshold_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run([[(3 * b + 5 * t + b * t) % 7 for t in range(5)] for b in range(12)])
    assert propose_sensitivity(run).claim is not None
    # By one re-scoring of 41 the claim is still firm, but not true at every threshold.
    monkeypatch.setattr(module, "judge_claim", lambda *_: Verdict("firm", {"threshold": (40, 41)}, (), ""))
    assert propose_sensitivity(run).claim is None


def test_headline_needs_the_lead_at_every_threshold_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run([[(3 * b + 5 * t + b * t) % 7 for t in range(5)] for b in range(12)])
    table = find_sensitivity(run)
    last = table.index[table["tested"] & (table["theme"] == "t1")][-1]
    table.loc[last, ["tagged", "rank"]] = [72, 1]  # at the highest threshold tested Voice draws level
    monkeypatch.setattr(module, "find_sensitivity", lambda _: table)
    assert propose_sensitivity(run).text == NEUTRAL


@pytest.mark.parametrize("case", STRESS)
def test_headlines_claim_only_what_was_tried(case: str, charts: dict[str, Chart]) -> None:
    chart = charts[case]
    assert (chart.headline == NEUTRAL) == (chart.verdict == "")


def test_long_description_has_every_theme(drawn: Chart, derby_run: Run) -> None:
    for theme in each_row(derby_run.themes):
        assert f"{theme.name}: " in drawn.long_description
    assert drawn.long_description.count("In the range tested, 0.4 to 0.6: ") == 5


def test_derby(drawn: Chart) -> None:
    assert check_chart(drawn) == []
    assert {"this theme", "the other themes", "threshold used, 0.5"} <= set(list_texts(drawn))
