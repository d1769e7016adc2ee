"""The matrix of boards and themes: how many priorities stand in each cell, and how sure that is."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mapping.cells import count_boards, count_cells, count_themes
from mapping.figures import style, words
from mapping.figures.chart import Chart, Checks
from mapping.figures.matrix_plot import draw_matrix
from mapping.figures.slide_matrix import draw_slide_matrix
from mapping.figures.slides import write_slide_words
from mapping.figures.states import name_state
from mapping.figures.style import DAGGER
from mapping.tags import Run

__all__ = ["build_matrix", "plot_matrix"]


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
    draw, numbers = (draw_slide_matrix, list_cells) if context == "slide" else (draw_matrix, list_numbers)
    return Chart(
        name, cells, head.text, subtitle, _write_alt(cells, boards, themes), _write_description(cells, boards, themes),
        caption, lambda sheet, y: draw(sheet, y, cells, boards, themes), head.verdict, title, context,
        Checks(words.list_names(boards, themes), numbers, (style.WHITE, *(shade[1] for shade in style.SHADES))),
    )  # fmt: skip


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
        return name_state(str(cell.state))
    notes = [f"{cell.confirmed} confirmed"] if cell.confirmed else []
    notes += [f"{cell.stand_in} from stand-in documents"] if cell.stand_in else []
    return f"{cell.tagged} ({', '.join(notes)})" if notes else str(cell.tagged)
