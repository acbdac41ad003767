"""Published families by name: each makes tasks, and has the laws that its paper says."""

import itertools
from typing import Any

import pytest
import torch
from torch import Tensor

import ancestral as anc
from batch_filling import fill

MIXTURES = [name for name in anc.FamilyConfig.presets() if isinstance(anc.FamilyConfig.preset(name), anc.MixtureConfig)]
NAMES = [name for name in anc.FamilyConfig.presets() if name not in MIXTURES]


def tasks(name: str, count: int, **changes: Any) -> list[anc.SCMInstance]:
    family = anc.SCMFamily.from_config(anc.FamilyConfig.preset(name, **changes))
    return [family.sample_task(seed) for seed in range(count)]


def gathered(instances: list[anc.SCMInstance], parameter: str, *, parents: bool = False) -> Tensor:
    """One parameter of all nodes in one row, float64; with `parents`, of the nodes that have some."""
    nodes = [(task, j) for task in instances for j in range(task.n_nodes) if task.parents(j) or not parents]
    return torch.cat([getattr(task.mechanisms[j], parameter).detach().flatten() for task, j in nodes]).double()


def check_mean(values: Tensor, expected: float) -> None:
    """Within 5 standard errors, by the sample's own deviation."""
    error = float(values.std()) / len(values) ** 0.5
    assert abs(float(values.mean()) - expected) < 5 * error, (float(values.mean()), expected, error)


def check_uniform(values: Tensor, low: float, high: float) -> None:
    """Inside the bounds, near both, and with the mean of a uniform law."""
    span = high - low
    assert low <= float(values.min()) < low + 0.05 * span
    assert high - 0.05 * span < float(values.max()) <= high
    check_mean(values, (low + high) / 2)


def test_are_listed_with_their_papers() -> None:
    listed = anc.FamilyConfig.presets()
    assert {"notears-linear", "avici-scm-v0"} <= set(listed)
    assert all("20" in source and source.endswith(".") for source in listed.values())


@pytest.mark.parametrize("name", NAMES)
def test_makes_tasks_and_takes_changes(name: str) -> None:
    config = anc.FamilyConfig.preset(name)
    assert anc.FamilyConfig.from_dict(config.to_dict()) == config
    x = anc.SCMFamily.from_config(config).sample_task(0).sample(64)
    assert x.shape == (64, config.n_nodes)
    assert bool(x.isfinite().all())
    changed = anc.FamilyConfig.preset(name, n_nodes=7, sparsity_param=1.0)
    assert (changed.n_nodes, changed.sparsity_param, changed.graph) == (7, 1.0, config.graph)
    assert anc.SCMFamily.from_config(changed).sample_task(1).sample(5).shape == (5, 7)


@pytest.mark.parametrize("name", MIXTURES)
def test_a_mixture_makes_tasks_of_many_kinds_and_takes_changes(name: str) -> None:
    family = anc.SCMFamily.from_config(anc.FamilyConfig.preset(name))
    drawn = [family.sample_task(seed) for seed in range(40)]
    assert len({task.component for task in drawn}) > 5
    assert all(bool(task.sample(20).isfinite().all()) for task in drawn)
    changed = anc.FamilyConfig.preset(name, calibration_rows=64)
    assert {config.calibration_rows for config in changed.families} == {64}
    assert len(changed.families) == len(family.config.families)


def test_scm_v0_has_the_published_shares() -> None:
    family = anc.SCMFamily.from_config(anc.FamilyConfig.preset("avici-scm-v0"))
    n_tasks = 20_000
    counts = family.component_counts(n_tasks)
    assert sum(counts) == n_tasks

    def check_share(expected: float, holds: Any) -> None:
        configs = family.config.families
        share = sum(weight for weight, config in zip(family.config.shares, configs, strict=True) if holds(config))
        assert share == pytest.approx(expected)
        count = sum(n for n, config in zip(counts, configs, strict=True) if holds(config))
        assert abs(count - n_tasks * share) < 5 * (n_tasks * share * (1 - share)) ** 0.5

    for noise, share in {"gaussian": 3 / 6, "laplace": 2 / 6, "cauchy": 1 / 6}.items():
        check_share(share, lambda config, noise=noise: config.noise_type == noise)
    check_share(0.75, lambda config: config.noise_scale_law == "input")
    check_share(0.5, lambda config: config.mechanism_proportions == {"gp": 1.0})
    check_share(1 / 6, lambda config: config.graph == "erdos_renyi")
    check_share(2 / 6, lambda config: config.graph == "scale_free")
    check_share(1 / 6, lambda config: config.linear_weight_min == 2.0)
    # Geometric graphs of the published radii: 435 pairs times pi r^2 - 8 r^3 / 3 + r^4 / 2 edges.
    densities = {config.sparsity_param * 30 for config in family.config.families if config.graph == "random_geometric"}
    assert sorted(densities) == pytest.approx([8.161183, 12.527678, 26.943447], rel=1e-6)


def test_the_bcnp_papers_tasks_are_of_one_kind_each() -> None:
    config = anc.FamilyConfig.preset("bcnp-paper")
    assert {(family.n_nodes, family.graph) for family in config.families} == {(20, "erdos_renyi")}
    assert sorted(family.sparsity_param for family in config.families) == [1.0] * 3 + [2.0] * 3 + [3.0] * 3
    kinds = [tuple(family.mechanism_proportions) for family in config.families]
    assert sorted(kinds) == [("gpcde",)] * 3 + [("linear",)] * 3 + [("mlp",)] * 3
    linear = anc.SCMFamily.from_config(next(f for f in config.families if "linear" in f.mechanism_proportions))
    drawn = [linear.sample_task(seed) for seed in range(200)]
    check_mean(gathered(drawn, "noise_scale").square(), 1.0)  # A Gamma variance of mean 1.
    check_mean(gathered(drawn, "weight").square(), 1.0)


def test_are_different_families() -> None:
    prints = [anc.FamilyConfig.preset(name).fingerprint() for name in anc.FamilyConfig.presets()]
    assert len(set(prints)) == len(prints)


def test_refuses_an_unknown_name_and_a_wrong_change() -> None:
    with pytest.raises(anc.ConfigError, match=r"preset = 'notears': must be one of .*notears-linear"):
        anc.FamilyConfig.preset("notears")
    with pytest.raises(anc.ConfigError, match="n_nodes"):
        anc.FamilyConfig.preset("iscm", n_nodes=0)
    with pytest.raises(anc.ConfigError, match="n_node"):
        anc.FamilyConfig.preset("iscm", n_node=5)


@pytest.mark.parametrize("name", ["notears-linear", "notears-mlp"])
@pytest.mark.parametrize(("n_nodes", "edges_per_node"), [(10, 1.0), (20, 2.0), (20, 4.0)])
def test_notears_has_exactly_kn_edges(name: str, n_nodes: int, edges_per_node: float) -> None:
    for task in tasks(name, 8, n_nodes=n_nodes, sparsity_param=edges_per_node):
        assert int(task.adjacency_matrix.sum()) == edges_per_node * n_nodes


def test_notears_linear_weights_and_noise() -> None:
    instances = tasks("notears-linear", 40)
    weights = gathered(instances, "weight")
    check_uniform(weights.abs(), 0.5, 2.0)
    check_mean(weights, 0.0)
    check_mean(weights**2, 1.75)  # (2^3 - 0.5^3) / (3 * 1.5)
    assert gathered(instances, "noise_scale").eq(1).all()
    assert gathered(instances, "bias").eq(0).all()
    x, noise = instances[0].sample(20_000, draw=0), instances[0].noise(20_000)[:, :, 0].double()
    # Normal rows: a mean has standard error 1/sqrt(n), a variance sqrt(2/n).
    assert float(noise.mean(dim=0).abs().max()) < 5 / 20_000**0.5
    assert float((noise.var(dim=0) - 1).abs().max()) < 5 * (2 / 20_000) ** 0.5
    roots = [j for j in range(20) if not instances[0].parents(j)]
    assert x[:, roots].double().equal(noise[:, roots])


def test_notears_mlp_is_one_hidden_layer_of_sigmoids_with_noise_added() -> None:
    (task,) = tasks("notears-mlp", 1)
    x, noise = task.sample(200, draw=0), task.noise(200)[:, :, 0]
    for j in range(task.n_nodes):
        parents, mechanism = task.parents(j), task.mechanisms[j]
        if not parents:
            assert x[:, j].equal(noise[:, j])
            continue
        first, second = mechanism.weight_0.detach(), mechanism.weight_1.detach()
        assert (first.shape, second.shape) == ((100, len(parents)), (1, 100))
        assert not mechanism.bias_0.any()
        assert not mechanism.bias_1.any()
        for weights in (first, second):
            assert 0.5 <= float(weights.abs().min()) <= float(weights.abs().max()) <= 2.0
        expected = (x[:, parents] @ first.T).sigmoid() @ second[0] + noise[:, j]
        torch.testing.assert_close(x[:, j], expected, rtol=1e-4, atol=1e-4)


def test_iscm_has_unit_variances() -> None:
    for task in tasks("iscm", 10):
        n = task.n_nodes
        slopes, noise = torch.zeros(n, n, dtype=torch.float64), torch.zeros(n, dtype=torch.float64)
        for j, mechanism in enumerate(task.mechanisms):
            gain = mechanism.output_gain.detach().double()
            slopes[task.parents(j), j] = gain * mechanism.weight.detach().double()
            noise[j] = gain * mechanism.noise_scale.detach().double()
        # X = X B + E: the covariance is (I - B)^-T D (I - B)^-1; its constants are rounded to float32 once.
        inverse = torch.linalg.inv(torch.eye(n, dtype=torch.float64) - slopes)
        variances = (inverse.T @ noise.square().diag() @ inverse).diag()
        torch.testing.assert_close(variances, torch.ones_like(variances), rtol=0, atol=1e-5)
    # Normal rows: the standard error of a variance is sqrt(2/n).
    x = task.sample(20_000, draw=0).double()
    assert float((x.var(dim=0) - 1).abs().max()) < 5 * (2 / 20_000) ** 0.5


def test_avici_linear_weights_biases_and_noise() -> None:
    instances = tasks("avici-linear", 40)
    weights = gathered(instances, "weight")
    check_uniform(weights.abs(), 1.0, 3.0)
    check_mean(weights, 0.0)
    check_mean(weights**2, 13 / 3)
    check_uniform(gathered(instances, "bias"), -3.0, 3.0)
    check_uniform(gathered(instances, "noise_scale"), 0.2, 2.0)


def test_avici_rff_features_biases_and_noise() -> None:
    instances = tasks("avici-rff", 40)
    check_uniform(gathered(instances, "bias"), -3.0, 3.0)
    check_uniform(gathered(instances, "noise_scale"), 0.2, 2.0)
    modules = [task.mechanisms[j] for task in instances for j in range(task.n_nodes) if task.parents(j)]
    # 50 cosines with random amplitudes and phases: 100 features of sines and cosines.
    assert {len(module.phase) for module in modules} == {50}
    # Half the sum of squared amplitudes is the function's variance, in the mean E U(10, 20)^2 = 700/3.
    check_mean(torch.stack([module.amplitude.detach().double().square().sum() / 2 for module in modules]), 700 / 3)
    # A frequency is a standard normal over a length U(7, 10), with E[1/length^2] = 1/70.
    radians = [2 * torch.pi * module.frequencies.detach().double() for module in modules]
    check_mean(torch.cat([value.square().mean(dim=0) for value in radians]), 1 / 70)


def test_bcnp_code_has_the_second_moment_of_its_recipe() -> None:
    # Over tasks, at a fixed row: E[w^2] of the mean + 2 of two kernels + jitter 1e-4 + E[s^2] = 1 * 2 / 10^2 of the noise.
    expected = 1 + 2 + 1e-4 + 0.02
    family = anc.SCMFamily.from_config(
        anc.FamilyConfig.preset("bcnp-code", n_nodes=2, sparsity_param=0.5, calibration_rows=16)  # One edge.
    )
    x, adjacency = torch.empty(4000, 1, 2), torch.empty(4000, 2, 2)
    fill(family, torch.arange(4000), 1, threads=2, x=x, adjacency=adjacency)
    children = adjacency.sum(dim=1).bool()
    assert children.sum(dim=1).eq(1).all()
    for nodes in (children, ~children):
        check_mean(x[:, 0][nodes].double().square(), expected)
        check_mean(x[:, 0][nodes].double(), 0.0)


def test_bcnp_code_draws_noise_scales_per_row() -> None:
    (task,) = tasks("bcnp-code", 1, n_nodes=6)
    noise = task.noise(4000)
    for j, mechanism in enumerate(task.mechanisms):
        assert mechanism.channels[:3] == ("latent", "noise", "scale")
        scales = noise[:, j, 2].double()
        # Gamma(1, rate 10): mean 1/10, mean square 2/100.
        check_mean(scales, 0.1)
        check_mean(scales**2, 0.02)
        assert mechanism.latent_weight.item() == 1
    for one, two in itertools.combinations(range(6), 2):
        # Independent columns: a correlation of 4000 rows has standard error 1/sqrt(4000).
        assert abs(float(torch.corrcoef(noise[:, [one, two], 2].T)[0, 1])) < 5 / 4000**0.5
