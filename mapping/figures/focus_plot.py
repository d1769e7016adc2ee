"""How weight and breadth are drawn: dots, the words that find their places around them, and lists without a plot."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.lines import Line2D

from mapping.figures import style, words
from mapping.figures.labels import Label, place_labels, weigh
from mapping.figures.places import Box, Segment, around, cross
from mapping.figures.sheet import Sheet, height_of
from mapping.figures.style import MARGIN, MUTED, WIDTH, balance, measure
from mapping.focus import BREADTH_LINE, PLACES, WEIGHT_LINE

__all__ = ["draw_focus", "is_plotted"]

#: The part of the picture that is set off, and what each part is called; the last has no second name.
_BEST = PLACES[0]
_MEANINGS = dict(
    zip(
        PLACES[:4],
        ("to discuss for a combined approach", "shared but thin", "one or a few boards lead", ""),
        strict=True,
    )
)
_SOFT = "#E8F0F7"
#: Height of the plot, and in a paper the least; height of the head of it that stays free for words; radius of a dot;
#: more themes than this go by number.
_HIGH, _LOWEST, _HEAD, _DOT, _NAMED = 2.86, 1.8, 0.5, 0.058, 8
#: Half the height of the tick of an even spread.
_EVEN = 0.05
#: Room on either side of a label that no other word enters; the widest label of several themes.
_PAD, _WIDEST = 0.03, 1.9


def draw_focus(sheet: Sheet, y: float, points: pd.DataFrame) -> float:
    """Draw the plot, in a paper as low as its sheet asks, or without any breadth the list; return where it ends."""
    if not is_plotted(points):
        return _draw_list(sheet, points, y) + 0.08
    high = _HIGH
    if sheet.context.highest:
        # What stands below the plot is as high as it is, so that the plot gives what is too much.
        over = _Plot(Sheet(sheet.context, trial=True), points, y, _HIGH).draw() + 0.08 - sheet.foot
        high = min(_HIGH, max(_LOWEST, _HIGH - over))
    return _Plot(sheet, points, y, high).draw() + 0.08


def is_plotted(points: pd.DataFrame) -> bool:
    """Return whether any theme has a place on the plot."""
    return bool((points["place"] != "").any())


class _Plot:
    """The plot: where things stand, and what stands there already, so that words find a place of their own."""

    def __init__(self, sheet: Sheet, points: pd.DataFrame, top: float, high: float) -> None:
        self.sheet, self.points = sheet, words.list_rows(points)
        self.dots = [row for row in self.points if row.place]
        self.short = len(self.dots) > _NAMED
        self.dot, self.thick = (0.045, 1.1) if self.short else (_DOT, 1.6)
        self.boards: int = self.points[0].boards_in_matrix
        self.line_x, self.line_y = BREADTH_LINE * self.boards, WEIGHT_LINE * self.points[0].priorities
        most = max(self.line_y, *(row.weight for row in self.dots))
        self.ticks = range(0, int(most) + 1, _choose_step(most))
        self.left = MARGIN + measure(f"{self.ticks[-1]:,}", style.LABEL) + 0.08
        self.right, self.top = WIDTH - MARGIN, top + 0.24
        self.foot = self.top + high
        self.unit = (high - _HEAD) / most
        self.boxes: list[Box] = []
        self.lines: list[Segment] = []

    def _x(self, breadth: float) -> float:
        begin, end = self.left + 0.16, self.right - 0.16
        return float(begin + (breadth - 1) / (self.boards - 1) * (end - begin))

    def _y(self, weight: float) -> float:
        return float(self.foot - weight * self.unit)

    def draw(self) -> float:
        self._take_places()
        for place in PLACES[:4]:
            self._name_quadrant(place)
        self._name_dots()
        self._draw_frame()
        for row in self.dots:
            self._draw_dot(row)
        return self._draw_key(self.foot + 0.5)

    def _take_places(self) -> None:
        """Note where dots and lines will stand, so that words keep clear of them; the lines between dots count most."""
        x, y = self._x(self.line_x), self._y(self.line_y)
        self.lines += [(x, self.top, x, self.foot), (self.left, y, self.right, y)]
        for row in self.dots:
            (at, *others), even = self._list_ends(row), self._x(row.breadth_even)
            self.lines += [(*at, even, at[1]), (even, at[1] - _EVEN, even, at[1] + _EVEN)]
            self.lines += [(*at, *other) for other in others for _ in range(3)]
            self.boxes += [around(*end, self.dot + 0.005, self.dot + 0.005) for end in (at, *others)]

    def _draw_frame(self) -> None:
        """Draw the axes, the level lines with a gap where a word stands on them, and the dividing lines."""
        sheet, x, y = self.sheet, self._x(self.line_x), self._y(self.line_y)
        sheet.text(MARGIN, self.top - 0.09, "Weight: priorities tagged to the theme", style.LABEL)
        sheet.box(x, self.top, self.right - x, y - self.top, face=_SOFT)
        for tick in self.ticks:
            at, begin = self._y(tick), self.left
            sheet.text_at(self.left - 0.06, at, f"{tick:,}", style.LABEL, align="right")
            gaps = sorted((box[0], box[2]) for box in self.boxes if box[1] < at < box[3])
            for left, right in [*gaps, (self.right, self.right)] if tick else []:
                if left > begin:
                    sheet.line((begin, at), (left, at), colour=style.GRID)
                begin = max(begin, right)
        for begin_at, end in (((self.left, self.foot), (self.right, self.foot)), ((x, self.top), (x, self.foot)),
                              ((self.left, y), (self.right, y))):  # fmt: skip
            sheet.line(begin_at, end, colour=style.GREY, width=0.9)
        for board in range(1, self.boards + 1):
            sheet.text_at(self._x(board), self.foot + 0.13, str(board), style.LABEL)
        even = f"{self.boards} = evenly spread over {'both' if self.boards == 2 else 'all ' + words.spell(self.boards)}"
        label = f"Breadth: effective number of boards ({even})"
        sheet.text_at((self.left + self.right) / 2, self.foot + 0.34, label, style.LABEL)

    def _draw_dot(self, row: Any) -> None:
        """Draw a theme: its dots, the line between them, and the tick of an even spread."""
        at, *others = self._list_ends(row)
        _draw_even(self.sheet, at[0], self._x(row.breadth_even), at[1])
        for other in others:
            self.sheet.line(other, at, colour=style.MAIN, width=self.thick)
        for end in (at, *others):
            face = style.MAIN if row.weight_confirmed == row.weight or end in others else style.WHITE
            self.sheet.disc(*end, self.dot, face=face, edge=style.MAIN, line=self.thick)

    def _list_ends(self, row: Any) -> list[tuple[float, float]]:
        """Return where a theme's dots stand, the one of all suggestions first."""
        ends = [(self._x(row.breadth), self._y(row.weight))]
        if row.place_confirmed and row.weight_confirmed < row.weight:
            ends.append((self._x(row.breadth_confirmed), self._y(row.weight_confirmed)))
        return ends

    def _name_quadrant(self, place: str) -> None:
        """Write what a quadrant is, in its outer corner, or where dots stand there in another place of it."""
        wide, many = place in PLACES[:2], place.startswith("many")
        x, y = self._x(self.line_x), self._y(self.line_y)
        left, right = (x, self.right) if wide else (self.left, x)
        top, foot = (self.top, y) if many else (y, self.foot)
        meaning, bold = _MEANINGS[place], place == _BEST
        lines = self._choose_words(f"{place[0].upper()}{place[1:]}", meaning, (right - left, foot - top), bold)
        width, tall = max(measure(line, style.HEAD, bold) for line in lines), height_of(lines, style.HEAD)
        edge = max(0.0, min(0.05, (foot - top - tall) / 2))
        # The outer corner comes first.
        parts = (0.0, 1.0, 0.5, 0.25, 0.75)
        across = [1 - part if wide else part for part in parts]
        down = [part if many else 1 - part for part in parts]
        xs = [left + 0.07 + part * (right - left - 0.14 - width) for part in across]
        ys = [top + edge + part * (foot - top - 2 * edge - tall) for part in down]
        spots = [(a, b, a + width, b + tall) for b in ys for a in xs]
        spot = min(spots, key=lambda box: weigh(box, self.boxes, self.lines, (left, top, right, foot)))
        self._back(spot, self.lines)
        self.boxes.append(spot)
        at, align, colour = spot[2 * wide], "right" if wide else "left", style.MAIN if bold else MUTED
        self.sheet.lines(at, spot[1], lines, style.HEAD, bold=bold, colour=colour, align=align)

    def _choose_words(self, name: str, meaning: str, size: tuple[float, float], bold: bool) -> list[str]:
        """Return what a quadrant is and means in lines; in one, or without its meaning, where it is low."""
        width, height = size[0] - 0.14, size[1]
        whole = f"{name}:" if meaning else name
        lines = [line for part in (whole, meaning) for line in balance(part, width, style.HEAD, bold)]
        if height_of(lines, style.HEAD) > height:
            lines = [f"{whole} {meaning}".strip()]
        return lines if measure(lines[0], style.HEAD, bold) <= width else [name]

    # --- names of the dots ---

    def _name_dots(self) -> None:
        """Write each theme's name, with many themes its number, where it hides least; one for those that coincide."""
        groups = self._join_dots()
        texts = [self._write_name(rows) for rows in groups]
        labels = [
            Label(
                max(measure(line, style.LABEL, True) for line in lines) / 2 + _PAD,
                0.075 + (len(lines) - 1) * style.PITCH * style.LABEL / 144,
                self._list_ends(rows[0]),
                self._x(rows[0].breadth_even),
            )
            for rows, lines in zip(groups, texts, strict=True)
        ]  # fmt: skip
        room = (self.left, self.top, self.right, self.foot)
        places = place_labels(labels, self.boxes, self.lines, room, self.dot)
        leaders = [place.leader for place in places if place.leader]
        for place, label, lines in zip(places, labels, texts, strict=True):
            if place.leader:
                self.sheet.line(place.leader[:2], place.leader[2:], colour=style.GREY, width=0.6)
            left, top, right, foot = place.box
            self._back(place.box, [*self.lines, *leaders])
            self.boxes.append(place.box)
            before = len(lines) > 1 and all(right < x for x, _ in label.dots)
            for n, line in enumerate(lines):
                middle = (top + foot) / 2 + (n - (len(lines) - 1) / 2) * style.PITCH * style.LABEL / 72
                x, align = (right - _PAD, "right") if before else (left + _PAD, "left")
                self.sheet.text_at(x, middle, line, style.LABEL, bold=True, align=align)

    def _back(self, box: Box, lines: list[Segment]) -> None:
        """Lay a white ground below words that could not be kept clear of every line."""
        if any(cross(box, line) > 0.001 for line in lines):
            self.sheet.plate(box[0], box[1], box[2] - box[0], box[3] - box[1])

    def _join_dots(self) -> list[list[Any]]:
        """Return the themes whose dots stand at the same places together, so that one label names them all."""
        groups: list[list[Any]] = []
        for row in self.dots:
            ends = self._list_ends(row)
            for group in groups:
                others = self._list_ends(group[0])
                apart = [math.dist(a, b) for a, b in zip(ends, others, strict=False)]
                if len(ends) == len(others) and max(apart) < self.dot:
                    group.append(row)
                    break
            else:
                groups.append([row])
        return groups

    def _write_name(self, rows: list[Any]) -> list[str]:
        """Return what names one theme or several: "1 Voice", "1–3: Voice, Skills, Jobs", or the numbers alone."""
        numbers = _join_numbers([row.number for row in rows], [row.number for row in self.points])
        if self.short:
            return style.wrap(numbers, _WIDEST, style.LABEL, True)
        names = ", ".join(row.short for row in rows)
        return balance(f"{numbers}{':' * (len(rows) > 1)} {names}", _WIDEST, style.LABEL, True)

    # --- the key ---

    def _draw_key(self, y: float) -> float:
        """Explain what was drawn, and only that; then say in words what has no dot; return where it ends."""
        sheet, x = self.sheet, MARGIN
        if self.short:
            names = [(row.number, row.short) for row in self.dots]
            y = sheet.entries(x, y, names, style.NOTE, WIDTH - 2 * MARGIN) + 0.06
        for kind, label in self._list_marks():
            begin = 0.52 if kind == "joined" else 0.3
            width = begin + measure(label, style.NOTE)
            if x + width > WIDTH - MARGIN and x > MARGIN:
                x, y = MARGIN, y + 0.19
            _draw_mark(sheet, kind, x, y + 0.08)
            sheet.text_at(x + begin, y + 0.08, label, style.NOTE, align="left")
            x += width + 0.2
        y += 0.2
        for text in _say_few(pd.DataFrame(self.points)):
            y = sheet.paragraph(MARGIN, y + 0.02, text, style.NOTE, WIDTH - 2 * MARGIN)
        return y

    def _list_marks(self) -> list[tuple[str, str]]:
        filled = any(row.place_confirmed for row in self.dots)
        hollow = any(row.weight_confirmed < row.weight for row in self.dots)
        joined = any(len(self._list_ends(row)) > 1 for row in self.dots)
        every = "if every suggestion still waiting were confirmed"
        every += "" if any(row.weight_confirmed for row in self.points) else " (none is yet)"
        marks = [
            ("filled", "confirmed by a person", filled),
            ("joined" if joined else "hollow", every, hollow),
            ("tick", "an even spread of as many priorities", True),
        ]
        return [(kind, label) for kind, label, drawn in marks if drawn]


def _say_few(points: pd.DataFrame) -> list[str]:
    """Return what the dots do not show: themes that have none, or no filled one, and what comes from stand-ins."""
    rows, count = words.list_rows(points), int(points["stand_in"].sum())
    few = [f"{row.short} ({words.count_noun(row.weight, 'priority', 'priorities')})" for row in rows if not row.place]
    sure = [
        f"{row.short} ({words.spell(row.weight_confirmed)})" for row in rows
        if row.place and row.weight_confirmed and not row.place_confirmed
    ]  # fmt: skip
    borrowed = [f"{row.short} {row.stand_in:,} of {row.weight:,}" for row in rows if row.stand_in]
    if len(borrowed) > _NAMED:
        borrowed = [f"{count:,} of {points['weight'].sum():,} tags"]
    sentences = (
        ("Too few for a breadth, under five priorities", few), ("No filled dot, under five confirmed", sure),
        ("From stand-in documents", borrowed),
    )  # fmt: skip
    return [f"{start}: {', '.join(listed)}." for start, listed in sentences if listed]


def _choose_step(most: float) -> int:
    """Return the distance of ticks: 1, 2 or 5 times a power of ten, so that there are at most six."""
    power: int = 10 ** max(0, math.floor(math.log10(max(1.0, most / 5))))
    return next(step * power for step in (1, 2, 5, 10) if most / (step * power) <= 5)


def _join_numbers(numbers: list[str], every: list[str]) -> str:
    """Return numbers of themes, those that follow one another as a range: "1–3, 5"."""
    places, runs = [every.index(number) for number in numbers], list[list[int]]()
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return ", ".join(
        every[run[0]] if len(run) == 1 else f"{every[run[0]]}{', ' if len(run) == 2 else '–'}{every[run[-1]]}"
        for run in runs
    )


def _draw_even(sheet: Sheet, x: float, even: float, y: float) -> None:
    """Draw the tick of an even spread, and the dotted line to it."""
    sheet.add(Line2D([x, even], [y, y], color=style.GREY, linewidth=0.8, linestyle=(0, (1, 2.2)), zorder=1.6))
    sheet.line((even, y - _EVEN), (even, y + _EVEN), colour=style.GREY, width=1.4)


def _draw_mark(sheet: Sheet, kind: str, x: float, y: float) -> None:
    """Draw a sign of the key around the middle of 0.24 inches."""
    if kind == "joined":
        sheet.line((x + 0.06, y), (x + 0.4, y), colour=style.MAIN, width=1.6)
        sheet.disc(x + 0.06, y, _DOT, face=style.MAIN, edge=style.MAIN, line=1.6)
        sheet.disc(x + 0.4, y, _DOT, face=style.WHITE, edge=style.MAIN, line=1.6)
    elif kind == "tick":
        _draw_even(sheet, x, x + 0.24, y)
    else:
        sheet.disc(
            x + 0.16, y, _DOT, face=style.MAIN if kind == "filled" else style.WHITE, edge=style.MAIN, line=1.6
        )  # fmt: skip


# --- without a breadth --------------------------------------------------------------------------------------


def _draw_list(sheet: Sheet, points: pd.DataFrame, y: float) -> float:
    """Say why nothing is plotted, and list the counts; return where it ends."""
    rows, one = words.list_rows(points), points["boards_in_matrix"].iloc[0] < 2
    why = "No theme has five priorities, too few to say how widely any is spread, so nothing is plotted."
    why = "With one board nothing can be spread over boards, so nothing is plotted." if one else why
    y = sheet.paragraph(MARGIN, y, f"{why} The counts:", style.LABEL, WIDTH - 2 * MARGIN) + 0.14
    number = max(measure(row.number, style.LABEL, True) for row in rows) + 0.08
    bar = MARGIN + number + max(measure(row.short, style.LABEL) for row in rows) + 0.12
    counts = [f"{row.weight:,} of {row.priorities:,}" for row in rows]
    room = WIDTH - MARGIN - 1.15 - bar - max(measure(count, style.LABEL) for count in counts)
    unit = min(0.2, room / max(1, *(row.weight for row in rows)))
    sheet.text(MARGIN, y + 0.08, "Priorities tagged to the theme", style.HEAD, colour=MUTED)
    sheet.text(WIDTH - MARGIN, y + 0.08, "" if one else "Boards with one", style.HEAD, colour=MUTED, align="right")
    y += 0.15
    for n, (row, count) in enumerate(zip(rows, counts, strict=True)):
        middle = y + 0.13
        if n % 2 == 0:
            sheet.box(MARGIN, y, WIDTH - 2 * MARGIN, 0.26, face=style.ZEBRA)
        sheet.text_at(MARGIN + 0.04, middle, row.number, style.LABEL, bold=True, align="left")
        sheet.text_at(MARGIN + 0.04 + number, middle, row.short, style.LABEL, align="left")
        waiting = row.weight - row.weight_confirmed
        sheet.bar(bar, middle - 0.06, row.weight_confirmed * unit, waiting * unit, 0.12)
        sheet.text_at(bar + row.weight * unit + 0.06 * bool(row.weight), middle, count, style.LABEL, align="left")
        found = "" if one else f"{len(row.boards)} of {row.boards_in_matrix}"
        sheet.text_at(WIDTH - MARGIN - 0.04, middle, found, style.LABEL, align="right")
        y += 0.26
    return y
