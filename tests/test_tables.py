"""Tables: cells that come back to the letter, and what stands in a CSV file of ours."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.csv_format import format_table, write_table
from mapping.errors import DataError, Problem, nearest
from mapping.tables import Column, fold, read_column, read_table, read_yaml

COLUMNS = (Column("id", "the id", needed=True), Column("text", "what it says", exact=True))


def read(folder: Path, content: str | bytes) -> tuple[list[tuple[str, str, int]], list[str]]:
    path = folder / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    table, warnings = read_table(path, COLUMNS, "id")
    return list(table.itertuples(index=False, name=None)), [str(warning) for warning in warnings]


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    rows, warnings = read(tmp_path, 'id,text\n1,one\n\n# remark,\n2,"two\nlines"\n3,three\n')
    assert rows == [("1", "one", 2), ("2", "two\nlines", 5), ("3", "three", 7)]
    assert warnings == []


def test_a_message_names_file_line_and_column() -> None:
    assert str(Problem("a.csv", "is odd.")) == "a.csv: is odd."
    assert str(Problem("a.csv", "is odd.", 3, "text")) == "a.csv, line 3, column 'text': is odd."
    assert nearest("HWD", ["CFL", "HWB"]) == " Did you mean 'HWB'? Known: CFL, HWB."
    assert nearest("zzz", ["CFL", "HWB"]) == " Known: CFL, HWB."
    assert nearest("x", [str(n) for n in range(14)]).endswith("10, 11, ... (14 in all).")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Children,  Families &\u00a0Learner\u2019s Board", "children families & learners board"),
        ("CAFE\u0301", "caf\u00e9"),
        ("well-being", "well being"),
        ("\uff28\uff37\uff22", "hwb"),
        ("Stra\u00dfe", "STRASSE"),
        ("in\u00advest", "invest"),
    ],
)
def test_texts_that_are_one_when_folded(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("10%", "10"), ("\u00a35", "5"), ("A & B", "A B"), ("no", "not")])
def test_texts_that_stay_two_when_folded(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=30))
@settings(max_examples=300)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (True, "yes"),
        (False, "no"),
        (None, ""),
        (float("nan"), ""),
        (pd.NA, ""),
        (3, "3"),
        (1 / 3, "0.333333333"),
        (0.5, "0.5"),
        (-0.0, "0"),
        (1e-12, "0"),
        (2.0, "2"),
        (["a", "b"], "a | b"),
        ({"b", "a"}, "a | b"),
        ((), ""),
        ("=1+1", "'=1+1"),
        ("-5", "'-5"),
        ("'=1", "''=1"),
        ("\uff1d1", "'\uff1d1"),
        ("'quoted'", "'quoted'"),
        ("plain", "plain"),
    ],
)
def test_how_a_value_is_written(value: object, cell: str) -> None:
    written = format_table(pd.DataFrame({"id": ["x"], "value": pd.Series([value], dtype="object")}))
    assert next(csv.DictReader(io.StringIO(written)))["value"] == cell


AWKWARD = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=15),
    st.text(st.sampled_from("'=+-@\t\r\n\",;# \uff1d\ufeff\u00a0\u2028ab"), max_size=6),
)


@given(st.lists(AWKWARD, max_size=5))
@settings(max_examples=200, deadline=None)
def test_every_text_comes_back_to_the_letter(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    table = pd.DataFrame({"id": [f"p{n}" for n in range(len(texts))], "text": texts}, dtype="object")
    path = write_table(tmp_path_factory.mktemp("table") / "table.csv", table)
    again, _ = read_table(path, COLUMNS, "id")
    # a cell of nothing but space is read as empty
    assert list(again["text"]) == [text if text.strip() else "" for text in texts]
    assert list(again["id"]) == list(table["id"])


@given(AWKWARD)
@settings(max_examples=100)
def test_no_cell_begins_a_formula(text: str) -> None:
    written = format_table(pd.DataFrame({"text": [text], "id": ["x"]}))
    cell = next(csv.DictReader(io.StringIO(written, newline="")))["text"]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"))


def test_one_column_of_any_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text('"what it says",x\n"a\nb",1\n\nc,2\n', encoding="utf-8")
    column = read_column(path, "what it says")
    assert column.to_dict() == {2: "a\nb", 5: "c"}
    with pytest.raises(DataError) as refusal:
        read_column(path, "what is says")
    expected = (
        "mine.csv, line 1: there is no column 'what is says'. Did you mean 'what it says'? Known: what it says, x."
    )
    assert str(refusal.value) == expected


def test_a_cell_of_a_million_characters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 3: a cell holds more than 1,000,000 characters"):
        read(tmp_path, f"id,text\n1,x\n2,{'x' * 1_000_001}\n")


def test_yaml_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("# remark\nname: 007\nplace: 2019-01-28\nother:\n", encoding="utf-8")
    keys = {"name": "a name", "place": "a place", "other": "another", "last": "the last"}
    assert read_yaml(path, keys) == {"name": "007", "place": "2019-01-28", "other": "", "last": ""}


@pytest.mark.parametrize("content", ["a: b\n---\na: c\n", "{name: [}\n", "name: |\n\x01\n", "\tname: x\n"])
def test_yaml_of_other_kinds_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"^a\.yaml"):
        read_yaml(path, {"name": "a name"})


def test_a_yaml_tag_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("name: !!python/object/apply:os.abort []\nplace: !!binary eA==\n", encoding="utf-8")
    with pytest.raises(DataError, match="column 'name': a plain text is expected, not a list or a group"):
        read_yaml(path, {"name": "a name", "place": "a place"})
