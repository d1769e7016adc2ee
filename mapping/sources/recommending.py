"""One recommendation and its answer: in a row of a table, by its columns or by what its cells hold, or in prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mapping.sources.answers import NOT_GIVEN, is_unread, judge_answer
from mapping.sources.contexts import word_count
from mapping.sources.headers import Row, cell_words
from mapping.sources.pieces import Piece
from mapping.sources.tracker_columns import CROSS, MARK, NUMBER, TICK, Columns, is_number

__all__ = ["NO_TEXT", "Reading", "is_aligned", "join_cells", "read_loose_row", "read_prose", "read_row"]

#: What stands for a recommendation that the paper leaves out beside its answer.
NO_TEXT = "(no recommendation printed)"
#: Without a header a recommendation has more words than this; what has fewer is a number, a name or an answer.
_FEWEST_WORDS = 3
_NUMBER_WORDS = 3
#: What stands in a column of answers that is not marked.
_UNMARKED = re.compile(r"[\W_]*(?:0|no?|n/?a)?[\W_]*", re.IGNORECASE)
_RECOMMENDS = re.compile(
    r"(?:recommendation|rec\.?)\s*(?:no\.?\s*)?([A-Z]{0,2}\d{1,3}[a-z]?(?:\.\d{1,2})?)?\s*(?:[:.\u2013\u2014-]\s*|$)",
    re.IGNORECASE,
)
_RESPONDS = re.compile(
    r"(?:[\w'\u2019]+\s+){0,3}(?:response|decision|reply)(?:\s+to\s+recommendation\s+\w+)?\s*(?:[:\u2013\u2014-]\s*|$)",
    re.IGNORECASE,
)


#: An answer in the paragraph of its recommendation, where their lines were joined.
_INSIDE = re.compile(
    r"(?<=[.!?;])\s+(?:(?:cabinet|executive|council|officer|board|service|management)(?:'s|\u2019s)?\s+)?(?:response|decision|reply)\s*:\s*",
    re.IGNORECASE,
)


class Reading(NamedTuple):
    """A recommendation as it was read; ``start`` and ``end`` say where in its first and in its last piece."""

    pieces: Sequence[Piece]
    text: str
    number: str
    response: str
    response_text: str
    comment: str
    start: int = 0
    end: int | None = None
    meeting: str = ""
    note: str = ""


class _Answer(NamedTuple):
    """What a row answers, what it prints, the column, and what a reader should know."""

    response: str = ""
    printed: str = ""
    column: int = 0
    note: str = ""


def join_cells(row: Row) -> list[tuple[int, str]]:
    """Return the columns of a row with the words of each cell."""
    return [(column, cell_words(cell)) for column, cell in row.items()]


def _judge_cell(cell: Sequence[Piece], *, status: bool = False) -> str:
    # A line of its own ends an answer: "Agreed", and below it what will be done.
    return judge_answer("\n".join(piece.text for piece in cell), status=status)


# --- rows under a header ------------------------------------------------------------------------------------


def is_aligned(rows: Sequence[Row], columns: Columns) -> bool:
    """Say whether the rows of a table stand under its header: words where it says that recommendations are.

    Columns of tables that were lost on the way into a file do not line up with their header.
    """
    told = [cell_words(row[columns.text]) for row in rows if columns.text in row]
    worded = [text for text in told if not is_number(text)]
    if not told:
        return any(_judge_cell(row[columns.answer]) for row in rows if columns.answer in row)
    return len(worded) * 2 >= len(told)


def read_row(row: Row, columns: Columns) -> Reading | None:
    """Read one row by the header of its table; None where it holds no recommendation, however short, and no answer.

    An answer whose recommendation is left out is a row too, with ``NO_TEXT`` for its text, so that it is counted.
    """
    column = columns.text
    if column not in row or is_number(cell_words(row[column])):
        # Its words may stand in a column without a header.
        column = next((at for at, said in join_cells(row) if _is_unnamed(at, columns) and _is_statement(said)), 0)
    answer = _read_answer(row, columns)
    if not column and not (answer.response or is_unread(NOT_GIVEN, answer.printed)):
        return None
    number, meeting = _read_number(row, columns, column), _join(row, columns.meetings, ", ")
    used = {column, answer.column, columns.number, *(at for at, _ in columns.ticks)}
    beside = [
        at for at in row
        if at not in used and (at in columns.comments or (at > columns.text and _is_unnamed(at, columns)))
    ]  # fmt: skip
    comment = _join(row, tuple(beside), " ")
    if column:
        text = cell_words(row[column])
        return Reading(
            row[column], text, number, answer.response, answer.printed, comment, meeting=meeting, note=answer.note
        )
    note = "; ".join(filter(None, ["the paper prints an answer and no recommendation", answer.note]))
    first = row[min(row)][:1]
    return Reading(first, NO_TEXT, number, answer.response, answer.printed, comment, 0, 0, meeting, note)


def _is_unnamed(column: int, columns: Columns) -> bool:
    return column not in columns.heads


def _is_statement(words: str) -> bool:
    return word_count(words) > _FEWEST_WORDS and not judge_answer(words)


def _join(row: Row, columns: Sequence[int], sign: str) -> str:
    return sign.join(cell_words(row[column]) for column in columns if column in row)


def _read_number(row: Row, columns: Columns, text: int) -> str:
    """Return the number of a recommendation: its own, that of its column, or the last before it that is one."""
    if text and (own := row[text][0].passage.number or row[text][0].number):
        return own
    if columns.number:
        printed = cell_words(row[columns.number]) if columns.number in row else ""
        return printed if word_count(printed) <= _NUMBER_WORDS else ""
    return _find_number([(column, said) for column, said in join_cells(row) if column < text])


def _read_answer(row: Row, columns: Columns) -> _Answer:
    """Return the answer of a row: the column that is ticked, else what its column says or a tick there means."""
    if columns.ticks and (ticked := _read_ticks(row, columns)).printed:
        return ticked
    printed = cell_words(row[columns.answer]) if columns.answer in row else ""
    if not printed:
        unnamed = [at for at, cell in row.items() if _is_unnamed(at, columns) and at > columns.text]
        told = [at for at in unnamed if _judge_cell(row[at])]
        if len(told) == 1:
            return _Answer(_judge_cell(row[told[0]]), cell_words(row[told[0]]), told[0])
        signs = [at for at in unnamed if MARK.fullmatch(cell_words(row[at]))]
        said = " ".join(cell_words(row[at]) for at in signs)
        return (
            _Answer("", said, signs[0], "a mark in a column whose header does not say what it means")
            if signs
            else _Answer()
        )
    head = columns.heads.get(columns.answer, "")
    if TICK.fullmatch(printed):
        note = "" if columns.means else f"a tick, and '{head}' does not say what it means"
        return _Answer(columns.means, printed, columns.answer, note)
    if CROSS.fullmatch(printed):
        return _Answer("", printed, columns.answer, f"a cross or a crossed box under '{head}' may mean either")
    response = _judge_cell(row[columns.answer], status=columns.status)
    if columns.means == "no" and response in ("yes", "no") and word_count(printed) == 1:
        return _Answer("", printed, columns.answer, f"'{printed}' under '{head}' may mean either")
    return _Answer(response, printed, columns.answer)


def _read_ticks(row: Row, columns: Columns) -> _Answer:
    """Return the answer whose column is marked; a tick counts before a cross, and "no" or 0 marks nothing."""
    ours = {column: answer for column, answer in columns.ticks if column in row}
    words = {column: cell_words(row[column]) for column in ours}
    matched = [
        column for column in ours if MARK.fullmatch(words[column]) or judge_answer(words[column]) == ours[column]
    ]
    said = {column: text for column, text in words.items() if column in matched or not _UNMARKED.fullmatch(text)}
    marked = [at for at in matched if TICK.fullmatch(words[at])] or [at for at in matched if MARK.fullmatch(words[at])]
    marked = marked or matched
    printed = " ".join(said[column] for column in (marked or said))
    answers = {ours[column] for column in marked}
    if len(answers) == 1:
        note = " and ".join(f"'{columns.heads[column]}'" for column in marked)
        return _Answer(answers.pop(), printed, marked[0], f"marked in the column {note}")
    note = "marked in more than one column" if marked else "words, and no mark, in the columns of answers"
    return _Answer("", printed, 0, note) if said else _Answer()


def read_loose_row(row: Row, columns: Columns) -> Reading | None:
    """Read one row whose table may not stand under its header: by the header where it fits, else by what cells hold."""
    fits = columns.text in row and word_count(cell_words(row[columns.text])) > _FEWEST_WORDS
    told = read_row(row, columns) if fits else None
    if told and told.response:
        return told
    held = _read_cells(row)
    return held if held and (held.response or not told) else told


# --- rows of tables that were lost --------------------------------------------------------------------------


def _read_cells(row: Row) -> Reading | None:
    """Read one row by what its cells hold, where no header tells: a long cell, and an answer after it if any is."""
    cells = join_cells(row)
    answers = [at for at, (_, text) in enumerate(cells) if judge_answer(text)]
    # "Yes" stands after the recommendation; a lone "no." before it would be its number.
    answer = next((at for at in answers if any(word_count(text) > _FEWEST_WORDS for _, text in cells[:at])), None)
    before = cells[:answer] if answer is not None else cells
    long = [at for at, (_, text) in enumerate(before) if word_count(text) > _FEWEST_WORDS]
    if not long or (answer is None and len(cells) < 2):
        return None
    said = max(long, key=lambda at: word_count(before[at][1])) if answer is not None else long[0]
    column, text = before[said]
    pieces = row[column]
    number = pieces[0].passage.number or pieces[0].number or _find_number(before[:said])
    after = cells[answer + 1 :] if answer is not None else cells[said + 1 :]
    printed = cells[answer][1] if answer is not None else ""
    return Reading(pieces, text, number, judge_answer(printed), printed, " ".join(comment for _, comment in after))


def _find_number(cells: list[tuple[int, str]]) -> str:
    """Return the number printed before a recommendation: the last cell before it that is one."""
    numbers = [text for _, text in cells if NUMBER.fullmatch(text) and re.search(r"\w", text.replace("_", ""))]
    return numbers[-1].strip() if numbers else ""


# --- prose --------------------------------------------------------------------------------------------------


class _Open:
    """A recommendation of a text without tables, while it is read."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.said: tuple[Piece, int, int] | None = None
        self.printed = ""
        self.answered = False

    def say(self, piece: Piece, start: int) -> None:
        """Take the words of the recommendation, and of its answer where it stands in the same paragraph."""
        inside = _INSIDE.search(piece.text, start)
        self.said = (piece, start, inside.start() if inside else len(piece.text))
        if inside:
            self.answered, self.printed = True, piece.text[inside.end() :]

    def close(self) -> Reading | None:
        if self.said is None:
            return None
        piece, start, end = self.said
        response, text = judge_answer(self.printed), piece.text[start:end]
        return Reading([piece], text, self.number, response, self.printed, "", start, end)


def read_prose(pieces: Sequence[Piece]) -> Iterator[Reading]:
    """Yield what stands as "Recommendation 1: ..." with "Response: ..." below; nothing where no response stands."""
    found: list[_Open] = []
    for piece in pieces:
        opens, answers = _RECOMMENDS.match(piece.text), _RESPONDS.match(piece.text)
        if opens and (opens[1] or opens.end() < len(piece.text)):
            found.append(_Open(opens[1] or ""))
            if opens.end() < len(piece.text):
                found[-1].say(piece, opens.end())
        elif found and answers:
            found[-1].answered, found[-1].printed = True, piece.text[answers.end() :]
        elif found and found[-1].said is None:
            found[-1].say(piece, 0)
        elif found and found[-1].answered and not found[-1].printed:
            found[-1].printed = piece.text
    if any(one.answered for one in found):
        yield from (reading for one in found if (reading := one.close()))
