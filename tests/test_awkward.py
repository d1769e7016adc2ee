"""Awkward strings in every text field of every output: nothing live, and every text comes back to the letter."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from awkward import FORBIDDEN, STRINGS, write_awkward_city
from docx.oxml.ns import qn

from mapping.files import replace_controls
from mapping.graph import read_graph
from mapping.outputs.change_report import write_changes
from mapping.outputs.cross_impact_workbook import write_cross_impact
from mapping.outputs.review_workbook import write_review
from mapping.pack import write_pack
from mapping.paper import find_marks
from mapping.paper.marks import read_text
from mapping.paper.package import open_document
from mapping.partnership import read_partnership
from mapping.schema import DECISIONS, PRIORITIES
from mapping.tables import read_table
from mapping.tags import Run, tag

ALIVE = ("=", "+", "-", "@", "\t", "\r")
#: What a page may be made of.
TAGS = {
    *"html head meta title style body main header nav footer section article div span p h1 h2 h3 h4 ul ol li".split(),
    *"table caption thead tbody tfoot tr th td a img figure figcaption details summary strong em b mark code".split(),
    *"pre br abbr dl dt dd small sup hr button input label".split(),
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_awkward_city(tmp_path_factory.mktemp("awkward") / "city", STRINGS)


@pytest.fixture(scope="module")
def run(city: Path) -> Run:
    return tag(read_partnership(city))


@pytest.fixture(scope="module")
def home(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the run folder of a pack, which stands beside it: everything that the toolkit writes."""
    folder = write_pack(run, tmp_path_factory.mktemp("awkward-out") / "pack") / "run"
    write_review(run, folder / "review.xlsx", top=200)
    write_cross_impact(run, folder / "cross-impact.xlsx")
    priorities = run.partnership.priorities.iloc[5:]
    object.__setattr__(later := read_partnership(folder / "inputs"), "priorities", priorities)
    write_changes(run, tag(later), folder / "changes")
    return folder


def texts(run: Run) -> list[str]:
    return list(run.priorities["text"])


def test_there_are_a_hundred_and_fifty(run: Run) -> None:
    assert len(set(STRINGS)) == len(STRINGS) == len(run.priorities) == 150
    assert {note.message.partition(" and ")[0] for note in run.partnership.warnings} == {
        "turns the direction of writing"
    }


# --- tables ------------------------------------------------------------------------------------------------


def test_csv_holds_no_formula_and_comes_back(run: Run, home: Path) -> None:
    files = sorted(home.parent.rglob("*.csv"))
    assert len(files) > 30
    assert home.parent / "cards.csv" in files
    for path in files:
        if "inputs" in path.parts and path.name == "keywords.csv":
            continue
        for row in pd.read_csv(path, dtype=str, keep_default_na=False).itertuples(index=False):
            for cell in row:
                assert not cell.startswith(ALIVE) or re.fullmatch(r"-?\d+(\.\d+)?", cell), f"{path.name}: {cell!r}"
    read, _ = read_table(home / "tables" / "priorities.csv", PRIORITIES)
    assert list(read["text"]) == texts(run)
    again = read_partnership(home / "inputs")
    for name in ("boards", "strategies", "priorities", "names", "passages"):
        ours, theirs = (getattr(tables, name).drop(columns="line") for tables in (run.partnership, again))
        pd.testing.assert_frame_equal(ours, theirs)
    assert {**again.info, "framework": ""} == {**run.partnership.info, "framework": ""}
    kept, _ = read_table(home / "inputs" / "decisions.csv", DECISIONS)
    assert list(kept["note"]) == list(run.partnership.decisions["note"])


@pytest.mark.parametrize("name", ["mapping-table", "published-tables", "review", "cross-impact"])
def test_a_workbook_holds_text_only(run: Run, home: Path, name: str) -> None:
    path = home / f"{name}.xlsx"
    with zipfile.ZipFile(path) as parts:
        for part in parts.namelist():
            data = parts.read(part).decode("utf-8", "replace")
            assert not re.search(r"<f[ >]", data), part
            assert 'TargetMode="External"' not in data, part
            assert "externalLink" not in part
    cells = [
        str(cell.value)
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    if name in ("mapping-table", "published-tables"):
        assert set(texts(run)) <= {cell.replace("_x000D_", "\r") for cell in cells}
    elif name == "review":
        assert len(set(texts(run)) & {cell.replace("_x000D_", "\r") for cell in cells}) > 30


# --- pages, figures, graph ---------------------------------------------------------------------------------


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("name", ["index.html", "changes/index.html"])
def test_a_page_runs_nothing_and_asks_for_nothing(run: Run, home: Path, name: str) -> None:
    page = _Page((home / name).read_text(encoding="utf-8"))
    assert {tag for tag, _ in page.found} <= TAGS
    for _, attributes in page.found:
        assert not [key for key in attributes if key.startswith("on")]
        for address in (attributes[key] or "" for key in ("href", "src") if key in attributes):
            ours = address.startswith(("#", "data:image/png;base64,")) or re.fullmatch(r"[\w./-]+(#[\w.-]+)?", address)
            assert ours or re.fullmatch(r"https?://[^\s\"<>]+", address), address
    words = " ".join("".join(page.words).split())
    shown = texts(run) if name == "index.html" else texts(run)[:5]
    missing = [text for text in shown if " ".join(text.split()) not in words]
    assert missing == []


def test_a_report_in_markdown_holds_no_live_markup(home: Path) -> None:
    for path in (home / "report.md", home / "changes" / "report.md"):
        # The anchors to which our own tables lead are the only markup.
        text = re.sub(r'<a id="[\w-]+"></a>', "", path.read_text(encoding="utf-8"))
        assert not re.search(r"(?<!\\)<(?!https?://)[a-zA-Z!/?]", text), path.name
        assert not re.search(r"(?<!\\)\]\(\s*(javascript|data|file|external):", text)


def svgs(home: Path) -> Iterator[Path]:
    yield from sorted(home.rglob("*.svg"))


def test_a_drawing_holds_words_and_no_script(home: Path) -> None:
    assert len(list(svgs(home.parent))) >= 11
    for path in svgs(home.parent):
        root = ET.fromstring(path.read_text(encoding="utf-8"))
        names = {element.tag.split("}")[-1] for element in root.iter()}
        assert not names & {"script", "foreignObject", "a", "iframe"}, path.name
        for element in root.iter():
            assert not [key for key in element.attrib if key.split("}")[-1].startswith("on")]
            link = next((value for key, value in element.attrib.items() if key.endswith("href")), "")
            assert link.startswith(("#", "data:image/png;base64,")) or not link, link


def test_the_paper_holds_every_word_and_nothing_live(run: Run, home: Path) -> None:
    path = home.parent / "discussion-paper.docx"
    with zipfile.ZipFile(path) as parts:
        for part in parts.namelist():
            if part.endswith((".xml", ".rels")):
                data = parts.read(part).decode("utf-8")
                ET.fromstring(data)
                assert 'TargetMode="External"' not in data, part
                for told in re.findall(r"<w:instrText[^>]*>(.*?)</w:instrText>|w:instr=\"([^\"]*)\"", data):
                    assert re.fullmatch(r"\s*(PAGE|NUMPAGES|SEQ \w+( \\\* ARABIC)?)\s*", "".join(told)), told
        assert not [name for name in parts.namelist() if "vba" in name.lower() or "embed" in name.lower()]
    # A paragraph has no line ends of its own: the file holds them as breaks, and tabs as tabs.
    cells = " \u241f ".join(" ".join(read_text(p).split()) for p in open_document(path).element.body.iter(qn("w:p")))
    missing = [text for text in texts(run) if " ".join(text.split()) not in cells]
    assert missing == []
    assert set(find_marks(path)["kind"]) >= {"gap", "draft"}


def test_the_cards_hold_words_and_nothing_live(run: Run, home: Path) -> None:
    data = (home.parent / "cards.pdf").read_bytes()
    assert not re.search(rb"/(JavaScript|JS|URI|Launch|EmbeddedFile|OpenAction|AA|SubmitForm|GoToR)\b", data)
    table = pd.read_csv(home.parent / "cards.csv", dtype=str, keep_default_na=False)
    words = dict(zip(run.priorities["priority"], texts(run), strict=True))
    assert len(table) >= 6
    for row in table.itertuples(index=False):
        said = row[list(table.columns).index("Key: words as judged")]
        assert said.removeprefix("'") == words[row[list(table.columns).index("Key: priority")]].removeprefix("'")
    text = (home.parent / "cards.txt").read_text(encoding="utf-8")
    assert replace_controls(text) == text
    assert all(" ".join(theme.split()) in " ".join(text.split()) for theme in run.themes["name"])


def test_the_graph_is_xml_and_its_names_come_back(run: Run, home: Path) -> None:
    graph = read_graph(home / "board-theme-graph.graphml")
    names = {data.get("name") for _, data in graph.nodes(data=True)}
    assert {replace_controls(name) for name in run.boards["name"]} <= {str(name) for name in names}


# --- what XML forbids --------------------------------------------------------------------------------------


def test_forbidden_characters_are_shown_replaced_and_reported(tmp_path: Path) -> None:
    partnership = read_partnership(write_awkward_city(tmp_path / "city", FORBIDDEN))
    noted = {(note.file, note.line) for note in partnership.warnings if "control character" in note.message}
    # \ufffe is no control character; it is forbidden all the same.
    assert len({line for file, line in noted if file == "priorities.csv"}) >= len(FORBIDDEN) - 1
    run = tag(partnership)
    told: list[str] = []
    home = write_pack(run, tmp_path / "pack", progress=told.append) / "run"
    wanted = {replace_controls(text) for text in texts(run)}
    for name in ("mapping-table", "published-tables"):
        book = openpyxl.load_workbook(home / f"{name}.xlsx")
        assert wanted <= {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    for path in (home / "index.html", home / "report.md", home / "board-theme-graph.graphml", *svgs(home)):
        text = path.read_text(encoding="utf-8")
        assert replace_controls(text) == text, path.name
    assert any("replaced by \ufffd in: " in note for note in told)
    with zipfile.ZipFile(home.parent / "discussion-paper.docx") as parts:
        assert all(replace_controls(text) == text for text in (parts.read(n).decode() for n in parts.namelist()
                                                               if n.endswith((".xml", ".rels"))))  # fmt: skip
    cells = "\n".join(read_text(p) for p in open_document(home.parent / "discussion-paper.docx").element.body.iter(
        qn("w:p")))  # fmt: skip
    assert all(text in cells for text in wanted)
    page = _Page((home / "index.html").read_text(encoding="utf-8"))
    assert all(text in "".join(page.words) for text in wanted)
    read, _ = read_table(home / "tables" / "priorities.csv", PRIORITIES)
    assert list(read["text"]) == texts(run)
