"""The tags of the last release as a table: any change of data or method is a visible difference here.

When a change is meant, renew the table with ``python tests/test_backtest.py`` and read the difference in git.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import mapping as mp
from mapping.tables import each_row
from mapping.tags import Run

EXPECTED = Path(__file__).with_name("expected") / "derby-tags.txt"


def format_tags(run: Run) -> str:
    """Return one line per priority: its id and the themes that stand, with their confidence."""
    tags: dict[str, list[str]] = {priority: [] for priority in run.priorities["priority"]}
    for tag in each_row(run.standing_tags):
        tags[tag.priority].append(f"{tag.theme} ({tag.confidence})")
    texts = dict(zip(run.priorities["priority"], run.priorities["text"], strict=True))
    return "".join(f"{name}: {', '.join(found) or 'none'}  [{texts[name]}]\n" for name, found in tags.items())


def both_cities() -> str:
    return "".join(format_tags(mp.tag(city)) for city in (mp.load_derby(), mp.load_derby_2009()))


def test_the_tags_are_those_of_the_last_release() -> None:
    expected = EXPECTED.read_text(encoding="utf-8")
    found = both_cities()
    changes = list(
        difflib.unified_diff(expected.splitlines(), found.splitlines(), "last release", "now", lineterm="", n=0)
    )
    assert not changes, "\n".join(["tags have changed; if that is meant: python tests/test_backtest.py", *changes])


if __name__ == "__main__":
    EXPECTED.write_text(both_cities(), encoding="utf-8")
    print(f"wrote {EXPECTED}")
