"""The mapping table in LibreOffice: it opens, and every sheet and cell is there."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

import mapping as mp
from mapping.outputs.sections import build_sections
from mapping.outputs.workbook import write_workbook

pytestmark = pytest.mark.office
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def test_the_mapping_table_opens_in_libreoffice(tmp_path: Path) -> None:
    if SOFFICE is None:
        pytest.fail("LibreOffice is not installed: apt-get install libreoffice-calc")
    run = mp.tag(mp.load_derby())
    book = write_workbook(run, tmp_path / "book.xlsx")
    # The last number of the filter options (-1) asks for every sheet, each in a file of its own.
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
            "--outdir",
            str(tmp_path),
            str(book),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    with (tmp_path / "book-Mapping.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1:]] == list(run.priorities["priority"])
    assert [row[5] for row in rows[1:]] == list(run.priorities["text"])
    weighed = [grid.sheet for section in build_sections(run) for grid in section.grids]
    assert {path.name for path in tmp_path.glob("book-*.csv")} == {
        f"book-{sheet}.csv" for sheet in ("Read me", "Mapping", "Boards by themes", "Board pairs", *weighed)
    }
