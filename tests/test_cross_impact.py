"""Cross-impact: sheets read back, ranges that hold the truth, and a stop that is never too early, worked by hand."""

from __future__ import annotations

import csv
import itertools
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import prove_cross_impact as prove
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.cli_cross_impact import cross_impact, learn_command
from mapping.cross_impact import (
    ANSWERS,
    DONT_KNOW,
    SCALE,
    can_stop,
    combine_impacts,
    measure_influence,
    plan_next,
    read_impacts,
    state_influence,
)
from mapping.cross_impact.answers import _read_answer
from mapping.errors import DataError, UnknownNameError
from mapping.outputs.cross_impact_workbook import list_passages, write_cross_impact
from mapping.partnership import Partnership
from mapping.tags import Run

HEAD = "from_theme,to_theme,score,reason,scorer,passage\n"


def write_scores(path: Path, *rows: str) -> Path:
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


# --- the scale, and sheets read back -------------------------------------------------------------------------


def test_the_scale_has_seven_scores_and_dont_know_is_none_of_them() -> None:
    assert list(SCALE) == [3, 2, 1, 0, -1, -2, -3]
    assert ANSWERS == (
        "indivisible (+3)", "reinforcing (+2)", "enabling (+1)", "consistent (0)", "constraining (-1)",
        "counteracting (-2)", "cancelling (-3)", "don't know",
    )  # fmt: skip
    assert [_read_answer(answer) for answer in ANSWERS] == [
        *(("scored", score) for score in SCALE),
        (DONT_KNOW, None),
    ]
    # A cell that begins with one of these would be run as a formula when it is chosen from the list.
    assert all(answer[0].isalpha() for answer in ANSWERS)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("+2", 2), ("2", 2), ("2.0", 2), ("-1", -1), ("\u22121", -1), ("\u20133", -3), ("'+1", 1), ("0", 0), ("-0", 0),
        ("Enabling", 1), ("+2 reinforcing", 2), ("Cancelling (-3)", -3),
    ],
)  # fmt: skip
def test_a_score_may_be_written_in_several_ways(written: str, read: int) -> None:
    assert _read_answer(written) == ("scored", read)


@pytest.mark.parametrize("written", ["5", "-4", "2.5", "yes", "(2)", "2-3", "enabling (+2)", "9" * 5000, "+", "n/a"])
def test_anything_else_is_no_answer(written: str) -> None:
    assert _read_answer(written) is None


@pytest.mark.parametrize("written", ["Don\u2019t know", "dont know", "DON'T KNOW", "?"])
def test_dont_know_may_be_written_in_several_ways(written: str) -> None:
    assert _read_answer(written) == (DONT_KNOW, None)


def fill(path: Path, answers: dict[int, Sequence[Any]]) -> Path:
    """Write into the yellow cells of a workbook: by row, score, reason, passage, scorer."""
    book = openpyxl.load_workbook(path)
    for row, values in answers.items():
        for column, value in enumerate(values, start=5):
            book["Pairs"].cell(row, column).value = value
    book.save(path)
    return path


def test_a_workbook_goes_out_and_comes_back(run: Run, tmp_path: Path) -> None:
    path = write_cross_impact(run, tmp_path / "book.xlsx", table="Blue table")
    assert read_impacts(path, run.framework).empty
    fill(path, {2: ["reinforcing (+2)", "they ask for it", "PRK-03"], 3: [-1], 4: ["don't know"], 5: [None, "later"]})
    impacts = read_impacts(path, run.framework)
    assert impacts.drop(columns="place").to_numpy(dtype=object, na_value=None).tolist() == [
        ["voice", "homes", 2, "scored", "they ask for it", "Blue table", "PRK-03"],
        ["voice", "work", -1, "scored", "", "Blue table", ""],
        ["voice", "river", None, DONT_KNOW, "", "Blue table", ""],
        ["homes", "voice", None, "blank", "later", "Blue table", ""],
    ]
    assert list(impacts["place"])[1] == "book.xlsx, sheet 'Pairs', cell E3"


def test_every_odd_cell_is_named_with_the_nearest_allowed_value_and_nothing_is_taken(run: Run, tmp_path: Path) -> None:
    path = write_cross_impact(run, tmp_path / "book.xlsx")
    fill(path, {2: [2], 3: [7], 4: ["inabling"], 5: [-3.5], 6: [1]})
    book = openpyxl.load_workbook(path)
    book["Pairs"]["I6"] = "homes > wrok"
    book.save(path)
    with pytest.raises(DataError) as caught:
        read_impacts(path, run.framework)
    said = [str(problem) for problem in caught.value.problems]
    assert said[0].startswith(
        "book.xlsx, sheet 'Pairs', cell E3: '7' is not an answer. The nearest is 'indivisible (+3)'"
    )
    assert said[1].startswith(
        "book.xlsx, sheet 'Pairs', cell E4: 'inabling' is not an answer. Did you mean 'enabling (+1)'"
    )
    assert "cell E5: '-3.5' is not an answer. The nearest is 'cancelling (-3)'" in said[2]
    assert said[3].startswith("book.xlsx, sheet 'Pairs', cell I6: theme 'wrok' is not known. Did you mean 'work'?")
    assert len(said) == 4


def test_a_csv_file_is_read_by_ids_or_names_of_themes(run: Run, tmp_path: Path) -> None:
    path = write_scores(
        tmp_path / "red.csv",
        "voice,A clean river,+1,reason,,", "homes,homes,1,,,", "work,river,sometimes,,,", "voice,voyage,1,,,",
    )  # fmt: skip
    with pytest.raises(DataError) as caught:
        read_impacts(path, run.framework)
    assert [str(problem).split(" Known")[0] for problem in caught.value.problems] == [
        "red.csv, cell B3: 'homes' stands on both sides; a theme is not scored against itself.",
        "red.csv, cell C4: 'sometimes' is not an answer.",
        "red.csv, cell B5: theme 'voyage' is not known. Did you mean 'voice'?",
    ]
    write_scores(path, "voice,A clean river,+1,reason,,")
    impacts = read_impacts([path], run.framework)
    assert impacts[["from_theme", "to_theme", "score", "scorer"]].to_numpy().tolist() == [["voice", "river", 1, "red"]]


def test_a_group_answers_a_pair_once(run: Run, tmp_path: Path) -> None:
    red = write_scores(tmp_path / "red.csv", "voice,work,1,because,Red,", "voice,work,+1,and so,red,")
    assert list(read_impacts(red, run.framework)["reason"]) == ["because / and so"]
    blue = write_scores(tmp_path / "blue.csv", "voice,work,2,,RED,")
    with pytest.raises(DataError, match=r"blue.csv, cell C2: 'RED' answers this pair otherwise in red.csv"):
        read_impacts([red, blue], run.framework)


def test_files_that_are_no_sheet_of_pairs_say_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "text.xlsx").write_text("not a workbook", encoding="utf-8")
    (tmp_path / "plain.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "scores.csv").write_text("score,from_theme\n1,voice\n", encoding="utf-8")
    names = ("text.xlsx", "plain.csv", "scores.csv", "none.csv")
    with pytest.raises(DataError) as caught:
        read_impacts([tmp_path / name for name in names], run.framework)
    said = [str(problem) for problem in caught.value.problems]
    assert said[0].startswith("text.xlsx: there is no header row within the first 21 rows. Expected the columns Pair")
    assert said[1].startswith("plain.csv: there is no header row")
    assert said[2].startswith("scores.csv, cell A1: there is no column 'to_theme' in this row.")
    assert said[3].startswith("none.csv: there is no such file")


def test_every_sheet_of_pairs_is_read_and_the_group_is_the_file_and_its_sheet(run: Run, tmp_path: Path) -> None:
    path = fill(write_cross_impact(run, tmp_path / "book.xlsx"), {2: [1]})
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["Pairs"]).title = "Second"
    book["Second"]["E2"] = "-1"
    book.save(path)
    impacts = read_impacts(path, run.framework)
    assert impacts[["scorer", "score"]].to_numpy().tolist() == [["book, Pairs", 1], ["book, Second", -1]]
    assert combine_impacts(impacts, run.framework)["sign_conflict"].sum() == 1


def test_a_file_of_windows_is_read_and_noted(run: Run, tmp_path: Path) -> None:
    (tmp_path / "red.csv").write_bytes("Pair;Score;Reason\nvoice > work;don\u2019t know;\u00a35m\n".encode("cp1252"))
    impacts = read_impacts(tmp_path / "red.csv", run.framework)
    assert impacts[["answer", "reason"]].to_numpy().tolist() == [[DONT_KNOW, "\u00a35m"]]
    assert "Windows-1252" in impacts.attrs["notes"][0]


# --- combining and measuring, by hand ------------------------------------------------------------------------


def combine(run: Run, tmp_path: Path, *rows: str) -> pd.DataFrame:
    return combine_impacts(read_impacts(write_scores(tmp_path / "all.csv", *rows), run.framework), run.framework)


#: The worked example of docs/cross-impact.md: all answered but work > voice and river > work.
WORKED = (
    "voice,homes,2,,Red,", "voice,work,1,,Red,", "voice,river,0,,Red,",
    "homes,voice,0,,Red,", "homes,work,1,,Red,", "homes,river,1,,Red,",
    "work,homes,2,,Red,", "work,river,1,,Red,",
    "river,voice,-2,,Red,", "river,homes,-1,,Red,",
)  # fmt: skip


def test_groups_are_set_side_by_side(run: Run, tmp_path: Path) -> None:
    combined = combine(
        run, tmp_path, "voice,homes,2,yes,Red,HOM-02", "voice,homes,1,,Blue,", "voice,homes,-1,no,Green,",
        "voice,work,don't know,,Red,", "voice,work,3,,Blue,", "voice,river,?,,Red,",
    )  # fmt: skip
    assert len(combined) == 4 * 3
    three, two, unknown, missing = (combined.iloc[n] for n in range(4))
    assert (three["scores"], three["median"], three["low"], three["high"], three["spread"]) == (3, 1.0, -1, 2, 3)
    assert three["sign_conflict"]
    assert three["answers"] == ["Red: +2", "Blue: +1", "Green: -1"]
    assert (three["reasons"], three["passages"]) == (["Red: yes", "Green: no"], ["Red: HOM-02"])
    # Red's don't know is counted apart: the median is Blue's 3, not the mean of 3 and 0.
    assert (two["state"], two["scores"], two["median"], two["dont_know"]) == ("scored", 1, 3.0, 1)
    assert (unknown["state"], unknown["dont_know"], unknown["scores"]) == (DONT_KNOW, 1, 0)
    assert (missing["state"], missing["dont_know"]) == ("missing", 0)
    assert not two["sign_conflict"]


def test_sums_and_ranks_are_ranges_where_cells_are_missing(run: Run, tmp_path: Path) -> None:
    influence = measure_influence(combine(run, tmp_path, *WORKED)).set_index("theme")
    # voice 2 + 1 + 0; homes 0 + 1 + 1; work 2 + 1 and one missing, -3 to 3; river -2 - 1 and one missing.
    assert influence["active_scored"].tolist() == [3, 3, 2, 2]
    assert influence["active_low"].tolist() == [3, 2, 3 - 3, -3 - 3]
    assert influence["active_high"].tolist() == [3, 2, 3 + 3, -3 + 3]
    assert influence["active_abs_low"].tolist() == [3, 2, 3, 3]
    assert influence["active_abs_high"].tolist() == [3, 2, 6, 6]
    # work may come first (6) or, with 0, third beside river's best 0: equal sums share the better rank.
    assert influence["active_rank_from"].tolist() == [1, 2, 1, 3]
    assert influence["active_rank_to"].tolist() == [2, 3, 3, 4]
    assert influence["top"].tolist() == ["in", "in", "in", "open"]
    # Columns: voice 0 and -2 and one missing; homes 2 + 2 - 1; work 1 + 1 and one missing; river 0 + 1 + 1.
    assert influence["passive_low"].tolist() == [-2 - 3, 3, 2 - 3, 2]
    assert influence["passive_high"].tolist() == [-2 + 3, 3, 2 + 3, 2]
    assert influence["passive_abs_high"].tolist() == [2 + 3, 5, 2 + 3, 2]


def test_the_worked_example_goes_on_until_a_tie_is_out_of_reach(run: Run, tmp_path: Path) -> None:
    combined = combine(run, tmp_path, *WORKED)
    assert not can_stop(combined)  # work 0 and river 0 would share the third place
    plan = plan_next(combined)
    assert plan.iloc[0].tolist() == ["river", "work", "nobody has scored it yet"]
    # River's last cell at 2 leaves it at -1, below work's 0: work > voice need not be asked any more.
    done = combine(run, tmp_path, *WORKED, "river,work,2,,Red,")
    assert can_stop(done)
    assert plan_next(done).empty
    said = state_influence(done, run.framework)
    assert said[0] == "Of 12 directed pairs of themes 11 have a score, 0 only don't knows, and 1 no answer."
    assert (
        said[2]
        == "The first 3 by signed active sum: Voice, Homes, Work. No open answer can change that, so scoring may stop."
    )
    # At 3 the tie is still in reach, and work's own cell has to decide it.
    still = combine(run, tmp_path, *WORKED, "river,work,3,,Red,")
    assert not can_stop(still)
    assert plan_next(still).to_numpy().tolist() == [["work", "voice", "nobody has scored it yet"]]


def test_dont_know_is_not_zero(run: Run, tmp_path: Path) -> None:
    zero = combine(run, tmp_path, *WORKED, "river,work,0,,Red,")
    unknown = combine(run, tmp_path, *WORKED, "river,work,don't know,,Red,")
    assert can_stop(zero)
    assert not can_stop(unknown)
    # The open tie can be settled from the other side, so that is asked first.
    assert plan_next(unknown).to_numpy().tolist() == [["work", "voice", "nobody has scored it yet"]]
    both = combine(run, tmp_path, *WORKED, "river,work,don't know,,Red,", "work,voice,-3,,Red,")
    assert plan_next(both).to_numpy().tolist() == [["river", "work", "so far nobody knows: ask another group"]]


def test_groups_that_differ_can_be_let_count_anywhere_between_their_scores(run: Run, tmp_path: Path) -> None:
    combined = combine(run, tmp_path, *WORKED, "river,work,2,,Red,", "work,voice,-3,,Red,", "work,homes,-3,,Blue,")
    # work: (2 and -3, median -0.5) + 1 - 3.
    middle, between = (measure_influence(combined, between_groups=way).set_index("theme") for way in (False, True))
    assert (middle.loc["work", "active_low"], middle.loc["work", "active_high"]) == (-2.5, -2.5)
    assert (between.loc["work", "active_low"], between.loc["work", "active_high"]) == (-5, 0)
    assert (between.loc["work", "active_abs_low"], between.loc["work", "active_abs_high"]) == (0 + 1 + 3, 3 + 1 + 3)
    assert middle["top"].tolist() == ["in", "in", "out", "in"]  # river -1 is before work -2.5
    assert not can_stop(combined, between_groups=True)
    assert plan_next(combined, between_groups=True).to_numpy().tolist() == [
        ["work", "homes", "groups differ: talk it over"]
    ]
    assert plan_next(combined).empty


def test_help_and_hindrance_are_added_apart(run: Run, tmp_path: Path) -> None:
    rows = ["voice,homes,3,,Red,", "voice,work,-3,,Red,", "voice,river,0,,Red,"]
    influence = measure_influence(combine(run, tmp_path, *rows)).set_index("theme").loc["voice"]
    assert (influence["active_low"], influence["active_high"]) == (0, 0)
    assert (influence["active_abs_low"], influence["active_abs_high"]) == (6, 6)


def test_a_framework_of_three_themes_has_nothing_to_settle() -> None:
    combined = prove.begin(3)
    assert can_stop(combined)
    assert plan_next(combined).empty
    assert measure_influence(combined)["top"].tolist() == ["in", "in", "in"]
    assert not can_stop(combined, top=2)


def test_an_unknown_measure_is_named(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'signed'"):
        can_stop(combine(run, tmp_path), by="sign")


# --- properties ----------------------------------------------------------------------------------------------


@st.composite
def sessions(draw: st.DrawFn) -> tuple[prove.Array, list[int], str]:
    """A whole matrix, the rows that are answered, and what ranks go by."""
    themes = draw(st.integers(2, 6))
    cells = themes * (themes - 1)
    scores = draw(st.lists(st.integers(-3, 3), min_size=cells, max_size=cells))
    matrix = np.zeros((themes, themes), dtype=int)
    matrix[np.nonzero(~np.eye(themes, dtype=bool))] = scores
    answered = draw(st.lists(st.integers(0, cells - 1), unique=True))
    return matrix, answered, draw(st.sampled_from(["signed", "absolute"]))


@settings(max_examples=60, deadline=None)
@given(sessions())
def test_ranges_hold_the_truth_and_more_answers_never_widen_them(session: tuple[prove.Array, list[int], str]) -> None:
    matrix, answered, by = session
    empty = prove.begin(len(matrix))
    true = measure_influence(prove.answer(empty, range(len(empty)), matrix), by=by)
    wide = measure_influence(prove.answer(empty, answered[: len(answered) // 2], matrix), by=by)
    narrow = measure_influence(prove.answer(empty, answered, matrix), by=by)
    for name in ("active", "active_abs", "passive", "passive_abs"):
        assert (true[f"{name}_low"] == true[f"{name}_high"]).all()
        for low, high in ((f"{name}_low", f"{name}_high"),):
            assert (wide[low] <= narrow[low]).all()
            assert (narrow[low] <= true[low]).all()
            assert (true[high] <= narrow[high]).all()
            assert (narrow[high] <= wide[high]).all()
    for way in ("active", "passive"):
        first, last = f"{way}_rank_from", f"{way}_rank_to"
        assert (wide[first] <= narrow[first]).all()
        assert (narrow[first] <= true[first]).all()
        assert (true[first] == true[last]).all()
        assert (true[last] <= narrow[last]).all()
        assert (narrow[last] <= wide[last]).all()
    # What is in stays in, what is out stays out.
    settled = wide["top"] != "open"
    assert (narrow.loc[settled, "top"] == wide.loc[settled, "top"]).all()


@settings(max_examples=60, deadline=None)
@given(sessions())
def test_a_stop_is_never_wrong(session: tuple[prove.Array, list[int], str]) -> None:
    matrix, answered, by = session
    combined = prove.answer(prove.begin(len(matrix)), answered, matrix)
    if can_stop(combined, by=by):
        assert prove.is_right(combined, matrix, by)
    plan = plan_next(combined, by=by, most=3)
    assert plan.empty == can_stop(combined, by=by)
    assert plan.equals(plan_next(combined, by=by, most=3))
    names = set(zip(combined["from_theme"], combined["to_theme"], strict=True))
    asked = list(zip(plan["from_theme"], plan["to_theme"], strict=True))
    unanswered = combined[combined["state"] == "missing"]
    assert set(asked) <= set(zip(unanswered["from_theme"], unanswered["to_theme"], strict=True)) <= names
    assert len(set(asked)) == len(asked)


@settings(max_examples=40, deadline=None)
@given(sessions(), st.integers(1, 3))
def test_a_stop_is_never_later_than_it_must_be(session: tuple[prove.Array, list[int], str], top: int) -> None:
    matrix, _, by = session
    matrix = matrix[:4, :4] if len(matrix) > 4 else matrix
    empty = prove.begin(len(matrix))
    open_cells = list(range(len(empty)))[:: max(1, len(empty) // 4)][:4]
    combined = prove.answer(empty, [n for n in range(len(empty)) if n not in open_cells], matrix)
    first, second = np.nonzero(~np.eye(len(matrix), dtype=bool))
    tops = set()
    # Every completion by the ends of the scale and its middle: if the top can change at all, it changes among these.
    for values in itertools.product((-3, 0, 3), repeat=len(open_cells)):
        whole = matrix.copy()
        for cell, value in zip(open_cells, values, strict=True):
            whole[first[cell], second[cell]] = value
        sums = (whole if by == "signed" else abs(whole)).sum(axis=1)
        tops.add(tuple(bool((sums > own).sum() < top) for own in sums))
    assert can_stop(combined, top=top, by=by) == (len(tops) == 1)


@pytest.mark.parametrize("by", ["signed", "absolute"])
def test_the_plan_reaches_a_right_stop_and_asks_no_more_than_there_is(by: str) -> None:
    random = np.random.default_rng(prove.SEED)
    shares = []
    for kind in prove.KINDS:
        for _ in range(3):
            matrix = prove.make_matrix(random, 6, kind)
            planned, right = prove.ask_by_plan(matrix, by)
            ordered, also_right = prove.ask_in_order(matrix, by)
            assert right
            assert also_right
            assert prove.count_fewest(matrix, by) <= planned
            shares.append((planned, ordered))
    planned, ordered = np.mean(shares, axis=0)
    assert planned < ordered <= 30


# --- the workbook --------------------------------------------------------------------------------------------


def test_passages_stand_beside_each_pair_and_restated_text_never_in_quotation_marks(run: Run) -> None:
    found = list_passages(run)
    restated = "WRK-02 (Work, restated, stand-in): Train apprentices to insulate cold homes"
    assert found == {("homes", "work"): [restated], ("work", "homes"): [restated]}
    verbatim = run.priorities.assign(wording="verbatim")
    again = list_passages(Run(run.partnership, run.framework, run.settings, verbatim, run.tags, run.decisions))
    quoted = "WRK-02 (Work, stand-in): \u201cTrain apprentices to insulate cold homes\u201d"
    assert again["homes", "work"] == [quoted]


def test_the_sheet_of_pairs_has_a_row_for_each_pair_and_a_list_in_each_answer_cell(
    derby_run: Run, tmp_path: Path
) -> None:
    path = write_cross_impact(derby_run, tmp_path / "book.xlsx", table="Table 1")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Read me", "Prompts", "Pairs", "Matrix"]
    sheet = book["Pairs"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    themes = derby_run.framework.theme_ids
    assert [row[8] for row in rows] == [f"{a} > {b}" for a in themes for b in themes if a != b]
    assert {row[4] for row in rows} == {None}
    assert {row[7] for row in rows} == {"Table 1"}
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == f'"{",".join(ANSWERS)}"'
    assert str(rule.sqref) == f"E2:E{len(rows) + 1}"
    assert len(rule.formula1) <= 255  # Excel refuses a longer list
    for page in book:
        assert page.page_setup.paperSize == 9
        assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}
        assert not any(isinstance(cell.value, int | float) for row in page.iter_rows() for cell in row)


def test_the_same_run_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    one, two = (write_cross_impact(run, tmp_path / name).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert one == two


def test_text_that_looks_like_a_formula_stays_text(make_city: Any, tmp_path: Path) -> None:
    from conftest import edit

    from mapping.tags import tag

    city: Partnership = make_city(
        edit(
            "priorities.csv", ("Train apprentices to insulate cold homes", "=Train apprentices to insulate cold homes")
        )
    )
    book = openpyxl.load_workbook(write_cross_impact(tag(city), tmp_path / "book.xlsx", table="=1+1"))
    cells = [cell for row in book["Pairs"].iter_rows() for cell in row if "=" in str(cell.value)]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


@pytest.mark.office
def test_answers_survive_libreoffice(run: Run, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.fail("LibreOffice is not installed: apt-get install libreoffice-calc")
    path = fill(
        write_cross_impact(run, tmp_path / "book.xlsx", table="Red"), {n: [a] for n, a in enumerate(ANSWERS, 2)}
    )
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    before, after = (read_impacts(tmp_path / f"book.{kind}", run.framework) for kind in ("xlsx", "ods"))
    assert list(after["score"].dropna()) == list(SCALE)
    assert after.drop(columns="place").equals(before.drop(columns="place"))


# --- the commands --------------------------------------------------------------------------------------------


def test_the_commands_write_a_workbook_and_read_it_back(tmp_path: Path) -> None:
    path = tmp_path / "table-1.xlsx"
    out = CliRunner().invoke(cross_impact, ["export", "-o", str(path), "--table", "Table 1"])
    assert out.exit_code == 0, out.output
    again = CliRunner().invoke(cross_impact, ["export", "-o", str(path)])
    assert "already stands there" in str(again.exception)
    fill(path, {2: ["enabling (+1)", "asked"], 3: [None, "later"]})
    out = CliRunner().invoke(cross_impact, ["import", str(path), "-o", str(tmp_path / "out")])
    assert out.exit_code == 0, out.output
    assert out.stdout.startswith("theme,top,cells,active_scored,")
    assert "Of 20 directed pairs of themes 1 have a score" in out.stderr
    assert "1 with a reason or a passage but no score" in out.stderr
    assert "next: ask" in out.stderr
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "impacts.csv", "pairs.csv", "influence.csv", "next.csv",
    }  # fmt: skip
    # What was written can be read again: the same scores, by the same group.
    with (tmp_path / "out" / "impacts.csv").open(encoding="utf-8", newline="") as file:
        assert [row["score"] for row in csv.DictReader(file)] == ["1", ""]
    out = CliRunner().invoke(cross_impact, ["import", str(tmp_path / "out" / "impacts.csv")])
    assert "Of 20 directed pairs of themes 1 have a score" in out.stderr


def test_learning_without_decisions_says_what_is_needed(tmp_path: Path) -> None:
    out = CliRunner().invoke(learn_command, ["-o", str(tmp_path / "out")])
    assert out.exit_code == 0, out.output
    assert "0 of 440 tags are settled by people" in out.stdout
    assert "at least 2 are needed" in out.stdout
    assert not (tmp_path / "out" / "calibration.yaml").exists()
