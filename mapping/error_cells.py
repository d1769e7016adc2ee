"""What a spreadsheet's reader passes over: error values, and formulas that were never worked out."""

from __future__ import annotations

import io
import posixpath
import xml.etree.ElementTree as ET
import zipfile

__all__ = ["find_error_cells"]

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def find_error_cells(data: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Find the cells of an XLSX file that hold an error value, or a formula without a value.

    Parameters
    ----------
    data : bytes
        The file, which was looked over before: no declared entities, no part beyond the limits.

    Returns
    -------
    dict
        By the name of the sheet, and by row and column counted from 0: ``#N/A`` and the like, or the formula.
    """
    found: dict[str, dict[tuple[int, int], str]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if not {_WORKBOOK, _RELATIONS} <= names:
            return found
        relations = {node.get("Id"): node.get("Target", "") for node in _parse(archive.read(_RELATIONS))}
        for sheet in _parse(archive.read(_WORKBOOK)).iter():
            if _local(sheet.tag) != "sheet":
                continue
            target = next((relations.get(value, "") for key, value in sheet.items() if _local(key) == "id"), "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            if part in names and (cells := _read_sheet(archive.read(part))):
                found[sheet.get("name", "")] = cells
    return found


def _read_sheet(part: bytes) -> dict[tuple[int, int], str]:
    if b't="e"' not in part and b"<f" not in part and b":f" not in part:
        return {}
    cells = {}
    for cell in _parse(part).iter():
        if _local(cell.tag) != "c":
            continue
        inside = {_local(node.tag): node.text or "" for node in cell}
        shown = inside.get("v", "") if cell.get("t") == "e" else ""
        if not shown and "f" in inside and not inside.get("v") and cell.get("t") != "str":
            shown = f"={inside['f']}"
        address = cell.get("r", "")
        letters = address.rstrip("0123456789")
        if shown and letters and address != letters:
            cells[int(address[len(letters) :]) - 1, _count(letters) - 1] = shown
    return cells


def _parse(part: bytes) -> ET.Element:
    return ET.fromstring(part)  # noqa: S314 -- a workbook with declared entities was refused before


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _count(letters: str) -> int:
    count = 0
    for letter in letters:
        count = count * 26 + ord(letter) - 64
    return count
