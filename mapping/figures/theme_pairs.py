"""Pairs of themes: how often two meet in one priority, beside what chance alone would give."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from mapping.cells import choose_word, count_cells, count_themes
from mapping.chance import find_theme_pairs
from mapping.claims import claim_theme_pair
from mapping.figures import style, words
from mapping.figures.chart import Chart, Checks
from mapping.figures.matrix import build_matrix
from mapping.figures.sheet import Sheet, height_of
from mapping.figures.style import DAGGER, MARGIN, MUTED, WIDTH, balance, fit_size, measure
from mapping.tags import Run

__all__ = ["plot_theme_pairs", "propose_theme_pairs"]

#: Pairs that are listed where the cells of a triangle would be too small to read, and tried for the headline.
_LISTED, _TRIED = 20, 3
_NEUTRAL = "How often two themes meet in one priority"
#: Height of a line of the key and of the list, width of their samples with the gap, room of a column head.
_LINE, _SAMPLE, _SAMPLED, _HEAD = 0.2, 0.36, 0.44, 0.21
#: Widest name in full beside a row, widest cell.
_NAME, _CELL = 1.42, 0.95


class _Look(NamedTuple):
    """How a cell of one kind looks, and what the key says of it: no kind goes by its colour alone."""

    face: str
    ink: str
    edge: str
    dashed: bool
    mark: str
    says: str


_LOOKS = {
    "more": _Look("#2073BC", style.WHITE, "none", False, "▲", "more than chance gives"),
    "fewer": _Look("#F9B891", style.INK, "none", False, "▼", "fewer than chance gives"),
    "as expected": _Look("#E5E5E4", style.INK, "none", False, "", "as expected by chance"),
    "too few to tell": _Look(style.WHITE, MUTED, style.GREY, True, "", "too few to tell: any number could be chance"),
    "in all": _Look(style.WHITE, style.INK, style.RULE, False, "", "in all: priorities with the theme"),
}
_SHADES = (style.WHITE, *(_LOOKS[kind].face for kind in ("as expected", "fewer", "more")))
#: Label of a row, head of a column, height of a cell, gap between cells, and whether cells hold words: the first
#: that fits is drawn.
_LAYOUTS = (
    ("name", "short", 0.50, 0.055, True), ("short", "short", 0.50, 0.055, True), ("short", "tiny", 0.50, 0.055, True),
    ("short", "short", 0.38, 0.045, False), ("short", "tiny", 0.38, 0.045, False),
    ("short", "", 0.33, 0.035, False), ("tiny", "", 0.33, 0.03, False), ("", "", 0.33, 0.025, False),
)  # fmt: skip


def plot_theme_pairs(run: Run, *, title: str = "inside", context: str = "a4") -> Chart:
    """Draw how often two themes meet in one priority, beside what chance alone would give.

    One cell per pair: the number found, below it the number expected, and by mark and colour what ``find_theme_pairs``
    says of it; on the diagonal the priorities of each theme. With so many themes that the text would fall below 7
    points, the 20 pairs farthest from chance are listed instead; how many are not shown is said. With one theme the
    matrix is drawn.

    Parameters
    ----------
    run : Run
    title, context : str
        Where the headline stands, and where the figure is read (``Chart``).

    Returns
    -------
    Chart
        ``data`` is the table of ``find_theme_pairs``.
    """
    pairs, themes, cells = find_theme_pairs(run), count_themes(run), count_cells(run)
    if pairs.empty:
        note = "With one theme there is no pair; here the matrix stands in its place."
        return build_matrix(run, "theme-pairs", words.title_matrix(run), note, title=title, context=context)
    tried = (words.settle_title(run, *proposal) for proposal in propose_theme_pairs(run))
    head = next((head for head in tried if head.verdict), words.Title(_NEUTRAL))
    # The dagger is explained only where the headline has one.
    stand_in = words.say_stand_in(cells).replace("" if DAGGER in head.text else f" ({DAGGER})", "")
    what = "Priorities that carry both themes, and what chance would give."
    subtitle = " ".join(filter(None, (what, _say_calls(pairs), words.say_checks(cells), stand_in)))
    layout = _choose_layout(pairs, themes)
    hidden = 0 if layout else len(pairs) - _LISTED
    listed = f"The {_LISTED} pairs farthest from chance are listed; {hidden} are not shown." if hidden > 0 else ""
    caption = words.write_caption(run, _say_chance(run), listed, head=head)
    return Chart(
        "theme-pairs", pairs, head.text, subtitle, _write_alt(themes, pairs), _write_description(themes, pairs),
        caption, lambda sheet, y: _draw(sheet, y, pairs, themes, layout), head.verdict, title, context,
        Checks(words.list_names(themes), lambda table: _list_numbers(table, layout), _SHADES),
    )  # fmt: skip


def _list_numbers(pairs: pd.DataFrame, layout: _Layout | None) -> list[str]:
    """Return the number of each pair, with its mark where it stands in a triangle."""
    if layout is None:
        return [f"{number:,}" for number in _sort(pairs).head(_LISTED)["both"]]
    return [_say_found(_LOOKS[pair.chance], pair.both, layout.in_words) for pair in words.list_rows(pairs)]


def _say_found(look: _Look, number: int, in_words: bool) -> str:
    return f"{look.mark}{' ' if look.mark and in_words else ''}{number:,}"


# --- words --------------------------------------------------------------------------------------------------


def propose_theme_pairs(run: Run) -> list[words.Proposal]:
    """Propose headlines: for each pair called more or fewer, the farthest from chance first, at most three.

    "Suggested" leads where no person has confirmed a tag on either theme; a dagger sends to the subtitle, which says
    how many boards are there through stand-in documents only.
    """
    cells = count_cells(run)
    mark, proposals = DAGGER if words.say_stand_in(cells) else "", []
    for pair in words.list_rows(_sort(_select_called(find_theme_pairs(run))).head(_TRIED)):
        own = cells[cells["theme"].isin([pair.theme_a, pair.theme_b])]
        word = choose_word(int(own["confirmed"].sum()), int(own["tagged"].sum()))
        a, b = (run.framework.theme(theme)["short"] for theme in (pair.theme_a, pair.theme_b))
        often = "more" if pair.chance == "more" else "less"
        text = f"{'Suggested: ' if word == 'suggested' else ''}{a} goes with {b} {often} often than chance{mark}"
        if len(balance(text, WIDTH - 2 * MARGIN, style.HEADLINE, bold=True)) <= 2:
            claim = claim_theme_pair(run, pair.theme_a, pair.theme_b, pair.chance)
            proposals.append(words.Proposal(text, _NEUTRAL, claim))
    return proposals


def _select_called(pairs: pd.DataFrame) -> pd.DataFrame:
    return pairs[pairs["chance"].isin(["more", "fewer"])]


def _sort(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return pairs by how far they are from chance, the farthest first."""
    away = (pairs["both"] - pairs["expected"]).abs()
    return pairs.assign(away=-away).sort_values(["p_family", "p", "away"], kind="stable").drop(columns="away")


def _say_calls(pairs: pd.DataFrame) -> str:
    """Return how many pairs are more, fewer, as expected and too few to tell."""
    counts = [(call, int((pairs["chance"] == call).sum())) for call in _LOOKS]
    (call, first), *others = [(call, number) for call, number in counts if number]
    every = {1: "The one pair", 2: "Both pairs"}.get(len(pairs), f"All {len(pairs)} pairs")
    start = f"{first} of {len(pairs)} pairs" if others else every
    than = " than chance gives" if call in ("more", "fewer") else ""
    return ", ".join([f"{start} {call}{than}", *(f"{number} {call}" for call, number in others)]) + "."


def _say_chance(run: Run) -> str:
    return (
        f"Chance: {run.settings.draws:,} draws in which each priority keeps its number of themes and each theme its "
        "number of priorities. So the sum over all pairs is fixed: more of one pair is fewer of others. By chance "
        "alone anything would be called more or fewer in at most one city in twenty."
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


def _write_alt(themes: pd.DataFrame, pairs: pd.DataFrame) -> str:
    names = dict(zip(themes["theme"], themes["short"], strict=True))
    called, most = _sort(_select_called(pairs)).head(1), pairs[pairs["both"] == max(1, pairs["both"].max())]
    first, top = (
        [f"{names[p.theme_a]} and {names[p.theme_b]}, {p.both:,} found, {_say_expected(p.expected)} expected"
         for p in words.list_rows(table)] for table in (called, most)
    )  # fmt: skip
    return words.join_sentences(
        [
            f"Numbers of priorities in which two of {words.spell(len(themes))} themes meet, beside chance.",
            _say_calls(pairs),
            f"{called['chance'].iloc[0].capitalize()} than chance gives: {first[0]}." if first else "",
            f"Most often together: {top[0]}." if len(top) == 1 and top != first else "",
            "" if top else "No priority carries two themes.",
            "The table beside the figure has all pairs.",
        ]
    )  # fmt: skip


def _write_description(themes: pd.DataFrame, pairs: pd.DataFrame) -> str:
    names = dict(zip(themes["theme"], themes["name"], strict=True))
    totals = "; ".join(f"{theme.name} {theme.tagged:,}" for theme in words.list_rows(themes))
    parts = [f"Priorities with each theme: {totals}."]
    for pair in words.list_rows(pairs):
        carry = "priority carries" if pair.both == 1 else "priorities carry"
        sure = f", of which a person has confirmed {pair.confirmed:,} on both" if pair.confirmed else ""
        parts.append(
            f"{names[pair.theme_a]} and {names[pair.theme_b]}: {pair.both:,} {carry} both{sure}; chance would give "
            f"{_say_expected(pair.expected)}, in the middle 95% of draws {_say_range(pair.low, pair.high)}: "
            f"{pair.chance}."
        )
    return " ".join(parts)


def _say_range(low: float, high: float) -> str:
    return f"{low:,.0f} to {high:,.0f}" if low < high else f"{low:,.0f}"


# --- where things stand -------------------------------------------------------------------------------------


class _Layout(NamedTuple):
    """What rows and columns are called, and where the cells stand, in inches."""

    labels: list[list[str]]
    heads: list[str]
    left: float
    cell: float
    height: float
    gap: float
    in_words: bool

    def x(self, column: int) -> float:
        return self.left + column * (self.cell + self.gap)

    def end(self, column: int) -> float:
        return self.x(column) + max(self.cell, measure(self.heads[column], style.HEAD))


def _choose_layout(pairs: pd.DataFrame, themes: pd.DataFrame) -> _Layout | None:
    """Return the first layout in which no text falls below the smallest size, or nothing."""
    rows = words.list_rows(themes)
    for label, head, height, gap, in_words in _LAYOUTS:
        texts, heads = ([f"{r.number} {getattr(r, name) if name else ''}".strip() for r in rows]
                        for name in (label, head))  # fmt: skip
        labels = [balance(text, _NAME if label == "name" else WIDTH, style.LABEL) for text in texts]
        whole = all(measure(word, style.LABEL) <= _NAME for text in texts for word in text.split())
        if not whole or any(height_of(lines, style.LABEL) > height for lines in labels):
            continue
        left = MARGIN + max(measure(line, style.LABEL) for lines in labels for line in lines) + 0.1
        # A head may reach over the edge of its cell, but not over that of the paper.
        reach = [(WIDTH - MARGIN - left - measure(text, style.HEAD)) / n for n, text in enumerate(heads) if n]
        cell = min((WIDTH - MARGIN - left + gap) / len(rows) - gap, *(room - gap for room in reach), _CELL)
        if cell >= _find_widest(pairs, themes, in_words) + 0.03:
            return _Layout(labels, heads, left, cell, height, gap, in_words)
    return None


def _find_widest(pairs: pd.DataFrame, themes: pd.DataFrame, in_words: bool) -> float:
    """Return the width that the texts of the cells need at the least."""
    size = style.NUMBER - 2 if in_words else style.SMALLEST
    rows, before = words.list_rows(pairs), "expected " if in_words else ""
    numbers = [*(f"{_LOOKS[row.chance].mark}{row.both:,}" for row in rows), *(f"{n:,}" for n in themes["tagged"])]
    notes = [f"{before}{_say_expected(row.expected)}" for row in rows]
    return max(*(measure(text, size, True) for text in numbers), *(measure(text, style.SMALLEST) for text in notes))


# --- drawing ------------------------------------------------------------------------------------------------


def _draw(sheet: Sheet, y: float, pairs: pd.DataFrame, themes: pd.DataFrame, layout: _Layout | None) -> float:
    y = _draw_triangle(sheet, pairs, themes, layout, y) if layout else _draw_list(sheet, pairs, themes, y)
    rows = words.list_rows(themes)
    said = {" ".join(lines) for lines in layout.labels} if layout else {f"{row.number} {row.short}" for row in rows}
    left_out = [full for full in (f"{row.number} {row.name}" for row in rows) if style.drawable(full) not in said]
    if left_out:
        y = sheet.paragraph(MARGIN, y + 0.08, f"In full: {'; '.join(left_out)}.", style.NOTE, WIDTH - 2 * MARGIN)
    return y + 0.1


def _draw_triangle(sheet: Sheet, pairs: pd.DataFrame, themes: pd.DataFrame, at: _Layout, y: float) -> float:
    """Draw the lower triangle, and the key in the corner that it leaves free; return where they end."""
    found = {(pair.theme_a, pair.theme_b): pair for pair in words.list_rows(pairs)}
    rows, top = words.list_rows(themes), y + _HEAD
    edge = top
    for n, theme in enumerate(rows):
        label, middle = at.labels[n], edge + at.height / 2
        sheet.lines(at.left - 0.1, middle - height_of(label, style.LABEL) / 2, label, style.LABEL, align="right")
        within = (at.cell - measure(at.heads[n], style.HEAD)) / 2
        sheet.text(at.x(n) + max(0.0, within), edge - 0.06, at.heads[n], style.HEAD)
        for m, other in enumerate(rows[:n]):
            pair = found[other.theme, theme.theme]
            note = f"{'expected ' if at.in_words else ''}{_say_expected(pair.expected)}"
            _draw_cell(sheet, pair.chance, pair.both, note, at, at.x(m), edge)
        _draw_cell(sheet, "in all", theme.tagged, "in all" if at.in_words else "", at, at.x(n), edge)
        edge += at.height + at.gap
    # Where cells hold words, those on the diagonal say what they are.
    kinds = [k for k in _LOOKS if (pairs["chance"] == k).any() or (k == "in all" and not at.in_words)]
    return _place_key(sheet, kinds, at, y, edge - at.gap)


def _draw_cell(sheet: Sheet, kind: str, number: int, note: str, at: _Layout, x: float, y: float) -> None:
    """Draw a cell: its number with its mark, and a small line below."""
    look, room = _LOOKS[kind], at.cell - 0.02
    _draw_box(sheet, look, x, y, at.cell, at.height)
    text = _say_found(look, number, at.in_words)
    size = fit_size(text, room, style.NUMBER if at.in_words else style.LABEL, bold=True)
    small = fit_size(note, room, style.NOTE)
    middle = y + at.height / 2 - (0.005 + small * 0.62 / 72 if note else 0.0)
    sheet.text_at(x + at.cell / 2, middle, text, size, bold=True, colour=look.ink)
    below = middle + (size * 0.58 + small * 0.6) / 72
    sheet.text_at(x + at.cell / 2, below, note, small, colour=MUTED if kind == "in all" else look.ink)


def _draw_box(sheet: Sheet, look: _Look, x: float, y: float, width: float, height: float) -> None:
    inset = 0.006 if look.edge != "none" else 0.0
    sheet.box(
        x + inset, y + inset, width - 2 * inset, height - 2 * inset, face=look.face, edge=look.edge, dashed=look.dashed
    )


def _draw_sample(sheet: Sheet, kind: str, x: float, middle: float, text: str, size: float) -> None:
    look = _LOOKS[kind]
    _draw_box(sheet, look, x, middle - 0.08, _SAMPLE, 0.16)
    sheet.text_at(x + _SAMPLE / 2, middle, look.mark, style.HEAD, colour=look.ink)
    sheet.text_at(x + _SAMPLED, middle, text, size, align="left")


def _place_key(sheet: Sheet, kinds: list[str], at: _Layout, y: float, foot: float) -> float:
    """Write the key at the upper right where it fits, otherwise below the triangle; return where all ends."""
    head = "Found, compared with chance" if at.in_words else "Found; small number: expected by chance"
    width = max(measure(head, style.HEAD), *(_SAMPLED + measure(_LOOKS[kind].says, style.NOTE) for kind in kinds))
    x, top = WIDTH - MARGIN - width, y
    blocked = [n for n in range(len(at.heads)) if at.end(n) > x - 0.12]
    free = y + blocked[0] * (at.height + at.gap) if blocked else foot
    if y + 0.2 + _LINE * len(kinds) > free:
        x, top = MARGIN, foot + 0.1
    sheet.text(x, top + 0.13, head, style.HEAD)
    for n, kind in enumerate(kinds):
        _draw_sample(sheet, kind, x, top + 0.2 + _LINE * (n + 0.5), _LOOKS[kind].says, style.NOTE)
    return max(foot, top + 0.2 + _LINE * len(kinds))


def _draw_list(sheet: Sheet, pairs: pd.DataFrame, themes: pd.DataFrame, y: float) -> float:
    """List the pairs farthest from chance, then the totals of the themes; return where they end."""
    shown = words.list_rows(_sort(pairs).head(_LISTED))
    short = dict(zip(themes["theme"], themes["short"], strict=True))
    names = [f"{short[pair.theme_a]} – {short[pair.theme_b]}" for pair in shown]
    label = MARGIN + max(measure(name, style.HEAD) for name in names)
    heads = ("Pair of themes", "Found", "Expected", "95% of draws")
    ends = (label, label + 0.55, label + 1.25, label + 2.25)
    for end, head in zip(ends, heads, strict=True):
        sheet.text(end, y + 0.1, head, style.HEAD, colour=MUTED, align="right")
    sheet.text(ends[-1] + 0.2, y + 0.1, "Compared with chance", style.HEAD, colour=MUTED)
    y += 0.17
    for pair, name in zip(shown, names, strict=True):
        texts = (name, f"{pair.both:,}", _say_expected(pair.expected), _say_range(pair.low, pair.high))
        for end, head, text in zip(ends, heads, texts, strict=True):
            sheet.text_at(end, y + _LINE / 2, text, style.HEAD, bold=head == "Found", align="right")
        _draw_sample(sheet, pair.chance, ends[-1] + 0.2, y + _LINE / 2, pair.chance, style.HEAD)
        y += _LINE
    totals = "; ".join(f"{theme.short} {theme.tagged:,}" for theme in words.list_rows(themes))
    return sheet.paragraph(MARGIN, y + 0.08, f"In all: {totals}.", style.NOTE, WIDTH - 2 * MARGIN)
