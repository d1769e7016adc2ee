"""Scores of texts against a framework: a pure function of each text, with the reasons beside the numbers."""

from __future__ import annotations

import functools
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mapping.errors import MappingError, UnknownNameError
from mapping.framework import Framework, read_framework
from mapping.keywords import Hit, KeywordIndex, keep_hits
from mapping.similarity import Similarity
from mapping.text import Word, content_words, load_word_counts, split_words

__all__ = ["METHODS", "Score", "Scorer", "Span", "get_scorer", "tag_texts"]

METHODS = ("both", "keywords", "tf-idf")
CONFIDENCES = ("likely", "possible", "check", "none", "not scored")
#: Share of the similarity in the combined score; the rest is the keywords'.
SIMILARITY_SHARE = 0.5
#: The similarity left without the hits' own words from which the second opinion agrees with the keywords.
SECOND_OPINION = 0.25
#: A score by one method alone from which an untagged priority is still shown to a person.
ALONE = 0.7
#: Columns of ``tag_texts``.
TAG_COLUMNS = (
    "text", "theme", "keyword_score", "similarity_score", "score",
    "confidence", "reason", "tagged", "found_by", "spans",
)  # fmt: skip
_SHORTEST = 2
_LANGUAGE_SHARE = 0.5
_LANGUAGE_WORDS = 3
_DIGITS = 9


class Span(NamedTuple):
    """Where a keyword stands in a text: ``text[start:end]``, and the pattern that found it."""

    start: int
    end: int
    pattern: str
    role: str

    def __str__(self) -> str:
        return f"{self.start}-{self.end} {self.pattern}"


@dataclass(frozen=True)
class Score:
    """One text against one theme.

    Attributes
    ----------
    theme : str
        Id of the theme.
    keyword_score, similarity_score : float
        Keyword evidence and TF-IDF cosine, each over its reference value and clipped to 0 to 1.
    score : float
        The combined score after the lift, 0 to 1, rounded to nine decimals.
    tagged : bool
        ``score`` is at or above the threshold.
    confidence, reason : str
        likely, possible, check, none or not scored; and, in words, why.
    found_by : str
        keywords, tf-idf, both, or empty when not tagged.
    spans : tuple of Span
        The keywords that stand, where they stand.
    keyword_raw, similarity_raw, residual : float
        Before division: sum of keyword weights; cosine; and the similarity score with the hits' own words taken out.
    lift : float
        What an uncancelled *decides* keyword added to reach the threshold.
    """

    theme: str
    keyword_score: float
    similarity_score: float
    score: float
    tagged: bool
    confidence: str
    reason: str
    found_by: str
    spans: tuple[Span, ...]
    keyword_raw: float
    similarity_raw: float
    residual: float
    lift: float


class Scorer:
    """A framework made ready to score: its keyword index, its profiles and its reference values.

    The combined score is ``(1 - m) k + m s`` with m = ``SIMILARITY_SHARE``: k is the sum of the weights of the distinct
    keywords that stand over the median idf of the theme's *decides* keywords, s the cosine over its reference, both
    at most 1. With method "keywords" it is k, with "tf-idf" it is s.
    """

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        self.index = KeywordIndex(framework.compiled)
        self.similarity = Similarity(framework)
        self.keyword_references = {theme: _keyword_reference(framework, theme) for theme in framework.theme_ids}

    def score(self, texts: Sequence[str], method: str = "both", threshold: float | None = None) -> list[list[Score]]:
        """Return the scores of each text against every theme, in the themes' order."""
        if method not in METHODS:
            raise UnknownNameError("Method", method, METHODS)
        bar = _round(self.framework.threshold if threshold is None else threshold)
        if not 0 < bar <= 1:
            raise MappingError(f"The threshold is {bar:g}; a number above 0 and up to 1 is expected.")
        words = [split_words(text) for text in texts]
        hits = [self._hits(text_words) for text_words in words]
        cosines = self.similarity.score(words)
        left = self._residuals(words, hits, cosines)
        return [
            [
                self._score_one(theme, hits[n][theme], (cosines[n, t], left[n, t]), (method, bar), why_not)
                for t, theme in enumerate(self.framework.theme_ids)
            ]
            for n, why_not in enumerate(
                _why_not_scored(text, w, any(h.values())) for text, w, h in zip(texts, words, hits, strict=True)
            )
        ]

    def _hits(self, words: Sequence[Word]) -> dict[str, list[Hit]]:
        found: dict[str, list[Hit]] = {theme: [] for theme in self.framework.theme_ids}
        for hit in self.index.find(words):
            found[hit.keyword.theme].append(hit)
        return {theme: keep_hits(hits) for theme, hits in found.items()}

    def _residuals(
        self, words: list[list[Word]], hits: list[dict[str, list[Hit]]], cosines: np.ndarray[Any, Any]
    ) -> np.ndarray[Any, Any]:
        """Return the cosines that are left when the words of a theme's own hits are taken out of the text."""
        left = cosines.copy()
        cases = [
            (n, t, _without(words[n], hits[n][theme]))
            for n in range(len(words))
            for t, theme in enumerate(self.framework.theme_ids)
            if hits[n][theme]
        ]
        if cases:
            again = self.similarity.score([rest for _, _, rest in cases])
            for case, (n, t, _) in enumerate(cases):
                left[n, t] = again[case, t]
        return left

    def _score_one(
        self, theme: str, hits: list[Hit], cosines: tuple[float, float], rule: tuple[str, float], why_not: str
    ) -> Score:
        method, bar = rule
        reference = self.similarity.references[self.framework.theme_ids.index(theme)]
        raw = sum(sorted({hit.keyword.pattern: hit.keyword.weight for hit in hits}.values()))
        keyword = _round(min(1.0, raw / self.keyword_references[theme]))
        similarity, residual = (_round(min(1.0, cosine / reference)) for cosine in cosines)
        share = {"both": SIMILARITY_SHARE, "keywords": 0.0, "tf-idf": 1.0}[method]
        mixed = _round((1 - share) * keyword + share * similarity)
        decided = method != "tf-idf" and any(hit.keyword.role == "decides" for hit in hits)
        lift = _round(max(0.0, bar - mixed)) if decided and not why_not else 0.0
        score = 0.0 if why_not else _round(mixed + lift)
        tagged = score >= bar
        agree = residual >= SECOND_OPINION if hits else keyword > 0
        confidence, reason = _judge(
            tagged, agree, score, _round(bar - self.framework.margin), keyword, similarity, why_not
        )
        found_by = "" if not tagged else method if method != "both" else _find_methods(hits, agree)
        spans = tuple(Span(hit.start, hit.end, hit.keyword.pattern, hit.keyword.role) for hit in hits)
        return Score(
            theme,
            keyword,
            similarity,
            score,
            tagged,
            confidence,
            reason,
            found_by,
            spans,
            raw,
            cosines[0],
            residual,
            lift,
        )


def _find_methods(hits: list[Hit], agree: bool) -> str:
    return "tf-idf" if not hits else "both" if agree else "keywords"


def _judge(
    tagged: bool, agree: bool, score: float, near: float, keyword: float, similarity: float, why_not: str
) -> tuple[str, str]:
    """Return the confidence class and its reason in words."""
    if why_not:
        return "not scored", why_not
    if tagged and agree:
        return "likely", "keywords and wording agree"
    if tagged:
        return "possible", "keywords alone" if keyword > 0 else "wording alone, no keyword"
    if score > 0 and score >= near:
        return "check", "just below the threshold"
    if max(keyword, similarity) >= ALONE:
        return "check", "one method alone reaches its mark"
    return "none", "little or no evidence"


def _why_not_scored(text: str, words: list[Word], any_hit: bool) -> str:
    """Return why a text is not scored, or an empty string."""
    letters = [letter for letter in text if letter.isalpha()]
    foreign = sum(letter > "\u024f" for letter in letters)
    if letters and foreign > len(letters) / 2:
        return "language not covered: mostly not in Latin letters"
    forms = [word.form for word in words if not word.form.isdigit()]
    known = sum(map(load_word_counts().knows, forms))
    if len(forms) >= _LANGUAGE_WORDS and known < _LANGUAGE_SHARE * len(forms):
        return f"language not covered: {known} of {len(forms)} words are common in English"
    if len({word.stem for word in content_words(words)}) < _SHORTEST and not any_hit:
        return "too short: under two content words and no keyword"
    return ""


def _without(words: list[Word], hits: list[Hit]) -> list[Word]:
    covered = {place for hit in hits for place in range(hit.first, hit.last + 1)}
    stems = {words[place].stem for place in covered}
    return [word for place, word in enumerate(words) if place not in covered and word.stem not in stems]


def _keyword_reference(framework: Framework, theme: str) -> float:
    own = [keyword for keyword in framework.compiled if keyword.theme == theme and keyword.role != "cancels"]
    main = [keyword for keyword in own if keyword.role == "decides"] or own
    return float(statistics.median(keyword.idf for keyword in main))


def _round(value: float) -> float:
    # Sums of floats differ in the last bit between machines; no comparison may depend on that.
    return round(float(value), _DIGITS) + 0.0


@functools.lru_cache(maxsize=8)
def get_scorer(framework: Framework) -> Scorer:
    """Return the scorer of a framework, made once."""
    return Scorer(framework)


def tag_texts(
    texts: Iterable[str] | pd.Series[Any],
    framework: Framework | str = "closing-the-gap",
    *,
    method: str = "both",
    threshold: float | None = None,
) -> pd.DataFrame:
    """Score texts against the themes of a framework.

    Each text is scored by itself: other texts, their order and the city they come from change nothing.

    Parameters
    ----------
    texts : iterable of str, or Series
        The texts; with a Series its index names them, otherwise their position from 0.
    framework : Framework or str
        The framework, or the name of a shipped one or of a folder.
    method : {"both", "keywords", "tf-idf"}
        What the score rests on.
    threshold : float, optional
        Score from which a text is tagged; the framework's own by default.

    Returns
    -------
    DataFrame
        One row per text and theme, in the order given: ``text`` (position or index), ``theme``, ``keyword_score``,
        ``similarity_score`` and ``score`` (0 to 1), ``confidence`` (likely, possible, check, none, not scored),
        ``reason`` (why that confidence; why not scored), ``tagged``, ``found_by`` (keywords, tf-idf, both, or empty),
        ``spans`` (tuple of Span: start, end, pattern, role).

    Examples
    --------
    >>> tags = tag_texts(["Raise attainment at school", "Resurface the ring road"])
    >>> list(tags.loc[tags["tagged"], "theme"])
    ['skills']
    """
    names = list(texts.index) if isinstance(texts, pd.Series) else None
    values = ["" if text is None or text != text else str(text) for text in texts]
    chosen = framework if isinstance(framework, Framework) else read_framework(framework)
    scores = get_scorer(chosen).score(values, method, threshold)
    labels = range(len(values)) if names is None else names
    rows = [
        (
            label,
            s.theme,
            s.keyword_score,
            s.similarity_score,
            s.score,
            s.confidence,
            s.reason,
            s.tagged,
            s.found_by,
            s.spans,
        )
        for label, themes in zip(labels, scores, strict=True)
        for s in themes
    ]
    return pd.DataFrame(rows, columns=list(TAG_COLUMNS))
