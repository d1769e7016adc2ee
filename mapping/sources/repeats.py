"""The same statement twice: in two renderings of one paper, or in its summary and again in its body."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from mapping.cross_checks import squeeze
from mapping.sources.passages import Document
from mapping.text import split_words

__all__ = ["find_renderings", "is_repeat", "share_words"]

_SHINGLE = 4
#: Of the shorter paper's runs of four words, how many must stand in the other for the two to be one paper.
_RENDERING = 0.8
_NEAR = 0.93
_FEW_WORDS = 4
_NOT = re.compile(r"\b(?:not|no|never|without|un\w+|non)\b", re.IGNORECASE)


def share_words(first: Document, second: Document) -> float:
    """Return how much of the shorter paper stands in the other, by runs of four words: 0 to 1.

    Examples
    --------
    >>> from mapping.sources.passages import Passage
    >>> one, two = (
    ...     Document(name, "", "text", "ok", passages=(Passage(1, "paragraph", text),))
    ...     for name, text in (("a", "Give every child the best start"), ("b", "Give every child the  BEST start!"))
    ... )
    >>> share_words(one, two)
    1.0
    """
    runs = [_runs(document) for document in (first, second)]
    least = min(len(run) for run in runs)
    return len(runs[0] & runs[1]) / least if least else 0.0


def _runs(document: Document) -> set[tuple[str, ...]]:
    words = [word.form for passage in document.passages for word in split_words(passage.text)]
    return {tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}


def find_renderings(documents: Sequence[Document]) -> dict[str, str]:
    """Return, for each paper that says what an earlier one says, the key of that earlier one (``name`` and hash)."""
    if len(documents) < 2:
        return {}
    runs = [_runs(document) for document in documents]
    sizes = [sum(len(passage.text) for passage in document.passages) for document in documents]
    same: dict[str, str] = {}
    for later in range(len(documents)):
        for earlier in range(later):
            small, large = sorted((sizes[later], sizes[earlier]))
            # A summary within a long strategy is no rendering of it; its statements repeat one by one.
            if not small or large > 2 * small or key_of(documents[earlier]) in same:
                continue
            least = min(len(runs[later]), len(runs[earlier]))
            if least and len(runs[later] & runs[earlier]) >= _RENDERING * least:
                same[key_of(documents[later])] = key_of(documents[earlier])
                break
    return same


def key_of(document: Document) -> str:
    """Return what tells a document from the others of one reading."""
    return f"{document.name} {document.sha256}"


def is_repeat(first: str, second: str, *, renderings: bool = False, together: bool = False) -> bool:
    """Say whether two statements are one, by their words.

    Parameters
    ----------
    first, second : str
    renderings : bool
        Whether they stand in two renderings of one paper: a few letters may then differ, but no number and no "not".
    together : bool
        Whether they stand under one heading of one paper; otherwise a statement of fewer than four words, such as
        "Housing", may well be said twice by two bodies.

    Examples
    --------
    >>> is_repeat("Promote well-being for all", "promote wellbeing for all.")
    True
    >>> is_repeat("Cut waste by 10% by 2030", "Cut waste by 15% by 2030", renderings=True)
    False
    """
    keys = squeeze(first), squeeze(second)
    if keys[0] == keys[1]:
        return renderings or together or len(first.split()) >= _FEW_WORDS
    if not renderings or re.findall(r"\d+", first) != re.findall(r"\d+", second):
        return False
    if len(_NOT.findall(first)) != len(_NOT.findall(second)):
        return False
    if abs(len(keys[0]) - len(keys[1])) > (1 - _NEAR) * 2 * max(map(len, keys)):
        return False
    return difflib.SequenceMatcher(None, *keys, autojunk=False).ratio() >= _NEAR
