"""The answers of a cross-impact session: the seven scores, and the sheets of several groups read back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.csv_format import unmark_formula
from mapping.errors import DataError, Problem, nearest
from mapping.framework import Framework
from mapping.sheets import read_sheets
from mapping.tables import fold

__all__ = ["ANSWERS", "DONT_KNOW", "HEADERS", "SCALE", "SHEET", "read_impacts"]

#: The seven scores, highest first: their name and what it says of progress on the first theme (Nilsson, Griggs and
#: Visbeck 2016).
SCALE = {
    3: ("indivisible", "the second cannot be had without it"),
    2: ("reinforcing", "it directly brings the second forward"),
    1: ("enabling", "it makes conditions in which the second can be had more easily"),
    0: ("consistent", "it neither helps nor hinders the second to speak of"),
    -1: ("constraining", "it narrows the ways in which the second can be had"),
    -2: ("counteracting", "it works against the second"),
    -3: ("cancelling", "it makes the second impossible"),
}
#: Not a score, and never counted as 0.
DONT_KNOW = "don't know"
#: What an answer cell may say. A name comes first, since a spreadsheet takes a cell that begins with + or - for a sum.
ANSWERS = (*(f"{name} ({score:+d})".replace("+0", "0") for score, (name, _) in SCALE.items()), DONT_KNOW)
#: What is read of a sheet, and how its column may be headed.
HEADERS = {
    "pair": ("Pair",),
    "shown_from": ("If progress is made on",),
    "shown_to": ("... how does that influence",),
    "from_theme": ("from_theme", "from"),
    "to_theme": ("to_theme", "to"),
    "score": ("Score",),
    "reason": ("Reason",),
    "passage": ("Passage relied on", "passage"),
    "scorer": ("Scored by", "scorer", "table"),
}
SHEET = "Pairs"
#: What a theme may be called in a sheet; where two themes share a name, the later in this list counts.
_NAMES = ("tiny", "short", "name", "theme")
_SHOWN = 60
_EXPECTED = "the columns Pair, Score, Reason, Passage relied on and Scored by"
_Row = dict[str, Any]
_IMPACT_TABLE = ("from_theme", "to_theme", "score", "answer", "reason", "scorer", "passage", "place")


# --- reading -----------------------------------------------------------------------------------------------


def read_impacts(paths: str | Path | Iterable[str | Path], framework: Framework) -> pd.DataFrame:
    """Read the scores that groups wrote into their sheets.

    Parameters
    ----------
    paths : path or iterable of paths
        Workbooks as ``write_cross_impact`` makes them (XLSX or ODS; every sheet with such columns is read), or text
        files with the same columns.
    framework : Framework
        Whose themes were scored.

    Returns
    -------
    DataFrame
        One row per directed pair of themes and scorer that holds anything: ``from_theme``, ``to_theme``; ``score``, -3
        to 3, missing unless ``answer`` says scored; ``answer`` (scored, don't know, or blank: a reason without a
        score); ``reason``; ``scorer``, the group, by default the name of the file; ``passage`` relied on; ``place``,
        where it stands. ``attrs["notes"]`` says what was odd but usable.

    Raises
    ------
    DataError
        With every cell that cannot be used: file, sheet and cell, what was found and the nearest that would be right.
        Nothing is taken from the other cells then.
    """
    problems: list[Problem] = []
    found: list[_Row] = []
    said: dict[tuple[str, str, str], _Row] = {}
    notes: list[Problem] = []
    for path in [paths] if isinstance(paths, str | Path) else paths:
        for row in _read_rows(Path(path), framework, problems, notes):
            key = (fold(row["scorer"]), row["from_theme"], row["to_theme"])
            before = said.setdefault(key, row) if row["answer"] != "blank" else row
            if before is row:
                found.append(row)
            elif (before["answer"], before["score"]) == (row["answer"], row["score"]):
                for name in ("reason", "passage"):
                    before[name] = " / ".join(dict.fromkeys(filter(None, (before[name], row[name]))))
            else:
                also = f"'{row['scorer']}' answers this pair otherwise in {before['place']}"
                problems.append(Problem(row["place"], f"{also}. Keep one, or give each group a name of its own."))
    if problems:
        raise DataError(problems)
    table = pd.DataFrame(found, columns=_IMPACT_TABLE)
    table = table.assign(score=table["score"].astype("Int64"))
    table.attrs["notes"] = [str(note) for note in notes]
    return table


def _read_rows(path: Path, framework: Framework, problems: list[Problem], notes: list[Problem]) -> Iterator[_Row]:
    """Yield the answers of one file; what cannot be used goes to ``problems``, what was guessed to ``notes``."""
    try:
        sheets, guessed = read_sheets(path, lambda cells: len(_find_columns(cells)), least=2, expected=_EXPECTED)
    except DataError as error:
        problems.extend(error.problems)
        return
    notes.extend(guessed)
    themes = framework.themes.to_dict("records")
    known = {fold(str(row[name])): str(row["theme"]) for name in _NAMES for row in themes}
    for sheet in sheets:
        columns = _find_columns(sheet.header)
        wanted = ["score"] if "pair" in columns else ["score", "from_theme", "to_theme"]
        missing = [HEADERS[name][0] for name in wanted if name not in columns]
        if missing:
            shown = nearest(missing[0], filter(None, sheet.header))
            problems.append(Problem(sheet.at(sheet.row, 0), f"there is no column '{missing[0]}' in this row.{shown}"))
            continue
        group = path.stem if len(sheets) == 1 else f"{path.stem}, {sheet.name}"
        for number, cells in sheet.rows:
            row = {name: unmark_formula(cells[place]).strip() for name, place in columns.items()}
            if any(row.get(name) for name in ("score", "reason", "passage")):
                places = {name: sheet.at(number, place) for name, place in columns.items()}
                yield from _read_row(row, places, known, group, problems)


def _find_columns(header: Sequence[str]) -> dict[str, int]:
    """Return the column of each thing that is read."""
    names = [fold(cell) for cell in header]
    found = {name: [fold(head) for head in heads if fold(head) in names] for name, heads in HEADERS.items()}
    return {name: names.index(heads[0]) for name, heads in found.items() if heads}


def _read_row(
    row: dict[str, str], places: dict[str, str], known: dict[str, str], group: str, problems: list[Problem]
) -> Iterator[_Row]:
    pair, answer = _read_pair(row, known), _read_answer(row["score"])
    if isinstance(pair, Problem):
        problems.append(Problem(places[pair.column], pair.message))
    if answer is None:
        shown = row["score"][:_SHOWN]
        problems.append(Problem(places["score"], f"'{shown}' is not an answer.{_find_nearest(shown)}"))
    if not isinstance(pair, Problem) and answer is not None:
        yield {
            "from_theme": pair[0], "to_theme": pair[1], "score": answer[1], "answer": answer[0],
            "reason": row.get("reason", ""), "scorer": row.get("scorer", "") or group,
            "passage": row.get("passage", ""), "place": places["score"],
        }  # fmt: skip


def _read_pair(row: dict[str, str], known: dict[str, str]) -> tuple[str, str] | Problem:
    """Return the two themes of a row, or what is wrong; the problem's column says where."""
    themes = list(dict.fromkeys(known.values()))
    if row.get("pair"):
        names, columns = [part.strip() for part in re.split("[>\u2192]", row["pair"])], ["pair", "pair"]
    else:
        names, columns = [row.get("from_theme", ""), row.get("to_theme", "")], ["from_theme", "to_theme"]
    if "pair" in columns and len(names) != 2:
        example = " > ".join(themes[:2])
        return Problem(
            "", f"'{row['pair'][:_SHOWN]}' is not a pair of themes; one is written as '{example}'.", column="pair"
        )
    for name, column in zip(names, columns, strict=True):
        if fold(name) not in known:
            place = column if column in row else "score"
            return Problem("", f"theme '{name[:_SHOWN]}' is not known.{nearest(name[:_SHOWN], themes)}", column=place)
    first, second = (known[fold(name)] for name in names)
    for column, theme in (("shown_from", first), ("shown_to", second)):
        shown = known.get(fold(re.sub(r"^\s*\d+\.\s*", "", row.get(column, ""))), theme)
        if shown != theme:
            message = (
                f"the row shows '{shown}' but its column Pair says '{theme}': a sort or paste has pulled rows apart."
            )
            return Problem("", f"{message} Undo it, or copy the scores into a fresh sheet.", column=column)
    if first == second:
        return Problem("", f"'{first}' stands on both sides; a theme is not scored against itself.", column=columns[1])
    return first, second


def _read_answer(text: str) -> tuple[str, int | None] | None:
    """Return (scored, score), (don't know, none) or (blank, none); none for anything else."""
    plain = re.sub("[\u2212\u2013\u2010\u2011]", "-", text.lstrip("'"))
    word = fold(re.sub(r"[\d+().-]", " ", plain))
    number = re.fullmatch(r"[^\d+-]*([+-]?\d{1,3})(?:\.0*)?[^\d]*", plain)
    scores = {name: score for score, (name, _) in SCALE.items()}
    if not plain.strip():
        return "blank", None
    if word in ("dont know", "dk") or plain.strip() == "?":
        return None if number else (DONT_KNOW, None)
    if (word and word not in scores) or (not word and "(" in plain):  # (2) alone may mean -2
        return None
    if number is None:
        return ("scored", scores[word]) if word and not re.search(r"\d", plain) else None
    score = int(number[1])
    return ("scored", score) if score in SCALE and scores.get(word, score) == score else None


def _find_nearest(text: str) -> str:
    """Return the hint for an odd answer: the nearest score to a number, the nearest name to a word."""
    number = re.fullmatch(r"\s*([+-]?\d{1,6}(?:[.,]\d{1,6})?)\s*", text.replace("\u2212", "-"))
    if number is None:
        return nearest(text, ANSWERS)
    value = float(number[1].replace(",", "."))
    score = min(SCALE, key=lambda score: (abs(score - value), abs(score)))
    return f" The nearest is '{ANSWERS[list(SCALE).index(score)]}'. Known: {', '.join(ANSWERS)}."
