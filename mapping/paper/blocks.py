"""What a paper is made of, before it becomes Word: headings, paragraphs, gaps, tables and pictures, each with a key."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mapping.csv_format import format_table
from mapping.figures import Chart
from mapping.files import replace_controls
from mapping.paper.sources import Fact

__all__ = ["BETWEEN", "GAP", "LABEL", "Block", "Picture", "Text", "Wide", "hash_text", "make_key", "write_gap"]

#: Stands at the start of every paragraph that was written from the tables, and at the end of every caption.
LABEL = "[drafted from the mapping run, not yet agreed]"
#: How a gap that an officer has to fill begins.
GAP = "[Officer to write:"
#: Stands between the cells of a table that are read as one text.
BETWEEN = " | "
_LONGEST_KEY, _HASH = 24, 10


def write_gap(hint: str) -> str:
    """Return a gap with its hint.

    Examples
    --------
    >>> write_gap("legal implications, or none")
    '[Officer to write: legal implications, or none]'
    """
    return f"{GAP} {hint}]"


def hash_text(text: str) -> str:
    """Return a short hash of a text; spaces and the way letters are composed make no difference."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]


def make_key(*names: str) -> str:
    """Return a key that may stand in the name of a bookmark: letters, digits and underscores, at most 24.

    Examples
    --------
    >>> make_key("theme", "skills"), len(make_key("gap", "a very long hint, and then some"))
    ('theme_skills', 24)
    """
    whole = "_".join(names)
    key = re.sub(r"[^a-z0-9]+", "_", whole.casefold()).strip("_")
    if key == whole and len(key) <= _LONGEST_KEY:
        return key
    return f"{key[: _LONGEST_KEY - 7].rstrip('_')}_{hash_text(whole)[:6]}"[:_LONGEST_KEY].ljust(_LONGEST_KEY, "0")


@dataclass(frozen=True)
class Block:
    """A part of the paper that stands or falls as one on a re-run.

    Attributes
    ----------
    key : str
        Says which part this is, the same on every run.
    """

    key: str

    @property
    def words(self) -> str:
        """All it says, as one text: what tells an edited part from an untouched one."""
        raise NotImplementedError

    @property
    def facts(self) -> str:
        """What it rests on: its words, for a picture what it draws, for a table its rows and columns."""
        return self.words

    @property
    def hash(self) -> str:
        """A short hash of what it says."""
        return hash_text(self.words)


@dataclass(frozen=True)
class Text(Block):
    """A heading, a paragraph or a caption.

    Attributes
    ----------
    role : str
        title, details, draft-line, heading, heading-2, appendix, paragraph, sub, appendix-paragraph, plain, caption.
    fact : Fact
        What it says.
    drafted : bool
        Whether it was written from the tables, and so carries the label.
    """

    role: str
    fact: Fact
    drafted: bool = False

    @property
    def words(self) -> str:
        """What it says, without the label."""
        return self.fact.text


@dataclass(frozen=True)
class Wide(Block):
    """A table.

    Attributes
    ----------
    head : tuple of str
    rows : list of list of Fact
    widths : tuple of float
        Shares of the width of the page.
    title, description : str
        Its alternative text.
    headed : bool
        Whether the first column names its row.
    """

    head: tuple[str, ...]
    rows: Sequence[Sequence[Fact]]
    widths: tuple[float, ...]
    title: str
    description: str
    headed: bool = True

    @property
    def grid(self) -> list[list[str]]:
        """The texts of its rows, the head first."""
        return [list(self.head), *([cell.text for cell in row] for row in self.rows)]

    @property
    def words(self) -> str:
        """All cells."""
        return join_cells(cell for row in self.grid for cell in row)

    @property
    def facts(self) -> str:
        """Its cells, so that rows and columns can be told again."""
        return json.dumps(self.grid, ensure_ascii=False)


@dataclass(frozen=True)
class Picture(Block):
    """A figure at its own size: its chart, and how high a page lets it be in centimetres."""

    chart: Chart
    highest: float = 23.4

    @property
    def words(self) -> str:
        """Its alternative text."""
        return replace_controls(self.chart.alt)

    @property
    def facts(self) -> str:
        """Its alternative text and a hash of its table: the text alone does not say all that is drawn."""
        return f"{self.words} (table {hash_text(format_table(self.chart.data))})"


def join_cells(cells: Iterable[str]) -> str:
    """Return the cells of a table as one text."""
    return BETWEEN.join(cells)
