"""The mapping table an analyst expects, as a workbook: one row per priority, one column per theme, and why."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.cells import count_boards, count_cells, count_themes
from mapping.files import replace_controls, write_file
from mapping.findings import LIMITS, describe_cell, state_findings, state_method, state_reading
from mapping.interdependencies import find_interdependencies
from mapping.outputs.sections import Grid, Section, build_sections, flatten
from mapping.pairs import describe_overlap, describe_themes
from mapping.tables import each_row
from mapping.tags import Run

__all__ = ["MADE", "cut_cell", "describe_tag", "write_workbook"]

_LONGEST_CELL = 32_767
_TALLEST_ROW = 409.0
# Wider sheets are set up for A3: on A4 their letters would be too small to read.
_WIDEST_A4 = 220.0
_WIDEST_COLUMN = 52.0
_CUT = " ... [cut: the whole text stands in tables/priorities.csv]"
_INK, _MUTED, _BLUE, _PALE = "#0B0C0C", "#595959", "#12436D", "#F3F2F1"
#: A fixed time: a workbook says nothing of the day it was made, so that the same run gives the same bytes.
MADE = datetime(2019, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def write_workbook(run: Run, path: str | Path) -> Path:
    """Write the mapping table as XLSX.

    Sheets: *Read me*; *Mapping*, one row per priority and one column per theme with its confidence and status, why,
    and the source; *Boards by themes*, priorities per cell; *Board pairs*, how alike their themes are and the highest
    rung of evidence; then one sheet for each table of ``sections``: what stands up, areas of focus, chance, gaps.
    Every text is written as text: nothing is a formula or a link.

    Parameters
    ----------
    run : Run
    path : str or Path

    Returns
    -------
    Path
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": f"Mapping table: {run.partnership.name}", "created": MADE})
        style = _make_styles(book)
        _write_readme(book, style, run)
        _write_mapping(book, style, run)
        _write_matrix(book, style, run)
        _write_pairs(book, style, run)
        for section in build_sections(run):
            for grid in section.grids:
                _write_grid(book, style, section, grid)
    return write_file(path, buffer.getvalue())


def cut_cell(text: str) -> str:
    """Return a text that fits into a cell of a workbook; one that is cut says so, and where the whole stands."""
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - len(_CUT)] + _CUT


def describe_tag(tag: Any) -> str:
    """Return one tag in words: ``likely, suggested``, ``confirmed``, ``check``, or nothing.

    Parameters
    ----------
    tag : row of ``Run.tags``
    """
    if tag.status in ("", "suggested"):
        if tag.tagged:
            return f"{tag.confidence}, suggested"
        return tag.confidence if tag.confidence in ("check", "not scored") else ""
    return str(tag.status)


def _make_styles(book: Any) -> dict[str, Any]:
    base = {"font_name": "Arial", "font_size": 10, "font_color": _INK, "valign": "top", "text_wrap": True}
    cell = {**base, "bottom": 1, "bottom_color": "#BFBFBF"}
    return {
        "text": book.add_format(base),
        "cell": book.add_format(cell),
        "number": book.add_format({**cell, "align": "center", "num_format": "0"}),
        "centre": book.add_format({**cell, "align": "center"}),
        "confirmed": book.add_format({**cell, "align": "center", "bold": True, "bg_color": "#DCEAF7"}),
        "head": book.add_format(
            {**base, "bold": True, "font_color": "#FFFFFF", "bg_color": _BLUE, "valign": "vcenter"}
        ),
        "title": book.add_format({**base, "font_size": 14, "bold": True, "text_wrap": False}),
        "note": book.add_format({**base, "font_color": _MUTED}),
        "strong": book.add_format({**base, "bold": True}),
        "plain": book.add_format({**base, "text_wrap": False}),
    }


def _put(sheet: Any, row: int, column: int, value: object, style: Any) -> None:
    if isinstance(value, (int, float)) and value == value:
        sheet.write_number(row, column, value, style)
        return
    text = "" if value is None or value != value else replace_controls(str(value))
    if text:
        sheet.write_string(row, column, cut_cell(text), style)
    else:
        sheet.write_blank(row, column, None, style)


def _write_table(
    sheet: Any, style: dict[str, Any], top: int, head: Sequence[tuple[str, float]], rows: Sequence[Sequence[object]],
    choose: Callable[[int, object], str],
) -> None:  # fmt: skip
    """Write a header row and its rows; ``choose`` gives the style's name by column and value."""
    for column, (name, width) in enumerate(head):
        sheet.set_column(column, column, width)
        _put(sheet, top, column, name, style["head"])
    sheet.set_row(top, _find_height([name for name, _ in head], head))
    for n, row in enumerate(rows, start=top + 1):
        # Not every program fits the height of a row to wrapped text when it opens a workbook.
        sheet.set_row(n, _find_height(row, head))
        for column, value in enumerate(row):
            _put(sheet, n, column, value, style[choose(column, value)])
    sheet.freeze_panes(top + 1, 1)
    if rows:
        sheet.autofilter(top, 0, top + len(rows), len(head) - 1)
    sheet.set_landscape()
    sheet.set_paper(8 if sum(width for _, width in head) > _WIDEST_A4 else 9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.set_footer("&L&A&RPage &P of &N")


def _find_height(row: Sequence[object], head: Sequence[tuple[str, float]]) -> float:
    """Return the height in points that a row's wrapped text needs, by a generous count of letters per line."""
    lines = 1
    for value, (_, width) in zip(row, head, strict=True):
        if isinstance(value, str):
            letters = max(1, int(width * 0.95))
            lines = max(lines, sum(math.ceil(max(1, len(part)) / letters) for part in value.split("\n")))
    return min(_TALLEST_ROW, 13.5 * lines + 3)


def _write_readme(book: Any, style: dict[str, Any], run: Run) -> None:
    sheet = book.add_worksheet("Read me")
    sheet.hide_gridlines(2)
    # A lone column wider than the page would be cut in print.
    sheet.set_column(0, 0, 84)
    lines: list[tuple[str, str]] = [("title", f"Mapping table: {run.partnership.name}"), ("note", run.edition)]
    lines += [("text", run.partnership.info["about"])] if run.partnership.info["about"] else []
    for heading, sentences in (
        ("What was found", state_findings(run)),
        ("What was read", state_reading(run)),
        ("How it was done", state_method(run)),
        ("How far it goes", list(LIMITS)),
        (
            "How to read the sheets",
            [
                "Mapping: one row per priority. Under each theme: likely or possible (suggested by the machine), check "
                "(close: a person is asked to look), confirmed, rejected, added, unsure or disputed (people's "
                "decisions), not scored (the reason stands under Why), or nothing.",
                "Boards by themes: how many of a board's priorities are tagged to a theme. A priority counts once per "
                "theme, so rows do not add up to the board's priorities. \u2020: all from stand-in documents.",
                "Board pairs: overlap is the sum over themes of the smaller of the two boards' shares of tags. It is "
                "not cooperation. Rungs 0 to 2 are evidence from tags and wording, not dependency.",
                "What stands up, Areas of focus, Chance, Gaps: what one could say, how often it held when the mapping "
                "was done another way, and what chance alone would give. How to read each stands below its table.",
            ],
        ),
    ):
        lines += [("strong", heading), *(("text", sentence) for sentence in sentences)] if sentences else []
    for row, (kind, text) in enumerate(lines):
        _put(sheet, row, 0, text, style[kind])
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write_mapping(book: Any, style: dict[str, Any], run: Run) -> None:
    sheet = book.add_worksheet("Mapping")
    themes = list(zip(run.themes["theme"], run.themes["short"], strict=True))
    head = [("Ref", 9.0), ("Board", 13.0), ("Strategy", 22.0), ("Standing", 10.0), ("Level", 9.0), ("Priority", 44.0)]
    head += [("Wording", 10.0), *((short, 12.0) for _, short in themes), ("No theme", 9.0), ("Why", 50.0)]
    head += [("Source", 28.0), ("Page or paragraph", 14.0), ("Address", 26.0)]
    own: dict[str, list[Any]] = {priority: [] for priority in run.priorities["priority"]}
    for tag in each_row(run.tags):
        own[tag.priority].append(tag)
    strategies = dict(zip(run.partnership.strategies["strategy"], run.partnership.strategies["name"], strict=True))
    short = dict(zip(run.partnership.boards["board"], run.partnership.boards["short"], strict=True))
    names = dict(themes)
    rows = []
    for item in each_row(run.priorities):
        tags = own[item.priority]
        rows.append(
            [
                item.priority, short[item.board], strategies[item.strategy], item.standing,
                item.level if item.counted else f"{item.level} (heading, not counted)", item.text, item.wording,
                *(describe_tag(tag) for tag in tags), "" if any(tag.on for tag in tags) else "none",
                "\n".join(filter(None, (_why(tag, names[tag.theme]) for tag in tags))),
                item.source_title, ", ".join(filter(None, (item.page, item.paragraph))), item.source_address,
            ]
        )  # fmt: skip
    first, last = 7, 7 + len(themes)

    def choose(column: int, value: object) -> str:
        if first <= column < last:
            return "confirmed" if value in ("confirmed", "added") else "centre"
        return "cell"

    _write_table(sheet, style, 0, head, rows, choose)


def _why(tag: Any, name: str) -> str:
    if not tag.on and tag.confidence not in ("check", "not scored") and not tag.status:
        return ""
    if tag.confidence == "not scored":
        return f"{name}: {tag.reason}"
    found = ", ".join(dict.fromkeys(f"{span.pattern} ({span.role})" for span in tag.spans)) or "no keyword"
    return f"{name}: {found}; similarity {tag.similarity_score:.2f}; score {tag.score:.2f}: {tag.reason}"


def _write_matrix(book: Any, style: dict[str, Any], run: Run) -> None:
    sheet = book.add_worksheet("Boards by themes")
    cells = {(cell.board, cell.theme): cell for cell in each_row(count_cells(run))}
    themes = list(each_row(count_themes(run)))
    head = [("Board", 36.0), *((f"{t.number}. {t.name}", 17.0) for t in themes)]
    head += [("Priorities", 10.0), ("With a theme", 10.0), ("From named strategies", 12.0), ("What was read", 40.0)]
    rows: list[list[object]] = []
    for board in each_row(count_boards(run)):
        own = [cells[board.board, theme.theme] for theme in themes]
        read = "named strategies read" if board.reading == "read" else f"{board.reading}: {board.not_read}"
        rows.append(
            [board.name, *(_cell(cell) for cell in own), board.priorities, board.with_theme, board.from_named, read]
        )
    totals = count_boards(run)[["priorities", "with_theme", "from_named"]].sum()
    rows.append(["All boards", *(theme.tagged for theme in themes), *(int(total) for total in totals), ""])
    last = len(themes) + 4
    _write_table(sheet, style, 0, head, rows, lambda column, value: "number" if 0 < column < last else "cell")
    below = len(rows) + 2
    for n, line in enumerate(
        (
            "Numbers: priorities tagged, of the board's own; in brackets those that a person has confirmed.",
            "none: no tag in the text that was read. not read: the board's named strategy was not read. "
            "\u2020: all from stand-in documents.",
        )
    ):
        _put(sheet, below + n, 0, line, style["plain"])


def _cell(cell: Any) -> object:
    plain = cell.state == "tagged" and not cell.confirmed
    return cell.tagged if plain else describe_cell(cell.tagged, cell.confirmed, cell.state)


def _write_pairs(book: Any, style: dict[str, Any], run: Run) -> None:
    sheet = book.add_worksheet("Board pairs")
    name = dict(zip(run.boards["board"], run.boards["name"], strict=True))
    theme = dict(zip(run.themes["theme"], run.themes["short"], strict=True))
    head = [
        ("Board", 34.0), ("And board", 34.0), ("Overlap of theme profiles", 12.0),
        ("Themes on which both have a tag", 40.0),
        ("Highest rung", 9.0), ("Which says", 40.0), ("Pairs of priorities sharing a theme", 12.0),
        ("Sharing two or more themes", 36.0), ("Similar wording", 36.0), ("Passages, from rung 3 up", 52.0),
        ("Through stand-in documents", 12.0),
    ]  # fmt: skip
    rows = [
        [
            name[row.board_a], name[row.board_b], describe_overlap(row),
            describe_themes([theme[t] for t in row.themes], row.reading), "" if pd.isna(row.rung) else int(row.rung),
            row.says, len(row.pairs_0), "; ".join(row.pairs_1), "; ".join(row.pairs_2),
            "\n".join(row.passages),
            "yes \u2020" if row.stand_in else "no",
        ]
        for row in each_row(find_interdependencies(run))
    ]  # fmt: skip

    def choose(column: int, value: object) -> str:
        return "number" if column in (2, 4, 6) else "cell"

    _write_table(sheet, style, 0, head, rows, choose)


def _write_grid(book: Any, style: dict[str, Any], section: Section, grid: Grid) -> None:
    """Write one table of a section on a sheet of its own, with what the section states below it."""
    sheet = book.add_worksheet(grid.sheet)
    rows = [[flatten(cell, "\n") for cell in row] for row in grid.rows]
    head = []
    for place, name in enumerate(grid.head):
        longest = max((len(line) for row in rows for line in row[place].split("\n")), default=0)
        head.append((name, float(min(_WIDEST_COLUMN, max(11, len(name) * 0.75, longest * 0.9)))))
    _write_table(sheet, style, 0, head, rows, lambda column, value: "cell")
    lines = [grid.note, *section.sentences] if grid.note else section.sentences
    for n, line in enumerate(lines, start=len(rows) + 2):
        _put(sheet, n, 0, line, style["plain"])
