"""The words of one paragraph of a Word document: with soft returns as line ends, and what hangs on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from mapping.sources.marks import split_mark
from mapping.sources.numbering import find, local, value

__all__ = ["SKIPPED", "Line", "join", "join_wrapped", "read_line"]

# Text in these was deleted, moved away, is an instruction, or stands twice.
SKIPPED = frozenset(
    "del moveFrom instrText delText delInstrText Fallback pPr rPr tblPr tblGrid trPr tcPr sectPr".split()
)
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}

# In square EMU, of which a centimetre has 360,000: 200 cm².
_LARGE_PICTURE = 200 * 360_000**2


@dataclass
class Line:
    """What one paragraph holds: its words, whether all are in bold, what hangs on it, and its lines at soft returns."""

    text: str = ""
    bold: bool = False
    lines: list[Line] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


def read_line(paragraph: Any, told: Counter[str]) -> Line:
    """Return the words of a paragraph; text boxes and notes in it are listed apart."""
    line = Line()
    parts: list[str] = []
    weights: list[tuple[int, bool]] = []  # which part, and whether it is in bold
    stack = [iter(paragraph)]
    while stack:
        for child in stack[-1]:
            name = local(child)
            if name == "t":
                text = child.text or ""
                parts.append(text)
                if text.strip():
                    weights.append((len(parts) - 1, _is_bold(child.getparent())))
            elif name in ("tab", "ptab"):
                parts.append("\t")
            elif name in ("br", "cr"):
                parts.append("\n")
            elif name == "noBreakHyphen":
                parts.append("-")
            elif name == "sym":
                parts.append(_symbol(value(child, "char")))
            elif name in _NOTES:
                line.notes.append((_NOTES[name], value(child, "id")))
            elif name == "txbxContent":
                line.boxes.append(child)
            elif not name:
                told["entity"] += 1
                parts.append(child.tail or "")
            elif name in SKIPPED:
                told["del"] += name in ("del", "moveFrom")
                told["vanish"] += name == "rPr" and find(child, "vanish") is not None
            else:
                told["picture"] += name in ("inline", "anchor") and _is_large_picture(child)
                stack.append(iter(child))
                break
        else:
            stack.pop()
    line.text = "".join(parts)
    line.bold = bool(weights) and all(bold for _, bold in weights)
    line.lines = _cut_parts(parts, dict(weights))
    return line


def _cut_parts(parts: list[str], weights: dict[int, bool]) -> list[Line]:
    """Return the lines of a paragraph; each is in bold where all its words are."""
    lines: list[Line] = []
    words: list[str] = []
    bold: list[bool] = []
    for at, part in enumerate([*parts, "\n"]):
        if part == "\n":
            lines.append(Line("".join(words), bool(bold) and all(bold)))
            words, bold = [], []
        else:
            words.append(part)
            bold += [weights[at]] if at in weights else []
    return lines


def join_wrapped(lines: list[Line]) -> list[Line]:
    """Join a line that goes on with the marked one before it."""
    joined: list[Line] = []
    marked = False
    for line in lines:
        mark, _ = split_mark(line.text.strip(" \t"))
        if marked and not mark and line.text.lstrip()[:1].islower():
            joined[-1] = join([joined[-1], line])
        else:
            joined.append(line)
        marked = marked or bool(mark)
    return joined


def join(lines: list[Line]) -> Line:
    """Return lines as one, parted by soft returns."""
    return Line("\n".join(line.text for line in lines), all(line.bold for line in lines))


def _is_large_picture(frame: Any) -> bool:
    """Say whether a frame holds a picture that may be a scanned page: larger than a third of one."""
    extent, data = find(frame, "extent"), find(frame, "graphic", "graphicData")
    if extent is None or data is None or not value(data, "uri").endswith("/picture"):
        return False
    wide, high = value(extent, "cx"), value(extent, "cy")
    return wide.isdecimal() and high.isdecimal() and len(wide + high) < 24 and int(wide) * int(high) > _LARGE_PICTURE


def _is_bold(run: Any) -> bool:
    bold = find(run, "rPr", "b")
    return bold is not None and value(bold) not in ("0", "false", "off")


def _symbol(code: str) -> str:
    try:
        letter = chr(int(code, 16))
    except (ValueError, OverflowError):
        return "\ufffd"
    return letter if letter.isprintable() or "\ue000" <= letter <= "\uf8ff" else "\ufffd"
