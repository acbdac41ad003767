"""Settings beside a strategy: handed to one that takes them, refused for one that doesn't, and never reported untrue."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import ancestral as anc


def chain(n_nodes: int, *, seed: int) -> Tensor:
    return torch.diag(torch.ones(n_nodes - 1), 1)


def sparse(n_nodes: int, *, seed: int, sparsity_param: float = 1.0) -> Tensor:
    """As many edges per node as are asked for, as far as there are pairs."""
    pairs = torch.triu_indices(n_nodes, n_nodes, 1)[:, : round(sparsity_param * n_nodes)]
    graph = torch.zeros(n_nodes, n_nodes)
    graph[pairs[0], pairs[1]] = 1
    return graph


def dense(n_nodes: int, *, seed: int, density: float) -> Tensor:
    return sparse(n_nodes, seed=seed, sparsity_param=density)


def anything(n_nodes: int, *, seed: int, **settings: Any) -> Tensor:
    return sparse(n_nodes, seed=seed, **settings)


class Noise(nn.Module):
    def __init__(self, scale: float) -> None:
        super().__init__()
        self.scale = scale

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        return self.scale * noise


def only_noise(adjacency_matrix: Tensor, *, seed: int) -> list[nn.Module]:
    return [Noise(1.0) for _ in adjacency_matrix]


def shares(adjacency_matrix: Tensor, *, seed: int, mechanism_proportions: Any = None) -> list[nn.Module]:
    return [Noise((mechanism_proportions or {"mine": 1.0})["mine"]) for _ in adjacency_matrix]


@dataclass(frozen=True)
class Laws:
    factor: float = 1.0

    def __call__(self, adjacency_matrix: Tensor, *, seed: int, noise_type: str) -> list[nn.Module]:
        return [Noise(self.factor * {"gaussian": 1.0, "laplace": 2.0}[noise_type]) for _ in adjacency_matrix]


@pytest.mark.parametrize("generator", [sparse, dense, anything])
@pytest.mark.parametrize("given", [3, 3.0, np.float64(3), np.int64(3)])
def test_a_density_is_handed_to_a_generator_that_takes_one(generator: Any, given: Any) -> None:
    family = anc.SCMFamily(10, generator, sparsity_param=given)
    assert family.sparsity_param == 3.0
    assert family.config.sparsity_param == 3.0
    assert float(family.sample_task(1).adjacency_matrix.sum()) == 30
    assert family.fingerprint() != anc.SCMFamily(10, generator, sparsity_param=2.0).fingerprint()
    assert family.fingerprint() == anc.SCMFamily(10, generator, sparsity_param=3.0).fingerprint()


def test_what_is_not_given_is_the_strategys_own_and_is_not_reported() -> None:
    family = anc.SCMFamily(10, sparse)
    assert float(family.sample_task(1).adjacency_matrix.sum()) == 10
    for known in (family, anc.SCMFamily(6, chain)):
        assert known.sparsity_param is None
        assert known.config.sparsity_param is None
        assert known.config.graph is None
        said = known.config.to_dict()
        assert not {"graph", "sparsity_param", "scale_free_power", "stochastic_block_count"} & said.keys()
        assert said["graph_generator"]["name"].endswith(known.graph_generator.__name__)
        assert "erdos_renyi" not in repr(known)
        assert "sparsity_param" not in repr(known.config)
        assert known.mechanism_proportions == {"linear": 1.0}
    factory = anc.SCMFamily(10, "scale_free", only_noise)
    assert factory.mechanism_proportions is None
    assert factory.sparsity_param == 2.0
    assert "linear_weights" not in factory.config.to_dict()
    with pytest.raises(anc.ConfigError, match="configuration alone has no fingerprint"):
        factory.config.fingerprint()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"sparsity_param": 3.0}, "sparsity_param = 3.0: must be left out beside a graph_generator of your own"),
        ({"sparsity_param": 2.0}, "sparsity_param = 2.0: must be left out"),  # The default, but it was given.
        ({"graph": "scale_free"}, "graph = 'scale_free': must be left out"),
        ({"scale_free_power": 2.0}, "scale_free_power = 2.0: must be left out"),
        ({"stochastic_block_count": 3}, "stochastic_block_count = 3: must be left out"),
        ({"sparsity_param": "many"}, "sparsity_param = 'many': must be a number"),
    ],
)
def test_a_setting_that_nobody_reads_is_refused(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        anc.SCMFamily(6, chain, **settings)


@pytest.mark.parametrize(
    "settings", [{"mechanism_proportions": {"mlp": 1.0}}, {"linear_bias": 1.0}, {"root_policy": "noise"}, {"mlp_hidden": [4]}]
)
def test_a_mechanism_that_nobody_draws_is_refused(settings: dict[str, Any]) -> None:
    (name,) = settings
    with pytest.raises(anc.ConfigError, match=f"{name} = .*: must be left out beside a mechanism_factory of your own"):
        anc.SCMFamily(6, chain, only_noise, **settings)


def test_proportions_are_handed_to_a_factory_that_takes_them() -> None:
    family = anc.SCMFamily(4, chain, shares, mechanism_proportions={"mine": 0.25})
    assert family.mechanism_proportions == {"mine": 0.25}
    task = family.sample_task(3)
    assert task.sample(9, draw=0).equal(task.noise(9, draw=0)[:, :, 0] * 0.25)
    assert family.fingerprint() != anc.SCMFamily(4, chain, shares).fingerprint()


@pytest.mark.parametrize("law", ["gaussian", "laplace"])
def test_the_law_of_the_noise_is_the_engines_and_is_told_to_a_factory_that_asks(law: str) -> None:
    plain = anc.SCMFamily(4, chain, only_noise, noise_type=law).sample_task(3).sample(9, draw=0)
    told = anc.SCMFamily(4, chain, Laws(0.5), noise_type=law).sample_task(3).sample(9, draw=0)
    assert told.equal(plain * (0.5 if law == "gaussian" else 1.0))
    engine = anc.SCMFamily(4, chain, noise_type=law).sample_task(3).noise(9, draw=0)[:, :, 0]
    assert plain.equal(engine)
    if law == "gaussian":  # Which is told where it was not given, too, because it is true.
        assert anc.SCMFamily(4, chain, Laws(0.5)).sample_task(3).sample(9, draw=0).equal(told)


def test_what_a_strategy_needs_and_nobody_gave_is_named() -> None:
    with pytest.raises(anc.ConfigError, match="sparsity_param is missing: must be given, because the graph_generator takes it"):
        anc.SCMFamily(6, dense)


@pytest.mark.parametrize(
    ("strategy", "settings", "wanted"),
    [
        (anc.ErdosRenyi(), {"sparsity_param": 3.0}, {"sparsity_param": 3.0}),
        (anc.ErdosRenyi(), {}, {"sparsity_param": 2.0}),
        (anc.ErdosRenyi(3.0), {"sparsity_param": 3.0}, {"sparsity_param": 3.0}),
        (anc.ScaleFree(), {"scale_free_power": 2.0}, {"scale_free_power": 2.0, "scale_free_orientation": "out"}),
        (anc.ScaleFree(orientation="in"), {"sparsity_param": 1.5}, {"sparsity_param": 1.5, "scale_free_orientation": "in"}),
        (anc.StochasticBlockModel(), {"stochastic_block_count": 3}, {"stochastic_block_count": 3}),
        (anc.WattsStrogatz(), {"watts_strogatz_rewiring": 0.1}, {"watts_strogatz_rewiring": 0.1}),
        (replace(anc.ScaleFree(), power=2.0), {"sparsity_param": 1.0}, {"sparsity_param": 1.0, "scale_free_power": 2.0}),
    ],
)
def test_a_default_is_not_taken_for_a_given_value(strategy: Any, settings: dict[str, Any], wanted: dict[str, Any]) -> None:
    family = anc.SCMFamily(20, graph_generator=strategy, **settings)
    said = family.config.to_dict()
    assert {name: said[name] for name in wanted} == wanted
    assert said["graph"] == strategy.kind
    assert family.in_engine
    right = anc.FamilyConfig(n_nodes=20, **{"graph": strategy.kind, **wanted})
    assert family.fingerprint() == right.fingerprint()


@pytest.mark.parametrize(
    ("strategy", "settings"),
    [
        (anc.ErdosRenyi(2.0), {"sparsity_param": 3.0}),
        (anc.ScaleFree(power=1.0), {"scale_free_power": 2.0}),
        (anc.ScaleFree(), {"graph": "erdos_renyi"}),
        (anc.StochasticBlockModel(count=2), {"stochastic_block_count": 3}),
    ],
)
def test_two_given_values_that_differ_are_refused(strategy: Any, settings: dict[str, Any]) -> None:
    (name,) = settings
    with pytest.raises(anc.ConfigError, match=f"{name} = .*: must be given once, but graph_generator says"):
        anc.SCMFamily(20, graph_generator=strategy, **settings)


def test_a_strategys_default_prints_compares_and_calculates_like_its_value() -> None:
    assert anc.ErdosRenyi() == anc.ErdosRenyi(2.0)
    assert repr(anc.StochasticBlockModel()) == "StochasticBlockModel(sparsity_param=2.0, count=2, ratio=0.1)"
    assert repr(anc.ScaleFree()) == "ScaleFree(sparsity_param=2.0, orientation='out', power=1.0)"
    assert hash(anc.ScaleFree()) == hash(anc.ScaleFree(2.0, "out", 1.0))
    assert anc.ErdosRenyi().sparsity_param + 1 == 3.0
    assert anc.ErdosRenyi()(20, seed=3).equal(anc.ErdosRenyi(2.0)(20, seed=3))


def test_mechanisms_of_the_engine_say_what_they_were_given() -> None:
    linear = anc.EngineMechanisms(anc.FamilyConfig(linear_bias=1.0))
    family = anc.SCMFamily(20, mechanism_factory=linear, noise_type="laplace", mechanism_proportions={"linear": 1, "mlp": 1})
    right = anc.FamilyConfig(noise_type="laplace", mechanism_proportions={"linear": 1, "mlp": 1}, linear_bias=1.0)
    assert family.fingerprint() == right.fingerprint()
    mlp = anc.EngineMechanisms(anc.FamilyConfig(mechanism_proportions={"mlp": 1.0}))
    with pytest.raises(anc.ConfigError, match=r"mechanism_proportions = .*: must be given once"):
        anc.SCMFamily(20, mechanism_factory=mlp, mechanism_proportions={"linear": 1.0})
    with pytest.raises(anc.ConfigError, match="must be given once"):
        anc.SCMFamily(20, mechanism_factory="mlp", mechanism_proportions={"linear": 1.0})


@pytest.mark.parametrize(
    "given",
    [{"n_nodes": 3}, None, anc.SCMFamily(), anc.MixtureConfig([anc.FamilyConfig()] * 2), anc.SCMFamily(3, chain).config],
)
def test_mechanisms_of_the_engine_need_a_configuration(given: Any) -> None:
    with pytest.raises(anc.ConfigError, match=rf"config is of type {type(given).__name__}: must be a FamilyConfig"):
        anc.EngineMechanisms(given)


@dataclass(frozen=True)
class Reversed(anc.ErdosRenyi):
    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        return super().__call__(n_nodes, seed=seed).T


@dataclass(frozen=True)
class Halved(anc.EngineMechanisms):
    def __call__(self, adjacency_matrix: Tensor, *, seed: int) -> list[nn.Module]:
        return only_noise(adjacency_matrix, seed=seed)


def test_what_inherits_from_a_strategy_of_the_engine_is_ones_own() -> None:
    family = anc.SCMFamily(8, Reversed(2.0), Halved(anc.FamilyConfig()))
    task = family.sample_task(5)
    assert task.adjacency_matrix.equal(anc.ErdosRenyi(2.0)(8, seed=5).T)
    assert task.sample(4, draw=0).equal(task.noise(4, draw=0)[:, :, 0])
    assert family.fingerprint() != anc.SCMFamily(8, anc.ErdosRenyi(2.0)).fingerprint()


def test_a_whole_configuration_can_stand_beside_a_strategy() -> None:
    fields = anc.FamilyConfig(n_nodes=5, sparsity_param=1.0, noise_type="laplace").to_dict()
    density: Callable[..., Any] = sparse
    family = anc.SCMFamily(**fields, graph_generator=density)
    assert family.sparsity_param == 1.0
    assert family.noise_type == "laplace"


def test_the_tasks_of_own_strategies_are_those_of_before() -> None:
    # Mechanisms over an own graph don't depend on what the engine would draw.
    def over(task: Any) -> Tensor:
        return task.sample(7, draw=0)

    own = anc.SCMFamily(6, chain, "mlp").sample_task(11)
    assert own.adjacency_matrix.equal(chain(6, seed=0))
    direct = anc.EngineMechanisms(anc.FamilyConfig(mechanism_proportions={"mlp": 1.0}))(own.adjacency_matrix, seed=11)
    for mine, theirs in zip(own.mechanisms, direct, strict=True):
        for (name, one), (_, two) in zip(mine.named_parameters(), theirs.named_parameters(), strict=True):
            assert one.equal(two), name
    assert over(own).shape == (7, 6)
