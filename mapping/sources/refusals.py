"""Why a document is not read: one short code for each reason, and a message with what to do instead."""

from __future__ import annotations

__all__ = ["CODES", "RefusedError"]

#: Each code and what it means, in words; docs/reading.md prints this table.
CODES = {
    "E-NOT-FOUND": "there is no such file",
    "E-NOT-A-FILE": "a folder, a device, a pipe or a link that leads round in circles",
    "E-UNREADABLE": "the file may not be opened, or the disk failed",
    "E-EMPTY": "the file holds nothing",
    "E-TOO-LARGE": "the file is larger than the limit",
    "E-KIND": "a kind of file that is not read, or whose kind cannot be told",
    "E-BOMB": "an archive that would unpack beyond the limits, or whose directory is false",
    "E-DOCTYPE": "a part of a Word file or workbook declares a DOCTYPE, by which traps are set",
    "E-ENCRYPTED": "a password is needed",
    "E-DAMAGED": "the file is broken or was cut short",
    "E-ENCODING": "a text file in an encoding that cannot be told, or with characters that no text holds",
    "E-NO-TEXT": "no text was found, as in a scan",
    "E-TOO-MUCH": "more characters, cells, pages or passages than the limits",
    "E-TIME": "reading took longer than the limit",
    "E-MEMORY": "reading needed more memory than the limit",
    "E-SPACE": "the folder for temporary files is full or may not be written",
    "E-CRASH": "the process that read the document ended without an answer",
    "E-ANSWER": "the process that read the document gave an answer that is not in order",
}


class RefusedError(Exception):
    """A document that is not read; raised inside the readers, and never further than ``read_document``.

    Parameters
    ----------
    code : str
        One of ``CODES``.
    message : str
        What was found and what would be right, without the file's name.
    line : int or None
        In a text file, the line.
    """

    def __init__(self, code: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line
