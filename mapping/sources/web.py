"""Web pages: headings, lists, paragraphs and tables as they are marked up; nothing a page refers to is fetched."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from mapping.sources.encoding import decode
from mapping.sources.gathering import Gathering
from mapping.sources.limits import DEEPEST
from mapping.sources.marks import clean, part_lines, raise_number, split_mark, squeeze
from mapping.sources.numbering import write_roman
from mapping.sources.refusals import RefusedError

__all__ = ["read"]

_DECLARED = re.compile(rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,30})""", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.-]{2,30})""")
# As browsers do: what calls itself latin-1 or ASCII is Windows-1252, and UTF-16 said in ASCII is UTF-8.
_MEANT = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8", "utf8": "utf-8", "x-mac-roman": "mac_roman",
    "iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949",
}  # fmt: skip
_KNOWN = re.compile(
    r"utf-8|windows-125\d|cp125\d|cp949|iso-8859-\d+|koi8-[ru]|gb18030|big5|shift_jis|euc-(?:jp|kr)|mac_roman|"
    r"macintosh|tis-620"
)
# Attributes of ten thousand characters are pictures or traps (their number costs libxml quadratic time).
_LONG_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]*)\s[^<>]{10000,}>")
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset h1 h2 h3 h4 h5 h6 header hr html li main menu nav ol p pre section summary table tbody td "
    "tfoot th thead tr ul legend".split()
)
_SKIPPED = frozenset(
    "script style template noscript title select option textarea svg math object embed applet audio video canvas map "
    "datalist noframes noembed".split()
)
_FRAMES = frozenset("iframe frame".split())
_FURNITURE = frozenset("nav footer".split())
_ROLES = frozenset("navigation banner contentinfo search".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_NOTE_ROLES = frozenset("doc-footnote doc-endnote doc-endnotes".split())
_NOTES = re.compile(r"(?:foot|end)notes?(?:[-_ ]?\d+)?|fn[-_:]?\d+|_?(?:ftn|edn)\d+", re.IGNORECASE)
_CARDS = frozenset("div section article li a".split())
_CARD_WORDS, _CARD_PARTS = 10, 60


def read(data: bytes, name: str, gathering: Gathering) -> None:
    """Read a web page."""
    text, _ = clean(_decode(data, gathering))
    text = _LONG_TAG.sub(r"<\1>", text)
    # Given as bytes with its encoding, as what the page itself declares was dealt with above.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.ParserError as error:
        raise RefusedError("E-NO-TEXT", f"holds no page ({error}). Save the page anew from a browser.") from error
    for entry in parser.error_log:
        if entry.level >= etree.ErrorLevels.FATAL:
            remedy = "Print the page to PDF in a browser, and give that."
            if "depth" in entry.message:
                message = f"has elements nested more than {DEEPEST} deep, as only a trap or a fault does. {remedy}"
                raise RefusedError("E-DAMAGED", message, entry.line)
            raise RefusedError("E-DAMAGED", f"cannot be read to the end ({entry.message.strip()[:100]}). {remedy}")
    if root is None:
        raise RefusedError("E-NO-TEXT", "holds no page. Save the page anew from a browser.")
    _Reader(gathering).read(root)


def _decode(data: bytes, gathering: Gathering) -> str:
    """Return the text by the mark at its start, what the page declares, or UTF-8; in this order, and checked."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return decode(data)[0]
    found = _DECLARED.search(data[:20_000]) or _XML_DECLARED.match(data[:400])
    told = found[1].decode("ascii").lower() if found else ""
    code = _MEANT.get(told, told)
    if told and not _KNOWN.fullmatch(code):
        gathering.warn(f"says its letters are '{told}', which is not known; they were read as UTF-8 or Windows-1252.")
        code = ""
    if code in ("", "utf-8") or not data.isascii():
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            if code not in ("", "utf-8") and not data.isascii():
                gathering.warn(f"says its letters are '{told}', but they are UTF-8, and were read as that.")
            return text
    if not code:
        text, note = decode(data)
        gathering.warn(note)
        return text
    text = data.decode(code, "replace")
    wrong = text.count("\ufffd")
    if wrong and code == "utf-8" and wrong > 0.001 * len(data):
        gathering.warn("says its letters are UTF-8, but they are not; they were read as Windows-1252.")
        return data.decode("cp1252", "replace")
    if wrong:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        gathering.warn(f"has {wrong} letters that are not {told}; each is shown as \ufffd.", line)
    return text


@dataclass
class _Context:
    """Where on the page one is."""

    lists: int = 0
    tag: str = ""
    marks: list[str] = field(default_factory=list)
    furniture: bool = False
    note: bool = False
    card: int = 0  # the level of the heading that a card's first words are
    cell: tuple[int, int, int] = (0, 0, 0)
    counter: list[int] = field(default_factory=lambda: [0, 1])
    kind: str = ""


class _Reader:
    """One walk over a page, in reading order; the words of a block are its own, without those of blocks within it."""

    def __init__(self, gathering: Gathering) -> None:
        self.gathering = gathering
        self.parts: list[str] = []
        self.tables = 0
        self.heading = 0
        self.noted = 0
        self.spans: dict[int, dict[int, int]] = {}

    def read(self, root: Any) -> None:
        for title in root.iter("title"):
            self.gathering.title = self.gathering.title or squeeze(title.text or "")
        self.gathering.language = (root.get("lang") or root.get("xml:lang") or "").strip()
        frames = sum(1 for _ in root.iter(*_FRAMES))
        if frames:
            self.gathering.warn(f"shows {frames} other page(s) inside it, which were not fetched.")
        for meta in root.iter("meta"):
            if (meta.get("http-equiv") or "").lower() == "refresh" and "url" in (meta.get("content") or "").lower():
                self.gathering.warn("sends its reader on to another page, which was not fetched.")
        # Tabs and accordions hide their words until they are opened; so may words that nobody is to see.
        hidden = sum(1 for one in root.iter() if _is_hidden(one))
        if hidden:
            self.gathering.warn(f"has parts that are not shown at first ({hidden}), which are read like the rest.")
        self._walk(root, _Context(), 0)
        self._flush(_Context())
        if not self.gathering.rows:
            message = "holds no words: perhaps a script writes them. Open the page in a browser, print it to PDF"
            raise RefusedError("E-NO-TEXT", f"{message}, and give that.")

    def _walk(self, element: Any, context: _Context, depth: int) -> None:
        if depth > DEEPEST:
            message = f"has elements nested more than {DEEPEST} deep. Print the page to PDF in a browser"
            raise RefusedError("E-DAMAGED", f"{message}, and give that.")
        self._say(element.text)
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            tag = tag.rpartition(":")[2].lower()
            if tag == "br":
                self.parts.append("\n")
            elif tag in _BLOCKS:
                self._flush(context)
                inner = self._enter(child, tag, context)
                self._walk(child, inner, depth + 1)
                self._flush(inner)
            elif tag == "sup" and _is_reference(child):
                pass
            elif tag and tag not in _SKIPPED and tag not in _FRAMES:
                self._walk(child, context, depth + 1)
            self._say(child.tail)

    def _say(self, text: str | None) -> None:
        if text:
            self.parts.append(text.replace("\n", " ").replace("\r", " "))

    def _enter(self, element: Any, tag: str, above: _Context) -> _Context:
        context = _Context(
            above.lists, tag, above.marks, above.furniture, above.note, 0, above.cell, above.counter, above.kind
        )  # fmt: skip
        role = (element.get("role") or "").lower()
        if tag in _FURNITURE or role in _ROLES or (tag == "header" and above.tag in ("body", "html", "div")):
            context.furniture = True
        if (
            role in _NOTE_ROLES
            or _NOTES.fullmatch(element.get("class") or "")
            or _NOTES.fullmatch(element.get("id") or "")
        ):
            context.note = True
        if tag == "summary" or _is_card_title(element):
            context.card = _level_beside(element) or self.heading + 1
        if tag in ("ul", "ol", "menu", "dir"):
            context.lists, context.kind = above.lists + 1, element.get("type") or ""
            step = -1 if element.get("reversed") is not None else 1
            items = sum(1 for child in element if child.tag == "li")
            context.counter = [_number(element.get("start"), items if step < 0 else 1) - step, step]
            context.kind = ("ol:" if tag == "ol" else "ul:") + context.kind
        elif tag == "li":
            context.counter[0] = _number(element.get("value"), context.counter[0] + context.counter[1])
            # Its first words take it, whichever block they stand in; further paragraphs in the item have none.
            context.marks = [_write(context.counter[0], context.kind)]
        elif tag == "table":
            self.tables += 1
            context.cell = (self.tables, 0, 0)
            self.spans[self.tables] = {}
        elif tag == "tr" and above.cell[0]:
            context.cell = (above.cell[0], self._next_row(element), 0)
        elif tag in ("td", "th") and above.cell[1]:
            context.cell = self._place(element, above.cell)
            context.lists, context.marks = 0, []
        return context

    def _next_row(self, element: Any) -> int:
        table = next((one for one in element.iterancestors() if one.tag == "table"), None)
        # Kept on the table itself: rows come in head, body and foot, each a block of its own.
        if table is None:
            return 1
        row = int(table.get("data-row-read", "0")) + 1
        table.set("data-row-read", str(row))
        element.set("data-column-read", "0")
        return row

    def _place(self, element: Any, above: tuple[int, int, int]) -> tuple[int, int, int]:
        row = element.getparent()
        taken = self.spans.get(above[0], {})
        column = int(row.get("data-column-read", "0")) + 1 if row is not None else 1
        while taken.get(column, 0) >= above[1]:
            column += 1
        wide, high = _number(element.get("colspan"), 1), _number(element.get("rowspan"), 1)
        for reached in range(column, column + min(max(wide, 1), 100)):
            if high > 1:
                taken[reached] = above[1] + min(high, 1_000) - 1
        if row is not None:
            row.set("data-column-read", str(column + min(max(wide, 1), 100) - 1))
        self.gathering.count_cells(1)
        return above[0], above[1], column

    # --- blocks --------------------------------------------------------------------------------------------

    def _flush(self, context: _Context) -> None:
        """Hand on the words gathered for a block; lines with a bullet, or after an empty line, stand for themselves."""
        words, self.parts = "".join(self.parts), []
        if not words.strip():
            return
        lines: list[str] = []
        after_blank = True
        filled = [squeeze(line) for line in words.split("\n") if line.strip()]
        # Where a mark begins a line, the lines without one go on with it.
        apart = part_lines(filled, cell=bool(context.cell[2])) and not any(split_mark(line)[0] for line in filled)
        for line in words.split("\n"):
            bare = squeeze(line)
            if bare and (after_blank or apart or split_mark(bare)[0]):
                lines.append(bare)
            elif bare:
                lines[-1] += " " + bare
            after_blank = not bare
        for line in lines:
            self._add(line, context)

    def _add(self, text: str, context: _Context) -> None:
        mark, rest = split_mark(text)
        if not rest:
            mark, rest = "", text
        if context.tag in _HEADINGS and not context.furniture:
            self.heading = int(context.tag[1])
            self.gathering.add_heading(rest, self.heading, number=mark)
        elif context.note:
            self._add_note(rest, self._take_mark(context, mark))
        elif context.card and not context.furniture and not context.cell[2]:
            self.gathering.add_heading(rest, context.card, number=mark)
        elif context.furniture:
            self.gathering.add_furniture(text)
        elif context.cell[2]:
            self.gathering.add_cell(rest, context.cell, number=self._take_mark(context, mark))
        elif number := self._take_mark(context, mark):
            self.gathering.add_item(rest, max(1, context.lists), number=number)
        elif context.tag == "dt":
            self.gathering.add_item(rest, max(1, context.lists))
        else:
            self.gathering.add_paragraph(text)

    def _add_note(self, text: str, mark: str) -> None:
        """Add a footnote, its number raised as it is printed."""
        number = re.sub(r"\D", "", mark)
        if number:
            self.noted = int(number[:4])
        self.noted += not number
        self.gathering.add_paragraph(text, number=raise_number(self.noted))

    @staticmethod
    def _take_mark(context: _Context, mark: str) -> str:
        own = context.marks.pop() if context.marks else ""
        return mark or own


def _is_hidden(element: Any) -> bool:
    """Say whether an element with words of its own or below is hidden by what stands on itself."""
    if not isinstance(element.tag, str) or element.tag in _SKIPPED:
        return False
    style = (element.get("style") or "").replace(" ", "").lower()
    hidden = element.get("hidden") is not None or "display:none" in style or "visibility:hidden" in style
    return hidden and any(text.strip() for text in element.itertext())


def _is_reference(element: Any) -> bool:
    """Say whether a raised sign is a link to a footnote, and no word of the text."""
    links = [child for child in element.iter("a") if (child.get("href") or "").startswith("#")]
    return len(links) == 1 and re.fullmatch(r"\W*[\w*†‡]{1,3}\W*", "".join(element.itertext())) is not None


def _name(element: Any) -> tuple[str, str]:
    return (element.tag if isinstance(element.tag, str) else "", element.get("class") or "")


def _is_card_title(element: Any) -> bool:
    """Say whether an element is the title of a card: of a box among others of its kind, first in it, and short."""
    card = element.getparent()
    if card is None or element.getprevious() is not None or (card.text or "").strip():
        return False
    if element.tag not in ("div", "p", "span") or _name(card)[0] not in _CARDS or not _name(card)[1]:
        return False
    # Its neighbours are enough, and keep ten thousand boxes from costing their square.
    near = [one for one in (card.getprevious(), card.getnext()) if one is not None and _name(one) == _name(card)]
    return bool(near) and all(_has_title(one) for one in (card, *near))


def _has_title(card: Any) -> bool:
    """Say whether the first block of a box reads as its title: short, without an end, words beneath it, no heading."""
    inner = list(itertools.islice(card.iterdescendants(), _CARD_PARTS + 1))
    first = card[0] if len(card) else None
    if first is None or len(inner) > _CARD_PARTS or any(one.tag in _HEADINGS for one in inner):
        return False
    if (
        first.tag not in _BLOCKS
        or first.getnext() is None
        or any(one.tag in _BLOCKS for one in first.iterdescendants())
    ):
        return False
    title, rest = ("".join(one.itertext()).strip() for one in (first, first.getnext()))
    return bool(title and rest) and len(title.split()) <= _CARD_WORDS and title[-1] not in ".;:,!?"


def _level_beside(element: Any) -> int:
    """Return the level of the headings among which a summary or a card stands as one of them; 0 if it stands below."""
    box = element.getparent()
    before = itertools.islice(box.itersiblings(preceding=True), _CARD_PARTS) if box is not None else ()
    beside = [one for one in before if one.tag in _HEADINGS]
    # In an accordion each heading is a button too; others are the headings of what stands below them.
    pressed = len({one.tag for one in beside}) == 1 and all(any(True for _ in one.iter("button")) for one in beside)
    return int(beside[0].tag[1]) if pressed else 0


def _number(text: str | None, otherwise: int) -> int:
    text = (text or "").strip()
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else otherwise


def _write(count: int, kind: str) -> str:
    if not kind.startswith("ol:"):
        return "•"
    kind = kind[3:]
    if kind in ("a", "A") and 0 < count <= 26:
        return f"{chr(ord(kind) + count - 1)}."
    if kind in ("i", "I"):
        return (write_roman(count) if kind == "I" else write_roman(count).lower()) + "."
    return f"{count}."
