"""Word documents: the numbers Word prints, tables, notes, boxes, furniture; nothing fetched, nothing lost unsaid."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from attack_files import docx_parts, paragraph, zip_parts

from mapping.sources.gathering import Gathering
from mapping.sources.reading import read_document
from mapping.sources.word import read

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def rel(kind: str, target: str) -> str:
    return f'<Relationship Id="{kind}" Type="{_R}/{kind}" Target="{target}"/>'


def numbered(text: str, level: int, number: int = 1) -> str:
    properties = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def level(place: int, form: str, text: str, more: str = "") -> str:
    looks = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{place}">{looks}</w:lvl>'


_NUMBERING = (
    f'<w:numbering {_W}><w:abstractNum w:abstractNumId="0">'
    + level(0, "decimal", "%1.")
    + level(1, "decimal", "%1.%2")
    + level(2, "lowerLetter", "%3)")
    + level(3, "upperRoman", "%1.%4", "<w:isLgl/>")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
    + level(0, "bullet", "\uf0b7")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="7"/></w:lvlOverride>'
    "</w:num></w:numbering>"
)


def gather(body: str, rels: str = "", **more: str) -> Gathering:
    gathering = Gathering()
    read(zip_parts(docx_parts(body, rels=rels, **more)), "a.docx", gathering)
    return gathering


def test_the_numbers_word_prints_are_counted_anew() -> None:
    body = "".join(
        [
            numbered("One", 0), numbered("Two", 0), numbered("Sub", 1), numbered("Sub", 1), numbered("Letter", 2),
            numbered("Letter", 2), numbered("Three", 0), numbered("Sub again", 1), numbered("Letter again", 2),
            numbered("Legal", 3), numbered("Bullet", 0, 2), numbered("Seven", 0, 3), numbered("Under seven", 1, 3),
        ]
    )  # fmt: skip
    gathering = gather(body, rel("numbering", "numbering.xml"), numbering=_NUMBERING)
    found = [(row[3], row[2]) for row in gathering.rows]
    assert found == [
        ("1.", 1), ("2.", 1), ("2.1", 2), ("2.2", 2), ("a)", 3), ("b)", 3), ("3.", 1), ("3.1", 2), ("a)", 3),
        ("3.1", 4),
        ("•", 1), ("7.", 1), ("7.1", 2),
    ]  # fmt: skip


def test_a_list_that_stands_in_a_style() -> None:
    styles = (
        f'<w:styles {_W}><w:style w:type="paragraph" w:styleId="Base"><w:name w:val="Numbered"/><w:pPr>'
        "<w:numPr>"
        '<w:numId w:val="1"/><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Own">'
        '<w:name w:val="Own"/><w:basedOn w:val="Base"/></w:style></w:styles>'
    )
    body = '<w:p><w:pPr><w:pStyle w:val="Own"/></w:pPr><w:r><w:t>Styled</w:t></w:r></w:p>'
    rels = rel("numbering", "numbering.xml") + rel("styles", "styles.xml")
    gathering = gather(body, rels, numbering=_NUMBERING, styles=styles)
    assert [(row[0], row[3], row[1]) for row in gathering.rows] == [("item", "1.1", "Styled")]


def test_a_document_of_python_docx(tmp_path: Path) -> None:
    made = docx.Document()
    made.core_properties.title = "A plan"
    made.add_heading("Children", 1)
    made.add_paragraph("Every child counts.")
    made.add_paragraph("Start well", style="List Bullet")
    made.add_heading("Schools", 2)
    made.add_paragraph("Read early", style="List Number")
    table = made.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Board", "Priority"
    table.cell(1, 0).text, table.cell(1, 1).text = "CFL", "Start\nwell"
    made.sections[0].header.paragraphs[0].text = "City plan"
    path = tmp_path / "plan.docx"
    made.save(str(path))
    document = read_document(path)
    assert (document.outcome, document.kind, document.title, document.pages) == ("ok", "word", "A plan", 0)
    found = [(passage.kind, passage.number, passage.text, passage.headings) for passage in document.passages]
    assert found[:5] == [
        ("heading", "", "Children", ()),
        ("paragraph", "", "Every child counts.", ("Children",)),
        ("item", "•", "Start well", ("Children",)),
        ("heading", "", "Schools", ("Children",)),
        ("item", "1.", "Read early", ("Children", "Schools")),
    ]
    cells = [(passage.row, passage.column, passage.text) for passage in document.passages if passage.kind == "cell"]
    assert cells == [(1, 1, "Board"), (1, 2, "Priority"), (2, 1, "CFL"), (2, 2, "Start well")]
    assert document.passages[-1].kind == "furniture"
    assert document.passages[-1].text == "City plan"
    text = "\n".join(passage.text for passage in document.passages)
    assert all(text[passage.start : passage.end] == passage.text for passage in document.passages)


def test_notes_and_text_boxes_are_not_lost() -> None:
    note = f'<w:footnotes {_W}><w:footnote w:id="2">{paragraph("A note.")}</w:footnote></w:footnotes>'
    box = f"<w:pict><w:txbxContent>{paragraph('In a box.')}</w:txbxContent></w:pict>"
    body = f'<w:p><w:r><w:t>Words</w:t><w:footnoteReference w:id="2"/></w:r><w:r>{box}</w:r></w:p>'
    gathering = gather(body, rel("footnotes", "footnotes.xml"), footnotes=note)
    assert [(row[0], row[3], row[1]) for row in gathering.rows] == [
        ("paragraph", "", "Words"), ("paragraph", "", "In a box."), ("paragraph", "¹", "A note."),
    ]  # fmt: skip


def test_of_text_that_stands_twice_one_is_read() -> None:
    inner = f"<w:txbxContent>{paragraph('Once.')}</w:txbxContent>"
    both = f"<AlternateContent><Choice>{inner}</Choice><Fallback>{inner}</Fallback></AlternateContent>"
    assert [row[1] for row in gather(f"<w:p><w:r>{both}</w:r></w:p>").rows] == ["Once."]


def test_a_picture_as_large_as_a_page_is_said() -> None:
    def draw(wide: int, high: int, kind: str = "picture") -> str:
        return (
            f'<w:p><w:r><w:t>Words.</w:t><w:drawing><wp:inline xmlns:wp="w"><wp:extent cx="{wide}" cy="{high}"/>'
            f'<a:graphic xmlns:a="a"><a:graphicData uri="a/{kind}"/></a:graphic></wp:inline></w:drawing></w:r></w:p>'
        )

    centimetre = 360_000
    assert "OCR" in gather(draw(15 * centimetre, 20 * centimetre)).warnings[0][0]
    assert gather(draw(6 * centimetre, 4 * centimetre) + draw(15 * centimetre, 20 * centimetre, "chart")).warnings == []


def test_what_was_deleted_is_not_read_and_that_is_said() -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>Old </w:delText></w:r></w:del><w:ins><w:r><w:t>New words</w:t></w:r></w:ins></w:p>"
    )
    gathering = gather(body)
    assert [row[1] for row in gathering.rows] == ["New words"]
    assert "tracked changes" in gathering.warnings[0][0]


def test_numbers_typed_by_hand_headings_in_bold_and_divided_lines() -> None:
    bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Our priorities</w:t></w:r></w:p>"
    typed = "<w:p><w:r><w:t>4.2</w:t><w:tab/><w:t>Tackle crime</w:t><w:br/><w:t>together</w:t></w:r></w:p>"
    gathering = gather(bold + typed)
    assert [(row[0], row[3], row[1]) for row in gathering.rows] == [
        ("heading", "", "Our priorities"), ("item", "4.2", "Tackle crime together"),
    ]  # fmt: skip


@pytest.mark.parametrize("spare", ["styles", "numbering"])
def test_a_style_based_on_itself_and_a_list_without_levels(spare: str) -> None:
    own = f'<w:styles {_W}><w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="A"/></w:style></w:styles>'
    empty = f'<w:numbering {_W}><w:num w:numId="1"><w:abstractNumId w:val="9"/></w:num></w:numbering>'
    body = '<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>Styled</w:t></w:r></w:p>' + numbered("Listed", 0)
    gathering = gather(body, rel(spare, f"{spare}.xml"), **{spare: own if spare == "styles" else empty})
    assert [row[1] for row in gathering.rows] == ["Styled", "Listed"]


def broken(*lines: str) -> str:
    """Return a paragraph whose lines are parted by soft returns."""
    return f"<w:p><w:r>{'<w:br/>'.join(f'<w:t>{line}</w:t>' for line in lines)}</w:r></w:p>"


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("We will:", "- sow", "- reap"), [("paragraph", "", "We will:"), ("item", "-", "sow"), ("item", "-", "reap")]),
        (("1. Sow", "2. Reap", "at once"), [("item", "1.", "Sow"), ("item", "2.", "Reap at once")]),
        (("Our aims are to:", "sow early", "reap late"),
         [("paragraph", "", "Our aims are to:"), ("item", "", "sow early"), ("item", "", "reap late")]),
        (("The plan was drawn up with help", "from many people."),
         [("paragraph", "", "The plan was drawn up with help from many people.")]),
        (("Town", "Hall"), [("paragraph", "", "Town Hall")]),
    ],
)  # fmt: skip
def test_soft_returns_part_lists_and_not_wrapped_words(
    lines: tuple[str, ...], found: list[tuple[str, str, str]]
) -> None:
    assert [(row[0], row[3], row[1]) for row in gather(broken(*lines)).rows] == found


def test_a_first_line_in_bold_is_the_heading_of_the_lines_below() -> None:
    bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Our aims</w:t><w:br/></w:r><w:r><w:t>- Sow</w:t></w:r></w:p>"
    assert [(row[0], row[1]) for row in gather(bold).rows] == [("heading", "Our aims"), ("item", "Sow")]


def test_notes_of_a_table_come_after_it_and_leave_it_whole() -> None:
    note = f'<w:footnotes {_W}><w:footnote w:id="2">{paragraph("A note.")}</w:footnote></w:footnotes>'
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r>{}</w:p></w:tc>"
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    body = f"<w:tbl><w:tr>{cell.format('One', mark)}{cell.format('Two', '')}</w:tr></w:tbl>"
    rows = gather(body, rel("footnotes", "footnotes.xml"), footnotes=note).rows
    assert [(row[0], row[3], row[1]) for row in rows] == [
        ("cell", "", "One"), ("cell", "", "Two"), ("paragraph", "¹", "A note."),
    ]  # fmt: skip
