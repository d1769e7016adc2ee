"""The same texts scored many other ways: another method or threshold, a keyword or a strategy less, a resample."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from mapping.chance import Picture, lay_out, picture_of
from mapping.decisions import CONFIRMED
from mapping.keywords import Hit, keep_hits
from mapping.scoring import METHODS, SHARES, Reading, Scorer, get_scorer
from mapping.tags import Run, once_per_run

__all__ = ["FAMILIES", "Rescoring", "find_sensitivity", "rescore_run"]

Array = np.ndarray[Any, Any]

#: The families of change, in words, in the order in which they are listed.
FAMILIES = {
    "method": "scored by keywords alone, by TF-IDF alone, or by both",
    "threshold": "the threshold up to 20% lower or higher",
    "keyword": "one keyword left out",
    "strategy": "one strategy left out, of a board that has several",
    "resampling": "priorities drawn again, with replacement, within each strategy",
    "confirmed": "tags confirmed by a person alone",
}
#: How far the threshold moves either way, as a share of itself, and in how many steps.
_REACH, _STEPS = 0.2, 41
_DIGITS = 9
_GRID = np.round(np.arange(0.02, 1.0001, 0.02), 2)


@dataclass(frozen=True, eq=False)
class Rescoring:
    """One change, and what the mapping would then say.

    Attributes
    ----------
    family : str
        A key of ``FAMILIES``.
    change : str
        What was changed, in words.
    picture : Picture
        What the mapping would then say.
    theme : int
        Place of the only theme whose tags this change can move; -1 for any.
    """

    family: str
    change: str
    picture: Picture
    theme: int = -1


def rescore_run(run: Run) -> list[Rescoring]:
    """Score a run in every other way that applies to it, made once.

    People's decisions stay as they are: what a person confirmed stands, what a person rejected does not. Idf, profiles
    and reference values are held fixed when a keyword is left out. A family that does not apply gives nothing: no
    keyword stands behind any tag; no board has several strategies; no tag is confirmed.

    Returns
    -------
    list of Rescoring
        By family, in the order of ``FAMILIES``; the run's own settings are among the methods and the thresholds.
    """
    made: dict[object, Any] = run.__dict__.setdefault("_tables", {})
    if "rescorings" not in made:
        evidence, base = _Evidence.gather(run), picture_of(run)
        every = [
            *_change_method(run, evidence, base),
            *_change_threshold(run, evidence, base),
            *_leave_keywords(run, evidence, base),
            *_leave_strategies(run, base),
            *_resample(run, base),
            *_keep_confirmed(evidence, base),
        ]
        made["rescorings"] = _share_pictures(every, base)
    rescorings: list[Rescoring] = made["rescorings"]
    return rescorings


@dataclass(frozen=True, eq=False)
class _Evidence:
    """The scores behind a run in arrays, priorities x themes, and what people decided."""

    keyword: Array
    similarity: Array
    decides: Array
    scored: Array
    fixed_on: Array
    fixed_off: Array
    readings: list[Reading]
    scorer: Scorer

    @classmethod
    def gather(cls, run: Run) -> _Evidence:
        counted = run.priorities[run.priorities["counted"]]
        scorer = get_scorer(run.framework)
        readings = scorer.read(list(counted["text"]))
        shape = (len(readings), len(run.framework.theme_ids))
        keyword, similarity, decides = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
        for n, reading in enumerate(readings):
            for t, theme in enumerate(run.framework.theme_ids):
                hits = reading.hits[theme]
                keyword[n, t], similarity[n, t] = scorer.scale(theme, hits, reading.cosines[t])
                decides[n, t] = _decides(hits)
        tags = run.tags[run.tags["priority"].isin(counted["priority"])]
        scored = np.array([not reading.why_not for reading in readings], dtype=bool)
        on = lay_out(run, tags[tags["status"].isin(CONFIRMED)])
        off = lay_out(run, tags[tags["status"] == "rejected"])
        return cls(keyword, similarity, decides, scored, on, off, readings, scorer)

    def tag(self, method: str, bar: float) -> Array:
        """Return which tags would stand: the rule of ``scoring`` in one step for all, and people's decisions."""
        share = SHARES[method]
        score = np.round((1 - share) * self.keyword + share * self.similarity, _DIGITS)
        lifted = self.decides if method != "tf-idf" else np.zeros_like(self.decides)
        tagged = ((score >= round(bar, _DIGITS)) | lifted) & self.scored[:, None]
        return np.asarray((tagged & ~self.fixed_off) | self.fixed_on)


def _decides(hits: Iterable[Hit]) -> bool:
    return any(hit.keyword.role == "decides" for hit in hits)


def _paint(base: Picture, on: Array) -> Picture:
    return replace(base, on=on)


def _change_method(run: Run, evidence: _Evidence, base: Picture) -> list[Rescoring]:
    bar = run.settings.threshold
    words = {
        "both": "scoring by keywords and TF-IDF together",
        "keywords": "scoring by keywords alone",
        "tf-idf": "scoring by TF-IDF alone",
    }
    return [Rescoring("method", words[name], _paint(base, evidence.tag(name, bar))) for name in METHODS]


def _change_threshold(run: Run, evidence: _Evidence, base: Picture) -> list[Rescoring]:
    method = run.settings.method
    bars = np.round(np.linspace(1 - _REACH, 1 + _REACH, _STEPS) * run.settings.threshold, 4)
    return [
        Rescoring("threshold", f"a threshold of {bar:g}", _paint(base, evidence.tag(method, float(bar))))
        for bar in bars
    ]


def _leave_keywords(run: Run, evidence: _Evidence, base: Picture) -> list[Rescoring]:
    """Leave out, one at a time, every keyword that stands behind a tag; only the texts it stands in change."""
    if run.settings.method == "tf-idf":
        return []
    share, bar = SHARES[run.settings.method], round(run.settings.threshold, _DIGITS)
    found: dict[int, list[Hit]] = {}
    behind: list[tuple[int, str, int]] = []
    for n, reading in enumerate(evidence.readings):
        for t, theme in enumerate(run.framework.theme_ids):
            if base.on[n, t] and reading.hits[theme]:
                behind += [(t, pattern, n) for pattern in {hit.keyword.pattern for hit in reading.hits[theme]}]
    left = []
    for (t, pattern), places in groupby(sorted(behind), key=lambda item: item[:2]):
        theme, on = run.framework.theme_ids[t], base.on.copy()
        for _, _, n in places:
            reading = evidence.readings[n]
            if n not in found:
                found[n] = evidence.scorer.index.find(reading.words)
            rest = keep_hits(h for h in found[n] if h.keyword.theme == theme and h.keyword.pattern != pattern)
            keyword, similarity = evidence.scorer.scale(theme, rest, reading.cosines[t])
            score = round((1 - share) * keyword + share * similarity, _DIGITS)
            stands = (score >= bar or _decides(rest)) and bool(evidence.scored[n])
            on[n, t] = evidence.fixed_on[n, t] or (stands and not evidence.fixed_off[n, t])
        left.append(Rescoring("keyword", f"leaving out the keyword {pattern} ({theme})", _paint(base, on), t))
    return left


def _leave_strategies(run: Run, base: Picture) -> list[Rescoring]:
    counted = run.priorities[run.priorities["counted"]]
    own = np.array(list(counted["strategy"]), dtype=object)
    boards = dict(zip(counted["strategy"], counted["board"], strict=True))
    several = [s for s, board in boards.items() if list(boards.values()).count(board) > 1]
    names = dict(zip(run.partnership.strategies["strategy"], run.partnership.strategies["name"], strict=True))
    return [
        Rescoring("strategy", f"leaving out {names[strategy]}", _select(base, np.flatnonzero(own != strategy)))
        for strategy in several
    ]


def _resample(run: Run, base: Picture) -> list[Rescoring]:
    """Draw the priorities of each strategy anew, with replacement, as many as it has (Efron 1979)."""
    rng = np.random.default_rng(run.settings.seed)
    strategies = run.priorities.loc[run.priorities["counted"], "strategy"].reset_index(drop=True)
    groups = [np.asarray(rows) for rows in strategies.groupby(strategies, sort=False).indices.values()]
    if all(len(rows) < 2 for rows in groups):
        return []
    return [
        Rescoring(
            "resampling", f"resample {n + 1}", _select(base, np.concatenate([rng.choice(g, len(g)) for g in groups]))
        )
        for n in range(run.settings.resamples)
    ]


def _select(base: Picture, rows: Array) -> Picture:
    return replace(base, on=base.on[rows], board=base.board[rows])


def _keep_confirmed(evidence: _Evidence, base: Picture) -> list[Rescoring]:
    if not evidence.fixed_on.any():
        return []
    return [Rescoring("confirmed", "counting confirmed tags alone", _paint(base, evidence.fixed_on))]


def _share_pictures(rescorings: list[Rescoring], base: Picture) -> list[Rescoring]:
    """Return the same re-scorings, with one picture for all that say the same, so that nothing is drawn twice."""
    known = {(base.on.tobytes(), base.board.tobytes()): base}
    return [
        replace(item, picture=known.setdefault((item.picture.on.tobytes(), item.picture.board.tobytes()), item.picture))
        for item in rescorings
    ]


@once_per_run
def find_sensitivity(run: Run) -> pd.DataFrame:
    """Count each theme's priorities at every threshold, before review: what the machine alone would suggest.

    Returns
    -------
    DataFrame
        One row per theme and threshold from 0.02 to 1 in steps of 0.02, and at the run's own: ``theme``,
        ``threshold``, ``tagged`` (counted priorities), ``boards`` (with at least one), ``rank`` (1: most; ties share
        the better), ``used`` (the run's own threshold), ``tested`` (within 20% of it).
    """
    evidence, base = _Evidence.gather(run), picture_of(run)
    alone = replace(
        evidence, fixed_on=np.zeros_like(evidence.fixed_on), fixed_off=np.zeros_like(evidence.fixed_off)
    )  # fmt: skip
    own = round(run.settings.threshold, _DIGITS)
    rows = []
    for bar in sorted({*map(float, _GRID), own}):
        cells = _paint(base, alone.tag(run.settings.method, bar)).cells
        tagged, boards = cells.sum(axis=0), (cells > 0).sum(axis=0)
        tested = round(own * (1 - _REACH), _DIGITS) <= bar <= round(own * (1 + _REACH), _DIGITS)
        for t, theme in enumerate(run.framework.theme_ids):
            rank = 1 + int((tagged > tagged[t]).sum())
            rows.append((theme, bar, int(tagged[t]), int(boards[t]), rank, bar == own, tested))
    table = pd.DataFrame(rows, columns=["theme", "threshold", "tagged", "boards", "rank", "used", "tested"])
    order = {theme: n for n, theme in enumerate(run.framework.theme_ids)}
    return table.sort_values(
        ["theme", "threshold"], key=lambda c: c.map(order) if c.name == "theme" else c
    ).reset_index(drop=True)
