"""graph_hash and the engine's graph strategies."""

import json
from typing import Any

import networkx as nx
import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral._engine import _ffi
from ancestral._scm.engine_graphs import graph_settings
from ancestral.generators import STRATEGIES as STRATEGIES_BY_KIND

STRATEGIES = [
    # But for those whose density can't be chosen.
    *(strategy(2.0) for kind, strategy in STRATEGIES_BY_KIND.items() if kind not in ("uniform_dag", "subnetwork")),
    anc.ScaleFree(2.0, "in"),
    anc.ScaleFree(2.0, "random", power=1.5),
    anc.StochasticBlockModel(2.0, count=3),
    anc.WattsStrogatz(2.0, rewiring=0.5),
]
CHAIN = [[0, 1, 0], [0, 0, 1], [0, 0, 0]]
FORK = [[0, 0, 0], [1, 0, 1], [0, 0, 0]]
COLLIDER = [[0, 0, 1], [0, 0, 1], [0, 0, 0]]


@pytest.mark.parametrize(
    ("graph", "level", "digest"),
    [
        ([[0]], "exact", "463a3e5660cc5659d51fcdc632e5851fca59499b21822dcaac8ad0300860294d"),
        ([[0, 1], [0, 0]], "exact", "f57bc0a921f3cc2c8aad8dbb5eedfda2669ab088d061edb15e416927c9e803d4"),
        ([[0, 0], [1, 0]], "exact", "c374399af7eb21a1223371a2c52084e34b8a297c9052df12c5f77012a9917974"),
        (CHAIN, "exact", "948c4e37a72ee6d7f3dc2da1c76518457ea6065be68e8b9c8acb4e7af11a6a55"),
        (CHAIN, "mec", "9ac0c39f93bca59b7198e0fe742895f487f4a661efa511e7cdb057a341608779"),
        (FORK, "mec", "9ac0c39f93bca59b7198e0fe742895f487f4a661efa511e7cdb057a341608779"),
        (COLLIDER, "mec", "f63384bba63d07d03e8a5a8852badbcbac43ba70675cf4a648799616c0ff6e18"),
    ],
)
def test_hashes_are_the_specified(graph: list[list[int]], level: str, digest: str) -> None:
    assert anc.graph_hash(graph, level) == digest


def test_hash_sees_the_graph_and_nothing_else() -> None:
    backwards = torch.tensor(CHAIN).T.contiguous().T
    read_only = np.array(CHAIN, dtype=np.int8)
    read_only.setflags(write=False)
    forms: list[Any] = [
        torch.tensor(CHAIN, dtype=torch.float32),
        torch.tensor(CHAIN, dtype=torch.bool),
        torch.tensor(CHAIN, dtype=torch.float64, requires_grad=True),
        np.array(CHAIN, dtype=bool),
        np.asfortranarray(CHAIN),
        np.array(CHAIN)[::-1][::-1],
        -0.0 + np.array(CHAIN) * 1.0,
        backwards,
        read_only,
    ]
    assert {anc.graph_hash(form) for form in forms} == {anc.graph_hash(CHAIN)}


def test_level_iso_forgets_the_names_of_nodes() -> None:
    swapped = np.array(CHAIN)[[2, 0, 1]][:, [2, 0, 1]]
    assert anc.graph_hash(swapped, "iso") == anc.graph_hash(CHAIN, "iso") != anc.graph_hash(COLLIDER, "iso")
    assert anc.graph_hash(swapped) != anc.graph_hash(CHAIN)


@pytest.mark.parametrize(
    ("graph", "says"),
    [
        ([[0, 1], [1, 0]], "cycle"),
        ([[1]], "cycle|loop|itself|acyclic"),
        ([[0, 1, 0], [0, 0, 0]], "square"),
        ([0, 1], "square"),
        ([], "square"),
        ([[0, 2], [0, 0]], r"\[0, 1\].*2"),
        ([[0, float("nan")], [0, 0]], r"\[0, 1\].*nan"),
        ([[0, 1], [0]], "0 and 1"),
        ("graph", "0 and 1"),
        (None, "0 and 1|square"),
    ],
)
def test_refuses_what_is_no_dag(graph: Any, says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        anc.graph_hash(graph)


@pytest.mark.parametrize("level", ["EXACT", "", None, 0, ["exact"]])
def test_refuses_an_unknown_level(level: Any) -> None:
    with pytest.raises(anc.ConfigError, match=r"level = .*'exact', 'mec', 'iso'"):
        anc.graph_hash(CHAIN, level)


@pytest.mark.parametrize("strategy", STRATEGIES, ids=repr)
def test_strategies_obey_the_laws_of_generators(strategy: Any) -> None:
    assert isinstance(strategy, anc.GraphGenerator)
    graph = strategy(20, seed=7)
    assert graph.dtype == torch.float32
    assert graph.shape == (20, 20)
    assert set(graph.unique().tolist()) <= {0.0, 1.0}
    assert nx.is_directed_acyclic_graph(nx.from_numpy_array(graph.numpy(), create_using=nx.DiGraph))
    assert strategy(20, seed=7).equal(graph)
    assert not strategy(20, seed=8).equal(graph)


@pytest.mark.parametrize("strategy", STRATEGIES, ids=repr)
def test_strategies_give_the_edges_that_were_asked_for(strategy: Any) -> None:
    # The mean of 400 graphs of 40 expected edges, within 5 of its standard errors (sqrt(400) = 20); all equal where M is fixed.
    edges = torch.stack([strategy(20, seed=seed).sum() for seed in range(400)])
    assert abs(edges.mean() - 40) <= 5 * edges.std() / 20


@pytest.mark.parametrize("strategy", STRATEGIES, ids=repr)
def test_a_familys_graph_is_its_strategys(strategy: Any) -> None:
    family = anc.SCMFamily(20, graph_generator=strategy)
    assert family.graph_generator == strategy
    assert family.sample_task(3).adjacency_matrix.equal(strategy(20, seed=3))


def test_every_kind_has_a_strategy_that_says_the_same() -> None:
    kinds = json.loads(_ffi.schema())["properties"]["graph"]["enum"]
    assert set(kinds) == set(STRATEGIES_BY_KIND)
    for kind, strategy in STRATEGIES_BY_KIND.items():
        assert graph_settings(strategy(1.0))["graph"] == kind


def test_a_uniform_dag_is_drawn_at_the_density_of_its_law() -> None:
    strategy = anc.UniformDAG(2.511)  # The mean of ten nodes.
    assert strategy(10, seed=1).equal(anc.SCMFamily(10, strategy).sample_task(1).adjacency_matrix)
    with pytest.raises(anc.ConfigError, match=r"sparsity_param = 2.0: must be 2.511"):
        anc.UniformDAG()(10, seed=1)


def test_strategies_refuse_what_does_not_fit() -> None:
    with pytest.raises(anc.ConfigError, match="sparsity_param"):
        anc.ErdosRenyi(5.0)(5, seed=0)
    with pytest.raises(anc.ConfigError, match="scale_free_orientation"):
        anc.ScaleFree(orientation="up")(5, seed=0)
    with pytest.raises(anc.ConfigError, match="n_nodes"):
        anc.ErdosRenyi()(0, seed=0)
    with pytest.raises(anc.ConfigError, match="seed"):
        anc.ErdosRenyi()(5, seed=-1)
