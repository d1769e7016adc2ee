"""Trackers of scrutiny recommendations: what was recommended, what was answered, and what had to be left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from mapping.schema import RECOMMENDATIONS
from mapping.sources.answers import NOT_GIVEN, is_unread, judge_answer
from mapping.sources.contexts import word_count
from mapping.sources.grids import list_rows
from mapping.sources.headers import Row, cell_words
from mapping.sources.passages import Document
from mapping.sources.pieces import Piece, group_tables, list_pieces
from mapping.sources.recommending import NO_TEXT, Reading, is_aligned, join_cells, read_loose_row, read_prose, read_row
from mapping.sources.tallies import find_total, is_tally
from mapping.sources.tracker_columns import (
    CROSS,
    NO_COLUMNS,
    NUMBER,
    TICK,
    Columns,
    Heads,
    find_heads,
    is_tracker,
    name_columns,
)

__all__ = ["UNREAD", "Tracking", "find_recommendations", "read_tracker", "read_trackers"]

#: The note of an answer that a person must read.
UNREAD = "an answer is printed that was not understood: read it"
_BLANK = "no answer is printed"
_TABLE = (*(column.name for column in RECOMMENDATIONS), "file", "document_hash", "place", "start", "end")
#: Words of the longest line that names a meeting.
_LONGEST_MEETING = 16
_FEWEST_WORDS = 3
#: Rows that a note quotes, and letters of each.
_QUOTED, _QUOTED_LETTERS = 3, 50
_MEETING = re.compile(
    r"\b(?:board|committee|cabinet|panel|council|executive|scrutiny|review group|commission)\b", re.IGNORECASE
)
_NO_MEETING = re.compile(r"\btracker\b|\bmonitoring\b|^(?:that|to)\b|\.$", re.IGNORECASE)
_WORKBOOK_SIGN = "!"


class Tracking(NamedTuple):
    """What one paper tracks: its rows, the lines that may print totals (each with its table), and notes on the rest."""

    rows: list[dict[str, Any]]
    lines: list[tuple[int, str]]
    notes: list[str]


def find_recommendations(documents: Sequence[Document]) -> pd.DataFrame:
    """Find the recommendations that trackers list, with the answers given to them.

    Nothing is lost in silence: an answer beside which no recommendation is printed is a row too, with the text "(no
    recommendation printed)" and a note, so that answers are counted as the paper has them and the table can be checked.

    Parameters
    ----------
    documents : sequence of Document
        Papers with tables whose header names recommendations and what was answered, or that print each as
        "Recommendation 1: ..." with "Response: ..." below it.

    Returns
    -------
    DataFrame
        One row per recommendation, in the order of the papers: the columns of ``recommendations.csv``
        (``recommendation``, ``number``, ``text`` verbatim, ``response``: yes, in part, no or not given,
        ``response_text`` as printed, ``comment``, ``meeting``, ``board`` (empty: for a person to fill in),
        ``document``, ``page``, ``note``), then ``file``, ``document_hash``, ``place``, ``start`` and ``end``.

    Examples
    --------
    >>> from mapping.sources.passages import Passage
    >>> cells = [("Recommendation", "Agree?"), ("That the park is lit", "In Part")]
    >>> passages = [
    ...     Passage(2 * row + column, "cell", text, table=1, row=row, column=column)
    ...     for row, texts in enumerate(cells, start=1) for column, text in enumerate(texts, start=1)
    ... ]
    >>> found = find_recommendations([Document("tracker.csv", "", "csv", "ok", passages=tuple(passages))])
    >>> found[["text", "response"]].values.tolist()
    [['That the park is lit', 'in part']]
    """
    return read_trackers(documents)[0]


def read_trackers(documents: Sequence[Document]) -> tuple[pd.DataFrame, list[str]]:
    """Return what ``find_recommendations`` does, and notes on what the table leaves out of each paper.

    Examples
    --------
    >>> read_trackers([])[1]
    []
    """
    read = [(document, read_tracker(document)) for document in documents]
    table = pd.DataFrame([row for _, tracking in read for row in tracking.rows], columns=list(_TABLE))
    table["recommendation"] = [f"REC-{number:02}" for number in range(1, len(table) + 1)]
    return table, [f"{document.name}: {note}" for document, tracking in read for note in tracking.notes]


def read_tracker(document: Document) -> Tracking:
    """Read the tables of one paper, or its prose where none is a tracker."""
    reader = _Reader(document)
    pieces = list_pieces(document)
    for run in group_tables(sorted([*pieces, *_list_marks(document, pieces)], key=lambda piece: piece.passage.place)):
        if run[0].table:
            reader.read_table(run)
        else:
            reader.read_line(run[0])
    if not reader.tracking:
        for read in read_prose(pieces):
            reader.take(read, 0)
    return Tracking(reader.rows, reader.lines, reader.state_notes())


def _list_marks(document: Document, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the signs that stand alone in a cell: a tick is no part of a text, but it answers."""
    told = {(piece.passage.place, piece.column): piece for piece in pieces if piece.table}
    rows = {place: piece for (place, _), piece in told.items()}
    for passage in document.passages:
        lost = not passage.table and passage.place in rows
        cells = passage.text.split("\t") if lost else [passage.text] if passage.table else []
        first = (2 if passage.number else 1) if lost else passage.column
        for column, cell in enumerate(cells, start=first):
            sign = cell.strip()
            if (passage.place, column) not in told and (TICK.fullmatch(sign) or CROSS.fullmatch(sign)):
                own = rows[passage.place] if lost else passage
                yield Piece(passage, 0, 0, sign, "cell", table=own.table, row=own.row, column=column)


class _Reader:
    """One paper, while its trackers are read.

    ``around`` is the meeting named by the last heading or line outside tables, ``meeting`` that of the rows being read.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.tracking = False
        self.rows: list[dict[str, Any]] = []
        self.lines: list[tuple[int, str]] = []
        self.around = self.meeting = self.above = ""
        self.apart = True
        self.heads: Heads = {}
        self.columns = NO_COLUMNS
        self.left_columns: dict[str, None] = {}
        self.left_rows: list[str] = []
        self.place = 0

    def read_line(self, piece: Piece) -> None:
        """Take a line outside tables: it may name the meeting of what follows, and may print totals."""
        if piece.passage.place != self.place:
            self.lines.append((0, piece.passage.text))
        self.place = piece.passage.place
        if piece.kind in ("heading", "paragraph"):
            self.apart = True
            if _names_meeting(piece.text):
                self.around = self.meeting = piece.text

    def read_table(self, run: Sequence[Piece]) -> None:
        """Take a table: its rows under each of its headers, or under the header of the table that it continues."""
        rows, table = list_rows(run), run[0].table
        sheet = _WORKBOOK_SIGN in run[0].passage.cell
        self.tracking = self.tracking or is_tracker(rows)
        known = {} if sheet or self.apart else self.heads
        parts = _cut_at_headers(rows, known) if self.tracking else []
        if sheet:
            self.around = self.meeting = ""
            self.columns = NO_COLUMNS
        elif len(parts) > 1 and self.apart:
            self.meeting = self.around
        self.apart = False
        if not self.tracking or (sheet and len(parts) < 2):
            self.lines += [(table if sheet else 0, " ".join(text for _, text in join_cells(row))) for row in rows]
            return
        for heads, body in parts:
            self.above = ""
            if heads:
                self.heads, self.columns = heads, name_columns(heads, body)
                used = {column for row in body for column in row}
                self.left_columns |= {heads[at].own: None for at in self.columns.left if at in used}
            aligned = bool(self.columns.text) and is_aligned(body, self.columns)
            below = False
            for row in body:
                below = self._read_row(row, table, aligned, bool(heads), below)

    def _read_row(self, row: Row, table: int, aligned: bool, headed: bool, below: bool) -> bool:
        """Take a row of a tracker; return whether what follows stands below its totals."""
        cells = join_cells(row)
        line = " ".join(text for _, text in cells)
        if is_tally(line) and _counts_answers(row, self.columns, below):
            self.lines.append((table, line))
            return True
        column = cells[0][0]
        own = aligned and column == self.columns.text
        if len(cells) == 1 and _names_meeting(line) and not (own and (column > 1 or not _is_title(line))):
            self.meeting, self.above = line, ""
            return below
        read = read_row(row, self.columns) if aligned else read_loose_row(row, self.columns)
        if read and not headed and not read.response and (len(cells) < 2 or word_count(read.text) <= _FEWEST_WORDS):
            read = None
        if read and len(cells) == 1 and column == 1 and word_count(read.text) <= _FEWEST_WORDS:
            read = read._replace(note="alone in its row: perhaps a heading of those below")
        if read:
            self.take(read, table)
        elif not all(NUMBER.fullmatch(text) for _, text in cells) and (headed or len(cells) > 1):
            self.left_rows.append(line)
        return below

    def take(self, read: Reading, table: int) -> None:
        """Take one recommendation; a meeting that is printed once for several rows is that of the rows below it too."""
        notes = [read.note]
        if self.columns.meetings and not read.meeting and self.above:
            notes.append("meeting: that of the row above")
        self.above = read.meeting or self.above
        if not read.response:
            notes.append(UNREAD if is_unread(NOT_GIVEN, read.response_text) else _BLANK)
        note = "; ".join(filter(None, notes))
        self.rows.append(_make_row(self.document, read, self.above or self.meeting, note) | {"table": table})

    def state_notes(self) -> list[str]:
        """State what the table of recommendations leaves out of this paper; of one that has none, nothing."""
        notes = []
        if self.rows and self.left_columns:
            notes.append(f"columns that are not in the table: {', '.join(self.left_columns)}.")
        if self.rows and self.left_rows:
            told = ", ".join(f"'{text[:_QUOTED_LETTERS]}'" for text in self.left_rows[:_QUOTED])
            more = f" and {len(self.left_rows) - _QUOTED} more" if len(self.left_rows) > _QUOTED else ""
            notes.append(
                f"{_count(self.left_rows, 'row')} without a recommendation or an answer left out: {told}{more}."
            )
        without = [row for row in self.rows if row["text"] == NO_TEXT]
        if without:
            notes.append(
                f"{_count(without, 'answer')} printed without a recommendation; the table says '{NO_TEXT}' there."
            )
        return notes


def _count(rows: Sequence[object], word: str) -> str:
    return f"1 {word}" if len(rows) == 1 else f"{len(rows)} {word}s"


def _names_meeting(words: str) -> bool:
    return (
        word_count(words) <= _LONGEST_MEETING
        and _MEETING.search(words) is not None
        and not _NO_MEETING.search(words)
        and find_total(words) is None
    )


def _is_title(words: str) -> bool:
    """Say whether words alone where recommendations stand are a title: they hold a date, or begin with capitals."""
    return re.search(r"\d", words) is not None or all(word[0].isupper() for word in re.findall(r"\w{4,}", words))


def _cut_at_headers(rows: Sequence[Row], known: Heads) -> list[tuple[Heads, list[Row]]]:
    """Return the rows of a table under each header in it; first those above any, which go with what is known."""
    parts: list[tuple[Heads, list[Row]]] = [({}, [])]
    at = 0
    while at < len(rows):
        depth, heads = find_heads(rows, at, parts[-1][0] or known)
        if depth:
            parts.append((heads, []))
        else:
            parts[-1][1].append(rows[at])
        at += depth or 1
    return parts


def _counts_answers(row: Row, columns: Columns, below: bool) -> bool:
    """Say whether a row that holds answers and numbers alone counts them, rather than being a number and its answer."""
    answered = columns.answer in row and judge_answer(cell_words(row[columns.answer])) != ""
    counted = columns.text in row and NUMBER.fullmatch(cell_words(row[columns.text])) is not None
    return below or counted or not answered


def _make_row(document: Document, read: Reading, meeting: str, note: str) -> dict[str, Any]:
    first, last = read.pieces[0], read.pieces[-1]
    page = first.passage.page
    return {
        "recommendation": "", "number": read.number, "text": read.text, "response": read.response or NOT_GIVEN,
        "response_text": read.response_text, "comment": read.comment, "meeting": meeting, "board": "",
        "document": document.title or document.name, "page": "" if page is None else str(page), "note": note,
        "file": document.name, "document_hash": document.sha256, "place": first.passage.place,
        "start": first.passage.start + first.start + read.start,
        "end": last.passage.start + (last.end if read.end is None else last.start + read.end),
    }  # fmt: skip
