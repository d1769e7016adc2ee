"""Weight and breadth: how many priorities each theme has, and over how many boards they are spread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from mapping.cells import count_cells, count_themes
from mapping.chance import Picture
from mapping.claims import Claim
from mapping.figures import style, words
from mapping.figures.chart import Chart, Checks
from mapping.figures.focus_plot import draw_focus, is_plotted
from mapping.figures.style import DAGGER, MARGIN, WIDTH, balance
from mapping.figures.words import Proposal
from mapping.focus import BREADTH_LINE, PLACES, WEIGHT_LINE, find_place, measure_areas, measure_breadth
from mapping.tags import Run

__all__ = ["list_points", "plot_focus", "propose_focus"]

#: The part of the picture that is set off.
_BEST = PLACES[0]
_NEUTRAL = "How many priorities, and over how many boards"


def plot_focus(run: Run, *, title: str = "inside", context: str = "a4") -> Chart:
    """Draw the weight and the breadth of every theme, as confirmed and as suggested.

    Across: breadth, the effective number of boards (``measure_breadth``). Upwards: weight, the priorities tagged. A
    filled dot counts confirmed tags alone, a hollow one every suggestion still waiting too; a tick shows the breadth
    that as many priorities would have on average, were they spread evenly. The dividing lines are those of
    ``find_focus``. A theme with fewer than five priorities has no breadth: it is named below the plot. Where no theme
    has a breadth, or there is one board, the counts are listed instead.

    Parameters
    ----------
    run : Run
    title, context : str
        Where the headline stands, and where the figure is read (``Chart``).

    Returns
    -------
    Chart
        ``data`` is the table of ``list_points``.
    """
    points, cells, boards = list_points(run), count_cells(run), words.count_noun(len(run.boards), "board")
    head, plotted = words.settle_title(run, *propose_focus(run)), is_plotted(points)
    what = (
        f"{'Weight and breadth of' if plotted else 'Priorities tagged to'} each {run.framework.name} theme, {boards}."
    )
    # The dagger is explained only where the headline has one.
    stand_in = words.say_stand_in(cells).replace("" if DAGGER in head.text else f" ({DAGGER})", "")
    subtitle = " ".join(filter(None, (what, words.say_checks(cells), stand_in)))
    attention = "The picture shows attention in the documents that were read, not need or impact."
    lines = _say_lines(points) if plotted else ""
    caption = words.write_caption(run, attention, lines, head=head)
    described = " ".join(_describe(row) for row in words.list_rows(points))
    return Chart(
        "focus", points, head.text, subtitle, _write_alt(run, points), described, caption,
        lambda sheet, y: draw_focus(sheet, y, points), head.verdict, title, context,
        Checks(words.list_names(points), _list_numbers),
    )  # fmt: skip


def list_points(run: Run) -> pd.DataFrame:
    """List weight, breadth and place of every theme: what the figure draws.

    Returns
    -------
    DataFrame
        One row per theme, in the agreed order: ``theme``, ``number``, ``name``, ``short``, ``tiny``; ``weight``,
        ``weight_confirmed``, ``priorities``, ``boards``, ``boards_confirmed``, ``boards_in_matrix``, ``breadth``,
        ``breadth_confirmed``, ``breadth_even`` as in ``measure_areas``; ``stand_in``, the priorities from other
        documents than the board's own strategy; ``place`` and ``place_confirmed``, where it stands to the dividing
        lines of ``find_focus`` (empty: no breadth, or one board).
    """
    areas = measure_areas(run)
    areas = areas[areas["themes"].map(len) == 1].reset_index(drop=True)
    themes = count_themes(run)[["theme", "number", "name", "short", "tiny", "stand_in"]]
    table = themes.join(areas.drop(columns=["area", "themes", "ids"]))
    for end in ("", "_confirmed"):
        columns = (table[name] for name in (f"weight{end}", "priorities", f"breadth{end}", "boards_in_matrix"))
        table[f"place{end}"] = [
            _find_place(int(w), int(p), float(b), int(n)) for w, p, b, n in zip(*columns, strict=True)
        ]
    return table


def _list_numbers(points: pd.DataFrame) -> list[str]:
    """Return the counts where they are listed; on the plot a height says them."""
    if is_plotted(points):
        return []
    return [f"{row.weight:,} of {row.priorities:,}" for row in words.list_rows(points)]


# --- words --------------------------------------------------------------------------------------------------


def _find_place(weight: int, priorities: int, breadth: float, boards: int) -> str:
    """Return where a theme stands on the plot, or nothing where it is not plotted."""
    return "" if math.isnan(breadth) or boards < 2 else find_place(weight, priorities, breadth, boards)


def propose_focus(run: Run) -> Proposal:
    """Propose a headline: the themes with many priorities that are spread widely; without one, a neutral headline.

    It holds of other counts while each named theme keeps its place. *Confirmed* is said only where all of them have
    that place with confirmed tags alone; a dagger sends to the subtitle, which says who is there through stand-ins.
    """
    points = list_points(run)
    best = points[points["place"] == _BEST]
    if best.empty:
        return Proposal(_NEUTRAL, _NEUTRAL)
    cells = count_cells(run)
    word = words.choose_word(int(cells["confirmed"].sum()), int(cells["tagged"].sum()))
    word = "confirmed" if (best["place_confirmed"] == _BEST).all() else word
    tags = "tags" if word == "tagged" else f"{word} tags"
    mark = DAGGER if words.say_stand_in(cells) else ""
    carry = "carries" if len(best) == 1 else "carry"
    text = f"{words.join_names(best['short'])} {carry} many {tags}, spread widely{mark}"
    if len(balance(text, WIDTH - 2 * MARGIN, style.HEADLINE, bold=True)) > 2:
        return Proposal(_NEUTRAL, _NEUTRAL)
    return Proposal(text, _NEUTRAL, claim_place(run, list(best["theme"])))


def claim_place(run: Run, themes: Sequence[str]) -> Claim:
    """Claim that each of some themes has many priorities that are spread widely."""
    points = list_points(run).set_index("theme").loc[list(themes)]
    places = tuple(run.framework.theme_ids.index(theme) for theme in themes)
    each = ", ".join(
        f"{row.short} ({row.weight} of {row.priorities} priorities over {row.breadth:.1f} of {row.boards_in_matrix} "
        "boards)" for row in words.list_rows(points)
    )  # fmt: skip

    def stays(other: Picture, theme: int) -> bool:
        counts = other.cells[:, theme]
        breadth = measure_breadth(counts, other.sizes)
        return _find_place(int(counts.sum()), len(other.on), breadth, other.boards) == _BEST

    says = f"Many priorities, spread widely: {each}."
    return Claim("place", tuple(themes), says, places, lambda other: all(stays(other, theme) for theme in places))


def _say_lines(points: pd.DataFrame) -> str:
    first = next(iter(words.list_rows(points)))
    return (
        f"Dividing lines, a convention: many is {WEIGHT_LINE:.0%} or more of {first.priorities:,} priorities "
        f"({WEIGHT_LINE * first.priorities:.1f}); spread widely is over {BREADTH_LINE:.0%} of "
        f"{words.spell(first.boards_in_matrix)} boards ({BREADTH_LINE * first.boards_in_matrix:.1f})."
    )


def _write_alt(run: Run, points: pd.DataFrame) -> str:
    size = f"{words.count_noun(len(points), 'theme')} over {words.count_noun(len(run.boards), 'board')}"
    best = [row.short for row in words.list_rows(points[points["place"] == _BEST])]
    top = points.iloc[int(points["weight"].to_numpy().argmax())]
    without, cells = int(points["breadth"].isna().sum()), count_cells(run)
    largest = f"Most priorities: {top['short']}, {top['weight']:,} of {top['priorities']:,}"
    largest += f", over {top['breadth']:.1f} boards." if top["place"] else "."
    return words.join_sentences(
        [
            f"{'Weight and breadth' if is_plotted(points) else 'Numbers of priorities'} of {size}.",
            "" if not is_plotted(points)
            else f"Many priorities, spread widely: {words.join_names(best)}." if best
            else "No theme has many priorities that are spread widely.",
            largest if (points["weight"] == top["weight"]).sum() == 1 else "",
            words.say_checks(cells),
            f"{without} of {len(points)} have too few priorities for a breadth." if without else "",
            words.say_stand_in(cells).replace(f" ({DAGGER})", ""),
            "The table beside the figure has all numbers.",
        ]
    )  # fmt: skip


def _describe(row: Any) -> str:
    of = f"{row.boards_in_matrix} boards"
    borrowed = f", and {words.spell(row.stand_in)} come from stand-in documents" if row.stand_in else ""
    said = f"{row.name}: {row.weight:,} of {row.priorities:,} priorities, in {len(row.boards)} of {of}"
    if row.weight:
        said += f"; a person has confirmed {words.spell(row.weight_confirmed)} of them{borrowed}"
    if row.place:
        said += f". They are spread over {row.breadth:.1f} of {of}; an even spread of as many would give "
        said += f"{row.breadth_even:.1f}. The theme stands among: {row.place}"
    elif row.boards_in_matrix > 1:
        said += ". These are too few for a breadth"
    if row.place and row.place_confirmed and row.weight_confirmed < row.weight:
        said += f". Confirmed alone: spread over {row.breadth_confirmed:.1f}, among: {row.place_confirmed}"
    return f"{said}."
