"""The letters and lines of a PDF page with their places, as two readers find them: pdfminer, and pdfium as its check.

A letter is a tuple: text, left, right, baseline from the top, size, whether bold, and the number of the marked content
it stands in (``UNMARKED`` if none, ``ARTIFACT`` if the document says it is no content). A tuple, as there are millions.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from math import hypot
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFResourceManager

from mapping.sources.limits import MOST_CHARACTERS
from mapping.sources.pdf_rules import Rules
from mapping.sources.refusals import RefusedError

__all__ = ["ARTIFACT", "UNMARKED", "Device", "Letter", "Page", "count_letters", "read_quickly"]

Letter = tuple[str, float, float, float, float, bool, int]
UNMARKED, ARTIFACT = -1, -2
_BOLD = re.compile(r"bold|black|heavy|demi|semib|-bd\b", re.IGNORECASE)
_INVISIBLE = 3
_FORCE_BOLD = 1 << 18
_UNKNOWN = "\ufffd"
# pdfium sets the sign U+0002 for a hyphen at a line end.
_WORD = re.compile(r"[^\x00\x01\x03-\x20\ufffe\uffff]+")


class Page:
    """The letters of one page, and the lines and boxes that pdfminer finds on it.

    Attributes
    ----------
    number : int
        From 1.
    width, height : float
        In points, as the page is shown.
    letters : list of Letter
        Those that run from left to right, in the order in which the page draws them.
    turned : list of Letter
        Those that run up, down or upside down, as if the page were turned.
    rules : Rules
        The lines and boxes by which its tables are told.
    unknown, invisible, private : int
        How many letters have no known meaning, are not shown (as over a scan), and are of private use.
    """

    def __init__(self, number: int, width: float, height: float) -> None:
        self.number, self.width, self.height = number, width, height
        self.letters: list[Letter] = []
        self.turned: list[Letter] = []
        self.rules = Rules()
        self.unknown = self.invisible = self.private = 0

    def add(
        self, text: str, matrix: tuple[float, ...], advance: float, size: float, bold: bool, marked: int
    ) -> None:  # fmt: skip
        """Add a letter that begins at the matrix's origin and is so wide."""
        a, b, c, d, x, y = matrix
        size *= hypot(c, d)
        if b == 0 and a > 0:
            self.letters.append((text, x, x + advance * a, self.height - y, size, bold, marked))
        elif abs(b) > abs(a):
            start, end = (y, y + advance * b) if b > 0 else (-y, -y - advance * b)
            self.turned.append((text, start, end, x if b > 0 else -x, size, bold, marked))
        elif a > 0:
            self.letters.append((text, x, x + advance * a, self.height - y, size, bold, marked))
        else:
            self.turned.append((text, -x, -x - advance * a, y - self.height, size, bold, marked))

    @property
    def count(self) -> int:
        """How many letters it has, blanks left aside."""
        return sum(len(letter[0].strip()) for letters in (self.letters, self.turned) for letter in letters)


class Device(PDFTextDevice):  # type: ignore[misc,unused-ignore]
    """Takes from pdfminer what it would draw, and keeps the letters, and the lines and boxes around them."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.page = Page(0, 0, 0)
        self.total = 0
        self._marks: list[int] = []
        self._mode = 0
        self._bold: dict[int, bool] = {}
        self._fonts: list[Any] = []  # keeps them, so that no two share an id

    def begin_page(self, page: Any, ctm: Any) -> None:
        """Start a page."""
        x0, y0, x1, y1 = page.mediabox
        width, height = (x1 - x0, y1 - y0) if page.rotate % 180 == 0 else (y1 - y0, x1 - x0)
        self.page = Page(self.page.number, abs(width), abs(height))
        self._marks = []

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        """Note the marked content that begins; what stands within it without a number of its own belongs to it."""
        mark = self._marks[-1] if self._marks else UNMARKED
        number = props.get("MCID") if isinstance(props, dict) else None
        if isinstance(number, int):
            mark = number
        elif getattr(tag, "name", "") == "Artifact":
            mark = ARTIFACT
        self._marks.append(mark)

    def end_tag(self) -> None:
        """Note the end of marked content."""
        if self._marks:
            self._marks.pop()

    def paint_path(self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        """Keep the lines and boxes that a path draws."""
        if self.ctm is not None:
            self.page.rules.add(path, self.ctm, self.page.height, stroke, fill, graphicstate.ncolor)

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """Note whether what follows is shown."""
        self._mode = textstate.render
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(
        self, matrix: Any, font: Any, fontsize: Any, scaling: Any, rise: Any, cid: Any, ncs: Any, graphicstate: Any
    ) -> float:
        """Keep one letter and return how far it moves the pen."""
        advance: float = font.char_width(cid) * fontsize * scaling
        self.total += 1
        if self.total > MOST_CHARACTERS:
            raise RefusedError("E-TOO-MUCH", f"holds more than {MOST_CHARACTERS:,} characters. Give it in parts.")
        try:
            text = font.to_unichr(cid)
        except (PDFUnicodeNotDefined, KeyError):
            text = _UNKNOWN
        page = self.page
        if text == _UNKNOWN or text.startswith("(cid:"):
            text = _UNKNOWN
            page.unknown += 1
        elif "\ue000" <= text[:1] <= "\uf8ff":
            page.private += 1
        page.invisible += self._mode == _INVISIBLE
        bold = self._bold.get(id(font))
        if bold is None:
            bold = self._note_font(font)
        if font.is_vertical():
            a, b, c, d, x, y = matrix
            matrix, advance_along = (a, b, c, d, x, y), fontsize * 0.5
        else:
            advance_along = advance
        page.add(text, matrix, advance_along, fontsize, bold, self._marks[-1] if self._marks else UNMARKED)
        return advance

    def _note_font(self, font: Any) -> bool:
        name, flags = font.fontname, font.flags
        name = name.decode("latin-1") if isinstance(name, bytes) else str(name)
        bold = bool(_BOLD.search(name)) or bool(isinstance(flags, int) and flags & _FORCE_BOLD)
        self._bold[id(font)] = bold
        self._fonts.append(font)
        return bold


# --- pdfium ------------------------------------------------------------------------------------------------


def count_letters(page: Any) -> int:
    """Return how many letters pdfium finds on a page, blanks left aside."""
    textpage = page.get_textpage()
    try:
        text: str = textpage.get_text_range(errors="ignore")
        return len(text) - sum(map(text.count, " \r\n\t\u00a0\x02\ufffe\x00"))
    finally:
        textpage.close()


def read_quickly(document: pypdfium2.PdfDocument, number: int) -> Page:
    """Return the words of a page as pdfium finds them, each as one letter; some four times as fast as pdfminer."""
    source = document[number - 1]
    try:
        x0, y0, x1, y1 = source.get_mediabox()
        turn = source.get_rotation() % 360
        width, height = (x1 - x0, y1 - y0) if turn % 180 == 0 else (y1 - y0, x1 - x0)
        page = Page(number, abs(width), abs(height))
        show = {
            90: (0, -1, 1, 0, -y0, x1), 180: (-1, 0, 0, -1, x1, y1), 270: (0, 1, -1, 0, y1, -x0)
        }.get(turn, (1, 0, 0, 1, -x0, -y0))  # fmt: skip
        textpage = source.get_textpage()
        try:
            _add_letters(page, textpage.raw, show)
        finally:
            textpage.close()
        return page
    finally:
        source.close()


def _add_letters(page: Page, raw: Any, show: tuple[float, ...]) -> None:
    """Add the letters of a page, a word at a time: to ask for the place of each letter takes long."""
    a, b, c, d, e, f = show
    x, y = ctypes.c_double(), ctypes.c_double()
    box, end, matrix = pdfium.FS_RECTF(), pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    last, size, bold, way = None, 10.0, False, (1.0, 0.0, 0.0, 1.0)
    for text, first, final in _list_words(raw):
        shape = ctypes.cast(pdfium.FPDFText_GetTextObject(raw, first), ctypes.c_void_p).value
        if shape != last:
            last = shape
            size = pdfium.FPDFText_GetFontSize(raw, first)
            bold = pdfium.FPDFText_GetFontWeight(raw, first) >= 600
            if pdfium.FPDFText_GetMatrix(raw, first, matrix):
                way = (matrix.a, matrix.b, matrix.c, matrix.d)
        pdfium.FPDFText_GetCharOrigin(raw, first, x, y)
        pdfium.FPDFText_GetLooseCharBox(raw, first, box)
        pdfium.FPDFText_GetLooseCharBox(raw, final, end)
        if _UNKNOWN in text or pdfium.FPDFText_HasUnicodeMapError(raw, first) == 1:
            page.unknown += len(text)
        page.private += sum("\ue000" <= letter <= "\uf8ff" for letter in text)
        p, q, r, s = way
        turned = (p * a + q * c, p * b + q * d, r * a + s * c, r * b + s * d)
        if abs(p) >= abs(q):
            along = max(box.right, end.right) - min(box.left, end.left)
        else:
            along = max(box.top, end.top) - min(box.bottom, end.bottom)
        length = hypot(p, q) or 1.0
        page.add(
            text, (*turned, x.value * a + y.value * c + e, x.value * b + y.value * d + f), along / length, size, bold,
            UNMARKED,
        )  # fmt: skip


def _list_words(raw: Any) -> Iterator[tuple[str, int, int]]:
    """Yield the words of a page, and where their first and last letter stand among the letters that pdfium counts."""
    count = pdfium.FPDFText_CountChars(raw)
    buffer = (ctypes.c_ushort * (count + 1))()
    found = pdfium.FPDFText_GetText(raw, 0, count, buffer) - 1 if count > 0 else 0
    text = bytes(buffer)[: 2 * max(found, 0)].decode("utf-16-le", "replace")
    if len(text) == count:
        for word in _WORD.finditer(text):
            yield word[0].replace("\x02", "-"), word.start(), word.end() - 1
        return
    for place in range(count):  # where it leaves letters out of the text, or two stand for one, each is asked for
        code = pdfium.FPDFText_GetUnicode(raw, place)
        if code > 32 or code == 2:
            letter = _UNKNOWN if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)
            yield letter.replace("\x02", "-"), place, place
