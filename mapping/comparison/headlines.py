"""The headlines that differ between two runs: which came, which went, and whose verdict changed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mapping.comparison.causes import State, find_causes
from mapping.tags import Run

__all__ = ["compare_headlines"]

_COLUMNS = (
    "kind", "subject", "change", "cause", "verdict_before", "verdict_after", "says_before", "says_after",
)  # fmt: skip


def compare_headlines(earlier: Run, later: Run) -> pd.DataFrame:
    """List the headlines that differ between two runs, with the cause of each difference.

    Returns
    -------
    DataFrame
        One row per headline that differs, in the later run's order, those that are gone last: ``kind`` and
        ``subject`` as in ``find_headlines`` (how many boards a theme reaches is one headline, whatever the number);
        ``change`` (new; gone; verdict: firm, fair or fragile where it was another; numbers: the same verdict, other
        counts in it); ``cause`` (text, framework, method, decision or mixed); ``verdict_before``, ``verdict_after``,
        ``says_before`` and ``says_after`` (empty: no such headline).
    """
    causes = find_causes(earlier, later)
    old, new = causes.before.headlines, causes.after.headlines
    rows = []
    for key in dict.fromkeys([*new, *old]):
        before, after = old.get(key), new.get(key)
        what = _find_change(before, after)
        if not what:
            continue
        read = _make_reader(key, what)
        cause = causes.name(read, read(causes.before), read(causes.after))
        change = what if what != "stands" else "new" if after is not None else "gone"
        pairs = [[getattr(row, name, "") for row in (before, after)] for name in ("verdict", "says")]
        rows.append((key[0], list((new.get(key) or old[key]).subject), change, cause, *pairs[0], *pairs[1]))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _find_change(before: Any, after: Any) -> str:
    if before is None or after is None:
        return "stands"
    return "verdict" if before.verdict != after.verdict else "numbers" if before.says != after.says else ""


def _make_reader(key: tuple[str, ...], what: str) -> Any:
    def read(state: State) -> object:
        row = state.headlines.get(key)
        if what == "stands":
            return row is not None
        return getattr(row, "verdict" if what == "verdict" else "says", "")

    return read
