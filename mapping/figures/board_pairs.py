"""Pairs of boards: how alike the themes of any two boards are, which is not to say that they work together."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import pandas as pd

from mapping.cells import count_boards, count_cells, count_themes
from mapping.figures import style, words
from mapping.figures.chart import Chart, Checks
from mapping.figures.matrix import build_matrix
from mapping.figures.nodes import draw_board, explain_boards, find_kind
from mapping.figures.sheet import Sheet, choose_layout, height_of
from mapping.figures.slides import draw_slide_pairs, list_slide_pairs, note_slide_pairs
from mapping.figures.style import DAGGER, MARGIN, MUTED, WIDTH, balance, fit_size, measure
from mapping.intersections import measure_density
from mapping.pairs import describe_overlap, find_board_pairs
from mapping.tags import Run

__all__ = ["plot_board_pairs", "say_density"]

#: Boards that fit a polygon beside the list, and a polygon at all; pairs that are listed.
_BESIDE, _POLYGON, _LISTED = 5, 8, 20
#: The widest pair of names, in inches, that leaves room for a polygon beside the list.
_WIDEST = 1.65
_BADGE, _NODE = 0.165, 0.155
#: Height of a row; of a row in a long list; the least in a paper.
_ROW, _CLOSE, _CLOSEST, _LONG = 0.25, 0.21, 0.185, 12
_THREE = 3


class _Look(NamedTuple):
    """One layout: whether there is a network, and how high a row of the list is."""

    network: bool
    row: float


def plot_board_pairs(run: Run, *, title: str = "inside", context: str = "a4") -> Chart:
    """Draw how alike the theme profiles of each two boards are: a network, and all pairs in order.

    overlap = sum over themes of the smaller of the two boards' shares of tags, 0 to 1. No percentage is printed
    where a board has fewer than five tags. With more than eight boards, and in a paper where it has no room, there is
    no network; at most 20 pairs are listed; how many are not shown is said. With one board the matrix is drawn instead.

    Parameters
    ----------
    run : Run
    title, context : str
        Where the headline stands, and where the figure is read (``Chart``).

    Returns
    -------
    Chart
        ``data`` is the table of ``find_board_pairs``.
    """
    pairs = find_board_pairs(run)
    if pairs.empty:
        note = "With one board there is no pair; here the matrix stands in its place."
        return build_matrix(run, "board-pairs", words.title_matrix(run), note, title=title, context=context)
    head, cells = words.title_pairs(run, pairs), count_cells(run)
    boards, themes = count_boards(run), count_themes(run)
    what = "Overlap: the part of two boards' tags that falls on the same themes."
    subtitle = words.join_parts(what, words.say_checks(cells), words.say_stand_in(cells))
    hidden = len(pairs) - _LISTED
    # Boards of pairs that are not listed need not be named.
    names = words.list_names(boards, themes) if hidden <= 0 else words.list_names(themes)
    more = f"The {_LISTED} most alike of {len(pairs)} pairs are listed; {hidden} are not shown." if hidden > 0 else ""
    notes = ["Overlap of theme profiles is not cooperation.", say_density(run), more]
    draw, numbers = _draw, _list_numbers
    if context == "slide":
        draw, numbers, notes = draw_slide_pairs, list_slide_pairs, note_slide_pairs(pairs, cells, boards)
        names = () if len(boards) > _POLYGON else words.list_names(boards)
    caption = words.write_caption(run, *notes, head=head)
    return Chart(
        "board-pairs", pairs, head.text, subtitle, _write_alt(run, pairs), _write_description(run, pairs), caption,
        lambda sheet, y: draw(sheet, y, pairs, cells, boards, themes), head.verdict, title, context,
        Checks(names, numbers, (style.QUIET_BAR, style.MAIN)),
    )  # fmt: skip


def _draw(
    sheet: Sheet, y: float, pairs: pd.DataFrame, cells: pd.DataFrame, boards: pd.DataFrame, themes: pd.DataFrame
) -> float:
    def draw(sheet: Sheet, look: _Look) -> float:
        return _Drawing(sheet, look, pairs, cells, boards, themes).draw(y)

    row = _CLOSE if min(len(pairs), _LISTED) > _LONG else _ROW
    looks = [_Look(len(boards) <= _POLYGON, row), *(_Look(False, low) for low in (_CLOSE, _CLOSEST) if low <= row)]
    return draw(sheet, choose_layout(sheet, looks, draw))


def _list_numbers(pairs: pd.DataFrame) -> list[str]:
    return [describe_overlap(pair) for pair in words.list_rows(pairs.head(_LISTED))]


# --- words --------------------------------------------------------------------------------------------------


def say_density(run: Run) -> str:
    """Return how full the picture is: where nearly all pairs share a theme, sharing one says little."""
    filled, cells, meeting, pairs = measure_density(run)
    little = ", so sharing a theme by itself says little" if meeting >= 0.8 * pairs else ""
    return f"{filled} of {cells} cells hold a tag; {meeting} of {pairs} pairs share a theme{little}."


def _write_alt(run: Run, pairs: pd.DataFrame) -> str:
    names = words.name_boards(run)
    best = [pair for pair in words.list_rows(pairs) if describe_overlap(pair).endswith("%")][:_THREE]
    listed = (
        words.join_names(f"{names[p.board_a]} and {names[p.board_b]} {describe_overlap(p)}" for p in best)
        if best
        else ""
    )
    without = int(pairs["overlap"].isna().sum())
    few = sum(describe_overlap(pair) == "few tags" for pair in words.list_rows(pairs))
    return words.join_sentences(
        [
            f"Overlap of the theme profiles of {words.count_noun(len(pairs), 'pair')} of boards.",
            f"Most alike: {listed}." if listed else "",
            _say_pairs(without, "has a board without tags", "have a board without tags"),
            _say_pairs(few, "has under five tags on one side", "have under five tags on one side"),
            words.say_stand_in(count_cells(run)).replace(f" ({DAGGER})", ""),
            "The table beside the figure has all pairs.",
        ]
    )


def _say_pairs(number: int, one: str, many: str) -> str:
    sentence = f"{words.count_noun(number, 'pair')} {one if number == 1 else many}."
    return sentence[0].upper() + sentence[1:] if number else ""


def _write_description(run: Run, pairs: pd.DataFrame) -> str:
    names = words.name_boards(run)
    numbers = dict(zip(run.themes["theme"], run.themes["name"], strict=True))
    parts = []
    for pair in words.list_rows(pairs):
        shared = words.join_names(numbers[theme] for theme in pair.themes) if pair.themes else "no theme found in both"
        mark = ", through stand-in documents" if pair.stand_in and pair.tags_a and pair.tags_b else ""
        parts.append(f"{names[pair.board_a]} and {names[pair.board_b]}: {describe_overlap(pair)}{mark}; {shared}.")
    return " ".join(parts)


# --- drawing ------------------------------------------------------------------------------------------------


class _Drawing:
    """One drawing of the pairs: the network beside or above the list, or the list alone."""

    def __init__(
        self, sheet: Sheet, look: _Look, pairs: pd.DataFrame, cells: pd.DataFrame, boards: pd.DataFrame,
        themes: pd.DataFrame,
    ) -> None:  # fmt: skip
        self.pairs, self.boards, self.themes = list(words.list_rows(pairs)), boards, themes
        self.number = dict(zip(themes["theme"], themes["number"], strict=True))
        self.through = words.list_stand_in(cells)
        self.tags = cells.groupby("board")["tagged"].sum().to_dict()
        self.name = {
            board: f"{short}{DAGGER if board in self.through else ''}"
            for board, short in zip(boards["board"], boards["short"], strict=True)
        }
        self.labels = [f"{self.name[pair.board_a]} – {self.name[pair.board_b]}" for pair in self.pairs[:_LISTED]]
        self.label = max(measure(label, style.HEAD, True) for label in self.labels)
        self.beside = len(boards) <= _BESIDE and self.label <= _WIDEST
        self.sheet, self.network, self.row = sheet, look.network, look.row
        self.dark = self._choose_dark()
        #: What stands on the network already: left, top, right, bottom.
        self.taken: list[tuple[float, float, float, float]] = []

    def _choose_dark(self) -> set[tuple[str, str]]:
        """Return the three most alike pairs; where the third is no better than the fourth, fewer."""
        firm = [pair for pair in self.pairs if describe_overlap(pair).endswith("%") and pair.overlap > 0]
        bar = firm[_THREE].overlap if len(firm) > _THREE else 0.0
        return {(p.board_a, p.board_b) for p in firm[:_THREE] if p.overlap > bar}

    def draw(self, top: float) -> float:
        if not self.network:
            y = self._draw_list(MARGIN, top)
        elif not self.beside:
            y = self._draw_network((WIDTH / 2, top + 1.32), 1.02, top)
            y = self._draw_list(MARGIN, y + 0.1)
        else:
            listed = 0.36 + self.row * len(self.pairs)
            y = self._draw_network((MARGIN + 1.25, top + max(1.12, listed / 2)), 0.74, top)
            y = max(y, self._draw_list(MARGIN + 2.62, top))
        return self._draw_key(y + 0.08) + 0.08

    # --- the network ---

    def _draw_network(self, centre: tuple[float, float], radius: float, top: float) -> float:
        """Draw boards at fixed places on a polygon, their overlaps as lines; return where it ends."""
        number = len(self.boards)
        turn = 0.5 if number == 4 else 0.0
        places = {
            board: (
                centre[0] + radius * math.sin(2 * math.pi * (n + turn) / number),
                centre[1] - radius * math.cos(2 * math.pi * (n + turn) / number),
            )
            for n, board in enumerate(self.boards["board"])
        }
        for dark in (False, True):
            self._draw_edges(places, dark)
        for board in words.list_rows(self.boards):
            self._draw_node(board, places[board.board])
            self._name_node(self.name[board.board], places[board.board], centre)
        self._write_edges(places)
        return max(y for _, y in places.values()) + _NODE + 0.27

    def _draw_edges(self, places: dict[str, tuple[float, float]], dark: bool) -> None:
        for pair in self.pairs:
            is_dark = (pair.board_a, pair.board_b) in self.dark
            if pair.overlap == pair.overlap and pair.overlap > 0 and is_dark == dark:
                colour = style.MAIN if dark else "#C8CDD3"
                width = 0.7 + 8.0 * float(pair.overlap) ** 2
                self.sheet.line(places[pair.board_a], places[pair.board_b], colour=colour, width=width)

    def _write_edges(self, places: dict[str, tuple[float, float]]) -> None:
        """Write the overlap on the dark lines, each where it is clear of names, nodes and other overlaps."""
        for pair in self.pairs:
            if (pair.board_a, pair.board_b) not in self.dark:
                continue
            (x0, y0), (x1, y1) = places[pair.board_a], places[pair.board_b]
            text = describe_overlap(pair)
            half, tall = measure(text, style.HEAD, True) / 2 + 0.03, 0.075
            spots = [(x0 + (x1 - x0) * at, y0 + (y1 - y0) * at) for at in (0.5, 0.4, 0.6, 0.32, 0.68, 0.45, 0.55)]
            covered = [self._cover((x - half, y - tall, x + half, y + tall)) for x, y in spots]
            x, y = spots[covered.index(min(covered))]
            self.taken.append((x - half, y - tall, x + half, y + tall))
            self.sheet.plate(x - half, y - tall, 2 * half, 2 * tall)
            self.sheet.text_at(x, y, text, style.HEAD, bold=True)

    def _cover(self, box: tuple[float, float, float, float]) -> float:
        """Return how much of what stands already a box would cover, in square inches."""
        return round(
            sum(
                max(0.0, min(box[2], right) - max(box[0], left)) * max(0.0, min(box[3], bottom) - max(box[1], top))
                for left, top, right, bottom in self.taken
            ), 6,
        )  # fmt: skip

    def _find_kind(self, board: Any) -> str:
        return find_kind(board.board, int(self.tags[board.board]), self.through)

    def _draw_node(self, board: Any, place: tuple[float, float]) -> None:
        x, y = place
        self.sheet.disc(x, y, _NODE + 0.02, face=style.WHITE, edge=style.WHITE)
        draw_board(self.sheet, place, _NODE, board.priorities, self._find_kind(board), style.LABEL)
        self.taken.append((x - _NODE, y - _NODE, x + _NODE, y + _NODE))

    def _name_node(self, name: str, place: tuple[float, float], centre: tuple[float, float]) -> None:
        """Write a board's name outside the polygon."""
        x, y = place
        aside, width = x - centre[0], measure(name, style.HEAD)
        if abs(aside) < 0.3 or (self.beside and y > centre[1]):
            left, middle = x - width / 2, y + (-1 if y <= centre[1] else 1) * (_NODE + 0.12)
        elif not self.beside:
            left, middle = (x + _NODE + 0.07 if aside > 0 else x - _NODE - 0.07 - width), y
        else:
            # A node at the side: its name runs outwards above it, clear of the line to the top node.
            inwards = min(0.25, max(0.05, width + abs(aside) - centre[0] + MARGIN))
            left, middle = (x - inwards if aside > 0 else x + inwards - width), y - _NODE - 0.12
        self.sheet.text_at(left, middle, name, style.HEAD, align="left")
        self.taken.append((left, middle - 0.07, left + width, middle + 0.07))

    # --- the list ---

    def _draw_list(self, x: float, y: float) -> float:
        """Draw all pairs in order: names, overlap, the themes on which both have a tag; return where it ends."""
        sheet, end = self.sheet, WIDTH - MARGIN
        shown = self.pairs[:_LISTED]
        label = self.label
        most = max(len(pair.themes) for pair in shown)
        badges = max(most * (_BADGE + 0.025), 0.82)
        as_count = end - x - label - badges < 1.0
        badges = 0.82 if as_count else badges
        bar_x = x + label + 0.08
        longest = max(0.1, min(2.4, end - bar_x - badges - 0.56))
        themes_x = bar_x + longest + 0.54
        heads = (
            (bar_x - 0.08, "Pair of boards", "right", label),
            (bar_x, "Overlap of theme profiles", "left", longest + 0.4),
            (themes_x, "Themes found in both", "left", end - themes_x),
        )
        lines = [balance(text, width, style.HEAD) for _, text, _, width in heads]
        foot = y + height_of(max(lines, key=len), style.HEAD)
        for (at, _, align, _), head in zip(heads, lines, strict=True):
            sheet.lines(at, foot - height_of(head, style.HEAD), head, style.HEAD, colour=MUTED, align=align)
        y = foot + 0.05 + self.row / 2
        for pair, name in zip(shown, self.labels, strict=True):
            dark = (pair.board_a, pair.board_b) in self.dark
            sheet.text_at(bar_x - 0.08, y, name, style.HEAD, bold=dark, align="right")
            self._draw_overlap(pair, bar_x, y, longest, dark)
            self._draw_themes(pair, themes_x, y, as_count)
            y += self.row
        return y - self.row / 2

    def _draw_overlap(self, pair: Any, x: float, y: float, longest: float, dark: bool) -> None:
        sheet, text = self.sheet, describe_overlap(pair)
        if text.endswith("%") or text == "few tags":
            length = float(pair.overlap) * longest
            if text == "few tags" and length:
                sheet.box(x, y - 0.055, length, 0.11, edge=style.GREY)
            elif length:
                sheet.box(x, y - 0.055, length, 0.11, face=style.MAIN if dark else style.QUIET_BAR)
            x += length + 0.05 if length else 0.0
        colour = style.INK if text.endswith("%") else MUTED
        sheet.text_at(
            x, y, text, style.HEAD if text.endswith("%") else style.SMALLEST, bold=dark, colour=colour, align="left"
        )

    def _draw_themes(self, pair: Any, x: float, y: float, as_count: bool) -> None:
        if not pair.themes:
            if pair.overlap == pair.overlap:
                self.sheet.text_at(
                    x,
                    y,
                    "none found" if pair.reading == "read" else "not read",
                    style.SMALLEST,
                    colour=MUTED,
                    align="left",
                )
        elif as_count:
            self.sheet.text_at(x, y, f"{len(pair.themes)} of {len(self.themes)}", style.HEAD, align="left")
        else:
            for n, theme in enumerate(pair.themes):
                size = fit_size(self.number[theme], _BADGE - 0.02, style.HEAD, True)
                sure = theme in pair.themes_confirmed
                self.sheet.badge(x + n * (_BADGE + 0.025), y, self.number[theme], _BADGE, size, filled=sure)

    def _draw_key(self, y: float) -> float:
        """Name the themes behind the numbers, then explain the marks; return where it ends."""
        x = MARGIN
        for theme in words.list_rows(self.themes):
            number = measure(theme.number, style.NOTE, True) + 0.05
            width = number + measure(theme.short, style.NOTE)
            if x + width > WIDTH - MARGIN:
                x, y = MARGIN, y + 0.14
            self.sheet.text(x, y + 0.1, theme.number, style.NOTE, bold=True)
            self.sheet.text(x + number, y + 0.1, theme.short, style.NOTE)
            x += width + 0.16
        marks = []
        if self.network:
            marks += explain_boards({self._find_kind(board) for board in words.list_rows(self.boards)})
        elif self.through:
            marks.append(f"{DAGGER}: through stand-in documents only.")
        if any(pair.themes_confirmed for pair in self.pairs[:_LISTED]):
            marks.append("Dark number: a person has confirmed a tag on it in both boards.")
        if any(describe_overlap(pair) == "few tags" for pair in self.pairs[:_LISTED]):
            marks.append("Few tags: under five on one side, too few for a percentage.")
        return self.sheet.paragraph(MARGIN, y + 0.16, " ".join(marks), style.NOTE, WIDTH - 2 * MARGIN)
