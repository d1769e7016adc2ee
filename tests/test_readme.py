"""What the README and the documents show is what happens: every block of commands and code is run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mapping.cli import main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
#: Pages whose commands are run as they stand, each in an empty folder; the walk-through has a test of its own.
PAGES = ("README.md", "docs/first-ten-minutes.md")
DOCS = ("README.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")))


def blocks(language: str, page: str = "README.md") -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def test_the_code_blocks_run(tmp_path: Path) -> None:
    assert blocks("python")
    for block in blocks("python"):
        out = subprocess.run(
            [sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8"
        )
        assert (out.returncode, out.stderr) == (0, "")
    assert (tmp_path / "runs" / "derby" / "index.html").is_file()


@pytest.mark.parametrize("page", PAGES)
def test_the_mapping_commands_run_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    monkeypatch.chdir(tmp_path)
    commands = [line for block in blocks("bash", page) for line in block.splitlines() if line.startswith("mapping ")]
    assert len(commands) >= 5
    for command in commands:
        result = CliRunner().invoke(main, shlex.split(command)[1:])
        assert result.exit_code == 0, f"{command}\n{result.output}"


def test_the_make_targets_exist() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make ([a-z-]+)`?", README):
        assert re.search(rf"^{target}:", text, flags=re.MULTILINE), target


@pytest.mark.parametrize("page", DOCS)
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    own = "data|docs|notebooks|tests|benchmarks" + ("|figures" if page == "README.md" else "")
    named = re.findall(rf"`((?:{own})/[\w./-]+)`", text)
    named += [f"notebooks/{name}.ipynb" for name in re.findall(r"`(\d\d-[\w-]+)`", text)]
    for name in (*named, "CITATION.cff", "CONTRIBUTING.md"):
        assert (ROOT / name).exists(), name
    for _, name in re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", README):
        assert (ROOT / name).is_file(), name


def test_the_contributing_page_lists_every_module() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for path in (ROOT / "mapping").iterdir():
        if path.name.startswith("_") or path.name == "data":
            continue
        name = f"{path.name}/" if path.is_dir() else path.name
        assert re.search(rf"^  {re.escape(name)} ", text, flags=re.MULTILINE), name


@pytest.mark.skipif(os.name == "nt", reason="make is not at home on Windows")
def test_make_help_lists_the_targets() -> None:
    out = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"report", "test", "test-all", "figures"} <= {line.split()[0] for line in out.stdout.splitlines()}
