"""Graphs as networkx, GraphML and DOT."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import torch

import ancestral as anc
from ancestral import formats

FAMILY = anc.SCMFamily(n_nodes=12, sparsity_param=1.5)
CHAIN = [[0, 1, 0], [0, 0, 0], [0, 1, 0]]  # 0 -> 1 <- 2


def test_networkx_has_the_edges_and_all_nodes_in_order() -> None:
    task = FAMILY.sample_task(7)
    graph = formats.to_networkx(task.adjacency_matrix)
    assert list(graph.nodes) == list(range(12))
    for node in range(12):
        assert sorted(graph.predecessors(node)) == task.parents(node)
    assert nx.is_directed_acyclic_graph(graph)
    assert formats.from_networkx(graph).equal(task.adjacency_matrix)
    assert formats.to_networkx(CHAIN, names="abc").nodes(data="name")[2] == "c"


def test_a_graph_with_names_needs_their_order() -> None:
    graph = nx.DiGraph([("rain", "wet"), ("hose", "wet")])
    assert formats.from_networkx(graph, nodes=["rain", "wet", "hose"]).tolist() == torch.tensor(CHAIN).float().tolist()
    for nodes in (["rain", "wet"], ["rain", "wet", "hose", "hose"], ["rain", "wet", "sun"], [["rain"], "wet", "hose"]):
        with pytest.raises(anc.ConfigError, match="must have each node of the graph once"):
            formats.from_networkx(graph, nodes=nodes)
    with pytest.raises(anc.ConfigError, match=r"nodes is of type set: must be a list, since its order counts\."):
        formats.from_networkx(graph, nodes={"rain", "wet", "hose"})  # pyright: ignore[reportArgumentType]
    with pytest.raises(anc.ConfigError, match="names is of type frozenset: must be a list"):
        formats.to_dot(CHAIN, names=frozenset("abc"))  # pyright: ignore[reportArgumentType]
    with pytest.raises(anc.ConfigError, match="must be called 0 to 2"):
        formats.from_networkx(graph)
    with pytest.raises(anc.ConfigError, match="must be directed"):
        formats.from_networkx(nx.Graph([(0, 1)]))
    with pytest.raises(anc.ConfigError, match="cycle"):
        formats.from_networkx(nx.DiGraph([(0, 1), (1, 0)]))


def test_graphml_comes_back(tmp_path: Path) -> None:
    adjacency = FAMILY.sample_task(8).adjacency_matrix
    path = formats.write_graphml(tmp_path / "new" / "graph.graphml", adjacency, names=[f"gene {node}" for node in range(12)])
    assert formats.read_graphml(path).equal(adjacency)
    found = nx.read_graphml(path, node_type=int)
    assert sorted(found.edges) == sorted(map(tuple, adjacency.nonzero().tolist()))
    assert found.nodes[3]["name"] == "gene 3"
    empty = formats.write_graphml(tmp_path / "empty.graphml", torch.zeros(3, 3))
    assert formats.read_graphml(empty).equal(torch.zeros(3, 3))


_LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace("<graphml", _LAUGHS + "<graphml", 1), "without a document type"),
        (lambda text: text[: len(text) // 2], "must be GraphML"),
        (lambda text: text.replace('source="2" ', ""), "must be GraphML"),
        (lambda text: text.replace('<node id="2"', "<node"), "must be GraphML"),
        (lambda text: text.replace('id="2"', 'id="two"'), "must be GraphML"),
        (lambda text: text.replace('<node id="2"', '<node id="02"/><node id="2"'), "a node is called '02'"),
        (lambda text: text.replace('id="2"', 'id="7"').replace('source="2"', 'source="7"'), "must be called 0 to 2"),
        (lambda text: text.replace('edgedefault="directed"', 'edgedefault="undirected"'), "must be directed"),
        (lambda text: "no", "must be GraphML"),
        (lambda text: "<graphml/>", "must be GraphML"),
    ],
)
def test_graphml_of_a_stranger_is_refused(tmp_path: Path, change: Callable[[str], str], told: str) -> None:
    path = formats.write_graphml(tmp_path / "graph.graphml", CHAIN)
    path.write_text(change(path.read_text()))
    with pytest.raises(anc.ConfigError) as caught:
        formats.read_graphml(path)
    assert told in str(caught.value)
    with pytest.raises(anc.ConfigError, match="must be GraphML"):
        formats.read_graphml(tmp_path / "missing.graphml")


def test_a_document_type_in_utf_16_is_refused_too(tmp_path: Path) -> None:
    path = formats.write_graphml(tmp_path / "graph.graphml", CHAIN)
    text = path.read_text().replace("utf-8", "utf-16")
    path.write_bytes(text.encode("utf-16"))
    assert formats.read_graphml(path).tolist() == torch.tensor(CHAIN).float().tolist()
    path.write_bytes(text.replace("<graphml", _LAUGHS + "<graphml", 1).encode("utf-16"))
    with pytest.raises(anc.ConfigError, match="must be GraphML without a document type"):
        formats.read_graphml(path)


def test_dot_is_in_the_form_of_the_swift_library(tmp_path: Path) -> None:
    expected = 'digraph scm {\n  0 [label="X0"];\n  1 [label="X1"];\n  2 [label="X2"];\n  0 -> 1;\n  2 -> 1;\n}\n'
    assert formats.to_dot(CHAIN) == expected
    assert formats.write_dot(tmp_path / "graph.dot", CHAIN).read_text() == expected
    assert '  1 [label="a \\"b\\" \\\\"];' in formats.to_dot(CHAIN, names=["", 'a "b" \\', "c"])


@pytest.mark.parametrize("convert", [formats.to_networkx, formats.to_dot])
def test_no_dag_and_wrong_names_are_refused(convert: Any) -> None:
    with pytest.raises(anc.ConfigError, match="cycle"):
        convert([[0, 1], [1, 0]])
    for names in ("ab", "aab"):
        with pytest.raises(anc.ConfigError, match="must be 3 different names"):
            convert(CHAIN, names=names)


@pytest.mark.parametrize("name", ["a\0", "\x1b[31m", "\ud800", "a\rb"])
def test_names_that_a_file_can_not_hold_are_refused(tmp_path: Path, name: str) -> None:
    names = [name, "b", "c"]
    with pytest.raises(anc.ConfigError, match=r"names has .*: must be without characters that XML has no place for"):
        formats.write_graphml(tmp_path / "graph.graphml", CHAIN, names)
    if name not in ("\x1b[31m", "a\rb"):
        with pytest.raises(anc.ConfigError, match=r"names has .*: must be without a character 0"):
            formats.write_dot(tmp_path / "graph.dot", CHAIN, names)
    assert list(tmp_path.iterdir()) == []


def test_a_text_is_told_from_a_number() -> None:
    graph = nx.relabel_nodes(formats.to_networkx(CHAIN), str)  # As networkx reads GraphML.
    with pytest.raises(anc.ConfigError, match="graph has the nodes '0', '1', '2': must be called 0 to 2"):
        formats.from_networkx(graph)


def test_an_error_names_the_graph_that_has_a_cycle() -> None:
    with pytest.raises(anc.ConfigError, match=r"^graph = a graph with a cycle: must be acyclic; 0 -> 0 is a cycle\.$"):
        formats.from_networkx(nx.DiGraph([(0, 0)]))
    both = [[0, 1], [1, 0]]
    for measure in (anc.evaluation.cpdag_shd, anc.evaluation.sid):
        with pytest.raises(anc.ConfigError, match=r"^guess = a graph with a cycle"):
            measure([[0, 1], [0, 0]], both)
