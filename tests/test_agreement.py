"""Agreement: published examples to their last digit, a second plain implementation, and what must always hold."""

from __future__ import annotations

from itertools import permutations
from math import isnan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.agreement import measure_alpha, measure_kappa, measure_percent


def spread(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """Two readers' codes from a table of counts: rows the first reader's code, columns the second's."""
    pairs = [(a, b) for a, row in enumerate(table) for b, count in enumerate(row) for _ in range(count)]
    return [a for a, _ in pairs], [b for _, b in pairs]


@pytest.mark.parametrize(
    ("table", "percent", "kappa"),
    [
        # Cohen 1960, table 2, N = 200: (140 - 82) / (200 - 82)
        ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 140 / 200, 58 / 118),
        # two readers of 50 proposals: p_o = 0.7, p_e = 0.5
        ([[20, 5], [10, 15]], 0.7, 0.4),
        # the same percentage, other margins: p_e = 0.6 x 0.7 + 0.4 x 0.3 = 0.54, and 0.6 x 0.3 + 0.4 x 0.7 = 0.46
        ([[45, 15], [25, 15]], 0.6, 0.06 / 0.46),
        ([[25, 35], [5, 35]], 0.6, 0.14 / 0.54),
        # as alike as chance makes them, and less
        ([[25, 25], [25, 25]], 0.5, 0.0),
        ([[0, 50], [50, 0]], 0.0, -1.0),
    ],
)
def test_kappa_and_percent_of_published_tables(table: list[list[int]], percent: float, kappa: float) -> None:
    a, b = spread(table)
    assert measure_percent(a, b) == pytest.approx(percent)
    assert measure_kappa(a, b) == pytest.approx(kappa)


# Krippendorff (2011), Computing Krippendorff's alpha-reliability: the matrix of part C, 4 observers and 12 units.
FOUR_OBSERVERS = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]
BINARY = ["0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"]  # part A
NOMINAL = ["1 1 2 2 4 3 3 3 5 4 4 1", "2 1 2 2 2 3 3 3 5 4 4 4"]  # part B: a to e as 1 to 5


def read_units(rows: list[str]) -> list[list[int | None]]:
    codes = [[None if code == "." else int(code) for code in row.split()] for row in rows]
    return [list(unit) for unit in zip(*codes, strict=True)]


def plain_alpha(units: list[list[int | None]], metric: str) -> float:
    """Alpha by its definition: squared distances over all pairs of codes, within units and over all."""
    paired = [[code for code in unit if code is not None] for unit in units]
    paired = [codes for codes in paired if len(codes) >= 2]
    every = sorted(code for codes in paired for code in codes)
    n = len(every)

    def distance(c: int, k: int) -> float:
        if metric == "nominal":
            return 0.0 if c == k else 1.0
        if metric == "interval":
            return float(c - k) ** 2
        # the distance of mean ranks: every code between the two counts whole, the two themselves half
        return (sum(min(c, k) <= v <= max(c, k) for v in every) - every.count(c) / 2 - every.count(k) / 2) ** 2

    within = sum(sum(distance(c, k) for c, k in permutations(codes, 2)) / (len(codes) - 1) for codes in paired) / n
    over_all = sum(distance(c, k) for c, k in permutations(every, 2)) / (n * (n - 1))
    return 1 - within / over_all if over_all else float("nan")


@pytest.mark.parametrize(
    ("rows", "metric", "alpha"),
    [
        (BINARY, "nominal", 0.095),
        (NOMINAL, "nominal", 0.692),
        (FOUR_OBSERVERS, "nominal", 0.743),
        (FOUR_OBSERVERS, "ordinal", 0.815),
        (FOUR_OBSERVERS, "interval", 0.849),
    ],
)
def test_alpha_of_krippendorffs_examples(rows: list[str], metric: str, alpha: float) -> None:
    units = read_units(rows)
    assert round(measure_alpha(units, metric), 3) == alpha
    assert measure_alpha(units, metric) == pytest.approx(plain_alpha(units, metric))


METRICS = st.sampled_from(["nominal", "ordinal", "interval"])
UNITS = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 2)), min_size=3, max_size=3), min_size=2, max_size=12
).filter(lambda units: any(sum(code is not None for code in unit) > 1 for unit in units))


@given(UNITS, METRICS)
@settings(max_examples=150)
def test_alpha_is_what_its_definition_says(units: list[list[int | None]], metric: str) -> None:
    assert measure_alpha(units, metric) == pytest.approx(plain_alpha(units, metric), nan_ok=True)


@given(UNITS, METRICS, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_alpha_hangs_on_no_order(units: list[list[int | None]], metric: str, random) -> None:
    alpha = measure_alpha(units, metric)
    shuffled = [random.sample(unit, len(unit)) for unit in random.sample(units, len(units))]
    assert measure_alpha(shuffled, metric) == pytest.approx(alpha, nan_ok=True)
    assert isnan(alpha) or alpha <= 1 + 1e-12


@given(st.lists(st.integers(0, 2), min_size=2, max_size=12), METRICS)
def test_readers_who_agree_throughout_have_1_and_with_one_code_nothing(codes: list[int], metric: str) -> None:
    assert measure_percent(codes, codes) == 1
    kappa, alpha = measure_kappa(codes, codes), measure_alpha([[code, code] for code in codes], metric)
    if len(set(codes)) > 1:
        assert (kappa, alpha) == (pytest.approx(1), pytest.approx(1))
    else:
        assert isnan(kappa)
        assert isnan(alpha)


PAIRS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=20)


@given(PAIRS, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_kappa_is_symmetric_and_hangs_neither_on_order_nor_on_names(pairs: list[tuple[int, int]], random) -> None:
    a, b = [x for x, _ in pairs], [y for _, y in pairs]
    kappa, percent = measure_kappa(a, b), measure_percent(a, b)
    assert measure_kappa(b, a) == pytest.approx(kappa, nan_ok=True)
    shuffled = random.sample(pairs, len(pairs))
    assert measure_kappa([x for x, _ in shuffled], [y for _, y in shuffled]) == pytest.approx(kappa, nan_ok=True)
    named = {0: "absent", 1: "touches", 2: "central"}
    assert measure_kappa([named[x] for x in a], [named[y] for y in b]) == pytest.approx(kappa, nan_ok=True)
    assert isnan(kappa) or kappa <= percent + 1e-12


def test_units_that_nobody_marked_are_kept_and_units_that_nobody_read_drop_out() -> None:
    marked: list[list[int | None]] = [[1, 1], [1, 0], [0, 1], [1, 1]]
    assert measure_alpha([*marked, [0, 0], [0, 0]]) != pytest.approx(measure_alpha(marked))
    assert measure_alpha([*marked, [None, None], [2, None]]) == measure_alpha(marked)


def test_an_ordinal_slip_of_one_step_weighs_less_than_of_two() -> None:
    rest: list[list[int | None]] = [[0, 0], [1, 1], [2, 2], [0, 0], [1, 1], [2, 2]]
    assert measure_alpha([*rest, [0, 1]], "ordinal") > measure_alpha([*rest, [0, 2]], "ordinal")


def test_nothing_to_compare_is_missing_and_never_nought() -> None:
    assert isnan(measure_percent([], []))
    assert isnan(measure_kappa([], []))
    assert isnan(measure_alpha([]))
    assert isnan(measure_alpha([[1, None], [None, 0]]))


def test_what_cannot_be_compared_is_refused() -> None:
    for measure in (measure_percent, measure_kappa):
        with pytest.raises(ValueError, match="they coded 2 and 1"):
            measure([0, 1], [0])
    with pytest.raises(ValueError, match="metric 'ratio' is not known; nominal, ordinal or interval is expected"):
        measure_alpha([[1, 2]], "ratio")
