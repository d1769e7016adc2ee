"""Cards: what stands on them, that restated words are never quoted, and that crossed-out sentences come back."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from mapping.errors import OutputError
from mapping.figures import Chart, style
from mapping.figures.card_drawing import choose_sentences
from mapping.figures.cards import draw_cards, list_sentences, write_cards
from mapping.partnership import read_partnership
from mapping.review_import import import_reviews
from mapping.tags import Run, tag
from tests.conftest import write_city
from tests.stress import make_run, make_stress_set

STRESS = make_stress_set()
#: Runs that differ in what a card must cope with; ``python -m tests.stress`` draws the cards of all.
CASES = ("derby-like-some", "long-names", "count-999", "twelve-boards", "no-tags", "odd-letters", "not-scored")


@pytest.fixture(scope="module")
def spread() -> Run:
    run = make_run([[3, 1], [2, 0]], priorities=[6, 4], sources=["named", "stand-in"], confirmed="some")
    wording = ["verbatim" if n % 2 else "restated" for n in range(len(run.priorities))]
    return replace(run, priorities=run.priorities.assign(wording=wording, page=["4"] * 5 + [""] * 5))


def list_texts(chart: Chart) -> list[str]:
    return [text for text, _, _ in chart.texts()]


def count_squares(chart: Chart) -> tuple[int, int]:
    """Return the filled and the outlined unit squares of a card."""
    squares = [
        to_hex(patch.get_facecolor()).upper() == style.MAIN
        for patch in chart.figure.axes[0].patches
        if isinstance(patch, Rectangle) and patch.get_height() == pytest.approx(0.15) and patch.get_x() < 4.3
    ]
    return sum(squares), len(squares) - sum(squares)


@pytest.mark.parametrize("case", CASES)
def test_cards_are_clean(case: str) -> None:
    run = STRESS[case]
    cards = draw_cards(run)
    assert len(cards) == len(run.themes) + len(run.boards)
    assert [(card.name, card.lint()) for card in cards if card.lint()] == []
    assert all(card.size == (8.27, 5.83) for card in cards)


def test_squares_are_filled_where_a_person_confirmed(spread: Run) -> None:
    card = draw_cards(spread)[0]
    tagged = spread.standing_tags[spread.standing_tags["theme"] == "t1"]
    assert count_squares(card) == (int((tagged["status"] == "confirmed").sum()), 5 - 3)
    assert count_squares(draw_cards(make_run([[3]], confirmed="all"))[0]) == (3, 0)


def test_confirmed_sentences_come_first_and_boards_take_turns(spread: Run) -> None:
    own = list_sentences(spread)
    own = own[own["theme"] == "t1"]
    said = choose_sentences(own, "board", 3)
    assert [s["confirmed"] for s in said] == sorted((s["confirmed"] for s in said), reverse=True)
    assert {s["board"] for s in said[:2]} == {"B01", "B02"}
    assert [s["letter"] for s in said] == ["a", "b", "c"]
    assert all(
        s["state"] == ("confirmed by a person" if s["confirmed"] else "suggested, not yet checked") for s in said
    )


def test_restated_words_are_never_in_quotation_marks(spread: Run) -> None:
    said = [s for kind in ("theme", "board") for _, own in list_sentences(spread).groupby(kind)
            for s in choose_sentences(own, "board" if kind == "theme" else "theme", 9)]  # fmt: skip
    assert {s["verbatim"] for s in said} == {True, False}
    for sentence in said:
        assert sentence["shown"].startswith("\u201c") == sentence["verbatim"]
        assert sentence["source"].endswith("restated") != sentence["verbatim"]
    assert any(", page 4, " in sentence["source"] for sentence in said)
    assert all("\u2020" in sentence["source"] for sentence in said if sentence["board"] == "B02")


def test_a_long_sentence_is_cut_and_says_so() -> None:
    run = make_run([[1]], priorities=[1])
    text = "We will " + "work with everybody in every place " * 12 + f"zz{'a' * 2}k"
    card = draw_cards(replace(run, priorities=run.priorities.assign(text=text, wording="verbatim")))[0]
    said = [text for text in list_texts(card) if text.endswith("[...]\u201d")]
    assert len(said) == 1
    assert card.lint() == []
    assert text in card.long_description  # in words it stands whole


def test_questions_ask_for_what_is_wrong(spread: Run) -> None:
    for card in draw_cards(spread):
        assert {"Which of these is wrong here? Cross it out.", "Votes"} <= set(list_texts(card))


def test_a_count_under_five_is_never_a_percentage() -> None:
    said = list_texts(draw_cards(make_run([[4, 5]], priorities=[20]))[-1])
    assert {"of 20", "of 20 (25%)"} <= set(said)
    assert not any("20%" in text for text in said)


def test_cells_that_say_nothing_say_why() -> None:
    run = make_run([[2, 0], [0, 0], [0, 0]], priorities=[5, 0, 4], sources=["named", "unread", "unscored"])
    assert {"not read", "not scored"} <= set(list_texts(draw_cards(run)[0]))


# --- the files ---


def test_the_pdf_is_the_same_on_every_run_and_says_what_it_is(spread: Run, tmp_path: Path) -> None:
    path = write_cards(spread, tmp_path / "cards.pdf")
    first = path.read_bytes()
    assert write_cards(spread, path).read_bytes() == first
    assert b"/Lang (en-GB)" in first
    assert b"/DisplayDocTitle true" in first
    assert b"/Title (Cards: Made-up city, Made-up)" in first
    assert b"CreationDate" not in first
    assert b"Matplotlib" not in first
    assert len(re.findall(rb"/Type /Page\b(?!s)", first)) == 4
    # Letters with their meaning, so that the text can be searched and read aloud.
    assert b"/ToUnicode" in first


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="skipped: no pdftotext here")
def test_the_text_of_the_pdf_can_be_taken_out(spread: Run, tmp_path: Path) -> None:
    path = write_cards(spread, tmp_path / "cards.pdf")
    out = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    for said in (
        "Which of these is wrong here? Cross it out.",
        "Voice",
        "To discuss at your table",
        "B01-00",
        "page 4",
    ):
        assert said in out
    info = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True)
    assert "Pages:           4" in info.stdout
    assert info.stderr == ""


def test_the_twins_say_the_same(spread: Run, tmp_path: Path) -> None:
    path = write_cards(spread, tmp_path / "cards.pdf")
    text = path.with_suffix(".txt").read_text(encoding="utf-8")
    rows = list(csv.DictReader(path.with_suffix(".csv").open(encoding="utf-8-sig", newline="")))
    for row in rows:
        assert row["Key: words as judged"] in text
        assert row["Decision"] == ""
    cards = draw_cards(spread)
    shown = sum(len(re.findall(r"\b[a-c]: ", card.long_description)) for card in cards)
    assert len(rows) == shown
    assert all(f"\n{card.headline}\n" in f"\n{text}" for card in cards)


def test_crossed_out_sentences_come_back_as_reviews(tmp_path: Path) -> None:
    city = write_city(tmp_path / "city")
    run = tag(read_partnership(city))
    table = write_cards(run, tmp_path / "cards.pdf").with_suffix(".csv")
    rows = pd.read_csv(table, dtype=str, keep_default_na=False)
    first = rows[["Key: priority", "Key: theme"]].iloc[0].to_list()
    # The same sentence stands on the card of its theme and on that of its board; it is crossed out on one.
    rows["Decision"] = ["Reject", *[""] * (len(rows) - 1)]
    rows["Reviewer"] = "AB"
    rows["Date"] = "2024-11-05"
    rows.to_csv(table, index=False)
    import_reviews(city, [table], run)
    again = tag(read_partnership(city))
    status = again.tags.set_index(["priority", "theme"])["status"]
    assert status[tuple(first)] == "rejected"
    assert (status == "rejected").sum() == 1


def test_answers_are_not_written_over(spread: Run, tmp_path: Path) -> None:
    path = write_cards(spread, tmp_path / "cards.pdf")
    table = path.with_suffix(".csv")
    rows = pd.read_csv(table, dtype=str, keep_default_na=False)
    rows.loc[0, "Note"] = "not about this"
    rows.to_csv(table, index=False)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    again = write_cards(spread, path)
    assert again.name == "cards-2.pdf"
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert write_cards(spread, path) == again  # and no third
    table.write_text("my own notes", encoding="utf-16")
    assert write_cards(spread, path) == again


def test_cards_without_answers_follow_the_new_run(spread: Run, tmp_path: Path) -> None:
    path = write_cards(spread, tmp_path / "cards.pdf")
    later = replace(spread, priorities=spread.priorities.assign(text="We will plant trees."))
    assert write_cards(later, path) == path
    assert "We will plant trees." in path.with_suffix(".csv").read_text(encoding="utf-8-sig")
    assert len(list(tmp_path.iterdir())) == 3


def test_another_ending_is_refused(spread: Run, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"a name that ends with \.pdf"):
        write_cards(spread, tmp_path / "cards.docx")
    assert list(tmp_path.iterdir()) == []
