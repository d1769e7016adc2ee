"""The same inputs give the same bytes: whatever the hash seed, the language, the clock and the order of the rows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CITY, write_city

SCRIPT = """
import hashlib, sys
from mapping.outputs.folder import list_tables
from mapping.partnership import load_derby, read_partnership
from mapping.csv_format import format_table
from mapping.tags import tag
for city in (load_derby(), read_partnership(sys.argv[1])):
    run = tag(city, neighbours=True)
    print(city.id, run.hash)
    for name, table in list_tables(run).items():
        print(city.id, name, len(table), hashlib.sha256(format_table(table).encode()).hexdigest())
"""
SETTINGS = [
    {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "Asia/Kolkata"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "C", "TZ": "America/New_York", "PYTHONUTF8": "0"},
    {"PYTHONHASHSEED": "3", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
]


def test_tables_are_the_same_bytes_everywhere(tmp_path: Path) -> None:
    pytest.importorskip("mapping.outputs.folder", exc_type=ImportError)
    header, *rows = CITY["priorities.csv"].splitlines()
    said = []
    for n, variation in enumerate(SETTINGS):
        turned = rows[n:] + rows[:n] if n < 3 else rows[::-1]
        folder = write_city(tmp_path / str(n), {"priorities.csv": "\n".join([header, *turned]) + "\n"})
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(folder)],
            env={**os.environ, **variation},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        said.append(done.stdout.splitlines())
    assert len(said[0]) > 20
    assert [lines for lines in said if lines != said[0]] == []


MESSAGES = """
import sys
from mapping.errors import MappingError
from mapping.partnership import read_partnership
try:
    read_partnership(sys.argv[1])
except MappingError as error:
    print(ascii(str(error)))
"""


def test_messages_are_the_same_whatever_the_hash_seed(tmp_path: Path) -> None:
    wrong = CITY["priorities.csv"].replace(",PRK-01,Parks Plan", ",PRK-1,Parks Plan")
    folder = write_city(tmp_path / "city", {"priorities.csv": wrong})
    said = {
        subprocess.run(
            [sys.executable, "-c", MESSAGES, str(folder)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert "HOM-01, HOM-02, HOM-03" in said.pop()
