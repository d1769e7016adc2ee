"""What people's decisions teach: a calibration and new keywords, each measured on decisions that were held back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from mapping.calibration import FEATURES, Calibration, format_calibration
from mapping.decisions import CONFIRMED
from mapping.errors import MappingError, UnknownNameError
from mapping.evaluation import fit_calibration
from mapping.lexicon import suggest_keywords
from mapping.scoring import get_scorer, tag_texts
from mapping.tables import each_row
from mapping.tags import Run

__all__ = ["LearnedCalibration", "LearnedKeywords", "learn_calibration", "list_settled", "propose_keywords"]

#: Settled tags that every fit rests on, and of each kind (confirmed, rejected): fewer teach noise.
FEWEST, FEWEST_EACH = 50, 10
#: Confirmed tags of a theme, and documents they come from, before words are proposed for it.
FEWEST_CONFIRMED, FEWEST_DOCUMENTS = 5, 2
PARTS = 5
#: How much larger the share of doubtful tags may be among the settled ones before it is said.
_APART = 0.1
#: How a document is told: by the strategy it belongs to, or by the source the row names.
BY = ("strategy", "source")
_SCORES = ("what", "theme", "settled", "true", "tagged", "right", "precision", "recall", "f1", "brier", "brier_of")
_PROPOSALS = (
    "theme", "pattern", "keyness", "texts_in", "texts_out", "would_add", "proposed_in", "parts", "right", "wrong",
    "remark",
)  # fmt: skip


@dataclass(frozen=True)
class LearnedCalibration:
    """A calibration that decisions suggest. Prints as text; nothing is changed by it.

    Attributes
    ----------
    says : tuple of str
        What was found, or how many decisions are needed.
    scores : DataFrame
        One row per theme and for all, before and after: ``what`` (as it is; calibrated, held back; base rate, held
        back), ``theme``, ``settled`` tags, ``true`` (of them confirmed), ``tagged``, ``right``, ``precision``,
        ``recall``, ``f1``, ``brier`` and ``brier_of``, the probabilities that it rests on. Empty when too few.
    settled : DataFrame
        As ``list_settled``, with ``part`` and ``held_back``, the probability by a fit that did not see its document.
    calibration : Calibration or None
        Fitted to all settled tags; what a person may choose to store.
    """

    says: tuple[str, ...]
    scores: pd.DataFrame
    settled: pd.DataFrame
    calibration: Calibration | None = None

    @property
    def text(self) -> str:
        """The calibration as the text of ``calibration.yaml``; empty when there is none."""
        return format_calibration(self.calibration) if self.calibration else ""

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by their names."""
        return {"calibration-before-after": self.scores, "calibration-held-back": self.settled}

    def __str__(self) -> str:
        return _print("Calibration", self.says, self.scores)


@dataclass(frozen=True)
class LearnedKeywords:
    """Keywords that decisions suggest. Prints as text; nothing is changed by it.

    Attributes
    ----------
    says : tuple of str
        What was found, and for which themes how many decisions are needed.
    proposals : DataFrame
        One row per proposed keyword: ``theme``, ``pattern``, ``keyness``, ``texts_in``, ``texts_out`` and ``would_add``
        as in ``suggest_keywords``, from all decisions; ``proposed_in`` how many of the ``parts`` it was proposed
        without seeing that part's documents, and there ``right`` and ``wrong``, the settled tags it would newly give;
        ``remark``.
    scores : DataFrame
        As for a calibration, with ``what``: as it is; with every keyword proposed without that document.
    """

    says: tuple[str, ...]
    proposals: pd.DataFrame
    scores: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=_SCORES))

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by their names."""
        return {"keywords-proposed": self.proposals, "keywords-before-after": self.scores}

    def __str__(self) -> str:
        return _print("Keywords to consider", self.says, self.proposals, self.scores)


def _print(title: str, says: Sequence[str], *tables: pd.DataFrame) -> str:
    shown = [t.to_string(index=False, float_format=lambda v: f"{v:.3f}", na_rep="-") for t in tables if len(t)]
    return "\n\n".join([title, "\n".join(says), *shown])


def list_settled(run: Run, *, by: str = "strategy") -> pd.DataFrame:
    """List the tags that people have settled, with what a calibration reads.

    Parameters
    ----------
    run : Run
    by : {"strategy", "source"}
        What counts as one document.

    Returns
    -------
    DataFrame
        One row per priority and theme that is confirmed, added or rejected, in the run's order: ``priority``,
        ``theme``, ``document``, ``truth`` (1.0 confirmed or added, 0.0 rejected), ``tagged`` and ``confidence`` by the
        machine, ``probability`` that it gave (missing without a calibration), the four features. Unsure and disputed
        tags are not settled, and headings are not counted.
    """
    if by not in BY:
        raise UnknownNameError("Kind of document", by, BY)
    rows = run.priorities[run.priorities["counted"]]
    scored = get_scorer(run.framework).score(list(rows["text"]), run.settings.method, run.settings.threshold)
    features = {
        (priority, score.theme): score.features
        for priority, scores in zip(rows["priority"], scored, strict=True)
        for score in scores
    }
    documents = {row.priority: _name_document(row, by) for row in each_row(rows)}
    settled = [
        (tag.priority, tag.theme, documents[tag.priority], float(tag.status in CONFIRMED), bool(tag.tagged),
         tag.confidence, tag.probability, *features[tag.priority, tag.theme])
        for tag in each_row(run.tags)
        if tag.status in (*CONFIRMED, "rejected") and tag.priority in documents
    ]  # fmt: skip
    columns = ["priority", "theme", "document", "truth", "tagged", "confidence", "probability", *FEATURES]
    return pd.DataFrame(settled, columns=columns)


def _name_document(row: Any, by: str) -> str:
    named = (row.source_address or row.source_title) if by == "source" else ""
    return str(named or row.strategy)


def _split(settled: pd.DataFrame, parts: int, seed: int) -> list[int]:
    """Return the part of each settled tag: whole documents, drawn by lot, the parts as even as they can be."""
    sizes = settled["document"].value_counts()
    names = sorted(sizes.index)
    np.random.default_rng(seed).shuffle(names)
    totals = [0] * max(1, min(parts, len(names)))
    place: dict[str, int] = {}
    for name in sorted(names, key=lambda name: -int(sizes[name])):
        place[name] = totals.index(min(totals))
        totals[place[name]] += int(sizes[name])
    return [place[name] for name in settled["document"]]


# --- calibration -------------------------------------------------------------------------------------------


def learn_calibration(run: Run, *, by: str = "strategy", parts: int = PARTS, seed: int = 1) -> LearnedCalibration:
    """Fit a calibration to the decisions of a run, and measure it on documents that it did not see.

    Parameters
    ----------
    run : Run
    by : {"strategy", "source"}
        What is held back as a whole.
    parts : int
        Into how many parts the documents are drawn; each is held back once.
    seed : int
        Where the draw begins.

    Returns
    -------
    LearnedCalibration
        With no calibration, and the number of decisions that are needed, when there are too few. Nothing is stored:
        to use it a person copies its text into a framework as ``calibration.yaml``.
    """
    settled = list_settled(run, by=by)
    settled = settled[settled["confidence"] != "not scored"].reset_index(drop=True)
    settled = settled.assign(part=pd.Series(_split(settled, parts, seed), dtype="int64"), held_back=np.nan)
    needed = _count_needed(settled)
    if needed:
        return LearnedCalibration((_count_settled(run, settled), *needed), pd.DataFrame(columns=_SCORES), settled)
    held_back, base = np.zeros(len(settled)), np.zeros(len(settled))
    for _, own in _each_part(settled):
        fitted = fit_calibration(settled[~own], "the other documents")
        held_back[own] = [fitted.probability(list(row)) for row in settled.loc[own, list(FEATURES)].to_numpy(float)]
        base[own] = settled.loc[~own, "truth"].mean()
    settled = settled.assign(held_back=held_back)
    scores = [
        *_measure("as it is", settled, settled["tagged"], settled["probability"]),
        *_measure("base rate, held back", settled, pd.Series(base >= 0.5), pd.Series(base))[-1:],
        *_measure("calibrated, held back", settled, settled["held_back"] >= 0.5, settled["held_back"]),
    ]
    calibration = fit_calibration(settled, f"{len(settled)} tags settled by people, {run.edition}")
    table = pd.DataFrame(scores, columns=_SCORES)
    return LearnedCalibration((_count_settled(run, settled), *_compare(table)), table, settled, calibration)


def _each_part(settled: pd.DataFrame) -> Iterator[tuple[int, pd.Series[bool]]]:
    for part in sorted(set(settled["part"])):
        yield int(part), settled["part"] == part


def _count_needed(settled: pd.DataFrame) -> list[str]:
    """Say how many decisions are needed before anything is fitted; nothing when there are enough."""
    documents = settled["document"].nunique()
    rule = f"Needed outside every part that is held back: {FEWEST} settled tags, {FEWEST_EACH} of each kind."
    if documents < FEWEST_DOCUMENTS:
        found = f"They come from {documents} document{'' if documents == 1 else 's'}; at least 2 are needed."
        return ["Too few to learn from: nothing was fitted.", found, rule]
    rest = [settled.loc[~own, "truth"] for _, own in _each_part(settled)]
    short = [
        (max(0, FEWEST - min(map(len, rest))), "settled tags"),
        (max(0, FEWEST_EACH - min(int(t.sum()) for t in rest)), "confirmed"),
        (max(0, FEWEST_EACH - min(int((1 - t).sum()) for t in rest)), "rejected"),
    ]
    missing = [f"{count} more {kind}" for count, kind in short if count]
    if not missing:
        return []
    return ["Too few to learn from: nothing was fitted.", rule, f"At least {', '.join(missing)} are needed."]


def _count_settled(run: Run, settled: pd.DataFrame) -> str:
    """Say what there is to learn from, and how it was chosen."""
    true, documents = int(settled["truth"].sum()), settled["document"].nunique()
    asked, asked_of_all = (
        int(t["confidence"].isin(["likely", "possible", "check"]).sum()) for t in (settled, run.tags)
    )
    apart = len(settled) and asked / len(settled) > asked_of_all / len(run.tags) + _APART
    return (
        f"{len(settled)} of {len(run.tags)} tags are settled by people ({true} confirmed, {len(settled) - true} "
        f"rejected), in {documents} document{'' if documents == 1 else 's'}. The machine had suggested or asked about "
        f"{asked} of them, and about {asked_of_all} of all {len(run.tags)} tags"
        + ("; what is learned holds for such tags, not for all." if apart else ".")
    )


def _compare(table: pd.DataFrame) -> list[str]:
    before, base, after = (table[(table["theme"] == "all")].iloc[n] for n in range(3))
    return [
        f"On documents held back: F1 {before.f1:.3f} as it is, {after.f1:.3f} calibrated; Brier score {base.brier:.3f} "
        f"for the base rate alone, {after.brier:.3f} calibrated ({after.brier_of} tags each; lower is better).",
        "Nothing was applied. To use it, a person copies calibration.yaml into a framework's folder.",
    ]


# --- keywords ----------------------------------------------------------------------------------------------


def propose_keywords(
    run: Run, *, by: str = "strategy", parts: int = PARTS, seed: int = 1, most: int = 5
) -> LearnedKeywords:
    """Propose keywords from confirmed tags, and measure them on documents that they were not drawn from.

    Parameters
    ----------
    run : Run
    by, parts, seed
        As for ``learn_calibration``.
    most : int
        Keywords per theme at most.

    Returns
    -------
    LearnedKeywords
        With the themes for which there are too few decisions, and how many are needed. Nothing is added: a person
        writes a keyword into ``keywords.csv`` with a reason, or leaves it.

    Notes
    -----
    For each part, words are proposed from the other parts' decisions alone (``suggest_keywords``), added as *decides*,
    and the part's settled tags are given again. A proposal that never came up without its own documents has no
    held-back figure: it may be a word of one document.
    """
    settled = list_settled(run, by=by)
    settled = settled.assign(part=pd.Series(_split(settled, parts, seed), dtype="int64"))
    themes, short = _choose_themes(run, settled)
    says = [_count_settled(run, settled), *short]
    if not themes:
        return LearnedKeywords(tuple(says), pd.DataFrame(columns=_PROPOSALS))
    found = {
        part: _list_pairs(_without(run, set(settled.loc[own, "document"]), by), themes, most)
        for part, own in _each_part(settled)
    }
    tried = dict.fromkeys(pair for pairs in found.values() for pair in pairs)
    given = {pair: _tag_again(run, settled, [pair]) for pair in tried}
    after = settled["tagged"].copy()
    for part, own in _each_part(settled):
        after[own] = _tag_again(run, settled[own], found[part])
    rows = [(theme, row) for theme in themes for row in each_row(_suggest(run, theme, most))]
    outcomes = [_try(settled, found, given, (theme, row.pattern)) for theme, row in rows]
    proposals = pd.DataFrame(
        [(theme, *row, *outcome) for (theme, row), outcome in zip(rows, outcomes, strict=True)], columns=_PROPOSALS
    )
    nothing = pd.Series(np.nan, index=settled.index)
    scores = _measure("as it is", settled, settled["tagged"], nothing)
    scores += _measure("with every proposal, held back", settled, after, nothing)
    table = pd.DataFrame(scores, columns=_SCORES)
    return LearnedKeywords((*says, *_weigh(proposals, table)), proposals, table)


def _list_pairs(run: Run, themes: Sequence[str], most: int) -> list[tuple[str, str]]:
    return [(theme, row.pattern) for theme in themes for row in each_row(_suggest(run, theme, most))]


def _weigh(proposals: pd.DataFrame, scores: pd.DataFrame) -> list[str]:
    was, would = (row.f1 for row in each_row(scores[scores["theme"] == "all"]))
    advice = " So do not take them all: a word that is key to a few texts is not yet a word of the theme."
    return [
        f"{len(proposals)} proposed. On documents held back, F1 is {was:.3f} as it is and would be {would:.3f} with "
        f"every word that was proposed without them.{advice if would < was else ''}",
        "Nothing was added: a person decides whether any means the theme.",
    ]


def _try(
    settled: pd.DataFrame, found: dict[int, list[tuple[str, str]]], given: dict[tuple[str, str], Any],
    pair: tuple[str, str],
) -> tuple[object, ...]:  # fmt: skip
    """Return what a proposal does to the parts that it was not drawn from: in how many, right, wrong, in words."""
    parts = [part for part, pairs in found.items() if pair in pairs]
    if not parts:
        return 0, len(found), 0, 0, "proposed only with all decisions"
    new = given[pair] & ~settled["tagged"] & settled["part"].isin(parts) & (settled["theme"] == pair[0])
    right = int((new & (settled["truth"] == 1)).sum())
    wrong = int(new.sum()) - right
    remark = "moved no settled tag there" if not right + wrong else "wrong at least as often" if wrong >= right else ""
    return len(parts), len(found), right, wrong, remark


def _choose_themes(run: Run, settled: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the themes with enough confirmed tags, and for the others what is needed."""
    themes, short = [], []
    for theme in run.framework.theme_ids:
        own = settled[(settled["theme"] == theme) & (settled["truth"] == 1)]
        if len(own) >= FEWEST_CONFIRMED and own["document"].nunique() >= FEWEST_DOCUMENTS:
            themes.append(theme)
        else:
            short.append(
                f"{theme}: too few, {len(own)} confirmed (documents: {own['document'].nunique()}); at least "
                f"{FEWEST_CONFIRMED} in {FEWEST_DOCUMENTS} documents are needed."
            )
    return themes, short


def _without(run: Run, documents: set[str], by: str) -> Run:
    """Return a run as if some documents had not been read."""
    kept = run.priorities[[_name_document(row, by) not in documents for row in each_row(run.priorities)]]
    tags = run.tags[run.tags["priority"].isin(kept["priority"])]
    return replace(run, priorities=kept.reset_index(drop=True), tags=tags.reset_index(drop=True))


def _suggest(run: Run, theme: str, most: int) -> pd.DataFrame:
    try:
        return suggest_keywords(run, theme, most=most)
    except MappingError:  # nothing confirmed for it outside the part that is held back
        return pd.DataFrame(columns=["pattern", "keyness", "texts_in", "texts_out", "would_add"])


def _tag_again(run: Run, settled: pd.DataFrame, keywords: Sequence[tuple[str, str]]) -> pd.Series[bool]:
    """Return whether each settled tag would be given with some keywords more."""
    framework = run.framework
    for theme, pattern in keywords:
        framework = framework.with_keyword(theme, pattern)
    text = dict(zip(run.priorities["priority"], run.priorities["text"], strict=True))
    names = list(dict.fromkeys(settled["priority"]))
    texts = pd.Series([text[name] for name in names], index=names, dtype="object")
    tags = tag_texts(texts, framework, method=run.settings.method, threshold=run.settings.threshold)
    given = dict(zip(zip(tags["text"], tags["theme"], strict=True), tags["tagged"], strict=True))
    keys = zip(settled["priority"], settled["theme"], strict=True)
    return pd.Series([bool(given[key]) for key in keys], index=settled.index, dtype="bool")


# --- measures ----------------------------------------------------------------------------------------------


def _measure(
    what: str, settled: pd.DataFrame, tagged: pd.Series[bool], probability: pd.Series[float]
) -> list[tuple[object, ...]]:
    """Return a row of measures per theme with settled tags, and one for all, each with its counts."""
    rows: list[tuple[object, ...]] = []
    for theme in [*dict.fromkeys(settled["theme"]), "all"]:
        own = (settled["theme"] == theme) | (theme == "all")
        truth, given, p = settled.loc[own, "truth"] == 1, tagged[own].astype(bool), probability[own]
        right, true, count = int((truth & given).sum()), int(truth.sum()), int(given.sum())
        precision, recall = (right / n if n else float("nan") for n in (count, true))
        f1 = 2 * right / (true + count) if true + count else float("nan")
        brier = float(((p - truth.astype(float)) ** 2).mean()) if p.notna().any() else float("nan")
        rows.append((what, theme, len(truth), true, count, right, precision, recall, f1, brier, int(p.notna().sum())))
    return rows
