"""Values of nodes that a do holds, to the last digit: data that are standardised afterwards are mapped there and back."""

import pytest
import torch

import ancestral as anc

VALUES = [0.1, 0.3, -0.7, 1.9, 2.3]


@pytest.fixture
def task() -> anc.SCMInstance:
    """Of a root, its child and its grandchild, standardised as published pipelines do."""
    family = anc.SCMFamily.from_config({"n_nodes": 3, "sparsity_param": 1.0, "standardization": "batch", "linear_bias": 1.0})
    return family.sample_task(3)


@pytest.mark.parametrize("kind", ["noise_scale", "edge_removal"])
def test_what_has_neither_noise_nor_parents_stays_what_it_is(task: anc.SCMInstance, kind: str) -> None:
    regimes = anc.Interventions(kind=kind, n_samples=30, regimes=3, allocation="every_node")
    for node in range(3):
        for value in VALUES:
            found = task.do({node: value}).run(anc.Design(n_samples=10, interventions=regimes))
            assert found["X"][:, node].eq(value).all()


@pytest.mark.parametrize("kind", ["threshold", "continuous"])
def test_a_held_outcome_is_the_same_in_each_arm(task: anc.SCMInstance, kind: str) -> None:
    effects = anc.Effects(treatment="any", outcome="any", treatment_kind=kind, population_rows=8)
    compared = 0
    for node in range(3):
        for value in VALUES:
            try:
                found = task.do({node: value}).run(anc.Design(n_samples=12, query=4, effects=effects))
            except anc.ConfigError:  # The treatment is held.
                continue
            if found["roles"][node] != 3:
                continue
            names = ["Y", "Y_query"] + (["y_at", "mu_at"] if kind == "continuous" else ["y0", "y1", "mu0", "mu1"])
            assert all(found[name].eq(value).all() for name in names)
            told = found["dose_response"] if kind == "continuous" else found["ate"]
            torch.testing.assert_close(told, torch.full_like(told, value if kind == "continuous" else 0.0), rtol=0, atol=0)
            compared += 1
    assert compared >= len(VALUES)
