"""The figures in figures/ are those of today: the same numbers, the same words, the labels in the same places."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import mapping as mp
from mapping.csv_format import format_table
from mapping.outputs.folder import draw_figures

FIGURES = Path(__file__).resolve().parent.parent / "figures"


def labels(svg: str) -> list[tuple[str, int, int]]:
    """Return every text of an SVG with its place in whole points (a font's rounding may differ by less)."""
    found = []
    for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        place = re.search(r"translate\(([-\d.]+)[ ,]+([-\d.]+)\)", element.get("transform") or "")
        x, y = place.groups() if place else (element.get("x") or "0", element.get("y") or "0")
        found.append(("".join(element.itertext()), round(float(x)), round(float(y))))
    return sorted(found)


@pytest.fixture(scope="module")
def charts() -> dict[str, mp.Chart]:
    return {chart.name: chart for chart in draw_figures(mp.tag(mp.load_derby()))}


def test_the_folder_holds_these_figures_and_no_others(charts: dict[str, mp.Chart]) -> None:
    wanted = {f"{name}.{kind}" for name in charts for kind in ("png", "svg", "csv", "txt")}
    assert {path.name for path in FIGURES.iterdir()} - {"README.md"} == wanted


NAMES = (
    "matrix", "ribbons", "board-pairs", "combinations", "theme-pairs", "focus", "leaning", "sensitivity", "coverage",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_figure_is_fresh(charts: dict[str, mp.Chart], name: str) -> None:
    chart, renew = charts[name], "out of date: run make figures and look at them"
    assert (FIGURES / f"{name}.csv").read_text(encoding="utf-8") == format_table(chart.data), renew
    words = (FIGURES / f"{name}.txt").read_text(encoding="utf-8")
    assert chart.alt in words, renew
    assert chart.headline in words, renew
    assert labels((FIGURES / f"{name}.svg").read_text(encoding="utf-8")) == labels(chart.render("svg").decode()), renew
