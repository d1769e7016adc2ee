"""The cells of boards and themes whose numbers differ between two runs, with the priorities behind each difference."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from mapping.comparison.causes import CAUSES, Causes, Pair, find_causes
from mapping.tags import Run

__all__ = ["compare_cells"]

_COLUMNS = (
    "board", "theme", "before", "after", "change", "cause", "causes", "confirmed_before", "confirmed_after",
    "priorities_before", "priorities_after", "state_before", "state_after", "stand_in", "added", "removed",
)  # fmt: skip
_READ = ("tagged", "confirmed", "state")


def compare_cells(earlier: Run, later: Run, *, unchanged: bool = False) -> pd.DataFrame:
    """List the cells of boards and themes that differ between two runs, with the cause of each difference.

    Parameters
    ----------
    earlier, later : Run
        Of one partnership against one framework, as for ``compare``.
    unchanged : bool
        List the cells that do not differ as well; their ``cause`` is empty.

    Returns
    -------
    DataFrame
        One row per board and theme, in the later run's order, boards that it has not last: ``board``, ``theme``;
        ``before`` and ``after``, the counted priorities tagged, and ``change``, their difference; ``cause`` (text,
        framework, method, decision or mixed) and ``causes``, the change as the sum of the causes of its tags;
        ``confirmed_before``, ``confirmed_after``, ``priorities_before``, ``priorities_after``, ``state_before`` and
        ``state_after`` as in ``count_cells`` (*no such board* where a run has none); ``stand_in``, whether all that is
        counted comes from stand-in documents on either side; ``added`` and ``removed``, the ids of the priorities that
        came into the cell and went out of it: ``change`` is the number of the one less that of the other.
    """
    causes = find_causes(earlier, later)
    behind = _list_behind(causes)
    old, new = causes.before.cells, causes.after.cells
    names = dict.fromkeys([*new, *old])
    rows = []
    for board, theme in names:
        before, after = old.get((board, theme)), new.get((board, theme))
        moves = behind.get((board, theme), [])
        cause = _name_cause(causes, (board, theme), before, after, moves)
        if cause or unchanged:
            code = after.board if after is not None else board
            rows.append((code, theme, *_describe(before, after, moves, cause)))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _list_behind(causes: Causes) -> dict[tuple[str, str], list[tuple[str, int, str]]]:
    """Return for each cell the priorities that came (1) or went (-1), with the cause of each."""
    behind: dict[tuple[str, str], list[tuple[str, int, str]]] = {}
    for pair in causes.pairs:
        for theme in causes.later.framework.theme_ids:
            before, after = causes.before.find(pair, theme).cell, causes.after.find(pair, theme).cell
            if before != after:
                cause = causes.name(_make_reader(pair, theme), before, after)
                for board, name, sign in ((after, pair.later, 1), (before, pair.earlier, -1)):
                    if board:
                        behind.setdefault((board, theme), []).append((name, sign, cause))
    return behind


def _make_reader(pair: Pair, theme: str) -> Any:
    return lambda state: state.find(pair, theme).cell


def _name_cause(
    causes: Causes, cell: tuple[str, str], before: Any, after: Any, moves: list[tuple[str, int, str]]
) -> str:
    """Return the cause of what changed: the number, or else how many are confirmed, the state, the priorities."""
    for what in _READ:
        values = [getattr(row, what, 0 if what != "state" else "") for row in (before, after)]
        if values[0] != values[1]:
            return causes.name(_make_cell_reader(cell, what), *values)
    found = {cause for _, _, cause in moves}
    return found.pop() if len(found) == 1 else "mixed" if found else ""


def _make_cell_reader(cell: tuple[str, str], what: str) -> Any:
    return lambda state: getattr(state.cells.get(cell), what, 0 if what != "state" else "")


def _describe(before: Any, after: Any, moves: list[tuple[str, int, str]], cause: str) -> tuple[Any, ...]:
    def get(row: Any, name: str, default: Any = 0) -> Any:
        return getattr(row, name, default)

    parts: Counter[str] = Counter()
    for _, sign, why in moves:
        parts[why] += sign
    said = [f"{name} {parts[name]:+d}".replace("-", "\u2212") for name in CAUSES if parts[name]]
    sides = [row for row in (before, after) if get(row, "tagged")]
    return (
        get(before, "tagged"), get(after, "tagged"), get(after, "tagged") - get(before, "tagged"), cause,
        ", ".join(said), get(before, "confirmed"), get(after, "confirmed"),
        get(before, "priorities"), get(after, "priorities"),
        get(before, "state", "no such board"), get(after, "state", "no such board"),
        any(row.tagged == row.stand_in for row in sides),
        [name for name, sign, _ in moves if sign > 0], [name for name, sign, _ in moves if sign < 0],
    )  # fmt: skip
