"""Coverage: which documents the mapping read, what it found in each, and which it did not reach."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mapping.cells import count_boards, count_cells
from mapping.decisions import CONFIRMED
from mapping.figures import style, words
from mapping.figures.chart import Chart, Checks
from mapping.figures.sheet import Sheet
from mapping.figures.style import DAGGER, MARGIN, MUTED, WIDTH, balance, fit_size, measure, wrap
from mapping.tables import each_row
from mapping.tags import Run, select_in_force

__all__ = ["STANDINGS", "count_coverage", "plot_coverage"]

#: How a document stands: the board's own, another used for it, named but not read, or not even named.
STANDINGS = ("named", "stand-in", "neighbouring", "not read", "missing")
_MEANINGS = {
    "named": "the board's own strategy, read in whole or in part.",
    "stand-in": "another document, read because the board's own was not to be had, or beside it.",
    "neighbouring": "a document of a neighbouring partnership or plan.",
    "not read": "named for the board, and its text was not to be had: nothing can be said of it.",
    "missing": "no strategy is named for the board in the data.",
}
#: Rows that are drawn; height of a line, of the bar, and of the room between rows and boards.
_LISTED, _LINE, _BAR, _ROOM = 40, style.PITCH * style.HEAD / 72, 0.12, 0.055
#: Where the columns begin, in inches: board, document, date, standing, bar, pages.
_BOARD, _DOCUMENT, _DATE, _STANDING, _COUNT, _PAGES = MARGIN, 1.07, 3.33, 3.98, 4.62, WIDTH - MARGIN
_NO_PAGE, _NO_DATE = "–", "no date"


def plot_coverage(run: Run, *, title: str = "inside", context: str = "a4") -> Chart:
    """Draw one line per strategy: how it stands, its date, and how many of its priorities carry a theme.

    For the appendix on methods: it says which documents were missing. The bar shows the priorities in the data, those
    with a theme dark (a person confirmed one) or hatched (suggested), those that could not be scored dashed.

    Parameters
    ----------
    run : Run
    title, context : str
        Where the headline stands, and where the figure is read (``Chart``).

    Returns
    -------
    Chart
        ``data`` is the table of ``count_coverage``.

    Notes
    -----
    The headline counts rows of the tables; no other way of scoring can move it, so it has no verdict.
    """
    table, cells = count_coverage(run), count_cells(run)
    hidden = len(table) - _LISTED
    subtitle = " ".join(("What the mapping read, and what it did not reach.", words.say_checks(cells)))
    day, silent = run.settings.in_force_on, _count_silent(table)
    notes = (
        "A document counts as read when any of its text is in the data.",
        "That one without priorities was read is what the table of strategies says." if silent else "",
        f"Only documents in force on {day} are listed." if day else "",
        f"{hidden} more documents are not shown and stand in the table." if hidden > 0 else "",
    )
    names = words.list_names(count_boards(run)) if hidden <= 0 else ()
    described = " ".join(_describe(row) for row in words.list_rows(table))
    return Chart(
        "coverage", table, _write_headline(table), subtitle, _write_alt(table), described,
        words.write_caption(run, *notes), lambda sheet, y: _Drawing(sheet, table).draw(y), "", title, context,
        Checks(names, _list_numbers),
    )  # fmt: skip


def count_coverage(run: Run) -> pd.DataFrame:
    """Count what was read of every strategy, and what it gave.

    Returns
    -------
    DataFrame
        One row per strategy of the boards mapped, by board, its own strategies first; and one without ``strategy`` for
        each board that has none of its own. ``board``, ``board_short``, ``strategy``, ``name``, ``edition`` (its years,
        as printed), ``standing`` (*named*, *stand-in*, *neighbouring*, *not read*, *missing*); ``priorities`` counted,
        of which ``tagged`` carry a theme (``confirmed``: one that a person confirmed), ``untagged`` carry none, and
        ``not_scored``, part of the untagged, could not be scored; ``pages``, on how many different pages they stand
        (missing: no page is recorded), and ``paged``, how many of them have a page.
    """
    counted = run.priorities[run.priorities["counted"]]
    tags = run.standing_tags
    tagged, confirmed = set(tags["priority"]), set(tags.loc[tags["status"].isin(CONFIRMED), "priority"])
    unscored = set(run.tags.loc[run.tags["confidence"] == "not scored", "priority"])
    rows = []
    for board in each_row(run.boards):
        for strategy, standing in _list_strategies(run, str(board.board)):
            code = str(strategy.strategy) if strategy else ""
            own = counted[counted["strategy"] == code]
            ids = set(own["priority"])
            pages = [page for page in own["page"] if page] if "page" in own else []
            rows.append(
                {
                    "board": board.board, "board_short": board.short, "strategy": code,
                    "name": str(strategy.name) if strategy else "", "standing": standing,
                    "edition": str(getattr(strategy, "edition", "")) if strategy else "",
                    "priorities": len(own), "tagged": len(ids & tagged), "confirmed": len(ids & confirmed),
                    "untagged": len(ids - tagged), "not_scored": len((ids & unscored) - tagged),
                    "pages": len(set(pages)) if pages else None, "paged": len(pages),
                }
            )  # fmt: skip
    return pd.DataFrame(rows).astype({"pages": "Int64"})


def _list_strategies(run: Run, board: str) -> list[tuple[Any, str]]:
    """Return the strategies of a board with their standing, its own first; none and *missing* where it has no own."""
    strategies = select_in_force(run.partnership.strategies, run.settings.in_force_on)
    own = [row for row in each_row(strategies) if row.board == board]
    if not run.settings.neighbours:
        own = [row for row in own if row.standing != "neighbouring"]
    found = [
        (row, "not read" if row.read == "no" else str(row.standing))
        for row in sorted(own, key=lambda row: row.standing != "named")
    ]
    outside = board not in run.partnership.matrix_boards
    missing = [] if outside and found else [(None, "missing")]
    return found if any(row.standing == "named" for row in own) else [*missing, *found]


def _list_numbers(table: pd.DataFrame) -> list[str]:
    return [_say_count(row) for row in words.list_rows(table.head(_LISTED)) if row.priorities]


# --- words --------------------------------------------------------------------------------------------------


def _say_count(row: Any) -> str:
    return f"{row.tagged:,} of {row.priorities:,}"


def _count_named(table: pd.DataFrame) -> tuple[int, int]:
    """Return how many of the boards' own strategies were read, and how many there are."""
    standings = list(table["standing"])
    return standings.count("named"), standings.count("named") + standings.count("not read")


def _count_silent(table: pd.DataFrame) -> int:
    """Return how many of the boards' own strategies are said to be read, and have no priority in the data."""
    return int(((table["standing"] == "named") & (table["priorities"] == 0)).sum())


def _write_headline(table: pd.DataFrame) -> str:
    (read, named), silent = _count_named(table), _count_silent(table)
    if not named:
        return "No strategy is named for any board"
    some = "None" if not read else words.spell(read).capitalize()
    start = f"{some} of {words.spell(named)} named strategies {'was' if read < 2 else 'were'} read"
    if read == named:
        every = {1: "The one", 2: "Both"}.get(named, f"All {words.spell(named)}")
        start = f"{every} named {'strategy was' if named == 1 else 'strategies were'} read"
    if not silent:
        return f"{start}, whole or in part"
    if silent == read:
        return f"{start}; {'it gave no' if read == 1 else 'neither gave a' if read == 2 else 'none gave a'} priority"
    return f"{start}; {words.spell(silent)} gave no priority"


def _write_alt(table: pd.DataFrame) -> str:
    (read, named), silent = _count_named(table), _count_silent(table)
    sums, stand_ins = table[["priorities", "tagged"]].sum(), int((table["standing"] == "stand-in").sum())
    own = table.loc[table["standing"] == "named", "priorities"].sum()
    missing = list(table.loc[table["standing"] == "missing", "board_short"])
    unread = list(dict.fromkeys(table.loc[table["standing"] == "not read", "board_short"]))
    return words.join_sentences(
        [
            f"One line per document: {read} of {named} named strategies were read, and {stand_ins} stand-ins.",
            f"{sums['tagged']:,} of {sums['priorities']:,} priorities carry a theme; {own:,} come from named ones.",
            f"Read without giving a priority: {words.count_noun(silent, 'named strategy', 'named strategies')}."
            if silent else "",
            f"Not read: strategies of {words.join_names(unread)}." if unread else "",
            f"No strategy named: {words.join_names(missing)}." if missing else "",
            "The table beside the figure has all numbers.",
        ]
    )  # fmt: skip


def _describe(row: Any) -> str:
    if row.standing == "missing":
        return f"{row.board_short}: no strategy is named."
    what = f"{row.board_short}: {row.name}{f' ({row.edition})' if row.edition else ''}, {row.standing}"
    if not row.priorities:
        return f"{what}, no priorities in the data."
    pages = "pages not recorded" if pd.isna(row.pages) else words.count_noun(int(row.pages), "page")
    noun = "priority" if row.priorities == 1 else "priorities"
    unscored = f", {row.not_scored:,} not scored" if row.not_scored else ""
    return (
        f"{what}: {row.tagged:,} of {row.priorities:,} {noun} with a theme "
        f"({row.confirmed:,} with one that a person confirmed), {row.untagged:,} without{unscored}; {pages}."
    )


# --- drawing ------------------------------------------------------------------------------------------------


class _Drawing:
    """One drawing of the strip: the rows, and the unit in which their priorities are measured."""

    def __init__(self, sheet: Sheet, table: pd.DataFrame) -> None:
        self.sheet, self.rows = sheet, words.list_rows(table.head(_LISTED))
        count = max(measure(_say_count(row), style.HEAD, True) for row in self.rows)
        #: Width of the column of pages; without any page there is none.
        self.pages = 0.0
        if table["pages"].notna().any():
            self.pages = max(measure(text, style.HEAD) for text in ("Pages", *map(_say_pages, self.rows))) + 0.12
        room = _PAGES - self.pages - count - 0.06 - _COUNT
        self.unit = min(0.06, room / max(1, *(row.priorities for row in self.rows)))

    def draw(self, y: float) -> float:
        y = self._draw_heads(y)
        before = ""
        for n, row in enumerate(self.rows):
            if row.board != before and n:
                self.sheet.line((MARGIN, y), (WIDTH - MARGIN, y))
            y = self._draw_row(row, y + _ROOM, is_first=row.board != before) + _ROOM
            before = row.board
        self.sheet.line((MARGIN, y), (WIDTH - MARGIN, y))
        return self._draw_key(y + 0.1) + 0.08

    def _draw_heads(self, y: float) -> float:
        count = balance("Priorities, and how many carry a theme", _PAGES - self.pages - _COUNT, style.HEAD)
        foot = y + len(count) * _LINE
        for x, head in ((_BOARD, "Board"), (_DOCUMENT, "Document"), (_DATE, "Date"), (_STANDING, "Standing")):
            self.sheet.lines(x, foot - _LINE, [head], style.HEAD, colour=MUTED)
        self.sheet.lines(_COUNT, y, count, style.HEAD, colour=MUTED)
        if self.pages:
            self.sheet.lines(_PAGES, foot - _LINE, ["Pages"], style.HEAD, colour=MUTED, align="right")
        self.sheet.line((MARGIN, foot + 0.03), (WIDTH - MARGIN, foot + 0.03))
        return foot + 0.03

    def _draw_row(self, row: Any, y: float, *, is_first: bool) -> float:
        """Draw one document; return where it ends."""
        sheet, unread = self.sheet, row.standing in ("not read", "missing")
        name = wrap(row.name or "no strategy named", _DATE - _DOCUMENT - 0.1, style.HEAD)
        dates = wrap(row.edition or _NO_DATE * bool(row.name), _STANDING - _DATE - 0.06, style.NOTE)
        colour = MUTED if unread else style.INK
        if is_first:
            size = fit_size(row.board_short, _DOCUMENT - _BOARD - 0.06, style.HEAD, True)
            sheet.lines(_BOARD, y, [row.board_short], size, bold=True)
        foot = max(sheet.lines(_DOCUMENT, y, name, style.HEAD, colour=colour), y + _LINE)
        foot = max(foot, sheet.lines(_DATE, y + 0.005, dates, style.NOTE, colour=MUTED))
        said = f"{row.standing}{DAGGER if row.standing == 'stand-in' else ''}"
        sheet.lines(_STANDING, y, [said], style.HEAD, bold=row.standing == "named", colour=colour)
        self._draw_count(row, y + _LINE / 2)
        return foot

    def _draw_count(self, row: Any, middle: float) -> None:
        sheet, top, x = self.sheet, middle - _BAR / 2, _COUNT
        if row.standing in ("not read", "missing") or not row.priorities:
            said = "no priorities in the data" if row.standing not in ("not read", "missing") else "unknown"
            width = measure(said, style.SMALLEST) + 0.14
            sheet.box(x, middle - 0.075, width, 0.15, edge=style.GREY, dashed=True)
            sheet.text_at(x + width / 2, middle, said, style.SMALLEST, colour=MUTED)
            return
        sheet.box(x, top, row.priorities * self.unit, _BAR, face=style.ZEBRA, edge=style.GREY, line=0.5)
        sheet.bar(x, top, row.confirmed * self.unit, (row.tagged - row.confirmed) * self.unit, _BAR)
        if row.not_scored:
            begin = x + (row.priorities - row.not_scored) * self.unit
            sheet.box(begin, top, row.not_scored * self.unit, _BAR, edge=style.GREY, dashed=True)
        end = x + row.priorities * self.unit + 0.06
        sheet.text_at(end, middle, _say_count(row), style.HEAD, bold=True, align="left")
        if self.pages:
            sheet.text_at(_PAGES, middle, _say_pages(row), style.HEAD, colour=MUTED, align="right")

    def _draw_key(self, y: float) -> float:
        """Explain what was drawn, and only that; return where it ends."""
        sheet, x = self.sheet, MARGIN
        kinds = (
            ("confirmed", "with a theme that a person confirmed", any(row.confirmed for row in self.rows)),
            ("suggested", "with a suggested theme", any(row.tagged > row.confirmed for row in self.rows)),
            ("none", "without a theme", any(row.untagged > row.not_scored for row in self.rows)),
            ("not scored", "not scored: too short, or not in English", any(row.not_scored for row in self.rows)),
        )
        for kind, label, drawn in kinds:
            if not drawn:
                continue
            if x + 0.36 + measure(label, style.NOTE) > WIDTH - MARGIN:
                x, y = MARGIN, y + 0.19
            if kind in ("none", "not scored"):
                face = style.ZEBRA if kind == "none" else style.WHITE
                sheet.box(x, y + 0.02, 0.3, _BAR, face=face, edge=style.GREY, line=0.5, dashed=kind == "not scored")
            sheet.bar(x, y + 0.02, 0.3 * (kind == "confirmed"), 0.3 * (kind == "suggested"), _BAR)
            sheet.text_at(x + 0.36, y + 0.08, label, style.NOTE, align="left")
            x += 0.36 + measure(label, style.NOTE) + 0.16
        y += 0.2 * (x > MARGIN)
        for term, meaning in self._list_marks():
            sheet.lines(MARGIN, y, [term], style.NOTE, bold=True)
            y = sheet.paragraph(MARGIN + 0.8, y, meaning, style.NOTE, WIDTH - 2 * MARGIN - 0.8)
        return y

    def _list_marks(self) -> list[tuple[str, str]]:
        found = {row.standing for row in self.rows}
        marks = [
            (f"{kind}{DAGGER if kind == 'stand-in' else ''}", _MEANINGS[kind]) for kind in STANDINGS if kind in found
        ]
        if not self.pages:
            return [*marks, ("pages", "the data do not say on which pages the priorities stand.")]
        unpaged = any(row.priorities and pd.isna(row.pages) for row in self.rows)
        some = any(0 < row.paged < row.priorities for row in self.rows)
        marks += [(f"pages {_NO_PAGE}", "the data do not say on which pages its priorities stand.")] * unpaged
        return [*marks, *[("pages 2+", "two different pages; of some priorities the page is not recorded.")] * some]


def _say_pages(row: Any) -> str:
    """Return on how many pages the priorities stand; with a plus where some have no page."""
    if not row.priorities:
        return ""
    return _NO_PAGE if pd.isna(row.pages) else f"{row.pages:,}{'+' if row.paged < row.priorities else ''}"
