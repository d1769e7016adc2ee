"""Runs that can be opened again: the tables and the framework behind a run, kept beside what it says."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.calibration import format_calibration
from mapping.csv_format import format_table
from mapping.errors import DataError, MappingError, OutputError, Problem
from mapping.files import write_file
from mapping.framework import Framework
from mapping.partnership import read_partnership
from mapping.schema import FRAMEWORK, KEYWORDS, PARTNERSHIP, TABLES, THEMES
from mapping.tables import Column
from mapping.tags import Run, tag

__all__ = ["INPUTS", "check_name", "is_run", "name_folder", "read_run", "save_inputs"]

#: The folder in a run folder that holds what the run was made from, and the file in it that says so.
INPUTS, RECORD = "inputs", "run.json"
_FORMAT = 1
#: What ``tag`` is told again when a run is opened.
_CHOICES = ("method", "threshold", "neighbours", "in_force_on", "draws", "resamples", "seed")
_NAME = re.compile(r"[^\W_][\w.-]*(?: [\w.-]+)*")
_LONGEST_NAME = 80
#: Names that Windows keeps for itself, whatever their ending; and the folder that every report replaces.
_KEPT = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)), "latest"}


# --- keeping -----------------------------------------------------------------------------------------------


def save_inputs(run: Run, folder: str | Path, name: str = "") -> Path:
    """Write what a run was made from into a run folder, so that ``read_run`` can open it again.

    Parameters
    ----------
    run : Run
    folder : str or Path
        The run folder; the snapshot goes to ``inputs/`` in it.
    name : str
        Of a run that is to be kept; ``check_name`` then keeps its folder from being replaced.

    Returns
    -------
    Path
        ``inputs/``: the tables of the city, the framework that was used as ``framework/``, and ``run.json`` with the
        settings, the run's hash and the SHA-256 of each file. It is itself a folder of tables: ``mapping check
        --data`` reads it. Every decision, imported ones too, stands in one ``decisions.csv``.
    """
    home = Path(folder) / INPUTS
    files = _format_inputs(run)
    for file, text in files.items():
        write_file(home / file, text)
    record = {
        "format": _FORMAT,
        "name": name,
        "run": run.hash,
        "framework": run.partnership.info.get("framework", ""),
        "settings": asdict(run.settings),
        "sha256": {file: _hash(text.encode()) for file, text in sorted(files.items())},
    }
    write_file(home / RECORD, json.dumps(record, indent=2, ensure_ascii=False) + "\n")
    return home


def name_folder(name: str, home: str | Path = "runs") -> Path:
    """Return the folder of a new named run; a name that was used is refused, so that no named run is overwritten.

    Raises
    ------
    OutputError
        When the name cannot be that of a folder everywhere, or a folder of that name is there already.
    """
    if (
        not _NAME.fullmatch(name)
        or len(name) > _LONGEST_NAME
        or name.endswith(".")
        or name.split(".")[0].casefold() in _KEPT
    ):
        raise OutputError(
            f"'{name}' cannot be the name of a run; write letters, numbers, hyphens and spaces, "
            "as in 2019-01 as agreed."
        )
    folder = Path(home) / name
    there = [path.name for path in Path(home).iterdir()] if Path(home).is_dir() else []
    # Some systems take "May" and "may" for one name: what was kept on another may not be replaced there.
    used = next((other for other in there if other.casefold() == name.casefold()), None)
    if used is not None:
        raise OutputError(
            f"{Path(home) / used}: is there already, and a named run is never overwritten. Choose another name."
        )
    return folder


def check_name(folder: str | Path) -> None:
    """Refuse to replace a folder that holds a named run.

    Raises
    ------
    OutputError
        When a named run stands there.
    """
    record = Path(folder) / INPUTS / RECORD
    name = _read_record(record)["name"] if record.is_file() else ""
    if name:
        raise OutputError(
            f"{folder}: holds the run '{name}', and a named run is never overwritten. Choose another folder."
        )


def _format_inputs(run: Run) -> dict[str, str]:
    """Return the text of each file of a snapshot by its name."""
    tables, framework = run.partnership, run.framework
    files = {"partnership.yaml": _format_yaml({**tables.info, "framework": "framework"}, PARTNERSHIP)}
    for name, columns in TABLES.items():
        files[f"{name}.csv"] = _format(getattr(tables, name), columns)
    settings = {"threshold": repr(framework.threshold), "margin": repr(framework.margin)}
    files["framework/framework.yaml"] = _format_yaml({**framework.info, **settings}, FRAMEWORK)
    files["framework/themes.csv"] = _format(framework.themes, THEMES)
    files["framework/keywords.csv"] = _format(framework.keywords, KEYWORDS)
    if framework.calibration is not None:
        files["framework/calibration.yaml"] = format_calibration(framework.calibration)
    return files


def _format(table: pd.DataFrame, columns: tuple[Column, ...]) -> str:
    return format_table(table.reindex(columns=[column.name for column in columns], fill_value=""))


def _format_yaml(values: dict[str, str], keys: dict[str, str]) -> str:
    return "".join(f"{key}: {_quote(values[key])}\n" for key in keys if values.get(key, "").strip())


def _quote(text: str) -> str:
    """Return a text as a double-quoted YAML scalar on one line; whatever does not print is escaped."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in plain) + '"'


# --- opening -----------------------------------------------------------------------------------------------


def is_run(folder: str | Path) -> bool:
    """Return whether a folder is a run folder that can be opened again."""
    return (Path(folder) / INPUTS / RECORD).is_file()


def read_run(folder: str | Path) -> Run:
    """Open a run again from its folder: the same tables, framework and settings, tagged anew.

    Parameters
    ----------
    folder : str or Path
        A run folder with ``inputs/``, as ``save_inputs`` leaves it.

    Returns
    -------
    Run
        Where this version of the toolkit tags the same inputs otherwise than the one that kept them,
        ``run.partnership.warnings`` says so.

    Raises
    ------
    DataError
        When a file of the snapshot was altered, is missing or was added: then it is not that run.
    """
    home = Path(folder) / INPUTS
    if not (home / RECORD).is_file():
        raise MappingError(f"{folder}: no run can be opened there; {INPUTS}/{RECORD} is expected in a run folder.")
    record = _read_record(home / RECORD)
    _check_files(home, record["sha256"])
    partnership = read_partnership(home)
    partnership = replace(partnership, info={**partnership.info, "framework": record["framework"]})
    run = tag(partnership, **_read_choices(record, partnership.framework))
    if run.hash != record["run"]:
        message = (
            f"this version of the toolkit tags the same inputs otherwise: the run was {record['run']} when it was kept "
            f"and is {run.hash} now."
        )
        noted = replace(partnership, warnings=(*partnership.warnings, Problem(RECORD, message)))
        run = replace(run, partnership=noted)
    return run


def _read_choices(record: dict[str, Any], framework: Framework) -> dict[str, Any]:
    """Return what ``tag`` was told; a threshold that is the framework's own is left to the framework."""
    choices = {name: record["settings"][name] for name in _CHOICES}
    return {**choices, "threshold": None if choices["threshold"] == framework.threshold else choices["threshold"]}


def _read_record(path: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        known = record["format"] == _FORMAT and {"name", "run", "framework", "sha256"} <= set(record)
        known = known and set(_CHOICES) <= set(record["settings"])
    except (OSError, ValueError, KeyError, TypeError):
        known = False
    if not known:
        message = "is not the record of a run that this version can open. Put back a whole copy of the run folder."
        raise DataError([Problem(f"{INPUTS}/{RECORD}", message)])
    return record


def _check_files(home: Path, hashes: dict[str, str]) -> None:
    """Refuse a snapshot that is not the one that was kept, and say what is otherwise."""
    problems = []
    for file, expected in hashes.items():
        path = home / file
        if not path.is_file():
            problems.append(Problem(f"{INPUTS}/{file}", "is missing."))
        elif _hash(path.read_bytes()) != expected:
            problems.append(Problem(f"{INPUTS}/{file}", "was altered since the run was kept."))
    there = {path.relative_to(home).as_posix() for path in home.rglob("*.csv")}
    there |= {path.relative_to(home).as_posix() for path in home.rglob("*.yaml")}
    problems += [
        Problem(f"{INPUTS}/{file}", "was added since the run was kept.") for file in sorted(there - set(hashes))
    ]
    if problems:
        advice = f"This is no longer that run. To map it as it now stands: mapping report --data {home}."
        raise DataError([*problems, Problem(f"{INPUTS}/{RECORD}", advice)])


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
