"""The parts of a Word file or a workbook: taken from the zip one at a time, up to a limit, and parsed with care."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from lxml import etree

from mapping.sources.gates import find_doctype
from mapping.sources.limits import LARGEST_PART
from mapping.sources.refusals import RefusedError

__all__ = ["Package", "Relation"]

_AGAIN = "Open it in its program, save it anew, and give that."


@dataclass(frozen=True)
class Relation:
    """What one part says about another, or about something outside the file.

    Attributes
    ----------
    kind : str
        The last word of its type, such as ``footnotes`` or ``hyperlink``.
    target : str
        Name of a part, or an address.
    outside : bool
        Whether the target lies outside the file.
    """

    kind: str
    target: str
    outside: bool


class Package:
    """A zip file of parts; every part that is read is within the limits and has no DOCTYPE."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise RefusedError("E-DAMAGED", f"is damaged or was cut short ({error}). {_AGAIN}") from error
        self.names = {name.lstrip("/"): name for name in self._archive.namelist()}
        # Word compares the names of parts without regard to case.
        self._folded = {name.casefold(): real for name, real in self.names.items()}
        self.relations: dict[str, dict[str, Relation]] = {}

    def read(self, name: str) -> bytes:
        """Return the bytes of a part; empty if it is not there."""
        real = self._folded.get(name.lstrip("/").casefold())
        if real is None:
            return b""
        try:
            with self._archive.open(real) as part:
                data = part.read(LARGEST_PART + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            OSError,
            ValueError,
        ) as error:
            raise RefusedError("E-DAMAGED", f"its part '{name[:80]}' is damaged ({error}). {_AGAIN}") from error
        if len(data) > LARGEST_PART:
            raise RefusedError("E-BOMB", f"its part '{name[:80]}' is larger than it says. {_AGAIN}")
        if find_doctype(data):
            message = f"its part '{name[:80]}' has a DOCTYPE, which no Office program writes and which can hide a trap."
            raise RefusedError("E-DOCTYPE", f"{message} {_AGAIN}")
        return data

    def parse(self, name: str, *, needed: bool = False) -> Any:
        """Return the root element of a part; None if it is not there and not needed."""
        data = self.read(name)
        if not data:
            if needed:
                raise RefusedError("E-DAMAGED", f"lacks its part '{name[:80]}'. {_AGAIN}")
            return None
        # Entities stay unresolved, nothing is fetched, and libxml's own limits on depth and length stay on.
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            if "memory" in str(error).lower() or (len(data) > 20_000_000 and "unknown" in str(error).lower()):
                raise MemoryError from error
            raise RefusedError("E-DAMAGED", f"its part '{name[:80]}' is no proper XML ({error}). {_AGAIN}") from error
        if root.getroottree().docinfo.doctype:
            message = f"its part '{name[:80]}' has a DOCTYPE, which no Office program writes and which can hide a trap."
            raise RefusedError("E-DOCTYPE", f"{message} {_AGAIN}")
        return root

    def relate(self, name: str) -> dict[str, Relation]:
        """Return what a part refers to, by the ids it uses; the empty name is the file as a whole."""
        if name not in self.relations:
            folder, _, file = name.rpartition("/")
            root = self.parse(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels")
            found: dict[str, Relation] = {}
            for element in root if root is not None else ():
                kind = element.get("Type", "").rpartition("/")[2]
                target, outside = element.get("Target", ""), element.get("TargetMode", "").lower() == "external"
                if not outside:
                    target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found[element.get("Id", str(len(found)))] = Relation(kind, target, outside)
            self.relations[name] = found
        return self.relations[name]
