"""What trackers print as totals, checked against their own shares and against the rows that they list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from mapping.cross_checks import squeeze
from mapping.sources.answers import LONGEST_ANSWER, read_answers
from mapping.sources.contexts import word_count
from mapping.sources.grids import is_tracker_table, list_rows
from mapping.sources.passages import Document
from mapping.sources.pieces import group_tables, list_pieces
from mapping.sources.recommending import join_cells
from mapping.sources.tracker import find_recommendations

__all__ = ["find_totals"]

_TOTAL = re.compile(r"\btotal\b[^\d]{0,60}(\d[\d,]*)\b", re.IGNORECASE)
_MOST_TOKENS = 18


class _Token(NamedTuple):
    kind: str
    value: str


def find_totals(documents: Sequence[Document]) -> pd.DataFrame:
    """Find the totals that trackers print, and check them against their shares and the rows that are listed.

    Returns
    -------
    DataFrame
        One row per answer of each tracker that prints totals: ``file``, ``response``, ``count`` and ``total`` as
        printed, ``share_printed`` (per cent, as printed), ``share`` (per cent, count by total), ``check``: "agrees", or
        what does not follow from the printed numbers; ``listed`` (rows with that answer that the paper lists) and
        ``rows``, in words whether these are all: a paper may print a year's totals and list a part of them.
    """
    rows: list[dict[str, Any]] = []
    for document in documents:
        rows += _check_totals(document)
    columns = ["file", "response", "count", "total", "share_printed", "share", "check", "listed", "rows"]
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
        own = int(listed.get(response, 0))
        rows.append(
            {
                "file": document.name, "response": response, "count": count, "total": total, "share_printed": printed,
                "share": share, "check": "; ".join(faults) or "agrees", "listed": own, "rows": _say_listed(own, count),
            }
        )  # fmt: skip
    return rows


def _say_listed(listed: int, count: int) -> str:
    if listed == count:
        return "all listed"
    return f"{listed} of these {count} listed here" if listed < count else f"{listed} listed, more than these {count}"


def _list_lines(document: Document) -> Iterator[str]:
    """Yield the lines before and beside the table: paragraphs as they stand, rows of other tables joined."""
    for run in group_tables(list_pieces(document)):
        if run[0].table and not is_tracker_table(run):
            for row in list_rows(run):
                yield " ".join(text for _, text in join_cells(row))
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
            for length in range(min(LONGEST_ANSWER, len(words) - at), 0, -1):
                answer = read_answers().get(squeeze(" ".join(words[at : at + length])), "")
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
