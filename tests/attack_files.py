"""Files that attack a reader, built in a few lines each, class by class; and what must come of each.

``ATTACKS`` lists them. ``python tests/attack_files.py FOLDER`` builds all of them, for trying by hand.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from made_pdf import draw, join_objects, stream, write_contents, write_pdf, write_protected

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
_OFFICE = "application/vnd.openxmlformats-officedocument"
_DOCX_TYPES = _TYPES.format(
    f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}.wordprocessingml.document.main+xml"/>'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_MAIN = f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="{{}}"/>'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_XLSX_TYPES = _TYPES.format(
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_OFFICE}.spreadsheetml.sheet.main+xml"/>'
)

Parts = dict[str, str | bytes]


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes
    ----------
    name : str
        Of the file.
    group : str
        The class of attack: A1 zip bombs, A2 amplification, A3 entities, A4 outside references, A5 names in archives,
        A6 structures of PDF, A7 passwords, A8 no text, A9 wrong kinds, A10 web pages, A11 things that are no files.
    build : callable
        Writes it into a folder and returns its path.
    ends : tuple of str
        The outcomes and codes that are right.
    slow : bool
        Whether it takes seconds to build or to read.
    """

    name: str
    group: str
    build: Callable[[Path], Path]
    ends: tuple[str, ...]
    slow: bool = False


def zip_parts(parts: Parts) -> bytes:
    """Return a zip file of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def docx_parts(body: str, *, head: str = "", rels: str = "", **more: str) -> Parts:
    """Return the parts of a Word document with this body."""
    parts: Parts = {
        "[Content_Types].xml": _DOCX_TYPES,
        "_rels/.rels": _RELS.format(_MAIN.format("word/document.xml")),
        "word/document.xml": f"{head}<w:document {_W}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _RELS.format(rels),
    }
    for name, text in more.items():
        parts[f"word/{name}.xml"] = text
    return parts


def xlsx_parts(rows: str, *, strings: str = "", dimension: str = "A1:A2", head: str = "") -> Parts:
    """Return the parts of a workbook whose one sheet has these rows."""
    relations = (
        f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    )
    workbook = (
        f'<workbook {_S} xmlns:r="{_RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    sheet = f'<worksheet {_S}><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    return {
        "[Content_Types].xml": _XLSX_TYPES,
        "_rels/.rels": _RELS.format(_MAIN.format("xl/workbook.xml")),
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": _RELS.format(relations),
        "xl/worksheets/sheet1.xml": head + sheet,
        "xl/sharedStrings.xml": f"<sst {_S}>{strings}</sst>",
    }


def paragraph(text: str) -> str:
    """Return a paragraph of Word."""
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def save(name: str, make: Callable[[], bytes]) -> Callable[[Path], Path]:
    """Return what writes these bytes under this name."""

    def build(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(make())
        return path

    return build


# --- A1, A2, A5: archives ----------------------------------------------------------------------------------


def docx_of_spaces(megabytes: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _DOCX_TYPES)
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(f"<w:document {_W}><w:body><w:p><w:r><w:t>".encode())
            for _ in range(megabytes):
                part.write(b" " * 1_000_000)
            part.write(b"</w:t></w:r></w:p></w:body></w:document>")
    return out.getvalue()


def lie_about_size() -> bytes:
    """Return a document whose directory says that its main part has 100 bytes; it has 50 million."""
    data = bytearray(docx_of_spaces(50))
    real = zipfile.ZipFile(io.BytesIO(data)).getinfo("word/document.xml").file_size
    needle = struct.pack("<L", real)
    place = data.rfind(b"PK\x01\x02")
    at = data.index(needle, place)
    data[at : at + 4] = struct.pack("<L", 100)
    return bytes(data)


def double_names() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", _DOCX_TYPES)
        archive.writestr("word/document.xml", f"<w:document {_W}/>")
        archive.writestr("word/Xocument.xml", f"<w:document {_W}/>")
    return out.getvalue().replace(b"word/Xocument.xml", b"word/document.xml")


def climbing_names() -> bytes:
    parts = docx_parts(paragraph("Improve air quality."))
    parts["../../climbed.txt"] = "x"
    parts["/absolute-climbed.txt"] = "x"
    out = io.BytesIO(zip_parts(parts))
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("word/link-climbed")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/hostname")
    return out.getvalue()


def shown_often() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 3001))
    return zip_parts(xlsx_parts(rows, strings=f"<si><t>{'long ' * 6000}</t></si>"))


def sheet_of_rows(rows: int) -> bytes:
    made = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, rows + 1))
    return zip_parts(xlsx_parts(made))


def far_cell() -> bytes:
    row = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    return zip_parts(xlsx_parts(row))


# --- A3, A4: entities and references -----------------------------------------------------------------------

_BOMB = "<!DOCTYPE w [" + "".join(
    f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' if n else '<!ENTITY a1 "ha">' for n in range(10)
) + "]>"  # fmt: skip


def docx_entities(outside: str = "") -> bytes:
    head = f'<!DOCTYPE w [<!ENTITY x SYSTEM "{outside}">]>' if outside else _BOMB
    return zip_parts(docx_parts(paragraph("&x;" if outside else "&a10;"), head=head))


def xlsx_in_utf16() -> bytes:
    parts = xlsx_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    sheet = str(parts["xl/worksheets/sheet1.xml"])
    head = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]>'
    parts["xl/worksheets/sheet1.xml"] = (head + sheet).encode("utf-16")
    return zip_parts(parts)


def docx_outside(address: str) -> bytes:
    """Return a document that wants a template, a picture and a linked chapter from elsewhere."""
    rels = "".join(
        f'<Relationship Id="x{kind}" Type="{_RELATIONS}/{kind}" Target="{address}/{kind}" TargetMode="External"/>'
        for kind in ("attachedTemplate", "image", "subDocument", "oleObject")
    )
    return zip_parts(docx_parts(paragraph("Improve air quality."), rels=rels))


# --- A6: structures of PDF ---------------------------------------------------------------------------------

_CATALOGUE, _FONT = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_HEAD = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
_PAGE = _HEAD + b"/Resources << /Font << /F1 3 0 R >> %s >> >>"
_HELLO = draw([(72, 700, 11, "F1", "Improve air quality in every ward of the city.")])


def one_page(content: bytes, *more: bytes, resources: bytes = b"", pages: bytes = b"/Kids [4 0 R] /Count 1") -> bytes:
    return join_objects([_CATALOGUE, b"<< /Type /Pages %s >>" % pages, _FONT, _PAGE % resources, content, *more])


def deep_pages(depth: int) -> bytes:
    nodes = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 1) for n in range(6, 6 + depth)]
    last = 6 + depth
    nodes.append(b"<< /Type /Page /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>")
    assert last == 5 + len(nodes)
    return one_page(stream(_HELLO), *nodes, pages=b"/Kids [6 0 R] /Count 1")


def circle_of_pages() -> bytes:
    return one_page(stream(_HELLO), pages=b"/Kids [2 0 R 4 0 R] /Count 2")


def many_pages() -> bytes:
    return one_page(stream(_HELLO), pages=b"/Kids [" + b"4 0 R " * 300_000 + b"] /Count 300000")


def form_fan(levels: int) -> bytes:
    forms = []
    for n in range(levels):
        inner = b"/X Do " * 20 if n < levels - 1 else _HELLO
        own = b"/XObject << /X %d 0 R >>" % (7 + n) if n < levels - 1 else b""
        extra = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> %s >>" % own
        forms.append(stream(inner, extra))
    return one_page(stream(b"/X Do"), *forms, resources=b"/XObject << /X 6 0 R >>")


def form_circle() -> bytes:
    extra = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 6 0 R >> >>"
    return one_page(stream(_HELLO + b"/X Do"), stream(b"/X Do", extra), resources=b"/XObject << /X 6 0 R >>")


def to_unicode_bomb() -> bytes:
    ranges = b"".join(b"<0000> <FFFF> <0041>\n" for _ in range(3000))
    table = b"/CIDInit /ProcSet findresource begin begincmap 3000 beginbfrange\n" + ranges + b"endbfrange endcmap end"
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [7 0 R] "
    font += b"/ToUnicode 8 0 R >>"
    below = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (A) /Ordering (I) >> >>"
    content = stream(b"BT /F2 11 Tf 72 700 Td <00410042> Tj ET")
    page = _HEAD + b"/Resources << /Font << /F2 6 0 R >> >> >>"
    pages = b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>"
    return join_objects([_CATALOGUE, pages, _FONT, page, content, font, below, stream(table, packed=True)])


def big_stream(megabytes: int, twice: bool = False) -> bytes:
    squeeze = zlib.compressobj(9)
    packed = b"".join(squeeze.compress(b" " * 1_000_000) for _ in range(megabytes)) + squeeze.flush()
    filters = b"/FlateDecode"
    if twice:
        packed, filters = zlib.compress(packed, 9), b"/FlateDecode /FlateDecode"
    return one_page(stream(packed, b"/Filter [%s]" % filters))


def previous_circle() -> bytes:
    data = write_pdf([[(72, 700, 11, "F1", "Improve air quality in every ward of the city.")]])
    place = data.rindex(b"xref\n", 0, data.rindex(b"startxref"))
    return data.replace(b"/Info 5 0 R", b"/Info 5 0 R /Prev %d" % place)


_GOOD = [[(72, 700, 11, "F1", "Improve air quality in every ward of the city.")]]


def broken_table() -> bytes:
    data = write_pdf(_GOOD)
    return data[: data.rindex(b"startxref")] + b"startxref\n99999999\n%%EOF"


# --- A8: no text -------------------------------------------------------------------------------------------


def unknown_letters() -> bytes:
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [7 0 R] >>"
    below = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (A) /Ordering (Z) >> >>"
    page = _HEAD + b"/Resources << /Font << /F2 6 0 R >> >> >>"
    content = stream(b"BT /F2 11 Tf 72 700 Td <" + b"01020304" * 20 + b"> Tj ET")
    return join_objects([_CATALOGUE, b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>", _FONT, page, content, font, below])


def scan(pages: int = 1, with_text: int = 0, unseen: bool = False) -> bytes:
    blank = b"0 0 1 rg 72 72 400 600 re f"
    text = (b"3 Tr " if unseen else b"") + _HELLO
    if unseen:
        text = text.replace(b"Tm (", b"Tm 3 Tr (")
    return write_contents([text if n < with_text else blank for n in range(pages)])


# --- A9, A10, A11 ------------------------------------------------------------------------------------------


def ole(inner: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + inner.encode("utf-16-le") + b"\0" * 1000


def make_pipe(folder: Path) -> Path:
    path = folder / "pipe.pdf"
    os.mkfifo(path)
    return path


def make_circle(folder: Path) -> Path:
    path = folder / "circle.docx"
    path.symlink_to(path.name)
    return path


def make_device(folder: Path) -> Path:
    path = folder / "device.pdf"
    path.symlink_to("/dev/zero")  # a link, so that clearing up never touches the device
    return path


def make_folder(folder: Path) -> Path:
    path = folder / "folder.pdf"
    path.mkdir()
    return path


def make_sparse(folder: Path) -> Path:
    path = folder / "sparse.pdf"
    with open(path, "wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(4_000_000_000)
    return path


def make_missing(folder: Path) -> Path:
    return folder / "missing.pdf"


_READ = ("ok", "ok with warnings")
_PAGE_OF_WEB = "<html><head><title>Plan</title>{}</head><body><h1>Plan</h1><p>Improve air quality.</p>{}</body></html>"


def web(head: str = "", body: str = "", code: str = "utf-8") -> bytes:
    return _PAGE_OF_WEB.format(head, body).encode(code)


_REFRESH = '<base href="http://127.0.0.1:9/"><meta http-equiv=refresh content="0;url=/x">'


def many_attributes() -> bytes:
    return web(body="<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">Tackle crime.</p>")


def _list_attacks() -> list[Attack]:
    def one(group: str, name: str, make: Callable[[], bytes], *ends: str, slow: bool = False) -> Attack:
        return Attack(name, group, save(name, make), ends, slow)

    good_docx = zip_parts(docx_parts(paragraph("Improve air quality.")))
    many = {f"word/part{n}.xml": "" for n in range(5_001)}
    return [
        one("A1", "spaces.docx", lambda: docx_of_spaces(150), "E-BOMB"),
        one("A1", "gigabyte.docx", lambda: docx_of_spaces(1_000), "E-BOMB", slow=True),
        one("A1", "paragraphs.docx", lambda: zip_parts(docx_parts("<w:p/>" * 4_000_000)), "E-BOMB"),
        one("A1", "lies.docx", lie_about_size, "E-BOMB", "E-DAMAGED"),
        one("A1", "parts.docx", lambda: zip_parts({**docx_parts(""), **many}), "E-BOMB"),
        one("A1", "names.docx", double_names, "E-BOMB"),
        one("A1", "gigabyte.xlsx", lambda: zip_parts(xlsx_parts(" " * 120_000_000)), "E-BOMB"),
        one("A2", "shown.xlsx", shown_often, "E-TOO-MUCH"),
        one("A2", "far.xlsx", far_cell, "E-TOO-MUCH"),
        one("A2", "rows.xlsx", lambda: sheet_of_rows(50_000), *_READ),
        one("A2", "million.xlsx", lambda: sheet_of_rows(1_000_000), *_READ, "E-TOO-MUCH", "E-BOMB", slow=True),
        one("A3", "entities.docx", docx_entities, "E-DOCTYPE"),
        one("A3", "outside.docx", lambda: docx_entities("file:///etc/hostname"), "E-DOCTYPE"),
        one("A3", "entities.xlsx", lambda: zip_parts(xlsx_parts("<row/>", head=_BOMB)), "E-DOCTYPE"),
        one("A3", "utf16.xlsx", xlsx_in_utf16, "E-DOCTYPE"),
        one("A4", "references.docx", lambda: docx_outside("http://127.0.0.1:9"), _READ[1]),
        one("A5", "climbing.docx", climbing_names, *_READ),
        one("A6", "circle-of-pages.pdf", circle_of_pages, *_READ, "E-DAMAGED"),
        one("A6", "deep-pages.pdf", lambda: deep_pages(50_000), *_READ, "E-DAMAGED", "E-CRASH", "E-NO-TEXT"),
        one("A6", "count.pdf", lambda: one_page(stream(_HELLO), pages=b"/Kids [4 0 R] /Count 2000000000"), *_READ,
            "E-TOO-MUCH", "E-DAMAGED"),
        one("A6", "many-pages.pdf", many_pages, *_READ, "E-TOO-MUCH", slow=True),
        one("A6", "arrays.pdf", lambda: one_page(stream(b"[" * 100_000 + b"]" * 100_000 + b" TJ " + _HELLO)), *_READ,
            "E-DAMAGED", "E-NO-TEXT"),
        one("A6", "form-circle.pdf", form_circle, *_READ),
        one("A6", "form-fan.pdf", lambda: form_fan(9), "E-MEMORY", "E-TIME", "E-TOO-MUCH", *_READ, slow=True),
        one("A6", "to-unicode.pdf", to_unicode_bomb, *_READ, "E-TIME", "E-MEMORY", "E-NO-TEXT", slow=True),
        one("A6", "gigabyte.pdf", lambda: big_stream(1_000), "E-MEMORY", "E-TIME", "E-NO-TEXT", "E-DAMAGED", slow=True),
        one("A6", "twice.pdf", lambda: big_stream(2_000, twice=True), "E-MEMORY", "E-TIME", "E-NO-TEXT", "E-DAMAGED",
            slow=True),
        one("A6", "operators.pdf", lambda: one_page(stream(_HELLO + b"BT (x) Tj ET\n" * 2_000_000, packed=True)),
            "E-MEMORY", "E-TIME", "E-TOO-MUCH", *_READ, slow=True),
        one("A6", "previous.pdf", previous_circle, *_READ, "E-DAMAGED"),
        one("A6", "broken-table.pdf", broken_table, *_READ),
        one("A6", "cut-short.pdf", lambda: write_pdf(_GOOD)[:400], "E-DAMAGED", "E-NO-TEXT"),
        one("A6", "junk.pdf", lambda: b"junk " * 150 + write_pdf(_GOOD), *_READ, "E-DAMAGED"),
        one("A7", "password.pdf", lambda: write_protected("Tackle crime.", user=b"a", owner=b"b"), "E-ENCRYPTED"),
        one("A7", "owner.pdf", lambda: write_protected("Tackle crime.", user=b"", owner=b"b"), *_READ),
        one("A7", "password.docx", lambda: ole("EncryptedPackage"), "E-ENCRYPTED"),
        one("A8", "scan.pdf", scan, "E-NO-TEXT"),
        one("A8", "half-scan.pdf", lambda: scan(8, 2), "ok with warnings"),
        one("A8", "unseen.pdf", lambda: scan(1, 1, unseen=True), "ok with warnings"),
        one("A8", "unknown.pdf", unknown_letters, "E-NO-TEXT"),
        one("A9", "really-a-pdf.docx", lambda: write_pdf(_GOOD), "ok with warnings"),
        one("A9", "empty.pdf", lambda: b"", "E-EMPTY"),
        one("A9", "no-zip.docx", lambda: b"This is no document of Word.", "E-DAMAGED"),
        one("A9", "cut-short.docx", lambda: good_docx[: len(good_docx) // 2], "E-DAMAGED"),
        one("A9", "old.doc", lambda: ole("WordDocument"), "E-KIND"),
        one("A9", "old.xls", lambda: ole("Workbook"), "E-KIND"),
        one("A9", "rich.doc", lambda: b"{\\rtf1 Improve air quality}", "E-KIND"),
        one("A9", "picture.pdf", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "E-KIND"),
        one("A10", "script.html", lambda: web("<script>document.write(1)</script>", "<img src=x onerror=x()>"), "ok"),
        one("A10", "deep.html", lambda: web(body="<div>" * 100_000), "E-DAMAGED"),
        one("A10", "attributes.html", lambda: web(body=f"<p a='{'x' * 50_000_000}'>Tackle crime.</p>"), *_READ),
        one("A10", "many-attributes.html", many_attributes, *_READ),
        one("A10", "refresh.html", lambda: web(_REFRESH), "ok with warnings"),
        one("A10", "charset.html", lambda: web('<meta charset="latin-1">', "<p>“Café”</p>"), "ok with warnings"),
        Attack("pipe.pdf", "A11", make_pipe, ("E-NOT-A-FILE",)),
        Attack("circle.docx", "A11", make_circle, ("E-NOT-A-FILE",)),
        Attack("folder.pdf", "A11", make_folder, ("E-NOT-A-FILE",)),
        Attack("sparse.pdf", "A11", make_sparse, ("E-TOO-LARGE",)),
        Attack("missing.pdf", "A11", make_missing, ("E-NOT-FOUND",)),
        Attack("device.pdf", "A11", make_device, ("E-NOT-A-FILE",)),
        one("A11", "two\nlines.txt", lambda: b"Improve air quality.", "ok"),
    ]  # fmt: skip


#: Every attack, in the order of their classes.
ATTACKS = _list_attacks()


if __name__ == "__main__":
    for attack in ATTACKS:
        print(attack.group, attack.build(Path(sys.argv[1])).name.replace("\n", " "), "->", " or ".join(attack.ends))
