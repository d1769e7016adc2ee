"""What stands in a cell without a tag: words, or where they have no room signs that the key explains."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from mapping.figures.style import measure

__all__ = ["MEANINGS", "SIGNS", "fit_words", "list_states", "name_state"]

#: The sign of each, where the word has no room in one cell or more; all cells of a figure then have signs.
SIGNS = {"not read": "?", "not scored": "×", "none": "–", "no data": "∅"}
MEANINGS = {
    "not read": "no tag, but a named strategy was not read, so nothing can be said.",
    "not scored": "no text of the board could be scored: too short, or not in English.",
    "none": "no tag in the text that was read.",
    "no data": "the board has no priorities in the data.",
}


def name_state(state: str) -> str:
    """Return the state of a cell without a tag in words.

    Examples
    --------
    >>> name_state("none"), name_state("empty")
    ('none', 'no data')
    """
    return "no data" if state == "empty" else state


def list_states(cells: pd.DataFrame) -> list[str]:
    """Return the states of the cells without a tag, in words, each once."""
    found = {name_state(str(state)) for state in cells.loc[cells["tagged"] == 0, "state"]}
    return [state for state in SIGNS if state in found]


def fit_words(states: Iterable[str], width: float, size: float, lines: int = 2) -> bool:
    """Return whether all those states can be written in a width, no word broken, in so many lines."""
    return all(
        measure(state, size) <= width or (lines > 1 and all(measure(word, size) <= width for word in state.split()))
        for state in states
    )
