"""One run beside another: what differs, and what a new keyword would move."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from conftest import CITY, edit

from mapping.comparison import compare, try_keyword
from mapping.errors import DataError, MappingError, UnknownNameError
from mapping.partnership import Partnership
from mapping.tables import each_row
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]
TEXTS = "priorities.csv"


def changes(earlier: Run, later: Run) -> list[tuple[str, str, str, str]]:
    return [(row.priority, row.theme, row.change, row.words) for row in each_row(compare(earlier, later))]


def test_a_run_does_not_differ_from_itself(run: Run, derby_run: Run) -> None:
    assert compare(run, run).empty
    assert compare(derby_run, derby_run).empty


@pytest.mark.parametrize(
    ("swaps", "expected"),
    [
        pytest.param(
            [("Review the office rota", "Keep the river clean")],
            [("HOM-03", "river", "added", "new")],
            id="the id stayed, the words are others altogether",
        ),
        pytest.param(
            [("Create apprenticeships for school leavers", "Create jobs for school leavers")],
            [("WRK-01", "work", "removed", "reworded")],
            id="reworded, and the tag goes",
        ),
        pytest.param([("Insulate cold homes,", "INSULATE cold homes.,")], [], id="other case and punctuation"),
        pytest.param(
            [("WRK-01,", "WRK-03,")],
            [],
            id="another id, the same words",
        ),
    ],
)
def test_what_changed_between_two_editions(
    make_city: MakeCity, run: Run, swaps: list[tuple[str, str]], expected: list[tuple[str, str, str, str]]
) -> None:
    assert changes(run, tag(make_city(edit(TEXTS, *swaps)))) == expected


def test_there_and_back_are_opposite(make_city: MakeCity, run: Run) -> None:
    later = tag(make_city(edit(TEXTS, ("Review the office rota", "Keep the river clean"))))
    there, back = compare(run, later).iloc[0], compare(later, run).iloc[0]
    assert (there["change"], back["change"]) == ("added", "removed")
    assert (there["before"], there["after"]) == (back["after"], back["before"]) == ("", "suggested")
    # Other words altogether under the same id: a new priority on one side, and none on the other.
    assert there["score_after"] == back["score_before"]
    assert np.isnan(there["score_before"])
    assert np.isnan(back["score_after"])


def test_a_decision_changes_a_tag(make_city: MakeCity, run: Run) -> None:
    rows = (
        "millbrook-themes,HOM-01,homes,confirm,Insulate cold homes,AB,2019,\n"
        "millbrook-themes,HOM-02,voice,reject,Involve tenants in decisions about repairs,AB,2019,\n"
    )
    later = tag(make_city({"decisions.csv": CITY["decisions.csv"] + rows}))
    assert changes(run, later) == [("HOM-01", "homes", "changed", "same"), ("HOM-02", "voice", "removed", "same")]
    found = compare(run, later)
    assert list(zip(found["before"], found["after"], strict=True)) == [
        ("suggested", "confirmed"),
        ("suggested", "rejected"),
    ]


def test_words_are_the_same_in_other_case_and_punctuation(make_city: MakeCity, run: Run) -> None:
    row = "millbrook-themes,HOM-01,homes,confirm,Insulate cold homes,AB,2019,\n"
    text = edit(TEXTS, ("Insulate cold homes,v", "INSULATE cold homes.,v"))
    later = tag(make_city({**text, "decisions.csv": CITY["decisions.csv"] + row}))
    assert changes(run, later) == [("HOM-01", "homes", "changed", "same")]


def test_runs_that_may_not_be_subtracted_are_refused(city: Partnership, run: Run, derby_run: Run) -> None:
    with pytest.raises(MappingError, match="are different partnerships"):
        compare(run, derby_run)
    with pytest.raises(MappingError, match="The runs have different themes"):
        compare(run, tag(city, "closing-the-gap"))


def test_a_keyword_is_tried_and_nothing_is_changed(city: Partnership, run: Run) -> None:
    before = (run.hash, len(run.framework.keywords), tag(city).hash)
    moved = try_keyword(run, "work", "rota")
    assert [(row.priority, row.theme, row.change) for row in each_row(moved)] == [("HOM-03", "work", "added")]
    assert (run.hash, len(run.framework.keywords), tag(city).hash) == before


def test_a_keyword_is_tried_with_the_settings_of_the_run(city: Partnership) -> None:
    wide = tag(city, neighbours=True, method="keywords")
    moved = try_keyword(wide, "voice", "keep")
    assert [(row.priority, row.theme) for row in each_row(moved)] == [("RIV-01", "voice")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("wrk", "rota"), "Theme 'wrk' is not known. Did you mean 'work'?"),
        (("work", "rota", "decide"), "Role 'decide' is not known. Did you mean 'decides'?"),
        (("work", "* rota"), "begins or ends with a gap"),
    ],
)
def test_a_keyword_that_cannot_be_tried_is_refused(run: Run, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises((UnknownNameError, DataError), match=message):
        try_keyword(run, *arguments)
