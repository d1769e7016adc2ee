"""The tags that differ between two runs, with the cause of each; and which rows a new keyword would move."""

from __future__ import annotations

import pandas as pd

from mapping.comparison.causes import Causes, Pair, State, Tag, find_causes
from mapping.tags import Run, tag

__all__ = ["compare", "try_keyword"]

_COLUMNS = [
    "priority", "board", "theme", "change", "words", "cause",
    "before", "after", "score_before", "score_after", "confidence_before", "confidence_after",
    "text", "priority_before", "text_before",
]  # fmt: skip


def compare(earlier: Run, later: Run) -> pd.DataFrame:
    """List the tags that differ between two runs of one partnership against one framework, with the cause of each.

    Returns
    -------
    DataFrame
        One row per priority and theme whose tag differs, in the later run's order, priorities that are gone last:
        ``priority`` (of what is gone, the earlier id), ``board``, ``theme``; ``change`` (added: the tag stands only in
        the later run; removed: only in the earlier; changed: it stands in both, or in neither, with another status
        or confidence); ``words`` (same, reworded, split, merged, new or gone, of the priority); ``cause`` (text,
        framework, method, decision or mixed); ``before`` and ``after``, the status (empty: not tagged); scores and
        confidences before and after; ``text``, as it now stands; ``priority_before`` and ``text_before``.

    Raises
    ------
    MappingError
        When the partnerships or the frameworks are not the same: such runs may be set side by side, never subtracted.

    Notes
    -----
    Priorities are matched by their words (``match_editions``), so that new ids alone change nothing. Of a split, the
    part most like the whole is compared with it and the other parts are new; a merger likewise. A cause is named when
    the change appears with that factor alone taken from the later run, and goes when it alone is put back; otherwise
    it is *mixed*: two factors were needed, or each would have been enough.

    Examples
    --------
    >>> from mapping import load_derby, tag
    >>> run = tag(load_derby())
    >>> len(compare(run, run))
    0
    """
    causes = find_causes(earlier, later)
    old, new = (run.priorities.set_index("priority") for run in (earlier, later))
    rows = []
    for pair in causes.pairs:
        known, name = (new, pair.later) if pair.later in new.index else (old, pair.earlier)
        text_before = str(old["text"].get(pair.earlier, ""))
        for theme in later.framework.theme_ids:
            before, after = causes.before.find(pair, theme), causes.after.find(pair, theme)
            change = _name_change(before, after)
            if change:
                cause = _name_cause(causes, pair, theme, before, after)
                values = (value for two in zip(before[1:4], after[1:4], strict=True) for value in two)
                rows.append(
                    (name, str(known["board"][name]), theme, change, pair.words, cause, *values,
                     str(known["text"][name]), pair.earlier, text_before)
                )  # fmt: skip
    return pd.DataFrame(rows, columns=_COLUMNS)


def _name_change(before: Tag, after: Tag) -> str:
    if before.on != after.on:
        return "added" if after.on else "removed"
    if before.status != after.status:
        return "changed"
    return "changed" if after.on and before.confidence != after.confidence else ""


def _name_cause(causes: Causes, pair: Pair, theme: str, before: Tag, after: Tag) -> str:
    """Return the cause of what changed: whether the tag stands, or else its status, or else its confidence."""
    what = next(n for n in ("on", "status", "confidence") if getattr(before, n) != getattr(after, n))

    def read(state: State) -> object:
        return getattr(state.find(pair, theme), what)

    return causes.name(read, getattr(before, what), getattr(after, what))


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
        draws=settings.draws,
        resamples=settings.resamples,
        seed=settings.seed,
    )
    return compare(run, changed)
