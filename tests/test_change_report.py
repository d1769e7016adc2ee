"""The change report: every number opens to its rows, old and new wording stand side by side, and nothing is cut."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CITY, edit

from mapping.errors import OutputError
from mapping.outputs.change_report import write_changes
from mapping.outputs.listing import mark_change
from mapping.partnership import Partnership
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]
DECIDED = CITY["decisions.csv"] + "millbrook-themes,PRK-03,voice,confirm,Ask residents which parks matter,AB,2019,\n"


@pytest.fixture
def later(make_city: MakeCity) -> Run:
    texts = edit("priorities.csv", ("Review the office rota", "Review the <b>floods</b> rota"))
    return tag(make_city({**texts, "decisions.csv": DECIDED}))


@pytest.fixture
def page(run: Run, later: Run, tmp_path: Path) -> str:
    return (write_changes(run, later, tmp_path / "changes") / "index.html").read_text(encoding="utf-8")


def test_every_link_of_the_page_leads_somewhere(page: str, tmp_path: Path) -> None:
    anchors = set(re.findall(r'id="([^"]+)"', page))
    links = re.findall(r'href="([^"]+)"', page)
    assert {link[1:] for link in links if link.startswith("#")} <= anchors
    assert all((tmp_path / "changes" / link).is_file() for link in links if not link.startswith("#"))


def test_text_from_documents_is_escaped_and_what_differs_is_marked(page: str) -> None:
    assert "<b>floods</b>" not in page
    assert "Review the <b>office</b> rota" in page
    assert "Review the <b>&lt;b&gt;floods&lt;/b&gt;</b> rota" in page


def test_the_page_asks_for_nothing_outside_and_runs_nothing(page: str) -> None:
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="https?:', page)


def test_a_decision_to_check_says_whether_it_was_decided_since(make_city: MakeCity, later: Run, tmp_path: Path) -> None:
    before = tag(make_city({"decisions.csv": DECIDED.replace("matter,AB", "matter to them,AB")}))
    after = make_city(
        {
            **edit("priorities.csv", ("parks matter to them", "parks matter most")),
            "decisions.csv": DECIDED.replace("matter,AB", "matter to them,AB"),
        }
    )
    report = write_changes(before, tag(after), tmp_path / "a") / "report.md"
    assert "To check again: 1 tag to look at, 1 left" in report.read_text(encoding="utf-8")
    row = "millbrook-themes,PRK-03,voice,reject,Ask residents which parks matter most,AB,2020,\n"
    files = {
        **edit("priorities.csv", ("parks matter to them", "parks matter most")),
        "decisions.csv": DECIDED.replace("matter,AB", "matter to them,AB") + row,
    }
    report = write_changes(before, tag(make_city(files)), tmp_path / "b") / "report.md"
    text = report.read_text(encoding="utf-8")
    assert "To check again: 1 tag to look at, 0 left" in text
    assert "| rejected |" in text


def test_other_rules_are_said_where_the_figure_stands(city: Partnership, run: Run, tmp_path: Path) -> None:
    text = (write_changes(run, tag(city, threshold=0.4), tmp_path / "changes") / "report.md").read_text(
        encoding="utf-8"
    )
    assert "different rules (threshold: 0.5, then 0.4)" in text


def test_another_folder_is_never_replaced(run: Run, later: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError):
        write_changes(run, later, tmp_path / "mine")
    assert (tmp_path / "mine" / "notes.txt").read_text() == "mine"


def test_of_two_wordings_the_words_that_differ_are_marked() -> None:
    old, new = mark_change("Cold homes, and streets", "cold homes / damp streets")
    assert [text for text, marked in old.pieces if marked] == ["and"]
    assert [text for text, marked in new.pieces if marked] == ["/ damp"]
    assert (str(old), str(new)) == ("Cold homes, and streets", "cold homes / damp streets")
