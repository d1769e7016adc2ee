"""Which claims survive: verdicts worked by hand, and that every headline has one."""

from __future__ import annotations

import pytest

from mapping.chance import find_board_chance, find_cell_chance, find_theme_pairs, picture_of
from mapping.claims import Claim, claim_every, claim_most, claim_reach, list_claims
from mapping.rescoring import FAMILIES, rescore_run
from mapping.stability import find_headlines, judge_claim
from mapping.tags import Run, tag
from tests.conftest import edit
from tests.stress import make_run, make_stress_set

STRESS = {name: run for name, run in make_stress_set().items() if name != "count-999"}


def claim_that(holds, themes=()) -> Claim:
    return Claim("made up", (), "It is so.", themes, holds)


def test_what_always_holds_is_firm_and_what_never_does_is_fragile(derby_run: Run) -> None:
    verdict = judge_claim(derby_run, claim_that(lambda other: True))
    assert (verdict.word, verdict.worst, verdict.overturned_by) == ("firm", 1.0, "")
    assert verdict.not_tested == ("confirmed",)
    assert sum(tried for _, tried in verdict.held.values()) == len(rescore_run(derby_run))
    never = judge_claim(derby_run, Claim("never", (), "It is not so.", (), lambda other: False))
    assert (never.word, never.worst) == ("fragile", 0.0)


@pytest.mark.parametrize(
    ("held", "word"), [(400, "firm"), (380, "firm"), (379, "fair"), (320, "fair"), (319, "fragile")]
)
def test_verdict_turns_at_95_and_at_80_per_cent(derby_run: Run, held: int, word: str) -> None:
    """Of 400 resamples the claim holds in so many, and in everything else."""
    drawn = [id(item.picture) for item in rescore_run(derby_run) if item.family == "resampling"]
    keep = set(drawn[held:])
    claim = Claim("made up", (str(held),), "So often.", (), lambda other: id(other) not in keep)
    verdict = judge_claim(derby_run, claim)
    assert verdict.held["resampling"] == (held, 400)
    assert verdict.word == word
    assert verdict.overturned_by == ("" if held == 400 else "drawing the priorities again")


def test_the_worst_family_decides_and_names_the_nearest_change(derby_run: Run) -> None:
    start = derby_run.framework.theme_ids.index("start")
    verdict = judge_claim(
        derby_run, Claim("made up", ("19",), "19.", (start,), lambda other: other.on[:, start].sum() >= 19)
    )
    assert verdict.word == "fragile"
    higher = Claim(
        "made up", ("bar",), "At most 19.", (), lambda other: len(other.on) < 88 or other.on[:, start].sum() <= 19
    )
    lowered = judge_claim(derby_run, higher)
    assert lowered.held["threshold"][0] < 41
    assert lowered.held["method"] == (2, 3)
    assert lowered.overturned_by == "drawing the priorities again; also by scoring by TF-IDF alone"


def test_only_keywords_behind_the_claims_themes_are_left_out(run: Run) -> None:
    voice = run.framework.theme_ids.index("voice")
    one = judge_claim(run, claim_reach(run, "voice"))
    keywords = [item for item in rescore_run(run) if item.family == "keyword" and item.theme == voice]
    assert one.held["keyword"][1] == len(keywords) == 2
    # Without "ask residents" a board is gone; without "involve * tenants" another keyword under it takes its place.
    assert one.held["keyword"][0] == 1
    assert one.word == "fragile"


def test_confirmed_tags_are_tried_once_half_are_decided() -> None:
    none = make_run([[9, 1], [9, 2]], priorities=[12, 12])
    assert "confirmed" in judge_claim(none, claim_reach(none, "t1")).not_tested
    every = make_run([[9, 1], [9, 2]], priorities=[12, 12], confirmed="all")
    assert judge_claim(every, claim_reach(every, "t1")).held["confirmed"] == (1, 1)


def test_firm_where_much_stands_behind_it() -> None:
    run = make_run([[30, 0], [32, 2]], priorities=[40, 40])
    assert judge_claim(run, claim_every(run, ["t1"])).word == "fragile"  # one keyword stands behind everything
    sure = make_run([[30, 0], [32, 2]], priorities=[40, 40], confirmed="all")
    assert judge_claim(sure, claim_every(sure, ["t1"])).word == "firm"


@pytest.mark.parametrize("case", STRESS)
def test_every_claim_holds_of_the_run_it_was_made_from(case: str) -> None:
    run = STRESS[case]
    base = picture_of(run)
    for claim in list_claims(run):
        assert claim.holds(base), claim.says
        assert claim.says.endswith(".")


def test_every_call_becomes_a_headline_and_every_headline_has_a_verdict(derby_run: Run) -> None:
    headlines = find_headlines(derby_run)
    assert set(headlines["verdict"]) <= {"firm", "fair", "fragile"}
    assert (headlines["worst"].between(0, 1)).all()
    for kind, table in (
        ("cell", find_cell_chance(derby_run)),
        ("theme pair", find_theme_pairs(derby_run)),
        ("board pair", find_board_chance(derby_run)),
    ):
        assert (headlines["kind"] == kind).sum() == table["chance"].isin(["more", "fewer"]).sum()
    for row in headlines.itertuples():
        for family in FAMILIES:
            said = getattr(row, family)
            assert said == "not tested" or 0 <= int(said.split("/")[0]) <= int(said.split("/")[1])
        assert (row.overturned_by == "") == (row.worst == 1.0)


def test_no_headline_speaks_of_absence_where_a_strategy_was_not_read(derby_run: Run) -> None:
    unread = {"HWB", "SCB", "CLB"}
    for claim in list_claims(derby_run):
        if claim.kind == "cell" and claim.subject[0] == "fewer":
            assert claim.subject[1] not in unread


def test_a_leader_needs_its_lead() -> None:
    assert claim_most(make_run([[3, 3], [1, 1]])) is None
    claim = claim_most(make_run([[3, 1], [1, 1]]))
    assert claim is not None
    assert claim.says == "Voice has more priorities suggested than any other theme: 4 of 8 priorities; next life 2, 2."


def test_rows_in_another_order_change_no_verdict(make_city) -> None:
    swapped = edit(
        "priorities.csv",
        ("HOM-01,HOM-S,Insulate cold homes,verbatim,priority,,Homes Strategy,\n", ""),
        ("RIV-01,", "HOM-01,HOM-S,Insulate cold homes,verbatim,priority,,Homes Strategy,\nRIV-01,"),
    )
    a, b = tag(make_city()), tag(make_city(swapped))
    assert find_headlines(a).equals(find_headlines(b))
    assert find_cell_chance(a).equals(find_cell_chance(b))
