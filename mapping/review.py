"""What a person should look at first: the most doubtful tags, with some of the confident ones mixed in."""

from __future__ import annotations

import hashlib

import pandas as pd

from mapping.tags import Run

__all__ = ["find_review_order"]

_CLASS_ORDER = {"possible": 0, "check": 1, "likely": 2, "none": 3}
_ONE_IN = 10
#: What people have answered without settling it: somebody else should look.
_OPEN = ("disputed", "unsure")


def find_review_order(run: Run) -> pd.DataFrame:
    """Put the tags that nobody has decided on in the order in which a person should review them.

    Those that were decided on other words, or under another id, come first: they are to be checked again. Then those
    about which reviewers disagree or are unsure; then the doubtful ones (possible, check), the most doubtful at the
    head: by the distance of their probability from a half, or of their score from the threshold where the framework
    carries no calibration. After every nine of them stands one drawn from the confident ones (likely, none), so that a
    review can also find what the machine is wrongly sure of. The draw is by hash of the ids: the same for the same
    priorities, whatever their order.

    Returns
    -------
    DataFrame
        One row per priority and theme: ``priority``, ``theme``, ``why_now`` (check again, disputed, unsure, doubtful
        or drawn), ``confidence``, ``score``, ``probability``, ``text``.
    """
    counted = set(run.priorities.loc[run.priorities["counted"], "priority"])
    undecided = run.tags["status"].isin(["", "suggested", *_OPEN]) & run.tags["priority"].isin(counted)
    tags = run.tags[undecided & (run.tags["confidence"] != "not scored")]
    middle = tags["probability"].sub(0.5).abs()
    doubt = middle.where(tags["probability"].notna(), (tags["score"] - run.settings.threshold).abs()).round(9)
    tags = tags.assign(
        doubt=doubt,
        rank=tags["confidence"].map(_CLASS_ORDER),
        draw=[_draw(priority, theme) for priority, theme in zip(tags["priority"], tags["theme"], strict=True)],
        text=tags["priority"].map(dict(zip(run.priorities["priority"], run.priorities["text"], strict=True))),
    )
    keys = ["doubt", "priority", "theme"]
    asked = run.decisions[run.decisions["outcome"] == "check again"]
    again = set(zip(asked["look_at"], asked["theme"], strict=True))
    is_again = pd.Series([tag in again for tag in zip(tags["priority"], tags["theme"], strict=True)], tags.index, bool)
    queued, tags = tags[is_again].sort_values(keys, kind="stable"), tags[~is_again]
    is_open = tags["status"].isin(_OPEN)
    unsettled, tags = tags[is_open].sort_values(["status", *keys], kind="stable"), tags[~is_open]
    doubtful = tags[tags["rank"] < _CLASS_ORDER["likely"]].sort_values(keys, kind="stable")
    sure = tags[tags["rank"] >= _CLASS_ORDER["likely"]].sort_values("draw", kind="stable")
    sure = sure.head(-(-len(doubtful) // (_ONE_IN - 1)))
    # The n-th drawn one stands after the n-th nine of the doubtful.
    places = [n + n // (_ONE_IN - 1) for n in range(len(doubtful))] + [(n + 1) * _ONE_IN - 1 for n in range(len(sure))]
    rows = pd.concat([doubtful.assign(why_now="doubtful"), sure.assign(why_now="drawn")]).assign(place=places)
    first = [queued.assign(why_now="check again"), unsettled.assign(why_now=unsettled["status"])]
    rows = pd.concat([*first, rows.sort_values("place", kind="stable")])
    shown = ["priority", "theme", "why_now", "confidence", "score", "probability", "text"]
    return rows[shown].reset_index(drop=True)


def _draw(priority: str, theme: str) -> str:
    return hashlib.sha256(f"{priority}\n{theme}".encode()).hexdigest()
