"""What a reader finds, gathered in reading order, counted against the limits, and packed into one answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from mapping.sources.limits import (
    LARGEST_ANSWER,
    MOST_CELLS,
    MOST_CHARACTERS,
    MOST_PASSAGES,
    MOST_WARNINGS,
)
from mapping.sources.refusals import RefusedError

__all__ = ["Gathering", "span"]

_DEEPEST_HEADING = 9
_REMEDY = "Give the part with the priorities as a file of its own."


class Gathering:
    """The passages, warnings and facts of one document while it is read.

    Attributes
    ----------
    rows : list
        One list per passage: kind, text, level, number, index of its headings, page, table, row, column, cell.
    warnings : list
        One list per warning: message, and line or None.
    trails : list
        The distinct stacks of headings, each as the places of its headings in ``rows``.
    title, language : str
        As the document states them.
    pages : int
        Number of pages.
    """

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.warnings: list[tuple[str, int | None]] = []
        self.trails: list[tuple[int, ...]] = [()]
        self.title = ""
        self.language = ""
        self.pages = 0
        self._stack: list[tuple[int, int]] = []
        self._trail = 0
        self._letters = 0
        self._cells = 0
        self._unsaid = 0

    def add_heading(self, text: str, level: int, *, number: str = "", page: int | None = None) -> None:
        """Add a heading; what follows stands under it."""
        level = max(1, min(level, _DEEPEST_HEADING))
        while self._stack and self._stack[-1][0] >= level:
            self._stack.pop()
        self._set_trail()
        if self._add("heading", text, level, number, page):
            self._stack.append((level, len(self.rows) - 1))
            self._set_trail()

    def add_item(self, text: str, level: int = 1, *, number: str = "", page: int | None = None) -> None:
        """Add an item of a list."""
        self._add("item", text, max(1, level), number, page)

    def add_paragraph(self, text: str, *, number: str = "", page: int | None = None) -> None:
        """Add a paragraph."""
        self._add("paragraph", text, 0, number, page)

    def add_furniture(self, text: str, *, page: int | None = None) -> None:
        """Add what repeats on every page; it stands under no heading."""
        if self._add("furniture", text, 0, "", page):
            self.rows[-1][4] = 0

    def add_cell(
        self,
        text: str,
        place: tuple[int, int, int],
        *,
        number: str = "",
        cell: str = "",
        page: int | None = None,
    ) -> None:
        """Add a cell of a table: ``place`` says which table, row and column, counted from 1."""
        self._add("cell", text, 0, number, page, *place, cell)

    def count_cells(self, count: int) -> None:
        """Count cells, filled or not, against the limit."""
        self._cells += count
        if self._cells > MOST_CELLS:
            message = f"has tables of more than {MOST_CELLS:,} cells. {_REMEDY}"
            raise RefusedError("E-TOO-MUCH", message)

    def warn(self, message: str, line: int | None = None) -> None:
        """Note what was odd or left unread; the same words are noted once."""
        if (message, line) in self.warnings:
            return
        if len(self.warnings) < MOST_WARNINGS - 1:
            self.warnings.append((message, line))
        else:
            self._unsaid += 1

    def _set_trail(self) -> None:
        trail = tuple(place for _, place in self._stack)
        if self.trails[-1] != trail:
            self.trails.append(trail)
        self._trail = len(self.trails) - 1

    def _add(
        self, kind: str, text: str, level: int, number: str, page: int | None,
        table: int = 0, row: int = 0, column: int = 0, cell: str = "",
    ) -> bool:  # fmt: skip
        if not text:
            return False
        if "\ue000" <= number[:1] <= "\uf8ff":
            number = "•"  # a bullet of a picture font, which shows as an empty box elsewhere
        self._letters += len(text) + len(number)
        if self._letters > MOST_CHARACTERS:
            raise RefusedError("E-TOO-MUCH", f"holds more than {MOST_CHARACTERS:,} characters. {_REMEDY}")
        if len(self.rows) >= MOST_PASSAGES:
            raise RefusedError("E-TOO-MUCH", f"holds more than {MOST_PASSAGES:,} passages. {_REMEDY}")
        self.rows.append([kind, text, level, number, self._trail, page, table, row, column, cell])
        return True

    def pack(self) -> bytes:
        """Return the answer as JSON."""
        if self._unsaid:
            self.warnings.append((f"has {self._unsaid:,} further warnings that are not listed.", None))
        answer = {
            "rows": self.rows, "warnings": self.warnings, "trails": self.trails, "title": self.title[:1_000],
            "language": self.language[:40], "pages": self.pages,
        }  # fmt: skip
        data = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        if len(data) > LARGEST_ANSWER:
            message = f"holds more text than the {LARGEST_ANSWER // 1_000_000} MB that are handed on. {_REMEDY}"
            raise RefusedError("E-TOO-MUCH", message)
        return data


def span(numbers: Iterable[int]) -> str:
    """Return page numbers in words, runs drawn together.

    Examples
    --------
    >>> span([4]), span([1, 2, 3, 7])
    ('page 4', 'pages 1-3, 7')
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    parts = [str(low) if low == high else f"{low}-{high}" for low, high in runs]
    if len(parts) > 30:
        parts = [*parts[:30], f"and {sum(high - low + 1 for low, high in runs[30:])} more"]
    single = len(runs) == 1 and runs[0][0] == runs[0][1]
    return f"{'page' if single else 'pages'} {', '.join(parts)}"
