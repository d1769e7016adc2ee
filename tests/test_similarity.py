"""TF-IDF: the cosine worked out a second way, and what it may not depend on."""

from __future__ import annotations

from collections import Counter
from math import log, sqrt

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from mapping.framework import Framework
from mapping.scoring import get_scorer
from mapping.similarity import Similarity
from mapping.text import content_words, load_word_counts, split_words


@pytest.fixture(scope="module")
def similarity(made_up_themes: Framework) -> Similarity:
    return get_scorer(made_up_themes).similarity


def weigh(stems: list[str]) -> dict[str, float]:
    """(1 + ln tf) x idf, made one long, with nothing but Python."""
    idf = load_word_counts().idf
    weights = {stem: (1 + log(n)) * idf(stem) for stem, n in Counter(stems).items()}
    length = sqrt(sum(weight**2 for weight in weights.values()))
    return {stem: weight / length for stem, weight in weights.items()}


def cosine(a: list[str], b: list[str]) -> float:
    one, other = weigh(a), weigh(b)
    return sum(weight * other.get(stem, 0) for stem, weight in one.items())


def stems(text: str) -> list[str]:
    return [word.stem for word in content_words(split_words(text))]


# Name, wording and scope note of the theme zorb, then its keywords that do not cancel.
ZORB = stems("Zorb Zorbing Zorbing and blimp zorbing blimp quoits yurts")


@pytest.mark.parametrize("text", ["zorbing", "zorbing and a blimp", "blimp blimp blimp", "a blimp over the city park"])
def test_the_cosine_is_that_of_plain_arithmetic(similarity: Similarity, text: str) -> None:
    assert similarity.score([split_words(text)])[0, 0] == pytest.approx(cosine(stems(text), ZORB))


def test_the_cosine_is_that_of_plain_scikit_learn(similarity: Similarity) -> None:
    text = "a blimp blimp over the city park"
    vocabulary = sorted({*ZORB, *stems(text)})
    plain = TfidfVectorizer(analyzer=list, vocabulary=vocabulary, sublinear_tf=True)
    plain.idf_ = np.array([load_word_counts().idf(stem) for stem in vocabulary])
    expected = cosine_similarity(plain.transform([stems(text)]), plain.transform([ZORB]))[0, 0]
    assert similarity.score([split_words(text)])[0, 0] == pytest.approx(expected)


def test_the_reference_is_the_median_cosine_of_the_deciding_keywords(similarity: Similarity) -> None:
    expected = (cosine(["zorb"], ZORB) + cosine(["blimp"], ZORB)) / 2
    assert similarity.references[0] == pytest.approx(expected)


def test_a_word_that_no_theme_knows_lengthens_the_text_and_points_to_nothing(similarity: Similarity) -> None:
    alone, beside = similarity.score([split_words("zorbing"), split_words("zorbing qwxyz")])
    assert beside[0] == pytest.approx(alone[0] / sqrt(2))  # two words of one weight
    assert similarity.score([split_words("qwxyz")])[0].tolist() == [0, 0]


def test_two_rare_words_do_not_pass_for_one_another(similarity: Similarity) -> None:
    """ "Review the office rota" and "Resurface the car park" share no word."""
    alike = similarity.compare([split_words("Review the office qwxyz"), split_words("Resurface the plurgh park")])
    assert alike[0, 1] == 0


def test_a_rare_word_that_two_texts_share_counts(similarity: Similarity) -> None:
    a, b = "the qwxyz park", "the qwxyz school"
    alike = similarity.compare([split_words(a), split_words(b), split_words("")])
    assert alike[0, 1] == pytest.approx(cosine(stems(a), stems(b)))
    assert alike[0, 0] == pytest.approx(1)
    assert alike[2].tolist() == [0, 0, 0]


def test_comparing_two_texts_does_not_depend_on_a_third(similarity: Similarity) -> None:
    a, b, c = (split_words(text) for text in ("train apprentices", "apprentices qwxyz", "qwxyz plurgh homes"))
    assert similarity.compare([a, b])[0, 1] == pytest.approx(similarity.compare([c, a, b])[1, 2])


def test_contributions_add_up_to_the_cosine(similarity: Similarity) -> None:
    words = split_words("zorbing with blimp and quoits over qwxyz")
    parts = similarity.contributions(words, 0)
    assert [term for term, _ in parts[:2]] == ["zorb", "blimp"]
    assert sum(part for _, part in parts) == pytest.approx(similarity.score([words])[0, 0])


def test_no_text_gives_an_empty_table(similarity: Similarity) -> None:
    assert similarity.score([]).shape == (0, 2)
