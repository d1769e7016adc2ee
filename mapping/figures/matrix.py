"""The matrix of boards and themes: how many priorities stand in each cell, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from mapping.cells import count_boards, count_cells, count_themes
from mapping.figures import style, words
from mapping.figures.chart import Chart, Checks
from mapping.figures.sheet import Sheet, height_of
from mapping.figures.slides import draw_slide_matrix, write_slide_words
from mapping.figures.style import DAGGER, MARGIN, MUTED, TICK, WIDTH, balance, choose_shade, fit_size, measure
from mapping.tags import Run

__all__ = ["build_matrix", "plot_matrix"]

_GAP = 0.05
_BAR = 0.44
#: Rows higher than this in all would not fit a page; the boards then go by their short names.
_TALLEST = 6.3


def plot_matrix(run: Run, *, title: str = "inside", context: str = "a4") -> Chart:
    """Draw the matrix of boards and themes, with its margins.

    A number counts the priorities tagged; the shade is their share of the board's own list, in five classes; bars
    show all boards (above) and the priorities with at least one theme (right). Nothing is hidden: a cell says
    "none" only where the text was read, "not read" where it was not, and a dagger marks stand-in documents.

    Parameters
    ----------
    run : Run
    title, context : str
        Where the headline stands, and where the figure is read (``Chart``).

    Returns
    -------
    Chart
        ``data`` is the table of ``count_cells``.
    """
    return build_matrix(run, "matrix", words.title_matrix(run), "", title=title, context=context)


def build_matrix(run: Run, name: str, head: words.Title, note: str, *, title: str, context: str) -> Chart:
    """Return the matrix under another name and headline, with a note: for figures that fall back to it."""
    cells, boards, themes = count_cells(run), count_boards(run), count_themes(run)
    what = f"Priorities tagged to each {run.framework.name} theme, by board."
    subtitle = words.join_parts(what, words.say_checks(cells), words.say_stand_in(cells))
    caption = words.write_caption(run, "A priority counts under each of its themes.", note, head=head)
    if context == "slide":
        unread = "Not read: a named strategy was not read, so nothing can be said."
        subtitle = write_slide_words(cells, "")
        caption = words.write_caption(run, unread if (cells["state"] == "not read").any() else "", head=head)
    draw, numbers = (draw_slide_matrix, list_cells) if context == "slide" else (_draw, list_numbers)
    return Chart(
        name, cells, head.text, subtitle, _write_alt(cells, boards, themes), _write_description(cells, boards, themes),
        caption, lambda sheet, y: draw(sheet, y, cells, boards, themes), head.verdict, title, context,
        Checks(words.list_names(boards, themes), numbers, (style.WHITE, *(shade[1] for shade in style.SHADES))),
    )  # fmt: skip


def _draw(sheet: Sheet, y: float, cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame) -> float:
    return _Drawing(sheet, cells, boards, themes).draw(y)


def list_cells(cells: pd.DataFrame) -> list[str]:
    """Return the numbers of the cells that hold something."""
    return [f"{number:,}" for number in cells.loc[cells["tagged"] > 0, "tagged"]]


def list_numbers(cells: pd.DataFrame) -> list[str]:
    """Return the numbers that a table of cells gives: of each cell, and of each theme."""
    sums = cells.groupby("theme", sort=False)["tagged"].sum()
    return [*list_cells(cells), *(f"{number:,}" for number in sums)]


# --- words --------------------------------------------------------------------------------------------------


def _write_alt(cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame) -> str:
    filled, tagged = int((cells["tagged"] > 0).sum()), int(cells["tagged"].sum())
    word = words.choose_word(int(cells["confirmed"].sum()), tagged)
    size = f"{words.count_noun(len(boards), 'board')} by {words.count_noun(len(themes), 'theme')}"
    largest = ""
    if tagged:
        top = cells.iloc[int(cells["tagged"].to_numpy().argmax())]
        ties = int((cells["tagged"] == top["tagged"]).sum())
        short, theme = _names(boards, themes, top)
        what = f"{top['tagged']} of {top['priorities']} priorities"
        largest = f"Largest count: {short} on {theme}, {what}." if ties == 1 else ""
    unread = int((cells["state"] == "not read").sum())
    return words.join_sentences(
        [
            f"Matrix of {size}.",
            f"{filled} of {len(cells)} cells hold a priority{'' if word == 'tagged' else ', all ' + word}."
            if tagged else "No cell holds a tagged priority.",
            words.say_stand_in(cells).replace(f" ({DAGGER})", ""),
            largest,
            f"{unread} empty {'cell is' if unread == 1 else 'cells are'} marked as not read." if unread else "",
            "The table beside the figure has all numbers.",
        ]
    )  # fmt: skip


def _names(boards: pd.DataFrame, themes: pd.DataFrame, cell: Any) -> tuple[str, str]:
    short = boards.set_index("board")["short"]
    return str(short[cell["board"]]), str(themes.set_index("theme")["short"][cell["theme"]])


def _write_description(cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame) -> str:
    names = dict(zip(themes["theme"], themes["name"], strict=True))
    parts = []
    for board in words.list_rows(boards):
        own = cells[cells["board"] == board.board]
        counts = [
            f"{names[theme]}: {say_cell(cell)}" for theme, cell in zip(own["theme"], words.list_rows(own), strict=True)
        ]
        unread = f" Named strategies not read: {board.not_read}." if board.not_read else ""
        parts.append(
            f"{board.name}: {board.with_theme} of {board.priorities} priorities carry a theme. "
            f"{'; '.join(counts)}.{unread}"
        )
    return " ".join(parts)


def say_cell(cell: Any) -> str:
    """Return a cell in words: "3 (1 confirmed, 2 from stand-in documents)", "none", "not read", "no data"."""
    if not cell.tagged:
        return "no data" if cell.state == "empty" else str(cell.state)
    notes = [f"{cell.confirmed} confirmed"] if cell.confirmed else []
    notes += [f"{cell.stand_in} from stand-in documents"] if cell.stand_in else []
    return f"{cell.tagged} ({', '.join(notes)})" if notes else str(cell.tagged)


# --- drawing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Columns:
    """Where things stand from left to right, in inches."""

    label: float
    left: float
    cell: float
    right: float

    def x(self, theme: int) -> float:
        return self.left + theme * (self.cell + _GAP)


class _Drawing:
    """One drawing of the matrix: the tables, the sheet, and what is settled before the first line is drawn."""

    def __init__(self, sheet: Sheet, cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame) -> None:
        self.cells, self.boards, self.themes = cells, boards, themes
        self.sheet = sheet
        self.at = self._place_columns()
        self.heads, self.in_full = self._choose_heads()
        self.notes = self._choose_notes()
        self.names = "name"
        self.height = self._choose_height()
        if self.height * len(boards) > _TALLEST:
            self.names, self.notes = "short", self._join_notes()
            self.height = self._choose_height()

    def _place_columns(self) -> _Columns:
        number = len(self.themes)
        label, margin = (1.0, 0.62) if number > 8 else (1.36, 0.96)
        room = WIDTH - 2 * MARGIN - label - 0.1 - margin - 0.07
        cell = min(room / number - _GAP, 0.95)
        # Room that the cells leave goes to the names.
        label += min(0.6, room - number * (cell + _GAP))
        left = MARGIN + label + 0.1
        return _Columns(label, left, cell, left + number * (cell + _GAP) + 0.07)

    def _choose_heads(self) -> tuple[list[list[str]], bool]:
        """Return the lines above each column, and whether the names must be listed in full below."""
        width = self.at.cell + _GAP - 0.03
        for column, most in (("name", 4), ("short", 2), ("tiny", 1)):
            heads = [balance(name, width, style.HEAD) for name in self.themes[column]]
            whole = all(measure(word, style.HEAD) <= width for name in self.themes[column] for word in name.split())
            if whole and all(len(lines) <= most for lines in heads):
                return heads, column != "name"
        return [[] for _ in self.themes["name"]], True

    def _choose_notes(self) -> dict[tuple[str, str], list[str]]:
        """Return the small lines of each cell: in words where all of them fit, otherwise as signs."""
        notes = self._write_notes(brief=False)
        widest = max((measure(note, style.SMALLEST) for own in notes.values() for note in own), default=0.0)
        return notes if widest <= self.at.cell - 0.02 else self._write_notes(brief=True)

    def _write_notes(self, *, brief: bool) -> dict[tuple[str, str], list[str]]:
        confirmed = bool(self.cells["confirmed"].any())
        notes: dict[tuple[str, str], list[str]] = {}
        for cell in words.list_rows(self.cells[self.cells["tagged"] > 0]):
            mixed = 0 < int(cell.stand_in) < int(cell.tagged)
            sure = f"{cell.confirmed}{TICK}" if brief else f"{cell.confirmed} confirmed"
            part = f"{cell.stand_in}{DAGGER}" if brief else f"incl. {cell.stand_in}{DAGGER}"
            notes[str(cell.board), str(cell.theme)] = [sure] * confirmed + [part] * mixed
        return notes

    def _say_reading(self, board: Any) -> list[str]:
        """Return what was not read of a board; in a word or two beside a short name."""
        brief = "" if board.reading == "read" else str(board.reading)
        said = brief if self.names == "short" else words.say_reading(board)
        return balance(said, self.at.label, style.NOTE)

    def _choose_height(self) -> float:
        """Return the height of a row, the same for all: what the tallest name or cell needs."""
        names = [
            height_of(balance(getattr(board, self.names), self.at.label, style.LABEL), style.LABEL)
            + height_of(self._say_reading(board), style.NOTE)
            for board in words.list_rows(self.boards)
        ]
        lines = max(map(len, self.notes.values()), default=0)
        heights = (0.28, 0.36, 0.45) if self.names == "short" else (0.36, 0.44, 0.54)
        return max([heights[min(lines, 2)], *(height + 0.02 for height in names)])

    def _join_notes(self) -> dict[tuple[str, str], list[str]]:
        """Return the small lines as signs, on one line where there is room: for many boards."""
        joined = {key: " ".join(notes) for key, notes in self._write_notes(brief=True).items()}
        widest = max((measure(note, style.SMALLEST) for note in joined.values()), default=0.0)
        fits = widest <= self.at.cell - 0.02
        return {key: [note] if note else [] for key, note in joined.items()} if fits else self._write_notes(brief=True)

    def draw(self, y: float) -> float:
        y = self._draw_top(y)
        for board in words.list_rows(self.boards):
            self._draw_row(board, y)
            y += self.height + _GAP
        return self._draw_key(y + 0.07) + 0.08

    def _draw_top(self, y: float) -> float:
        """Draw the bars of all boards and the heads of the columns; return where the rows begin."""
        sheet, at = self.sheet, self.at
        longest = max(1, int(self.themes["tagged"].max()))
        base = y + 0.17 + _BAR
        label = balance("Priorities per theme, all boards", at.label, style.HEAD)
        sheet.lines(MARGIN + at.label, base - height_of(label, style.HEAD), label, style.HEAD, align="right")
        sheet.line((at.left, base), (at.x(len(self.themes)) - _GAP, base))
        thick, unit = at.cell * 0.5, _BAR / longest
        foot = base + 0.31 + max(map(len, self.heads)) * style.PITCH * style.HEAD / 72
        for n, theme in enumerate(words.list_rows(self.themes)):
            middle, number = at.x(n) + at.cell / 2, f"{theme.tagged:,}"
            sheet.bar(middle - thick / 2, base, theme.confirmed * unit, theme.suggested * unit, thick, upright=True)
            size = fit_size(number, at.cell, style.LABEL, bold=True)
            sheet.text(middle, base - theme.tagged * unit - 0.05, number, size, bold=True, align="center")
            sheet.text_at(middle, base + 0.17, theme.number, style.NUMBER, bold=True)
            sheet.lines(middle, base + 0.29, self.heads[n], style.HEAD, align="center")
        side = balance("Priorities with a theme", WIDTH - MARGIN - at.right, style.HEAD)
        sheet.lines(at.right, foot - height_of(side, style.HEAD), side, style.HEAD)
        return foot + 0.05

    def _draw_row(self, board: Any, y: float) -> None:
        sheet, right = self.sheet, MARGIN + self.at.label
        label = balance(getattr(board, self.names), self.at.label, style.LABEL)
        below = self._say_reading(board)
        tall = height_of(label, style.LABEL) + height_of(below, style.NOTE)
        top = sheet.lines(right, y + (self.height - tall) / 2, label, style.LABEL, align="right")
        sheet.lines(right, top, below, style.NOTE, align="right", colour=MUTED)
        own = self.cells[self.cells["board"] == board.board]
        for n, cell in enumerate(words.list_rows(own)):
            if cell.tagged:
                self._draw_count(cell, self.at.x(n), y)
            else:
                self._draw_empty(str(cell.state), self.at.x(n), y)
        self._draw_side(board, y + self.height / 2)

    def _draw_count(self, cell: Any, x: float, y: float) -> None:
        sheet, width = self.sheet, self.at.cell
        face, ink = choose_shade(cell.share)
        sheet.box(x, y, width, self.height, face=face)
        number = f"{cell.tagged:,}{DAGGER if cell.stand_in == cell.tagged else ''}"
        size = fit_size(number, width - 0.02, style.NUMBER, bold=True)
        notes = self.notes[cell.board, cell.theme]
        pitch = style.SMALLEST * 1.3 / 72
        at = y + self.height / 2 - len(notes) * pitch / 2
        sheet.text_at(x + width / 2, at, number, size, bold=True, colour=ink)
        for n, note in enumerate(notes):
            sheet.text_at(x + width / 2, at + size * 0.55 / 72 + (n + 0.6) * pitch, note, style.SMALLEST, colour=ink)

    def _draw_empty(self, state: str, x: float, y: float) -> None:
        sheet, width, unread = self.sheet, self.at.cell, state in ("not read", "not scored")
        edge = style.GREY if unread else style.RULE
        sheet.box(x + 0.006, y + 0.006, width - 0.012, self.height - 0.012, edge=edge, dashed=unread)
        lines = balance("no data" if state == "empty" else state, width - 0.02, style.SMALLEST)
        top = y + (self.height - height_of(lines, style.SMALLEST)) / 2
        sheet.lines(x + width / 2, top, lines, style.SMALLEST, colour=MUTED, align="center")

    def _draw_side(self, board: Any, middle: float) -> None:
        """Draw a board's priorities with at least one theme, out of all."""
        sheet, x, thick = self.sheet, self.at.right, 0.2
        counts = [
            f"{n:,} of {of:,}" for n, of in zip(self.boards["with_theme"], self.boards["priorities"], strict=True)
        ]
        width = WIDTH - MARGIN - x - 0.05 - max(measure(count, style.HEAD) for count in counts)
        if width > 0.15 and board.priorities:
            unit = width / max(1, int(self.boards["priorities"].max()))
            sheet.box(
                x, middle - thick / 2, board.priorities * unit, thick, face=style.ZEBRA, edge=style.RULE, line=0.5
            )
            waiting = board.with_theme - board.with_confirmed
            sheet.bar(x, middle - thick / 2, board.with_confirmed * unit, waiting * unit, thick)
            x += board.priorities * unit + 0.05
        text = f"{board.with_theme:,} of {board.priorities:,}"
        sheet.text_at(x, middle, text, fit_size(text, WIDTH - MARGIN - x, style.HEAD), align="left")

    # --- the key ---

    def _draw_key(self, y: float) -> float:
        """Explain in words what was drawn, and only that; return where it ends."""
        sheet = self.sheet
        y = self._draw_full_names(y) if self.in_full else y
        sheet.text(MARGIN, y + 0.1, "Shade: share of the board's own priorities (%)", style.HEAD)
        for n, (_, face, ink, label) in enumerate(style.SHADES):
            sheet.box(MARGIN + n * 0.62, y + 0.16, 0.60, 0.18, face=face)
            sheet.text_at(MARGIN + n * 0.62 + 0.30, y + 0.25, label, style.SMALLEST, colour=ink)
        self._draw_bar_key(MARGIN + 3.42, y)
        y += 0.42
        for term, meaning in self._list_marks():
            sheet.lines(MARGIN, y, [term], style.NOTE, bold=True)
            y = sheet.paragraph(MARGIN + 0.62, y, meaning, style.NOTE, WIDTH - 2 * MARGIN - 0.62)
        return y

    def _draw_bar_key(self, x: float, y: float) -> None:
        sheet = self.sheet
        sheet.text(x, y + 0.1, "Bars: how far people have checked", style.HEAD)
        confirmed, tagged = int(self.cells["confirmed"].sum()), int(self.cells["tagged"].sum())
        without = int((self.boards["priorities"] - self.boards["with_theme"]).sum())
        for label, number in (("confirmed", confirmed), ("suggested", tagged - confirmed), ("no theme", without)):
            if not number:
                continue
            if label == "no theme":
                sheet.box(x, y + 0.17, 0.2, 0.16, face=style.ZEBRA, edge=style.RULE, line=0.5)
            else:
                sheet.bar(x, y + 0.17, 0.2 * (label == "confirmed"), 0.2 * (label == "suggested"), 0.16)
            sheet.text_at(x + 0.25, y + 0.25, label, style.NOTE, align="left")
            x += 0.25 + measure(label, style.NOTE) + 0.13

    def _list_marks(self) -> list[tuple[str, str]]:
        states, notes = set(self.cells["state"]), [note for notes in self.notes.values() for note in notes]
        marks = []
        if any(TICK in note for note in notes):
            marks.append((f"2{TICK}", "two of them confirmed by a person."))
        if self.cells["stand_in"].any():
            marks.append((DAGGER, "from stand-in documents, not from the board's named strategy."))
        if "not read" in states:
            marks.append(("not read", "no tag, but a named strategy was not read, so nothing can be said."))
        if "not scored" in states:
            marks.append(("not scored", "no text of the board could be scored: too short, or not in English."))
        if "none" in states:
            marks.append(("none", "no tag in the text that was read."))
        if "empty" in states:
            marks.append(("no data", "the board has no priorities in the data."))
        return marks

    def _draw_full_names(self, y: float) -> float:
        """List the themes in full, in two columns, where the heads had no room for them."""
        width, indent = (WIDTH - 2 * MARGIN - 0.2) / 2, 0.24
        rows, end = (len(self.themes) + 1) // 2, y
        for column, themes in enumerate((self.themes.iloc[:rows], self.themes.iloc[rows:])):
            x, at = MARGIN + column * (width + 0.2), y
            for theme in words.list_rows(themes):
                self.sheet.lines(x, at, [theme.number], style.HEAD, bold=True)
                at = self.sheet.paragraph(x + indent, at, theme.name, style.HEAD, width - indent)
            end = max(end, at)
        return end + 0.1
