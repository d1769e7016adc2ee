"""Print what reading costs beside the bare libraries: processor time of ordinary documents, start-up apart; memory.

The documents are made here. A bare library takes all text out of one (of a PDF, the two that are used here). The reader
here also finds headings, items and what repeats, numbers paragraphs, compares two readers, and hands its answer through
a pipe to the main process.
"""

from __future__ import annotations

import io
import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 5
HERE = Path(__file__).resolve().parent
WORDS = (
    "the city will improve safer streets and better health for every child in its schools work with partners to reduce "
    "inequality crime poverty support families older people growth skills jobs housing transport air quality culture"
).split()

BARE = {
    "pdf": (
        "import pypdfium2\nfrom pdfminer.high_level import extract_text",
        "text = extract_text(path)\nbook = pypdfium2.PdfDocument(path)\n"
        "again = [page.get_textpage().get_text_range() for page in book]",
    ),
    "docx": (
        "import docx",
        "book = docx.Document(path)\ntext = [p.text for p in book.paragraphs]\n"
        "text += [cell.text for table in book.tables for row in table.rows for cell in row.cells]",
    ),
    "xlsx": (
        "from python_calamine import CalamineWorkbook",
        "book = CalamineWorkbook.from_path(path)\n"
        "rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]\n"
        "text = [str(cell) for row in rows for cell in row]",
    ),
    "html": (
        "import lxml.html",
        "text = [part for part in lxml.html.parse(path).getroot().itertext() if part.strip()]",
    ),
    "txt": ("", "text = open(path, encoding='utf-8').read().split('\\n')"),
}
#: What readers of PDF files are often built on, for comparison; it does not count among the bare ones.
PLUMBER = (
    "import pdfplumber",
    "with pdfplumber.open(path) as book:\n    text = [page.extract_text() for page in book.pages]",
)
KINDS = {"pdf": "pdf", "docx": "word", "xlsx": "spreadsheet", "html": "web", "txt": "text"}


def make_documents(folder: Path) -> dict[str, Path]:
    """Write ordinary documents: a strategy of 60 pages and one of 300, a Word file, a workbook, a web page, a text."""
    sys.path.insert(0, str(HERE.parent / "tests"))
    from made_pdf import write_pdf

    draw = random.Random(1)
    paths = {name: folder / f"made.{name.split()[0]}" for name in ("pdf 60 pages", "docx", "xlsx", "html", "txt")}
    paths["pdf 60 pages"], paths["pdf 300 pages"] = folder / "sixty.pdf", folder / "three-hundred.pdf"
    for name, count in (("pdf 60 pages", 60), ("pdf 300 pages", 300)):
        paths[name].write_bytes(write_pdf([make_page(n, draw) for n in range(count)]))
    make_word(paths["docx"], draw)
    make_workbook(paths["xlsx"], draw)
    items = "".join(f"<h2>{say(draw, 4)}</h2><p>{say(draw, 60)}</p><ul><li>{say(draw, 12)}</ul>" for _ in range(800))
    paths["html"].write_text(f"<html><body>{items}</body></html>", encoding="utf-8")
    text = "\n\n".join(f"{n}.{m} {say(draw, 60)}" for n in range(60) for m in range(30))
    paths["txt"].write_text(text, encoding="utf-8")
    return paths


def say(draw: random.Random, words: int) -> str:
    """Return a made-up sentence."""
    return " ".join(draw.choice(WORDS) for _ in range(words)).capitalize() + "."


def make_page(number: int, draw: random.Random) -> list[tuple[float, float, float, str, str]]:
    """Return a page of some 3,000 letters with header, footer, headings and a list."""
    page = [(72.0, 810.0, 9.0, "F1", "City plan"), (290.0, 30.0, 9.0, "F1", f"Page {number + 1}")]
    for row in range(45):
        y = 770.0 - 16 * row
        if row % 15 == 0:
            page.append((72, y, 15, "F2", say(draw, 4)[:-1]))
        else:
            page.append((72, y, 10.5, "F1", ("\u2022 " if row % 5 == 0 else "") + say(draw, 11)[:88]))
    return page


def make_word(path: Path, draw: random.Random) -> None:
    """Write a Word file of some 60 pages."""
    import docx

    book = docx.Document()
    for n in range(600):
        if n % 10 == 0:
            book.add_heading(say(draw, 4), 2)
        book.add_paragraph(say(draw, 50), style=None if n % 3 else "List Bullet")
    table = book.add_table(60, 4)
    for row in table.rows:
        for cell in row.cells:
            cell.text = say(draw, 8)
    book.save(str(path))


def make_workbook(path: Path, draw: random.Random) -> None:
    """Write a workbook of 3,000 rows."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Plan")
        for row in range(3_000):
            for column in range(6):
                sheet.write(row, column, row if column == 0 else say(draw, 8))


def time_in_fresh_process(before: str, code: str, path: Path) -> tuple[float, float]:
    """Return the processor seconds of a piece of code, imports left aside, and the most memory in MB."""
    script = (
        f"import resource, time\npath = {str(path)!r}\n{before}\nbegan = time.process_time()\n{code}\n"
        "spent = time.process_time() - began\nprint(spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    seconds, memory = out.split()
    return float(seconds), float(memory)


def time_bare(path: Path) -> tuple[float, float]:
    """Return what the bare library takes."""
    return time_in_fresh_process(*BARE[path.suffix[1:]], path)


def time_ours(path: Path) -> tuple[float, float]:
    """Return what the reader takes: in its process, and in the main process, where the answer is unpacked."""
    kind = KINDS[path.suffix[1:]]
    before = (
        "import importlib, io\nfrom mapping.sources import child, gates, gathering, reading\n"
        f"module = importlib.import_module(child.READERS[{kind!r}])\n"
        + ("from python_calamine import CalamineWorkbook\n" if kind == "spreadsheet" else "")
    )
    code = (
        "data = gates.read_bytes(reading.Path(path))\nname = reading._name(reading.Path(path))\n"
        "digest = reading.hashlib.sha256(data).hexdigest()\ngates.find_kind(data, name)\n"
        "found = gathering.Gathering()\nmodule.read(data, name, found)\nanswer = found.pack()\n"
        f"document = reading._unpack(answer, name, digest, {kind!r})"
    )
    return time_in_fresh_process(before, code, path)


def time_whole(path: Path) -> tuple[float, float, float]:
    """Return what ``read_document`` takes in all: processor seconds, seconds on the clock, and MB of the child."""
    script = (
        "import resource, time, json\nfrom mapping.sources.reading import read_document\nbegan = time.monotonic()\n"
        f"document = read_document({str(path)!r})\nwall = time.monotonic() - began\n"
        "own, child = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "assert document.outcome.startswith('ok'), document.warnings\n"
        "spent = sum(one.ru_utime + one.ru_stime for one in (own, child))\n"
        "print(json.dumps([spent, wall, child.ru_maxrss / 1000]))"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    seconds, wall, memory = json.load(io.StringIO(out))
    return seconds, wall, memory


def main() -> None:
    """Make the documents, time every way of reading in turn, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        paths = make_documents(Path(folder))
        small = Path(folder) / "small.txt"
        small.write_text("Improve air quality.")
        long = paths.pop("pdf 300 pages")
        bare: dict[str, list[float]] = {name: [] for name in paths}
        ours: dict[str, list[float]] = {name: [] for name in paths}
        for _ in range(ROUNDS):
            for name, path in paths.items():
                bare[name].append(time_bare(path)[0])
                ours[name].append(time_ours(path)[0])
        print(f"processor seconds without start-up, medians of {ROUNDS} interleaved rounds")
        print(f"{'document':16}{'bare':>8}{'here':>8}{'ratio':>8}")
        for name in paths:
            low, high = statistics.median(bare[name]), statistics.median(ours[name])
            print(f"{name:16}{low:8.3f}{high:8.3f}{high / low:8.2f}")
        totals = [sum(map(sum, times.values())) / ROUNDS for times in (bare, ours)]
        print(f"{'all':16}{totals[0]:8.3f}{totals[1]:8.3f}{totals[1] / totals[0]:8.2f}   (goal: at most 1.3)")
        plumber = time_in_fresh_process(*PLUMBER, paths["pdf 60 pages"])[0]
        print(f"pdf 60 pages by pdfplumber, for comparison: {plumber:.3f}")
        for name, path in (("start-up (text)", small), *paths.items(), ("pdf 300 pages", long)):
            seconds, wall, memory = time_whole(path)
            print(f"whole, {name:16} {seconds:6.2f} s of processor, {wall:6.2f} s on the clock, child {memory:4.0f} MB")


if __name__ == "__main__":
    main()
