"""Whose a paper and its statements are: what the user says, what headings say, and how places are written."""

from __future__ import annotations

from pathlib import Path

import pytest

import mapping as mp
from mapping.errors import MappingError
from mapping.partnership import Partnership
from mapping.sources.finding import Extraction, extract
from mapping.sources.reading import read_document

PLAN = """# Health and Wellbeing Board Strategy 2024-2027

## Our priorities

- Give every child the best start in life
- Help people to age well
"""


def draft(
    tmp_path: Path, text: str, *, board: str = "", strategy: str = "", city: Partnership | None = None
) -> Extraction:
    path = tmp_path / "paper.md"
    path.write_text(text, encoding="utf-8")
    return extract([read_document(path)], board=board, strategy=strategy, partnership=city)


def write_city(tmp_path: Path, place: str) -> Partnership:
    folder = tmp_path / "city"
    mp.write_starter(folder)
    info = folder / "partnership.yaml"
    info.write_text(info.read_text().replace('place: "My City"', f'place: "{place}"'), encoding="utf-8")
    return mp.read_partnership(folder)


def test_the_board_that_the_user_gives_is_that_of_the_title_by_its_initials(tmp_path: Path) -> None:
    found = draft(tmp_path, PLAN, board="HWB", strategy="HWS").priorities
    assert set(found["board"]) == {"HWB"}
    assert set(found["strategy"]) == {"HWS"}


def test_a_strategy_given_alone_is_that_of_rows_whose_board_is_unknown_too(tmp_path: Path) -> None:
    text = "# A plan\n\n## Our priorities\n\n- Plant more trees in every ward\n- Insulate the coldest homes\n"
    found = draft(tmp_path, text, strategy="CLS").priorities
    assert set(found["board"]) == {"board unknown"}
    assert set(found["strategy"]) == {"CLS"}


def test_a_section_of_another_board_is_not_the_given_ones(tmp_path: Path) -> None:
    text = PLAN + "\n## Priorities of the Safer Communities Board\n\n- Make the town centre safe at night\n"
    found = draft(tmp_path, text, board="HWB", strategy="HWS").priorities
    assert found["board"].tolist() == ["HWB", "HWB", "Safer Communities Board"]
    assert found["strategy"].tolist() == ["HWS", "HWS", ""]


def test_a_nearer_heading_with_another_board_beats_a_title_that_names_a_plan(tmp_path: Path) -> None:
    city = write_city(tmp_path, "Ashby")
    text = (
        PLAN.replace("Board Strategy", "Strategy")
        + "\n## Priorities for the Safer Communities Board\n\n- Light the parks\n"
    )
    found = draft(tmp_path, text, city=city).priorities
    assert found[["board", "strategy"]].to_numpy().tolist() == [["HWB", "HWS"], ["HWB", "HWS"], ["SCB", ""]]


def test_a_strategy_of_another_board_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="Strategy CSP is one of SCB, not of HWB"):
        draft(tmp_path, PLAN, board="HWB", strategy="CSP", city=write_city(tmp_path, "Ashby"))


@pytest.mark.parametrize(
    ("place", "council"),
    [
        ("Brighton & Hove", "Brighton and Hove City Council"), ("Stoke on Trent", "Stoke-on-Trent City Council"),
        ("St. Helens", "St Helens Borough Council"), ("King's Lynn", "King’s Lynn Borough Council"),
        ("Kingston upon Hull", "Hull City Council"), ("Newcastle upon Tyne", "Newcastle City Council"),
        ("City of Derby", "Derby City Council"), ("My City", "Ashby Borough Council"),
    ],
)  # fmt: skip
def test_ones_own_council_is_known_however_the_place_is_written(place: str, council: str, tmp_path: Path) -> None:
    text = f"# {council} plan\n\n{council} wrote this. {council} will follow it.\n\n" + PLAN.replace(
        "# Health", "# A Health"
    )
    found = draft(tmp_path, text, city=write_city(tmp_path, place))
    assert len(found.priorities) == 2
    assert not any("another authority" in note for note in found.notes)


def test_another_councils_paper_is_left_unless_the_user_says_whose_it_is(tmp_path: Path) -> None:
    text = "# Otherham City Council plan\n\nOtherham City Council agreed it.\n\n" + PLAN.replace(
        "# Health", "# A Health"
    )
    city = write_city(tmp_path, "Ashby")
    left = draft(tmp_path, text, city=city)
    assert left.priorities.empty
    assert any("Otherham" in note and "partnership.yaml" in note for note in left.notes)
    taken = draft(tmp_path, text, city=city, board="HWB")
    assert set(taken.priorities["sure"]) == {"possible"}
    assert any("as --board says" in note for note in taken.notes)


LISTED = "\n\n- Reduce violence in the town centre\n- Support victims of abuse\n- Make roads safer\n"


@pytest.mark.parametrize(
    "lead",
    [
        "Following the strategic assessment the Partnership's priorities for 2023-26 are:",
        "Three priorities have been identified:",
        "The strategy has four priorities which have been developed with partners:",
        "The following outcomes have been agreed by the Board:",
        "Three priorities were identified by the Board for 2024-27:",
        "The workshop session on 3 May agreed the Board's priorities:",
        "Our promises to residents:",
        "Instead of the old priorities the Board will concentrate on:",
    ],
)
def test_words_on_how_priorities_were_found_do_not_hide_them(lead: str, tmp_path: Path) -> None:
    text = f"# A safety plan 2024-27\n\n## Our approach\n\n{lead}{LISTED}"
    assert len(draft(tmp_path, text).priorities) == 3


@pytest.mark.parametrize(
    ("lead", "sure"),
    [
        ("Our last strategy ran from 2018 to 2023. It had three priorities:", None),
        ("The West Coast Integrated Care Partnership published a strategy in 2023. It has three aims:", None),
        ("The West Coast Integrated Care Board has set out its priorities as follows:", None),
        ("The UK Shared Prosperity Fund has three investment priorities:", None),
        ("The Fire Authority's plan has three priorities:", None),
        ("The objectives of this needs assessment are to:", None),
        ("Otherham Council adopted a strategy in July with three priorities:", "possible"),
    ],
)
def test_aims_of_others_and_of_before_are_left_or_doubted(lead: str, sure: str | None, tmp_path: Path) -> None:
    found = draft(tmp_path, f"# A safety plan 2024-27\n\n## Our approach\n\n{lead}{LISTED}")
    assert set(found.priorities["sure"]) == ({sure} if sure else set())
    assert len(found.receipt) == len(read_document(tmp_path / "paper.md").passages)


def test_codes_are_no_statements_and_a_key_in_a_delivery_plan_is_no_action(tmp_path: Path) -> None:
    rows = "| Priority | Action |\n| --- | --- |\n| OB1 | Light the parks |\n| LA 2.3 | Mend the paths |\n"
    key = "## Key to ratings\n\n| Rating | Meaning |\n| --- | --- |\n| Red | Started but behind schedule |\n"
    found = draft(tmp_path, f"# Safety delivery plan\n\n{key}\n## Delivery plan\n\n{rows}").priorities
    assert found["text"].tolist() == ["Light the parks", "Mend the paths"]


def test_a_promise_with_a_number_is_a_priority(tmp_path: Path) -> None:
    promises = "Promise 1 – We will find carers sooner\n\nPromise 2 – We will listen to you\n"
    text = f"# A carers' plan\n\n## Our promises\n\n{promises}"
    found = draft(tmp_path, text).priorities
    assert found[["level", "text"]].to_numpy().tolist() == [
        ["priority", "We will find carers sooner"], ["priority", "We will listen to you"],
    ]  # fmt: skip
