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
