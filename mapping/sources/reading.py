"""Documents read one by one, each in a process of its own: one that cannot be read never stops the rest."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from mapping.errors import Problem
from mapping.sources.gates import Kind, find_kind, read_bytes
from mapping.sources.limits import LARGEST_ANSWER
from mapping.sources.passages import KINDS, Document, Passage
from mapping.sources.refusals import CODES, RefusedError
from mapping.sources.supervisor import ask

__all__ = ["READER_VERSION", "read_document", "read_documents"]

#: Raised whenever a reader finds other passages than before: what is kept under an older one is read anew.
READER_VERSION = "4"
# What another run may answer otherwise: a slow or a full machine.
_PASSING = ("E-TIME", "E-MEMORY", "E-SPACE", "E-CRASH", "E-ANSWER", "E-UNREADABLE")


def read_document(path: str | Path, *, cache: str | Path | None = None) -> Document:
    """Read one document in a limited process of its own.

    Parameters
    ----------
    path : str or Path
        A PDF, Word file (DOCX), web page, workbook (XLSX, ODS), CSV, text or Markdown file; told by its content.
    cache : str or Path, optional
        A folder in which what was read is kept under the file's hash, so that the same file is not read twice.

    Returns
    -------
    Document
        Its passages, or the code by which it was refused and, as its one warning, what to do. It never raises for
        what a file is or holds.
    """
    path = Path(path)
    name = _name(path)
    digest, kind = "", ""
    try:
        data = read_bytes(path)
        digest = hashlib.sha256(data).hexdigest()
        found = find_kind(data, name)
        kind = found.name
        kept = _find_kept(cache, digest, found, name)
        if kept is not None:
            return _with_kind_warning(kept, found)
        answer = ask(data, kind, name)
        del data
        document = _unpack(answer, name, digest, kind)
    except RefusedError as refusal:
        document = _refuse(name, digest, kind, refusal)
        answer = json.dumps({"refused": [refusal.code, refusal.message, refusal.line]}).encode()
    if cache is not None and digest and kind and document.code not in _PASSING:
        _keep(cache, digest, kind, answer)
    return _with_kind_warning(document, Kind(kind, found.warning)) if kind else document


def read_documents(
    paths: Iterable[str | Path],
    *,
    progress: Callable[[int, int, str], None] | None = None,
    cache: str | Path | None = None,
) -> list[Document]:
    """Read documents one after another, in the order given.

    Parameters
    ----------
    paths : iterable of str or Path
        The documents.
    progress : callable, optional
        Told, before each document, its number from 1, how many there are, and its name.
    cache : str or Path, optional
        As for ``read_document``.

    Returns
    -------
    list of Document
        One per path, in order; those that could not be read are among them, with their codes.
    """
    listed = [Path(path) for path in paths]
    documents = []
    for number, path in enumerate(listed, start=1):
        if progress:
            progress(number, len(listed), _name(path))
        documents.append(read_document(path, cache=cache))
    return documents


def _name(path: Path) -> str:
    # A name that is not UTF-8 comes with lone surrogates, which no output can hold; a line end would break a message.
    name = path.name or str(path)
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name.encode("utf-8", "replace").decode())


def _with_kind_warning(document: Document, kind: Kind) -> Document:
    if not kind.warning or document.outcome == "refused":
        return document
    warnings = (Problem(document.name, kind.warning), *document.warnings)
    return replace(document, outcome="ok with warnings", warnings=warnings)


def _refuse(name: str, digest: str, kind: str, refusal: RefusedError) -> Document:
    message = f"{refusal.code}: {refusal.message}"
    problem = Problem(name, _printable(message), refusal.line)
    return Document(name, digest, kind, "refused", code=refusal.code, warnings=(problem,))


def _printable(message: str) -> str:
    # Parts of a message may come from the document, and must not steer the terminal.
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in message)


# --- answers -----------------------------------------------------------------------------------------------


def _unpack(answer: bytes, name: str, digest: str, kind: str) -> Document:
    """Return the document that an answer describes, each part of which is checked: a child may have been taken over."""
    try:
        told = json.loads(answer)
        if "refused" in told:
            code, message, line = told["refused"]
            if code not in CODES or not isinstance(message, str) or not (line is None or isinstance(line, int)):
                raise ValueError("a refusal of no known kind")
            return _refuse(name, digest, kind, RefusedError(code, message[:2_000], line))
        passages = tuple(_unpack_passages(told["rows"], told["trails"]))
        warnings = tuple(_unpack_warning(name, warning) for warning in told["warnings"])
        title, language, pages = _text(told["title"]), _text(told["language"]), _count(told["pages"])
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        message = f"the process that read it gave no proper answer ({error}). Open the document and save it anew."
        return _refuse(name, digest, kind, RefusedError("E-ANSWER", message))
    outcome = "ok with warnings" if warnings else "ok"
    return Document(
        name, digest, kind, outcome, passages=passages, warnings=warnings, pages=pages, title=title, language=language
    )


def _unpack_passages(rows: list[list[Any]], trails: list[list[int]]) -> Iterable[Passage]:
    stacks = [tuple(_text(rows[_count(place)][1]) for place in trail) for trail in trails]
    start = 0
    for place, row in enumerate(rows, start=1):
        kind, text, level, number, trail, page, table, line, column, cell = row
        if kind not in KINDS or not text:
            raise ValueError(f"a passage of the kind {kind!r}")
        end = start + len(_text(text))
        yield Passage(
            place, kind, text, _count(level), _text(number), stacks[_count(trail)],
            None if page is None else _count(page), _count(table), _count(line), _count(column), _text(cell),
            start, end,
        )  # fmt: skip
        start = end + 1


def _unpack_warning(name: str, warning: list[Any]) -> Problem:
    message, line = warning
    return Problem(name, _printable(_text(message))[:2_000], None if line is None else _count(line))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text was expected")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError("a count was expected")
    return value


# --- what was read before ----------------------------------------------------------------------------------


def _kept_path(cache: str | Path, digest: str, kind: str) -> Path:
    # A Markdown file's ending is part of how it is read, so the same bytes under another kind are another entry.
    return Path(cache) / f"{digest}-{kind}-{READER_VERSION}.json"


def _find_kept(cache: str | Path | None, digest: str, kind: Kind, name: str) -> Document | None:
    if cache is None:
        return None
    path = _kept_path(cache, digest, kind.name)
    try:
        if path.stat().st_size > LARGEST_ANSWER:
            return None
        document = _unpack(path.read_bytes(), name, digest, kind.name)
    except OSError:
        return None
    return None if document.code == "E-ANSWER" else document


def _keep(cache: str | Path, digest: str, kind: str, answer: bytes) -> None:
    """Keep an answer, whole or not at all; that it could not be kept is no fault of the document."""
    path = _kept_path(cache, digest, kind)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".reading-", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(answer)
            os.replace(temporary, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
