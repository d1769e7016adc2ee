"""What changed between two runs: the pairs of board and theme whose numbers moved, by how much, and for what cause."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mapping.cells import count_cells
from mapping.comparison import CAUSES, compare_cells, retag_like
from mapping.errors import MappingError
from mapping.figures import style, words
from mapping.figures.change_plot import (
    SECOND,
    UNKNOWN,
    ChangeDrawing,
    is_unsure,
    say_change,
    say_pair,
    say_same,
    say_sign,
)
from mapping.figures.chart import Chart, Checks
from mapping.tags import Run

__all__ = ["find_other_rules", "list_changes", "plot_change"]

#: Rows that are drawn; names of boards that a sentence lists.
_ROWS, _LISTED = 16, 3
#: Choices of ``tag`` that change what is tagged.
_RULES = ("method", "threshold", "neighbours", "in_force_on")


def plot_change(earlier: Run, later: Run, *, retag: bool = False, title: str = "inside", context: str = "a4") -> Chart:
    """Draw the pairs of board and theme whose numbers of priorities differ between two runs.

    A hollow dot is the earlier number, the tip of the arrow the later; beside it the cause. At most 16 rows, those
    that changed most; how many are not shown, and how many did not change, is said.

    Parameters
    ----------
    earlier, later : Run
        Of one partnership against one framework.
    retag : bool
        Tag the earlier texts again with the later run's framework and settings, and say so. Without it, runs whose
        settings differ are refused: a change of rules would look like a change of strategies.
    title, context : str
        Where the headline stands, and where the figure is read (``Chart``).

    Returns
    -------
    Chart
        ``data`` is the table of ``list_changes``.

    Raises
    ------
    MappingError
        When the settings differ and ``retag`` is not asked for; when the runs may not be subtracted (``compare``).
    """
    differ = find_other_rules(earlier, later)
    if differ and not retag:
        raise MappingError(
            f"The settings changed ({'; '.join(differ)}), and a change of rules would look like a change of "
            "strategies. Tag the earlier texts with the later settings first: plot_change(earlier, later, retag=True)."
        )
    # Where the rules are the same, tagging again changes nothing and nothing is said of it.
    again = retag and (bool(differ) or not _same_framework(earlier, later))
    before = retag_like(earlier, later) if again else earlier
    table = list_changes(before, later)
    moved = table[table["change"] != 0]
    headline, subtitle = _write_headline(table, again), _write_subtitle(table, later, again)
    caption = _write_caption(table, earlier, later, again)
    names = _name_editions(earlier, later)
    described = " ".join(_describe(row) for row in words.list_rows(moved)) or f"{headline}. {say_same(table)}"
    return Chart(
        "change", table, headline, subtitle, _write_alt(table, headline), described, caption,
        lambda sheet, y: ChangeDrawing(sheet, table, names).draw(y), "", title, context,
        Checks((), _list_numbers, (SECOND, style.MAIN)),
    )  # fmt: skip


def list_changes(earlier: Run, later: Run) -> pd.DataFrame:
    """List every pair of board and theme with its numbers in both runs: what the figure draws.

    Returns
    -------
    DataFrame
        One row per board and theme, as ``compare_cells(..., unchanged=True)`` has them, with ``board_short``,
        ``number`` and ``theme_short``, and ``place``, the row of the figure from 1 (missing: not drawn).
    """
    table = compare_cells(earlier, later, unchanged=True)
    boards = pd.concat([later.boards, earlier.boards]).drop_duplicates("board")
    short = dict(zip(boards["board"], boards["short"], strict=True))
    themes = later.themes.set_index("theme")
    names = {
        "board_short": [short[board] for board in table["board"]],
        "number": [themes["number"][theme] for theme in table["theme"]],
        "theme_short": [themes["short"][theme] for theme in table["theme"]],
    }
    most = table.loc[table["change"] != 0, "change"].abs().sort_values(ascending=False, kind="stable").head(_ROWS)
    order = table.loc[sorted(most.index), "change"].sort_values(ascending=False, kind="stable").index
    place = pd.Series(range(1, len(order) + 1), index=order, dtype="Int64").reindex(table.index)
    return table.assign(**names, place=place)


def _list_numbers(table: pd.DataFrame) -> list[str]:
    return [say_change(row) for row in words.list_rows(table[table["place"].notna()])]


def find_other_rules(earlier: Run, later: Run) -> list[str]:
    """Return in words the settings that differ; keywords are told apart by their cause."""
    return [
        f"{name.replace('_', ' ')}: {_say(getattr(earlier.settings, name))}, then {_say(getattr(later.settings, name))}"
        for name in _RULES
        if getattr(earlier.settings, name) != getattr(later.settings, name)
    ]


def _say(value: object) -> str:
    return "none" if value == "" else f"{value:g}" if isinstance(value, float) else str(value).lower()


def _same_framework(earlier: Run, later: Run) -> bool:
    columns = ["theme", "pattern", "role"]
    tables = [run.framework.keywords for run in (earlier, later)]
    if earlier.framework is later.framework or any(table.empty for table in tables):
        return True
    return sorted(tables[0][columns].itertuples(index=False)) == sorted(tables[1][columns].itertuples(index=False))


# --- words --------------------------------------------------------------------------------------------------


def _write_headline(table: pd.DataFrame, rules: bool) -> str:
    """Return what holds of the whole table: nothing changed, or how many pairs did and whether all one way.

    Where the rules differ and the earlier texts were tagged again, only the rest can have changed nothing.
    """
    up, down, every = int((table["change"] > 0).sum()), int((table["change"] < 0).sum()), len(table)
    if not up and not down:
        still = "New texts and decisions changed nothing" if rules else "Nothing changed"
        return still if (table["cause"] == "").all() else "No number changed"
    who = words.spell(up + down)
    pairs = f"{who[:1].upper()}{who[1:]} of {words.spell(every)} pairs of board and theme"
    if up + down > 1 and not (up and down) and not any(map(is_unsure, words.list_rows(table))):
        return f"{pairs} rose, none fell" if up else f"{pairs} fell, none rose"
    return f"{pairs} changed"


def _write_subtitle(table: pd.DataFrame, later: Run, again: bool) -> str:
    drawn = "only the pairs of board and theme whose number changed." if (table["change"] != 0).any() else ""
    return " ".join(
        part
        for part in (
            f"Priorities tagged in two runs{';' if drawn else '.'}", drawn,
            "Earlier texts tagged again with the later rules." if again else "",
            words.say_checks(count_cells(later)),
        )
        if part
    )  # fmt: skip


def _write_caption(table: pd.DataFrame, earlier: Run, later: Run, again: bool) -> str:
    moved, drawn = int((table["change"] != 0).sum()), int(table["place"].notna().sum())
    still = len(table) - moved
    # The same number can hide other priorities, or more of them confirmed.
    inside = int(((table["change"] == 0) & (table["cause"] != "")).sum())
    parts = [
        f"Source: {earlier.edition}{' (tagged again)' if again else ''}; and {later.edition}.",
        f"{still} of {len(table)} pairs did not change." if moved else "",
        f"The {drawn} largest of {moved} changes are drawn; {moved - drawn} are not shown and stand in the table."
        if drawn < moved else "",
        f"{inside} of the unchanged numbers {'counts' if inside == 1 else 'count'} other priorities than before, or "
        "more or fewer confirmed ones." if inside else "",
        _say_lengths(table),
        words.note_letters(later),
    ]  # fmt: skip
    return " ".join(part for part in parts if part)


def _say_lengths(table: pd.DataFrame) -> str:
    """Return which boards' lists changed in length: a longer list has more to tag."""
    boards = table.drop_duplicates("board")
    said = [
        f"{row.board_short} ({row.priorities_before:,} to {row.priorities_after:,})"
        for row in words.list_rows(boards[boards["priorities_before"] != boards["priorities_after"]])
    ]
    more = len(said) - _LISTED
    if not said:
        return ""
    listed = f"{', '.join(said[:_LISTED])} and {more} more" if more > 0 else words.join_names(said)
    return f"The boards' lists of priorities changed in length: {listed}."


def _write_alt(table: pd.DataFrame, headline: str) -> str:
    moved = table[table["change"] != 0]
    ends = "The table beside the figure has all numbers."
    if moved.empty:
        return f"{headline} between two runs: {say_same(table)[0].lower()}{say_same(table)[1:]} {ends}"
    up, down = int((moved["change"] > 0).sum()), int((moved["change"] < 0).sum())
    largest = max(words.list_rows(moved), key=lambda row: (not is_unsure(row), abs(row.change)))
    causes = [f"{cause} {int((moved['cause'] == cause).sum())}" for cause in CAUSES if (moved["cause"] == cause).any()]
    return words.join_sentences(
        [
            f"Arrows from an earlier to a later number of priorities: {len(moved)} of {len(table)} pairs of board and "
            f"theme changed, {up} up and {down} down.",
            f"Largest: {largest.board_short} on {largest.theme_short}, {say_pair(largest)}.",
            f"Causes: {', '.join(causes)}.",
            ends,
        ]
    )


def _describe(row: Any) -> str:
    unknown = "".join(
        f", {row_state} {when}"
        for row_state, when, number in ((row.state_before, "before", row.before), (row.state_after, "now", row.after))
        if not number and row_state in UNKNOWN
    )
    parts = f" ({row.causes})" if row.cause == "mixed" and row.causes else ""
    return (
        f"{row.board_short} on {row.theme_short}: {row.before} to {row.after}, {say_sign(row.change)}; "
        f"cause: {row.cause}{parts}{unknown}."
    )


def _name_editions(earlier: Run, later: Run) -> tuple[str, str]:
    """Return what the two runs are called in the key: their editions where these tell them apart."""
    names = [str(run.partnership.info.get("edition", "")) for run in (earlier, later)]
    if not all(names) or names[0] == names[1]:
        return "earlier run", "later run"
    return f"earlier run: {names[0]}", f"later run: {names[1]}"
