"""From the parts of a paper to a Word file: paragraphs, tables and pictures that read aloud, and the same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Emu

from mapping.files import replace_controls
from mapping.paper.blocks import LABEL, Block, Picture, Text, Wide
from mapping.paper.marks import name_mark
from mapping.paper.styles import GAP_STYLE, LABEL_STYLE, name_style

__all__ = ["Writer"]

_GAPS = re.compile(r"(\[Officer to write:[^\]]*\])")
_LETTERS = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]+"
_RIGHT_TO_LEFT = re.compile(f"({_LETTERS}(?:\\s+{_LETTERS})*)")
_SPACE_AFTER_TABLE = 160


class Writer:
    """Writes blocks into a document.

    Parameters
    ----------
    document : Document
        With the styles of ``dress``.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.ids = {style.name: style.style_id for style in document.styles}
        marks = document.element.body.iter(qn("w:bookmarkStart"))
        self._mark = max((int(mark.get(qn("w:id"), "0")) for mark in marks), default=0)
        section = document.sections[-1]
        self.width = int((section.page_width or Cm(21)) - (section.left_margin or 0) - (section.right_margin or 0))

    def append(self, blocks: Iterable[Block]) -> None:
        """Write blocks at the end of the body."""
        end = self.document.element.body.sectPr
        before: Block | None = None
        for block in blocks:
            end.addprevious(self.make(block, before))
            before = block

    def make(self, block: Block, before: Block | None = None) -> Any:
        """Return a block as an element; ``before`` is the block above it."""
        if isinstance(block, Wide):
            return self._make_table(block)
        if isinstance(block, Picture):
            return self._make_picture(block)
        assert isinstance(block, Text)  # noqa: S101 - there are three kinds
        return self._make_paragraph(block, after_table=isinstance(before, Wide))

    # --- paragraphs ---

    def _make_paragraph(self, block: Text, *, after_table: bool) -> Any:
        paragraph = self._start(name_style(block.role, block.drafted))
        if after_table and block.role not in ("heading", "heading-2", "appendix"):
            spacing = OxmlElement("w:spacing")
            spacing.set(qn("w:before"), str(_SPACE_AFTER_TABLE))
            paragraph.pPr.append(spacing)
        inside: list[Any] = []
        if block.drafted and block.role != "caption":
            inside += self._runs(f"{LABEL} ", LABEL_STYLE)
        if block.role == "caption":
            inside += self._caption_runs(block.fact.text)
        elif block.role == "details":
            label, _, rest = block.fact.text.partition(": ")
            inside += [*self._runs(f"{label}: ", bold=True), *self._gap_runs(rest)]
        else:
            inside += self._gap_runs(block.fact.text)
        if block.drafted and block.role == "caption":
            inside += self._runs(f" {LABEL}", LABEL_STYLE)
        for element in self._wrap(inside, block):
            paragraph.append(element)
        return paragraph

    def _start(self, style: str) -> Any:
        paragraph = OxmlElement("w:p")
        paragraph.get_or_add_pPr()
        named = OxmlElement("w:pStyle")
        named.set(qn("w:val"), self.ids[style])
        paragraph.pPr.append(named)
        return paragraph

    def _wrap(self, inside: list[Any], block: Block) -> list[Any]:
        """Return runs between the two ends of the block's hidden bookmark."""
        self._mark += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for element in (start, end):
            element.set(qn("w:id"), str(self._mark))
        start.set(qn("w:name"), name_mark(block.key, block.hash))
        return [start, *inside, end]

    def _gap_runs(self, text: str) -> list[Any]:
        runs: list[Any] = []
        for piece in filter(None, _GAPS.split(text)):
            runs += self._runs(piece, GAP_STYLE if _GAPS.fullmatch(piece) else "")
        return runs

    def _caption_runs(self, text: str) -> list[Any]:
        """Return a caption whose number is a field, so that Word can count captions again."""
        match = re.match(r"(Table|Figure) (\d+)(:.*?(?:\. |$))(.*)", text, flags=re.DOTALL)
        if match is None:
            return self._runs(text)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), f" SEQ {match[1]} \\* ARABIC ")
        for run in self._runs(match[2], bold=True):
            field.append(run)
        title = self._runs(match[3], bold=True)
        return [*self._runs(f"{match[1]} ", bold=True), field, *title, *self._runs(match[4])]

    def _runs(self, text: str, style: str = "", *, bold: bool = False) -> list[Any]:
        """Return runs for a text; right-to-left words are runs of their own, marked as such."""
        runs = []
        for n, piece in enumerate(_RIGHT_TO_LEFT.split(replace_controls(text))):
            if not piece:
                continue
            run = OxmlElement("w:r")
            properties = OxmlElement("w:rPr")
            if style:
                named = OxmlElement("w:rStyle")
                named.set(qn("w:val"), self.ids[style])
                properties.append(named)
            if bold:
                properties.append(OxmlElement("w:b"))
            if n % 2:
                properties.append(OxmlElement("w:rtl"))
            if len(properties):
                run.append(properties)
            for element in _split_lines(piece):
                run.append(element)
            runs.append(run)
        return runs

    # --- tables ---

    def _make_table(self, block: Wide) -> Any:
        table = OxmlElement("w:tbl")
        table.append(_describe_table(block, self.ids["Report Table"]))
        total = sum(block.widths)
        widths = [round(Emu(self.width).twips * share / total) for share in block.widths]
        grid = OxmlElement("w:tblGrid")
        for width in widths:
            column = OxmlElement("w:gridCol")
            column.set(qn("w:w"), str(width))
            grid.append(column)
        table.append(grid)
        table.append(self._make_row([self._runs(text, bold=True) for text in block.head], widths, head=block))
        for row in block.rows:
            table.append(self._make_row([self._gap_runs(cell.text) for cell in row], widths))
        return table

    def _make_row(self, cells: list[list[Any]], widths: list[int], head: Wide | None = None) -> Any:
        row = OxmlElement("w:tr")
        properties = OxmlElement("w:trPr")
        properties.append(OxmlElement("w:cantSplit"))
        if head is not None:
            properties.append(OxmlElement("w:tblHeader"))
        row.append(properties)
        for n, (inside, width) in enumerate(zip(cells, widths, strict=True)):
            cell = parse_xml(f'<w:tc {nsdecls("w")}><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr></w:tc>')
            paragraph = self._start("Table Text")
            if head is not None:
                paragraph.pPr.append(OxmlElement("w:keepNext"))
            for element in self._wrap(inside, head) if head is not None and n == 0 else inside:
                paragraph.append(element)
            cell.append(paragraph)
            row.append(cell)
        return row

    # --- pictures ---

    def _make_picture(self, block: Picture) -> Any:
        # The caption below says headline and subtitle, so the drawing does not say them again.
        image = block.chart.untitled().render("png")
        width = self.width
        inline = self.document.part.new_pic_inline(io.BytesIO(image), width=Emu(width))
        highest = Cm(block.highest)
        if inline.extent.cy > highest:
            width = round(width * highest / inline.extent.cy)
            inline = self.document.part.new_pic_inline(io.BytesIO(image), width=Emu(width))
        inline.docPr.set("descr", replace_controls(block.chart.alt))
        inline.docPr.set("name", block.chart.name)
        next(inline.iter(qn("pic:cNvPr"))).set("name", f"{block.chart.name}.png")
        paragraph = self._start("Report Text")
        run = OxmlElement("w:r")
        drawing = OxmlElement("w:drawing")
        drawing.append(inline)
        run.append(drawing)
        for element in self._wrap([run], block):
            paragraph.append(element)
        return paragraph


def _split_lines(text: str) -> Iterator[Any]:
    """Yield the text of a run; its line ends and tabs are elements of their own."""
    for piece in filter(None, re.split(r"(\r\n|\n|\r|\t)", text)):
        if piece == "\t":
            yield OxmlElement("w:tab")
        elif piece in ("\r\n", "\n", "\r"):
            yield OxmlElement("w:br")
        else:
            words = OxmlElement("w:t")
            words.text = piece
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            yield words


def _describe_table(block: Wide, style: str) -> Any:
    first = "1" if block.headed else "0"
    properties = parse_xml(
        f'<w:tblPr {nsdecls("w")}><w:tblStyle w:val="{style}"/><w:tblW w:w="5000" w:type="pct"/>'
        '<w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="{first}" w:lastColumn="0" w:noHBand="0" '
        'w:noVBand="1"/></w:tblPr>'
    )
    for tag, text in (("w:tblCaption", block.title), ("w:tblDescription", block.description)):
        element = OxmlElement(tag)
        element.set(qn("w:val"), replace_controls(text))
        properties.append(element)
    return properties
