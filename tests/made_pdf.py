"""PDFs written by hand, a few lines each: pages of text at given places, with tags, passwords or faults as asked."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence

_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def join_objects(objects: Sequence[bytes], trailer: bytes = b"/Root 1 0 R", head: bytes = b"%PDF-1.7\n") -> bytes:
    """Return a PDF of these objects, numbered from 1, with its table of places."""
    data, places = bytearray(head), []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(data)


def stream(content: bytes, extra: bytes = b"", packed: bool = False) -> bytes:
    """Return a stream object."""
    if packed:
        content, extra = zlib.compress(content, 9), extra + b" /Filter /FlateDecode"
    return b"<< /Length %d %s >>\nstream\n" % (len(content), extra) + content + b"\nendstream"


def escape(text: str) -> bytes:
    """Return the text as it stands in a content stream, in Windows-1252."""
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


#: One line of text: left, height from the bottom, size, font (F1 plain, F2 bold), words.
Words = tuple[float, float, float, str, str]


def draw(words: Sequence[Words], extra: bytes = b"") -> bytes:
    """Return the content stream that shows these words."""
    shown = [
        b"BT /%s %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET" % (font.encode(), size, x, y, escape(text))
        for x, y, size, font, text in words
    ]
    return b"\n".join(shown) + b"\n" + extra


def write_pdf(pages: Sequence[Sequence[Words]], *, title: str = "", extra: bytes = b"") -> bytes:
    """Return a PDF with these pages, each 595 by 842 points."""
    return write_contents([draw(words, extra) for words in pages], title=title)


def write_contents(contents: Sequence[bytes], *, title: str = "", catalogue: bytes = b"", more: Sequence[bytes] = (),
                   page: bytes = b"") -> bytes:  # fmt: skip
    """Return a PDF whose pages have these content streams; further objects are numbered from 6 + twice the pages."""
    fonts = b"<< /Font << /F1 3 0 R /F2 4 0 R >> >>"
    kids = b" ".join(b"%d 0 R" % (6 + 2 * n) for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) %s >>" % catalogue,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< /Title (%s) >>" % escape(title),
    ]
    for number, content in enumerate(contents):
        place = b"/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /StructParents %d" % number
        objects.append(b"<< %s /Resources %s /Contents %d 0 R %s >>" % (place, fonts, 7 + 2 * number, page))
        objects.append(stream(content))
    return join_objects([*objects, *more], b"/Root 1 0 R /Info 5 0 R")


def write_tagged(elements: Sequence[tuple[str, Sequence[str]]]) -> bytes:
    """Return a one-page PDF with a tag tree: for each element its role (``L>LI`` for one in another) and its pieces.

    Every piece is a marked content of its own, on a line of its own.
    """
    content, tree, mark, y = b"", b"", 0, 780.0
    for role, pieces in elements:
        kids = b""
        inner = role.rpartition(">")[2].encode()
        for piece in pieces:
            content += b"/%s << /MCID %d >> BDC\n" % (inner, mark) + draw([(72, y, 11, "F1", piece)]) + b"EMC\n"
            kids += b"%d " % mark
            mark, y = mark + 1, y - 20
        element = b"<< /Type /StructElem /S /%s /Pg 6 0 R /K [%s] >>" % (inner, kids)
        for outer in reversed(role.split(">")[:-1]):
            element = b"<< /Type /StructElem /S /%s /Pg 6 0 R /K [%s] >>" % (outer.encode(), element)
        tree += element
    root = b"<< /Type /StructTreeRoot /K [ << /S /Document /K [%s] >> ] >>" % tree
    return write_contents([content], catalogue=b"/MarkInfo << /Marked true >> /StructTreeRoot 8 0 R", more=[root])


#: An element of a tag tree: its role (``TD ColSpan 2`` for one with an attribute), and elements, and pieces of words.
Element = tuple[str, Sequence["Element | str"]]


def write_tree(elements: Sequence[Element], roles: bytes = b"") -> bytes:
    """Return a one-page PDF with this tag tree, and a map of roles.

    Every piece of words is a marked content of its own, on a line of its own; one that begins with ``+`` goes on where
    the one before ended, one with ``^`` stands farther down, and one with ``*`` is bold.
    """
    content, mark, y = b"BT /F1 11 Tf\n", 0, 780.0

    def build(element: Element) -> bytes:
        nonlocal content, mark, y
        role, kids = element
        name, _, attribute = role.partition(" ")
        inner = b""
        for kid in kids:
            if not isinstance(kid, str):
                inner += build(kid)
                continue
            if kid[0] != "+":
                y -= 30 if kid[0] == "^" else 14
                content += b"1 0 0 1 72 %g Tm " % y
            font, shown = b"F2" if "*" in kid[:2] else b"F1", escape(kid.lstrip("+^*"))
            content += b"/%s << /MCID %d >> BDC /%s 11 Tf (%s) Tj EMC\n" % (name.encode(), mark, font, shown)
            inner += b"%d " % mark
            mark += 1
        more = b"/A << /O /Table /%s >>" % attribute.encode() if attribute else b""
        return b"<< /Type /StructElem /S /%s /Pg 6 0 R %s /K [%s] >> " % (name.encode(), more, inner)

    tree = b"".join(build(element) for element in elements)
    root = b"<< /Type /StructTreeRoot /RoleMap << %s >> /K [ << /S /Document /K [%s] >> ] >>" % (roles, tree)
    catalogue = b"/MarkInfo << /Marked true >> /StructTreeRoot 8 0 R"
    return write_contents([content + b"ET\n"], catalogue=catalogue, more=[root])


# --- tables ------------------------------------------------------------------------------------------------


def rule(*lines: tuple[float, float, float, float]) -> bytes:
    """Return what draws lines: each from left and height to left and height."""
    return b"".join(b"%g %g m %g %g l S\n" % line for line in lines)


def fill(*boxes: tuple[float, float, float, float], grey: float = 0.8) -> bytes:
    """Return what fills boxes: each its left, foot, right and top."""
    return b"q %g g\n" % grey + b"".join(b"%g %g %g %g re f\n" % (x, y, r - x, t - y) for x, y, r, t in boxes) + b"Q\n"


def rule_grid(xs: Sequence[float], ys: Sequence[float]) -> bytes:
    """Return what draws a grid of lines at these places."""
    across = [(min(xs), y, max(xs), y) for y in ys]
    return rule(*across, *((x, min(ys), x, max(ys)) for x in xs))


def set_cells(xs: Sequence[float], ys: Sequence[float], rows: Sequence[Sequence[str]], bold: int = 1) -> list[Words]:
    """Return the words of a table whose columns and rows begin there; ``|`` ends a line, the first rows are bold."""
    return [
        (x + 5, y - 12 - 12 * line, 10, "F2" if number < bold else "F1", text)
        for number, (y, row) in enumerate(zip(ys, rows, strict=False))
        for x, cell in zip(xs, row, strict=False)
        for line, text in enumerate(cell.split("|"))
        if text
    ]


# --- passwords ---------------------------------------------------------------------------------------------


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def write_protected(text: str, *, user: bytes, owner: bytes) -> bytes:
    """Return a PDF under 40-bit RC4 (revision 2); an empty user password lets everybody read it."""
    pad_user, pad_owner = (user + _PAD)[:32], (owner + _PAD)[:32]
    lock = _rc4(hashlib.md5(pad_owner, usedforsecurity=False).digest()[:5], pad_user)
    number, rights = b"0123456789abcdef", -44
    seed = pad_user + lock + rights.to_bytes(4, "little", signed=True) + number
    key = hashlib.md5(seed, usedforsecurity=False).digest()[:5]
    content = draw([(72, 700, 11, "F1", text)])
    own = hashlib.md5(key + (5).to_bytes(3, "little") + b"\0\0", usedforsecurity=False).digest()[:10]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 3 0 R >> >> >>",
        stream(_rc4(own, content)),
        b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P %d >>"
        % (lock.hex().encode(), _rc4(key, _PAD).hex().encode(), rights),
    ]
    trailer = b"/Root 1 0 R /Encrypt 6 0 R /ID [<%s> <%s>]" % (number.hex().encode(), number.hex().encode())
    return join_objects(objects, trailer)
