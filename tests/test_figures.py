"""The figures: what they may say, that nothing collides, and that the same run gives the same bytes."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest
from matplotlib.figure import Figure

from mapping.cells import count_cells
from mapping.figures import Chart, plot_board_pairs, plot_matrix, plot_ribbons, style, words
from mapping.figures.board_pairs import say_density
from mapping.figures.ribbons import order_boards
from mapping.pairs import find_board_pairs
from tests.stress import LIKE_DERBY, make_run, make_stress_set

PLOTS = {"matrix": plot_matrix, "ribbons": plot_ribbons, "board-pairs": plot_board_pairs}
STRESS = make_stress_set()


@pytest.fixture(scope="module")
def derby() -> dict[str, Chart]:
    run = make_run(**LIKE_DERBY)
    return {name: plot(run) for name, plot in PLOTS.items()}


# --- the contract of a chart ---


@pytest.mark.parametrize("name", PLOTS)
def test_chart_has_its_numbers_and_its_words(derby, name):
    chart = derby[name]
    assert chart.name == name
    assert isinstance(chart.figure, Figure)
    assert chart.figure is chart.figure  # drawn once
    assert chart.figure.get_size_inches()[0] == pytest.approx(6.30)
    assert not chart.data.empty
    assert 60 <= len(chart.alt) <= 300
    assert "all tags suggested, none confirmed by a person" in chart.subtitle.lower()
    assert "made-up data, run " in chart.caption
    assert chart.headline in repr(chart)


@pytest.mark.parametrize("name", PLOTS)
def test_save_writes_four_files(derby, name, tmp_path):
    paths = derby[name].save(tmp_path / "new folder")
    assert [path.name for path in paths] == [f"{name}.{end}" for end in ("png", "svg", "csv", "txt")]
    assert paths[0].read_bytes().startswith(b"\x89PNG")
    svg = paths[1].read_text(encoding="utf-8")
    assert derby[name].headline.split()[0] in svg
    assert "dc:date" not in svg
    with paths[2].open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == len(derby[name].data) + 1
    said = paths[3].read_text(encoding="utf-8")
    assert all(text in said for text in (derby[name].headline, derby[name].alt, derby[name].caption))


def test_html_is_escaped():
    chart = plot_matrix(STRESS["odd-letters"])
    page = chart._repr_html_()
    assert page.startswith("<figure")
    assert 'src="data:image/png;base64,' in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "$5 &lt;b&gt;Board&lt;/b&gt;" in page


def test_texts_say_where_each_word_stands(derby):
    texts = derby["matrix"].texts()
    assert texts == derby["matrix"].texts()
    assert texts[0][0].startswith(derby["matrix"].headline.split()[0])
    assert texts[0][1] == 0.12
    assert {"not read", "none", "1†"} <= {text for text, _, _ in texts}
    assert all(0 <= x <= 6.30 and y >= 0 for _, x, y in texts)


def test_dollar_signs_stay_dollar_signs():
    texts = [text for text, _, _ in plot_ribbons(STRESS["odd-letters"]).texts()]
    assert any("$100 to $200" in text for text in texts)


def test_letters_without_a_shape_are_marked_and_mentioned():
    chart = plot_matrix(STRESS["odd-letters"])
    assert "\ufffd stands for a letter that the font lacks" in chart.caption
    assert any("\ufffd" in text for text, _, _ in chart.texts())
    assert "\ufffd" not in plot_matrix(STRESS["one-board"]).caption


# --- the same bytes ---


@pytest.mark.parametrize("name", PLOTS)
def test_two_draws_give_the_same_bytes(derby, name):
    again = PLOTS[name](make_run(**LIKE_DERBY))
    for kind in ("png", "svg"):
        assert again.render(kind) == derby[name].render(kind)


def test_users_settings_change_nothing_and_stay(derby):
    with matplotlib.rc_context(
        {"font.size": 20, "lines.linewidth": 9, "svg.hashsalt": "other", "savefig.bbox": "tight"}
    ):
        again = plot_matrix(make_run(**LIKE_DERBY))
        assert again.render("svg") == derby["matrix"].render("svg")
        assert again.render("png") == derby["matrix"].render("png")
        assert matplotlib.rcParams["font.size"] == 20


def test_bytes_do_not_depend_on_process_locale_or_clock(derby):
    code = (
        "import hashlib, sys; sys.path.insert(0, '.')\n"
        "from tests.stress import LIKE_DERBY, make_run\n"
        "from mapping.figures import plot_ribbons\n"
        "chart = plot_ribbons(make_run(**LIKE_DERBY))\n"
        "print(*(hashlib.sha256(chart.render(kind)).hexdigest() for kind in ('png', 'svg')))\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    strange = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "de_DE.UTF-8", "SOURCE_DATE_EPOCH": "12345"}
    home = Path(__file__).resolve().parent.parent
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **strange},
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.split() == [hashlib.sha256(derby["ribbons"].render(kind)).hexdigest() for kind in ("png", "svg")]


# --- nothing collides ---


@pytest.mark.parametrize("case", STRESS)
@pytest.mark.parametrize("name", PLOTS)
def test_stress_set_is_clean(name, case):
    assert PLOTS[name](STRESS[case]).lint() == []


# --- the matrix: what stands in a cell without a tag ---


def list_texts(chart: Chart) -> list[str]:
    return [text for text, _, _ in chart.texts()]


@pytest.mark.parametrize("context", ["a4", "paper", "slide"])
def test_narrow_cells_have_signs_that_the_key_explains(context):
    texts = list_texts(plot_matrix(STRESS["twelve-by-seventeen"], context=context))
    assert not {"no", "ne", "none", "not", "read"} & set(texts)
    said = " ".join(texts)
    for sign, state in (("–", "none"), ("?", "not read"), ("×", "not scored"), ("∅", "no data")):
        assert texts.count(sign) >= 17
        assert f"{sign} {state}" in said


@pytest.mark.parametrize("context", ["a4", "paper", "slide"])
def test_the_key_has_no_sign_that_was_not_drawn(context):
    texts = list_texts(plot_matrix(make_run([[(b + t) % 3 for t in range(17)] for b in range(12)]), context=context))
    said = " ".join(texts)
    assert "– none" in said
    assert not any(sign in said for sign in ("?", "×", "∅"))
    wide = list_texts(plot_matrix(make_run([[2, 0], [1, 3]]), context=context))
    assert "none" in wide
    assert "–" not in wide


def test_themes_on_a_slide_are_separated():
    said = " ".join(list_texts(plot_matrix(STRESS["twelve-by-seventeen"], context="slide")))
    assert "1 Voice, 2 life 2, 3 Aspiration, 4 Skills, 5 Equality, " in said
    assert ". ? not read, × not scored, – none, ∅ no data" in said


def test_the_key_explains_bars_that_were_drawn_and_no_others():
    # Beside narrow columns there is no room for bars of the boards' priorities.
    assert "no theme" not in list_texts(plot_matrix(STRESS["twelve-by-seventeen"]))
    assert "no theme" in list_texts(plot_matrix(STRESS["derby-like"]))


# --- measured text ---


def test_text_is_wrapped_by_its_width():
    lines = style.wrap("Children, Families and Learners Board", 1.36, 9)
    assert lines == ["Children, Families", "and Learners Board"]
    assert all(style.measure(line, 9) <= 1.36 for line in lines)
    assert style.measure("mm", 9) == pytest.approx(2 * style.measure("m", 9), rel=0.1)
    # A long word is broken with hyphens, never cut; at a hyphen of its own where that is near.
    assert "".join(style.wrap("W" * 80, 1.0, 9)).replace("-", "") == "W" * 80
    assert all(line.endswith("-") for line in style.wrap("W" * 80, 1.0, 9)[:-1])
    assert style.wrap("Neighbourhood-and-place", 1.1, 9) == ["Neighbourhood-", "and-place"]
    assert style.wrap("", 1.0, 9) == []


# --- headlines ---


def title(counts, **more):
    return words.propose_matrix(make_run(counts, **more)).text


def test_headline_names_the_one_theme_of_all_boards():
    assert title([[1, 0], [2, 1]]) == "Both boards have a priority suggested for Voice"
    assert title([[1, 0], [2, 1]], confirmed="all") == "Both boards have a priority confirmed for Voice"


def test_headline_counts_several_themes():
    counts = [[1, 1, 0], [2, 1, 0], [1, 1, 1]]
    assert title(counts) == "All three boards have priorities suggested for two themes"
    assert title([[1, 1], [1, 1]]) == "Both boards have priorities suggested for every theme"


def test_headline_says_confirmed_only_when_it_holds_for_confirmed_tags_alone():
    # The second tag of "some" is a suggestion, so board 2 has nothing confirmed.
    assert title([[1, 0], [1, 0]], confirmed="some") == "Both boards have a priority tagged to Voice"


def test_headline_never_speaks_of_absence_where_nothing_was_read():
    counts = [[1, 1, 1], [1, 1, 0], [1, 1, 0]]
    assert "at least two themes" in title(counts, sources=["named", "named", "stand-in"])
    assert "at least" not in title(counts)
    counts = [[1, 0, 1], [1, 1, 0], [0, 0, 0]]
    assert title(counts) == "Two of three boards have a priority suggested for Voice"
    assert title(counts, sources=["named", "named", "unread"]).startswith("At least two of three boards have")


def test_headline_marks_stand_in_documents():
    assert title([[1, 0], [1, 0]], sources=["named", "stand-in"]).startswith("Both boards† have")


def test_ties_and_small_runs_have_a_neutral_headline():
    neutral = "Where boards' priorities meet the two themes"
    assert title([[1, 0], [0, 1]]) == neutral
    assert title([[0, 0], [0, 0]]) == neutral
    assert title([[1, 1]]) == "Where the board's priorities meet the two themes"
    assert title([[0], [0]]) == "Where boards' priorities meet the theme"


def test_ribbons_headline_needs_a_lead_of_two():
    assert (
        words.propose_ribbons(make_run([[3, 1], [1, 1]])).text
        == "Voice carries more suggested tags than any other theme"
    )
    assert words.propose_ribbons(make_run([[3, 1], [1, 2]])).text == "Where boards' priorities meet the two themes"


def test_pairs_headline_needs_a_clear_lead():
    clear = make_run([[9, 1, 0], [9, 1, 0], [1, 0, 9]], confirmed="all")
    assert words.propose_pairs(clear, find_board_pairs(clear)).text.endswith("are most alike in confirmed themes")
    few = make_run([[2, 1, 0], [2, 1, 0], [0, 0, 9]])
    assert words.propose_pairs(few, find_board_pairs(few)).text == "How alike the boards' themes are"


@pytest.mark.parametrize("case", STRESS)
def test_headlines_are_short_and_modest(case):
    run = STRESS[case]
    titles = (words.title_matrix(run), words.title_ribbons(run), words.title_pairs(run, find_board_pairs(run)))
    proposals = (
        words.propose_matrix(run), words.propose_ribbons(run), words.propose_pairs(run, find_board_pairs(run))
    )  # fmt: skip
    for title, proposal in zip(titles, proposals, strict=True):
        headline = title.text
        assert len(headline.split()) <= 12
        # What claims something has stood the test; what has not claims nothing.
        assert (headline == proposal.neutral) == (title.verdict == "") == (title.note == "")
        assert title.verdict in ("", "firm", "fair")
        assert not any(word in headline.lower() for word in ("share", "work on", "centre", "no board", "gap"))


def test_a_fragile_headline_is_not_printed():
    """One board's only tag on the theme: drawn again, the board would often be without it."""
    run = make_run([[1, 0], [2, 1]])
    assert words.propose_matrix(run).text == "Both boards have a priority suggested for Voice"
    assert words.title_matrix(run) == words.Title("Where boards' priorities meet the two themes")


def test_a_firm_headline_says_how_it_was_tried():
    run = make_run([[30, 0], [32, 2]], priorities=[40, 40], confirmed="all")
    title = words.title_matrix(run)
    assert title.text == "Both boards have a priority confirmed for Voice"
    assert title.verdict == "firm"
    assert title.note.startswith("Headline firm: of ")
    assert title.note in plot_matrix(run).caption


# --- what the words state ---


def test_alt_text_states_the_facts(derby):
    assert derby["matrix"].alt.startswith(
        "Matrix of five boards by five themes. 21 of 25 cells hold a priority, all suggested."
    )
    assert "11 of 31 priorities" in derby["matrix"].alt
    assert "3 empty cells are marked as not read" in derby["matrix"].alt
    assert "Ribbons at 45% or more of the board's priorities: none." in derby["ribbons"].alt
    assert "Board 2 and Board 3 70%" in derby["board-pairs"].alt
    assert all("Three of five boards appear through stand-in documents only." in chart.alt for chart in derby.values())


def test_long_description_says_every_cell(derby):
    said = derby["matrix"].long_description
    assert "Children, Families and Learners Board: 11 of 18 priorities carry a theme." in said
    assert "Skills: 5 (2 from stand-in documents)" in said
    assert "Aspiration: not read" in said
    assert "Named strategies not read: Strategy of B02." in said


def test_density_stands_beside_the_pairs():
    run = make_run(**LIKE_DERBY)
    assert say_density(run) == (
        "21 of 25 cells hold a tag; 10 of 10 pairs share a theme, so sharing a theme by itself says little."
    )
    assert say_density(run) in plot_board_pairs(run).caption
    assert "Overlap of theme profiles is not cooperation." in plot_board_pairs(run).caption


def test_no_percentage_rests_on_few_tags():
    texts = [text for text, _, _ in plot_board_pairs(make_run([[2, 2], [9, 1], [0, 0]])).texts()]
    assert "few tags" in texts
    assert "no tags" in texts
    assert not any(text.endswith("%") for text in texts)


# --- falling back ---


def test_ribbons_of_many_themes_fall_back_to_the_matrix():
    chart = plot_ribbons(STRESS["twelve-themes"])
    assert chart.name == "ribbons"
    assert "the matrix stands in their place" in chart.caption
    assert chart.data.equals(count_cells(STRESS["twelve-themes"]))


def test_many_pairs_are_cut_and_counted():
    assert (
        "The 20 most alike of 66 pairs are listed; 46 are not shown."
        in plot_board_pairs(STRESS["twelve-boards"]).caption
    )


def test_boards_are_ordered_by_barycentre():
    # Mean positions: B01 at 2, B02 at 0, B03 at (0 + 2) / 2 = 1, B04 without tags last.
    cells = count_cells(make_run([[0, 0, 3], [2, 0, 0], [1, 0, 1], [0, 0, 0]]))
    assert order_boards(cells) == ["B02", "B03", "B01", "B04"]
