"""An explanation is the calculation: its parts add up to the score."""

from __future__ import annotations

from collections.abc import Callable
from math import isclose

import pytest
from conftest import edit
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.errors import UnknownNameError
from mapping.explanation import explain, mark_spans
from mapping.framework import Framework
from mapping.partnership import Partnership
from mapping.tables import each_row
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]


def test_an_explanation_reads_as_the_calculation(run: Run) -> None:
    why = explain(run, "WRK-01", "work")
    parts = [(row.part, row.what) for row in each_row(why.lines)]
    # apprentic* is rarer than the median keyword of the theme, so it counts for more than 1 and is clipped
    assert parts[0] == ("keyword", "apprentic* (decides)")
    assert isclose(why.lines["amount"].sum(), why.score.score, abs_tol=1e-6)
    shown = str(why)
    assert "Create [apprenticeships] for school leavers" in shown
    assert "Work Board news page; restated from its source; source: News page" in shown
    assert "Suggested by the machine; no person has confirmed it." in why.verdict
    assert "0.100 above the threshold" in why.verdict  # keywords 1, similarity 0: 0.6 against 0.5


def test_why_not_is_explained_too(run: Run) -> None:
    why = explain(run, "HOM-03", "river")
    assert why.verdict == "Not tagged: 0.500 below the threshold (little or no evidence)."
    assert len(why.lines) == 0
    assert "no keyword of this theme stands in the text" in str(why)
    assert "no word in common with the theme's profile" in str(why)


def test_a_text_that_was_not_scored_says_why(make_city: MakeCity) -> None:
    run = tag(make_city(edit("priorities.csv", ("Review the office rota", "Prosperity"))))
    assert explain(run, "HOM-03", "work").verdict == ("Not scored: too short: under two content words and no keyword.")


def test_a_lift_is_a_line_of_its_own(city: Partnership) -> None:
    why = explain(tag(city, threshold=0.9), "WRK-01", "work")
    assert [row.part for row in each_row(why.lines)][-1] == "lift"
    assert why.lines["amount"].iloc[-1] == pytest.approx(0.9 - 0.6)  # keywords 1 with a share of 0.6, similarity 0


def test_a_decision_is_told(make_city: MakeCity) -> None:
    row = "framework,priority,theme,decision,words,reviewer,time,note\n"
    row += "millbrook-themes,HOM-01,homes,reject,Insulate cold homes,AB,2019,\n"
    assert explain(tag(make_city({"decisions.csv": row})), "HOM-01", "homes").verdict.endswith(
        "A person's decision: rejected."
    )


def test_markup_in_a_text_stays_text(make_city: MakeCity) -> None:
    run = tag(
        make_city(
            edit("priorities.csv", ("Insulate cold homes,v", "<script>x</script> insulate & <b>cold homes</b>,v"))
        )
    )
    page = explain(run, "HOM-01", "homes")._repr_html_()
    assert "<script>" not in page
    assert "&lt;b&gt;<mark>cold homes</mark>&lt;/b&gt;" in page


def test_unknown_names_are_refused_with_the_nearest(run: Run) -> None:
    with pytest.raises(UnknownNameError, match=r"Priority 'HOM-1' is not known. Did you mean 'HOM-01'?"):
        explain(run, "HOM-1", "homes")
    with pytest.raises(UnknownNameError, match=r"Theme 'home' is not known. Did you mean 'homes'?"):
        explain(run, "HOM-01", "home")


@pytest.mark.parametrize("method", ["both", "keywords", "tf-idf"])
def test_the_parts_add_up_for_every_tag_of_the_city(city: Partnership, method: str) -> None:
    run = tag(city, method=method)
    for row in each_row(run.tags):
        why = explain(run, row.priority, row.theme)
        assert isclose(why.lines["amount"].sum(), row.score, abs_tol=1e-6)
        assert why.score.score == row.score


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_the_parts_add_up_for_derby(derby_run: Run, closing_the_gap: Framework, data: st.DataObject) -> None:
    priority = data.draw(st.sampled_from(list(derby_run.priorities["priority"])))
    theme = data.draw(st.sampled_from(closing_the_gap.theme_ids))
    why = explain(derby_run, priority, theme)
    row = derby_run.tags[(derby_run.tags["priority"] == priority) & (derby_run.tags["theme"] == theme)].iloc[0]
    assert isclose(why.lines["amount"].sum(), row["score"], abs_tol=1e-6)
    assert (why.score.tagged, why.score.confidence) == (row["tagged"], row["confidence"])


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], "raise skills <now>"),
        ([(6, 12)], "raise [skills] <now>"),
        ([(6, 12), (0, 5)], "[raise] [skills] <now>"),
        ([(0, 8), (6, 12)], "[raise skills] <now>"),
        ([(0, 6), (6, 12)], "[raise skills] <now>"),
        ([(0, 12), (2, 4)], "[raise skills] <now>"),
    ],
)
def test_places_are_marked_and_overlapping_ones_merged(spans: list[tuple[int, int]], expected: str) -> None:
    assert mark_spans("raise skills <now>", spans, "[", "]") == expected
    assert mark_spans("raise skills <now>", spans, "[", "]", escape=True) == expected.replace("<now>", "&lt;now&gt;")


# --- the evidence, and how near a miss was -----------------------------------------------------------------


def test_a_tag_names_the_words_it_stands_on(run: Run) -> None:
    why = explain(run, "WRK-01", "work")
    assert why.deletion is not None
    assert why.deletion.words == ("apprenticeships",)
    said = "It stands on 1 of 4 content words: without apprenticeships it falls."
    assert said in str(why)
    assert said in why._repr_html_()


def test_a_weak_tag_says_so(run: Run) -> None:
    """HOM-01 is Insulate cold homes; both keywords must go, and they are most of its words."""
    why = explain(run, "HOM-01", "homes")
    assert why.deletion is not None
    assert why.deletion.weak
    assert "Weakly explained: it takes 2 of 3 content words to fell it" in str(why)


def test_what_is_not_tagged_has_no_evidence(run: Run) -> None:
    why = explain(run, "HOM-03", "river")
    assert why.deletion is None
    assert "falls" not in str(why)
    assert "falls" not in why._repr_html_()


def test_a_rejected_tag_is_still_explained(make_city: MakeCity) -> None:
    row = "framework,priority,theme,decision,words,reviewer,time,note\n"
    row += "millbrook-themes,WRK-01,work,reject,Create apprenticeships for school leavers,AB,2019,\n"
    why = explain(tag(make_city({"decisions.csv": row})), "WRK-01", "work")
    assert why.deletion is not None
    assert "A person's decision: rejected." in str(why)


def test_a_near_miss_says_how_far_and_which_words_came_closest(made_up_themes: Framework, make_city: MakeCity) -> None:
    """By keywords quoits weigh 0.5; at a threshold of 0.55 that is 0.05 too little."""
    text = "Quoits in the old town hall"
    run = tag(
        make_city(edit("priorities.csv", ("Review the office rota", text))),
        made_up_themes,
        method="keywords",
        threshold=0.55,
    )
    why = explain(run, "HOM-03", "zorb")
    assert why.verdict == (
        "Not tagged: 0.050 below the threshold (just below the threshold; a person is asked to check)."
    )
    assert why.deletion is None
    assert [(row.part, row.what, row.amount) for row in each_row(why.lines)] == [
        ("keyword", "quoits (supports)", pytest.approx(0.5))
    ]
    assert "[Quoits] in the old town hall" in str(why)


def test_the_terms_of_the_similarity_stand_largest_first(derby_run: Run) -> None:
    lines = explain(derby_run, "CFL-02", "skills").lines
    amounts = list(lines.loc[lines["part"] == "similarity", "amount"])
    assert amounts == sorted(amounts, reverse=True)
    assert (lines.loc[lines["part"].isin(["keyword", "similarity", "lift"]), "amount"] > 0).all()
    assert (lines.loc[lines["part"] == "clip", "amount"] < 0).all()
