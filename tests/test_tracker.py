"""Trackers as committees keep them: header rows, ticks, short rows, meetings, totals, and what is said to be left."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import mapping as mp
from mapping.sources.answers import judge_answer
from mapping.sources.passages import Document, Passage
from mapping.sources.recommending import NO_TEXT
from mapping.sources.tracker import UNREAD, read_trackers
from mapping.starter import write_starter
from tests.test_extract import run

Table = list[list[str]]


def make_document(*parts: str | Table, sheets: bool = False) -> Document:
    """Make a document of paragraphs and tables; with ``sheets``, each table is a sheet of a workbook."""
    passages: list[Passage] = []
    start = 0

    def add(kind: str, text: str, table: int = 0, row: int = 0, column: int = 0) -> None:
        nonlocal start
        cell = f"Sheet{table}!{chr(64 + column)}{row}" if sheets and table else ""
        place = (len(passages) + 1, kind, text)
        passages.append(Passage(*place, table=table, row=row, column=column, cell=cell, start=start))
        start += len(text) + 1

    for table, part in enumerate(parts, start=1):
        if isinstance(part, str):
            add("paragraph", part)
            continue
        for row, cells in enumerate(part, start=1):
            for column, text in enumerate(cells, start=1):
                if text:
                    add("cell", text, table, row, column)
    return Document("tracker.docx", "", "word", "ok", passages=tuple(passages))


def list_responses(*parts: str | Table) -> list[str]:
    return list(mp.find_recommendations([make_document(*parts)])["response"])


# --- headers and ticks ---------------------------------------------------------------------------------------

MARKED = [
    ["1", "That the park is lit at night", "\u2713", "", "", "No money"],
    ["2", "Run buses", "", "X", "", "Yes, from May"],
    ["3", "That the lido is reopened", "", "", "\u2612", "Half"],
    ["4", "That the clock is mended", "", "", "", ""],
]


@pytest.mark.parametrize(
    "header",
    [
        [["Ref", "Recommendation", "Accepted?", "", "", "Comment"], ["", "", "No", "Yes", "In part"]],
        [["Ref", "Recommendation", "Decision", "", "", "Reason"], ["", "", "Rejected", "Accepted", "Part accepted"]],
        [["", "", "Cabinet response"], ["Ref", "Recommendation", "No", "Yes", "In part", "Comment"]],
        [["Ref", "Recommendation", "Not agreed", "Agreed", "Partly agreed", "Update"]],
        [["Ref", "Recom mend ation", "Reject ed", "Accept ed", "Part accept ed", "Com ment"]],
    ],
)
def test_a_tick_means_what_the_header_over_it_says(header: Table) -> None:
    table = mp.find_recommendations([make_document(header + MARKED)])
    assert list(table["response"]) == ["no", "yes", "in part", "not given"]
    assert list(table["response_text"]) == ["\u2713", "X", "\u2612", ""]
    assert list(table["comment"]) == ["No money", "Yes, from May", "Half", ""]
    assert table["note"].iloc[0].startswith("marked in the column '")
    assert table["note"].iloc[3] == "no answer is printed"


def test_a_tick_whose_header_cannot_be_known_is_no_answer() -> None:
    header = [["Ref", "Recommendation", "Accepted?", "", "", "Comment"]]
    table = mp.find_recommendations([make_document(header + MARKED)])
    assert list(table["response"]) == ["not given"] * 4
    assert list(table["response_text"]) == ["\u2713", "X", "\u2612", ""]
    assert list(table["comment"]) == ["No money", "Yes, from May", "Half", ""]
    assert all(UNREAD in note for note in table["note"][:3])


@pytest.mark.parametrize(
    ("marks", "response"),
    [
        (["Y", "N", "N"], "yes"),
        (["1", "0", "0"], "yes"),
        (["\u2717", "\u2717", "\u2713"], "no"),
        (["\u2610", "\u2612", "\u2610"], "in part"),
        (["[x]", "", ""], "yes"),
        (["\u2713", "\u2713", ""], "not given"),
        (["", "", "when funds allow"], "not given"),
    ],
)
def test_one_column_is_marked_or_none_is(marks: list[str], response: str) -> None:
    header = ["Recommendation", "Yes", "In part", "No"]
    table = mp.find_recommendations([make_document([header, ["That the park is lit", *marks]])])
    assert list(table["response"]) == [response]
    assert bool(table["response_text"].iloc[0])


@pytest.mark.parametrize(
    ("head", "printed", "response"),
    [
        ("Accepted?", "\u2714", "yes"),
        ("Recommendation agreed (Y/N)", "\u2611", "yes"),
        ("Rejected?", "\u2713", "no"),
        ("Rejected?", "Yes", "not given"),
        ("Response", "\u2611", "not given"),
        ("Accepted?", "\u2612", "not given"),
        ("Accepted?", "\u2717", "not given"),
        ("Status", "Implemented", "not given"),
        ("Response", "Implemented", "yes"),
    ],
)
def test_a_sign_alone_in_a_column_of_answers(head: str, printed: str, response: str) -> None:
    table = mp.find_recommendations([make_document([["Recommendation", head], ["That the park is lit", printed]])])
    assert list(table["response"]) == [response]
    assert list(table["response_text"]) == [printed]
    assert (UNREAD in table["note"].iloc[0]) == (
        response == "not given" and printed != "Implemented"
    ) or head == "Status"


def test_signs_between_tabs_are_seen() -> None:
    lines = ["Recommendation\tAgreed\tRejected", "That the park is lit\t\u2713\t", "That buses run\t\t\u2713"]
    assert list_responses(*lines) == ["yes", "no"]


def test_a_recommendation_about_recommendations_is_no_header() -> None:
    rows = [["Recommendation", "Response"], ["Adopt the panel's recommendation", "Agreed"], ["Ban idling", "No"]]
    assert list_responses(rows) == ["yes", "no"]
    rows += [
        ["Paint it green", "Noted. Cabinet does not agree."],
        ["Paint it blue", "Accept recommendation 1 but not 2"],
    ]
    assert list_responses(rows) == ["yes", "no", "no", "not given"]


def test_a_table_that_goes_on_without_a_header_keeps_that_of_the_table_before() -> None:
    first = [["Recommendation", "Response", "Q1"], ["Ban idling", "Yes", ""]]
    document = make_document(first, [["Adopt the panel's recommendation", "Agreed"], ["Open the lido", "No"]])
    table = mp.find_recommendations([document])
    assert list(table["text"]) == ["Ban idling", "Adopt the panel's recommendation", "Open the lido"]
    assert list(table["response"]) == ["yes", "yes", "no"]


# --- rows ----------------------------------------------------------------------------------------------------


def test_short_recommendations_are_rows() -> None:
    rows = [["Ref", "Recommendation", "Response"], ["1", "Reopen the lido", "No"], ["2", "Ban idling", ""]]
    table = mp.find_recommendations([make_document(rows)])
    assert list(table["text"]) == ["Reopen the lido", "Ban idling"]
    assert list(table["response"]) == ["no", "not given"]


def test_an_answer_without_a_recommendation_is_a_row_that_says_so(tmp_path: Path) -> None:
    rows = [
        ["Ref", "Recommendation", "Response", "Comment"],
        ["1", "", "Agreed in principle subject to funding", "A long comment that is no recommendation"],
        ["2", "That the clock is mended", "Yes", "ok"],
        ["3", "", "", ""],
    ]
    table, notes = read_trackers([make_document(rows)])
    assert list(table["text"]) == [NO_TEXT, "That the clock is mended"]
    assert list(table["response"]) == ["yes", "yes"]
    assert table["comment"].iloc[0] == "A long comment that is no recommendation"
    assert table["start"].iloc[0] == table["end"].iloc[0]
    assert notes == [f"tracker.docx: 1 answer printed without a recommendation; the table says '{NO_TEXT}' there."]
    write_starter(home := tmp_path / "city")
    table.to_csv(home / "recommendations.csv", index=False)
    assert len(mp.read_partnership(home).recommendations) == 2


def test_rows_and_columns_that_are_left_out_are_said() -> None:
    rows = [
        ["Ref", "Recommendation", "Agreed?", "Status", "RAG", "Lead officer", "Officer update", "Due date"],
        ["Adults"],
        ["1", "That the park is lit", "Y", "Complete", "G", "AB", "Lamps are up", "May"],
    ]
    table, notes = read_trackers([make_document(rows)])
    assert list(table["comment"]) == ["Lamps are up"]
    assert notes == [
        "tracker.docx: columns that are not in the table: Status, RAG, Lead officer, Due date.",
        "tracker.docx: 1 row without a recommendation or an answer left out: 'Adults'.",
    ]


# --- meetings ------------------------------------------------------------------------------------------------


def test_a_meeting_is_that_of_its_own_column() -> None:
    rows = [
        ["Date of meeting", "Committee", "Recommendation", "Response"],
        ["1 May", "Health Panel", "That the park is lit", "Yes"],
        ["", "", "That buses run", "No"],
        ["2 June", "Place Panel", "That the lido opens", "Yes"],
    ]
    table = mp.find_recommendations([make_document("Cabinet 9 July", rows)])
    assert list(table["meeting"]) == ["1 May, Health Panel", "1 May, Health Panel", "2 June, Place Panel"]
    assert list(table["note"]) == ["", "meeting: that of the row above", ""]
    assert list(table["comment"]) == ["", "", ""]


@pytest.mark.parametrize(("sheets", "second"), [(True, ""), (False, "Cabinet 9 July")])
def test_a_meeting_within_a_table_is_not_that_of_the_next(sheets: bool, second: str) -> None:
    header = ["Recommendation", "Response"]
    first = [["Health Scrutiny Panel 4 May"], header, ["That the park is lit", "Yes"]]
    document = make_document("Cabinet 9 July", first, "Annex", [header, ["That buses run", "No"]], sheets=sheets)
    table = mp.find_recommendations([document])
    assert list(table["meeting"]) == ["Health Scrutiny Panel 4 May", second]


def test_a_recommendation_alone_in_its_row_is_no_meeting() -> None:
    rows = [["Recommendation", "Response"], ["Health Panel"], ["Set up a scrutiny panel"], ["That buses run", "Yes"]]
    table = mp.find_recommendations([make_document(rows)])
    assert list(table["text"]) == ["Set up a scrutiny panel", "That buses run"]
    assert list(table["meeting"]) == ["Health Panel", "Health Panel"]


# --- answers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "response"),
    [
        ("The Cabinet does not accept this recommendation.", "no"),
        ("Not accepted at this time", "no"),
        ("Unable to support", "no"),
        ("The Executive cannot agree to the recommendation because of its cost", "no"),
        ("Declined", "no"),
        ("Noted. Cabinet does not agree.", "no"),
        ("The Cabinet accepts this recommendation and will act by June.", "yes"),
        ("Implemented in May 2024", "yes"),
        ("Agreed. Work begins in May, but not in parks.", "yes"),
        ("Agreed\nA new team will start", "yes"),
        ("Accepted with modification", "in part"),
        ("Agreed with minor amendments", "in part"),
        ("Yes, but only in two parks", "in part"),
        ("Agreed (in part)", "in part"),
        ("Agreed to reject", ""),
        ("Accept recommendation 1 but reject the rest", ""),
        ("No further action", ""),
        ("Yes / No", ""),
        ("Part and parcel", ""),
    ],
)
def test_answers_in_sentences(printed: str, response: str) -> None:
    assert judge_answer(printed) == response


# --- totals --------------------------------------------------------------------------------------------------

HEADER = ["Ref", "Recommendation", "Response"]
ROWS = [["1", "That the park is lit", "Yes"], ["2", "Agree 20 mph zones", "No"], ["3", "Open the lido", "Yes"]]


@pytest.mark.parametrize(
    "below",
    [
        [["Total recommendations: 3"], ["Yes 2 (67%)"], ["No 1 (33%)"]],
        [["", "Total", "3"], ["", "Yes", "2"], ["", "No", "1"]],
        [["Yes 2, No 1"], ["Total: 3"]],
    ],
)
def test_totals_below_the_rows_of_a_sheet_are_checked(below: Table) -> None:
    document = make_document([HEADER, *ROWS, *below], [HEADER, ["1", "Ban idling", "Yes"]], sheets=True)
    assert len(mp.find_recommendations([document])) == 4
    totals = mp.find_totals([document])
    assert list(totals["count"]) == [2, 1]
    assert list(totals["total"]) == [3, 3]
    assert list(totals["check"]) == ["agrees", "agrees"]
    assert list(totals["rows"]) == ["all listed", "all listed"]


def test_totals_in_a_sentence_are_checked() -> None:
    said = "Total recommendations 2023-24: 4. Agreed 2, noted 1, rejected 1."
    totals = mp.find_totals([make_document("12 support workers", [HEADER, *ROWS], said)]).set_index("response")
    assert list(totals["count"]) == [2, 1, 1]
    assert set(totals["check"]) == {"agrees"}
    assert totals.loc["not given", "rows"] == "0 of these 1 listed here"


def test_a_total_alone_is_checked_against_all_rows() -> None:
    totals = mp.find_totals([make_document("Total recommendations: 5", [HEADER, *ROWS])])
    assert totals[["response", "count", "rows"]].values.tolist() == [["all", 5, "3 of these 5 listed here"]]


# --- the command ---------------------------------------------------------------------------------------------


def test_the_command_says_what_it_could_not_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "Recommendation,Response,Lead\nThat \x1b[31mred\x1b]0;owned\x07 is out,We will think,AB\nBan idling,Yes,\n",
        encoding="utf-8",
    )
    code, out, err = run("tracker", str(tmp_path / "ghost.csv"), str(tmp_path / "t.csv"))
    assert code == 0
    assert "ghost.csv: not read. E-NOT-FOUND" in err
    assert "Note: t.csv: columns that are not in the table: Lead." in err
    assert "2 recommendations; without an answer: 0; printed but not understood: 1; read them." in err
    assert out.splitlines()[-1] == "all,1,0,0,1,2,1"
    assert all(letter.isprintable() or letter == "\n" for letter in out)


def test_the_command_fails_where_nothing_could_be_read(tmp_path: Path) -> None:
    code, out, err = run("tracker", str(tmp_path / "ghost.csv"))
    assert (code, out) == (1, "")
    assert "ghost.csv: not read. E-NOT-FOUND" in err
    assert "No table" not in err


@pytest.mark.parametrize("command", ["tracker", "extract"])
def test_a_file_that_may_not_be_opened_stops_nothing(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed.txt").write_text("Our priorities\n\n- Warm homes\n", encoding="utf-8")
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    code, _, err = run(
        command, str(tmp_path / "closed.txt"), *(["-o", str(tmp_path / "d.csv")] * (command == "extract"))
    )
    assert code == 0
    assert "reading 1 of 1: closed.txt" in err
