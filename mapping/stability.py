"""Which claims survive: firm, fair or fragile, by how often they hold when the mapping is done another way."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mapping.claims import Claim, list_claims
from mapping.decisions import CONFIRMED
from mapping.rescoring import FAMILIES, Rescoring, rescore_run
from mapping.tags import Run, once_per_run

__all__ = ["FAIR", "FIRM", "Verdict", "find_headlines", "judge_claim"]

#: Hold rates from which a claim is firm, and fair.
FIRM, FAIR = 0.95, 0.80
#: Share of the tags behind a claim on which people must have decided before it is tried on confirmed tags alone.
_DECIDED = 0.5


@dataclass(frozen=True)
class Verdict:
    """How a claim stood up.

    Attributes
    ----------
    word : str
        *firm* (held in at least 95% of the re-scorings of every family that applies), *fair* (80%) or *fragile*.
    held : dict
        By family tried: how often it held, and how often it was tried.
    not_tested : tuple of str
        The families that do not apply.
    overturned_by : str
        The change that overturns it: the smallest, of the family in which it held least (where that is resampling,
        also one of another family); empty when none did.
    """

    word: str
    held: dict[str, tuple[int, int]]
    not_tested: tuple[str, ...]
    overturned_by: str

    @property
    def worst(self) -> float:
        """The lowest hold rate of any family."""
        return min((held / tried for held, tried in self.held.values()), default=0.0)

    @property
    def floor(self) -> int:
        """The lowest hold rate of any family in whole per cent, rounded down: what "at least" may say."""
        return math.floor(round(100 * self.worst, 9))

    def explain(self) -> str:
        """Return the verdict in a sentence: what was tried, what was not, and what overturns it."""
        rates = ", ".join(f"{family} {held} of {tried}" for family, (held, tried) in self.held.items())
        said = f"{self.word.capitalize()}: held by {rates}." if rates else f"{self.word.capitalize()}."
        if self.not_tested:
            said += f" Not tested: {', '.join(self.not_tested)}."
        return said + (
            f" Overturned by: {self.overturned_by}." if self.overturned_by else " Nothing tried overturns it."
        )


def judge_claim(run: Run, claim: Claim) -> Verdict:
    """Try a claim on every re-scoring that can move it.

    Hold rate of a family = re-scorings in which the claim holds / re-scorings tried. Of keywords only those are left
    out that stand behind a tag on the claim's themes. Confirmed tags alone are tried only where people have decided
    on at least half of the standing tags on those themes. The verdict is that of the worst family.
    """
    made: dict[object, Any] = run.__dict__.setdefault("_tables", {})
    key = ("verdict", claim.kind, claim.subject, claim.says)
    if key not in made:
        made[key] = _judge(run, claim)
    verdict: Verdict = made[key]
    return verdict


def _judge(run: Run, claim: Claim) -> Verdict:
    answers: dict[int, bool] = {}
    held: dict[str, tuple[int, int]] = {}
    failed: dict[str, list[Rescoring]] = {}
    for item in rescore_run(run):
        if not _applies(run, claim, item):
            continue
        key = id(item.picture)
        if key not in answers:
            answers[key] = bool(claim.holds(item.picture))
        times, tried = held.get(item.family, (0, 0))
        held[item.family] = (times + answers[key], tried + 1)
        if not answers[key]:
            failed.setdefault(item.family, []).append(item)
    worst = min(held, key=lambda family: held[family][0] / held[family][1], default="")
    rate = held[worst][0] / held[worst][1] if worst else 0.0
    word = "firm" if rate >= FIRM else "fair" if rate >= FAIR else "fragile"
    missing = tuple(family for family in FAMILIES if family not in held)
    # A resample says how often; another family that failed says what: both are worth reading.
    named = [worst, *(family for family in held if worst == "resampling" and family in failed)][:2]
    overturned = [_find_overturning(run, failed[family]) for family in dict.fromkeys(named) if family in failed]
    return Verdict(word, held, missing, "; also by ".join(overturned))


def _applies(run: Run, claim: Claim, item: Rescoring) -> bool:
    if item.family == "keyword":
        return not claim.themes or item.theme in claim.themes
    if item.family != "confirmed":
        return True
    themes = [run.framework.theme_ids[place] for place in claim.themes] or run.framework.theme_ids
    tags = run.standing_tags[run.standing_tags["theme"].isin(themes)]
    return len(tags) > 0 and float(tags["status"].isin(CONFIRMED).mean()) >= _DECIDED


def _find_overturning(run: Run, failed: list[Rescoring]) -> str:
    """Return in words the smallest of the changes that overturn a claim."""
    first = failed[0]
    if first.family == "resampling":
        return "drawing the priorities again"
    if first.family == "threshold":
        first = min(failed, key=lambda item: abs(float(item.change.split()[-1]) - run.settings.threshold))
    more = len(failed) - 1
    return first.change + (f" (and {more} more)" if more and first.family != "threshold" else "")


@once_per_run
def find_headlines(run: Run) -> pd.DataFrame:
    """List what the run lets one say, each with its verdict.

    Returns
    -------
    DataFrame
        One row per headline: ``kind``; ``says``, with its denominators; ``verdict`` (firm, fair, fragile);
        ``worst``, the lowest hold rate of any family; one column per family with the hold as ``held/tried``, or
        *not tested*; ``overturned_by``, the change that overturns it (empty: none tried does); ``subject``, what it
        is about, as codes.
    """
    rows = []
    for claim in list_claims(run):
        verdict = judge_claim(run, claim)
        held = {family: _say(verdict, family) for family in FAMILIES}
        rows.append(
            (claim.kind, claim.says, verdict.word, round(verdict.worst, 9), *held.values(),
             verdict.overturned_by, list(claim.subject))
        )  # fmt: skip
    columns = ["kind", "says", "verdict", "worst", *FAMILIES, "overturned_by", "subject"]
    return pd.DataFrame(rows, columns=columns)


def _say(verdict: Verdict, family: str) -> str:
    if family not in verdict.held:
        return "not tested"
    held, tried = verdict.held[family]
    return f"{held}/{tried}"
