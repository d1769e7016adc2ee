"""The board-theme graph: boards on one side, themes on the other, and the priorities that tie them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np
import pandas as pd
from scipy import sparse

from mapping.cells import count_boards, count_cells, count_themes
from mapping.errors import DataError, Problem
from mapping.files import replace_controls, write_file
from mapping.tables import each_row
from mapping.tags import Run

__all__ = ["build_graph", "measure_nodes", "project_boards", "project_themes", "read_graph", "write_graph"]


def build_graph(run: Run) -> nx.Graph[Any]:
    """Build the two-mode graph of boards and themes (Borgatti and Everett 1997).

    Returns
    -------
    networkx.Graph
        Nodes ``("board", id)`` and ``("theme", id)``, since a board and a theme may share a name. Node attributes:
        ``bipartite`` (0 board, 1 theme), ``kind``, ``id``, ``name``, ``priorities`` (counted priorities of the board;
        tagged priorities of the theme); of boards also ``reading`` (read, part read, not read). Edge attributes:
        ``priorities``, how many of the board's priorities are tagged to the theme, a count; ``share``, of the board's
        own list, above 0 to 1; ``confirmed``, how many of them a person confirmed; ``stand_in``, how many come from
        stand-in documents. Graph attributes: ``name``, ``framework``, ``edition``.

    Examples
    --------
    >>> from mapping import load_derby, tag
    >>> sorted(build_graph(tag(load_derby())).nodes)[0]
    ('board', 'CFL')
    """
    graph: nx.Graph[Any] = nx.Graph(name=run.partnership.name, framework=run.framework.id, edition=run.edition)
    for board in each_row(count_boards(run)):
        graph.add_node(
            ("board", board.board), bipartite=0, kind="board", id=board.board, name=board.name,
            priorities=int(board.priorities), reading=board.reading,
        )  # fmt: skip
    for theme in each_row(count_themes(run)):
        graph.add_node(
            ("theme", theme.theme), bipartite=1, kind="theme", id=theme.theme, name=theme.name,
            priorities=int(theme.tagged),
        )  # fmt: skip
    for cell in each_row(count_cells(run)):
        if cell.tagged:
            graph.add_edge(
                ("board", cell.board), ("theme", cell.theme), priorities=int(cell.tagged), share=float(cell.share),
                confirmed=int(cell.confirmed), stand_in=int(cell.stand_in),
            )  # fmt: skip
    return graph


def project_boards(run: Run) -> nx.Graph[Any]:
    """Project the graph onto boards.

    The weight of an edge is ``themes``, the number of themes on which both boards have a tagged priority: the
    off-diagonal of B B' with B the 0/1 board-theme matrix. Boards are nodes ``("board", id)``, all of them.
    """
    cells = count_cells(run)
    some = cells[cells["tagged"] > 0]
    matrix = _matrix(some["board"], some["theme"], list(run.boards["board"]), run.framework.theme_ids)
    return _project(matrix, [("board", board) for board in run.boards["board"]], "themes")


def project_themes(run: Run) -> nx.Graph[Any]:
    """Project onto themes (Le Blanc 2015).

    The weight of an edge is ``priorities``, the number of counted priorities that carry both themes: the off-diagonal
    of A'A with A the 0/1 priority-theme matrix. Themes are nodes ``("theme", id)``, all of them.
    """
    tags, priorities = run.standing_tags, list(run.priorities["priority"])
    matrix = _matrix(tags["theme"], tags["priority"], run.framework.theme_ids, priorities)
    return _project(matrix, [("theme", theme) for theme in run.framework.theme_ids], "priorities")


def _matrix(
    row: Iterable[str], column: Iterable[str], rows: list[str], columns: list[str]
) -> sparse.csr_array[Any, Any]:
    """Return the 0/1 matrix, rows x columns, with a 1 at each pair of names."""
    at_row, at_column = ({name: n for n, name in enumerate(names)} for names in (rows, columns))
    places = ([at_row[name] for name in row], [at_column[name] for name in column])
    ones = np.ones(len(places[0]), dtype=np.int64)
    return sparse.csr_array((ones, places), shape=(len(rows), len(columns)))


def _project(matrix: sparse.csr_array[Any, Any], nodes: list[tuple[str, str]], weight: str) -> nx.Graph[Any]:
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_nodes_from((node, {"kind": node[0], "id": node[1]}) for node in nodes)
    product = sparse.triu(matrix @ matrix.T, k=1).tocoo()
    edges = sorted(zip(product.row.tolist(), product.col.tolist(), product.data.tolist(), strict=True))
    graph.add_edges_from((nodes[i], nodes[j], {weight: int(value)}) for i, j, value in edges if value)
    return graph


def measure_nodes(run: Run) -> pd.DataFrame:
    """Measure the nodes of the board-theme graph.

    Returns
    -------
    DataFrame
        One row per board and theme: ``kind``, ``id``, ``name``; ``degree``, how many nodes of the other mode it is
        tied to; ``degree_share``, degree over the size of the other mode, 0 to 1 (Borgatti and Everett 1997);
        ``weight``, the sum of ``priorities`` over its ties (a priority counts once per theme).

    Notes
    -----
    On a nearly complete graph of five by five, betweenness, backbones and communities say nothing; they are not
    offered here.
    """
    graph = build_graph(run)
    sizes = {"board": len(run.framework.theme_ids), "theme": len(run.boards)}
    rows = [
        {
            "kind": data["kind"], "id": data["id"], "name": data["name"], "degree": len(graph[node]),
            "degree_share": len(graph[node]) / sizes[data["kind"]],
            "weight": sum(edge["priorities"] for edge in graph[node].values()),
        }
        for node, data in graph.nodes(data=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def write_graph(graph: nx.Graph[Any], path: str | Path) -> Path:
    """Write a graph as GraphML, which ``read_graph`` reads back whole.

    A node ``("board", "HWB")`` is written with the id ``board:HWB``. A line end inside an
    attribute becomes a line feed, a character that XML 1.0 forbids the replacement character.
    """
    plain: nx.Graph[Any] = nx.Graph(**_clean_all(graph.graph))
    for (kind, name), data in graph.nodes(data=True):
        plain.add_node(_clean(f"{kind}:{name}"), **_clean_all(data))
    for (kind_a, a), (kind_b, b), data in graph.edges(data=True):
        plain.add_edge(_clean(f"{kind_a}:{a}"), _clean(f"{kind_b}:{b}"), **_clean_all(data))
    lines = nx.generate_graphml(plain)
    return write_file(path, '<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(lines) + "\n")


def read_graph(path: str | Path) -> nx.Graph[Any]:
    """Read a GraphML file written by ``write_graph``: the same nodes, edges and attributes."""
    source = Path(path)
    if not source.is_file():
        raise DataError([Problem(source.name, f"there is no such file in {source.parent}.")])
    text = source.read_bytes().decode("utf-8", errors="replace")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DataError([Problem(source.name, "holds a document type, which our graphs never do; it was not opened.")])
    try:
        plain = nx.parse_graphml(text)
    except (ParseError, nx.NetworkXError) as error:
        raise DataError([Problem(source.name, f"is not GraphML ({error}).")]) from error
    graph: nx.Graph[Any] = nx.Graph(**plain.graph)
    graph.graph.pop("node_default", None)
    graph.graph.pop("edge_default", None)
    split = {node: tuple(node.split(":", 1)) for node in plain.nodes}
    graph.add_nodes_from((split[node], data) for node, data in plain.nodes(data=True))
    graph.add_edges_from((split[a], split[b], data) for a, b, data in plain.edges(data=True))
    return graph


def _clean(value: Any) -> Any:
    return replace_controls(value) if isinstance(value, str) else value


def _clean_all(data: dict[str, Any]) -> dict[str, Any]:
    # XML readers turn "\r\n" and "\r" into "\n" in the text of an element; written so, both ends agree.
    return {key: re.sub("\r\n?", "\n", _clean(v)) if isinstance(v, str) else v for key, v in data.items()}
