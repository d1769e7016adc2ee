"""The tables that go with a published paper, as a spreadsheet that everyone can read, with a screen reader too."""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.cells import count_boards, count_cells, count_themes
from mapping.errors import OutputError
from mapping.files import replace_controls, write_file
from mapping.findings import LIMITS, state_findings
from mapping.gaps import find_gaps
from mapping.intersections import find_untagged
from mapping.outputs.workbook import MADE, cut_cell, describe_tag
from mapping.pairs import find_board_pairs
from mapping.tables import each_row
from mapping.tags import Run

__all__ = ["write_published_tables"]

#: Shorthand of the Government Statistical Service, explained on every sheet that uses it.
NOT_READ, NOTHING = "[x]", "[z]"
_LEGEND = {
    NOT_READ: "[x] = not available: the board's named strategies were not read and no tag was found, so nothing can "
    "be said",
    NOTHING: "[z] = not applicable: there is nothing to put here",
}
_LONGEST_HEADING = 200
_PLAIN_TEXT = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True,
}  # fmt: skip
#: What the library would turn into a link or a note: kept as text instead.
_LIVE = re.compile(r"\[.+\]\(.+\)|\$\$", re.DOTALL)
_NOTES = {
    "suggested": (
        "A tag is a suggestion of the machine until a person has confirmed it. 'Tagged' counts suggested and confirmed "
        "tags; 'Confirmed' counts those that a person has confirmed or added."
    ),
    "once": "A priority counts once for each theme that it is tagged to, so the numbers in a row do not add up to the "
    "board's priorities.",
    "standin": "Stand-in documents were read where a board's named strategies were not to be had.",
    "overlap": "Overlap is the sum, over the themes, of the smaller of the two boards' shares of tags: 0 none, 1 all.",
}
_WIDE, _MIDDLE, _NARROW = 60, 34, 16
#: Paper as Excel numbers it; the first row of the notes; points of a line; widths of letters of 12 points.
_A4, _NOTES_TOP, _LINE, _LETTER, _TALLEST_ROW = 9, 3, 16.0, 1.15, 409.0


@dataclass(frozen=True, eq=False)
class _Sheet:
    """One table: its sheet's name, its title, what one row is, and its cells."""

    name: str
    title: str
    row: str
    table: pd.DataFrame
    wide: tuple[str, ...] = ()


def write_published_tables(run: Run, path: str | Path) -> Path:
    """Write the tables for publication as XLSX, to the UK checklist for accessible spreadsheets.

    One table a sheet, each marked up as a table with a header row; a cover, a contents sheet and notes; no merged or
    blank cells, no meaning in colour alone; shorthand explained where it is used. Every text is text: nothing is a
    formula, and what looks like a link in a document stays as it was written.

    Parameters
    ----------
    run : Run
    path : str or Path
        Its name ends with .xlsx.

    Returns
    -------
    Path

    Raises
    ------
    OutputError
        When the name ends otherwise.

    Notes
    -----
    The checklist is "Making spreadsheets accessible" of the Government Analysis Function; the layout is made by the
    library gptables, which the same body keeps.

    Examples
    --------
    >>> import tempfile
    >>> from mapping import load_derby, tag
    >>> home = tempfile.TemporaryDirectory()
    >>> write_published_tables(tag(load_derby()), home.name + "/tables.xlsx").name
    'tables.xlsx'
    >>> home.cleanup()
    """
    if Path(path).suffix.casefold() != ".xlsx":
        raise OutputError(f"{path}: these tables are an Excel workbook. Give a name that ends with .xlsx.")
    import gptables

    sheets, cover = [_fill(sheet) for sheet in _list_sheets(run)], _make_cover(gptables, run)
    made = {sheet.name: _make_table(gptables, sheet, number) for number, sheet in enumerate(sheets, start=1)}
    buffer = io.BytesIO()
    notes = pd.DataFrame({"Note reference": list(_NOTES), "Note text": list(_NOTES.values())})
    with warnings.catch_warnings():
        # The library uses what later versions of pandas will take away; the pins hold it.
        warnings.simplefilter("ignore")
        book = gptables.produce_workbook(
            buffer,
            sheets=made,
            cover=cover,
            contentsheet_options={"title": "Contents", "column_names": ["Sheet", "Table"]},
            notes_table=notes,
            notesheet_options={"title": "Notes"},
            auto_width=False,
            workbook_options=_PLAIN_TEXT,
        )
    book.set_properties(
        {"title": f"Tables: {_plain(run.partnership.name)}", "subject": "Priorities by theme", "created": MADE}
    )
    _finish(book, sheets, made)
    _finish_cover(book, cover)
    book.close()
    return write_file(path, buffer.getvalue())


# --- layout ------------------------------------------------------------------------------------------------


def _make_cover(gptables: Any, run: Run) -> Any:
    info = run.partnership.info
    about = [f"Data: {info.get('edition', '')}", f"Run {run.hash}", f"Framework: {run.framework.name}"]
    return gptables.Cover(
        title=f"Priorities of {_plain(run.partnership.name)} by theme",
        intro=[
            "Draft. These tables were made by machine from the texts that were read; what people have confirmed is "
            "counted apart.",
            *(_plain(sentence) for sentence in state_findings(run)),
        ],
        about=[*(_plain(line) for line in about), *LIMITS],
        contact=["[Officer to write: name of the team, e-mail address and telephone number]"],
    )


def _fill(sheet: _Sheet) -> _Sheet:
    """Return a sheet whose table has a row: where there is nothing to list, that is said."""
    if len(sheet.table):
        return sheet
    row = ["none", *[NOTHING] * (len(sheet.table.columns) - 1)]
    return replace(sheet, table=pd.DataFrame([row], columns=sheet.table.columns, dtype="object"))


def _make_table(gptables: Any, sheet: _Sheet, number: int) -> Any:
    table = sheet.table.astype("object").map(_show)
    used = [said for sign, said in _LEGEND.items() if (table == sign).to_numpy().any()]
    # What would become a link or a note is put in by _finish, after the library has looked at the cells.
    table = table.map(lambda cell: "text" if isinstance(cell, str) and _LIVE.search(cell) else cell)
    wrap = {"text_wrap": True, "valign": "top"}
    texts = [name for name in list(table.columns)[1:] if not _is_number(sheet.table[name])]
    return gptables.GPTable(
        table=table,
        table_name=f"table_{number}",
        title=f"Table {number}: {sheet.title}",
        instructions=f"This sheet holds one table. One row is {sheet.row}. Notes are on the sheet Notes.",
        legend=used,
        index_columns={},
        additional_formatting=[
            {"column": {"columns": list(table.columns), "format": wrap, "include_names": True}},
            # Words that follow right-aligned numbers keep their distance.
            *([{"column": {"columns": texts, "format": {"indent": 1}, "include_names": True}}] if texts else []),
        ],
    )  # fmt: skip


def _finish(book: Any, sheets: Sequence[_Sheet], made: dict[str, Any]) -> None:
    """Set widths and heights, and write the texts that the library would have made live."""
    plain = book.add_format({"font_name": "Arial", "font_size": 12, "text_wrap": True, "valign": "top", "indent": 1})
    for sheet in sheets:
        page, top = book.get_worksheet_by_name(sheet.name), made[sheet.name].data_range[0]
        shown = [[_show(value) for value in row] for row in sheet.table.to_numpy(dtype="object").tolist()]
        widths = [_choose_width(sheet, str(name), [row[n] for row in shown]) for n, name in enumerate(sheet.table)]
        for place, width in enumerate(widths):
            page.set_column(place, place, width)
        page.set_row(top, _measure_height([str(name) for name in sheet.table], widths))
        for number, row in enumerate(shown, start=top + 1):
            page.set_row(number, _measure_height([str(value) for value in row], widths))
            for place, value in enumerate(row):
                if isinstance(value, str) and _LIVE.search(value):
                    page.write_string(number, place, value, plain)
        page.repeat_rows(top)
    for page in book.worksheets():
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
    book.get_worksheet_by_name("Contents").set_column(0, 0, _MIDDLE)
    book.get_worksheet_by_name("Contents").set_column(1, 1, _WIDE + _MIDDLE)
    notes = book.get_worksheet_by_name("Notes")
    widths = [_NARROW, _WIDE + _MIDDLE]
    for place, width in enumerate(widths):
        notes.set_column(place, place, width)
    for number, text in enumerate(_NOTES.values()):
        notes.set_row(_NOTES_TOP + number, _measure_height(["", text], widths))


def _finish_cover(book: Any, cover: Any) -> None:
    """Give the lines of the cover the height that they need."""
    page, row = book.get_worksheet_by_name(cover.cover_label), 1
    page.set_row(0, 2 * _LINE)
    for part in (cover.intro, cover.about, cover.contact):
        page.set_row(row, 2 * _LINE)
        for number, text in enumerate(part, start=row + 1):
            page.set_row(number, _measure_height([text], [cover.width]))
        row += 1 + len(part)


def _is_number(column: pd.Series[Any]) -> bool:
    return all(isinstance(value, (int, float)) or value == NOT_READ for value in column)


def _choose_width(sheet: _Sheet, name: str, column: Sequence[object]) -> float:
    """Return the width of a column in characters: narrow for numbers, wider for what is read."""
    if name in sheet.wide:
        return _WIDE
    longest = max((len(str(value)) for value in column), default=0)
    return _NARROW if longest <= _NARROW else _MIDDLE


def _measure_height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Return the height of a row in points, by the number of lines that its longest cell takes."""
    pairs = zip(texts, widths, strict=True)
    lines = max(sum(max(1, math.ceil(len(part) * _LETTER / width)) for part in t.split("\n")) for t, width in pairs)
    return min(_TALLEST_ROW, _LINE * lines + 2)


def _show(value: object) -> object:
    """Return a cell as it is shown: never blank, lists in words, no character that a workbook cannot hold."""
    if isinstance(value, (list, tuple)):
        value = ", ".join(str(item) for item in value)
    if value is None or (isinstance(value, float) and value != value) or value == "":
        return NOTHING
    return cut_cell(replace_controls(value)) if isinstance(value, str) else value


def _plain(text: str) -> str:
    """Return a title or heading that the library takes as text: it would read a link or a note in some."""
    shown = replace_controls(text)
    if _LIVE.search(shown):
        # A word joiner is not seen and not read aloud.
        shown = shown.replace("$$", "$\u2060$").replace("](", "]\u2060(")
    return shown if len(shown) <= _LONGEST_HEADING else shown[: _LONGEST_HEADING - 3] + "..."


# --- tables ------------------------------------------------------------------------------------------------


def _list_sheets(run: Run) -> Iterator[_Sheet]:
    boards = dict(zip(run.boards["board"], run.boards["name"], strict=True))
    themes = dict(zip(run.themes["theme"], run.themes["name"], strict=True))
    note = "$$suggested$$ $$once$$"
    counted = (("Tagged", "tagged", "tagged to"), ("Confirmed", "confirmed", "confirmed by a person on"))
    for name, column, what in counted:
        yield _Sheet(
            f"{name} by board", f"Priorities {what} each theme, by board {note}", "a board", _cross(run, column)
        )
    yield _Sheet(
        "Themes", "Priorities tagged and boards reached, by theme $$suggested$$", "a theme", _list_themes(run, boards)
    )
    yield _Sheet("Boards", "Priorities mapped and tagged, by board $$standin$$", "a board", _list_boards(run))
    yield _Sheet(
        "Board pairs", "Overlap of the themes of each two boards $$overlap$$", "a pair of boards",
        _list_pairs(run, boards, themes),
    )  # fmt: skip
    gaps = find_gaps(run)
    if len(gaps):
        yield _Sheet(
            "Nothing found", "Boards and themes for which the mapping found no priority", "a board and a theme",
            pd.DataFrame({
                "Board": gaps["board"].map(boards), "Theme": gaps["theme"].map(themes),
                "Priorities read": gaps["priorities"], "What can be said": gaps["says"],
            }), ("What can be said",),
        )  # fmt: skip
    yield _Sheet(
        "Priorities", "Every priority, with the themes it is tagged to $$suggested$$", "a priority",
        _list_priorities(run, boards, themes), ("Priority", "Themes and their state", "Source"),
    )  # fmt: skip
    untagged = find_untagged(run)
    if len(untagged):
        yield _Sheet(
            "Untagged", "Priorities that no theme caught", "a priority",
            pd.DataFrame({
                "Reference": untagged["priority"], "Board": untagged["board"].map(boards),
                "Priority": untagged["text"], "Nearest theme": untagged["nearest"].map(themes),
                "Why": untagged["reason"],
            }), ("Priority",),
        )  # fmt: skip
    yield _Sheet("Strategies", "Documents read, by board", "a document", _list_strategies(run, boards))


def _cross(run: Run, column: str) -> pd.DataFrame:
    """Return the matrix of boards by themes in words: a number, or why there is none."""
    cells = {(row.board, row.theme): row for row in each_row(count_cells(run))}
    counts = {row.board: row for row in each_row(count_boards(run))}
    heads = _head_themes(run)
    rows = []
    for board in each_row(run.boards):
        own = [cells[board.board, theme] for theme in run.framework.theme_ids]
        shown = [NOT_READ if cell.state == "not read" else getattr(cell, column) for cell in own]
        rows.append((board.name, counts[board.board].priorities, *shown))
    return pd.DataFrame(rows, columns=["Board", "Priorities mapped", *heads], dtype="object")


def _head_themes(run: Run) -> list[str]:
    """Return a heading for each theme; its number keeps two of one name apart."""
    heads = [_plain(f"{row.number}. {row.name}" if row.number else row.name) for row in each_row(run.themes)]
    unique = len({head.casefold() for head in heads}) == len(heads)
    return heads if unique else [f"{head} ({name})" for head, name in zip(heads, run.framework.theme_ids, strict=True)]


def _list_themes(run: Run, boards: dict[str, str]) -> pd.DataFrame:
    tagged = run.standing_tags.groupby("theme")["board"].agg(lambda own: list(dict.fromkeys(own)))
    rows = [
        (
            row.number, row.name, row.tagged, row.confirmed, row.suggested, row.boards, len(run.boards),
            "; ".join(name for code, name in boards.items() if code in tagged.get(row.theme, [])),
        )
        for row in each_row(count_themes(run))
    ]  # fmt: skip
    heads = ["Number", "Theme", "Tagged", "Confirmed", "Suggested only", "Boards", "Out of boards", "Which boards"]
    return pd.DataFrame(rows, columns=heads, dtype="object")


def _list_boards(run: Run) -> pd.DataFrame:
    table = count_boards(run)
    return pd.DataFrame({
        "Board": table["name"], "Priorities mapped": table["priorities"],
        "From named strategies": table["from_named"], "From stand-ins": table["stand_in"],
        "With a theme": table["with_theme"], "With a confirmed theme": table["with_confirmed"],
        "Could be scored": table["scored"], "Reading": table["reading"], "Not read": table["not_read"],
    })  # fmt: skip


def _list_pairs(run: Run, boards: dict[str, str], themes: dict[str, str]) -> pd.DataFrame:
    rows = [
        (
            boards[row.board_a], boards[row.board_b],
            NOT_READ if row.reading == "not read" and row.overlap != row.overlap else row.overlap,
            row.tags_a, row.tags_b, "; ".join(themes[theme] for theme in row.themes),
            "; ".join(themes[theme] for theme in row.themes_confirmed), row.reading,
        )
        for row in each_row(find_board_pairs(run))
    ]  # fmt: skip
    heads = [
        "Board", "Other board", "Overlap", "Tags of the first", "Tags of the other", "Shared themes",
        "Shared themes, confirmed", "Reading",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=heads, dtype="object")


def _list_priorities(run: Run, boards: dict[str, str], themes: dict[str, str]) -> pd.DataFrame:
    said: dict[str, list[str]] = {}
    for tag in each_row(run.standing_tags):
        said.setdefault(tag.priority, []).append(f"{themes[tag.theme]} ({describe_tag(tag)})")
    strategies = dict(zip(run.partnership.strategies["strategy"], run.partnership.strategies["name"], strict=True))
    rows = [
        (
            row.priority, boards[row.board], strategies[row.strategy], row.standing, row.text, row.wording,
            "; ".join(said.get(row.priority, ["none"])), row.page, row.source_title,
        )
        for row in each_row(run.priorities)
    ]  # fmt: skip
    heads = [
        "Reference", "Board", "Strategy", "Standing", "Priority", "Wording", "Themes and their state", "Page", "Source",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=heads, dtype="object")


def _list_strategies(run: Run, boards: dict[str, str]) -> pd.DataFrame:
    table = run.partnership.strategies
    table = table[table["board"].isin(boards)].reset_index(drop=True)
    counts = run.priorities["strategy"].value_counts()
    return pd.DataFrame({
        "Board": table["board"].map(boards), "Strategy": table["name"], "Edition": table["edition"],
        "Standing": table["standing"], "Read": table["read"],
        "Priorities mapped": [int(counts.get(name, 0)) for name in table["strategy"]],
        "Source": table["source_title"],
    })  # fmt: skip
