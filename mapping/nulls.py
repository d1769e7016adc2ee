"""What chance alone would give: shuffled matrices and labels, and how far out of the ordinary a number is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

__all__ = [
    "LEVEL", "TRADES", "Yardstick", "count_by_board", "count_pairs", "draw_labels", "draw_margins",
    "estimate_margins", "know_overlaps", "measure_overlaps",
]  # fmt: skip

Array = np.ndarray[Any, Any]

#: A family of numbers calls anything more or fewer, by chance alone, in at most this share of cities.
LEVEL = 0.05
#: Times that every priority is paired with another and trades themes with it, before each draw.
TRADES = 20
#: Cells of the matrices that are shuffled side by side: more would not fit the processor's cache.
_SIDE_BY_SIDE = 2_000_000
_DIGITS = 9
_ROUGH = 1e-9
#: Most rounds in which weights are fitted, and how near they must come.
_FITTINGS, _FITTED = 25, 1e-3


def draw_margins(matrix: Array, draws: int, seed: int) -> Iterator[Array]:
    """Draw matrices with the row sums and the column sums of a 0/1 matrix, each such matrix as often as any other.

    The curveball of Strona et al. (2014) in rounds (global curveball; Carstens, Berger and Strona 2018): in each of
    ``TRADES`` rounds the rows are paired at random, and each pair deals out anew, at random, the columns that only one
    of the two has. Every draw begins at the matrix itself and is shuffled apart from the others.

    Parameters
    ----------
    matrix : bool array, rows x columns
    draws : int
    seed : int

    Yields
    ------
    bool array, rows x columns x some draws
    """
    rng = np.random.default_rng(seed)
    rows, columns = matrix.shape
    at_once = max(1, _SIDE_BY_SIDE // max(1, rows * columns))
    sums = matrix.sum(axis=1)
    # Empty and full rows have nothing to trade.
    trading = np.flatnonzero((sums > 0) & (sums < columns))
    for start in range(0, draws, at_once):
        state = np.repeat(matrix[:, :, None], min(at_once, draws - start), axis=2)
        for _ in range(TRADES if len(trading) > 1 else 0):
            order = rng.permutation(trading)
            half = len(order) // 2
            _trade(state, order[:half], order[half : 2 * half], rng)
        yield state


def _trade(state: Array, first: Array, second: Array, rng: np.random.Generator) -> None:
    """Deal out anew, between each first row and its second, the columns that only one of the two has."""
    ours, theirs = state[first], state[second]
    differ = ours ^ theirs
    wanted = (ours & ~theirs).sum(axis=1, dtype=np.int16)
    left = differ.sum(axis=1, dtype=np.int16)
    for column in range(state.shape[1]):
        open_here = differ[:, column]
        # Going through the columns, each is taken with the chance that makes every choice equally likely.
        take = open_here & (rng.random(left.shape, dtype=np.float32) * left < wanted)
        ours[:, column] = np.where(open_here, take, ours[:, column])
        theirs[:, column] = np.where(open_here, ~take, theirs[:, column])
        wanted -= take
        left -= open_here
    state[first], state[second] = ours, theirs


def count_by_board(matrices: Array, boards: Array, number: int) -> Array:
    """Return the priorities of each board and theme: boards x themes x draws, from rows x themes x draws."""
    counts = np.zeros((number, *matrices.shape[1:]), dtype=np.int32)
    for board in range(number):
        counts[board] = matrices[boards == board].sum(axis=0)
    return counts


def count_pairs(matrices: Array) -> Array:
    """Return the priorities that carry both of each two themes: pairs of themes x draws."""
    pairs = list(combinations(range(matrices.shape[1]), 2))
    counts = np.zeros((len(pairs), matrices.shape[2]), dtype=np.int32)
    # Only rows with two themes or more can hold a pair.
    several = matrices[matrices[:, :, 0].sum(axis=1) > 1]
    for place, (a, b) in enumerate(pairs):
        counts[place] = (several[:, a] & several[:, b]).sum(axis=0)
    return counts


def draw_labels(counts: Array, draws: int, seed: int) -> Array:
    """Draw tables of counts in which every board keeps its numbers but not which theme each belongs to.

    Returns
    -------
    array, boards x themes x draws
    """
    rng = np.random.default_rng(seed)
    return rng.permuted(np.repeat(counts[:, :, None], draws, axis=2), axis=1)


def measure_overlaps(counts: Array) -> Array:
    """Return the overlap of each two boards: sum over themes of the smaller of their shares of tags.

    Parameters
    ----------
    counts : array, boards x themes x draws

    Returns
    -------
    array, pairs of boards x draws
        0 to 1; missing (nan) where a board has no tags.
    """
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.full(counts.shape, np.nan), where=totals > 0)
    pairs = list(combinations(range(len(counts)), 2))
    overlaps = np.full((len(pairs), counts.shape[2]), np.nan)
    for place, (a, b) in enumerate(pairs):
        overlaps[place] = np.minimum(shares[a], shares[b]).sum(axis=0)
    return overlaps


def estimate_margins(matrix: Array, boards: Array, number: int) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Return estimates of the mean and the spread that ``draw_margins`` gives, without drawing.

    Each row with k themes is taken to hold a set of k drawn with weights per theme, fitted so that the columns keep
    their sums on average (conditional Bernoulli sampling; Chen, Dempster and Liu 1994). The variance of a sum over
    some rows is shrunk by their share of the whole, since the columns' sums are fixed. Good to a few per cent: for
    comparing matrices with nearly the same margins, never for calling anything by itself.

    Returns
    -------
    (mean, spread) of the cells, boards x themes, row by row; (mean, spread) of the pairs of themes
    """
    sums, totals = matrix.sum(axis=1), matrix.sum(axis=0)
    width = matrix.shape[1]
    counts = np.bincount(sums, minlength=width + 1)
    weights = _fit_weights(counts, totals)
    polynomials = _expand(weights, [()])[0]
    kinds = [k for k in range(1, width + 1) if counts[k] and polynomials[k] > 0]
    without = _expand(weights, [(t,) for t in range(width)])
    holds = {k: weights * without[:, k - 1] / polynomials[k] for k in kinds}
    own = {k: np.bincount(boards[sums == k], minlength=number) for k in kinds}
    mean = sum((own[k][:, None] * holds[k] for k in kinds), np.zeros((number, width)))
    varies = sum((own[k][:, None] * holds[k] * (1 - holds[k]) for k in kinds), np.zeros((number, width)))
    whole = varies.sum(axis=0, keepdims=True)
    varies = varies * (1 - np.divide(varies, whole, out=np.zeros_like(varies), where=whole > 0))
    pairs = list(combinations(range(width), 2))
    fewer = _expand(weights, pairs)
    product = np.array([weights[a] * weights[b] for a, b in pairs])
    both = {k: product * fewer[:, k - 2] / polynomials[k] for k in kinds if k > 1}
    pair_mean = sum((counts[k] * both[k] for k in both), np.zeros(len(pairs)))
    pair_varies = sum((counts[k] * both[k] * (1 - both[k]) for k in both), np.zeros(len(pairs)))
    return (mean.ravel(), np.sqrt(np.maximum(varies.ravel(), 0))), (pair_mean, np.sqrt(np.maximum(pair_varies, 0)))


def _fit_weights(counts: Array, totals: Array) -> Array:
    """Return weights of the columns under which rows of these sizes fill them to their sums on average."""
    width = len(totals)
    weights = totals / max(1.0, float(totals.mean()))
    kinds = [k for k in range(1, width) if counts[k]]
    wanted = np.maximum(totals - counts[width], 0)
    for _ in range(_FITTINGS if kinds else 0):
        without = _expand(weights, [(t,) for t in range(width)])
        polynomials = without[0] + weights[0] * np.concatenate([[0.0], without[0][:-1]])
        filled = sum(counts[k] * weights * without[:, k - 1] / polynomials[k] for k in kinds if polynomials[k] > 0)
        ratio = np.divide(wanted, filled, out=np.ones(width), where=np.asarray(filled) > 0)
        weights = weights * ratio
        if np.abs(ratio - 1).max() < _FITTED:
            break
    return np.asarray(weights)


def _expand(weights: Array, left_out: Sequence[tuple[int, ...]]) -> Array:
    """Return the elementary symmetric polynomials of the weights, once for each choice of weights left out."""
    rows = np.zeros((len(left_out), len(weights) + 1))
    rows[:, 0] = 1.0
    kept = np.ones((len(left_out), len(weights)))
    for n, places in enumerate(left_out):
        kept[n, list(places)] = 0.0
    for place, weight in enumerate(weights):
        rows[:, 1:] += kept[:, place, None] * weight * rows[:, :-1].copy()
    return rows


def know_overlaps(counts: Array) -> tuple[Array, Array]:
    """Return the mean and the spread of each two boards' overlap when ``draw_labels`` is drawn without end.

    The overlap is a sum of c[t, u] = min(share of a on t, share of b on u) along a random permutation. Its mean is the
    sum of c over the themes' number T, its variance the sum of squares of c, centred by rows and by columns, over
    T - 1 (Hoeffding 1951).
    """
    pairs = list(combinations(range(len(counts)), 2))
    width = counts.shape[1]
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    mean, variance = np.zeros(len(pairs)), np.zeros(len(pairs))
    for place, (a, b) in enumerate(pairs):
        smaller = np.minimum(shares[a][:, None], shares[b][None, :])
        mean[place] = smaller.sum() / width
        centred = smaller - smaller.mean(axis=0) - smaller.mean(axis=1, keepdims=True) + smaller.mean()
        variance[place] = (centred**2).sum() / max(1, width - 1)
    return mean, np.sqrt(variance)


@dataclass(frozen=True, eq=False)
class Yardstick:
    """A family of numbers, and the same family in many draws of what chance alone would give.

    Attributes
    ----------
    found : array, one per member
    drawn : array, members x draws
    """

    found: Array
    drawn: Array

    @cached_property
    def expected(self) -> Array:
        """The mean over the draws, by member."""
        return np.asarray(np.round(self.drawn.mean(axis=1), _DIGITS)) if self.drawn.size else np.zeros(len(self.found))

    @cached_property
    def spread(self) -> Array:
        """The standard deviation over the draws, by member."""
        return np.asarray(np.round(self.drawn.std(axis=1), _DIGITS)) if self.drawn.size else np.zeros(len(self.found))

    def measure(self, numbers: Array) -> Array:
        """Return how many standard deviations numbers (one per member, or members x draws) are from the expected."""
        centre, spread = self.expected, self.spread
        if numbers.ndim == 2:
            centre, spread = centre[:, None], spread[:, None]
        far = np.divide(numbers - centre, spread, out=np.zeros(numbers.shape), where=spread > 0)
        return np.asarray(np.round(far, _DIGITS))

    @cached_property
    def farthest(self) -> Array:
        """The largest distance of any member in each draw, in rising order: what the whole family does by chance."""
        if not self.drawn.size:
            return np.zeros(0)
        return np.sort(np.abs(self.measure(self.drawn)).max(axis=0))

    @cached_property
    def bar(self) -> float:
        """The distance that a member must pass to be called (max-T; Westfall and Young 1993)."""
        allowed = int(np.floor(LEVEL * (len(self.farthest) + 1))) - 1
        return float(self.farthest[-1 - allowed]) if 0 <= allowed < len(self.farthest) else np.inf

    def find_tails(self, numbers: Array) -> Array:
        """Return the two-sided p of numbers, one per member, each by itself: twice the smaller tail, at most 1.

        A tail is (r + 1) / (n + 1) of the draws, which counts what was found as one draw more.
        """
        draws = self.drawn.shape[1]
        above = (self.drawn >= numbers[:, None] - _ROUGH).sum(axis=1)
        below = (self.drawn <= numbers[:, None] + _ROUGH).sum(axis=1)
        return np.asarray(np.minimum(1.0, 2 * (np.minimum(above, below) + 1) / (draws + 1)))

    def find_family_p(self, numbers: Array) -> Array:
        """Return the p of numbers, one per member, in view of the whole family.

        It is the share of draws in which any member is as far out, and never below the p of the member by itself.
        """
        out = np.abs(self.measure(numbers))
        as_far = len(self.farthest) - np.searchsorted(self.farthest, out, side="left")
        return np.asarray(np.maximum((as_far + 1) / (len(self.farthest) + 1), self.find_tails(numbers)))

    def call(self, numbers: Array) -> Array:
        """Return +1 for each number that is more than chance gives, -1 for fewer, 0 otherwise."""
        far = self.find_family_p(numbers) <= LEVEL
        return np.where(far, np.sign(self.measure(numbers)), 0).astype(int)

    def say(self, least: Array, most: Array) -> list[str]:
        """Return for each member: more, fewer, as expected, or too few to tell.

        Parameters
        ----------
        least, most : array
            The smallest and the largest number that were possible. Too few to tell: neither would have been called.
        """
        able = (self.call(most) > 0) | (self.call(least) < 0)
        words = {1: "more", -1: "fewer"}
        return [
            words.get(called, "as expected" if could else "too few to tell")
            for called, could in zip(self.call(self.found).tolist(), able, strict=True)
        ]
