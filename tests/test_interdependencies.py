"""Pairs of boards and of priorities, and the ladder between boards, worked by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations, permutations

import pandas as pd
import pytest
from conftest import CITY, edit
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.interdependencies import (
    RUNGS,
    find_interdependencies,
    find_link_decisions,
    find_links,
    state_ladder,
)
from mapping.pairs import find_board_pairs, find_priority_pairs
from mapping.partnership import Partnership
from mapping.tables import each_row
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]


def test_overlap_by_hand(run: Run) -> None:
    # shares of tags   voice homes work
    # HOM              1/2   1/2   0
    # PRK              1/2   0     1/2
    # WRK              0     1/3   2/3
    pairs = find_board_pairs(run)
    assert list(zip(pairs["board_a"], pairs["board_b"], pairs["themes"], strict=True)) == [
        ("HOM", "PRK", ["voice"]),
        ("PRK", "WRK", ["work"]),
        ("HOM", "WRK", ["homes"]),
    ]
    assert list(pairs["overlap"]) == pytest.approx([1 / 2, 1 / 2, 1 / 3])
    assert list(zip(pairs["tags_a"], pairs["tags_b"], strict=True)) == [(2, 2), (2, 3), (2, 3)]
    assert list(pairs["stand_in"]) == [False, True, True]
    assert list(pairs["reading"]) == ["read", "not read", "not read"]


def test_a_board_without_tags_has_no_overlap_and_comes_last(make_city: MakeCity) -> None:
    changes = edit(
        "priorities.csv", ("Insulate cold homes,v", "Mend a roof,v"), ("Involve tenants in decisions", "Decide")
    )
    pairs = find_board_pairs(tag(make_city(changes)))
    assert list(pairs["overlap"].isna()) == [False, True, True]
    assert tuple(pairs.iloc[0][["board_a", "board_b"]]) == ("PRK", "WRK")


def test_priority_pairs_checked_by_eye(run: Run) -> None:
    pairs = find_priority_pairs(run)
    by_theme = {(row.priority_a, row.priority_b): row.themes for row in each_row(pairs)}
    assert by_theme == {
        ("HOM-01", "WRK-02"): ["homes"],
        ("PRK-02", "WRK-02"): ["work"],
        ("HOM-02", "PRK-03"): ["voice"],
        ("PRK-02", "WRK-01"): ["work"],
    }
    # "Insulate cold homes" stands whole in "Train apprentices to insulate cold homes"
    first = pairs.iloc[0]
    assert (first["priority_a"], first["priority_b"], bool(first["similar"])) == ("HOM-01", "WRK-02", True)


def test_texts_without_a_word_in_common_never_speak_of_the_same_thing(run: Run) -> None:
    """Review the office rota; resurface the car park: each holds a rare word, and not the same."""
    pairs = find_priority_pairs(run, same_wording=1e-6)
    assert ("HOM-03", "PRK-04") not in set(zip(pairs["priority_a"], pairs["priority_b"], strict=True))


def test_the_cut_is_a_setting(run: Run) -> None:
    wording = find_priority_pairs(run)["wording"].iloc[0]
    assert find_priority_pairs(run, same_wording=wording)["similar"].iloc[0]
    assert not find_priority_pairs(run, same_wording=wording + 1e-6)["similar"].any()


def test_rungs_checked_by_eye(run: Run) -> None:
    found = find_interdependencies(run)
    assert list(zip(found["board_a"], found["board_b"], found["rung"], strict=True)) == [
        ("HOM", "PRK", 0),
        ("HOM", "WRK", 2),
        ("PRK", "WRK", 2),
    ]
    assert list(found["pairs_0"]) == [
        ["HOM-02 + PRK-03"],
        ["HOM-01 + WRK-02"],
        ["PRK-02 + WRK-02", "PRK-02 + WRK-01"],
    ]
    assert list(found["pairs_1"]) == [[], [], []]
    assert list(found["says"]) == [RUNGS[0], RUNGS[2], RUNGS[2]]


def test_two_shared_themes_are_rung_1(make_city: MakeCity) -> None:
    add = "millbrook-themes,PRK-02,homes,add,Train apprentices as gardeners,AB,2019,\n"
    found = find_interdependencies(tag(make_city({"decisions.csv": CITY["decisions.csv"] + add})), same_wording=1.0)
    row = found[(found["board_a"] == "PRK") & (found["board_b"] == "WRK")].iloc[0]
    assert (row["rung"], row["pairs_1"], row["pairs_2"]) == (1, ["PRK-02 + WRK-02"], [])


def test_nothing_in_common_is_said_so(city: Partnership) -> None:
    found = find_interdependencies(tag(city, in_force_on="1900"))
    assert found["rung"].isna().all()
    assert set(found["says"]) == {"not read, so nothing can be said"}  # nothing was in force


def test_overlap_is_a_share_and_the_same_both_ways(derby: Partnership, derby_run: Run) -> None:
    pairs = find_board_pairs(derby_run)
    assert len(pairs) == len(list(combinations(derby_run.boards["board"], 2)))
    assert pairs["overlap"].dropna().between(0, 1).all()
    turned = Partnership(
        derby.info,
        derby.boards.iloc[::-1].reset_index(drop=True),
        derby.strategies,
        derby.priorities,
        derby.decisions,
        derby.framework,
    )

    def by_pair(table: pd.DataFrame) -> dict[frozenset[str], float]:
        return {frozenset((row.board_a, row.board_b)): row.overlap for row in each_row(table)}

    assert by_pair(find_board_pairs(tag(turned))) == pytest.approx(by_pair(pairs), nan_ok=True)


def test_pairs_of_derby_agree_with_its_tags(derby_run: Run) -> None:
    carried = derby_run.standing_tags.groupby("priority")["theme"].agg(set).to_dict()
    board = dict(zip(derby_run.priorities["priority"], derby_run.priorities["board"], strict=True))
    pairs = find_priority_pairs(derby_run)
    for row in each_row(pairs):
        assert board[row.priority_a] == row.board_a != row.board_b == board[row.priority_b]
        assert set(row.themes) == carried.get(row.priority_a, set()) & carried.get(row.priority_b, set())
        assert row.themes or row.similar
        assert 0 <= row.wording <= 1
    assert pairs["wording"].is_monotonic_decreasing


# --- links from board to board -----------------------------------------------------------------------------

PASSAGES = """\
passage,board,strategy,text,wording
HOM-P1,HOM,HOM-S,"Rent is due. Train apprentices by working with the Work Board.",verbatim
HOM-P2,HOM,HOM-S,Green roofs alongside the Parks Board,verbatim
PRK-P1,PRK,PRK-S,"Ponds contribute to the Homes Strategy, and keep streets cool.",verbatim
WRK-P1,WRK,WRK-NEWS,Work Board members visited the Parks Plan launch,verbatim
WRK-P2,WRK,,The Work Board depends on the Housing Board,restated
"""
LINKS = "from_board,to_board,decision,words,reviewer,time,note\n"


def climb(make_city: MakeCity, links: str = "", passages: str = PASSAGES) -> pd.DataFrame:
    """Return the links of the city with passages and people's decisions, by pair."""
    return find_links(tag(make_city({"passages.csv": passages, "links.csv": LINKS + links}))).set_index(
        ["from_board", "to_board"]
    )


def test_the_ladder_by_hand(make_city: MakeCity) -> None:
    links = climb(make_city)
    assert list(links.index) == list(permutations(["HOM", "PRK", "WRK"], 2))
    assert links["rung"].tolist() == [3, 4, 4, 2, 2, 3]
    assert links["says"].tolist() == [RUNGS[rung] for rung in (3, 4, 4, 2, 2, 3)]
    assert links["direction"].tolist() == [["joint"], ["leans on"], ["supports"], [], [], []]
    assert links["pattern"].tolist() == [["alongside"], ["by working * with"], ["contribut* * to"], [], [], []]
    assert links["passages"].tolist() == [
        ["HOM-P2: Green roofs alongside the Parks Board"],
        ["HOM-P1: Train apprentices by working with the Work Board."],
        ["PRK-P1: Ponds contribute to the Homes Strategy, and keep streets cool."],
        [],
        [],
        ["WRK-P1 (stand-in): Work Board members visited the Parks Plan launch"],
    ]
    assert links["mutual"].tolist() == [True, False, True, False, False, False]
    # of the passage on rung 4 and of the pairs on rung 2: HOM-P1 tells of apprentices
    assert links["themes"].tolist() == [[], ["work"], [], ["work"], ["homes"], []]


def test_lower_rungs_are_the_same_both_ways_and_stay_listed(make_city: MakeCity) -> None:
    links = climb(make_city)
    for a, b in combinations(["HOM", "PRK", "WRK"], 2):
        for evidence in ("evidence_0", "evidence_1", "evidence_2"):
            assert links.loc[(a, b), evidence] == links.loc[(b, a), evidence]
    assert links.loc[("HOM", "WRK"), "evidence_2"] == ["HOM-01 + WRK-02"]


def test_an_interdependency_is_a_link_both_ways(make_city: MakeCity) -> None:
    found = find_interdependencies(tag(make_city({"passages.csv": PASSAGES})))
    columns = ["board_a", "board_b", "rung", "rung_ab", "rung_ba", "mutual"]
    assert found[columns].to_numpy().tolist() == [
        ["HOM", "PRK", 4, 3, 4, True],
        ["HOM", "WRK", 4, 4, 2, False],
        ["PRK", "WRK", 3, 2, 3, False],
    ]
    assert found["passages"].map(len).tolist() == [2, 1, 1]


def test_restated_text_never_climbs(make_city: MakeCity) -> None:
    before = climb(make_city)["rung"]
    links = climb(make_city, passages=PASSAGES.replace("verbatim", "restated"))
    assert links["rung"].tolist() == [0, 2, 0, 2, 2, 2]
    assert links["passages"].map(len).sum() == 0
    assert (links["rung"] <= before).all()


def test_passages_given_in_code_are_read_like_those_of_the_tables(run: Run, make_city: MakeCity) -> None:
    table = make_city({"passages.csv": PASSAGES}).passages
    pd.testing.assert_frame_equal(
        find_links(run, table.drop(columns="line")).set_index(["from_board", "to_board"]), climb(make_city)
    )
    assert find_interdependencies(run, table)["rung"].tolist() == [4, 4, 3]
    assert find_links(run)["rung"].tolist() == [0, 2, 0, 2, 2, 2]  # the run itself is as it was


# --- people's decisions ------------------------------------------------------------------------------------

P1 = "Train apprentices by working with the Work Board."


def test_a_person_confirms_a_link_on_its_words(make_city: MakeCity) -> None:
    row = climb(make_city, "HOM,WRK,confirm,train  apprentices by working with the WORK board,AB,2019-01-28,\n").loc[
        ("HOM", "WRK")
    ]
    assert (row["rung"], row["says"], row["status"]) == (5, RUNGS[5], "confirmed")
    assert row["confirmed_by"] == ["AB, 2019-01-28"]
    assert row["passages"] == [f"HOM-P1: {P1}"]
    assert row["themes"] == ["work"]


def test_a_person_may_confirm_on_words_that_name_nobody(make_city: MakeCity) -> None:
    row = climb(make_city, "WRK,HOM,confirm,Train apprentices to insulate cold homes,AB,,\n").loc[("WRK", "HOM")]
    assert (row["rung"], row["confirmed_by"], row["themes"]) == (5, ["AB"], ["homes", "work"])
    assert row["passages"] == ["WRK-02 (restated, stand-in): Train apprentices to insulate cold homes"]


def test_a_rejected_passage_is_no_evidence(make_city: MakeCity) -> None:
    row = climb(make_city, f"HOM,WRK,reject,{P1},AB,2019-01-28,\n").loc[("HOM", "WRK")]
    assert (row["rung"], row["passages"], row["status"]) == (2, [], "rejected")
    whole = climb(make_city, f"HOM,WRK,reject,Rent is due. {P1},AB,2019-01-28,\n").loc[("HOM", "WRK")]
    assert (whole["rung"], whole["status"]) == (2, "rejected")


def test_reviewers_who_differ_leave_it_disputed(make_city: MakeCity) -> None:
    both = f"HOM,WRK,confirm,{P1},AB,2019-01-28,\nHOM,WRK,reject,{P1},CD,2019-01-29,\n"
    row = climb(make_city, both).loc[("HOM", "WRK")]
    assert (row["rung"], row["status"], row["confirmed_by"]) == (4, "disputed", [])
    settled = climb(make_city, both + f"HOM,WRK,confirm,{P1},cd,2019-02-01,\n").loc[("HOM", "WRK")]
    assert (settled["rung"], settled["status"]) == (5, "confirmed")
    assert settled["confirmed_by"] == ["AB, 2019-01-28", "cd, 2019-02-01"]


def test_a_decision_on_other_words_waits_and_is_never_dropped(make_city: MakeCity) -> None:
    links = (
        f"HOM,WRK,confirm,Train apprentices with the Work Board,AB,2019-01-28,\n"
        f"WRK,HOM,confirm,{P1},AB,2019-01-28,words of another board\n"
        "RIV,HOM,reject,Keep the river clean,AB,,\nPRK,HOM,confirm,?!,AB,,\n"
        f"HOM,WRK,confirm,{P1},AB,2019-02-28,\n"
    )
    run = tag(make_city({"passages.csv": PASSAGES, "links.csv": LINKS + links}))
    decisions = find_link_decisions(run)
    assert list(zip(decisions["outcome"], decisions["why"], strict=True)) == [
        ("check again", "no text of HOM that was read has these words"),
        ("check again", "no text of WRK that was read has these words"),
        ("orphaned", "board RIV is not mapped here"),
        ("check again", "no text of PRK that was read has these words"),
        ("applied", ""),
    ]
    assert len(decisions) == 5
    found = find_links(run).set_index(["from_board", "to_board"])
    assert found.loc[("WRK", "HOM"), ["rung", "status"]].tolist() == [2, "check again"]
    assert found.loc[("PRK", "HOM"), ["rung", "status"]].tolist() == [4, "check again"]
    assert found.loc[("HOM", "WRK"), ["rung", "status"]].tolist() == [5, "confirmed"]
    assert state_ladder(run)[-1] == "Of 5 decisions of people on links: applied 1, check again 3, orphaned 1."


# --- in words ----------------------------------------------------------------------------------------------


def test_the_state_of_the_ladder_in_words(make_city: MakeCity, derby_run: Run) -> None:
    run = tag(make_city({"passages.csv": PASSAGES}))
    assert state_ladder(run) == [
        "Highest rung of evidence, of 6 ordered pairs of boards: 2 for 2, 3 for 2, 4 for 2.",
        "Pairs on rung 3 or more, where a text of one board names the other or a person confirmed the link: 4 of 6; "
        "both ways: 1 of 3.",
        "4 of 14 texts are restated; on rungs 3 and 4 only the others can stand.",
    ]
    assert state_ladder(derby_run)[-1] == (
        "88 of 88 texts are restated, so rungs 3 and 4 stay empty until the documents are read."
    )
    assert (find_links(derby_run)["rung"].dropna() <= 2).all()


def test_one_board_has_no_links(make_city: MakeCity) -> None:
    alone = CITY["boards.csv"].replace("board,no,yes", "board,no,no")
    run = tag(make_city({"boards.csv": alone}))
    assert find_links(run).empty
    assert find_interdependencies(run).empty
    assert state_ladder(run) == ["There is one board only, so there are no links between boards."]


# --- for any texts -----------------------------------------------------------------------------------------

PIECES = [
    "Homes Board", "the Parks Board", "Work Strategy", "by working with", "contribute to", "alongside", "do not",
    "apprentices", "cold homes", "ask residents", ". ", ";", "and", "HOMES BOARD", "\u202e", "<b>",
]  # fmt: skip
DECISIONS = st.tuples(
    st.sampled_from(["HOM", "PRK", "WRK"]), st.sampled_from(["HOM", "PRK", "WRK"]),
    st.sampled_from(["confirm", "reject"]), st.integers(0, 5), st.sampled_from(["AB", "CD"]),
    st.sampled_from(["", "2019", "2020"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["HOM", "PRK", "WRK"]),
            st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map(" ".join),
            st.sampled_from(["verbatim", "restated"]),
        ),
        min_size=1,
        max_size=6,
    ),
    st.lists(DECISIONS, max_size=5),
)
def test_nothing_stands_on_rung_3_or_more_without_a_passage(
    city: Partnership,
    texts: Sequence[tuple[str, str, str]],
    decisions: Sequence[tuple[str, str, str, int, str, str]],
) -> None:
    rows = [
        (a, b, decided, texts[n % len(texts)][1], who, when, "")
        for a, b, decided, n, who, when in decisions
        if a != b and texts[n % len(texts)][1].strip()
    ]
    judged = replace(city, links=pd.DataFrame(rows, columns=LINKS.strip().split(",")))
    run = tag(judged)
    passages = pd.DataFrame(texts, columns=["board", "text", "wording"])
    links = find_links(run, passages)
    verbatim = {f"passage {n}" for n, (_, _, wording) in enumerate(texts, start=1) if wording == "verbatim"}
    for row in each_row(links):
        high = not pd.isna(row.rung) and row.rung >= 3
        assert bool(row.passages) == high
        assert bool(row.confirmed_by) == (not pd.isna(row.rung) and row.rung == 5) == (row.status == "confirmed")
        if high and row.rung < 5:  # only the source's own words climb by themselves, and never to rung 5
            assert {passage.split(":")[0].split(" (")[0] for passage in row.passages} <= verbatim | set(
                run.priorities.loc[run.priorities["wording"] == "verbatim", "priority"]
            )
        if high and row.rung == 4:
            assert set(row.direction) & {"leans on", "supports"}
    assert (links["rung"].dropna() < 5).all() or rows
    outcome = find_link_decisions(run, passages)["outcome"]
    assert len(outcome) == len(rows)
    assert set(outcome) <= {"applied", "check again", "orphaned"}
    turned = find_links(run, passages.iloc[::-1].assign(passage=[f"passage {n}" for n in range(len(texts), 0, -1)]))
    assert turned["rung"].tolist() == links["rung"].tolist()
