"""Text and Markdown: what is a heading, an item, a paragraph, a cell."""

from __future__ import annotations

from mapping.sources.gathering import Gathering
from mapping.sources.marks import join_lines, split_mark
from mapping.sources.plain import read


def gather(text: str, name: str = "a.txt") -> list[tuple[str, int, str, str]]:
    gathering = Gathering()
    read(text.encode(), name, gathering)
    return [(row[0], row[2], row[3], row[1]) for row in gathering.rows]


def test_numbers_and_bullets_are_taken_off() -> None:
    for line, mark, rest in [
        ("4.2 Information gathered", "4.2", "Information gathered"),
        ("a) Re-establish the plan;", "a)", "Re-establish the plan;"),
        ("(iv) Improve", "(iv)", "Improve"),
        ("i. Improve", "i.", "Improve"),
        ("\uf0b7 Improve", "\uf0b7", "Improve"),
        ("•Improve", "•", "Improve"),
        ("- 1.1 The Partnership", "1.1", "The Partnership"),
        ("1\tIntroduction", "1", "Introduction"),
        ("3.5 million pounds", "", "3.5 million pounds"),
        ("2018 was a year", "", "2018 was a year"),
        ("-5% crime", "", "-5% crime"),
        ("e.g. this", "", "e.g. this"),
        ("Priority 1: Give all children a good start", "", "Priority 1: Give all children a good start"),
    ]:
        assert split_mark(line) == (mark, rest), line
    assert split_mark("l Improve", lost=True) == ("l", "Improve")
    assert split_mark("l Improve") == ("", "l Improve")


def test_a_word_divided_at_a_line_end_is_mended_and_a_hyphen_of_its_own_kept() -> None:
    for first, second, joined in [
        ("health and well-", "being", "health and well-being"),
        ("the com-", "munity", "the community"),
        ("cross-", "sectoral work", "cross-sectoral work"),
        ("city-", "wide", "city-wide"),
        ("face-to-", "face", "face-to-face"),
        ("2014-", "19", "2014-19"),
        ("Stoke-", "Trent", "Stoke-Trent"),
        ("pre- and post-", "natal", "pre- and post-natal"),
        ("pre-", "and post-natal", "pre- and post-natal"),
        ("a dash –", "and on", "a dash – and on"),
        ("infor\u00ad", "mation", "information"),
    ]:
        assert join_lines(first, second) == joined


def test_a_report_saved_as_text() -> None:
    text = (
        "Recommendations \n\n \n\n2.1 That the Board supports the development of these \npriorities.  "
        "This includes a workshop. \n\n4.1 In June the review made the following \n\nrecommendations: \n\n"
        "a) Focus on a small number of priorities; \n\nb) Engage with partners. \n"
    )
    assert gather(text) == [
        ("heading", 2 - 1, "", "Recommendations"),
        ("item", 1, "2.1", "That the Board supports the development of these priorities.  This includes a workshop."),
        ("item", 1, "4.1", "In June the review made the following recommendations:"),
        ("item", 1, "a)", "Focus on a small number of priorities;"),
        ("item", 1, "b)", "Engage with partners."),
    ]


def test_markdown() -> None:
    text = (
        "# Plan\n\nIntro with **strong** and [a link](http://x.test).\n\nChildren\n--------\n* One\n  * Two\n\n"
        "| Board | Plan |\n| --- | --- |\n| CFL | Start \\| well |\n\n```\n# no heading\n```\n"
    )
    assert gather(text, "a.md") == [
        ("heading", 1, "", "Plan"),
        ("paragraph", 0, "", "Intro with strong and a link."),
        ("heading", 2, "", "Children"),
        ("item", 1, "*", "One"),
        ("item", 2, "*", "Two"),
        ("cell", 0, "", "Board"),
        ("cell", 0, "", "Plan"),
        ("cell", 0, "", "CFL"),
        ("cell", 0, "", "Start | well"),
        ("paragraph", 0, "", "# no heading"),
    ]


def test_of_a_run_of_short_lines_only_the_last_is_a_heading() -> None:
    kinds = [row[0] for row in gather("One thing\n\nAnother thing\n\nA third\n\nUnder it stands a sentence.")]
    assert kinds == ["heading", "paragraph", "heading", "paragraph"]


def test_underlined_lines_of_plain_text_are_headings_numbered_or_not() -> None:
    text = "A PLAN FOR SPORT\n================\n\n5. Our objectives\n=================\nWe aim to:\n\n* help people\n"
    rows = gather(text)
    assert [(row[0], row[2], row[3]) for row in rows[:2]] == [
        ("heading", "", "A PLAN FOR SPORT"), ("heading", "5.", "Our objectives"),
    ]  # fmt: skip
    assert rows[2][3] == "We aim to:"
    assert "heading" not in {row[0] for row in gather("Total\n===============================================\nEnd\n")}
