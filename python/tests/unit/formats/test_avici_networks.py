"""Sub-networks of the gene networks that stand in AVICI's wheel, where it is installed: `make test-formats` installs it."""

import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

import ancestral as anc

LISTS = {
    # Its file, its lines, and the nodes that AVICI's code counts.
    "ecoli": ("ecoli_transcriptional_network_regulonDB_6_7.tsv", 3758, 1565),
    "yeast": ("yeast_transcriptional_network_Balaji2006.tsv", 12873, 4441),
}


def edges_of(network: str) -> list[int]:
    spec = importlib.util.find_spec("avici")
    if spec is None or spec.origin is None:
        pytest.skip("avici is not installed")
    return anc.read_edges(Path(spec.origin).parent / "assets" / LISTS[network][0])


def network_of(edges: list[int]) -> Any:
    """Without loops, which no acyclic graph has."""
    graph = nx.DiGraph((a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a != b)
    graph.add_nodes_from(edges)
    return graph


def degrees(graph: Any) -> list[tuple[int, int]]:
    """Of all nodes, parents and children."""
    return sorted((graph.in_degree(node), graph.out_degree(node)) for node in graph)


@pytest.mark.parametrize("network", LISTS)
def test_the_lists_are_read_whole(network: str) -> None:
    edges, (_, lines, nodes) = edges_of(network), LISTS[network]
    assert (len(edges) // 2, len(set(edges)), max(edges) + 1) == (lines, nodes, nodes)


@pytest.mark.parametrize("network", LISTS)
@pytest.mark.parametrize("n_nodes", [2, 20, 100])
def test_sub_networks_are_acyclic_and_of_the_size_asked_for(network: str, n_nodes: int) -> None:
    family = anc.SCMFamily(n_nodes, graph_generator=anc.Subnetwork(0.0, edges=edges_of(network)))
    found = [family.sample_task(seed).adjacency_matrix.numpy() for seed in range(20)]
    for graph in found:
        assert graph.shape == (n_nodes, n_nodes)
        assert nx.is_directed_acyclic_graph(nx.DiGraph(graph))
        assert graph.any()  # A cause has an effect, and joins with it or with one of its own causes.
    assert len({graph.tobytes() for graph in found}) > (1 if n_nodes == 2 else 15)


def test_the_whole_of_ecoli_loses_no_edge_but_those_of_cycles() -> None:
    edges = edges_of("ecoli")
    whole = network_of(edges)
    of_cycles = {(a, b) for part in nx.strongly_connected_components(whole) for a, b in whole.subgraph(part).edges}
    outside = whole.copy()
    outside.remove_edges_from(of_cycles)
    # The nodes that no edge of a cycle touches keep all their parents and children.
    touched = {node for edge in of_cycles for node in edge}
    kept = sorted((whole.in_degree(node), whole.out_degree(node)) for node in whole if node not in touched)
    for seed in range(3):
        graph = nx.DiGraph(anc.Subnetwork(0.0, edges=edges)(len(whole), seed=seed).numpy())
        assert nx.is_directed_acyclic_graph(graph)
        assert outside.number_of_edges() < graph.number_of_edges() < whole.number_of_edges()
        left = degrees(graph)
        for pair in kept:
            left.remove(pair)
        assert len(left) == len(touched)
        assert sum(parents for parents, _ in left) + sum(parents for parents, _ in kept) == graph.number_of_edges()


def test_a_sub_network_falls_apart_where_its_start_lies_in_a_small_part() -> None:
    edges = edges_of("ecoli")
    whole = network_of(edges)
    small = set[int]().union(*(part for part in nx.weakly_connected_components(whole) if len(part) < 20))
    causes = [node for node in whole if whole.out_degree(node) > 0]
    share = len(small.intersection(causes)) / len(causes)
    strategy = anc.Subnetwork(0.0, edges=edges)
    apart = sum(not nx.is_weakly_connected(nx.DiGraph(strategy(20, seed=seed).numpy())) for seed in range(500))
    assert 0.02 < share < 0.5
    assert abs(apart / 500 - share) < 5 * (share * (1 - share) / 500) ** 0.5


@pytest.mark.slow  # Theirs take 0.2 s each.
@pytest.mark.filterwarnings("default")
def test_they_have_the_edges_and_the_causes_of_avicis_own() -> None:
    pytest.importorskip("igraph")
    edges = edges_of("ecoli")
    if "avici" not in sys.modules:  # Without its __init__, which asks for jax and TensorFlow.
        sys.modules["avici"] = importlib.util.module_from_spec(importlib.util.find_spec("avici"))  # type: ignore[arg-type]
    extract = importlib.import_module("avici.synthetic.graph")._module_extraction
    whole = np.zeros((1565, 1565), dtype=np.int32)
    whole[edges[::2], edges[1::2]] = 1
    rng = np.random.default_rng(0)
    theirs = [extract(rng, whole.copy(), 20) for _ in range(50)]
    strategy = anc.Subnetwork(0.0, edges=edges)
    ours = [strategy(20, seed=seed).numpy() for seed in range(1000)]
    for measure in (lambda graph: graph.sum(), lambda graph: graph.any(axis=1).sum()):
        one, two = (np.array([measure(graph) for graph in graphs], dtype=float) for graphs in (theirs, ours))
        error = (one.var(ddof=1) / len(one) + two.var(ddof=1) / len(two)) ** 0.5
        assert abs(one.mean() - two.mean()) < 5 * error
