"""Scores of texts against a framework: a pure function of each text, with the reasons beside the numbers."""

from __future__ import annotations

import functools
import math
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
#: Share of the similarity in the combined score; the rest is the keywords'. Under a threshold of 0.5 with a margin of
#: 0.1, wording alone can then ask for a person's look, but never tag by itself.
SIMILARITY_SHARE = 0.4
#: The similarity left without the hits' own words from which the second opinion agrees with the keywords.
SECOND_OPINION = 0.25
#: A score by one method alone from which an untagged priority is still shown to a person.
ALONE = 0.7
#: Columns of ``tag_texts``.
TAG_COLUMNS = (
    "text", "theme", "keyword_score", "similarity_score", "score", "probability",
    "confidence", "reason", "tagged", "found_by", "spans",
)  # fmt: skip
_SHORTEST = 2
_LANGUAGE_SHARE = 0.5
_LANGUAGE_WORDS = 3
_DIGITS = 9
_KEPT_READINGS = 20_000
#: Share of the similarity in the score of each method.
SHARES = {"both": SIMILARITY_SHARE, "keywords": 0.0, "tf-idf": 1.0}


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
        Before division: sum of keyword weights; cosine; and the similarity score with the strongest hit's words out.
    decides : bool
        Whether a *decides* keyword stands.
    probability : float
        That a careful reader would give the tag, by the framework's calibration; missing without one.
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
    decides: bool
    probability: float
    lift: float

    @property
    def features(self) -> tuple[float, ...]:
        """The numbers that a calibration reads (``mapping.calibration.FEATURES``)."""
        return (self.keyword_score, self.similarity_score, self.residual, float(self.decides))


@dataclass(frozen=True)
class Reading:
    """One text read against a framework, before any threshold: kept, since it never changes.

    Attributes
    ----------
    words : tuple of Word
    hits : dict
        By theme, the keywords that stand.
    cleared : dict
        The words without those under a *cancels* pattern, by the themes that have one here.
    cosines, residuals : tuple of float, one per theme
        The cosine with the theme's profile; and the same with the words of the strongest hit taken out as well, the
        second opinion. Words under a *cancels* pattern are out of both, for that theme.
    why_not : str
        Why the text is not scored, or empty.
    """

    words: tuple[Word, ...]
    hits: dict[str, list[Hit]]
    cleared: dict[str, list[Word]]
    cosines: tuple[float, ...]
    residuals: tuple[float, ...]
    why_not: str

    def words_for(self, theme: str) -> Sequence[Word]:
        """Return the words that count for a theme: all but those under one of its *cancels* patterns."""
        return self.cleared.get(theme, self.words)


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
        self._readings: dict[str, Reading] = {}

    def score(self, texts: Sequence[str], method: str = "both", threshold: float | None = None) -> list[list[Score]]:
        """Return the scores of each text against every theme, in the themes' order."""
        if method not in METHODS:
            raise UnknownNameError("Method", method, METHODS)
        bar = _round(self.framework.threshold if threshold is None else threshold)
        if not 0 < bar <= 1:
            raise MappingError(f"The threshold is {bar:g}; a number above 0 and up to 1 is expected.")
        return [
            [
                self._score_one(theme, place, reading, method, bar)
                for place, theme in enumerate(self.framework.theme_ids)
            ]
            for reading in self.read(texts)
        ]

    def scale(self, theme: str, hits: Iterable[Hit], cosine: float) -> tuple[float, float]:
        """Return keyword score and similarity score: each over its reference value, clipped to 0 to 1."""
        reference = self.similarity.references[self.framework.theme_ids.index(theme)]
        keyword = _round(min(1.0, _sum_weights(hits) / self.keyword_references[theme]))
        return keyword, _round(min(1.0, cosine / reference))

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Read texts: words, keywords and cosines. A text read before is not read again."""
        if len(self._readings) > _KEPT_READINGS:
            self._readings.clear()
        new = [text for text in dict.fromkeys(texts) if text not in self._readings]
        if new:
            self._readings.update(zip(new, self._read_new(new), strict=True))
        return [self._readings[text] for text in texts]

    def _read_new(self, texts: list[str]) -> list[Reading]:
        themes = self.framework.theme_ids
        words = [split_words(text) for text in texts]
        cosines = self.similarity.score(words)
        residuals = cosines.copy()
        kept: list[dict[str, list[Hit]]] = []
        cleared: list[dict[str, list[Word]]] = [{} for _ in texts]
        # Whatever needs a cosine of part of a text is gathered first and measured in one product.
        parts: list[tuple[np.ndarray[Any, Any], int, int, list[Word]]] = []
        for n, text_words in enumerate(words):
            found: dict[str, list[Hit]] = {}
            for hit in self.index.find(text_words):
                found.setdefault(hit.keyword.theme, []).append(hit)
            kept.append({theme: keep_hits(found[theme]) if theme in found else [] for theme in themes})
            for t, theme in enumerate(themes):
                cancelled = [hit for hit in found.get(theme, ()) if hit.keyword.role == "cancels"]
                rest = text_words
                if cancelled:
                    under = _find_covered(cancelled)
                    rest = cleared[n][theme] = [word for p, word in enumerate(text_words) if p not in under]
                    parts.append((cosines, n, t, rest))
                if cancelled or kept[n][theme]:
                    # The strongest hit's words go wherever they stand: repeated, they are no second opinion.
                    said = {text_words[p].stem for p in _find_covered(_find_strongest(kept[n][theme]))}
                    parts.append((residuals, n, t, [word for word in rest if word.stem not in said]))
        measured = self.similarity.score([part for *_, part in parts])
        for row, (target, n, t, _) in enumerate(parts):
            target[n, t] = measured[row, t]
        return [
            Reading(
                tuple(words[n]), kept[n], cleared[n], tuple(map(float, cosines[n])), tuple(map(float, residuals[n])),
                _why_not_scored(text, words[n], any(kept[n].values())),
            )
            for n, text in enumerate(texts)
        ]  # fmt: skip

    def _score_one(self, theme: str, place: int, reading: Reading, method: str, bar: float) -> Score:
        hits, why_not = reading.hits[theme], reading.why_not
        raw = _sum_weights(hits)
        keyword, similarity = self.scale(theme, hits, reading.cosines[place])
        residual = _round(min(1.0, reading.residuals[place] / self.similarity.references[place]))
        decides = any(hit.keyword.role == "decides" for hit in hits)
        mixed, lifted = mix_scores(keyword, similarity, decides, method, bar)
        lift = 0.0 if why_not else _round(lifted - mixed)
        score = 0.0 if why_not else lifted
        tagged = score >= bar
        agree = bool(hits) and residual >= SECOND_OPINION
        near = _round(bar - self.framework.margin)
        confidence, reason = _judge(tagged, agree, score, near, keyword, similarity, why_not)
        found_by = "" if not tagged else method if method != "both" else _find_methods(hits, agree)
        fitted = self.framework.calibration
        features = (keyword, similarity, residual, float(decides))
        probability = math.nan if fitted is None or why_not else fitted.probability(features)
        spans = tuple(Span(hit.start, hit.end, hit.keyword.pattern, hit.keyword.role) for hit in hits)
        return Score(
            theme, keyword, similarity, score, tagged, confidence, reason, found_by, spans, raw,
            reading.cosines[place], residual, decides, probability, lift,
        )  # fmt: skip


def _sum_weights(hits: Iterable[Hit]) -> float:
    """Return the sum of the weights of distinct keywords, added in one order so that no last bit differs."""
    return float(sum(sorted({hit.keyword.pattern: hit.keyword.weight for hit in hits}.values())))


def mix_scores(keyword: float, similarity: float, decides: bool, method: str, bar: float) -> tuple[float, float]:
    """Return the combined score before and after the lift: the one rule of the toolkit."""
    mixed = _round((1 - SHARES[method]) * keyword + SHARES[method] * similarity)
    return mixed, max(mixed, bar) if decides and method != "tf-idf" else mixed


def _find_strongest(hits: list[Hit]) -> list[Hit]:
    """Return the hits of the keyword with the largest weight (the first of them, where several are as large)."""
    if not hits:
        return []
    best = max(hits, key=lambda hit: hit.keyword.weight).keyword
    return [hit for hit in hits if hit.keyword is best]


def _find_covered(hits: Iterable[Hit]) -> set[int]:
    """Return the places of the words that hits cover."""
    return {place for hit in hits for place in range(hit.first, hit.last + 1)}


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
        ``similarity_score`` and ``score`` (0 to 1), ``probability`` (0 to 1, missing where the framework carries no
        calibration), ``confidence`` (likely, possible, check, none, not scored),
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
            s.probability,
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
