"""Lines into passages where a PDF has no tags: what repeats, what is a heading, where a passage ends."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from mapping.sources.marks import ends_sentence, join_lines, number_depth, split_mark, squeeze
from mapping.sources.pdf_lines import Line
from mapping.sources.pdf_tables import Table

__all__ = ["Builder", "Styles", "Taker", "find_furniture", "find_pitch", "is_contents_line"]

# Headers and footers stand within this share of the page's height from its edges.
_MARGIN = 0.14
_PAGE_NUMBER = re.compile(r"\W*(?:page\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?\W*", re.IGNORECASE)
_CONTENTS = re.compile(r".*(?:\.{4,}|(?:\. ){4,}|…{2,}|_{4,})[ .…]*\d{1,4}$")
_LIST_OF_CONTENTS = re.compile(r"(?:table of )?contents(?: page)?\W*$", re.IGNORECASE)
# Before a heading a number needs no full stop.
_CHAPTER = re.compile(r"(\d{1,2})\s+(?=[A-Z])")
_LARGER, _SAME_SIZE = 1.12, 0.08
_LONGEST_BOLD, _LONGEST_HEADING, _MOST_LINES = 100, 220, 4

Style = tuple[float, bool]


class Taker(Protocol):
    """What takes passages: all that are gathered, or those of one cell."""

    def add_heading(self, text: str, level: int, *, number: str = "", page: int | None = None) -> None:
        """Add a heading."""

    def add_item(self, text: str, level: int = 1, *, number: str = "", page: int | None = None) -> None:
        """Add an item of a list."""

    def add_paragraph(self, text: str, *, number: str = "", page: int | None = None) -> None:
        """Add a paragraph."""

    def add_furniture(self, text: str, *, page: int | None = None) -> None:
        """Add what repeats."""


def is_contents_line(text: str) -> bool:
    """Say whether a line belongs to a list of contents: words, dots, a page number."""
    return bool(_CONTENTS.match(text))


def find_furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> set[int]:
    """Return the ids of the lines that are running headers, footers and page numbers.

    A line near an edge, or the outermost of its page, that comes again at the same height, digits aside, is one: on
    two pages of a short document, on three of a longer one (chapters have headers of their own).
    """
    seen: Counter[tuple[str, int]] = Counter()
    edges: list[tuple[tuple[str, int], Line]] = []
    for lines, height in zip(pages, heights, strict=True):
        found = set()
        first, last = min((line.y for line in lines), default=0.0), max((line.y for line in lines), default=0.0)
        for line in lines:
            outermost = abs(line.y - first) < 2 or abs(line.y - last) < 2
            low, high = line.y < _MARGIN * height, line.y > (1 - _MARGIN) * height
            if isinstance(line, Table):  # one that reaches out of the margin is no header, however alike the next is
                outermost, low = False, line.bottom < _MARGIN * height
            if outermost or low or high:
                key = (re.sub(r"\d+", "#", line.text.casefold()), round(line.y / 5))
                edges.append((key, line))
                found.add(key)
        seen.update(found)
    least = 2 if len(pages) < 6 else 3
    furniture = set()
    for (text, place), line in edges:
        times = seen[text, place] + max(seen[text, place - 1], seen[text, place + 1])
        if times >= least or _PAGE_NUMBER.fullmatch(line.text):
            furniture.add(id(line))
    return furniture


def find_pitch(lines: Sequence[Line], otherwise: float, share: float = 0.5) -> float:
    """Return how far apart lines of one passage stand, in ems: more than so large a share of them."""
    gaps = [
        (after.y - before.y) / after.size
        for before, after in itertools.pairwise(lines)
        if before.page == after.page and before.column == after.column
    ]
    gaps = sorted(gap for gap in gaps if 0.7 < gap < 2.2)
    return min(max(gaps[int(share * len(gaps))] if gaps else otherwise, 1.0), 2.0)


class Styles:
    """Which sizes and weights are headings, and how far apart lines of one passage stand."""

    def __init__(self, lines: Sequence[Line]) -> None:
        letters: Counter[Style] = Counter()
        for line in _list_all(lines):
            letters[_style(line)] += len(line.text)
        (self.body, self.bold), _ = max(
            letters.items(), key=lambda item: (item[1], item[0]), default=((10.0, False), 0)
        )
        lines = [line for line in lines if not line.whole]
        found = {_style(line) for line in lines if self.is_heading(line)}
        sizes: list[Style] = []
        for style in sorted(found, reverse=True):
            if not sizes or sizes[-1][0] - style[0] > 0.6 or sizes[-1][1] != style[1]:
                sizes.append(style)
        self._levels = sizes
        self.pitch = find_pitch(lines, 1.2)

    def is_heading(self, line: Line) -> bool:
        """Say whether a line looks like one: larger than the text, or bold or in capitals, and no sentence."""
        text = line.text
        if not any(map(str.isalpha, text)) or text[-1] in ";,":
            return False
        if line.size >= _LARGER * self.body:
            return len(text) <= _LONGEST_HEADING and not (text[-1] == "." and len(text.split()) > 8)
        if line.size < 0.9 * self.body or len(text) > _LONGEST_BOLD or text[-1] == "." or not line.alone:
            return False
        capitals = text.isupper() and len(text) > 4 and len(text) <= 60
        return (line.bold and not self.bold) or (capitals and line.x1 - line.x0 < 0.8 * (line.high - line.low))

    def level(self, line: Line) -> int:
        """Return the level of a heading, 1 for the largest."""
        size, bold = _style(line)
        for level, (other, weight) in enumerate(self._levels, start=1):
            if size > other - 0.6 and (bold >= weight or size > other + 0.6):
                return level
        return max(1, len(self._levels))


def _list_all(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines, and those of the cells of tables."""
    for line in lines:
        if isinstance(line, Table):
            yield from (inner for cell in line.cells for inner in cell.lines)
        else:
            yield line


def _style(line: Line) -> Style:
    return round(line.size * 2) / 2, line.bold


@dataclass
class _Open:
    """The passage that is being built."""

    kind: str
    text: str
    number: str
    level: int
    page: int
    x0: float
    mark_x: float
    lines: int
    last: Line


class Builder:
    """Takes lines in reading order and hands on passages."""

    def __init__(self, styles: Styles, gathering: Taker) -> None:
        self.styles, self.gathering = styles, gathering
        self.open: _Open | None = None
        self.aside: list[Line] = []
        self.indents: list[float] = []
        self.pending: Line | None = None

    def put_aside(self, line: Line) -> None:
        """Keep what repeats until the passage around it has ended: a paragraph may go on overleaf."""
        self.aside.append(line)

    def is_in_contents(self, line: Line) -> bool:
        """Say whether a line stands in a list of contents without dots: under such a heading, on the same page."""
        above = self.open
        if (
            above is None
            or above.kind != "heading"
            or above.page != line.page
            or not _LIST_OF_CONTENTS.match(above.text)
        ):
            return False
        if isinstance(line, Table):
            return 2 * sum(cell.text.isdigit() for cell in line.cells) >= len({cell.row for cell in line.cells})
        short = len(line.text) < _LONGEST_BOLD and line.size < 1.5 * self.styles.body
        return short and (not line.alone or line.text[-1].isdigit())

    def add(self, line: Line) -> None:
        """Add a line: it goes on with the open passage, or begins another."""
        if self.pending is not None:
            waiting, self.pending = self.pending, None
            near = line.page == waiting.page and 0 <= line.y - waiting.y < 3 * line.size
            text = f"{waiting.text}\t{line.text}"
            line = (
                Line(text, *_place(line), line.column, line.low, line.high) if near else self._add_alone(waiting, line)
            )
        heading = self.styles.is_heading(line)
        mark, rest = split_mark(line.text, lost=self.open is not None and self.open.kind == "item")
        goes_on = self.open is not None and self._goes_on(self.open, line, mark, rest, heading)
        in_heading = goes_on and self.open is not None and self.open.kind == "heading"
        if not rest and mark == "" and not in_heading and _is_number_alone(line.text):
            self.close()
            self.pending = line
            return
        if self.open is not None and goes_on:
            self.open.text = join_lines(self.open.text, line.text)
            self.open.lines += 1
            self.open.last = line
            return
        self.close()
        self._begin(line, mark, rest, heading)

    def _add_alone(self, waiting: Line, line: Line) -> Line:
        self._begin(waiting, "", waiting.text, False)
        return line

    def _begin(self, line: Line, mark: str, rest: str, heading: bool) -> None:
        if heading and not mark and (found := _CHAPTER.match(line.text)):
            mark, rest = found[1], line.text[found.end() :]
        numbered = number_depth(mark) > 0
        if heading and (not mark or numbered):
            kind, level = "heading", self.styles.level(line)
        elif mark and rest:
            kind, level = "item", self._indent(line.x0)
        else:
            kind, level = "paragraph", 0
        if kind != "item":
            self.indents = []
        text = rest if mark else line.text
        # Where the words after a mark begin: they take about as much of the line as their share of its letters.
        share = len(text) / max(1, len(line.text))
        x0 = line.x1 - share * (line.x1 - line.x0) if mark else line.x0
        self.open = _Open(kind, text, mark, level, line.page, x0, line.x0, 1, line)

    def _indent(self, x0: float) -> int:
        while self.indents and self.indents[-1] > x0 + 4:
            self.indents.pop()
        if not self.indents or self.indents[-1] < x0 - 4:
            self.indents.append(x0)
        return len(self.indents)

    def _goes_on(self, open_: _Open, line: Line, mark: str, rest: str, heading: bool) -> bool:
        last = open_.last
        if abs(line.size - last.size) > max(_SAME_SIZE * last.size, 0.6):
            return False
        if mark and rest and not self._is_dash_within(open_, line, mark, rest):
            return False
        if open_.kind == "heading":
            return self._heading_goes_on(open_, line, heading)
        if heading and not (last.bold and line.bold):
            return False
        if line.page != last.page or line.column != last.column:
            return self._goes_over(open_, line)
        gap = line.y - last.y
        if gap < 0.4 * line.size or gap > 1.32 * self.styles.pitch * line.size:
            return False
        lower = line.text[:1].islower()
        if not (last.alone and line.alone) and abs(line.x0 - last.x0) > 3:
            return False  # pieces of rows, as in a table
        if _broke_early(last, line) and (not lower or ends_sentence(last.text)):
            return False
        if open_.kind == "item":
            # Back at the left of the words, and nothing unfinished: what follows the list.
            back = line.x0 < open_.x0 - 0.6 * line.size and open_.x0 - open_.mark_x > 0.6 * line.size
            return not (back and (line.x0 < open_.mark_x - 2 or ends_sentence(open_.text)))
        indented = line.x0 > last.x0 + 0.8 * line.size and open_.lines > 1
        return not (indented and ends_sentence(last.text))

    def _is_dash_within(self, open_: _Open, line: Line, mark: str, rest: str) -> bool:
        """Say whether a dash at the start of a line belongs to the sentence that is going on."""
        unfinished = not ends_sentence(open_.text) and abs(line.x0 - open_.x0) < 2
        return mark in "-–—" and unfinished and rest[:1].islower() and open_.number != mark

    def _heading_goes_on(self, open_: _Open, line: Line, heading: bool) -> bool:
        last = open_.last
        near = line.page == last.page and line.column == last.column
        gap = line.y - last.y
        long = open_.lines >= _MOST_LINES or len(open_.text) > _LONGEST_HEADING
        # A year alone has no letter, and is no heading unless one goes on in it: "Plan 2023 to", "2026".
        large = abs(line.size - last.size) < 0.3 and line.size >= _LARGER * self.styles.body
        alike = (heading or large) and line.bold == last.bold
        return alike and near and not long and 0.4 * line.size < gap < 1.6 * line.size

    def _goes_over(self, open_: _Open, line: Line) -> bool:
        """Say whether a passage goes on in the next column or overleaf."""
        last = open_.last
        if line.page - last.page > 1 or ends_sentence(open_.text):
            return False
        if line.page == last.page and line.column < last.column:
            return False
        return line.text[:1].islower() or (
            open_.kind == "paragraph" and not _broke_early(last, line) and open_.lines > 1
        )

    def close(self) -> None:
        """End the open passage and hand it on, and then what was put aside."""
        found, self.open = self.open, None
        if found is not None:
            text = squeeze(found.text)
            if found.kind == "heading" and len(text) <= 2 * _LONGEST_HEADING:
                self.gathering.add_heading(text, found.level, number=found.number, page=found.page)
            elif found.kind == "item":
                self.gathering.add_item(text, found.level, number=found.number, page=found.page)
            else:
                self.gathering.add_paragraph(text, number=found.number, page=found.page)
        for line in self.aside:
            self.gathering.add_furniture(squeeze(line.text), page=line.page)
        self.aside = []
        if self.pending is not None and found is None:
            waiting, self.pending = self.pending, None
            self.gathering.add_paragraph(waiting.text, page=waiting.page)


def _place(line: Line) -> tuple[int, float, float, float, float, bool]:
    return line.page, line.x0, line.x1, line.y, line.size, line.bold


def _is_number_alone(text: str) -> bool:
    mark, rest = split_mark(f"{text} A")
    return mark == text and rest == "A"


def _broke_early(last: Line, line: Line) -> bool:
    """Say whether the first word of a line would have had room on the line before: then the writer ended that line."""
    word = line.text.split(" ", 1)[0]
    width = (line.x1 - line.x0) * len(word) / max(1, len(line.text))
    return last.x1 + width + 0.6 * line.size < last.high - 0.03 * (last.high - last.low)
