"""Decisions: what a person said, what became of it, and that none is lost."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from conftest import CITY
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.csv_format import format_table
from mapping.decisions import HELD, OUTCOMES, apply_decisions
from mapping.partnership import Partnership
from mapping.schema import DECISIONS
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]
WORDS = "Insulate cold homes"


def decide(make_city: MakeCity, *rows: str) -> Run:
    """The city with decisions: priority, theme, decision, words, reviewer, time."""
    text = CITY["decisions.csv"] + "".join(f"millbrook-themes,{row},\n" for row in rows)
    return tag(make_city({"decisions.csv": text}))


def status(run: Run, priority: str, theme: str) -> tuple[str, bool]:
    row = run.tags[(run.tags["priority"] == priority) & (run.tags["theme"] == theme)].iloc[0]
    return row["status"], bool(row["on"])


@pytest.mark.parametrize(
    ("rows", "priority", "theme", "expected"),
    [
        # on a tag that the machine suggests
        ([], "HOM-01", "homes", ("suggested", True)),
        (["confirm"], "HOM-01", "homes", ("confirmed", True)),
        (["add"], "HOM-01", "homes", ("confirmed", True)),
        (["reject"], "HOM-01", "homes", ("rejected", False)),
        (["unsure"], "HOM-01", "homes", ("unsure", True)),
        # on one that it does not
        ([], "HOM-01", "river", ("", False)),
        (["confirm"], "HOM-01", "river", ("added", True)),
        (["add"], "HOM-01", "river", ("added", True)),
        (["reject"], "HOM-01", "river", ("rejected", False)),
        (["unsure"], "HOM-01", "river", ("unsure", False)),
    ],
)
def test_status(make_city: MakeCity, rows: list[str], priority: str, theme: str, expected: tuple[str, bool]) -> None:
    run = decide(make_city, *(f"{priority},{theme},{said},{WORDS},AB,2019-01-14" for said in rows))
    assert status(run, priority, theme) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["AB confirm", "CD reject"], ("disputed", True)),
        (["AB add", "CD reject"], ("disputed", True)),
        (["AB confirm", "CD unsure"], ("unsure", True)),
        (["AB confirm", "CD confirm"], ("confirmed", True)),
        (["AB reject", "CD unsure", "EF confirm"], ("disputed", True)),
        # the last word of one reviewer counts; letters and spaces of the initials do not
        (["AB reject", "AB confirm"], ("confirmed", True)),
        (["AB confirm", "ab reject"], ("rejected", False)),
    ],
)
def test_reviewers_who_disagree_are_both_kept(make_city: MakeCity, said: list[str], expected: tuple[str, bool]) -> None:
    rows = []
    for day, words in enumerate(said, start=10):
        reviewer, decision = words.split()
        rows.append(f"HOM-01,homes,{decision},{WORDS},{reviewer},2019-01-{day}")
    assert status(decide(make_city, *rows), "HOM-01", "homes") == expected
    # the time counts, not the order of the rows
    assert status(decide(make_city, *rows[::-1]), "HOM-01", "homes") == expected


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (WORDS, "applied"),
        ("INSULATE  cold homes.", "applied"),
        ("Insulate all cold homes", "check again"),
        ("Insulate cold", "check again"),
    ],
)
def test_a_decision_holds_on_the_same_words_only(make_city: MakeCity, words: str, outcome: str) -> None:
    run = decide(make_city, f"HOM-01,homes,reject,{words},AB,2019-01-14")
    assert list(run.decisions["outcome"]) == [outcome]
    assert status(run, "HOM-01", "homes") == (("rejected", False) if outcome == "applied" else ("suggested", True))


def test_every_decision_has_an_outcome_and_a_reason(make_city: MakeCity) -> None:
    text = (
        CITY["decisions.csv"]
        + f"millbrook-themes,HOM-01,homes,confirm,{WORDS},AB,2019-01-14,\n"
        + "millbrook-themes,HOM-01,river,add,Other words,AB,2019-01-14,\n"
        + f"millbrook-themes,HOM-99,homes,confirm,{WORDS},AB,2019-01-14,\n"
        + "millbrook-themes,HOM-99,homes,confirm,Words that nobody has,AB,2019-01-14,\n"
        + f"closing-the-gap,HOM-01,skills,confirm,{WORDS},AB,2019-01-14,\n"
    )
    run = tag(make_city({"decisions.csv": text}))
    assert list(zip(run.decisions["outcome"], run.decisions["why"], strict=True)) == [
        ("applied", ""),
        ("check again", "the words have changed since they were judged"),
        ("superseded", "the same judgement stands under HOM-01"),
        ("orphaned", "no such priority is mapped"),
        ("other framework", "made on closing-the-gap"),
    ]


@pytest.mark.parametrize(
    ("rows", "outcomes"),
    [
        # decided again on the words that now stand: nobody is asked twice
        (["HOM-01,homes,reject,Old words,AB,2018", f"HOM-01,homes,confirm,{WORDS},CD,2019"], ["superseded", "applied"]),
        (["HOM-01,homes,reject,Old words,AB,2018", f"HOM-01,river,add,{WORDS},CD,2019"], ["check again", "applied"]),
        # the same words under another id: asked, until somebody has decided there
        ([f"OLD-1,homes,confirm,{WORDS},AB,2018"], ["check again"]),
        ([f"OLD-1,homes,confirm,{WORDS},AB,2018", f"HOM-01,homes,reject,{WORDS},CD,2019"], ["superseded", "applied"]),
        # carried to its later id: one judgement, counted once
        ([f"OLD-1,homes,confirm,{WORDS},AB,2018", f"HOM-01,homes,confirm,{WORDS},AB,2018"], ["superseded", "applied"]),
        # its old id now names another priority: nobody is asked about that one
        ([f"HOM-03,homes,confirm,{WORDS},AB,2018", f"HOM-01,homes,confirm,{WORDS},AB,2018"], ["superseded", "applied"]),
        ([f"HOM-01,homes,confirm,{WORDS},AB,2018", f"HOM-01,homes,reject,{WORDS},CD,2019"], ["conflicting"] * 2),
    ],
)
def test_what_becomes_of_decisions_together(make_city: MakeCity, rows: list[str], outcomes: list[str]) -> None:
    decisions = decide(make_city, *rows).decisions
    assert list(decisions["outcome"]) == outcomes
    assert set(decisions.loc[decisions["outcome"] == "check again", "look_at"]) <= {"HOM-01"}


def test_confirmed_tags_are_counted_in_words(make_city: MakeCity) -> None:
    run = decide(make_city, f"HOM-01,homes,confirm,{WORDS},AB,2019", f"HOM-01,river,add,{WORDS},AB,2019")
    assert repr(run).endswith("6 of 8 priorities tagged, 8 tags, 2 confirmed by people>")


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["millbrook-themes", "closing-the-gap"]),
        st.sampled_from(["HOM-01", "HOM-02", "PRK-04", "GONE-1"]),
        st.sampled_from(["voice", "homes", "river"]),
        st.sampled_from(["confirm", "reject", "add", "unsure"]),
        st.sampled_from(["Insulate cold homes", "Resurface the car park", "Something else"]),
        st.sampled_from(["AB", "CD"]),
        st.sampled_from(["2019-01-14", "2019-01-15T09:00", ""]),
    ),
    max_size=8,
)


@given(ROWS)
@settings(max_examples=40, deadline=None)
def test_decisions_in_are_outcomes_out(run: Run, rows: list[tuple[str, ...]]) -> None:
    names = [column.name for column in DECISIONS]
    table = pd.DataFrame([(*row, "") for row in rows], columns=names, dtype="object").assign(line=range(len(rows)))
    plain = run.tags.drop(columns=["status", "on"])
    tags, decisions = apply_decisions(plain, table, run.priorities, run.framework)
    assert format_table(decisions[names]) == format_table(table[names])
    assert set(decisions["outcome"]) <= set(OUTCOMES)
    # what the machine says is never touched, and only tags with a decision applied have another status
    assert list(tags["tagged"]) == list(run.tags["tagged"])
    applied = decisions[decisions["outcome"].isin(HELD)]
    assert all((row.outcome == "check again") == bool(row.look_at) for row in decisions.itertuples())
    disputed = set(tags.loc[tags["status"] == "disputed", ["priority", "theme"]].itertuples(index=False, name=None))
    clashing = decisions[decisions["outcome"] == "conflicting"]
    assert set(zip(clashing["priority"], clashing["theme"], strict=True)) == disputed
    judged = set(zip(applied["priority"], applied["theme"], strict=True))
    for row in tags.itertuples():
        person = row.status not in ("", "suggested")
        assert person == ((row.priority, row.theme) in judged)
        assert row.on == (row.status in ("confirmed", "added") or (row.tagged and row.status != "rejected"))
