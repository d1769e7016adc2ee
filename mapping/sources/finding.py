"""Draft priorities found in documents, each with the rule that found it, and every passage accounted for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.errors import MappingError, UnknownNameError
from mapping.partnership import Partnership
from mapping.schema import PRIORITIES
from mapping.sources.boards import UNKNOWN, BoardNames
from mapping.sources.candidates import Candidate, Found
from mapping.sources.naming import NO_CODE, list_boards, make_code
from mapping.sources.owners import STARTING_PLACE, Owner, Owners, find_place, judge_authority
from mapping.sources.passages import Document
from mapping.sources.receipt import RECEIPT, Taken, account_for, name_beside, write_once
from mapping.sources.repeats import find_renderings, is_repeat, key_of
from mapping.sources.rules import apply_rules
from mapping.tables import each_row

__all__ = ["DRAFT", "Extraction", "extract", "find_priorities", "write_draft"]

#: The columns of a draft: those of ``priorities.csv``, and where each row comes from.
DRAFT = (
    *(column.name for column in PRIORITIES), "board", "board_from", "rule", "sure", "number", "file", "document_hash",
    "place", "start", "end", "headings",
)  # fmt: skip


_LONGEST_TITLE = 160


@dataclass(frozen=True)
class Extraction:
    """What a reading of documents gave.

    Attributes
    ----------
    priorities : DataFrame
        One row per draft priority; columns as ``find_priorities`` says.
    receipt : DataFrame
        One row per passage of every document: taken or left, and why.
    boards : DataFrame
        One row per board named with its strategies, and per section of a board.
    notes : tuple of str
        What a reader must know: papers refused or left out, renderings of one paper, headings missing.
    """

    priorities: pd.DataFrame
    receipt: pd.DataFrame
    boards: pd.DataFrame
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        taken = int((self.receipt["outcome"] == "taken").sum())
        passages = int((self.receipt["place"] > 0).sum())
        return (
            f"<Extraction: {len(self.priorities)} draft priorities; {taken} of {passages} passages taken, "
            f"{passages - taken} left with a reason>"
        )


@dataclass
class _Row:
    """A draft priority on its way."""

    document: Document
    candidate: Candidate
    owner: Owner
    id: str = ""
    same: _Row | None = None
    like: _Row | None = None


def find_priorities(
    documents: Sequence[Document],
    *,
    partnership: Partnership | None = None,
    board: str = "",
    strategy: str = "",
    activity: bool = False,
) -> pd.DataFrame:
    """Find the priorities that documents state: a draft for a person to check.

    Parameters
    ----------
    documents : sequence of Document
        As ``read_document`` returns them.
    partnership : Partnership, optional
        Whose boards and strategies to know by name; without one, boards are named as the papers write them.
    board, strategy : str
        Whose the papers are and which strategy they hold, where a paper does not say otherwise.
    activity : bool
        Whether to take reported activity too (achievements, developments), at that level; it is no priority.

    Returns
    -------
    DataFrame
        One row per draft priority, in the order of the documents: the columns of ``priorities.csv``, with text
        verbatim (capitals, blanks and signs of type apart); ``board`` (code or name, or "board unknown") and
        ``board_from``, how it is known; ``rule`` that found it; ``sure`` (likely, possible); ``number`` printed before
        it; ``file``, ``document_hash`` (SHA-256), ``place`` of the passage, and ``start`` to ``end`` in the text of the
        document; ``headings`` above it, the highest first.

    See Also
    --------
    extract : The same with a receipt for every passage, boards and notes.

    Examples
    --------
    >>> from mapping.sources.passages import Passage
    >>> text = "Our two priorities are: safer streets; and warmer homes."
    >>> paper = Document("plan.txt", "", "text", "ok", passages=(Passage(1, "paragraph", text, end=len(text)),))
    >>> list(find_priorities([paper], board="SCB")["text"])
    ['safer streets', 'warmer homes']
    """
    return extract(documents, partnership=partnership, board=board, strategy=strategy, activity=activity).priorities


def extract(
    documents: Sequence[Document],
    *,
    partnership: Partnership | None = None,
    board: str = "",
    strategy: str = "",
    activity: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Extraction:
    """Find draft priorities, boards and what must be said, and account for every passage.

    Parameters
    ----------
    documents, partnership, board, strategy, activity
        As for ``find_priorities``.
    progress : callable, optional
        Called with the name of each document before it is searched.

    Returns
    -------
    Extraction

    Raises
    ------
    UnknownNameError
        For a board or strategy that the partnership's tables do not hold.
    """
    board, strategy = check_given(partnership, board, strategy)
    documents, notes = _take_once(documents)
    place = partnership.info.get("place", "") if partnership else ""
    place = find_place(documents) if place in ("", STARTING_PLACE) else place
    names = BoardNames(partnership, place)
    renderings = find_renderings(documents)
    rows: list[_Row] = []
    founds: list[Found] = []
    boards: list[dict[str, Any]] = []
    for document in documents:
        if progress is not None:
            progress(document.name)
        found = apply_rules(document, names)
        owners = Owners(document, found, names, board, strategy)
        notes += _note_document(document, found, owners, place, renderings, bool(board))
        boards += list_boards(document, names, owners.sections)
        if not activity:
            _drop_activity(found)
        foreign = judge_authority(document, place)
        if foreign[0] and not board:
            for candidate in found.candidates:
                found.why[candidate.place] = foreign[1]
            found.candidates = []
        founds.append(found)
        for candidate in found.candidates:
            if foreign[1]:  # taken all the same where the user says whose the paper is
                candidate.sure, candidate.note = "possible", _join(candidate.note, foreign[1])
            rows.append(_Row(document, candidate, owners.find(candidate)))
    _mark_repeats(rows, renderings)
    _number(rows, partnership)
    ids = {id(row.candidate): (row.same or row).id for row in rows}
    table = pd.DataFrame([_format(row, ids) for row in rows if row.same is None], columns=list(DRAFT))
    receipt = pd.DataFrame(account_for(documents, founds, _list_taken(rows)), columns=list(RECEIPT))
    return Extraction(table, receipt, pd.DataFrame(boards, columns=list(_BOARD_TABLE)), tuple(notes))


def write_draft(found: Extraction, path: str | Path) -> list[Path]:
    """Write a draft as CSV that opens in Excel, with its receipt and its boards beside it.

    Parameters
    ----------
    found : Extraction
    path : str or Path
        Where the draft goes, such as ``draft.csv``; beside it go ``draft-receipt.csv`` and ``draft-boards.csv``.

    Returns
    -------
    list of Path

    Raises
    ------
    OutputError
        When one of the files is there already, since it may hold a person's work; none is written then.
    """
    draft = Path(path)
    receipt, boards = name_beside(draft, "receipt"), name_beside(draft, "boards")
    return write_once({draft: found.priorities, receipt: found.receipt, boards: found.boards})


_BOARD_TABLE = ("board", "board_name", "strategy", "rule", "file", "document_hash", "place", "page")


def _take_once(documents: Sequence[Document]) -> tuple[list[Document], list[str]]:
    """Return each document once, and what is to be said of those that were given again under the same name."""
    once: dict[str, Document] = {}
    again: dict[str, None] = {}
    for document in documents:
        if key_of(document) in once:
            again[document.name] = None
        once.setdefault(key_of(document), document)
    return list(once.values()), [f"{name}: was given more than once; it is read once." for name in again]


def check_given(partnership: Partnership | None, board: str, strategy: str) -> tuple[str, str]:
    """Return the board and the strategy that a user named, the board by its strategy if need be.

    Raises
    ------
    UnknownNameError
        For one that the tables do not hold.
    """
    if partnership is None:
        return board, strategy
    known = list(partnership.boards["board"])
    owner = dict(zip(partnership.strategies["strategy"], partnership.strategies["board"], strict=True))
    if board and board not in known:
        raise UnknownNameError("Board", board, known)
    if strategy and strategy not in owner:
        raise UnknownNameError("Strategy", strategy, owner)
    if board and strategy and owner[strategy] != board:
        raise MappingError(f"Strategy {strategy} is one of {owner[strategy]}, not of {board} (strategies.csv).")
    return board or owner.get(strategy, ""), strategy


def _note_document(
    document: Document, found: Found, owners: Owners, place: str, renderings: dict[str, str], given: bool
) -> list[str]:
    """Return what a reader must know about one document."""
    name = document.name
    if document.outcome == "refused":
        why = str(document.warnings[0].message) if document.warnings else document.code
        return [f"{name}: not read. {why}"]
    notes = [f"{name}: {warning.message}" for warning in document.warnings]
    if not document.passages:
        notes.append(f"{name}: holds no text.")
    foreign, said = judge_authority(document, place)
    if foreign:
        remedy = "If it is yours, name its board with --board, or correct place in partnership.yaml"
        said += ". It is taken as yours, as --board says" if given else f", so nothing is taken from it. {remedy}"
    if said:
        notes.append(f"{name}: {said}.")
    if key_of(document) in renderings:
        other = renderings[key_of(document)].rsplit(" ", 1)[0]
        notes.append(f"{name}: says what {other} says; each statement is taken once.")
    for section in owners.sections:
        if section.basis == "heading missing":
            notes.append(
                f"{name}: a heading is missing before '{section.heading}' (passage {section.place}), "
                "so whose this section is cannot be known."
            )
    if found.tracker:
        notes.append(f"{name}: tracks recommendations and responses; read it with mapping tracker.")
    if found.report:
        notes.append(
            f"{name}: is a report put before a committee; what it quotes is not taken for that committee's own."
        )
    return notes


def _join(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


def _drop_activity(found: Found) -> None:
    """Leave reported activity, and say so; statements beside it in the same passage stay."""
    for candidate in found.candidates:
        if candidate.level == "reported activity":
            found.why.setdefault(candidate.place, "reported activity: what was done, no priority")
    found.candidates = [candidate for candidate in found.candidates if candidate.level != "reported activity"]


def _mark_repeats(rows: list[_Row], renderings: dict[str, str]) -> None:
    """Mark each row that says what an earlier one says."""
    by_words: dict[str, list[_Row]] = {}
    by_document: dict[str, list[_Row]] = {}
    for row in rows:
        key = key_of(row.document)
        words = re.sub(r"\W+", "", row.candidate.text.casefold())
        earlier = [*by_words.get(words, [])]
        if key in renderings:
            earlier += by_document.get(renderings[key], [])
        row.same = next((other for other in earlier if _is_same(row, other, renderings)), None)
        if row.same is None:
            row.like = next((other for other in by_words.get(words, []) if _may_be_same(row, other)), None)
            by_words.setdefault(words, []).append(row)
        by_document.setdefault(key, []).append(row)
        if row.same and row.same.owner.board == UNKNOWN and row.owner.board != UNKNOWN:
            row.same.owner = row.owner
    for row in rows:
        while row.same is not None and row.same.same is not None:
            row.same = row.same.same


def _is_same(row: _Row, other: _Row, renderings: dict[str, str]) -> bool:
    boards = {row.owner.board, other.owner.board} - {UNKNOWN}
    first, second = key_of(row.document), key_of(other.document)
    one = renderings.get(first) == second
    if not one and (len(boards) > 1 or _may_be_same(row, other)):
        return False
    # A paper names its priorities in a summary and again as headings.
    together = first == second and row.owner == other.owner and row.owner.basis != "heading missing"
    return is_repeat(row.candidate.text, other.candidate.text, renderings=one, together=together or len(boards) == 1)


def _may_be_same(row: _Row, other: _Row) -> bool:
    """Say whether two papers' statements may be of one board or of two: the board of one is unknown."""
    apart = key_of(row.document) != key_of(other.document)
    return apart and UNKNOWN in (row.owner.board, other.owner.board)


def _number(rows: list[_Row], partnership: Partnership | None) -> None:
    """Give each row an id: its board's code and a number, going on from the last in the tables."""
    last: dict[str, int] = {}
    if partnership is not None:
        for row in each_row(partnership.priorities):
            match = re.fullmatch(r"(.+)-(\d+)", row.priority)
            if match:
                last[match[1]] = max(last.get(match[1], 0), int(match[2]))
    codes: dict[str, str] = {}
    for row in rows:
        if row.same is None:
            code = codes.setdefault(row.owner.board, _find_code(row.owner.board, partnership, set(codes.values())))
            last[code] = last.get(code, 0) + 1
            row.id = f"{code}-{last[code]:02}"


def _find_code(board: str, partnership: Partnership | None, taken: Collection[str]) -> str:
    """Return the code for ids: the board's own, or one made from its name."""
    if board == UNKNOWN:
        return NO_CODE
    return board if partnership is not None else make_code(board, taken)


def _list_taken(rows: list[_Row]) -> dict[tuple[str, int], list[Taken]]:
    """Return, for each passage, what was made of it."""
    taken: dict[tuple[str, int], list[Taken]] = {}
    for row in rows:
        repeats = ""
        if row.same is not None:
            repeats = f"{row.same.id} ({row.same.document.name}, passage {row.same.candidate.place})"
        one = Taken(row.id, row.candidate.start, row.candidate.end, repeats)
        taken.setdefault((key_of(row.document), row.candidate.place), []).append(one)
    return taken


def _find_title(document: Document) -> str:
    """Return what a paper without a title of its own is called: the heading it opens with, or its name."""
    first = next((passage for passage in document.passages if passage.kind != "furniture"), None)
    return first.text if first and first.kind == "heading" and len(first.text) <= _LONGEST_TITLE else document.name


def _format(row: _Row, ids: dict[int, str]) -> dict[str, Any]:
    document, candidate, passage = row.document, row.candidate, row.candidate.piece.passage
    parent = ids.get(id(candidate.parent), "") if candidate.parent is not None else ""
    title = document.title or _find_title(document)
    like = (row.like.same or row.like) if row.like else None
    note = _join(candidate.note, f"same words as {like.id} ({like.document.name})" if like else "")
    return {
        "priority": row.id, "strategy": row.owner.strategy, "text": candidate.text, "wording": "verbatim",
        "level": candidate.level, "parent": parent if parent != row.id else "", "document": title,
        "page": "" if passage.page is None else str(passage.page),
        "paragraph": candidate.number or passage.cell or (passage.headings[-1] if passage.headings else ""),
        "source_title": title, "source_address": "", "note": note, "board": row.owner.board,
        "board_from": row.owner.basis, "rule": candidate.rule, "sure": candidate.sure, "number": candidate.number,
        "file": document.name, "document_hash": document.sha256, "place": passage.place,
        "start": passage.start + candidate.start, "end": passage.start + candidate.end,
        "headings": " > ".join(passage.headings),
    }  # fmt: skip
