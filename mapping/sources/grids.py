"""The rules that find priorities in tables: under a column's header, beside a row's label, in a board's row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mapping.sources.announcing import NOTHING, Verdict, begins_as_aim, judge_column, judge_heading
from mapping.sources.blocks import find_blocks, judge_block
from mapping.sources.boards import BoardNames, is_label
from mapping.sources.candidates import Candidate, Found, why_no_statement
from mapping.sources.contexts import is_lead, word_count
from mapping.sources.headers import (
    MOST_HEADER_WORDS,
    Row,
    cell_words,
    count_labels,
    find_header,
    find_labels,
    is_guidance,
    is_header,
    is_title,
    merge_headers,
    settle_columns,
)
from mapping.sources.labels import label_level
from mapping.sources.pieces import Piece, clean_text, strip_ends
from mapping.sources.prose import find_left, find_stated
from mapping.sources.remarks import find_ended, is_remark, why_evidence
from mapping.sources.tracker_columns import is_tracker

__all__ = ["Row", "is_tracker_table", "list_rows", "read_grid"]

_RANKS = re.compile(
    r"(?:high|medium|low|h|m|l|\d{1,2}|[a-e]|p\d|red|amber|green|essential|desirable)\W*", re.IGNORECASE
)
#: A column that no table has.
_NEVER = 1_000_000
_MOST_PART_WORDS, _FEW_PART_WORDS = 25, 3
_SINGULAR = re.compile(r"\b(?:vision|mission|ambition|aim|goal)\b(?!s)", re.IGNORECASE)


def list_rows(run: Sequence[Piece]) -> list[Row]:
    """Return the rows of a table in order, each a dict of its filled columns."""
    rows: dict[int, Row] = {}
    for piece in run:
        rows.setdefault(piece.row, {}).setdefault(piece.column, []).append(piece)
    return [dict(sorted(rows[number].items())) for number in sorted(rows)]


def is_tracker_table(run: Sequence[Piece]) -> bool:
    """Say whether a table sets recommendations beside the answers to them: its header names both."""
    return is_tracker(list_rows(run))


def read_grid(run: Sequence[Piece], found: Found, names: BoardNames, around: Verdict, heading: str) -> None:
    """Read one table.

    Parameters
    ----------
    run : sequence of Piece
        Its cells.
    found : Found
        Takes the statements, and says why other cells are left.
    names : BoardNames
    around : Verdict
        What the heading above the table announces.
    heading : str
        That heading.
    """
    rows = list_rows(run)
    if is_guidance(run):
        for piece in run:
            found.leave(piece, "in a sheet that tells how to use the workbook")
        return
    head, blocks = find_blocks(rows)
    if blocks:
        _read_blocks(rows, head, blocks, found, names, around, heading)
        return
    widest = next((row for row in rows if len(row) > 1), {})
    if evidence := why_evidence([cell_words(cell) for cell in widest.values()]):
        for piece in run:
            found.leave(piece, evidence)
        return
    peeled = count_labels(rows)
    if peeled:
        _read_labels(rows[:peeled], found, names, around, heading)
        rows = rows[peeled:]
    first = next((at for at, row in enumerate(rows) if len(row) > 1), 0)
    if first + 1 < len(rows) and (labelled := find_labels(rows[first])):
        above = _read_titles(rows[:first], found, names)
        _read_under_labels(rows[first:], labelled, found, names, above)
        return
    header, verdicts = find_header(rows)
    if header:
        above = _read_titles([row for row in rows[:header] if len(row) == 1], found, names)
        for row in rows[:header]:
            _leave_row(row, found, "header of a table")
        _read_columns(rows[header:], settle_columns(verdicts), found, names, above)
    else:
        _read_labels(rows, found, names, around, heading)


def _leave_row(row: Row, found: Found, why: str) -> None:
    for cell in row.values():
        for piece in cell:
            found.leave(piece, why)


# --- columns ------------------------------------------------------------------------------------------------


def _read_titles(rows: Sequence[Row], found: Found, names: BoardNames) -> dict[str, Candidate]:
    """Take "Priority 1: ..." from the rows of one cell above a header; the rows below it stand under it."""
    above: dict[str, Candidate] = {}
    for row in rows:
        _take_banner(row, above, found, names)
        _leave_row(row, found, "title of a table")
    return above


def _take_banner(row: Row, above: dict[str, Candidate], found: Found, names: BoardNames) -> bool:
    """Take a row of one cell that holds a labelled priority: what follows stands under it."""
    cell = next(iter(row.values()))
    label = is_label(cell[0].text, plain=True)
    if len(row) > 1 or len(cell) > 1 or label is None or not label["sign"] or label.end() >= len(cell[0].text):
        return False
    if why_no_statement(cell[0], names):
        return False
    level = label_level(label["what"])
    candidate = _take_cell(cell[0], Verdict(level), found, "labelled", "")
    for lower in ("theme", "priority", "action")[("theme", "priority", "action").index(level) :]:
        above.pop(lower, None)
    above[level] = candidate
    return True


def _read_columns(
    rows: Sequence[Row], verdicts: dict[int, Verdict], found: Found, names: BoardNames, above: dict[str, Candidate]
) -> None:
    """Read rows under a header: each cell by what its column announces, an action under the priority of its row."""
    alike = len(verdicts) > 1 and len({verdict.says for verdict in verdicts.values()}) == 1
    heads: dict[int, Candidate] = {}
    for row in rows:
        if alike and len(row) == 1 and (told := judge_column(cell_words(next(iter(row.values()))))).says:
            # "What we will do" across columns that are a priority each.
            verdicts = dict.fromkeys(verdicts, told)
            _leave_row(row, found, "label of the rows below")
            continue
        if is_header(row):
            verdicts = settle_columns(merge_headers([row]))
            _leave_row(row, found, "header of a table")
            continue
        if _take_banner(row, above, found, names):
            continue
        board = _find_board(row, names)
        ended = find_ended([cell_words(cell) for cell in row.values()])
        over = _find_over(row, verdicts) if ended else _NEVER
        for column, cell in row.items():
            verdict = verdicts.get(column, NOTHING)
            for piece in (part for whole in cell for part in _cut_list(whole, verdict)):
                why = why_no_statement(piece, names) or ("says how it stands" if is_remark(piece.text) else "")
                if not why and column >= over:
                    why = f"said to be over ('{ended}')"
                if not why and _RANKS.fullmatch(piece.text):
                    why = "a rank or a mark, no statement"
                if why or not verdict.announces:
                    found.leave(piece, why or _why_column(verdict))
                    continue
                candidate = _take_cell(piece, verdict, found, "table column", board)
                acts = (one for one, told in verdicts.items() if told.says == "action" and one < column)
                if verdict.says == "theme" and next(acts, 0):
                    candidate.sure = "possible"  # an outcome beside an action may be what it is to yield
                parents = [above[level] for level in ("priority", "theme") if level in above]
                if verdict.says == "action" and (parents or column in heads):
                    candidate.parent = heads.get(column) or parents[0]
                above[verdict.says] = candidate
                if alike and verdict.says != "action":
                    heads[column] = candidate


def _find_over(row: Row, verdicts: dict[int, Verdict]) -> int:
    """Return the first column of a row of which its status is said: that of its most concrete level."""
    levels = {verdicts[column].says: column for column in reversed(row) if column in verdicts}
    return next((levels[level] for level in ("action", "priority", "theme", "vision") if level in levels), _NEVER)


def _cut_list(piece: Piece, verdict: Verdict) -> list[Piece]:
    """Cut a cell at its semicolons where it is a list of statements: three or more, or two that begin as aims do.

    "A place to grow up; learn; and work" is one statement: its parts do not stand alone.
    """
    ends = [match.start() for match in re.finditer(r";(?=\s)", piece.passage.text[piece.start : piece.end])]
    if not ends or not verdict.announces or verdict.says == "vision":
        return [piece]
    text = piece.passage.text[piece.start : piece.end]
    parts = []
    for begin, end in zip([0, *(at + 1 for at in ends)], [*ends, len(text)], strict=True):
        first, last = strip_ends(piece.passage.text, piece.start + begin, piece.start + end)
        if joined := re.match(r"(?:and|or)\s+", piece.passage.text[first:last]):
            first += joined.end()
        parts.append(replace(piece, start=first, end=last, text=clean_text(piece.passage.text[first:last])))
    sizes = [word_count(part.text) for part in parts]
    even = min(sizes) > 1 or max(sizes) <= _FEW_PART_WORDS
    short = even and min(sizes) > 0 and max(sizes) <= _MOST_PART_WORDS and ". " not in text
    enough = len(parts) >= 3 or all(begins_as_aim(part.text) for part in parts)
    return parts if short and enough else [piece]


def _read_under_labels(
    rows: Sequence[Row],
    labelled: dict[int, list[Piece]],
    found: Found,
    names: BoardNames,
    above: dict[str, Candidate],
) -> None:
    """Read columns whose headers are priorities: what stands beneath each is to be done about it."""
    parents: dict[int, Candidate] = {}
    for column, cell in rows[0].items():
        if column in labelled and not why_no_statement(cell[0], names):
            label = is_label(cell[0].text, plain=True)
            level = label_level(label["what"]) if label else "priority"
            parents[column] = _take_cell(cell[0], Verdict(level), found, "labelled", "")
            parents[column].parent = above.get("theme") if level == "priority" else None
    _leave_row(rows[0], found, "header of a table")
    verdict = Verdict("action")
    for row in rows[1:]:
        own = [judge_heading(cell_words(cell)) for column, cell in row.items() if column not in labelled]
        background = next((one for one in own if one.says and not one.announces), None)
        for column, cell in row.items():
            for piece in (part for whole in cell for part in _cut_list(whole, verdict)):
                why = why_no_statement(piece, names) or (background.reason if background else "")
                if why or column not in parents:
                    found.leave(piece, why or "label of its row")
                    continue
                candidate = _take_cell(piece, verdict, found, "table column", "")
                candidate.sure, candidate.parent = "possible", parents[column]


def _why_column(verdict: Verdict) -> str:
    return f"column: {verdict.reason}" if verdict.says else "in a column that announces no priorities"


def _take_cell(piece: Piece, verdict: Verdict, found: Found, rule: str, board: str) -> Candidate:
    label = is_label(piece.text, plain=True)
    span, number = (piece.start, piece.end), ""
    if label and label["sign"] and label.end() < len(piece.text):
        at = piece.passage.text.find(piece.text[label.end() :], piece.start)
        span = (at, piece.end) if at >= 0 else span
        number = piece.text[: label.end()].strip(" :.–—-") if label["number"] else ""
    sure = "possible" if verdict.mixed else "likely"
    return found.take(
        piece, verdict.says, rule, span=span, number=number, sure=sure, board=board,
        board_from="table row" if board else "",
    )  # fmt: skip


def _find_board(row: Row, names: BoardNames) -> str:
    """Return the board that a row names in a cell of its own; empty if none or several."""
    boards = set()
    for cell in row.values():
        text = cell_words(cell)
        named = names.find(text)
        if named and word_count(text) <= 16 and named[0].start <= 4:
            boards |= {one.board for one in named}
    return boards.pop() if len(boards) == 1 else ""


# --- cells with a label of their own ------------------------------------------------------------------------


def _read_blocks(
    rows: Sequence[Row], head: int, blocks: Sequence[int], found: Found, names: BoardNames, around: Verdict,
    heading: str,
) -> None:  # fmt: skip
    """Read cells that begin with a label: the items of each stand at its level, below the head of its column."""
    heads: dict[int, Candidate] = {}
    for at, row in enumerate(rows):
        if at == head:
            for column, cell in row.items():
                if why := why_no_statement(cell[0], names):
                    found.leave(cell[0], why)
                    continue
                label = is_label(cell[0].text, plain=True)
                level = label_level(label["what"]) if label else "theme"
                heads[column] = _take_cell(cell[0], Verdict(level), found, "table column", "")
                heads[column].sure = "likely" if label else "possible"
        elif at in blocks:
            for column, cell in row.items():
                verdict = judge_block(cell)
                found.leave(cell[0], "label of its cell")
                before = len(found.candidates)
                _read_value(cell[1:], verdict, cell[0].text, found, names, "")
                for candidate in found.candidates[before:]:
                    candidate.rule, candidate.parent = "table column", heads.get(column)
        else:
            _read_plain(row, found, names, around, heading)


# --- labels -------------------------------------------------------------------------------------------------


def _read_labels(rows: Sequence[Row], found: Found, names: BoardNames, around: Verdict, heading: str) -> None:
    """Read rows whose first cell says what the others hold; a label alone goes with the row below it."""
    waiting = NOTHING
    for row in rows:
        columns = list(row)
        label = cell_words(row[columns[0]])
        verdict = judge_heading(label) if word_count(label) <= MOST_HEADER_WORDS else NOTHING
        if len(columns) == 1 and is_title(label):
            _leave_row(row, found, "title of a table")
        elif len(columns) == 1 and verdict.says:
            waiting = verdict
            for piece in row[columns[0]]:
                found.leave(piece, "label of the row below")
        elif len(columns) == 1 and waiting.says:
            _read_value(row[columns[0]], waiting, label, found, names, "")
            waiting = NOTHING
        elif len(columns) > 1 and verdict.says:
            waiting = NOTHING
            for piece in row[columns[0]]:
                found.leave(piece, "label of its row")
            for column in columns[1:]:
                _read_value(row[column], verdict, label, found, names, "")
        else:
            waiting = NOTHING
            _read_plain(row, found, names, around, heading)


def _read_value(
    cell: Sequence[Piece], verdict: Verdict, label: str, found: Found, names: BoardNames, board: str
) -> None:
    """Read the cell beside a label. Of one vision or goal the first part and its bullets are the statement."""
    single = bool(_SINGULAR.search(label)) or verdict.says == "vision"
    taken = False
    for piece in (part for whole in cell for part in _cut_list(whole, verdict)):
        why = why_no_statement(piece, names) or ("says how it stands" if is_remark(piece.text) else "")
        if not why and is_lead(piece.text.rstrip(".… ") + ":" if piece.text.endswith("...") else piece.text):
            why = "leads to a list"
        if not why and single and taken and piece.kind != "item":
            why = f"beside '{label[:40]}', after the statement itself"
        if why or not verdict.announces:
            found.leave(piece, why or f"{verdict.says} ('{verdict.pattern}'): {verdict.reason}")
            continue
        _take_cell(piece, verdict, found, "table row", board)
        taken = True


def _read_plain(row: Row, found: Found, names: BoardNames, around: Verdict, heading: str) -> None:
    """Read a row that no header and no label tells about: by the heading above the table, labels and prose."""
    board = _find_board(row, names)
    for cell in row.values():
        for piece in cell:
            why = why_no_statement(piece, names)
            label = is_label(piece.text)
            labelled = label and label["sign"] and label.end() < len(piece.text)
            if not why and labelled and label:
                level = label_level(label["what"])
                _take_cell(piece, Verdict(level), found, "labelled", board)
            elif (
                not why
                and around.announces
                and not around.mixed
                and (piece.kind == "item" or begins_as_aim(piece.text))
            ):
                _take_cell(piece, around, found, "table under a heading", board).sure = "possible"
            elif not _take_prose(piece, found):
                text = piece.passage.text[piece.start : piece.end]
                under = f" (under '{heading[:60]}')" if heading else ""
                found.leave(piece, why or find_left(text) or f"no rule finds a priority in this table{under}")


def _take_prose(piece: Piece, found: Found) -> bool:
    stated = find_stated(piece.passage.text[piece.start : piece.end])
    for one in stated:
        span = (piece.start + one.start, piece.start + one.end)
        found.take(piece, one.level, one.rule, span=span, sure=one.sure, note=one.note)
    return bool(stated)
