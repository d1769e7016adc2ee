"""From documents to draft priorities: papers of our own with known rows, the receipt, the draft, the commands."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from extraction_gold import PAPERS, Paper, write_papers, write_sheet, write_word
from hypothesis import given, settings
from hypothesis import strategies as st

import mapping as mp
from mapping.cli import main
from mapping.cross_checks import squeeze
from mapping.errors import OutputError, UnknownNameError
from mapping.files import find_data
from mapping.partnership import Partnership
from mapping.schema import PRIORITIES
from mapping.sources.announcing import find_words, judge_heading, judge_lead
from mapping.sources.boards import BoardNames
from mapping.sources.finding import Extraction, extract, write_draft
from mapping.sources.passages import Document, Passage
from mapping.sources.receipt import check_receipt, count_receipt
from mapping.starter import write_starter
from mapping.tables import read_table, read_text_table

PLACE = "Millbrook"


def make_paper(*lines: tuple[str, str] | tuple[str, str, str], name: str = "paper.txt") -> Document:
    """Make a document by hand: lines are kind, text and number; headings stand above what follows them."""
    passages, path, start = [], (), 0
    for place, (kind, text, *number) in enumerate(lines, start=1):
        passages.append(
            Passage(
                place, kind, text, int(kind in ("item", "heading")), number[0] if number else "",
                () if kind == "heading" else path, start=start, end=start + len(text),
            )
        )  # fmt: skip
        path = (text,) if kind == "heading" else path
        start += len(text) + 1
    return Document(name, f"hash of {name}", "text", "ok", passages=tuple(passages))


def texts(*lines: tuple[str, str] | tuple[str, str, str]) -> list[str]:
    return list(mp.find_priorities([make_paper(*lines)])["text"])


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> list[Document]:
    return mp.read_documents(write_papers(tmp_path_factory.mktemp("papers")))


@pytest.fixture(scope="module")
def found(papers: list[Document]) -> Extraction:
    return extract(papers)


# --- the papers of our own ----------------------------------------------------------------------------------


def same_board(first: str, second: str) -> bool:
    """Compare names of boards as the toolkit does, with or without the place before them."""
    names = BoardNames(place=PLACE)
    told = [names.find(name)[0].board if names.find(name) else name for name in (first, second)]
    return squeeze(told[0]) == squeeze(told[1]) or told[0] == told[1]


@pytest.mark.parametrize("paper", PAPERS, ids=[paper.file for paper in PAPERS])
def test_each_paper_gives_its_rows_with_level_board_number_and_page(paper: Paper, found: Extraction) -> None:
    own = found.priorities[found.priorities["file"] == paper.file]
    got = {squeeze(row.text): row for row in own.itertuples()}
    wanted = {squeeze(row.text): row for row in paper.rows}
    assert [got[words].text for words in got if words not in wanted] == []
    assert [wanted[words].text for words in wanted if words not in got] == []
    for words, row in wanted.items():
        assert got[words].level == row.level, row
        assert same_board(got[words].board, row.board), row
        assert row.number in ("", got[words].number), row
        assert row.page in (0, int(got[words].page or 0)), row


def test_precision_and_recall_over_all_papers(found: Extraction) -> None:
    wanted = {(paper.file, squeeze(row.text)) for paper in PAPERS for row in paper.rows}
    got = set(zip(found.priorities["file"], found.priorities["text"].map(squeeze), strict=True))
    assert len(PAPERS) >= 12
    assert len(wanted & got) / len(got) >= 0.95
    assert len(wanted & got) / len(wanted) >= 0.95


def test_taken_and_left_make_up_the_passages(papers: list[Document], found: Extraction) -> None:
    check_receipt(found.receipt, papers)
    counts = count_receipt(found.receipt)
    assert list(counts["passages"]) == [len(paper.passages) for paper in papers]
    assert (counts["taken"] + counts["left"] == counts["passages"]).all()
    assert counts["rows"].sum() == len(found.priorities)
    left = found.receipt[found.receipt["outcome"] == "left"]
    assert (left["why"] != "").all()


def test_every_text_stands_where_the_draft_says(papers: list[Document], found: Extraction) -> None:
    whole = {paper.name: "\n".join(passage.text for passage in paper.passages) for paper in papers}
    for row in found.priorities.itertuples():
        assert squeeze(whole[row.file][row.start : row.end]) == squeeze(row.text)


def test_what_a_reader_must_know_is_said(found: Extraction) -> None:
    said = "\n".join(found.notes)
    assert "twin.txt: says what strategy.md says" in said
    assert "other.txt: another authority's paper: it names Wharfton, and never Millbrook" in said
    assert "progress.md: a heading is missing before 'Achievements'" in said
    assert "report.docx: is a report put before a committee" in said


def test_parents_are_the_priorities_above(found: Extraction) -> None:
    own = found.priorities[found.priorities["file"] == "headings.docx"].set_index("text")
    assert own.loc["Insulate 1,000 homes", "parent"] == own.loc["Warm and healthy homes", "priority"]
    table = found.priorities[found.priorities["file"] == "actions.xlsx"].set_index("text")
    parent = table.loc["Build homes that people can afford", "priority"]
    assert table.loc["Buy back thirty former council homes", "parent"] == parent


def test_reported_activity_is_taken_only_when_asked_for(papers: list[Document]) -> None:
    plain, more = (mp.find_priorities(papers, activity=activity) for activity in (False, True))
    assert "reported activity" not in set(plain["level"])
    reported = more[more["level"] == "reported activity"]
    assert "Burglary fell by a tenth" in set(reported["text"])
    assert not more["text"].isin(["Hate crime is seldom reported", "Funding ends in 2026"]).any()


# --- rules, one by one --------------------------------------------------------------------------------------


def test_a_lead_beats_its_heading() -> None:
    assert texts(
        ("heading", "Our priorities"),
        ("paragraph", "To choose them we looked at:"), ("item", "the needs assessment", "-"),
        ("paragraph", "We agreed three priorities:"), ("item", "Clean air", "-"), ("item", "Warm homes", "-"),
    ) == ["Clean air", "Warm homes"]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The plan has five priorities: A new park; B roads; and C schools.", ["A new park", "B roads", "C schools"]),
        ("Our three aims are clean air, green parks and good jobs.", ["clean air", "green parks", "good jobs"]),
        (
            "The three activity areas are; Jobs and Money, New and Old Towns and Bullying.",
            ["Jobs and Money", "New and Old Towns", "Bullying"],
        ),
        ("Our priorities are: (1) safe streets; (2) warm homes.", ["safe streets", "warm homes"]),
        ("Our vision is for a town where all do well.", ["a town where all do well"]),
        ("The single goal: Closing the gap", ["Closing the gap"]),
        ("Our priorities are set out in section 4, and on the website.", []),
        ("The aim of this report is to update members, and to seek views.", []),
        ("The inspection has two themes: leadership and safety.", []),
        ("Our priorities were informed by evidence, views and law.", []),
    ],
)
def test_priorities_in_prose(text: str, parts: list[str]) -> None:
    assert texts(("paragraph", text)) == parts


def test_a_list_of_the_government_is_left_and_one_beside_it_is_possible() -> None:
    result = extract(
        [make_paper(("paragraph", "The Government white paper has three aims: growth, trade and skills."))]
    )
    assert (len(result.priorities), result.receipt["why"].iloc[0][:17]) == (0, "set out by others")
    text = "In line with the Government white paper the Forum has three aims: growth, trade and skills."
    row = mp.find_priorities([make_paper(("paragraph", text))]).iloc[0]
    assert (row["sure"], row["note"].startswith("said of others")) == ("possible", True)


def test_a_count_that_does_not_fit_is_said() -> None:
    table = mp.find_priorities([make_paper(("paragraph", "It has four priorities: A roads; B parks; and C homes."))])
    assert set(table["note"]) == {"the text says 4, 3 were found"}


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        ("Our priorities for 2024-29", "priority"), ("Strategic outcomes", "theme"), ("Recommendations", "action"),
        ("Vision", "vision"), ("Challenges and risks", "background"), ("Achievements", "reported activity"),
        ("Why is this a priority?", "background"), ("Progress against our objectives", "reported activity"),
        ("Reasons for recommendations", "background"), ("How we will measure our outcomes", "background"),
        ("What we will do", "action"), ("Improving access to legal advice", ""), ("Introduction", "background"),
    ],
)  # fmt: skip
def test_what_headings_announce(heading: str, says: str) -> None:
    assert judge_heading(heading).says == says


@pytest.mark.parametrize(
    ("lead", "says"),
    [
        ("Together we will:", "action"), ("The Board is asked to:", "action"), ("Partners include:", "background"),
        ("Our objectives are to:", "priority"), ("What the data tells us:", "background"), ("By 2030:", ""),
        ("Over the last year we have:", "reported activity"),
        ("Our priorities will be delivered through:", "background"),
    ],
)  # fmt: skip
def test_what_leads_announce(lead: str, says: str) -> None:
    assert judge_lead(lead).says == says


def test_the_words_that_announce_are_rows_with_a_reason_each() -> None:
    table = read_text_table(find_data() / "english" / "announcing.csv")
    assert not table.duplicated(["where", "pattern"]).any()
    assert table["reason"].str.len().min() > 8
    assert find_words("prose", "our five priorities")


def test_boards_in_a_table_are_matched_by_alias(make_city: Callable[..., Partnership]) -> None:
    city = make_city(
        {"boards.csv": "board,name,short,tiny,kind,statutory,in_matrix,aliases\n"
         "CFL,\"Children, Families and Learners Board\",Children,Child,board,no,yes,\n"
         "HOM,Homes Board,Homes,Homes,board,no,yes,\nPRK,Parks Board,Parks,Parks,board,no,yes,\n"
         "WRK,Work Board,Work,Work,board,no,yes,\nRIV,River Valley Partnership,River,River,neighbour,no,no,\n"}
    )  # fmt: skip
    names = BoardNames(city)
    for spelled in (
        "Children, Families & Learner's Board", "CHILDREN, FAMILIES AND LEARNERS BOARD",
        "Children Families and Learner Board",
    ):  # fmt: skip
        assert [named.board for named in names.find(f"{spelled}: what is next")] == ["CFL"], spelled
    paper = make_paper(("heading", "Homes Strategy 2018-2022"), ("heading", "Aims"), ("item", "Build more", "-"))
    row = mp.find_priorities([paper], partnership=city).iloc[0]
    # Numbers go on from the last row in the tables.
    assert (row["board"], row["strategy"], row["board_from"], row["priority"]) == (
        "HOM", "HOM-S", "title names its strategy", "HOM-04",
    )  # fmt: skip


def test_a_board_that_cannot_be_known_is_not_guessed() -> None:
    table = mp.find_priorities([make_paper(("heading", "Aims"), ("item", "Build more", "-"))])
    assert list(table["board"]) == ["board unknown"]
    given = mp.find_priorities(
        [make_paper(("heading", "Aims"), ("item", "Build more", "-"))], board="HOM", strategy="S"
    )
    assert given[["board", "board_from", "strategy"]].to_numpy().tolist() == [["HOM", "given", "S"]]


def test_an_unknown_board_or_strategy_is_refused_with_the_nearest(city: Partnership) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'HOM'"):
        extract([], partnership=city, board="HOMM")
    with pytest.raises(UnknownNameError, match="Strategy 'HOM-X' is not known"):
        extract([], partnership=city, strategy="HOM-X")


def test_two_boards_may_have_one_priority() -> None:
    paper = make_paper(
        ("heading", "Parks Board"), ("paragraph", "The Parks Board has one aim:"), ("item", "Reduce harm for all", "-"),
        ("heading", "Homes Board"), ("paragraph", "The Homes Board has one aim:"), ("item", "Reduce harm for all", "-"),
    )  # fmt: skip
    assert list(mp.find_priorities([paper])["board"]) == ["Parks Board", "Homes Board"]


def test_a_repeat_within_a_paper_is_taken_once_and_said() -> None:
    paper = make_paper(
        ("heading", "Our aims"), ("item", "Cut waste by 10% by 2030", "1."),
        ("heading", "Priority 1: Cut waste by 10% by 2030"),
        ("heading", "Aims again"), ("item", "Cut waste by 15% by 2030", "-"),
    )  # fmt: skip
    result = extract([paper])
    assert list(result.priorities["text"]) == ["Cut waste by 10% by 2030", "Cut waste by 15% by 2030"]
    assert result.receipt["why"].iloc[2].startswith("repeats UNKNOWN-01 (paper.txt, passage 2)")


def test_nothing_is_found_in_nothing() -> None:
    empty = extract([])
    assert (len(empty.priorities), len(empty.receipt), len(empty.boards)) == (0, 0, 0)
    assert texts(("paragraph", "")) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["heading", "item", "paragraph", "cell", "furniture"]),
            st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80),
        ),
        max_size=12,
    )
)
def test_every_passage_is_accounted_for_whatever_it_holds(lines: list[tuple[str, str]]) -> None:
    paper = make_paper(*lines)
    check_receipt(extract([paper], activity=True).receipt, [paper])


# --- the draft as a file ------------------------------------------------------------------------------------


def test_the_draft_is_a_priorities_table_that_no_spreadsheet_runs(tmp_path: Path) -> None:
    paper = make_paper(
        ("heading", "Our priorities"), ("item", '=HYPERLINK("x")&" for all"', "1."), ("item", "Warm homes", "2.")
    )
    paths = write_draft(extract([paper], board="HOM", strategy="HOM-S"), tmp_path / "draft.csv")
    assert [path.name for path in paths] == ["draft.csv", "draft-receipt.csv", "draft-boards.csv"]
    with paths[0].open(encoding="utf-8", newline="") as file:
        assert [row["text"][:2] for row in csv.DictReader(file)] == ["'=", "Wa"]
    table, notes = read_table(paths[0], PRIORITIES, "priority")
    assert list(table["text"]) == ['=HYPERLINK("x")&" for all"', "Warm homes"]
    assert list(table["paragraph"]) == ["1.", "2."]
    assert {note.column for note in notes} >= {"rule", "sure", "document_hash"}


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "draft-receipt.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="may hold your work"):
        write_draft(extract([]), tmp_path / "draft.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["draft-receipt.csv"]


def test_a_draft_becomes_a_checked_partnership(city: Partnership, tmp_path: Path) -> None:
    folder = tmp_path / "city"
    mp.write_starter(folder)
    paper = make_paper(("heading", "Our priorities"), ("item", "Warm homes", "1."), ("item", "Clean air", "2."))
    partnership = mp.read_partnership(folder)
    draft = mp.find_priorities([paper], partnership=partnership, board="HWB", strategy="HWS")
    table = pd.concat([partnership.priorities[[c.name for c in PRIORITIES]], draft], ignore_index=True)
    table[[column.name for column in PRIORITIES]].to_csv(folder / "priorities.csv", index=False)
    checked = mp.read_partnership(folder)
    assert list(checked.priorities["priority"])[-2:] == ["HWB-04", "HWB-05"]
    assert set(checked.priorities.tail(2)["wording"]) == {"verbatim"}


# --- the commands -------------------------------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_extract_reads_a_folder_and_one_bad_file_stops_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.txt").write_text("Our priorities\n\n- Warm homes\n- Clean air\n", encoding="utf-8")
    (folder / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    (folder / "c.md").write_text("# Aims\n\n1. Safe streets\n", encoding="utf-8")
    code, out, err = run("extract", str(folder), "--board", "HWB", "--strategy", "HWS", "-o", str(tmp_path / "d.csv"))
    assert code == 0
    assert [Path(line).name for line in out.splitlines()] == ["d.csv", "d-receipt.csv", "d-boards.csv"]
    assert "reading 2 of 3: b.pdf" in err
    assert "b.pdf: not read." in err
    assert "b.pdf: refused" in err
    assert "next: check" in err
    assert "mapping init FOLDER --from" in err
    draft = read_text_table(tmp_path / "d.csv")
    assert list(draft["text"]) == ["Warm homes", "Clean air", "Safe streets"]
    assert set(draft["board"]) == {"HWB"}
    receipt = read_text_table(tmp_path / "d-receipt.csv")
    assert list(receipt.loc[receipt["file"] == "b.pdf", "outcome"]) == ["refused"]
    again = run("extract", str(folder), "-o", str(tmp_path / "d.csv"))
    assert again[0] == 1
    assert "may hold your work" in again[2]


def test_extract_says_so_when_nothing_could_be_read(tmp_path: Path) -> None:
    code, _, err = run("extract", str(tmp_path / "missing.pdf"), "-o", str(tmp_path / "d.csv"))
    assert code == 1
    assert "missing.pdf" in err


def test_extract_names_the_nearest_board_of_the_data(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Aims\n\n- Warm homes\n", encoding="utf-8")
    code, _, err = run(
        "extract", str(tmp_path / "a.txt"), "--data", "derby", "--board", "HWD", "-o", str(tmp_path / "d.csv")
    )
    assert code == 1
    assert "Did you mean 'HWB'" in err
    assert not (tmp_path / "d.csv").exists()


TRACKER = [
    ("Title", "Scrutiny recommendation tracker 2023/24"),
    ("Normal", "Total recommendations: 8"),
    ("Normal", "Agreed 6 75%"),
    ("Normal", "Agreed in part 1 12%"),
    ("Normal", "Not agreed 1 13%"),
    ("Heading 1", "Cabinet 4 June: Housing"),
    (
        "table",
        [
            ["No.", "Recommendation", "Agreed?", "Comment"],
            ["1", "That tenants are involved in decisions about repairs", "Agreed", "From April."],
            ["2", "That every estate has a warden", "Not agreed", "There is no budget for this."],
            ["3", "That the apprenticeship scheme is widened", "Accepted in part", ""],
            ["4", "That the road is resurfaced before winter", "", "Awaiting a survey of the road."],
        ],
    ),
]


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tracker") / "tracker.docx"
    write_word(TRACKER)(path)
    return path


def test_a_tracker_gives_recommendations_and_no_priorities(tracker: Path) -> None:
    documents = mp.read_documents([tracker])
    table = mp.find_recommendations(documents)
    assert list(table["response"]) == ["yes", "no", "in part", "not given"]
    assert list(table["response_text"]) == ["Agreed", "Not agreed", "Accepted in part", ""]
    assert list(table["number"]) == ["1", "2", "3", "4"]
    assert table["comment"].iloc[1] == "There is no budget for this."
    assert set(table["meeting"]) == {"Cabinet 4 June: Housing"}
    assert len(mp.find_priorities(documents)) == 0


def test_totals_are_checked_against_shares_and_rows(tracker: Path) -> None:
    totals = mp.find_totals(mp.read_documents([tracker])).set_index("response")
    assert list(totals["count"]) == [6, 1, 1]
    assert list(totals["listed"]) == [1, 1, 1]
    assert totals.loc["yes", "share"] == 75
    assert totals.loc["no", "check"] == "agrees"
    assert list(totals["rows"]) == ["1 of these 6 listed here", "all listed", "all listed"]


def test_recommendations_are_counted_by_theme_and_answer(tracker: Path) -> None:
    tagged = mp.tag_recommendations(mp.find_recommendations(mp.read_documents([tracker])))
    counts = mp.count_responses(tagged).set_index("theme")
    assert list(counts.loc["all"]) == [1, 1, 1, 1, 4]
    assert counts.loc["voice", "yes"] == 1
    assert counts.loc["no theme", "recommendations"] == sum(not themes for themes in tagged["themes"])


def test_the_tracker_command_prints_and_writes_a_city_table(tracker: Path, tmp_path: Path) -> None:
    target = tmp_path / "recommendations.csv"
    code, out, err = run("tracker", str(tracker), "-o", str(target))
    assert code == 0
    assert out.startswith("recommendation,number,text,response")
    assert "theme,yes,in part,no,not given,recommendations" in out
    assert "yes: 6 of 8 as printed: agrees; 1 of these 6 listed here" in err
    write_starter(home := tmp_path / "city")
    shutil.copy(target, home / "recommendations.csv")
    table = mp.read_partnership(home).recommendations
    assert list(table["response"]) == ["yes", "no", "in part", "not given"]
    assert run("tracker", str(tracker), "-o", str(target))[0] == 1
    code, out, err = run("tracker", "--data", str(home))
    assert code == 0
    assert out.splitlines()[-1] == "all,1,1,1,1,4"
    assert run("tracker")[0] == 2
    assert "its recommendations.csv lists none" in run("tracker", "--data", "derby")[2]


RECOMMENDED = ("That the council reviews school transport", "That bus passes are extended", "That libraries open late")


@pytest.mark.parametrize(
    ("rows", "numbers", "responses"),
    [
        ([["Ref", "Recommendation", "Accepted?", "Cabinet response"], ["R1", 0, "Y", "Soon"], ["R2", 1, "\u2713", ""],
          ["R3", 2, "", ""]], ["R1", "R2", "R3"], ["yes", "yes", "not given"]),
        ([["Ref", "Recommendation", "Agreed", "Partly agreed", "Not agreed"], ["R1", 0, "X", "", ""],
          ["R2", 1, "", "X", ""], ["R3", 2, "", "", "X"]], ["R1", "R2", "R3"], ["yes", "in part", "no"]),
        ([["Recommendation", "Response"], [0, "Agreed. The service will start in May, with what it needs."],
          [1, "Not agreed \u2013 the council has no power to do so."], [2, "Agreed in part: Saturdays only"]],
         ["", "", ""], ["yes", "no", "in part"]),
        ([["Recommendation", "Status", "Update"], [0, "Implemented", "Done in June"], [1, "Rejected", "No budget"],
          [2, "Outstanding", ""]], ["", "", ""], ["not given", "no", "not given"]),
        ([["Recommendation", "Lead", "Decision"], [0, "N. Smith", "Accepted in principle"], [1, "No. 5 team", "No"],
          [2, "A. Jones", "yes - in part"]], ["", "", ""], ["yes", "no", "in part"]),
    ],
)  # fmt: skip
def test_answers_are_read_in_the_layouts_that_trackers_have(
    rows: list[list[Any]], numbers: list[str], responses: list[str], tmp_path: Path
) -> None:
    filled = [[RECOMMENDED[cell] if isinstance(cell, int) else cell for cell in row] for row in rows]
    write_sheet({"Tracker": filled})(tmp_path / "t.xlsx")
    table = mp.find_recommendations(mp.read_documents([tmp_path / "t.xlsx"]))
    assert list(table["text"]) == list(RECOMMENDED)
    assert list(table["number"]) == numbers
    assert list(table["response"]) == responses


def test_answers_below_each_recommendation_are_read(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text(
        "Cabinet response to the review of parks\n\nRecommendation 1: That a charter is adopted.\n"
        "Response: Agreed. It will go to Cabinet in June.\n\nRecommendation 2\n\nThat dog bins are doubled.\n\n"
        "Executive's response: Partially agreed. Only in large parks.\n\nRecommendation 3: That parking is free.\n",
        encoding="utf-8",
    )
    documents = mp.read_documents([tmp_path / "t.txt"])
    table = mp.find_recommendations(documents)
    assert list(table["number"]) == ["1", "2", "3"]
    assert list(table["response"]) == ["yes", "in part", "not given"]
    whole = "\n".join(passage.text for passage in documents[0].passages)
    for row in table.itertuples():
        assert whole[row.start : row.end] == row.text


def test_a_paper_without_a_tracker_gives_none(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("Our aims\n\n- Warm homes\n\nRecommendation 1: That it is noted.\n", "utf-8")
    code, _, err = run("tracker", str(tmp_path / "t.txt"), "-o", str(tmp_path / "rec.csv"))
    assert code == 0
    assert "No table of recommendations and answers was found." in err
    assert not (tmp_path / "rec.csv").exists()


def test_a_workbook_says_in_which_cell_a_priority_stands(tmp_path: Path) -> None:
    write_sheet({"Plan": [["Priority", "Lead"], ["Warm homes for all", "Housing"]]})(tmp_path / "p.xlsx")
    row = mp.find_priorities(mp.read_documents([tmp_path / "p.xlsx"])).iloc[0]
    assert (row["text"], row["paragraph"]) == ("Warm homes for all", "Plan!A2")


def test_the_shipped_papers_are_those_of_the_tests(tmp_path: Path) -> None:
    write_papers(tmp_path)
    shipped = sorted((find_data() / "papers").iterdir())
    assert [path.read_text(encoding="utf-8") for path in shipped] == [
        (tmp_path / path.name).read_text(encoding="utf-8") for path in shipped
    ]
    code, out, _ = run("extract", "example", "-o", str(tmp_path / "d.csv"))
    assert (code, len(out.splitlines())) == (0, 3)


# --- whose aims they are, of which time; headers, soft returns, cards -------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "From 2016 to 2021 the Forum had four priorities: pitches; pools; coaches; and clubs.",
        "During 2023/24 we worked on two priorities: lighting and litter. Both were completed.",
        "The previous plan had three aims: better buses, safer streets and good jobs.",
        "The panel rejected two priorities: a ring road; and a car park.",
        "Our priorities are not: to close libraries; or to cut buses.",
        "Our vision is not to be a town of cars.",
        "Examples of priorities in other plans are: trams; towers; and tourism.",
        "NHS England has published four priorities: access, recovery, prevention and digital.",
        "The Government's aim is to grow. Its priorities are: trade; tax; and talent.",
        "The priorities set by NHS England are: access; and recovery.",
        "Respondents said their priorities were potholes, bins and parking.",
    ],
)
def test_what_is_past_turned_down_or_of_others_is_left_with_a_reason(text: str) -> None:
    result = extract([make_paper(("heading", "Parks plan"), ("paragraph", text))])
    assert list(result.priorities["text"]) == []
    assert re.match(
        r"told of the past|'.+': past, turned down|says what is not|set out by others|said by those",
        result.receipt["why"].iloc[1],
    )


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Otherham City Council's priorities are: trams; towers; and tourism.", "said of Otherham City Council"),
        (
            "The Chair said that the two priorities, as agreed in May, were skills and housing.",
            "told in the past tense",
        ),
        ("Building on our previous priorities, we have three new ones: buses; bikes; and benches.", ""),
        ("Following the assessment, our three priorities are buses, bikes and benches.", ""),
    ],
)
def test_what_may_be_of_others_or_past_is_never_likely(text: str, note: str) -> None:
    table = mp.find_priorities([make_paper(("heading", "Parks plan"), ("paragraph", text))])
    assert len(table) in (2, 3)
    assert set(table["sure"]) == {"possible" if note else "likely"}
    assert all(said.startswith(note) for said in table["note"])


@pytest.mark.parametrize(
    ("opening", "heading"),
    [
        ("Until 2020 our priorities were:", "Plan"), ("The Board rejected the following priorities:", "Plan"),
        ("Progress against last year's objectives:", "Plan"), ("", "Priorities from our previous strategy"),
        ("", "What other councils do"), ("", "The Government's priorities"), ("We will not:", "Plan"),
    ],
)  # fmt: skip
def test_lists_that_are_past_turned_down_or_of_others_are_left(opening: str, heading: str) -> None:
    lines = [("paragraph", opening)] if opening else []
    assert texts(("heading", heading), *lines, ("item", "Widen the road", "-"), ("item", "Sell the farm", "-")) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Our aims are to help 3,000 people, to plant 12,500 trees and to spend £1,250,000.",
         ["help 3,000 people", "to plant 12,500 trees", "to spend £1,250,000"]),
        ("We have two objectives: cutting waits (from 40 weeks to 18) and halving complaints.",
         ["cutting waits (from 40 weeks to 18)", "halving complaints"]),
        ("Our goals are cleaner streets (e.g. fewer bags, less litter), quieter lorries and new bins.",
         ["cleaner streets (e.g. fewer bags, less litter)", "quieter lorries", "new bins"]),
        ("Our goals are warm homes, i.e. homes above 18 degrees, and clinics that open at 7.30 a.m. on Mondays.",
         ["warm homes, i.e. homes above 18 degrees", "clinics that open at 7.30 a.m. on Mondays"]),
    ],
)  # fmt: skip
def test_lists_are_not_cut_within_numbers_brackets_and_asides(text: str, parts: list[str]) -> None:
    assert texts(("paragraph", text)) == parts


def found_in(path: Path) -> list[tuple[str, str, str]]:
    """Return level, text and the text of the parent of what a file holds."""
    table = mp.find_priorities(mp.read_documents([path]))
    named = dict(zip(table["priority"], table["text"], strict=True))
    return [(row.level, row.text, named.get(row.parent, "")) for row in table.itertuples()]


_ACTED = [["Bring neighbours together", "Hold street parties", "Comms", "G"], ["", "Pay befrienders", "VCS", "A"]]
_ACTED_ROWS = [
    ("priority", "Bring neighbours together", ""), ("action", "Hold street parties", "Bring neighbours together"),
    ("action", "Pay befrienders", "Bring neighbours together"),
]  # fmt: skip


@pytest.mark.parametrize(
    "above",
    [
        [["Objective", "Action", "Lead", "RAG"]],
        [["Cohesion Forum delivery plan 2025-28"], ["Updated in May by the officers of the partnership team."],
         ["What", "", "Who", "Progress"], ["Priority", "Action", "Lead", "RAG"]],
        [["Delivery", "", "Monitoring", ""], ["Aims", "", "Who and when", ""], ["Priority", "Action", "Lead", "RAG"]],
        [["Priority", "Delivery", "", ""], ["", "What we will do", "Owner", "Status"]],
    ],
)  # fmt: skip
def test_headers_may_be_three_deep_below_titles(above: list[list[str]], tmp_path: Path) -> None:
    guide = [["Cohesion Forum action plan"], ["Fill in the yellow cells each quarter."]]
    write_sheet({"Read me": guide, "Plan": [*above, *_ACTED]})(tmp_path / "p.xlsx")
    assert found_in(tmp_path / "p.xlsx") == _ACTED_ROWS


def test_a_labelled_row_is_the_priority_of_the_rows_below_it(tmp_path: Path) -> None:
    rows = [["Priority 1: Clean air"], ["Ref", "Action", "Lead"], ["1.1", "Retire old buses", "Fleet"],
            ["Priority 2: Quiet nights"], ["Ref", "Action", "Lead"], ["2.1", "Mend the bypass", "Roads"]]  # fmt: skip
    write_sheet({"Plan": rows})(tmp_path / "p.xlsx")
    assert found_in(tmp_path / "p.xlsx") == [
        ("priority", "Clean air", ""), ("action", "Retire old buses", "Clean air"), ("priority", "Quiet nights", ""),
        ("action", "Mend the bypass", "Quiet nights"),
    ]  # fmt: skip


def test_priorities_that_are_headers_and_lists_typed_into_cells(tmp_path: Path) -> None:
    write_word([
        ("table", [["Aim 1: Stay well", "Aim 2: Get help early"], ["1. Walk groups 2. Cook clubs", "Open all day"]]),
        ("Normal", "Between the tables"),
        ("table", [["Board", "Priorities"], ["Jobs Board", "Better pay; safer work; more childcare"],
                   ["Youth Board", "A place to grow; learn; and work"]]),
    ])(tmp_path / "p.docx")  # fmt: skip
    assert found_in(tmp_path / "p.docx") == [
        ("theme", "Stay well", ""), ("theme", "Get help early", ""), ("action", "Walk groups", "Stay well"),
        ("action", "Cook clubs", "Stay well"), ("action", "Open all day", "Get help early"),
        *(("priority", text, "") for text in ("Better pay", "safer work", "more childcare")),
        ("priority", "A place to grow; learn; and work", ""),
    ]  # fmt: skip


def test_words_of_headers_alone_are_never_statements() -> None:
    words = ("Priority", "Key actions", "Lead officer", "Action plan", "By when", "Funding")
    assert texts(("heading", "Our priorities"), *(("item", word, "-") for word in words)) == ["Funding"]


def test_numbers_say_what_stands_under_what() -> None:
    table = mp.find_priorities(
        [make_paper(*(("paragraph", text) for text in (
            "Outcome 1: Healthy lives", "Priority 1.1: More walking", "Action 1.1.1: Light the towpath",
            "Priority 1.2: Fewer smokers", "Action 1.2.1: Fund a quit line"))
        )]
    ).set_index("text")  # fmt: skip
    parents = table["priority"].reset_index().set_index("priority")["text"]
    assert [parents.get(parent, "") for parent in table["parent"]] == [
        "", "Healthy lives", "More walking", "Healthy lives", "Fewer smokers",
    ]  # fmt: skip


def test_labels_codes_and_promises_without_a_number() -> None:
    assert texts(
        ("heading", "Nature strategy"), ("heading", "Priority: Cleaner rivers"), ("item", "Plant the banks", "-"),
        ("heading", "Objectives"), ("paragraph", "NR1 Rivers that run clear"), ("paragraph", "NR2 Meadows in flower"),
        ("heading", "Meadows"), ("paragraph", "By 2035 we will sow 200 hectares of flowers. Bees will return."),
        ("paragraph", "We will review this plan each year."), ("paragraph", "CO2 Levels fell by a tenth."),
    ) == ["Cleaner rivers", "Plant the banks", "Rivers that run clear", "Meadows in flower",
          "sow 200 hectares of flowers"]  # fmt: skip


def test_footnotes_are_left() -> None:
    assert texts(
        ("heading", "Our priorities"), ("item", "Build homes", "1."), ("paragraph", "Improve means without damp.", "¹"),
        ("item", "Mend homes", "2."), ("paragraph", "[^2]: Tackle the backlog first."),
    ) == ["Build homes", "Mend homes"]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        ("Our north star", "vision"), ("Five big moves", "priority"), ("Strategic shifts", "priority"),
        ("How will we get there?", "action"), ("Our mission", "vision"), ("Our missions", "theme"),
        ("Enablers", "background"), ("Cross-cutting themes", "theme"),
        ("Delivery against our 2023/24 aims", "reported activity"),
    ],
)  # fmt: skip
def test_newer_names_for_what_comes_first(heading: str, says: str) -> None:
    assert judge_heading(heading).says == says


def test_a_recommendation_that_leads_to_a_list_is_taken_with_its_parts() -> None:
    table = mp.find_priorities(
        [make_paper(
            ("heading", "Recommendations"), ("paragraph", "That Cabinet grants £40,000 a year to the museum trust to:"),
            ("item", "mend the roof; and", "a)"), ("item", "open on Sundays.", "b)"),
            ("paragraph", "That Cabinet is asked to:"), ("item", "note the risks", "a)"),
            ("item", "hire two guides", "b)"),
        )]
    )  # fmt: skip
    assert list(table["sure"])[:1] == ["possible"]
    assert list(table["text"])[1:] == ["mend the roof", "open on Sundays.", "hire two guides"]
    assert list(table["parent"])[1:3] == [table["priority"].iloc[0]] * 2


def test_two_unknown_bodies_may_say_the_same() -> None:
    papers = [
        make_paper(("heading", f"Strategy {name}"), ("heading", "Our aims"), ("item", "Cut harm for all of us", "-"),
                   ("item", f"Build the {name} on the old site", "-"), name=f"{name}.txt")
        for name in ("pool", "library")
    ]  # fmt: skip
    table = mp.find_priorities(papers)
    assert list(table["text"]).count("Cut harm for all of us") == 2
    assert list(table["note"])[2] == "same words as UNKNOWN-01 (pool.txt)"


# --- meetings, contents, promises, others' aims ---------------------------------------------------------------


def left(*lines: tuple[str, str] | tuple[str, str, str]) -> dict[str, str]:
    """Return why each passage of a paper was left."""
    receipt = extract([make_paper(*lines)]).receipt
    return {row.text: row.why for row in receipt.itertuples() if row.outcome == "left"}


def levels(*lines: tuple[str, str] | tuple[str, str, str]) -> list[tuple[str, str]]:
    table = mp.find_priorities([make_paper(*lines)])
    return list(zip(table["level"], table["text"], strict=True))


def test_recommendations_that_ask_only_the_meeting_are_left() -> None:
    business = (
        "That the Board NOTES the audit and APPROVES the revised plan.", "agrees to receive a report each quarter",
        "That the Food Plan be adopted", "To delegate authority to the Director to finish the wording",
        "That officers bring a further report to the next meeting", "comments on the draft strategy",
    )  # fmt: skip
    real = ("That three play streets are opened", "notes the audit and agrees to fund a nurse", "hire two rangers")
    lines = [("heading", "Recommendations"), *(("item", text, "-") for text in (*business, *real))]
    assert texts(*lines) == list(real)
    assert {left(*lines)[text] for text in business} == {
        "asks the meeting to decide on a paper, nothing to be done for the place"
    }
    assert texts(("heading", "What we will do"), ("item", "Approve the mine's closure plan", "-")) != []


def test_lines_of_contents_with_page_numbers_are_left() -> None:
    lines = [("heading", "Contents"), ("paragraph", "Foreword 2"), ("paragraph", "Priority 1: Rivers 3"),
             ("paragraph", "Priority 2: Woods 5"), ("heading", "Foreword"), ("paragraph", "Welcome."),
             ("heading", "Priority 1: Rivers"), ("heading", "Priority 2: Woods")]  # fmt: skip
    assert texts(*lines) == ["Rivers", "Woods"]
    assert left(*lines)["Priority 1: Rivers 3"] == "line of a list of contents"
    plain = [(kind, text.rstrip(" 0123456789") if kind == "paragraph" else text) for kind, text in lines]
    assert texts(*plain) == ["Rivers", "Woods"]


def test_each_promise_under_a_priority_is_an_action() -> None:
    lines = [("heading", "Nature strategy"), ("heading", "Theme 1: Rivers"),
             ("paragraph", "Floods are worse. We will plant the banks, buy two dredgers and open a flood school. "
                           "We'll mend the weir. By 2031 a warden will be appointed. We will report.")]  # fmt: skip
    assert levels(*lines) == [
        ("theme", "Rivers"), ("action", "plant the banks"), ("action", "buy two dredgers"),
        ("action", "open a flood school"), ("action", "mend the weir"), ("action", "a warden will be appointed"),
    ]  # fmt: skip
    whole = "We will give advice and support to carers, parents and young people."
    assert len(texts(("heading", "Care plan"), ("heading", "Priority 1: Carers"), ("paragraph", whole))) == 2
    told = "Under the second priority the Board will fund a clinic. Bats are rare."
    assert levels(("heading", "Proposals"), ("paragraph", told)) == [("action", "fund a clinic")]


def test_lists_in_prose_are_cut_at_whole_clauses_alone() -> None:
    aims = "We have three aims: to cut waste, to help traders and to support arts and leisure."
    assert texts(("paragraph", aims)) == ["to cut waste", "to help traders", "to support arts and leisure"]
    assert texts(("paragraph", "It makes recommendations: these will go to the Health and Housing Boards.")) == []
    assert texts(("paragraph", "The plan had three themes: guarding, guiding and growing.")) == []
    assert texts(("paragraph", "It moved from six priorities to two. The two are clean air and quiet nights.")) == [
        "clean air", "quiet nights",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        "The 2019 strategy aimed to:", "The 2016–20 plan had three priorities:", "The causes of falls are:",
        "The aims of the review were:", "Reviews found the same themes:", "By law the Forum has to:",
        "The Police and Crime Commissioner's Plan sets out three priorities:",
        "The Integrated Care Strategy has three aims:",
    ],
)  # fmt: skip
def test_lists_of_others_of_the_past_and_of_evidence_are_left(said: str) -> None:
    assert texts(("heading", "Our ward plan"), ("paragraph", said), ("item", "tackle damp", "-"),
                 ("item", "improve repairs", "-")) == []  # fmt: skip


def test_prose_of_other_plans_is_left() -> None:
    for said in (
        "We read the Leisure Plan (whose priorities are more swimming, more sport and more parks).",
        "It supports the council plan, which has three priorities: jobs; homes; and parks.",
        "The fund, which is set by Government, has two objectives: to cut waits, and to join up care.",
        "Not all of our aims were met: the rink was closed, and the bridge was sold.",
        "The old plan was agreed in 2018. Its priorities were: jobs; homes; and parks.",
    ):
        assert texts(("heading", "Sport plan"), ("paragraph", said)) == [], said


def test_visions_told_without_the_word() -> None:
    assert levels(
        ("heading", "Youth plan"), ("paragraph", "We want Alderton to be a town where no child is bored.")
    ) == [("vision", "We want Alderton to be a town where no child is bored")]
    assert levels(
        ("heading", "Where we want to be"), ("paragraph", "By 2040, Alderton will be the best town for bees.")
    ) == [("vision", "By 2040, Alderton will be the best town for bees.")]


def test_levels_within_a_section_and_a_list() -> None:
    assert levels(
        ("heading", "Our goals"), ("paragraph", "By 2030 we want to see:"), ("item", "A town that reads", "1."),
    ) == [("theme", "A town that reads")]  # fmt: skip
    nested = make_paper(("paragraph", "By 2030 we want to see:"), ("item", "A town that reads", "1."),
                        ("item", "A library in every ward", "-"))  # fmt: skip
    deeper = [*nested.passages[:2], Passage(3, "item", nested.passages[2].text, 2, "-")]
    table = mp.find_priorities([Document("p.txt", "", "text", "ok", passages=tuple(deeper))])
    assert list(table["level"]) == ["theme", "priority"]


def test_labels_told_again_open_a_section() -> None:
    assert levels(
        ("heading", "Safety strategy"), ("heading", "Objective A"), ("paragraph", "Survivors are safe at home"),
        ("heading", "Objective A"), ("paragraph", "We will fit 90 new locks."),
        ("heading", "Priority 2 · Calm streets"),
        ("paragraph", "Aim 3: Someone to talk to"),
    ) == [
        ("priority", "Survivors are safe at home"), ("action", "fit 90 new locks"), ("priority", "Calm streets"),
        ("theme", "Someone to talk to"),
    ]  # fmt: skip


def test_tables_of_votes_of_measures_and_rows_that_are_over(tmp_path: Path) -> None:
    sheets = {
        "Votes": [["Draft priority", "Agree", "Disagree"], ["Better buses", "80%", "20%"]],
        "Board": [["Indicator", "Target", "Outcome"], ["Waits", "10", "Improving"]],
        "Plan": [["Priority", "Project", "Status", "Outcome"], ["Clean air", "Fit 10 filters", "Begun", "Improving"],
                 ["Quiet nights", "Mend the bypass", "Completed May 2025", "Less noise"]],
    }  # fmt: skip
    write_sheet(sheets)(tmp_path / "p.xlsx")
    assert found_in(tmp_path / "p.xlsx") == [
        ("priority", "Clean air", ""), ("action", "Fit 10 filters", "Clean air"), ("priority", "Quiet nights", ""),
    ]  # fmt: skip


def test_cells_that_begin_with_a_label_of_their_own(tmp_path: Path) -> None:
    page = (
        "<html><body><h1>Plan on a page</h1><table><tr><td>Stay warm</td><td>Stay fed</td></tr>"
        "<tr><td><p>Our priorities</p><ul><li>Insulate lofts</li><li>Same-day boiler care</li></ul></td>"
        "<td><p>Our priorities</p><ul><li>A pantry in each ward</li></ul></td></tr></table></body></html>"
    )
    (tmp_path / "p.html").write_text(page, encoding="utf-8")
    assert found_in(tmp_path / "p.html") == [
        ("theme", "Stay warm", ""), ("theme", "Stay fed", ""), ("priority", "Insulate lofts", "Stay warm"),
        ("priority", "Same-day boiler care", "Stay warm"), ("priority", "A pantry in each ward", "Stay fed"),
    ]  # fmt: skip


def test_pieces_joined_into_one_paragraph_are_items() -> None:
    assert texts(("heading", "Our priorities"), ("paragraph", "1 Kit for all 2 Skills for life 3 Choice")) == [
        "Kit for all", "Skills for life", "Choice",
    ]  # fmt: skip
    assert texts(("paragraph", "We pledge to"), ("paragraph", "+ grow more food + waste less of it")) == [
        "grow more food", "waste less of it",
    ]  # fmt: skip


def test_minutes_whose_leads_have_no_colon() -> None:
    assert texts(
        ("paragraph", "It was AGREED that the priorities for the year should be"), ("item", "theft from shops", "i)"),
        ("item", "the Mill estate", "ii)"), ("paragraph", "and that to this end the Partnership would"),
        ("item", "pay two wardens", "-"),
    ) == ["theft from shops", "the Mill estate", "pay two wardens"]  # fmt: skip


def test_labelled_lines_joined_into_one_paragraph_are_parted() -> None:
    assert texts(("paragraph", "Aim 1: Warm homes Aim 2: Good jobs Aim 3: Clean air")) == [
        "Warm homes", "Good jobs", "Clean air",
    ]  # fmt: skip
    assert levels(("paragraph", "Priority 1. Find carers early Actions:"), ("item", "ask on every form", "-")) == [
        ("priority", "Find carers early"), ("action", "ask on every form"),
    ]  # fmt: skip
    assert levels(("paragraph", "We will focus on two things this year: falls and loneliness.")) == [
        ("priority", "falls"), ("priority", "loneliness"),
    ]  # fmt: skip


def test_what_a_body_does_under_roles_is_left() -> None:
    assert texts(("heading", "Roles and responsibilities"), ("paragraph", "The Forum will:"),
                 ("item", "hold partners to account", "-")) == []  # fmt: skip
    assert levels(("paragraph", "To deliver these priorities we will:"), ("item", "audit forty cases", "-")) == [
        ("action", "audit forty cases")
    ]
