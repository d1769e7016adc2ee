"""The discussion paper: every number traced, marks and gaps, an officer's edits kept, and files from strangers."""

from __future__ import annotations

import copy
import dataclasses
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest
from click.testing import CliRunner
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from PIL import Image

import mapping as mp
from mapping.cli import main
from mapping.comparison import find_changes
from mapping.errors import DataError, MappingError, OutputError, UnknownNameError
from mapping.outputs.folder import list_tables
from mapping.pack import write_pack
from mapping.paper.blocks import LABEL, Block, Text, Wide
from mapping.paper.compose import compose
from mapping.paper.difference import compare_tables, compare_texts
from mapping.paper.marks import find_blocks, number_paragraphs, read_block, read_text
from mapping.paper.package import get_record, open_document
from mapping.paper.sources import Fact, Source, Tables
from mapping.paper.template import BLOCKS, list_templates, read_template
from mapping.paper.versions import choose_version, hash_words
from mapping.partnership import Partnership, read_partnership
from mapping.tags import Run
from tests.conftest import write_city
from tests.stress import make_run

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
Make = Callable[..., Partnership]

DECIDED = """\
framework,priority,theme,decision,words,reviewer,time,note
closing-the-gap,{p0},{t0},confirm,{w0},AB,2019-01-08,
closing-the-gap,{p1},{t1},confirm,{w1},CD,2019-01-14T10:30,
closing-the-gap,{p2},{t2},reject,{w2},AB,2019-01-14,
"""


@pytest.fixture(scope="module")
def rich_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Derby as if every strategy had been read, a third of it verbatim with pages, and most tags confirmed."""
    home = tmp_path_factory.mktemp("rich") / "city"
    mp.write_starter(home, "derby")
    text = (home / "strategies.csv").read_text(encoding="utf-8")
    (home / "strategies.csv").write_text(text.replace("stand-in", "named").replace(",named,no,", ",named,yes,"))
    rows = pd.read_csv(home / "priorities.csv", dtype=str, keep_default_na=False)
    rows.loc[::3, "wording"] = "verbatim"
    rows.loc[::3, "page"] = [str(3 + n) for n in range(len(rows.loc[::3]))]
    rows.to_csv(home / "priorities.csv", index=False)
    first = mp.tag(read_partnership(home))
    words = dict(zip(first.priorities["priority"], first.priorities["text"], strict=True))
    tags = first.standing_tags[["priority", "theme"]].reset_index(drop=True)
    tags = tags[tags.index % 5 != 4]
    tags.insert(0, "framework", first.framework.id)
    tags["decision"] = ["reject" if n % 11 == 10 else "confirm" for n in range(len(tags))]
    tags["words"] = tags["priority"].map(words)
    tags["reviewer"], tags["note"] = ["AB", "CD"] * (len(tags) // 2) + ["AB"] * (len(tags) % 2), ""
    tags.insert(6, "time", [f"2019-01-{8 + n % 12:02d}" for n in range(len(tags))])
    tags.to_csv(home / "decisions.csv", index=False)
    return mp.tag(read_partnership(home))


@pytest.fixture(scope="module")
def derby_paper(derby_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mp.write_paper(derby_run, tmp_path_factory.mktemp("paper") / "paper.docx")


@pytest.fixture(scope="module")
def rich_paper(rich_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mp.write_paper(rich_run, tmp_path_factory.mktemp("paper") / "paper.docx")


def facts_of(block: Block) -> list[Fact]:
    if isinstance(block, Text):
        return [block.fact]
    return [cell for row in block.rows for cell in row] if isinstance(block, Wide) else []


def blocks_of(run: Run, template: str = "derby", since: Run | None = None) -> list[Block]:
    return compose(Tables(run, find_changes(since, run) if since else None), read_template(template))


def body_text(path: Path) -> str:
    return "\n".join(read_text(p) for p in open_document(path).element.body.iter(qn("w:p")))


# --- every number --------------------------------------------------------------------------------------------


def look_up(tables: dict[str, pd.DataFrame], source: Source) -> object:
    """Read a source in the plainest way, without the code of the paper."""
    rows = tables[source.table]
    for column, comparison, value in source.where:
        cells = list(rows[column])
        if comparison == "=":
            keep = [cell == value for cell in cells]
        elif comparison == "!=":
            keep = [cell != value for cell in cells]
        elif comparison == "in":
            keep = [cell in value for cell in cells]
        elif comparison == ">":
            keep = [cell is not None and cell == cell and cell is not pd.NA and cell > value for cell in cells]
        else:
            assert comparison == "longer"
            keep = [len(cell) > value for cell in cells]
        rows = rows[keep]
    if source.how == "rows":
        return len(rows)
    cells = list(rows[source.column])
    plain = {"sum": sum, "distinct": lambda c: len(set(c)), "least": min, "most": max, "items": lambda c: len(c[0])}
    return plain[source.how](cells) if source.how in plain else cells


@pytest.mark.parametrize("which", ["derby", "rich", "since"])
def test_every_number_resolves_to_rows_of_the_tables(which: str, derby_run: Run, rich_run: Run) -> None:
    run = derby_run if which == "derby" else rich_run
    since = derby_run if which == "since" else None
    tables = Tables(run, find_changes(since, run) if since else None)
    blocks = compose(tables, read_template("derby"))
    shipped = list_tables(run)
    checked = 0
    for block in blocks:
        for fact in facts_of(block):
            covered = [False] * len(fact.text)
            for number in fact.numbers:
                source = number.source
                said = fact.text[number.start : number.end]
                assert said == tables.read(source)
                if source.table in shipped and re.fullmatch(r"[\d,]+", said):
                    found = look_up(shipped, source)
                    found = found[0] if isinstance(found, list) and len(found) == 1 else found
                    assert str(found) == said.replace(",", ""), source
                covered[number.start : number.end] = [True] * len(said)
                checked += 1
            # Tables, figures and appendices of the paper itself are numbered by the paper.
            own = [m.span() for m in re.finditer(r"\b(?:Table|Figure|Tier) \d+", fact.text)]
            for place in (m.start() for m in re.finditer(r"\d", fact.text)):
                assert covered[place] or any(a <= place < b for a, b in own), (block.key, fact.text)
    assert checked > 500


@pytest.mark.parametrize("which", ["derby", "rich"])
def test_the_file_says_what_the_facts_say(which: str, request: pytest.FixtureRequest) -> None:
    run, path = request.getfixturevalue(f"{which}_run"), request.getfixturevalue(f"{which}_paper")
    found = find_blocks(open_document(path))
    blocks = blocks_of(run)
    assert list(found) == [block.key for block in blocks]
    for block in blocks:
        home = found[block.key].find_home(table=isinstance(block, Wide))
        assert " ".join(read_block(home).split()) == " ".join(block.words.split())
        assert found[block.key].hash == block.hash


def test_tables_that_are_named_are_tables_of_the_run_folder(derby_run: Run) -> None:
    from mapping.paper.sources import _ORIGINS, _TABLES

    shipped = list_tables(derby_run)
    assert set(_TABLES) <= set(shipped)
    for name in _TABLES:
        assert list(Tables(derby_run).get(name).columns) == list(shipped[name].columns)
    assert not set(_ORIGINS) & set(shipped)


# --- what it may say -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["derby", "rich"])
def test_it_claims_no_more_than_the_tables_carry(which: str, request: pytest.FixtureRequest) -> None:
    run, path = request.getfixturevalue(f"{which}_run"), request.getfixturevalue(f"{which}_paper")
    text = body_text(path)
    own = "\n".join(
        b.words for b in blocks_of(run) if isinstance(b, Text) and b.drafted and not b.key.startswith("quote")
    )
    for verb in ("deliver", "achieve", "cause", "fail", "should", "must", "significant", "strong"):
        assert not re.search(rf"\b{verb}", own), verb
    headlines = mp.find_headlines(run)
    for row in headlines.itertuples():
        assert (row.says in text) == (row.verdict != "fragile")
    assert "recommends nothing" in own
    # Percentages: only those of the settings.
    assert set(re.findall(r"\d+%", text)) <= {"20%", "95%", "80%"}


def test_restated_text_is_never_in_quotation_marks(rich_run: Run, rich_paper: Path) -> None:
    text = body_text(rich_paper)
    for row in rich_run.priorities.itertuples():
        assert (f"\u201c{row.text}\u201d" in text) == (row.wording == "verbatim")
    quoted = [b.words for b in blocks_of(rich_run) if b.key.startswith("quote_")]
    assert len(quoted) == 3
    assert all(re.search(r"\u201d \([A-Z]+-\d+, .+, page \d+\)$", quote) for quote in quoted)


def test_derby_says_suggested_and_not_read(derby_run: Run, derby_paper: Path) -> None:
    text = body_text(derby_paper)
    assert "46 of 88 priorities are tagged to at least one theme; a person confirmed a tag on 0 of these 46" in text
    assert "so all tags are suggested" in text
    assert "a strategy was not read" in text
    assert "Derby Community Safety Plan" in text
    assert "\u201c" not in text, "nothing that Derby's boards restate is quoted"
    assert f"run {derby_run.hash}" in text


def test_a_board_of_stand_ins_is_one_everywhere(derby_run: Run) -> None:
    """For a theme a board is there through stand-ins only where all its priorities with that theme come from them."""
    tables = {block.key: block.grid for block in blocks_of(derby_run) if isinstance(block, Wide)}
    short = dict(zip(derby_run.boards["board"], derby_run.boards["short"], strict=True))
    names = dict(zip(derby_run.themes["theme"], derby_run.themes["name"], strict=True))
    cells = mp.count_cells(derby_run)
    for theme, tiny in zip(derby_run.themes["theme"], derby_run.themes["short"], strict=True):
        own = cells[(cells["theme"] == theme) & (cells["tagged"] > 0)]
        through = {short[board] for board in own.loc[own["stand_in"] == own["tagged"], "board"]}
        met = next(row[3] for row in tables["themes_table"] if row[0] == names[theme])
        assert set(re.findall("(\\w+)\u2020", met)) == through
        rows = [*tables["focus_table"], *tables["focus_more_table"]]
        argued = next(row for row in rows if re.sub(r"^\d+\. ", "", row[0]) == tiny)
        assert set(re.findall("(\\w+)\u2020 \\d", argued[1])) == through
        said = f"{len(through)} of {len(own)} board" if through else ""
        assert said in argued[2]
        assert ("stand-in" in argued[2]) == bool(through)
        column = tables["chance_table"][0].index(tiny)
        assert {row[0] for row in tables["chance_table"] if "\u2020" in row[column]} == through
    assert "Renaissance\u2020 1 of 31" in tables["focus_table"][1][1], "its one priority comes from a stand-in"
    assert "2 of 3 boards are there through stand-in documents only." in tables["focus_table"][1][2]


def test_only_an_officer_writes_recommendations_and_implications(derby_paper: Path) -> None:
    document = open_document(derby_paper)
    under: dict[str, list[str]] = {}
    heading = ""
    for paragraph in document.paragraphs:
        if paragraph.style.name == "Heading 1":
            heading = paragraph.text
        elif heading:
            under.setdefault(heading, []).append(read_text(paragraph._p))
    for name in ("Recommendations", "Reasons", "Financial and value for money issues", "Legal implications"):
        assert [text.startswith("[Officer to write:") for text in under[name]] == [True]
    assert list(under)[:9] == [
        "Purpose", "Recommendations", "Reasons", "Supporting information", "Public/stakeholder engagement",
        "Other options", "Financial and value for money issues", "Legal implications", "Other significant implications",
    ]  # fmt: skip


# --- the form ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", list_templates())
def test_the_structure_is_sound(template: str, derby_run: Run, tmp_path: Path) -> None:
    path = mp.write_paper(derby_run, tmp_path / "paper.docx", template)
    marks = mp.find_marks(path)
    assert set(marks["kind"]) == {"gap", "draft"}
    document = open_document(path)
    core = document.core_properties
    assert (core.title, core.language) == ("Closing the Gap: where the boards' priorities meet", "en-GB")
    assert core.created == core.modified
    assert core.created.year == 2000
    assert document.styles["Normal"].font.name == "Arial"
    assert document.styles["Normal"].font.size.pt == 12
    assert [round(document.sections[0].left_margin.cm, 2), round(document.sections[0].top_margin.cm, 2)] == [2.54, 2.54]
    named = [str(name) for fonts in document.styles.element.iter(qn("w:rFonts")) for name in fonts.attrib]
    assert not [name for name in named if "heme" in name]
    assert document.styles["Title"].element.find(f"{qn('w:pPr')}/{qn('w:pBdr')}") is None
    assert document.styles["Caption"].paragraph_format.keep_with_next
    for table in document.element.body.iter(qn("w:tbl")):
        assert table.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}") is not None
        assert table.find(f"{qn('w:tblPr')}/{qn('w:tblDescription')}") is not None
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.iter(qn("w:tr")))
    for picture in document.element.body.iter(qn("wp:docPr")):
        assert 60 <= len(picture.get("descr")) <= 300


def test_numbers_are_words_own_lists_linked_to_styles(derby_paper: Path) -> None:
    document = open_document(derby_paper)
    numbering = document.part.numbering_part.element
    linked = {level.find(qn("w:pStyle")).get(qn("w:val")): level.find(qn("w:lvlText")).get(qn("w:val"))
              for level in numbering.iter(qn("w:lvl")) if level.find(qn("w:pStyle")) is not None}  # fmt: skip
    assert linked["Heading1"] == ""
    assert linked["ReportParagraph"] == "%1.%2"
    assert linked["ReportSubparagraph"] == "%3)"
    for name in ("Machine Draft", "Machine Draft Subparagraph"):
        assert document.styles[name].base_style.name == "Report " + (
            "Paragraph" if name[-5:] == "Draft" else "Subparagraph"
        )
        assert document.styles[name].element.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:left')}") is not None
    numbers = number_paragraphs(document)
    shown = {read_text(p).replace(LABEL, "").strip()[:30]: number for p, number in numbers.items()}
    assert shown["[Officer to write: why this pa"] == "1.2"
    assert shown["A computer compared the words "] == "4.1"
    assert shown["Which tag or number in this pa"].endswith(" a)")
    assert shown["Two scores are worked out for "] == "A.1"


def test_the_same_inputs_give_the_same_bytes(
    derby_run: Run, derby: Partnership, derby_paper: Path, tmp_path: Path
) -> None:
    again = mp.write_paper(mp.tag(derby), tmp_path / "other-name.docx")
    assert again.read_bytes() == derby_paper.read_bytes()
    with zipfile.ZipFile(again) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_every_block_and_figure_can_be_asked_for(derby_run: Run, tmp_path: Path) -> None:
    lines = ["sections:", "  - heading: All", "    content:", *(f"      - block: {name}" for name in BLOCKS)]
    (tmp_path / "own.yaml").write_text("\n".join([*lines, "appendices: [quality]", ""]), encoding="utf-8")
    path = mp.write_paper(derby_run, tmp_path / "paper.docx", tmp_path / "own.yaml")
    assert len(list(open_document(path).element.body.iter(qn("wp:docPr")))) == 4
    assert set(mp.find_marks(path)["kind"]) == {"draft"}
    assert "Appendix A has" not in body_text(path), "the paper has no appendix on method"


# --- marks ---------------------------------------------------------------------------------------------------


def finish(path: Path, to: Path) -> Path:
    """Do what an officer does: fill the gaps, take their colour off, agree the drafts, take the draft line out."""
    document = docx.Document(str(path))
    agreed = {"Machine Draft": "Report Paragraph", "Machine Draft Subparagraph": "Report Subparagraph",
              "Machine Draft Appendix": "Appendix Paragraph"}  # fmt: skip
    for paragraph in list(document.element.body.iter(qn("w:p"))):
        for run in list(paragraph.iter(qn("w:r"))):
            text = "".join(t.text or "" for t in run.iter(qn("w:t")))
            if LABEL in text:
                run.getparent().remove(run)
            elif "[Officer to write" in text:
                next(run.iter(qn("w:t"))).text = "None."
                run.rPr.remove(run.rPr.find(qn("w:rStyle")))
    for paragraph in document.paragraphs:
        if paragraph.style.name in agreed:
            paragraph.style = document.styles[agreed[paragraph.style.name]]
        elif paragraph.style.name == "Draft Line":
            paragraph._p.getparent().remove(paragraph._p)
    document.save(str(to))
    return to


def test_check_refuses_until_every_gap_and_mark_is_gone(derby_run: Run, derby_paper: Path, tmp_path: Path) -> None:
    marks = mp.find_marks(derby_paper)
    drafted = [block for block in blocks_of(derby_run) if isinstance(block, Text) and block.drafted]
    assert (marks["kind"] == "draft").sum() == len(drafted) + 1
    gaps = sum(fact.text.count("[Officer to write:") for block in blocks_of(derby_run) for fact in facts_of(block))
    assert (marks["kind"] == "gap").sum() == gaps
    with pytest.raises(DataError, match=r"gap: \[Officer to write: legal implications, or none\]"):
        raise DataError([p for p in _problems(derby_paper) if "legal" in p.message])
    final = finish(derby_paper, tmp_path / "final.docx")
    assert mp.find_marks(final).empty
    mp.check_paper(final)
    result = CliRunner().invoke(main, ["paper", "check", str(final)])
    assert (result.exit_code, result.stdout) == (0, f"{final}: no gap and no mark is left.\n")


def _problems(path: Path) -> tuple[Any, ...]:
    with pytest.raises(DataError) as caught:
        mp.check_paper(path)
    return caught.value.problems


def test_check_finds_what_spoils_the_structure(derby_paper: Path, tmp_path: Path) -> None:
    document = docx.Document(str(finish(derby_paper, tmp_path / "final.docx")))
    body = document.element.body
    next(body.iter(qn("wp:docPr"))).set("descr", "")
    header = next(body.iter(qn("w:tblHeader")))
    header.getparent().remove(header)
    document.core_properties.title = ""
    document.paragraphs[3].insert_paragraph_before("")
    purpose = next(p for p in document.paragraphs if p.text == "Recommendations")
    purpose.insert_paragraph_before("Too deep", style="Heading 3")
    first = next(body.iter(qn("w:p")))
    struck = docx.oxml.OxmlElement("w:del")
    first.append(struck)
    document.save(str(tmp_path / "spoilt.docx"))
    said = "\n".join(mp.find_marks(tmp_path / "spoilt.docx")["text"])
    for fault in (
        "no alternative text",
        "no header row",
        "no title",
        "empty paragraph",
        "level 3 follows",
        "accept or reject",
    ):
        assert fault in said


def test_a_label_taken_off_without_the_style_is_still_a_mark(derby_paper: Path, tmp_path: Path) -> None:
    document = docx.Document(str(derby_paper))
    paragraph = find_blocks(document)["purpose"].find_home(table=False)
    paragraph.remove(next(paragraph.iter(qn("w:r"))))
    document.save(str(tmp_path / "half.docx"))
    marks = mp.find_marks(tmp_path / "half.docx")
    assert (
        "the label is gone, but the style is still 'Machine Draft'"
        in marks.loc[marks["paragraph"] == "1.1", "text"].item()
    )


@pytest.mark.parametrize(
    "gap", ["[officer to write: x]", "[ Officer to write : x ]", "[OFFICER\u00a0TO  WRITE x]", "[Officer to write: x"]
)
def test_check_finds_a_gap_that_was_typed_by_hand(gap: str, finished: Path, tmp_path: Path) -> None:
    document = docx.Document(str(finished))
    document.paragraphs[5].add_run(f" {gap}")
    document.save(str(tmp_path / "paper.docx"))
    assert list(mp.find_marks(tmp_path / "paper.docx")["kind"]) == ["gap"]
    assert mp.find_marks(tmp_path / "paper.docx")["text"].item() == gap


@pytest.fixture(scope="module")
def finished(derby_paper: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return finish(derby_paper, tmp_path_factory.mktemp("finished") / "final.docx")


def test_check_finds_what_was_pasted_into_header_footer_and_notes(finished: Path, tmp_path: Path) -> None:
    document = docx.Document(str(finished))
    section = document.sections[0]
    section.header.paragraphs[0].text = "[Officer to write: name of the board]"
    section.footer.paragraphs[0].add_run(f" {LABEL}")
    document.save(str(tmp_path / "paper.docx"))
    notes = b"application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    space = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def add_note(parts: dict[str, bytes]) -> None:
        words = b"<w:t>[Officer to write: source]</w:t>"
        parts["word/footnotes.xml"] = (
            b"<w:footnotes " + space + b'><w:footnote w:id="1"><w:p><w:r>' + words + b"</w:r></w:p></w:footnote>"
            b"</w:footnotes>"
        )
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            b"<Override", b'<Override PartName="/word/footnotes.xml" ContentType="' + notes + b'"/><Override', 1
        )
        parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
            b"</Relationships>",
            b'<Relationship Id="rIdF" Type="' + kind + b'" Target="footnotes.xml"/></Relationships>',
        )

    marks = mp.find_marks(repack(tmp_path / "paper.docx", add_note))
    assert list(marks[["paragraph", "kind"]].itertuples(index=False, name=None)) == [
        ("in the header", "gap"), ("in the footer", "draft"), ("in the footnotes", "gap"),
    ]  # fmt: skip


def test_check_lists_comments_until_they_are_resolved(finished: Path, tmp_path: Path) -> None:
    document = docx.Document(str(finished))
    purpose = next(p for p in document.paragraphs if p.text.startswith("This paper sets"))
    document.add_comment(purpose.runs, "Is this the January edition?", author="A. Officer")
    document.save(str(tmp_path / "paper.docx"))
    said = "resolve or delete it: A. Officer: Is this the January edition?"
    marks = mp.find_marks(tmp_path / "paper.docx")
    assert list(marks.itertuples(index=False, name=None)) == [("1.1", "comment", said)]
    result = CliRunner().invoke(main, ["paper", "check", str(tmp_path / "paper.docx")])
    assert result.exit_code == 1
    assert "1 left (1 comment)" in result.stderr
    assert mp.find_marks(repack(tmp_path / "paper.docx", resolve_comments)).empty


def resolve_comments(parts: dict[str, bytes]) -> None:
    """Mark every comment as resolved, as Word does: in a part of its own."""
    name = b'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" w14:paraId="0A0B0C0D"'
    parts["word/comments.xml"] = re.sub(rb"<w:p(?=[ >])", b"<w:p " + name, parts["word/comments.xml"])
    parts["word/commentsExtended.xml"] = (
        b'<w15:commentsEx xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
        b'<w15:commentEx w15:paraId="0A0B0C0D" w15:done="1"/></w15:commentsEx>'
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"<Override",
        b'<Override PartName="/word/commentsExtended.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'wordprocessingml.commentsExtended+xml"/><Override',
        1,
    )
    parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rIdX" Type="http://schemas.microsoft.com/office/2011/relationships/commentsExtended" '
        b'Target="commentsExtended.xml"/></Relationships>',
    )


def test_check_finds_a_filled_gap_that_is_still_coloured(derby_paper: Path, finished: Path, tmp_path: Path) -> None:
    document = docx.Document(str(derby_paper))
    gap = next(key for key in find_blocks(document) if key.startswith("gap_recommendatio"))
    set_words(document, gap, "That members note the paper.")
    document.save(str(tmp_path / "paper.docx"))
    marks = mp.find_marks(tmp_path / "paper.docx")
    said = "still coloured as a gap: select it and press Ctrl+Space: That members note the paper."
    assert list(marks.loc[marks["kind"] == "colour", ["paragraph", "text"]].itertuples(index=False, name=None)) == [
        ("2.1", said)
    ]
    # A gap that an officer began to write into, so that it stands in several pieces, is a gap and no more.
    document = docx.Document(str(finished))
    for piece, style in (("[Officer to write: ", "Officer Gap"), ("why ", None), ("now]", "Officer Gap")):
        document.paragraphs[5].add_run(piece, style=style)
    document.save(str(tmp_path / "pieces.docx"))
    assert list(mp.find_marks(tmp_path / "pieces.docx")["kind"]) == ["gap"]


# --- again, over an officer's edits --------------------------------------------------------------------------


def set_words(document: Any, key: str, words: str) -> None:
    list(find_blocks(document)[key].find_home(table=False).iter(qn("w:t")))[-1].text = words


def edit_paper(path: Path) -> None:
    """Edit, agree, delete, add, comment and fill, as an officer would."""
    document = docx.Document(str(path))
    found = find_blocks(document)
    set_words(document, "found", "Fewer than half of the priorities carry a theme.")
    gone = found["chance"].find_home(table=False)
    gone.getparent().remove(gone)
    reading = found["reading"].find_home(table=False)
    added = copy.deepcopy(reading)
    for mark in [*added.iter(qn("w:bookmarkStart")), *added.iter(qn("w:bookmarkEnd"))]:
        mark.getparent().remove(mark)
    list(added.iter(qn("w:t")))[-1].text = "An officer wrote this paragraph."
    reading.addnext(added)
    agreed = found["engagement"].find_home(table=False)
    agreed.remove(next(agreed.iter(qn("w:r"))))
    cell = list(found["themes_table"].find_home(table=True).iter(qn("w:t")))[6]
    assert cell.text == "Voice in decision making"
    cell.text = "Voices"
    gap = next(key for key in found if key.startswith("gap_recommendatio"))
    set_words(document, gap, "That members note the paper.")
    commented = found["settings"].find_home(table=False)
    commented.append(docx.oxml.OxmlElement("w:commentRangeStart"))
    document.save(str(path))


@pytest.fixture(scope="module")
def merged(derby_run: Run, rich_run: Run, derby_paper: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("merged") / "paper.docx"
    shutil.copy(derby_paper, path)
    edit_paper(path)
    before = path.read_bytes()
    new = mp.write_paper(rich_run, path, since=derby_run)
    assert new.name == "paper-2.docx"
    assert path.read_bytes() == before, "the officer's file is never replaced"
    return new


def test_an_officers_edits_survive_a_re_run(merged: Path) -> None:
    text = body_text(merged)
    for kept in ("Fewer than half of the priorities carry a theme.", "An officer wrote this paragraph.", "Voices",
                 "That members note the paper."):  # fmt: skip
        assert text.count(kept) == 1
    assert text.count("No person has decided on a tag yet") == 2, "in the paragraph, and in the note below it"
    assert "Boards would meet by chance alone" not in text, "what was deleted stays deleted"
    note = next(line for line in text.splitlines() if line.startswith("[Facts changed") and "43 of 88" in line)
    assert note.startswith(
        "[Facts changed since a person edited this. The mapping now says: 43 of 88 priorities are tagged to at least "
        "one theme; a person confirmed a tag on 39 of these 43."
    )
    assert " Before: 46 of 88 priorities are tagged to at least one theme; a person confirmed a tag on 0 " in note
    assert "All 88 priorities come from the strategies" in text, "an untouched paragraph follows the new run"
    assert "What changed since an earlier run" in text


def test_the_list_of_changes_says_where_and_what(merged: Path) -> None:
    text = merged.with_name("paper-2-changes.txt").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[0].startswith("paper-2.docx goes on from paper.docx: ")
    at = lines.index("4.4: edited by a person, not replaced")
    assert lines[at + 1].startswith("    before: 46 of 88 priorities are tagged to at least one theme;")
    assert lines[at + 2].startswith("    now: 43 of 88 priorities are tagged to at least one theme;")
    at = lines.index("table below 4.6: edited by a person, not replaced: Themes and the boards that meet on them")
    assert lines[at + 2] == "    Good start in life, Tagged: 19 of 88 -> 18 of 88"
    assert lines[at + 6] == "    and 11 more cells"
    assert "; Good start in life, Tagged: 19 of 88 -> 18 of 88; Good start in life, Confirmed: " in body_text(merged)
    assert "5.1: edited by a person, not replaced" in lines, "an agreed paragraph is a person's"
    assert [line for line in lines if "deleted by a person" in line] == [
        "not in the paper: deleted by a person, not written again: Boards would meet by chance alone, too. 8 of 10 "
        "pairs of ..."
    ]
    assert "Appendix C: new: What changed since an earlier run" in lines
    assert any(line.startswith("not in the paper: no longer said by the mapping, taken out: ") for line in lines)


def test_a_third_run_asks_nothing_twice(merged: Path, rich_run: Run, derby_run: Run) -> None:
    before = merged.read_bytes()
    third = mp.write_paper(rich_run, merged, since=derby_run)
    assert third == merged
    assert third.read_bytes() == before
    assert not third.with_name("paper-3.docx").exists()
    # Without the comparison an appendix is gone, and that is all.
    fourth = mp.write_paper(rich_run, merged)
    assert fourth.name == "paper-3.docx"
    lines = fourth.with_name("paper-3-changes.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("paper-3.docx goes on from paper-2.docx: ")
    assert sum("deleted by a person, not written again" in line for line in lines) == 1


def test_the_same_edits_and_run_give_the_same_bytes(
    merged: Path, rich_run: Run, derby_run: Run, tmp_path: Path
) -> None:
    shutil.copy(merged.with_name("paper.docx"), tmp_path / "paper.docx")
    again = mp.write_paper(rich_run, tmp_path / "paper.docx", since=derby_run)
    assert again.read_bytes() == merged.read_bytes()


def test_an_untouched_paper_follows_the_new_run_whole(derby_paper: Path, rich_run: Run, tmp_path: Path) -> None:
    path = tmp_path / "paper.docx"
    shutil.copy(derby_paper, path)
    new = open_document(mp.write_paper(rich_run, path))
    fresh = {block.key: block.hash for block in blocks_of(rich_run)}
    assert {key: found.hash for key, found in find_blocks(new).items()} == fresh
    record = get_record(new)
    assert record is not None
    assert record["run"] == rich_run.hash
    assert "not replaced" not in (tmp_path / "paper-2-changes.txt").read_text(encoding="utf-8")


def test_a_file_of_another_hand_is_not_touched(derby_run: Run, tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "minutes.docx"))
    with pytest.raises(OutputError, match="no paper written by this command"):
        mp.write_paper(derby_run, tmp_path / "minutes.docx")
    with pytest.raises(OutputError, match=r"ends in \.docx"):
        mp.write_paper(derby_run, tmp_path / "paper.doc")
    assert [path.name for path in tmp_path.iterdir()] == ["minutes.docx"]


def test_a_difference_is_said_in_whole_sentences() -> None:
    old = "A computer read them. 29 of 73 priorities are tagged. None is checked."
    new = "A computer read them. 31 of 73 priorities are tagged. None is checked. Two are new."
    assert compare_texts(old, new) == (
        "29 of 73 priorities are tagged.",
        "31 of 73 priorities are tagged. Two are new.",
    )
    assert compare_texts(old, old) == ("", "")


def test_a_difference_of_tables_names_row_and_column() -> None:
    head = ["Area", "For", "Against"]
    old = [head, ["1. Start", "1 of 2 come. All same.", "x"], ["2. Voice", "a", "b"]]
    new = [head, ["1. Voice", "a", "b"], ["2. Start", "2 of 2 come. All same.", "x"], ["3. Skills", "c", "d"]]
    assert compare_tables(old, new) == [
        "Voice, Area: 2. Voice -> 1. Voice",
        "Start, Area: 1. Start -> 2. Start",
        "Start, For: 1 of 2 come. -> 2 of 2 come.",
        "new row: Skills",
    ]
    assert compare_tables(new, old)[-1] == "row gone: Skills"
    wide = [["Board", "Theme", "n"], *(["A", f"t{n}", "1"] for n in range(8))]
    more = [["Board", "Theme", "n"], *(["A", f"t{n}", "2"] for n in range(8))]
    assert compare_tables(wide, more) == [*(f"A, t{n}, n: 1 -> 2" for n in range(5)), "and 3 more cells"]
    assert compare_tables([["A", "B"], ["x", "1"]], [["A", "C"], ["x", "1"]]) == ["new column: C", "column gone: B"]
    assert compare_tables([["A"], ["x"], ["y"]], [["A"], ["y"], ["x"]]) == ["rows or columns stand in another order"]
    assert compare_tables([], [["A"], ["x"]]) == ["new column: A", "new row: x"]


# --- which version is gone on from ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def runs(city: Partnership) -> list[Run]:
    """Four runs of a small city, in each of which another priority reads differently."""
    made = []
    for n in range(4):
        priorities = city.priorities.copy()
        priorities.loc[priorities.index[n], "text"] = f"Words that carry no theme {'of any kind ' * n}"
        made.append(mp.tag(dataclasses.replace(city, priorities=priorities)))
    return made


def add_words(path: Path, words: str) -> None:
    document = docx.Document(str(path))
    document.add_paragraph(words)
    document.save(str(path))


def drop_record(path: Path) -> None:
    """Save a paper as a program does that keeps no parts it does not know."""
    document = docx.Document(str(path))
    for key, relation in list(document.part.rels.items()):
        if relation.reltype.endswith("/customXml"):
            del document.part.rels[key]
    document.save(str(path))
    assert get_record(open_document(path)) is None


def list_papers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.docx"))


def test_edits_in_the_second_version_are_gone_on_from(runs: list[Run], tmp_path: Path) -> None:
    """The command says to fill the gaps of paper-2.docx, so what is filled in there must be in paper-3.docx."""
    path = mp.write_paper(runs[0], tmp_path / "paper.docx")
    add_words(path, "Written into the first.")
    second = mp.write_paper(runs[1], path)
    add_words(second, "Written into the second.")
    told: list[str] = []
    third = mp.write_paper(runs[2], path, progress=told.append)
    assert third.name == "paper-3.docx"
    assert told[0] == "going on from paper-2.docx"
    for words in ("Written into the first.", "Written into the second."):
        assert body_text(third).count(words) == 1
    changes = (tmp_path / "paper-3-changes.txt").read_text(encoding="utf-8")
    assert changes.startswith("paper-3.docx goes on from paper-2.docx: ")
    told.clear()
    assert mp.write_paper(runs[2], path, progress=told.append) == third
    assert "was written from this run already, so nothing is written" in told[-1]
    assert list_papers(tmp_path) == ["paper-2.docx", "paper-3.docx", "paper.docx"]


def test_the_same_command_twice_writes_once_whatever_was_edited(runs: list[Run], tmp_path: Path) -> None:
    path = mp.write_paper(runs[0], tmp_path / "paper.docx")
    for run, name in ((runs[1], "paper-2.docx"), (runs[2], "paper-3.docx")):
        assert mp.write_paper(run, path).name == name
        add_words(tmp_path / name, f"Written into {name}.")
        assert mp.write_paper(run, path).name == name
    assert len(list_papers(tmp_path)) == 3


def test_an_officer_who_stays_with_the_first_version_is_followed(runs: list[Run], tmp_path: Path) -> None:
    path = mp.write_paper(runs[0], tmp_path / "paper.docx")
    mp.write_paper(runs[1], path)
    add_words(path, "Written into the first.")
    told: list[str] = []
    third = mp.write_paper(runs[2], path, progress=told.append)
    assert (third.name, told[0]) == ("paper-3.docx", "going on from paper.docx")
    assert "Written into the first." in body_text(third)
    assert mp.write_paper(runs[2], path) == third


def test_with_no_edits_the_newest_is_gone_on_from_whatever_the_dates_say(runs: list[Run], tmp_path: Path) -> None:
    path = mp.write_paper(runs[0], tmp_path / "paper.docx")
    second = mp.write_paper(runs[1], path)
    os.utime(second, (0, 0))
    chosen = choose_version(path)
    assert chosen is not None
    assert chosen.path == second
    assert choose_version(tmp_path / "other.docx") is None


def test_a_comment_alone_counts_as_an_edit(runs: list[Run], tmp_path: Path) -> None:
    path = mp.write_paper(runs[0], tmp_path / "paper.docx")
    mp.write_paper(runs[1], path)
    document = docx.Document(str(path))
    document.add_comment(document.paragraphs[8].runs, "Who says so?", author="AB")
    document.save(str(path))
    chosen = choose_version(path)
    assert chosen is not None
    assert chosen.path == path


def edit_apart(runs: list[Run], folder: Path) -> Path:
    path = mp.write_paper(runs[0], folder / "paper.docx")
    second = mp.write_paper(runs[1], path)
    add_words(path, "Written into the first.")
    add_words(second, "Written into the second.")
    return path


def test_versions_edited_apart_are_refused_before_any_work(runs: list[Run], tmp_path: Path) -> None:
    path = edit_apart(runs, tmp_path)
    there = {file: file.read_bytes() for file in tmp_path.iterdir()}
    told: list[str] = []
    with pytest.raises(MappingError) as caught:
        mp.write_paper(runs[2], path, progress=told.append)
    for words in ("paper.docx (edited since it was written); paper-2.docx (edited since it was written)",
                  "Put their edits into one of them, move the others out of the folder, and run again"):  # fmt: skip
        assert words in str(caught.value)
    result = CliRunner().invoke(main, ["paper", "-o", str(path)])
    assert result.exit_code == 1
    assert "people edited 2 versions of this paper apart" in result.stderr
    assert not told
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == there


@pytest.mark.parametrize("kept", ["paper.docx", "paper-2.docx"])
def test_the_remedy_for_versions_edited_apart_works(kept: str, runs: list[Run], tmp_path: Path) -> None:
    path = edit_apart(runs, tmp_path)
    (tmp_path / "away").mkdir()
    other = "paper-2.docx" if kept == "paper.docx" else "paper.docx"
    shutil.move(tmp_path / other, tmp_path / "away")
    told: list[str] = []
    new = mp.write_paper(runs[2], path, progress=told.append)
    assert told[0] == f"going on from {kept}"
    assert new.name == ("paper-2.docx" if kept == "paper.docx" else "paper-3.docx")
    assert f"Written into the {'first' if kept == 'paper.docx' else 'second'}." in body_text(new)


def test_an_untouched_version_that_alone_holds_edits_is_not_passed_over(runs: list[Run], tmp_path: Path) -> None:
    """Who tidied paper-2.docx away and went back to the first would lose what only paper-3.docx now holds."""
    path = mp.write_paper(runs[0], tmp_path / "paper.docx")
    second = mp.write_paper(runs[1], path)
    add_words(second, "Written into the second.")
    assert mp.write_paper(runs[2], path).name == "paper-3.docx"
    second.unlink()
    add_words(path, "Written into the first.")
    with pytest.raises(MappingError, match=r"paper-3\.docx \(holds the edits of version 2\)"):
        mp.write_paper(runs[3], path)


def test_a_version_without_its_record_counts_as_edited(runs: list[Run], tmp_path: Path) -> None:
    path = mp.write_paper(runs[0], tmp_path / "paper.docx")
    drop_record(path)
    second = mp.write_paper(runs[1], path)
    assert second.name == "paper-2.docx"
    assert mp.write_paper(runs[1], path) == second, "the second names the words of the first"
    drop_record(second)
    with pytest.raises(MappingError, match=r"paper-2\.docx \(counts as edited, since it no longer holds"):
        mp.write_paper(runs[2], path)


def test_a_file_of_another_hand_beside_a_paper_is_no_version(runs: list[Run], tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "paper-2.docx"))
    path = mp.write_paper(runs[0], tmp_path / "paper.docx")
    assert path.name == "paper.docx"
    assert mp.write_paper(runs[1], path).name == "paper-3.docx"


def test_a_pack_is_refused_whole_where_its_paper_was_edited_apart(runs: list[Run], tmp_path: Path) -> None:
    path = tmp_path / "discussion-paper.docx"
    mp.write_paper(runs[0], path)
    second = mp.write_paper(runs[1], path)
    add_words(path, "Written into the first.")
    add_words(second, "Written into the second.")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(MappingError, match="edited 2 versions"):
        write_pack(runs[2], tmp_path)
    assert sorted(tmp_path.iterdir()) == before
    path.unlink()
    told: list[str] = []
    write_pack(runs[2], tmp_path, progress=told.append)
    assert "going on from discussion-paper-2.docx" in told
    assert "the paper to work on is discussion-paper-3.docx" in told
    assert "Written into the second." in body_text(tmp_path / "discussion-paper-3.docx")


def test_a_note_that_waits_tells_of_all_that_changed_since_the_edit(runs: list[Run], tmp_path: Path) -> None:
    path = mp.write_paper(runs[0], tmp_path / "paper.docx")
    document = docx.Document(str(path))
    table = find_blocks(document)["themes_table"].find_home(table=True)
    list(table.iter(qn("w:t")))[6].text = "Another name"
    document.save(str(path))
    said = []
    for run in (*runs[1:3], runs[0]):
        text = body_text(mp.write_paper(run, path))
        said.append([line for line in text.splitlines() if line.startswith("[Facts changed")])
    first, second, last = said
    grids = [next(b for b in blocks_of(run) if b.key == "themes_table") for run in runs[:3]]
    for notes, grid in ((first, grids[1]), (second, grids[2])):
        assert isinstance(grids[0], Wide)
        assert isinstance(grid, Wide)
        pieces = compare_tables(grids[0].grid, grid.grid)
        assert pieces
        assert any("; ".join(pieces) in note for note in notes)
    assert not any("Voice" in note for note in last), "as it was: the note is gone"


# --- house style ---------------------------------------------------------------------------------------------


def make_council(path: Path) -> Path:
    """Write a council's file: Verdana, wide margins, a header with a picture, a link, and text of its own."""
    document = docx.Document()
    document.styles["Normal"].font.name = "Verdana"
    section = document.sections[0]
    section.left_margin = docx.shared.Cm(3)
    section.header.paragraphs[0].text = "Borough of Millbrook"
    picture = io.BytesIO()
    from PIL import Image

    Image.new("RGB", (40, 10), "navy").save(picture, format="png")
    section.header.paragraphs[0].add_run().add_picture(picture)
    part = section.header.part
    link = part.relate_to("http://evil.example/track.png", docx.opc.constants.RELATIONSHIP_TYPE.IMAGE, is_external=True)
    run = section.header.add_paragraph().add_run()
    run.add_picture(picture)
    blip = next(run._r.iter(qn("a:blip")))
    del blip.attrib[qn("r:embed")]
    blip.set(qn("r:link"), link)
    code = section.header.add_paragraph()
    for kind, text in (("begin", ""), ("", ' INCLUDETEXT "c:/secret.txt" '), ("separate", ""), ("end", "")):
        item = code.add_run()._r
        element = docx.oxml.OxmlElement("w:fldChar" if kind else "w:instrText")
        element.set(qn("w:fldCharType"), kind) if kind else setattr(element, "text", text)
        item.append(element)
    document.add_paragraph("Text that is not ours")
    document.save(str(path))
    return path


def repack(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_councils_styles_margins_and_header_are_taken_over(derby_run: Run, tmp_path: Path) -> None:
    council = make_council(tmp_path / "council.docx")
    path = mp.write_paper(derby_run, tmp_path / "paper.docx", house_style=council)
    document = open_document(path)
    assert document.styles["Normal"].font.name == "Verdana"
    assert round(document.sections[0].left_margin.cm, 1) == 3
    header = document.sections[0].header
    assert header.paragraphs[0].text.startswith("Borough of Millbrook")
    assert len(list(header._element.iter(qn("pic:pic")))) == 1, "the picture inside stays, the one outside goes"
    assert not list(header._element.iter(qn("w:instrText")))
    assert "Text that is not ours" not in body_text(path)
    with zipfile.ZipFile(path) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"evil.example" not in everything
    assert b"External" not in everything
    marks = mp.find_marks(path)
    assert set(marks["kind"]) == {"gap", "draft", "structure"}
    assert list(marks.loc[marks["kind"] == "structure", "text"].str.startswith("in the header or footer")) == [True]
    assert document.core_properties.title.startswith("Closing the Gap")


def test_a_style_of_our_name_and_another_kind_is_refused(derby_run: Run, tmp_path: Path) -> None:
    document = docx.Document()
    document.styles.add_style("Report Paragraph", WD_STYLE_TYPE.CHARACTER)
    document.save(str(tmp_path / "council.docx"))
    with pytest.raises(MappingError, match="its style 'Report Paragraph' is not a paragraph style"):
        mp.write_paper(derby_run, tmp_path / "paper.docx", house_style=tmp_path / "council.docx")
    assert not (tmp_path / "paper.docx").exists()


def test_a_logo_without_words_in_the_header_is_found(derby_paper: Path, tmp_path: Path) -> None:
    document = docx.Document(str(derby_paper))
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    picture.seek(0)
    document.sections[0].header.paragraphs[0].add_run().add_picture(picture)
    document.save(str(tmp_path / "paper.docx"))
    faults = mp.find_marks(tmp_path / "paper.docx")
    assert any(text.startswith("in the header or footer, the picture") for text in faults["text"])


def test_macros_of_a_house_style_stay_behind(derby_run: Run, tmp_path: Path) -> None:
    def add_macros(parts: dict[str, bytes]) -> None:
        parts["word/vbaProject.bin"] = b"Sub AutoOpen()"
        parts["[Content_Types].xml"] = (
            parts["[Content_Types].xml"]
            .replace(
                b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                b"application/vnd.ms-word.document.macroEnabled.main+xml",
            )
            .replace(
                b"<Override",
                b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override',
                1,
            )
        )
        parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
            b"</Relationships>",
            b'<Relationship Id="rIdM" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
            b'Target="vbaProject.bin"/></Relationships>',
        )  # fmt: skip

    council = repack(make_council(tmp_path / "council.docx"), add_macros)
    path = mp.write_paper(derby_run, tmp_path / "paper.docx", house_style=council)
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "vba" in name]
        assert b"macroEnabled" not in archive.read("[Content_Types].xml")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no Word file"),
        (b"%PDF-1.7", "no Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word file"),
        (b"PK\x03\x04 broken", "no Word file"),
    ],
)
def test_what_is_no_word_file_is_refused_clearly(content: bytes, message: str, derby_run: Run, tmp_path: Path) -> None:
    (tmp_path / "council.docx").write_bytes(content)
    with pytest.raises(MappingError, match=message):
        mp.write_paper(derby_run, tmp_path / "paper.docx", house_style=tmp_path / "council.docx")
    with pytest.raises(MappingError, match=message):
        mp.check_paper(tmp_path / "council.docx")
    assert not (tmp_path / "paper.docx").exists()


def test_entities_and_swollen_files_are_refused(derby_run: Run, tmp_path: Path) -> None:
    def declare(parts: dict[str, bytes]) -> None:
        text = parts["word/styles.xml"].split(b"?>", 1)
        parts["word/styles.xml"] = text[0] + b'?><!DOCTYPE x [<!ENTITY a "b">]>' + text[1]

    council = repack(make_council(tmp_path / "council.docx"), declare)
    with pytest.raises(MappingError, match="declares entities"):
        mp.write_paper(derby_run, tmp_path / "paper.docx", house_style=council)
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(5):
            archive.writestr(f"word/{n}.bin", bytes(50_000_000))
    with pytest.raises(MappingError, match="far larger when unpacked"):
        mp.write_paper(derby_run, tmp_path / "paper.docx", house_style=tmp_path / "bomb.docx")


# --- templates -----------------------------------------------------------------------------------------------


def test_a_mistake_in_a_template_says_where_and_what_would_be_right(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "name: own\ntitel: x\ntitle: '{frame}'\nsections:\n  - heading: One\n    content:\n      - block: matrx\n"
        "      - gap: a\n        block: found\n  - content: []\nappendices: [metod]\nstyles: {para: x}\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError) as caught:
        read_template(tmp_path / "own.yaml")
    said = str(caught.value)
    for expected in (
        "own.yaml, line 2: the key 'titel' is not known. Did you mean 'title'?",
        "own.yaml, line 3: '{frame}' is not known. Did you mean 'framework'?",
        "own.yaml, line 7: block 'matrx' is not known. Did you mean 'matrix'?",
        "own.yaml, line 8: expected one of: block, gap.",
        "own.yaml, line 10: a section needs a 'heading'.",
        "own.yaml, line 11: appendix 'metod' is not known. Did you mean 'method'?",
        "own.yaml, line 12: the key 'para' is not known. Did you mean 'paragraph'?",
    ):
        assert expected in said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("? [a, b]\n: 1\n", "line 1: a key is one plain word"),
        ('title: "a\\ud800b"\n', "line 1: holds a character that a Word file cannot hold"),
        ("language: klingon_1\n", "line 1: 'klingon_1' is not the code of a language; write en-GB"),
        ("details:\n  - {label: X, block: matrix}\n", "line 2: block 'matrix' cannot stand here"),
        ("contacts:\n  - {label: X, block: found}\n", "only 'list-appendices' fits on a line"),
        ("details:\n  - {gap: your name}\n", "line 2: 'label' is missing"),
    ],
)
def test_what_a_template_cannot_hold_is_said_with_its_line(lines: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(f"{lines}sections: []\n", encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(said)):
        read_template(tmp_path / "own.yaml")


@pytest.mark.parametrize(
    "text", ["sections: [", "- a\n- b\n", "a: &x 1\nb: *x\n", "sections: x\n", "name: x\n", "\x00"]
)
def test_what_is_no_template_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"own\.yaml"):
        read_template(tmp_path / "own.yaml")


def test_a_template_that_is_not_shipped_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'derby'"):
        read_template("drby")
    with pytest.raises(MappingError, match="cannot be read"):
        read_template("none.yaml")


def test_a_house_style_may_call_its_styles_otherwise(derby_run: Run, tmp_path: Path) -> None:
    document = docx.Document(str(make_council(tmp_path / "council.docx")))
    document.styles.add_style("Millbrook Para", 1)
    document.save(str(tmp_path / "council.docx"))
    own = "sections:\n  - heading: One\n    content:\n      - block: found\nstyles:\n  paragraph: "
    (tmp_path / "own.yaml").write_text(f"{own}Millbrook Para\n", encoding="utf-8")
    path = mp.write_paper(derby_run, tmp_path / "a.docx", tmp_path / "own.yaml", tmp_path / "council.docx")
    assert open_document(path).styles["Report Paragraph"].base_style.name == "Millbrook Para"
    (tmp_path / "own.yaml").write_text(f"{own}Milbrook Para\n", encoding="utf-8")
    with pytest.raises(UnknownNameError, match="Did you mean 'Millbrook Para'"):
        mp.write_paper(derby_run, tmp_path / "b.docx", tmp_path / "own.yaml", tmp_path / "council.docx")


# --- awkward words -------------------------------------------------------------------------------------------

AWKWARD = [
    '=HYPERLINK("http://evil.example")', "$\\input{/etc/passwd}$", "<script>alert(1)</script> & <w:p/>",
    "{total} {0}", "خطة الصحة والعافية 2030 for all", "two\u2028lines", "]]> --> %s %(x)s", "\u202eright to left",
]  # fmt: skip


def test_awkward_words_come_through_as_they_are(make_city: Make, tmp_path: Path) -> None:
    city = make_city()
    priorities = city.priorities.copy()
    texts = [AWKWARD[n % len(AWKWARD)] for n in range(len(priorities))]
    texts[0] = "broken \x01\x0b\ufffe words"
    priorities["text"], priorities["wording"] = texts, "verbatim"
    boards, strategies = city.boards.copy(), city.strategies.copy()
    boards["name"] = [f"{AWKWARD[n % len(AWKWARD)]} {n}" for n in range(len(boards))]
    strategies["name"] = [f"{AWKWARD[-1 - n % len(AWKWARD)]} {n}" for n in range(len(strategies))]
    run = mp.tag(dataclasses.replace(city, priorities=priorities, boards=boards, strategies=strategies))
    told: list[str] = []
    path = mp.write_paper(run, tmp_path / "paper.docx", progress=told.append)
    cells = {read_text(p).strip("\u201c\u201d") for p in open_document(path).element.body.iter(qn("w:p"))}
    shown = set(run.priorities["text"])
    for text in shown - {texts[0]}:
        assert any(text in cell for cell in cells), text
    assert any("broken \ufffd\ufffd\ufffd words" in cell for cell in cells)
    assert any("replaced by \ufffd in: priorities," in note for note in told)
    assert "are shown as \ufffd in: priorities," in body_text(path)
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("word/document.xml").decode()
        rels = archive.read("word/_rels/document.xml.rels").decode()
    assert "<script" not in xml
    assert "External" not in rels
    assert "HYPERLINK" not in "".join(re.findall(r"<w:instrText.*?</w:instrText>|w:instr=\"[^\"]*\"", xml))
    assert "<w:rtl/>" in xml
    before = path.read_bytes()
    assert mp.write_paper(run, path) == path
    assert path.read_bytes() == before


def test_a_city_with_nothing_to_say_still_gives_a_paper(tmp_path: Path) -> None:
    rows = "priority,strategy,text,wording,level,parent,source_title,source_address,note\n"
    home = write_city(tmp_path / "city", {"priorities.csv": rows})
    path = mp.write_paper(mp.tag(read_partnership(home)), tmp_path / "paper.docx")
    assert set(mp.find_marks(path)["kind"]) == {"gap", "draft"}
    assert "0 priorities" in body_text(path)


# --- the command ---------------------------------------------------------------------------------------------


def test_the_command_writes_checks_and_says_what_is_next(tmp_path: Path) -> None:
    target = tmp_path / "paper.docx"
    result = CliRunner().invoke(main, ["paper", "-o", str(target), "--template", "generic"])
    assert result.exit_code == 0
    assert result.stdout == f"{target}\n"
    assert f"next: mapping paper check {target}" in result.stderr
    result = CliRunner().invoke(main, ["paper", "check", str(target)])
    assert result.exit_code == 1
    assert "gap: [Officer to write: what members are asked to note, discuss or agree]" in result.stdout
    assert "Not final." in result.stderr
    assert len(result.stdout.splitlines()) == len(mp.find_marks(target)), "every one is listed"
    result = CliRunner().invoke(main, ["paper", "-o", str(target), "--template", "generic"])
    assert result.exit_code == 0
    assert not (tmp_path / "paper-2.docx").exists()
    assert "was written from this run already" in result.stderr
    result = CliRunner().invoke(main, ["paper", "-o", str(target), "--template", "drby"])
    assert result.exit_code == 1
    assert "Did you mean 'derby'?" in result.stderr


# --- LibreOffice ---------------------------------------------------------------------------------------------


def convert(path: Path, kind: str, home: Path) -> Path:
    if SOFFICE is None:
        pytest.fail("LibreOffice is not installed: apt-get install libreoffice-writer")
    profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
    command = [SOFFICE, profile, "--headless", "--convert-to", kind, "--outdir", str(home / "out"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return home / "out" / f"{path.stem}.{kind.split(':')[0]}"


def with_a_font_as_wide_as_arial(path: Path, to: Path) -> Path:
    """Exchange Arial where it is missing: what LibreOffice takes in its place is a sixth wider."""
    shutil.copy(path, to)
    name = subprocess.run(["fc-match", "Arial", "family"], capture_output=True, text=True, check=True).stdout
    if "Arial" in name or "Liberation" in name:
        return to

    def exchange(parts: dict[str, bytes]) -> None:
        parts["word/styles.xml"] = parts["word/styles.xml"].replace(b'"Arial"', b'"DejaVu Sans Condensed"')

    return repack(to, exchange)


@pytest.mark.office
@pytest.mark.parametrize("which", ["derby", "rich", "generic", "large"])
def test_the_body_has_at_most_four_sides(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    run = request.getfixturevalue("rich_run" if which == "rich" else "derby_run")
    if which == "large":
        counts = [[(3 * b + 5 * t + b * t) % 7 for t in range(12)] for b in range(12)]
        run = make_run(counts, sources=["stand-in", "mixed", "named"] * 4, confirmed="some")
    path = mp.write_paper(run, tmp_path / "written.docx", "generic" if which == "generic" else "derby")
    pdf = convert(with_a_font_as_wide_as_arial(path, tmp_path / "paper.docx"), "pdf", tmp_path)
    pages = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    sheets = pages.split("\f")
    first = next(n for n, sheet in enumerate(sheets) if sheet.lstrip().startswith("Appendix A:"))
    assert first <= 4
    if which == "derby":
        starts = [n for n, sheet in enumerate(sheets) if re.match(r"\s*Appendix [BC]:", sheet)]
        assert starts[1] - starts[0] <= 5, "a column of the priorities is too narrow for its words"
    text = "".join(sheets[:first])
    for number in ("1.1", "2.1", "3.1", "4.1", "5.1", " a) ", " b) "):
        assert re.search(rf"(^|\s){re.escape(number.strip())}\s", text, flags=re.MULTILINE), number
    assert re.search(r"^\s*A\.1\s", pages, flags=re.MULTILINE)


@pytest.mark.office
def test_edits_are_found_after_another_program_saved_the_file(derby_paper: Path, rich_run: Run, tmp_path: Path) -> None:
    path = tmp_path / "paper.docx"
    shutil.copy(derby_paper, path)
    edit_paper(path)
    saved = convert(path, "docx:MS Word 2007 XML", tmp_path)
    assert hash_words(open_document(saved)) == hash_words(open_document(path)), "saving it is no edit"
    found = find_blocks(open_document(saved))
    assert len(found) > 60
    new = mp.write_paper(rich_run, saved)
    text = body_text(new)
    for kept in ("Fewer than half of the priorities carry a theme.", "An officer wrote this paragraph.", "Voices"):
        assert text.count(kept) == 1
    assert "Boards would meet by chance alone" not in text
