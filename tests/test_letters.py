"""Letters that mislead: writing that turns round, control characters, and UTF-8 that was opened as something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.csv_format import sign
from mapping.letters import close_directions, list_odd_letters
from mapping.partnership import read_partnership
from tests.conftest import write_city

SIGNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("plain", ""),
        ("\u202eab", "\u202c"),
        ("\u202eab\u202c", ""),
        ("\u2067ab", "\u2069"),
        ("\u2067\u202eab", "\u202c\u2069"),
        ("\u2067\u202eab\u2069", ""),  # the end of an isolate ends what was opened within it
        ("\u202cab\u2069", ""),  # an end without a beginning does nothing
    ],
)
def test_what_turns_the_writing_is_closed(text: str, end: str) -> None:
    assert close_directions(text) == text + end


@given(st.text(alphabet=SIGNS + "ab1 "))
def test_closing_twice_changes_nothing_and_loses_nothing(text: str) -> None:
    closed = close_directions(text)
    assert closed.startswith(text)
    assert close_directions(closed) == closed
    assert set(closed[len(text) :]) <= {"\u202c", "\u2069"}


@pytest.mark.parametrize(
    "right", ["crisis caf\u00e9", "the City\u2019s plan", "M\u00fcller", "\u00a35m", "2019\u201322", "\u201cgood\u201d"]
)
def test_letters_read_in_a_wrong_encoding_are_found(right: str) -> None:
    wrong = "".join(bytes([byte]).decode("cp1252" if byte != 0x9D else "latin-1") for byte in right.encode("utf-8"))
    assert any("was probably written" in said for said in list_odd_letters(wrong))
    assert list_odd_letters(right) == []


def test_a_city_is_told_of_odd_letters_and_no_sentence_turns_round(tmp_path: Path) -> None:
    home = write_city(tmp_path / "city")
    boards = (home / "boards.csv").read_text(encoding="utf-8")
    name = boards.splitlines()[1].split(",")[1]
    (home / "boards.csv").write_text(boards.replace(name, f"\u202e{name} caf\u00c3\u00a9", 1), encoding="utf-8")
    city = read_partnership(home)
    said = [note.message for note in city.warnings]
    assert any("turns the direction of writing" in message for message in said)
    assert any("reads '\u00c3\u00a9' where '\u00e9' was probably written" in message for message in said)
    assert city.boards["name"].iloc[0].endswith("\u202c")


@given(st.text())
def test_a_mark_stands_once_and_only_where_it_is_needed(text: str) -> None:
    signed = sign(text)
    assert sign(signed) == signed
    assert signed.removeprefix("\ufeff") == text.removeprefix("\ufeff") or text.isascii()
    assert (signed == text) == (text.isascii() or text.startswith("\ufeff"))
