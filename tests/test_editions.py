"""Two editions: which priority became which, what becomes of decisions, and what may only be set side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import pytest
from conftest import CITY, edit

from mapping.editions import (
    CARRIED,
    KINDS,
    carry_decisions,
    count_carried,
    list_checks,
    match_editions,
    select_strategy,
    set_beside,
    turn_round,
)
from mapping.editions.record import list_moved
from mapping.editions.wording import describe_change, describe_cut, list_stems, measure_likeness
from mapping.errors import MappingError, UnknownNameError
from mapping.partnership import Partnership, load_derby_2009
from mapping.schema import DECISIONS
from mapping.tables import each_row
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]
Found = list[tuple[str, list[str], list[str]]]
TEXTS, STRATEGIES, BOARDS = "priorities.csv", "strategies.csv", "boards.csv"


def table(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["priority", "text"])


def match(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> Found:
    return [(row.kind, row.earlier, row.later) for row in each_row(match_editions(table(*old), table(*new)))]


def find_changed(earlier: Partnership, later: Partnership) -> Found:
    """Return the matches other than of the same words under the same id."""
    rows = each_row(match_editions(earlier, later))
    return [(r.kind, r.earlier, r.later) for r in rows if r.kind != "same" or r.earlier != r.later]


# --- wordings ----------------------------------------------------------------------------------------------


def test_likeness_is_twice_the_shared_words_over_all_words() -> None:
    # insulate cold homes; insulate damp homes: two of three words are in both.
    assert measure_likeness(list_stems("Insulate cold homes"), list_stems("Insulate the damp homes")) == pytest.approx(
        2 * 2 / (3 + 3)
    )
    assert measure_likeness(list_stems("Cold homes, cold schools"), list_stems("Cold homes")) == pytest.approx(4 / 6)
    assert measure_likeness(list_stems("Plant trees"), list_stems("Repair roads")) == 0


def test_a_text_of_function_words_alone_still_has_words() -> None:
    assert measure_likeness(list_stems("Not without us"), list_stems("Not without us")) == 1
    assert measure_likeness(list_stems("..."), list_stems("...")) == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Insulate cold homes", "Insulate damp homes", "'cold' became 'damp'"),
        ("Insulate cold homes", "insulate COLD homes.", ""),
        ("Insulate homes", "Do not insulate homes", "added 'Do not'"),
        ("Insulate all cold homes", "Insulate homes", "left out 'all cold'"),
        ("a b c d e f g h i j", "a", "left out 'b c d e f g h i …'"),
        ("a x b x c x d x e x f x", "a b c d e f", "; ".join(["left out 'x'"] * 5) + "; and 1 more"),
    ],
)
def test_what_changed_is_said_in_words(old: str, new: str, said: str) -> None:
    assert describe_change(old, new) == said


def test_what_a_split_left_out_and_added_is_said() -> None:
    parts = ["Insulate homes", "Plant young trees"]
    assert describe_cut("Insulate cold homes, plant trees", parts, merged=False) == "left out 'cold'; added 'young'"
    assert describe_cut("Insulate cold homes, plant trees", parts, merged=True) == "left out 'young'; added 'cold'"


# --- matching ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            [("A", "Insulate cold homes")], [("B", "INSULATE  cold homes!")], [("same", ["A"], ["B"])],
            id="the same words under another id, in other letters",
        ),
        pytest.param(
            [("A", "Insulate cold homes"), ("B", "Plant trees"), ("C", "Repair roads")],
            [("A", "Plant trees"), ("B", "Repair roads"), ("C", "Insulate cold homes")],
            [("same", ["B"], ["A"]), ("same", ["C"], ["B"]), ("same", ["A"], ["C"])],
            id="all ids dealt out anew",
        ),
        pytest.param(
            [("A", "Insulate cold homes")], [("A", "Insulate damp homes")], [("reworded", ["A"], ["A"])],
            id="two words of three stayed",
        ),
        pytest.param(
            [("A", "Insulate cold homes")], [("A", "Resurface the ring road")],
            [("new", [], ["A"]), ("gone", ["A"], [])],
            id="an id that stayed on other words",
        ),
        pytest.param(
            [("A", "cold homes, warm schools")], [("A", "cold homes, new roads")], [("reworded", ["A"], ["A"])],
            id="half of the words stayed: at the cut",
        ),
        pytest.param(
            [("A", "cold homes, warm schools")], [("A", "cold streets, new roads")],
            [("new", [], ["A"]), ("gone", ["A"], [])],
            id="a quarter stayed",
        ),
        pytest.param(
            [("A", "Insulate cold homes and plant street trees")],
            [("A", "Insulate cold homes"), ("B", "Plant street trees")],
            [("split", ["A"], ["A", "B"])],
            id="split",
        ),
        pytest.param(
            [("A", "Insulate cold homes"), ("B", "Plant street trees")],
            [("C", "Insulate cold homes and plant street trees")],
            [("merged", ["A", "B"], ["C"])],
            id="merged",
        ),
        pytest.param(
            [("A", "Insulate cold homes and plant street trees")],
            [("A", "Insulate cold homes and plant street trees"), ("B", "Insulate cold homes")],
            [("same", ["A"], ["A"]), ("new", [], ["B"])],
            id="a part that appears beside the whole is new",
        ),
        pytest.param(
            [("A", "Insulate cold homes and plant street trees")],
            [("A", "Insulate homes"), ("B", "Resurface the ring road")],
            [("reworded", ["A"], ["A"]), ("new", [], ["B"])],
            id="one part alone is no split",
        ),
        pytest.param(
            [("A", "Insulate cold homes and plant street trees")],
            [("A", "Insulate cold homes"), ("B", "Plant bulbs in every local park")],
            [("reworded", ["A"], ["A"]), ("new", [], ["B"])],
            id="a text with one word of the whole is no part of it",
        ),
        pytest.param(
            [("A", "Insulate cold homes"), ("B", "Insulate cold homes")],
            [("B", "Insulate cold homes"), ("C", "Insulate cold homes")],
            [("same", ["B"], ["B"]), ("same", ["A"], ["C"])],
            id="twice the same words: the same id first",
        ),
        pytest.param(
            [("A", "Insulate cold homes in winter"), ("B", "Insulate cold schools")],
            [("X", "Insulate cold homes"), ("Y", "Insulate cold schools in winter")],
            [("reworded", ["A"], ["X"]), ("reworded", ["B"], ["Y"])],
            id="the most alike first",
        ),
        pytest.param([], [("A", "Plant trees")], [("new", [], ["A"])], id="from nothing"),
        pytest.param([("A", "Plant trees")], [], [("gone", ["A"], [])], id="to nothing"),
    ],
)  # fmt: skip
def test_which_priority_became_which(
    old: list[tuple[str, str]], new: list[tuple[str, str]], expected: Found
) -> None:  # fmt: skip
    assert match(old, new) == expected


def test_each_priority_is_matched_once(derby: Partnership) -> None:
    later = derby.priorities.assign(text=[" ".join(text.split()[:-1]) or text for text in derby.priorities["text"]])
    found = match_editions(derby.priorities.assign(strategy="one"), later.assign(strategy="one"))
    for side, own in (("earlier", derby.priorities), ("later", later)):
        assert sorted(name for names in found[side] for name in names) == sorted(own["priority"])
    assert set(found["kind"]) <= set(KINDS)


def test_the_order_of_the_rows_changes_no_match_of_derby(derby: Partnership) -> None:
    turned = derby.priorities.iloc[::-1].reset_index(drop=True)
    found = match_editions(derby.priorities.assign(strategy="one"), turned.assign(strategy="one"))
    assert set(found["kind"]) == {"same"}
    assert all(old == new for old, new in zip(found["earlier"], found["later"], strict=True))


def test_turned_round_twice_is_the_match_itself() -> None:
    found = match_editions(
        table(("A", "Insulate cold homes and plant street trees"), ("D", "Repair roads")),
        table(("B", "Insulate cold homes"), ("C", "Plant street trees"), ("E", "Keep the river clean")),
    )
    back = turn_round(found)
    assert list(back["kind"]) == ["merged", "gone", "new"]
    assert list(turn_round(back)["kind"]) == list(found["kind"])
    assert list(back["earlier"]) == list(found["later"])


def test_boards_keep_to_themselves(make_city: MakeCity, city: Partnership) -> None:
    # The same words said by another board under another id are its own commitment.
    later = make_city(edit(TEXTS, ("HOM-03,HOM-S,Review the office rota", "PRK-09,PRK-S,Review the office rota")))
    assert find_changed(city, later) == [("new", [], ["PRK-09"]), ("gone", ["HOM-03"], [])]
    # Under the same id it was handed over.
    later = make_city(edit(TEXTS, ("HOM-03,HOM-S", "HOM-03,PRK-S")))
    assert find_changed(city, later) == []


def test_a_board_that_follows_another_has_its_priorities(make_city: MakeCity, city: Partnership) -> None:
    boards = edit(BOARDS, ("aliases\n", "aliases,follows\n"), ("HOM,Homes Board", "HSG,Housing and Homes Board"))
    text = str(boards[BOARDS]).replace("Housing Board\n", "Housing Board,HOM\n").replace(",yes,\n", ",yes,,\n")
    text = text.replace("no,no,\n", "no,no,,\n")
    changes = {
        BOARDS: text,
        **edit(STRATEGIES, ("HOM-S,HOM,", "HOM-S,HSG,")),
        **edit(TEXTS, ("HOM-01", "HSG-01"), ("Involve tenants in decisions", "Involve renters in decisions")),
    }
    later = make_city(changes)
    assert find_changed(city, later) == [("same", ["HOM-01"], ["HSG-01"]), ("reworded", ["HOM-02"], ["HOM-02"])]
    assert set(match_editions(city, later)["board"]) == {"HSG", "PRK", "WRK", "RIV"}


def test_a_stand_in_is_no_edition_of_the_named_strategy(make_city: MakeCity, city: Partnership) -> None:
    read = edit(STRATEGIES, ("named,no", "named,yes"))
    other_words = edit(
        TEXTS, ("WRK-01,WRK-NEWS,Create apprenticeships for", "WRK-01,WRK-S,Create more apprenticeships for")
    )
    assert find_changed(city, make_city({**read, **other_words})) == [
        ("new", [], ["WRK-01"]),
        ("gone", ["WRK-01"], []),
    ]
    same_words = edit(TEXTS, ("WRK-01,WRK-NEWS,", "WRK-11,WRK-S,"))
    assert find_changed(city, make_city({**read, **same_words})) == [("same", ["WRK-01"], ["WRK-11"])]


def test_a_run_matches_what_it_maps(city: Partnership) -> None:
    assert len(match_editions(tag(city), tag(city))) == 9
    assert len(match_editions(city, city)) == 10


def test_what_is_no_edition_of_it_is_refused(city: Partnership, derby: Partnership, run: Run) -> None:
    with pytest.raises(MappingError, match="are different partnerships"):
        match_editions(city, derby)
    own = derby.priorities
    plans = [own[own["strategy"] == code] for code in ("DP-2016", "DP-PLAN")]
    with pytest.raises(MappingError, match=r"different strategies \(DP-2016, DP-PLAN\)"):
        match_editions(*plans)
    with pytest.raises(MappingError, match="two runs, two partnerships"):
        match_editions(run, own)


# --- set side by side --------------------------------------------------------------------------------------


def test_side_by_side_has_numbers_and_shares_and_no_difference(run: Run, city: Partnership) -> None:
    found = set_beside(run, tag(city, neighbours=True))
    assert list(found["theme"]) == ["voice", "homes", "work", "river", "any theme"]
    assert list(found["tagged_first"]) == [2, 2, 3, 0, 6]
    assert list(found["tagged_second"]) == [2, 2, 3, 1, 7]
    assert list(found["share_first"]) == [2 / 8, 2 / 8, 3 / 8, 0, 6 / 8]
    assert list(found["share_second"]) == pytest.approx([2 / 9, 2 / 9, 3 / 9, 1 / 9, 7 / 9])
    assert not [name for name in found if "change" in name or "diff" in name]


def test_side_by_side_board_by_board(derby_run: Run) -> None:
    found = set_beside(tag(load_derby_2009()), derby_run, by="board")
    pairs = list(dict.fromkeys(zip(found["board_first"], found["board_second"], strict=True)))
    assert pairs == [("CYP", "CFL"), ("HTH", "HWB"), ("SSC", "SCB"), ("CGR", "DRB"), ("CUL", "CLB")]
    assert len(found) == 5 * 6
    # A nought of a board whose strategy was not read says nothing, and the table says so.
    culture = found[found["board_second"] == "CLB"]
    assert set(culture["reading_first"]) == {"not read"}


def test_boards_without_a_counterpart_stand_alone(make_city: MakeCity, run: Run) -> None:
    fewer = {
        BOARDS: CITY[BOARDS].replace("PRK,Parks Board,Parks,Parks,board,no,yes,\n", ""),
        STRATEGIES: CITY[STRATEGIES].replace("PRK-S,PRK,", "PRK-S,HOM,"),
    }
    found = set_beside(run, tag(make_city(fewer)), by="board").drop_duplicates(["board_first", "board_second"])
    assert list(zip(found["board_first"], found["board_second"], strict=True)) == [
        ("HOM", "HOM"),
        ("WRK", "WRK"),
        ("PRK", ""),
    ]
    assert list(found["priorities_second"]) == [6, 2, 0]


def test_the_two_derby_plans_are_set_beside_one_another(derby: Partnership) -> None:
    # DP-2016 is the City Council's own plan, filed with the partnership; DP-PLAN is the partnership's. They run at the
    # same time and share no priority, so neither is an edition of the other.
    run = tag(derby, neighbours=True)
    plans = [select_strategy(run, code) for code in ("DP-2016", "DP-PLAN")]
    found = set_beside(*plans)
    assert set(found["priorities_first"]) == {5}
    assert set(found["priorities_second"]) == {11}
    one_code = [plan.priorities.assign(strategy="DP") for plan in plans]
    assert set(match_editions(*one_code)["kind"]) == {"new", "gone"}
    notes = derby.strategies.set_index("strategy")["note"]
    assert "The City Council's plan" in notes["DP-2016"]


def test_what_cannot_be_set_side_by_side_is_refused(run: Run, derby_run: Run) -> None:
    with pytest.raises(MappingError, match="different themes"):
        set_beside(run, derby_run)
    with pytest.raises(UnknownNameError, match=r"Order 'boards' is not known\. Did you mean 'board'"):
        set_beside(run, run, by="boards")
    with pytest.raises(UnknownNameError, match="Strategy 'HOM' is not known"):
        select_strategy(run, "HOM")


# --- decisions ---------------------------------------------------------------------------------------------

OLD = (
    ("A", "Insulate cold homes"),
    ("B", "Plant street trees"),
    ("C", "Keep the river clean and mend its banks"),
    ("D", "Repair roads"),
    ("E", "Open the museum"),
    ("F", "Open the library on Sundays"),
)
NEW = (
    ("1", "insulate cold homes."),
    ("2", "Plant young street trees"),
    ("3", "Keep the river clean"),
    ("4", "Mend the banks of the river"),
    ("5", "Open the museum, open the library on Sundays"),
)


def decide(*rows: tuple[str, str, str, str], framework: str = "themes") -> pd.DataFrame:
    """Return decisions: priority, decision, words, reviewer."""
    made = [
        (framework, p, "homes", said, words, who, f"2019-01-{n + 1:02d}", "")
        for n, (p, said, words, who) in enumerate(rows)
    ]
    return pd.DataFrame(made, columns=[column.name for column in DECISIONS])


def carry(decisions: pd.DataFrame) -> pd.DataFrame:
    return carry_decisions(decisions, match_editions(table(*OLD), table(*NEW)), table(*NEW))


@pytest.mark.parametrize(
    ("priority", "outcome", "becomes", "look_at"),
    [
        ("A", "applied", "1", []),
        ("B", "check again", "2", ["2"]),
        ("C", "check again", "3", ["3", "4"]),
        ("D", "orphaned", "D", []),
        ("E", "check again", "5", ["5"]),
    ],
)
def test_what_becomes_of_a_decision(priority: str, outcome: str, becomes: str, look_at: list[str]) -> None:
    row = carry(decide((priority, "confirm", dict(OLD)[priority], "AB"))).iloc[0]
    assert (row["outcome"], row["priority"], row["look_at"]) == (outcome, becomes, look_at)
    assert (row["priority_before"], row["words"]) == (priority, dict(OLD)[priority])
    assert bool(row["why"]) == (outcome != "applied")


def test_a_decision_to_check_is_a_suggestion_beside_both_wordings() -> None:
    carried = carry(decide(("B", "reject", "Plant street trees", "AB"), ("C", "confirm", OLD[2][1], "CD")))
    checks = list_checks(carried, table(*NEW))
    assert list(checks["priority"]) == ["2", "3", "4"]
    first = checks.iloc[0]
    assert (first["suggestion"], first["old_words"], first["new_words"]) == (
        "reject", "Plant street trees", "Plant young street trees",
    )  # fmt: skip
    assert (first["words_changed"], first["reviewer"], first["time"]) == ("added 'young'", "AB", "2019-01-01")
    assert set(checks["kind"]) == {"reworded", "split"}


def test_reviewers_who_disagree_are_both_kept() -> None:
    said = (("A", "confirm", OLD[0][1], "AB"), ("A", "reject", OLD[0][1], "CD"), ("A", "unsure", OLD[0][1], "EF"))
    assert list(carry(decide(*said))["outcome"]) == ["conflicting"] * 3
    # One of them comes round: the last word of each counts.
    later = (*said, ("A", "confirm", OLD[0][1], "cd"))
    assert list(carry(decide(*later))["outcome"]) == ["applied"] * 4


def test_every_decision_has_one_outcome() -> None:
    decisions = decide(*((p, "confirm", text, "AB") for p, text in OLD), ("Z", "add", "Nowhere", "AB"))
    counts = count_carried(carry(decisions))
    assert counts == {
        "applied": 1,
        "conflicting": 0,
        "check again": 4,
        "superseded": 0,
        "orphaned": 2,
        "other framework": 0,
    }
    assert list(counts) == list(CARRIED)
    assert sum(counts.values()) == len(decisions)


def test_a_decision_on_words_of_long_ago_waits_until_they_return() -> None:
    stale = decide(("B", "confirm", "Plant young street trees", "AB"))
    assert carry(stale).iloc[0][["outcome", "priority"]].tolist() == ["applied", "2"]
    stale = decide(("A", "confirm", "Insulate warm homes", "AB"))
    row = carry(stale).iloc[0]
    assert (row["outcome"], row["priority"], row["why"]) == (
        "check again",
        "1",
        "it was judged on earlier words already",
    )


def test_of_two_that_say_the_same_in_one_board_either_keeps_the_decision() -> None:
    old, new = table(("A", "Plant trees"), ("B", "Plant trees")), table(("B", "Plant trees"))
    carried = carry_decisions(decide(("A", "confirm", "Plant trees", "AB")), match_editions(old, new), new)
    assert list(carried[["outcome", "priority", "kind"]].iloc[0]) == ["applied", "B", "gone"]


def test_two_boards_that_say_the_same_keep_their_own_decisions_when_ids_are_dealt_anew(
    make_city: MakeCity,
) -> None:
    twin = edit(TEXTS, ("Resurface the car park", "Review the office rota"))
    dealt = {TEXTS: str(twin[TEXTS]).replace("HOM-03,", "NEW-01,").replace("PRK-04,", "HOM-03,")}
    earlier, later = make_city(twin), make_city(dealt)
    assert find_changed(earlier, later) == [("same", ["HOM-03"], ["NEW-01"]), ("same", ["PRK-04"], ["HOM-03"])]
    decisions = decide(
        ("HOM-03", "confirm", "Review the office rota", "AB"), ("PRK-04", "reject", "Review the office rota", "CD"),
        framework="millbrook-themes",
    )  # fmt: skip
    carried = carry_decisions(decisions, match_editions(earlier, later), later)
    assert list(carried["priority"]) == ["NEW-01", "HOM-03"]
    assert list(carried["outcome"]) == ["applied", "applied"]


def test_a_record_left_under_an_id_that_went_to_another_is_superseded() -> None:
    old, new = table(("A", "Repair roads"), ("B", "Plant trees")), table(("A", "Repair roads"), ("C", "Plant trees"))
    # Planting trees was A when it was judged; the judgement was carried to B, and A is another priority since.
    decisions = pd.concat([decide((p, "confirm", "Plant trees", "AB")) for p in "AB"], ignore_index=True)
    carried = carry_decisions(decisions, match_editions(old, new), new)
    assert list(zip(carried["priority"], carried["outcome"], strict=True)) == [("A", "superseded"), ("C", "applied")]
    assert carried["why"].iloc[0] == "the same judgement counts under C"
    assert list(list_moved(carried)["priority"]) == ["C"]
    # It is asked about once, where it stands, when its words have changed as well.
    new = table(("A", "Repair roads"), ("C", "Plant street trees"))
    carried = carry_decisions(decisions, match_editions(old, new), new)
    assert list(carried["outcome"]) == ["superseded", "check again"]
    assert list(list_checks(carried, new)["priority"]) == ["C"]


def test_words_of_another_board_are_not_taken_for_those_of_an_id_that_came_to_it(make_city: MakeCity) -> None:
    # HOM-03 was judged as it stood in the Homes Board. It went, and its id to a priority of the Parks Board, where
    # another says what HOM-03 said.
    city = make_city(edit(
        TEXTS, ("HOM-03,HOM-S,Review the office rota", "HOM-03,PRK-S,Open the museum"),
        ("Resurface the car park", "Review the office rota"),
    ))  # fmt: skip
    decisions = decide(("HOM-03", "confirm", "Review the office rota", "AB"), framework="millbrook-themes")
    row = carry_decisions(decisions, match_editions(city, city), city).iloc[0]
    assert (row["outcome"], row["priority"]) == ("check again", "HOM-03")


def test_each_part_of_a_split_is_put_on_record_to_be_checked() -> None:
    carried = carry(
        decide(("C", "confirm", OLD[2][1], "AB"), ("A", "confirm", OLD[0][1], "AB"), ("D", "add", OLD[3][1], "AB"))
    )
    moved = list_moved(carried)
    assert list(moved["priority"]) == ["3", "4", "1"]
    assert list(moved["words"]) == [OLD[2][1], OLD[2][1], OLD[0][1]]
    assert list(moved.columns) == [column.name for column in DECISIONS]


def test_the_same_words_of_another_board_are_asked_about(make_city: MakeCity, city: Partnership) -> None:
    later = make_city(edit(TEXTS, ("HOM-03,HOM-S,Review the office rota", "PRK-09,PRK-S,Review the office rota")))
    decisions = decide(("HOM-03", "confirm", "Review the office rota", "AB"), framework="millbrook-themes")
    carried = carry_decisions(decisions, match_editions(city, later), later)
    row = carried.iloc[0]
    # It keeps its old id until a person has looked: under the new one it would be applied.
    assert (row["outcome"], row["priority"], row["look_at"]) == ("check again", "HOM-03", ["PRK-09"])
    assert row["why"] == "the same words now stand elsewhere"


def test_decisions_on_other_themes_wait(city: Partnership) -> None:
    decisions = decide(("HOM-01", "confirm", "Insulate cold homes", "AB"), framework="closing-the-gap")
    carried = carry_decisions(decisions, match_editions(city, city), city)
    assert list(carried["outcome"]) == ["other framework"]


def test_no_decisions_carry_to_none() -> None:
    carried = carry(decide())
    assert carried.empty
    assert list_checks(carried, table(*NEW)).empty
    assert set(count_carried(carried).values()) == {0}


def test_carried_decisions_are_applied_by_tag(make_city: MakeCity) -> None:
    own = "millbrook-themes,HOM-01,homes,confirm,Insulate cold homes,AB,2019,\n"
    earlier = make_city({"decisions.csv": CITY["decisions.csv"] + own})
    later = make_city(edit(TEXTS, ("HOM-01,", "HOM-11,")))
    carried = carry_decisions(earlier.decisions, match_editions(earlier, later), later)
    assert list(carried["priority"]) == ["HOM-11"]
    rows = "".join(
        f"{r.framework},{r.priority},{r.theme},{r.decision},{r.words},{r.reviewer},{r.time},\n"
        for r in each_row(carried)
    )
    run = tag(make_city({**edit(TEXTS, ("HOM-01,", "HOM-11,")), "decisions.csv": CITY["decisions.csv"] + rows}))
    assert list(run.tags.loc[run.tags["status"] == "confirmed", "priority"]) == ["HOM-11"]
