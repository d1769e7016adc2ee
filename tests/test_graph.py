"""The board-theme graph: ties counted by eye, projections against dense matrices, and a file that comes back whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from conftest import edit
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.cells import count_cells
from mapping.errors import DataError
from mapping.graph import build_graph, measure_nodes, project_boards, project_themes, read_graph, write_graph
from mapping.partnership import Partnership
from mapping.tags import Run, tag

MakeCity = Callable[..., Partnership]


def same(a: nx.Graph, b: nx.Graph) -> bool:
    return (
        dict(a.nodes(data=True)) == dict(b.nodes(data=True))
        and nx.utils.edges_equal(a.edges(data=True), b.edges(data=True))
        and a.graph == b.graph
    )


def test_the_graph_checked_by_eye(run: Run) -> None:
    graph = build_graph(run)
    assert nx.is_bipartite(graph)
    assert {(a[1], b[1]): data["priorities"] for a, b, data in graph.edges(data=True)} == {
        ("HOM", "voice"): 1,
        ("HOM", "homes"): 1,
        ("PRK", "voice"): 1,
        ("PRK", "work"): 1,
        ("WRK", "homes"): 1,
        ("WRK", "work"): 2,
    }
    assert graph[("board", "WRK")][("theme", "work")] == {
        "priorities": 2,
        "share": 2 / 2,
        "confirmed": 0,
        "stand_in": 2,
    }
    assert ("theme", "river") in graph  # a theme that no board reaches is a node too
    assert graph.nodes["board", "WRK"]["reading"] == "not read"


def test_a_board_and_a_theme_may_share_a_name(make_city: MakeCity) -> None:
    changes = {
        **edit("boards.csv", ("HOM,Homes Board", "homes,Warm homes")),
        **edit("strategies.csv", (",HOM,", ",homes,")),
    }
    graph = build_graph(tag(make_city(changes)))
    assert len(graph) == 3 + 4
    assert graph.has_edge(("board", "homes"), ("theme", "homes"))


def test_measures_by_hand(run: Run) -> None:
    nodes = measure_nodes(run).set_index(["kind", "id"])
    assert tuple(nodes.loc[("board", "WRK"), ["degree", "degree_share", "weight"]]) == (2, 2 / 4, 3)
    assert tuple(nodes.loc[("theme", "work"), ["degree", "degree_share", "weight"]]) == (2, 2 / 3, 3)
    assert tuple(nodes.loc[("theme", "river"), ["degree", "degree_share", "weight"]]) == (0, 0, 0)


def test_projections_by_hand(run: Run) -> None:
    boards = {(a[1], b[1]): data["themes"] for a, b, data in project_boards(run).edges(data=True)}
    assert boards == {("HOM", "PRK"): 1, ("HOM", "WRK"): 1, ("PRK", "WRK"): 1}
    themes = {(a[1], b[1]): data["priorities"] for a, b, data in project_themes(run).edges(data=True)}
    assert themes == {("homes", "work"): 1}  # WRK-02 alone carries two
    assert len(project_themes(run)) == 4


@pytest.mark.parametrize("which", ["run", "derby_run"])
def test_projections_are_those_of_dense_matrices(which: str, request: pytest.FixtureRequest) -> None:
    run: Run = request.getfixturevalue(which)
    boards, themes = list(run.boards["board"]), run.framework.theme_ids
    b = (count_cells(run)["tagged"].to_numpy().reshape(len(boards), len(themes)) > 0).astype(int)
    projected = nx.to_numpy_array(project_boards(run), [("board", name) for name in boards], weight="themes")
    expected = b @ b.T
    np.fill_diagonal(expected, 0)
    assert (projected == expected).all()

    ids = list(run.priorities["priority"])
    a = np.zeros((len(ids), len(themes)), dtype=int)
    for priority, theme in zip(run.standing_tags["priority"], run.standing_tags["theme"], strict=True):
        a[ids.index(priority), themes.index(theme)] = 1
    projected = nx.to_numpy_array(project_themes(run), [("theme", name) for name in themes], weight="priorities")
    expected = a.T @ a
    np.fill_diagonal(expected, 0)
    assert (projected == expected).all()

    membership = np.array([[priority_board == board for priority_board in run.priorities["board"]] for board in boards])
    weights = nx.bipartite.biadjacency_matrix(
        build_graph(run), [("board", n) for n in boards], [("theme", n) for n in themes], weight="priorities"
    )
    assert (weights.toarray() == membership.astype(int) @ a).all()


@pytest.mark.parametrize("which", ["run", "derby_run"])
def test_a_graph_comes_back_whole(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    graph = build_graph(request.getfixturevalue(which))
    assert same(read_graph(write_graph(graph, tmp_path / "graph.graphml")), graph)


NAMES = st.text(
    st.one_of(
        st.sampled_from("<>&\"' :;\n\t\u2028\x85\u00e9\U0001f600"),
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
    ),
    min_size=1,
    max_size=12,
)


@given(st.lists(NAMES, min_size=1, max_size=4, unique=True), NAMES)
@settings(max_examples=50, deadline=None)
def test_awkward_names_come_back_whole(tmp_path_factory: pytest.TempPathFactory, boards: list[str], name: str) -> None:
    graph = nx.Graph(name=name)
    graph.add_node(("theme", name), kind="theme", name=name)
    for board in boards:
        graph.add_node(("board", board), kind="board", name=board)
        graph.add_edge(("board", board), ("theme", name), priorities=2, share=1 / 3, note=board)
    path = tmp_path_factory.mktemp("graph") / "graph.graphml"
    assert same(read_graph(write_graph(graph, path)), graph)


def test_what_xml_cannot_hold_is_replaced(tmp_path: Path) -> None:
    graph = nx.Graph()
    graph.add_node(("board", "a\x0bb"), name="first\r\nsecond\rthird\x00")
    again = read_graph(write_graph(graph, tmp_path / "graph.graphml"))
    assert dict(again.nodes(data=True)) == {("board", "a\ufffdb"): {"name": "first\nsecond\nthird\ufffd"}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no such file in "),
        ("<graphml>", "is not GraphML"),
        ("board,theme\n", "is not GraphML"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><graphml/>", "holds a document type, which our graphs never do"),
    ],
)
def test_a_file_that_is_no_graph_is_refused(content: str | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(DataError, match=f"^graph.graphml: {message}"):
        read_graph(path)
