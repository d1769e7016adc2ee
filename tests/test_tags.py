"""A city tagged: what is mapped, what is counted, and what may change it."""

from __future__ import annotations

import random
from collections.abc import Callable

import pandas as pd
import pytest
from conftest import CITY, edit, write_city
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.errors import DataError, MappingError, UnknownNameError
from mapping.framework import load_framework
from mapping.partnership import Partnership, read_partnership
from mapping.tables import each_row
from mapping.tags import TAG_TABLE, Run, tag

MakeCity = Callable[..., Partnership]
STRATEGIES, TEXTS = "strategies.csv", "priorities.csv"


def standing(run: Run) -> dict[str, list[str]]:
    """The themes that stand, by priority; headings included."""
    on = run.tags[run.tags["on"]]
    return {priority: list(own["theme"]) for priority, own in on.groupby("priority")}


def test_the_tags_of_the_city_checked_by_eye(run: Run) -> None:
    assert standing(run) == {
        "HOM-01": ["homes"],
        "HOM-02": ["voice"],
        "PRK-01": ["work"],  # a heading: tagged, not counted
        "PRK-02": ["work"],
        "PRK-03": ["voice"],
        "WRK-01": ["work"],
        "WRK-02": ["homes", "work"],
    }
    assert repr(run) == (
        "<Run of Millbrook Partnership against Millbrook themes: 6 of 8 priorities tagged, 7 tags, "
        "0 confirmed by people>"
    )


def test_one_row_per_priority_and_theme_in_the_order_of_both(run: Run) -> None:
    assert list(run.tags.columns) == list(TAG_TABLE)
    ids = ["HOM-01", "HOM-02", "HOM-03", "PRK-01", "PRK-02", "PRK-03", "PRK-04", "WRK-01", "WRK-02"]
    expected = [(priority, theme) for priority in ids for theme in ("voice", "homes", "work", "river")]
    assert list(zip(run.tags["priority"], run.tags["theme"], strict=True)) == expected


def test_a_heading_is_tagged_and_not_counted(run: Run) -> None:
    counted = dict(zip(run.priorities["priority"], run.priorities["counted"], strict=True))
    assert [priority for priority, count in counted.items() if not count] == ["PRK-01"]
    assert "PRK-01" not in set(run.standing_tags["priority"])


def test_a_heading_counts_where_no_child_of_it_is_mapped(make_city: MakeCity) -> None:
    loose = {TEXTS: CITY[TEXTS].replace(",PRK-01,Parks Plan", ",,Parks Plan")}
    assert tag(make_city(loose)).priorities["counted"].all()


def test_spans_show_the_words_in_the_text(run: Run) -> None:
    texts = dict(zip(run.priorities["priority"], run.priorities["text"], strict=True))
    found = {
        (row.priority, row.theme): [texts[row.priority][span.start : span.end] for span in row.spans]
        for row in each_row(run.tags[run.tags["on"]])
    }
    assert found["WRK-02", "homes"] == ["insulate", "cold homes"]
    assert found["WRK-02", "work"] == ["Train", "apprentices"]
    assert found["HOM-02", "voice"] == ["Involve tenants"]


def test_neighbours_are_mapped_only_when_asked_for(city: Partnership, run: Run) -> None:
    assert "RIV-01" not in set(run.priorities["priority"])
    wide = tag(city, neighbours=True)
    assert standing(wide)["RIV-01"] == ["river"]
    assert list(wide.boards["board"]) == ["HOM", "PRK", "WRK", "RIV"]
    assert list(run.boards["board"]) == ["HOM", "PRK", "WRK"]
    assert standing(run).items() <= standing(wide).items()


@pytest.mark.parametrize(
    ("day", "strategies"),
    [
        ("2018", {"HOM-S"}),
        ("2019-01-27", {"HOM-S"}),
        ("2019-01-28", {"HOM-S", "WRK-NEWS"}),
        ("2019-01", {"HOM-S", "WRK-NEWS"}),
        ("2019-03-31", {"HOM-S", "WRK-NEWS"}),
        ("2019-04-01", {"HOM-S", "PRK-S", "WRK-NEWS"}),
        ("2021-03-31", {"HOM-S", "PRK-S", "WRK-NEWS"}),
        ("2021-04", {"HOM-S", "WRK-NEWS"}),
        ("2023", {"WRK-NEWS"}),
    ],
)
def test_strategies_in_force_on_a_day(city: Partnership, day: str, strategies: set[str]) -> None:
    assert set(tag(city, in_force_on=day).priorities["strategy"]) == strategies


def test_a_day_on_which_nothing_was_in_force_gives_an_empty_run(city: Partnership) -> None:
    run = tag(city, in_force_on="1900")
    assert (len(run.priorities), len(run.tags), len(run.standing_tags)) == (0, 0, 0)
    assert len(run.hash) == 10


def test_settings_are_recorded_and_the_hash_follows_them(city: Partnership, run: Run) -> None:
    assert (run.settings.framework, run.settings.method, run.settings.threshold) == ("millbrook-themes", "both", 0.5)
    assert run.edition == f"made up, run {run.hash}"
    hashes = {tag(city, method=method).hash for method in ("both", "keywords", "tf-idf")}
    assert len(hashes | {tag(city, threshold=0.6).hash}) == 4
    assert tag(city).hash == run.hash


@pytest.mark.parametrize(("threshold", "tags"), [(0.5, 7), (0.9, 7), (1.0, 7)])
def test_deciding_keywords_stand_at_every_threshold(city: Partnership, threshold: float, tags: int) -> None:
    assert len(tag(city, threshold=threshold).standing_tags) == tags


def test_unknown_names_are_refused_with_the_nearest(city: Partnership, run: Run) -> None:
    with pytest.raises(UnknownNameError, match=r"Method 'keyword' is not known. Did you mean 'keywords'?"):
        tag(city, method="keyword")
    with pytest.raises(UnknownNameError, match=r"Priority 'HOM-1' is not known. Did you mean 'HOM-01'?"):
        run.priority("HOM-1")
    with pytest.raises(MappingError, match="in_force_on is 'soon'; write a date as 2019-01-28, 2019-01 or 2019"):
        tag(city, in_force_on="soon")
    with pytest.raises(DataError, match="there is no such framework"):
        tag(city, "no-such-themes")


# --- what may change a run, and what may not ---------------------------------------------------------------


@given(st.randoms(use_true_random=False))
@settings(max_examples=6, deadline=None)
def test_shuffled_rows_give_the_same_run(
    tmp_path_factory: pytest.TempPathFactory, run: Run, mix: random.Random
) -> None:
    header, *rows = CITY[TEXTS].splitlines()
    mix.shuffle(rows)
    folder = tmp_path_factory.mktemp("shuffled")
    again = tag(read_partnership(write_city(folder, {TEXTS: "\n".join([header, *rows]) + "\n"})))
    assert again.hash == run.hash
    pd.testing.assert_frame_equal(again.tags, run.tags)


def test_ids_are_ordered_as_a_person_counts(make_city: MakeCity) -> None:
    ids = {TEXTS: CITY[TEXTS].replace("HOM-01", "HOM-10").replace("HOM-02", "HOM-2").replace("HOM-03", "hom-1")}
    assert list(tag(make_city(ids)).priorities["priority"])[:3] == ["hom-1", "HOM-2", "HOM-10"]


def test_one_strategy_more_changes_no_other_priority(make_city: MakeCity, run: Run) -> None:
    more = {
        STRATEGIES: CITY[STRATEGIES] + "HOM-X,HOM,Rent Strategy,,,,,named,yes\n",
        TEXTS: CITY[TEXTS] + "HOM-X1,HOM-X,Insulate cold homes with skills and apprentices,verbatim,priority,,,\n",
    }
    wide = tag(make_city(more)).tags
    pd.testing.assert_frame_equal(wide[wide["priority"] != "HOM-X1"].reset_index(drop=True), run.tags)


def test_one_strategy_more_changes_no_tag_of_derby(derby_run: Run, derby: Partnership) -> None:
    without = tag(
        Partnership(
            derby.info,
            derby.boards,
            derby.strategies,
            derby.priorities[derby.priorities["strategy"] != derby_run.priorities["strategy"].iloc[0]],
            derby.decisions,
            derby.framework,
        )
    ).tags
    kept = derby_run.tags[derby_run.tags["priority"].isin(without["priority"])].reset_index(drop=True)
    assert 0 < len(without) < len(derby_run.tags)
    pd.testing.assert_frame_equal(without, kept)


@pytest.mark.parametrize(
    ("changes", "priority", "theme", "stands"),
    [
        pytest.param(
            edit("framework/keywords.csv", ("work,skills,", "work,rota,")), "HOM-03", "work", True, id="a keyword"
        ),
        pytest.param(
            edit("framework/keywords.csv", ("work,training,supports", "work,apprenticeships for school,cancels")),
            "WRK-01",
            "work",
            False,
            id="a cancelling keyword",
        ),
        pytest.param(
            edit(TEXTS, ("Resurface the car park", "Keep the river clean")), "PRK-04", "river", True, id="a text"
        ),
    ],
)
def test_the_data_decides_and_no_code(
    make_city: MakeCity, run: Run, changes: dict[str, str | bytes | None], priority: str, theme: str, stands: bool
) -> None:
    changed = tag(make_city(changes))
    assert (theme in standing(changed).get(priority, [])) is stands
    assert changed.hash != run.hash


@pytest.mark.parametrize(
    "swap",
    [
        pytest.param(("free of floods", "free of floods. Review of the office rota"), id="a scope note"),
        pytest.param(("The river is clean", "Office and rota review"), id="a wording"),
        pytest.param(("A clean river", "A rota review"), id="a name"),
    ],
)
def test_the_words_of_a_theme_decide_its_similarity(make_city: MakeCity, run: Run, swap: tuple[str, str]) -> None:
    changed = tag(make_city(edit("framework/themes.csv", swap)))
    place = (run.tags["priority"] == "HOM-03") & (run.tags["theme"] == "river")
    assert run.tags.loc[place, "similarity_score"].item() == 0
    assert changed.tags.loc[place, "similarity_score"].item() > 0.3
    assert changed.hash != run.hash


def test_a_board_name_is_data(make_city: MakeCity) -> None:
    renamed = tag(make_city(edit("boards.csv", ("Parks Board", "Board of Parks and Play"))))
    assert "Board of Parks and Play" in list(renamed.boards["name"])


def test_derby_runs_against_a_second_framework(derby: Partnership) -> None:
    other = load_framework("derby-plan-outcomes")
    second = tag(derby, other)
    assert second.settings.framework == "derby-plan-outcomes"
    assert set(second.tags["theme"]) == set(other.theme_ids)
    assert len(second.tags) == len(second.priorities) * len(other.theme_ids)
    assert len(second.standing_tags) > 0
    assert tag(derby, "derby-plan-outcomes").hash == second.hash
