"""A folder to start a new city from: small made-up tables that work, with a comment for every column."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mapping.csv_format import format_table, sign
from mapping.errors import OutputError
from mapping.files import find_shipped, write_file
from mapping.schema import (
    BOARDS,
    DECISIONS,
    FRAMEWORK,
    KEYWORDS,
    LINKS,
    NAMES,
    PARTNERSHIP,
    PASSAGES,
    PRIORITIES,
    RECOMMENDATIONS,
    STRATEGIES,
    TABLES,
    THEMES,
)
from mapping.tables import Column, read_yaml

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_empty", "write_starter", "write_tables"]

_PARTNERSHIP = {
    "id": "my-city",
    "name": "My City Partnership",
    "place": "My City",
    "edition": "draft",
    "framework": "framework",
    "about": "Made-up rows to be replaced.",
}
_BOARDS = [
    "HWB,Health and Wellbeing Board,Health,Health,statutory board,yes,yes,Health & Wellbeing Board",
    "SCB,Safer Communities Board,Safer,Safer,partnership board,yes,yes,",
]
_STRATEGIES = [
    "HWS,HWB,Health and Wellbeing Strategy,2024-2029,2024,2029,years in the title,named,yes",
    "CSP,SCB,Community Safety Plan,2025-2028,2025,2028,years in the title,named,no",
    "CSP-NEWS,SCB,Community safety news page,2025,2025,,date of the page,stand-in,yes",
]
_PRIORITIES = [
    "HWB-01,HWS,Give every child the best start in life,restated,priority,,Health and Wellbeing Strategy,12,,"
    "Health and Wellbeing Strategy 2024-2029,,",
    "HWB-02,HWS,Involve residents in designing local services,restated,priority,,Health and Wellbeing Strategy,13,,"
    "Health and Wellbeing Strategy 2024-2029,,",
    "HWB-03,HWS,Reduce waiting times at the hospital,restated,priority,,Health and Wellbeing Strategy,14,,"
    "Health and Wellbeing Strategy 2024-2029,,",
    "SCB-01,CSP-NEWS,Listen to young people about feeling safe in the park,restated,priority,,News page,,,"
    "News page of the council,,",
]
_FRAMEWORK = {
    "id": "my-themes",
    "name": "My themes",
    "agreed": "Made up for this example.",
    "source_title": "",
    "source_address": "",
    "language": "en",
    "threshold": "0.5",
    "margin": "0.1",
}
_THEMES = [
    "voice,1,A voice for residents,Voice,Voice,Residents have a voice in decisions,"
    '"Residents are involved in decisions: consultation, engagement, co-production.",Publicity and marketing.',
    "start,2,A good start,Start,Start,Every child has a good start in life,"
    '"Early years, childhood, parenting and the safety of children and young people.",Adult services.',
]
_MADE_UP = "The rows are made up: replace them."
_DRAFTED = (
    "The rows were drafted from documents: check every cell of boards.csv and strategies.csv, and move what stands in "
    "left-aside.csv, if it is there, to priorities.csv or delete it."
)
_KEYWORDS = [
    "voice,involve residents,decides,residents take part in deciding",
    "voice,listen to * people,decides,being heard before a decision",
    "voice,engagement,supports,may mean a voice; counts with other evidence",
    "start,start in life,decides,the usual wording for early childhood",
    "start,young people,supports,names the age group; counts with other evidence",
]


def write_starter(folder: str | Path, copy_of: str = "") -> list[Path]:
    """Write the starting files for a new city.

    Parameters
    ----------
    folder : str or Path
        A new or empty folder.
    copy_of : str
        Shipped data to copy instead of the made-up rows, such as ``derby``; its framework is copied with it.

    Returns
    -------
    list of Path
        The files: tables of the partnership, a framework of its own under ``framework/``, and ``README.md``, which
        says what every column is.

    Raises
    ------
    OutputError
        When the folder already holds something; nothing is written.
    """
    home = Path(folder)
    check_empty(home)
    if copy_of:
        return _copy_shipped(find_shipped("partnerships", copy_of), home)
    files = {
        "README.md": _describe(),
        "partnership.yaml": _format_yaml(PARTNERSHIP, _PARTNERSHIP),
        "boards.csv": _format_csv(BOARDS, _BOARDS),
        "strategies.csv": _format_csv(STRATEGIES, _STRATEGIES),
        "priorities.csv": _format_csv(PRIORITIES, _PRIORITIES),
        "decisions.csv": _format_csv(DECISIONS, []),
        "names.csv": _format_csv(NAMES, []),
        "passages.csv": _format_csv(PASSAGES, []),
        "links.csv": _format_csv(LINKS, []),
        "recommendations.csv": _format_csv(RECOMMENDATIONS, []),
        "framework/framework.yaml": _format_yaml(FRAMEWORK, _FRAMEWORK),
        "framework/themes.csv": _format_csv(THEMES, _THEMES),
        "framework/keywords.csv": _format_csv(KEYWORDS, _KEYWORDS),
    }
    return _write(home, files)


def check_empty(home: Path) -> None:
    """Refuse a folder that already holds something."""
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise OutputError(f"{home}: already holds something; nothing was written. Name a new or empty folder.")


def write_tables(home: Path, info: dict[str, str], tables: Mapping[str, pd.DataFrame]) -> list[Path]:
    """Write the files of a city with a shipped framework: these tables, the others without rows, a README."""
    files = {"README.md": _describe(_DRAFTED), "partnership.yaml": _format_yaml(PARTNERSHIP, info)}
    for name, columns in TABLES.items():
        files[f"{name}.csv"] = format_table(tables[name]) if name in tables else _format_csv(columns, [])
    return _write(home, files)


def _write(home: Path, files: dict[str, str]) -> list[Path]:
    """Write the files, tables so that Excel knows their letters."""
    return [write_file(home / name, sign(text) if name.endswith(".csv") else text) for name, text in files.items()]


def _copy_shipped(source: Path, home: Path) -> list[Path]:
    info = read_yaml(source / "partnership.yaml", PARTNERSHIP)
    framework = find_shipped("frameworks", info["framework"])
    files = {
        "README.md": _describe(),
        "partnership.yaml": _format_yaml(PARTNERSHIP, {**info, "framework": "framework"}),
    }
    files |= {path.name: path.read_text(encoding="utf-8") for path in sorted(source.glob("*.csv"))}
    files |= {f"framework/{path.name}": path.read_text(encoding="utf-8") for path in sorted(framework.iterdir())}
    return _write(home, files)


def _format_yaml(keys: dict[str, str], values: dict[str, str]) -> str:
    # A JSON string is a YAML string too, with every quotation mark and line break in it kept.
    lines = [f"# {meaning}\n{key}: {json.dumps(values[key], ensure_ascii=False)}" for key, meaning in keys.items()]
    return "\n".join(lines) + "\n"


def _format_csv(columns: Sequence[Column], rows: Sequence[str]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    for column in columns:
        writer.writerow([f"# {column.name}: {column.meaning}"] + [""] * (len(columns) - 1))
    for row in csv.reader(rows):
        writer.writerow(row + [""] * (len(columns) - len(row)))
    return buffer.getvalue()


def _describe(first: str = _MADE_UP) -> str:
    """Return the README of a starting folder: what to do first, what one row of each file is, and every column."""
    parts = [
        "# Your city's tables",
        f'Open the CSV files in Excel. {first} Save as "CSV UTF-8 (Comma delimited)". '
        'A row whose first cell begins with "# " and whose other cells are empty is a comment. '
        "Then run `mapping check --data FOLDER` and `mapping report --data FOLDER` with the name of this folder.",
    ]
    for file, row, columns in (
        ("boards.csv", "board", BOARDS),
        ("strategies.csv", "strategy", STRATEGIES),
        ("priorities.csv", "priority", PRIORITIES),
        ("decisions.csv", "decision of a person about a tag", DECISIONS),
        ("names.csv", "service, programme or named partner, by which texts may name a board", NAMES),
        ("passages.csv", "passage of a board's documents that is not itself a priority", PASSAGES),
        ("links.csv", "decision of a person about a link between two boards", LINKS),
        ("recommendations.csv", "recommendation of a committee or a workshop, with its answer", RECOMMENDATIONS),
        ("framework/themes.csv", "theme, in the agreed order", THEMES),
        ("framework/keywords.csv", "keyword", KEYWORDS),
    ):
        parts.append(f"## {file}: one row per {row}")
        parts.append("\n".join(f"- `{c.name}`: {c.meaning}{'' if c.needed else ' (may be empty)'}" for c in columns))
    return "\n\n".join(parts) + "\n"
