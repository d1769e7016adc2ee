"""What trackers print as totals, checked against their own shares and against the rows that they list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from mapping.sources.passages import Document
from mapping.sources.tallies import Tally, Token, cut_blocks, cut_tokens
from mapping.sources.tracker import read_tracker

__all__ = ["find_totals"]

_MOST_TOKENS = 18
_ALL = "all"
_Group = tuple[str, int, float | None]


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
    tracking = read_tracker(document)
    blocks = list(cut_blocks(tracking.lines)) if tracking.rows else []
    return [row for block in blocks for row in _check_block(document, block, tracking.rows)]


def _check_block(document: Document, block: Tally, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Check totals against what the table lists below which they stand, where it has as many, else the whole paper."""
    groups = _read_totals(block.lines, block.total)
    if not groups and not (block.total and block.of_recommendations):
        return []
    total = block.total or sum(count for _, count, _ in groups)
    summed = sum(count for _, count, _ in groups)
    whole = Counter(row["response"] for row in listed)
    own = Counter(row["response"] for row in listed if row["table"] == block.table)
    if block.table and (
        all(own[response] == count for response, count, _ in groups) if groups else own.total() == total
    ):
        whole = own
    rows = []
    for response, count, printed in groups or [(_ALL, total, None)]:
        share = 100 * count / total if total else 0.0
        faults = ["its counts by answer could not be told apart"] if not groups and block.lines else []
        if groups and summed != total:
            faults.append(f"the counts make {summed}, the paper says {total}")
        if printed is not None and abs(share - printed) > 0.5:
            near = "rounded another way" if abs(share - printed) < 1 else "does not follow from the counts"
            faults.append(f"{count} of {total} is {share:.1f} per cent, printed as {printed:g}: {near}")
        here = whole.total() if response == _ALL else whole[response]
        rows.append(
            {
                "file": document.name, "response": response, "count": count, "total": total, "share_printed": printed,
                "share": share, "check": "; ".join(faults) or "agrees", "listed": here,
                "rows": _say_listed(here, count),
            }
        )  # fmt: skip
    return rows


def _say_listed(listed: int, count: int) -> str:
    if listed == count:
        return "all listed"
    return f"{listed} of these {count} listed here" if listed < count else f"{listed} listed, more than these {count}"


def _read_totals(lines: list[str], total: int) -> list[_Group]:
    """Return answer, count and share of each, whatever the order in which a line has them."""
    tokens = [token for line in lines for token in cut_tokens(line)]
    if not tokens or len(tokens) > _MOST_TOKENS:
        return []
    best: tuple[float, list[_Group]] | None = None
    for groups in _partition(tokens):
        summed = sum(count for _, count, _ in groups)
        of = total or summed or 1
        error = sum(abs(100 * count / of - share) for _, count, share in groups if share is not None)
        error += 1000 * (total > 0 and summed != total)
        if best is None or error < best[0]:
            best = (error, groups)
    return _join_groups(best[1]) if best else []


def _join_groups(groups: list[_Group]) -> list[_Group]:
    """Join the counts of wordings that mean the same answer: "Noted 10, deferred 1"."""
    joined: dict[str, _Group] = {}
    for answer, count, share in groups:
        _, before, shared = joined.get(answer, (answer, 0, None))
        joined[answer] = (answer, before + count, share if shared is None else shared + (share or 0.0))
    return list(joined.values())


def _partition(tokens: list[Token]) -> Iterator[list[_Group]]:
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
