"""Word files in and out: opened with care, since they come from strangers, and saved with the same bytes each time."""

from __future__ import annotations

import datetime
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from mapping.errors import MappingError
from mapping.files import replace_controls

__all__ = [
    "Record",
    "get_record",
    "is_header",
    "list_parts",
    "new_document",
    "open_document",
    "save_document",
    "set_record",
    "unpack",
]

_LARGEST_FILE, _LARGEST_WHOLE, _MOST_PARTS = 30_000_000, 200_000_000, 5_000
_OLD_WORD = b"\xd0\xcf\x11\xe0"
_DAY = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_ZIP_DAY = (2000, 1, 1, 0, 0, 0)
_RECORD = "urn:strategy-crossmap:paper"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

#: What was written: ``run``, ``edition`` and ``blocks``, the text of each block by its key; ``words``, a hash of all
#: words of the file; ``from``, that of the version it was made from; ``edits``, the numbers of the versions whose
#: edits it holds; ``noted``, what each block with a note below it said before, by key.
Record = dict[str, Any]


def new_document() -> Document:
    """Return an empty document, without the picture and the words that the library puts into one."""
    document = docx.Document()
    for key, relation in list(document.part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del document.part.package.rels[key]
    return document


def unpack(path: str | Path) -> dict[str, bytes]:
    """Return the parts of a Word file by name.

    Raises
    ------
    MappingError
        When it is no Word file, an old or locked one, too large when unpacked, or holds XML with declarations of its
        own.
    """
    file = Path(path)
    try:
        data = file.read_bytes() if file.stat().st_size <= _LARGEST_FILE else None
    except OSError as error:
        raise MappingError(f"{path}: cannot be read ({error.strerror}).") from error
    if data is None:
        raise MappingError(f"{path}: is larger than 30 MB; take large pictures out of it.")
    if data.startswith(_OLD_WORD):
        raise MappingError(f"{path}: is an old Word file (.doc) or locked with a password. Save it as .docx, unlocked.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_PARTS or sum(entry.file_size for entry in entries) > _LARGEST_WHOLE:
                raise MappingError(f"{path}: is far larger when unpacked than a Word file can be.")
            parts = {entry.filename: _inflate(archive, entry) for entry in entries if not entry.is_dir()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise MappingError(f"{path}: is no Word file (.docx), or is damaged. Save it in Word again.") from error
    if "[Content_Types].xml" not in parts or "word/document.xml" not in parts:
        raise MappingError(f"{path}: is no Word document; a .docx file is expected.")
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            _check_xml(path, name, content)
    return parts


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return one part; what the archive says of its size is not believed."""
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) > entry.file_size:
        raise ValueError("larger than it says")
    return content


def _check_xml(path: str | Path, name: str, content: bytes) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise MappingError(f"{path}: its part {name} is damaged ({error.msg}).") from error
    if tree.getroottree().docinfo.doctype or tree.getroottree().docinfo.internalDTD is not None:
        raise MappingError(f"{path}: its part {name} declares entities of its own, which no Word file does.")


def pack(parts: dict[str, bytes]) -> bytes:
    """Return parts as a zip archive: the same bytes for the same parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def open_document(path: str | Path, parts: dict[str, bytes] | None = None) -> Document:
    """Open a Word file, or parts that were unpacked and cleaned before."""
    content = dict(unpack(path) if parts is None else parts)
    # A template, or a file with macros, is read as the document it holds; macros are parts that nothing here runs.
    types = content["[Content_Types].xml"].decode("utf-8", "replace")
    types = re.sub(
        r"application/vnd\.(?:openxmlformats-officedocument\.wordprocessingml\.template"
        r"|ms-word\.(?:document|template)\.macroEnabled)(?:Template)?\.main\+xml",
        _MAIN,
        types,
    )
    content["[Content_Types].xml"] = types.encode("utf-8")
    try:
        return docx.Document(io.BytesIO(pack(content)))
    except (KeyError, ValueError, AttributeError, TypeError, etree.XMLSyntaxError) as error:
        raise MappingError(f"{path}: cannot be opened as a Word document. Save it in Word as .docx again.") from error


def save_document(document: Document) -> bytes:
    """Return a document as bytes: the same for the same content, whatever the day."""
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return pack({name: archive.read(name) for name in archive.namelist()})


def is_header(relation: Any) -> bool:
    """Tell whether a relation leads to a header or a footer."""
    return not relation.is_external and relation.reltype.rsplit("/", 1)[-1] in ("header", "footer")


def list_parts(document: Document, *kinds: str) -> list[Any]:
    """Return the parts beside the body as elements, by the last word of their kind: header, footer, comments."""
    found = []
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.rsplit("/", 1)[-1] in kinds:
            part = relation.target_part
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            found.append(part.element if hasattr(part, "element") else etree.fromstring(part.blob, parser))
    return found


def describe(document: Document, title: str, language: str, subject: str) -> None:
    """Set the core properties; the dates are fixed, so that the day of the run changes no byte."""
    core = document.core_properties
    core.title, core.subject = (replace_controls(text)[:255] for text in (title, subject))
    core.language = language
    core.author = core.comments = core.keywords = core.last_modified_by = core.category = ""
    core.revision, core.created, core.modified = 1, _DAY, _DAY


# --- what was written, kept in the file ----------------------------------------------------------------------


def set_record(document: Document, record: Record) -> None:
    """Keep in the file what was written into it, so that a later run can say what changed."""
    root = etree.Element(f"{{{_RECORD}}}paper", nsmap={None: _RECORD})
    root.text = json.dumps(record, ensure_ascii=False, sort_keys=True)
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = _find_record(document)
    if part is not None:
        part._blob = content
        return
    package = document.part.package
    names = {str(other.partname) for other in package.iter_parts()}
    number = next(n for n in range(1, 1000) if f"/customXml/item{n}.xml" not in names)
    kept = Part(PackURI(f"/customXml/item{number}.xml"), "application/xml", content, package)
    document.part.relate_to(kept, RT.CUSTOM_XML)


def get_record(document: Document) -> Record | None:
    """Return what was written into a file, or nothing where it is not one of ours."""
    part = _find_record(document)
    if part is None:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        record = json.loads(etree.fromstring(part.blob, parser).text or "")
    except (ValueError, etree.XMLSyntaxError):
        return None
    return record if _is_record(record) else None


def _is_record(record: Any) -> bool:
    """Tell whether a record has the form that is written here: the file may come from a stranger."""
    if not isinstance(record, dict) or not isinstance(record.get("blocks"), dict):
        return False
    edits, noted = record.get("edits", []), record.get("noted", {})
    if not isinstance(edits, list) or not isinstance(noted, dict):
        return False
    texts = [*record["blocks"].values(), *noted.values(), record.get("words", ""), record.get("from", "")]
    return all(isinstance(text, str) for text in texts) and all(isinstance(number, int) for number in edits)


def _find_record(document: Document) -> Any:
    for relation in document.part.rels.values():
        if relation.reltype == RT.CUSTOM_XML and not relation.is_external:
            part = relation.target_part
            if _RECORD.encode() in part.blob[:2000]:
                return part
    return None
