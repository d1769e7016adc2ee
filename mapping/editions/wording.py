"""How like two wordings are, and what changed from one to the other, in words that can be read out."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence

from mapping.tables import fold
from mapping.text import content_words, split_words

__all__ = ["Stems", "describe_change", "describe_cut", "list_stems", "measure_likeness"]

#: Stems of the words of a text that can carry meaning, with how often each stands there.
Stems = Counter[str]

#: Most changes of a wording that are written out, and most words of each: a diff is for reading, the texts stand by.
_CHANGES, _WORDS = 5, 8
_DIGITS = 9


def list_stems(text: str) -> Stems:
    """Return the stems of a text's content words; of all its words where none can carry meaning.

    Examples
    --------
    >>> sorted(list_stems("Insulate the cold homes").elements())
    ['cold', 'home', 'insul']
    """
    words = split_words(text)
    return Counter(word.stem for word in content_words(words) or words)


def measure_likeness(first: Stems, second: Stems) -> float:
    """Return how much of two texts is the same: twice the stems in both / all stems of both (Dice 1945), 0 to 1.

    Examples
    --------
    >>> round(measure_likeness(list_stems("Insulate cold homes"), list_stems("Insulate damp homes")), 2)
    0.67
    """
    total = first.total() + second.total()
    return round(2 * (first & second).total() / total, _DIGITS) if total else 0.0


def describe_change(earlier: str, later: str) -> str:
    """Return in words what changed between two wordings; case, spaces and punctuation are passed over.

    Examples
    --------
    >>> describe_change("Insulate cold homes.", "Insulate damp homes and schools")
    "'cold' became 'damp'; added 'and schools'"
    """
    old, new = earlier.split(), later.split()
    matcher = difflib.SequenceMatcher(None, [fold(word) for word in old], [fold(word) for word in new], autojunk=False)
    said = []
    for change, a, b, c, d in matcher.get_opcodes():
        left, put = _quote(old[a:b]), _quote(new[c:d])
        if change == "replace":
            said.append(f"{left} became {put}")
        elif change != "equal":
            said.append(f"left out {left}" if change == "delete" else f"added {put}")
    return _shorten(said)


def describe_cut(whole: str, parts: Iterable[str], *, merged: bool) -> str:
    """Return which words a text has that none of its parts has, and the other way round.

    Examples
    --------
    >>> describe_cut("Insulate homes, plant trees", ["Insulate homes", "Plant young trees"], merged=False)
    "added 'young'"
    """
    together = " ".join(parts)
    only_whole, only_parts = _keep_missing(whole, together), _keep_missing(together, whole)
    left, put = (only_parts, only_whole) if merged else (only_whole, only_parts)
    said = [f"left out {_quote(left)}"] if left else []
    return _shorten([*said, f"added {_quote(put)}"] if put else said)


def _keep_missing(text: str, other: str) -> list[str]:
    """Return the content words of a text, each once, whose stem the other does not have."""
    known = list_stems(other)
    words = {word.stem: word.form for word in reversed(content_words(split_words(text))) if word.stem not in known}
    return list(reversed(words.values()))


def _quote(words: Sequence[str]) -> str:
    shown = " ".join(words[:_WORDS]) + (" \u2026" if len(words) > _WORDS else "")
    return f"'{shown}'"


def _shorten(said: Sequence[str]) -> str:
    more = len(said) - _CHANGES
    return "; ".join([*said[:_CHANGES], f"and {more} more"] if more > 0 else said)
