"""Pairs of themes: how often two meet in one priority, beside what chance alone would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from mapping.cells import choose_word, count_cells, count_themes
from mapping.chance import find_theme_pairs
from mapping.claims import Claim, claim_theme_pair
from mapping.figures import style, words
from mapping.figures.chart import Chart
from mapping.figures.matrix import build_matrix
from mapping.figures.sheet import Sheet, height_of
from mapping.figures.style import DAGGER, MARGIN, MUTED, WIDTH, balance, fit_size, measure
from mapping.tags import Run

__all__ = ["plot_theme_pairs", "propose_theme_pairs"]

#: Pairs that are listed where the cells of a triangle would be too small to read.
_LISTED = 20
_NEUTRAL = "How often two themes meet in one priority"
#: Height of a line of the key and of a row of the list, width of their samples, room of a column head.
_LINE, _SAMPLE, _HEAD = 0.21, 0.36, 0.21


@dataclass(frozen=True)
class _Look:
    """How a cell of one kind looks, and what the key says of it; none relies on its colour alone."""

    face: str
    ink: str
    edge: str
    dashed: bool
    mark: str
    says: str


_LOOKS = {
    "more": _Look("#2073BC", style.WHITE, "none", False, "▲", "more than chance gives"),
    "fewer": _Look("#F9B891", style.INK, "none", False, "▼", "fewer than chance gives"),
    "as expected": _Look("#ECECEB", style.INK, "none", False, "", "as expected: chance gives about as many"),
    "too few to tell": _Look(
        style.WHITE, MUTED, style.GREY, True, "", "too few to tell: whatever the number, chance could give it"
    ),
    "in all": _Look(style.WHITE, style.INK, style.RULE, False, "", "in all: priorities with the theme"),
}
#: Label of a row, head of a column, height of a cell, gap between cells, and whether cells hold words: the first
#: layout that fits is drawn.
_LAYOUTS = (
    ("name", "short", 0.50, 0.055, True), ("short", "short", 0.50, 0.055, True), ("short", "tiny", 0.50, 0.055, True),
    ("short", "short", 0.38, 0.045, False), ("short", "tiny", 0.38, 0.045, False),
    ("short", "", 0.33, 0.035, False), ("tiny", "", 0.33, 0.03, False), ("", "", 0.33, 0.025, False),
)  # fmt: skip


def plot_theme_pairs(run: Run) -> Chart:
    """Draw how often two themes meet in one priority, beside what chance alone would give.

    One cell per pair: the number found, below it the number expected, and by mark and colour what ``find_theme_pairs``
    says of it; on the diagonal the priorities of each theme. With so many themes that the text would fall below 7
    points, the 20 pairs farthest from chance are listed instead; how many are not shown is said. With one theme the
    matrix is drawn.

    Returns
    -------
    Chart
        ``data`` is the table of ``find_theme_pairs``.
    """
    pairs, themes, cells = find_theme_pairs(run), count_themes(run), count_cells(run)
    if pairs.empty:
        note = "With one theme there is no pair; here the matrix stands in its place."
        return build_matrix(run, "theme-pairs", words.title_matrix(run), note)
    title, layout = _settle_title(run, pairs), _choose_layout(pairs, themes)
    hidden = 0 if layout else len(pairs) - _LISTED
    subtitle = " ".join(
        part
        for part in (
            "Priorities that carry both themes, and what chance would give.", f"{_say_calls(pairs)}.",
            words.say_checks(cells), words.say_stand_in(cells).replace("" if DAGGER in title.text else f" ({DAGGER})", ""),
        )
        if part
    )  # fmt: skip
    notes = (
        words.say_source(run), _say_chance(run),
        f"The {_LISTED} pairs farthest from chance are listed; {hidden} are not shown." if hidden > 0 else "",
        title.note, words.note_letters(run),
    )  # fmt: skip
    caption = " ".join(note for note in notes if note)
    return Chart(
        "theme-pairs", pairs, title.text, subtitle, _write_alt(run, pairs), _write_description(run, pairs, themes),
        caption, lambda: _draw(pairs, themes, layout, title.text, subtitle, caption), title.verdict,
    )  # fmt: skip


# --- words --------------------------------------------------------------------------------------------------


def propose_theme_pairs(run: Run) -> list[words.Proposal]:
    """Propose headlines: one for each pair called more or fewer, the one least like chance first.

    "Suggested" leads where no person has confirmed a tag on either theme; a dagger sends to the subtitle, which says
    how many boards are there through stand-in documents only.
    """
    called = find_theme_pairs(run)
    called = called[called["chance"].isin(["more", "fewer"])].sort_values(["p_family", "p"], kind="stable")
    cells, mark = count_cells(run), DAGGER if words.say_stand_in(count_cells(run)) else ""
    proposals = []
    for pair in words.list_rows(called):
        own = cells[cells["theme"].isin([pair.theme_a, pair.theme_b])]
        word = choose_word(int(own["confirmed"].sum()), int(own["tagged"].sum()))
        a, b = (run.framework.theme(theme)["short"] for theme in (pair.theme_a, pair.theme_b))
        often = "more" if pair.chance == "more" else "less"
        text = f"{'Suggested: ' if word == 'suggested' else ''}{a} goes with {b} {often} often than chance{mark}"
        if len(balance(text, WIDTH - 2 * MARGIN, style.HEADLINE, bold=True)) <= 2:
            claim: Claim = claim_theme_pair(run, pair.theme_a, pair.theme_b, pair.chance)
            proposals.append(words.Proposal(text, _NEUTRAL, claim))
    return proposals


def _settle_title(run: Run, pairs: pd.DataFrame) -> words.Title:
    """Return the first headline whose claim stands up, else the neutral one."""
    tried = (words.settle_title(run, *proposal) for proposal in propose_theme_pairs(run))
    return next((title for title in tried if title.verdict), words.Title(_NEUTRAL))


def _say_calls(pairs: pd.DataFrame) -> str:
    """Return how many pairs are more, fewer, as expected and too few to tell."""
    counts = {call: int((pairs["chance"] == call).sum()) for call in _LOOKS if call != "in all"}
    found = [(call, number) for call, number in counts.items() if number]
    if len(found) == 1:
        number, call = len(pairs), found[0][0]
        return f"{'The one pair' if number == 1 else 'Both pairs' if number == 2 else f'All {number} pairs'} {call}"
    (call, first), *others = found
    return ", ".join([f"{first} of {len(pairs)} pairs {call}", *(f"{number} {call}" for call, number in others)])


def _say_chance(run: Run) -> str:
    return (
        f"Chance: {run.settings.draws:,} draws in which each priority keeps its number of themes and each theme its "
        "number of priorities. So the sum over all pairs is fixed: more of one pair is fewer of others. By chance "
        "alone, anything would be called more or fewer in at most one city in 20."
    )


def _say_expected(expected: float) -> str:
    """Return an expected number, short enough for a cell.

    Examples
    --------
    >>> _say_expected(2.0885), _say_expected(0.03), _say_expected(0.0), _say_expected(1004.4)
    ('2.1', '<0.1', '0', '1,004')
    """
    if 0 < expected < 0.05:
        return "<0.1"
    return f"{expected:,.0f}" if expected >= 100 or expected == 0 else f"{expected:.1f}"


def _write_alt(run: Run, pairs: pd.DataFrame) -> str:
    names = dict(zip(run.themes["theme"], run.themes["short"], strict=True))
    most = pairs[pairs["both"] == pairs["both"].max()]
    called = pairs[pairs["chance"].isin(["more", "fewer"])].sort_values(["p_family", "p"], kind="stable")
    listed = [
        f"{names[p.theme_a]} and {names[p.theme_b]}, {p.both:,} found, {_say_expected(p.expected)} expected"
        for p in words.list_rows(pd.concat([called.head(1), most.head(1)]))
    ]
    first = f"{called['chance'].iloc[0].capitalize()} than chance gives: {listed[0]}." if len(called) else ""
    top = f"Most often together: {listed[-1]}." if len(most) == 1 and listed[-1] != listed[:1] else ""
    return words.join_sentences(
        [
            f"Numbers of priorities in which two of {words.spell(len(run.themes))} themes meet, beside chance.",
            f"{_say_calls(pairs)}.", first, top,
            "No priority carries two themes." if not pairs["both"].max() else "",
            "The table beside the figure has all pairs.",
        ]
    )  # fmt: skip


def _write_description(run: Run, pairs: pd.DataFrame, themes: pd.DataFrame) -> str:
    names = dict(zip(run.themes["theme"], run.themes["name"], strict=True))
    totals = "; ".join(f"{theme.name} {theme.tagged:,}" for theme in words.list_rows(themes))
    parts = [f"Priorities with each theme: {totals}."]
    for pair in words.list_rows(pairs):
        carry = "priority carries" if pair.both == 1 else "priorities carry"
        sure = f", of which {pair.confirmed:,} confirmed by a person on both" if pair.confirmed else ""
        parts.append(
            f"{names[pair.theme_a]} and {names[pair.theme_b]}: {pair.both:,} {carry} both{sure}; chance would give "
            f"{_say_expected(pair.expected)}, in the middle 95% of draws {pair.low:,.0f} to {pair.high:,.0f}: "
            f"{pair.chance}."
        )
    return " ".join(parts)


# --- where things stand -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Layout:
    """Names, and where the cells stand, in inches."""

    labels: list[list[str]]
    heads: list[str]
    left: float
    cell: float
    height: float
    gap: float
    in_words: bool

    def x(self, column: int) -> float:
        return self.left + column * (self.cell + self.gap)


def _choose_layout(pairs: pd.DataFrame, themes: pd.DataFrame) -> _Layout | None:
    """Return the first layout in which no text falls below the smallest size, or nothing."""
    for label, head, height, gap, in_words in _LAYOUTS:
        names = list(themes[label]) if label else [""] * len(themes)
        labels = [balance(name, 1.36 if label == "name" else WIDTH, style.LABEL) for name in names]
        whole = all(measure(word, style.LABEL) <= 1.36 for name in names for word in name.split())
        if not whole or any(height_of(lines, style.LABEL) > height for lines in labels):
            continue
        heads = [f"{row.number} {getattr(row, head)}" if head else row.number for row in words.list_rows(themes)]
        number = max(measure(row.number, style.LABEL, True) for row in words.list_rows(themes))
        left = MARGIN + max(measure(line, style.LABEL) for lines in labels for line in lines or [""]) + number + 0.16
        pitch = (WIDTH - MARGIN - left + gap) / len(themes)
        # A head may reach over the edge of its cell, but not over that of the paper.
        reach = [(WIDTH - MARGIN - left - measure(text, style.HEAD)) / n for n, text in enumerate(heads) if n]
        cell = min(pitch - gap, *(room - gap for room in reach), 0.95)
        if cell >= max(_list_widths(pairs, themes, in_words)) + 0.03:
            return _Layout(labels, heads, left, cell, height, gap, in_words)
    return None


def _list_widths(pairs: pd.DataFrame, themes: pd.DataFrame, in_words: bool) -> list[float]:
    """Return the widths that the texts of the cells need at the least."""
    size = style.NUMBER - 2 if in_words else style.SMALLEST
    before = "expected " if in_words else ""
    rows = words.list_rows(pairs)
    return [
        *(measure(f"{_LOOKS[row.chance].mark}{row.both:,}", size, True) for row in rows),
        *(measure(f"{before}{_say_expected(row.expected)}", style.SMALLEST) for row in rows),
        *(measure(f"{total:,}", size, True) for total in themes["tagged"]),
    ]


# --- drawing ------------------------------------------------------------------------------------------------


def _draw(
    pairs: pd.DataFrame, themes: pd.DataFrame, layout: _Layout | None, headline: str, subtitle: str, caption: str
) -> Figure:
    sheet = Sheet()
    y = sheet.header(headline, subtitle)
    y = _draw_triangle(sheet, pairs, themes, layout, y) if layout else _draw_list(sheet, pairs, themes, y)
    if layout is None or [" ".join(lines) for lines in layout.labels] != [style.drawable(n) for n in themes["name"]]:
        listed = "; ".join(f"{theme.number} {theme.name}" for theme in words.list_rows(themes))
        y = sheet.paragraph(MARGIN, y + 0.08, f"Themes: {listed}.", style.NOTE, WIDTH - 2 * MARGIN)
    return sheet.finish(y + 0.1, caption)


def _draw_triangle(sheet: Sheet, pairs: pd.DataFrame, themes: pd.DataFrame, at: _Layout, y: float) -> float:
    """Draw the lower triangle, and the key in the corner that it leaves free; return where they end."""
    found = {(pair.theme_a, pair.theme_b): pair for pair in words.list_rows(pairs)}
    rows, pitch, top = words.list_rows(themes), at.height + at.gap, y + _HEAD
    for n, theme in enumerate(rows):
        edge = top + n * pitch
        middle = edge + at.height / 2
        number = MARGIN + max(measure(row.number, style.LABEL, True) for row in rows)
        label = at.labels[n]
        sheet.lines(at.left - 0.1, middle - height_of(label, style.LABEL) / 2, label, style.LABEL, align="right")
        widest = max((measure(line, style.LABEL) for line in label), default=0.0)
        near = at.left - 0.1 - widest - (0.06 if widest else 0.0)
        sheet.text_at(max(number, near), middle, theme.number, style.LABEL, bold=True, align="right")
        over = measure(at.heads[n], style.HEAD) - at.cell
        x = at.x(n) + (0.0 if over > 0 else -over / 2)
        sheet.text(x, edge - 0.06, at.heads[n], style.HEAD, align="left")
        for m, other in enumerate(rows[:n]):
            _draw_pair(sheet, found[other.theme, theme.theme], at, at.x(m), edge)
        _draw_cell(sheet, "in all", theme.tagged, "in all" if at.in_words else "", at, at.x(n), edge)
    foot, kinds = top + len(rows) * pitch - at.gap, [*(k for k in _LOOKS if (pairs["chance"] == k).any()), "in all"]
    return _place_key(sheet, kinds, at, (top, foot))


def _draw_pair(sheet: Sheet, pair: Any, at: _Layout, x: float, y: float) -> None:
    note = f"{'expected ' if at.in_words else ''}{_say_expected(pair.expected)}"
    _draw_cell(sheet, pair.chance, pair.both, note, at, x, y)


def _draw_cell(sheet: Sheet, kind: str, number: int, note: str, at: _Layout, x: float, y: float) -> None:
    """Draw a cell: its number with its mark, and a small line below."""
    look, room = _LOOKS[kind], at.cell - 0.02
    _draw_box(sheet, look, x, y, at.cell, at.height)
    mark = f"{look.mark} " if look.mark and at.in_words else look.mark
    size = fit_size(f"{mark}{number:,}", room, style.NUMBER if at.in_words else style.LABEL, bold=True)
    small = fit_size(note, room, style.NOTE)
    middle = y + at.height / 2 - (small * 0.62 / 72 if note else 0.0)
    middle, below = (middle - 0.005, size * 0.58 / 72 + small * 0.6 / 72)
    sheet.text_at(x + at.cell / 2, middle, f"{mark}{number:,}", size, bold=True, colour=look.ink)
    colour = MUTED if kind == "in all" else look.ink
    sheet.text_at(x + at.cell / 2, middle + below, note, small, colour=colour)


def _draw_box(sheet: Sheet, look: _Look, x: float, y: float, width: float, height: float) -> None:
    inset = 0.006 if look.edge != "none" else 0.0
    sheet.box(
        x + inset, y + inset, width - 2 * inset, height - 2 * inset, face=look.face, edge=look.edge, dashed=look.dashed
    )


# --- the key and the list -----------------------------------------------------------------------------------


def _place_key(sheet: Sheet, kinds: list[str], at: _Layout, body: tuple[float, float]) -> float:
    """Write the key at the upper right where it fits, otherwise below the triangle; return where all ends."""
    top, foot = body
    head = "Found, compared with chance" if at.in_words else "Found; small number: expected by chance"
    texts = [_LOOKS[kind].says for kind in kinds]
    for width in (3.2, 2.5, 2.1):
        lines = [balance(text, width - _SAMPLE - 0.08, style.NOTE) for text in texts]
        heads = balance(head, width, style.HEAD)
        tall = height_of(heads, style.HEAD) + sum(max(_LINE, height_of(own, style.NOTE) + 0.05) for own in lines) + 0.05
        needed = max(measure(line, style.NOTE) for own in lines for line in own) + _SAMPLE + 0.08
        needed = max(needed, *(measure(line, style.HEAD) for line in heads))
        x = WIDTH - MARGIN - needed
        ends = [at.x(n) + max(at.cell, measure(text, style.HEAD)) for n, text in enumerate(at.heads)]
        blocked = next((n for n, end in enumerate(ends) if end > x - 0.15), None)
        floor = foot if blocked is None else top + blocked * (at.height + at.gap) - _HEAD
        if top - _HEAD / 2 + tall <= floor:
            _draw_key(sheet, x, top - _HEAD / 2, heads, kinds, lines)
            return foot
    lines = [balance(text, WIDTH - 2 * MARGIN - _SAMPLE - 0.08, style.NOTE) for text in texts]
    return _draw_key(sheet, MARGIN, foot + 0.1, [head], kinds, lines)


def _draw_key(sheet: Sheet, x: float, y: float, heads: list[str], kinds: list[str], texts: list[list[str]]) -> float:
    y = sheet.lines(x, y, heads, style.HEAD) + 0.05
    for kind, lines in zip(kinds, texts, strict=True):
        tall = height_of(lines, style.NOTE)
        row = max(_LINE, tall + 0.05)
        _draw_box(sheet, _LOOKS[kind], x, y + row / 2 - 0.08, _SAMPLE, 0.16)
        sheet.text_at(x + _SAMPLE / 2, y + row / 2, _LOOKS[kind].mark, style.HEAD, colour=_LOOKS[kind].ink)
        sheet.lines(x + _SAMPLE + 0.08, y + (row - tall) / 2, lines, style.NOTE)
        y += row
    return y


def _draw_list(sheet: Sheet, pairs: pd.DataFrame, themes: pd.DataFrame, y: float) -> float:
    """List the pairs farthest from chance, then the totals of the themes; return where they end."""
    shown = words.list_rows(pairs.sort_values(["p_family", "p"], kind="stable").head(_LISTED))
    short = dict(zip(themes["theme"], themes["short"], strict=True))
    names = [f"{short[pair.theme_a]} – {short[pair.theme_b]}" for pair in shown]
    label = MARGIN + max(measure(name, style.HEAD) for name in names)
    found, chance, call = label + 0.62, label + 1.35, label + 1.9
    for x, text, align in (
        (label, "Pair of themes", "right"), (found, "Found", "right"), (chance, "Expected", "right"),
        (call, "Compared with chance", "left"),
    ):  # fmt: skip
        sheet.text(x, y + 0.1, text, style.HEAD, colour=MUTED, align=align)
    y += 0.17
    for pair, name in zip(shown, names, strict=True):
        middle, look = y + _LINE / 2, _LOOKS[pair.chance]
        sheet.text_at(label, middle, name, style.HEAD, align="right")
        sheet.text_at(found, middle, f"{pair.both:,}", style.HEAD, bold=True, align="right")
        sheet.text_at(chance, middle, _say_expected(pair.expected), style.HEAD, align="right")
        _draw_box(sheet, look, call, middle - 0.08, _SAMPLE, 0.16)
        sheet.text_at(call + _SAMPLE / 2, middle, look.mark, style.HEAD, colour=look.ink)
        sheet.text_at(call + _SAMPLE + 0.08, middle, pair.chance, style.HEAD, align="left")
        y += _LINE
    totals = "; ".join(f"{theme.short} {theme.tagged:,}" for theme in words.list_rows(themes))
    return sheet.paragraph(MARGIN, y + 0.08, f"In all: {totals}.", style.NOTE, WIDTH - 2 * MARGIN)
