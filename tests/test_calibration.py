"""The probability: a stated formula, stored in a file of its own, and never there unless somebody asked for it."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import make_framework
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.calibration import FEATURES, Calibration, format_calibration, read_calibration
from mapping.cli import main
from mapping.errors import DataError, MappingError, OutputError
from mapping.evaluation import write_calibrated
from mapping.framework import Framework, read_framework
from mapping.scoring import tag_texts

FITTED = Calibration("twelve rows", 60, -2.0, (3.0, 1.5, 0.5, 1.0))


def test_probability_by_hand() -> None:
    # -2 + 3 x 0.5 + 1.5 x 1 + 0.5 x 0 + 1 x 1 = 2
    assert FITTED.probability([0.5, 1, 0, 1]) == round(1 / (1 + math.exp(-2)), 9)
    # -2 + 3 x 0 + 1.5 x 1 + 0.5 x 1 + 1 x 0 = 0
    assert FITTED.probability([0, 1, 1, 0]) == 0.5


SHARES = st.floats(0, 1)
WEIGHTS = st.floats(-50, 50)
FEATURE_ROWS = st.tuples(*[SHARES] * len(FEATURES))


@given(WEIGHTS, st.tuples(*[st.floats(0, 50)] * len(FEATURES)), FEATURE_ROWS, st.integers(0, 3), SHARES)
@settings(max_examples=150)
def test_more_of_a_feature_with_a_positive_coefficient_never_lowers_the_probability(
    intercept: float, weights: tuple[float, ...], row: tuple[float, ...], place: int, other: float
) -> None:
    low, high = list(row), list(row)
    low[place], high[place] = sorted((row[place], other))
    fitted = Calibration("", 0, intercept, weights)
    assert 0 <= fitted.probability(low) <= fitted.probability(high) <= 1


@given(st.floats(-1e6, 1e6), st.tuples(*[st.floats(-1e6, 1e6)] * len(FEATURES)), FEATURE_ROWS)
@settings(max_examples=150)
def test_turning_every_sign_gives_the_other_side_and_nothing_overflows(
    intercept: float, weights: tuple[float, ...], row: tuple[float, ...]
) -> None:
    here = Calibration("", 0, intercept, weights).probability(row)
    there = Calibration("", 0, -intercept, tuple(-weight for weight in weights)).probability(row)
    assert here + there == pytest.approx(1, abs=1e-8)


NINE_DIGITS = st.floats(-1000, 1000).map(lambda value: round(value, 9))
NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, blacklist_categories=("Cc", "Cs", "Zl", "Zp")))


@given(NAMES, st.integers(50, 10**6), NINE_DIGITS, st.tuples(*[NINE_DIGITS] * len(FEATURES)))
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, fitted_on: str, cells: int, intercept: float, weights: tuple[float, ...]
) -> None:
    written = Calibration(f"coded {fitted_on} rows", cells, intercept, weights)
    path = tmp_path_factory.mktemp("calibration") / "calibration.yaml"
    path.write_text(format_calibration(written), encoding="utf-8")
    read = read_calibration(path)
    assert read is not None
    # two signs that would end the text in the file are replaced by ones that read the same
    assert replace(read, fitted_on="") == replace(written, fitted_on="")
    assert read.fitted_on == written.fitted_on.replace("\\", "/").replace('"', "'")


def test_a_framework_without_the_file_has_none(tmp_path: Path) -> None:
    assert read_calibration(tmp_path / "calibration.yaml") is None
    assert make_framework(tmp_path).calibration is None


GOOD = format_calibration(FITTED)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            GOOD.replace('"1.500000000"', '"high"'),
            "calibration.yaml, column 'similarity_score': 'high' is not a number.",
        ),
        (GOOD.replace('"-2.000000000"', '"nan"'), "calibration.yaml, column 'intercept': 'nan' is not a number."),
        (GOOD.replace('"60"', '"inf"'), "calibration.yaml, column 'cells': 'inf' is not a number."),
        (
            GOOD.replace('residual: "0.500000000"\n', ""),
            "calibration.yaml, column 'residual': is missing; expected the coefficient of residual.",
        ),
        (
            GOOD.replace("decides:", "decide:"),
            "calibration.yaml, column 'decide': the key is not known. Did you mean 'decides'?",
        ),
        ("- 1\n- 2\n", 'calibration.yaml: expected lines of the form key: "value".'),
        ("intercept: [1\n", "calibration.yaml, line 2: "),
    ],
)
def test_a_damaged_file_is_refused_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    make_framework(tmp_path)
    (tmp_path / "calibration.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        read_framework(tmp_path)
    assert problem in str(refusal.value)


def test_without_a_calibration_there_is_no_probability(made_up_themes: Framework) -> None:
    assert tag_texts(["zorbing in the park", "x"], made_up_themes)["probability"].isna().all()


def test_with_a_calibration_every_scored_text_has_one(made_up_themes: Framework) -> None:
    tags = tag_texts(["zorbing in the park", "a walk in the park", "x"], replace(made_up_themes, calibration=FITTED))
    zorb = tags[tags["theme"] == "zorb"].reset_index(drop=True)
    # nothing found: -2 alone; nothing scored: no probability
    assert zorb["probability"].iloc[1] == round(1 / (1 + math.exp(2)), 9)
    assert math.isnan(zorb["probability"].iloc[2])
    # keywords 1, similarity s, nothing left without the hit's own word, and it decides: -2 + 3 + 1.5 s + 1
    total = 2 + 1.5 * zorb["similarity_score"].iloc[0]
    assert zorb["probability"].iloc[0] == pytest.approx(1 / (1 + math.exp(-total)), abs=1e-9)


def test_a_calibration_changes_no_score_and_no_tag(made_up_themes: Framework) -> None:
    texts = ["zorbing from a blimp", "quoits in the yurts", "a day in the park", "x"]
    plain = tag_texts(texts, made_up_themes)
    fitted = tag_texts(texts, replace(made_up_themes, calibration=FITTED))
    assert plain.drop(columns="probability").equals(fitted.drop(columns="probability"))


def write_coded(path: Path, rows: int = 30) -> Path:
    """Coded texts of which every second speaks of zorbing, and says so; one of them is coded against its words."""
    lines = ["statement,coder_a_zorb,coder_a_kite"]
    for n in range(rows):
        said = n % 2 == 0
        lines.append(f"{'zorbing' if said else 'walking'} on day {n} of the year,{int(said != (n == 4))},{n % 3 // 2}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def list_all(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_calibrated_framework_is_a_new_one(tmp_path: Path) -> None:
    source = make_framework(tmp_path / "source")
    before = list_all(source.folder)
    folder = write_calibrated(write_coded(tmp_path / "coded.csv"), source, tmp_path / "new")
    assert list_all(source.folder) == before
    after = list_all(folder)
    assert after.pop("calibration.yaml").startswith(b"# Made by mapping calibrate")
    assert after == before
    fitted = read_framework(folder).calibration
    assert fitted is not None
    assert (fitted.fitted_on, fitted.cells) == ("coded.csv, 60 cells", 60)
    tags = tag_texts(["zorbing in the park", "a walk in the park"], str(folder))
    yes, no = tags.loc[tags["theme"] == "zorb", "probability"]
    assert 0 < no < yes < 1


def test_the_same_rows_in_another_order_give_the_same_calibration(tmp_path: Path) -> None:
    source = make_framework(tmp_path / "source")
    coded = write_coded(tmp_path / "coded.csv")
    first = write_calibrated(coded, source, tmp_path / "first")
    header, *rows = coded.read_text("utf-8").splitlines()
    coded.write_text("\n".join([header, *rows[::-1]]) + "\n", "utf-8")
    second = write_calibrated(coded, source, tmp_path / "second")
    assert list_all(first) == list_all(second)


def test_a_folder_that_holds_something_is_refused_and_left_alone(tmp_path: Path) -> None:
    source = make_framework(tmp_path / "source")
    coded = write_coded(tmp_path / "coded.csv")
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.docx").write_text("years of work", "utf-8")
    for target in (full, source.folder, coded):
        with pytest.raises(OutputError, match="already holds something; nothing was written"):
            write_calibrated(coded, source, target)
    assert list_all(full) == {"thesis.docx": b"years of work"}
    (tmp_path / "empty").mkdir()
    assert write_calibrated(coded, source, tmp_path / "empty") == tmp_path / "empty"


def test_too_few_rows_are_refused_and_nothing_is_left(tmp_path: Path) -> None:
    source = make_framework(tmp_path / "source")
    with pytest.raises(MappingError, match="20 coded cells are too few"):
        write_calibrated(write_coded(tmp_path / "coded.csv", rows=10), source, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_the_command_writes_the_folder_and_says_where(tmp_path: Path) -> None:
    source = make_framework(tmp_path / "source")
    coded = write_coded(tmp_path / "coded.csv")
    call = ["calibrate", str(coded), "--framework", str(source.folder), "-o", str(tmp_path / "new")]
    out = CliRunner().invoke(main, call)
    assert (out.exit_code, out.stdout.strip()) == (0, str(tmp_path / "new" / "calibration.yaml"))
    again = CliRunner().invoke(main, call)
    assert (again.exit_code, again.stdout) == (1, "")
    assert "already holds something" in again.stderr
