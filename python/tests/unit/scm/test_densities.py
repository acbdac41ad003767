"""One meaning of `sparsity_param`: every kind of graph has the mean number of edges that was asked for, or says why not."""

import re
from typing import Any

import pytest
import torch
from torch import Tensor

import ancestral as anc
from ancestral._engine import _ffi
from ancestral.generators import STRATEGIES

KINDS = sorted(set(STRATEGIES) - {"uniform_dag", "subnetwork"})
# Those that may have any number of edges from none on; the others have nodes with roles, and edges that are always there.
PLAIN_KINDS = sorted(set(KINDS) - {"back_door", "hidden_confounder", "instrument", "front_door"})
# Densities that every kind can have, and that lie between the integer steps of those that have steps.
ASKED = {5: 0.9, 10: 1.8, 20: 3.8, 50: 3.8, 100: 3.8}
# Graphs enough for a standard error below 0.35 %, so that 1 % is three of them at least; the seeds are fixed.
GRAPHS = {5: 20_000, 10: 12_500, 20: 4_000, 50: 2_000, 100: 1_500}
# Mean edges of a uniformly random labelled DAG, by enumeration (the specification's section 2.5).
UNIFORM = {2: 0.666667, 3: 1.92, 4: 3.712707, 5: 6.021652, 10: 25.110155}


def edge_counts(count: int, **fields: Any) -> Tensor:
    """float64 [count], the edges of the graphs of seeds 0 .. count - 1."""
    family = _ffi.family_create(anc.FamilyConfig(**fields).to_json())
    width, found = fields["n_nodes"], []
    for seeds in torch.arange(count).split(max(1, 2_000_000 // width**2)):
        adjacency = torch.empty(len(seeds), width, width)
        _ffi.tasks_fill(family, seeds, 0, adjacency=adjacency)
        found.append(adjacency.sum(dim=(1, 2)).double())
    return torch.cat(found)


def refusal(**fields: Any) -> str:
    with pytest.raises(anc.ConfigError, match="sparsity_param") as caught:
        anc.FamilyConfig(**fields)
    return str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_nodes", ASKED)
def test_the_mean_number_of_edges_is_within_a_hundredth_of_what_was_asked(kind: str, n_nodes: int) -> None:
    asked = ASKED[n_nodes] * n_nodes
    edges = edge_counts(GRAPHS[n_nodes], graph=kind, n_nodes=n_nodes, sparsity_param=ASKED[n_nodes])
    error = float(edges.std()) / len(edges) ** 0.5
    assert error <= 0.0035 * asked
    assert abs(float(edges.mean()) - asked) <= 0.01 * asked


@pytest.mark.parametrize(
    "fields", [{"scale_free_power": 1.7}, {"scale_free_orientation": "in"}, {"watts_strogatz_rewiring": 1.0}]
)
def test_options_leave_the_number_of_edges_alone(fields: dict[str, Any]) -> None:
    kind = next(kind for kind in KINDS if next(iter(fields)).startswith(kind))
    plain = edge_counts(300, graph=kind, n_nodes=12, sparsity_param=1.7)
    assert edge_counts(300, graph=kind, n_nodes=12, sparsity_param=1.7, **fields).equal(plain)


@pytest.mark.parametrize(
    ("kind", "steps"),
    [
        ("fixed_edge_count", [18.0, 19.0]),
        ("scale_free", [11.0, 20.0]),  # m(n - m)
        ("watts_strogatz", [12.0, 24.0]),  # n m
        ("fixed_in_degree", [11.0, 21.0]),  # m n - m(m + 1)/2
    ],
)
def test_integer_steps_are_mixed_in_the_right_proportion(kind: str, steps: list[float]) -> None:
    low, high = steps
    edges = edge_counts(4000, graph=kind, n_nodes=12, sparsity_param=18.5 / 12)
    assert edges.unique().tolist() == steps
    # A binomial share: 5 sigma is 5 sqrt(q (1 - q) / 4000).
    share = (18.5 - low) / (high - low)
    assert abs(float((edges == high).double().mean()) - share) < 5 * (share * (1 - share) / 4000) ** 0.5


@pytest.mark.parametrize("kind", PLAIN_KINDS)
@pytest.mark.parametrize("n_nodes", [2, 5, 6, 20, 100])
def test_what_is_too_dense_is_refused_with_the_limit_which_itself_is_taken(kind: str, n_nodes: int) -> None:
    sentence = refusal(graph=kind, n_nodes=n_nodes, sparsity_param=n_nodes / 2)
    found = re.search(r"must be from 0 to ([\d.]+) expected edges per node", sentence)
    assert found, sentence
    most = float(found[1])
    edges = edge_counts(200, graph=kind, n_nodes=n_nodes, sparsity_param=most)
    # The sentence cuts the limit to four decimals; 5 standard errors beside that.
    band = 1e-4 * n_nodes + 5 * float(edges.std()) / 200**0.5
    assert abs(float(edges.mean()) - most * n_nodes) <= band
    refusal(graph=kind, n_nodes=n_nodes, sparsity_param=most + 1e-3)


@pytest.mark.parametrize("kind", PLAIN_KINDS)
def test_no_edges_can_be_asked_for(kind: str) -> None:
    for n_nodes in (2, 9):
        assert not edge_counts(20, graph=kind, n_nodes=n_nodes, sparsity_param=0.0).any()


@pytest.mark.parametrize("n_nodes", [2, 3, 4, 5, 10, 20, 50, 100])
def test_a_uniform_dag_has_the_density_of_its_law_only(n_nodes: int) -> None:
    found = re.search(
        r"must be ([\d.]+) for uniform_dag graphs", refusal(graph="uniform_dag", n_nodes=n_nodes, sparsity_param=0.0)
    )
    assert found
    mean = float(found[1]) * n_nodes
    if n_nodes in UNIFORM:
        assert abs(mean - UNIFORM[n_nodes]) <= 5e-5 * n_nodes  # The sentence has four decimals.
    edges = edge_counts(min(8000, 40_000 // n_nodes), graph="uniform_dag", n_nodes=n_nodes, sparsity_param=float(found[1]))
    # 5 standard errors of the mean, by the sample's own deviation.
    assert abs(float(edges.mean()) - mean) <= 5e-5 * n_nodes + 5 * float(edges.std()) / len(edges) ** 0.5
    refusal(graph="uniform_dag", n_nodes=n_nodes, sparsity_param=float(found[1]) * 1.02)
    refusal(graph="uniform_dag", n_nodes=n_nodes, sparsity_param=float(found[1]) * 0.98)
