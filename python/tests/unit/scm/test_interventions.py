"""SCMInstance.do: what an intervention changes, and that it changes nothing else."""

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import ancestral as anc
from mechanism_kinds import CONTINUOUS


class Tilted(nn.Module):
    """A mechanism of a user's own."""

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        return parents.sum(dim=1).tanh() + 0.5 * noise


def tilted(adjacency_matrix: Tensor, *, seed: int) -> list[nn.Module]:
    return [Tilted() for _ in adjacency_matrix]


def triangle(n_nodes: int, *, seed: int) -> Tensor:
    return torch.ones(n_nodes, n_nodes).triu(1)


MIXED = {
    "mechanism_proportions": dict.fromkeys(CONTINUOUS, 1.0),
    "gpcde_features": 48,
    "gp_features": 48,
}
FAMILIES: dict[str, Callable[[], anc.SCMFamily]] = {
    "none": lambda: anc.SCMFamily(10, **MIXED),
    "inputs": lambda: anc.SCMFamily(10, standardization="inputs", **MIXED),
    "internal": lambda: anc.SCMFamily(10, standardization="internal", **MIXED),
    "own graph": lambda: anc.SCMFamily(6, triangle, "mlp"),
    "own modules": lambda: anc.SCMFamily(10, "scale_free", tilted),
    "own graph and modules": lambda: anc.SCMFamily(6, triangle, tilted),
    "mixture": lambda: anc.SCMFamily.from_config(anc.MixtureConfig([anc.FamilyConfig(n_nodes=8), anc.FamilyConfig(n_nodes=9)])),
}


@pytest.fixture(params=FAMILIES, ids=str)
def task(request: pytest.FixtureRequest) -> anc.SCMInstance:
    return FAMILIES[request.param]().sample_task(5)


def middle(task: anc.SCMInstance) -> int:
    """A node with parents and children."""
    return next(j for j in task.topological_order if task.parents(j) and bool(task.adjacency_matrix[j].any()))


def descendants(task: anc.SCMInstance, node: int) -> set[int]:
    found = {node}
    for other in task.topological_order:
        if found & set(task.parents(other)):
            found.add(other)
    return found - {node}


def test_changes_descendants_and_no_bit_of_any_other_node(task: anc.SCMInstance) -> None:
    node = middle(task)
    below = descendants(task, node)
    assert below
    for draw in (0, 3):
        before, after = task.sample(300, draw=draw), task.do({node: 2.5}).sample(300, draw=draw)
        assert after[:, node].eq(2.5).all()
        for other in set(range(task.n_nodes)) - {node}:
            assert before[:, other].equal(after[:, other]) == (other not in below), other


def test_cuts_the_edges_into_the_node_and_no_other(task: anc.SCMInstance) -> None:
    node, original = middle(task), task.adjacency_matrix.clone()
    after = task.do({node: 1.0})
    expected = original.clone()
    expected[:, node] = 0
    assert after.adjacency_matrix.equal(expected)
    assert after.parents(node) == []
    assert all(after.parents(j) == task.parents(j) for j in range(task.n_nodes) if j != node)
    assert not expected[after.topological_order][:, after.topological_order].tril().any()
    assert after.graph_hash() == anc.graph_hash(expected)
    assert task.adjacency_matrix.equal(original)
    assert (after.seed, after.n_nodes, after.component) == (task.seed, task.n_nodes, task.component)


def test_leaves_the_noise_and_the_other_mechanisms(task: anc.SCMInstance) -> None:
    node = middle(task)
    after = task.do({node: 1.0})
    others = [j for j in range(task.n_nodes) if j != node]
    assert after.noise(50, draw=2)[:, others].equal(task.noise(50, draw=2)[:, others])
    for j in others:
        assert type(after.mechanisms[j]) is type(task.mechanisms[j])
        pairs = zip(after.mechanisms[j].state_dict().values(), task.mechanisms[j].state_dict().values(), strict=True)
        assert all(one.equal(two) for one, two in pairs)


def test_several_at_once_are_one_after_the_other(task: anc.SCMInstance) -> None:
    first, last = task.topological_order[0], middle(task)
    at_once = task.do({last: -0.25, first: 3.0})
    in_turn = task.do({first: 3.0}).do({last: -0.25})
    assert at_once.sample(40, draw=0).equal(in_turn.sample(40, draw=0))
    assert at_once.adjacency_matrix.equal(in_turn.adjacency_matrix)


def test_a_second_intervention_on_a_node_replaces_the_first(task: anc.SCMInstance) -> None:
    node = middle(task)
    assert task.do({node: 9.0}).do({node: 1.0}).sample(20, draw=0).equal(task.do({node: 1.0}).sample(20, draw=0))


def test_counts_draws_of_its_own_and_pickles(task: anc.SCMInstance) -> None:
    task.sample(3)
    after = task.do({middle(task): 1.0})
    rows = after.sample(30)
    assert rows.equal(after.sample(30, draw=0))
    assert rows[:7].equal(after.sample(7, draw=0))
    again = pickle.loads(pickle.dumps(after))
    assert again.adjacency_matrix.equal(after.adjacency_matrix)
    assert again.sample(30).equal(after.sample(30, draw=1))


def test_all_nodes_can_be_held(task: anc.SCMInstance) -> None:
    values = {j: float(j) for j in range(task.n_nodes)}
    after = task.do(values)
    assert not after.adjacency_matrix.any()
    assert after.sample(3).equal(torch.arange(float(task.n_nodes)).expand(3, -1))
    assert after.sample(0).shape == (0, task.n_nodes)


def test_takes_numbers_of_numpy_and_torch() -> None:
    task = anc.SCMFamily(4, sparsity_param=1.0).sample_task(0)
    values: list[Any] = [2, np.float32(2), np.int64(2), np.array(2.0), torch.tensor(2.0), torch.tensor([2])]
    for value in values:
        assert task.do({np.int64(1): value}).sample(2)[:, 1].tolist() == [2.0, 2.0]  # type: ignore[dict-item]
    assert task.do({1: 0.1}).sample(1)[0, 1].item() == np.float32(0.1)
    assert task.do({1: 3.4028234e38, 0: -3.4028234e38}).adjacency_matrix[:, 1].sum() == 0


@pytest.mark.parametrize("family", ["none", "own modules"])
@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({10: 1.0}, "node = 10: must be a whole number from 0 to 9"),
        ({-1: 1.0}, "node = -1"),
        ({1.0: 1.0}, "node = 1.0"),
        ({True: 1.0}, "node = True"),
        ({"1": 1.0}, "node = '1'"),
        ({None: 1.0}, "node = None"),
        ({1: float("nan")}, "value of node 1 = nan: must be a finite"),
        ({1: float("inf")}, "value of node 1 = inf"),
        ({1: -1e39}, r"value of node 1 = -1e\+39.*3.403e\+38"),
        ({1: 10**400}, "value of node 1 = 1000"),
        ({1: "1.5"}, "value of node 1 = '1.5'"),
        ({1: b"1"}, "value of node 1"),
        ({1: True}, "value of node 1 = True"),
        ({1: None}, "value of node 1 = None"),
        ({1: 1j}, "value of node 1"),
        ({1: [1.0]}, "value of node 1"),
        ({1: torch.ones(2)}, "value of node 1"),
        ({1: np.ones(2)}, "value of node 1"),
        ({0: 1.0, 3: float("nan")}, "value of node 3"),
        ({}, "must map at least one node"),
        ([(1, 1.0)], "must map at least one node"),
        (None, "must map at least one node"),
    ],
    ids=str,
)
def test_refuses_what_is_no_intervention_at_once(family: str, values: Any, says: str) -> None:
    task = FAMILIES[family]().sample_task(0)
    with pytest.raises(anc.ConfigError, match=says) as caught:
        task.do(values)
    assert str(caught.value).endswith(".")


def test_is_drawn_like_any_other_task(task: anc.SCMInstance) -> None:
    from matplotlib.figure import Figure

    after = task.do({middle(task): 1.0})
    assert repr(after).startswith("SCMInstance(seed=5, ")
    assert len(after.visualize()) > 1
    after.visualize(Figure().subplots())


def test_a_linear_effect_is_the_sum_over_paths_of_products_of_weights() -> None:
    # X = B X + E gives X(do) - X = (path weights) * (value - X[node]) below the node: linear SCMs in closed form.
    task = anc.SCMFamily(9, sparsity_param=2.0).sample_task(2)
    node = middle(task)
    x, after = task.sample(200, draw=0).double(), task.do({node: 4.0}).sample(200, draw=0).double()
    effect = torch.zeros(9, dtype=torch.float64)
    effect[node] = 1.0
    for j in task.topological_order:
        if j != node and task.parents(j):
            weight: Tensor = task.mechanisms[j].weight
            effect[j] = (weight.detach().double() * effect[task.parents(j)]).sum()
    expected = x + effect * (4.0 - x[:, [node]])
    # Float32 rows of a chain of at most 9 sums.
    torch.testing.assert_close(after, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("mechanism", ["linear", "mlp"])
def test_another_mechanism_of_a_node_that_was_held_reads_the_nodes_noise(mechanism: str) -> None:
    """Whether the engine held it at a number, once or twice, or torch at a value for each row."""
    task = anc.SCMFamily(3, graph_generator=triangle, mechanism_factory=mechanism).sample_task(3)
    noise = task.noise(6, draw=2)
    middle: Any = task.mechanisms[1]
    channel = middle.channels.index("noise")
    held = [task.do({1: 1.0}), task.do({0: 2.0, 1: 1.0}), task.do({1: 1.0}).do({0: 2.0}), task.do({1: 1.0}).do({1: 3.0})]
    for before in [*held, task.intervene("do", {1: torch.ones(6)}), pickle.loads(pickle.dumps(held[2]))]:
        after = before.intervene("mechanism", {1: _Doubled(channel)})
        rows = after.sample(6, draw=2)
        assert rows[:, 1].equal(2 * noise[:, 1, channel])
        assert rows.equal(after.sample_from_noise(noise).detach())
        assert after.noise(6, draw=2).equal(noise)


class _Doubled(nn.Module):
    def __init__(self, channel: int) -> None:
        super().__init__()
        self.channel = channel

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        assert parents.shape[1] == 0
        return 2 * (noise if noise.ndim == 1 else noise[:, self.channel])
