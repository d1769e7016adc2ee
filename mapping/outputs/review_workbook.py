"""The workbook in which people review tags: one question a row, yellow cells to answer in, and how to send it back."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.decisions import HELD, apply_decisions
from mapping.editions.wording import describe_change
from mapping.errors import MappingError, UnknownNameError
from mapping.explanation import explain
from mapping.files import write_file
from mapping.findings import LIMITS
from mapping.review import find_review_order
from mapping.review_import import ANSWERS, HEADERS, describe_answers, make_check, show_text
from mapping.tables import each_row, fold
from mapping.tags import Run

__all__ = ["find_review_rows", "write_review"]

# A fixed time: the same questions give the same bytes.
_MADE = datetime(2019, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_INK, _MUTED, _BLUE, _YELLOW, _RULE = "#0B0C0C", "#595959", "#12436D", "#FFF7BF", "#BFBFBF"
_TALLEST_ROW, _README = 409.0, 96.0
_WIDTHS = {
    "ref": 8.5, "board": 12.0, "source": 20.0, "text": 42.0, "theme_name": 18.0, "earlier": 36.0, "machine": 13.0,
    "why": 34.0,
    "decision": 11.0, "note": 26.0, "reviewer": 10.0, "time": 11.5,
    "framework": 16.0, "priority": 11.0, "theme": 11.0, "words": 40.0, "check": 11.0,
}  # fmt: skip
#: With the column of earlier decisions the others are narrower, so that the print on A4 stays as large.
_TIGHT = {
    "ref": 8.0, "board": 9.0, "source": 14.0, "text": 38.0, "theme_name": 15.0, "earlier": 32.0, "machine": 11.0,
    "why": 26.0, "note": 20.0,
}  # fmt: skip
_LEADING = ("earlier", "machine", "why")
#: The one column that is there only when it is needed; what stands in it is for reading and is not imported.
_ANSWERED = ("decision", "note", "reviewer", "time")
_HIDDEN = ("framework", "priority", "theme", "words", "check")
_SAYS = {
    "likely": "Suggested",
    "possible": "Suggested, in doubt",
    "check": "Not suggested, in doubt",
    "none": "Not suggested",
}
_SHOWN_WORDS = 3
_STEPS = (
    "Each row of the sheet Review asks one question: does the text of this priority speak of this theme?",
    "Read the priority, choose an answer in the yellow column Decision, and say why under Note where it is not plain.",
    "Put your role or initials under Reviewer and the day under Date, in every row that you answer.",
    "Leave a row blank where you have no view; you may sort, filter and delete rows, and add columns of your own.",
    "Leave the text of a priority as it is: a decision holds on the words that were read, so an edited row is refused.",
    "Save the workbook and send it back; 'mapping review import' reads it and names any cell that it cannot read.",
)
_MEANINGS = {
    "Confirm": "The text speaks of the theme.",
    "Reject": "The text does not speak of the theme.",
    "Add": "The text speaks of the theme although the machine does not suggest it; Confirm says the same.",
    "Unsure": "It cannot be told from the text; someone else should look too.",
}


def write_review(
    run: Run, path: str | Path, *, top: int = 40, board: str | None = None, blind: bool = False, reviewer: str = "",
    all_suggested: bool = False,
) -> Path:  # fmt: skip
    """Write a workbook in which a person can review the tags that most need it.

    The sheet *Review* has one row per priority and theme, the most doubtful first: the text with its evidence marked,
    what the machine says and why, yellow cells for the answer, and hidden columns with the keys by which the answer
    is known again. Nothing is locked, so that rows can be sorted; nothing is a formula.

    Parameters
    ----------
    run : Run
    path : str or Path
        Where the XLSX file is to stand.
    top : int
        How many rows at most.
    board : str, optional
        Only the priorities of this board.
    blind : bool
        Leave out what the machine says, why, and the marks, and ask about tags that others have decided too: for a
        second reviewer, who is not to be led.
    reviewer : str
        Role or initials to fill in under Reviewer.
    all_suggested : bool
        After those that are in doubt, ask about every other tag that the machine suggests.

    Returns
    -------
    Path

    Raises
    ------
    UnknownNameError
        For a board that is not there; names the nearest.
    MappingError
        When there is nothing to review.
    """
    import xlsxwriter

    rows = find_review_rows(
        run, top=top, board=board, blind=blind, reviewer=reviewer, all_suggested=all_suggested
    )  # fmt: skip
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": f"Review: {run.partnership.name}", "created": _MADE})
        style = _make_styles(book)
        _write_readme(book, style, run, rows, blind)
        _write_questions(book, style, run, rows, blind, reviewer)
    return write_file(path, buffer.getvalue())


def find_review_rows(
    run: Run, *, top: int = 40, board: str | None = None, blind: bool = False, reviewer: str = "",
    all_suggested: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """Choose the tags to ask about.

    Returns
    -------
    DataFrame
        One row per priority and theme, in the order of ``find_review_order``: its columns, and ``board``. With
        ``all_suggested``, every other suggested tag that nobody has decided on comes after them, in the order of the
        tables; its ``why_now`` is *suggested*.
    """
    if top < 1:
        raise MappingError(f"top is {top}; at least 1 row is needed.")
    boards = list(run.boards["board"])
    if board is not None and board not in boards:
        raise UnknownNameError("Board", board, boards)
    seen = _forget_others(run, reviewer) if blind else run
    order = find_review_order(seen)
    order = pd.concat([order, _list_suggested(seen, order)], ignore_index=True) if all_suggested else order
    owner = dict(zip(run.priorities["priority"], run.priorities["board"], strict=True))
    order = order.assign(board=[owner[priority] for priority in order["priority"]])
    rows = order if board is None else order[order["board"] == board]
    if rows.empty:
        where = f" of board {board}" if board else ""
        raise MappingError(
            f"There is nothing to review: no tag{where} is in doubt that has not been decided. 'mapping review status' "
            "says what is left elsewhere; --all-suggested asks about what the machine is sure of too."
        )
    return rows.head(top).reset_index(drop=True)


def _list_suggested(run: Run, order: pd.DataFrame) -> pd.DataFrame:
    """Return the suggested tags on counted priorities that the order of review leaves out."""
    known = set(zip(order["priority"], order["theme"], strict=True))
    texts = run.priorities[run.priorities["counted"]].set_index("priority")["text"]
    tags = run.tags[(run.tags["status"] == "suggested") & run.tags["priority"].isin(texts.index)]
    new = [tag not in known for tag in zip(tags["priority"], tags["theme"], strict=True)]
    rest = tags[pd.Series(new, index=tags.index, dtype="bool")]
    return rest.assign(why_now="suggested", text=rest["priority"].map(texts))[list(order.columns)]


def _forget_others(run: Run, reviewer: str) -> Run:
    """Return the run as if nobody but this reviewer had decided anything."""
    own = run.decisions["reviewer"].map(lambda name: bool(reviewer) and fold(name) == fold(reviewer)).astype(bool)
    plain = run.tags.drop(columns=["status", "on"])
    tags, _ = apply_decisions(plain, run.decisions[own], run.priorities, run.framework)
    return replace(run, tags=tags[list(run.tags.columns)])


# --- sheets ------------------------------------------------------------------------------------------------


def _make_styles(book: Any) -> dict[str, Any]:
    letters = {"font_name": "Arial", "font_size": 10, "font_color": _INK}
    base = {**letters, "valign": "top", "text_wrap": True}
    cell = {**base, "border": 1, "border_color": _RULE}
    head = {**cell, "bold": True, "valign": "vcenter"}
    return {
        "text": book.add_format(base),
        "title": book.add_format({**base, "font_size": 14, "bold": True}),
        "note": book.add_format({**base, "font_color": _MUTED}),
        "strong": book.add_format({**base, "bold": True, "font_color": _BLUE, "font_size": 11, "valign": "bottom"}),
        "label": book.add_format({**base, "bold": True}),
        "cell": book.add_format(cell),
        "muted": book.add_format({**cell, "font_color": _MUTED}),
        "answer": book.add_format({**cell, "bg_color": _YELLOW}),
        "day": book.add_format({**cell, "bg_color": _YELLOW, "num_format": "d mmm yyyy"}),
        "key": book.add_format({**base, "font_color": _MUTED, "text_wrap": False}),
        "head": book.add_format({**head, "font_color": "#FFFFFF", "bg_color": _BLUE}),
        "head_answer": book.add_format({**head, "bg_color": "#FFDD00"}),
        "run": book.add_format(letters),
        "marked": book.add_format({**letters, "bold": True, "underline": 1}),
        "whole": book.add_format({**cell, "bold": True, "underline": 1}),
    }


def _describe_order(rows: pd.DataFrame, blind: bool) -> str:
    """Return in sentences which rows there are, and in what order."""
    kinds = rows["why_now"].value_counts()
    again = int(kinds.get("check again", 0))
    said = [f"{len(rows)} row{'' if len(rows) == 1 else 's'}"]
    if again:
        said += [f"{again} that {'was' if again == 1 else 'were'} decided on earlier words first"]
    said += ["then the most doubtful" if again else "the most doubtful first"]
    order = f"{', '.join(said)}; one in ten is drawn from those the machine is sure of."
    if kinds.get("suggested", 0):
        order += f" The last {kinds['suggested']} are its other suggestions."
    return order + (" What the machine says is left out, so that it leads nobody." if blind else "")


def _write_readme(book: Any, style: dict[str, Any], run: Run, rows: pd.DataFrame, blind: bool) -> None:
    sheet = book.add_worksheet("Read me")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, _README)
    edition = run.edition[:1].upper() + run.edition[1:]
    lines = [
        ("title", "", f"Review of themes: {run.partnership.name}"),
        ("note", "", f"{run.framework.name}. {edition}. {_describe_order(rows, blind)}"),
        ("strong", "", "What to do"),
        *(("text", f"{n}", step) for n, step in enumerate(_STEPS, start=1)),
        ("strong", "", "What each answer means"),
        *(("text", answer, meaning) for answer, meaning in _MEANINGS.items()),
        ("note", "", describe_answers()),
        ("strong", "", "The themes"),
    ]
    for theme in each_row(run.themes):
        beyond = f" Not this: {theme.not_this}" if getattr(theme, "not_this", "") else ""
        lines.append(("text", str(theme.number), f"{theme.name}. {theme.scope_note}{beyond}"))
    lines += [("strong", "", "How far it goes"), *(("text", "", limit) for limit in LIMITS)]
    lines.append(("note", "", "The hidden columns at the right of the sheet Review hold the key of each row."))
    for row, (kind, label, text) in enumerate(lines):
        wide = _README + (8 if kind == "note" else 0)
        sheet.set_row(row, 22 if kind == "title" else _find_height([(text, wide)], 1.2) + 5 * (kind == "strong"))
        if kind == "text":
            sheet.write_string(row, 0, label, style["label"])
            sheet.write_string(row, 1, show_text(text), style["text"])
        else:
            sheet.merge_range(row, 0, row, 1, "", style[kind])
            sheet.write_string(row, 0, show_text(text), style[kind])
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&RPage &P of &N")


def _write_questions(
    book: Any, style: dict[str, Any], run: Run, rows: pd.DataFrame, blind: bool, reviewer: str
) -> None:
    sheet = book.add_worksheet("Review")
    asked = list(_list_cells(run, rows))
    left_out = _LEADING if blind else () if any(cells["earlier"] for cells in asked) else ("earlier",)
    widths = _WIDTHS if "earlier" in left_out else {**_WIDTHS, **_TIGHT}
    columns = [column for column in widths if column not in left_out]
    for place, column in enumerate(columns):
        hidden = {"hidden": True} if column in _HIDDEN else {}
        sheet.set_column(place, place, widths[column], None, hidden)
        head = "head_answer" if column in _ANSWERED else "head"
        name = HEADERS[column][0]
        sheet.write_string(0, place, name, style[head])
    sheet.set_row(0, 30)
    for number, cells in enumerate(asked, start=1):
        cells["reviewer"] = reviewer
        shown = [(cells.get(column, ""), widths[column]) for column in columns if column not in _HIDDEN]
        sheet.set_row(number, max(24.0, _find_height(shown)))
        for place, column in enumerate(columns):
            _write_cell(sheet, style, number, place, column, cells, blind)
    last = len(rows)
    _add_choices(sheet, columns, last)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{run.partnership.name.replace('&', '&&')}: review&RPage &P of &N")


def _list_cells(run: Run, rows: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """Yield for each row to review its cells by column, and its tag under ``tag``."""
    tags = {(tag.priority, tag.theme): tag for tag in each_row(run.tags)}
    priorities = {row.priority: row for row in each_row(run.priorities)}
    strategies = dict(zip(run.partnership.strategies["strategy"], run.partnership.strategies["name"], strict=True))
    short = dict(zip(run.boards["board"], run.boards["short"], strict=True))
    themes = dict(zip(run.themes["theme"], run.themes["name"], strict=True))
    earlier = _list_earlier(run)
    for row in each_row(rows):
        item, tag = priorities[row.priority], tags[row.priority, row.theme]
        where = ", ".join(filter(None, (f"page {item.page}" if item.page else "", item.paragraph)))
        yield {
            "tag": tag, "ref": row.priority, "board": short[row.board],
            "source": ", ".join(filter(None, (strategies[item.strategy], where))),
            "text": item.text, "theme_name": themes[row.theme], "machine": _SAYS[row.confidence],
            "earlier": "\n".join(earlier.get((row.priority, row.theme), [])), "why": _explain(run, tag),
            "framework": run.framework.id, "priority": row.priority, "theme": row.theme, "words": item.text,
            "check": make_check(run.framework.id, row.priority, row.theme, item.text),
        }  # fmt: skip


def _list_earlier(run: Run) -> dict[tuple[str, str], list[str]]:
    """Return by tag what was decided before: on words that have changed since, and without settling it."""
    texts = dict(zip(run.priorities["priority"], run.priorities["text"], strict=True))
    said: dict[tuple[str, str], list[str]] = {}
    for row in each_row(run.decisions[run.decisions["outcome"] == "check again"]):
        who = ", ".join(filter(None, (row.reviewer, row.time)))
        lines = [f"{row.decision.capitalize()} ({who})"]
        if row.look_at != row.priority:
            lines.append(f"Under {row.priority}, in the same words.")
        else:
            changed = describe_change(row.words, texts[row.look_at])
            lines += [f"On: {row.words}", f"Since: {changed}."]
        said.setdefault((row.look_at, row.theme), []).extend(lines)
    status = {(tag.priority, tag.theme): tag.status for tag in each_row(run.tags)}
    for row in each_row(run.decisions[run.decisions["outcome"].isin(HELD)]):
        # What others said of these words is shown too: somebody is asked to settle it.
        if status[row.priority, row.theme] in ("unsure", "disputed"):
            who = ", ".join(filter(None, (row.reviewer, row.time)))
            said.setdefault((row.priority, row.theme), []).append(f"{row.decision.capitalize()} ({who})")
    return said


def _explain(run: Run, tag: Any) -> str:
    """Return in three lines why a tag is suggested or not: keywords, other words near the theme, and the score."""
    found = ", ".join(dict.fromkeys(f"'{span.pattern}'" for span in tag.spans))
    lines = explain(run, tag.priority, tag.theme).lines
    near = lines.loc[lines["part"] == "similarity", "what"].head(_SHOWN_WORDS)
    said = [f"Keywords: {found}." if found else "No keyword of the theme."]
    said += [f"Words near the theme: {', '.join(near)}."] if len(near) else []
    return "\n".join([*said, f"{tag.reason.capitalize()} ({tag.score:.2f} of {run.settings.threshold:.2f})."])


def _write_cell(
    sheet: Any, style: dict[str, Any], row: int, place: int, column: str, cells: dict[str, Any], blind: bool
) -> None:
    if column == "reviewer" and cells["reviewer"]:
        sheet.write_string(row, place, show_text(cells["reviewer"]), style["answer"])
    elif column in _ANSWERED:
        sheet.write_blank(row, place, None, style["day" if column == "time" else "answer"])
    elif column == "text" and not blind:
        _write_marked(sheet, style, row, place, cells["text"], cells["tag"].spans)
    else:
        kind = "key" if column in _HIDDEN else "muted" if column in ("source", "machine", "why") else "cell"
        sheet.write_string(row, place, show_text(str(cells[column])), style[kind])


def _write_marked(sheet: Any, style: dict[str, Any], row: int, place: int, text: str, spans: Iterable[Any]) -> None:
    """Write a text with its evidence in bold and underlined; plain where a cell cannot hold both."""
    if show_text(text) != text:
        sheet.write_string(row, place, show_text(text), style["cell"])
        return
    pieces: list[Any] = []
    at, marked = 0, [(span.start, span.end) for span in spans]
    for start, end in sorted(marked):
        if end <= at:
            continue
        start = max(start, at)
        pieces += [style["run"], text[at:start]] if start > at else []
        pieces += [style["marked"], text[start:end]]
        at = end
    pieces += [style["run"], text[at:]] if at < len(text) else []
    if sum(isinstance(piece, str) for piece in pieces) > 1:
        sheet.write_rich_string(row, place, *pieces, style["cell"])
    else:
        sheet.write_string(row, place, text, style["whole" if pieces and marked else "cell"])


def _add_choices(sheet: Any, columns: list[str], last: int) -> None:
    """Add the drop-down of answers, and what to write where, as Excel shows it when a cell is chosen."""
    answers = [answer.capitalize() for answer in ANSWERS]
    place = columns.index("decision")
    choices = {
        "validate": "list", "source": answers, "ignore_blank": True,
        "error_title": "Not an answer", "error_message": f"Choose {', '.join(answers)}, or leave the cell blank.",
    }  # fmt: skip
    sheet.data_validation(1, place, last, place, choices)
    for column, title, message in (
        ("note", "Note", "Why, in your own words. May stay blank."),
        ("reviewer", "Reviewer", "Your role or initials."),
    ):
        place = columns.index(column)
        hint = {"validate": "any", "input_title": title, "input_message": message}
        sheet.data_validation(1, place, last, place, hint)
    place = columns.index("time")
    day = {
        "validate": "date", "criteria": ">=", "value": date(2000, 1, 1), "ignore_blank": True,
        "input_title": "Date", "input_message": "The day, as 14/01/2019.", "error_type": "warning",
        "error_title": "Not a date", "error_message": "Write the day first, as 14/01/2019.",
    }  # fmt: skip
    sheet.data_validation(1, place, last, place, day)


def _find_height(cells: Iterable[tuple[object, float]], fit: float = 0.95) -> float:
    """Return the height in points that wrapped texts need in columns of the given widths, at so many letters a unit."""
    lines = 1
    for value, width in cells:
        parts = str(value).split("\n")
        lines = max(lines, sum(math.ceil(max(1, len(part)) / max(1, int(width * fit))) for part in parts))
    return min(_TALLEST_ROW, 13.5 * lines + 3)
