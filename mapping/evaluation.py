"""How right the tags are, against people's codes: per theme, with ranges, and every miss with its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mapping.agreement import measure_alpha, measure_kappa, measure_percent
from mapping.calibration import FEATURES, Calibration, format_calibration
from mapping.errors import DataError, MappingError, OutputError, Problem, nearest
from mapping.files import find_coded, write_file
from mapping.framework import Framework, read_framework
from mapping.scoring import METHODS, Score, get_scorer
from mapping.tables import read_text_table

__all__ = ["CALIBRATED", "Evaluation", "evaluate", "fit_calibration", "read_coded", "write_calibrated"]

CALIBRATED = "both, calibrated"
_DRAWS = 1000
_SEED = 2019
_COVERAGES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
WARNING = (
    "Scores on rows that the authors of the keywords could see are optimistic. Codes of the shipped files were made by "
    "two model coders working independently from a codebook; no officer has coded them."
)


@dataclass(frozen=True)
class Evaluation:
    """What an evaluation found. Prints as text.

    Attributes
    ----------
    cells : DataFrame
        One row per text and theme: ``row``, ``id``, ``board``, ``source``, ``theme``, ``text``, ``codes`` (of each
        coder), ``truth`` (missing where coders differ on absent against present), the four features, ``score`` and
        ``tagged`` by method, ``confidence``, ``probability`` (cross-fitted).
    scores : DataFrame
        One row per method and theme, and their mean (macro): ``cells``, ``true``, ``tagged``, ``right``,
        ``precision``, ``recall``, ``f1``, with ``f1_low`` and ``f1_high``, the middle 95 % of resamplings of sources.
    likely : DataFrame
        One row per theme and for all: ``likely`` tags, ``right`` among them, ``precision``, ``finds`` (share of the
        true tags), ``base_rate`` (share of cells that are true).
    coverage : DataFrame
        One row per share of the cells decided, the surest first: ``coverage``, ``error`` (share decided wrongly by the
        cross-fitted probability), ``asked`` (cells left to a person).
    skill : DataFrame
        One row per theme and for all: ``brier`` score of the cross-fitted probability, that of the base rate, and
        ``skill`` = 1 - brier / base.
    agreement : DataFrame
        One row per pair of readers and theme: percent, kappa for absent against present, kappa for three codes, alpha
        (ordinal).
    misses : DataFrame
        One row per cell that the method "both" got wrong, with its text and what was found.
    disputed : DataFrame
        One row per cell on which the coders differ, left out of the scores.
    """

    cells: pd.DataFrame
    scores: pd.DataFrame
    likely: pd.DataFrame
    coverage: pd.DataFrame
    skill: pd.DataFrame
    agreement: pd.DataFrame
    misses: pd.DataFrame
    disputed: pd.DataFrame

    def __str__(self) -> str:
        texts, themes = self.cells["row"].nunique(), self.cells["theme"].nunique()
        parts = [
            f"{texts} texts x {themes} themes = {len(self.cells)} cells; {len(self.disputed)} on which coders differ "
            "are left out.",
            WARNING,
            _section("Scores, with the middle 95 % of resamplings of sources", self.scores),
            _section("Likely tags of method both", self.likely),
            _section("Coverage: the surest cells first, by the cross-fitted probability", self.coverage),
            _section("Brier skill of the cross-fitted probability against the base rate", self.skill),
            _section("Agreement", self.agreement),
            f"{len(self.misses)} cells got wrong by method both; {len(self.disputed)} disputed. With -o they are "
            "written out with their texts.",
        ]
        return "\n\n".join(parts)


def _section(title: str, table: pd.DataFrame) -> str:
    shown = table.to_string(index=False, float_format=lambda value: f"{value:.3f}", na_rep="-")
    return f"{title}\n{shown}"


def read_coded(path: str | Path, framework: Framework) -> pd.DataFrame:
    """Read texts with people's codes.

    Parameters
    ----------
    path : str or Path
        The name of a shipped file, or a CSV file with a column ``statement`` or ``text``; columns
        ``coder_<name>_<theme>`` for one coder or more and every theme, with codes 0 (absent), 1 (touches) and 2
        (central); and, if there are any, ``id``, ``board``, ``source_address`` and ``source_title``.
    framework : Framework
        Whose themes were coded.

    Returns
    -------
    DataFrame
        One row per text and theme: ``row``, ``id``, ``board``, ``source`` (the text itself where no document is
        named), ``text``, ``theme``, ``codes`` (tuple, one per coder), ``truth`` (1.0, 0.0, or missing
        where coders differ on absent against present).
    """
    home = find_coded(path)
    file, table = home.name, read_text_table(home)
    names = [name for name in table.columns if name != "line"]
    column = next((name for name in ("statement", "text") if name in table), None)
    if column is None:
        hint = nearest("statement", names)
        raise DataError([Problem(file, f"there is no column 'statement' or 'text'.{hint}", 1)])
    coders = sorted({match[1] for name in table if (match := re.fullmatch(r"coder_(\w+?)_\w+", str(name)))})
    wanted = {(coder, theme): f"coder_{coder}_{theme}" for coder in coders for theme in framework.theme_ids}
    missing = [name for name in wanted.values() if name not in table]
    if not coders or missing:
        found = missing[0] if missing else f"coder_a_{framework.theme_ids[0]}"
        raise DataError([Problem(file, f"the column '{found}' is missing.{nearest(found, names)}", 1)])
    problems = [
        Problem(file, f"'{code}' is not a code; 0, 1 or 2 is expected.", line, name)
        for name in wanted.values()
        for line, code in zip(table["line"], table[name], strict=True)
        if code.strip() not in ("0", "1", "2")
    ]
    if problems:
        raise DataError(problems)
    rows = []
    for n, row in enumerate(table.to_dict("records")):
        source = row.get("source_address") or row.get("source_title") or row[column]
        for theme in framework.theme_ids:
            codes = tuple(int(row[wanted[coder, theme]]) for coder in coders)
            present = {code > 0 for code in codes}
            truth = float(present.pop()) if len(present) == 1 else float("nan")
            board, name = row.get("board", ""), row.get("id", str(row["line"]))
            rows.append((n, name, board, source, row[column], theme, codes, truth))
    return pd.DataFrame(rows, columns=["row", "id", "board", "source", "text", "theme", "codes", "truth"])


def evaluate(
    coded: str | Path | pd.DataFrame, framework: Framework | str = "closing-the-gap", *, draws: int = _DRAWS
) -> Evaluation:
    """Evaluate the tags against people's codes.

    Parameters
    ----------
    coded : str, Path or DataFrame
        A file or a shipped name as ``read_coded`` reads it, or what it returns.
    framework : Framework or str
    draws : int
        Resamplings of source documents for the ranges; seeded.

    Returns
    -------
    Evaluation
    """
    chosen = framework if isinstance(framework, Framework) else read_framework(framework)
    cells = coded if isinstance(coded, pd.DataFrame) else read_coded(coded, chosen)
    cells = _add_scores(cells, chosen)
    cells["probability"] = cross_fit(cells)
    cells[f"tagged {CALIBRATED}"] = (cells["probability"] >= 0.5) & (cells["confidence"] != "not scored")
    known = cells[cells["truth"].notna()].reset_index(drop=True)
    if known.empty:
        raise MappingError("There is no cell on which the coders agree: nothing can be scored.")
    themes = chosen.theme_ids
    wrong = known[known["tagged both"] != (known["truth"] == 1)]
    misses = wrong.assign(kind=np.where(wrong["truth"] == 1, "missed", "not there"))
    shown = ["id", "theme", "kind", "score", "confidence", "found", "text"]
    return Evaluation(
        cells=cells,
        scores=_measure_scores(known, themes, draws),
        likely=_measure_likely(known, themes),
        coverage=_measure_coverage(known),
        skill=_measure_skill(known, themes),
        agreement=_measure_agreement(cells, themes),
        misses=misses[shown].sort_values(["theme", "kind", "id"], kind="stable").reset_index(drop=True),
        disputed=cells.loc[cells["truth"].isna(), ["id", "theme", "codes", "text"]].reset_index(drop=True),
    )


def _add_scores(cells: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    texts = cells.drop_duplicates("row")["text"].tolist()
    scorer = get_scorer(framework)
    scored: dict[str, list[Score]] = {
        method: [score for themes in scorer.score(texts, method) for score in themes] for method in METHODS
    }
    both = scored["both"]
    table = cells.assign(
        score=[score.score for score in both],
        confidence=[score.confidence for score in both],
        found=[", ".join(dict.fromkeys(span.pattern for span in score.spans)) for score in both],
        **{name: [score.features[n] for score in both] for n, name in enumerate(FEATURES)},
    )
    for method in METHODS:
        table[f"tagged {method}"] = [score.tagged for score in scored[method]]
    return table


# --- calibration -------------------------------------------------------------------------------------------


def fit_calibration(cells: pd.DataFrame, fitted_on: str) -> Calibration:
    """Fit the logistic regression to cells whose truth is known (as ``Evaluation.cells``).

    Raises
    ------
    MappingError
        When there are fewer than 50 cells, or all are the same.
    """
    known = cells[cells["truth"].notna() & (cells["confidence"] != "not scored")]
    if len(known) < 50 or known["truth"].nunique() < 2:
        raise MappingError(f"{len(known)} coded cells are too few, or all alike; at least 50 of both kinds are needed.")
    intercept, weights = _fit(known[list(FEATURES)].to_numpy(float), known["truth"].to_numpy(float))
    return Calibration(fitted_on, len(known), intercept, weights)


def write_calibrated(coded: str | Path, framework: Framework | str, folder: str | Path) -> Path:
    """Write a framework with a calibration fitted to coded rows into a new folder.

    The framework itself is not changed; a new or empty folder is needed.
    """
    home = Path(folder)
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise OutputError(f"{home}: already holds something; nothing was written. Name a new or empty folder.")
    chosen = framework if isinstance(framework, Framework) else read_framework(framework)
    cells = _add_scores(read_coded(coded, chosen), chosen)
    calibration = fit_calibration(cells, f"{find_coded(coded).name}, {int(cells['truth'].notna().sum())} cells")
    for name in ("framework.yaml", "themes.csv", "keywords.csv"):
        write_file(home / name, (chosen.folder / name).read_bytes())
    write_file(home / "calibration.yaml", format_calibration(calibration))
    return home


def _fit(features: np.ndarray[Any, Any], truth: np.ndarray[Any, Any]) -> tuple[float, tuple[float, ...]]:
    from sklearn.linear_model import LogisticRegression

    # Equal cells are counted, which also puts them in one order: the fit does not hang on the order of the rows.
    cells, counts = np.unique(np.column_stack([features, truth]), axis=0, return_counts=True)
    model = LogisticRegression(C=10.0, solver="newton-cholesky", tol=1e-8).fit(cells[:, :-1], cells[:, -1], counts)
    return round(float(model.intercept_[0]), 9), tuple(round(float(weight), 9) for weight in model.coef_[0])


def cross_fit(cells: pd.DataFrame) -> list[float]:
    """Return for each cell a probability by a model that saw neither its theme nor its board.

    So it says how a calibration does on a theme and a board that it was not fitted on. Missing where the rest is too
    little to fit.
    """
    known = cells["truth"].notna() & (cells["confidence"] != "not scored")
    features, truth = cells[list(FEATURES)].to_numpy(float), cells["truth"].to_numpy(float)
    found = np.full(len(cells), np.nan)
    for theme in cells["theme"].unique():
        for board in cells["board"].unique():
            own = ((cells["theme"] == theme) & (cells["board"] == board)).to_numpy()
            rest = (known & (cells["theme"] != theme) & (cells["board"] != board)).to_numpy()
            if len(np.unique(truth[rest])) < 2:
                continue
            model = Calibration("", 0, *_fit(features[rest], truth[rest]))
            found[own] = [model.probability(row) for row in features[own]]
    return [float(value) for value in found]


# --- measures ----------------------------------------------------------------------------------------------


def _measure_scores(known: pd.DataFrame, themes: Sequence[str], draws: int) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    # Where no cell has a cross-fitted probability (a file that names no board), nothing is claimed for it.
    for method in (*METHODS, CALIBRATED) if known["probability"].notna().any() else METHODS:
        counts = _count_by_source(known, themes, known[f"tagged {method}"].to_numpy(bool))
        total = counts.sum(axis=0)
        ranges = _resample_f1(counts, draws)
        for t, theme in enumerate(themes):
            own = known["theme"] == theme
            rows.append((method, theme, int(own.sum()), *_describe(total[t]), *ranges[t]))
        macro = [float(np.mean([_describe(total[t])[n] for t in range(len(themes))])) for n in (3, 4, 5)]
        sums = [int(total[:, n].sum()) for n in (0, 1, 2)]
        totals = (sums[0] + sums[2], sums[0] + sums[1], sums[0])
        rows.append((method, "macro", len(known), *totals, *macro, *ranges[len(themes)]))
    columns = ["method", "theme", "cells", "true", "tagged", "right", "precision", "recall", "f1", "f1_low", "f1_high"]
    return pd.DataFrame(rows, columns=columns)


def _count_by_source(known: pd.DataFrame, themes: Sequence[str], tagged: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return sources x themes x (right, wrongly tagged, missed)."""
    sources = {source: n for n, source in enumerate(sorted(set(known["source"])))}
    counts = np.zeros((len(sources), len(themes), 3))
    place = {theme: n for n, theme in enumerate(themes)}
    for source, theme, truth, on in zip(known["source"], known["theme"], known["truth"], tagged, strict=True):
        if on or truth:
            counts[sources[source], place[theme], 0 if on and truth else 1 if on else 2] += 1
    return counts


def _f1(counts: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    right, extra, missed = counts[..., 0], counts[..., 1], counts[..., 2]
    whole = 2 * right + extra + missed
    shares: np.ndarray[Any, Any] = np.divide(2 * right, whole, out=np.zeros_like(whole), where=whole > 0)
    return shares


def _resample_f1(counts: np.ndarray[Any, Any], draws: int) -> list[tuple[float, float]]:
    """Return the middle 95 % of F1 per theme and of their mean, over resamplings of sources with replacement."""
    random = np.random.default_rng(_SEED)
    n = len(counts)
    weights = random.multinomial(n, np.full(n, 1 / n), size=draws)
    values = _f1(np.einsum("ds,stk->dtk", weights, counts))
    every = np.column_stack([values, values.mean(axis=1)])
    low, high = np.percentile(every, [2.5, 97.5], axis=0)
    return [(float(a), float(b)) for a, b in zip(low, high, strict=True)]


def _describe(counts: np.ndarray[Any, Any]) -> tuple[int, int, int, float, float, float]:
    right, extra, missed = (int(count) for count in counts)
    precision = right / (right + extra) if right + extra else float("nan")
    recall = right / (right + missed) if right + missed else float("nan")
    return right + missed, right + extra, right, precision, recall, float(_f1(counts))


def _by_theme(known: pd.DataFrame, themes: Sequence[str]) -> Iterable[tuple[str, pd.DataFrame]]:
    for theme in themes:
        yield theme, known[known["theme"] == theme]
    yield "all", known


def _measure_likely(known: pd.DataFrame, themes: Sequence[str]) -> pd.DataFrame:
    rows = []
    for theme, own in _by_theme(known, themes):
        likely = own[own["confidence"] == "likely"]
        right, true = int(likely["truth"].sum()), int(own["truth"].sum())
        precision = right / len(likely) if len(likely) else float("nan")
        rows.append((theme, len(likely), right, precision, right / true if true else float("nan"), true / len(own)))
    return pd.DataFrame(rows, columns=["theme", "likely", "right", "precision", "finds", "base_rate"])


def _measure_coverage(known: pd.DataFrame) -> pd.DataFrame:
    scored = known[known["probability"].notna()]
    sure = (scored["probability"] - 0.5).abs().round(9)
    keys = ["sure", "text", "theme"]  # the last two only so that ties do not hang on the order of the rows
    order = scored.assign(sure=sure).sort_values(keys, ascending=[False, True, True], kind="stable")
    wrong = ((order["probability"] >= 0.5) != (order["truth"] == 1)).to_numpy().cumsum()
    rows = []
    for share in _COVERAGES:
        decided = round(share * len(order))
        rows.append((share, wrong[decided - 1] / decided if decided else float("nan"), len(order) - decided))
    return pd.DataFrame(rows, columns=["coverage", "error", "asked"])


def _measure_skill(known: pd.DataFrame, themes: Sequence[str]) -> pd.DataFrame:
    rows = []
    for theme, own in _by_theme(known[known["probability"].notna()], themes):
        rate = own["truth"].mean()
        brier, base = (((p - own["truth"]) ** 2).mean() for p in (own["probability"], rate))
        rows.append((theme, len(own), rate, brier, base, 1 - brier / base if base else float("nan")))
    return pd.DataFrame(rows, columns=["theme", "cells", "base_rate", "brier", "brier_base", "skill"])


def _measure_agreement(cells: pd.DataFrame, themes: Sequence[str]) -> pd.DataFrame:
    """Compare every pair of coders, and the tags of method both with each coder."""
    coders = len(cells["codes"].iloc[0])
    readers = [f"coder {n + 1}" for n in range(coders)] + ["tags"]
    codes = [[row[n] for row in cells["codes"]] for n in range(coders)]
    codes.append([2 * int(tagged) for tagged in cells["tagged both"]])
    table = cells[["theme"]].assign(**dict(zip(readers, codes, strict=True)))
    rows: list[tuple[object, ...]] = []
    for i, name_a in enumerate(readers):
        for name_b in readers[i + 1 :]:
            for theme, own in _by_theme(table, themes):
                a, b = own[name_a].tolist(), own[name_b].tolist()
                present = [[code > 0 for code in codes] for codes in (a, b)]
                people = name_b != "tags"
                three = measure_kappa(a, b) if people else float("nan")
                alpha = measure_alpha(list(zip(a, b, strict=True)), "ordinal") if people else float("nan")
                pair = (measure_percent(*present), measure_kappa(*present), three, alpha)
                rows.append((f"{name_a} and {name_b}", theme, *pair))
    return pd.DataFrame(rows, columns=["readers", "theme", "percent", "kappa_present", "kappa_codes", "alpha_ordinal"])
