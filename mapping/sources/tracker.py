"""Trackers of scrutiny recommendations: what was recommended, what was answered, and what the paper totals."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from mapping.errors import DataError
from mapping.files import find_data
from mapping.framework import Framework
from mapping.partnership import squeeze
from mapping.schema import RECOMMENDATIONS, RESPONSES
from mapping.scoring import tag_texts
from mapping.sources.contexts import word_count
from mapping.sources.grids import Row, is_tracker_table, list_rows
from mapping.sources.passages import Document
from mapping.sources.pieces import group_tables, list_pieces
from mapping.tables import each_row, read_table

__all__ = [
    "NO_THEME",
    "count_responses",
    "find_recommendations",
    "find_totals",
    "read_recommendations",
    "tag_recommendations",
]

#: The answers, in the order of every table.
ANSWERS = ("yes", "in part", "no", "not given")
#: What stands for recommendations that no theme caught.
NO_THEME = "no theme"
_TABLE = (*(column.name for column in RECOMMENDATIONS), "file", "document_hash", "place", "start", "end")
_LONGEST_ANSWER = 5
_MEETING = re.compile(
    r"\b(?:board|committee|cabinet|panel|council|executive|scrutiny|review group|commission)\b", re.IGNORECASE
)
_TOTAL = re.compile(r"\btotal\b[^\d]{0,60}(\d[\d,]*)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*[a-z]?|[a-z]|[ivx]{1,4})[.)]?|[_\W]+")
_MOST_TOKENS = 18


@functools.cache
def _read_answers() -> dict[str, str]:
    """Read how papers print answers (``data/english/responses.csv``)."""
    table, _ = read_table(find_data() / "english" / "responses.csv", RESPONSES, "words")
    return {squeeze(row.words): row.response for row in each_row(table)}


def _judge_answer(text: str) -> str:
    """Return what a cell answers; empty if it is no answer."""
    return _read_answers().get(squeeze(text), "") if word_count(text) <= _LONGEST_ANSWER else ""


def find_recommendations(documents: Sequence[Document]) -> pd.DataFrame:
    """Find the recommendations that trackers list, with the answers given to them.

    Parameters
    ----------
    documents : sequence of Document
        Papers with tables whose header names recommendations and whether they were agreed.

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
    meeting, tracking = "", False
    for run in group_tables(list_pieces(document)):
        if not run[0].table:
            for piece in run:
                if piece.kind in ("heading", "paragraph") and word_count(piece.text) <= 16:
                    meeting = piece.text if _MEETING.search(piece.text) and not _TOTAL.search(piece.text) else meeting
            continue
        rows = list_rows(run)
        begins = is_tracker_table(run)
        tracking = tracking or begins
        for row in rows:
            cells = _join_cells(row)
            if len(cells) == 1 and _MEETING.search(cells[0][1]) and word_count(cells[0][1]) <= 16:
                meeting = cells[0][1]
            elif tracking and not is_tracker_table([piece for cell in row.values() for piece in cell]):
                read = _read_row(document, cells, row, meeting)
                if read:
                    yield read


def _join_cells(row: Row) -> list[tuple[int, str]]:
    return [(column, " ".join(piece.text for piece in cell)) for column, cell in row.items()]


def _read_row(document: Document, cells: list[tuple[int, str]], row: Row, meeting: str) -> dict[str, Any] | None:
    """Read one row by what its cells hold, since columns of lost tables do not line up with their header."""
    answers = [at for at, (_, text) in enumerate(cells) if _judge_answer(text)]
    # "Yes" stands after the recommendation; a lone "no." before it would be its number.
    answer = next((at for at in answers if any(word_count(text) > 3 for _, text in cells[:at])), None)
    before = cells[:answer] if answer is not None else cells
    long = [at for at, (_, text) in enumerate(before) if word_count(text) > 3]
    if not long or (answer is None and len(cells) < 2):
        return None
    said = max(long, key=lambda at: word_count(before[at][1])) if answer is not None else long[0]
    column, text = before[said]
    pieces = row[column]
    passage = pieces[0].passage
    number = passage.number or pieces[0].number or _find_number(before[:said])
    after = cells[answer + 1 :] if answer is not None else cells[said + 1 :]
    start, end = passage.start + pieces[0].start, pieces[-1].passage.start + pieces[-1].end
    return {
        "recommendation": "", "number": number, "text": text,
        "response": _judge_answer(cells[answer][1]) if answer is not None else "not given",
        "response_text": cells[answer][1] if answer is not None else "",
        "comment": " ".join(comment for _, comment in after), "meeting": meeting, "board": "",
        "document": document.title or document.name, "page": "" if passage.page is None else str(passage.page),
        "note": "" if answer is not None else "no answer could be read",
        "file": document.name, "document_hash": document.sha256, "place": passage.place, "start": start, "end": end,
    }  # fmt: skip


def _find_number(cells: list[tuple[int, str]]) -> str:
    """Return the number printed before a recommendation: the last cell before it that is one."""
    numbers = [text for _, text in cells if _NUMBER.fullmatch(text) and re.search(r"\w", text.replace("_", ""))]
    return numbers[-1].strip() if numbers else ""


# --- totals -------------------------------------------------------------------------------------------------


class _Token(NamedTuple):
    kind: str
    value: str


def find_totals(documents: Sequence[Document]) -> pd.DataFrame:
    """Find the totals that trackers print, and check them against their shares and the rows that are listed.

    Returns
    -------
    DataFrame
        One row per answer of each tracker that prints totals: ``file``, ``response``, ``count`` and ``total`` as
        printed, ``share_printed`` (per cent, as printed), ``share`` (per cent, count by total), ``listed`` (rows of
        the table with that answer), ``check``: "agrees", or what does not.
    """
    rows: list[dict[str, Any]] = []
    for document in documents:
        rows += _check_totals(document)
    columns = ["file", "response", "count", "total", "share_printed", "share", "listed", "check"]
    return pd.DataFrame(rows, columns=columns)


def _check_totals(document: Document) -> list[dict[str, Any]]:
    lines = list(_list_lines(document))
    total = next((int(match[1].replace(",", "")) for line in lines if (match := _TOTAL.search(line))), 0)
    groups = _read_totals(lines, total)
    if not groups:
        return []
    listed = find_recommendations([document])["response"].value_counts()
    total = total or sum(count for _, count, _ in groups)
    summed = sum(count for _, count, _ in groups)
    rows = []
    for response, count, printed in groups:
        share = 100 * count / total if total else 0.0
        faults = [] if summed == total else [f"the counts make {summed}, the paper says {total}"]
        if printed is not None and abs(share - printed) > 0.5:
            near = "rounded another way" if abs(share - printed) < 1 else "does not follow from the counts"
            faults.append(f"{count} of {total} is {share:.1f} per cent, printed as {printed:g}: {near}")
        rows.append(
            {
                "file": document.name, "response": response, "count": count, "total": total, "share_printed": printed,
                "share": share, "listed": int(listed.get(response, 0)), "check": "; ".join(faults) or "agrees",
            }
        )  # fmt: skip
    return rows


def _list_lines(document: Document) -> Iterator[str]:
    """Yield the lines before and beside the table: paragraphs as they stand, rows of other tables joined."""
    for run in group_tables(list_pieces(document)):
        if run[0].table and not is_tracker_table(run):
            for row in list_rows(run):
                yield " ".join(text for _, text in _join_cells(row))
        elif not run[0].table:
            yield from (piece.passage.text for piece in run)


def _read_totals(lines: list[str], total: int) -> list[tuple[str, int, float | None]]:
    """Return answer, count and share of each, whatever the order in which a line has them."""
    tokens: list[_Token] = []
    for line in lines:
        own = list(_cut_tokens(line))
        kinds = {token.kind for token in own}
        if "answer" in kinds and "count" in kinds and word_count(line) <= 3 * len(own) + 3:
            tokens += own
    if not tokens or len(tokens) > _MOST_TOKENS:
        return []
    best: tuple[float, list[tuple[str, int, float | None]]] | None = None
    for groups in _partition(tokens):
        summed = sum(count for _, count, _ in groups)
        of = total or summed or 1
        error = sum(abs(100 * count / of - share) for _, count, share in groups if share is not None)
        error += 1000 * (total > 0 and summed != total)
        if best is None or error < best[0]:
            best = (error, groups)
    return best[1] if best else []


def _cut_tokens(line: str) -> Iterator[_Token]:
    """Yield answers, counts and shares of a line in their order; the longest wording of an answer wins."""
    words = re.findall(r"\d[\d,.]*\s?%|\d[\d,]*|[^\W\d_]+", line)
    at = 0
    while at < len(words):
        word = words[at]
        if word.endswith("%"):
            yield _Token("share", word.rstrip("% "))
        elif word[0].isdigit():
            yield _Token("count", word.replace(",", ""))
        else:
            for length in range(min(_LONGEST_ANSWER, len(words) - at), 0, -1):
                answer = _read_answers().get(squeeze(" ".join(words[at : at + length])), "")
                if answer and len("".join(words[at : at + length])) > 1:
                    yield _Token("answer", answer)
                    at += length - 1
                    break
        at += 1


def _partition(tokens: list[_Token]) -> Iterator[list[tuple[str, int, float | None]]]:
    """Yield every way to cut tokens into runs that hold one answer, one count and at most one share each."""
    if not tokens:
        yield []
        return
    for size in (2, 3):
        kinds = sorted(token.kind for token in tokens[:size])
        if kinds in (["answer", "count"], ["answer", "count", "share"]) and len(tokens) >= size:
            held = {token.kind: token.value for token in tokens[:size]}
            share = float(held["share"]) if "share" in held else None
            for rest in _partition(tokens[size:]):
                yield [(held["answer"], int(held["count"]), share), *rest]


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
