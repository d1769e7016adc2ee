"""The marks in a paper: labels, hidden bookmarks that know what was written, and how each paragraph is numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from mapping.paper.blocks import LABEL, join_cells
from mapping.paper.package import list_parts
from mapping.paper.styles import DRAFTED, ROLES

__all__ = [
    "Comment", "Found", "find_blocks", "find_comments", "find_marked", "list_paragraphs", "name_mark",
    "number_paragraphs", "read_block", "read_grid", "read_still", "read_text",
]  # fmt: skip

#: A name that begins with an underscore is hidden in Word's list of bookmarks.
_MARK = re.compile(r"_mp_([a-z0-9_]{1,24})_([0-9a-f]{10})")
#: A gap may have been typed again by hand, or pasted from another paper.
_MARKED = re.compile(
    r"\[\s*(?:officer\s+to\s+write|drafted\s+from\s+the\s+mapping\s+run|facts\s+changed)\b[^\]]*\]?", re.IGNORECASE
)
_SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:delText")}
_ID = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
_LATER = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def name_mark(key: str, content: str) -> str:
    """Return the name of the bookmark of a block: its key and the hash of what was written.

    Examples
    --------
    >>> name_mark("found", "0123456789")
    '_mp_found_0123456789'
    """
    return f"_mp_{key}_{content}"


@dataclass(frozen=True)
class Found:
    """A block found in a file.

    Attributes
    ----------
    key, hash : str
        Of its bookmark: which part it is, and what was written there.
    mark : element
        The start of the bookmark.
    """

    key: str
    hash: str
    mark: Any

    def find_home(self, *, table: bool) -> Any:
        """Return the paragraph in which the bookmark begins, or the outermost table; nothing where there is none."""
        wanted = [parent for parent in self.mark.iterancestors() if parent.tag == qn("w:tbl" if table else "w:p")]
        if wanted:
            return wanted[-1] if table else wanted[0]
        # Some programs move a bookmark out of its paragraph, to stand before it.
        following = self.mark.getnext()
        while following is not None and following.tag not in (qn("w:p"), qn("w:tbl")):
            following = following.getnext()
        return following if following is not None and following.tag == qn("w:tbl" if table else "w:p") else None


def read_text(element: Any) -> str:
    """Return the text of a paragraph as a reader sees it: what was struck out in tracked changes is left out."""
    parts: list[str] = []
    for item in _walk(element):
        if item.tag == qn("w:t"):
            parts.append(item.text or "")
        elif item.tag in (qn("w:tab"), qn("w:br"), qn("w:cr")) and item.getparent().tag == qn("w:r"):
            parts.append("\t" if item.tag == qn("w:tab") else "\n")
        elif item.tag == qn("w:noBreakHyphen"):
            parts.append("-")
    return "".join(parts)


def read_still(paragraph: Any) -> str:
    """Return the text of a paragraph without what its fields show, such as the number of the page."""
    parts, depth = [], 0
    for item in paragraph.iter(qn("w:fldChar"), qn("w:t")):
        if item.tag == qn("w:fldChar"):
            kind = item.get(qn("w:fldCharType"))
            depth += (kind == "begin") - (kind == "end")
        elif depth <= 0 and next(item.iterancestors(qn("w:fldSimple")), None) is None:
            parts.append(item.text or "")
    return "".join(parts)


def _walk(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag in _SKIPPED:
            continue
        yield child
        yield from _walk(child)


def read_block(element: Any) -> str:
    """Return what a paragraph, a picture or a table says, as ``Block.words`` has it."""
    if element.tag == qn("w:tbl"):
        return join_cells(cell for row in read_grid(element) for cell in row)
    picture = next(element.iter(qn("wp:docPr")), None)
    if picture is not None:
        return str(picture.get("descr", ""))
    return read_text(element).replace(LABEL, "", 1).strip()


def read_grid(table: Any) -> list[list[str]]:
    """Return the texts of a table, row by row."""
    return [
        ["\n".join(read_text(paragraph) for paragraph in cell.iter(qn("w:p"))) for cell in row.iter(qn("w:tc"))]
        for row in table.iter(qn("w:tr"))
    ]


def find_blocks(document: Document) -> dict[str, Found]:
    """Return the blocks of ours in a file by their keys, in the order of the file."""
    found: dict[str, Found] = {}
    for mark in document.element.body.iter(qn("w:bookmarkStart")):
        match = _MARK.fullmatch(mark.get(qn("w:name"), ""))
        if match and match[1] not in found:
            found[match[1]] = Found(match[1], match[2], mark)
    return found


# --- numbers -----------------------------------------------------------------------------------------------


def list_paragraphs(document: Document) -> Iterator[Any]:
    """Yield every paragraph of the body, those in tables and text boxes too, in the order of reading."""
    yield from document.element.body.iter(qn("w:p"))


def number_paragraphs(document: Document) -> dict[Any, str]:
    """Return the number that Word shows for each paragraph, as 4.3 or A.2 or 4.3 b); of others, the last one above.

    Read from the styles of the paper; lists of other kinds count as belonging to the paragraph above them.
    """
    roles = _find_roles(document)
    numbers: dict[Any, str] = {}
    first, second, third, in_appendix = 0, 0, 0, False
    shown = "above 1.1"
    for paragraph in list_paragraphs(document):
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        role = roles.get(style.get(qn("w:val"))) if style is not None else None
        if role in ("heading", "appendix"):
            first = 1 if role == "appendix" and not in_appendix else first + 1
            in_appendix = in_appendix or role == "appendix"
            second = third = 0
            shown = f"Appendix {_LETTERS[(first - 1) % 26].upper()}" if in_appendix else f"heading {first}"
        elif role in ("paragraph", "appendix-paragraph"):
            second, third = second + 1, 0
            shown = f"{_LETTERS[(first - 1) % 26].upper() if in_appendix else first}.{second}"
        elif role == "sub":
            third += 1
            shown = f"{first}.{second} {_LETTERS[(third - 1) % 26]})"
        numbers[paragraph] = shown
    return numbers


def _find_roles(document: Document) -> dict[str, str]:
    """Return the role of each style id; a style that is based on one of ours has its role."""
    named = {name: role for role, name in ROLES.items()} | {name: role for role, name in DRAFTED.items()}
    ids = {style.style_id: style for style in document.styles}
    roles: dict[str, str] = {}
    for key, style in ids.items():
        at, steps = style, 0
        while at is not None and steps < 20:
            if at.name in named:
                roles[key] = named[at.name]
                break
            at, steps = getattr(at, "base_style", None), steps + 1
    return roles


def find_marked(text: str) -> list[tuple[int, int]]:
    """Return where gaps and labels begin and end in a text, whatever their capitals and spaces."""
    return [match.span() for match in _MARKED.finditer(text)]


# --- comments ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comment:
    """A comment of Word, with the paragraph that it is on.

    Attributes
    ----------
    author, text : str
    paragraph : element
        Nothing where no paragraph shows it.
    resolved : bool
        Whether it is marked as resolved.
    reply : bool
        Whether it answers another one.
    """

    author: str
    text: str
    paragraph: Any
    resolved: bool
    reply: bool


def find_comments(document: Document) -> list[Comment]:
    """Return the comments in a file, in their order there."""
    places = {}
    for tag in ("w:commentReference", "w:commentRangeStart"):
        for anchor in document.element.body.iter(qn(tag)):
            places[anchor.get(qn("w:id"))] = _find_paragraph(anchor)
    extended = {
        item.get(f"{_LATER}paraId"): item
        for part in list_parts(document, "commentsExtended")
        for item in part.iter(f"{_LATER}commentEx")
    }
    found = []
    for comment in (item for part in list_parts(document, "comments") for item in part.iter(qn("w:comment"))):
        paragraphs = list(comment.iter(qn("w:p")))
        more = extended.get(paragraphs[-1].get(_ID)) if paragraphs else None
        done = more is not None and more.get(f"{_LATER}done") in ("1", "true", "on")
        reply = more is not None and more.get(f"{_LATER}paraIdParent") in extended
        text = " ".join(" ".join(read_text(paragraph) for paragraph in paragraphs).split())
        place = places.get(comment.get(qn("w:id")))
        found.append(Comment(comment.get(qn("w:author"), ""), text, place, done, reply))
    return found


def _find_paragraph(anchor: Any) -> Any:
    """Return the paragraph of an anchor; one may also stand between paragraphs, before its own."""
    for parent in anchor.iterancestors(qn("w:p")):
        return parent
    return next(anchor.itersiblings(qn("w:p")), None)
