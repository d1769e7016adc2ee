"""What leans on what: a ladder of evidence between boards.

A shared theme is an opportunity to talk, not a dependency. Rungs 0 to 2 of the ladder are evidence from tags and
wording; whether one board depends on another is for texts that name it, and for people, to say.
"""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from mapping.pairs import SAME_WORDING, find_board_pairs, find_priority_pairs
from mapping.tags import Run, once_per_run

__all__ = ["RUNGS", "find_interdependencies"]

#: The rungs of the ladder that tags and wording alone can reach.
RUNGS = {
    0: "both boards have a priority on the theme",
    1: "priorities of the two boards share two or more themes",
    2: "a priority of each is in similar wording",
}


@once_per_run
def find_interdependencies(run: Run, *, same_wording: float = SAME_WORDING) -> pd.DataFrame:
    """Find what stands between each two boards: the highest rung of evidence, and the priorities on each rung.

    Rungs 0 to 2 are symmetric and come from tags and wording: 0, both have a priority on the theme; 1, a priority of
    each carries the same two or more themes; 2, a priority of each is in similar wording. None of them says that
    one board depends on the other.

    Returns
    -------
    DataFrame
        One row per pair of boards in board order: ``board_a``, ``board_b``; ``rung``, the highest with evidence
        (missing: none); ``says``, that rung in words; ``themes``, shared; ``overlap``, ``tags_a`` and ``tags_b``, as
        in ``find_board_pairs``; ``pairs_0``, ``pairs_1``, ``pairs_2``, the pairs of priorities on each rung as
        ``"A-01 + B-02"``; ``stand_in`` and ``reading``, as in ``find_board_pairs``.
    """
    pairs = find_priority_pairs(run, same_wording=same_wording)
    profiles = find_board_pairs(run).set_index(["board_a", "board_b"])
    rows = []
    for a, b in combinations(run.boards["board"], 2):
        own = pairs[(pairs["board_a"] == a) & (pairs["board_b"] == b)]
        shared = own["themes"].map(len)
        rungs = [_name(own[on]) for on in (shared >= 1, shared >= 2, own["similar"].astype(bool))]
        highest = max((rung for rung, found in enumerate(rungs) if found), default=None)
        profile = profiles.loc[(a, b)]
        rows.append(
            {
                "board_a": a, "board_b": b, "rung": highest,
                "says": _say_rung(highest, profile["reading"]),
                "themes": profile["themes"], "overlap": profile["overlap"],
                "tags_a": profile["tags_a"], "tags_b": profile["tags_b"],
                "pairs_0": rungs[0], "pairs_1": rungs[1], "pairs_2": rungs[2],
                "stand_in": profile["stand_in"], "reading": profile["reading"],
            }
        )  # fmt: skip
    columns = ["board_a", "board_b", "rung", "says", "themes", "overlap", "tags_a", "tags_b"]
    table = pd.DataFrame(rows, columns=[*columns, "pairs_0", "pairs_1", "pairs_2", "stand_in", "reading"])
    return table.assign(rung=table["rung"].astype("Int64"))


def _say_rung(rung: int | None, reading: str) -> str:
    if rung is not None:
        return RUNGS[rung]
    return "nothing found" if reading == "read" else "not read, so nothing can be said"


def _name(pairs: pd.DataFrame) -> list[str]:
    return [f"{a} + {b}" for a, b in zip(pairs["priority_a"], pairs["priority_b"], strict=True)]
