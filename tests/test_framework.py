"""Themes are data: a framework is read, checked, and copied with a keyword more."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import MADE_UP_KEYWORDS, make_framework

from mapping.errors import DataError, UnknownNameError
from mapping.files import list_shipped
from mapping.framework import Framework, load_framework, read_framework
from mapping.keywords import KeywordIndex
from mapping.tables import each_row
from mapping.text import split_words


def test_the_framework_of_the_city(city) -> None:
    framework: Framework = city.framework
    assert framework.theme_ids == ["voice", "homes", "work", "river"]
    assert (framework.id, framework.name) == ("millbrook-themes", "Millbrook themes")
    assert (framework.threshold, framework.margin) == (0.5, 0.1)
    assert len(framework.compiled) == len(framework.keywords) == 12
    assert framework.theme("river")["short"] == "River"
    with pytest.raises(UnknownNameError, match=r"Theme 'rivr' is not known. Did you mean 'river'?"):
        framework.theme("rivr")


def test_a_margin_that_is_not_given_is_a_tenth(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    make_framework(folder)
    (folder / "framework.yaml").write_text("id: a\nname: A\nthreshold: 1\n", encoding="utf-8")
    framework = read_framework(folder)
    assert (framework.threshold, framework.margin) == (1.0, 0.1)


def test_a_keyword_more_is_a_copy(made_up_themes: Framework) -> None:
    more = made_up_themes.with_keyword("zorb", "paddling", "supports", "a try")
    assert (len(more.keywords), len(more.compiled)) == (8, 8)
    assert (len(made_up_themes.keywords), len(made_up_themes.compiled)) == (7, 7)
    assert list(more.keywords.iloc[-1][["theme", "pattern", "role", "reason"]]) == [
        "zorb",
        "paddling",
        "supports",
        "a try",
    ]


def test_a_keyword_that_is_there_gets_its_new_role(made_up_themes: Framework) -> None:
    more = made_up_themes.with_keyword("zorb", "quoits", "cancels")
    assert len(more.compiled) == 7
    assert [k.role for k in more.compiled if (k.theme, k.pattern) == ("zorb", "quoits")] == ["cancels"]
    assert [k.role for k in more.compiled if (k.theme, k.pattern) == ("kite", "quoits")] == ["decides"]


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        (
            "zorb,zorbing,decides,\nkite,* x,decides,why\n",
            ["keywords.csv, line 2, column 'reason': is empty; expected why it is there."],
        ),
        (
            "zorb,zorbing,decides,why\nkites,x y,decides,why\nkite,z,cancels,why\n",
            [
                "keywords.csv, line 3, column 'theme': theme 'kites' is not known. "
                "Did you mean 'kite'? Known: zorb, kite.",
                "themes.csv, line 3: theme 'kite' has no keyword that decides or supports; add one to keywords.csv.",
            ],
        ),
    ],
)
def test_every_problem_is_told(tmp_path: Path, rows: str, problems: list[str]) -> None:
    with pytest.raises(DataError) as refusal:
        make_framework(tmp_path, MADE_UP_KEYWORDS.splitlines()[0] + "\n" + rows)
    assert [str(problem) for problem in refusal.value.problems] == problems


def test_one_pattern_may_support_two_themes_without_a_note(tmp_path: Path) -> None:
    rows = "zorb,zorbing,decides,a\nkite,kiteology,decides,a\nzorb,x,supports,a\nkite,x,decides,a\n"
    assert make_framework(tmp_path, "theme,pattern,role,reason\n" + rows).warnings == ()


@pytest.mark.parametrize("name", list_shipped("frameworks"))
def test_every_shipped_keyword_finds_itself(name: str) -> None:
    framework = load_framework(name)
    assert framework.id == name
    for keyword in framework.compiled:
        hits = KeywordIndex([keyword]).find(split_words(keyword.plain))
        assert any(hit.keyword is keyword for hit in hits), keyword.pattern
        assert 1 <= keyword.idf <= 10


@pytest.mark.parametrize("name", list_shipped("frameworks"))
def test_shipped_themes_have_names_that_fit(name: str) -> None:
    framework = load_framework(name)
    assert list(framework.themes["number"]) == [str(n) for n in range(1, len(framework.themes) + 1)]
    for theme in each_row(framework.themes):
        assert len(theme.short) <= 12
        assert len(theme.tiny) <= 8
        roles = set(framework.keywords.loc[framework.keywords["theme"] == theme.theme, "role"])
        assert "decides" in roles


def test_a_framework_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no such framework; expected a folder with framework.yaml"):
        read_framework(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError) as refusal:
        read_framework(tmp_path / "empty")
    assert [problem.file for problem in refusal.value.problems] == ["framework.yaml", "themes.csv", "keywords.csv"]
