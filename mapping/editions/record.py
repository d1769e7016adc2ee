"""Decisions carried to a later edition, put on record under the ids that priorities now have."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from mapping.ledger import add_decisions
from mapping.schema import DECISIONS

__all__ = ["list_moved", "write_carried"]

_KEPT = ("applied", "conflicting", "check again")


def write_carried(folder: str | Path, carried: pd.DataFrame) -> Path | None:
    """Add carried decisions whose priority has another id to a city's record; the earlier records stay as they are.

    Who decided, when, why and on which words stays the same, so a decision is applied under its new id only where the
    same words stand there. Where a priority was split, each part is to be checked again.

    Parameters
    ----------
    folder : str or Path
        The city's folder.
    carried : DataFrame
        From ``carry_decisions``.

    Returns
    -------
    Path or None
        The new file in ``decisions/``; None when there is nothing to add.

    Raises
    ------
    OutputError
        When the file cannot be written; what was there is untouched.
    """
    moved = list_moved(carried)
    return None if moved.empty else add_decisions(folder, moved)


def list_moved(carried: pd.DataFrame) -> pd.DataFrame:
    """List the records that carrying adds: one row per decision and later id that it does not stand under yet.

    Parameters
    ----------
    carried : DataFrame
        From ``carry_decisions``.

    Returns
    -------
    DataFrame
        The columns of ``decisions.csv``; the parts of a split have a row each.
    """
    kept = carried[carried["outcome"].isin(_KEPT)]
    places = [list(ids) or [own] for ids, own in zip(kept["look_at"], kept["priority"], strict=True)]
    spread = kept.assign(priority=pd.Series(places, index=kept.index, dtype="object")).explode("priority")
    # The same words in another board keep their old id here: each run then asks for them by itself.
    known = spread["priority"] != spread["priority_before"]
    elsewhere = spread["why"].eq("the same words now stand elsewhere")
    return spread.loc[known & ~elsewhere, [column.name for column in DECISIONS]].reset_index(drop=True)
