"""How large a document may be, how long reading it may take, and what it may use: docs/reading.md prints this list."""

from __future__ import annotations

__all__ = [
    "ADDRESS_SPACE", "CPU_SECONDS", "DEEPEST", "LARGEST_ANSWER", "LARGEST_FILE", "LARGEST_PART", "LARGEST_RATIO",
    "LARGEST_TOTAL", "LAYOUT_SECONDS", "MOST_CELLS", "MOST_CHARACTERS", "MOST_ENTRIES", "MOST_PAGES", "MOST_PASSAGES",
    "MOST_WARNINGS", "RATIO_FROM", "READERS_DIFFER", "WALL_SECONDS",
]  # fmt: skip

_MB = 1_000_000

#: Bytes of a file. Larger ones are refused before they are opened.
LARGEST_FILE = 100 * _MB
#: Bytes to which one part of a zip file (DOCX, XLSX, ODS) may unpack, and all of them together.
LARGEST_PART, LARGEST_TOTAL = 100 * _MB, 200 * _MB
#: How many times its packed size a part of more than ``RATIO_FROM`` bytes may have.
LARGEST_RATIO, RATIO_FROM = 200, _MB
#: Parts of a zip file.
MOST_ENTRIES = 5_000

#: Bytes of address space of the process that reads one document.
ADDRESS_SPACE = 1_000 * _MB
#: Seconds of processor time, and of the clock on the wall, for one document.
CPU_SECONDS, WALL_SECONDS = 20, 60
#: Seconds of processor time after which the pages that are left of a PDF are read by the quicker reader.
LAYOUT_SECONDS = 11

#: Characters of text, cells of tables and sheets (filled or not), passages and pages of one document: several times
#: the longest strategies. They also bound the search for priorities, which is not done in the limited process.
MOST_CHARACTERS, MOST_CELLS, MOST_PASSAGES, MOST_PAGES = 2 * _MB, 2 * _MB, 60_000, 5_000
#: How deep elements of a web page or a Word file may be nested (the limit of libxml, which parses them).
DEEPEST = 256
#: Bytes of the answer of the process that reads; warnings in it.
LARGEST_ANSWER, MOST_WARNINGS = 100 * _MB, 200
#: The share of the longer text by which two readers of a PDF may differ without a warning.
READERS_DIFFER = 0.10
