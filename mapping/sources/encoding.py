"""Bytes into letters: UTF-8, UTF-16 with its mark, and Windows-1252 as a guess that is said aloud; else refused."""

from __future__ import annotations

import itertools
import re

from mapping.sources.refusals import RefusedError

__all__ = ["decode"]

_SAVE_AS = "Save it as UTF-8 (in Notepad or Word: Save As, plain text, encoding UTF-8)."
# What English and its neighbours write in Windows-1252 besides letters with accents.
_SIGNS = frozenset("£€‘’“”–—…•©®™°±²³¹¼½¾«»×÷·§´\u00a0\u00ad")
_ALONE = frozenset("àáâéèêíîóô")
# Letters of Icelandic, which are others in Mac OS Roman: there they are ligatures and dashes.
_RARE = frozenset("ÞþÐð")
# How many characters beyond ASCII are looked at.
_LOOKED_AT = 20_000
# The other encodings of one byte a letter, by which the guess is tried.
_RIVALS = {"mac_roman": "Mac OS Roman", "cp437": "DOS (code page 437)"}


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file, and a note where its encoding had to be guessed.

    Parameters
    ----------
    data : bytes
        The file.

    Raises
    ------
    RefusedError
        ``E-ENCODING``, with line and column, where the bytes are no text in any of the encodings.

    Examples
    --------
    >>> decode("Café".encode())
    ('Café', '')
    """
    note = ""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        raise RefusedError("E-ENCODING", f"is UTF-32, which hardly any program writes. {_SAVE_AS}")
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            name = "UTF-16"
            text = data.decode("utf-16")
        else:
            name = "UTF-8"
            text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if name == "UTF-16" or b"\0" in data or _is_damaged(data):
            before = error.object[: error.start].decode(name, "replace")
            found = "0x" + data[error.start : error.start + 2].hex()
            raise _refuse(before, f"holds {found}, which is not {name}") from error
        text, note = _guess(data, error.start)
    if "\0" in text:
        more = " It looks like UTF-16 without its mark." if data.count(b"\0") > len(data) / 5 else ""
        raise _refuse(text[: text.index("\0")], f"holds a NUL character.{more}", "")
    return text, note


def _is_damaged(data: bytes) -> bool:
    """Say whether bytes that are not UTF-8 were meant as UTF-8: more of it is right than wrong."""
    if re.search(rb"\xed[\xa0-\xbf][\x80-\xbf]", data):  # half of a surrogate pair, written as if it were a letter
        return True
    wrong = data.decode("utf-8", "replace").count("\ufffd")
    right = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", data))
    return right >= wrong


def _guess(data: bytes, start: int) -> tuple[str, str]:
    """Read as Windows-1252; never latin-1, which takes every byte and turns curly quotes into control characters."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("cp1252")
        found = f"0x{data[error.start]:02x}"
        raise _refuse(before, f"holds the byte {found}, which is neither UTF-8 nor Windows-1252") from error
    odd = _count_odd(text)
    if odd:
        odds = {name: _count_odd(data.decode(code)) for code, name in _RIVALS.items()}
        name = min(odds, key=lambda key: odds[key])
        if odds[name] < odd:
            raise _refuse(data[:start].decode("ascii"), f"is not UTF-8, and reads like {name} rather than Windows-1252")
    message = "is not UTF-8, so it was read as Windows-1252 (cp1252); where letters look wrong, save it as UTF-8."
    return text, message


def _count_odd(text: str) -> int:
    """Count the characters beyond ASCII that make no sense where they stand, such as a capital inside a word."""
    odd = 0
    for found in itertools.islice(re.finditer(r"[^\x00-\x7f]", text), _LOOKED_AT):
        letter, start, end = found[0], found.start(), found.end()
        before, after = text[max(0, start - 1) : start], text[end : end + 1]
        if not letter.isalpha() or letter in _RARE:
            odd += letter not in _SIGNS
        elif letter.isupper():
            odd += before.islower() or not (after.isalpha() or before.isupper())
        else:
            odd += letter not in _ALONE and not (before.isalpha() or after.isalpha())
    return odd


def _refuse(before: str, what: str, stop: str = ".") -> RefusedError:
    lines = re.split("\r\n|\n|\r", before)
    message = f"{what}{stop} That is in line {len(lines)}, column {len(lines[-1]) + 1}. {_SAVE_AS}"
    return RefusedError("E-ENCODING", message, len(lines))
