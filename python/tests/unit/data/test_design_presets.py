"""Published designs have the laws of their papers."""

import math

import pytest
import torch
from torch import Tensor

import ancestral as anc


def experiments(name: str, n_tasks: int, n_nodes: int = 10, **options: object) -> dict[str, Tensor]:
    """The first experiments of a preset's stream."""
    family = anc.SCMFamily.from_config({"n_nodes": n_nodes, **options})
    return next(iter(anc.MetaIterableDataset(family, design=anc.Design.preset(name), batch_size=n_tasks)))


def values(found: dict[str, Tensor], mask: str = "intervened") -> Tensor:
    """What targets were set to."""
    return found["X"][found[mask]]


def assert_moments(sample: Tensor, mean: float, variance: float, kurtosis: float = 3.0) -> None:
    """5-sigma bands: sd of the mean √(v/n), of the variance v·√((κ - 1)/n)."""
    n = len(sample)
    assert abs(sample.mean().item() - mean) < 5 * math.sqrt(variance / n)
    assert abs(sample.var().item() - variance) < 5 * variance * math.sqrt((kurtosis - 1) / n)


def test_avici_has_ten_single_targets_of_twenty_nodes() -> None:
    found = experiments("avici-interventional", 20, 20)
    assert found["X"].shape == (20, 200, 20)
    assert (found["regime"] == 0).sum(dim=1).eq(150).all()
    targets = found["targets"][:, 1:]
    assert targets.shape[1] == 10
    assert targets.sum(dim=2).eq(1).all()
    assert targets.sum(dim=1).max() == 1  # All distinct.
    found_values = values(found)
    assert len(found_values) == 20 * 50
    assert found_values.abs().min() >= 1
    assert found_values.abs().max() <= 3
    # ±U(1, 3): E x² = 13/3, E x⁴ = 242/10.
    assert_moments(found_values, 0.0, 13 / 3, 24.2 / (13 / 3) ** 2)


def test_tabcausal_draws_normal_values_of_deviation_two() -> None:
    found = experiments("tabcausal", 40)
    assert found["X"].shape == (40, 200, 10)
    assert (found["regime"] == 0).sum(dim=1).eq(100).all()
    assert found["targets"].sum(dim=(1, 2)).eq(10).all()
    assert found["targets"].sum(dim=1).eq(1).all()  # Each node as often as any other.
    assert_moments(values(found), 0.0, 4.0)


@pytest.mark.parametrize(("name", "mask"), [("dcdi-perfect", "intervened"), ("dcdi-unknown", "truth_intervened")])
def test_dcdi_replaces_each_node_once_by_normal_values(name: str, mask: str) -> None:
    found = experiments(name, 2)
    assert found["X"].shape == (2, 10_000, 10)
    counts = torch.stack([(found["regime"] == regime).sum(dim=1) for regime in range(11)])
    assert counts.max() - counts.min() <= 1
    assert found[mask.replace("intervened", "targets")].sum(dim=1).eq(1).all()
    assert ("targets" in found) == (name == "dcdi-perfect")
    assert_moments(values(found, mask), 2.0, 1.0)


def test_dcdi_moves_linear_weights_by_two_to_five() -> None:
    found = experiments("dcdi-imperfect", 4, sparsity_param=1.0)
    moved = 0
    for task in range(4):
        graph, regimes, x = found["adjacency"][task], found["regime"][task], found["X"][task].double()
        for regime in range(1, 11):
            node = int(found["targets"][task][regime].int().argmax())
            parents = graph[:, node].nonzero()[:, 0]
            if len(parents) == 0:
                continue
            fits = []
            for rows in (x[regimes == 0], x[regimes == regime]):
                columns = torch.cat([rows[:, parents], torch.ones(len(rows), 1)], dim=1)
                solved = torch.linalg.lstsq(columns, rows[:, node, None])
                residual = (rows[:, node, None] - columns @ solved.solution).var()
                errors = (residual * torch.linalg.inv(columns.T @ columns).diagonal()).sqrt()[:-1]
                fits.append((solved.solution[:-1, 0], errors))
            difference = (fits[1][0] - fits[0][0]).abs()
            slack = 5 * (fits[0][1] + fits[1][1])
            assert (difference > 2 - slack).all()
            assert (difference < 5 + slack).all()
            moved += len(parents)
    assert moved > 10


def test_do_pfn_drops_up_to_three_in_ten_of_the_variables() -> None:
    found = experiments("do-pfn", 300, 12, sparsity_param=2.0)
    hidden = 12 - found["n_nodes"]
    assert hidden.min() == 0
    assert hidden.max() <= 4
    # 12·U(0, 0.3), rounded: 0 below 0.5/3.6, 1 to 3 for 1/3.6 each, 4 above 3.5/3.6.
    shares = [0.5 / 3.6, 1 / 3.6, 1 / 3.6, 1 / 3.6, 0.1 / 3.6]
    for count, share in enumerate(shares):
        assert abs((hidden == count).sum().item() - 300 * share) < 5 * math.sqrt(300 * share * (1 - share))
    # A random observed value of the node as the cut: the share of the treated is uniform.
    assert_moments(found["T"].mean(dim=1), 0.5, 1 / 12, 1.8)
    # Query rows by coin.
    coins = found["T_query"].sum().item()
    assert abs(coins - 0.5 * 300 * 512) < 5 * math.sqrt(0.25 * 300 * 512)


@pytest.mark.parametrize(
    ("name", "graph", "roles"),
    [("standard", "back_door", {1, 2, 3}), ("iv", "instrument", {1, 2, 3, 4}), ("frontdoor", "front_door", {1, 2, 3, 5})],
)
def test_causalfm_has_its_structures(name: str, graph: str, roles: set[int]) -> None:
    found = experiments(f"causalfm-{name}", 6, 8, graph=graph, sparsity_param=1.2)
    shown = found["n_nodes"]
    assert shown.eq(8 if name == "standard" else 7).all()
    for task in range(6):
        own = found["roles"][task][: shown[task]].tolist()
        assert set(own) == roles
        treatment, outcome = own.index(2), own.index(3)
        linked = found["bidirected"][task]
        assert bool(linked[treatment, outcome]) == (name != "standard")
        graph_of = found["adjacency"][task]
        if name == "iv":
            instrument = own.index(4)
            assert graph_of[instrument, treatment] == 1
            assert graph_of[instrument, outcome] == 0
        if name == "frontdoor":
            mediator = own.index(5)
            assert graph_of[treatment, mediator] == graph_of[mediator, outcome] == 1
            assert graph_of[treatment, outcome] == 0
    assert ((found["propensity"] > 0) & (found["propensity"] < 1)).all()


def test_causcale_has_a_regime_of_uniform_values_for_each_node() -> None:
    found = experiments("cauScale-synthetic", 3, 20)
    assert found["X"].shape == (3, 1000, 20)
    counts = torch.stack([(found["regime"] == regime).sum(dim=1) for regime in range(21)])
    assert counts[0].eq(47).all()
    assert (counts[1:].min(), counts[1:].max()) == (47, 48)
    assert found["targets"][:, 1:].sum(dim=1).eq(1).all()
    found_values = values(found)
    assert found_values.abs().max() <= 1
    assert_moments(found_values, 0.0, 1 / 3, 1.8)


def test_dowhy_censors_a_fifth_of_the_columns_to_exact_zeros() -> None:
    family = {"noise_scale_min": 0.5, "noise_scale_max": 2.0, "noise_scale_law": "uniform"}
    found = experiments("dowhy-foundcause", 150, 10, **family)
    rows = found["row_mask"].sum(dim=1)
    assert rows.min() >= 100
    assert rows.max() <= 600
    assert_moments(rows.double(), 350.0, (501**2 - 1) / 12, 1.8)
    zeros = []
    for x, count in zip(found["X"], rows.tolist(), strict=True):
        share = (x[:count] == 0).double().mean(dim=0)
        censored = share[share > 0]
        assert len(censored) == 2
        zeros.append(censored)
    # U(0.1, 0.4), and a binomial share of 100 to 600 rows about it.
    assert_moments(torch.cat(zeros), 0.25, 0.3**2 / 12 + 0.25 * 0.75 / 300, 2.5)
