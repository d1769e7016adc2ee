"""What the parts of a paper share while it is drafted: the tables, the names of boards and the running numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mapping.cells import find_own
from mapping.paper.blocks import Text, make_key
from mapping.paper.sources import Condition, Fact, Source, Tables, join_facts
from mapping.tables import each_row

__all__ = ["COUNTED", "DAGGER", "MOST_NAMES", "STANDING", "TOTAL", "Draft"]

DAGGER = "\u2020"
COUNTED: tuple[Condition, ...] = (("counted", "=", True),)
#: All priorities that are counted, and all tags that stand on them.
TOTAL = Source("priorities", "", COUNTED, "rows")
STANDING = Source("cells", "tagged", (), "sum")

#: Longer lists of boards end with "and others".
MOST_NAMES = 5
#: What people may have said of a tag that does not stand.
DECIDED = ("rejected", "unsure", "disputed")


class Draft:
    """A paper being drafted.

    Parameters
    ----------
    tables : Tables
    letters : dict
        The letter of each appendix by its name.
    """

    def __init__(self, tables: Tables, letters: dict[str, str]) -> None:
        self.tables = tables
        self.run = tables.run
        self.letters = letters
        self._counts = {"Table": 0, "Figure": 0}
        self._tags: dict[str, list[Any]] | None = None
        self._unscored: set[str] | None = None
        priorities = self.run.priorities["priority"]
        self._own = {priority for priority, own in zip(priorities, find_own(self.run), strict=True) if own}

    def say(self, text: str, /, **parts: Source | Fact | str) -> Fact:
        """Return a fact; see ``Tables.say``."""
        return self.tables.say(text, **parts)

    def number(self, source: Source) -> int:
        """Return a source as a whole number, to choose words by."""
        return self.tables.number(source)

    def count(self, source: Source, one: str, many: str) -> Fact:
        """Return a number with the words that fit it."""
        return self.say("{n} " + (one if self.number(source) == 1 else many), n=source)

    def drafted(self, key: str, fact: Fact, role: str = "paragraph") -> Text:
        """Return a paragraph written from the tables."""
        return Text(key, role, fact, drafted=True)

    def next(self, kind: str) -> str:
        """Return the name of the next table or figure, as Table 1."""
        self._counts[kind] += 1
        return f"{kind} {self._counts[kind]}"

    def caption(self, key: str, name: str, fact: Fact) -> Text:
        """Return the caption of a table or a figure."""
        return Text(make_key(key, "caption"), "caption", self.say("{name}: {fact}", name=name, fact=fact), drafted=True)

    def refer(self, appendix: str) -> str:
        """Return how an appendix is named, or nothing where the paper has none of that kind."""
        return f"Appendix {self.letters[appendix]}" if appendix in self.letters else ""

    def name_boards(self, codes: Sequence[str], through: Iterable[str] = ()) -> Fact:
        """Return the short names of boards as a sentence lists them, with a dagger on those ``through`` stand-ins.

        A board is there through stand-ins only for the theme or themes that are spoken of.
        """
        marked = set(through)
        shown = list(codes)[:MOST_NAMES]
        facts = [
            self.say("{name}" + (DAGGER if code in marked else ""), name=self.board(code)) for code in shown
        ]  # fmt: skip
        return join_facts([*facts, *[Fact("others")] * (len(shown) < len(codes))], ", ", " and ")

    def board(self, code: str, column: str = "short") -> Source:
        """Return where the name of a board stands."""
        return Source("boards", column, (("board", "=", code),))

    def tags_of(self, priority: str) -> list[Any]:
        """Return the tags of a priority that stand, or on which a person has decided."""
        if self._tags is None:
            tags = self.run.tags
            shown = tags[tags["on"] | tags["status"].isin(DECIDED)]
            self._tags = {}
            for row in each_row(shown[["priority", "theme", "status"]]):
                self._tags.setdefault(row.priority, []).append(row)
        return self._tags.get(priority, [])

    def is_own(self, priority: str) -> bool:
        """Return whether a priority comes from a strategy of its own board, and not from a stand-in document."""
        return priority in self._own

    def is_unscored(self, priority: str) -> bool:
        """Return whether a priority could not be scored."""
        if self._unscored is None:
            tags = self.run.tags
            self._unscored = set(tags.loc[tags["confidence"] == "not scored", "priority"])
        return priority in self._unscored

    def theme(self, theme: str, column: str = "short") -> Source:
        """Return where the name of a theme stands."""
        return Source("themes", column, (("theme", "=", theme),))
