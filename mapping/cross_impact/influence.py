"""What groups' scores say of the themes: who bears on whom, what is still open, what to ask next, when to stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mapping.cross_impact.answers import DONT_KNOW, SCALE
from mapping.errors import UnknownNameError
from mapping.framework import Framework
from mapping.tables import each_row

__all__ = ["TOP", "can_stop", "combine_impacts", "measure_influence", "plan_next", "state_influence"]

#: How many themes the top holds.
TOP = 3
_HIGHEST = max(SCALE)
_BY = ("signed", "absolute")
_ASKS = {
    "missing": "nobody has scored it yet",
    DONT_KNOW: "so far nobody knows: ask another group",
    "scored": "groups differ: talk it over",
}
Array = np.ndarray[Any, Any]


# --- combining ---------------------------------------------------------------------------------------------


def combine_impacts(impacts: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Set the answers of all groups side by side.

    Parameters
    ----------
    impacts : DataFrame
        As ``read_impacts`` returns it.
    framework : Framework

    Returns
    -------
    DataFrame
        One row per directed pair of themes, in their order: ``from_theme``, ``to_theme``; ``state``: scored by at
        least one group, don't know (nobody gave a score, and somebody said so), or missing; ``scores``, how many
        groups scored it; ``median``, ``low`` and ``high`` of their scores; ``spread`` = high - low; ``sign_conflict``,
        whether one group sees help and another hindrance; ``dont_know``, how many said so; ``answers``, each with its
        group; ``reasons`` and ``passages``, each with its group.
    """
    own: dict[tuple[str, str], list[Any]] = {}
    for row in each_row(impacts):
        own.setdefault((row.from_theme, row.to_theme), []).append(row)
    rows = []
    for first in framework.theme_ids:
        for second in framework.theme_ids:
            if first != second:
                rows.append({"from_theme": first, "to_theme": second, **_combine(own.get((first, second), []))})
    columns = [
        "from_theme", "to_theme", "state", "scores", "median", "low", "high", "spread", "sign_conflict", "dont_know",
        "answers", "reasons", "passages",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(**{name: table[name].astype("Int64") for name in ("low", "high", "spread")})


def _combine(rows: Sequence[Any]) -> dict[str, Any]:
    scores = [int(row.score) for row in rows if row.answer == "scored"]
    unknown = sum(row.answer == DONT_KNOW for row in rows)
    low, high = (min(scores), max(scores)) if scores else (pd.NA, pd.NA)
    return {
        "state": "scored" if scores else DONT_KNOW if unknown else "missing",
        "scores": len(scores), "median": float(np.median(scores)) if scores else np.nan,
        "low": low, "high": high, "spread": max(scores) - min(scores) if scores else pd.NA,
        "sign_conflict": bool(scores) and min(scores) < 0 < max(scores), "dont_know": unknown,
        "answers": [f"{row.scorer}: {_say(row)}" for row in rows if row.answer != "blank"],
        "reasons": [f"{row.scorer}: {row.reason}" for row in rows if row.reason],
        "passages": [f"{row.scorer}: {row.passage}" for row in rows if row.passage],
    }  # fmt: skip


def _say(row: Any) -> str:
    return f"{int(row.score):+d}".replace("+0", "0") if row.answer == "scored" else str(row.answer)


# --- measuring ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Matrix:
    """Themes by themes: the state of each cell, and the lowest and highest value that it may have."""

    themes: list[str]
    state: Array
    low: Array
    high: Array


def _lay_out(combined: pd.DataFrame, by: str, between_groups: bool) -> _Matrix:
    if by not in _BY:
        raise UnknownNameError("Measure", by, _BY)
    themes = list(dict.fromkeys(combined["from_theme"]))
    place = {theme: n for n, theme in enumerate(themes)}
    state = np.full((len(themes), len(themes)), "", dtype=object)
    low, high = np.zeros(state.shape), np.zeros(state.shape)
    for row in each_row(combined):
        cell = (place[row.from_theme], place[row.to_theme])
        state[cell] = row.state
        bounds = (row.low, row.high) if between_groups else (row.median, row.median)
        low[cell], high[cell] = bounds if row.state == "scored" else (-_HIGHEST, _HIGHEST)
    if by == "absolute":
        sizes = np.abs([low, high])
        low, high = np.where((low < 0) & (high > 0), 0, sizes.min(axis=0)), sizes.max(axis=0)
    return _Matrix(themes, state, low, high)


def _rank(low: Array, high: Array) -> tuple[Array, Array]:
    """Return the best and the worst rank each theme may have, from its lowest and highest possible sum."""
    best = (low[None, :] > high[:, None]).sum(axis=1)
    worst = (high[None, :] > low[:, None]).sum(axis=1) - (high > low)
    return best + 1, worst + 1


def _judge(low: Array, high: Array, top: int) -> Array:
    """Return whether each theme is among the first ``top`` whatever the open cells say: in, out or open."""
    best, worst = _rank(low, high)
    return np.where(worst <= top, "in", np.where(best > top, "out", "open"))


def measure_influence(
    combined: pd.DataFrame, *, top: int = TOP, by: str = "signed", between_groups: bool = False
) -> pd.DataFrame:
    """Measure how much each theme bears on the others (active) and they on it (passive), with what is still open.

    Parameters
    ----------
    combined : DataFrame
        As ``combine_impacts`` returns it.
    top : int
        How many themes the top holds.
    by : {"signed", "absolute"}
        What ranks go by: sums in which help and hindrance offset each other, or sums of their sizes.
    between_groups : bool
        Let a cell on which groups differ count anywhere from their lowest to their highest score, not as their median.

    Returns
    -------
    DataFrame
        One row per theme, in order: ``theme``; ``top`` (in, out, or open); ``cells`` in its row, as in its
        column; then ``active_scored``, how many of its row have a score; ``active_low`` and ``active_high``, their
        lowest and highest possible sum; ``active_abs_low`` and ``active_abs_high``, the same of absolute values;
        ``active_rank_from`` and ``active_rank_to``, the best and the worst possible rank; and the same of its column:
        ``passive_scored`` to ``passive_rank_to``.

    Notes
    -----
    A cell without a score, don't know included, counts anywhere from -3 to 3. A rank is one more than the number of
    themes with a larger sum, so that equal sums share the better rank; the top can then hold more themes than asked
    for. Each cell stands in one row (and one column), so all themes can be at their extremes at once, and the ranges
    are exact, not only safe. Formulas and sources: ``docs/cross-impact.md``.
    """
    matrices = {name: _lay_out(combined, name, between_groups) for name in _BY}
    chosen = _lay_out(combined, by, between_groups)
    themes = chosen.themes
    judged = _judge(chosen.low.sum(axis=1), chosen.high.sum(axis=1), top)
    columns: dict[str, Any] = {"theme": themes, "top": list(judged), "cells": len(themes) - 1}
    for way, axis in (("active", 1), ("passive", 0)):
        columns[f"{way}_scored"] = (chosen.state == "scored").sum(axis=axis)
        for name, label in zip(_BY, ("", "_abs"), strict=True):
            columns[f"{way}{label}_low"] = matrices[name].low.sum(axis=axis)
            columns[f"{way}{label}_high"] = matrices[name].high.sum(axis=axis)
        ranks = _rank(chosen.low.sum(axis=axis), chosen.high.sum(axis=axis))
        columns[f"{way}_rank_from"], columns[f"{way}_rank_to"] = ranks
    return pd.DataFrame(columns)


def can_stop(combined: pd.DataFrame, *, top: int = TOP, by: str = "signed", between_groups: bool = False) -> bool:
    """Return whether no answer that is still open, at any value from -3 to 3, can change the top three.

    The top is the set of themes with a rank of at most ``top`` by active sum: where the last place is shared, all
    who share it, so that scoring does not stop on a tie that the open cells might still break. Parameters as for
    ``measure_influence``.

    Examples
    --------
    >>> from mapping import load_framework
    >>> from mapping.cross_impact import read_impacts
    >>> framework = load_framework("closing-the-gap")
    >>> can_stop(combine_impacts(read_impacts([], framework), framework))
    False
    """
    matrix = _lay_out(combined, by, between_groups)
    return "open" not in _judge(matrix.low.sum(axis=1), matrix.high.sum(axis=1), top)


# --- planning ----------------------------------------------------------------------------------------------


def plan_next(
    combined: pd.DataFrame, *, most: int = 5, top: int = TOP, by: str = "signed", between_groups: bool = False
) -> pd.DataFrame:
    """List the pairs to score next, the one most able to settle the top three first.

    Two themes stand closest to the line: of those that lead by the middle of their range the one that may fall
    lowest, of the others the one that may rise highest (the pair that LUCB samples; Kalyanakrishnan and others 2012).
    Of the two, the one with the wider range is asked about. Only the first row is the plan; the next ones assume
    answers from the middle of the scale. Pairs that nobody was asked come first, then those with only don't knows,
    then (``between_groups``) those on which groups differ.

    Parameters
    ----------
    combined : DataFrame
        As ``combine_impacts`` returns it.
    most : int
        How many pairs at most.
    top, by, between_groups
        As for ``measure_influence``.

    Returns
    -------
    DataFrame
        One row per pair: ``from_theme``, ``to_theme``, ``ask`` (what to do), empty when scoring may stop. The
        same answers give the same plan: ties go to the theme, then the pair, that stands first.
    """
    matrix = _lay_out(combined, by, between_groups)
    low, high, themes = matrix.low.copy(), matrix.high.copy(), matrix.themes
    rows: list[tuple[str, str, str]] = []
    for state, ask in _ASKS.items():
        wanted = (matrix.state == state) & (low < high)
        while len(rows) < most:
            first = _choose(low.sum(axis=1), high.sum(axis=1), wanted.any(axis=1), top)
            if first is None:
                break
            second = int(np.flatnonzero(wanted[first])[0])
            rows.append((themes[first], themes[second], ask))
            wanted[first, second] = False
            low[first, second] = high[first, second] = (low[first, second] + high[first, second]) / 2
    return pd.DataFrame(rows, columns=["from_theme", "to_theme", "ask"])


def _choose(low: Array, high: Array, askable: Array, top: int) -> int | None:
    """Return the theme whose next answer is most able to settle the top, or none when nothing there can."""
    is_open = _judge(low, high, top) == "open"
    if not is_open.any():
        return None
    able = is_open & askable
    if not able.any():
        # A theme with no cell left may stand level with one whose own place is safe: that one's cells decide the tie.
        able = askable & ((low[:, None] <= high[is_open]) & (high[:, None] > low[is_open])).any(axis=1)
    leading = np.zeros(len(low), dtype=bool)
    leading[np.argsort(-(low + high), kind="stable")[:top]] = True
    inside, outside = np.flatnonzero(able & leading), np.flatnonzero(able & ~leading)
    closest = [inside[np.argmin(low[inside])]] if len(inside) else []
    closest += [outside[np.argmax(high[outside])]] if len(outside) else []
    return int(max(closest, key=lambda n: (high[n] - low[n], -n))) if closest else None


def state_influence(
    combined: pd.DataFrame, framework: Framework, *, top: int = TOP, by: str = "signed", between_groups: bool = False
) -> list[str]:
    """State what the groups' scores say so far, in sentences with their denominators."""
    counts = combined["state"].value_counts()
    scored, unknown, missing = (int(counts.get(state, 0)) for state in ("scored", DONT_KNOW, "missing"))
    conflicts = combined[combined["sign_conflict"]]
    name = dict(zip(framework.themes["theme"], framework.themes["short"], strict=True))
    influence = measure_influence(combined, top=top, by=by, between_groups=between_groups)
    by_top = {state: [name[t] for t in influence.loc[influence["top"] == state, "theme"]] for state in ("in", "open")}
    sentences = [
        f"Of {len(combined)} directed pairs of themes {scored} have a score, {unknown} only don't knows, "
        f"and {missing} no answer.",
        f"Groups disagree on whether progress helps or hinders in {len(conflicts)} of {scored}"
        + "".join(f"; {name[row.from_theme]} > {name[row.to_theme]}" for row in each_row(conflicts))
        + ".",
    ]
    leading = f"by {by} active sum: {', '.join(by_top['in']) or 'none yet'}"
    if len(influence) <= top:
        sentences.append(f"With {len(framework.theme_ids)} themes there is no first {top} to settle: score every pair.")
    elif by_top["open"]:
        still = f"still open: {', '.join(by_top['open'])}"
        sentences.append(f"Certain to be among the first {top} {leading}; {still}. Go on scoring.")
    else:
        sentences.append(f"The first {top} {leading}. No open answer can change that, so scoring may stop.")
    sentences.append("Scores are judgements of the groups that gave them, not measurements, and not evidence of cause.")
    return sentences
