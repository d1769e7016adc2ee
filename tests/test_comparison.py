"""One run beside another: what differs, and what a new keyword would move."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from conftest import CITY, edit
from planted_causes import DOUBLES, find_faults, make_double, make_single

from mapping.comparison import (
    CAUSES,
    FACTORS,
    compare,
    compare_cells,
    compare_headlines,
    find_causes,
    find_changes,
    retag_like,
    state_changes,
    try_keyword,
)
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


# --- causes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("among", [False, True], ids=["alone", "among others"])
@pytest.mark.parametrize("factor", FACTORS)
def test_a_planted_change_is_laid_at_the_right_door(factor: str, among: bool) -> None:
    faults = [fault for seed in range(2) for fault in find_faults(make_single(factor, random.Random(seed), among))]
    assert faults == []


@pytest.mark.parametrize("kind", DOUBLES)
def test_two_that_were_each_needed_or_each_enough_are_mixed(kind: str) -> None:
    assert find_faults(make_double(kind, random.Random(1))) == []


def test_only_what_differs_is_made_again(city: Partnership, run: Run) -> None:
    later = tag(city, neighbours=True)
    assert list(compare(run, later)["cause"]) == ["method"]
    causes = find_causes(run, later)
    assert causes.factors == ("method",)
    # With one thing different there is nothing to find out, so no run in between was made.
    assert causes._made == {}


def test_at_most_eight_runs_are_made_in_between(make_city: MakeCity, run: Run) -> None:
    rows = "millbrook-themes,HOM-01,homes,reject,Insulate cold homes,AB,2019,\n"
    files = {
        **edit(TEXTS, ("Review the office rota", "Review the office rota and floods")),
        **edit("framework/keywords.csv", ("voice,involvement", "voice,car park,decides,tried\nvoice,involvement")),
        "decisions.csv": CITY["decisions.csv"] + rows,
    }
    later = tag(make_city(files), neighbours=True)
    found = compare(run, later)
    assert dict(zip(zip(found["priority"], found["theme"], strict=True), found["cause"], strict=True)) == {
        ("HOM-01", "homes"): "decision",
        ("HOM-03", "river"): "text",
        ("PRK-03", "voice"): "framework",  # a keyword more, and the wording of the theme weighs otherwise
        ("PRK-04", "voice"): "framework",
        ("RIV-01", "river"): "method",
    }
    causes = find_causes(run, later)
    compare_cells(run, later)
    assert causes.factors == FACTORS
    assert len(causes._made) <= 8


def test_a_threshold_that_was_given_is_method_and_the_frameworks_own_is_framework(
    make_city: MakeCity, city: Partnership, run: Run
) -> None:
    assert find_causes(run, tag(city, threshold=0.4)).factors == ("method",)
    lower = make_city(edit("framework/framework.yaml", ("threshold: 0.5", "threshold: 0.4")))
    assert find_causes(run, tag(lower)).factors == ("framework",)
    assert find_causes(run, tag(lower, threshold=0.5)).factors == ("framework", "method")
    assert find_causes(run, tag(city, draws=500)).factors == ("method",)


def test_new_ids_with_the_decisions_under_them_change_nothing(make_city: MakeCity) -> None:
    said = "millbrook-themes,{},homes,confirm,Insulate cold homes,AB,2019,\n"
    earlier = tag(make_city({"decisions.csv": CITY["decisions.csv"] + said.format("HOM-01")}))
    moved = {**edit(TEXTS, ("HOM-01,", "HOM-11,")), "decisions.csv": CITY["decisions.csv"] + said.format("HOM-11")}
    later = tag(make_city(moved))
    assert find_causes(earlier, later).factors == ("text",)
    assert compare(earlier, later).empty
    assert compare_cells(earlier, later).empty


def test_decisions_carried_to_ids_dealt_anew_are_no_other_decisions(make_city: MakeCity) -> None:
    said = "millbrook-themes,{},homes,confirm,Insulate cold homes,AB,2019,\n"
    own = CITY["decisions.csv"] + said.format("HOM-01")
    earlier = tag(make_city({"decisions.csv": own}))
    dealt = {TEXTS: CITY[TEXTS].replace("HOM-01,", "HOM-11,").replace("HOM-03,", "HOM-01,")}
    later = tag(make_city({**dealt, "decisions.csv": own + said.format("HOM-11")}))
    assert find_causes(earlier, later).factors == ("text",)
    assert compare(earlier, later).empty
    # One more judgement is another decision; so is one that was taken away.
    more = said.format("HOM-11") + said.format("HOM-11").replace("AB", "CD")
    assert find_causes(earlier, tag(make_city({**dealt, "decisions.csv": own + more}))).factors == ("text", "decision")
    assert find_causes(earlier, tag(make_city(dealt))).factors == ("text", "decision")


def test_new_words_under_a_new_id_leave_the_decision_behind_through_the_text(make_city: MakeCity) -> None:
    said = "millbrook-themes,{},homes,confirm,Insulate cold homes,AB,2019,\n"
    other = "millbrook-themes,WRK-02,homes,reject,Train apprentices to insulate cold homes,AB,2019,\n"
    earlier = tag(make_city({"decisions.csv": CITY["decisions.csv"] + said.format("HOM-01")}))
    files = edit(TEXTS, ("HOM-01,HOM-S,Insulate cold homes", "HOM-11,HOM-S,Insulate cold damp homes"))
    later = tag(make_city({**files, "decisions.csv": CITY["decisions.csv"] + said.format("HOM-11") + other}))
    found = compare(earlier, later)
    assert [(row.priority, row.before, row.after, row.words, row.cause) for row in each_row(found)] == [
        ("HOM-11", "confirmed", "suggested", "reworded", "text"),
        ("WRK-02", "suggested", "rejected", "same", "decision"),
    ]


def test_a_split_is_compared_with_the_part_most_like_it(make_city: MakeCity, run: Run) -> None:
    both = "HOM-02,HOM-S,Involve tenants in decisions about repairs,verbatim"
    parts = (
        "HOM-02,HOM-S,Involve tenants in decisions,verbatim,priority,,Homes Strategy,\n"
        "HOM-09,HOM-S,Decisions about repairs,verbatim"
    )
    later = tag(make_city(edit(TEXTS, (both, parts))))
    assert compare(run, later).empty
    # Both parts carry the tag: one takes the place of the whole, the other is one more.
    parts = parts.replace("Decisions about repairs", "Involve tenants in repairs")
    found = compare(run, tag(make_city(edit(TEXTS, (both, parts)))))
    assert [(row.theme, row.change, row.words) for row in each_row(found)] == [("voice", "added", "split")]


def test_columns_say_what_was_before(make_city: MakeCity, run: Run) -> None:
    later = tag(make_city(edit(TEXTS, ("WRK-01,WRK-NEWS,Create app", "WRK-07,WRK-NEWS,Create floods and app"))))
    row = compare(run, later).iloc[0]
    assert (row["priority"], row["priority_before"]) == ("WRK-07", "WRK-01")
    assert row["text_before"] == "Create apprenticeships for school leavers"


# --- cells -------------------------------------------------------------------------------------------------


def add_up(found: pd.DataFrame) -> bool:
    return all(row.change == row.after - row.before == len(row.added) - len(row.removed) for row in each_row(found))


def test_a_cell_changes_by_what_came_less_what_went(make_city: MakeCity, run: Run) -> None:
    later = tag(
        make_city(
            edit(
                TEXTS,
                ("Insulate cold homes,", "Paint the fence,"),
                ("Review the office rota", "Insulation of the town hall"),
                ("Resurface the car park", "Resurface the car park after floods"),
            )
        )
    )
    found = compare_cells(run, later)
    assert add_up(found)
    cells = {(row.board, row.theme): row for row in each_row(found)}
    river = cells["PRK", "river"]
    assert (river.before, river.after, river.cause, river.causes) == (0, 1, "text", "text +1")
    assert (river.added, river.state_before, river.state_after) == (["PRK-04"], "none", "tagged")
    # One came and one went: the number is the same, the priorities are not.
    homes = cells["HOM", "homes"]
    assert (homes.change, homes.added, homes.removed, homes.cause) == (0, ["HOM-03"], ["HOM-01"], "text")
    every = compare_cells(run, later, unchanged=True)
    assert len(every) == 3 * 4
    assert add_up(every)
    assert set(every.loc[every["cause"] == "", "change"]) == {0}


def test_a_heading_that_is_counted_no_more_is_a_change_of_its_cell(make_city: MakeCity, run: Run) -> None:
    flat = {TEXTS: CITY[TEXTS].replace(",PRK-01,Parks Plan", ",,Parks Plan")}
    found = compare_cells(run, tag(make_city(flat)))
    assert add_up(found)
    assert [(row.board, row.theme, row.change, row.added) for row in each_row(found)] == [
        ("PRK", "work", 1, ["PRK-01"])
    ]
    assert compare(run, tag(make_city(flat))).empty


def test_a_decision_that_confirms_changes_the_cell_and_not_its_number(make_city: MakeCity, run: Run) -> None:
    row = "millbrook-themes,HOM-01,homes,confirm,Insulate cold homes,AB,2019,\n"
    found = compare_cells(run, tag(make_city({"decisions.csv": CITY["decisions.csv"] + row})))
    (cell,) = each_row(found)
    assert (cell.change, cell.confirmed_before, cell.confirmed_after, cell.cause) == (0, 0, 1, "decision")


def test_a_board_that_went_leaves_its_cells(make_city: MakeCity, run: Run) -> None:
    texts = "\n".join(line for line in CITY[TEXTS].splitlines() if "PRK" not in line) + "\n"
    files = {
        "boards.csv": CITY["boards.csv"].replace("PRK,Parks Board,Parks,Parks,board,no,yes,\n", ""),
        "strategies.csv": "\n".join(x for x in CITY["strategies.csv"].splitlines() if "PRK" not in x) + "\n",
        TEXTS: texts,
    }
    found = compare_cells(run, tag(make_city(files)))
    parks = found[found["board"] == "PRK"]
    assert add_up(found)
    assert set(parks["state_after"]) == {"no such board"}
    assert dict(zip(parks["theme"], parks["change"], strict=True)) == {"voice": -1, "homes": 0, "work": -1, "river": 0}


def test_cells_of_derby_add_up_under_another_threshold(derby: Partnership, derby_run: Run) -> None:
    found = compare_cells(derby_run, tag(derby, threshold=0.35))
    assert len(found) > 0
    assert add_up(found)
    assert set(found["cause"]) == {"method"}


# --- headlines and the summary -----------------------------------------------------------------------------


def test_headlines_that_differ_have_a_cause(make_city: MakeCity, run: Run) -> None:
    later = tag(make_city(edit(TEXTS, ("Review the office rota", "Train apprentices in the office"))))
    found = compare_headlines(run, later)
    assert compare_headlines(run, run).empty
    assert set(found["cause"]) == {"text"}
    reach = found[found["kind"] == "reach"].iloc[0]
    # Work reached two boards and now reaches three: one headline with other numbers, not one gone and one new.
    assert (reach["subject"], reach["change"]) == (["work", "3"], "numbers")
    assert reach["says_before"].startswith("2 of 3 boards")
    assert reach["says_after"].startswith("3 of 3 boards")


def test_a_headline_that_is_there_on_one_side_is_new_or_gone(make_city: MakeCity, run: Run) -> None:
    row = "millbrook-themes,WRK-02,homes,reject,Train apprentices to insulate cold homes,AB,2019,\n"
    later = tag(make_city({"decisions.csv": CITY["decisions.csv"] + row}))
    there = compare_headlines(run, later)
    gone = there[there["change"] == "gone"]
    assert list(zip(gone["kind"], gone["cause"], strict=True)) == [("reach", "decision")]
    assert set(gone["says_after"]) == {""}
    back = compare_headlines(later, run)
    assert list(back.loc[back["change"] == "new", "says_after"]) == list(gone["says_before"])


def test_the_summary_counts_by_cause(make_city: MakeCity, run: Run) -> None:
    row = "millbrook-themes,HOM-01,homes,confirm,Insulate cold homes,AB,2019,\n"
    later = tag(
        make_city(
            {
                **edit(TEXTS, ("Review the office rota", "Review the office rota and floods")),
                "decisions.csv": CITY["decisions.csv"] + row,
            }
        )
    )
    changes = find_changes(run, later)
    counts = changes.count().set_index("cause")
    assert list(counts.index) == list(CAUSES)
    assert list(counts.loc["text", ["added", "removed", "changed", "cells"]]) == [1, 0, 0, 1]
    assert list(counts.loc["decision", ["added", "removed", "changed", "cells"]]) == [0, 0, 1, 1]
    said = state_changes(changes)
    assert said[0] == "What differs between the two runs: text and decision."
    assert said[1] == "Tags: 1 added, 0 removed, 1 changed (text 1, decision 1)."
    assert said[2] == "Cells: 1 of 12 hold another number (text 1)."
    assert said[4] == "Priorities matched: 8 same, 1 reworded, 0 split, 0 merged, 0 new, 0 gone."
    assert state_changes(find_changes(run, run))[0] == "The two runs are made of the same."


def test_tagged_like_the_later_run_only_texts_and_decisions_differ(make_city: MakeCity, city: Partnership) -> None:
    later = tag(make_city(edit(TEXTS, ("Keep the river clean", "Keep it clean"))), threshold=0.4, neighbours=True)
    assert find_causes(retag_like(tag(city), later), later).factors == ("text",)
