"""Combinations of themes: counts worked by hand, what the headline may say, and that the figure adds up."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pandas as pd
import pytest

from mapping.figures import Chart, check_chart
from mapping.figures import combinations as module
from mapping.figures.combinations import count_combinations, plot_combinations, propose_combinations
from mapping.intersections import find_theme_sets
from mapping.tags import TAG_TABLE, Run
from tests.stress import make_run, make_stress_set

STRESS = {
    **make_stress_set(),
    "seventeen-themes": make_run([[(3 * b + 5 * t) % 7 for t in range(17)] for b in range(5)], confirmed="some"),
    "no-combination": make_run([[2, 0, 0], [0, 3, 0], [0, 0, 1]], priorities=[6, 5, 4]),
}


def propose(run: Run) -> str:
    """Return the headline that the counts allow, before it is tried."""
    return propose_combinations(run).text


#: A table without rows does not know that "counted" is yes or no, so it is told.
_EMPTY = make_run([[0, 0], [0, 0]], priorities=[0, 0])
STRESS["no-priorities"] = dataclasses.replace(_EMPTY, priorities=_EMPTY.priorities.astype({"counted": bool}))


def carry(themes: Mapping[str, str], confirmed: str = "", stand_in: str = "", sizes: tuple[int, ...] = (6, 6)) -> Run:
    """Return a run of boards B01, B02 and so on whose priorities carry these themes, such as ``{"B01-001": "1 3"}``.

    ``confirmed`` lists the tags ("B01-001:3") that a person confirmed, ``stand_in`` the boards of stand-in documents.
    """
    sources = ["stand-in" if f"B{n + 1:02d}" in stand_in else "named" for n in range(len(sizes))]
    run = make_run([[0] * 4 for _ in sizes], priorities=sizes, sources=sources)
    rows = [
        {
            "priority": priority, "board": priority[:3], "theme": f"t{number}", "on": True,
            "status": "confirmed" if f"{priority}:{number}" in confirmed else "suggested",
        }
        for priority, numbers in themes.items() for number in numbers.split()
    ]  # fmt: skip
    return dataclasses.replace(run, tags=pd.DataFrame(rows, columns=list(TAG_TABLE)).astype({"on": bool}))


#: By hand: Voice with Aspiration 3 (B01 2, B02 1), Voice with Skills 1, all three 1; one theme 2, none 5; 12 in all.
WORKED = {
    "B01-001": "1 3", "B01-002": "1 3", "B01-003": "1 4", "B01-004": "2",
    "B02-001": "1 3", "B02-002": "1 3 4", "B02-003": "2",
}  # fmt: skip
SURE = "B01-001:1 B01-001:3 B02-001:1"


def list_texts(chart: Chart) -> list[str]:
    return [text for text, _, _ in chart.texts()]


def read_rows(chart: Chart) -> dict[str, list[str]]:
    """Return what is drawn in each line below the heads, by the text at its left end or its number from the top."""
    found = sorted(chart.texts(), key=lambda text: text[2])
    begin = next(y for text, _, y in found if text.endswith("set")) + 0.1
    lines: list[list[tuple[str, float, float]]] = []
    for text in (text for text in found if text[2] > begin):
        # Sizes differ within a line, so its baselines differ a little.
        if lines and text[2] - lines[-1][0][2] < 0.03:
            lines[-1].append(text)
        else:
            lines.append([text])
    rows: dict[str, list[str]] = {}
    for line in lines:
        texts = [text for text, _, _ in sorted(line, key=lambda text: text[1])]
        if texts[0] in ("One theme only", "No theme", "All priorities") or " other " in f" {texts[0].lower()} ":
            rows[texts[0]] = texts[1:]
        elif "All priorities" not in rows and texts[0].replace(",", "").isdigit():
            rows[str(len(rows))] = texts
    return rows


def find_wrong_sums(chart: Chart) -> list[str]:
    """Return the lines whose boards do not add up to their count, or that say another count than the table."""
    table, wrong = chart.data, []
    boards = [name for name in table if str(name).startswith("from_")]
    wrong += [f"row {n}" for n, row in table.iterrows() if row[boards].sum() != row["priorities"]]
    rows = read_rows(chart)
    for n, count in enumerate(table.loc[table["shown"], "priorities"]):
        if rows.get(str(n), ["missing"])[0] != f"{count:,}":
            wrong.append(f"bar {n}")
    single = table.loc[(table["size"] == 1) & ~table["shown"], "priorities"].sum()
    for label, count in (
        ("One theme only", single),
        ("No theme", table.loc[table["size"] == 0, "priorities"].sum()),
        ("All priorities", table["priorities"].sum()),
    ):
        if label in rows and rows[label][0] != f"{count:,}":
            wrong.append(label)
    return wrong


# --- the table ---


def test_counts_of_the_worked_example():
    table = count_combinations(carry(WORKED, SURE))
    assert table["themes"].tolist() == [["t1", "t3"], ["t1", "t4"], ["t1", "t3", "t4"], ["t2"], []]
    assert table["names"].tolist()[2] == ["Voice", "Aspiration", "Skills"]
    assert table["priorities"].tolist() == [3, 1, 1, 2, 5]
    assert table["confirmed"].tolist() == [1, 0, 0, 0, 0]  # of B02-001 one of two tags is confirmed
    assert table["suggested"].tolist() == [2, 1, 1, 2, 0]
    assert table["from_B01"].tolist() == [2, 1, 0, 1, 2]
    assert table["from_B02"].tolist() == [1, 0, 1, 1, 3]
    assert table["shown"].tolist() == [True, True, True, False, False]
    assert not table["stand_in"].any()


def test_stand_in_documents_are_counted_by_board():
    table = count_combinations(carry(WORKED, stand_in="B02"))
    assert table["stand_in"].tolist() == table["stand_in_B02"].tolist() == [1, 0, 1, 1, 3]
    assert not table["stand_in_B01"].any()


def test_one_theme_has_rows_only_beside_few_combinations():
    few = count_combinations(carry({"B01-001": "1 3", "B01-002": "2", "B02-001": "2", "B02-002": "4"}))
    assert few["themes"].tolist() == [["t1", "t3"], ["t2"], ["t4"], []]
    assert few["shown"].tolist() == [True, True, True, False]


@pytest.mark.parametrize("case", STRESS)
def test_every_priority_counts_once(case):
    run = STRESS[case]
    table = count_combinations(run)
    assert table["priorities"].sum() == run.priorities["counted"].sum()
    assert sum(table[f"from_{board}"].sum() for board in run.boards["board"]) == table["priorities"].sum()
    assert table["shown"].sum() <= 12
    assert table["size"].iloc[-1] == 0
    assert len(find_theme_sets(run)) in (len(table), len(table) - 1)


# --- the headline ---


def test_headline_needs_a_lead_of_two():
    neutral = "Which themes single priorities join"
    assert propose(carry(WORKED)) == "Voice and Aspiration form the most frequent suggested combination"
    assert propose(carry({**WORKED, "B01-005": "1 4"})) == neutral
    assert propose(carry({"B01-001": "1 3", "B02-001": "1 3"})) == neutral  # there is no other


def test_headline_says_confirmed_only_when_it_holds_for_confirmed_tags_alone():
    every = " ".join(f"{priority}:{n}" for priority, numbers in WORKED.items() for n in numbers.split())
    title = "Voice and Aspiration form the most frequent"
    assert propose(carry(WORKED, every)) == f"{title} confirmed combination"
    assert propose(carry(WORKED, SURE)) == f"{title} combination of tags"
    assert propose(carry(WORKED, f"{SURE} B02-001:3")) == f"{title} confirmed combination"


def test_headline_marks_stand_in_documents():
    assert propose(carry(WORKED, stand_in="B01 B02")).endswith("combination†")
    assert propose(carry(WORKED, stand_in="B01")).endswith("combination")


def test_headline_claims_nothing_where_nothing_is_joined():
    for case in ("no-combination", "one-theme"):
        assert propose_combinations(STRESS[case]).claim is None
        chart = plot_combinations(STRESS[case])
        assert chart.headline == "Which themes single priorities join"
        assert "0 of" in chart.subtitle


def test_headline_of_too_many_words_is_neutral():
    themes = ["Many words", "More words", "Other words", "Good start"]
    run = make_run([[3, 3, 3, 3], [0, 0, 1, 1]], priorities=[3, 9], themes=themes)
    tags = run.tags.assign(priority=[f"{board}-001" for board in run.tags["board"]]).drop_duplicates(
        ["priority", "theme"]
    )
    more = [tags[tags["board"] == "B01"].assign(priority=f"B01-00{n}") for n in (2, 3)]
    run = dataclasses.replace(run, tags=pd.concat([tags, *more], ignore_index=True))
    assert count_combinations(run)["priorities"].tolist() == [3, 1, 8]
    assert plot_combinations(run).headline == "Which themes single priorities join"


# --- the words ---


def test_words_of_the_worked_example():
    chart = plot_combinations(carry(WORKED, SURE, stand_in="B02"))
    assert chart.name == "combinations"
    assert chart.subtitle == (
        "5 of 12 priorities carry two or more themes, 2 one, 5 none. 3 of 13 tags confirmed by a person. "
        "One of two boards appears through stand-in documents only (†)."
    )
    assert chart.alt == (
        "Three exact combinations of themes in 5 of 12 priorities. Priorities with one theme: 2; with none: 5. "
        "Most frequent: Voice and Aspiration, 3 priorities. One of two boards appears through stand-in documents "
        "only. The table beside the figure has all numbers."
    )
    assert chart.long_description.startswith(
        "Voice + Aspiration: three priorities, 1 with all tags confirmed; Board of A and Others 2, "
        "Board of B and Others 1 (all from stand-in documents). Voice + Skills: one priority; Board of A and Others 1."
    )
    assert chart.long_description.endswith(
        "No theme: five priorities; Board of A and Others 2, Board of B and Others 3 (all from stand-in documents)."
    )
    assert chart.caption.startswith("Source: made-up data, run ")


# --- the drawing ---


def test_drawing_of_the_worked_example():
    chart = plot_combinations(carry(WORKED, SURE, stand_in="B02"))
    rows = read_rows(chart)
    assert rows == {
        "0": ["3", "2", "1†"], "1": ["1", "1", "·"], "2": ["1", "·", "1†"],
        "One theme only": ["2", "1", "1"], "No theme": ["5", "2", "3"], "All priorities": ["12", "6", "6"],
    }  # fmt: skip
    texts = list_texts(chart)
    assert {"all tags confirmed", "at least one tag only suggested", "not read", "of these from stand-ins†"} <= {*texts}
    assert "all tags confirmed" not in list_texts(plot_combinations(carry(WORKED)))
    assert find_wrong_sums(chart) == []


def test_rarer_combinations_are_counted_below_the_line():
    chart = plot_combinations(STRESS["twelve-themes"])
    hidden = chart.data[(chart.data["size"] > 1) & ~chart.data["shown"]]
    assert chart.data["shown"].sum() == 12
    assert read_rows(chart)[f"{len(hidden)} other combinations"][0] == str(hidden["priorities"].sum())


def test_without_combinations_the_single_themes_are_drawn():
    chart = plot_combinations(STRESS["no-combination"])
    assert "Themes" in list_texts(chart)
    assert read_rows(chart) == {
        "0": ["3", "·", "3", "·"], "1": ["2", "2", "·", "·"], "2": ["1", "·", "·", "1"],
        "No theme": ["9", "4", "2", "3"], "All priorities": ["15", "6", "5", "4"],
    }  # fmt: skip


def test_boards_that_do_not_fit_as_columns_are_listed_or_counted():
    texts = list_texts(plot_combinations(STRESS["twelve-boards"]))
    assert "2 Others 1, 2† Others 8" in texts
    assert "7 of 12 boards (some†)" in texts
    assert "all 12 boards" in texts
    assert "·" not in texts


@pytest.mark.parametrize("case", STRESS)
def test_stress_set_is_clean_and_adds_up(case):
    chart = plot_combinations(STRESS[case])
    assert check_chart(chart) == []
    assert find_wrong_sums(chart) == []


@pytest.mark.parametrize(("boards", "themes"), [(1, 1), (1, 17), (2, 3), (2, 12), (5, 17), (12, 1), (12, 3), (12, 17)])
def test_any_number_of_boards_and_themes_is_clean(boards, themes):
    run = make_run([[(3 * b + 5 * t) % 4 for t in range(themes)] for b in range(boards)], confirmed="some")
    chart = plot_combinations(run)
    assert check_chart(chart) == []
    assert find_wrong_sums(chart) == []


def test_derby_is_clean_and_adds_up(derby_run):
    chart = plot_combinations(derby_run)
    assert check_chart(chart) == []
    assert find_wrong_sums(chart) == []
    assert chart.data["priorities"].sum() == 88


def test_two_draws_give_the_same_bytes():
    first, second = (plot_combinations(carry(WORKED, SURE)) for _ in range(2))
    assert all(first.render(kind) == second.render(kind) for kind in ("png", "svg"))


# --- the checks find what is wrong ---


def test_a_wrong_count_is_found():
    chart = plot_combinations(carry(WORKED))
    data = chart.data.assign(priorities=[4, 1, 1, 2, 5])
    assert find_wrong_sums(dataclasses.replace(chart, data=data))[0] == "row 0"
    data = data.assign(from_B01=[3, 1, 0, 1, 2])  # now the table adds up, but the figure is drawn from another
    other = dataclasses.replace(chart, data=data)
    assert find_wrong_sums(other) == ["bar 0", "All priorities"]


def test_columns_placed_by_wrong_widths_are_found(monkeypatch):
    monkeypatch.setattr(module, "measure", lambda text, *_: 0.05)
    assert any("overlap" in sentence for sentence in check_chart(plot_combinations(STRESS["derby-like"])))


def test_what_could_not_be_scored_is_told_from_what_has_no_theme() -> None:
    run = STRESS["not-scored"]
    table = count_combinations(run)
    assert table["not_scored"].sum() == 4
    assert table.loc[table["size"] == 0, "not_scored"].tolist() == [4]
    chart = plot_combinations(run)
    assert "4 none (4 of these not scored)" in chart.subtitle
    texts = [text for text, _, _ in chart.texts()]
    assert texts[texts.index("of these not scored") + 1] == "4"
    assert "not scored" not in plot_combinations(STRESS["derby-like"]).subtitle
