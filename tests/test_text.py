"""Words: where they stand, how they are folded, how common they are."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.text import IDF_CAP, WordCounts, content_words, fold_word, load_word_counts, split_words, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("inequality", "inequalities"),
        ("aspire", "aspiring"),
        ("apprentice", "apprentices"),
        ("community", "communities"),
    ],
)
def test_plural_and_derived_forms_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_different_words_keep_different_stems() -> None:
    assert stem("start") != stem("star")
    assert stem("voice") != stem("vote")


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Children\u2019s homes", ["children's", "homes"]),
        ("well-being", ["well", "being"]),
        ("ca\u00adre", ["care"]),
        ("\uff33kills", ["skills"]),
        ("caf\u00e9 CAFE\u0301", ["caf\u00e9", "caf\u00e9"]),
        ("snake_case", ["snake", "case"]),
        ("5,000 homes by 2021", ["5", "000", "homes", "by", "2021"]),
        ("\u2013 \u2022 ... !", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_folded_words(text: str, forms: list[str]) -> None:
    assert [word.form for word in split_words(text)] == forms


def test_words_know_where_they_stand() -> None:
    text = "Give all \u201cyoung people\u201d a start"
    assert [text[word.start : word.end] for word in split_words(text)] == [
        "Give",
        "all",
        "young",
        "people",
        "a",
        "start",
    ]


@pytest.mark.parametrize(
    "text", ["well-being", "well\u2010being", "well\u2011being", "well-\nbeing", "well-  \n  being"]
)
def test_a_hyphen_joins_two_words(text: str) -> None:
    assert [word.joined for word in split_words(text)] == [False, True]


@pytest.mark.parametrize("text", ["well being", "well - being", "well\u2013being", "well, being", "well--being"])
def test_a_dash_or_a_space_does_not(text: str) -> None:
    assert [word.joined for word in split_words(text)] == [False, False]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Listen. Then act.", [0, 1, 1]),
        ("Listen; then act", [0, 1, 1]),
        ("Listen to people\n\nAct", [0, 0, 0, 1]),
        ("Listen\n\u2022 act", [0, 1]),
        ("Listen\nand act", [0, 0, 0]),
        ("5.5 per cent", [0, 0, 0, 0]),
        ("Listen, then act", [0, 0, 0]),
    ],
)
def test_sentences_are_counted(text: str, sentences: list[int]) -> None:
    assert [word.sentence for word in split_words(text)] == sentences


def test_function_words_numbers_and_letters_carry_no_meaning() -> None:
    words = split_words("We will give all of the 5,000 children a good start in 2019 at b")
    assert [word.form for word in content_words(words)] == ["give", "children", "good", "start"]


def test_idf_is_worked_by_hand() -> None:
    counts = WordCounts(
        [("cats", "cat", 300_000), ("cat", "cat", 199_999), ("dog", "dog", 1_000_000), ("gnu", "gnu", 1)]
    )
    assert counts.idf("cat") == pytest.approx(log(1_000_001 / 500_000) + 1)  # both forms of the stem, and 1 each
    assert counts.idf("cat") == pytest.approx(log(2) + 1, abs=1e-5)
    assert counts.idf("dog") == 1.0
    assert counts.idf("gnu") == IDF_CAP == 10.0  # log(1_000_001 / 2) + 1 = 14.1, capped
    assert counts.idf("yeti") == IDF_CAP


def test_the_commonest_word_with_a_beginning() -> None:
    counts = WordCounts([("car", "car", 5), ("care", "care", 9), ("caring", "care", 9), ("dog", "dog", 99)])
    assert counts.commonest("car") == "care"  # of two equally common ones, the first in the alphabet
    assert counts.commonest("do") == "dog"
    assert counts.commonest("x") is None


def test_the_shipped_counts_know_common_english() -> None:
    counts = load_word_counts()
    assert counts.idf(stem("people")) < counts.idf(stem("apprentices")) <= IDF_CAP
    assert counts.knows("children's")
    assert not counts.knows("gymuned")


@given(st.text(max_size=80))
@settings(max_examples=150)
def test_every_word_is_a_piece_of_the_text_in_its_order(text: str) -> None:
    end, sentence = 0, 0
    for word in split_words(text):
        assert end <= word.start < word.end <= len(text)
        assert fold_word(text[word.start : word.end]) == word.form
        assert word.stem == stem(word.form)
        assert sentence <= word.sentence
        end, sentence = word.end, word.sentence


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=100)
def test_words_do_not_depend_on_what_follows(before: str, after: str) -> None:
    alone = [(word.start, word.form) for word in split_words(before)]
    assert [(word.start, word.form) for word in split_words(f"{before} . {after}")][: len(alone)] == alone
