"""What is looked at before a document is opened: its size, what kind of file it is, and what a zip file would grow to.

Nothing here parses: these checks run in the main process, where a fault would end the whole run.
"""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path

from mapping.sources.limits import (
    LARGEST_FILE,
    LARGEST_PART,
    LARGEST_RATIO,
    LARGEST_TOTAL,
    MOST_ENTRIES,
    RATIO_FROM,
)
from mapping.sources.refusals import RefusedError

__all__ = ["Kind", "find_doctype", "find_kind", "read_bytes", "weigh"]

_MB = 1_000_000
_GIVE = "Give the document as PDF, Word (.docx), web page, Excel (.xlsx), CSV or text."
_DOCX = "Open it in Word or LibreOffice and save it as Word document (.docx), without a password."
_XLSX = "Open it in Excel or LibreOffice and save it as Excel workbook (.xlsx), without a password."
# What other files begin with, and what they are in words.
_MAGIC = (
    (b"{\\rtf", "a Rich Text file (.rtf)", _DOCX),
    (b"\x89PNG", "a picture (PNG)", _GIVE),
    (b"\xff\xd8\xff", "a picture (JPEG)", _GIVE),
    (b"GIF8", "a picture (GIF)", _GIVE),
    (b"BM", "a picture (BMP)", _GIVE),
    (b"II*\0", "a picture (TIFF)", _GIVE),
    (b"MM\0*", "a picture (TIFF)", _GIVE),
    (b"\x1f\x8b", "a compressed file (gzip)", "Unpack it and give what is inside."),
    (b"7z\xbc\xaf", "an archive (7z)", "Unpack it and give what is inside."),
    (b"Rar!", "an archive (RAR)", "Unpack it and give what is inside."),
    (b"%!PS", "a PostScript file", "Save it as PDF and give that."),
    (b"\x7fELF", "a program", _GIVE),
    (b"MZ\x90", "a program", _GIVE),
    (b"SQLite format 3", "a database (SQLite)", _GIVE),
    (b"\xdbC-", "a Lotus document", _DOCX),
    (b"\xffWPC", "a WordPerfect document", _DOCX),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|div|p|table|h[1-6]|ul|ol|article|main|section|script|style|span|a|br"
    r"|base|link|center|font|b|i|img|form)[\s/>]",
    re.IGNORECASE,
)
_MHT = re.compile(r"(?:MIME-Version|From|Content-Type): .*(?:multipart/related|Saved by)", re.DOTALL | re.IGNORECASE)
_LEADING = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_MAIN_PARTS = {
    "word": re.compile(rb"wordprocessingml\.(?:document|template)\.main|ms-word\.(?:document|template)\.macroEnabled"),
    "spreadsheet": re.compile(rb"spreadsheetml\.(?:sheet|template)\.main|ms-excel\.sheet\.macroEnabled"),
}
_MIMETYPES = {
    "application/vnd.oasis.opendocument.spreadsheet": "spreadsheet",
    "application/vnd.oasis.opendocument.spreadsheet-template": "spreadsheet",
}


@dataclass(frozen=True)
class Kind:
    """What a file is by its content.

    Attributes
    ----------
    name : str
        pdf, word, web, spreadsheet, csv, text or markdown.
    warning : str
        Where the file's name says something else; empty if it agrees.
    """

    name: str
    warning: str = ""


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a regular file within the size limit.

    Raises
    ------
    RefusedError
        ``E-NOT-FOUND``, ``E-NOT-A-FILE``, ``E-UNREADABLE``, ``E-TOO-LARGE`` or ``E-EMPTY``.
    """
    try:
        # Not to wait for a writer on a pipe, nor to wake a device; whether it is a file is asked of what was opened,
        # as the name may mean something else a moment later.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise _refuse_opening(path, error) from error
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            what = "a folder" if stat.S_ISDIR(state.st_mode) else "a pipe or a device"
            raise RefusedError("E-NOT-A-FILE", f"is {what}, not a file. Give the path of the document itself.")
        if state.st_size > LARGEST_FILE:
            raise _refuse_size(state.st_size)
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _refuse_opening(path, error) from error
    finally:
        os.close(handle)
    if len(data) > LARGEST_FILE:
        raise _refuse_size(len(data))
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise RefusedError("E-EMPTY", "is empty. Give the document itself; perhaps it was not copied to the end.")
    return data


def _refuse_opening(path: Path, error: Exception) -> RefusedError:
    if isinstance(error, FileNotFoundError) and not os.path.islink(path):
        return RefusedError("E-NOT-FOUND", "there is no such file. Check the name and the folder.")
    if isinstance(error, IsADirectoryError) or (isinstance(error, PermissionError) and os.path.isdir(path)):
        return RefusedError("E-NOT-A-FILE", "is a folder, not a file. Give the path of the document itself.")
    reason = getattr(error, "strerror", None) or str(error)
    if not isinstance(error, PermissionError) and (os.path.islink(path) or isinstance(error, ValueError)):
        return RefusedError("E-NOT-A-FILE", f"leads to no file ({reason}). Give the path of the document itself.")
    remedy = "Close it in other programs, or copy it to your own folder, and try again."
    return RefusedError("E-UNREADABLE", f"could not be opened ({reason}). {remedy}")


def _refuse_size(size: int) -> RefusedError:
    message = (
        f"is {size / _MB:,.0f} MB; at most {LARGEST_FILE // _MB} MB is read. Save it without pictures, or in parts."
    )
    return RefusedError("E-TOO-LARGE", message)


def find_kind(data: bytes, name: str) -> Kind:
    """Tell what a file is by its content; its name decides only between kinds of text.

    Raises
    ------
    RefusedError
        ``E-KIND``, ``E-ENCRYPTED``, ``E-DAMAGED`` or ``E-BOMB``: what it is, and what to give instead.
    """
    ending = Path(name).suffix.lower()
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _check_name(weigh(data), ending)
    if b"%PDF-" in data[:1024]:
        return _check_name("pdf", ending)
    if data.startswith(_OLE):
        raise _refuse_ole(data)
    for magic, what, remedy in _MAGIC:
        if data.startswith(magic) and (magic != b"BM" or b"\0" in data[:32]):
            raise RefusedError("E-KIND", f"is {what}, which is not read. {remedy}")
    if ending in (".pdf", ".docx", ".xlsx", ".ods"):
        what = "PDF" if ending == ".pdf" else "zip file, as every such document is"
        message = f"is named {ending} but is no {what}: it is damaged, was cut short, or is something else."
        raise RefusedError("E-DAMAGED", f"{message} Open it in its program and save it anew.")
    return Kind(_find_text_kind(data, ending))


def _find_text_kind(data: bytes, ending: str) -> str:
    codec = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "latin-1"  # only to look for signs in ASCII
    head = data[:8192].decode(codec, "replace").lstrip("\ufeff\xef\xbb\xbf")
    body = head[_LEADING.match(head).end() :]  # type: ignore[union-attr]
    if ending in (".csv", ".tsv", ".tab"):
        return "csv"
    if ending in (".md", ".markdown"):
        return "markdown"
    if ending in (".html", ".htm", ".xhtml") or _HTML.match(body) or (ending != ".txt" and "<html" in head.lower()):
        return "web"
    if re.match(
        r"(?:MIME-Version|From|Content-Type): .*(?:multipart/related|Saved by)", head, re.DOTALL | re.IGNORECASE
    ):
        raise RefusedError("E-KIND", "is a web archive (.mht), which is not read. Save the page as HTML or PDF.")
    if head.startswith("<?xml") or (ending == ".xml" and body.startswith("<")):
        raise RefusedError("E-KIND", f"is an XML file, which is not read. {_GIVE}")
    return "text"


def _check_name(kind: str, ending: str) -> Kind:
    endings = {
        "pdf": (".pdf",),
        "word": (".docx", ".docm", ".dotx", ".dotm"),
        "spreadsheet": (".xlsx", ".xlsm", ".xltx", ".ods", ".ots"),
    }[kind]
    called = {"pdf": "a PDF", "word": "a Word document", "spreadsheet": "a workbook"}[kind]
    if ending in endings or not ending:
        return Kind(kind)
    return Kind(kind, f"is named {ending} but is {called}, and was read as that.")


def _refuse_ole(data: bytes) -> RefusedError:
    names = {
        name: name.encode("utf-16-le") in data for name in ("EncryptedPackage", "WordDocument", "Workbook", "Book")
    }
    if names["EncryptedPackage"]:
        advice = "Open it with its password, save a copy without one, and give that."
        return RefusedError("E-ENCRYPTED", f"is protected with a password. {advice}")
    if names["WordDocument"]:
        return RefusedError("E-KIND", f"is a document of Word 97-2003 (.doc), which is not read. {_DOCX}")
    if names["Workbook"] or names["Book"]:
        return RefusedError("E-KIND", f"is a workbook of Excel 97-2003 (.xls), which is not read. {_XLSX}")
    return RefusedError("E-KIND", f"is a file of an older Office program, which is not read. {_DOCX}")


# --- zip files ---------------------------------------------------------------------------------------------


def weigh(data: bytes) -> str:
    """Return what a zip file is, once its directory is known to be honest and to lead to nothing too large.

    Raises
    ------
    RefusedError
        ``E-BOMB``, ``E-ENCRYPTED``, ``E-DAMAGED`` or ``E-KIND``.
    """
    remedy = "Open it in its program, save it anew, and give that."
    # Python's own reader keeps every entry of a directory in memory, so entries are counted first.
    if data.count(b"PK\x01\x02") > MOST_ENTRIES:
        raise RefusedError("E-BOMB", f"has more than {MOST_ENTRIES:,} parts. {remedy}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries, remedy)
            return _find_zip_kind(archive)
    except RefusedError:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise RefusedError("E-DAMAGED", f"is damaged or was cut short ({error}). {remedy}") from error
    except Exception as error:  # zlib.error and struct.error among others: a directory that was made up
        raise RefusedError("E-DAMAGED", f"is damaged ({error}). {remedy}") from error


def _check_entries(entries: list[zipfile.ZipInfo], remedy: str) -> None:
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        double = next(name for name in names if names.count(name) > 1)
        raise RefusedError("E-BOMB", f"has two parts named '{double[:80]}', so its content is not certain. {remedy}")
    for entry in entries:
        if entry.flag_bits & 1:
            advice = "Save a copy without a password and give that."
            raise RefusedError("E-ENCRYPTED", f"is protected with a password. {advice}")
        name, size = entry.filename[:80], f"{entry.file_size / _MB:,.0f} MB"
        if entry.file_size > LARGEST_PART:
            limit = f"at most {LARGEST_PART // _MB} MB is read"
            raise RefusedError("E-BOMB", f"its part '{name}' would unpack to {size}; {limit}. {remedy}")
        if entry.file_size > RATIO_FROM and entry.file_size > LARGEST_RATIO * max(1, entry.compress_size):
            times = f"more than {LARGEST_RATIO} times its size"
            raise RefusedError("E-BOMB", f"its part '{name}' would unpack to {times}, as a trap does. {remedy}")
    if (total := sum(entry.file_size for entry in entries)) > LARGEST_TOTAL:
        limit = f"at most {LARGEST_TOTAL // _MB} MB is read"
        raise RefusedError("E-BOMB", f"would unpack to {total / _MB:,.0f} MB; {limit}. {remedy}")


def _find_zip_kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "mimetype" in names:
        with archive.open("mimetype") as part:
            told = part.read(200).decode("ascii", "replace").strip()
        if told in _MIMETYPES:
            return _MIMETYPES[told]
        if "opendocument.text" in told:
            raise RefusedError("E-KIND", f"is an OpenDocument text (.odt), which is not read. {_DOCX}")
        if "opendocument" in told or "epub" in told:
            raise RefusedError("E-KIND", f"is a file of the kind {told[:80]}, which is not read. {_GIVE}")
    if "[Content_Types].xml" in names:
        with archive.open("[Content_Types].xml") as part:
            types = part.read(_MB)
        types = types.replace(b"\0", b"")  # UTF-16 is allowed; the names in it are ASCII
        for kind, pattern in _MAIN_PARTS.items():
            if pattern.search(types):
                return kind
        if b"presentationml" in types:
            raise RefusedError("E-KIND", "is a presentation (.pptx), which is not read. Save it as PDF and give that.")
        if "xl/workbook.bin" in names:
            raise RefusedError("E-KIND", f"is a binary workbook (.xlsb), which is not read. {_XLSX}")
    # Content types may be missing from what other programs wrote; the parts' usual names then tell.
    for kind, name in (("word", "word/document.xml"), ("spreadsheet", "xl/workbook.xml")):
        if name in names:
            return kind
    raise RefusedError("E-KIND", "is an archive (zip) and no document. Unpack it and give what is inside.")


def find_doctype(part: bytes) -> bool:
    """Say whether an XML part declares a DOCTYPE, in whichever encoding; no Office program writes one."""
    return any(
        "<!DOCTYPE".encode(code) in part for code in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
    )
