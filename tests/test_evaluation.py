"""How right the tags are: twelve made-up rows worked by hand, then what the numbers may not depend on."""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from mapping.cli import main
from mapping.errors import DataError, MappingError
from mapping.evaluation import CALIBRATED, WARNING, cross_fit, evaluate, read_coded
from mapping.framework import Framework
from mapping.scoring import METHODS

# A tag follows from zorbing or an uncancelled blimp (zorb), and from kiteology (kite). The codes are zorb by coder
# a and b, then kite by coder a and b.
#
#        right           wrongly tagged   missed      disputed   neither     of 12
# zorb   R01 R02 R11     R03              R04 R10     R05        the rest
# kite   R06 R11         R07              R08         R09        the rest
CODED = """\
id,board,source_title,statement,coder_a_zorb,coder_b_zorb,coder_a_kite,coder_b_kite
R01,North,S1,zorbing in the park,2,2,0,0
R02,South,S1,zorbing in a blimp,1,2,0,0
R03,North,S2,a blimp over the town,0,0,0,0
R04,South,S2,a walk in the park,2,1,0,0
R05,North,S3,a blimp and a zorbing day,0,1,0,0
R06,South,S3,kiteology at school,0,0,2,2
R07,North,S3,kiteology and a kite,0,0,0,0
R08,South,S4,the old town hall,0,0,1,1
R09,North,S4,the ring road of the city,0,0,2,0
R10,South,S4,repair the roof of the hall,1,1,0,0
R11,North,S5,zorbing with kiteology in the park,2,2,1,1
R12,South,S5,no blimp over the town today,0,0,0,0
"""
TABLES = ("scores", "likely", "coverage", "skill", "agreement", "misses", "disputed")


def write_rows(folder: Path, text: str = CODED) -> Path:
    path = folder / "coded.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    return write_rows(tmp_path)


def pick(table: pd.DataFrame, **keys: str) -> pd.Series:
    for column, value in keys.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


@pytest.mark.parametrize(
    ("theme", "cells", "true", "tagged", "right", "precision", "recall", "f1"),
    [
        ("zorb", 11, 5, 4, 3, 3 / 4, 3 / 5, 2 * 3 / (2 * 3 + 1 + 2)),
        ("kite", 11, 3, 3, 2, 2 / 3, 2 / 3, 2 * 2 / (2 * 2 + 1 + 1)),
        # counts are sums; the shares are the means of the two themes'
        ("macro", 22, 8, 7, 5, (3 / 4 + 2 / 3) / 2, (3 / 5 + 2 / 3) / 2, (2 / 3 + 2 / 3) / 2),
    ],
)
def test_precision_recall_and_f1_by_hand(
    coded: Path, made_up_themes: Framework, theme: str, cells: int, true: int, tagged: int, right: int,
    precision: float, recall: float, f1: float,
) -> None:  # fmt: skip
    row = pick(evaluate(coded, made_up_themes, draws=50).scores, method="both", theme=theme)
    assert (row["cells"], row["true"], row["tagged"], row["right"]) == (cells, true, tagged, right)
    assert (row["precision"], row["recall"], row["f1"]) == pytest.approx((precision, recall, f1))
    assert row["f1_low"] <= row["f1"] <= row["f1_high"]


def test_four_methods_are_scored(coded: Path, made_up_themes: Framework) -> None:
    scores = evaluate(coded, made_up_themes, draws=50).scores
    assert list(dict.fromkeys(scores["method"])) == [*METHODS, CALIBRATED]
    assert (scores["cells"] == scores["theme"].map({"zorb": 11, "kite": 11, "macro": 22})).all()


def test_likely_tags_by_hand(coded: Path, made_up_themes: Framework) -> None:
    """R02 says zorbing and blimp, R07 kiteology and kite: with the keyword out something is left that agrees."""
    likely = evaluate(coded, made_up_themes, draws=50).likely
    zorb, kite, every = (pick(likely, theme=theme) for theme in ("zorb", "kite", "all"))
    assert tuple(zorb[1:]) == pytest.approx((1, 1, 1.0, 1 / 5, 5 / 11))
    assert tuple(kite[1:]) == pytest.approx((1, 0, 0.0, 0.0, 3 / 11))
    assert tuple(every[1:]) == pytest.approx((2, 1, 1 / 2, 1 / 8, 8 / 22))


def test_cells_on_which_coders_differ_are_named_and_left_out(coded: Path, made_up_themes: Framework) -> None:
    found = evaluate(coded, made_up_themes, draws=50)
    assert list(zip(found.disputed["id"], found.disputed["theme"], found.disputed["codes"], strict=True)) == [
        ("R05", "zorb", (0, 1)),
        ("R09", "kite", (2, 0)),
    ]
    assert len(found.cells) == 24
    assert found.cells["truth"].isna().sum() == 2
    assert "R05" not in set(found.misses["id"])


def test_every_cell_got_wrong_is_listed_with_its_text(coded: Path, made_up_themes: Framework) -> None:
    misses = evaluate(coded, made_up_themes, draws=50).misses
    assert list(zip(misses["id"], misses["theme"], misses["kind"], misses["found"], strict=True)) == [
        ("R08", "kite", "missed", ""),
        ("R07", "kite", "not there", "kiteology"),
        ("R04", "zorb", "missed", ""),
        ("R10", "zorb", "missed", ""),
        ("R03", "zorb", "not there", "blimp"),
    ]
    assert misses["text"].iloc[4] == "a blimp over the town"


def test_agreement_by_hand(coded: Path, made_up_themes: Framework) -> None:
    agreement = evaluate(coded, made_up_themes, draws=50).agreement
    people = pick(agreement, readers="coder 1 and coder 2", theme="zorb")
    # present: coder 1 marks 5 of 12, coder 2 marks 6; they differ on R05 alone
    expected = (5 * 6 + 7 * 6) / 144
    assert people["percent"] == pytest.approx(11 / 12)
    assert people["kappa_present"] == pytest.approx((11 / 12 - expected) / (1 - expected))
    # three codes: they differ on R02, R04 and R05; 0, 1 and 2 are used 7, 2, 3 and 6, 3, 3 times
    expected = (7 * 6 + 2 * 3 + 3 * 3) / 144
    assert people["kappa_codes"] == pytest.approx((9 / 12 - expected) / (1 - expected))
    # kite: tags on R06 R07 R11; coder 1 marks R06 R08 R09 R11
    tags = pick(agreement, readers="coder 1 and tags", theme="kite")
    assert tags["percent"] == pytest.approx(9 / 12)
    assert math.isnan(tags["kappa_codes"])
    assert math.isnan(tags["alpha_ordinal"])


# --- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "coder_b_kite",
            "coder_b_kyte",
            "coded.csv, line 1: the column 'coder_b_kite' is missing. Did you mean 'coder_b_kyte'?",
        ),
        (
            "coder_",
            "reader_",
            "coded.csv, line 1: the column 'coder_a_zorb' is missing. Did you mean 'reader_a_zorb'?",
        ),
        (
            "statement",
            "statment",
            "coded.csv, line 1: there is no column 'statement' or 'text'. Did you mean 'statment'?",
        ),
        ("hall,1,1,0,0", "hall,1,3,0,0", "coded.csv, line 11, column 'coder_b_zorb': '3' is not a code; 0, 1 or 2"),
        ("hall,1,1,0,0", "hall,1,1,,0", "coded.csv, line 11, column 'coder_a_kite': '' is not a code; 0, 1 or 2"),
        ("R01,North,S1,", "R01,North,", "coded.csv, line 2: the row has 7 cells where the header has 8."),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_place(
    tmp_path: Path, made_up_themes: Framework, old: str, new: str, problem: str
) -> None:
    assert old in CODED
    with pytest.raises(DataError) as refusal:
        evaluate(write_rows(tmp_path, CODED.replace(old, new)), made_up_themes)
    assert problem in str(refusal.value)
    assert ", line." not in str(refusal.value)


def test_every_wrong_code_is_reported_at_once(tmp_path: Path, made_up_themes: Framework) -> None:
    with pytest.raises(DataError) as refusal:
        read_coded(write_rows(tmp_path, CODED.replace(",2,2,", ",2,two,")), made_up_themes)
    assert [problem.line for problem in refusal.value.problems] == [2, 12]


def test_rows_that_are_all_disputed_cannot_be_scored(tmp_path: Path, made_up_themes: Framework) -> None:
    header = CODED.splitlines()[0]
    path = write_rows(tmp_path, f"{header}\nR01,North,S1,zorbing in the park,2,0,0,1\n")
    with pytest.raises(MappingError, match="no cell on which the coders agree"):
        evaluate(path, made_up_themes)
    with pytest.raises(MappingError, match="no cell on which the coders agree"):
        evaluate(write_rows(tmp_path, f"{header}\n"), made_up_themes)


# --- what the numbers may not depend on --------------------------------------------------------------------


def shuffle(text: str) -> str:
    header, *rows = text.splitlines()
    return "\n".join([header, *rows[5:], *rows[4::-1]]) + "\n"


@pytest.mark.parametrize("sources", ["documents", "none"])
def test_the_same_twice_and_in_any_order_of_the_rows(tmp_path: Path, made_up_themes: Framework, sources: str) -> None:
    text = CODED if sources == "documents" else CODED.replace("source_title", "remark")
    first = evaluate(write_rows(tmp_path, text), made_up_themes)
    again = evaluate(write_rows(tmp_path, text), made_up_themes)
    turned = evaluate(write_rows(tmp_path, shuffle(text)), made_up_themes)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name))
    for name in ("scores", "likely", "coverage", "skill", "agreement", "misses"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(turned, name))
    assert set(first.disputed["id"]) == set(turned.disputed["id"])


def test_documents_are_resampled_and_not_rows(tmp_path: Path, made_up_themes: Framework) -> None:
    """Ten times the same rows from the same documents are no more evidence, so no range is narrower."""
    columns = ["f1", "f1_low", "f1_high"]
    header, *rows = CODED.splitlines()
    once = evaluate(write_rows(tmp_path), made_up_themes).scores
    tenfold = evaluate(write_rows(tmp_path, "\n".join([header, *rows * 10]) + "\n"), made_up_themes).scores
    measured = once["method"] != CALIBRATED  # a calibration fitted to ten times the rows is another one
    pd.testing.assert_frame_equal(once.loc[measured, columns], tenfold.loc[measured, columns])
    assert (once.loc[measured, "f1_low"] < once.loc[measured, "f1_high"]).any()


def test_one_document_gives_no_range(tmp_path: Path, made_up_themes: Framework) -> None:
    text = CODED
    for n in range(2, 6):
        text = text.replace(f",S{n},", ",S1,")
    scores = evaluate(write_rows(tmp_path, text), made_up_themes).scores
    assert (scores["f1_low"] == scores["f1_high"]).all()
    assert list(scores["f1_low"]) == pytest.approx(list(scores["f1"]))


# --- the cross-fitted probability --------------------------------------------------------------------------


def make_cells(inverted_board: str = "", inverted_theme: str = "") -> pd.DataFrame:
    """Cells whose truth is that a keyword stands; on one board or one theme it is the reverse."""
    rows = [
        (theme, board, n % 2 == 0, float((n % 2 == 0) != (board == inverted_board or theme == inverted_theme)))
        for theme in ("t", "u", "v")
        for board in ("A", "B", "C")
        for n in range(12)
    ]
    table = pd.DataFrame(rows, columns=["theme", "board", "keyword", "truth"])
    empty = {"similarity_score": 0.0, "residual": 0.0, "decides": 0.0, "confidence": "none"}
    return table.assign(keyword_score=table["keyword"].astype(float), **empty)


def test_a_board_whose_truth_is_inverted_is_judged_by_what_was_learnt_elsewhere() -> None:
    cells = make_cells(inverted_board="C")
    cells["probability"] = cross_fit(cells)
    own = cells[cells["board"] == "C"]
    assert (own.loc[own["keyword"], "probability"] > 0.9).all()
    assert (own.loc[~own["keyword"], "probability"] < 0.1).all()
    # on the other boards the inverted one was among what was learnt, and has left its mark
    rest = cells[(cells["board"] != "C") & cells["keyword"]]
    assert rest["probability"].max() < own["probability"].max()


@pytest.mark.parametrize(("column", "value"), [("board", "B"), ("theme", "u")])
def test_neither_the_own_board_nor_the_own_theme_is_seen(column: str, value: str) -> None:
    """Turning all truths of one board (or theme) round moves no probability there, and does elsewhere."""
    before, turned = make_cells(), make_cells(**{f"inverted_{column}": value})
    a, b = pd.Series(cross_fit(before)), pd.Series(cross_fit(turned))
    own = before[column] == value
    assert list(a[own]) == list(b[own])
    assert (a[~own] != b[~own]).all()


def test_a_disputed_cell_is_not_learnt_from_and_still_has_a_probability() -> None:
    cells = make_cells()
    cells.loc[cells["board"] == "C", "truth"] = float("nan")
    assert not pd.Series(cross_fit(cells)).isna().any()
    rest = cells[cells["board"] != "C"].reset_index(drop=True)
    among = [p for p, board in zip(cross_fit(cells), cells["board"], strict=True) if board != "C"]
    assert cross_fit(rest) == among


def test_where_the_rest_is_too_little_the_probability_is_missing() -> None:
    cells = make_cells()
    assert pd.Series(cross_fit(cells[cells["board"] == "A"].reset_index(drop=True))).isna().all()
    assert pd.Series(cross_fit(cells[cells["theme"] == "t"].reset_index(drop=True))).isna().all()


def test_a_file_that_names_no_board_claims_nothing_for_the_calibrated_method(
    tmp_path: Path, made_up_themes: Framework
) -> None:
    found = evaluate(write_rows(tmp_path, CODED.replace("board,", "place,")), made_up_themes, draws=50)
    assert CALIBRATED not in set(found.scores["method"])
    assert found.coverage["error"].isna().all()
    assert found.skill["skill"].isna().all()
    assert "Scores, with" in str(found)


PLANTED = {
    "base rate": lambda cells: cells["theme"].map(cells.groupby("theme")["truth"].mean()),
    "truth": lambda cells: cells["truth"].fillna(0.5),
    "its reverse": lambda cells: 1 - cells["truth"].fillna(0.5),
}


@pytest.mark.parametrize(("planted", "low", "high"), [("base rate", 0, 0), ("truth", 1, 1), ("its reverse", -9, -1)])
def test_brier_skill_is_0_for_the_base_rate_and_1_for_the_truth(
    coded: Path, made_up_themes: Framework, monkeypatch: pytest.MonkeyPatch, planted: str, low: float, high: float
) -> None:
    monkeypatch.setattr("mapping.evaluation.cross_fit", lambda cells: list(PLANTED[planted](cells)))
    skill = evaluate(coded, made_up_themes, draws=50).skill
    zorb = pick(skill, theme="zorb")
    assert zorb["brier_base"] == pytest.approx(5 / 11 * 6 / 11)
    for theme in ("zorb", "kite"):
        assert low - 1e-9 <= pick(skill, theme=theme)["skill"] <= high + 1e-9


def test_coverage_by_hand(coded: Path, made_up_themes: Framework, monkeypatch: pytest.MonkeyPatch) -> None:
    """The 11 cells of zorb are decided for sure and rightly; then the 11 of kite, all yes, of which 3 are."""
    monkeypatch.setattr(
        "mapping.evaluation.cross_fit",
        lambda cells: [
            0.6 if theme == "kite" else truth for theme, truth in zip(cells["theme"], cells["truth"], strict=True)
        ],
    )
    coverage = evaluate(coded, made_up_themes, draws=50).coverage.set_index("coverage")
    assert tuple(coverage.loc[0.1]) == (0, 20)
    assert tuple(coverage.loc[0.5]) == (0, 11)
    assert tuple(coverage.loc[1.0]) == pytest.approx((8 / 22, 0))


# --- on the command line, and on the shipped rows ----------------------------------------------------------


def test_the_command_prints_the_warning_and_the_methods_and_writes_the_tables(
    coded: Path, made_up_themes: Framework, tmp_path: Path
) -> None:
    home = tmp_path / "out"
    call = ["evaluate", str(coded), "--framework", str(made_up_themes.folder)]
    out = CliRunner().invoke(main, [*call, "-o", str(home)])
    assert out.exit_code == 0, out.output
    assert WARNING in out.stdout
    assert "12 texts x 2 themes = 24 cells; 2 on which coders differ are left out." in out.stdout
    for method in (*METHODS, CALIBRATED):
        assert re.search(rf"^ *{method} +macro ", out.stdout, re.MULTILINE), method
    assert sorted(path.name for path in home.iterdir()) == sorted(f"{name}.csv" for name in TABLES)
    with (home / "misses.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == ["R08", "R07", "R04", "R10", "R03"]
    assert CliRunner().invoke(main, call).stdout == out.stdout


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    out = CliRunner().invoke(main, ["evaluate", "derby-codes"])
    assert (out.exit_code, out.stdout) == (1, "")
    assert "Coded file 'derby-codes' is not known. Did you mean 'derby-coded'?" in out.stderr


def test_the_shipped_rows_can_be_read_and_name_two_coders(closing_the_gap: Framework) -> None:
    for name, rows in (("derby-coded", 233), ("statements-working", 317)):
        cells = read_coded(name, closing_the_gap)
        assert len(cells) == rows * 5
        assert {len(codes) for codes in cells["codes"]} == {2}
        assert cells["id"].nunique() == rows
