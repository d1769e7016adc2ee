"""A paper written again over an officer's edits: what a person touched stays, the rest follows the new run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from mapping.paper.blocks import LABEL, Block, Picture, Text, Wide, hash_text
from mapping.paper.difference import compare_tables, compare_texts
from mapping.paper.document import Writer
from mapping.paper.marks import Found, find_blocks, name_mark, number_paragraphs, read_block, read_grid, read_text
from mapping.paper.package import Record
from mapping.paper.sources import Fact

__all__ = ["Merged", "merge"]

_NOTE = "note_"
_EDITED = "Facts changed since a person edited this."
#: What people leave in a paragraph whose words they did not change.
_LEFT = ("w:ins", "w:del", "w:moveFrom", "w:moveTo", "w:commentRangeStart", "w:commentReference")


@dataclass
class _Line:
    """An entry of the list of changes: what became of which element, and what differs in it."""

    element: Any
    says: str
    what: str
    differs: Sequence[str] = ()


@dataclass(frozen=True)
class Merged:
    """What came of bringing a file up to a new run.

    Attributes
    ----------
    lines : list of str
        A line per change, with the number of its paragraph; below it, set in, what the mapping said before and now.
    noted : dict
        For each block below which a note stands, by key: what the mapping said when a person edited it.
    """

    lines: list[str]
    noted: dict[str, str]


@dataclass
class _Merger:
    document: Document
    record: dict[str, str] | None
    writer: Writer
    found: dict[str, Found]
    before_notes: dict[str, str]
    noted: dict[str, str] = field(default_factory=dict)
    lines: list[_Line] = field(default_factory=list)
    anchor: Any = None
    before: Block | None = None


def merge(document: Document, record: Record | None, blocks: Sequence[Block]) -> Merged:
    """Bring an officer's file up to a new run, in place.

    A block that no person has touched is replaced where its facts changed. One that a person has edited, agreed (its
    label is gone), commented on or changed under tracking stays as it is, and a note below says what the mapping now
    says. One that a person deleted stays deleted. What a person added stays where it is.

    Parameters
    ----------
    document : Document
        The officer's file; it is changed.
    record : dict or None
        What was kept in the file when it was last written; nothing where it no longer has it.
    blocks : sequence of Block
        What the new run says.

    Returns
    -------
    Merged
    """
    state = _Merger(
        document, record["blocks"] if record else None, Writer(document), find_blocks(document),
        record.get("noted", {}) if record else {},
    )  # fmt: skip
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
    said = []
    for line in state.lines:
        head = ": ".join(filter(None, (_number(numbers, line.element), line.what, line.says)))
        said += [head, *(f"    {piece}" for piece in line.differs)]
    return Merged(said, state.noted)


def _add_or_leave(state: _Merger, block: Block) -> None:
    """Write a block that is new; leave out one that a person deleted."""
    if state.record is None or block.key in state.record:
        differs = _compare(block, state.record[block.key]) if state.record is not None else []
        state.lines.append(_Line(None, _begin(block), "deleted by a person, not written again", differs))
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
    old = (state.record or {}).get(block.key) or _read_facts(home)
    note = _find_note(state, block.key)
    state.anchor = home if note is None else note
    if note is not None:
        # A person has not dealt with this note yet: what it tells of is told again with what is new.
        state.noted[block.key] = old = state.before_notes.get(block.key, old)
    told = note is None or block.key in state.before_notes
    if found.hash == block.hash and told and (not isinstance(block, Picture) or old == block.facts):
        return
    differs, name = _compare(block, old), block.title if isinstance(block, Wide) else ""
    if not _is_touched(block, found, home):
        element = state.writer.make(block, state.before)
        home.addnext(element)
        home.getparent().remove(home)
        state.anchor = element
        state.lines.append(_Line(element, name, "replaced", differs))
        return
    found.mark.set(qn("w:name"), name_mark(block.key, block.hash))
    _leave_note(state, block.key, home, f"[{_EDITED} {_tell(block, old)}]" if differs else "")
    if differs:
        state.noted[block.key] = old
        state.lines.append(_Line(home, name, "edited by a person, not replaced", differs))
    else:
        state.noted.pop(block.key, None)
        state.lines.append(_Line(home, name, "as it was when a person edited it; the note is taken out"))


def _read_facts(home: Any) -> str:
    """Return what a file says at a place, as ``Block.facts`` has it."""
    return json.dumps(read_grid(home), ensure_ascii=False) if home.tag == qn("w:tbl") else read_block(home)


def _compare(block: Block, old: str) -> list[str]:
    """Return what differs between a block and what it said before."""
    if isinstance(block, Picture):
        return [f"the figure '{block.chart.name}' shows other numbers"] * (old != block.facts)
    if isinstance(block, Wide):
        return compare_tables(_read_grid(old), block.grid)
    before, after = compare_texts(old, block.words)
    return [f"{label}: {text}" for label, text in (("before", before), ("now", after)) if text]


def _read_grid(facts: str) -> list[list[str]]:
    """Return the rows of a table as they were kept; none where the file holds something else."""
    try:
        rows = json.loads(facts)
    except ValueError:
        return []
    is_grid = isinstance(rows, list) and all(isinstance(row, list) for row in rows)
    return [[str(cell) for cell in row] for row in rows] if is_grid else []


def _tell(block: Block, old: str) -> str:
    """Return what the mapping now says, as a note below what a person edited has it."""
    if isinstance(block, Picture):
        return f"The mapping now says: {block.words}"
    if isinstance(block, Wide):
        return f"The mapping now says: {'; '.join(_compare(block, old))}."
    before, after = compare_texts(old, block.words)
    if not after:
        return f"The mapping no longer says: {before}"
    return f"The mapping now says: {after}" + (f" Before: {before}" if before else "")


def _is_touched(block: Block, found: Found, home: Any) -> bool:
    if hash_text(read_block(home)) != found.hash:
        return True
    if isinstance(block, Text) and block.drafted and LABEL not in read_text(home):
        return True
    return any(next(home.iter(qn(tag)), None) is not None for tag in _LEFT)


def _find_note(state: _Merger, key: str) -> Any:
    """Return the note that stands below a block, where a person has not deleted it."""
    found = state.found.get(_NOTE + hash_text(key))
    return found.find_home(table=False) if found is not None else None


def _leave_note(state: _Merger, key: str, home: Any, text: str) -> None:
    """Put a note below a block, in the place of an earlier one; an empty text takes that out."""
    old = _find_note(state, key)
    if old is not None:
        old.getparent().remove(old)
    state.anchor = home
    if text:
        state.anchor = state.writer.make(Text(_NOTE + hash_text(key), "note", Fact(text)))
        home.addnext(state.anchor)


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
            _leave_note(state, key, home, f"[{_EDITED} The mapping no longer says it.]")
            state.lines.append(_Line(home, _shorten(words), "no longer said by the mapping; edited by a person, kept"))


def _begin(block: Block) -> str:
    return block.title if isinstance(block, Wide) else _shorten(block.words)


def _shorten(words: str, longest: int = 60) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= longest else f"{plain[:longest].rsplit(' ', 1)[0]} ..."


def _number(numbers: dict[Any, str], element: Any) -> str:
    if element is None:
        return "not in the paper"
    paragraph = element if element.tag == qn("w:p") else next(element.iter(qn("w:p")))
    shown = numbers.get(paragraph, "?")
    return f"table below {shown}" if element.tag == qn("w:tbl") else shown
