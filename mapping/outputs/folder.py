"""The run folder: one place with everything a run says, written whole, with a manifest that tells what made it."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.cells import count_boards, count_cells, count_themes
from mapping.chance import find_board_chance, find_cell_chance, find_theme_pairs
from mapping.csv_format import write_table
from mapping.figures import (
    Chart,
    plot_board_pairs,
    plot_combinations,
    plot_coverage,
    plot_focus,
    plot_leaning,
    plot_matrix,
    plot_ribbons,
    plot_sensitivity,
    plot_theme_pairs,
)
from mapping.files import replace_controls, replace_folder, write_file
from mapping.focus import find_focus, measure_areas
from mapping.gaps import find_gaps
from mapping.graph import build_graph, write_graph
from mapping.interdependencies import find_interdependencies, find_link_decisions, find_links
from mapping.intersections import find_board_sets, find_intersections, find_theme_sets, find_untagged
from mapping.mentions import find_mentions
from mapping.outputs.page import format_page
from mapping.outputs.published import write_published_tables
from mapping.outputs.report import format_report
from mapping.outputs.workbook import write_workbook
from mapping.pairs import find_board_pairs, find_priority_pairs
from mapping.recommendations import list_recommendations
from mapping.remit import find_remit_links, find_remits
from mapping.rescoring import find_sensitivity
from mapping.review import find_review_order
from mapping.runs import check_name, save_inputs
from mapping.stability import find_headlines
from mapping.tags import Run, hash_table

__all__ = ["MANIFEST", "draw_figures", "list_tables", "write_report"]

MANIFEST = "manifest.json"
WORKBOOK = "mapping-table.xlsx"
PUBLISHED = "published-tables.xlsx"
GRAPH = "board-theme-graph.graphml"

# For each table: what one row is, and the columns that name a row.
_TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "priorities": ("priority mapped", ("priority",)),
    "tags": ("priority and theme", ("priority", "theme")),
    "cells": ("board and theme: the table that every figure reads", ("board", "theme")),
    "boards": ("board", ("board",)),
    "themes": ("theme", ("theme",)),
    "intersections": ("theme, with the boards that meet on it", ("theme",)),
    "board-sets": (
        "set of boards that shares themes, exclusively and inclusively counted",
        ("size", "themes_exclusive"),
    ),
    "theme-sets": ("set of themes that priorities carry, exclusively and inclusively counted", ("size", "ids")),
    "board-pairs": ("pair of boards, with the overlap of their themes", ("board_a", "board_b")),
    "interdependencies": ("pair of boards, with the highest rung of evidence", ("board_a", "board_b")),
    "links": ("ordered pair of boards, with the highest rung of evidence and its passages", ("from_board", "to_board")),
    "mentions": ("place where a text of one board names another, or a partner", ("found_in", "start", "named")),
    "remits": ("word that is key to a board's texts", ("board", "word")),
    "remit-links": ("ordered pair of boards: who speaks whose remit", ("from_board", "to_board")),
    "link-decisions": (
        "decision of a person on a link, with what became of it",
        ("from_board", "to_board", "reviewer"),
    ),
    "priority-pairs": ("pair of priorities of two boards", ("priority_a", "priority_b")),
    "gaps": ("board and theme without a tag: none, or not read, and how much may be missed", ("board", "theme")),
    "headlines": ("thing that the counts allow one to say, with its verdict", ("kind", "subject")),
    "focus": ("candidate area of focus, with the evidence for and against", ("themes",)),
    "areas": ("theme, or pair of themes of two boards: weight and breadth", ("themes",)),
    "chance-cells": ("board and theme: found, and expected by chance", ("board", "theme")),
    "chance-theme-pairs": ("pair of themes in one priority: found, and expected by chance", ("theme_a", "theme_b")),
    "chance-board-pairs": ("pair of boards: overlap found, and expected by chance", ("board_a", "board_b")),
    "sensitivity": ("theme and threshold: what the machine alone would suggest", ("theme", "threshold")),
    "review-order": ("tag to review, the most doubtful first", ("priority", "theme")),
    "untagged": ("priority that no theme caught", ("priority",)),
    "decisions": ("decision of a person, with what became of it", ("framework", "priority", "theme", "reviewer")),
    "recommendations": ("recommendation with its answer and the themes suggested for it", ("recommendation",)),
}
_LIBRARIES = ("matplotlib", "networkx", "numpy", "pandas", "scikit-learn", "scipy", "snowballstemmer", "xlsxwriter")


def list_tables(run: Run) -> dict[str, pd.DataFrame]:
    """Return every table of a run by its name, in the order in which the page lists them."""
    makers: dict[str, Callable[[Run], pd.DataFrame]] = {
        "priorities": lambda run: run.priorities.drop(columns="line"),
        "tags": lambda run: run.tags,
        "cells": count_cells,
        "boards": count_boards,
        "themes": count_themes,
        "intersections": find_intersections,
        "board-sets": find_board_sets,
        "theme-sets": find_theme_sets,
        "board-pairs": find_board_pairs,
        "interdependencies": find_interdependencies,
        "links": find_links,
        "mentions": find_mentions,
        "remits": find_remits,
        "remit-links": find_remit_links,
        "link-decisions": find_link_decisions,
        "priority-pairs": find_priority_pairs,
        "gaps": find_gaps,
        "headlines": find_headlines,
        "focus": find_focus,
        "areas": measure_areas,
        "chance-cells": find_cell_chance,
        "chance-theme-pairs": find_theme_pairs,
        "chance-board-pairs": find_board_chance,
        "sensitivity": find_sensitivity,
        "review-order": find_review_order,
        "untagged": find_untagged,
        "decisions": lambda run: run.decisions.drop(columns="line"),
        "recommendations": list_recommendations,
    }
    return {name: makers[name](run) for name in _TABLES}


def draw_figures(run: Run, context: str = "a4") -> list[Chart]:
    """Return the charts of a run in the order in which the page shows them; of slides there are the leading three."""
    leading = (plot_matrix, plot_ribbons, plot_board_pairs)
    others = (plot_combinations, plot_theme_pairs, plot_focus, plot_leaning, plot_sensitivity, plot_coverage)
    return [plot(run, context=context) for plot in (leading if context == "slide" else (*leading, *others))]


def write_report(
    run: Run, folder: str | Path, progress: Callable[[str], None] = lambda step: None, *, name: str = ""
) -> Path:
    """Write the run folder: page, report, mapping table, tables, figures, graph, inputs and manifest.

    Parameters
    ----------
    run : Run
    folder : str or Path
        Where it is to stand. An earlier run folder there is replaced as a whole, unless it was given a name; any other
        folder that holds something is refused.
    progress : callable
        Told in words what is being written.
    name : str
        Of a run that is to be kept: nothing will replace its folder.

    Returns
    -------
    Path
        Of the folder. It holds ``index.html`` (start there), ``report.md``, ``mapping-table.xlsx``,
        ``published-tables.xlsx`` (to go with a paper), ``tables/``, ``figures/``, ``board-theme-graph.graphml``,
        ``inputs/``, from which ``read_run`` opens the run again, and ``manifest.json`` (settings, versions, and the
        hash of the canonical content of each table, rows sorted by id).
    """
    check_name(folder)

    def fill(home: Path) -> None:
        progress("counting, drawing chance and scoring again")
        tables = list_tables(run)
        for title, table in tables.items():
            write_table(home / "tables" / f"{title}.csv", table)
        progress("drawing figures")
        charts = draw_figures(run)
        images = [chart.save(home / "figures")[0].read_bytes() for chart in charts]
        progress("writing the mapping table and the graph")
        write_workbook(run, home / WORKBOOK)
        write_published_tables(run, home / PUBLISHED)
        write_graph(build_graph(run), home / GRAPH)
        save_inputs(run, home, name)
        progress("writing the report and the page")
        write_file(home / "report.md", replace_controls(format_report(run, charts)))
        listed = [(f"tables/{title}.csv", f"one row per {_TABLES[title][0]}", len(tables[title])) for title in tables]
        page = format_page(run, list(zip(charts, images, strict=True)), listed, WORKBOOK, GRAPH)
        write_file(home / "index.html", replace_controls(page))
        write_file(home / MANIFEST, json.dumps(_describe(run, tables), indent=2, ensure_ascii=False) + "\n")

    return replace_folder(folder, fill, MANIFEST)


def _describe(run: Run, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    sources = {
        "boards": (run.partnership.boards, ["board"]),
        "strategies": (run.partnership.strategies, ["strategy"]),
        "priorities": (run.partnership.priorities, ["priority"]),
        "decisions": (run.partnership.decisions, ["priority", "theme", "reviewer", "time"]),
        "names": (run.partnership.names, ["name"]),
        "passages": (run.partnership.passages, ["passage"]),
        "links": (run.partnership.links, ["from_board", "to_board", "reviewer", "time", "words"]),
        "themes": (run.framework.themes, ["theme"]),
        "keywords": (run.framework.keywords, ["theme", "pattern"]),
    }
    return {
        "partnership": run.partnership.info,
        "framework": run.framework.info,
        "run": run.hash,
        "settings": asdict(run.settings),
        "input_sha256": {name: hash_table(table.drop(columns="line"), keys) for name, (table, keys) in sources.items()},
        "table_sha256": {name: hash_table(_flat(table), list(_TABLES[name][1])) for name, table in tables.items()},
        "rows": {name: len(table) for name, table in tables.items()},
        "versions": {
            "strategy-crossmap": version("strategy-crossmap"),
            "python": platform.python_version(),
            **{name: version(name) for name in _LIBRARIES},
        },
    }


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose lists are tuples, so that its rows can be sorted by them."""
    flat = table.copy()
    for name in flat.columns:
        flat[name] = [tuple(cell) if isinstance(cell, list) else cell for cell in flat[name]]
    return flat
