"""Combinations: which themes single priorities join, by exact set, and from which boards they come."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import pandas as pd

from mapping.cells import count_boards, count_cells, count_themes, find_own
from mapping.claims import claim_combination
from mapping.figures import style, words
from mapping.figures.chart import Chart, Checks
from mapping.figures.sheet import Sheet
from mapping.figures.style import DAGGER, MARGIN, MUTED, WIDTH, balance, drawable, fit_size, measure
from mapping.intersections import find_theme_sets
from mapping.tags import Run

__all__ = ["count_combinations", "plot_combinations", "propose_combinations"]

#: Most rows; with fewer combinations than this, the priorities with one theme have rows too.
_MOST, _FEW = 12, 3
#: Heights of a row, of its bar, of a row below the line, and of a line of a head.
_ROW, _BAR, _FOOT, _LINE = 0.26, 0.12, 0.185, style.PITCH * style.HEAD / 72
#: Gap between the parts of a row; distance of themes, length of a bar per priority, width of a list of boards.
_GAP, _PITCH, _UNIT, _LIST = 0.12, 0.5, 0.2, 1.75
#: How boards and themes are named above their columns: the first pair that fits; boards in a list, if need be.
_LAYOUTS = (
    ("short", "short"), ("short", "tiny"), ("tiny", "short"), ("tiny", "tiny"), ("short", "number"),
    ("tiny", "number"), ("list", "short"), ("list", "tiny"), ("list", "number"),
)  # fmt: skip
_EXACTLY, _WHENCE, _MUTE = "Priorities with exactly this set", "From which board", "of these not scored"


def plot_combinations(run: Run, *, title: str = "inside", context: str = "a4") -> Chart:
    """Draw which themes single priorities join: one row per exact combination, and whose priorities these are.

    The most frequent combinations of two or more themes come first, at most 12. With fewer than three of them the
    priorities with one theme have rows too. What has no row is counted below the line, so that every priority is
    counted once. Where the boards do not fit as columns, each row lists or counts its boards.

    Parameters
    ----------
    run : Run
    title, context : str
        Where the headline stands, and where the figure is read (``Chart``).

    Returns
    -------
    Chart
        ``data`` is the table of ``count_combinations``.
    """
    table, cells = count_combinations(run), count_cells(run)
    (two, one, none), unscored = _add_up(table), int(table["not_scored"].sum())
    not_scored = f" ({unscored:,} of these not scored)" if unscored else ""
    head = words.settle_title(run, *propose_combinations(run))
    parts = (
        f"{two:,} of {two + one + none:,} priorities {'carries' if two == 1 else 'carry'} two or more themes, "
        f"{one:,} one, {none:,} none{not_scored}.", words.say_checks(cells), words.say_stand_in(cells),
    )  # fmt: skip
    subtitle = words.join_parts(*parts)
    caption = words.write_caption(run, "Each priority counts once, under all of its themes.", head=head)
    boards, themes = count_boards(run), count_themes(run)
    return Chart(
        "combinations", table, head.text, subtitle, _write_alt(run, table), _write_description(run, table), caption,
        lambda sheet, y: _Drawing(sheet, table, boards, themes).draw(y), head.verdict, title, context,
        Checks(words.list_names(themes), _list_numbers),
    )  # fmt: skip


def count_combinations(run: Run) -> pd.DataFrame:
    """Count the priorities that carry exactly each set of themes, by board.

    Returns
    -------
    DataFrame
        One row per set: those of two or more themes, the most frequent first, then single themes, last no theme
        (also where it has no priority). ``themes``; ``names``, their short names; ``size``; ``shown``, whether the
        figure has a row for it; ``priorities``, of which ``confirmed`` (all tags confirmed by a person) and
        ``suggested`` (at least one only suggested), both 0 without a theme; ``not_scored``, those that could not be
        scored, so that having no theme says nothing of them; ``stand_in``, those that come from another document than
        the board's own strategy; and for each board ``from_`` and ``stand_in_`` with its code. Each
        priority counts in one row.
    """
    sets: list[Any] = words.list_rows(find_theme_sets(run))
    joined, single, none = ([row for row in sets if min(row.size, 2) == size] for size in (2, 1, 0))
    shown = min(_MOST, len(joined) + (len(single) if len(joined) < _FEW else 0))
    found = [(row.themes, row.ids, int(row.confirmed)) for row in [*joined, *single, *none]]
    short = dict(zip(run.themes["theme"], run.themes["short"], strict=True))
    home = dict(zip(run.priorities["priority"], run.priorities["board"], strict=True))
    own = dict(zip(run.priorities["priority"], find_own(run), strict=True))
    unscored = set(run.tags.loc[run.tags["confidence"] == "not scored", "priority"])
    rows = []
    for n, (themes, ids, confirmed) in enumerate(found if none else [*found, ([], [], 0)]):
        boards = [home[priority] for priority in ids]
        borrowed = [home[priority] for priority in ids if not own[priority]]
        row: dict[str, Any] = {
            "themes": themes, "names": [short[theme] for theme in themes], "size": len(themes), "shown": n < shown,
            "priorities": len(ids), "confirmed": confirmed, "suggested": len(ids) - confirmed if themes else 0,
            "not_scored": len(unscored.intersection(ids)) if not themes else 0, "stand_in": len(borrowed),
        }  # fmt: skip
        row |= {f"from_{board}": boards.count(board) for board in run.boards["board"]}
        row |= {f"stand_in_{board}": borrowed.count(board) for board in run.boards["board"]}
        rows.append(row)
    return pd.DataFrame(rows)


def _list_numbers(table: pd.DataFrame) -> list[str]:
    """Return the number of each row, and of all priorities."""
    return [f"{number:,}" for number in [*table.loc[table["shown"], "priorities"], table["priorities"].sum()]]


# --- words --------------------------------------------------------------------------------------------------


def propose_combinations(run: Run) -> words.Proposal:
    """Propose a headline: the combination with most priorities, if it leads by two or more; else neutral.

    *Confirmed* is said only where the same combination leads among the priorities all of whose tags are confirmed; a
    dagger stands where all of its priorities come from stand-in documents.
    """
    neutral, table = "Which themes single priorities join", count_combinations(run)
    joined = table[table["size"] > 1]
    if not _leads(joined["priorities"]):
        return words.Proposal(neutral, neutral)
    first, word = joined.iloc[0], _choose_word(run)
    what = "combination of tags" if word == "tagged" else f"{word} combination"
    what = "confirmed combination" if _leads(joined["confirmed"]) else what
    mark = DAGGER if first["stand_in"] == first["priorities"] else ""
    text = f"{words.join_names(first['names'])} form the most frequent {what}{mark}"
    lines = balance(text, WIDTH - 2 * MARGIN, style.HEADLINE, bold=True)
    return words.Proposal(text if len(lines) <= 2 else neutral, neutral, claim_combination(run, first["themes"]))


def _leads(counts: pd.Series[int]) -> bool:
    """Return whether the first of several counts is clearly above all others."""
    return len(counts) > 1 and bool(counts.iloc[0] - counts.iloc[1:].max() >= words.THEME_LEAD)


def _choose_word(run: Run) -> str:
    cells = count_cells(run)
    return words.choose_word(int(cells["confirmed"].sum()), int(cells["tagged"].sum()))


def _add_up(table: pd.DataFrame) -> tuple[int, int, int]:
    """Return the priorities with two or more themes, with one, with none."""
    size, count = table["size"], table["priorities"]
    return int(count[size > 1].sum()), int(count[size == 1].sum()), int(count[size == 0].sum())


def _write_alt(run: Run, table: pd.DataFrame) -> str:
    (two, one, none), joined, word = _add_up(table), table[table["size"] > 1], _choose_word(run)
    found, top = words.count_noun(len(joined), "exact combination"), joined.head(1).to_dict("records")
    how = "" if word == "tagged" or not two else f", all {word}"
    return words.join_sentences(
        [
            f"{found[0].upper()}{found[1:]} of themes in {two:,} of {two + one + none:,} priorities{how}.",
            f"Priorities with one theme: {one:,}; with none: {none:,}.",
            f"Most frequent: {words.join_names(top[0]['names'])}, {top[0]['priorities']:,} priorities."
            if _leads(joined["priorities"]) else "",
            words.say_stand_in(count_cells(run)).replace(f" ({DAGGER})", ""),
            "The table beside the figure has all numbers.",
        ]
    )  # fmt: skip


def _write_description(run: Run, table: pd.DataFrame) -> str:
    names, parts = dict(zip(run.themes["theme"], run.themes["name"], strict=True)), []
    for row in table.to_dict("records"):
        boards = [
            name + " " + _mark(row, board, " ({} from stand-in documents)", " (all from stand-in documents)")
            for board, name in zip(run.boards["board"], run.boards["name"], strict=True)
            if row[f"from_{board}"]
        ]
        sure = f", {row['confirmed']:,} with all tags confirmed" if row["confirmed"] else ""
        themes = " + ".join(names[theme] for theme in row["themes"]) or "No theme"
        count = words.count_noun(row["priorities"], "priority", "priorities")
        parts.append(f"{themes}: {count}{sure}{'; ' if boards else ''}{', '.join(boards)}.")
    return " ".join(parts)


def _mark(row: dict[Any, Any], board: str, some: str = f" ({{}}{DAGGER})", every: str = DAGGER) -> str:
    """Return a board's count with what of it comes from stand-in documents: "3", "3†" (all) or "3 (1†)"; or nothing."""
    count, borrowed = row[f"from_{board}"], row[f"stand_in_{board}"]
    note = every if borrowed == count else some.format(f"{borrowed:,}") if borrowed else ""
    return f"{count:,}{note}" if count else ""


# --- drawing ------------------------------------------------------------------------------------------------


class _Drawing:
    """One drawing of the combinations: the rows, what has no row, and where the columns stand."""

    def __init__(self, sheet: Sheet, table: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame) -> None:
        self.table, self.sheet = table, sheet
        self.themes, self.boards = words.list_rows(themes), words.list_rows(boards)
        self.rows: list[dict[Any, Any]] = table[table["shown"]].to_dict("records")
        self.rest, self.totals = self._list_rest()
        self._place_columns()
        self.counts = [self._say_counts([_mark(row, board.board) for board in self.boards]) for row in self.rows]

    def _list_rest(self) -> tuple[list[tuple[str, dict[Any, Any]]], list[tuple[str, dict[Any, Any]]]]:
        """Return the counts of what has no row, by its label; and of all, and of what comes from stand-ins."""
        table = self.table.drop(columns=["themes", "names"])
        many, single, none = (table[~table["shown"] & (table["size"].clip(upper=2) == size)] for size in (2, 1, 0))
        parts = (
            (f"{len(many):,} other combination{'s' if len(many) > 1 else ''}", many),
            ("Other single themes" if any(row["size"] == 1 for row in self.rows) else "One theme only", single),
            ("No theme", none),
        )  # fmt: skip
        total: dict[Any, Any] = table.sum().to_dict()
        borrowed = {f"from_{board.board}": total[f"stand_in_{board.board}"] for board in self.boards}
        totals = [("All priorities", total)]
        if total["stand_in"]:
            totals.append((f"of these from stand-ins{DAGGER}", {"priorities": total["stand_in"], **borrowed}))
        rest = [(label, part.sum().to_dict()) for label, part in parts if len(part)]
        unscored = {"priorities": total["not_scored"]}
        return rest + [(_MUTE, unscored)] * (total["not_scored"] > 0), totals

    def _place_columns(self) -> None:
        """Choose the fullest names for which there is room, and share out the room that is left."""
        number, count = len(self.themes), measure(f"{self.table['priorities'].sum():,}", style.LABEL, True)
        label = max(measure(text, style.HEAD, True) for text, _ in [*self.rest, *self.totals]) + 0.12
        room, bar = WIDTH - 2 * MARGIN - 2 * _GAP, max(0.8, count + 0.4)
        for board, theme in _LAYOUTS:
            pitch, widths = self._need_pitch(theme), self._need_widths(board)
            left = max(label, number * pitch)
            right = max(sum(widths), measure(_WHENCE, style.HEAD, True) if widths else _LIST)
            if left + bar + right <= room:
                break
        # What is left goes to the themes, then half of the rest to the boards, and all else to the bars.
        pitch = max(pitch, min(_PITCH, (left + max(0.0, room - left - bar - right) / 2) / number))
        left = max(left, number * pitch)
        more = max(0.0, room - left - bar - right) * (0.5 if widths else 0.8)
        widths = [width + min(0.2, more / len(widths)) for width in widths]
        right = WIDTH - MARGIN - (max(right, sum(widths)) if widths else right + more)
        self.theme, self.board, self.pitch, self.bar, self.right = theme, board, pitch, MARGIN + left + _GAP, right
        self.longest = right - _GAP - self.bar - 0.05 - count
        ends = list(accumulate(widths, initial=right))[1:]
        #: Per board the middle of its column and its width; without columns each row lists its boards.
        self.columns = [(end - width / 2, width) for end, width in zip(ends, widths, strict=True)]

    def _need_pitch(self, column: str) -> float:
        """Return how far apart the themes must stand for their numbers, and for their names if they are written."""
        widths = [measure(theme.number, style.SMALLEST, True) + 0.05 for theme in self.themes]
        if column != "number":
            widths += [_narrow(getattr(theme, column)) + 0.07 for theme in self.themes]
        return max(0.17, *widths)

    def _need_widths(self, column: str) -> list[float]:
        """Return how wide the columns of boards must be for their names, what was read, and their counts."""
        return [] if column == "list" else [
            0.1 + max(
                _narrow(getattr(board, column)), measure(_say_read(board), style.SMALLEST),
                *(measure(_mark(row, board.board), style.LABEL, True) for row in self.rows),
                *(measure(f"{row[f'from_{board.board}']:,}", style.HEAD, True) for _, row in self.totals),
            )
            for board in self.boards
        ]  # fmt: skip

    def _x(self, theme: int) -> float:
        return MARGIN + (theme + 0.5) * self.pitch

    def _say_counts(self, counts: list[str]) -> list[str]:
        """Return what to write for each board; without columns one list, or where that is too long their number."""
        if self.columns:
            return counts
        found = [(board, count) for board, count in zip(self.boards, counts, strict=True) if count]
        texts = [", ".join(f"{count} {getattr(board, name)}" for board, count in found) for name in ("short", "tiny")]
        number = f"{len(found)} of {len(self.boards)}" if len(found) < len(self.boards) else f"all {len(found)}"
        borrowed = [count.endswith(DAGGER) for _, count in found if DAGGER in count]
        mark = (DAGGER if len(borrowed) == len(found) and all(borrowed) else f" (some{DAGGER})") if borrowed else ""
        room = WIDTH - MARGIN - self.right - 0.05
        return [next((text for text in texts if measure(text, style.HEAD) <= room), f"{number} boards{mark}")]

    # --- the rows ---

    def draw(self, y: float) -> float:
        sheet, before = self.sheet, 2 if (self.table["size"] > 1).any() else 1
        y = self._draw_heads(y, "Themes joined" if before == 2 else "Themes")
        for n, row in enumerate(self.rows):
            if min(row["size"], 2) < before:
                sheet.line((MARGIN, y + 0.03), (WIDTH - MARGIN, y + 0.03))
                y, before = y + 0.06, 1
            if n % 2 == 0:
                sheet.box(MARGIN, y, WIDTH - 2 * MARGIN, _ROW, face=style.ZEBRA)
            self._draw_row(row, self.counts[n], y + _ROW / 2)
            y += _ROW
        return self._draw_key(self._draw_rest(y + 0.05) + 0.1) + 0.08

    def _draw_heads(self, y: float, title: str) -> float:
        """Name the columns, all on one foot; return where the rows begin."""
        sheet, columns = self.sheet, list(zip(self.boards, self.columns, strict=True)) if self.columns else []
        names = [balance(getattr(t, self.theme), self.pitch - 0.06, style.HEAD) for t in self.themes]
        names = [[] for _ in names] if self.theme == "number" else names
        heads = [balance(getattr(board, self.board), width - 0.06, style.HEAD) for board, (_, width) in columns]
        below = 0.14 if any(_say_read(board) for board, _ in columns) else 0.0
        exactly, named = balance(_EXACTLY, max(0.75, self.longest), style.HEAD), max(map(len, names)) * _LINE
        foot = y + max(0.42 + named, 0.2 + below + max(map(len, heads), default=0) * _LINE, len(exactly) * _LINE)
        sheet.text(MARGIN, y + 0.1, title, style.HEAD, bold=True)
        sheet.text(self.right, y + 0.1, _WHENCE, style.HEAD, bold=True)
        sheet.lines(self.bar, foot - len(exactly) * _LINE, exactly, style.HEAD)
        size = min(fit_size(theme.number, self.pitch - 0.04, style.NUMBER, True) for theme in self.themes)
        for n, lines in enumerate(names):
            sheet.text_at(self._x(n), foot - named - 0.1, self.themes[n].number, size, bold=True)
            sheet.lines(self._x(n), foot - named, lines, style.HEAD, align="center")
        for (board, (x, _)), lines in zip(columns, heads, strict=True):
            sheet.lines(x, foot - below - len(lines) * _LINE, lines, style.HEAD, align="center")
            sheet.text(x, foot - 0.03, _say_read(board), style.SMALLEST, colour=MUTED, align="center")
        return foot + 0.05

    def _draw_row(self, row: dict[Any, Any], counts: list[str], middle: float) -> None:
        sheet, places = self.sheet, [n for n, theme in enumerate(self.themes) if theme.theme in row["themes"]]
        sheet.line((self._x(places[0]), middle), (self._x(places[-1]), middle), colour=style.MAIN, width=2.2)
        for n in range(len(self.themes)):
            face, edge = (style.MAIN, style.MAIN) if n in places else (style.WHITE, style.GREY)
            radius = min(0.062, 0.3 * self.pitch) * (1 if n in places else 0.55)
            sheet.disc(self._x(n), middle, radius, face=face, edge=edge, line=0.8)
        unit = min(_UNIT, self.longest / max(shown["priorities"] for shown in self.rows))
        sheet.bar(self.bar, middle - _BAR / 2, row["confirmed"] * unit, row["suggested"] * unit, _BAR)
        end = self.bar + row["priorities"] * unit + 0.05
        sheet.text_at(end, middle, f"{row['priorities']:,}", style.LABEL, bold=True, align="left")
        self._draw_counts(counts, middle, True, style.LABEL)

    def _draw_counts(self, counts: list[str], middle: float, bold: bool, size: float) -> None:
        if not self.columns:
            self.sheet.text_at(self.right, middle, counts[0], style.HEAD, align="left")
        for (x, _), count in zip(self.columns, counts, strict=False):
            self.sheet.text_at(x, middle, count or "·", size, bold=bold, colour=style.INK if count else MUTED)

    def _draw_rest(self, y: float) -> float:
        """Count what has no row, and then everything; return where it ends."""
        sheet = self.sheet
        for rows in (self.rest, self.totals):
            sheet.line((MARGIN, y), (WIDTH - MARGIN, y))
            for n, (label, row) in enumerate(rows):
                middle, bold = y + 0.035 + (n + 0.5) * _FOOT, rows is self.totals and n == 0
                sheet.text_at(MARGIN, middle, label, style.HEAD, bold=bold, align="left")
                sheet.text_at(self.bar, middle, f"{row['priorities']:,}", style.HEAD, bold=bold, align="left")
                if label == _MUTE:
                    continue
                counts = [row[f"from_{board.board}"] for board in self.boards]
                texts = self._say_counts([f"{count:,}" if count else "" for count in counts])
                self._draw_counts(texts, middle, bold, style.HEAD)
            y += len(rows) * _FOOT + 0.07
        return y

    # --- the key ---

    def _draw_key(self, y: float) -> float:
        """Explain what was drawn, and only that; return where it ends."""
        sheet, x = self.sheet, MARGIN
        for theme in self.themes if self.theme != "short" else []:
            number = measure(theme.number, style.NOTE, True) + 0.05
            width = number + measure(theme.short, style.NOTE)
            if x + width > WIDTH - MARGIN:
                x, y = MARGIN, y + 0.14
            sheet.text(x, y + 0.1, theme.number, style.NOTE, bold=True)
            sheet.text(x + number, y + 0.1, theme.short, style.NOTE)
            x += width + 0.16
        y, x = y + 0.2 * (x > MARGIN), MARGIN
        for column, label in (("confirmed", "all tags confirmed"), ("suggested", "at least one tag only suggested")):
            if any(row[column] for row in self.rows):
                sheet.bar(x, y + 0.02, 0.3 * (column == "confirmed"), 0.3 * (column == "suggested"), _BAR)
                sheet.text_at(x + 0.36, y + 0.08, label, style.NOTE, align="left")
                x += 0.36 + measure(label, style.NOTE) + 0.2
        y += 0.2 * (x > MARGIN)
        for term, meaning in self._list_marks():
            sheet.lines(MARGIN, y, [term], style.NOTE, bold=True)
            y = sheet.paragraph(MARGIN + 0.62, y, meaning, style.NOTE, WIDTH - 2 * MARGIN - 0.62)
        return y

    def _list_marks(self) -> list[tuple[str, str]]:
        some = any(f"({n}" in text for row in self.counts for text in row for n in "123456789")
        marks = [
            (DAGGER, "from stand-in documents, not from the board's named strategy.", bool(self.totals[1:])),
            (f"2 (1{DAGGER})", "two priorities, one of them from stand-in documents.", some),
            ("not read", "the board's named strategy was not read, or not all of it, so nothing is said to be absent.",
             bool(self.columns) and any(map(_say_read, self.boards))),
        ]  # fmt: skip
        return [(term, meaning) for term, meaning, needed in marks if needed]


def _narrow(name: str) -> float:
    """Return the least width of a column head: its longest word."""
    return max((measure(word, style.HEAD) for word in drawable(name).split()), default=0.0)


def _say_read(board: Any) -> str:
    return "" if board.reading == "read" else str(board.reading)
