"""The tag tree of a PDF: headings, lists and tables as the document itself states them (ISO 32000-1, 14.7 and 14.8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdftypes import PDFObjRef, resolve1
from pdfminer.psparser import PSLiteral

from mapping.sources.gathering import Gathering
from mapping.sources.limits import DEEPEST
from mapping.sources.marks import join_lines, split_mark, squeeze
from mapping.sources.pdf_lines import Line

__all__ = ["Block", "UnusableTagsError", "gather_blocks", "read_tags"]

Place = tuple[int, int]
_HEADING = re.compile(r"H([1-9])$")
_MOST_ELEMENTS = 500_000
_PARAGRAPHS = frozenset("P BlockQuote Quote Note FENote Caption Figure Formula Form Aside Code BibEntry".split())
_INLINE = frozenset(
    "Span Link Reference Em Strong Sub Annot Ruby RB RT RP Warichu WT WP Lbl LBody Quote Code BibEntry Formula".split()
)
_FURNITURE = frozenset("TOC TOCI Artifact Index".split())


class UnusableTagsError(Exception):
    """A tag tree that is broken, or from which no heading and no list can be told."""


@dataclass
class Block:
    """One element of the tree that holds words.

    Attributes
    ----------
    kind : str
        As in a passage.
    level : int
        Of a heading or an item.
    label, body : list of tuple
        The marked contents, page and number, of its number or bullet and of its words, in the tree's order.
    cell : tuple of int
        Table, row and column; zeros if it stands in none.
    """

    kind: str
    level: int = 0
    label: list[Place] = field(default_factory=list)
    body: list[Place] = field(default_factory=list)
    cell: tuple[int, int, int] = (0, 0, 0)


@dataclass
class _State:
    """Where in the tree one is."""

    page: int = 0
    block: Block | None = None
    label: bool = False
    lists: int = 0
    sections: int = 0
    item: Block | None = None
    furniture: bool = False
    cell: tuple[int, int, int] = (0, 0, 0)


def read_tags(document: PDFDocument, pages: Mapping[int, int]) -> list[Block]:
    """Return the blocks of a tagged document in the order of its tree.

    Parameters
    ----------
    document : PDFDocument
        As pdfminer opened it.
    pages : mapping
        From the number of a page's object to the number of the page.

    Raises
    ------
    UnusableTagsError
        Where there is no tree, or one without any heading or list.
    """
    root = resolve1(document.catalog.get("StructTreeRoot"))
    if not isinstance(root, dict):
        raise UnusableTagsError
    walker = _Walker(root, pages)
    try:
        walker.walk(root.get("K"), _State(), 0)
    except (RecursionError, TypeError, AttributeError, ValueError, KeyError) as error:
        raise UnusableTagsError from error
    blocks = [block for block in walker.blocks if block.body or block.label]
    if not any(block.kind in ("heading", "item") for block in blocks):
        raise UnusableTagsError
    return blocks


class _Walker:
    """One walk over the tree; elements that were met before are passed over, as a tree has no circles."""

    def __init__(self, root: dict[str, Any], pages: Mapping[int, int]) -> None:
        self.pages = pages
        self.blocks: list[Block] = []
        self.tables = self.rows = self.columns = 0
        self._roles = resolve1(root.get("RoleMap"))
        self._met: set[int] = set()
        self._count = 0

    def walk(self, kids: Any, state: _State, depth: int) -> None:
        if isinstance(kids, PDFObjRef):
            if kids.objid in self._met:
                return
            self._met.add(kids.objid)
            kids = resolve1(kids)
        self._count += 1
        if depth > DEEPEST or self._count > _MOST_ELEMENTS:
            raise UnusableTagsError
        if isinstance(kids, list):
            for kid in kids:
                self.walk(kid, state, depth)
        elif isinstance(kids, int):
            self._put((state.page, kids), state)
        elif isinstance(kids, dict):
            if "MCID" in kids:
                self._put((self._page(kids, state.page), resolve1(kids["MCID"])), state)
            elif "Obj" not in kids:
                self._enter(kids, state, depth)

    def _page(self, element: dict[str, Any], page: int) -> int:
        reference = element.get("Pg")
        return self.pages.get(reference.objid, 0) if isinstance(reference, PDFObjRef) else page

    def _role(self, element: dict[str, Any]) -> str:
        name = _name(element.get("S"))
        for _ in range(8):
            if not isinstance(self._roles, dict) or name not in self._roles:
                break
            name = _name(self._roles[name])
        return name

    def _put(self, place: Place, state: _State) -> None:
        if state.block is None:
            state.block = self._open(Block("furniture" if state.furniture else "paragraph"), state)
        (state.block.label if state.label else state.block.body).append(place)

    def _open(self, block: Block, state: _State) -> Block:
        if state.cell[0]:
            block.kind, block.cell = "cell", state.cell
        self.blocks.append(block)
        return block

    def _enter(self, element: dict[str, Any], state: _State, depth: int) -> None:
        role = self._role(element)
        inner = _State(
            self._page(element, state.page), state.block, state.label, state.lists, state.sections, state.item,
            state.furniture or role in _FURNITURE, state.cell,
        )  # fmt: skip
        heading = _HEADING.match(role)
        if inner.furniture:
            inner.block = None if role in ("TOCI", "Artifact") else state.block
        elif heading or role in ("H", "Title"):
            level = int(heading[1]) if heading else max(1, state.sections) if role == "H" else 1
            inner.block = self._open(Block("heading", level), state)
        elif role == "LI":
            inner.block = inner.item = self._open(Block("item", max(1, state.lists)), state)
        elif role == "Lbl":
            inner.label = state.block is not None
        elif role in _PARAGRAPHS and not (role in _INLINE and state.block is not None):
            # The first paragraph of an item is the item; a further one stands for itself.
            first = state.item is not None and state.block is state.item and not state.item.body
            inner.block = state.item if first else self._open(Block("paragraph"), state)
            inner.label = False
        elif role not in _INLINE:
            self._enter_container(role, inner)
        self.walk(element.get("K"), inner, depth + 1)

    def _enter_container(self, role: str, inner: _State) -> None:
        if role == "L":
            inner.lists += 1
            inner.item = None
        elif role == "Sect":
            inner.sections += 1
        elif role == "Table":
            self.tables += 1
            self.rows = 0
        elif role == "TR":
            self.rows += 1
            self.columns = 0
        elif role in ("TD", "TH"):
            self.columns += 1
            inner.cell = (max(1, self.tables), max(1, self.rows), self.columns)
        if inner.item is None or role in ("TD", "TH"):
            inner.block = None


def _name(value: Any) -> str:
    value = resolve1(value)
    name = value.name if isinstance(value, PSLiteral) else value
    return name.decode("latin-1") if isinstance(name, bytes) else str(name)


# --- passages ----------------------------------------------------------------------------------------------


def gather_blocks(
    blocks: Sequence[Block],
    lines: Mapping[Place, Sequence[Line]],
    gathering: Gathering,
    leave_page: Callable[[int], None],
) -> None:
    """Gather the passages of the blocks.

    Parameters
    ----------
    blocks : sequence of Block
        In the tree's order.
    lines : mapping
        From page and number of a marked content to its lines.
    gathering : Gathering
        Where they go.
    leave_page : callable
        Told each page once nothing more of it is to come, to add what the tree leaves out.
    """
    page = 0
    for block in blocks:
        begin = min((place[0] for place in (*block.label, *block.body) if place in lines), default=0)
        while begin and page < begin:
            if page:
                leave_page(page)
            page += 1
        label = squeeze(_join(_list_lines(block.label, lines)))
        text = squeeze(_join(_list_lines(block.body, lines)))
        if not text and not label:
            continue
        _gather_block(block, label, text, begin or None, gathering)
    leave_page(page)
    leave_page(0)


def _gather_block(block: Block, label: str, text: str, page: int | None, gathering: Gathering) -> None:
    if label and not text:
        label, text = "", label
    if not label and block.kind != "furniture":
        typed, rest = split_mark(text, lost=block.kind == "item")
        if typed and rest:
            label, text = typed, rest
    label = label[:40]
    if block.kind == "heading":
        gathering.add_heading(text, block.level, number=label, page=page)
    elif block.kind == "item":
        gathering.add_item(text, block.level, number=label or "•", page=page)
    elif block.kind == "cell":
        gathering.count_cells(1)
        gathering.add_cell(text, block.cell, number=label, page=page)
    elif block.kind == "furniture":
        gathering.add_furniture(text, page=page)
    elif label:
        gathering.add_item(text, number=label, page=page)
    else:
        gathering.add_paragraph(text, page=page)


def _list_lines(places: Sequence[Place], lines: Mapping[Place, Sequence[Line]]) -> Iterator[Line]:
    for place in places:
        yield from lines.get(place, ())


def _join(lines: Iterator[Line]) -> str:
    text = ""
    last: Line | None = None
    for line in lines:
        if last is not None and last.page == line.page and abs(line.y - last.y) < 0.38 * max(line.size, last.size):
            text += ("" if -0.5 * line.size < line.x0 - last.x1 < 0.12 * line.size else " ") + line.text
        else:
            text = join_lines(text, line.text)
        last = line
    return text
