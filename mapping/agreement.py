"""How far two readers agree, beyond what chance alone would give: coder with coder, tags with people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence

__all__ = ["measure_alpha", "measure_kappa", "measure_percent"]


def measure_percent(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """Return the share of units that two readers coded alike, 0 to 1; missing without units.

    Examples
    --------
    >>> measure_percent([1, 0, 1, 1], [1, 0, 0, 1])
    0.75
    """
    _check_pairs(a, b)
    return sum(x == y for x, y in zip(a, b, strict=True)) / len(a) if a else float("nan")


def measure_kappa(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """Return Cohen's kappa (1960): (p_o - p_e) / (1 - p_e), at most 1; 0 is what chance gives.

    p_o is the share coded alike; p_e = sum over codes of the product of the two readers' shares of that code. Where
    both used one and the same code throughout, p_e is 1 and kappa is not defined: missing.

    Examples
    --------
    Of 50 proposals both readers accept 20, both reject 15, the first alone accepts 5, the second alone 10
    (p_o = 0.7, p_e = 0.5 x 0.6 + 0.5 x 0.4 = 0.5, kappa = 0.4):

    >>> a = ["yes"] * 25 + ["no"] * 25
    >>> b = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    >>> round(measure_kappa(a, b), 9)
    0.4
    """
    _check_pairs(a, b)
    if not a:
        return float("nan")
    n = len(a)
    of_a, of_b = Counter(a), Counter(b)
    expected = sum(of_a[code] * of_b[code] for code in of_a) / n**2
    return (measure_percent(a, b) - expected) / (1 - expected) if expected < 1 else float("nan")


def _check_pairs(a: Sequence[Hashable], b: Sequence[Hashable]) -> None:
    if len(a) != len(b):
        raise ValueError(f"Two readers of the same units are needed; they coded {len(a)} and {len(b)}.")


def measure_alpha(units: Sequence[Sequence[int | None]], metric: str = "nominal") -> float:
    """Return Krippendorff's alpha (2011): 1 - D_o / D_e, at most 1; 0 is what chance gives.

    Parameters
    ----------
    units : sequence of sequences
        For each unit the codes of its readers, None where a reader did not code it. Units that nobody marked are kept;
        units with fewer than two codes cannot be compared and drop out.
    metric : {"nominal", "ordinal", "interval"}
        How far apart two codes are: 0 or 1; by the rank between them; by their squared difference.

    Examples
    --------
    Two observers, ten articles, binary (Krippendorff 2011, example A): alpha = 0.095.

    >>> first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    >>> second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    >>> round(measure_alpha(list(zip(first, second))), 3)
    0.095
    """
    paired = [codes for unit in units if len(codes := [code for code in unit if code is not None]) > 1]
    together: defaultdict[tuple[int, int], float] = defaultdict(float)
    for codes in paired:
        for i, x in enumerate(codes):
            for j, y in enumerate(codes):
                if i != j:
                    together[x, y] += 1 / (len(codes) - 1)
    totals: defaultdict[int, float] = defaultdict(float)
    for (x, _), weight in together.items():
        totals[x] += weight
    n = sum(totals.values())
    distance = _choose_distance(metric, totals)
    observed = sum(weight * distance(x, y) for (x, y), weight in together.items())
    expected = sum(totals[x] * totals[y] * distance(x, y) for x in totals for y in totals) / (n - 1) if n > 1 else 0.0
    return 1 - observed / expected if expected else float("nan")


def _choose_distance(metric: str, totals: Mapping[int, float]) -> Callable[[int, int], float]:
    def ordinal(x: int, y: int) -> float:
        low, high = min(x, y), max(x, y)
        between = sum(count for code, count in totals.items() if low <= code <= high)
        return float((between - (totals[low] + totals[high]) / 2) ** 2) if x != y else 0.0

    metrics: dict[str, Callable[[int, int], float]] = {
        "nominal": lambda x, y: float(x != y),
        "interval": lambda x, y: float((x - y) ** 2),
        "ordinal": ordinal,
    }
    if metric not in metrics:
        raise ValueError(f"metric '{metric}' is not known; nominal, ordinal or interval is expected.")
    return metrics[metric]
