"""Graph generators and mechanism factories that a user wrote in Python."""

import inspect
import pickle
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import ancestral as anc
from ancestral._engine.checks import seeds_to_tensor
from ancestral._scm.reserved import Reserved
from batch_filling import fill


def chain(n_nodes: int, *, seed: int) -> Tensor:
    return torch.diag(torch.ones(n_nodes - 1), 1)


def random_graph(n_nodes: int, *, seed: int) -> Tensor:
    return torch.bernoulli(torch.full((n_nodes, n_nodes), 0.5), generator=torch.Generator().manual_seed(seed)).triu(1)


class Sum(nn.Module):
    def __init__(self, scale: float) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(scale))

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        assert parents.ndim == 2
        assert noise.ndim == 1
        return parents.sum(dim=1) + self.scale * noise


def sums(adjacency_matrix: Tensor, *, seed: int) -> list[nn.Module]:
    scales = torch.rand(len(adjacency_matrix), generator=torch.Generator().manual_seed(seed)) + 0.5
    return [Sum(scale) for scale in scales.tolist()]


def test_the_engine_draws_mechanisms_over_a_users_graph() -> None:
    family = anc.SCMFamily(6, graph_generator=chain, mechanism_factory="mlp")
    task = family.sample_task(3)
    assert family.graph_generator is chain
    assert task.adjacency_matrix.equal(chain(6, seed=3))
    assert task.topological_order == [0, 1, 2, 3, 4, 5]
    assert [mechanism.kind for mechanism in task.mechanisms] == ["mlp"] * 6
    x, noise = task.sample(50, draw=0), task.noise(50, draw=0)
    with torch.no_grad():
        torch.testing.assert_close(task.mechanisms[4](x[:, [3]], noise[:, 4]), x[:, 4], rtol=1e-4, atol=1e-4)
    assert pickle.loads(pickle.dumps(task)).sample(50).equal(x)


@pytest.mark.parametrize("n_nodes", [1, 2, 3])
def test_a_users_graph_needs_no_possible_sparsity(n_nodes: int) -> None:
    assert anc.SCMFamily(n_nodes, graph_generator=chain).sample_task(0).sample(2).shape == (2, n_nodes)


def test_a_users_graph_gets_the_number_of_nodes_of_each_task() -> None:
    family = anc.SCMFamily(3, graph_generator=chain, n_nodes_max=5)
    assert {family.sample_task(seed).n_nodes for seed in range(40)} == {3, 4, 5}


@pytest.mark.parametrize(
    ("result", "says"),
    [
        (torch.zeros(3, 4), "square"),
        (torch.zeros(3, 3), "4"),
        (torch.full((4, 4), 0.5), "0 or 1"),
        (torch.ones(4, 4), "cycle"),
        ("graph", "0 and 1"),
    ],
)
def test_a_users_graph_is_checked(result: Any, says: str) -> None:
    family = anc.SCMFamily(4, graph_generator=lambda n_nodes, *, seed: result)
    with pytest.raises(anc.ConfigError, match=says):
        family.sample_task(0)


def test_a_users_modules_run_over_the_engines_noise() -> None:
    family = anc.SCMFamily(5, graph_generator=chain, mechanism_factory=sums, noise_type="laplace")
    task = family.sample_task(8)
    x, noise = task.sample(40, draw=2), task.noise(40, draw=2)
    assert noise.shape == (40, 5, 1)
    with torch.no_grad():
        expected = torch.cumsum(noise[:, :, 0] * torch.stack([m.scale for m in task.mechanisms]), dim=1)
    torch.testing.assert_close(x, expected)
    assert task.sample(10, draw=2).equal(x[:10])
    assert not x.requires_grad
    assert pickle.loads(pickle.dumps(task)).sample(40, draw=2).equal(x)


def test_a_users_modules_can_stand_on_the_engines_graphs() -> None:
    family = anc.SCMFamily(8, graph_generator="scale_free", mechanism_factory=sums)
    assert family.sample_task(1).adjacency_matrix.equal(anc.SCMFamily(8, "scale_free").sample_task(1).adjacency_matrix)
    assert family.mechanism_factory is sums


def test_graph_and_factory_share_no_random_numbers() -> None:
    seen: dict[str, int] = {}

    def graph(n_nodes: int, *, seed: int) -> Tensor:
        seen["graph"] = seed
        return chain(n_nodes, seed=seed)

    def factory(adjacency_matrix: Tensor, *, seed: int) -> list[nn.Module]:
        seen["factory"] = seed
        return sums(adjacency_matrix, seed=seed)

    anc.SCMFamily(3, graph_generator=graph, mechanism_factory=factory).sample_task(12)
    assert seen["graph"] == 12
    assert seen["factory"] != 12


def bad(mechanism: Any) -> Any:
    return lambda adjacency_matrix, *, seed: [mechanism] * len(adjacency_matrix)


@pytest.mark.parametrize(
    ("factory", "error", "says"),
    [
        (lambda adjacency_matrix, *, seed: [], anc.ConfigError, "list of 3 modules"),
        (lambda adjacency_matrix, *, seed: None, anc.ConfigError, "list of 3 modules"),
        (bad("text"), anc.ConfigError, "node 0"),
        (bad(lambda parents, noise: noise[:, None]), anc.ConfigError, r"node 0.*\[5, 1\].*\[5\]"),
        (bad(lambda parents, noise: 1.0), anc.ConfigError, "node 0.*float"),
        (bad(lambda parents, noise: noise / 0), anc.EngineError, "node 0.*not finite"),
    ],
)
def test_a_users_mechanisms_are_checked(factory: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        anc.SCMFamily(3, graph_generator=chain, mechanism_factory=factory).sample_task(0).sample(5)


def test_a_users_mechanisms_go_without_standardization() -> None:
    with pytest.raises(anc.ConfigError, match="standardization"):
        anc.SCMFamily(3, chain, sums, standardization="internal")


@pytest.mark.parametrize("factory", [None, sums])
def test_a_batch_is_its_tasks(factory: Any) -> None:
    family = anc.SCMFamily(4, random_graph, factory, n_nodes_max=6)
    x, adjacency = torch.empty(3, 20, 6), torch.empty(3, 6, 6)
    counts, hashes = torch.empty(3, dtype=torch.int32), torch.empty(3, 32, dtype=torch.uint8)
    attempts = torch.empty(3, dtype=torch.int32)
    seeds = [5, 6, 2**64 - 1]
    fill(
        family,
        seeds_to_tensor(seeds),
        20,
        draw=1,
        x=x,
        adjacency=adjacency,
        node_counts=counts,
        hashes=hashes,
        attempts=attempts,
    )
    for index, seed in enumerate(seeds):
        task, n = family.sample_task(seed), int(counts[index])
        assert x[index, :, :n].equal(task.sample(20, draw=1))
        assert adjacency[index, :n, :n].equal(task.adjacency_matrix)
        assert not x[index, :, n:].any()
        assert not adjacency[index, n:].any()
        assert bytes(hashes[index].tolist()).hex() == task.graph_hash()
    assert attempts.tolist() == [0, 0, 0]


@pytest.mark.parametrize("level", ["exact", "mec", "iso"])
def test_reserved_graphs_are_drawn_again(level: str) -> None:
    family = anc.SCMFamily(5, random_graph)
    taken = family.sample_task(5).graph_hash(level)
    attempts, adjacency = torch.empty(2, dtype=torch.int32), torch.empty(2, 5, 5)
    reserved = Reserved([bytes.fromhex(taken)], level)
    fill(family, seeds_to_tensor([5, 6]), 0, reserved=reserved, adjacency=adjacency, attempts=attempts)
    assert attempts[0] >= 1
    assert taken not in {anc.graph_hash(graph, level) for graph in adjacency}


def test_a_reserved_set_that_covers_all_is_an_error_in_words() -> None:
    family = anc.SCMFamily(3, chain)
    reserved = Reserved([bytes.fromhex(family.sample_task(0).graph_hash())])
    with pytest.raises(anc.DisjointnessError, match=r"^task seed 0: 10000 graphs in a row .* the 1 reserved ones"):
        fill(family, seeds_to_tensor([0]), 0, reserved=reserved)


@dataclass(frozen=True)
class Chain:
    step: int = 1

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        return torch.diag(torch.ones(n_nodes - self.step), self.step)


def test_the_fingerprint_tells_strategies_apart() -> None:
    families = [
        anc.SCMFamily(5),
        anc.SCMFamily(5, chain),
        anc.SCMFamily(5, random_graph),
        anc.SCMFamily(5, chain, sums),
        anc.SCMFamily(5, Chain()),
        anc.SCMFamily(5, Chain(2)),
    ]
    assert len({family.fingerprint() for family in families}) == len(families)
    assert anc.SCMFamily(5, Chain(2)).fingerprint() == families[-1].fingerprint()
    assert pickle.loads(pickle.dumps(families[-1])).fingerprint() == families[-1].fingerprint()


def sparse(n_nodes: int, *, seed: int, density: float) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.bernoulli(torch.full((n_nodes, n_nodes), density / n_nodes), generator=generator).triu(1)


def test_a_strategys_parameters_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    original = inspect.signature
    monkeypatch.setattr(inspect, "signature", lambda given: asked.append(given) or original(given))
    family = anc.SCMFamily(8, sparse, sparsity_param=2.0)
    graphs = [family.sample_task(seed).adjacency_matrix for seed in range(20)]
    assert asked == [sparse] * 2  # By the family, and by its first task.
    assert all(graph.equal(sparse(8, seed=seed, density=2.0)) for seed, graph in enumerate(graphs))
    again = pickle.loads(pickle.dumps(family))
    assert again.sample_task(3).adjacency_matrix.equal(graphs[3])
    assert again.fingerprint() == family.fingerprint()


def test_configs_of_other_strategies_are_others() -> None:
    one, same, other = (anc.SCMFamily(5, graph).config for graph in (chain, chain, random_graph))
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert {one: "chain", other: "random"}[same] == "chain"
    assert one != anc.FamilyConfig(n_nodes=5)


def test_a_strategy_that_takes_no_seed_is_refused_at_once() -> None:
    with pytest.raises(anc.ConfigError, match=r"graph_generator = <function .*: must have a parameter called seed"):
        anc.SCMFamily(4, graph_generator=lambda n_nodes: torch.zeros(n_nodes, n_nodes))  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    with pytest.raises(anc.ConfigError, match=r"mechanism_factory = <function .*: must have a parameter called seed"):
        anc.SCMFamily(4, mechanism_factory=lambda adjacency_matrix: [])  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    taken = anc.SCMFamily(4, graph_generator=lambda n_nodes, **given: torch.full((n_nodes, n_nodes), given["seed"] % 2).triu(1))
    assert taken.sample_task(5).adjacency_matrix.sum() == 6
