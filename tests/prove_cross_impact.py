"""Cross-impact sessions with known answers: is the stop rule ever wrong, and how many questions does the plan save?

One command prints the table of docs/cross-impact.md: ``.venv/bin/python tests/prove_cross_impact.py`` (``--matrices N``
for more or fewer per row, ``--quick`` for a look). Seeds are fixed: the same command prints the same.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from mapping.cross_impact import TOP, can_stop, measure_influence, plan_next

Array = np.ndarray[Any, Any]

SEED = 2016
SIZES = (5, 8, 12)
#: Kinds of made-up matrices: every score as likely as any other; more help than hindrance, as groups mostly see it; and
#: themes that differ in how much they bear on the others.
KINDS = ("even", "mostly help", "themes differ")
_HELP = (0.02, 0.04, 0.09, 0.25, 0.28, 0.22, 0.10)


def make_matrix(random: np.random.Generator, themes: int, kind: str) -> Array:
    """Return scores of every theme on every other; the diagonal is 0 and never read."""
    if kind == "even":
        scores = random.integers(-3, 4, (themes, themes))
    elif kind == "mostly help":
        scores = random.choice(np.arange(-3, 4), size=(themes, themes), p=_HELP)
    else:
        own = random.normal(0.7, 1.0, (themes, 1))
        scores = np.clip(np.rint(own + random.normal(0, 1, (themes, themes))), -3, 3).astype(int)
    np.fill_diagonal(scores, 0)
    return np.asarray(scores)


def begin(themes: int) -> pd.DataFrame:
    """Return what ``combine_impacts`` gives when nobody has answered anything yet."""
    names = [f"t{n:02d}" for n in range(themes)]
    pairs = [(first, second) for first in names for second in names if first != second]
    table = pd.DataFrame(pairs, columns=["from_theme", "to_theme"])
    return table.assign(state="missing", scores=0, median=np.nan, low=np.nan, high=np.nan)


def answer(combined: pd.DataFrame, rows: Sequence[int], matrix: Array) -> pd.DataFrame:
    """Return the table with one group's answers in these rows."""
    first, second = np.nonzero(~np.eye(len(matrix), dtype=bool))
    scores = matrix[first, second].astype(float)
    given = np.zeros(len(combined), dtype=bool)
    given[list(rows)] = True
    known = {name: combined[name].where(~given, scores) for name in ("median", "low", "high")}
    return combined.assign(state=combined["state"].where(~given, "scored"), **known)


def find_top(matrix: Array, by: str) -> set[str]:
    """Return the top three by the whole matrix, ties at the last place included, worked out in the plainest way."""
    sums = (matrix if by == "signed" else abs(matrix)).sum(axis=1)
    return {f"t{n:02d}" for n, own in enumerate(sums) if (sums > own).sum() < TOP}


def ask_by_plan(matrix: Array, by: str) -> tuple[int, bool]:
    """Ask what the plan says until the rule says stop: how many questions, and whether the top three are right."""
    combined, asked = begin(len(matrix)), []
    place = {pair: n for n, pair in enumerate(zip(combined["from_theme"], combined["to_theme"], strict=True))}
    while not can_stop(combined, by=by):
        plan = plan_next(combined, most=1, by=by)
        row = place[plan["from_theme"].iloc[0], plan["to_theme"].iloc[0]]
        assert row not in asked
        asked.append(row)
        combined = answer(combined, [row], matrix)
    return len(asked), is_right(combined, matrix, by)


def ask_in_order(matrix: Array, by: str) -> tuple[int, bool]:
    """Ask row by row until the rule says stop. It never takes a stop back, so the first can be found by halving."""
    empty = begin(len(matrix))
    low, high = 0, len(empty)
    while low < high:
        middle = (low + high) // 2
        if can_stop(answer(empty, range(middle), matrix), by=by):
            high = middle
        else:
            low = middle + 1
    return low, is_right(answer(empty, range(low), matrix), matrix, by)


def is_right(combined: pd.DataFrame, matrix: Array, by: str) -> bool:
    influence = measure_influence(combined, by=by)
    return set(influence.loc[influence["top"] == "in", "theme"]) == find_top(matrix, by)


def count_fewest(matrix: Array, by: str) -> int:
    """Return the fewest answers that could settle the top three for somebody who knows them all beforehand.

    Some line must lie at or below the lowest sum that each of the top may have, and above the highest of each of the
    others. For a given line each theme asks its most telling cells first; the cheapest line counts. With a shared third
    place more may be needed, so this is a lower bound.
    """
    themes = len(matrix)
    values = matrix if by == "signed" else abs(matrix)
    least = -3 if by == "signed" else 0
    top = find_top(matrix, by)
    steps = []
    for n in range(themes):
        own = np.sort(np.delete(values[n], n))
        if f"t{n:02d}" in top:
            steps.append(np.cumsum(np.r_[least * (themes - 1), own[::-1] - least]))
        else:
            steps.append(-np.cumsum(np.r_[3 * (themes - 1), own - 3]))
    costs = []
    for line in range(-3 * themes, 3 * themes + 1):
        ups = [np.flatnonzero(s >= line) for n, s in enumerate(steps) if f"t{n:02d}" in top]
        downs = [np.flatnonzero(s > -line) for n, s in enumerate(steps) if f"t{n:02d}" not in top]
        if all(len(found) for found in ups + downs):
            costs.append(sum(int(found[0]) for found in ups + downs))
    return min(costs)


def measure(by: str, kind: str, themes: int, matrices: int) -> tuple[int, str]:
    """Return how many stops were wrong, and the mean shares asked: by plan, row by row, and at least."""
    random = np.random.default_rng([SEED, themes, KINDS.index(kind)])
    cells, wrong = themes * (themes - 1), 0
    shares: list[tuple[float, float, float]] = []
    for _ in range(matrices):
        matrix = make_matrix(random, themes, kind)
        planned, right = ask_by_plan(matrix, by)
        ordered, also_right = ask_in_order(matrix, by)
        wrong += (not right) + (not also_right)
        shares.append((planned / cells, ordered / cells, count_fewest(matrix, by) / cells))
    return wrong, " / ".join(f"{100 * mean:.1f}" for mean in np.mean(shares, axis=0))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--matrices", type=int, default=100, help="made-up matrices per cell of the table")
    parser.add_argument("--quick", action="store_true", help="5 matrices per cell")
    chosen = parser.parse_args(arguments)
    count = 5 if chosen.quick else chosen.matrices
    sizes = [f"{themes} themes, {themes * (themes - 1)} pairs" for themes in SIZES]
    print(f"| sums | matrix | wrong stops | {' | '.join(sizes)} |\n|{' --- |' * (3 + len(SIZES))}")
    for by in ("signed", "absolute"):
        for kind in KINDS:
            found = [measure(by, kind, themes, count) for themes in SIZES]
            wrong = f"{sum(bad for bad, _ in found)} of {2 * count * len(SIZES)}"
            print(f"| {by} | {kind} | {wrong} | {' | '.join(shares for _, shares in found)} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
