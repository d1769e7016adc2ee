"""Trackers of scrutiny recommendations: what was recommended, what was answered, and what the paper totals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from mapping.schema import RECOMMENDATIONS
from mapping.sources.answers import NOT_GIVEN
from mapping.sources.contexts import word_count
from mapping.sources.grids import is_tracker_table, list_rows
from mapping.sources.passages import Document
from mapping.sources.pieces import group_tables, list_pieces
from mapping.sources.recommending import NO_COLUMNS, Reading, join_cells, name_columns, read_prose, read_row

__all__ = [
    "find_recommendations",
]

_TABLE = (*(column.name for column in RECOMMENDATIONS), "file", "document_hash", "place", "start", "end")
#: Words of the longest line that names a meeting.
_LONGEST_MEETING = 16
_LONGEST_MARK = 2
_MEETING = re.compile(
    r"\b(?:board|committee|cabinet|panel|council|executive|scrutiny|review group|commission)\b", re.IGNORECASE
)
_TOTAL = re.compile(r"\btotal\b[^\d]{0,60}(\d[\d,]*)\b", re.IGNORECASE)


def find_recommendations(documents: Sequence[Document]) -> pd.DataFrame:
    """Find the recommendations that trackers list, with the answers given to them.

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
    rows = [row for document in documents for row in _read_tracker(document)]
    table = pd.DataFrame(rows, columns=list(_TABLE))
    table["recommendation"] = [f"REC-{number:02}" for number in range(1, len(table) + 1)]
    return table


def _read_tracker(document: Document) -> Iterator[dict[str, Any]]:
    pieces = list_pieces(document)
    meeting, tracking = "", False
    # A tick alone is no piece of text, but it answers.
    ticks: dict[tuple[int, int], dict[int, str]] = {}
    for passage in document.passages:
        if passage.table and len(passage.text) <= _LONGEST_MARK:
            ticks.setdefault((passage.table, passage.row), {})[passage.column] = passage.text
    for run in group_tables(pieces):
        if not run[0].table:
            for piece in run:
                if piece.kind in ("heading", "paragraph") and word_count(piece.text) <= _LONGEST_MEETING:
                    meeting = piece.text if _MEETING.search(piece.text) and not _TOTAL.search(piece.text) else meeting
            continue
        columns = NO_COLUMNS
        tracking = tracking or is_tracker_table(run)
        for row in list_rows(run):
            if is_tracker_table([piece for cell in row.values() for piece in cell]):
                columns = name_columns(row, list_rows(run))
                continue
            cells = join_cells(row)
            if len(cells) == 1 and _MEETING.search(cells[0][1]) and word_count(cells[0][1]) <= _LONGEST_MEETING:
                meeting = cells[0][1]
            elif tracking:
                first = next(iter(row.values()))[0]
                read = read_row(row, columns, ticks.get((first.table, first.row)))
                if read:
                    yield _make_row(document, read, meeting)
    if not tracking:
        yield from (_make_row(document, read, "") for read in read_prose(pieces))


def _make_row(document: Document, read: Reading, meeting: str) -> dict[str, Any]:
    first, last = read.pieces[0], read.pieces[-1]
    page = first.passage.page
    return {
        "recommendation": "", "number": read.number, "text": read.text, "response": read.response or NOT_GIVEN,
        "response_text": read.response_text, "comment": read.comment, "meeting": meeting, "board": "",
        "document": document.title or document.name, "page": "" if page is None else str(page),
        "note": "" if read.response else "no answer could be read",
        "file": document.name, "document_hash": document.sha256, "place": first.passage.place,
        "start": first.passage.start + first.start + read.start,
        "end": last.passage.start + (last.end if read.end is None else last.start + read.end),
    }  # fmt: skip
