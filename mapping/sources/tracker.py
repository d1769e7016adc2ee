"""Trackers of scrutiny recommendations: what was recommended, what was answered, and what the paper totals."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.errors import DataError
from mapping.framework import Framework
from mapping.schema import RECOMMENDATIONS
from mapping.scoring import tag_texts
from mapping.sources.answers import ANSWERS, NOT_GIVEN
from mapping.sources.contexts import word_count
from mapping.sources.grids import is_tracker_table, list_rows
from mapping.sources.passages import Document
from mapping.sources.pieces import group_tables, list_pieces
from mapping.sources.recommending import NO_COLUMNS, Reading, join_cells, name_columns, read_prose, read_row
from mapping.tables import read_table

__all__ = [
    "NO_THEME",
    "count_responses",
    "find_recommendations",
    "read_recommendations",
    "tag_recommendations",
]

#: What stands for recommendations that no theme caught.
NO_THEME = "no theme"
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


# --- themes -------------------------------------------------------------------------------------------------


def tag_recommendations(recommendations: pd.DataFrame, framework: Framework | str = "closing-the-gap") -> pd.DataFrame:
    """Tag recommendations against a framework; what the machine suggests, for a person to confirm.

    Returns
    -------
    DataFrame
        The same rows with ``themes``, a list of the codes of the themes suggested for its text, perhaps none.

    Examples
    --------
    >>> table = pd.DataFrame({"text": ["That tenants are involved in decisions", "That the road is resurfaced"]})
    >>> list(tag_recommendations(table)["themes"])
    [['voice'], []]
    """
    if recommendations.empty:
        return recommendations.assign(themes=pd.Series(dtype="object"))
    tags = tag_texts(list(recommendations["text"]), framework)
    tagged = tags[tags["tagged"]]
    own: dict[int, list[str]] = {}
    for text, theme in zip(tagged["text"], tagged["theme"], strict=True):
        own.setdefault(int(text), []).append(str(theme))
    themes = [own.get(at, []) for at in range(len(recommendations))]
    return recommendations.assign(themes=pd.Series(themes, index=recommendations.index, dtype="object"))


def count_responses(recommendations: pd.DataFrame) -> pd.DataFrame:
    """Count recommendations by theme and answer; one with two themes counts in both, and once in the last row.

    Parameters
    ----------
    recommendations : DataFrame
        As ``tag_recommendations`` returns it.

    Returns
    -------
    DataFrame
        One row per theme that has any, then "no theme", then "all": ``theme``, one column per answer (yes, in part,
        no, not given), ``recommendations`` their sum.
    """
    themes = sorted(set(itertools.chain.from_iterable(recommendations["themes"])))
    groups = [(theme, [theme in own for own in recommendations["themes"]]) for theme in themes]
    groups += [(NO_THEME, [not own for own in recommendations["themes"]]), ("all", [True] * len(recommendations))]
    rows = []
    for theme, mask in groups:
        responses = recommendations.loc[mask, "response"]
        counts = {answer: int((responses == answer).sum()) for answer in ANSWERS}
        rows.append({"theme": theme, **counts, "recommendations": len(responses)})
    return pd.DataFrame(rows, columns=["theme", *ANSWERS, "recommendations"])


def read_recommendations(folder: str | Path) -> pd.DataFrame:
    """Read a city's ``recommendations.csv``, which it need not have: an empty table is returned then.

    Returns
    -------
    DataFrame
        One row per recommendation; columns as ``find_recommendations`` says, without the last five.

    Raises
    ------
    DataError
    """
    path = Path(folder) / "recommendations.csv" if Path(folder).is_dir() else Path(folder)
    if not path.exists() and Path(folder).is_dir():
        return pd.DataFrame(columns=[*(column.name for column in RECOMMENDATIONS), "line"])
    table, problems = read_table(path, RECOMMENDATIONS, "recommendation")
    wrong = [problem for problem in problems if "not used" not in problem.message and "control" not in problem.message]
    if wrong:
        raise DataError(wrong)
    return table
