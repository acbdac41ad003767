"""Faults that public generators of experiments have, as tests of ours."""

import math

import pytest
import torch
from torch import Tensor

import ancestral as anc


def batch(design: anc.Design, n_tasks: int = 16, **options: object) -> dict[str, Tensor]:
    """The first experiments of a stream."""
    family = anc.SCMFamily.from_config({"n_nodes": 8, **options})
    return next(iter(anc.MetaIterableDataset(family, design=design, batch_size=n_tasks)))


def is_acyclic(adjacency: Tensor) -> bool:
    return not torch.linalg.matrix_power(adjacency + torch.eye(len(adjacency)), len(adjacency)).diagonal().gt(1).any()


def test_a_counterfactual_has_the_noise_of_its_row() -> None:
    # Independent noise would miss what no target leads to.
    both = batch(anc.Design(n_samples=5, interventions=anc.Interventions(n_samples=40), counterfactuals=anc.Counterfactuals()))
    for task in range(16):
        ancestors = torch.linalg.matrix_power(both["adjacency"][task] + torch.eye(8), 8) > 0
        hit = both["targets"][task][both["regime"][task].long()]
        reached = (hit.float() @ ancestors.float()) > 0
        assert both["X"][task][~reached].equal(both["X_counterfactual"][task][~reached])
        assert (both["X"][task][hit] != both["X_counterfactual"][task][hit]).all()


def test_one_target_is_one_and_not_all() -> None:
    found = batch(anc.Design(n_samples=5, interventions=anc.Interventions(n_samples=40, regimes=8, targets=1)))
    assert found["targets"].sum(dim=2)[:, 1:].eq(1).all()
    assert found["intervened"].sum(dim=2).eq((found["regime"] > 0).int()).all()


def test_a_rescaling_is_not_thrown_away() -> None:
    # Values of 1 in units of the node's own law are its mean plus its deviation.
    one = {"values": "uniform", "value_min": 1.0, "value_max": 1.0, "values_per": "regime"}
    scaled = anc.Interventions(n_samples=8, regimes=8, allocation="every_node", values_scaled=True, **one)  # pyright: ignore
    design = anc.Design(n_samples=4000, interventions=scaled)
    found = batch(design, 4, linear_bias=3.0)
    for task in range(4):
        rows = found["X"][task][:4000]
        values = found["values"][task][found["targets"][task]]
        nodes = found["targets"][task][1:].float().argmax(dim=1)
        wanted = (rows.mean(dim=0) + rows.std(dim=0))[nodes]
        # 256 rows stand behind the node's law: the mean and the deviation miss by 1/16 and 1/23 of it.
        assert ((values - wanted).abs() / rows.std(dim=0)[nodes] < 5 * math.hypot(1 / 16, 1 / 23)).all()
        assert (values - 1).abs().max() > 0.5


def test_each_task_of_a_batch_has_its_own_graph_and_regimes() -> None:
    found = batch(anc.Design(n_samples=5, interventions=anc.Interventions(n_samples=10, regimes=3)))
    assert len({tuple(graph.flatten().tolist()) for graph in found["adjacency"]}) == 16
    assert len({tuple(targets.flatten().tolist()) for targets in found["targets"]}) > 12


def test_large_values_are_not_clipped() -> None:
    steep = {"linear_weights": "signed_uniform", "linear_weight_min": 1e3, "linear_weight_max": 1e3, "sparsity_param": 3.0}
    largest = batch(anc.Design(n_samples=50, interventions=anc.Interventions(n_samples=50)), **steep)["X"].abs().amax()
    assert largest > 1e9
    with pytest.raises(anc.EngineError, match="not finite"):
        batch(anc.Design(n_samples=5), linear_weight_scale=1e6, n_nodes=60, sparsity_param=20.0)


def test_truth_is_acyclic() -> None:
    hidden = anc.Design(n_samples=2, hidden=anc.Hidden(share=0.4), outputs=["ancestors"])
    found = batch(hidden, 64, sparsity_param=2.5)
    assert all(map(is_acyclic, found["adjacency"]))
    assert not (found["ancestors"] & found["ancestors"].mT).any()

    def ring(n_nodes: int, *, seed: int) -> Tensor:
        return torch.eye(n_nodes).roll(1, dims=1)

    family = anc.SCMFamily(n_nodes=4, graph_generator=ring)
    with pytest.raises(anc.ConfigError, match="acyclic"):
        next(iter(anc.MetaIterableDataset(family, design=anc.Design(n_samples=2))))


def test_effects_of_units_are_not_sold_as_conditional_means() -> None:
    effects = anc.Design(n_samples=60, query=30, effects=anc.Effects(mu_draws=64))
    found = batch(effects, mechanism_proportions={"mlp": 1.0})
    unit, mean = found["y1"] - found["y0"], found["mu1"] - found["mu0"]
    assert (unit - mean).abs().amax(dim=1).gt(1e-3).any()
    # Their difference has mean 0: the conditional mean is the units' own, given the row.
    difference = (unit - mean).flatten()
    assert difference.mean().abs() < 5 * difference.std() / math.sqrt(16)
