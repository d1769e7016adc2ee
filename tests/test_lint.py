"""The linter of figures: a fault of every kind is planted in a good chart, and each is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from mapping.figures import Chart, plot_matrix, style
from mapping.figures.lint import CONTRAST, STEP, find_contrast, find_lightness
from mapping.figures.sheet import Sheet
from tests.stress import LIKE_DERBY, make_run


@pytest.fixture(scope="module")
def good() -> Chart:
    return plot_matrix(make_run(**LIKE_DERBY))


def plant(chart: Chart, fault: Callable[[Sheet, float], object]) -> Chart:
    """Return the chart with something drawn over it."""

    def draw(sheet: Sheet, y: float) -> float:
        foot = chart.draw(sheet, y)
        fault(sheet, foot)
        return foot + 0.5

    return replace(chart, draw=draw)


def test_a_good_chart_has_no_findings(good: Chart) -> None:
    assert good.lint() == []
    assert good.untitled().lint() == []


#: What is drawn, and a piece of what must be said of it.
DRAWN: dict[str, tuple[Callable[[Sheet, float], object], str]] = {
    "outside": (lambda sheet, y: sheet.text(5.9, y + 0.2, "out of the paper", 9), "'out of the paper' stands outside"),
    "above": (lambda sheet, y: sheet.text(1, 0.02, "over the top", 9), "'over the top' stands outside the canvas"),
    "overlap": (
        lambda sheet, y: [sheet.text(1, y + 0.2, text, 9) for text in ("one upon", "another")],
        "'one upon' and 'another' overlap",
    ),
    "tiny": (lambda sheet, y: sheet.text(1, y + 0.2, "small print", 6.5), "'small print' is set in 6.5 points; 7 is"),
    "faint": (
        lambda sheet, y: sheet.text(1, y + 0.2, "faint", 9, colour=style.GREY),
        "'faint' has a contrast of 3.1 with what lies below",
    ),
    "white on white": (
        lambda sheet, y: (sheet.box(1, y, 0.2, 0.3, face=style.MAIN), sheet.text_at(1.2, y + 0.15, "half on", 9,
                                                                                 colour=style.WHITE)),
        "'half on' has a contrast of 1.0",
    ),
    "dark on dark": (
        lambda sheet, y: (sheet.box(1, y, 2, 0.3, face=style.MAIN), sheet.text_at(2, y + 0.15, "ink", 9)),
        "'ink' has a contrast of",
    ),
    "a line over a word": (
        lambda sheet, y: (sheet.line((0.5, y + 0.17), (3, y + 0.17)), sheet.text(1, y + 0.2, "struck", 9)),
        "A line runs through 'struck'",
    ),
    "a thick line beside its middle": (
        lambda sheet, y: (sheet.line((0.5, y + 0.06), (3, y + 0.06), width=12), sheet.text(1, y + 0.2, "under", 9)),
        "A line runs through 'under'",
    ),
    "a tick in a word": (
        lambda sheet, y: (sheet.line((1.2, y + 0.1), (1.2, y + 0.25), width=1.4), sheet.text(1, y + 0.2, "ticked", 9)),
        "A line runs through 'ticked'",
    ),
    "the edge of a box": (
        lambda sheet, y: (sheet.box(1.2, y, 1, 0.3, edge=style.RULE), sheet.text(1, y + 0.2, "too wide", 9)),
        "A line runs through 'too wide'",
    ),
    "the edge of a disc": (
        lambda sheet, y: (
            sheet.disc(1.1, y + 0.2, 0.15, face=style.WHITE, edge=style.NODE), sheet.text(1, y + 0.2, "1,200,300", 9),
        ),
        "A line runs through '1,200,300'",
    ),
    "numbers that touch": (
        lambda sheet, y: [sheet.text(1 + n * 0.245, y + 0.2, str(10 + n), 12, bold=True) for n in range(2)],
        "'10' and '11' touch: they are 1.1 points apart",
    ),
    "a word in two": (lambda sheet, y: sheet.lines(1, y, ["no", "ne"], 7), "The word 'none' is broken: 'no' and 'ne'"),
    "a short word with a hyphen": (
        lambda sheet, y: sheet.lines(1, y, ["prior-", "ities"], 9, align="center"), "The word 'priorities' is broken",
    ),
    "hue alone": (lambda sheet, y: sheet.box(1, y, 0.3, 0.3, face="#F46A25"), "#F46A25 is drawn, and is not among"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DRAWN)
def test_a_planted_drawing_is_seen(good: Chart, kind: str) -> None:
    fault, said = DRAWN[kind]
    found = plant(good, fault).lint()
    assert any(said in sentence for sentence in found), found


def test_only_what_was_planted_is_found(good: Chart) -> None:
    for fault, _ in DRAWN.values():
        assert len(plant(good, fault).lint()) == 1
    assert plant(good, lambda sheet, y: sheet.text(1, y + 0.2, "all well", 9)).lint() == []


#: What looks like a fault and is none.
ALLOWED: dict[str, Callable[[Sheet, float], object]] = {
    "a line below a white plate": lambda sheet, y: (
        sheet.line((0.5, y + 0.17), (3, y + 0.17)), sheet.plate(0.95, y + 0.08, 0.7, 0.18),
        sheet.text(1, y + 0.2, "backed", 9),
    ),
    "a line under a word": lambda sheet, y: (
        sheet.line((0.5, y + 0.23), (3, y + 0.23)), sheet.text(1, y + 0.2, "over it", 9),
    ),
    "a word in its box": lambda sheet, y: (
        sheet.box(0.9, y, 1, 0.3, edge=style.RULE), sheet.text(1, y + 0.2, "inside", 9),
    ),
    "a white line on white": lambda sheet, y: (
        sheet.line((0.5, y + 0.17), (3, y + 0.17), colour=style.WHITE), sheet.text(1, y + 0.2, "unseen", 9),
    ),
    "a long word with a hyphen": lambda sheet, y: sheet.lines(1, y, ["Neighbour-", "hoods"], 9),
    "a word at its own hyphen": lambda sheet, y: sheet.lines(1, y, ["stand-", "in"], 9),
    "two words": lambda sheet, y: sheet.lines(1, y, ["not", "read"], 7, align="center"),
    "numbers apart": lambda sheet, y: [sheet.text(1 + n * 0.29, y + 0.2, str(10 + n), 12, bold=True) for n in range(2)],
}  # fmt: skip


@pytest.mark.parametrize("kind", ALLOWED)
def test_what_can_be_read_is_let_be(good: Chart, kind: str) -> None:
    assert plant(good, ALLOWED[kind]).lint() == []


def test_a_page_is_not_outgrown(good: Chart) -> None:
    assert "inches high, and a page has 10.2" in replace(good, draw=lambda sheet, y: good.draw(sheet, y) + 9).lint()[0]
    # In a paper it has less.
    paper = replace(good, draw=lambda sheet, y: good.draw(sheet, y) + 5.5, context="paper", title="caption")
    assert paper.size[1] < 10.2
    assert "inches high, and a page has 9.2" in paper.lint()[0]


def test_long_headlines_are_seen(good: Chart) -> None:
    assert "The headline has 13 words" in replace(good, headline="word " * 13).lint()[0]
    # 12 words that need three lines
    found = replace(good, headline="interdepartmentalisation " * 12).lint()
    assert "The headline needs more than two lines." in found


@pytest.mark.parametrize(("length", "wrong"), [(59, True), (60, False), (300, False), (301, True)])
def test_the_length_of_the_alternative_text_is_seen(good: Chart, length: int, wrong: bool) -> None:
    assert bool(replace(good, alt="x" * length).lint()) == wrong


def test_neighbouring_shades_too_close_are_seen(good: Chart) -> None:
    close = ("#FFFFFF", "#DCEAF7", "#D3E4F5", *(shade[1] for shade in style.SHADES[1:]))
    found = replace(good, checks=replace(good.checks, shades=close)).lint()
    assert [sentence[:31] for sentence in found] == [
        "#DCEAF7 and #D3E4F5 are 2.2 L* ",
        "#D3E4F5 and #ADD1F1 are 7.5 L* ",
    ]


def test_a_table_with_another_total_is_seen(good: Chart) -> None:
    wrong = good.data.copy()
    wrong["tagged"] = [int(wrong["tagged"].iloc[0]) + 29, *wrong["tagged"].iloc[1:]]
    found = replace(good, data=wrong).lint()
    # The cell says 2, the table 31; and the sum of its theme is 39 in the table.
    assert [sentence.split("'")[1] for sentence in found] == ["31", "39"]


def test_an_empty_table_is_seen(good: Chart) -> None:
    assert "The table behind the figure is empty." in replace(good, data=good.data.iloc[:0]).lint()


def test_a_missing_board_or_theme_is_seen(good: Chart) -> None:
    names = (*good.checks.names, ("Police and Crime Board", "Police", "Police"))
    assert replace(good, checks=replace(good.checks, names=names)).lint() == [
        "'Police and Crime Board' is missing from the figure."
    ]


def test_a_name_in_the_caption_alone_is_missing(good: Chart) -> None:
    names = (("of its themes", "of its themes", "of its themes"),)
    assert "of its themes" in good.caption
    assert replace(good, checks=replace(good.checks, names=names)).lint()[0].startswith("'of its themes' is missing")


# --- the measures ---


def test_contrast_and_lightness_are_those_of_the_standards() -> None:
    assert find_contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert find_contrast("#FFFFFF", "#000000") == pytest.approx(21)
    # Values worked out and kept with the colours: ink on the third shade, white on the fourth and on the last.
    for colour, ground, contrast in (
        ("#0B0C0C", "#6BACE6", 8.1),
        ("#FFFFFF", "#2073BC", 4.95),
        ("#FFFFFF", "#12436D", 10.3),
    ):
        assert find_contrast(colour, ground) == pytest.approx(contrast, abs=0.06)
    assert [round(find_lightness(shade[1])) for shade in style.SHADES] == [92, 82, 68, 47, 27]
    assert find_lightness("#000000") == 0


def test_the_shades_of_the_matrix_stay_apart_in_greyscale() -> None:
    steps = [find_lightness(face) for face in (style.WHITE, *(shade[1] for shade in style.SHADES))]
    assert all(round(a - b, 1) >= STEP for a, b in pairwise(steps))
    assert all(find_contrast(ink, face) >= CONTRAST for _, face, ink, _ in style.SHADES)


#: What a person without green cones sees, from linear RGB (Machado, Oliveira and Fernandes 2009, severity 1).
_DEUTERANOPIA = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))


def test_increase_and_decrease_differ_for_a_person_without_green_cones() -> None:
    def see(colour: str) -> list[float]:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return [sum(weight * part for weight, part in zip(row, linear, strict=True)) for row in _DEUTERANOPIA]

    luminances = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in map(see, ("#12436D", "#F46A25", "#F9B891"))]
    assert luminances[0] * 4 < luminances[1] < luminances[2]
