"""What stands from each board to each other, drawn: rungs by their frames, remits beside them, and what stays empty."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, Rectangle

from mapping.figures import Chart, check_chart, style, words
from mapping.figures import leaning as module
from mapping.figures.leaning import list_links, plot_leaning
from mapping.interdependencies import RUNGS, find_links, state_ladder
from mapping.remit import find_remit_links, measure_remit
from mapping.tables import each_row
from mapping.tags import Run
from tests.stress import make_run, make_stress_set

STRESS = {
    **make_stress_set(),
    "seventeen-themes": make_run([[(3 * b + 5 * t) % 7 for t in range(17)] for b in range(5)], confirmed="some"),
    "fourteen-boards": make_run([[2, 1, 3]] * 14, sources=["named", "mixed"] * 7),
}
#: 3,399 texts that are all alike make millions of pairs: its links are made up below, not found.
del STRESS["count-999"]
NEUTRAL = "What stands between each two boards"
PASSAGES = pd.DataFrame(
    {
        "board": ["HOM", "PRK"],
        "text": ["Warm homes depend on the Parks Board.", "The parks thank the Homes Board."],
    }
)


def list_texts(chart: Chart) -> list[str]:
    return [text for text, _, _ in chart.texts()]


def make_links(run: Run, passages: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return made-up links on every rung in turn, with directions."""
    pairs = [(a, b) for a in run.boards["board"] for b in run.boards["board"] if a != b]
    rungs: list[int | None] = [(0, 1, 2, 3, 4, 5, None)[(3 * n + n // 4) % 7] for n in range(len(pairs))]
    up = {pair for pair, rung in zip(pairs, rungs, strict=True) if rung is not None and rung >= 3}
    rows = [
        {
            "from_board": a, "to_board": b, "rung": rung, "says": "nothing found" if rung is None else RUNGS[rung],
            "themes": [], "direction": ["leans on"] if rung == 4 else [], "pattern": [], "passages": [],
            "confirmed_by": ["AB"] if rung == 5 else [], "status": "confirmed" if rung == 5 else "",
            "mutual": {(a, b), (b, a)} <= up, "evidence_0": [], "evidence_1": [], "evidence_2": [],
            "speaks_remit": 0.1, "stand_in": False, "reading": "read",
        }
        for (a, b), rung in zip(pairs, rungs, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"rung": "Int64"})


@pytest.fixture
def every_rung(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links on every rung, whatever the run."""
    monkeypatch.setattr(module, "find_links", make_links)
    monkeypatch.setattr(module, "state_ladder", lambda run, passages=None: [])


# --- the contract ---


@pytest.mark.parametrize("case", STRESS)
def test_stress_set_is_clean(case: str) -> None:
    chart = plot_leaning(STRESS[case])
    assert check_chart(chart) == []
    assert chart.name == "leaning"
    assert words.say_source(STRESS[case]) in chart.caption
    assert chart.figure.get_size_inches()[0] == pytest.approx(6.30)


@pytest.mark.usefixtures("every_rung")
@pytest.mark.parametrize("case", ["derby-like", "two-boards", "twelve-boards", "eight-by-eight", "long-names"])
def test_every_rung_is_clean(case: str) -> None:
    assert check_chart(plot_leaning(STRESS[case])) == []


@pytest.mark.usefixtures("every_rung")
def test_large_counts_are_clean() -> None:
    counts = make_run([[999, 3, 0], [1, 420, 7], [12, 999, 999]], priorities=[1200, 999, 1200], confirmed="some")
    chart = plot_leaning(counts)
    assert check_chart(chart) == []
    assert "1,200" in list_texts(chart)


def test_two_draws_give_the_same_bytes() -> None:
    first, again = (plot_leaning(make_stress_set()["derby-like"]) for _ in range(2))
    assert first.render("svg") == again.render("svg")
    assert first.render("png") == again.render("png")


# --- derby ---


def test_derby_says_why_its_upper_rungs_are_empty(derby_run: Run) -> None:
    chart = plot_leaning(derby_run)
    restated = next(said for said in state_ladder(derby_run) if "restated" in said)
    assert restated.startswith("88 of 88 texts are restated, so rungs 3 and 4 stay empty")
    assert restated in chart.subtitle
    assert restated in chart.alt
    assert (chart.headline, chart.verdict) == (NEUTRAL, "")
    counts = find_links(derby_run)["rung"].value_counts()
    for rung, meaning in RUNGS.items():
        assert f"{meaning}: {counts.get(rung, 0)} of 20" in list_texts(chart)


def test_data_holds_the_links_and_the_remits(derby_run: Run) -> None:
    data = plot_leaning(derby_run).data
    assert len(data) == 20
    assert list(data["rung"].astype("Float64").fillna(-1)) == list(
        find_links(derby_run)["rung"].astype("Float64").fillna(-1)
    )
    shares = find_remit_links(derby_run)
    assert list(data["speaking"]) == list(shares["speaking"])
    for row in each_row(data):
        assert row.speaks_remit == pytest.approx(row.speaking / row.priorities)


def test_margins_are_the_sums_of_the_remit_shares(derby_run: Run) -> None:
    sums, texts = measure_remit(derby_run), list_texts(plot_leaning(derby_run))
    for column in ("active", "passive"):
        for number in sums[column]:
            assert f"{number:.2f}" in texts
    assert sums["active"].sum() == pytest.approx(sums["passive"].sum())
    for board, active in zip(sums["board"], sums["active"], strict=True):
        links = list_links(derby_run)
        assert active == pytest.approx(links.loc[links["from_board"] == board, "speaks_remit"].sum())


def test_boards_of_stand_ins_are_marked(derby_run: Run) -> None:
    chart = plot_leaning(derby_run)
    assert {"Health†", "Safer†", "Culture†", "Children", "Renaissance"} <= set(list_texts(chart))
    discs = [disc for disc in chart.figure.findobj(Circle) if isinstance(disc, Circle)]
    assert [to_hex(disc.get_facecolor()).upper() == style.WHITE for disc in discs] == [False, True, True, False, True]
    assert "named strategy of one of the two was not read" in " ".join(list_texts(chart)).replace("  ", " ")


def test_long_description_has_every_pair(derby_run: Run) -> None:
    said = plot_leaning(derby_run).long_description
    assert (
        "Children, Families and Learners Board to Health and Wellbeing Board: rung 2, a priority of each is in similar "
        "wording"
    ) in said
    assert said.count(" to ") >= 20
    assert "6 of 18 priorities of the first speak the remit of the second" in said
    assert (
        "Children, Families and Learners Board: sum of its shares 0.50, sum of the others' shares for it 0.63." in said
    )


# --- rungs ---


def frame_of(chart: Chart, number: str) -> tuple[str, float, str, int]:
    """Return colour, width and dashes of the frames around a rung's number in the key, and how many there are."""
    key = max(y for text, _, y in chart.texts() if text == number)
    frames = [
        box
        for box in chart.figure.findobj(Rectangle)
        if isinstance(box, Rectangle) and box.get_x() < 0.2 and box.get_y() < key < box.get_y() + box.get_height()
    ]
    first = frames[0]
    return to_hex(first.get_edgecolor()), first.get_linewidth(), str(first.get_linestyle()), len(frames)


def test_each_rung_has_a_frame_of_its_own_without_colour() -> None:
    chart = plot_leaning(STRESS["derby-like"])
    frames = {rung: frame_of(chart, str(rung)) for rung in RUNGS}
    assert frames[0][1] == 0  # none
    kinds = {rung: (line, dashes, boxes) for rung, (_, line, dashes, boxes) in frames.items()}
    assert len(set(kinds.values())) == len(RUNGS)
    # Tags and wording are grey, texts and people dark.
    assert {frames[rung][0].upper() for rung in (1, 2)} == {style.GREY}
    assert {frames[rung][0].upper() for rung in (3, 4, 5)} == {style.INK}
    assert [frames[rung][3] for rung in RUNGS] == [1, 1, 1, 1, 1, 2]


def test_texts_that_name_another_board_are_counted_in_the_headline(run: Run) -> None:
    chart = plot_leaning(run, PASSAGES)
    assert chart.headline == "Texts of two of three boards point to another board"
    assert chart.verdict == ""
    texts = list_texts(chart)
    assert {"4 ⇄", "3 ⇄", "leans on it", "names it"} <= set(texts)
    assert "an interdependency" in " ".join(texts)
    assert "2 links rest on a text that names the other board, or on a person." in chart.alt
    assert "Homes Board to Parks Board: rung 4" in chart.long_description
    assert "direction: leans on; each points to the other" in chart.long_description
    assert check_chart(chart) == []


def test_one_way_is_no_interdependency(run: Run) -> None:
    chart = plot_leaning(run, PASSAGES.iloc[:1])
    assert chart.headline == "Texts of one of three boards point to another board"
    assert not any("⇄" in text for text in list_texts(chart))
    assert plot_leaning(run).headline == NEUTRAL


@pytest.mark.usefixtures("every_rung")
def test_headline_of_all_boards() -> None:
    assert plot_leaning(STRESS["derby-like"]).headline == "Texts of all five boards point to another board"


# --- remits ---


@pytest.mark.parametrize(
    ("speaking", "priorities", "share", "said"),
    [(1, 4, 0.25, "1 of 4"), (0, 3, 0.0, "0 of 3"), (6, 18, 1 / 3, "6 of 18"), (0, 0, None, "–")],
)
def test_a_remit_is_said_in_counts(speaking: int, priorities: int, share: float | None, said: str) -> None:
    rows = pd.DataFrame({"speaking": [speaking], "priorities": [priorities], "speaks_remit": [share]})
    assert module._say_remit(next(each_row(rows))) == said


def test_without_any_remit_it_is_said_so() -> None:
    chart = plot_leaning(STRESS["two-boards"])
    texts = list_texts(chart)
    assert not any(text.startswith(("remit", "Remit,")) for text in texts)
    assert "No word is key to any board, so no remit is shown." in " ".join(texts)
    assert chart.long_description.endswith("No word is key to any board, so no remit is shown.")


# --- falling back ---


@pytest.mark.usefixtures("every_rung")
def test_more_than_twelve_boards_are_a_list_of_the_strongest() -> None:
    chart = plot_leaning(STRESS["fourteen-boards"])
    assert check_chart(chart) == []
    assert "The 20 strongest of 182 links are listed; 162 are not shown." in chart.caption
    assert len(chart.data) == 182
    assert list_texts(chart).count("→") == 20
    # All twenty are on the highest rung.
    assert sum(text.startswith("confirmed") for text in list_texts(chart)) == 20


def test_one_board_falls_back_to_the_matrix() -> None:
    chart = plot_leaning(STRESS["one-board"])
    assert "With one board there is no link between boards; here the matrix stands in its place." in chart.caption
    assert list(chart.data.columns[:2]) == ["board", "theme"]


def test_a_board_whose_texts_could_not_be_scored_is_not_called_none(monkeypatch: pytest.MonkeyPatch) -> None:
    run = STRESS["not-scored"]
    bare = find_links(run)
    silent = bare.assign(rung=pd.array([None] * len(bare), dtype="Int64"), mutual=False)
    monkeypatch.setattr(module, "find_links", lambda run, passages=None: silent)
    links = list_links(run)
    mute = (links["from_board"] == "B02") | (links["to_board"] == "B02")
    assert (links.loc[mute & (bare["reading"] == "read"), "reading"] == "not scored").all()
    assert "not scored" not in set(links.loc[~mute, "reading"])
    chart = plot_leaning(run)
    assert "not scored" in list_texts(chart)
    assert "Not scored, too short or not in English: 4 of 14 priorities." in chart.caption
    assert chart.lint() == []


def test_circles_say_what_they_mean() -> None:
    run = make_run([[2, 1], [1, 0], [0, 0]], priorities=[4, 3, 5], sources=["named", "stand-in", "unread"])
    chart = plot_leaning(run)
    key = " ".join(list_texts(chart))
    assert "dashed circle: through stand-in documents only." in key
    assert "Pale circle: none of its priorities carries a tag." in key
    discs = [disc for disc in chart.figure.findobj(Circle) if isinstance(disc, Circle)]
    assert [to_hex(disc.get_edgecolor()).upper() for disc in discs] == [style.NODE, style.NODE, style.GREY]
    assert [disc.get_linestyle() == "solid" for disc in discs] == [True, False, True]
