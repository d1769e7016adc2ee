"""What changed between two runs: the pairs of board and theme whose numbers moved, by how much, and for what cause."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from mapping.cells import count_cells
from mapping.comparison import CAUSES, compare_cells, retag_like
from mapping.errors import MappingError
from mapping.figures import style, words
from mapping.figures.chart import Chart
from mapping.figures.sheet import Sheet, height_of
from mapping.figures.style import DAGGER, MARGIN, MUTED, WIDTH, drawable, fit_size, measure
from mapping.tags import Run

__all__ = ["find_other_rules", "list_changes", "plot_change"]

#: Rows that are drawn; names of boards that a sentence lists.
_ROWS, _LISTED = 16, 3
#: Height of a row; radius of a dot; length and half height of an arrowhead; width of an arrow in points.
_ROW, _DOT, _HEAD, _HALF, _SHAFT = 0.29, 0.055, 0.13, 0.062, 2.6
#: The second colour: decreases. It is for shapes only, and the direction says the same.
_SECOND = "#F46A25"
#: Room on either side of the plot, so that an arrow at its edge is clear of the words.
_GAP = 0.27
#: The widest name of a board or a theme, in inches; most steps of the axis.
_WIDEST, _STEPS = 1.3, 7
#: States of a cell in which nothing can be said of its nought.
_UNKNOWN = ("not read", "not scored", "empty", "no such board")
_MEANINGS = {
    "text": "the tables of boards, strategies and priorities",
    "framework": "the themes, their keywords or the framework's threshold",
    "method": "how the texts were tagged",
    "decision": "what people confirmed, added or rejected",
    "mixed": "several of these were needed, or each would have been enough",
}
#: Choices of ``tag`` that change what is tagged.
_RULES = ("method", "threshold", "neighbours", "in_force_on")


def plot_change(earlier: Run, later: Run, *, retag: bool = False) -> Chart:
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
    headline, subtitle = _write_headline(table), _write_subtitle(table, later, again)
    caption = _write_caption(table, earlier, later, again)
    names = _name_editions(earlier, later)
    described = " ".join(_describe(row) for row in words.list_rows(moved)) or f"{headline}. {_say_same(table)}"
    return Chart(
        "change", table, headline, subtitle, _write_alt(table), described, caption,
        lambda: _Drawing(table, names).draw(headline, subtitle, caption),
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


def _write_headline(table: pd.DataFrame) -> str:
    """Return what holds of the whole table: nothing changed, or how many pairs did and whether all one way."""
    up, down, every = int((table["change"] > 0).sum()), int((table["change"] < 0).sum()), len(table)
    if not up and not down:
        return "Nothing changed" if (table["cause"] == "").all() else "No number changed"
    who = words.spell(up + down)
    pairs = f"{who[:1].upper()}{who[1:]} of {words.spell(every)} pairs of board and theme"
    if up + down > 1 and not (up and down) and not any(map(_is_unsure, words.list_rows(table))):
        return f"{pairs} rose, none fell" if up else f"{pairs} fell, none rose"
    return f"{pairs} changed"


def _is_unsure(row: Any) -> bool:
    """Return whether one of the two numbers is a nought of which nothing can be said."""
    return bool(row.change) and ("?" in _say_pair(row))


def _say_pair(row: Any) -> str:
    sides = ((row.before, row.state_before), (row.after, row.state_after))
    return " to ".join("?" if not number and state in _UNKNOWN else f"{number:,}" for number, state in sides)


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


def _write_alt(table: pd.DataFrame) -> str:
    moved = table[table["change"] != 0]
    ends = "The table beside the figure has all numbers."
    if moved.empty:
        return f"{_write_headline(table)} between two runs: {_say_same(table)[0].lower()}{_say_same(table)[1:]} {ends}"
    up, down = int((moved["change"] > 0).sum()), int((moved["change"] < 0).sum())
    largest = max(words.list_rows(moved), key=lambda row: (not _is_unsure(row), abs(row.change)))
    causes = [f"{cause} {int((moved['cause'] == cause).sum())}" for cause in CAUSES if (moved["cause"] == cause).any()]
    return words.join_sentences(
        [
            f"Arrows from an earlier to a later number of priorities: {len(moved)} of {len(table)} pairs of board and "
            f"theme changed, {up} up and {down} down.",
            f"Largest: {largest.board_short} on {largest.theme_short}, {_say_pair(largest)}.",
            f"Causes: {', '.join(causes)}.",
            ends,
        ]
    )


def _say_same(table: pd.DataFrame) -> str:
    every = len(table)
    pairs = "The pair of board and theme holds" if every == 1 else f"All {every} pairs of board and theme hold"
    return f"{pairs} the same number of priorities in both."


def _describe(row: Any) -> str:
    unknown = "".join(
        f", {row_state} {when}"
        for row_state, when, number in ((row.state_before, "before", row.before), (row.state_after, "now", row.after))
        if not number and row_state in _UNKNOWN
    )
    parts = f" ({row.causes})" if row.cause == "mixed" and row.causes else ""
    return (
        f"{row.board_short} on {row.theme_short}: {row.before} to {row.after}, {_sign(row.change)}; "
        f"cause: {row.cause}{parts}{unknown}."
    )


def _sign(change: int) -> str:
    return f"{change:+,}".replace("-", "\u2212")


def _name_editions(earlier: Run, later: Run) -> tuple[str, str]:
    """Return what the two runs are called in the key: their editions where these tell them apart."""
    names = [str(run.partnership.info.get("edition", "")) for run in (earlier, later)]
    if not all(names) or names[0] == names[1]:
        return "earlier run", "later run"
    return f"earlier run: {names[0]}", f"later run: {names[1]}"


# --- drawing ------------------------------------------------------------------------------------------------


class _Drawing:
    """One drawing of the changes: what stands where from left to right is settled by the widest texts."""

    def __init__(self, table: pd.DataFrame, names: tuple[str, str]) -> None:
        self.rows = words.list_rows(table[table["place"].notna()].sort_values("place"))
        self.same, self.names, self.sheet = _say_same(table), names, Sheet()
        boards = [f"{row.board_short}{DAGGER * row.stand_in}" for row in self.rows]
        themes = [f"{row.number} {row.theme_short}" for row in self.rows]
        self.boards, self.board_width = _fit(boards)
        self.themes, self.theme_width = _fit(themes)
        self.pairs = [_say_pair(row) for row in self.rows]
        self.changes = [f"({_sign(row.change)})" if _is_unsure(row) else _sign(row.change) for row in self.rows]
        self.left = MARGIN + self.board_width + 0.18 + self.theme_width + _GAP
        self.change = WIDTH - MARGIN
        widest = max((measure(change, style.LABEL, True) for change in self.changes), default=0.0)
        self.pair = self.change - max(widest, 0.3) - 0.1
        cause = max((measure(row.cause, style.HEAD) for row in self.rows), default=0.0)
        self.cause = self.pair - max((measure(pair, style.NOTE) for pair in self.pairs), default=0.0) - 0.14 - cause
        self.right = self.cause - _GAP
        self.step, self.end = _choose_steps(max((max(row.before, row.after) for row in self.rows), default=1))

    def draw(self, headline: str, subtitle: str, caption: str) -> Figure:
        y = self.sheet.header(headline, subtitle)
        if not self.rows:
            width = WIDTH - 2 * MARGIN
            lines = style.wrap(self.same, width - 0.3, style.LABEL)
            tall = height_of(lines, style.LABEL) + 0.24
            self.sheet.box(MARGIN, y, width, tall, face=style.ZEBRA)
            self.sheet.lines(MARGIN + 0.15, y + 0.12, lines, style.LABEL)
            return self.sheet.finish(y + tall + 0.14, caption)
        y = self._draw_heads(self._draw_key(y))
        self._draw_grid(y, y + _ROW * len(self.rows))
        for n, row in enumerate(self.rows):
            if n and row.change < 0 < self.rows[n - 1].change:
                self.sheet.line((MARGIN, y), (WIDTH - MARGIN, y))
            self._draw_row(n, row, y + _ROW / 2)
            y += _ROW
        y = self._draw_marks(y + 0.27)
        return self.sheet.finish(y + 0.08, caption)

    def x(self, number: float) -> float:
        return self.left + (self.right - self.left) * number / self.end

    def _draw_key(self, y: float) -> float:
        """Draw the key beside what it explains: on one line if it fits, else on two."""
        sheet, middle = self.sheet, y + 0.07
        x = MARGIN + _DOT
        up, down = (any(row.change * sign > 0 for row in self.rows) for sign in (1, -1))
        heads = (_HEAD + 0.06) * (up + down)
        lengths = [measure(name, style.HEAD) for name in self.names]
        sheet.disc(x, middle, _DOT, face=style.WHITE, edge=MUTED)
        sheet.text_at(x + _DOT + 0.06, middle, self.names[0], style.HEAD, align="left")
        x += _DOT + 0.06 + lengths[0] + 0.3
        if x + heads + lengths[1] + 0.06 > WIDTH - MARGIN:
            x, middle = MARGIN, middle + 0.19
        for wanted, sign in ((up, 1), (down, -1)):
            if wanted:
                self._draw_head(x + (_HEAD if sign > 0 else 0), middle, sign)
                x += _HEAD + 0.06
        sheet.text_at(x, middle, self.names[1], style.HEAD, align="left")
        return middle + 0.2

    def _draw_heads(self, y: float) -> float:
        heads = (
            (MARGIN, "Board", "left"), (self.left - _GAP, "Theme", "right"), (self.left, "Priorities tagged", "left"),
            (self.cause, "Cause", "left"), (self.change, "Change", "right"),
        )  # fmt: skip
        for x, text, align in heads:
            self.sheet.text_at(x, y, text, style.HEAD, colour=MUTED, align=align)
        return y + 0.12

    def _draw_grid(self, top: float, foot: float) -> None:
        for number in range(0, self.end + 1, self.step):
            x = self.x(number)
            self.sheet.line((x, top), (x, foot), colour=style.RULE if not number else style.GRID)
            self.sheet.text_at(x, foot + 0.1, f"{number:,}", style.HEAD)

    def _draw_row(self, n: int, row: Any, y: float) -> None:
        sheet = self.sheet
        (board, large), (theme, size) = self.boards[n], self.themes[n]
        sheet.text_at(MARGIN, y, board, large, align="left")
        sheet.text_at(self.left - _GAP, y, theme, size, align="right")
        self._draw_arrow(row, y)
        sheet.text_at(self.cause, y, row.cause, style.HEAD, align="left")
        sheet.text_at(self.pair, y, self.pairs[n], style.NOTE, colour=MUTED, align="right")
        sheet.text_at(self.change, y, self.changes[n], style.LABEL, bold=not _is_unsure(row), align="right")

    def _draw_arrow(self, row: Any, y: float) -> None:
        """Draw the dot at the earlier number and the tip at the later; where they touch, the tip moves outwards."""
        sign = 1 if row.change > 0 else -1
        begin, tip = self.x(row.before), self.x(row.after)
        if abs(tip - begin) < _DOT + _HEAD:
            tip = begin + sign * (_DOT + _HEAD)
        hollow = not row.after and row.state_after in _UNKNOWN
        colour = style.MAIN if sign > 0 else _SECOND
        self.sheet.line((begin, y), (tip - sign * _HEAD * 0.8, y), colour=colour, width=_SHAFT, dashed=hollow)
        self._draw_head(tip, y, sign, hollow=hollow)
        unknown = not row.before and row.state_before in _UNKNOWN
        self.sheet.disc(begin, y, _DOT, face=style.WHITE, edge=MUTED, dashed=unknown, line=1.0 if unknown else 1.5)

    def _draw_head(self, tip: float, y: float, sign: int, *, hollow: bool = False) -> None:
        colour = style.MAIN if sign > 0 else _SECOND
        base = tip - sign * _HEAD
        self.sheet.axes.add_patch(
            Polygon(
                [(tip, y), (base, y - _HALF), (base, y + _HALF)], closed=True, linewidth=1.0 if hollow else 0,
                facecolor=style.WHITE if hollow else colour, edgecolor=colour, zorder=2.4,
            )
        )  # fmt: skip

    def _draw_marks(self, y: float) -> float:
        """Explain the causes and marks that are there, and only those."""
        found = {row.cause for row in self.rows}
        marks = [(cause, f"{_MEANINGS[cause]}.") for cause in CAUSES if cause in found]
        if any(not row.before and row.state_before in _UNKNOWN for row in self.rows):
            marks.append(
                (
                    "dashed dot",
                    "the named strategy was not read then, or nothing could be scored: its nought (?) says nothing.",
                )
            )
        if any(not row.after and row.state_after in _UNKNOWN for row in self.rows):
            marks.append(
                (
                    "hollow tip",
                    "the named strategy is not read now, or nothing can be scored: its nought (?) says nothing.",
                )
            )
        if any(row.stand_in for row in self.rows):
            marks.append((DAGGER, "before or now from stand-in documents alone, not from the board's named strategy."))
        indent = max(measure(term, style.NOTE, True) for term, _ in marks) + 0.12
        for term, meaning in marks:
            self.sheet.lines(MARGIN, y, [term], style.NOTE, bold=True)
            y = self.sheet.paragraph(MARGIN + indent, y, meaning, style.NOTE, WIDTH - 2 * MARGIN - indent)
        return y


def _fit(texts: Sequence[str]) -> tuple[list[tuple[str, float]], float]:
    """Return texts with their sizes, and the width that they need: a wide one is set smaller."""
    fitted = [(drawable(text), fit_size(text, _WIDEST, style.LABEL)) for text in texts]
    return fitted, max((measure(text, size) for text, size in fitted), default=0.0)


def _choose_steps(most: int) -> tuple[int, int]:
    """Return the step of the axis and where it ends, in round numbers.

    Examples
    --------
    >>> _choose_steps(3), _choose_steps(12), _choose_steps(999)
    ((1, 3), (2, 12), (200, 1000))
    """
    size = 10 ** max(0, math.floor(math.log10(max(1, most) / _STEPS)))
    step = next(n * size for n in (1, 2, 5, 10) if n * size * _STEPS >= most)
    return step, step * math.ceil(max(1, most) / step)
