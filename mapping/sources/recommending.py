"""One recommendation and its answer: in a row of a table, by its columns or by what its cells hold, or in prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mapping.sources.answers import judge_answer
from mapping.sources.contexts import word_count
from mapping.sources.grids import Row
from mapping.sources.pieces import Piece

__all__ = ["NO_COLUMNS", "Columns", "Reading", "join_cells", "name_columns", "read_prose", "read_row"]

#: A recommendation has more words than this; what has fewer is a number, a name or an answer.
_FEWEST_WORDS = 3
_NUMBER = re.compile(r"\(?(?:[A-Z]{1,4}[-. ]?)?(?:\d{1,3}(?:\.\d{1,3})*[a-z]?|[a-z]|[ivx]{1,4})[.)]?|[_\W]+")
_SAYS = re.compile(r"\brecommendations?\b|\bproposals?\b", re.IGNORECASE)
_ANSWERS = re.compile(
    r"\b(?:respon[sd]\w*|decision|agree[ds]?|accept\w*|approved|status|outcome|position|y/n|yes/no)\b", re.IGNORECASE
)
_MARK = re.compile(r"[xX\u00d7\u2713\u2714\u2611\u2612\u2705\u221a\u25cf\u2022]\ufe0f?|yes|y", re.IGNORECASE)
_TICK = re.compile(r"[\u2713\u2714\u2611\u2705\u221a]\ufe0f?")
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


class Columns(NamedTuple):
    """Which columns of a table hold what; 0 where none does. ``ticks``: answers that have columns of their own."""

    number: int = 0
    text: int = 0
    answer: int = 0
    ticks: tuple[tuple[int, str], ...] = ()


NO_COLUMNS = Columns()


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


def join_cells(row: Row) -> list[tuple[int, str]]:
    """Return the columns of a row with the words of each cell."""
    return [(column, _words(cell)) for column, cell in row.items()]


def _words(cell: Sequence[Piece]) -> str:
    return " ".join(piece.text for piece in cell)


# --- tables -------------------------------------------------------------------------------------------------


def name_columns(header: Row, rows: Sequence[Row]) -> Columns:
    """Return what the columns under a header hold; of several that may hold answers, the one with most of them."""
    heads = dict(join_cells(header))
    text = next((column for column, head in heads.items() if _SAYS.search(head)), 0)
    ticks = tuple((column, judge_answer(head)) for column, head in heads.items()
                  if judge_answer(head) and "?" not in head and column != text)  # fmt: skip
    ticks = ticks if len({answer for _, answer in ticks}) > 1 else ()
    ours = [column for column, head in heads.items() if column > text and _ANSWERS.search(head)]
    held = {column: sum(bool(judge_answer(_words(row.get(column, ())))) for row in rows) for column in ours}
    answer = max(ours, key=lambda column: (held[column], -column), default=0)
    number = max((column for column, head in heads.items() if column < text and word_count(head) <= 2), default=0)
    return Columns(number, text, 0 if ticks else answer, ticks)


def read_row(row: Row, columns: Columns, marks: dict[int, str] | None = None) -> Reading | None:
    """Read one row: by the header of its table where its cells fit it, else by what they hold.

    Columns of tables that were lost on the way into a file do not line up with their header. ``marks``: the cells
    that hold a sign alone, such as a tick, by their column.
    """
    told = _read_columns(row, columns, marks or {}) if columns.text in row else None
    if told and told.response:
        return told
    held = _read_cells(row)
    return held if held and (held.response or not told) else told


def _read_columns(row: Row, columns: Columns, marks: dict[int, str]) -> Reading | None:
    cells = marks | dict(join_cells(row))
    text = cells[columns.text]
    if word_count(text) <= _FEWEST_WORDS:
        return None
    pieces = row[columns.text]
    before = [(column, said) for column, said in cells.items() if column < columns.text]
    number = pieces[0].passage.number or pieces[0].number or _find_number(before, columns.number)
    ticked = [(column, answer) for column, answer in columns.ticks if _MARK.fullmatch(cells.get(column, ""))]
    if columns.ticks:
        used, response = ticked[0] if len(ticked) == 1 else (0, "")
        printed = cells.get(used, "")
    else:
        used, printed = columns.answer, cells.get(columns.answer, "")
        response = "yes" if _TICK.fullmatch(printed) else judge_answer(printed)
    marked = {column for column, _ in columns.ticks}
    after = [said for column, said in cells.items() if column > columns.text and column not in {used, *marked}]
    return Reading(pieces, text, number, response, printed, " ".join(after))


def _read_cells(row: Row) -> Reading | None:
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


def _find_number(cells: list[tuple[int, str]], column: int = 0) -> str:
    """Return the number printed before a recommendation: in its column, or the last cell before it that is one."""
    numbers = [
        text for at, text in cells
        if (not column or at == column) and _NUMBER.fullmatch(text) and re.search(r"\w", text.replace("_", ""))
    ]  # fmt: skip
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
