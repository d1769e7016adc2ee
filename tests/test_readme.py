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


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def test_the_code_blocks_run(tmp_path: Path) -> None:
    assert blocks("python")
    for block in blocks("python"):
        out = subprocess.run(
            [sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8"
        )
        assert (out.returncode, out.stderr) == (0, "")
    assert (tmp_path / "runs" / "derby" / "index.html").is_file()


def test_the_mapping_commands_run_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    commands = [line for block in blocks("bash") for line in block.splitlines() if line.startswith("mapping ")]
    assert len(commands) >= 8
    for command in commands:
        result = CliRunner().invoke(main, shlex.split(command)[1:])
        assert result.exit_code == 0, f"{command}\n{result.output}"


def test_the_make_targets_exist() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make ([a-z-]+)`?", README):
        assert re.search(rf"^{target}:", text, flags=re.MULTILINE), target


def test_every_file_that_the_readme_names_is_there() -> None:
    named = re.findall(r"`((?:data|docs|notebooks|figures)/[\w./-]+)`", README)
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
