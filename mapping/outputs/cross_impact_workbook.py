"""The workbook of a cross-impact session: what to ask, a row for each pair of themes, and a matrix for the wall."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

from mapping.cross_impact import ANSWERS, DONT_KNOW, HEADERS, SCALE, SHEET
from mapping.files import replace_controls, write_file
from mapping.mentions import find_mentions
from mapping.tables import each_row
from mapping.tags import Run

__all__ = ["list_passages", "write_cross_impact"]

QUESTION = "If progress is made on the first theme, how does that influence progress on the second?"
#: Examples of the scores, made up so that no theme of a real city is scored before the session.
EXAMPLES = {
    3: "Tenants told what is planned > tenants with a say in it: without being told there is no say.",
    2: "More apprenticeships > fewer young people out of work: each place taken brings the number down.",
    1: "A later evening bus > more people at evening classes: the bus fills no class, but it makes coming easier.",
    0: "Repainted lamp posts > better school attendance: nothing to speak of either way.",
    -1: "More protected old buildings > warmer homes: still possible, with fewer ways to insulate.",
    -2: "Counters closed to save money > reaching people who are not online: the one works against the other.",
    -3: "Houses built on the only pitch > sport on that pitch: there is none left to play on.",
}
PROMPTS = (
    ("Constraints and opportunities", "What stands in the way of the strongest influences? What would let them work?"),
    ("What to do differently", "What would each board do differently if it took these influences seriously?"),
    ("Resources and evidence", "Who, what money and what evidence would that need? What do we not know?"),
    ("Missing or wrong", "Which theme, passage or partner is missing here, or stands in the wrong place?"),
)
README = {
    "What this is": (
        "A record of what people around a table think: would progress on one theme help or hinder another? The "
        "scores come from people only. The passages beside each pair are there to start the talk; they decide "
        "nothing. Two themes in one passage is an opportunity to talk, not an influence.",
    ),
    "Before the session": (
        "Print Prompts and Pairs on A4, one set for each group, and Matrix for the wall; or give each group this "
        "file under a name of its own.",
        "Allow {minutes} minutes for a pair (our suggestion): {all} for one group to do all. Or give each group the "
        "rows of one theme: {one}. Where two groups do the same pairs, what they disagree on is the most useful "
        "result.",
    ),
    "In the session": (
        "Take the pairs in order. Each person thinks alone first; then the group agrees on one answer and chooses "
        "it from the list in the yellow cell. Write the reason in a sentence, and the ref of the passage you relied "
        "on, if any.",
        "“Don't know” is a good answer: it is kept apart and never counted as 0. If the group cannot agree, copy "
        "the row, answer it twice, and name the two sides under Scored by.",
        "Both directions are asked, one at a time: the first theme on the second need not equal the second on the "
        "first.",
    ),
    "After the session": (
        "Type paper sheets into this file. Then: mapping cross-impact import table-1.xlsx table-2.xlsx. It shows "
        "the active and passive sums of each theme as ranges, where groups disagree, which pair to ask next, and "
        "whether the open pairs can still change the first three. If a cell cannot be read, nothing is changed.",
    ),
    "How far it goes": (
        "Scores hold for the place, the time and the people who gave them. They are judgements, not measurements, "
        "and no evidence of cause. Trade-offs seldom appear in strategies, so ask for them.",
        "Scale: Nilsson, Griggs and Visbeck, Policy: Map the interactions between Sustainable Development Goals, "
        "Nature 534, 320-322 (2016).",
    ),
}
MATRIX_NOTES = (
    "Write the agreed score large into each cell; ? for don't know. Circle cells on which groups differ. This sheet is "
    "for the wall and is not read back: what counts is written into the sheet Pairs.",
    "Rows with large sums drive the others (active); columns with large sums are driven (passive). "
    "Add up helps and hindrances apart as well: +3 and -3 do not mean that nothing is going on.",
    "No.: the row of the sheet Pairs. Passages: how many were found that speak of both themes.",
)
MINUTES = 3
_MOST_PASSAGES, _FEW_PASSAGES = 5, 3
_MANY = 7
_LONGEST_PASSAGE = 320
_TALLEST_ROW = 400.0
_README_WIDTH = 70.0
_LOWEST_ROW, _ROOMIEST_ROW, _PAGE = 58.0, 120.0, 520.0
_INK, _MUTED, _BLUE, _YELLOW, _GREY = "#0B0C0C", "#595959", "#12436D", "#FFF5C2", "#D9D9D9"
# A fixed time: a workbook says nothing of the day it was made, so that the same run gives the same bytes.
_MADE = datetime(2019, 1, 1, tzinfo=UTC).replace(tzinfo=None)
#: The columns of the sheet of pairs, with their width; those from the fifth on are filled in by the group.
_COLUMNS = (
    ("No.", 5), ("If progress is made on", 19), ("... how does that influence", 19),
    ("Passages found that speak of both", 50), (HEADERS["score"][0], 17), (HEADERS["reason"][0], 32),
    (HEADERS["passage"][0], 13), (HEADERS["scorer"][0], 12), (HEADERS["pair"][0], 24),
)  # fmt: skip
_FIRST_ANSWER, _SCORE, _SCORER, _PAIR = 4, 4, 7, 8


def write_cross_impact(run: Run, path: str | Path, *, table: str = "") -> Path:
    """Write the workbook of a cross-impact session as XLSX, ready to print on A4.

    Sheets: *Read me*; *Prompts*, the question, the scale and what to talk about; *Pairs*, one row per directed
    pair of themes with the passages found and yellow cells for the answer; *Matrix*, one cell per pair, to hang on the
    wall. Every text is written as text. ``read_impacts`` reads *Pairs* back.

    Parameters
    ----------
    run : Run
    path : str or Path
    table : str
        Name of the table or group that will score, filled in beside every pair.

    Returns
    -------
    Path
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": f"Cross-impact of themes: {run.partnership.name}", "created": _MADE})
        style = _make_styles(book)
        found = list_passages(run)
        _write_readme(book, style, run, table)
        _write_prompts(book, style, run)
        _write_pairs(book, style, run, found, table)
        _write_matrix(book, style, run, found, table)
    return write_file(path, buffer.getvalue())


def list_passages(run: Run) -> dict[tuple[str, str], list[str]]:
    """Return for each two themes, either way round, the passages that speak of both, as a person reads them.

    First the priorities that carry both themes, then further passages that carry both and name another board in wording
    of dependence. Verbatim text stands in quotation marks, restated text never.
    """
    boards = dict(zip(run.partnership.boards["board"], run.partnership.boards["short"], strict=True))
    carried: dict[str, list[str]] = {}
    for priority, theme in zip(run.standing_tags["priority"], run.standing_tags["theme"], strict=True):
        carried.setdefault(priority, []).append(theme)
    leaning: dict[str, list[Any]] = {}
    for mention in each_row(find_mentions(run)):
        if mention.direction:
            leaning.setdefault(mention.source, []).append(mention)
    found: dict[tuple[str, str], list[str]] = {}

    def add(themes: Sequence[str], passage: str) -> None:
        for pair in permutations(themes, 2):
            own = found.setdefault(pair, [])
            if passage not in own:
                own.append(passage)

    for row in each_row(run.priorities):
        if len(carried.get(row.priority, [])) > 1:
            names = [f"{boards.get(m.to_board, m.named)}: {m.direction}" for m in leaning.get(row.priority, [])]
            named = f" [names {'; '.join(dict.fromkeys(names))}]" if names else ""
            add(carried[row.priority], _quote(row.priority, boards[row.board], row, row.text) + named)
    for mention in (mention for several in leaning.values() for mention in several):
        if mention.found_in == "passage":
            text = _quote(mention.source, boards[mention.from_board], mention, mention.sentence)
            add(mention.themes, f"{text} [names {boards.get(mention.to_board, mention.named)}: {mention.direction}]")
    return found


def _quote(name: str, board: str, row: Any, text: str) -> str:
    words = " ".join(text.split())
    words = words if len(words) <= _LONGEST_PASSAGE else f"{words[:_LONGEST_PASSAGE].rsplit(' ', 1)[0]} [...]"
    marks = "".join(f", {mark}" for mark in (row.wording, row.standing) if mark in ("restated", "stand-in"))
    return f"{name} ({board}{marks}): " + (f"\u201c{words}\u201d" if row.wording == "verbatim" else words)


def _make_styles(book: Any) -> dict[str, Any]:
    base = {"font_name": "Arial", "font_size": 10, "font_color": _INK, "valign": "top", "text_wrap": True}
    cell = {**base, "border": 1, "border_color": "#8C8C8C"}
    return {
        "text": book.add_format(base),
        "title": book.add_format({**base, "font_size": 16, "bold": True}),
        "question": book.add_format(
            {**cell, "font_size": 13, "bold": True, "valign": "vcenter", "border": 2, "border_color": _BLUE}
        ),
        "strong": book.add_format({**base, "font_size": 11, "bold": True, "valign": "bottom"}),
        "cell": book.add_format(cell),
        "name": book.add_format({**cell, "bold": True}),
        "centre": book.add_format({**cell, "align": "center"}),
        "head": book.add_format(
            {**cell, "bold": True, "font_color": "#FFFFFF", "bg_color": _BLUE, "valign": "vcenter"}
        ),
        "answer": book.add_format({**cell, "bg_color": _YELLOW, "num_format": "@"}),
        "key": book.add_format({**base, "font_size": 8, "font_color": _MUTED}),
        "none": book.add_format({**cell, "font_color": _MUTED}),
        "small": book.add_format({**cell, "bg_color": _YELLOW, "font_size": 8, "font_color": _MUTED}),
        "note": book.add_format({**base, "font_size": 9, "font_color": _MUTED, "text_wrap": False}),
        "same": book.add_format({**cell, "bg_color": _GREY}),
    }


def _put(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    if text:
        sheet.write_string(row, column, replace_controls(text), style)
    else:
        sheet.write_blank(row, column, None, style)


def _find_height(texts: Sequence[tuple[str, float]], line: float = 13.5) -> float:
    """Return the height in points that wrapped texts need in columns of these widths."""
    lines = 1
    for text, width in texts:
        letters = max(1, int(width * 1.1))
        lines = max(lines, sum(math.ceil(max(1, len(part)) / letters) for part in text.split("\n")))
    return min(_TALLEST_ROW, line * lines + 4)


def _set_page(sheet: Any, run: Run, title: str, table: str = "", below: str = "") -> None:
    sheet.set_paper(9)
    sheet.set_margins(left=0.45, right=0.45, top=0.7, bottom=0.6)
    right = (table or "................").replace("&", "&&")
    left = f"{title}: {run.partnership.name}".replace("&", "&&") + (f"\n&9{below}" if below else "")
    sheet.set_header(f"&L{left}&RTable or group: {right}")
    sheet.set_footer(f"&L{run.edition.replace('&', '&&')}&RPage &P of &N")
    sheet.hide_gridlines(2)


def _count_minutes(pairs: int) -> str:
    """Return how long that many pairs take, in words."""
    minutes = math.ceil(pairs * MINUTES / 5) * 5
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'s' if hours > 1 else ''}"] if hours else []
    return " ".join([*parts, *([f"{rest} minutes"] if rest or not hours else [])])


def _write_readme(book: Any, style: dict[str, Any], run: Run, table: str) -> None:
    sheet = book.add_worksheet("Read me")
    count = len(run.themes)
    pairs = count * (count - 1)
    about = f"{run.framework.name}: {count} themes, {pairs} directed pairs. {run.edition}."
    times = {"all": _count_minutes(pairs), "one": _count_minutes(count - 1), "minutes": MINUTES}
    lines = [("title", f"Cross-impact of themes: {run.partnership.name}"), ("text", about)]
    for heading, sentences in README.items():
        lines += [("strong", heading), *(("text", sentence.format(**times)) for sentence in sentences)]
    # LibreOffice cuts a single column that is wider than the page, whatever the scale.
    sheet.set_column(0, 0, _README_WIDTH)
    for n, (kind, text) in enumerate(lines):
        _put(sheet, n, 0, text, style[kind])
        sheet.set_row(n, {"title": 44.0, "strong": 24.0}.get(kind) or _find_height([(text, _README_WIDTH)]) + 3)
    _set_page(sheet, run, "Cross-impact", table)
    sheet.fit_to_pages(1, 1)


def _write_prompts(book: Any, style: dict[str, Any], run: Run) -> None:
    sheet = book.add_worksheet("Prompts")
    widths = (22, 30, 48)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, 2, QUESTION, style["question"])
    sheet.set_row(0, 44)
    for column, text in enumerate(("Answer", "Progress on the first theme ...", "For example (made up)")):
        _put(sheet, 2, column, text, style["head"])
    rows = [(ANSWERS[n], SCALE[score][1], EXAMPLES[score]) for n, score in enumerate(SCALE)]
    rows.append((DONT_KNOW, "nobody here can say", "Recorded, and kept apart from 0. Who would know?"))
    for n, row in enumerate(rows, start=3):
        sheet.set_row(n, _find_height(list(zip(row, widths, strict=True))) + 2)
        for column, text in enumerate(row):
            _put(sheet, n, column, text, style["name" if column == 0 else "cell"])
    top = len(rows) + 4
    notes = (
        f"Time: {MINUTES} minutes for a pair: one to think alone, one to compare, one to agree and write. "
        "Past that: answer don't know, write why under Reason, and go on.",
        "Score the direct influence only, from the first theme to the second, here and over the next few years.",
        "Look for hindrances too: a theme may take money, people or space that another needs.",
    )
    for n, text in enumerate(notes, start=top):
        sheet.merge_range(n, 0, n, 2, text, style["text"])
        sheet.set_row(n, _find_height([(text, sum(widths))]) + 2)
    for n, (name, prompt) in enumerate(PROMPTS, start=top + len(notes) + 1):
        _put(sheet, n, 0, name, style["name"])
        _put(sheet, n, 1, prompt, style["cell"])
        _put(sheet, n, 2, "", style["answer"])
        sheet.set_row(n, 104)
    _set_page(sheet, run, "Prompts")
    sheet.fit_to_pages(1, 1)


def _write_pairs(
    book: Any, style: dict[str, Any], run: Run, found: dict[tuple[str, str], list[str]], table: str
) -> None:
    sheet = book.add_worksheet(SHEET)
    names = {theme.theme: f"{theme.number}. {theme.name}" for theme in each_row(run.themes)}
    for column, (name, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        _put(sheet, 0, column, name, style["head"])
    sheet.set_row(0, 32)
    pairs = list(permutations(run.framework.theme_ids, 2))
    own = max(1, len(run.themes) - 1)
    # Room to write by hand: the rows of one theme fill a page where they can.
    room = max(_LOWEST_ROW, min(_ROOMIEST_ROW, _PAGE / own))
    most = _MOST_PASSAGES if len(run.themes) < _MANY else _FEW_PASSAGES
    for n, (first, second) in enumerate(pairs, start=1):
        passages = _list_shown(found.get((first, second), []), most)
        texts = [str(n), names[first], names[second], passages or "none found in the text that was read"]
        kinds = ["centre", "name", "name", "cell" if passages else "none"]
        texts += ["", "", "", table, f"{first} > {second}"]
        kinds += ["answer"] * 4 + ["key"]
        for column, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
            _put(sheet, n, column, text, style[kind])
        widths = [float(width) for _, width in _COLUMNS]
        sheet.set_row(n, max(room, _find_height(list(zip(texts, widths, strict=True)))))
    _add_list(sheet, len(pairs))
    sheet.freeze_panes(1, 3)
    sheet.set_landscape()
    _set_page(sheet, run, "Pairs", table, "Answers: " + ", ".join(ANSWERS))
    sheet.fit_to_pages(1, 0)
    # A page for each first theme, so that each group can take one.
    sheet.set_h_pagebreaks([n + 1 for n in range(own, len(pairs), own)])
    sheet.print_area(0, 0, len(pairs), _SCORER)
    sheet.repeat_rows(0)


def _list_shown(passages: Sequence[str], most: int) -> str:
    """Return the first few passages in full, and the refs of the others."""
    shown, rest = passages[:most], passages[most:]
    more = [f"and {len(rest)} more: {', '.join(passage.split(' (')[0] for passage in rest)}"] if rest else []
    return "\n".join([*shown, *more])


def _add_list(sheet: Any, last: int) -> None:
    """Let the answer cells be filled from a list only."""
    sheet.data_validation(
        1, _SCORE, max(1, last), _SCORE,
        {
            "validate": "list", "source": list(ANSWERS),
            "input_title": "How does it influence?", "input_message": "Choose from the list; see the sheet Prompts.",
            "error_title": "Not one of the answers", "error_message": "Choose an answer from the list of this cell.",
        },
    )  # fmt: skip


def _write_matrix(
    book: Any, style: dict[str, Any], run: Run, found: dict[tuple[str, str], list[str]], table: str
) -> None:
    sheet = book.add_worksheet("Matrix")
    themes = list(each_row(run.themes))
    width = max(11.0, min(19.0, 110 / len(themes)))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, len(themes), width)
    sheet.set_column(len(themes) + 1, len(themes) + 1, 11)
    _put(sheet, 0, len(themes) + 1, "Sum of the row (active)", style["head"])
    _put(sheet, len(themes) + 1, 0, "Sum of the column (passive)", style["head"])
    names = [f"{theme.number}. {theme.name}" for theme in themes]
    _put(sheet, 0, 0, "Progress on the theme of the row influences the theme of the column", style["head"])
    sheet.set_row(0, _find_height([(name, width * 0.8) for name in names] + [("x" * 68, 20.0)]) + 4)
    number = {pair: n for n, pair in enumerate(permutations(run.framework.theme_ids, 2), start=1)}
    for column, name in enumerate(names, start=1):
        _put(sheet, 0, column, name, style["head"])
    for row, first in enumerate(themes, start=1):
        _put(sheet, row, 0, names[row - 1], style["name"])
        sheet.set_row(row, 62 if len(themes) < _MANY else 46)
        for column, second in enumerate(themes, start=1):
            pair = (first.theme, second.theme)
            count = len(found.get(pair, []))
            seen = f"No. {number[pair]}\n{count} passage{'' if count == 1 else 's'}" if row != column else ""
            _put(sheet, row, column, seen, style["same" if row == column else "small"])
    column, row = len(themes) + 1, len(themes) + 1
    for line in range(1, len(themes) + 1):
        _put(sheet, line, column, "", style["answer"])
        _put(sheet, row, line, "", style["answer"])
    sheet.set_row(row, 34)
    below = len(themes) + 3
    for n, text in enumerate(MATRIX_NOTES):
        _put(sheet, below + n, 0, text, style["note"])
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    _set_page(sheet, run, "Matrix", table)
    sheet.fit_to_pages(1, 1)
