"""How the paper looks in Word: styles, numbering, margins and language, put into a document of ours or a council's."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from lxml import etree

from mapping.errors import MappingError, UnknownNameError

__all__ = ["DRAFTED", "GAP_STYLE", "LABEL_STYLE", "ROLES", "dress", "name_style", "order_properties"]

INK, MUTED, MAIN = RGBColor(0x0B, 0x0C, 0x0C), RGBColor(0x59, 0x59, 0x59), RGBColor(0x12, 0x43, 0x6D)
_FONT, _SIZE, _MARGIN = "Arial", 12.0, 2.54
_INDENT, _SUB_INDENT = 1.25, 2.15
LABEL_STYLE, GAP_STYLE = "Machine Draft Label", "Officer Gap"
#: The style of each role; with ``drafted`` where it was written from the tables.
ROLES = {
    "title": "Title", "heading": "Heading 1", "heading-2": "Heading 2", "appendix": "Appendix Heading",
    "paragraph": "Report Paragraph", "sub": "Report Subparagraph", "appendix-paragraph": "Appendix Paragraph",
    "plain": "Report Text", "details": "Report Details", "draft-line": "Draft Line", "caption": "Caption",
    "note": "Change Note",
}  # fmt: skip
DRAFTED = {
    "paragraph": "Machine Draft", "sub": "Machine Draft Subparagraph", "appendix-paragraph": "Machine Draft Appendix",
}  # fmt: skip
_LISTS = {
    "Report": (
        ("decimal", "", "nothing", "Heading 1", 0.0, 0.0),
        ("decimal", "%1.%2", "tab", "Report Paragraph", _INDENT, _INDENT),
        ("lowerLetter", "%3)", "tab", "Report Subparagraph", _SUB_INDENT, _SUB_INDENT - _INDENT),
    ),
    "Appendix": (
        ("upperLetter", "Appendix %1:", "space", "Appendix Heading", 0.0, 0.0),
        ("decimal", "%1.%2", "tab", "Appendix Paragraph", _INDENT, _INDENT),
    ),
}


def name_style(role: str, drafted: bool = False) -> str:
    """Return the name of the style of a role."""
    return DRAFTED.get(role, ROLES[role]) if drafted else ROLES[role]


def dress(document: Document, language: str, styles: dict[str, str], *, plain: bool) -> None:
    """Put our styles, numbering and language into a document.

    Parameters
    ----------
    document : Document
    language : str
        As en-GB.
    styles : dict
        What a council's own file calls our styles, by role: ours are then based on those.
    plain : bool
        Whether the document is ours, so that font, sizes and margins are set too; a council's own are kept.
    """
    if plain:
        _set_page(document)
        _set_fonts(document)
    _set_language(document, language)
    _add_builtin(document, styles, plain=plain)
    _add_own(document, styles)
    _add_table_style(document)
    _add_numbering(document)
    for style in document.styles.element.iter(qn("w:pPr")):
        order_properties(style)


def _set_page(document: Document) -> None:
    for section in document.sections:
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN)
        section.header_distance = section.footer_distance = Cm(1.25)


def _set_fonts(document: Document) -> None:
    """Set Arial everywhere: theme fonts would win over it in headings, so they are taken out."""
    for fonts in list(document.styles.element.iter(qn("w:rFonts"))):
        fonts.getparent().remove(fonts)
    defaults = _find_defaults(document)
    named = " ".join(f'w:{kind}="{_FONT}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
    defaults.insert(0, parse_xml(f"<w:rFonts {nsdecls('w')} {named}/>"))
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(_SIZE)
    normal.font.color.rgb = INK
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _find_defaults(document: Document) -> Any:
    """Return the run properties of the document defaults, made where they are missing."""
    root = document.styles.element
    defaults = root.find(qn("w:docDefaults"))
    if defaults is None:
        defaults = parse_xml(f"<w:docDefaults {nsdecls('w')}/>")
        root.insert(0, defaults)
    run = defaults.find(qn("w:rPrDefault"))
    if run is None:
        run = parse_xml(f"<w:rPrDefault {nsdecls('w')}/>")
        defaults.insert(0, run)
    properties = run.find(qn("w:rPr"))
    if properties is None:
        properties = parse_xml(f"<w:rPr {nsdecls('w')}/>")
        run.append(properties)
    return properties


def _set_language(document: Document, language: str) -> None:
    normal = document.styles["Normal"].element.get_or_add_rPr()
    for properties in (_find_defaults(document), normal):
        lang = properties.find(qn("w:lang"))
        if lang is None:
            lang = parse_xml(f"<w:lang {nsdecls('w')}/>")
            properties.append(lang)
        lang.set(qn("w:val"), language)


# --- styles ------------------------------------------------------------------------------------------------


def _get(document: Document, name: str, base: str = "Normal", kind: Any = WD_STYLE_TYPE.PARAGRAPH) -> Any:
    """Return a style by its name, added where it is missing."""
    known = {style.name: style for style in document.styles if style.type == kind}
    if name in known:
        return known[name]
    if name in [style.name for style in document.styles]:
        wanted = "paragraph" if kind == WD_STYLE_TYPE.PARAGRAPH else "character"
        raise MappingError(
            f"House style: its style '{name}' is not a {wanted} style, and the paper needs one of that name. "
            "Rename it in the council's file, or delete it there."
        )
    style = document.styles.add_style(name, kind)
    if kind == WD_STYLE_TYPE.PARAGRAPH:
        style.base_style = document.styles[base]
    style.quick_style = True
    return style


def _add_builtin(document: Document, styles: dict[str, str], *, plain: bool) -> None:
    title, caption = _get(document, "Title"), _get(document, "Caption")
    headings = [_get(document, f"Heading {n}") for n in (1, 2)]
    for n, heading in enumerate(headings):
        _set_outline(heading, n)
        heading.paragraph_format.keep_with_next = True
    for style, role in ((title, "title"), (headings[0], "heading"), (caption, "caption")):
        if role in styles:
            style.base_style = _need(document, styles[role], role)
    caption.paragraph_format.keep_with_next = True
    if not plain:
        return
    for style, size, before, after in (
        (title, 18, 6, 6), (headings[0], 13, 10, 4), (headings[1], 12, 10, 4), (caption, 10, 6, 4),
    ):  # fmt: skip
        style.font.size, style.font.bold, style.font.italic, style.font.color.rgb = Pt(size), True, False, INK
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        _drop(style, "w:pBdr", "w:spacing-run", "w:contextualSpacing")
    # The name of a table or figure is bold by its run; what follows it is not.
    caption.font.bold = False
    title.font.color.rgb = headings[0].font.color.rgb = MAIN


def _need(document: Document, name: str, role: str) -> Any:
    known = [style.name for style in document.styles if style.type == WD_STYLE_TYPE.PARAGRAPH]
    if name not in known:
        raise UnknownNameError(f"House style: the style for '{role}'", name, [str(style) for style in known])
    return document.styles[name]


def _drop(style: Any, *tags: str) -> None:
    """Take the border, and the spacing and kerning of letters, out of a built-in style."""
    for tag in tags:
        name = qn(tag.removesuffix("-run"))
        own = style.element.rPr if tag.endswith("-run") else style.element.pPr
        for element in own.findall(name) if own is not None else []:
            own.remove(element)


def _set_outline(style: Any, level: int) -> None:
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:outlineLvl")):
        properties.remove(old)
    properties.append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{level}"/>'))


def _add_own(document: Document, styles: dict[str, str]) -> None:
    bases = {
        "paragraph": "Normal", "sub": "Normal", "plain": "Normal", "details": "Normal", "draft-line": "Normal",
        "appendix": "Heading 1", "appendix-paragraph": "Normal",
    }  # fmt: skip
    for role, base in bases.items():
        chosen = styles.get(role, base)
        if chosen != base:
            _need(document, chosen, role)
        _get(document, ROLES[role], chosen)
    for role, name in DRAFTED.items():
        style = _get(document, name, ROLES[role])
        style.element.get_or_add_pPr().append(_make_border())
    _space(document)
    table = _get(document, "Table Text")
    table.font.size = Pt(10)
    table.paragraph_format.space_before = table.paragraph_format.space_after = Pt(2)
    note = _get(document, "Change Note")
    note.font.size, note.font.bold = Pt(10), True
    note.paragraph_format.left_indent = Cm(_INDENT)
    label = _get(document, LABEL_STYLE, kind=WD_STYLE_TYPE.CHARACTER)
    label.font.size, label.font.color.rgb, label.font.bold, label.font.italic = Pt(8), MUTED, False, False
    gap = _get(document, GAP_STYLE, kind=WD_STYLE_TYPE.CHARACTER)
    gap.element.get_or_add_rPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="FFF2CC"/>')
    )


def _space(document: Document) -> None:
    document.styles["Report Details"].paragraph_format.space_after = Pt(2)
    line = document.styles["Draft Line"]
    line.font.size, line.font.bold = Pt(10), True
    line.element.get_or_add_pPr().append(
        parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="6" w:space="4" w:color="595959"/>'
            '<w:bottom w:val="single" w:sz="6" w:space="4" w:color="595959"/></w:pBdr>'
        )
    )
    document.styles["Report Subparagraph"].paragraph_format.space_after = Pt(4)
    document.styles["Report Text"].paragraph_format.keep_with_next = True
    heading = document.styles["Appendix Heading"]
    heading.paragraph_format.page_break_before = True
    _set_outline(heading, 0)


def _make_border() -> Any:
    """Return the border that marks a drafted paragraph, at its left."""
    return parse_xml(f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="18" w:space="8" w:color="12436D"/></w:pBdr>')


def _add_table_style(document: Document) -> None:
    if "Report Table" in [style.name for style in document.styles]:
        return
    rule = '<w:{} w:val="single" w:sz="4" w:space="0" w:color="BFBFBF"/>'
    rules = "".join(rule.format(side) for side in ("top", "bottom", "insideH"))
    document.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportTable">'
            '<w:name w:val="Report Table"/><w:uiPriority w:val="59"/>'
            f"<w:tblPr><w:tblBorders>{rules}</w:tblBorders><w:tblCellMar>"
            '<w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
            '<w:tcBorders><w:bottom w:val="single" w:sz="12" w:space="0" w:color="12436D"/></w:tcBorders>'
            '<w:shd w:val="clear" w:color="auto" w:fill="E8F0F7"/></w:tcPr></w:tblStylePr></w:style>'
        )
    )


# --- numbering ---------------------------------------------------------------------------------------------


def _add_numbering(document: Document) -> None:
    """Link each level of our two lists to its style, so that Word renumbers when an officer adds a paragraph."""
    root = document.part.numbering_part.element
    taken = [int(item.get(qn("w:abstractNumId"))) for item in root.findall(qn("w:abstractNum"))]
    numbers = [int(item.get(qn("w:numId"))) for item in root.findall(qn("w:num"))]
    first = root.find(qn("w:num"))
    for n, (name, levels) in enumerate(_LISTS.items()):
        abstract, number = max(taken, default=0) + 1 + n, max(numbers, default=0) + 1 + n
        element = _make_list(document, name, levels, abstract, n)
        if first is None:
            root.append(element)
        else:
            first.addprevious(element)
        root.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{abstract}"/></w:num>')
        )
        for level, (*_, style, _, _) in enumerate(levels):
            _number_style(document.styles[str(style)], number, level)


def _make_list(document: Document, name: str, levels: Any, abstract: int, place: int) -> Any:
    lines = []
    for level, (form, text, after, style, indent, hanging) in enumerate(levels):
        left, back = round(indent * 567), round(hanging * 567)
        # The style may stand under another id in a council's own file.
        lines.append(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:pStyle w:val="{document.styles[style].style_id}"/><w:suff w:val="{after}"/><w:lvlText w:val="{text}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{back}"/></w:pPr></w:lvl>'
        )
    return parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract}"><w:nsid w:val="4D5043{place:02d}"/>'
        f'<w:multiLevelType w:val="multilevel"/><w:tmpl w:val="4D5044{place:02d}"/><w:name w:val="{name} numbering"/>'
        f"{''.join(lines)}</w:abstractNum>"
    )


def _number_style(style: Any, number: int, level: int) -> None:
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:numPr")):
        properties.remove(old)
    level_element = f'<w:ilvl w:val="{level}"/>' if level else ""
    element = parse_xml(f'<w:numPr {nsdecls("w")}>{level_element}<w:numId w:val="{number}"/></w:numPr>')
    properties.append(element)
    order_properties(properties)


#: The order in which Word wants the children of w:pPr.
_ORDER = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers",
    "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct",
    "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing",
    "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl",
    "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
)  # fmt: skip


def order_properties(properties: Any) -> None:
    """Put the children of a paragraph's properties into the order that Word asks for."""
    place = {name: n for n, name in enumerate(_ORDER)}
    children = sorted(properties, key=lambda child: place.get(etree.QName(child).localname, len(_ORDER)))
    for child in children:
        properties.append(child)
