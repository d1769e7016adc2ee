"""The ladder on a real paper: the report of 16 March 2009, cut into passages, beside the shipped tables of 2009."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from mapping.interdependencies import RUNGS, find_interdependencies, find_links, state_ladder
from mapping.mentions import find_mentions, find_partner_links
from mapping.partnership import load_derby_2009
from mapping.remit import find_remit_links, find_remit_passages
from mapping.tables import each_row
from mapping.tags import Run, tag

SEEDS = Path(__file__).resolve().parent.parent.parent / "shared" / "seeds"
#: Headings that begin a board's section. Two sections have none of their own: each begins with a second heading of
#: achievements, and names its executive ("SSC Executive Board", "Healthy City Executive").
SECTIONS = {
    "## Derby City Partnership Board Meeting": "DCP",
    "## City for Children and Young People": "CYP",
    "## City Growth": "CGR",
    "### **Achievements**": "SSC",
    "## Cultural City": "CUL",
}
UNHEADED = ("CUL", "### Achievements", "HTH")

ASB = "Developments in partnership with CYP in Asb to improve and focus our work in parenting and targeted prevention"
WORKPLACE = "Creating a Healthy Workplace"
GANGS = "Recent focus on gang related crime"
FLOOD = "Lower Derwent Flood Risk Strategy"


def cut_report(text: str) -> pd.DataFrame:
    """Return the report as one row per passage: a paragraph or a point of a list, without its marks."""
    board, seen, rows = "", False, []
    for block in re.split(r"\n\s*\n|\n(?=- )", text):
        block = block.strip()
        if block in SECTIONS:
            board, seen = SECTIONS[block], False
        elif (board, block) == UNHEADED[:2] and seen:
            board = UNHEADED[2]
        elif block and not block.startswith("#") and block != "16 March 2009":
            rows.append((board, block.removeprefix("- ").replace("**", "")))
        seen = seen or block == UNHEADED[1]
    table = pd.DataFrame(rows, columns=["board", "text"])
    number = table.groupby("board").cumcount() + 1
    return table.assign(passage=table["board"] + "-P" + number.astype(str).str.zfill(2), wording="verbatim")


@pytest.fixture(scope="module")
def report() -> pd.DataFrame:
    """The passages of the report."""
    found = sorted(SEEDS.glob("003*"))
    if not found:
        pytest.skip("skipped: shared/ not present")
    return cut_report(found[0].read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def run() -> Run:
    """Derby 2009, tagged with the defaults."""
    return tag(load_derby_2009())


def find_id(report: pd.DataFrame, beginning: str) -> str:
    """Return the id of the one passage that begins so."""
    own = report.loc[report["text"].str.startswith(beginning), "passage"]
    assert len(own) == 1
    return str(own.iloc[0])


def test_the_report_is_cut_into_its_sections(report: pd.DataFrame) -> None:
    assert report.groupby("board", sort=False).size().to_dict() == {
        "DCP": 7, "CYP": 13, "CGR": 11, "SSC": 25, "CUL": 10, "HTH": 5,
    }  # fmt: skip
    for beginning, board in ((ASB, "SSC"), (GANGS, "SSC"), (WORKPLACE, "HTH"), (FLOOD, "CGR")):
        assert find_id(report, beginning).startswith(board)


def test_without_the_report_its_restated_rows_stay_on_the_lower_rungs(run: Run) -> None:
    assert (find_links(run)["rung"].dropna() <= 2).all()
    assert state_ladder(run)[-1] == "73 of 77 texts are restated; on rungs 3 and 4 only the others can stand."


def test_the_stated_link_is_found_with_its_passage(run: Run, report: pd.DataFrame) -> None:
    links = find_links(run, report).set_index(["from_board", "to_board"])
    up = links[links["rung"] >= 3]
    assert list(up.index) == [("SSC", "CYP")]
    link = links.loc[("SSC", "CYP")]
    assert (link["rung"], link["says"], link["direction"]) == (3, RUNGS[3], ["joint"])  # joint work does not lift
    assert link["passages"] == [f"{find_id(report, ASB)}: {ASB}"]
    assert link["themes"] == ["start"]
    assert not link["mutual"]
    pair = find_interdependencies(run, report).set_index(["board_a", "board_b"]).loc[("CYP", "SSC")]
    assert (pair["rung"], pair["rung_ab"], pair["rung_ba"], pair["mutual"]) == (3, 1, 3, False)


def test_the_healthy_workplace_event_names_partners_that_are_no_board(run: Run, report: pd.DataFrame) -> None:
    source = find_id(report, WORKPLACE)
    partners = find_partner_links(run, report)
    named = partners[partners["passages"].map(lambda own: any(passage.startswith(source) for passage in own))]
    assert list(zip(named["from_board"], named["partner"], named["to_board"], named["direction"], strict=True)) == [
        ("HTH", "Derby City Partnership", "DCP", ["joint"]),
        ("HTH", "University of Derby", "", ["joint"]),
        ("HTH", "Derbyshire and Nottinghamshire Chamber", "", ["joint"]),
    ]
    links = find_links(run, report)
    assert not links["passages"].map(lambda own: any(passage.startswith(source) for passage in own)).any()


def test_passages_that_name_nobody_stand_in_the_remit_table_alone(run: Run, report: pd.DataFrame) -> None:
    mentions = find_mentions(run, report)
    remit = find_remit_passages(run, report).set_index("passage")
    gangs, flood = find_id(report, GANGS), find_id(report, FLOOD)
    assert not mentions["source"].isin([gangs, flood]).any()
    assert remit.loc[[gangs, flood], "names"].tolist() == [[], []]
    assert (remit.loc[gangs, "speaks"], remit.loc[gangs, "words"]) == (["CYP"], ["CYP: young"])
    # The report has no board of the environment: no other board makes key use of any word of the flood passage.
    assert (remit.loc[flood, "speaks"], remit.loc[flood, "words"]) == ([], [])
    spoken = find_remit_links(run).set_index(["from_board", "to_board"])
    assert "SSC-08" in spoken.loc[("SSC", "CYP"), "ids"]  # the same statement, restated in the shipped rows


def test_every_name_that_the_report_gives_can_be_checked_by_eye(run: Run, report: pd.DataFrame) -> None:
    mentions = find_mentions(run, report)
    said = [f"{row.from_board}: {row.spelled} ({row.direction or 'named'})" for row in each_row(mentions)]
    assert said == [
        "CYP: Ofsted (named)",
        "CYP: Learning and Skills Council (named)",
        "CYP: Ofsted (named)",
        "CYP: DCP (named)",
        "HTH: Derby City Partnership (joint)",
        "HTH: University of Derby (joint)",
        "HTH: Derbyshire and Nottinghamshire Chamber (joint)",
        "HTH: NHS Derby City (leans on)",
        "HTH: Derby City Council (leans on)",
        "SSC: sustainable communities strategy (named)",
        "SSC: CYP (joint)",
        "SSC: Youth Justice Board (named)",
        "CGR: East Midlands Business (named)",
        "CGR: Business Link (named)",
        "CGR: Jobcentre Plus (joint)",
        "CGR: Centre for Cities (named)",
        "CGR: Derby City Council (named)",
        "CUL: Sustainable Community Strategy (named)",
        "CUL: Play Partnership (named)",
    ]
