"""The keywords as a whole: which are shared, never hit or work alone; which themes are alike; which words to add."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import CITY, MADE_UP_KEYWORDS, edit, make_framework, write_city

from mapping.cli import main
from mapping.errors import MappingError, UnknownNameError
from mapping.framework import Framework, read_framework
from mapping.lexicon import check_keywords, find_confusable_themes, suggest_keywords
from mapping.partnership import Partnership
from mapping.tables import each_row
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]
KEYWORDS = "framework/keywords.csv"

# --- check -------------------------------------------------------------------------------------------------


def look(run: Run) -> dict[tuple[str, str], tuple[int, int, str]]:
    return {(row.theme, row.pattern): (row.hits, row.alone, row.remark) for row in each_row(check_keywords(run))}


def test_hits_of_the_city_by_hand(run: Run) -> None:
    """The texts that hold each keyword stand in tests/conftest.py; the heading PRK-01 is one of them."""
    assert look(run) == {
        ("voice", "involve * tenants"): (1, 1, ""),  # HOM-02; one tag is too few to call it working alone
        ("voice", "ask residents"): (1, 1, ""),  # PRK-03
        ("voice", "involvement"): (0, 0, "never hit"),  # in HOM-02 the longer pattern stands over it
        ("homes", "insulat*"): (2, 0, ""),  # HOM-01, WRK-02, both with cold homes
        ("homes", "cold homes"): (2, 0, ""),
        ("homes", "heating"): (0, 0, "never hit"),
        ("work", "apprentic*"): (4, 2, ""),  # PRK-01 WRK-01 alone; PRK-02 WRK-02 with training
        ("work", "skills"): (0, 0, "never hit"),
        ("work", "training"): (2, 0, ""),
        ("river", "river * clean"): (0, 0, "never hit"),  # the neighbour's priority is not mapped
        ("river", "floods"): (0, 0, "never hit"),
        ("river", "flood of letters"): (0, 0, ""),  # a cancelling one has no hits to speak of
    }


def test_a_keyword_that_carries_every_tag_by_itself_is_named(make_city: MakeCity) -> None:
    run = tag(make_city(edit(KEYWORDS, ("work,training,supports,may be of a dog\n", ""))))
    assert look(run)["work", "apprentic*"] == (4, 4, "works alone")


def test_a_pattern_of_two_themes_is_named_on_both(make_city: MakeCity) -> None:
    run = tag(make_city(edit(KEYWORDS, ("work,skills,", "river,heating,supports,warm water\nwork,skills,"))))
    table = check_keywords(run)
    shared = table[table["remark"].str.contains("shared")]
    assert list(zip(shared["theme"], shared["shared_with"], shared["remark"], strict=True)) == [
        ("homes", ["river"], "shared, never hit"),
        ("river", ["homes"], "shared, never hit"),
    ]


def test_every_keyword_has_one_row_in_the_frameworks_order(derby_run: Run) -> None:
    table = check_keywords(derby_run)
    keywords = derby_run.framework.keywords
    assert list(zip(table["theme"], table["pattern"], strict=True)) == list(
        zip(keywords["theme"], keywords["pattern"], strict=True)
    )
    assert (table["alone"] <= table["hits"]).all()
    assert (table.loc[table["role"] == "cancels", "hits"] == 0).all()


# --- themes that may be confused ---------------------------------------------------------------------------


def test_only_shared_words_carry_the_likeness(made_up_themes: Framework) -> None:
    table = find_confusable_themes(made_up_themes)
    (row,) = each_row(table)
    assert (row.theme_a, row.theme_b, row.words) == ("zorb", "kite", ["quoit"])
    assert 0 < row.cosine < 1


def test_themes_without_a_word_in_common_are_not_alike(tmp_path: Path) -> None:
    keywords = "".join(line for line in MADE_UP_KEYWORDS.splitlines(True) if not line.startswith("zorb,quoits"))
    (row,) = each_row(find_confusable_themes(make_framework(tmp_path, keywords)))
    assert (row.cosine, row.words) == (0, [])


def test_every_pair_once_the_most_alike_first(closing_the_gap: Framework) -> None:
    table = find_confusable_themes(closing_the_gap)
    themes = closing_the_gap.theme_ids
    pairs = {frozenset(pair) for pair in zip(table["theme_a"], table["theme_b"], strict=True)}
    assert len(table) == len(pairs) == len(themes) * (len(themes) - 1) // 2
    assert table["cosine"].is_monotonic_decreasing
    assert table["cosine"].between(0, 1).all()
    assert all(1 <= len(words) <= 10 for words in table["words"])


def test_likeness_is_symmetric(city: Partnership, tmp_path: Path) -> None:
    """With the themes in the reverse order every pair is the other way round and as alike."""
    header, *rows = CITY["framework/themes.csv"].splitlines()
    changes = {"framework/themes.csv": "\n".join([header, *rows[::-1]]) + "\n"}
    turned = read_framework(write_city(tmp_path, changes) / "framework")

    def pairs(framework: Framework) -> dict[frozenset[str], float]:
        return {
            frozenset((row.theme_a, row.theme_b)): row.cosine for row in each_row(find_confusable_themes(framework))
        }

    assert pairs(turned) == pytest.approx(pairs(city.framework))


# --- suggestions -------------------------------------------------------------------------------------------

MOWING = "".join(f"PRK-{n},PRK-S,Mow lawn {n} weekly,verbatim,priority,,Parks Plan,\n" for n in range(10, 22))
PLANTED = edit(
    "priorities.csv",
    ("Insulate cold homes,v", "Insulate cold homes and mend their boilers,v"),
    ("Review the office rota", "Draw up a rota for the boiler"),
    ("Train apprentices to insulate cold homes", "Train apprentices to fit a boiler or two boilers"),
    (
        "Resurface the car park,verbatim,priority,,Parks Plan,\n",
        "Warm the boiler house,verbatim,priority,,,\n" + MOWING,
    ),
)
CONFIRMED = {
    "HOM-01": "Insulate cold homes and mend their boilers",
    "HOM-03": "Draw up a rota for the boiler",
    "WRK-02": "Train apprentices to fit a boiler or two boilers",
}


def confirm(texts: dict[str, str]) -> dict[str, str | bytes | None]:
    rows = "".join(f"millbrook-themes,{name},homes,confirm,{text},AB,2019,\n" for name, text in texts.items())
    return {**PLANTED, "decisions.csv": CITY["decisions.csv"] + rows}


def plant(make_city: MakeCity) -> Run:
    """Three priorities confirmed for homes speak of boilers, and one of the 18 others does."""
    return tag(make_city(confirm(CONFIRMED)))


def test_a_planted_word_is_found_with_its_keyness_by_hand(make_city: MakeCity) -> None:
    run = plant(make_city)
    assert len(run.priorities) == 21
    table = suggest_keywords(run, "homes")
    boiler = table.iloc[0]
    # in 3 of 3 confirmed texts and 1 of 18 others: expected are 3 x 4 / 21 and 18 x 4 / 21. WRK-02 counts once,
    # though it holds the word in two forms
    assert (boiler["pattern"], boiler["texts_in"], boiler["texts_out"]) == ("boilers", 3, 1)
    assert boiler["keyness"] == round(2 * (3 * log(3 / (12 / 21)) + 1 * log(1 / (72 / 21))), 3) == 7.485
    # PRK-04 would be tagged anew; the confirmed ones stand already
    assert boiler["would_add"] == ["PRK-04"]
    # rota and mend stand in one confirmed text each: too few
    assert not {"rota", "mend"} & set(table["pattern"])


def test_what_a_keyword_of_the_theme_covers_is_not_proposed_again(make_city: MakeCity) -> None:
    table = suggest_keywords(plant(make_city), "homes")
    assert not {"insulate", "cold", "homes", "cold homes"} & set(table["pattern"])
    assert table["keyness"].is_monotonic_decreasing
    assert (table["texts_in"] >= 2).all()
    assert len(suggest_keywords(plant(make_city), "homes", most=1)) == 1


def test_nothing_is_proposed_from_a_single_text(make_city: MakeCity) -> None:
    table = suggest_keywords(tag(make_city(confirm({"HOM-01": CONFIRMED["HOM-01"]}))), "homes")
    assert list(table.columns) == ["pattern", "keyness", "texts_in", "texts_out", "would_add"]
    assert len(table) == 0


def test_without_confirmed_tags_it_is_refused_with_a_way_on(run: Run) -> None:
    with pytest.raises(MappingError, match=r"No tag of theme 'homes' is confirmed yet\. Confirm some in decisions"):
        suggest_keywords(run, "homes")
    with pytest.raises(MappingError, match=r"No tag of theme 'river' is likely yet"):
        suggest_keywords(run, "river", from_suggested=True)
    with pytest.raises(UnknownNameError, match=r"Did you mean 'homes'\?"):
        suggest_keywords(run, "home")


def test_a_rejected_tag_is_not_learnt_from(make_city: MakeCity) -> None:
    row = "millbrook-themes,HOM-01,homes,reject,Insulate cold homes,AB,2019,\n"
    with pytest.raises(MappingError, match="is confirmed yet"):
        suggest_keywords(tag(make_city({"decisions.csv": CITY["decisions.csv"] + row})), "homes")


def test_suggestions_may_start_from_the_machines_own(derby_run: Run) -> None:
    table = suggest_keywords(derby_run, "skills", from_suggested=True)
    assert len(table) <= 15
    assert (table["keyness"] >= 3.84).all()


def test_the_commands_check_and_suggest(tmp_path: Path) -> None:
    home = str(write_city(tmp_path, confirm(CONFIRMED)))
    out = CliRunner().invoke(main, ["keywords", "check", "--data", home])
    assert out.exit_code == 0, out.output
    assert "homes,heating,supports,0,0,,never hit" in out.stdout
    assert "never hit" in out.stderr
    assert "the themes most likely to be confused: " in out.stderr
    out = CliRunner().invoke(main, ["keywords", "suggest", "homes", "--data", home])
    assert out.stdout.splitlines()[1].startswith("boilers,7.485,3,1,PRK-04")
    assert "a person decides whether any means the theme" in out.stderr
    out = CliRunner().invoke(main, ["keywords", "suggest", "work", "--data", home])
    assert (out.exit_code, out.stdout) == (1, "")
    assert "--from-suggested" in out.stderr
