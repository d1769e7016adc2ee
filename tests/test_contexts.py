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
from mapping.figures.contexts import SLIDES
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
