"""The reference networks answer as their papers say: what they don't depend on, and whether their distributions are ones."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from networks.avici import Avici, Dual, spectral_radius
from networks.bcnp import Bcnp, sample_permutations, sinkhorn
from networks.csiva import Csiva
from networks.layers import Alternating
from torch import Tensor

import ancestral as anc
from ancestral import evaluation

SMALL = {"width": 16, "layers": 1, "heads": 4}
NETWORKS: dict[str, Callable[[], Any]] = {
    "avici": lambda: Avici(**SMALL, key_size=6),
    "avici-shared": lambda: Avici(**SMALL, shared=True, dropout=0.0),
    "avici-scores": lambda: Avici(**SMALL, shared=True, scores=True, dropout=0.0),
    "bcnp": lambda: Bcnp(**SMALL, permutations=8, iterations=50),
    "csiva": lambda: Csiva(**SMALL, decoder_layers=1),
}


def network(name: str) -> Any:
    torch.manual_seed(3)
    return NETWORKS[name]().eval()


def answer(found: Any, x: Tensor) -> list[Tensor]:
    """What the network makes of the data before chance comes in: [B, d, d], or [B, d, h] for the summary that CSIvA decodes."""
    with torch.no_grad():
        if isinstance(found, Csiva):
            return [found.summary(x)]
        out = found(x)
        return list(out) if isinstance(out, tuple) else [out]


def close(a: Tensor, b: Tensor) -> bool:
    """Sums of some hundred float32 terms of size 1, in another order."""
    return torch.allclose(a, b, rtol=0, atol=2e-5)


def all_graphs(n_nodes: int, *, acyclic: bool) -> Tensor:
    """All directed graphs of a few nodes, or the DAGs among them, [count, n, n]."""
    pairs = [(i, j) for i in range(n_nodes) for j in range(n_nodes) if i != j]
    graphs = torch.zeros(2 ** len(pairs), n_nodes, n_nodes)
    for graph, present in zip(graphs, itertools.product((0.0, 1.0), repeat=len(pairs)), strict=True):
        for pair, value in zip(pairs, present, strict=True):
            graph[pair] = value
    return graphs[is_acyclic(graphs)] if acyclic else graphs


def is_acyclic(graphs: Tensor) -> Tensor:
    return torch.linalg.matrix_power(graphs.double(), graphs.shape[-1]).abs().sum((-2, -1)) == 0


@pytest.mark.parametrize("name", NETWORKS)
def test_the_order_of_rows_says_nothing(name: str) -> None:
    found, x = network(name), torch.randn(2, 30, 5)
    other = x[:, torch.randperm(30)]
    assert all(close(a, b) for a, b in zip(answer(found, x), answer(found, other), strict=True))


@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_said_of_variables_follows_their_order(name: str) -> None:
    found, x = network(name), torch.randn(2, 30, 5)
    order = torch.tensor([3, 1, 4, 0, 2])
    for index, (a, b) in enumerate(zip(answer(found, x), answer(found, x[..., order]), strict=True)):
        a = a[:, order]
        if index == 0 and not isinstance(found, Csiva):
            a = a[..., order]  # Pairs of nodes; BCNP's second is of nodes and places.
        assert close(a, b)
        assert not close(a, a.flip(1))


@pytest.mark.parametrize("shared", [False, True])
def test_two_blocks_bring_each_value_to_each_place(shared: bool) -> None:
    torch.manual_seed(0)
    blocks, z = Alternating(8, 1, 2, shared=shared), torch.randn(1, 6, 4, 8)
    other = z.clone()
    other[0, 5, 3, 0] += 1  # A norm takes away what all channels share.
    moved = (blocks(z) - blocks(other)).abs().amax(-1)
    assert moved.min() > 1e-6


@pytest.mark.parametrize("name", ["avici", "avici-shared", "avici-scores"])
def test_edge_probabilities_follow_the_order_of_the_variables(name: str) -> None:
    found, x = network(name), torch.randn(2, 30, 5)
    order = torch.tensor([3, 1, 4, 0, 2])
    found.dual(found.edge_probabilities(x))
    assert close(found.edge_probabilities(x)[:, order][..., order], found.edge_probabilities(x[..., order]))


def test_the_probabilities_of_bcnp_follow_the_order_of_the_variables_but_for_chance() -> None:
    found, x, count = network("bcnp"), torch.randn(1, 30, 4), 4000
    order = torch.tensor([3, 1, 0, 2])
    with torch.no_grad():
        a, b = found.edge_probabilities(x, count)[:, order][..., order], found.edge_probabilities(x[..., order], count)
    # Two means of `count` values in [0, 1].
    assert (a - b).abs().max() < 5 * math.sqrt(2 * 0.25 / count)
    assert (a - b).abs().max() > 0


def test_avici_reads_which_values_were_set() -> None:
    found, x = network("avici"), torch.randn(2, 30, 5)
    marked = torch.stack([x, torch.zeros_like(x)], dim=-1)
    assert torch.equal(found(x), found(marked))
    marked[:, :10, 2, 1] = 1
    assert not close(found(x), found(marked))


def test_scores_between_variables_are_read_where_they_are_asked_for() -> None:
    found, x = network("avici-scores"), torch.randn(2, 30, 5)
    before = found(x)
    torch.nn.init.zeros_(found.pairs[-1].weight)
    assert not close(before, found(x))
    with pytest.raises(ValueError, match="shared"):
        Avici(**SMALL, scores=True)


@pytest.mark.parametrize("name", ["bcnp", "bcnp-confident"])
def test_graphs_of_bcnp_are_always_acyclic(name: str) -> None:
    found = network("bcnp")
    if name == "bcnp-confident":
        torch.nn.init.constant_(found.edges.weigh.bias, 20.0)
    graphs = found.sample_graphs(torch.randn(3, 20, 6), 200).flatten(0, 1)
    assert is_acyclic(graphs).all()
    assert graphs.sum((-2, -1)).max() > 3
    if name == "bcnp-confident":
        assert (graphs.sum((-2, -1)) == 15).all()  # All pairs along the order.


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_evaluated_as_it_is(name: str) -> None:
    tasks = anc.MetaFixedDataset(anc.SCMFamily(4, sparsity_param=1.0), n_tasks=3, n_samples=20)
    found = evaluation.evaluate(network(name), tasks, measures=["auroc", "expected_shd", "share_acyclic"], n_graphs=5)
    measured = found["family"]
    assert set(measured) == {"auroc", "expected_shd", "share_acyclic"}
    assert name != "bcnp" or measured["share_acyclic"].mean == 1


@pytest.mark.parametrize("n_nodes", [2, 3])
@pytest.mark.parametrize("name", NETWORKS)
def test_the_probabilities_of_all_graphs_add_up_to_one(name: str, n_nodes: int) -> None:
    found, x = network(name), torch.randn(1, 20, n_nodes)
    graphs = all_graphs(n_nodes, acyclic=name == "bcnp")
    assert len(graphs) == {(2, True): 3, (3, True): 25, (2, False): 4, (3, False): 64}[n_nodes, name == "bcnp"]
    with torch.no_grad():
        log_prob = []
        for graph in graphs:
            torch.manual_seed(1)  # The same orders for each graph.
            log_prob.append(found.log_prob(x, graph[None]))
    assert torch.cat(log_prob).double().logsumexp(0).item() == pytest.approx(0, abs=1e-5)


def test_a_graph_with_a_cycle_has_no_probability_under_bcnp() -> None:
    cycle = torch.tensor([[0.0, 1, 0], [0, 0, 1], [1, 0, 0]])[None]
    assert network("bcnp").log_prob(torch.randn(1, 20, 3), cycle).item() == -math.inf


@pytest.mark.parametrize("name", NETWORKS)
def test_sampled_graphs_have_the_edges_that_are_promised(name: str) -> None:
    found, x, count = network(name), torch.randn(1, 20, 3), 3000
    with torch.no_grad():
        graphs = found.sample_graphs(x, count)[0]
        if name == "csiva":  # Its edge probabilities are shares of samples: the exact ones, from all graphs.
            every = all_graphs(3, acyclic=False)
            weight = found.log_prob(x.expand(len(every), -1, -1), every).exp()
            expected = (weight[:, None, None] * every).sum(0)
        else:
            torch.manual_seed(0)
            expected = found.edge_probabilities(x, **({"permutations": 20_000} if name == "bcnp" else {}))[0]
    band = 5 * (expected * (1 - expected) / count).sqrt() + (5 * math.sqrt(0.25 / 20_000) if name == "bcnp" else 1e-6)
    assert ((graphs.mean(0) - expected).abs() < band).all()
    assert not graphs.diagonal(dim1=-2, dim2=-1).any()
    assert 0 < graphs.mean() < 1


def test_sampled_orders_are_permutations_that_follow_the_logits() -> None:
    torch.manual_seed(0)
    logits = torch.zeros(1, 4, 4)
    logits[0, range(4), [2, 0, 3, 1]] = 50.0
    logits.requires_grad_()
    drawn = sample_permutations(logits, 20, 100)
    assert drawn.detach().argmax(-1).eq(torch.tensor([2, 0, 3, 1])).all()
    uniform = sample_permutations(torch.zeros(1, 3, 3), 6000, 100)[:, 0]
    assert torch.allclose(uniform.sum(-1), torch.ones(()), atol=1e-4)
    assert torch.allclose(uniform.sum(-2), torch.ones(()), atol=1e-4)
    counts = np.bincount((uniform.argmax(-1) @ torch.tensor([9, 3, 1])).numpy())
    counts = counts[counts > 0]
    assert len(counts) == 6
    assert np.abs(counts - 1000).max() < 5 * math.sqrt(6000 * (1 / 6) * (5 / 6))
    (sample_permutations(torch.zeros(1, 3, 3, requires_grad=True) + logits[:, :3, :3], 5, 20)[..., 0, 0].sum()).backward()
    assert logits.grad is not None
    assert logits.grad.abs().max() > 0


def test_sinkhorn_makes_rows_and_columns_add_up_to_one() -> None:
    torch.manual_seed(0)
    found = sinkhorn(torch.randn(5, 6, 6), 300)
    assert torch.allclose(found.sum(-1), torch.ones(()), atol=1e-5)
    assert torch.allclose(found.sum(-2), torch.ones(()), atol=1e-5)


def test_the_spectral_radius_is_the_largest_eigenvalue() -> None:
    torch.manual_seed(0)
    matrices = torch.rand(6, 7, 7, dtype=torch.float64)
    expected = np.abs(np.linalg.eigvals(matrices.numpy())).max(-1)
    assert np.allclose(spectral_radius(matrices, 60).numpy(), expected, rtol=1e-9)
    assert spectral_radius(torch.zeros(1, 4, 4), 10).item() == 0
    # Its derivative by an entry is u_i v_j / (u · v).
    matrix = matrices[:1].clone().requires_grad_()
    spectral_radius(matrix, 60).sum().backward()
    step = torch.zeros_like(matrix)
    step[0, 2, 4] = 1e-6
    with torch.no_grad():
        slope = (spectral_radius(matrix + step, 60) - spectral_radius(matrix - step, 60)).item() / 2e-6
    assert matrix.grad[0, 2, 4].item() == pytest.approx(slope, rel=1e-5)


def test_the_dual_variable_follows_its_published_rule() -> None:
    dual = Dual(rate=0.5, every=3, decay=0.25, burn_in=8, iterations=40)
    value = average = 0.0
    torch.manual_seed(0)
    for step in range(20):
        probabilities = torch.rand(4, 3, 3)
        penalty = dual(probabilities)
        radius = float(np.abs(np.linalg.eigvals(probabilities.numpy())).max(-1).mean())
        assert penalty.item() == pytest.approx(value * radius, rel=1e-4)
        dual.step()
        average = radius if step == 0 else average + 0.25 * (radius - average)
        if step > 0 and step % 3 == 0:
            value += min(0.5, step * 0.5 / 8) * average
        assert dual.average.item() == pytest.approx(average, rel=1e-4)
        assert dual.value.item() == pytest.approx(value, rel=1e-4)
    assert value > 1
    assert set(dual.state_dict()) == {"value", "average", "steps"}
    dual.eval()
    dual(torch.rand(4, 3, 3))
    before = dual.steps.item()
    dual.step()
    assert dual.steps.item() == before  # What is only asked for moves nothing.
