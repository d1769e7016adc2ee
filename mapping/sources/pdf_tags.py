"""The tag tree of a PDF: headings, lists and tables as the document itself states them (ISO 32000-1, 14.7 and 14.8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdftypes import PDFObjRef, resolve1
from pdfminer.psparser import PSLiteral

from mapping.sources.limits import DEEPEST

__all__ = ["Block", "Place", "UnusableTagsError", "read_tags"]

#: The page and the number of a marked content.
Place = tuple[int, int]
_HEADING = re.compile(r"(?:[Hh]|[Hh]eading ?)([1-9]\d?)$")
_MOST_ELEMENTS = 500_000
_LONGEST_CHAIN = 8
# A cell reaches no further than this, whatever it says; columns beyond are not told apart from rows above.
_WIDEST, _HIGHEST = 100, 1_000
_PARAGRAPHS = frozenset("P BlockQuote Quote Note FENote Caption Figure Formula Form Aside Code BibEntry".split())
_NOTES = frozenset("Note FENote Caption".split())
_GROUPS = frozenset("Document DocumentFragment Part Art Sect Div L Table THead TBody TFoot TR TH TD".split())
_INLINE = frozenset(
    "Span Link Reference Em Strong Sub Annot Ruby RB RT RP Warichu WT WP Lbl LBody Quote Code BibEntry Formula".split()
)
# These say nothing of what they hold: browsers wrap every run of words, and every part of a page, in NonStruct.
_SILENT = frozenset("NonStruct Private".split())
_FURNITURE = frozenset("TOC TOCI Artifact Index".split())


class UnusableTagsError(Exception):
    """A tag tree that is broken, or from which no heading and no list can be told."""


@dataclass
class Block:
    """One element of the tree that holds words.

    Attributes
    ----------
    kind : str
        As in a passage, or "note": a note or caption, whose label makes no item of it.
    level : int
        Of a heading or an item.
    label, body : list of tuple
        The marked contents, page and number, of its number or bullet and of its words, in the tree's order.
    cell : tuple of int
        Table, row and column; zeros if it stands in none.
    loose : bool
        Whether its words stand outside any paragraph, so that only their places tell what belongs together.
    """

    kind: str
    level: int = 0
    label: list[Place] = field(default_factory=list)
    body: list[Place] = field(default_factory=list)
    cell: tuple[int, int, int] = (0, 0, 0)
    loose: bool = False


@dataclass
class _Grid:
    """A table while it is walked: which row and column one is in, and down to which row each column is taken."""

    number: int
    row: int = 0
    column: int = 0
    taken: dict[int, int] = field(default_factory=dict)

    def place(self, wide: int, high: int) -> tuple[int, int, int]:
        """Return the place of the next cell of the row, past the cells that reach down from above."""
        self.row = max(1, self.row)
        column = self.column + 1
        while self.taken.get(column, 0) >= self.row:
            column += 1
        self.column = column + min(wide, _WIDEST) - 1
        if high > 1 and self.column <= _WIDEST:
            for reached in range(column, self.column + 1):
                self.taken[reached] = self.row + min(high, _HIGHEST) - 1
        return self.number, self.row, column


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
    grid: _Grid | None = None
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
        self.tables = 0
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
        """Return the standard role that an element's own name stands for, over as many steps as that takes."""
        name = _name(element.get("S"))
        space = resolve1(element.get("NS"))
        spaced = resolve1(space.get("RoleMapNS")) if isinstance(space, dict) else None
        for roles in (spaced, self._roles):
            for _ in range(_LONGEST_CHAIN):
                if not isinstance(roles, dict) or name not in roles:
                    break
                mapped = resolve1(roles[name])
                name = _name(mapped[0] if isinstance(mapped, list) and mapped else mapped)
        return name

    def _put(self, place: Place, state: _State) -> None:
        if state.block is None:
            kind = "furniture" if state.furniture else "paragraph"
            state.block = self._open(Block(kind, loose=not state.furniture), state)
        (state.block.label if state.label else state.block.body).append(place)

    def _open(self, block: Block, state: _State) -> Block:
        if state.cell[0] and block.kind != "furniture":
            block.level = block.level if block.kind == "item" else 0
            block.kind, block.cell = "cell", state.cell
        self.blocks.append(block)
        return block

    def _enter(self, element: dict[str, Any], state: _State, depth: int) -> None:
        role = self._role(element)
        inner = replace(state, page=self._page(element, state.page))
        inner.furniture = state.furniture or role in _FURNITURE
        if self._is_inline(role, element, inner):
            if role == "Lbl":  # a mark within the words, as that of a note, is no label of them
                inner.label = state.block is not None and not state.block.body
            self.walk(element.get("K"), inner, depth + 1)
            state.block = inner.block
            return
        self._enter_block(role, element, inner)
        self.walk(element.get("K"), inner, depth + 1)
        if state.block is not None and state.block.loose:
            state.block = None

    def _is_inline(self, role: str, element: dict[str, Any], state: _State) -> bool:
        """Say whether an element is a run of words in the block around it, or in one with the runs beside it."""
        if state.furniture:
            return role not in ("TOCI", "Artifact", "P")
        within = state.block is not None and not state.block.loose
        if role in _SILENT:
            return within or not _has_elements(element)
        if role in _INLINE:
            return role not in _PARAGRAPHS or state.block is not None
        known = role in _PARAGRAPHS or role in _GROUPS or role in ("LI", "H", "Title") or bool(_HEADING.match(role))
        return within and not known

    def _enter_block(self, role: str, element: dict[str, Any], inner: _State) -> None:
        heading = _HEADING.match(role)
        if inner.furniture:
            inner.block = self._open(Block("furniture"), inner)
        elif heading or role in ("H", "Title"):
            level = int(heading[1]) if heading else max(1, inner.sections) if role == "H" else 1
            inner.block = self._open(Block("heading", level), inner)
        elif role == "LI":
            inner.block = inner.item = self._open(Block("item", max(1, inner.lists)), inner)
        elif role in _PARAGRAPHS:
            # The first paragraph of an item, a heading, a note is that; a further one stands for itself.
            around = inner.block
            if role != "P" or around is None or around.loose or around.body:
                inner.block = self._open(Block("note" if role in _NOTES else "paragraph"), inner)
            inner.label = False
        else:
            self._enter_container(role, element, inner)

    def _enter_container(self, role: str, element: dict[str, Any], inner: _State) -> None:
        if role == "L":
            inner.lists += 1
            inner.item = None
        elif role == "Sect":
            inner.sections += 1
        elif role == "Table" or (role in ("TR", "TD", "TH") and inner.grid is None):
            self.tables += 1
            inner.grid = _Grid(self.tables)
        if role == "TR" and inner.grid:
            inner.grid.row += 1
            inner.grid.column = 0
        elif role in ("TD", "TH") and inner.grid:
            inner.cell = inner.grid.place(_span(element, "ColSpan"), _span(element, "RowSpan"))
        around = inner.block
        waits = around is not None and around.kind == "heading" and not around.body and role == "Div"
        if (inner.item is None or role in ("TD", "TH")) and not waits:
            inner.block = None


def _has_elements(element: dict[str, Any]) -> bool:
    """Say whether an element holds others, and not only marked contents and notes on the page."""
    kids = resolve1(element.get("K"))
    for kid in kids if isinstance(kids, list) else [kids]:
        found = resolve1(kid)
        if isinstance(found, dict) and "S" in found:
            return True
    return False


def _span(element: dict[str, Any], name: str) -> int:
    """Return over how many rows or columns a cell reaches, as its attributes say."""
    given = resolve1(element.get("A"))
    for one in islice(given, 20) if isinstance(given, list) else [given]:
        attributes = resolve1(one)
        count = resolve1(attributes.get(name)) if isinstance(attributes, dict) else None
        if isinstance(count, int):
            return max(1, count)
    return 1


def _name(value: Any) -> str:
    value = resolve1(value)
    name = value.name if isinstance(value, PSLiteral) else value
    return name.decode("latin-1") if isinstance(name, bytes) else str(name)
