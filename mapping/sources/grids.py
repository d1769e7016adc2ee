"""The rules that find priorities in tables: under a column's header, beside a row's label, in a board's row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mapping.sources.announcing import NOTHING, Verdict, begins_as_aim, judge_heading
from mapping.sources.boards import BoardNames, is_label
from mapping.sources.candidates import Candidate, Found, why_no_statement
from mapping.sources.contexts import is_lead, word_count
from mapping.sources.pieces import Piece
from mapping.sources.prose import find_stated

__all__ = ["find_header", "is_tracker_table", "list_rows", "read_grid"]

_MOST_HEADER_WORDS = 8
_RESPONSE = re.compile(r"\b(?:agree[ds]?|accept(?:ed)?|approved|responses?|decision|status|outcome)\b", re.IGNORECASE)
_RECOMMENDATION = re.compile(r"\brecommendations?\b", re.IGNORECASE)
_RANKS = re.compile(
    r"(?:high|medium|low|h|m|l|\d{1,2}|[a-e]|p\d|red|amber|green|essential|desirable)\W*", re.IGNORECASE
)
_SINGULAR = re.compile(r"\b(?:vision|mission|ambition|aim|goal)\b(?!s)", re.IGNORECASE)

Row = dict[int, list[Piece]]


def list_rows(run: Sequence[Piece]) -> list[Row]:
    """Return the rows of a table in order, each a dict of its filled columns."""
    rows: dict[int, Row] = {}
    for piece in run:
        rows.setdefault(piece.row, {}).setdefault(piece.column, []).append(piece)
    return [dict(sorted(rows[number].items())) for number in sorted(rows)]


def _words(cell: Sequence[Piece]) -> str:
    return " ".join(piece.text for piece in cell)


def is_tracker_table(run: Sequence[Piece]) -> bool:
    """Say whether a table sets recommendations beside the answers to them: its header names both."""
    for row in list_rows(run)[:3]:
        cells = [_words(cell) for cell in row.values()]
        short = [cell for cell in cells if word_count(cell) <= 6]
        if (
            len(short) == len(cells) >= 2
            and any(_RECOMMENDATION.search(cell) for cell in cells)
            and any(_RESPONSE.search(cell) for cell in cells)
        ):
            return True
    return False


def find_header(rows: Sequence[Row]) -> tuple[int, dict[int, Verdict]]:
    """Return how many rows are header, and what each column's header announces; (0, {}) where there is no header."""
    for at, row in enumerate(rows[:3]):
        cells = {column: _words(cell) for column, cell in row.items()}
        if any(word_count(cell) > _MOST_HEADER_WORDS for cell in cells.values()) or at + 1 >= len(rows):
            return 0, {}
        verdicts = {column: judge_heading(cell) for column, cell in cells.items()}
        below = {column for later in rows[at + 1 :] for column in later}
        if len(cells) == 1 and len(below) > 1:
            continue  # a title over the table, or a label over a wide cell
        if any(verdict.announces for verdict in verdicts.values()):
            # "City Vision | A safe city" is a label and its value; "Priority | Lead" is a header.
            values = [column for column, cell in cells.items() if not verdicts[column].says and len(cells) == 2]
            label_like = len(cells) == 2 and bool(values) and _is_value(cells[values[0]], rows[at + 1 :], values[0])
            return (0, {}) if label_like else (at + 1, verdicts)
        if len(cells) > 1:
            return 0, {}
    return 0, {}


def _is_value(cell: str, below: Sequence[Row], column: int) -> bool:
    """Say whether the second cell of a first row is a value: the first cells below are labels too."""
    del cell, column
    labels = [judge_heading(_words(row[min(row)])) for row in below if row]
    return any(verdict.says for verdict in labels)


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
    header, verdicts = find_header(rows)
    for row in rows[:header]:
        for cell in row.values():
            for piece in cell:
                found.leave(piece, "header of a table")
    if header:
        _read_columns(rows[header:], verdicts, found, names)
    else:
        _read_labels(rows, found, names, around, heading)


# --- columns ------------------------------------------------------------------------------------------------


def _read_columns(rows: Sequence[Row], verdicts: dict[int, Verdict], found: Found, names: BoardNames) -> None:
    """Read rows under a header: each cell by what its column announces, an action under the priority of its row."""
    above: dict[str, Candidate] = {}
    for row in rows:
        board = _find_board(row, names)
        for column, cell in row.items():
            verdict = verdicts.get(column, NOTHING)
            for piece in cell:
                why = why_no_statement(piece, names)
                if not why and _RANKS.fullmatch(piece.text):
                    why = "a rank or a mark, no statement"
                if why or not verdict.announces:
                    found.leave(piece, why or _why_column(verdict))
                    continue
                candidate = _take_cell(piece, verdict, found, "table column", board)
                parents = [above[level] for level in ("priority", "theme") if level in above]
                if verdict.says == "action" and parents:
                    candidate.parent = parents[0]
                above[verdict.says] = candidate


def _why_column(verdict: Verdict) -> str:
    return f"column: {verdict.reason}" if verdict.says else "in a column that announces no priorities"


def _take_cell(piece: Piece, verdict: Verdict, found: Found, rule: str, board: str) -> Candidate:
    label = is_label(piece.text)
    span, number = (piece.start, piece.end), ""
    if label and label["sign"] and label.end() < len(piece.text):
        at = piece.passage.text.find(piece.text[label.end() :], piece.start)
        span = (at, piece.end) if at >= 0 else span
        number = piece.text[: label.end()].strip(" :.–—-")
    sure = "possible" if verdict.mixed else "likely"
    return found.take(
        piece, verdict.says, rule, span=span, number=number, sure=sure, board=board,
        board_from="table row" if board else "",
    )  # fmt: skip


def _find_board(row: Row, names: BoardNames) -> str:
    """Return the board that a row names in a cell of its own; empty if none or several."""
    boards = set()
    for cell in row.values():
        text = _words(cell)
        named = names.find(text)
        if named and word_count(text) <= 16 and named[0].start <= 4:
            boards |= {one.board for one in named}
    return boards.pop() if len(boards) == 1 else ""


# --- labels -------------------------------------------------------------------------------------------------


def _read_labels(rows: Sequence[Row], found: Found, names: BoardNames, around: Verdict, heading: str) -> None:
    """Read rows whose first cell says what the others hold; a label alone goes with the row below it."""
    waiting = NOTHING
    for row in rows:
        columns = list(row)
        label = _words(row[columns[0]])
        verdict = judge_heading(label) if word_count(label) <= _MOST_HEADER_WORDS else NOTHING
        if len(columns) == 1 and verdict.says:
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
    for piece in cell:
        why = why_no_statement(piece, names)
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
                level = "priority" if label["what"].casefold().startswith(("priority", "objective")) else "theme"
                _take_cell(piece, Verdict(level), found, "labelled", board)
            elif (
                not why
                and around.announces
                and not around.mixed
                and (piece.kind == "item" or begins_as_aim(piece.text))
            ):
                _take_cell(piece, around, found, "table under a heading", board).sure = "possible"
            elif not _take_prose(piece, found):
                found.leave(piece, why or f"no rule finds a priority in this table (under '{heading[:60]}')")


def _take_prose(piece: Piece, found: Found) -> bool:
    stated = find_stated(piece.passage.text[piece.start : piece.end])
    for one in stated:
        span = (piece.start + one.start, piece.start + one.end)
        found.take(piece, one.level, one.rule, span=span, sure=one.sure, note=one.note)
    return bool(stated)
