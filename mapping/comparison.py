"""One run beside another: which tags were added, removed or changed, and what a new keyword would move."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from mapping.errors import MappingError
from mapping.tables import fold
from mapping.tags import Run, tag

__all__ = ["compare", "try_keyword"]

_COLUMNS = [
    "priority", "board", "theme", "change", "words",
    "before", "after", "score_before", "score_after", "confidence_before", "confidence_after", "text",
]  # fmt: skip


class _Tag(NamedTuple):
    on: bool
    status: str
    score: float
    confidence: str


_NO_TAG = _Tag(False, "", float("nan"), "")


def compare(earlier: Run, later: Run) -> pd.DataFrame:
    """List the tags that differ between two runs of one partnership against one framework.

    Returns
    -------
    DataFrame
        One row per priority and theme whose tag differs, in the later run's order, priorities that are gone last:
        ``priority``, ``board``, ``theme``; ``change`` (added: the tag stands only in the later run; removed: only in
        the earlier; changed: it stands in both with another status or confidence); ``words`` (same, reworded, new or
        gone, of the priority); ``before`` and ``after``, the status (empty: not tagged); scores and confidences
        before and after; ``text``, as it now stands.

    Raises
    ------
    MappingError
        When the partnerships or the frameworks are not the same: such runs may be set side by side, never subtracted.

    Examples
    --------
    >>> from mapping import load_derby, tag
    >>> run = tag(load_derby())
    >>> len(compare(run, run))
    0
    """
    if earlier.partnership.id != later.partnership.id:
        raise MappingError(
            f"'{earlier.partnership.name}' and '{later.partnership.name}' are different partnerships; "
            "set their tables side by side, but do not subtract one from the other."
        )
    if earlier.framework.theme_ids != later.framework.theme_ids:
        raise MappingError(
            f"The runs have different themes ({earlier.framework.name}; {later.framework.name}). "
            "Tag both against one framework first."
        )
    words = _match_words(earlier, later)
    old, new = _index(earlier), _index(later)
    rows = []
    for priority in dict.fromkeys([*later.priorities["priority"], *earlier.priorities["priority"]]):
        for theme in later.framework.theme_ids:
            before, after = old.get((priority, theme), _NO_TAG), new.get((priority, theme), _NO_TAG)
            change = _name_change(before, after)
            if change:
                how, board, text = words[priority]
                pairs = zip(before[1:], after[1:], strict=True)
                rows.append((priority, board, theme, change, how, *(value for pair in pairs for value in pair), text))
    return pd.DataFrame(rows, columns=_COLUMNS)


def _index(run: Run) -> dict[tuple[str, str], _Tag]:
    tags = run.tags
    values = (_Tag(*row) for row in zip(*(tags[name] for name in _Tag._fields), strict=True))
    return dict(zip(zip(tags["priority"], tags["theme"], strict=True), values, strict=True))


def _match_words(earlier: Run, later: Run) -> dict[str, tuple[str, str, str]]:
    """Return by priority: same, reworded, new or gone; its board; its text as it now stands."""
    old = {row["priority"]: row for _, row in earlier.priorities.iterrows()}
    new = {row["priority"]: row for _, row in later.priorities.iterrows()}
    found = {}
    for priority, row in {**old, **new}.items():
        if priority not in old or priority not in new:
            words = "new" if priority in new else "gone"
        else:
            words = "same" if fold(old[priority]["text"]) == fold(row["text"]) else "reworded"
        found[priority] = (words, str(row["board"]), str(row["text"]))
    return found


def _name_change(before: _Tag, after: _Tag) -> str:
    if before.on != after.on:
        return "added" if after.on else "removed"
    if before.status != after.status:
        return "changed"
    return "changed" if after.on and before.confidence != after.confidence else ""


def try_keyword(run: Run, theme: str, pattern: str, role: str = "decides") -> pd.DataFrame:
    """Show which rows would move if a keyword were added; nothing is changed.

    Parameters
    ----------
    run : Run
    theme, pattern : str
        As they would stand in ``keywords.csv``.
    role : {"decides", "supports", "cancels"}

    Returns
    -------
    DataFrame
        As ``compare``: one row per priority and theme whose tag would be added, removed or changed.

    Examples
    --------
    >>> from mapping import load_derby, tag
    >>> try_keyword(tag(load_derby()), "voice", "zebra crossing").empty
    True
    """
    settings = run.settings
    changed = tag(
        run.partnership,
        run.framework.with_keyword(theme, pattern, role),
        method=settings.method,
        threshold=settings.threshold,
        neighbours=settings.neighbours,
        in_force_on=settings.in_force_on,
    )
    return compare(run, changed)
