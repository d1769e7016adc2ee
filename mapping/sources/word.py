"""Word documents: headings, items with the numbers Word prints, paragraphs, tables, notes and text boxes.

A Word file has no pages: where a page ends depends on the printer and the fonts of the machine that shows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from mapping.sources.gathering import Gathering
from mapping.sources.limits import DEEPEST
from mapping.sources.marks import number_depth, part_lines, raise_number, split_mark, squeeze
from mapping.sources.numbering import Numbering, Styles, find, local, value
from mapping.sources.package import Package
from mapping.sources.refusals import RefusedError
from mapping.sources.word_lines import SKIPPED, Line, join, join_wrapped, read_line

__all__ = ["read"]

_LONGEST_HEADING = 90
_UNREAD = {
    "chart": "a chart", "chartEx": "a chart", "diagramData": "a diagram (SmartArt)", "oleObject": "an embedded object",
    "package": "an embedded file", "aFChunk": "an inserted document", "control": "a form control",
    "attachedTemplate": "", "subDocument": "a linked chapter",
}  # fmt: skip


def read(data: bytes, name: str, gathering: Gathering) -> None:
    """Read a Word document."""
    package = Package(data)
    main = next(
        (one.target for one in package.relate("").values() if one.kind == "officeDocument" and not one.outside), ""
    )
    if main not in package.names:
        main = "word/document.xml"
    _Reader(package, main, gathering).read()


class _Reader:
    """One pass over the main part, in reading order."""

    def __init__(self, package: Package, main: str, gathering: Gathering) -> None:
        self.package, self.main, self.gathering = package, main, gathering
        self.relations = package.relate(main)
        self.styles = Styles(package.parse(self._part("styles")) if self._part("styles") else None)
        numbers = self._part("numbering")
        self.numbering = Numbering(package.parse(numbers) if numbers else None, self.styles)
        self.notes: dict[str, dict[str, Any]] = {}
        self.told: Counter[str] = Counter()
        self.table = 0
        self.heading = 0
        self.noted = 0
        self.deep = 0  # within how many tables one is
        self.waiting: list[tuple[str, str]] = []  # notes of a table, which stand after it

    def _part(self, kind: str) -> str:
        return next((one.target for one in self.relations.values() if one.kind == kind and not one.outside), "")

    def read(self) -> None:
        root = self.package.parse(self.main, needed=True)
        body = find(root, "body")
        if body is None:
            raise RefusedError("E-DAMAGED", "holds no text part. Open it in Word, save it anew, and give that.")
        self._read_facts()
        for kind in ("footnotes", "endnotes"):
            if part := self._part(kind):
                found = self.package.parse(part)
                self.notes[kind] = {value(note, "id"): note for note in found} if found is not None else {}
        self._read_blocks(body, 0)
        self._read_furniture()
        self._warn()
        if not self.gathering.rows:
            what = "pictures only" if any(one.kind == "image" for one in self.relations.values()) else "no words"
            message = f"holds {what}. If it is a scan, have its text recognised (OCR) and give that."
            raise RefusedError("E-NO-TEXT", message)

    def _read_facts(self) -> None:
        self.gathering.language = self.styles.language
        for one in self.package.relate("").values():
            if one.kind == "core-properties" and not one.outside:
                core = self.package.parse(one.target)
                for element in core if core is not None else ():
                    if local(element) == "title":
                        self.gathering.title = squeeze(element.text or "")
                    elif local(element) == "language":
                        self.gathering.language = squeeze(element.text or "") or self.gathering.language

    # --- blocks --------------------------------------------------------------------------------------------

    def _read_blocks(self, parent: Any, depth: int) -> None:
        for block in _list_blocks(parent):
            if local(block) == "p":
                self._read_paragraph(block, depth)
            else:
                self._read_table(block, depth)

    def _read_paragraph(self, paragraph: Any, depth: int) -> None:
        line = read_line(paragraph, self.told)
        lines = self._cut(paragraph, line)
        bare = len(lines) > 2 and not any(split_mark(one.text.strip(" \t"))[0] for one in lines)
        for at, one in enumerate(lines):
            leads = not at and (one.bold or one.text.rstrip(" :–-") != one.text.rstrip())
            if not at and (leads or not bare):
                self._add(paragraph, one)
            else:
                self._add_line(one, listed=bare)
        self._add_hanging(line, depth)

    def _cut(self, paragraph: Any, line: Line) -> list[Line]:
        """Cut a paragraph at its soft returns where they part the lines of a list, and not within a heading."""
        lines = [one for one in line.lines if one.text.strip()]
        style = self.styles.find(value(find(paragraph, "pPr", "pStyle")) or self.styles.default)
        if len(lines) < 2 or style.outline or line.bold:
            return [line]
        rows = self.gathering.rows
        listed = (bool(rows) and rows[-1][0] == "heading") or lines[0].bold
        # A first line in bold over others is their heading.
        rest = lines[1:] if lines[0].bold else lines
        if part_lines([squeeze(one.text) for one in rest], listed=listed):
            return join_wrapped(lines)
        return [lines[0], join(rest)] if lines[0].bold and _is_short(squeeze(lines[0].text)) else [line]

    def _add_line(self, line: Line, *, listed: bool) -> None:
        """Add a line after a soft return: an item if a mark begins it, or where all are items without marks."""
        text = line.text.strip(" \t\n")
        mark, rest = split_mark(text, lost=True)
        if (mark and rest) or listed:
            self.gathering.add_item(squeeze(rest if mark else text), number=mark)
        else:
            self.gathering.add_paragraph(squeeze(text))

    def _add_hanging(self, line: Line, depth: int) -> None:
        if depth > DEEPEST // 10:
            raise RefusedError("E-DAMAGED", "has text boxes or tables within one another, deeper than any document.")
        for box in line.boxes:
            self._read_blocks(box, depth + 1)
        for kind, name in line.notes:
            note = self.notes.get(kind, {}).pop(name, None)
            if note is not None:
                self._add_note(note)

    def _add_note(self, note: Any) -> None:
        """Add a footnote or endnote, its number raised as it is printed; those of a table come after it."""
        self.noted += 1
        for paragraph in _list_blocks(note):
            text, number = squeeze(read_line(paragraph, self.told).text), raise_number(self.noted)
            if self.deep:
                self.waiting.append((text, number))
            else:
                self.gathering.add_paragraph(text, number=number)

    def _mark(self, paragraph: Any) -> tuple[str, int, bool, Any]:
        """Return the number that Word prints, the level of the list, whether there is a list, and the style."""
        properties = find(paragraph, "pPr")
        name = value(find(properties, "pStyle")) or self.styles.default
        style = self.styles.find(name)
        listed = find(properties, "numPr")
        number = value(find(listed, "numId")) or style.number
        level = value(find(listed, "ilvl")) or style.level
        if not number or number == "0":
            return "", 0, False, style
        mark, depth, bullet = self.numbering.count(number, level, name)
        return mark, depth, bool(mark) or bullet, style

    def _add(self, paragraph: Any, line: Line) -> None:
        text = squeeze(line.text)
        if not text:
            return
        mark, depth, listed, style = self._mark(paragraph)
        own = value(find(paragraph, "pPr", "outlineLvl"))
        outline = int(own) + 1 if own.isdecimal() and int(own) < 9 else (0 if own else style.outline)
        if style.name.startswith(("toc ", "table of figures")):
            self.gathering.add_furniture(text)
            return
        typed, rest = split_mark(line.text.strip(" \t\n"), lost=style.name.startswith("list"))
        if not mark and typed and rest:
            mark, text, depth = typed, squeeze(rest), 1
        if outline:
            self.heading = outline
            self.gathering.add_heading(text, outline, number=mark)
        elif listed or mark or style.name.startswith(("list bullet", "list number")):
            if line.bold and number_depth(mark) and _is_short(text):
                self.gathering.add_heading(text, self.heading + 1, number=mark)
            else:
                self.gathering.add_item(text, depth, number=mark or "•")
        elif line.bold and _is_short(text):
            self.gathering.add_heading(text, self.heading + 1)
        else:
            self.gathering.add_paragraph(text)

    def _read_table(self, table: Any, depth: int) -> None:
        if depth > DEEPEST // 10:
            raise RefusedError("E-DAMAGED", "has tables within one another, deeper than any document.")
        self.table += 1
        self.deep += 1
        number = self.table
        for row, line in enumerate(_list_rows(table), start=1):
            column = 1 + _count(value(find(line, "trPr", "gridBefore")))
            for cell in _list_cells(line):
                self.gathering.count_cells(1)
                self._read_cell(cell, (number, row, column), depth)
                column += max(1, _count(value(find(cell, "tcPr", "gridSpan"))))
        self.deep -= 1
        if not self.deep:
            for text, mark in self.waiting:
                self.gathering.add_paragraph(text, number=mark)
            self.waiting = []

    def _read_cell(self, cell: Any, place: tuple[int, int, int], depth: int) -> None:
        for block in _list_blocks(cell):
            if local(block) == "tbl":
                self._read_table(block, depth + 1)
                continue
            line = read_line(block, self.told)
            lines = [one for one in line.lines if one.text.strip()]
            parts = part_lines([squeeze(one.text) for one in lines], cell=True)
            for at, one in enumerate(join_wrapped(lines) if parts else [line]):
                self._add_cell(block if not at else None, one, place)
            self._add_hanging(line, depth + 1)

    def _add_cell(self, paragraph: Any, line: Line, place: tuple[int, int, int]) -> None:
        text = squeeze(line.text)
        if not text:
            return
        mark = self._mark(paragraph)[0] if paragraph is not None else ""
        typed, rest = split_mark(line.text.strip(" \t\n"))
        if not mark and typed and rest:
            mark, text = typed, squeeze(rest)
        self.gathering.add_cell(text, place, number=mark)

    # --- what stands apart ---------------------------------------------------------------------------------

    def _read_furniture(self) -> None:
        said = set()
        for one in list(self.relations.values()):
            if one.kind in ("header", "footer") and not one.outside:
                part = self.package.parse(one.target)
                for paragraph in part.iter() if part is not None else ():
                    text = squeeze(read_line(paragraph, self.told).text) if local(paragraph) == "p" else ""
                    if text and text not in said:
                        said.add(text)
                        self.gathering.add_furniture(text)
        left = [note for notes in self.notes.values() for note in notes.values() if not value(note, "type")]
        for note in left:
            self._add_note(note)

    def _warn(self) -> None:
        outside: Counter[str] = Counter()
        unread: Counter[str] = Counter()
        for relations in list(self.package.relations.values()):
            for one in relations.values():
                # A link that a reader may follow is no trap; one to a file or another machine's share may be.
                if one.outside and (one.kind != "hyperlink" or one.target.lower().startswith(("file:", "\\\\"))):
                    outside[one.kind] += 1
                elif _UNREAD.get(one.kind):
                    unread[_UNREAD[one.kind]] += 1
                elif one.kind == "comments":
                    comments = self.package.parse(one.target)
                    count = sum(1 for _ in comments) if comments is not None else 0
                    if count:
                        self.gathering.warn(f"has comments ({count}), which are not read.")
        if outside:
            listed = ", ".join(f"{kind} ({count})" for kind, count in sorted(outside.items()))
            self.gathering.warn(f"refers to things outside the file, which were not fetched: {listed[:300]}.")
        for what, count in sorted(unread.items()):
            self.gathering.warn(f"holds {what} ({count}) whose words are not read.")
        if self.told["del"]:
            self.gathering.warn("has tracked changes: what was inserted is read, what was deleted is not.")
        if self.told["vanish"]:
            self.gathering.warn("has hidden text, which is read like the rest.")
        if self.told["picture"]:
            what = f"holds pictures as large as a page ({self.told['picture']}), whose words are not read."
            self.gathering.warn(f"{what} If they are scans, have their text recognised (OCR).")
        if self.told["entity"]:
            self.gathering.warn("has entities in its text, which are left out.")


def _is_short(text: str) -> bool:
    return len(text) <= _LONGEST_HEADING and text[-1] not in ".;," and any(letter.isalpha() for letter in text)


def _count(text: str) -> int:
    return min(int(text), 1_000) if text.isdecimal() and len(text) < 6 else 0


def _list_blocks(parent: Any) -> Iterator[Any]:
    """Yield the paragraphs and tables in an element, through whatever wraps them."""
    stack = [iter(parent)]
    while stack:
        for child in stack[-1]:
            name = local(child)
            if name in ("p", "tbl"):
                yield child
            elif name and name not in SKIPPED:
                stack.append(iter(child))
                break
        else:
            stack.pop()


def _list_rows(table: Any) -> Iterator[Any]:
    yield from _list_named(table, "tr")


def _list_cells(row: Any) -> Iterator[Any]:
    yield from _list_named(row, "tc")


def _list_named(parent: Any, wanted: str) -> Iterator[Any]:
    for child in parent:
        name = local(child)
        if name == wanted:
            yield child
        elif name in ("sdt", "sdtContent", "ins", "customXml", "smartTag", "moveTo"):
            yield from _list_named(child, wanted)
