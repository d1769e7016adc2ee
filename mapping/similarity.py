"""TF-IDF: how much a text's words are the words of a theme, and which words those are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from mapping.framework import Framework
from mapping.keywords import Keyword
from mapping.tables import each_row
from mapping.text import IDF_CAP, Word, content_words, load_word_counts, split_words

__all__ = ["Similarity"]

# Every word that neither the count table nor the framework knows falls into this one dimension, which no theme
# uses: it lengthens the text's vector, as it should, and can point to nothing.
_RARE = "(rare word)"


class Similarity:
    """The profiles of a framework's themes, and the cosine of texts with them.

    A profile is the theme's name, wording, scope note and keywords. Weights are (1 + ln tf) x idf, made one long,
    by scikit-learn's ``TfidfVectorizer`` with the stored idf of the shipped count table; nothing is learned from the
    texts that are scored. The cosine is 0 to 1.

    Attributes
    ----------
    references : ndarray, one per theme
        The median cosine of the theme's own *decides* keywords (*supports* where it has none), each taken as a
        text by itself. A cosine is divided by it, so that a text which says as much as one typical keyword of the
        theme scores 1.
    """

    def __init__(self, framework: Framework) -> None:
        counts = load_word_counts()
        keywords = {theme: _scoring(framework, theme) for theme in framework.theme_ids}
        profiles = [
            _words_of(" ".join((row.name, row.wording, row.scope_note))) + _keyword_stems(keywords[row.theme])
            for row in each_row(framework.themes)
        ]
        own = {term for profile in profiles for term in profile}
        self.terms = [*sorted(own.union(counts.stems)), _RARE]
        self._places = {term: place for place, term in enumerate(self.terms)}
        self._vectorizer = TfidfVectorizer(
            analyzer=self._known, vocabulary=self._places, sublinear_tf=True, norm="l2", dtype=np.float64
        )
        self._vectorizer.idf_ = np.array([counts.idf(term) if term != _RARE else IDF_CAP for term in self.terms])
        self._profiles = self._vectorizer.transform(profiles).toarray()
        self.references = np.array([self._reference(n, keywords[t]) for n, t in enumerate(framework.theme_ids)])

    def score(self, texts: Sequence[Sequence[Word]]) -> np.ndarray[Any, Any]:
        """Return the cosine of each text (its words) with each theme: texts x themes, 0 to 1."""
        if not texts:
            return np.zeros((0, len(self._profiles)))
        return np.asarray(self._vectors([_stems(words) for words in texts]) @ self._profiles.T)

    def compare(self, texts: Sequence[Sequence[Word]]) -> np.ndarray[Any, Any]:
        """Return the cosine of every text with every other: texts x texts, 0 to 1."""
        stems = [_stems(words) for words in texts]
        terms = sorted({stem for text in stems for stem in text})
        if not terms:
            return np.zeros((len(texts), len(texts)))
        # Every word has a dimension of its own here: two rare words may not pass for one another.
        vectorizer = TfidfVectorizer(analyzer=list, vocabulary=terms, sublinear_tf=True, norm="l2", dtype=np.float64)
        vectorizer.idf_ = np.array([load_word_counts().idf(term) for term in terms])
        vectors = vectorizer.transform(stems)
        return np.asarray((vectors @ vectors.T).todense())

    def contributions(self, words: Sequence[Word], theme: int) -> list[tuple[str, float]]:
        """Return the terms of a text that its theme shares, with their parts of the cosine, largest first."""
        vector = self._vectors([_stems(words)]).tocoo()
        parts = [
            (self.terms[place], float(weight * self._profiles[theme, place]))
            for place, weight in zip(vector.col, vector.data, strict=True)
            if self._profiles[theme, place] > 0
        ]
        return sorted(parts, key=lambda part: (-part[1], part[0]))

    def shared_terms(self, theme_a: int, theme_b: int) -> list[tuple[str, float]]:
        """Return the terms that two themes' profiles share, with their parts of the cosine, largest first."""
        product = self._profiles[theme_a] * self._profiles[theme_b]
        parts = [(self.terms[place], float(product[place])) for place in np.flatnonzero(product)]
        return sorted(parts, key=lambda part: (-part[1], part[0]))

    def _vectors(self, stems: list[list[str]]) -> sparse.csr_matrix:
        vectors: sparse.csr_matrix = self._vectorizer.transform(stems)
        return vectors

    def _known(self, stems: list[str]) -> list[str]:
        return [stem if stem in self._places else _RARE for stem in stems]

    def _reference(self, theme: int, keywords: Sequence[Keyword]) -> float:
        main = [keyword for keyword in keywords if keyword.role == "decides"] or list(keywords)
        vectors = self._vectors([_keyword_stems([keyword]) for keyword in main])
        cosines = np.asarray(vectors @ self._profiles[theme])
        found = cosines[cosines > 0]
        return float(np.median(found)) if len(found) else 1.0


def _scoring(framework: Framework, theme: str) -> list[Keyword]:
    return [keyword for keyword in framework.compiled if keyword.theme == theme and keyword.role != "cancels"]


def _stems(words: Sequence[Word]) -> list[str]:
    return [word.stem for word in content_words(list(words))]


def _words_of(text: str) -> list[str]:
    return _stems(split_words(text))


def _keyword_stems(keywords: Sequence[Keyword]) -> list[str]:
    """Return the content stems of keywords; a wildcard stands for its commonest word."""
    stems: Counter[str] = Counter()
    for keyword in keywords:
        stems.update(_words_of(keyword.plain))
    return sorted(stems.elements())
