"""Back door, hidden confounder, instrument and front door: nodes whose numbers say what they are for."""

from typing import Any

import pytest
import torch

import ancestral as anc

# Of ten nodes: the nodes with roles, and the edges among them.
STRUCTURES: dict[str, tuple[Any, list[int], set[tuple[int, int]]]] = {
    "back_door": (anc.BackDoor, [8, 9], {(8, 9)}),
    "hidden_confounder": (anc.HiddenConfounder, [7, 8, 9], {(7, 8), (7, 9), (8, 9)}),
    "instrument": (anc.Instrument, [6, 7, 8, 9], {(6, 8), (7, 8), (7, 9), (8, 9)}),
    "front_door": (anc.FrontDoor, [6, 7, 8, 9], {(8, 6), (6, 9), (7, 8), (7, 9)}),
}


@pytest.mark.parametrize("kind", STRUCTURES)
def test_nodes_with_roles_have_their_edges_and_no_other(kind: str) -> None:
    structure, roles, edges = STRUCTURES[kind]
    covariates = [node for node in range(10) if node not in roles]
    for seed in range(50):
        graph = structure(1.9)(10, seed=seed)
        assert {(i, j) for i, j in graph.nonzero().tolist() if i in roles} == edges
        assert not graph[covariates][:, [node for node in roles if node < 8]].any()


@pytest.mark.parametrize("kind", STRUCTURES)
def test_with_ratio_zero_covariates_are_causes_of_treatment_and_outcome_alone(kind: str) -> None:
    structure, roles, edges = STRUCTURES[kind]
    count = 10 - len(roles)
    graph = structure((len(edges) + 2 * count) / 10, ratio=0.0)(10, seed=3)
    assert not graph[:count, :count].any()
    assert graph[:count, 8:].all()


def test_an_instrument_gives_the_effect_that_adjustment_misses() -> None:
    """Cov(Z, Y)/Cov(Z, T) is the coefficient of T at Y; the regression of Y on T is off by what U does."""
    family = anc.SCMFamily.from_config(
        anc.FamilyConfig(n_nodes=6, graph="instrument", sparsity_param=1.0, standardization="none")
    )
    errors, misses = [], []
    for seed in range(20):
        instance = family.sample_task(seed)
        x = instance.sample(100_000).double()
        effect = (
            instance.do({4: 1.0}).sample(100_000)[:, 5].double().mean()
            - instance.do({4: 0.0}).sample(100_000)[:, 5].double().mean()
        )
        s = x.T.cov()
        ratio, spread = s[2, 5] / s[2, 4], (x[:, 5] - s[2, 5] / s[2, 4] * x[:, 4]).std() * s[2, 2].sqrt() / s[2, 4].abs()
        errors.append(float((ratio - effect).abs() / (spread / 100_000**0.5)))
        misses.append(float((s[4, 5] / s[4, 4] - effect).abs()))
    assert max(errors) < 5
    assert torch.tensor(misses).median() > 0.05


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (
            {"graph": "instrument", "n_nodes": 3},
            r"n_nodes = 3: must be at least 4 for instrument graphs: one node for each role",
        ),
        ({"graph": "front_door", "n_nodes": 10, "sparsity_param": 0.3}, r"must be from 0.4 to 3.1 expected edges per node"),
        ({"graph": "back_door", "n_nodes": 10, "sparsity_param": 4.6}, r"must be from 0.1 to 4.5 expected edges per node"),
        ({"graph": "back_door", "back_door_ratio": -1.0}, r"back_door_ratio = -1.0: must be a number from 0"),
        (
            {"graph": "hidden_confounder", "n_nodes": 2, "n_nodes_max": 9, "sparsity_param": 1.0},
            "n_nodes = 2: must be at least 3",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        anc.FamilyConfig(**fields)
