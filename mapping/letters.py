"""Letters that mislead: signs that turn the direction of writing, control characters, a wrong encoding."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["close_directions", "list_odd_letters"]

# Each sign that turns the direction of writing, and the one that ends it (Unicode Standard Annex 9).
_EMBEDS, _ISOLATES = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
_POP, _POP_ISOLATE = "\u202c", "\u2069"
_TURNS = re.compile(f"[{_EMBEDS}{_ISOLATES}]")
# How UTF-8 shows when it is read as Windows-1252: "cafÃ©" for "café", "â€™" for an apostrophe.
_BEYOND = re.compile(r"[^\x00-\x7f\u202a-\u202e\u2066-\u2069]+")
_MISREAD = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160-\u0178\u017d\u017e\u2013-\u203a\u20ac\u2122]|\u00e2\u20ac"
)


def close_directions(text: str) -> str:
    r"""Return a text that turns no words but its own: what it opens is closed at its end.

    An open "right-to-left override" would print the rest of a sentence backwards, numbers too.

    Examples
    --------
    >>> close_directions("plain"), close_directions("a\u202eb") == "a\u202eb\u202c"
    ('plain', True)
    """
    if not _TURNS.search(text):
        return text
    open_signs: list[str] = []
    for letter in text:
        if letter in _EMBEDS:
            open_signs.append(_POP)
        elif letter in _ISOLATES:
            open_signs.append(_POP_ISOLATE)
        elif letter == _POP and open_signs and open_signs[-1] == _POP:
            open_signs.pop()
        elif letter == _POP_ISOLATE and _POP_ISOLATE in open_signs:
            # The end of an isolate ends what was opened within it.
            while open_signs.pop() != _POP_ISOLATE:
                pass
    return text + "".join(reversed(open_signs))


def list_odd_letters(text: str) -> list[str]:
    r"""Return what a person should know of the letters of a cell, in words; empty for almost every text.

    Examples
    --------
    >>> list_odd_letters("crisis caf\u00c3\u00a9")[0][:43]
    "reads 'Ã©' where 'é' was probably written: "
    """
    said = []
    if any(unicodedata.category(letter) == "Cc" and letter not in "\t\r\n" for letter in text):
        said.append("holds a control character, kept as it is.")
    if close_directions(text) != text:
        said.append("turns the direction of writing and does not turn it back; it is closed where it is in a sentence.")
    misread = next((found for found in _BEYOND.findall(text) if _MISREAD.search(found) and _read_again(found)), "")
    if misread:
        said.append(
            f"reads '{misread}' where '{_read_again(misread)}' was probably written: UTF-8 was opened as Windows-1252. "
            'Take the text from its source again, and in Excel save as "CSV UTF-8 (Comma delimited)".'
        )
    return said


def _read_again(text: str) -> str:
    """Return a text as it was before its UTF-8 was read as Windows-1252; empty where it was not."""
    try:
        return b"".join(map(_encode, text)).decode("utf-8")
    except UnicodeError:
        return ""


def _encode(letter: str) -> bytes:
    # Windows shows the five bytes that its code page leaves free as control characters.
    return letter.encode("latin-1" if "\x80" <= letter <= "\x9f" else "cp1252")
