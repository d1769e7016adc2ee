"""Sensitivity: what the machine alone would have suggested for each theme, had the threshold been set elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pandas as pd
from matplotlib.lines import Line2D

from mapping.cells import count_cells, count_themes
from mapping.claims import claim_most
from mapping.figures import style, words
from mapping.figures.chart import Chart, Checks
from mapping.figures.labels import weigh
from mapping.figures.places import Segment, around, cross
from mapping.figures.sheet import Sheet, height_of
from mapping.figures.style import MARGIN, MUTED, WIDTH, balance, fit_size, measure
from mapping.rescoring import find_sensitivity
from mapping.stability import judge_claim
from mapping.tags import Run

__all__ = ["plot_sensitivity", "propose_sensitivity"]

_NEUTRAL = "What another threshold would have suggested"
#: Colour of the range tested; colour and width of the line of a theme and of those of the others.
_SOFT, _LINES = "#DDE8F3", {"line": (style.MAIN, 2.0), "quiet": ("#C0C7CF", 0.9)}
#: How far the panels reach to either side of the threshold used: a share of it, or this much at the least.
_REACH, _LEAST = 0.6, 0.15
#: Panels: how many stand in a row at most, their gap, and how wide they are at least and at most.
_ACROSS, _GAP, _NARROW, _WIDE = 5, 0.25, 0.95, 2.9
#: Height of a panel where there are one, two, three or more rows.
_HEIGHTS = (1.2, 1.1, 0.9, 0.72)
_DOT = 0.048
#: A theme's number keeps clear of its own line so many times more than of others.
_OWN = 5


class _Scale(NamedTuple):
    """What the axes of every panel span: thresholds across, priorities upwards."""

    low: float
    high: float
    ticks: list[float]
    most: float
    lines: list[int]


class _Panel(NamedTuple):
    """Where one panel stands, in inches."""

    x: float
    y: float
    width: float
    height: float

    def place(self, scale: _Scale, threshold: float, count: float) -> tuple[float, float]:
        across = (threshold - scale.low) / (scale.high - scale.low)
        return self.x + across * self.width, self.y + self.height * (1 - count / scale.most)


def plot_sensitivity(run: Run, *, title: str = "inside", context: str = "a4") -> Chart:
    """Draw how many priorities the machine alone would suggest for each theme at other thresholds.

    One panel per theme: its line over those of the others, the range tested (20 % to either side of the threshold
    used), and the number at the threshold used. Below each panel stand the fewest and the most priorities, ranks and
    boards in that range. People's decisions are left out: they would stand at any threshold.

    Parameters
    ----------
    run : Run
    title, context : str
        Where the headline stands, and where the figure is read (``Chart``).

    Returns
    -------
    Chart
        ``data`` is the table of ``find_sensitivity``.
    """
    table, themes, cells = find_sensitivity(run), count_themes(run), count_cells(run)
    head, scale = words.settle_title(run, *propose_sensitivity(run)), _choose_scale(table)
    theme = f"{run.framework.name} theme"
    what = f"Priorities that the machine alone would suggest for each {theme}, before review by people."
    stand_in = words.say_stand_in(cells).replace(f" ({style.DAGGER})", "")
    subtitle = " ".join(filter(None, (what, stand_in)))
    shown = (
        f"Tested: 20% to either side of the threshold used. Drawn: {scale.low:g} to {scale.high:g}; the table beside "
        "the figure has 0.02 to 1."
    )
    ranks = "Rank 1: the theme with most priorities; themes with as many share a rank." if len(themes) > 1 else ""
    caption = words.write_caption(run, ranks, shown, head=head)
    return Chart(
        "sensitivity", table, head.text, subtitle, _write_alt(themes, table), _write_description(themes, table, scale),
        caption, lambda sheet, y: _draw(sheet, y, table, themes, scale), head.verdict, title, context,
        Checks(words.list_names(themes), _list_numbers, (style.WHITE, _SOFT, style.MAIN)),
    )  # fmt: skip


def _list_numbers(table: pd.DataFrame) -> list[str]:
    return [f"{number:,}" for number in table.loc[table["used"], "tagged"]]


# --- words --------------------------------------------------------------------------------------------------


def propose_sensitivity(run: Run) -> words.Proposal:
    """Propose a headline: the theme that has most priorities at every threshold tested; without one, a neutral one.

    It must lead without a tie in what the machine alone suggests, and with people's decisions too.
    """
    table, claim = find_sensitivity(run), claim_most(run)
    tested = table[table["tested"]]
    first = tested[tested["rank"] == 1].groupby("threshold")["theme"].agg(["first", "size"])
    leaders = set(first["first"])
    if claim is None or leaders != {claim.subject[0]} or (first["size"] > 1).any():
        return words.Proposal(_NEUTRAL, _NEUTRAL)
    held, tried = judge_claim(run, claim).held.get("threshold", (0, 1))
    if held < tried:
        return words.Proposal(_NEUTRAL, _NEUTRAL)
    name = run.framework.theme(claim.subject[0])["short"]
    return words.Proposal(f"{name} stays on top when the threshold moves", _NEUTRAL, claim)


def _say_range(numbers: pd.Series[int]) -> str:
    low, high = int(numbers.min()), int(numbers.max())
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _say_tested(table: pd.DataFrame) -> str:
    tested = table.loc[table["tested"], "threshold"]
    return f"{tested.min():g} to {tested.max():g}" if tested.min() < tested.max() else f"{tested.min():g}"


def _sum_up(own: pd.DataFrame, themes: int) -> list[str]:
    """Return what one theme would have in the range tested: priorities, rank, boards."""
    tested = own[own["tested"]]
    if not tested["tagged"].any():
        return ["no priorities"]
    nouns = ("priority", "priorities"), ("board", "boards")
    many, boards = (
        f"{_say_range(tested[column])} {one if tested[column].max() == 1 else several}"
        for column, (one, several) in zip(("tagged", "boards"), nouns, strict=True)
    )
    return [many, *([f"rank {_say_range(tested['rank'])} of {themes}"] if themes > 1 else []), boards]


def _write_alt(themes: pd.DataFrame, table: pd.DataFrame) -> str:
    tested, used = table[table["tested"]], table[table["used"]].reset_index(drop=True)
    counts = [
        f"{theme.short} {_say_range(tested.loc[tested['theme'] == theme.theme, 'tagged'])}"
        for theme in words.list_rows(themes)
    ]
    best = used["tagged"].max()
    top = themes.loc[used["tagged"] == best, "short"]
    charts = "One line chart" if len(themes) == 1 else f"Line charts, one for each of {words.spell(len(themes))} themes"
    return words.join_sentences(
        [
            f"{charts}: priorities that the machine alone would suggest as the threshold moves.",
            f"From {_say_tested(table)}: {', '.join(counts)}." if tested["tagged"].any()
            else "None at any threshold tested.",
            f"Most at {used['threshold'].iloc[0]:g}, the threshold used: {top.iloc[0]}, {best:,}."
            if len(top) == 1 < len(themes) else "",
            "The table beside the figure has all thresholds.",
        ]
    )  # fmt: skip


def _write_description(themes: pd.DataFrame, table: pd.DataFrame, scale: _Scale) -> str:
    used, parts = table.loc[table["used"], "threshold"].iloc[0], []
    for theme in words.list_rows(themes):
        own = table[table["theme"] == theme.theme]
        at = own.set_index("threshold")
        now, ticks = at.loc[used], [tick for tick in scale.ticks if tick in at.index]
        counts = words.join_names(f"{at.loc[tick, 'tagged']:,} at {tick:g}" for tick in ticks)
        tested = ", ".join(_sum_up(own, len(themes)))
        priorities = words.count_noun(int(now["tagged"]), "priority", "priorities")
        parts.append(
            f"{theme.name}: {priorities} in {words.count_noun(int(now['boards']), 'board')} at {used:g}, the threshold "
            f"used. In the range tested, {_say_tested(table)}: {tested}. Priorities at other thresholds: {counts}."
        )
    return " ".join(parts)


# --- drawing ------------------------------------------------------------------------------------------------


def _choose_scale(table: pd.DataFrame) -> _Scale:
    """Return the thresholds that are drawn, on the grid of 0.02, and ticks and gridlines, at most four of each."""
    used = float(table.loc[table["used"], "threshold"].iloc[0])
    reach = max(_REACH * used, _LEAST)
    low = min(used, max(0.02, round(math.floor((used - reach) / 0.02 + 1e-6) * 0.02, 2)))
    high = max(used, min(1.0, round(math.ceil((used + reach) / 0.02 - 1e-6) * 0.02, 2)))
    step = next(step for step in (0.02, 0.04, 0.1, 0.2, 0.4, 1.0) if (high - low) / step < 3.6)
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    most = max(4.0, 1.25 * float(table.loc[table["threshold"].between(low, high), "tagged"].max()))
    power: int = 10 ** max(0, math.floor(math.log10(most / 4)))
    line = next(unit * power for unit in (1, 2, 5, 10) if most / (unit * power) < 5)
    lines = list(range(0, math.floor(most) + 1, line))
    return _Scale(low, high, [round(n * step, 2) for n in range(first, last + 1)], most, lines)


def _draw(sheet: Sheet, y: float, table: pd.DataFrame, themes: pd.DataFrame, scale: _Scale) -> float:
    texts = [_sum_up(table[table["theme"] == theme], len(themes)) for theme in themes["theme"]]
    panels = list(_place_panels(themes, texts, scale, y))
    for panel, theme, text in zip(panels, words.list_rows(themes), texts, strict=True):
        _draw_frame(sheet, panel, scale, table, is_first=panel.x == panels[0].x)
        _draw_lines(sheet, panel, scale, table, theme.theme)
        sheet.text(panel.x, panel.y - 0.08, theme.number, style.NUMBER, bold=True)
        size = fit_size(theme.short, panel.width - _indent(theme.number), style.LABEL)
        sheet.text(panel.x + _indent(theme.number), panel.y - 0.08, theme.short, size)
        y = max(y, sheet.lines(panel.x, panel.y + panel.height + 0.2, _wrap(text, panel.width), style.NOTE))
    return _draw_key(sheet, table, len(themes), y + 0.1) + 0.08


def _place_panels(themes: pd.DataFrame, texts: list[list[str]], scale: _Scale, y: float) -> Iterator[_Panel]:
    """Place the panels in as few rows as their texts allow, as evenly as can be."""
    left = MARGIN + max(measure(f"{line:,}", style.NOTE) for line in scale.lines) + 0.07
    room, number = WIDTH - MARGIN - left, len(themes)
    titles = [_indent(theme.number) + measure(theme.short, style.HEAD) for theme in words.list_rows(themes)]
    narrow = max(_NARROW, *titles, *(measure(part, style.NOTE) for text in texts for part in text))
    rows = math.ceil(number / max(1, min(_ACROSS, int((room + _GAP) / (narrow + _GAP)))))
    across = math.ceil(number / rows)
    width, height = min(_WIDE, (room + _GAP) / across - _GAP), _HEIGHTS[min(rows, len(_HEIGHTS)) - 1]
    top = y + 0.26
    for start in range(0, number, across):
        row = texts[start : start + across]
        for n in range(len(row)):
            yield _Panel(left + n * (width + _GAP), top, width, height)
        top += height + 0.58 + max(height_of(_wrap(text, width), style.NOTE) for text in row)


def _indent(number: str) -> float:
    return measure(number, style.NUMBER, True) + 0.06


def _wrap(parts: list[str], width: float) -> list[str]:
    return [line for part in parts for line in balance(part, width, style.NOTE)]


def _draw_frame(sheet: Sheet, panel: _Panel, scale: _Scale, table: pd.DataFrame, *, is_first: bool) -> None:
    """Draw the range tested, the gridlines and the ticks of one panel; numbers upwards at the first of a row."""
    tested = table.loc[table["tested"], "threshold"]
    (x, _), (end, _) = (panel.place(scale, float(edge), 0) for edge in (tested.min(), tested.max()))
    sheet.box(x, panel.y, max(end - x, 0.02), panel.height, face=_SOFT)
    for line in scale.lines:
        _, y = panel.place(scale, scale.low, line)
        sheet.line((panel.x, y), (panel.x + panel.width, y), colour=style.GRID if line else style.GREY)
        if is_first:
            sheet.text_at(panel.x - 0.07, y, f"{line:,}", style.NOTE, align="right")
    for tick in scale.ticks:
        x, y = panel.place(scale, tick, 0)
        sheet.text_at(x, y + 0.1, f"{tick:g}", style.SMALLEST, colour=MUTED)


def _draw_lines(sheet: Sheet, panel: _Panel, scale: _Scale, table: pd.DataFrame, theme: str) -> None:
    """Draw the theme's line over those of the others, and its number at the threshold used."""
    drawn, lines = table[table["threshold"].between(scale.low, scale.high)], list[Segment]()
    others = [other for other in dict.fromkeys(table["theme"]) if other != theme]
    for name in [*others, theme]:
        own = drawn[drawn["theme"] == name]
        points = [panel.place(scale, *point) for point in zip(own["threshold"], own["tagged"], strict=True)]
        colour, width = _LINES["line" if name == theme else "quiet"]
        # A theme's own line lies above the plate of its number, those of the others below.
        sheet.add(
            Line2D(
                *zip(*points, strict=True), color=colour, linewidth=width, zorder=2.2 if name == theme else 1.8,
                solid_joinstyle="round", solid_capstyle="butt",
            )
        )  # fmt: skip
        lines += [(*begin, *end) for begin, end in pairwise(points)] * (_OWN if name == theme else 1)
    (used,) = words.list_rows(table[table["used"] & (table["theme"] == theme)])
    at = panel.place(scale, used.threshold, used.tagged)
    sheet.disc(*at, _DOT, face=style.MAIN, edge=style.WHITE, line=1.0)
    levels = [panel.place(scale, scale.low, count)[1] for count in scale.lines]
    lines += [(panel.x, level, panel.x + panel.width, level) for level in levels]
    _write_number(sheet, panel, f"{used.tagged:,}", at, lines)


def _write_number(sheet: Sheet, panel: _Panel, text: str, at: tuple[float, float], lines: list[Segment]) -> None:
    """Write a number beside its dot where it is clear of lines; on a white plate where it cannot be."""
    (x, y), half, tall = at, measure(text, style.LABEL, True) / 2 + 0.02, 0.065
    left, right = panel.x + half, panel.x + panel.width - half
    spots = [
        around(min(max(left, x + across * (half + 0.04)), right), y + down, half, tall)
        for down in (-0.12, 0.12, -0.17, 0.17, -0.22) for across in (1, -1, 0)
    ]  # fmt: skip
    # Within the panel and the room of its title.
    room = (panel.x, panel.y - 0.02, panel.x + panel.width, panel.y + panel.height)
    box = min(spots, key=lambda box: weigh(box, [around(*at, _DOT, _DOT)], lines, room))
    if any(cross(box, line) > 0 for line in lines):
        sheet.plate(box[0], box[1], 2 * half, 2 * tall)
    sheet.text_at((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, text, style.LABEL, bold=True)


def _draw_key(sheet: Sheet, table: pd.DataFrame, themes: int, y: float) -> float:
    """Explain in words what was drawn, and only that; return where it ends."""
    x, middle, used = MARGIN, y + 0.08, table.loc[table["used"], "threshold"].iloc[0]
    marks = {
        "line": "this theme", "quiet": "the other themes", "dot": f"threshold used, {used:g}",
        "range": f"range tested, {_say_tested(table)}",
    }  # fmt: skip
    for kind, label in marks.items():
        width = 0.3 + measure(label, style.NOTE)
        if kind == "quiet" and themes == 1:
            continue
        if x + width > WIDTH - MARGIN:
            x, middle = MARGIN, middle + 0.19
        if kind == "range":
            sheet.box(x, middle - 0.08, 0.24, 0.16, face=_SOFT)
        elif kind == "dot":
            sheet.disc(x + 0.12, middle, _DOT, face=style.MAIN, edge=style.WHITE, line=1.0)
        else:
            colour, thick = _LINES[kind]
            sheet.line((x, middle), (x + 0.24, middle), colour=colour, width=thick)
        sheet.text_at(x + 0.3, middle, label, style.NOTE, align="left")
        x += width + 0.2
    text = "Across: threshold. Upwards: priorities. Text below a panel: what the range tested would give."
    return sheet.paragraph(MARGIN, middle + 0.13, text, style.NOTE, WIDTH - 2 * MARGIN)
