"""Whose words a board's priorities speak: keyness and shares worked by hand on three small boards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log
from time import perf_counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.partnership import Partnership
from mapping.remit import (
    FEWEST_TEXTS,
    LEAST_KEYNESS,
    find_remit_links,
    find_remit_passages,
    find_remits,
    measure_keyness,
    measure_remit,
)
from mapping.tables import each_row
from mapping.tags import Run, tag

#: Each board has four texts of two words that count; "quality" and "plan" are words of planning and do not.
TEXTS = {
    "HOM": ["damp roofs", "damp walls", "damp tenants plan", "oaks gutters"],
    "PRK": ["oaks meadows quality", "oaks hedges", "oaks swings", "ponds swings"],
    "WRK": ["welders apprentices", "welders trainees", "damp cellars", "clerks typists"],
}


def make_run(city: Partnership, texts: dict[str, list[str]], wording: str = "restated", **settings: object) -> Run:
    """Return the made-up city with other priorities, in the named strategy of each board."""
    rows = [
        (f"{board}-{n:02d}", board, f"{board}-S", text, wording)
        for board, own in texts.items()
        for n, text in enumerate(own, start=1)
    ]
    table = pd.DataFrame(rows, columns=["priority", "board", "strategy", "text", "wording"])
    table = table.assign(level="priority", parent="", line=range(len(table)))
    return tag(replace(city, priorities=table, decisions=city.decisions.iloc[:0]), **settings)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def spoken(city: Partnership) -> Run:
    return make_run(city, TEXTS)


def test_keyness_by_hand() -> None:
    # 3 of 4 against 1 of 12: expected 1 and 3
    assert measure_keyness(3, 1, 4, 12) == pytest.approx(2 * (3 * log(3) + log(1 / 3)))
    assert measure_keyness(3, 0, 4, 12) == pytest.approx(2 * 3 * log(3 / (4 * 3 / 16)))
    assert measure_keyness(1, 3, 4, 12) == pytest.approx(0)  # as common in both
    assert list(measure_keyness(np.array([0, 2]), np.array([0, 0]), 4, 0)) == [0, 0]  # nothing to set it against


def test_remits_by_hand(spoken: Run) -> None:
    # Eight uses of words a board. swings: 2 of 8 in PRK, 0 of 16 elsewhere, so 2 x 8 / 24 expected; welders alike.
    # damp: 3 of 8 in HOM, 1 of 16 elsewhere; 2 (3 ln(9/4) + ln(3/8)) = 2.9 is under the cut; oaks alike.
    found = find_remits(spoken)
    assert found.drop(columns="g2").to_numpy().tolist() == [
        ["PRK", "swings", 2, 4, 0.667],
        ["WRK", "welders", 2, 4, 0.667],
    ]
    assert found["g2"].tolist() == pytest.approx([4 * log(3), 4 * log(3)], abs=1e-3)
    assert 2 * (3 * log(9 / 4) + log(3 / 8)) < LEAST_KEYNESS < 4 * log(3)


def test_remit_links_by_hand(spoken: Run) -> None:
    """The speaker is left out: without WRK, damp is 3 of 8 in HOM and 0 of 8 in PRK, 6 ln 2 = 4.2; so are oaks."""
    links = find_remit_links(spoken)
    assert links.drop(columns="share").to_numpy().tolist() == [
        ["HOM", "PRK", 1, 4, 1, ["HOM-04"], ["oaks"]],
        ["HOM", "WRK", 0, 4, 0, [], []],  # welders: 2 of 8 against 0 of 8, 4 ln 2 = 2.8
        ["PRK", "HOM", 0, 4, 0, [], []],  # damp: 3 of 8 against 1 of 8
        ["PRK", "WRK", 0, 4, 0, [], []],
        ["WRK", "HOM", 1, 4, 1, ["WRK-03"], ["damp"]],
        ["WRK", "PRK", 0, 4, 0, [], []],  # oaks: 3 of 8 against 1 of 8
    ]
    missing = pd.isna(links["share"]).tolist()
    assert missing == [False, True, True, True, False, True]  # where no word is key, nothing can be spoken
    assert links["share"].dropna().tolist() == [1 / 4, 1 / 4]


def test_the_matrix_and_its_sums_by_hand(spoken: Run) -> None:
    matrix = measure_remit(spoken)
    assert list(matrix.columns) == ["board", "to_HOM", "to_PRK", "to_WRK", "active", "passive"]
    nothing = float("nan")
    assert matrix.drop(columns="board").to_numpy().tolist() == pytest.approx(
        [
            pytest.approx([nothing, 1 / 4, nothing, 1 / 4, 1 / 4], nan_ok=True),
            pytest.approx([nothing, nothing, nothing, nothing, 1 / 4], nan_ok=True),
            pytest.approx([1 / 4, nothing, nothing, 1 / 4, nothing], nan_ok=True),
        ]
    )


def test_a_word_that_the_speaker_uses_as_much_is_not_the_others(city: Partnership) -> None:
    more = {**TEXTS, "WRK": ["damp cellars", "damp sheds", "damp typists", "clerks typists"]}
    links = find_remit_links(make_run(city, more))
    assert links.loc[links["from_board"] == "WRK", "ids"].tolist() == [[], []]


def test_words_in_a_name_are_for_the_ladder(city: Partnership) -> None:
    named = {**TEXTS, "HOM": ["Parks Board kites", "the Parks Board and kites", "Parks Plan kites", "parks"]}
    words = find_remits(make_run(city, named))
    assert words.loc[words["board"] == "HOM", "word"].tolist() == ["kites"]


def test_a_compound_is_one_word_and_shown_as_it_is_mostly_written(city: Partnership) -> None:
    named = {**TEXTS, "HOM": ["anti-social tenants", "Anti-social roofs", "antisocial walls", "tenant's gutters"]}
    words = find_remits(make_run(city, named))
    assert words.loc[words["board"] == "HOM", "word"].tolist() == ["anti-social", "tenant"]


def test_with_two_boards_there_is_nothing_to_infer_a_remit_from(city: Partnership) -> None:
    run = make_run(city, {"HOM": TEXTS["HOM"], "PRK": TEXTS["PRK"]})
    links = find_remit_links(run)
    assert (links["vocabulary"] == 0).all()
    assert links["share"].isna().all()
    matrix = measure_remit(run)
    assert matrix[["active", "passive"]].isna().all(axis=None)
    assert find_remits(run)["word"].tolist() == ["damp"]  # against the only other board: 3 of 8 and 0 of 8


def test_a_run_without_texts_has_empty_tables(city: Partnership) -> None:
    run = tag(city, in_force_on="1900")
    assert find_remits(run).empty
    assert find_remit_links(run)["share"].isna().all()
    assert find_remit_passages(run).empty


# --- passages ----------------------------------------------------------------------------------------------

PASSAGES = pd.DataFrame(
    [
        ("H1", "HOM", "damp roofs leak", "verbatim"),
        ("H2", "HOM", "damp walls and the Parks Board", "verbatim"),
        ("H3", "HOM", "damp and oaks", "verbatim"),
        ("W1", "WRK", "the cellars are damp", "verbatim"),
        ("W2", "WRK", "clerks learn typing, shorthand, filing daily", "restated"),
    ],
    columns=["passage", "board", "text", "wording"],
)


def test_passages_by_hand(spoken: Run) -> None:
    # oaks: 3 of 8 in PRK, 0 of 8 in WRK; damp: 3 of 7 in HOM, 0 of 8 in PRK: 6 ln(3 / (7 x 3 / 15)) = 4.6
    found = find_remit_passages(spoken, PASSAGES)
    assert found.drop(columns="text").to_numpy().tolist() == [
        ["H1", "HOM", [], [], []],
        ["H2", "HOM", ["PRK"], [], []],
        ["H3", "HOM", [], ["PRK"], ["PRK: oaks"]],
        ["W1", "WRK", [], ["HOM"], ["HOM: damp"]],
        ["W2", "WRK", [], [], []],
    ]
    assert found["text"].tolist() == PASSAGES["text"].tolist()


def test_where_passages_were_read_restated_priorities_do_not_say_it_twice(city: Partnership, spoken: Run) -> None:
    more = pd.DataFrame({"board": ["HOM"] * 3, "text": ["damp", "damp", "damp kites"]})
    words = find_remits(spoken, more)
    assert words.loc[words["board"] == "HOM", ["word", "uses", "texts"]].to_numpy().tolist() == [["damp", 3, 3]]
    words = find_remits(make_run(city, TEXTS, "verbatim"), more)
    assert words.loc[words["board"] == "HOM", ["word", "uses", "texts"]].to_numpy().tolist() == [["damp", 6, 7]]
    links = find_remit_links(spoken, PASSAGES)
    assert set(links["priorities"]) == {4}  # the share is of priorities, whatever the vocabulary rests on


# --- for any texts -----------------------------------------------------------------------------------------

WORDS = [
    "damp",
    "oaks",
    "welders",
    "Parks Board",
    "Homes Strategy",
    "plan",
    "kites",
    "swings",
    "",
    "\u202e",
    "well-being",
]


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["HOM", "PRK", "WRK"]),
        st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join), min_size=1, max_size=6),
        min_size=1,
    )
)
def test_shares_are_shares_and_the_order_of_rows_changes_nothing(
    city: Partnership, texts: dict[str, Sequence[str]]
) -> None:
    run = make_run(city, {board: list(own) for board, own in texts.items()})
    links = find_remit_links(run)
    text = dict(zip(run.priorities["priority"], run.priorities["text"], strict=True))
    for row in each_row(links):
        assert len(row.ids) == row.speaking <= row.priorities == len(texts.get(row.from_board, ()))
        assert pd.isna(row.share) or row.share == row.speaking / row.priorities
        assert bool(row.ids) == bool(row.words)
        assert all(any(word in text[one].casefold() for word in row.words) for one in row.ids)
    keys = find_remits(run)
    assert (keys["uses"] >= FEWEST_TEXTS).all()
    assert (keys["g2"] >= round(LEAST_KEYNESS, 3)).all()
    assert (keys["uses"] > keys["expected"]).all()
    turned = replace(run.partnership, priorities=run.partnership.priorities.iloc[::-1].reset_index(drop=True))
    pd.testing.assert_frame_equal(find_remit_links(tag(turned)), links)


def test_thousands_of_priorities_are_a_matter_of_seconds(city: Partnership) -> None:
    codes = [f"B{n:02d}" for n in range(30)]
    boards = pd.concat([city.boards.iloc[:1]] * 30, ignore_index=True).assign(board=codes, name=codes, aliases="")
    strategies = pd.concat([city.strategies.iloc[:1]] * 30, ignore_index=True)
    strategies = strategies.assign(strategy=[f"{code}-S" for code in codes], board=codes, name=codes)
    draw = np.random.default_rng(1)
    texts = [" ".join(f"word{n}" for n in draw.integers(0, 3000, 12)) for _ in range(1500)]
    run = make_run(
        replace(city, boards=boards, strategies=strategies), {code: texts[n::30] for n, code in enumerate(codes)}
    )
    start = perf_counter()
    assert len(find_remit_links(run)) == 30 * 29
    assert perf_counter() - start < 20  # under one second on an idle machine
