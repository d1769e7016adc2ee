"""The deletion test: which few words a tag stands on, found by taking them away until it falls."""

from __future__ import annotations

from dataclasses import dataclass

from mapping.keywords import Hit, keep_hits
from mapping.scoring import Scorer, mix_scores
from mapping.text import Word, content_words

__all__ = ["Deletion", "find_evidence"]

_HOLE = "\u2610"


@dataclass(frozen=True)
class Deletion:
    """The shortest run of terms, in order of their part in the score, without which the tag falls.

    Attributes
    ----------
    words : tuple of str
        The words taken away, as they stand in the text, the weightiest first.
    content : int
        How many different content words the text has.
    falls : bool
        Whether the score falls below the threshold without them.
    """

    words: tuple[str, ...]
    content: int
    falls: bool

    @property
    def weak(self) -> bool:
        """Whether the tag is weakly explained: more than half of the content words are needed to fell it."""
        return not self.falls or len(self.words) > max(1, self.content / 2)

    def __str__(self) -> str:
        named = ", ".join(self.words)
        if not self.falls:
            return f"Weakly explained: it still stands without {named}."
        if self.weak:
            return f"Weakly explained: it takes {len(self.words)} of {self.content} content words to fell it ({named})."
        return f"It stands on {len(self.words)} of {self.content} content words: without {named} it falls."


def find_evidence(scorer: Scorer, text: str, theme: str, method: str, threshold: float) -> Deletion:
    """Find the words that a tag stands on.

    Terms go in the order of their part in the score: their part of the similarity, and an equal part of each keyword
    that covers them. Each is replaced by a placeholder: it keeps its place and its weight in the length of the text's
    vector (so idf and scale are held fixed), matches nothing, and points to no theme. A *cancels* pattern goes on
    cancelling when a word of it is taken away, so that taking words away can bring no evidence back.
    """
    reading, place = scorer.read([text])[0], scorer.framework.theme_ids.index(theme)
    words = list(reading.words)
    parts = dict(scorer.similarity.contributions(reading.words_for(theme), place))
    every = [hit for hit in scorer.index.find(words) if hit.keyword.theme == theme]
    cancels = [hit for hit in every if hit.keyword.role == "cancels"]
    order = _order_terms(scorer, words, reading.hits[theme], parts, place)
    first = {word.stem: word.form for word in reversed(words)}
    gone: list[str] = []
    falls = False
    for term in order:
        gone.append(term)
        holed = [_punch(word) if word.stem in gone else word for word in words]
        left = [hit for hit in scorer.index.find(holed) if hit.keyword.theme == theme]
        hits = keep_hits([*cancels, *left])
        cosine = sum(part for stem, part in parts.items() if stem not in gone)
        keyword, similarity = scorer.scale(theme, hits, cosine)
        decides = any(hit.keyword.role == "decides" for hit in hits)
        if mix_scores(keyword, similarity, decides, method, threshold)[1] < threshold:
            falls = True
            break
    return Deletion(tuple(first[term] for term in gone), len({word.stem for word in content_words(words)}), falls)


def _order_terms(scorer: Scorer, words: list[Word], hits: list[Hit], parts: dict[str, float], place: int) -> list[str]:
    reference = float(scorer.similarity.references[place])
    weight = {stem: part / reference for stem, part in parts.items()}
    for hit in hits:
        covered = words[hit.first : hit.last + 1]
        carriers = {word.stem for word in content_words(covered)} or {word.stem for word in covered}
        own = hit.keyword.weight / scorer.keyword_references[hit.keyword.theme]
        for stem in carriers:
            weight[stem] = weight.get(stem, 0.0) + own / len(carriers)
    return sorted(weight, key=lambda stem: (-round(weight[stem], 9), stem))


def _punch(word: Word) -> Word:
    return word._replace(form=_HOLE, stem=_HOLE)
