"""What the mapping said before and what it says now: in whole sentences, and tables by the names of row and column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

__all__ = ["Grid", "compare_tables", "compare_texts"]

#: The rows of a table, its head first.
Grid = Sequence[Sequence[str]]

_MOST = 5
_LONGEST_NAME = 60
#: Where a sentence ends; the number that begins the name of an area does not end one.
_END = re.compile(r"(?<!^\d\.)(?<!^\d\d\.)(?<=[.?!])\s+")
_RANK = re.compile(r"^\d+\.\s+")


def compare_texts(old: str, new: str) -> tuple[str, str]:
    """Return the sentences of an old text that differ, and those of the new one.

    Examples
    --------
    >>> compare_texts("29 of 88 are tagged. None is checked.", "31 of 88 are tagged. None is checked.")
    ('29 of 88 are tagged.', '31 of 88 are tagged.')
    """
    before, after = (_END.split(" ".join(text.split())) for text in (old, new))
    left: list[str] = []
    right: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            left += before[a:b]
            right += after[c:d]
    return " ".join(left), " ".join(right)


def compare_tables(old: Grid, new: Grid) -> list[str]:
    """Return what differs between two tables: a handful of cells, and the rows and columns that are new or gone.

    Examples
    --------
    >>> compare_tables([["Theme", "Tagged"], ["Voice", "2 of 8"]], [["Theme", "Tagged"], ["Voice", "3 of 8"]])
    ['Voice, Tagged: 2 of 8 -> 3 of 8']
    """
    cells = [f"{row}, {column}: {before} -> {after}" for row, column, before, after in _list_cells(old, new)]
    said = cells[:_MOST]
    if more := len(cells) - len(said):
        said.append(f"and {more} more {'cell' if more == 1 else 'cells'}")
    for kind, before, after in (
        ("column", _name_columns(old), _name_columns(new)), ("row", list(_name_rows(old)), list(_name_rows(new))),
    ):  # fmt: skip
        said += _list_names(f"new {kind}", [name for name in after if name not in before])
        said += _list_names(f"{kind} gone", [name for name in before if name not in after])
    return said or ["rows or columns stand in another order"] * (list(map(list, old)) != list(map(list, new)))


def _list_names(what: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = f"; and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return [f"{what}: {'; '.join(names[:_MOST])}{more}"]


def _list_cells(old: Grid, new: Grid) -> Iterator[tuple[str, str, str, str]]:
    """Yield row, column, old and new text of each cell that both tables have and that differs."""
    before, columns = _name_rows(old), {name: n for n, name in enumerate(_name_columns(old))}
    for row, cells in _name_rows(new).items():
        for column, cell in zip(_name_columns(new), cells, strict=False):
            if row not in before or column not in columns or columns[column] >= len(before[row]):
                continue
            there = before[row][columns[column]]
            if there.split() != cell.split():
                left, right = compare_texts(there, cell)
                yield row, column, left or "nothing", right or "nothing"


def _name_columns(grid: Grid) -> list[str]:
    return _tell_apart([" ".join(name.split()) for name in grid[0]]) if grid else []


def _name_rows(grid: Grid) -> dict[str, Sequence[str]]:
    """Return the rows under the head by the name in their first cell, or in their first two where names repeat."""
    rows = [row for row in grid[1:] if row]
    # A candidate area keeps its name when its rank changes.
    names = [_RANK.sub("", " ".join(row[0].split())) for row in rows]
    if len(set(names)) < len(names):
        seconds = [" ".join(row[1].split()) if len(row) > 1 else "" for row in rows]
        names = [f"{name}, {second}" for name, second in zip(names, seconds, strict=True)]
    return dict(zip(_tell_apart([_shorten(name) for name in names]), rows, strict=True))


def _shorten(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME].rsplit(' ', 1)[0]} ..."


def _tell_apart(names: Sequence[str]) -> list[str]:
    """Return names that differ: a name that comes again has its number behind it."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told
