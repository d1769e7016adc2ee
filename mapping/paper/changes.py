"""A paper written again over an officer's edits: what a person touched stays, the rest follows the new run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from mapping.paper.blocks import BETWEEN, LABEL, Block, Picture, Text, Wide, hash_text
from mapping.paper.document import Writer
from mapping.paper.marks import Found, find_blocks, name_mark, number_paragraphs, read_block, read_text
from mapping.paper.sources import Fact

__all__ = ["merge", "say_difference"]

_NOTE = "note_"
_STOPS = ".,;:?() "
_MOST_WORDS, _MOST_PIECES = 3, 3


@dataclass
class _Line:
    """A line of the list of changes: what became of which element."""

    element: Any
    says: str
    what: str


@dataclass
class _Merger:
    document: Document
    record: dict[str, str] | None
    writer: Writer
    found: dict[str, Found]
    lines: list[_Line] = field(default_factory=list)
    anchor: Any = None
    before: Block | None = None


def merge(document: Document, record: dict[str, str] | None, blocks: Sequence[Block]) -> list[str]:
    """Bring an officer's file up to a new run, in place.

    A block that no person has touched is replaced where its facts changed. One that a person has edited, agreed (its
    label is gone), commented on or changed under tracking stays as it is, and a note below says what the mapping now
    says. One that a person deleted stays deleted. What a person added stays where it is.

    Parameters
    ----------
    document : Document
        The officer's file; it is changed.
    record : dict or None
        The text of each block as it was last written, by key; nothing where the file no longer has it.
    blocks : sequence of Block
        What the new run says.

    Returns
    -------
    list of str
        A line per change, with the number of its paragraph.
    """
    state = _Merger(document, record, Writer(document), find_blocks(document))
    for block in blocks:
        found = state.found.get(block.key)
        home = found.find_home(table=isinstance(block, Wide)) if found else None
        if found is None:
            _add_or_leave(state, block)
        elif home is None:
            state.lines.append(_Line(None, _begin(block), "changed by a person beyond recognition, not replaced"))
        else:
            _follow(state, block, found, home)
            state.before = block
    _drop_unsaid(state, {block.key for block in blocks})
    numbers = number_paragraphs(document)
    return [f"{_number(numbers, line.element)}: {line.says}; {line.what}" for line in state.lines]


def _add_or_leave(state: _Merger, block: Block) -> None:
    """Write a block that is new; leave out one that a person deleted."""
    if state.record is None or block.key in state.record:
        old = (state.record or {}).get(block.key, "")
        says = f"{_begin(block)}" + (f" ({say_difference(old, block.words)})" if old and old != block.words else "")
        state.lines.append(_Line(None, says, "deleted by a person, not written again"))
        return
    element = state.writer.make(block, state.before)
    if state.anchor is None:
        state.document.element.body.insert(0, element)
    else:
        state.anchor.addnext(element)
    state.anchor, state.before = element, block
    state.lines.append(_Line(element, _begin(block), "new"))


def _follow(state: _Merger, block: Block, found: Found, home: Any) -> None:
    """Replace an untouched block whose facts changed; keep a touched one, with a note."""
    state.anchor = home
    old = (state.record or {}).get(block.key) or read_block(home)
    if found.hash == block.hash and (not isinstance(block, Picture) or old == block.facts):
        return
    says = _compare(block, old)
    if not _is_touched(block, found, home):
        element = state.writer.make(block, state.before)
        home.addnext(element)
        home.getparent().remove(home)
        state.anchor = element
        state.lines.append(_Line(element, says, "replaced"))
        return
    found.mark.set(qn("w:name"), name_mark(block.key, block.hash))
    told = says if isinstance(block, Wide) else block.words
    _leave_note(state, block.key, home, f"[Facts changed since a person edited this. The mapping now says: {told}]")
    state.lines.append(_Line(home, says, "edited by a person, not replaced"))


def _compare(block: Block, old: str) -> str:
    """Return in short what differs between a block and what it said before."""
    if isinstance(block, Picture):
        return f"the figure '{block.chart.name}' shows other numbers"
    if isinstance(block, Wide):
        before, after = old.split(BETWEEN), block.words.split(BETWEEN)
        if len(before) == len(after):
            changed = sum(a != b for a, b in zip(before, after, strict=True))
            return f"{changed} of {len(after)} cells differ"
        return f"{len(before)} -> {len(after)} cells"
    return say_difference(old, block.words)


def _is_touched(block: Block, found: Found, home: Any) -> bool:
    if hash_text(read_block(home)) != found.hash:
        return True
    if isinstance(block, Text) and block.drafted and LABEL not in read_text(home):
        return True
    return any(next(home.iter(qn(tag)), None) is not None for tag in ("w:ins", "w:del", "w:commentRangeStart"))


def _leave_note(state: _Merger, key: str, home: Any, text: str) -> None:
    name = _NOTE + hash_text(key)
    old = state.found.get(name)
    if old is not None and (there := old.find_home(table=False)) is not None:
        there.getparent().remove(there)
    note = state.writer.make(Text(name, "note", Fact(text)))
    home.addnext(note)
    state.anchor = note


def _drop_unsaid(state: _Merger, said: set[str]) -> None:
    """Take out what the mapping no longer says, unless a person touched it."""
    for key, found in state.found.items():
        if key in said or key.startswith(_NOTE):
            continue
        home = found.find_home(table=True)
        home = found.find_home(table=False) if home is None else home
        if home is None:
            continue
        words = read_block(home)
        drafted = LABEL in read_text(home)
        plain = home.tag == qn("w:tbl") or next(home.iter(qn("wp:docPr")), None) is not None or drafted
        style = home.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        heading = style is not None and "Heading" in style.get(qn("w:val"), "")
        if hash_text(words) == found.hash and (plain or heading):
            home.getparent().remove(home)
            state.lines.append(_Line(None, _shorten(words), "no longer said by the mapping, taken out"))
        elif hash_text(words) != found.hash or not plain:
            _leave_note(state, key, home, "[Facts changed since a person edited this. The mapping no longer says it.]")
            state.lines.append(_Line(home, _shorten(words), "no longer said by the mapping; edited by a person, kept"))


def say_difference(old: str, new: str) -> str:
    """Return what differs between two texts, each piece as old -> new with the words that follow it.

    Examples
    --------
    >>> say_difference("29 of 88 priorities are tagged.", "31 of 88 priorities are tagged.")
    '29 -> 31 of 88 priorities'
    """
    before, after = old.split(), new.split()
    pieces, worded = [], 0
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        left, right = _cut(before[a:b]), _cut(after[c:d])
        if re.search(r"\d", left) and re.search(r"\d", right):
            pieces.append(f"{left.strip(_STOPS)} -> {right.strip(_STOPS)}{_find_tail(after[d:])}")
        else:
            worded += 1
    more = max(0, len(pieces) - _MOST_PIECES) + worded
    said = "; ".join(pieces[:_MOST_PIECES])
    if not said:
        return "other words"
    return said + (f"; and {more} more" if more else "")


def _cut(words: Sequence[str]) -> str:
    return " ".join(words[:_MOST_WORDS]) + (" ..." if len(words) > _MOST_WORDS else "")


def _find_tail(words: Sequence[str]) -> str:
    """Return the words up to the noun that a number counts."""
    tail: list[str] = []
    for word in words[:4]:
        if word == "|":
            break
        tail.append(word)
        if re.fullmatch(r"\W*[^\W\d]{4,}\W*", word):
            break
    return (" " + " ".join(tail)).rstrip(".,;: ") if tail else ""


def _begin(block: Block) -> str:
    return _shorten(block.words)


def _shorten(words: str, longest: int = 60) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= longest else f"{plain[:longest].rsplit(' ', 1)[0]} ..."


def _number(numbers: dict[Any, str], element: Any) -> str:
    if element is None:
        return "not in the paper"
    paragraph = element if element.tag == qn("w:p") else next(element.iter(qn("w:p")))
    shown = numbers.get(paragraph, "?")
    return f"table below {shown}" if element.tag == qn("w:tbl") else shown
