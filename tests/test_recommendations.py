"""What came of recommendations: a city's own table, its themes and answers, in the report and in the run folder."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import mapping as mp
from mapping.errors import DataError
from mapping.outputs.folder import list_tables, write_report
from mapping.outputs.sections import build_sections
from mapping.partnership import Partnership
from mapping.recommendations import count_responses, list_recommendations, state_recommendations, tag_recommendations
from mapping.tags import tag

MakeCity = Callable[..., Partnership]
HEAD = "recommendation,number,text,response,response_text,comment,meeting,board,document,page,note\n"
ROWS = (
    "REC-1,1,That residents are asked before homes are planned,yes,Agreed,From April,Scrutiny,HOM,,,\n"
    "REC-2,2,That the flood plan is renewed,in part,Agreed in part,,Scrutiny,PRK,,,\n"
    "REC-3,3,That the office rota is reviewed,not given,,,Scrutiny,,,,\n"
)


@pytest.fixture
def city(make_city: MakeCity) -> Partnership:
    return make_city({"recommendations.csv": HEAD + ROWS})


def test_a_city_without_any_says_nothing_of_them(make_city: MakeCity) -> None:
    run = tag(make_city())
    assert list_recommendations(run).empty
    assert state_recommendations(run) == []
    assert "recommendations" not in [section.anchor for section in build_sections(run)]
    assert list(list_tables(run)["recommendations"].columns)[-1] == "themes"


def test_every_recommendation_is_counted_once_in_the_last_row(city: Partnership) -> None:
    counts = count_responses(list_recommendations(tag(city))).set_index("theme")
    assert list(counts.loc["all"]) == [1, 1, 0, 1, 3]
    assert counts.loc["no theme", "recommendations"] == sum(
        not own for own in list_recommendations(tag(city))["themes"]
    )


def test_the_report_says_what_was_answered_and_opens_to_the_rows(city: Partnership, tmp_path: object) -> None:
    run = tag(city)
    said = state_recommendations(run)
    assert said[0] == "Of 3 recommendations listed, the answers are: 1 yes, 1 in part; without an answer: 1."
    assert "all of these tags are suggested" in said[1]
    section = next(section for section in build_sections(run) if section.anchor == "recommendations")
    assert section.grids[1].head[:3] == ("Ref", "Number", "Meeting")
    assert [row[:3] for row in section.grids[1].rows] == [
        ["REC-1", "1", "Scrutiny"], ["REC-2", "2", "Scrutiny"], ["REC-3", "3", "Scrutiny"]
    ]  # fmt: skip
    home = write_report(run, f"{tmp_path}/run")
    assert "What came of recommendations" in (home / "index.html").read_text(encoding="utf-8")
    assert "That the flood plan is renewed" in (home / "report.md").read_text(encoding="utf-8")
    table = pd.read_csv(home / "tables" / "recommendations.csv", dtype=str, keep_default_na=False)
    assert list(table["response"]) == ["yes", "in part", "not given"]
    again = mp.read_run(home).partnership.recommendations
    assert list(again["text"]) == list(city.recommendations["text"])


def test_answers_that_were_not_understood_are_counted_apart(make_city: MakeCity) -> None:
    unread = "REC-4,4,That the lido opens,not given,The council will think,,Scrutiny,,,,\n"
    noted = "REC-5,5,That the clock is mended,not given,Noted,,Scrutiny,,,,\n"
    run = tag(make_city({"recommendations.csv": HEAD + ROWS + unread + noted}))
    said = state_recommendations(run)[0]
    assert said.endswith("without an answer: 2; printed but not understood: 1; read them.")
    counts = count_responses(list_recommendations(run)).set_index("theme")
    assert list(counts.loc["all"]) == [1, 1, 0, 3, 5, 1]
    section = next(section for section in build_sections(run) if section.anchor == "recommendations")
    assert section.grids[0].head[-2:] == ("All", "Not understood")
    assert section.grids[0].rows[-1][-1] == "1"


def test_a_board_that_is_not_known_is_refused_with_the_nearest(make_city: MakeCity) -> None:
    with pytest.raises(DataError, match=r"recommendations\.csv, line 2, column 'board': board 'HMO' is not known"):
        make_city({"recommendations.csv": HEAD + ROWS.replace(",HOM,", ",HMO,")})
    with pytest.raises(DataError, match="response"):
        make_city({"recommendations.csv": HEAD + ROWS.replace("in part,Agreed", "perhaps,Agreed")})


def test_none_can_be_tagged() -> None:
    table = tag_recommendations(pd.DataFrame({"text": [], "response": []}))
    assert count_responses(table).set_index("theme").loc["all", "recommendations"] == 0
