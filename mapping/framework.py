"""A set of themes to map against, with the keywords that point to them. Themes are data, never code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.calibration import Calibration, read_calibration
from mapping.errors import DataError, Problem, UnknownNameError, nearest
from mapping.files import find_shipped, list_shipped
from mapping.keywords import ROLES, Keyword, PatternError, compile_keyword
from mapping.schema import FRAMEWORK, KEYWORDS, THEMES
from mapping.tables import fold, read_table, read_yaml
from mapping.text import load_word_counts

__all__ = ["Framework", "load_framework", "read_framework"]


@dataclass(frozen=True, eq=False)
class Framework:
    """A set of themes.

    Attributes
    ----------
    info : dict
        ``framework.yaml``: id, name, agreed, source_title, source_address, language.
    themes : DataFrame
        One row per theme, in the agreed order: theme, number, name, short, tiny, wording, scope_note, not_this.
    keywords : DataFrame
        One row per keyword: theme, pattern, role, reason.
    threshold, margin : float
        The score from which a priority is tagged; how far below it a person is still asked.
    compiled : tuple of Keyword
        The keywords, ready to be searched for.
    calibration : Calibration or None
        From ``calibration.yaml``, when the framework carries one: it gives scores a probability.
    folder : Path
        Where it was read from.
    warnings : tuple of Problem
        What was odd but usable.
    """

    info: dict[str, str]
    themes: pd.DataFrame
    keywords: pd.DataFrame
    threshold: float
    margin: float
    compiled: tuple[Keyword, ...] = field(repr=False)
    calibration: Calibration | None = None
    folder: Path = Path()
    warnings: tuple[Problem, ...] = ()

    @property
    def id(self) -> str:
        """Short name for files."""
        return self.info["id"]

    @property
    def name(self) -> str:
        """Name as reports print it."""
        return self.info["name"]

    @cached_property
    def theme_ids(self) -> list[str]:
        """Ids of the themes in their agreed order."""
        return list(self.themes["theme"])

    def theme(self, theme: str) -> pd.Series[Any]:
        """Return the row of one theme; an unknown id raises with the nearest match."""
        if theme not in self.theme_ids:
            raise UnknownNameError("Theme", theme, self.theme_ids)
        return self.themes.iloc[self.theme_ids.index(theme)]

    def with_keyword(self, theme: str, pattern: str, role: str = "decides", reason: str = "tried") -> Framework:
        """Return a copy with one keyword more; the framework itself is not changed."""
        self.theme(theme)
        if role not in ROLES:
            raise UnknownNameError("Role", role, ROLES)
        try:
            keyword = compile_keyword(theme, pattern, role, load_word_counts())
        except PatternError as error:
            raise DataError([Problem("keyword", str(error))]) from error
        row = pd.DataFrame([{"theme": theme, "pattern": pattern, "role": role, "reason": reason, "line": 0}])
        kept = self.keywords[(self.keywords["theme"] != theme) | (self.keywords["pattern"] != pattern)]
        rest = tuple(k for k in self.compiled if (k.theme, k.pattern) != (theme, pattern))
        return replace(self, keywords=pd.concat([kept, row], ignore_index=True), compiled=(*rest, keyword))

    def __repr__(self) -> str:
        return f"<Framework {self.name}: {len(self.themes)} themes, {len(self.keywords)} keywords>"


def load_framework(name: str) -> Framework:
    """Load a shipped framework by its name.

    Examples
    --------
    >>> load_framework("closing-the-gap").theme_ids
    ['voice', 'start', 'aspiration', 'skills', 'equality']
    """
    return read_framework(find_shipped("frameworks", name))


def read_framework(folder: str | Path) -> Framework:
    """Read a framework from a folder, or a shipped one by its name, and check it.

    Parameters
    ----------
    folder : str or Path
        Holds ``framework.yaml``, ``themes.csv`` and ``keywords.csv``; or the name of a shipped framework.

    Raises
    ------
    DataError
        With every problem found.
    """
    home = Path(folder)
    if not home.is_dir():
        known = list_shipped("frameworks")
        if str(folder) not in known:
            message = f"there is no such framework; expected a folder with framework.yaml.{nearest(str(folder), known)}"
            raise DataError([Problem(str(folder), message)])
        home = find_shipped("frameworks", str(folder))
    problems: list[Problem] = []
    tables: dict[str, pd.DataFrame] = {}
    warnings: list[Problem] = []
    info: dict[str, str] = {}
    threshold = margin = 0.0
    try:
        info = read_yaml(home / "framework.yaml", FRAMEWORK, needed=("id", "name", "threshold"))
        threshold = _read_share(info.pop("threshold"), "threshold")
        margin = _read_share(info.pop("margin") or "0.1", "margin")
        if margin > threshold:
            problems.append(Problem("framework.yaml", "is larger than the threshold.", column="margin"))
    except DataError as error:
        problems.extend(error.problems)
    for name, columns, key in (("themes", THEMES, "theme"), ("keywords", KEYWORDS, "")):
        try:
            tables[name], odd = read_table(home / f"{name}.csv", columns, key)
            warnings.extend(odd)
        except DataError as error:
            problems.extend(error.problems)
    if "themes" in tables:
        problems.extend(_check_themes(tables["themes"]))
    compiled: tuple[Keyword, ...] = ()
    if len(tables) == 2:
        compiled, found, odd = _compile(tables["themes"], tables["keywords"])
        problems.extend(found)
        warnings.extend(odd)
    calibration: Calibration | None = None
    try:
        calibration = read_calibration(home / "calibration.yaml")
    except DataError as error:
        problems.extend(error.problems)
    if problems:
        raise DataError(problems)
    themes, keywords = tables["themes"], tables["keywords"]
    return Framework(info, themes, keywords, threshold, margin, compiled, calibration, home, tuple(warnings))


def _read_share(text: str, key: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise DataError([Problem("framework.yaml", f"'{text}' is not a number above 0 and up to 1.", column=key)])
    return value


def _check_themes(themes: pd.DataFrame) -> list[Problem]:
    file, problems = "themes.csv", []
    if themes.empty:
        return [Problem(file, "holds no theme; at least one row is expected.")]
    for column in ("number", "name", "short", "tiny", "wording"):
        first: dict[str, int] = {}
        for value, line in zip(themes[column], themes["line"], strict=True):
            other = first.setdefault(fold(value), line)
            if other != line:
                message = f"'{value}' already stands on line {other}; every theme needs its own."
                problems.append(Problem(file, message, line, column))
    return problems


def _compile(themes: pd.DataFrame, keywords: pd.DataFrame) -> tuple[tuple[Keyword, ...], list[Problem], list[Problem]]:
    file, counts = "keywords.csv", load_word_counts()
    known = list(themes["theme"])
    compiled: list[Keyword] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str], int] = {}
    for theme, pattern, role, line in _columns(keywords, "theme", "pattern", "role", "line"):
        if theme not in known:
            problems.append(Problem(file, f"theme '{theme}' is not known.{nearest(theme, known)}", line, "theme"))
        first = seen.setdefault((theme, " ".join(pattern.casefold().split())), line)
        if first != line:
            message = f"'{pattern}' already points to '{theme}' on line {first}; keep one of the two."
            problems.append(Problem(file, message, line, "pattern"))
        try:
            compiled.append(compile_keyword(theme, pattern, role, counts))
        except PatternError as error:
            problems.append(Problem(file, str(error), line, "pattern"))
    for theme, line in _columns(themes, "theme", "line"):
        if not any(keyword.theme == theme and keyword.role != "cancels" for keyword in compiled):
            message = f"theme '{theme}' has no keyword that decides or supports; add one to {file}."
            problems.append(Problem("themes.csv", message, line))
    return tuple(compiled), problems, _find_shared_patterns(keywords)


def _find_shared_patterns(keywords: pd.DataFrame) -> list[Problem]:
    themes: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    for theme, pattern, role, line in _columns(keywords, "theme", "pattern", "role", "line"):
        if role == "decides":
            themes.setdefault(" ".join(pattern.casefold().split()), []).append(theme)
            lines[" ".join(pattern.casefold().split())] = line
    return [
        Problem("keywords.csv", f"'{pattern}' decides for {' and '.join(owners)} alike.", lines[pattern], "pattern")
        for pattern, owners in themes.items()
        if len(owners) > 1
    ]


def _columns(table: pd.DataFrame, *names: str) -> Iterable[tuple[Any, ...]]:
    return zip(*(table[name] for name in names), strict=True)
