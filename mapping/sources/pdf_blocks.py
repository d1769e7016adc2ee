"""The blocks of a PDF's tag tree into passages: their words joined, and what stands outside any paragraph."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mapping.sources.gathering import Gathering
from mapping.sources.marks import join_lines, number_depth, split_mark, squeeze
from mapping.sources.pdf_lines import Line
from mapping.sources.pdf_tags import Block, Place

__all__ = ["gather_blocks"]

# Runs of words outside any paragraph are one until they stand so far apart, in ems.
_PARTED = 1.8
_LONGEST_HEADING = 90


def gather_blocks(
    blocks: Sequence[Block],
    lines: Mapping[Place, Sequence[Line]],
    gathering: Gathering,
    leave_page: Callable[[int], None],
) -> None:
    """Gather the passages of the blocks.

    Parameters
    ----------
    blocks : sequence of Block
        In the tree's order.
    lines : mapping
        From page and number of a marked content to its lines.
    gathering : Gathering
        Where they go.
    leave_page : callable
        Told each page once nothing more of it is to come, to add what the tree leaves out.
    """
    page = level = 0
    bold = _are_bold_apart(lines.values())
    for block in _regroup(blocks, lines):
        begin = min((place[0] for place in (*block.label, *block.body) if place in lines), default=0)
        while begin and page < begin:
            if page:
                leave_page(page)
            page += 1
        label = squeeze(_join(_list_lines(block.label, lines)))
        text = squeeze(_join(_list_lines(block.body, lines)))
        if not text and not label:
            continue
        if block.kind == "heading":
            level = block.level
        elif bold and _is_bold(_list_lines(block.body, lines)):
            block = _take_as_heading(block, label, text, level + 1)
        _gather_block(block, label, text, begin or None, gathering)
    leave_page(page)
    leave_page(0)


def _regroup(blocks: Sequence[Block], lines: Mapping[Place, Sequence[Line]]) -> Iterator[Block]:
    """Yield the blocks; runs of words outside any paragraph are parted and joined by where they stand on the page."""
    waiting: Block | None = None
    last: Line | None = None
    for block in blocks:
        if not block.loose or block.label:
            if waiting is not None:
                yield waiting
            waiting = last = None
            yield block
            continue
        fresh = True
        for place in block.body:
            found = lines.get(place)
            if not found:
                continue
            near = last is not None and _is_near(last, found[0], fresh)
            if waiting is not None and near and waiting.cell == block.cell:
                waiting.body.append(place)
            else:
                if waiting is not None:
                    yield waiting
                waiting = replace(block, body=[place])
            last, fresh = found[-1], False
    if waiting is not None:
        yield waiting


def _is_near(last: Line, line: Line, fresh: bool) -> bool:
    """Say whether a run goes on with the one before; one of another element (``fresh``) only on the same line."""
    em = max(last.size, line.size)
    if last.page != line.page:
        return not fresh
    if abs(line.y - last.y) < 0.5 * em:
        return not fresh or -0.5 * em < line.x0 - last.x1 < em
    return not fresh and abs(line.y - last.y) < _PARTED * em


def _are_bold_apart(lines: Iterable[Sequence[Line]]) -> bool:
    """Say whether what is bold stands out, as most of the words are not."""
    counts = {True: 0, False: 0}
    for line in itertools.chain.from_iterable(lines):
        counts[line.bold] += len(line.text)
    return counts[True] < counts[False]


def _is_bold(lines: Iterable[Line]) -> bool:
    """Say whether all words are bold, a number before them aside."""
    return all(line.bold or split_mark(f"{line.text}\tA") == (line.text, "A") for line in lines)


def _take_as_heading(block: Block, label: str, text: str, level: int) -> Block:
    """Return a block in bold as a heading if it is short, and if an item, numbered: so writers set headings by hand."""
    mark, rest = (label, text) if label else split_mark(text)
    short = bool(rest) and len(rest) <= _LONGEST_HEADING and rest[-1] not in ".;," and any(map(str.isalpha, rest))
    if short and (number_depth(mark) or (block.kind == "paragraph" and not mark)):
        return replace(block, kind="heading", level=level)
    return block


def _gather_block(block: Block, label: str, text: str, page: int | None, gathering: Gathering) -> None:
    if label and not text:
        label, text = "", label
    if not label and block.kind != "furniture":
        typed, rest = split_mark(text, lost=block.kind == "item")
        if typed and rest:
            label, text = typed, rest
    label = label[:40]
    if block.kind == "heading":
        gathering.add_heading(text, block.level, number=label, page=page)
    elif block.kind == "item":
        gathering.add_item(text, block.level, number=label or "•", page=page)
    elif block.kind == "cell":
        gathering.count_cells(1)
        gathering.add_cell(text, block.cell, number=label or ("•" if block.level else ""), page=page)
    elif block.kind == "furniture":
        gathering.add_furniture(text, page=page)
    elif label and block.kind != "note":
        gathering.add_item(text, number=label, page=page)
    else:
        gathering.add_paragraph(text, number=label, page=page)


def _list_lines(places: Sequence[Place], lines: Mapping[Place, Sequence[Line]]) -> Iterator[Line]:
    for place in places:
        yield from lines.get(place, ())


def _join(lines: Iterator[Line]) -> str:
    text = ""
    last: Line | None = None
    for line in lines:
        if last is not None and last.page == line.page and abs(line.y - last.y) < 0.38 * max(line.size, last.size):
            text += ("" if -0.5 * line.size < line.x0 - last.x1 < 0.12 * line.size else " ") + line.text
        else:
            text = join_lines(text, line.text)
        last = line
    return text
