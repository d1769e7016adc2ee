"""The keywords looked at as a whole: which are shared, never hit or work alone, and which new ones to consider."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from mapping.comparison import try_keyword
from mapping.decisions import CONFIRMED
from mapping.errors import MappingError
from mapping.framework import Framework
from mapping.remit import measure_keyness
from mapping.scoring import get_scorer
from mapping.tables import each_row
from mapping.tags import Run
from mapping.text import Word, content_words, split_words

__all__ = ["check_keywords", "find_confusable_themes", "suggest_keywords"]

_FEWEST_TEXTS = 2
_LEAST_KEYNESS = 3.84  # the 5 % point of chi-squared with one degree of freedom: a cut, not a test of many words


def check_keywords(run: Run) -> pd.DataFrame:
    """Look at every keyword against the priorities of a run.

    Returns
    -------
    DataFrame
        One row per keyword, in the framework's order: ``theme``, ``pattern``, ``role``; ``hits``, the priorities where
        it stands; ``alone``, those tagged to the theme with no other keyword standing; ``shared_with``, other themes
        where the same pattern stands in the list; ``remark``: shared, never hit, works alone (every one of at least
        two tags rests on it alone), or empty. Never hit in one city is no reason to remove a keyword.
    """
    owners: dict[str, list[str]] = {}
    for theme, pattern in zip(run.framework.keywords["theme"], run.framework.keywords["pattern"], strict=True):
        owners.setdefault(pattern, []).append(theme)
    hits: Counter[tuple[str, str]] = Counter()
    alone: Counter[tuple[str, str]] = Counter()
    for tag in each_row(run.tags):
        patterns = {span.pattern for span in tag.spans}
        hits.update((tag.theme, pattern) for pattern in patterns)
        if tag.tagged and len(patterns) == 1:
            alone[tag.theme, next(iter(patterns))] += 1
    rows = []
    for keyword in each_row(run.framework.keywords):
        key = (keyword.theme, keyword.pattern)
        shared = [theme for theme in owners[keyword.pattern] if theme != keyword.theme]
        remark = "shared" if shared else ""
        if keyword.role != "cancels" and not hits[key]:
            remark = ", ".join(filter(None, [remark, "never hit"]))
        elif alone[key] >= _FEWEST_TEXTS and alone[key] == hits[key]:
            remark = ", ".join(filter(None, [remark, "works alone"]))
        rows.append((*key, keyword.role, hits[key], alone[key], shared, remark))
    return pd.DataFrame(rows, columns=["theme", "pattern", "role", "hits", "alone", "shared_with", "remark"])


def find_confusable_themes(framework: Framework) -> pd.DataFrame:
    """Find the themes whose profiles overlap, and so may be confused.

    Returns
    -------
    DataFrame
        One row per pair of themes, most alike first: ``theme_a``, ``theme_b``, ``cosine`` of their profiles (0 to 1),
        ``words``, the ten terms that carry it.
    """
    similarity, themes = get_scorer(framework).similarity, framework.theme_ids
    rows = []
    for i, a in enumerate(themes):
        for j, b in enumerate(themes[i + 1 :], start=i + 1):
            parts = similarity.shared_terms(i, j)
            rows.append((a, b, round(sum(part for _, part in parts), 9), [term for term, _ in parts[:10]]))
    table = pd.DataFrame(rows, columns=["theme_a", "theme_b", "cosine", "words"])
    return table.sort_values("cosine", ascending=False, kind="stable").reset_index(drop=True)


def suggest_keywords(run: Run, theme: str, *, most: int = 15, from_suggested: bool = False) -> pd.DataFrame:
    """Propose new keywords for a theme, for a person to accept: words and pairs of words key to its tagged priorities.

    Keyness is the log-likelihood of Dunning (1993) for a term in the texts of the theme's confirmed tags against all
    other texts; only terms that are more frequent there, in two texts or more, and that no keyword of the theme hits.

    Parameters
    ----------
    run : Run
    theme : str
    most : int
        Rows returned at most.
    from_suggested : bool
        Start from the likely suggestions of the machine instead of confirmed tags. They repeat what the keywords
        know already; what comes of it is weaker.

    Returns
    -------
    DataFrame
        One row per proposed pattern, the highest keyness first: ``pattern``, ``keyness``, ``texts_in``, ``texts_out``,
        ``would_add``, the priorities that would be tagged anew if it decided.

    Raises
    ------
    MappingError
        When no tag of the theme is confirmed (and ``from_suggested`` is not asked for).
    """
    run.framework.theme(theme)
    tags = run.tags[run.tags["theme"] == theme]
    source = tags["confidence"].eq("likely") & tags["on"] if from_suggested else tags["status"].isin(CONFIRMED)
    inside = set(tags.loc[source, "priority"])
    if not inside:
        raise MappingError(
            f"No tag of theme '{theme}' is {'likely' if from_suggested else 'confirmed'} yet. Confirm some in "
            "decisions.csv, or start from the machine's likely suggestions (--from-suggested)."
        )
    covered = dict(zip(tags["priority"], tags["spans"], strict=True))
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    shown: dict[str, str] = {}
    for row in each_row(run.priorities):
        words = [word for word in split_words(row.text) if not _is_covered(word, covered[row.priority])]
        for stem, form in _list_terms(words).items():
            counts[row.priority in inside][stem] += 1
            shown.setdefault(stem, form)
    sizes = (len(inside), len(run.priorities) - len(inside))
    scored = [
        (round(float(measure_keyness(counts[True][stem], counts[False][stem], *sizes)), 3), stem)
        for stem, count in counts[True].items()
        if count >= _FEWEST_TEXTS and count * sizes[1] > counts[False][stem] * sizes[0]
    ]
    best = sorted((-value, stem) for value, stem in scored if value >= _LEAST_KEYNESS)[:most]
    rows = []
    for value, stem in best:
        moved = try_keyword(run, theme, shown[stem])
        added = list(moved.loc[moved["change"] == "added", "priority"])
        rows.append((shown[stem], -value, counts[True][stem], counts[False][stem], added))
    return pd.DataFrame(rows, columns=["pattern", "keyness", "texts_in", "texts_out", "would_add"])


def _is_covered(word: Word, spans: Iterable[tuple[int, int, str, str]]) -> bool:
    return any(start <= word.start < end for start, end, _, _ in spans)


def _list_terms(words: list[Word]) -> dict[str, str]:
    """Return the content words of a text, and its pairs of neighbouring ones: by stems, the words as first written."""
    content = content_words(words)
    terms = [(word.stem, word.form) for word in content]
    for a, b in itertools.pairwise(content):
        if a.sentence == b.sentence and b.start - a.end <= 1:
            terms.append((f"{a.stem} {b.stem}", f"{a.form} {b.form}"))
    return {stem: form.replace("'s", "") for stem, form in reversed(terms)}
