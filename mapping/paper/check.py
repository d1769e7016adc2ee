"""Whether a paper is ready: no gap and no mark is left, and people who listen to it find their way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from docx.document import Document
from docx.oxml.ns import qn

from mapping.errors import DataError, Problem
from mapping.paper.marks import find_comments, find_marked, list_paragraphs, number_paragraphs, read_text
from mapping.paper.package import is_header, list_parts, open_document
from mapping.paper.styles import GAP_STYLE

__all__ = ["check_paper", "find_marks"]

_SHOWN = 90
_KINDS = {"o": "gap", "d": "draft", "f": "change"}
_STRUCK = {qn("w:del"), qn("w:moveFrom")}
#: Parts beside the body into which a paragraph may be pasted.
_OUTSIDE = {
    "in the header": "header", "in the footer": "footer", "in the footnotes": "footnotes",
    "in the endnotes": "endnotes",
}  # fmt: skip


def check_paper(path: str | Path) -> None:
    """Refuse a paper as final while a gap or a mark is left in it, or its structure is not sound.

    Raises
    ------
    DataError
        With every gap, mark and fault of structure, and the number of its paragraph.
    MappingError
        When the file is no Word file.

    Examples
    --------
    >>> check_paper("no-such-paper.docx")
    Traceback (most recent call last):
    mapping.errors.MappingError: no-such-paper.docx: cannot be read (No such file or directory).
    """
    marks = find_marks(path)
    if len(marks):
        name = Path(path).name
        raise DataError(
            Problem(name, f"{kind}: {text}", column=paragraph)
            for paragraph, kind, text in marks[["paragraph", "kind", "text"]].itertuples(index=False, name=None)
        )


def find_marks(path: str | Path) -> pd.DataFrame:
    """Find what keeps a paper from being final.

    Returns
    -------
    DataFrame
        One row per gap, mark or fault, in the order of the paper: ``paragraph``, its number as Word shows it;
        ``kind``: gap, colour (no gap any more, but still coloured as one), draft, change, tracked change, comment, or
        structure; ``text``. Header, footer and notes stand after the body.
    """
    document = open_document(path)
    numbers = number_paragraphs(document)
    styles = {style.style_id: str(style.name) for style in document.styles}
    rows = [row for p in list_paragraphs(document) for row in _read_marks(p, styles, numbers[p])]
    for where, kind in _OUTSIDE.items():
        paragraphs = [p for part in list_parts(document, kind) for p in part.iter(qn("w:p"))]
        # Sections may share a header, or each have one of its own with the same words.
        rows += dict.fromkeys(row for p in paragraphs for row in _read_marks(p, styles, where))
    rows += _list_comments(document, numbers)
    rows += [("whole paper", "structure", fault) for fault in _check_whole(document)]
    rows += [(_find_number(numbers, element), "structure", fault) for element, fault in _check_parts(document)]
    return pd.DataFrame(rows, columns=["paragraph", "kind", "text"])


def _read_marks(paragraph: Any, styles: dict[str, str], where: str) -> list[tuple[str, str, str]]:
    text = read_text(paragraph)
    rows = []
    for start, end in find_marked(text):
        kind = _KINDS[text[start + 1 : end].lstrip()[0].casefold()]
        rest = (text[:start] + text[end:]).strip()
        rows.append((where, kind, text[start:end] if kind != "draft" else _shorten(rest)))
    if left := _find_coloured(paragraph, styles):
        rows.append((where, "colour", f"still coloured as a gap: select it and press Ctrl+Space: {_shorten(left)}"))
    named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    style = styles.get(named.get(qn("w:val")), "") if named is not None else ""
    if style == "Draft Line" and text.strip():
        rows.append((where, "draft", f"the first line still says: {_shorten(text)}"))
    elif style.startswith("Machine Draft") and text.strip() and not any(kind == "draft" for _, kind, _ in rows):
        rows.append((where, "draft", f"the label is gone, but the style is still '{style}': {_shorten(text)}"))
    if any(next(paragraph.iter(qn(tag)), None) is not None for tag in ("w:ins", "w:del", "w:moveFrom", "w:moveTo")):
        rows.append((where, "tracked change", f"accept or reject it: {_shorten(text)}"))
    return rows


def _find_coloured(paragraph: Any, styles: dict[str, str]) -> str:
    """Return the text that has the style of a gap and stands in none: a gap may be spread over several runs."""
    text, coloured = "", ""
    for run in paragraph.iter(qn("w:r")):
        if any(parent.tag in _STRUCK for parent in run.iterancestors()):
            continue
        named = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
        is_gap = named is not None and styles.get(named.get(qn("w:val"))) == GAP_STYLE
        piece = read_text(run)
        text += piece
        coloured += ("x" if is_gap else " ") * len(piece)
    for start, end in find_marked(text):
        coloured = coloured[:start] + " " * (end - start) + coloured[end:]
    return "".join(letter for letter, mark in zip(text, coloured, strict=True) if mark == "x").strip()


def _list_comments(document: Document, numbers: dict[Any, str]) -> list[tuple[str, str, str]]:
    """Return the comments that wait for an answer; replies belong to the comment that they answer."""
    return [
        (
            _find_number(numbers, comment.paragraph), "comment",
            f"resolve or delete it: {comment.author or 'no name'}: {_shorten(comment.text)}",
        )
        for comment in find_comments(document)
        if comment.paragraph is not None and not comment.resolved and not comment.reply
    ]  # fmt: skip


def _shorten(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN].rsplit(' ', 1)[0]} ..."


def _find_number(numbers: dict[Any, str], element: Any) -> str:
    for item in [element, *element.iterancestors(), *element.iter(qn("w:p"))]:
        if item in numbers:
            return numbers[item]
    return "whole paper"


# --- structure ---------------------------------------------------------------------------------------------


def _check_whole(document: Document) -> list[str]:
    faults = []
    if not (document.core_properties.title or "").strip():
        faults.append("the file has no title; write one under File, Info.")
    if not any(lang.get(qn("w:val")) for lang in document.styles.element.iter(qn("w:lang"))):
        faults.append("no language is set; choose one under Review, Language.")
    for part in [relation.target_part for relation in document.part.rels.values() if is_header(relation)]:
        faults += [f"in the header or footer, {fault}" for _, fault in _check_pictures(part.element)]
    return list(dict.fromkeys(faults))


def _check_parts(document: Document) -> list[tuple[Any, str]]:
    body = document.element.body
    faults = _check_pictures(body)
    for table in body.iter(qn("w:tbl")):
        if table.find(f"{qn('w:tr')}/{qn('w:trPr')}/{qn('w:tblHeader')}") is None:
            faults.append((table, "a table has no header row; choose Repeat Header Rows."))
    last = 0
    for paragraph, level in _list_headings(document):
        if level > last + 1:
            faults.append((paragraph, f"a heading of level {level} follows one of level {last}."))
        last = level
    for paragraph in body.iterchildren(qn("w:p")):
        if _is_empty(paragraph):
            faults.append((paragraph, "an empty paragraph; use the spacing of the style instead."))
    return faults


def _check_pictures(root: Any) -> list[tuple[Any, str]]:
    return [
        (picture, f"the picture '{picture.get('name', '')}' has no alternative text.")
        for picture in root.iter(qn("wp:docPr"))
        if not (picture.get("descr") or "").strip()
    ]


def _list_headings(document: Document) -> list[tuple[Any, int]]:
    levels = {style.style_id: _find_level(style) for style in document.styles}
    found = []
    for paragraph in list_paragraphs(document):
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        level = levels.get(style.get(qn("w:val")), 0) if style is not None else 0
        if level:
            found.append((paragraph, level))
    return found


def _find_level(style: Any) -> int:
    """Return the level of a heading style, 0 for any other; styles inherit it."""
    for _ in range(20):
        outline = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if outline is not None:
            value = int(outline.get(qn("w:val")))
            return value + 1 if value < 9 else 0
        style = getattr(style, "base_style", None)
        if style is None:
            return 0
    return 0


def _is_empty(paragraph: Any) -> bool:
    kept = ("w:drawing", "w:pict", "w:object", "w:sectPr", "w:br", "w:fldChar", "w:fldSimple", "m:oMath")
    return not read_text(paragraph).strip() and all(next(paragraph.iter(qn(tag)), None) is None for tag in kept)
