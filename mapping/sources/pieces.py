"""Passages cut into the smallest parts that can be a statement: list items inside a cell, lines, tabs."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mapping.sources.marks import ORDERS
from mapping.sources.passages import Document, Passage

__all__ = [
    "Piece",
    "clean_text",
    "cut_passage",
    "cut_sentences",
    "is_bullet",
    "is_contents_line",
    "is_note",
    "list_pieces",
    "strip_ends",
]

_BULLETS = "•‣◦⁃∙▪▫■□●○◆◇►➢➤✓✔❖⦁\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf06c\uf06e\uf0a8"
_BLOCK_TAG = r"</?(?:p|li|ul|ol|br|div|tr|td|th|table|h[1-6])\b[^<>]*>"
_INLINE_TAG = r"</?(?:b|i|em|strong|span|a|u|sup|sub|font|small)\b[^<>]*>"
_TAG = re.compile(f"{_BLOCK_TAG}|{_INLINE_TAG}", re.IGNORECASE)
_EMPHASIS = re.compile(r"</?(?:i|em|b|strong)\b[^<>]*>|(?<![\w*])\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?![\w*])", re.IGNORECASE)
_CUT = re.compile(rf"{_BLOCK_TAG}|\n|[{_BULLETS}]", re.IGNORECASE)
# A letter, Roman number or number that begins a part: "a. ", "(iv) ", "2) ".
# A code that begins a part: "SO1.1 Attract firms", also where several were joined into one paragraph.
_CODE = re.compile(r"(?<!\S)([A-Z]{1,3}\d{1,2}\.\d{1,2}):?\s+(?=[A-Z])")
_MARK = re.compile(r"\s*(\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})[.)])\s+(?=\S)")
# The same within a cell whose list was typed as one paragraph, and a code such as "SO1" that others of its kind follow.
_PART = re.compile(r"(?<!\S)(\(?(\d{1,2}|[a-h]|[ivx]{1,4})[.)])\s+(?=[^\W\d_])")
# The same without a stop, and a plus sign as a bullet.
_TILE = re.compile(r"(?<!\S)(\d{1,2})\s+(?=[A-Z])")
_PLUS = re.compile(r"(?:(?<=\s)|^)(\+)\s+(?=[^\W\d_])")
_TILE_WORDS = 8
_LABEL = re.compile(
    r"(?:(?<=\s)|^)(?:Strategic )?(Priority|Aim|Objective|Goal|Theme|Pillar|Outcome|Ambition|Mission|"
    r"Commitment|Pledge)\s+"
    r"(\d|[A-H]|one|two|three|four|five|six|seven|eight|nine)\s*[:.–—-]\s*(?=[A-Z])",
    re.IGNORECASE,
)
_COUNTS = {
    word: str(count) for count, word in enumerate("one two three four five six seven eight nine".split(), start=1)
}
_LAST_LEAD = re.compile(
    r"(?<=\w)\s(?=(?:(?:Key|Our|Main) )?(?:Actions|Objectives|Outcomes|Goals|Commitments|We will|What we will do)\s*:$)"
)
_LABELLED_WORDS = 22
_SHORT_CODE = re.compile(r"([A-Z]{1,4})(\d{1,2})[:.)]?\s+(?=[A-Z])")
# How notes at the foot of a page are told from what stands above them: raised numbers, daggers, "[^1]:".
_NOTE = re.compile(r"[\u00b9\u00b2\u00b3\u2070\u2074-\u2079†‡]+\s*(?=\S)|\[\^[^\]\s]{1,20}\]:")
_LEADERS = re.compile(r"(?:\.{4,}|(?:\s\.){3,}|…{2,}|_{4,})\s*\d{0,3}\s*$")
_SENTENCE = re.compile(r"(?<=[.!?])[\"'’”)]*\s+(?=[\"'‘“(]?[A-Z0-9])")
_NO_END = re.compile(r"\b(?:e\.g|i\.e|etc|No|St|Dr|Mr|Mrs|Ms|Cllr|para|approx|inc|vs)\.$")


@dataclass(frozen=True)
class Piece:
    """One part of a passage.

    Attributes
    ----------
    passage : Passage
    start, end : int
        Where it stands in the text of the passage.
    text : str
        Its words; signs of type (``**``, ``<i>``) are left out, nothing else.
    kind, number : str
        As of the passage; a part that a bullet begins is an item.
    depth : int
        How deep it is nested in a list, 1 the outermost; 0 if it is no item.
    row, column : int
        Of a part of a table: its row and column; else 0.
    table : int
        Which table of the document; 0 outside tables.
    """

    passage: Passage
    start: int
    end: int
    text: str
    kind: str
    number: str = ""
    depth: int = 0
    table: int = 0
    row: int = 0
    column: int = 0


def clean_text(text: str) -> str:
    """Return a text as a reader sees it: no tags, no signs for bold or italics, entities as letters, single blanks.

    Examples
    --------
    >>> clean_text("<p>Culture &amp; Leisure <i>Board</i></p>"), clean_text("**Derby:** the *2<sup>nd</sup>* city")
    ('Culture & Leisure Board', 'Derby: the 2nd city')
    """
    text = _TAG.sub(lambda tag: " " if re.match(_BLOCK_TAG, tag.group(), re.IGNORECASE) else "", text)
    return " ".join(html.unescape(_EMPHASIS.sub("", text)).split())


def strip_ends(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without blanks and dangling list signs at its ends."""
    while start < end and (text[start].isspace() or text[start] in _BULLETS):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def is_bullet(text: str) -> bool:
    """Say whether a text is a bullet and nothing else, as where a page gives signs and words apart."""
    return len(text.strip()) == 1 and text.strip() in _BULLETS


def is_contents_line(text: str) -> bool:
    """Say whether a line is of a list of contents: dotted leaders, with or without a page number.

    Examples
    --------
    >>> is_contents_line("Our priorities ........ 4"), is_contents_line("Our priorities")
    (True, False)
    """
    # The end is enough, and keeps a million dots from costing their square.
    return _LEADERS.search(text[-200:]) is not None


def cut_sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a text.

    Examples
    --------
    >>> text = "One aim, e.g. Safety. Two: a; b."
    >>> [text[start:end] for start, end in cut_sentences(text)]
    ['One aim, e.g. Safety.', 'Two: a; b.']
    """
    spans, start = [], 0
    for match in _SENTENCE.finditer(text):
        if _NO_END.search(text[start : match.start()]):
            continue
        spans.append((start, match.start()))
        start = match.end()
    return [*spans, (start, len(text))]


def cut_passage(passage: Passage) -> list[Piece]:
    """Cut one passage into its parts: at line ends, tags of blocks and bullets inside it; in a cell, nothing is lost.

    Examples
    --------
    >>> cell = Passage(1, "cell", "<ul><li> • Healthy</li> <li> • Safe</li></ul>", table=1, row=2, column=2)
    >>> [(piece.kind, piece.text, piece.depth) for piece in cut_passage(cell)]
    [('item', 'Healthy', 1), ('item', 'Safe', 1)]
    """
    text = passage.text
    cuts = list(_CUT.finditer(text)) if passage.kind != "furniture" else []
    parts = _find_parts(text, passage.number) if not cuts and passage.kind == "cell" else []
    if parts:
        return list(_make_parts(passage, parts))
    if not cuts and passage.kind == "paragraph" and (labels := _find_labels(text)):
        spans = [strip_ends(text, start, end) for start, end in itertools.pairwise([*labels, len(text)])]
        return [_make(passage, start, end, clean_text(text[start:end]), False, False) for start, end in spans]
    if not cuts and passage.kind == "paragraph" and (tiles := _find_tiles(text)):
        return list(_make_parts(passage, tiles))
    codes = [code.start() for code in _CODE.finditer(text)] if not cuts and passage.kind == "paragraph" else []
    if codes and codes[0] == 0:
        return [_make_coded(passage, start, end) for start, end in itertools.pairwise([*codes, len(text)])]
    begins = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(text)]
    signs = ["", *(cut.group() for cut in cuts)]
    pieces, bulleted = [], False
    for start, end, sign in zip(begins, ends, signs, strict=True):
        bulleted = bulleted or (sign != "" and sign in _BULLETS) or sign.lower().startswith("<li")
        first, last = strip_ends(text, start, end)
        words = clean_text(text[first:last])
        if not words:
            continue
        whole = len(cuts) == 0
        pieces.append(_make(passage, first, last, words, whole, bulleted))
        bulleted = False
    return pieces


def _find_parts(text: str, number: str) -> list[re.Match[str]]:
    """Return the numbers or letters that part the words of one paragraph, in their order; none where there is but one.

    The first may stand before the words as the number of the passage.
    """
    own = re.sub(r"\W", "", number)
    for order in ORDERS:
        rest = list(order[1:] if own == order[0] else order)
        if own and own != order[0]:
            continue
        found = []
        for mark in _PART.finditer(text):
            if rest and mark[2] == rest[0]:
                found.append(mark)
                rest.pop(0)
        if len(found) >= (1 if own else 2):
            return found
    return []


def _find_labels(text: str) -> list[int]:
    """Return where lines begin that were joined into one paragraph: "Aim 1: Homes Aim 2: Jobs", "Aim 1. X Actions:".

    Labels of one kind follow one another, and what is said after each is short and no sentence.
    """
    labels = list(_LABEL.finditer(text))
    if not labels or labels[0].start() or len(text.split()) > _LABELLED_WORDS * len(labels):
        return []
    order = [_COUNTS.get(label[2].casefold(), label[2].casefold()) for label in labels]
    kinds = {label[1].casefold() for label in labels}
    counted = order in (["1", "2", "3", "4", "5", "6", "7", "8", "9"][: len(order)], list("abcdefgh")[: len(order)])
    begins = [label.start() for label in labels] if len(kinds) == 1 and counted else []
    lead = _LAST_LEAD.search(text)
    if lead and not re.search(r"[.!?:]\s", text[labels[-1].end() : lead.start()]):
        begins = [*(begins or [0]), lead.start()]
    return begins if len(begins) > 1 else []


def _find_tiles(text: str) -> list[re.Match[str]]:
    """Return the marks of a list that was joined into one paragraph: "1 Kit 2 Skills 3 Choice", "+ sow it + mow it"."""
    plus = list(_PLUS.finditer(text))
    if len(plus) > 1 and plus[0].start() == 0:
        return plus
    numbers = list(_TILE.finditer(text))
    counted = [int(mark[1]) for mark in numbers] == list(range(1, len(numbers) + 1))
    if len(numbers) < 3 or not counted or numbers[0].start() or re.search(r"[.!?:;](?:\s|$)", text):
        return []
    ends = [*(mark.start() for mark in numbers[1:]), len(text)]
    sizes = [len(text[mark.end() : end].split()) for mark, end in zip(numbers, ends, strict=True)]
    return numbers if max(sizes) <= _TILE_WORDS else []


def _make_parts(passage: Passage, parts: list[re.Match[str]]) -> Iterator[Piece]:
    begins = [(0, passage.number), *((part.end(), part[1]) for part in parts)]
    ends = [*(part.start() for part in parts), len(passage.text)]
    for (begin, number), end in zip(begins, ends, strict=True):
        start, last = strip_ends(passage.text, begin, end)
        if words := clean_text(passage.text[start:last]):
            yield Piece(
                passage, start, last, words, "item" if number else passage.kind, number, int(bool(number)),
                passage.table, passage.row, passage.column,
            )  # fmt: skip


def is_note(passage: Passage) -> bool:
    """Say whether a passage is a footnote or an endnote: its number is raised, or it begins as a note does.

    Examples
    --------
    >>> [is_note(Passage(1, "paragraph", text)) for text in ("² As measured in 2021.", "2 As measured in 2021.")]
    [True, False]
    """
    raised = bool(passage.number) and _NOTE.match(f"{passage.number} x") is not None
    return passage.kind in ("paragraph", "item") and (raised or _NOTE.match(passage.text) is not None)


def _find_coded(passages: Iterable[Passage]) -> set[int]:
    """Return the places of passages that begin with codes one after another, such as SO1, SO2 under one heading."""
    found: dict[tuple[tuple[str, ...], str, int], int] = {}
    for passage in passages:
        code = _SHORT_CODE.match(passage.text)
        if code and not passage.number and passage.kind in ("paragraph", "item"):
            found[passage.headings, code[1], int(code[2])] = passage.place
    return {
        place
        for (headings, letters, number), place in found.items()
        if (headings, letters, number - 1) in found or (headings, letters, number + 1) in found
    }


def _make_coded(passage: Passage, start: int, end: int) -> Piece:
    code = _CODE.match(passage.text, start) or _SHORT_CODE.match(passage.text, start)
    first, last = strip_ends(passage.text, code.end() if code else start, end)
    number = code.group().strip(" :.)") if code else ""
    return Piece(passage, first, last, clean_text(passage.text[first:last]), "item", number, 1)


def _make(passage: Passage, start: int, end: int, words: str, whole: bool, bulleted: bool) -> Piece:
    number = passage.number if whole or not start else ""
    kind, depth = passage.kind, passage.level if passage.kind == "item" else 0
    if bulleted and not whole:
        kind, depth = "item", depth + 1
    mark = _MARK.match(passage.text, start, end)
    if mark and kind in ("item", "cell") and mark.end() < end:
        number, start = mark[1], mark.end()
        words = clean_text(passage.text[start:end])
        kind, depth = "item", max(depth, 1)
    return Piece(
        passage, start, end, words, kind, number, depth, passage.table, passage.row, passage.column
    )  # fmt: skip


def list_pieces(document: Document) -> list[Piece]:
    """Return the parts of all passages of a document, in order; lines with tabs become rows of a table."""
    pieces: list[Piece] = []
    table = max((passage.table for passage in document.passages), default=0)
    row, last = 0, -1
    coded = _find_coded(document.passages)
    for passage in document.passages:
        if passage.place in coded:
            pieces.append(_make_coded(passage, 0, len(passage.text)))
            continue
        if passage.table or "\t" not in passage.text:
            pieces.extend(cut_passage(passage))
            continue
        # A line with tabs in it is a row whose table was lost; rows that follow one another are one table.
        follows = passage.place == last + 1
        table, row = (table, row + 1) if follows else (table + 1, 1)
        last = passage.place
        pieces.extend(_cut_tabs(passage, table, row))
    return pieces


def _cut_tabs(passage: Passage, table: int, row: int) -> Iterator[Piece]:
    start = 0
    for column, cell in enumerate(passage.text.split("\t"), start=1 if not passage.number else 2):
        first, last = strip_ends(passage.text, start, start + len(cell))
        words = clean_text(passage.text[first:last])
        if words:
            inner = cut_passage(Passage(passage.place, "cell", passage.text[first:last], start=passage.start + first))
            for piece in inner:
                yield Piece(
                    passage, first + piece.start, first + piece.end, piece.text, piece.kind, piece.number, piece.depth,
                    table, row, column,
                )  # fmt: skip
        start += len(cell) + 1


def group_tables(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Return runs of pieces: those of one table together, everything else by itself."""
    runs: list[list[Piece]] = []
    for piece in pieces:
        if piece.table and runs and runs[-1][0].table == piece.table:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs
