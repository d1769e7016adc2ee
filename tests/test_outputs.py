"""What leaves the toolkit: safe to open, whole, and each number the same wherever it stands."""

from __future__ import annotations

import itertools
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import mapping as mp
from mapping.findings import LIMITS, state_findings
from mapping.outputs.folder import write_report
from mapping.outputs.workbook import write_workbook
from mapping.schema import PRIORITIES
from mapping.tables import each_row, read_table
from mapping.tags import Run

AWKWARD = [
    "=1+1",
    "+44 more homes",
    "-5% crime",
    "@home",
    "\tTab first",
    '=HYPERLINK("http://x.test","go")',
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{ 7*7 }}",
    "{% raw %}",
    "Cost $5 and $6, $\\input{x}$",
    "| pipes | and `ticks` and **stars**",
    "[link](javascript:alert(1))",
    "\u202eright to left",
    "\u0628\u0686\u0648\u06ba \u06a9\u06cc \u062a\u0639\u0644\u06cc\u0645",
    "emoji \U0001f600 here",
    "curly \u2018quotes\u2019 \u201cand\u201d dashes \u2013 \u2014",
    'a, "b", c',
    "line one\nline two",
    "# heading",
    "'=1+1 with an apostrophe",
]


@pytest.fixture(scope="module")
def run() -> Run:
    return mp.tag(mp.load_derby())


@pytest.fixture(scope="module")
def folder(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(run, tmp_path_factory.mktemp("report") / "derby")


@pytest.fixture(scope="module")
def awkward() -> Run:
    """Derby with awkward texts in every field that goes out."""
    derby = mp.load_derby()
    texts = [f"{AWKWARD[n % len(AWKWARD)]} skills for young people" for n in range(len(derby.priorities))]
    names = [f"{AWKWARD[n]} {n}" for n in range(len(derby.boards))]
    object.__setattr__(derby, "priorities", derby.priorities.assign(
        text=texts, source_title=texts, source_address=[f"javascript:alert({n})" for n in range(len(texts))],
    ))  # fmt: skip
    object.__setattr__(derby, "boards", derby.boards.assign(name=names))
    object.__setattr__(derby, "strategies", derby.strategies.assign(name=[
        f"{AWKWARD[-1 - n % len(AWKWARD)]} {n}" for n in range(len(derby.strategies))
    ]))  # fmt: skip
    object.__setattr__(derby, "info", {**derby.info, "name": AWKWARD[6], "about": AWKWARD[7], "edition": AWKWARD[8]})
    return mp.tag(derby)


class Page(HTMLParser):
    """Collects what a browser would find in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_run_folder_holds_what_the_page_promises(folder: Path) -> None:
    page = Page((folder / "index.html").read_text(encoding="utf-8"))
    links = [a["href"] for tag, a in page.tags if tag == "a" and "href" in a]
    local = [link for link in links if link and not re.match(r"https?:|#", link)]
    assert len(local) > 20
    assert [link for link in local if not (folder / link).is_file()] == []
    anchors = {a.get("id") for _, a in page.tags}
    assert [link for link in links if link and link.startswith("#") and link[1:] not in anchors] == []


def test_a_report_without_a_name_may_be_replaced_and_one_with_a_name_may_not(
    folder: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mapping.outputs import folder as module

    assert json.loads((folder / "inputs" / "run.json").read_text(encoding="utf-8"))["name"] == ""
    monkeypatch.setattr(module, "draw_figures", lambda run: [])
    home = write_report(run, tmp_path / "kept", name="as agreed")
    assert json.loads((home / "inputs" / "run.json").read_text(encoding="utf-8"))["name"] == "as agreed"
    with pytest.raises(mp.OutputError, match="holds the run 'as agreed'"):
        write_report(run, home)


def test_the_page_is_accessible_and_asks_for_nothing(folder: Path) -> None:
    text = (folder / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    images = [a for tag, a in page.tags if tag == "img"]
    assert len(images) == 9
    assert all(60 <= len(a["alt"] or "") <= 300 for a in images)
    assert all((a["src"] or "").startswith("data:image/png;base64,") for a in images)
    assert {tag for tag, _ in page.tags} & {"script", "iframe", "object", "link", "form"} == set()
    assert next(a for tag, a in page.tags if tag == "html")["lang"] == "en-GB"
    assert sum(tag == "table" for tag, _ in page.tags) == sum(tag == "caption" for tag, _ in page.tags)
    assert all("scope" in a for tag, a in page.tags if tag == "th")
    headings = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(headings))
    assert "default-src 'none'" in text


def test_every_number_of_the_matrix_opens_to_as_many_priorities(folder: Path, run: Run) -> None:
    text = (folder / "index.html").read_text(encoding="utf-8")
    behind = dict(re.findall(r'<h3 id="(cell-\d+-\d+)">.*?</h3>\s*<ul>(.*?)</ul>', text, flags=re.DOTALL))
    shown = re.findall(r'<a href="#(cell-\d+-\d+)"><span class="n">(\d+)', text)
    assert len(shown) == int((mp.count_cells(run)["tagged"] > 0).sum())
    for anchor, count in shown:
        assert behind[anchor].count("<li") == int(count)


def test_every_report_carries_the_four_sentences_and_the_findings(folder: Path, run: Run) -> None:
    page = " ".join(Page((folder / "index.html").read_text(encoding="utf-8")).words)
    report = (folder / "report.md").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(folder / "mapping-table.xlsx")["Read me"]
    sheet = [str(row[0]) for row in book.iter_rows(values_only=True)]
    for sentence in (*LIMITS, *state_findings(run)):
        assert sentence in page
        assert sentence in report
        assert sentence in sheet


def test_no_output_speaks_of_absence_for_a_board_that_was_not_read(folder: Path, run: Run) -> None:
    cells = mp.count_cells(run)
    unread = set(cells.loc[cells["state"] == "not read", "board"])
    assert unread == {"HWB", "SCB", "CLB"}
    assert set(cells.loc[cells["state"] == "none", "board"]) <= {"CFL", "DRB"}
    matrix = openpyxl.load_workbook(folder / "mapping-table.xlsx")["Boards by themes"]
    names = dict(zip(run.boards["name"], run.boards["board"], strict=True))
    for row in matrix.iter_rows(min_row=2, max_row=6, values_only=True):
        if names[str(row[0])] in unread:
            assert "none" not in row


def test_restated_text_is_never_in_quotation_marks(folder: Path, run: Run) -> None:
    report = (folder / "report.md").read_text(encoding="utf-8")
    page = " ".join("".join(Page((folder / "index.html").read_text(encoding="utf-8")).words).split())
    for text in run.priorities.loc[run.priorities["wording"] == "restated", "text"]:
        for mark, end in (('"', '"'), ("\u201c", "\u201d"), ("\u2018", "\u2019")):
            assert f"{mark}{text}{end}" not in report
            assert f"{mark}{text}{end}" not in page


def test_the_manifest_says_what_made_the_run(folder: Path, run: Run) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["run"] == run.hash
    assert manifest["settings"]["threshold"] == run.settings.threshold
    assert manifest["rows"]["tags"] == 440
    assert set(manifest["table_sha256"]) == {path.stem for path in (folder / "tables").glob("*.csv")}


def test_the_mapping_table_has_a_row_a_priority_and_a_column_a_theme(folder: Path, run: Run) -> None:
    sheet = openpyxl.load_workbook(folder / "mapping-table.xlsx")["Mapping"]
    head, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert [row[0] for row in rows] == list(run.priorities["priority"])
    for theme, short in zip(run.themes["theme"], run.themes["short"], strict=True):
        column = head.index(short)
        marked = [row[0] for row in rows if row[column] and "suggested" in str(row[column])]
        tags = run.tags
        assert marked == list(tags.loc[(tags["theme"] == theme) & (tags["status"] == "suggested"), "priority"])
    untagged = [row[0] for row in rows if row[head.index("No theme")] == "none"]
    assert sorted(untagged) == sorted(mp.find_untagged(run)["priority"])


def test_awkward_texts_are_dead_everywhere(awkward: Run, tmp_path: Path) -> None:
    home = write_report(awkward, tmp_path / "run")
    page = Page((home / "index.html").read_text(encoding="utf-8"))
    assert {tag for tag, _ in page.tags} & {"script", "svg", "iframe"} == set()
    assert not [a for _, a in page.tags if any(name.startswith("on") for name in a)]
    assert not [a for _, a in page.tags if (a.get("href") or "").startswith("javascript:")]
    assert len([a for tag, a in page.tags if tag == "img"]) == 9
    words = "".join(page.words)
    for text in awkward.priorities["text"]:
        assert text.strip() in words or " ".join(text.split()) in " ".join(words.split())
    report = (home / "report.md").read_text(encoding="utf-8")
    assert not re.search(r"(?<!\\)<(script|img|svg)", report)
    for path in (home / "tables").glob("*.csv"):
        for line in pd.read_csv(path, dtype=str, keep_default_na=False).itertuples(index=False):
            for cell in line:
                if cell.startswith(("=", "+", "-", "@", "\t")):
                    assert re.fullmatch(r"-?\d+(\.\d+)?", cell), f"{path.name}: {cell}"


def test_awkward_texts_come_back_to_the_letter(awkward: Run, tmp_path: Path) -> None:
    home = write_report(awkward, tmp_path / "run")
    read, _ = read_table(home / "tables" / "priorities.csv", PRIORITIES)
    assert list(read["text"]) == list(awkward.priorities["text"])
    book = openpyxl.load_workbook(write_workbook(awkward, tmp_path / "book.xlsx"))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    rows = list(book["Mapping"].iter_rows(min_row=2, values_only=True))
    assert [row[5] for row in rows] == list(awkward.priorities["text"])


def test_a_text_too_long_for_excel_is_cut_and_said_so(tmp_path: Path) -> None:
    derby = mp.load_derby()
    texts = list(derby.priorities["text"])
    texts[0] = "Raise skills. " * 3_000
    object.__setattr__(derby, "priorities", derby.priorities.assign(text=texts))
    book = openpyxl.load_workbook(write_workbook(mp.tag(derby), tmp_path / "book.xlsx"))
    cell = str(book["Mapping"]["F2"].value)
    assert len(cell) <= 32_767
    assert cell.endswith("[cut: the whole text stands in tables/priorities.csv]")


def test_a_failed_report_leaves_the_earlier_one_whole(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from mapping.outputs import folder as module

    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_workbook", fail)
    with pytest.raises(mp.OutputError, match="No space left on device"):
        write_report(run, folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_confirmed_and_suggested_are_told_apart_in_every_output(tmp_path: Path) -> None:
    derby = mp.load_derby()
    run = mp.tag(derby)
    first = next(each_row(run.standing_tags))
    text = run.priority(first.priority)["text"]
    decision = {
        "framework": "closing-the-gap", "priority": first.priority, "theme": first.theme, "decision": "confirm",
        "words": text, "reviewer": "policy officer", "time": "2019-01-14", "note": "", "line": 2,
    }  # fmt: skip
    object.__setattr__(derby, "decisions", pd.DataFrame([decision]))
    home = write_report(mp.tag(derby), tmp_path / "run")
    assert "1 confirmed" in (home / "index.html").read_text(encoding="utf-8")
    assert "(1 confirmed)" in (home / "report.md").read_text(encoding="utf-8")
    sheet = openpyxl.load_workbook(home / "mapping-table.xlsx")["Mapping"]
    assert "confirmed" in {cell for row in sheet.iter_rows(values_only=True) for cell in row}
    cells = pd.read_csv(home / "tables" / "cells.csv")
    assert cells["confirmed"].sum() == 1
    assert "confirmed" in (home / "figures" / "matrix.svg").read_text(encoding="utf-8")
