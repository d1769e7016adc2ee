"""What the toolkit says when something is wrong: where it is, what was found, what would be right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["DataError", "MappingError", "OutputError", "Problem", "UnknownNameError", "nearest"]

_SHOWN_PROBLEMS = 20


class MappingError(Exception):
    """Anything the toolkit refuses to do; the message says what to do instead."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or odd, in a file.

    Attributes
    ----------
    file : str
        Name of the file, as the user knows it.
    message : str
        What was found and what would be right.
    line : int or None
        Line of the file on which the row begins (the header is line 1).
    column : str
        Name of the column, or empty.
    """

    file: str
    message: str
    line: int | None = None
    column: str = ""

    def __str__(self) -> str:
        where = [self.file]
        if self.line is not None:
            where.append(f"line {self.line}")
        if self.column:
            where.append(f"column '{self.column}'")
        return f"{', '.join(where)}: {self.message}"


class DataError(MappingError):
    """Files that cannot be used as they are; ``problems`` lists everything found at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        shown = [str(problem) for problem in self.problems[:_SHOWN_PROBLEMS]]
        left = len(self.problems) - len(shown)
        if left > 0:
            shown.append(f"... and {left} more.")
        super().__init__("\n".join(shown))


class UnknownNameError(MappingError, KeyError):
    """A board, theme, priority, framework or setting that is not there."""

    def __init__(self, kind: str, found: object, known: Iterable[str]) -> None:
        self.kind = kind
        self.found = found
        super().__init__(f"{kind} '{found}' is not known.{nearest(str(found), known)}")

    def __str__(self) -> str:  # KeyError would print the message with quotes around it
        return str(self.args[0])


class OutputError(MappingError):
    """A file or folder that could not be written; what stood there before is untouched."""


def nearest(found: str, known: Iterable[str], shown: int = 12) -> str:
    """Return a hint that ends an error message: the nearest match and what is known.

    Examples
    --------
    >>> nearest("HWD", ["CFL", "HWB"])
    " Did you mean 'HWB'? Known: CFL, HWB."
    """
    names = [str(name) for name in known]
    folded = {_loosen(name): name for name in names}
    close = difflib.get_close_matches(_loosen(found), list(folded), n=1, cutoff=0.5)
    hint = f" Did you mean '{folded[close[0]]}'?" if close else ""
    if not names:
        return hint
    tail = f", ... ({len(names)} in all)" if len(names) > shown else ""
    return f"{hint} Known: {', '.join(names[:shown])}{tail}."


def _loosen(name: str) -> str:
    """Fold case, spaces and leading zeros, so that DRB-7 is nearest to DRB-07."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", name.casefold().strip())
