"""Made-up cities with known truth: how often a report calls what is not there, finds what is, and keeps its word.

One command prints the tables of docs/chance.md: ``.venv/bin/python tests/simulate.py`` (``--cities N`` for fewer null
cities and the other parts in proportion, ``--quick`` for a look). Seeds are fixed: the same command prints the same.
"""

from __future__ import annotations

import argparse
import functools
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from mapping.chance import ODDS, Picture, _bound_cells, _find_edges, _find_power
from mapping.claims import list_claims
from mapping.framework import Framework
from mapping.gaps import find_gap_sample, find_gaps
from mapping.keywords import compile_keyword
from mapping.nulls import LEVEL, estimate_margins
from mapping.partnership import Partnership
from mapping.schema import DECISIONS
from mapping.stability import judge_claim
from mapping.tables import each_row
from mapping.tags import Run, tag
from mapping.text import load_word_counts, stem

Array = np.ndarray[Any, Any]

SEED = 20190128
#: Draws of chance for a null city, and for a city of the power table (a report draws 2,000).
DRAWS, DRAWS_FOR_POWER = 999, 499
#: Cities in the whole command; ``--cities`` scales the other parts with the first.
CITIES = {"null": 1000, "large": 200, "power": 200, "verdicts": 400, "jargon": 150, "gaps": 240, "hard gaps": 200}
BOARDS, THEMES = 5, 5
LANGUAGES = 8
SMALLEST, LARGEST = 8, 31
#: Tags per priority: about Derby's, and a fuller one.
TAGS = (0.7, 1.5)


# --- cities without texts ------------------------------------------------------------------------------------


def draw_sizes(rng: np.random.Generator, boards: int = BOARDS) -> Array:
    """Draw the number of priorities of each board: 8 to 31, as at Derby."""
    return rng.integers(SMALLEST, LARGEST + 1, boards)


def draw_rasch(rng: np.random.Generator, sizes: Array, themes: int, tags: float, popularity: float = 0.8) -> Array:
    """Draw tags in which no board and no pair of themes has anything of its own (Rasch 1960).

    The log odds of a tag are an effect of the priority (its spread 1, around its board's own, their spread 0.5) plus an
    effect of the theme (spread ``popularity``). Given the sums of rows and columns every matrix is equally likely.
    With ``popularity`` 0 the themes are alike, so that the labels within a board are exchangeable too.
    """
    board = np.repeat(np.arange(len(sizes)), sizes)
    priority = rng.normal(0, 0.5, len(sizes))[board] + rng.normal(0, 1, len(board))
    logits = priority[:, None] + rng.normal(0, popularity, themes)
    return np.asarray(rng.random(logits.shape) < 1 / (1 + np.exp(-settle(logits, tags))))


def draw_profiles(rng: np.random.Generator, sizes: Array, themes: int, tags: float) -> Array:
    """Draw tags in which no two boards are alike but by luck.

    Every board draws a profile of its own from a flat Dirichlet distribution, which prefers no theme; its priorities
    draw a number of themes (binomial), and then themes by that profile, without replacement.
    """
    board = np.repeat(np.arange(len(sizes)), sizes)
    return draw_by_weight(rng, np.log(rng.dirichlet(np.ones(themes), len(sizes)) + 1e-12)[board], tags)


def draw_by_weight(rng: np.random.Generator, logs: Array, tags: float) -> Array:
    """Draw for every priority a number of themes and then which, one by one, with the weights of its row."""
    numbers = rng.binomial(logs.shape[1], tags / logs.shape[1], len(logs))
    # The largest of log weight + Gumbel noise are a draw without replacement.
    ranks = np.argsort(np.argsort(-(logs + rng.gumbel(size=logs.shape)), axis=1), axis=1)
    return np.asarray(ranks < numbers[:, None])


def settle(logits: Array, tags: float) -> Array:
    """Return log odds moved all alike, so that a priority has so many tags on average."""
    low, high = -30.0, 30.0
    for _ in range(60):
        middle = (low + high) / 2
        mean = (1 / (1 + np.exp(-(logits + middle)))).sum(axis=1).mean()
        low, high = (middle, high) if mean < tags else (low, middle)
    return logits + (low + high) / 2


@dataclass(frozen=True)
class Linked:
    """Tags of priorities that also depend on one another: P(x) ~ exp(sum log odds + sum of links of both themes).

    Attributes
    ----------
    logits : array, priorities x themes
    links : array, themes x themes
        Log odds ratio of each two themes (upper triangle).
    """

    logits: Array
    links: Array

    @staticmethod
    def settled(logits: Array, links: Array, tags: float) -> Linked:
        """Return log odds moved all alike, so that a priority has so many tags on average."""
        low, high = -30.0, 30.0
        for _ in range(40):
            middle = (low + high) / 2
            fewer = Linked(logits + middle, links).chances.sum(axis=1).mean() < tags
            low, high = (middle, high) if fewer else (low, middle)
        return Linked(logits + (low + high) / 2, links)

    @property
    def _states(self) -> tuple[Array, Array]:
        states = np.array(list(product((0, 1), repeat=self.logits.shape[1])))
        energy = self.logits @ states.T + np.einsum("st,tu,su->s", states, np.triu(self.links, 1), states)
        weights = np.exp(energy - energy.max(axis=1, keepdims=True))
        return states, weights / weights.sum(axis=1, keepdims=True)

    @property
    def chances(self) -> Array:
        """The chance that a priority carries a theme."""
        states, weights = self._states
        return np.asarray(weights @ states)

    def draw(self, rng: np.random.Generator) -> Array:
        states, weights = self._states
        place = (rng.random(len(weights))[:, None] > weights.cumsum(axis=1)).sum(axis=1)
        return states[np.minimum(place, len(states) - 1)].astype(bool)


def make_picture(on: Array, sizes: Array, seed: int, draws: int = DRAWS) -> Picture:
    return Picture(on, np.repeat(np.arange(len(sizes)), sizes), len(sizes), draws, seed)


# --- 1. nothing there ----------------------------------------------------------------------------------------

FAMILIES = ("cells", "theme pairs", "board pairs")
#: The null generators as the tables name them; the last is one for cells and theme pairs alone.
OWN = "Rasch; for board pairs, profiles"
ALIKE = "Rasch, themes alike"
NO_NULL = "(Rasch, themes unequal: no null of board pairs)"


def call_families(picture: Picture, families: Sequence[str] = FAMILIES) -> dict[str, bool]:
    """Return for each family whether it calls anything more or fewer."""
    yardsticks = {
        "cells": lambda: picture.cell_chance, "theme pairs": lambda: picture.pair_chance,
        "board pairs": lambda: picture.board_chance,
    }  # fmt: skip
    return {name: bool(np.any(yardsticks[name]().call(yardsticks[name]().found))) for name in families}


def call_null_city(city: int, boards: int, themes: int, tags: float) -> dict[str, bool]:
    """Return what is called in one city of each null generator: ``family`` by its own, ``alike: family`` in one."""
    rng = np.random.default_rng([SEED, 1, city, boards, round(10 * tags)])
    sizes = draw_sizes(rng, boards)
    called = call_families(make_picture(draw_rasch(rng, sizes, themes, tags), sizes, city))
    called["board pairs, themes unequal"] = called["board pairs"]
    called |= call_families(make_picture(draw_profiles(rng, sizes, themes, tags), sizes, city), ("board pairs",))
    called["any"] = any(called[name] for name in FAMILIES)
    alike = call_families(make_picture(draw_rasch(rng, sizes, themes, tags, popularity=0), sizes, city))
    called |= {f"alike: {name}": said for name, said in alike.items()}
    called["alike: any"] = any(alike.values())
    return called


def count_null_calls(settings: Sequence[tuple[int, int, float, int]]) -> pd.DataFrame:
    """Count the null cities in which anything is called.

    Parameters
    ----------
    settings : sequence of (boards, themes, tags per priority, cities)

    Returns
    -------
    DataFrame
        One row per setting and generator: ``boards``, ``themes``, ``tags``, ``generator``, ``cities``, one column per
        family and ``any``: cities in which something was called (missing: the generator is no null for it).
    """
    rows = []
    for boards, themes, tags, cities in settings:
        said = pd.DataFrame(
            [
                call_null_city(city, boards, themes, tags)
                for city in count_up(f"null {boards} x {themes}, {tags}", cities)
            ]
        )
        sums = said.sum()
        head = (boards, themes, tags)
        rows.append((*head, OWN, cities, *(sums[name] for name in (*FAMILIES, "any"))))
        rows.append((*head, ALIKE, cities, *(sums[f"alike: {name}"] for name in (*FAMILIES, "any"))))
        rows.append((*head, NO_NULL, cities, pd.NA, pd.NA, sums["board pairs, themes unequal"], pd.NA))
    return pd.DataFrame(rows, columns=["boards", "themes", "tags", "generator", "cities", *FAMILIES, "any"])


# --- 2. something there --------------------------------------------------------------------------------------


def plant_cell(rng: np.random.Generator, sizes: Array, tags: float, odds: float) -> Array:
    """Plant a cell: in the first board the odds of the first theme are so many times what they are elsewhere."""
    board = np.repeat(np.arange(len(sizes)), sizes)
    logits = settle(rng.normal(0, 1, len(board))[:, None] + np.zeros(THEMES), tags)
    logits[board == 0, 0] += np.log(odds)
    return np.asarray(rng.random(logits.shape) < 1 / (1 + np.exp(-logits)))


def plant_theme_pair(rng: np.random.Generator, sizes: Array, tags: float, odds: float) -> Array:
    """Plant a pair of themes: the odds of the first are so many times higher where a priority has the second."""
    links = np.zeros((THEMES, THEMES))
    links[0, 1] = np.log(odds)
    return Linked.settled(rng.normal(0, 1, sizes.sum())[:, None] + np.zeros(THEMES), links, tags).draw(rng)


def plant_board_pair(rng: np.random.Generator, sizes: Array, tags: float, odds: float) -> Array:
    """Plant a likeness: the first two boards prefer the themes in the same order, every other board in its own.

    Every board's weights go in equal steps of the logarithm from 1 to ``odds``; the orders are drawn.
    """
    orders = np.array([rng.permutation(THEMES) for _ in sizes])
    orders[1] = orders[0]
    logs = np.log(odds) * orders / (THEMES - 1)
    return draw_by_weight(rng, np.repeat(logs, sizes, axis=0), tags)


PLANTED = {
    "cells": (plant_cell, lambda picture: picture.cell_chance),
    "theme pairs": (plant_theme_pair, lambda picture: picture.pair_chance),
    "board pairs": (plant_board_pair, lambda picture: picture.board_chance),
}


def measure_power(
    cities: int,
    tags: Sequence[float] = TAGS,
    numbers: Sequence[int] = (20, 40, 80),
    families: Sequence[str] = FAMILIES,
) -> pd.DataFrame:
    """Measure how often a planted link is called *more*.

    Returns
    -------
    DataFrame
        One row per family, tags per priority, number of priorities and odds: ``family``, ``tags``, ``of`` (city:
        shared out evenly among five boards; board: so many in each, for the first rate alone), ``priorities``,
        ``odds``, ``cities``; ``called``, the share in which the planted link was called. For cells also ``printed``,
        the mean over half of the cities of the power that a report on them prints for the cell, and ``by_them``, the
        share called in these.
    """
    rows = []
    for family, rate, of, number in product(families, tags, ("city", "board"), numbers):
        if of == "board" and rate != tags[0]:
            continue
        sizes = np.full(BOARDS, number // BOARDS if of == "city" else number)
        for odds in ODDS:
            called, printed = [], []
            for city in count_up(f"power, {family}, {rate} tags, {number} by {of}, odds {odds}", cities):
                rng = np.random.default_rng([SEED, 2, city, number, odds, round(10 * rate), of == "city"])
                plant, measure = PLANTED[family]
                picture = make_picture(plant(rng, sizes, rate, odds), sizes, city, DRAWS_FOR_POWER)
                yardstick = measure(picture)
                called.append(len(yardstick.found) > 0 and yardstick.call(yardstick.found)[0] > 0)
                if family == "cells" and city < cities / 2:
                    printed.append(read_power(picture, odds))
            mean, same = (np.nan, np.nan) if not printed else (np.mean(printed), np.mean(called[: len(printed)]))
            rows.append((family, rate, of, number, odds, cities, float(np.mean(called)), mean, same))
    columns = ["family", "tags", "of", "priorities", "odds", "cities", "called", "printed", "by_them"]
    return pd.DataFrame(rows, columns=columns)


def read_power(picture: Picture, odds: float) -> float:
    """Return the power that a report prints for the first cell: 0 where no count could be called."""
    more, _ = _find_edges(picture.cell_chance, *_bound_cells(picture))
    power = _find_power(picture, more.where(more.index == 0), odds)[0]
    return 0.0 if np.isnan(power) else float(power)


# --- cities with texts ---------------------------------------------------------------------------------------

KEYWORDS = 12
#: Share of a board's priorities in which it uses a theme's keyword without meaning the theme.
JARGON = 0.2
_LETTERS = ("bdfgklmnprtvz", "aeiou")
_FUNCTION = "for the of and with in to our all by on their".split()


@dataclass(frozen=True)
class Language:
    """A framework made of words that mean nothing, and the words around them.

    Attributes
    ----------
    framework : Framework
    words : list of list of str
        By theme, its keywords as they stand in texts.
    common : array, themes x keywords
        How often each is used for its theme.
    loose : array, themes x keywords
        How often each is used without its theme.
    missed : array
        By theme, the share of priorities that speak of it without any of its keywords.
    false : array
        By theme, the share of other priorities that use one of its keywords all the same.
    filler : list of str
    """

    framework: Framework
    words: list[list[str]]
    common: Array
    loose: Array
    missed: Array
    false: Array
    filler: list[str]


@functools.cache
def make_language(number: int) -> Language:
    """Make up a framework: per theme 8 keywords that decide and 4 that support, half of them as rare as can be.

    The other half are English words of the idf that the shipped keywords have (6 to 9), so that scores differ. Per
    theme, 12 % to 40 % of what is meant is said without a keyword, and 0.5 % to 3 % of the other texts use one all the
    same; together with hits too weak to tag this gives about the recall and precision of docs/evaluation.md.
    """
    rng = np.random.default_rng([SEED, 3, number])
    counts = load_word_counts()
    spare = sorted({word for word, _, _ in counts._words if len(word) > 4 and word.isalpha()})
    # One word of each stem, so that no filler is a keyword by another ending.
    spare = list({stem(str(word)): str(word) for word in rng.permutation(spare)}.values())
    spare = [word for word in spare if 4 <= counts.idf(stem(word)) <= 9]
    filler = [w for w in spare if counts.idf(stem(w)) < 6][:200]
    rarer = [w for w in spare if counts.idf(stem(w)) >= 6][: THEMES * KEYWORDS // 2]
    words, compiled, rows = [], [], []
    for t in range(THEMES):
        own = [*rarer[t * KEYWORDS // 2 : (t + 1) * KEYWORDS // 2], *(_invent(rng) for _ in range(KEYWORDS // 2))]
        own = [str(w) for w in rng.permutation(own)]
        roles = ["decides"] * (KEYWORDS * 2 // 3) + ["supports"] * (KEYWORDS - KEYWORDS * 2 // 3)
        rng.shuffle(roles)
        words.append(own)
        compiled += [compile_keyword(f"t{t + 1}", w, role, counts) for w, role in zip(own, roles, strict=True)]
        name = _invent(rng)
        rows.append((f"t{t + 1}", str(t + 1), name, name, name[:8], _invent(rng), ""))
    columns = ["theme", "number", "name", "short", "tiny", "wording", "scope_note"]
    info = {"id": f"made-up-{number}", "name": "Made-up"}
    framework = Framework(info, pd.DataFrame(rows, columns=columns), pd.DataFrame(), 0.5, 0.1, tuple(compiled))
    ranks = np.arange(1, KEYWORDS + 1)
    return Language(
        framework, words, np.array([rng.permutation(1 / ranks) / (1 / ranks).sum() for _ in range(THEMES)]),
        rng.dirichlet(np.full(KEYWORDS, 0.5), THEMES), rng.uniform(0.12, 0.40, THEMES),
        rng.uniform(0.005, 0.03, THEMES), filler,
    )  # fmt: skip


def _invent(rng: np.random.Generator) -> str:
    return "".join(str(rng.choice(list(_LETTERS[n % 2]))) for n in range(7)) + "k"


def write_text(rng: np.random.Generator, language: Language, carried: Array, missed: Array, jargon: str = "") -> str:
    """Write a priority: each of its themes by 0 to 3 keywords, now and then another's keyword, and words around."""
    said = [jargon] if jargon else []
    for t, has in enumerate(carried):
        if has and rng.random() >= missed[t]:
            said += list(
                rng.choice(language.words[t], rng.choice((1, 2, 3), p=(0.6, 0.3, 0.1)), False, language.common[t])
            )
        elif not has and rng.random() < language.false[t]:
            said.append(str(rng.choice(language.words[t], p=language.loose[t])))
    around = [str(w) for w in rng.choice(language.filler, rng.integers(3, 8), False)]
    around = [part for word in around for part in (str(rng.choice(_FUNCTION)), word)]
    return " ".join([*(around[:2]), *said, *around[2:]])


@dataclass(frozen=True)
class TrueCity:
    """A city with its truth.

    Attributes
    ----------
    partnership : Partnership
    language : Language
    board : int array, one per priority
    true : bool array, priorities x themes
        What each priority speaks of.
    chances : array, priorities x themes
        How likely it was to.
    cells : array, boards x themes
        Planted log odds.
    links : array, themes x themes
        Planted log odds ratios.
    """

    partnership: Partnership
    language: Language
    board: Array
    true: Array
    chances: Array
    cells: Array
    links: Array


def make_city(city: int, tags: float, *, jargon: bool = False, missed: float | None = None) -> TrueCity:
    """Make up a city with planted links, and texts that tell of it imperfectly.

    Planted: three cells with odds 8 and one with 1/8, one pair of themes with 8 and one with 1/8, and the last board
    takes after the first (the same planted odds, with one cell more for both). ``jargon``: one board uses a keyword
    of a theme in a fifth of its priorities without meaning it. ``missed``: the share of what is
    meant that is said without a keyword.
    """
    rng = np.random.default_rng([SEED, 4, city, round(10 * tags), jargon])
    language, sizes = make_language(city % LANGUAGES), draw_sizes(rng)
    board = np.repeat(np.arange(BOARDS), sizes)
    cells, links = np.zeros((BOARDS, THEMES)), np.zeros((THEMES, THEMES))
    places = rng.permutation([(b, t) for b in range(BOARDS - 1) for t in range(THEMES)])[:4]
    for (b, t), odds in zip(places, (8, 8, 8, 1 / 8), strict=True):
        cells[b, t] = np.log(odds)
    cells[0, rng.integers(THEMES)] = np.log(8)
    cells[-1] = cells[0]
    for (t, u), odds in zip(rng.permutation(list(combinations(range(THEMES), 2)))[:2], (8, 1 / 8), strict=True):
        links[t, u] = np.log(odds)
    logits = rng.normal(0, 0.6, THEMES) + rng.normal(0, 0.5, len(board))[:, None] + cells[board]
    model = Linked.settled(logits, links, tags)
    true = model.draw(rng)
    slips = language.missed if missed is None else np.full(THEMES, missed)
    odd = (int(rng.integers(BOARDS)), str(rng.choice(language.words[rng.integers(THEMES)]))) if jargon else (-1, "")
    texts = [
        write_text(rng, language, row, slips, odd[1] if b == odd[0] and rng.random() < JARGON else "")
        for b, row in zip(board, true, strict=True)
    ]
    partnership = build_partnership(rng, city, board, texts, language)
    return TrueCity(partnership, language, board, true, model.chances, cells, links)


def make_untold_city(city: int) -> TrueCity:
    """Make up the hardest city for the bound on gaps: every cell is a gap, and in each three of 20 texts speak of it.

    A checker who reads 12 of the 20 finds none of the three just once in twenty.
    """
    rng = np.random.default_rng([SEED, 5, city])
    language = replace(make_language(city % LANGUAGES), false=np.zeros(THEMES))
    board = np.repeat(np.arange(BOARDS), 20)
    first = np.arange(20)[:, None] < np.full(THEMES, 3)
    true = np.vstack([rng.permuted(first, axis=0) for _ in range(BOARDS)])
    texts = [write_text(rng, language, row, np.ones(THEMES)) for row in true]
    none = np.zeros((BOARDS, THEMES))
    return TrueCity(build_partnership(rng, city, board, texts, language), language, board, true, true * 1.0, none, none)


def build_partnership(
    rng: np.random.Generator, city: int, board: Array, texts: list[str], language: Language
) -> Partnership:
    """Put texts into boards of one to three strategies each."""
    codes = [f"B{n + 1}" for n in range(BOARDS)]
    several = rng.integers(1, 4, BOARDS)
    own = [int(rng.integers(several[b])) for b in board]
    strategies = [
        (f"{c}-S{n + 1}", c, f"Strategy {n + 1} of {c}") for c, k in zip(codes, several, strict=True) for n in range(k)
    ]
    table = pd.DataFrame(strategies, columns=["strategy", "board", "name"]).assign(
        edition="", in_force_from="", in_force_to="", standing="named", read="yes"
    )
    rows = [
        (f"C{city}-{codes[b]}-{n + 1:03d}", codes[b], f"{codes[b]}-S{s + 1}", text, "")
        for n, (b, s, text) in enumerate(zip(board, own, texts, strict=True))
    ]
    info = {"id": "made-up", "name": "Made-up city", "place": "Nowhere", "edition": "made up", "framework": "made-up"}
    boards = pd.DataFrame([(c, c, c, c, "yes") for c in codes], columns=["board", "name", "short", "tiny", "in_matrix"])
    decisions = pd.DataFrame(columns=[*(column.name for column in DECISIONS), "line"])
    priorities = pd.DataFrame(rows, columns=["priority", "board", "strategy", "text", "parent"])
    return Partnership(info, boards, table, priorities, decisions, language.framework)


def find_tagged(city: TrueCity, run: Run) -> Array:
    """Return which tags stand, in the order of the city's own arrays."""
    on = set(zip(run.standing_tags["priority"], run.standing_tags["theme"], strict=True))
    themes = city.language.framework.theme_ids
    return np.array([[(p, t) in on for t in themes] for p in city.partnership.priorities["priority"]])


# --- 3. verdicts ---------------------------------------------------------------------------------------------


def is_true(city: TrueCity, kind: str, subject: Sequence[str]) -> bool:
    """Return whether a headline is true of the city.

    reach: so many boards truly speak of the theme in these priorities; most: more of them truly speak of it than of any
    other; cell, theme pair: planted in that direction; board pair: the boards' true leanings (mean chance of each
    theme, as shares) overlap more, or less, than they would with the themes' names shuffled.
    """
    themes = {name: n for n, name in enumerate(city.language.framework.theme_ids)}
    if kind == "reach":
        own = city.true[:, themes[subject[0]]]
        return len(set(city.board[own])) >= int(subject[1])
    if kind == "most":
        sums = city.true.sum(axis=0)
        return bool((np.delete(sums, themes[subject[0]]) < sums[themes[subject[0]]]).all())
    sign = {"more": 1, "fewer": -1}[subject[0]]
    if kind == "cell":
        return bool(np.sign(city.cells[int(subject[1][1:]) - 1, themes[subject[2]]]) == sign)
    if kind == "theme pair":
        return bool(np.sign(city.links[themes[subject[1]], themes[subject[2]]]) == sign)
    leanings = np.array([city.chances[city.board == b].mean(axis=0) for b in range(BOARDS)])
    a, b = (leanings[int(code[1:]) - 1] / leanings[int(code[1:]) - 1].sum() for code in subject[1:])
    shuffled = np.minimum(a[:, None], b[None, :]).sum() / THEMES
    return bool(np.sign(np.minimum(a, b).sum() - shuffled) == sign)


def is_on_side(city: TrueCity, kind: str, subject: Sequence[str]) -> bool:
    """Return whether a headline about chance is right of what the priorities truly speak of, planted or not.

    Since sums are fixed, more in one cell is fewer in others, which nobody planted: such a call is false by ``is_true``
    and right here. Of other kinds the same as ``is_true``.
    """
    if kind not in ("cell", "theme pair"):
        return is_true(city, kind, subject)
    themes = {name: n for n, name in enumerate(city.language.framework.theme_ids)}
    (cells, _), (pairs, _) = estimate_margins(city.true, city.board, BOARDS)
    if kind == "cell":
        b, t = int(subject[1][1:]) - 1, themes[subject[2]]
        over = city.true[city.board == b, t].sum() - cells[b * THEMES + t]
    else:
        a, b = themes[subject[1]], themes[subject[2]]
        place = list(combinations(range(THEMES), 2)).index((a, b))
        over = (city.true[:, a] & city.true[:, b]).sum() - pairs[place]
    return bool(over > 0) == (subject[0] == "more")


def try_verdicts(cities: int, tags: Sequence[float] = TAGS, jargon: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Judge every headline of made-up cities, and see which are true.

    Returns
    -------
    (headlines, quality)
        One row per headline: ``city``, ``tags``, ``kind``, ``verdict``, ``worst``, ``true``, ``on_side``. One row per
        city: ``tags``; ``true``, ``tagged`` and ``right``, the numbers of themes meant, tagged, and tagged as meant.
    """
    rows, quality = [], []
    for number in count_up("verdicts" + (" with jargon" if jargon else ""), cities):
        rate = tags[number % len(tags)]
        city = make_city(number, rate, jargon=jargon)
        run = tag(city.partnership, seed=number + 1)
        tagged = find_tagged(city, run)
        quality.append((rate, int(city.true.sum()), int(tagged.sum()), int((tagged & city.true).sum())))
        for claim in list_claims(run):
            verdict = judge_claim(run, claim)
            truth = is_true(city, claim.kind, claim.subject), is_on_side(city, claim.kind, claim.subject)
            rows.append((number, rate, claim.kind, verdict.word, verdict.worst, *truth))
    return (
        pd.DataFrame(rows, columns=["city", "tags", "kind", "verdict", "worst", "true", "on_side"]),
        pd.DataFrame(quality, columns=["tags", "true", "tagged", "right"]),
    )


# --- 4. gaps -------------------------------------------------------------------------------------------------


def try_gaps(cities: int, shares: Sequence[float] = (0.2, 0.4, 0.6, 0.8), *, untold: bool = False) -> pd.DataFrame:
    """Check made-up gaps, and see whether the bound covers what was missed.

    A checker who is always right reads the doubtful priorities and a share of the rest, in the order of
    ``find_gap_sample``, for every gap of the city. A gap in which a mention turns up is none any more; of those that
    are left all bounds must hold at once. In a third of the cities each, 30 %, 60 % and 90 % of what is meant is said
    without a keyword; ``untold``: the cities of ``make_untold_city`` instead.

    Returns
    -------
    DataFrame
        One row per city and share: ``city``, ``missed``, ``share`` checked; ``gaps`` before the check, ``left`` after
        it; ``still``, the mentions still there in these; ``bound``, the sum of their bounds; ``covered``.
    """
    rows = []
    for number in count_up("gaps" + (", none told" if untold else ""), cities):
        missed = 1.0 if untold else (0.3, 0.6, 0.9)[number % 3]
        city = make_untold_city(number) if untold else make_city(number, TAGS[0], missed=missed)
        first = tag(city.partnership, draws=100, resamples=20)
        before = [row for row in each_row(find_gaps(first)) if row.state in ("none", "not scored")]
        samples = {(row.board, row.theme): find_gap_sample(first, row.board, row.theme) for row in before}
        for share in shares:
            decisions = check_gaps(city, samples, share)
            run = tag(replace(city.partnership, decisions=decisions), draws=100, resamples=20)
            left = find_gaps(run)
            left = left[left["state"].isin(["none", "not scored"])]
            still = [count_missed(city, row.board, row.theme) for row in each_row(left)]
            covered = all(bound >= truth for bound, truth in zip(left["bound"], still, strict=True))
            rows.append((number, missed, share, len(before), len(left), sum(still), int(left["bound"].sum()), covered))
    columns = ["city", "missed", "share", "gaps", "left", "still", "bound", "covered"]
    return pd.DataFrame(rows, columns=columns)


def check_gaps(city: TrueCity, samples: dict[tuple[str, str], pd.DataFrame], share: float) -> pd.DataFrame:
    """Return the decisions of a checker who is right: reject where the theme is not meant, add where it is."""
    place = {p: n for n, p in enumerate(city.partnership.priorities["priority"])}
    themes = {name: n for n, name in enumerate(city.language.framework.theme_ids)}
    rows = []
    for (_, theme), sample in samples.items():
        doubtful = int((sample["why"] == "doubtful").sum())
        for item in each_row(sample.head(doubtful + round(share * (len(sample) - doubtful)))):
            said = "add" if city.true[place[item.priority], themes[theme]] else "reject"
            rows.append((city.language.framework.id, item.priority, theme, said, item.text, "checker", "2019", "", 0))
    return pd.DataFrame(rows, columns=list(city.partnership.decisions.columns))


def count_missed(city: TrueCity, board: str, theme: str) -> int:
    """Return how many priorities of a board truly speak of a theme (of a gap: without a tag)."""
    own = city.board == int(board[1:]) - 1
    return int(city.true[own, city.language.framework.theme_ids.index(theme)].sum())


# --- printing ------------------------------------------------------------------------------------------------


def count_up(what: str, number: int) -> Iterator[int]:
    """Yield 0, 1, 2, ... and say on stderr how many there were and how long they took."""
    start = time.process_time()
    yield from range(number)
    print(f"{what}: {number} in {time.process_time() - start:.0f} s", file=sys.stderr, flush=True)


def say_share(hits: float, of: int) -> str:
    """Return a share with its 95 % range (Clopper and Pearson): ``37 of 1000: 3.7 % (2.6 to 5.1)``."""
    if not of:
        return "none"
    low, high = binomtest(int(hits), of).proportion_ci(method="exact")
    return f"{int(hits)} of {of}: {hits / of:.1%} ({100 * low:.1f} to {100 * high:.1f})".replace("%", " %")


def format_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines) + "\n"


def show_null(calls: pd.DataFrame) -> str:
    rows = []
    for row in each_row(calls.rename(columns=lambda name: name.replace(" ", "_"))):
        counts = (row.cells, row.theme_pairs, row.board_pairs, row.any)
        said = ["" if pd.isna(n) else say_share(n, row.cities) for n in counts]
        rows.append((f"{row.boards} x {row.themes}", row.tags, row.generator, *said))
    return format_table(["boards x themes", "tags a priority", "generator", *FAMILIES, "any family"], rows)


def show_power(power: pd.DataFrame) -> str:
    rows = []
    for (family, rate, of, number), group in power.groupby(["family", "tags", "of", "priorities"], sort=False):
        found = [percent(row.called) for row in each_row(group)]
        if family == "cells":
            found = [
                f"{said} ({percent(row.by_them)}; report {percent(row.printed)})"
                for said, row in zip(found, each_row(group), strict=True)
            ]
        rows.append((family, rate, f"{number} in the city" if of == "city" else f"{number} in each board", *found))
    heads = ["planted in one of the", "tags a priority", "priorities", *(f"odds x {odds}" for odds in ODDS)]
    return format_table(heads, rows)


def show_verdicts(headlines: pd.DataFrame, by: str = "") -> str:
    rows = []
    for name, group in headlines.groupby(by, sort=False) if by else [("all", headlines)]:
        for verdict in ("firm", "fair", "fragile"):
            own = group[group["verdict"] == verdict]
            true = say_share(own["true"].sum(), len(own)), f"{own['on_side'].sum()} of {len(own)}"
            rows.append((name, verdict, percent(len(own) / len(group)), *true))
    return format_table([by or "headlines", "verdict", "share of the headlines", "true", "true, or its reverse"], rows)


def show_gaps(gaps: pd.DataFrame) -> str:
    rows = []
    for (missed, share), group in gaps.groupby(["missed", "share"]):
        left = max(1, group["left"].sum())
        rows.append(
            (
                percent(missed), percent(share), f"{group['gaps'].mean():.1f}", f"{group['left'].mean():.1f}",
                f"{group['still'].sum() / left:.2f}", f"{group['bound'].sum() / left:.1f}",
                say_share(group["covered"].sum(), len(group)),
            )
        )  # fmt: skip
    heads = ["told by no keyword", "of the rest checked", "gaps", "left", "still there per gap", "bound per gap"]
    return format_table([*heads, "all covered"], rows)


def allow(cities: int) -> int:
    """Return in how many null cities a family may call anything: one in twenty and two standard errors on top."""
    return round(LEVEL * cities + 2 * (LEVEL * (1 - LEVEL) * cities) ** 0.5)


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def meet(fact: bool) -> str:
    return "yes" if fact else "NO"


# --- the command ---------------------------------------------------------------------------------------------

Part = tuple[list[tuple[object, ...]], str]


def report_null(number: dict[str, int]) -> Part:
    settings = [(BOARDS, THEMES, tags, number["null"]) for tags in TAGS]
    calls = count_null_calls([*settings, (12, 12, TAGS[0], number["large"])])
    rows: list[tuple[object, ...]] = []
    for row in calls[calls["generator"] != NO_NULL].to_dict("records"):
        where = f"{row['boards']} x {row['themes']}, {row['tags']} tags a priority: {row['generator']}"
        most = allow(row["cities"])
        for name in FAMILIES:
            aim = f"at most {most} of {row['cities']}"
            rows.append((f"null cities with {name} called ({where})", aim, row[name], meet(row[name] <= most)))
    return rows, f"## Null cities in which anything is called\n\n{show_null(calls)}"


def report_power(number: dict[str, int]) -> Part:
    power = measure_power(number["power"])
    near = power.dropna()
    off = near["printed"] - near["by_them"]
    return [], (
        f"## Power: the share of {number['power']} cities in which what was planted is called\n\n{show_power(power)}\n"
        "In brackets, for half of the cities: the share called, and what the report prints (power_2, power_4, "
        f"power_8): {off.mean():+.3f} from the share called on average, {off.abs().max():.3f} at most.\n"
    )


def report_headlines(number: dict[str, int]) -> Part:
    headlines, quality = try_verdicts(number["verdicts"])
    loose, _ = try_verdicts(number["jargon"], jargon=True)
    sums = quality[["true", "tagged", "right"]].sum()
    firm, fragile = (headlines.loc[headlines["verdict"] == word, "true"] for word in ("firm", "fragile"))
    high = binomtest(int(fragile.sum()), len(fragile)).proportion_ci().high if len(fragile) else 1.0
    text = [
        f"## Headlines of {number['verdicts']} cities with planted links\n",
        f"Recall of the tags {sums['right'] / sums['true']:.2f}, precision {sums['right'] / sums['tagged']:.2f}.\n",
        *(show_verdicts(headlines, by) for by in ("", "tags", "kind")),
        f"## The same, and one board's jargon holds a keyword: {number['jargon']} cities\n",
        *(show_verdicts(loose, by) for by in ("", "kind")),
    ]
    return [
        ("firm headlines that are true", "at least 90 %", say_share(firm.sum(), len(firm)), meet(firm.mean() >= 0.9)),
        ("headlines that are called firm", "printed", say_share(len(firm), len(headlines)), ""),
        ("fragile headlines that are true", "clearly fewer", say_share(fragile.sum(), len(fragile)),
         meet(high < firm.mean())),
    ], "\n".join(text)  # fmt: skip


def report_gaps(number: dict[str, int]) -> Part:
    gaps, hard = try_gaps(number["gaps"]), try_gaps(number["hard gaps"], (0.6,), untold=True)
    rows: list[tuple[object, ...]] = []
    for name, table in (
        ("runs in which every bound on a gap covers the truth", gaps),
        ("the same, hardest case", hard),
    ):
        found = say_share(table["covered"].sum(), len(table))
        rows.append((name, "at least 95 %", found, meet(table["covered"].mean() >= 0.95)))
    head = f"## Gaps of {number['gaps']} cities, and of {number['hard gaps']} of the hardest"
    return rows, f"{head}\n\n{show_gaps(pd.concat([gaps, hard]))}"


PARTS = {"null": report_null, "power": report_power, "headlines": report_headlines, "gaps": report_gaps}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables as Markdown: what was promised beside what was found, then the parts."""
    parser = argparse.ArgumentParser(description="Made-up cities with known truth: the tables of docs/chance.md.")
    parser.add_argument("--cities", type=int, default=CITIES["null"], help="null cities; the other parts in proportion")
    parser.add_argument("--quick", action="store_true", help="a look: 40 null cities")
    parser.add_argument("--only", choices=list(PARTS), action="append", help="one part (may be given again)")
    options = parser.parse_args(arguments)
    part = (40 if options.quick else options.cities) / CITIES["null"]
    number = {name: max(2, round(part * whole)) for name, whole in CITIES.items()}
    start = time.process_time()
    rows, texts = zip(*(PARTS[name](number) for name in options.only or PARTS), strict=True)
    print(
        "## In short", format_table(["what", "aim", "found", "met"], [row for own in rows for row in own]), sep="\n\n"
    )
    print(*texts, sep="\n")
    print(f"CPU time: {time.process_time() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
