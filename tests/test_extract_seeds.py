"""Draft priorities of the five source papers, against a table written by hand from reading them.

What counts as a row is said in ``extraction_gold.py``. A row is known by the line of the paper on which it stands and
by a hash of its words, so that no text of theirs is copied here. Boards: hwb, cyp, cgr, cul and dp stand for the names
in ``BOARDS``; unknown is "board unknown"; where a paper leaves it open, two are right. Of the second rendering of the
January report (001) nothing may come twice; a tracker (004) holds no priorities.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from extraction_gold import write_as_word

import mapping as mp
from mapping.cross_checks import squeeze
from mapping.sources.finding import Extraction, extract
from mapping.sources.passages import Document
from mapping.sources.receipt import check_receipt, count_receipt

SEEDS = Path(__file__).resolve().parent.parent.parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="skipped: shared/ not present")

BOARDS = {
    "hwb": "Health and Wellbeing Board", "dp": "Derby Partnership", "cyp": "City for Children and Young People",
    "cgr": "City Growth", "cul": "Cultural City", "unknown": "board unknown",
}  # fmt: skip
#: Paper, line, hash of the words, level, boards that are right.
ROWS = [
    ("000", 24, "e9166b2b09a0", "action", "hwb"),
    ("000", 25, "e6aaf7913130", "action", "hwb"),
    ("000", 36, "43a081c1150f", "action", "unknown"),
    ("000", 37, "5b0868a37a25", "action", "unknown"),
    ("000", 38, "b456ec38fe9f", "action", "unknown"),
    ("000", 46, "68dcda6f79cf", "theme", "unknown"),
    ("000", 47, "6cc92ee26944", "theme", "unknown"),
    ("000", 48, "04d7170415cf", "theme", "unknown"),
    ("000", 49, "96f22a6dae74", "theme", "unknown"),
    ("000", 50, "2d1ac1c36121", "theme", "unknown"),
    ("002", 10, "d357d2ad2258", "theme", "dp|unknown"),
    ("002", 15, "53564754c9dd", "action", "hwb"),
    ("002", 16, "cadca9950093", "action", "hwb"),
    ("002", 36, "400f665f5e4d", "action", "unknown"),
    ("002", 37, "b6b475b9d84f", "action", "unknown"),
    ("002", 38, "a10bdbd323f7", "action", "unknown"),
    ("002", 39, "cef2f9f4ba57", "action", "unknown"),
    ("002", 40, "5b1a00c9beb0", "action", "unknown"),
    ("002", 65, "33e1ccda5fd6", "vision", "dp|unknown"),
    ("002", 69, "59c7f27bc23d", "action", "dp|unknown"),
    ("002", 70, "3e8d86ed8db5", "action", "dp|unknown"),
    ("002", 145, "9b379e51c045", "vision", "dp|unknown"),
    ("002", 145, "5bb176c58e6f", "vision", "dp|unknown"),
    ("002", 145, "cb515be51c98", "vision", "dp|unknown"),
    ("002", 145, "fa32e0db492d", "vision", "dp|unknown"),
    ("002", 146, "69fcbb8dd0a7", "vision", "dp|unknown"),
    ("002", 147, "70af7964736a", "priority", "dp|unknown"),
    ("002", 147, "7cd7db6985a1", "priority", "dp|unknown"),
    ("002", 147, "f7e0838cfcdf", "priority", "dp|unknown"),
    ("002", 147, "5e2b558828fd", "priority", "dp|unknown"),
    ("002", 147, "f1335f5c3f88", "priority", "dp|unknown"),
    ("002", 174, "312947d2cd55", "priority", "dp|unknown"),
    ("002", 175, "88d6ec9a7dec", "priority", "dp|unknown"),
    ("002", 176, "3ab1f34b9241", "priority", "dp|unknown"),
    ("002", 177, "99b978b6c4fc", "priority", "dp|unknown"),
    ("003", 52, "487856968753", "theme", "cyp"),
    ("003", 52, "23ac8de9d7f9", "theme", "cyp"),
    ("003", 52, "d54daac58bab", "theme", "cyp"),
    ("003", 64, "df5d4d4b50ac", "priority", "cyp"),
    ("003", 64, "4cc255961280", "priority", "cyp"),
    ("003", 64, "9593e03c12b1", "priority", "cyp"),
    ("003", 71, "d109b672306a", "priority", "cyp"),
]
#: Lines of 003 that report activity, with the board of each: lists under achievements and current developments.
ACTIVITY = {
    **dict.fromkeys(range(39, 43), "cyp"), **dict.fromkeys(range(79, 82), "cgr"),
    **dict.fromkeys([*range(109, 119), *range(122, 130)], "unknown"), **dict.fromkeys(range(146, 149), "cul"),
    **dict.fromkeys((174, 175), "unknown"),
}  # fmt: skip


def key(text: str) -> str:
    return hashlib.sha256(squeeze(text).encode()).hexdigest()[:12]


def wanted(activity: bool) -> dict[tuple[str, str], tuple[str, list[str]]]:
    rows = {(paper, words): (level, boards.split("|")) for paper, _, words, level, boards in ROWS}
    if activity:
        lines = next(SEEDS.glob("003*")).read_text(encoding="utf-8").split("\n")
        for line, board in ACTIVITY.items():
            words = re.sub(r"</?sup>|\*\*|<(?=http)|(?<=\d)>", "", lines[line - 1].removeprefix("- "))
            rows["003", key(words)] = ("reported activity", [board])
    return rows


def measure(found: Extraction, activity: bool) -> tuple[float, float, list[str]]:
    """Return precision, recall (with level and board right), and what was wrong."""
    right = wanted(activity)
    got = {(row.file[:3], key(row.text)): row for row in found.priorities.itertuples()}
    wrong = [f"not wanted: {place} {row.text[:60]}" for place, row in got.items() if place not in right]
    hits = 0
    for place, (level, boards) in right.items():
        row = got.get(place)
        if row is None:
            wrong.append(f"missing: {place}")
        elif row.level != level or row.board not in {BOARDS[board] for board in boards}:
            wrong.append(f"{place}: {row.level}, {row.board}")
        else:
            hits += 1
    taken = sum(place in right for place in got)
    return taken / max(1, len(got)), hits / len(right), wrong


@pytest.fixture(scope="module")
def texts() -> list[Document]:
    return mp.read_documents(sorted(SEEDS.glob("*.txt")))


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("seeds")
    return [
        write_as_word(path.read_text(encoding="utf-8"), folder / f"{path.stem}.docx")
        for path in sorted(SEEDS.glob("*.txt"))
    ]


@pytest.mark.parametrize("activity", [False, True])
def test_the_papers_as_text(texts: list[Document], activity: bool) -> None:
    found = extract(texts, activity=activity)
    precision, recall, wrong = measure(found, activity)
    assert (precision, recall) == (1.0, 1.0), wrong
    check_receipt(found.receipt, texts)


@pytest.mark.parametrize("activity", [False, True])
def test_the_papers_as_word(words: list[Path], activity: bool) -> None:
    documents = mp.read_documents(words)
    found = extract(documents, activity=activity)
    precision, recall, wrong = measure(found, activity)
    assert precision >= 0.9, wrong
    assert recall >= 0.95, wrong
    check_receipt(found.receipt, documents)


@pytest.mark.office
def test_the_papers_as_pdf(words: list[Path], tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    assert office, "LibreOffice is not installed: apt-get install libreoffice-writer"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, words)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    documents = mp.read_documents(sorted(tmp_path.glob("*.pdf")))
    found = extract(documents)
    precision, recall, wrong = measure(found, activity=False)
    assert precision >= 0.9, wrong
    assert recall >= 0.95, wrong
    assert set(found.priorities["page"]) >= {"1", "2"}
    check_receipt(found.receipt, documents)


def test_two_renderings_give_each_statement_once_and_it_is_said(texts: list[Document]) -> None:
    found = extract(texts[:2])
    counts = count_receipt(found.receipt)
    assert list(counts["rows"]) == [10, 0]
    assert list(counts["repeats"]) == [0, 10]
    repeats = found.receipt[found.receipt["why"].str.startswith("repeats")]
    assert len(repeats) == 10
    assert any(note.endswith("each statement is taken once.") for note in found.notes)
    # In the other order the other rendering is the one that counts.
    assert list(count_receipt(extract(texts[1::-1]).receipt)["rows"]) == [10, 0]


def test_the_framework_names_its_boards_and_their_strategies(texts: list[Document]) -> None:
    boards = extract(texts[2:3]).boards
    named = boards[boards["strategy"] != ""]
    assert dict(named.groupby("board", sort=False)["strategy"].size()) == {
        "Children, Families and Learners Board": 1, "Health and Wellbeing Board": 1, "Safer Communities Board": 1,
        "Derby Renaissance Board": 1, "Culture and Leisure Board": 2,
    }  # fmt: skip


def test_two_headings_are_missing_in_the_2009_report_and_that_is_said(texts: list[Document]) -> None:
    found = extract(texts[3:4], activity=True)
    assert sum("a heading is missing" in note for note in found.notes) == 2
    assert list(found.boards.loc[found.boards["rule"] == "heading missing", "board"]) == ["board unknown"] * 2
    assert {"City Growth", "Cultural City"} <= set(found.boards["board"])
    assert int((found.priorities["board"] == "board unknown").sum()) == 20
    coded = extract(texts[3:4], partnership=mp.load_derby_2009(), activity=True).priorities
    assert set(coded["board"]) == {"CYP", "CGR", "CUL", "board unknown"}


def test_another_citys_tracker_does_not_enter_a_derby_mapping(texts: list[Document]) -> None:
    found = extract(texts, partnership=mp.load_derby())
    assert not found.priorities["file"].str.startswith("004").any()
    assert any("never names Derby" in note for note in found.notes)


def test_the_tracker_gives_answers_and_totals_that_are_checked(texts: list[Document]) -> None:
    recommendations = mp.tag_recommendations(mp.find_recommendations(texts))
    assert list(recommendations["response"]) == ["in part", "yes"]
    assert list(recommendations["number"]) == ["63", "2."]
    assert recommendations["comment"].str.len().min() > 40
    totals = mp.find_totals(texts)
    assert list(totals["count"]) == [71, 13, 4]
    assert list(totals["total"]) == [88] * 3
    assert list(totals["share_printed"]) == [80, 15, 5]
    # 71 / 88 is 80.7 per cent: the paper rounds it down, so that its shares make 100.
    assert [check == "agrees" for check in totals["check"]] == [False, True, True]
    assert list(totals["listed"]) == [1, 1, 0]
    counts = mp.count_responses(recommendations).set_index("theme")
    assert counts.loc["all", "recommendations"] == 2
    assert isinstance(counts, pd.DataFrame)
