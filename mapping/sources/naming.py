"""The boards that papers name, with their strategies: what boards.csv and strategies.csv can be begun from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from mapping.sources.boards import BoardNames, Section, is_name_of_plan
from mapping.sources.passages import Document, Passage
from mapping.sources.pieces import Piece, clean_text, list_pieces

__all__ = ["NO_CODE", "list_boards", "make_code", "split_plans"]

#: Begins the ids of rows whose board is unknown.
NO_CODE = "UNKNOWN"
_SMALL = frozenset("and of for the in on to a".split())

_DOCUMENT_WORD = r"(?:Strategy|Plan|Programme|Framework|Policy|Charter)"
_BETWEEN_PLANS = re.compile(r"\s+and\s+|\s*[:;,&/]\s*|\s+\+\s+")


def split_plans(text: str) -> list[str]:
    """Return the strategies named in a text: two where "and" or a colon stands between two names of documents.

    Examples
    --------
    >>> split_plans("Derby Culture Strategy and Derby Leisure Strategy")
    ['Derby Culture Strategy', 'Derby Leisure Strategy']
    >>> split_plans("The Four Pillars: Derby's Economic Growth Strategy")
    ["The Four Pillars: Derby's Economic Growth Strategy"]
    """
    plans, start = [], 0
    for between in _BETWEEN_PLANS.finditer(text):
        if is_name_of_plan(text[start : between.start()]) and _holds_plan(text[between.end() :]):
            plans.append(text[start : between.start()].strip())
            start = between.end()
    rest = text[start:].strip(" .;,:")
    return [*plans, rest] if rest else plans


def _holds_plan(text: str) -> bool:
    return re.search(rf"\b{_DOCUMENT_WORD}\b", text) is not None


def make_code(name: str, taken: Collection[str]) -> str:
    """Return a code for a board or a strategy: its name if it is one already, else its initials, numbered if taken.

    Examples
    --------
    >>> make_code("Health and Wellbeing Board", ()), make_code("Health and Work Board", {"HWB"})
    ('HWB', 'HWB2')
    """
    if re.fullmatch(r"[A-Z]{2,5}", name):
        return name
    words = [word for word in re.findall(r"[A-Za-z]+", name) if word.casefold() not in _SMALL]
    stem = "".join(word[0] for word in words)[:5].upper() or "BOARD"
    code, count = stem, 1
    while code in taken:
        count += 1
        code = f"{stem}{count}"
    return code


def list_boards(document: Document, names: BoardNames, sections: Sequence[Section]) -> list[dict[str, Any]]:
    """Return one row per board that an item, a cell or a heading names, with each strategy named beside it."""
    rows = list(_list_sections(document, sections))
    pieces = [piece for piece in list_pieces(document) if piece.kind in ("item", "cell", "paragraph")]
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        named = names.find(piece.text)
        if not named or named[0].start > 4 or len({one.board for one in named}) > 1:
            continue
        rest = piece.text[named[0].end :].strip(" :–-()*.,")
        alone = not rest
        if alone and at < len(pieces) and _is_beside(piece, pieces[at]) and is_name_of_plan(pieces[at].text):
            rest, at = pieces[at].text, at + 1
        if rest and not (is_name_of_plan(rest) or all(is_name_of_plan(plan) for plan in split_plans(rest))):
            continue
        if not rest and piece.kind == "paragraph":
            continue
        rule = "table cell" if piece.table else "list"
        for plan in split_plans(rest) or [""]:
            rows.append(_row(document, named[0].board, named[0].written, plan, rule, piece.passage))
    return _once(rows)


def _is_beside(piece: Piece, other: Piece) -> bool:
    return piece.table > 0 and piece.table == other.table and piece.row == other.row


def _list_sections(document: Document, sections: Sequence[Section]) -> Iterator[dict[str, Any]]:
    passages = {passage.place: passage for passage in document.passages}
    for section in sections:
        if section.board:
            name = section.heading if section.basis != "heading missing" else ""
            yield _row(document, section.board, clean_text(name), "", section.basis, passages[section.place])


def _row(document: Document, board: str, name: str, strategy: str, rule: str, passage: Passage) -> dict[str, Any]:
    return {
        "board": board, "board_name": name, "strategy": strategy, "rule": rule, "file": document.name,
        "document_hash": document.sha256, "place": passage.place,
        "page": "" if passage.page is None else str(passage.page),
    }  # fmt: skip


def _once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep one row per board and strategy; each section without a heading stands for itself."""
    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        apart = row["place"] if row["rule"] == "heading missing" else 0
        kept.setdefault((row["board"], row["strategy"], apart), row)
    named = {row["board"] for row in kept.values() if row["strategy"]}
    return [row for row in kept.values() if row["strategy"] or row["board"] not in named]
