"""A council's house style: styles, margins, header and footer of its own Word file, and nothing that acts by itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from mapping.errors import MappingError
from mapping.paper.package import is_header, open_document, unpack

__all__ = ["open_house_style"]

#: What is taken over, by the last word of the kind of relation; all else (macros, embedded files, links) stays behind.
_KEPT = {
    "officeDocument", "styles", "numbering", "fontTable", "theme", "header", "footer", "image", "core-properties",
    "extended-properties",
}  # fmt: skip
#: Fields that only count or repeat; any other field in a header is left as the text it last showed.
_FIELDS = {"PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "STYLEREF", "TITLE"}
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LIVE = ("w:object", "w:control", "w:altChunk", "w:sdt", "w:pict", "w:drawing")


def open_house_style(path: str | Path) -> Document:
    """Open a council's file and return it without its text: its styles, page and headers alone.

    Raises
    ------
    MappingError
        When it is no Word file that can be used; the message says what would be.
    """
    parts = unpack(path)
    document = open_document(path, {name: _clean_part(name, content) for name, content in parts.items()})
    _empty_body(document)
    for part in [document.part, *(r.target_part for r in document.part.rels.values() if is_header(r))]:
        _drop_live(part.element, set(part.rels))
    if "Normal" not in [style.name for style in document.styles]:
        raise MappingError(f"{path}: has no style 'Normal', so it is no house style. Save it in Word again.")
    return document


def _clean_part(name: str, content: bytes) -> bytes:
    """Return a list of relations without those that lead outside, or to what is not taken over."""
    if not name.endswith(".rels"):
        return content
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    for relation in list(root):
        kind = str(relation.get("Type", "")).rsplit("/", 1)[-1]
        if relation.get("TargetMode") == "External" or kind not in _KEPT:
            root.remove(relation)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _empty_body(document: Document) -> None:
    """Take the text out and keep one section: the last one, with the headers that it inherits."""
    body = document.element.body
    sections = list(body.iter(qn("w:sectPr")))
    if not sections:
        return
    last = sections[-1]
    for kind in ("w:footerReference", "w:headerReference"):
        if last.find(qn(kind)) is None:
            for earlier in reversed(sections[:-1]):
                for reference in reversed(earlier.findall(qn(kind))):
                    last.insert(0, reference)
                if last.find(qn(kind)) is not None:
                    break
    for child in list(body):
        body.remove(child)
    body.append(last)


def _drop_live(root: Any, known: set[str]) -> None:
    """Take out of a part what would act, or points to what was left behind."""
    for link in list(root.iter(qn("w:hyperlink"))):
        _unwrap(link)
    for field in list(root.iter(qn("w:fldSimple"))):
        if not _is_counting(field.get(qn("w:instr"), "")):
            _unwrap(field)
    _still_fields(root)
    for tag in _LIVE:
        for element in list(root.iter(qn(tag))):
            if element.getparent() is None:
                continue
            if tag in ("w:object", "w:control", "w:altChunk") or (
                tag in ("w:pict", "w:drawing") and _points_nowhere(element, known)
            ):
                element.getparent().remove(element)


def _still_fields(root: Any) -> None:
    """Stop the long form of fields: the text they last showed stays, their instruction goes."""
    depth: list[list[Any]] = []
    for run in list(root.iter(qn("w:r"))):
        for char in run.findall(qn("w:fldChar")):
            kind = char.get(qn("w:fldCharType"))
            if kind == "begin":
                depth.append([])
            if depth:
                depth[-1].append(char)
            if kind == "end" and depth:
                _still(depth.pop())
        for code in run.findall(qn("w:instrText")):
            if depth:
                depth[-1].append(code)
    for field in depth:
        _still(field)


def _still(field: list[Any]) -> None:
    if not _is_counting("".join(item.text or "" for item in field if item.tag == qn("w:instrText"))):
        for item in field:
            item.getparent().remove(item)


def _is_counting(code: str) -> bool:
    word = re.match(r"\s*(\w+)", code)
    return bool(word and word[1].upper() in _FIELDS)


def _unwrap(element: Any) -> None:
    for child in list(element):
        element.addprevious(child)
    element.getparent().remove(element)


def _points_nowhere(element: Any, known: set[str]) -> bool:
    """Return whether any relation that an element names was left behind, or leads outside."""
    for item in element.iter():
        for name, value in item.attrib.items():
            if str(name).startswith(f"{{{_RELATIONS}}}") and value not in known:
                return True
    return False
