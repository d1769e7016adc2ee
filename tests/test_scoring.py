"""Scores: each number worked by hand on a framework whose keywords all weigh 10, then what they may not depend on."""

from __future__ import annotations

from math import isclose
from pathlib import Path

import pytest
from conftest import MADE_UP_KEYWORDS, make_framework
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.errors import MappingError
from mapping.framework import Framework
from mapping.scoring import METHODS, Score, get_scorer, tag_texts

# Each keyword of the made-up themes has the idf 10; the reference of a theme is the median of its deciding ones: 10.


def score(framework: Framework, text: str, method: str = "keywords", threshold: float | None = None) -> Score:
    """The score of a text against the theme zorb."""
    return get_scorer(framework).score([text], method, threshold)[0][0]


@pytest.mark.parametrize(
    ("text", "keyword_score"),
    [
        ("a day of zorbing", 10 / 10),
        ("a day of quoits", (10 / 2) / 10),  # supports: half its idf
        ("quoits in the yurts", (5 + 5) / 10),
        ("quoits, quoits and quoits in the city", 5 / 10),  # a pattern counts once
        ("zorbing from a blimp", 1),  # 20 / 10, at most 1
        ("no blimp, only quoits", 5 / 10),  # cancelled
        ("a day in the park", 0),
    ],
)
def test_keyword_score_by_hand(made_up_themes: Framework, text: str, keyword_score: float) -> None:
    assert score(made_up_themes, text).keyword_score == keyword_score
    assert score(made_up_themes, text).score == keyword_score


def test_the_combined_score_is_six_parts_keywords_and_four_similarity(made_up_themes: Framework) -> None:
    found = score(made_up_themes, "quoits in the old town hall", "both")
    assert found.keyword_score == 1 / 2
    assert 0 < found.similarity_score < 1
    assert found.score == pytest.approx(3 / 5 * 1 / 2 + 2 / 5 * found.similarity_score)
    assert found.lift == 0


def test_similarity_score_is_the_cosine_over_its_reference(made_up_themes: Framework) -> None:
    found = score(made_up_themes, "quoits in the old town hall", "tf-idf")
    reference = get_scorer(made_up_themes).similarity.references[0]
    assert found.score == found.similarity_score == pytest.approx(found.similarity_raw / reference)


def test_a_deciding_keyword_lifts_the_score_to_the_threshold(made_up_themes: Framework) -> None:
    found = score(made_up_themes, "zorbing and a long walk through every park of the city", "both", 0.95)
    mixed = 3 / 5 * 1 + 2 / 5 * found.similarity_score
    assert mixed < 0.95
    assert found.lift == pytest.approx(0.95 - mixed)
    assert found.score == 0.95
    assert found.tagged


def test_supporting_keywords_are_never_lifted(made_up_themes: Framework) -> None:
    found = score(made_up_themes, "quoits in the yurts and a long walk through every park of the city", "both", 0.9)
    assert (found.lift, found.tagged) == (0, False)


@pytest.mark.parametrize("threshold", [1 / 3, 7 / 11, 0.123456789123, 1.0])
def test_a_deciding_keyword_tags_at_any_threshold(made_up_themes: Framework, threshold: float) -> None:
    """7 / 11 is larger than itself rounded to nine digits."""
    assert score(
        made_up_themes,
        "zorbing along the old road to the station, the town hall, the market and the library",
        "both",
        threshold,
    ).tagged


def test_no_evidence_is_never_just_below_a_low_threshold(made_up_themes: Framework) -> None:
    """The margin is 0.1, so a score of 0 would be within it."""
    assert score(made_up_themes, "a day in the park", "both", 0.05).confidence == "none"


def test_tf_idf_alone_does_not_lift(made_up_themes: Framework) -> None:
    found = score(made_up_themes, "zorbing and a long walk through every park of the city", "tf-idf", 0.9)
    assert (found.lift, found.tagged) == (0, False)


@pytest.mark.parametrize("method", METHODS)
def test_found_by_names_only_methods_that_were_used(made_up_themes: Framework, method: str) -> None:
    found = score(made_up_themes, "zorbing from a blimp", method)
    assert found.tagged
    assert found.found_by in {"both": ("both", "keywords", "tf-idf")}.get(method, (method,))


@pytest.mark.parametrize(
    ("text", "method", "confidence"),
    [
        ("zorbing", "both", "possible"),  # nothing is left when the hit's own word is taken out
        ("zorbing with a zorb", "both", "possible"),  # the same word in another form is no second opinion
        ("quoits in the yurts, no blimp", "keywords", "likely"),  # "blimp" is left, and is a word of the theme
        ("a day in the park", "both", "none"),
        ("x", "both", "not scored"),
    ],
)
def test_confidence(made_up_themes: Framework, text: str, method: str, confidence: str) -> None:
    assert score(made_up_themes, text, method).confidence == confidence


def test_another_form_of_the_hit_word_is_no_second_opinion(tmp_path: Path) -> None:
    """=zorbing finds that form alone; "zorb" is left in the text, yet says nothing new."""
    framework = make_framework(tmp_path, MADE_UP_KEYWORDS.replace("zorb,zorbing,", "zorb,=zorbing,"))
    assert score(framework, "zorbing with a zorb", "both").confidence == "possible"


def test_just_below_the_threshold_is_checked_by_a_person(made_up_themes: Framework) -> None:
    """quoits: 0.5 by keywords; the margin is 0.1."""
    assert score(made_up_themes, "a day of quoits", threshold=0.5).confidence in ("likely", "possible")
    near = score(made_up_themes, "a day of quoits", threshold=0.6)
    assert (near.confidence, near.reason, near.tagged) == ("check", "just below the threshold", False)
    assert score(made_up_themes, "a day of quoits", threshold=0.6 + 2e-9).confidence == "none"


def test_one_method_alone_at_its_mark_is_checked_by_a_person(made_up_themes: Framework) -> None:
    """By TF-IDF two *supports* words in a long text stay low; by keywords they reach 1 and say: look."""
    found = score(made_up_themes, "quoits and yurts over the old town hall in the city", "tf-idf", 1.0)
    assert found.keyword_score == 1
    assert found.score == found.similarity_score < 0.9
    assert (found.confidence, found.reason) == ("check", "one method alone reaches its mark")
    assert score(made_up_themes, "quoits over the old town hall in the city", "tf-idf", 1.0).confidence == "none"


def test_a_cancelled_keyword_takes_its_words_out_of_the_similarity(made_up_themes: Framework) -> None:
    assert score(made_up_themes, "a blimp in the city").tagged
    found = score(made_up_themes, "no blimp in the city")
    assert (found.keyword_score, found.similarity_score, found.tagged) == (0, 0, False)


def test_a_keyword_may_point_to_two_themes(made_up_themes: Framework) -> None:
    zorb, kite = get_scorer(made_up_themes).score(["a day of quoits"], "keywords")[0]
    assert (zorb.keyword_score, kite.keyword_score) == (1 / 2, 1)


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.1, float("nan"), 1e-12])
def test_a_threshold_that_cannot_be_is_refused(made_up_themes: Framework, threshold: float) -> None:
    with pytest.raises(MappingError, match="a number above 0 and up to 1 is expected"):
        score(made_up_themes, "zorbing", threshold=threshold)


def test_an_unknown_method_is_refused_with_the_nearest() -> None:
    with pytest.raises(MappingError, match=r"Method 'tfidf' is not known. Did you mean 'tf-idf'?"):
        tag_texts(["x"], method="tfidf")


def test_missing_texts_are_not_scored_and_no_text_gives_an_empty_table(made_up_themes: Framework) -> None:
    assert list(tag_texts([None, float("nan"), ""], made_up_themes)["confidence"]) == ["not scored"] * 6  # type: ignore[list-item]
    assert len(tag_texts([], made_up_themes)) == 0


def test_people_alone_is_no_voice_and_an_ambitious_plan_no_aspiration(closing_the_gap: Framework) -> None:
    tags = tag_texts(
        ["Improve the lives of people and communities", "Deliver our ambitious plan for roads"], closing_the_gap
    )
    on = tags[tags["tagged"]]
    assert on[(on["text"] == 0) & (on["theme"] == "voice")].empty
    assert on[(on["text"] == 1) & (on["theme"] == "aspiration")].empty


# --- properties --------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    "children young people school skills voice residents involved decisions poverty health homes aspire ambition "
    "apprenticeships inequality the and of . - caf\u00e9 2019 ring road".split()
)
TEXTS = st.lists(st.one_of(st.lists(WORDS, max_size=12).map(" ".join), st.text(max_size=30)), min_size=1, max_size=5)


@given(TEXTS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_a_text_is_scored_by_itself(closing_the_gap: Framework, texts: list[str], random) -> None:
    scorer = get_scorer(closing_the_gap)
    together = scorer.score(texts)
    order = list(range(len(texts)))
    random.shuffle(order)
    shuffled = scorer.score([texts[n] for n in order])
    for place, n in enumerate(order):
        assert shuffled[place] == together[n]
    assert scorer.score(texts[:1])[0] == together[0]


@given(TEXTS, st.sampled_from(METHODS))
@settings(max_examples=40, deadline=None)
def test_scores_are_shares_and_spans_point_at_the_text(
    closing_the_gap: Framework, texts: list[str], method: str
) -> None:
    for text, themes in zip(texts, get_scorer(closing_the_gap).score(texts, method), strict=True):
        for found in themes:
            assert 0 <= found.keyword_score <= 1
            assert 0 <= found.similarity_score <= 1
            assert 0 <= found.score <= 1
            assert found.tagged == (found.score >= closing_the_gap.threshold)
            assert (found.found_by != "") == found.tagged
            for span in found.spans:
                assert text[span.start : span.end].strip() == text[span.start : span.end] != ""


KEYWORDS = st.lists(st.sampled_from(["zorbing", "blimp", "quoits", "park", "city"]), min_size=1, max_size=3)


@given(st.lists(st.sampled_from("zorbing blimp quoits yurts park city no the".split()), max_size=8), KEYWORDS)
@settings(max_examples=25, deadline=None)
def test_one_more_deciding_keyword_never_removes_a_tag_that_rests_on_one(
    made_up_themes: Framework, words: list[str], pattern: list[str]
) -> None:
    text = " ".join(words)
    before = score(made_up_themes, text, "both")
    if before.tagged and any(span.role == "decides" for span in before.spans):
        after = score(made_up_themes.with_keyword("zorb", " ".join(pattern)), text, "both")
        assert after.tagged
        assert any(span.role == "decides" for span in after.spans)


def test_the_order_of_the_keyword_rows_changes_nothing(made_up_themes: Framework, tmp_path: Path) -> None:
    header, *rows = MADE_UP_KEYWORDS.splitlines()
    turned = make_framework(tmp_path, "\n".join([header, *rows[::-1]]) + "\n")
    texts = ["zorbing from a blimp", "quoits in the yurts", "no blimp", "kiteology"]
    assert get_scorer(turned).score(texts) == get_scorer(made_up_themes).score(texts)


def test_scores_have_nine_digits_at_most(closing_the_gap: Framework) -> None:
    tags = tag_texts(["Raise attainment of children in care", "Tackle inequality in health"], closing_the_gap)
    for column in ("keyword_score", "similarity_score", "score"):
        assert all(isclose(value, round(value, 9), abs_tol=0) for value in tags[column])
