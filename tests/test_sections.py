"""The parts of a report that weigh what was found: every count has its denominator, every headline its verdict."""

from __future__ import annotations

import re

import pytest

from mapping.findings import (
    state_chance,
    state_findings,
    state_focus,
    state_gaps,
    state_headlines,
    state_reading,
    state_themes,
)
from mapping.outputs.folder import draw_figures
from mapping.outputs.report import format_report
from mapping.outputs.sections import build_sections, flatten
from mapping.stability import find_headlines
from mapping.tags import Run
from tests.stress import make_stress_set

CASES = (
    "derby-like",
    "derby-like-some",
    "all-confirmed",
    "one-board",
    "two-boards",
    "empty-board",
    "no-tags",
    "one-priority",
)
STRESS = make_stress_set()
NOUNS = r"(?:priorities|boards|cells|pairs|tags|themes|decisions|headlines|candidates)"
# A number before what it counts must be the whole: "3 of 88 priorities", "all 5 boards", "the 5 themes".
COUNT = re.compile(rf"(\S+ )?(\S+ )?\b(\d[\d,]*) (?:\w+ )?{NOUNS}\b")
WHOLES = ("Of ", "of ", "of its ", "the ", "All ", "all ")


def bare_counts(sentence: str) -> list[str]:
    """Return the counts of a sentence that stand without the whole they are a part of."""
    found = []
    for match in COUNT.finditer(sentence):
        before = f"{match[1] or ''}{match[2] or ''}"
        if not before.endswith(WHOLES):
            found.append(match[0])
    return found


def test_the_check_finds_a_bare_count() -> None:
    assert bare_counts("There are 12 priorities on skills.") == ["There are 12 priorities"]
    assert bare_counts("12 of 31 priorities are on skills; of 5 boards 2 have one.") == []


@pytest.mark.parametrize("case", CASES)
def test_every_count_has_its_denominator(case: str) -> None:
    run = STRESS[case]
    run.partnership.info.setdefault("about", "")
    said = [*state_findings(run), *state_headlines(run), *state_chance(run), *state_gaps(run), *state_focus(run)]
    said += state_reading(run)
    said += [text for _, text in state_themes(run)]
    assert [count for sentence in said for count in bare_counts(sentence)] == []


def test_every_count_of_derbys_report_has_its_denominator(derby_run: Run) -> None:
    said = [sentence for section in build_sections(derby_run) for sentence in section.sentences]
    said += list(find_headlines(derby_run)["says"])
    for section in build_sections(derby_run):
        for grid in section.grids:
            said += [flatten(cell) for row in grid.rows for cell in row]
    assert [count for sentence in said for count in bare_counts(sentence)] == []


@pytest.mark.parametrize("case", CASES)
def test_every_headline_has_its_verdict(case: str) -> None:
    run = STRESS[case]
    section = next(section for section in build_sections(run) if section.anchor == "headlines")
    (grid,) = section.grids
    assert grid.head[:2] == ("Headline", "Verdict")
    assert len(grid.rows) == len(find_headlines(run))
    assert {row[1] for row in grid.rows} <= {"firm", "fair", "fragile"}


def test_figures_print_only_what_stands_up(derby_run: Run) -> None:
    for chart in draw_figures(derby_run):
        assert chart.verdict in ("", "firm", "fair")
        assert (f"Headline {chart.verdict}: " in chart.caption) == bool(chart.verdict)


def test_report_carries_the_sections_in_order(derby_run: Run) -> None:
    report = format_report(derby_run, [])
    places = [report.index(f"## {section.title}\n") for section in build_sections(derby_run)]
    assert places == sorted(places)
    for word in ("should", "recommended", "significant"):
        assert word not in report.lower()


def test_sheets_have_names_that_excel_takes(derby_run: Run) -> None:
    names = [grid.sheet for section in build_sections(derby_run) for grid in section.grids]
    assert len(names) == len(set(names))
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_every_row_is_as_wide_as_its_head(derby_run: Run) -> None:
    for section in build_sections(derby_run):
        for grid in section.grids:
            assert {len(row) for row in grid.rows} <= {len(grid.head)}
