"""Text and Markdown files: headings, items and paragraphs, told by blank lines, signs and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mapping.sources.encoding import decode
from mapping.sources.gathering import Gathering
from mapping.sources.marks import ends_sentence, join_lines, number_depth, split_mark

__all__ = ["read"]

_LINE = re.compile("\r\n|\n|\r")
_ATX = re.compile(r"(#{1,6})[ \t]+(\S.*?)(?:[ \t]+#+)?[ \t]*$")
_SETEXT = re.compile(r"(=+|-+)[ \t]*$")
_RULE = re.compile(r"[ ]{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|={3,})$")
_DELIMITER = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?[ \t]*)?$")
_SIGNS = re.compile(r"(?m)^#{1,6} \S|\*\*[^*\n]+\*\*")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_STRESS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![\w*])")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:[ \t]+\"[^\"]*\")?\)")
# Lines longer than a page is wide were not broken to fit one.
_WIDEST = 140
_LONGEST_HEADING, _MOST_WORDS = 80, 12


@dataclass
class _Block:
    """Lines that belong together: a heading, an item, a paragraph or the rows of a table."""

    kind: str
    lines: list[str] = field(default_factory=list)
    mark: str = ""
    level: int = 0
    after_blank: bool = True


def read(data: bytes, name: str, gathering: Gathering) -> None:
    """Read a text or Markdown file; whether it is Markdown is told by its name and its signs."""
    text, note = decode(data)
    if note:
        gathering.warn(note)
    lines = [line.replace("\f", "") for line in _LINE.split(text)]
    marked = name.lower().endswith((".md", ".markdown")) or len(_SIGNS.findall(text[:200_000])) >= 2
    blocks = list(_cut(lines, marked))
    _join_broken(blocks)
    if not any(block.kind == "heading" for block in blocks):
        _find_headings(blocks)
    if marked:
        _find_strong_headings(blocks)
    _gather(blocks, marked, gathering)


def _cut(lines: list[str], marked: bool) -> Iterator[_Block]:
    """Cut lines into blocks at blank lines and wherever a new heading, item or row begins."""
    block: _Block | None = None
    blank, fence = True, ""
    width = max((len(line) for line in lines), default=0)
    for line in lines:
        bare = line.strip(" \t\u00a0\ufeff") if line.isspace() else line.strip(" \t")
        if marked and (opening := re.match(r"(```+|~~~+)", bare)) and (not fence or bare.startswith(fence)):
            fence = "" if fence else opening[1]
            bare = ""
        if not bare or (not fence and _RULE.match(line) and not (block and _SETEXT.match(bare))):
            if block:
                yield block
            block, blank = None, True
            continue
        starts = _Block("paragraph") if fence else _start(line, bare, block, marked)
        if starts is None and block and block.kind in ("item", "paragraph") and _breaks(block.lines[-1], bare, width):
            starts, blank = _Block("paragraph"), True
        if starts is None and block:
            block.lines.append(line.rstrip(" ") if block.kind == "row" else bare)
        elif starts and starts.kind == "setext" and block:
            yield _Block("heading", block.lines, block.mark, starts.level, block.after_blank)
            block = None
        else:
            if block:
                yield block
            block = starts or _Block("paragraph")
            block.lines = block.lines or [bare]
            block.after_blank = blank
        blank = False
    if block:
        yield block


def _start(line: str, bare: str, block: _Block | None, marked: bool) -> _Block | None:
    """Return the block that a line begins, or None where it goes on with the one before it."""
    if heading := _ATX.match(bare):
        mark, rest = split_mark(heading[2])
        return _Block("heading", [rest], mark, len(heading[1]))
    if block and len(block.lines) == 1 and _SETEXT.match(bare) and _is_underlined(block, bare, marked):
        return _Block("setext", level=1 if bare[0] == "=" else 2)
    cells = bare.count("|") >= 2 if bare[0] == "|" else marked and "|" in bare and bool(_DELIMITER.match(bare))
    if cells or (block and block.kind == "table" and "|" in bare):
        if block and block.kind == "table":
            return None
        if block and _DELIMITER.match(bare) and len(block.lines) == 1:
            block.kind = "table"
            return None
        return _Block("table")
    if bare.count("\t") + line.startswith("\t") >= 2 or (block and block.kind == "row" and "\t" in bare):
        return None if block and block.kind == "row" else _Block("row", [line.rstrip(" ")])
    mark, rest = split_mark(bare, lost=bool(block and block.kind == "item"))
    if mark and rest:
        indent = len(line[: len(line) - len(line.lstrip(" \t\u00a0"))].expandtabs(4))
        return _Block("item", [rest], mark, indent)
    if "\t" in bare:
        return _Block("row")
    return None if block and block.kind not in ("heading", "table", "row") else _Block("paragraph")


def _is_underlined(block: _Block, signs: str, marked: bool) -> bool:
    """Say whether signs make the line above a heading; in plain text they are about as long as it, numbered or not."""
    if block.kind == "paragraph" and marked:
        return True
    near = 0.5 * len(block.lines[0]) <= len(signs) <= 1.5 * len(block.lines[0]) + 12
    return block.kind in ("paragraph", "item") and len(signs) >= 3 and near and len(block.lines[0]) <= _LONGEST_HEADING


def _breaks(before: str, line: str, width: int) -> bool:
    """Say whether a line begins a new passage though no blank line stands before it: the last line ended early."""
    return ends_sentence(before) and width < _WIDEST and len(before) < 0.8 * width and line[0].isupper()


def _join_broken(blocks: list[_Block]) -> None:
    """Join a block to the one before where a blank line fell within a sentence, as in text saved from a page."""
    kept: list[_Block] = []
    for block in blocks:
        last = kept[-1] if kept else None
        if (
            last
            and block.kind == "paragraph"
            and last.kind in ("item", "paragraph")
            and block.lines[0][:1].islower()
            and not ends_sentence(last.lines[-1])
            and (len(last.lines) > 1 or len(last.lines[-1]) > 30)
        ):
            last.lines += block.lines
        elif last and last.kind == block.kind == "paragraph" and _is_number(last):
            last.kind, last.mark, last.lines = "item", last.lines[0], block.lines
        else:
            kept.append(block)
    blocks[:] = kept


def _is_number(block: _Block) -> bool:
    return len(block.lines) == 1 and split_mark(f"{block.lines[0]} A")[0] == block.lines[0]


def _find_headings(blocks: list[_Block]) -> None:
    """Mark the short lines on their own under which something stands, where a file has no other sign of a heading.

    Of a run of such lines only the last can be told from an unmarked list, and the first of the file is its title.
    """
    likely = [_looks_like_heading(block) for block in blocks]
    start = 0
    while start < len(blocks):
        end = start
        while end < len(blocks) and likely[end]:
            end += 1
        if end > start and end < len(blocks):
            run = range(start, end) if end - start <= 2 else [*([0] if start == 0 else []), end - 1]
            for place in run:
                block = blocks[place]
                text = " ".join(block.lines)
                block.kind = "heading"
                block.level = number_depth(block.mark) or (1 if text.isupper() or place == 0 else 2)
        start = max(end, start + 1)


def _find_strong_headings(blocks: list[_Block]) -> None:
    """Mark the short lines of which every word is in strong type, as where Word's headings were turned to Markdown."""
    above = 1
    for block in blocks:
        if block.kind == "heading":
            above = block.level
        elif block.kind in ("item", "paragraph") and len(block.lines) == 1:
            strong = _STRONG.fullmatch(block.lines[0])
            if strong and len(strong[2]) <= _LONGEST_HEADING and strong[2][-1] not in ".;,":
                block.kind, block.level = "heading", above + 1


def _looks_like_heading(block: _Block) -> bool:
    if block.kind not in ("paragraph", "item") or len(block.lines) > 1 or not block.after_blank:
        return False
    text = block.lines[0]
    numbered = number_depth(block.mark) > 0
    if (block.kind == "item" and not numbered) or len(text) > _LONGEST_HEADING or len(text.split()) > _MOST_WORDS:
        return False
    # Not a number alone, nor a name with a date; a list of numbered sentences has full stops or many words.
    return text[:1].isupper() and text[-1] not in ".;,!?:" and "\t" not in text and (not numbered or len(text) < 50)


def _gather(blocks: list[_Block], marked: bool, gathering: Gathering) -> None:
    table = 0
    indents: list[int] = []
    last = ""
    for block in blocks:
        text = ""
        if block.kind not in ("table", "row"):
            for line in block.lines:
                text = join_lines(text, re.sub(r"^>[ \t]*", "", line) if marked else line)
            text = _strip_signs(text) if marked else text
        if block.kind != "item":
            indents = []
        if block.kind == "heading":
            gathering.add_heading(text, block.level, number=block.mark)
        elif block.kind == "item":
            while indents and indents[-1] > block.level:
                indents.pop()
            if not indents or indents[-1] < block.level:
                indents.append(block.level)
            gathering.add_item(text, len(indents), number=block.mark)
        elif block.kind in ("table", "row"):
            table += not (block.kind == "row" and last == "row" and not block.after_blank)
            _gather_rows(block, table, marked, gathering)
        else:
            gathering.add_paragraph(text)
        last = block.kind


def _gather_rows(block: _Block, table: int, marked: bool, gathering: Gathering) -> None:
    row = next((row[7] + 1 for row in gathering.rows[-1:] if row[6] == table), 1)
    for line in block.lines:
        if _DELIMITER.match(line):
            continue
        inner = re.sub(r"^\||\|$", "", line.strip()) if block.kind == "table" else line
        cells = re.split(r"(?<!\\)\|" if block.kind == "table" else "\t", inner)
        gathering.count_cells(len(cells))
        for column, cell in enumerate(cells, start=1):
            text = cell.strip(" \t").replace("\\|", "|")
            gathering.add_cell(_strip_signs(text) if marked else text, (table, row, column))
        row += 1


def _strip_signs(text: str) -> str:
    """Return the words of a Markdown line: stressed words and links as a reader sees them."""
    return _LINK.sub(r"\1", _STRESS.sub(r"\1", _STRONG.sub(r"\2", text)))
