"""Where a figure is read: in a paper without its headline, on a page of its own, on a slide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.text import Text
from PIL import Image

from mapping.errors import MappingError
from mapping.figures import Chart, plot_board_pairs, plot_focus, plot_matrix, plot_ribbons
from mapping.figures.contexts import PAPER, SLIDES
from mapping.tags import Run
from tests.stress import REPRESENTATIVE, list_plots, make_stress_set

STRESS = make_stress_set()
LEADING: dict[str, Callable[..., Chart]] = {
    "matrix": plot_matrix, "ribbons": plot_ribbons, "board-pairs": plot_board_pairs,
}  # fmt: skip


@pytest.fixture(scope="module")
def run() -> Run:
    return STRESS["derby-like"]


def list_texts(chart: Chart) -> list[str]:
    return [text for text, _, _ in chart.texts()]


# --- in a paper ---


@pytest.mark.parametrize("name", list_plots())
@pytest.mark.parametrize("case", ["derby-like", "two-boards", "no-tags"])
def test_without_a_title_the_figure_is_lower_and_clean(name: str, case: str) -> None:
    chart = list_plots()[name](STRESS[case])
    bare = chart.untitled()
    assert bare.lint() == []
    assert bare.size[0] == chart.size[0]
    assert 0.3 < chart.size[1] - bare.size[1] < 1.2
    assert not set(list_texts(bare)) & {chart.headline, chart.subtitle}
    # The paper's own caption says them.
    assert (bare.headline, bare.subtitle, bare.alt) == (chart.headline, chart.subtitle, chart.alt)
    assert bare.data.equals(chart.data)


def test_the_keyword_and_the_method_give_the_same(run: Run) -> None:
    assert plot_matrix(run, title="caption").render("svg") == plot_matrix(run).untitled().render("svg")


def test_the_files_of_another_layout_have_another_name(run: Run) -> None:
    assert plot_matrix(run).stem == "matrix"
    assert plot_matrix(run).untitled().stem == "matrix-untitled"
    assert plot_ribbons(run, context="slide", title="caption").stem == "ribbons-slide-untitled"


def test_html_says_the_headline_that_is_not_drawn(run: Run) -> None:
    chart = plot_matrix(run)
    assert f"<strong>{chart.headline.replace(chr(39), '&#x27;')}</strong>" in chart.untitled()._repr_html_()
    assert "<strong>" not in chart._repr_html_()


# --- in a paper, at its own size ---


@pytest.mark.parametrize("name", PAPER)
@pytest.mark.parametrize("case", REPRESENTATIVE)
def test_in_a_paper_nothing_is_scaled(name: str, case: str) -> None:
    chart = list_plots()[name](STRESS[case], context="paper", title="caption")
    assert chart.lint() == []
    assert (chart.size[0], chart.scale) == (6.3, 1)
    assert chart.size[1] <= 9.2
    texts = [text for text in chart.figure.findobj(Text) if isinstance(text, Text) and text.get_text()]
    assert min(text.get_fontsize() for text in texts) >= 7


#: Eleven centimetres: what a figure may be high in the text of a paper.
LOW = 4.33


@pytest.mark.parametrize(
    "case", ["derby-like", "derby-like-some", "long-names", "six-long", "even-ticks", "two-boards"]
)
@pytest.mark.parametrize("name", ["matrix", "focus", "board-pairs"])
def test_up_to_six_boards_and_themes_are_low_in_a_paper(name: str, case: str) -> None:
    plot = list_plots()[name]
    chart = plot(STRESS[case], context="paper", title="caption")
    assert chart.size[1] <= LOW
    assert chart.size[1] <= plot(STRESS[case], title="caption").size[1]
    # All that is said elsewhere is said here.
    assert (chart.headline, chart.alt, chart.caption) == (plot(STRESS[case]).headline, plot(STRESS[case]).alt,
                                                          plot(STRESS[case]).caption)  # fmt: skip


def test_ribbons_are_low_in_a_paper_where_there_are_not_too_many(run: Run) -> None:
    assert plot_ribbons(run, context="paper", title="caption").size[1] <= LOW
    # Each of 36 ribbons has a number at both of its ends.
    assert plot_ribbons(STRESS["six-long"], context="paper", title="caption").size[1] <= 5


def test_a_paper_without_room_has_pairs_without_a_network() -> None:
    low = plot_board_pairs(STRESS["six-long"], context="paper", title="caption")
    assert not any(text.startswith("Circle: ") for text in list_texts(low))
    assert any(text.startswith("Circle: ") for text in list_texts(plot_board_pairs(STRESS["six-long"])))


def test_the_layout_for_a_paper_follows_the_context(run: Run) -> None:
    drawn = plot_matrix(run, context="paper", title="caption")
    assert drawn.render("svg") == replace(plot_matrix(run), context="paper", title="caption").render("svg")
    assert drawn.stem == "matrix-paper-untitled"
    with_title = plot_matrix(run, context="paper")
    assert with_title.lint() == []
    assert with_title.size[1] > drawn.size[1]


# --- on a page of its own ---


def test_a_large_page_is_filled_and_the_drawing_the_same(run: Run) -> None:
    chart = plot_board_pairs(run)
    large = plot_board_pairs(run, context="a4-large")
    width, height = large.size
    assert (width, height) == pytest.approx((chart.size[0] * large.scale, chart.size[1] * large.scale), abs=0.01)
    assert (width <= 9.71 and height <= 6.31) or (width <= 7.11 and height <= 10.21)
    assert large.scale > 1.3
    assert large.texts() == chart.texts()
    svg = large.render("svg").decode()
    assert f'width="{chart.figure.get_size_inches()[0] * large.scale * 72:g}pt"' in svg
    assert svg.split("<defs>", 1)[1] == chart.render("svg").decode().split("<defs>", 1)[1]


def test_a_large_png_has_its_size_on_paper(run: Run, tmp_path: Path) -> None:
    path = plot_board_pairs(run, context="a4-large").save(tmp_path)[0]
    image = Image.open(path)
    inches = [side / dots for side, dots in zip(image.size, image.info["dpi"], strict=True)]
    assert inches == pytest.approx(plot_board_pairs(run, context="a4-large").size, abs=0.02)


@pytest.mark.parametrize("case", ["twelve-boards", "twelve-by-twelve", "twelve-long-boards"])
def test_nothing_is_made_smaller_on_a_large_page(case: str) -> None:
    assert replace(plot_matrix(STRESS[case]), context="a4-large").scale >= 1


# --- on a wall ---


@pytest.mark.parametrize("name", LEADING)
@pytest.mark.parametrize("case", REPRESENTATIVE)
def test_slides_are_clean(name: str, case: str) -> None:
    chart = LEADING[name](STRESS[case], context="slide")
    assert chart.lint() == []
    assert chart.size == (13.33, 7.5)


@pytest.mark.parametrize("name", LEADING)
def test_slides_can_be_read_from_the_back(name: str, run: Run) -> None:
    chart = LEADING[name](run, context="slide")
    texts = [text for text in chart.figure.findobj(Text) if isinstance(text, Text) and text.get_text()]
    assert min(text.get_fontsize() for text in texts if text.get_label() != "foot") == 18
    assert {text.get_fontsize() for text in texts if text.get_label() == "foot"} == {14}
    # One message: the headline, and no small notes in cells.
    assert not any("confirmed" in text.get_text() for text in texts if text.get_label() == "body")
    assert "suggested, none confirmed" in chart.subtitle
    assert chart.render("png") == LEADING[name](replace(run), context="slide").render("png")


def test_slides_exist_of_the_leading_figures(run: Run) -> None:
    assert tuple(LEADING) == SLIDES
    with pytest.raises(MappingError, match=r"focus: there is no layout for slides\. There is one of: matrix, ribbons"):
        plot_focus(run, context="slide")


def test_unknown_contexts_are_refused(run: Run) -> None:
    with pytest.raises(MappingError, match=r"context: 'slides' is not known\. Did you mean 'slide'"):
        plot_matrix(run, context="slides")
    with pytest.raises(MappingError, match=r"title: 'captions' is not known\. Did you mean 'caption'"):
        plot_matrix(run, title="captions")
    with pytest.raises(MappingError, match="cards have no other"):
        plot_matrix(run, context="card")
