"""Presets of the broadest published priors: shares of their kinds, and the laws of weights, noise, roots and functions."""

import functools
import math
from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor

import ancestral as anc
from ancestral.mechanisms import EngineMechanism


@functools.cache
def preset(name: str) -> anc.MixtureConfig:
    """The mixture of a preset, of up to thousands of families, once for all tests."""
    return anc.FamilyConfig.preset(name)


def shares(name: str, said: Callable[[anc.FamilyConfig], object]) -> dict[object, float]:
    """The share of the tasks whose family has each value of something."""
    config = preset(name)
    found: dict[object, float] = {}
    for share, family in zip(config.shares, config.families, strict=True):
        found[said(family)] = found.get(said(family), 0.0) + share
    return found


def tasks(name: str, count: int, holds: Callable[[anc.FamilyConfig], bool] = lambda _: True) -> Iterator[anc.SCMInstance]:
    """Tasks of the preset's families that something holds of, each family in its turn."""
    configs = [config for config in preset(name).families if holds(config)]
    for seed in range(count):
        yield anc.SCMFamily.from_config(configs[seed * 7919 % len(configs)]).sample_task(seed)


def children(task: anc.SCMInstance, kind: str) -> Iterator[tuple[int, EngineMechanism]]:
    """Nodes with parents whose mechanism is of a kind, and whose values aren't cut into classes."""
    for node, mechanism in enumerate(task.mechanisms):
        if task.parents(node) and mechanism.kind == kind and not task.n_classes[node]:
            yield node, mechanism


def check_mean(values: Tensor, expected: float) -> None:
    """Within 5 standard errors, by the sample's own deviation."""
    values = values.double()
    error = float(values.std()) / len(values) ** 0.5
    assert abs(float(values.mean()) - expected) < 5 * error, (float(values.mean()), expected, error)


def check_uniform(values: Tensor, low: float, high: float) -> None:
    """Inside the bounds, near both, with the mean and the variance of a uniform law."""
    span, slack = high - low, 1e-6 * (high - low)
    assert low - slack <= float(values.min()) < low + 0.05 * span
    assert high - 0.05 * span < float(values.max()) <= high + slack
    check_mean(values, (low + high) / 2)
    check_mean((values.double() - (low + high) / 2) ** 2, span**2 / 12)


def joined(values: list[Tensor]) -> Tensor:
    return torch.cat([value.detach().flatten() for value in values])


def roots(found: Iterator[anc.SCMInstance], rows: int = 40) -> Tensor:
    """Some rows of the nodes without parents."""
    return joined([task.sample(rows, draw=0)[:, [j for j in range(task.n_nodes) if not task.parents(j)]] for task in found])


CAUSCALE = "cauScale-synthetic"


def test_causcale_has_its_graphs_and_mechanisms_in_equal_shares() -> None:
    assert set(shares(CAUSCALE, lambda f: f.n_nodes)) == {20}
    for said, count in (
        (lambda f: f.graph, 2),
        (lambda f: f.sparsity_param, 4),
        (lambda f: (tuple(f.mechanism_proportions or ["linear"]), f.mlp_noise if f.mechanism_proportions else None), 3),
    ):
        assert list(shares(CAUSCALE, said).values()) == pytest.approx([1 / count] * count)


def test_causcale_roots_are_uniform_and_noise_variances_too() -> None:
    check_uniform(roots(tasks(CAUSCALE, 24)), -1.0, 1.0)
    linear = [m for task in tasks(CAUSCALE, 40, lambda f: not f.mechanism_proportions) for _, m in children(task, "linear")]
    weights = joined([m.weight for m in linear])
    check_uniform(weights.abs(), 0.25, 1.0)
    check_mean(weights, 0.0)
    check_uniform(joined([m.noise_scale for m in linear]).double() ** 2, 0.16, 0.32)
    assert not joined([m.bias for m in linear]).any()


@pytest.mark.parametrize(("place", "units"), [("scaled_input", 20), ("additive", 10)])
def test_causcale_networks_have_one_layer(place: str, units: int) -> None:
    networks = [
        m
        for task in tasks(CAUSCALE, 40, lambda f: bool(f.mechanism_proportions) and f.mlp_noise == place)
        for _, m in children(task, "mlp")
    ]
    assert {len(m.bias_0) for m in networks} == {units}
    assert not any(hasattr(m, "weight_2") for m in networks)
    last = 1 if place == "scaled_input" else 0
    check_mean(joined([m.weight_0[:, : m.weight_0.shape[1] - last] for m in networks]) ** 2, 1.0)
    check_mean(joined([m.weight_1 for m in networks]) ** 2, 1.0)
    for layer in (0, 1):
        bounds = [getattr(m, f"weight_{layer}").shape[1] ** -0.5 for m in networks]
        biases = [getattr(m, f"bias_{layer}") / bound for m, bound in zip(networks, bounds, strict=True)]
        check_uniform(joined(biases), -1.0, 1.0)
    if last:  # N(0, 1) times a deviation whose square is 0.16·U(1, 2).
        check_mean(joined([(m.weight_0[:, -1] ** 2).mean() for m in networks]), 0.24)
        assert {m.settings["activation"] for m in networks} == {"tanh"}
    else:
        check_uniform(joined([m.noise_scale for m in networks]).double() ** 2, 0.16, 0.32)
        assert {m.settings["slope"] for m in networks} == {0.25}


DOWHY = "dowhy-foundcause"


def test_dowhy_has_the_shares_of_its_settings() -> None:
    # Log-normal (0.15), beta (0.1) and three of four chi-squared roots (0.075) are left out of 1.
    unimodal = {"gaussian": 0.25, "uniform": 0.15, "laplace": 0.1, "exponential": 0.125, "student_t": 0.05}
    expected = {"gaussian_mixture": 0.6} | {law: 0.4 * share / 0.675 for law, share in unimodal.items()}
    assert shares(DOWHY, lambda f: f.root_noise_type) == pytest.approx(expected)
    assert shares(DOWHY, lambda f: f.noise_type) == pytest.approx(
        {"gaussian_mixture": 0.5, "gaussian": 0.175, "laplace": 0.125, "uniform": 0.1, "student_t": 0.1}
    )
    assert shares(DOWHY, lambda f: f.mlp_noise) == pytest.approx({"scaled_input": 0.2 / 0.74, "additive": 0.54 / 0.74})
    assert shares(DOWHY, lambda f: len(f.mlp_hidden)) == pytest.approx({2: 1 / 3, 3: 1 / 3, 4: 1 / 3})
    degrees = shares(DOWHY, lambda f: f.noise_degrees_of_freedom if f.noise_type == "student_t" else None)
    assert [degrees[df] for df in (3.0, 5.0, 7.0)] == pytest.approx([0.1 / 3] * 3)
    mixtures = {(f.noise_mixture_components, f.noise_mixture_spread) for f in preset(DOWHY).families}
    assert mixtures == {(6, 3.0 / 0.4)}


def test_dowhy_nodes_are_of_three_kinds_and_roots_of_variance_one() -> None:
    drawn = list(tasks(DOWHY, 336))
    kinds = [m.kind for task in drawn for node, m in enumerate(task.mechanisms) if task.parents(node)]
    for kind, share in {"linear": 0.18, "log_space": 0.08, "mlp": 0.74}.items():
        count = sum(found == kind for found in kinds)
        assert abs(count - len(kinds) * share) < 5 * (len(kinds) * share * (1 - share)) ** 0.5
    check_mean(torch.tensor([float(task.adjacency_matrix.sum()) for task in drawn]), 15.0)
    classes = torch.cat([task.n_classes[[bool(task.parents(j)) for j in range(task.n_nodes)]] for task in drawn])
    cut = classes[classes > 0].double()
    assert abs(len(cut) - 0.05 * len(classes)) < 5 * (0.05 * 0.95 * len(classes)) ** 0.5
    assert (cut.min(), cut.max()) == (2, 8)
    check_mean(cut, 5.0)  # 2 to 8, each as likely.
    for task in drawn:
        assert all(m.kind == "noise" for node, m in enumerate(task.mechanisms) if not task.parents(node))
    # One row of each: independent, whatever the laws.
    values = joined([roots(iter([task]), 1) for task in drawn])
    check_mean(values, 0.0)
    check_mean(values.double() ** 2, 1.0)


def test_dowhy_functions_have_their_range_and_noise_its_deviations() -> None:
    inside, deviations, weights = [], [], []
    for task in tasks(DOWHY, 80, lambda f: f.mlp_noise == "additive"):
        x, noise = task.sample(2000, draw=0), task.noise(2000)
        for kind in ("linear", "mlp"):
            for node, mechanism in children(task, kind):
                function = x[:, node] - mechanism.noise_scale.detach() * noise[:, node, 0]
                inside.append((function.abs() <= 1).double().mean())
                deviations.append(mechanism.noise_scale)
                if kind == "mlp":
                    weights.append((mechanism.weight_1.detach() ** 2).mean())
    # Of 1000 rows the 1 % quantile lies between the 10th and the 11th: a new row is below with probability (10 + 0.99)/1001.
    check_mean(torch.stack(inside), 1 - 2 * 10.99 / 1001)
    check_uniform(joined(deviations), 0.01, 0.5)
    check_mean(torch.stack(weights), 25 / (4 * 34))  # 5²/(√34 + √34)²


def test_dowhy_networks_that_read_their_noise_have_its_deviation_in_their_weights() -> None:
    networks = [m for task in tasks(DOWHY, 150, lambda f: f.mlp_noise == "scaled_input") for _, m in children(task, "mlp")]
    norms = [5 / (m.weight_0.shape[1] ** 0.5 + 34**0.5) for m in networks]
    squares = [(m.weight_0[:, -1].detach() / norm) ** 2 for m, norm in zip(networks, norms, strict=True)]
    # E σ² of U(0.01, 0.5): (0.5³ - 0.01³)/(3·0.49).
    check_mean(torch.stack([square.mean() for square in squares]), (0.5**3 - 0.01**3) / 1.47)
    check_uniform(joined([m.bias_0 for m in networks]), -1.0, 1.0)


def test_tabicl_has_the_shares_of_trees_and_roots() -> None:
    name = "tabicl-like"

    def is_tree(f: anc.FamilyConfig) -> bool:
        return "tree" in (f.mechanism_proportions or {})

    assert shares(name, is_tree) == pytest.approx({True: 0.3, False: 0.7})
    tails = [math.exp(-k / 2) for k in range(4)] + [0.0]
    counts = shares(name, lambda f: f.tree_count if is_tree(f) else None)
    assert [counts[k] / 0.3 for k in (1, 2, 3, 4)] == pytest.approx([tails[k] - tails[k + 1] for k in range(4)])
    depths = shares(name, lambda f: f.tree_depth if is_tree(f) else None)
    assert [depths[k] / 0.3 for k in (2, 3, 4)] == pytest.approx([1 - tails[1], tails[1] - tails[2], tails[2]])
    normal = 0.2727 / (0.2727 + (1 - 0.2727) / 2)
    assert shares(name, lambda f: f.root_noise_type) == pytest.approx({"gaussian": normal, "uniform": 1 - normal})
    check_uniform(roots(tasks(name, 20, lambda f: f.root_noise_type == "uniform")), -0.5, 0.5)
    check_mean(roots(tasks(name, 20, lambda f: f.root_noise_type == "gaussian")).double() ** 2, 1.0)


@pytest.mark.parametrize(("name", "least", "most"), [("tabicl-like", 1e-4, 0.3), ("tabiclv2-like", 1e-5, 1.0)])
def test_tabicl_has_one_deviation_of_the_noise_a_task(name: str, least: float, most: float) -> None:
    levels = shares(name, lambda f: f.noise_scale_min)
    steps = [math.log(level / least) / math.log(most / least) for level in sorted(levels)]
    assert steps == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9])
    assert list(levels.values()) == pytest.approx([0.2] * 5)
    for task in tasks(name, 10):
        scales = {m.noise_scale.item() for kind in ("mlp", "tree", "gp") for _, m in children(task, kind)}
        assert len(scales) <= 1


def test_tabicl_trees_have_normal_leaves() -> None:
    trees = [
        m
        for task in tasks("tabicl-like", 60, lambda f: "tree" in (f.mechanism_proportions or {}))
        for _, m in children(task, "tree")
    ]
    # The sum of a node's trees has variance 1.
    check_mean(torch.stack([(m.leaf.detach() ** 2).mean() * len(m.leaf) for m in trees]), 1.0)
    assert {m.leaf.shape[1] for m in trees} == {4, 8, 16}


def test_tabiclv2_standardises_nodes_of_six_kinds() -> None:
    name = "tabiclv2-like"
    drawn = list(tasks(name, 60))
    kinds = [m.kind for task in drawn for m in task.mechanisms if m.kind != "noise"]
    for kind in ("mlp", "tree", "linear", "quadratic", "gp", "product"):
        count = kinds.count(kind)
        assert abs(count - len(kinds) / 6) < 5 * (len(kinds) * 5 / 36) ** 0.5
    check_mean(torch.tensor([float(task.adjacency_matrix.sum()) for task in drawn]), 60.0)
    assert shares(name, lambda f: f.tree_depth) == pytest.approx(dict.fromkeys(range(1, 8), 1 / 7))
    # Moments of 256 calibration rows: variances of one in the mean, but for what 256 rows can't tell of heavy tails.
    variances = joined([task.sample(500, draw=0).var(dim=0) for task in drawn])
    assert 0.9 < float(variances.median()) < 1.1
