"""The notebooks run top to bottom in a clean kernel, leave nothing behind, and keep to the rules of the house."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from mapping.findings import LIMITS

HOME = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(HOME.glob("*.ipynb"))
SECONDS_PER_CELL = 120
SEEDS = HOME.parent.parent / "shared" / "seeds"
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
# A path from the root of a disk, on any system, in a string or in running text.
ABSOLUTE_PATH = re.compile(r"(?<![\w.:/\])])/(?:home|root|work|tmp|Users|usr|mnt|var)/|\b[A-Za-z]:[\\/](?!/)|file://")

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


@every_notebook
def test_runs_top_to_bottom_in_a_clean_kernel_and_leaves_nothing_behind(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, scratch = tmp_path / "somewhere-else", tmp_path / "scratch"
    for folder in (place, scratch):
        folder.mkdir()
    # The start-up files of the person who runs the tests are not part of a clean kernel.
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("TMPDIR", str(scratch))
    notebook = read(path)
    client = NotebookClient(
        notebook, timeout=SECONDS_PER_CELL, kernel_name="python3", resources={"metadata": {"path": str(place)}}
    )
    client.execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            kinds = {output.output_type for output in cell.outputs}
            said = [output.text for output in cell.outputs if output.get("name") == "stderr"]
            assert "error" not in kinds, cell.id
            assert said == [], cell.id
            assert cell.outputs, f"{cell.id} shows nothing"
    assert list(place.iterdir()) == []
    assert [left.name for left in scratch.rglob("*") if left.is_file()] == []


@pytest.mark.skipif(not SEEDS.is_dir(), reason="skipped: shared/ not present")
def test_a_folder_of_the_source_papers_becomes_a_report(tmp_path: Path) -> None:
    notebook = read(HOME / "07-from-documents.ipynb")
    first = next(cell for cell in notebook.cells if "mp.load_papers()" in cell.source)
    read_seeds = f"mp.read_documents(sorted(Path({str(SEEDS)!r}).iterdir()))"
    first.source = first.source.replace("mp.load_papers()", read_seeds)
    NotebookClient(
        notebook, timeout=SECONDS_PER_CELL, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    shown = next(cell for cell in notebook.cells if "print(millbrook)" in cell.source).outputs[0].text
    assert re.search(r"[3-9] boards .* \d\d priorities", shown), shown
    written = next(cell for cell in notebook.cells if "write_report" in cell.source).outputs[0]["data"]["text/plain"]
    assert "report.md" in written
    assert "index.html" in written


def test_names_are_in_order_and_each_links_only_to_notebooks_that_exist() -> None:
    names = [path.name for path in NOTEBOOKS]
    numbers = [int(name[:2]) for name in names]
    assert names[0] == "00-start-here.ipynb"
    assert numbers == sorted(set(numbers))
    assert all(re.fullmatch(r"\d\d(-[a-z0-9]+)+\.ipynb", name) for name in names)
    linked = {
        link for path in NOTEBOOKS for cell in read(path).cells for link in re.findall(r"\]\(([^)]*)\)", cell.source)
    }
    assert linked <= set(names)


def test_the_first_notebook_leads_to_all_others() -> None:
    text = "\n".join(cell.source for cell in read(NOTEBOOKS[0]).cells)
    assert [path.name for path in NOTEBOOKS[1:] if f"]({path.name})" not in text] == []


def test_the_first_notebook_carries_the_four_sentences() -> None:
    text = "\n".join(cell.source for cell in read(NOTEBOOKS[0]).cells)
    assert [sentence for sentence in LIMITS if f"- {sentence}" not in text] == []


@every_notebook
def test_is_stored_without_outputs_and_the_same_way_each_time(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    notebook = read(path)
    nbformat.validate(notebook)
    assert [cell.id for cell in code_cells(path) if cell.outputs or cell.execution_count is not None] == []
    assert notebook.metadata.kernelspec.name == "python3"
    assert [cell.id for cell in notebook.cells] == [
        f"{path.stem[:2]}-{n:02}" for n in range(1, len(notebook.cells) + 1)
    ]
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")


@every_notebook
def test_defines_no_functions(path: Path) -> None:
    found = [
        (cell.id, type(node).__name__)
        for cell in code_cells(path)
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, DEFINITIONS)
    ]
    assert found == []


@every_notebook
def test_every_cell_of_code_is_introduced_in_words(path: Path) -> None:
    cells = read(path).cells
    assert cells[0].source.startswith("# ")
    pairs = itertools.pairwise(cells)
    assert [now.id for before, now in pairs if now.cell_type == "code" and before.cell_type != "markdown"] == []


@every_notebook
def test_ends_by_saying_where_to_go_next(path: Path) -> None:
    last = read(path).cells[-1]
    assert last.cell_type == "markdown"
    assert last.source.startswith("## Next\n")


@every_notebook
def test_names_no_place_on_anybodys_disk(path: Path) -> None:
    assert [cell.id for cell in read(path).cells if ABSOLUTE_PATH.search(cell.source)] == []
