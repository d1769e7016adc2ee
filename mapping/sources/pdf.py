"""PDF documents: by their tags if they have them, else by fonts, places and lines; a second reader checks each page."""

from __future__ import annotations

import contextlib
import io
import itertools
import logging
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1

from mapping.sources.gathering import Gathering, span
from mapping.sources.limits import LAYOUT_SECONDS, MOST_PAGES, READERS_DIFFER
from mapping.sources.marks import clean, squeeze
from mapping.sources.pdf_blocks import gather_blocks
from mapping.sources.pdf_columns import find_columns
from mapping.sources.pdf_layout import find_furniture, is_contents_line
from mapping.sources.pdf_letters import ARTIFACT, Device, Page, count_letters, read_quickly
from mapping.sources.pdf_lines import Line, build_lines, order_lines
from mapping.sources.pdf_pages import gather_lines
from mapping.sources.pdf_tables import find_tables
from mapping.sources.pdf_tags import Block, UnusableTagsError, read_tags
from mapping.sources.refusals import RefusedError

__all__ = ["read"]

_OCR = "Have its text recognised (OCR) and give that, or a Word file of it."
# Of the letters of a page, the share without known meaning, or unseen, from which there is a warning.
_MANY = 0.10
_UNTAGGED = 0.10


class _OutOfTimeError(BaseException):
    """The time for the careful reader is over; no ``except Exception`` of a library may catch it."""


def read(data: bytes, name: str, gathering: Gathering) -> None:
    """Read a PDF."""
    logging.disable(logging.CRITICAL)
    _Reader(data, gathering).read()


class _Reader:
    """One PDF while it is read."""

    def __init__(self, data: bytes, gathering: Gathering) -> None:
        self.gathering = gathering
        self.clock = _Clock()
        self.document = _open_carefully(data)
        self.quick = _open_quickly(data, self.document)
        self.count = 0
        self.heights: list[float] = []
        self.lines: list[list[Line]] = []
        self.marked: dict[tuple[int, int], list[Line]] = {}
        self.unmarked: dict[int, list[Line]] = {}
        self.letters = 0
        self.broken_tree = False
        self.odd: dict[str, list[int]] = {
            key: [] for key in ("blank", "differ", "broken", "late", "unknown", "invisible", "notes")
        }

    def read(self) -> None:
        blocks = self._find_blocks()
        for page in self._read_pages():
            self._take(page, blocks is not None)
        self.gathering.pages = self.count
        self._read_facts()
        self._refuse_unreadable()
        if blocks is None or not self._gather_by_tags(blocks):
            gather_lines(self.lines, self.heights, self.gathering)
        self._warn()

    # --- pages ---------------------------------------------------------------------------------------------

    def _find_blocks(self) -> list[Block] | None:
        if self.document is None:
            return None
        try:
            with self.clock.reading():
                numbers: dict[Any, int] = {page.pageid: at for at, page in enumerate(self._list_pages(), start=1)}
                return read_tags(self.document, numbers)
        except (UnusableTagsError, _OutOfTimeError):
            return None
        except RefusedError:
            raise
        except Exception:  # a broken catalogue or page tree: what can be read is read by layout
            return None

    def _list_pages(self) -> Iterator[PDFPage]:
        if self.document is None:
            return
        pages = PDFPage.create_pages(self.document)
        for number, page in enumerate(itertools.islice(pages, MOST_PAGES + 1), start=1):
            if number > MOST_PAGES:
                raise _too_many(number)
            yield page

    def _read_pages(self) -> Iterator[Page]:
        """Yield every page: by pdfminer while there is time and it can, else by pdfium."""
        total = len(self.quick) if self.quick is not None else 0
        if total > MOST_PAGES:
            raise _too_many(total)
        for number, page in self._read_carefully():
            yield self._check(page, number)
        done = self.count
        for number in range(done + 1, total + 1):
            if self.document is not None and not self.broken_tree:
                self.odd["late"].append(number)
            self.count = number
            yield self._read_quickly(number) or Page(number, 600, 800)
        if self.count == 0:
            raise RefusedError("E-DAMAGED", "has no page that can be read. Open it in its program and save it anew.")

    def _read_carefully(self) -> Iterator[tuple[int, Page]]:
        resources = PDFResourceManager()
        device = Device(resources)
        interpreter = PDFPageInterpreter(resources, device)
        pages, clock = self._list_pages(), self.clock
        for number in itertools.count(1):
            try:
                with clock.reading():
                    source = None if clock.is_over else next(pages, None)
            except _OutOfTimeError:
                return
            except (RefusedError, MemoryError):
                raise
            except Exception:  # a broken page tree: the other reader goes on from here
                self.broken_tree = True
                return
            if source is None:
                return
            device.page = Page(number, 0, 0)
            try:
                with clock.reading():
                    interpreter.process_page(source)
                    if resolve1(source.attrs.get("Annots")) and _has_written_notes(source):
                        self.odd["notes"].append(number)
            except _OutOfTimeError:
                return
            except (RefusedError, MemoryError):
                raise
            except Exception:  # pdfminer raises some thirty kinds of errors on broken pages
                self.odd["broken"].append(number)
                device.page = self._read_quickly(number) or device.page
            self.count = number
            yield number, device.page

    def _read_quickly(self, number: int) -> Page | None:
        if self.quick is None or number > len(self.quick):
            return None
        try:
            return read_quickly(self.quick, number)
        except pypdfium2.PdfiumError:
            return None

    def _check(self, page: Page, number: int) -> Page:
        """Compare a page with what pdfium finds on it; take that where pdfminer found nothing or nothing known."""
        found = page.count
        if self.quick is None or number in self.odd["broken"]:
            return page
        try:
            source = self.quick[number - 1]
            other = count_letters(source)
            source.close()
        except (pypdfium2.PdfiumError, IndexError):
            other = -1
        if other < 0 or abs(found - other) > READERS_DIFFER * max(found, other):
            self.odd["differ"].append(number)
        if other > 0 and (found == 0 or page.unknown > found / 2):
            second = self._read_quickly(number)
            if second is not None and second.count - second.unknown > found - page.unknown:
                second.rules = page.rules
                return second
        return page

    def _take(self, page: Page, tagged: bool) -> None:
        """Turn a page into lines, and forget its letters."""
        found = page.count
        self.letters += found - page.unknown
        number = page.number
        if not found:
            self.odd["blank"].append(number)
        elif page.unknown + page.private > max(3, _MANY * found):
            self.odd["unknown"].append(number)
        if page.invisible > max(3, _MANY * found):
            self.odd["invisible"].append(number)
        tables, letters, sideways = find_tables(page)
        plain, rest = find_columns(build_lines(letters, number), number)
        level = [*plain, *(table for table in tables if not table.turned)]
        lines = order_lines(rest, sorted(level, key=lambda table: table.y))
        turned = order_lines(build_lines(sideways, number), [table for table in tables if table.turned])
        for line in turned:
            line.column += 1 + (lines[-1].column if lines else 0)
        self.heights.append(page.height)
        self.lines.append(lines + turned)
        if tagged:
            self._take_marked(page)

    def _take_marked(self, page: Page) -> None:
        groups: dict[int, list[Any]] = {}
        for letter in (*page.letters, *page.turned):
            groups.setdefault(letter[6], []).append(letter)
        for mark, letters in groups.items():
            lines = build_lines(letters, page.number)
            if mark >= 0:
                self.marked[page.number, mark] = lines
            elif lines:
                self.unmarked.setdefault(page.number, []).extend(lines)
                if mark == ARTIFACT:
                    for line in lines:
                        line.column = ARTIFACT

    # --- passages ------------------------------------------------------------------------------------------

    def _gather_by_tags(self, blocks: list[Block]) -> bool:
        """Gather by the tag tree; False where it leaves out more than a little of what the pages hold.

        Pages for which there was no time hold no marks to which the tree leads; they are the last, and come by layout.
        """
        late = min(self.odd["late"], default=self.count + 1)
        self.unmarked = {page: lines for page, lines in self.unmarked.items() if page < late}
        used = {place for block in blocks for place in (*block.label, *block.body)}
        for place, lines in self.marked.items():
            if place not in used:
                self.unmarked.setdefault(place[0], []).extend(lines)
        left = [line for lines in self.unmarked.values() for line in lines if line.column != ARTIFACT]
        read = sum(len(line.text) for lines in (*self.marked.values(), left) for line in lines)
        if sum(len(line.text) for line in left) > _UNTAGGED * max(1, read):
            return False
        furniture = find_furniture(list(self.unmarked.values()), [self.heights[page - 1] for page in self.unmarked])

        def leave_page(page: int) -> None:
            """Add what the tree leaves out of a page; 0 stands for all pages that are left."""
            for number in [page] if page else sorted(self.unmarked):
                for line in self.unmarked.pop(number, []):
                    aside = line.column == ARTIFACT or id(line) in furniture or is_contents_line(line.text)
                    add = self.gathering.add_furniture if aside else self.gathering.add_paragraph
                    add(squeeze(line.text), page=number)

        gather_blocks(blocks, self.marked, self.gathering, leave_page)
        gather_lines(self.lines[late - 1 :], self.heights[late - 1 :], self.gathering)
        return True

    # --- facts and warnings --------------------------------------------------------------------------------

    def _read_facts(self) -> None:
        if self.document is None:
            return
        with contextlib.suppress(Exception):  # what a broken file says of itself is not needed
            for info in self.document.info:
                self.gathering.title = squeeze(_decode(resolve1(info.get("Title")))) or self.gathering.title
            self.gathering.language = squeeze(_decode(resolve1(self.document.catalog.get("Lang"))))

    def _refuse_unreadable(self) -> None:
        if self.letters:
            return
        if self.broken_tree:
            message = "its list of pages is broken, and no text was found. Open it in its program and save it anew."
            raise RefusedError("E-DAMAGED", message)
        pages = f"{self.count} page{'s' if self.count > 1 else ''}"
        if self.odd["unknown"]:
            what = f"the letters on its {pages} have no known meaning, as its fonts do not say which they are"
        else:
            what = f"no text was found on its {pages}: it is probably a scan, or pictures only"
        raise RefusedError("E-NO-TEXT", f"{what}. {_OCR}")

    def _warn(self) -> None:
        odd, warn = self.odd, self.gathering.warn
        if odd["blank"]:
            warn(f"no text was found on {span(odd['blank'])}: empty, a picture or a scan. {_OCR}")
        if odd["differ"]:
            warn(
                f"two readers find different amounts of text on {span(odd['differ'])} (more than "
                f"{READERS_DIFFER:.0%} apart): compare what was read with the page."
            )
        if odd["broken"]:
            warn(f"only the second reader could read {span(odd['broken'])}: compare with the page.")
        if odd["late"]:
            warn(f"the quicker reader alone read {span(odd['late'])}, as the first had no time left.")
        if odd["unknown"]:
            warn(f"many letters on {span(odd['unknown'])} have no known meaning: compare with the page. {_OCR}")
        if odd["invisible"]:
            warn(
                f"text that is not shown stands on {span(odd['invisible'])}, as scans have it: it may hold misreadings."
            )
        if odd["notes"]:
            warn(f"notes or form fields, whose words are not read, stand on {span(odd['notes'])}.")
        if self.document is None or self.broken_tree:
            warn("its structure is damaged: all or part of it was read by the second reader alone.")
        elif self.quick is None:
            warn("the second reader cannot open it, so nothing checks what was read.")


def _too_many(count: int) -> RefusedError:
    return RefusedError(
        "E-TOO-MUCH", f"has {count:,} pages or more; at most {MOST_PAGES:,} are read. Give it in parts."
    )


class _Clock:
    """Ends the careful reader once it has had its time, in the middle of a page if need be."""

    def __init__(self) -> None:
        self._reading = self._rung = False
        self._end = time.process_time() + LAYOUT_SECONDS
        if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGPROF, self._ring)
            signal.setitimer(signal.ITIMER_PROF, max(0.1, LAYOUT_SECONDS))

    def _ring(self, number: int, frame: Any) -> None:
        self._rung = True
        if self._reading:
            raise _OutOfTimeError

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return self._rung or time.process_time() > self._end

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Allow the clock to break off what stands in the block."""
        self._reading = True
        try:
            yield
        finally:
            self._reading = False


def _open_carefully(data: bytes) -> PDFDocument | None:
    encrypted = "is protected with a password. Open it with the password, print it to a new PDF, and give that."
    try:
        return PDFDocument(PDFParser(io.BytesIO(data)), password="")
    except PDFPasswordIncorrect as error:
        raise RefusedError("E-ENCRYPTED", encrypted) from error
    except PDFEncryptionError as error:
        message = "is encrypted in a way that cannot be opened. Save a copy without protection, and give that."
        raise RefusedError("E-ENCRYPTED", message) from error
    except MemoryError:
        raise
    except Exception:  # pdfminer raises many kinds of errors on broken files; the second reader may still read it
        return None


def _open_quickly(data: bytes, document: PDFDocument | None) -> pypdfium2.PdfDocument | None:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if document is not None:
            return None
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD or "assword" in str(error):
            message = "is protected with a password. Save a copy without one, and give that."
            raise RefusedError("E-ENCRYPTED", message) from error
        message = "is broken or was cut short: neither reader can open it. Open it in its program and save it anew."
        raise RefusedError("E-DAMAGED", message) from error


def _has_written_notes(page: PDFPage) -> bool:
    """Say whether a page has notes with words, or filled form fields, which stand outside its text."""
    for reference in itertools.islice(resolve1(page.attrs.get("Annots")) or (), 200):
        note = resolve1(reference)
        if not isinstance(note, dict):
            continue
        kind = getattr(note.get("Subtype"), "name", "")
        if kind in ("FreeText", "Text") and resolve1(note.get("Contents")):
            return True
        if kind == "Widget" and resolve1(note.get("V")):
            return True
    return False


def _decode(value: Any) -> str:
    if not isinstance(value, bytes):
        return value if isinstance(value, str) else ""
    if value.startswith((b"\xfe\xff", b"\xff\xfe")):
        return clean(value.decode("utf-16", "replace"))[0]
    if value.startswith(b"\xef\xbb\xbf"):
        return clean(value.decode("utf-8-sig", "replace"))[0]
    return clean(value.decode("cp1252", "replace"))[0]
