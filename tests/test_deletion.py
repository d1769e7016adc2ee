"""The deletion test: which few words a tag stands on."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import make_framework

from mapping.deletion import Deletion, find_evidence
from mapping.explanation import explain
from mapping.files import find_coded
from mapping.framework import Framework
from mapping.scoring import METHODS, Scorer, get_scorer
from mapping.tables import each_row, read_column
from mapping.tags import Run
from mapping.text import split_words, stem


def fell(framework: Framework, text: str, threshold: float = 0.5, method: str = "both") -> Deletion:
    return find_evidence(get_scorer(framework), text, "zorb", method, threshold)


@pytest.mark.parametrize(
    ("text", "words", "content", "weak"),
    [
        ("zorbing in the old park", ("zorbing",), 3, False),
        # two keywords that decide: both must go, first the one that is in the theme's name too
        ("zorbing from a blimp over the old town hall", ("zorbing", "blimp"), 5, False),
        ("zorbing from a blimp over the hall", ("zorbing", "blimp"), 3, True),  # two of three are more than half
        ("zorbing from a blimp by the road and the hall", ("zorbing", "blimp"), 4, False),  # two of four are not
        # one word is never too many
        ("zorbing", ("zorbing",), 1, False),
        # every repetition of a word goes at once, in whatever form
        ("zorbing, and no more than Zorbing", ("zorbing",), 1, False),
        # what is cancelled was no evidence
        ("zorbing but no blimp over the old road", ("zorbing",), 4, False),
    ],
)
def test_what_a_tag_stands_on(
    made_up_themes: Framework, text: str, words: tuple[str, ...], content: int, weak: bool
) -> None:
    found = fell(made_up_themes, text)
    assert (found.words, found.content, found.falls, found.weak) == (words, content, True, weak)


def test_terms_go_in_the_order_of_their_part(made_up_themes: Framework) -> None:
    """By keywords at a threshold of 1 the two that support reach it together; either alone is a half."""
    found = fell(made_up_themes, "quoits in the yurts of the old town", 1.0, "keywords")
    assert found.words in (("quoits",), ("yurts",))
    # zorbing weighs 10 and quoits 5, over a reference of 10: the heavier one goes first, and 0.5 is left, not 0.9
    assert fell(made_up_themes, "quoits and zorbing in the old town", 0.9, "keywords").words == ("zorbing",)


def test_a_phrase_falls_with_any_of_its_words(tmp_path: Path) -> None:
    framework = make_framework(
        tmp_path, "theme,pattern,role,reason\nzorb,blimp * pilot,decides,x\nkite,kite,decides,x\n"
    )
    found = fell(framework, "a blimp with a pilot over the old town hall", method="keywords")
    assert len(found.words) == 1
    assert found.words[0] in ("blimp", "pilot")


def test_taking_words_away_brings_no_evidence_back(tmp_path: Path) -> None:
    """The first blimp is cancelled by the word zeppelin. Taken away, that word goes on cancelling."""
    framework = make_framework(
        tmp_path,
        "theme,pattern,role,reason\nzorb,blimp,decides,x\nzorb,zeppelin,decides,x\nzorb,blimp zeppelin,cancels,x\n"
        "kite,kite,decides,x\n",
    )
    found = fell(framework, "a blimp zeppelin and a zeppelin over the old town", method="keywords")
    assert (found.words, found.falls) == (("zeppelin",), True)


def test_idf_and_scale_are_held_fixed(made_up_themes: Framework) -> None:
    """By similarity alone the score falls by exactly the parts taken away, not to that of a shorter text."""
    text, scorer = "zorbing from a blimp over the old town hall", get_scorer(made_up_themes)
    (score, _), *_ = scorer.score([text], "tf-idf", 0.1)
    parts = dict(scorer.similarity.contributions(scorer.read([text])[0].words, 0))
    assert set(parts) == {"zorb", "blimp"}
    left = scorer.scale("zorb", [], min(parts.values()))[1]
    assert score.score > left
    # just below what one word leaves both must go; just above it one is enough
    assert len(fell(made_up_themes, text, left - 1e-6, "tf-idf").words) == 2
    assert len(fell(made_up_themes, text, left + 1e-6, "tf-idf").words) == 1


def test_it_says_what_it_found() -> None:
    assert str(Deletion(("skills",), 5, True)) == "It stands on 1 of 5 content words: without skills it falls."
    assert str(Deletion(("a", "b"), 3, True)) == "Weakly explained: it takes 2 of 3 content words to fell it (a, b)."
    assert str(Deletion(("a",), 3, False)) == "Weakly explained: it still stands without a."
    assert Deletion(("a",), 3, False).weak


@pytest.mark.parametrize("method", METHODS)
def test_every_tag_falls_without_words_of_its_text(closing_the_gap: Framework, derby_run: Run, method: str) -> None:
    scorer, bar = get_scorer(closing_the_gap), closing_the_gap.threshold
    texts = list(derby_run.priorities["text"])
    for text, scores in zip(texts, scorer.score(texts, method), strict=True):
        for score in scores:
            if not score.tagged:
                continue
            found = find_evidence(scorer, text, score.theme, method, bar)
            assert found.falls
            assert found.words
            assert all(word in text.casefold().replace("\u2019", "'") for word in found.words)
            assert len(set(found.words)) == len(found.words)


def strike(text: str, words: tuple[str, ...]) -> str:
    """The text with every form of the words replaced by a bare number, which no keyword holds and no score counts."""
    gone = {stem(word) for word in words}
    for word in reversed(split_words(text)):
        if word.stem in gone:
            text = f"{text[: word.start]}77{text[word.end :]}"
    return text


def test_by_keywords_the_words_may_as_well_be_struck_from_the_text(closing_the_gap: Framework, derby_run: Run) -> None:
    """Another road to the same end: without all the words the tag is gone, without all but the last it stands."""
    scorer, bar = get_scorer(closing_the_gap), closing_the_gap.threshold
    for row in each_row(derby_run.tags):
        text = derby_run.priority(row.priority)["text"]
        place = closing_the_gap.theme_ids.index(row.theme)
        if scorer.score([text], "keywords")[0][place].tagged:
            words = find_evidence(scorer, text, row.theme, "keywords", bar).words
            assert not scorer.score([strike(text, words)], "keywords")[0][place].tagged
            assert scorer.score([strike(text, words[:-1])], "keywords")[0][place].tagged


def test_every_likely_tag_of_derby_is_felled_or_labelled_weak(derby_run: Run) -> None:
    likely = derby_run.tags[derby_run.tags["confidence"] == "likely"]
    assert len(likely) > 20
    for row in each_row(likely):
        why = explain(derby_run, row.priority, row.theme)
        assert why.deletion is not None
        assert why.deletion.falls or why.deletion.weak
        assert str(why.deletion) in str(why)
        assert ("Weakly explained" in str(why)) == why.deletion.weak


@pytest.mark.parametrize("name", ["statements-working", "derby-coded"])
def test_nine_in_ten_likely_tags_have_a_small_set(closing_the_gap: Framework, name: str) -> None:
    scorer: Scorer = get_scorer(closing_the_gap)
    texts = list(read_column(find_coded(name), "statement"))
    weak = [
        find_evidence(scorer, text, score.theme, "both", closing_the_gap.threshold).weak
        for text, scores in zip(texts, scorer.score(texts), strict=True)
        for score in scores
        if score.confidence == "likely"
    ]
    assert len(weak) > 100
    assert sum(weak) <= 0.1 * len(weak)
