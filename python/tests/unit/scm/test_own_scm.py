"""SCMInstance.from_mechanisms: an SCM of one's own adjacency matrix and mechanisms."""

import copy
import inspect
import pickle
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import ancestral as anc
from ancestral._scm.own_strategies import ABOUT_NOISE


class Weighted(nn.Module):
    """sum of the weighted parents, plus the noise."""

    def __init__(self, *weights: float) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.tensor(weights))

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        return parents @ self.weights + noise


# 2 -> 0 -> 1, 2 -> 1: the parents of 1 are 0 and 2, in this order.
ADJACENCY = [[0, 1, 0], [0, 0, 0], [1, 1, 0]]
MECHANISMS: list[nn.Module] = [Weighted(2.0), Weighted(-1.0, 3.0), Weighted()]


def scm(**settings: Any) -> anc.SCMInstance:
    return anc.SCMInstance.from_mechanisms(ADJACENCY, MECHANISMS, **settings)


def test_samples_what_the_mechanisms_say() -> None:
    found = scm(seed=3)
    X, noise = found.sample(500, draw=0), found.noise(500, draw=0)[:, :, 0]
    assert X.dtype == torch.float32
    assert X[:, 2].equal(noise[:, 2])
    assert torch.allclose(X[:, 0], 2 * X[:, 2] + noise[:, 0], atol=1e-6)
    assert torch.allclose(X[:, 1], -X[:, 0] + 3 * X[:, 2] + noise[:, 1], atol=1e-5)
    assert abs(float(noise.mean())) < 4 / 1500**0.5
    assert abs(float(noise.var()) - 1) < 0.2
    assert found.sample(500, draw=0).equal(X)
    assert scm(seed=3).sample(500).equal(X)
    assert not scm(seed=4).sample(500).equal(X)
    assert not found.sample(500, draw=1).equal(X)


def test_has_all_that_a_task_has() -> None:
    found = scm()
    assert found.adjacency_matrix.tolist() == ADJACENCY
    assert found.topological_order == [2, 0, 1]
    assert found.parents(1) == [0, 2]
    assert found.mechanisms[1] is MECHANISMS[1]
    assert (found.n_nodes, found.seed, found.component) == (3, 0, 0)
    for level in ("exact", "mec", "iso"):
        assert found.graph_hash(level) == anc.graph_hash(ADJACENCY, level)
    assert found.sample_from_noise(found.noise(20)).detach().equal(found.sample(20, draw=0))
    assert found.visualize().shape == (3,)


def test_an_intervention_cuts_the_edges_and_moves_descendants_alone() -> None:
    before, after = scm().sample(50, draw=0), scm().do({0: 1.5}).sample(50, draw=0)
    assert after[:, 0].eq(1.5).all()
    assert after[:, 2].equal(before[:, 2])
    assert torch.allclose(after[:, 1] - before[:, 1], before[:, 0] - 1.5, atol=1e-5)


def test_takes_the_options_of_every_noise_law() -> None:
    sizes = ("noise_type", "noise_scale_", "noise_variance_", "noise_input_")
    options = {
        field for field in anc.FamilyConfig.__dataclass_fields__ if field.startswith("noise_") and not field.startswith(sizes)
    }
    assert options
    assert options <= set(inspect.signature(anc.SCMInstance.from_mechanisms).parameters)
    assert options <= ABOUT_NOISE


def test_a_mixtures_options_shape_the_noise() -> None:
    # Two components a thousand deviations apart are two values, at one sign each.
    found = scm(noise_type="gaussian_mixture", noise_mixture_components=2, noise_mixture_spread=1000.0)
    noise = found.noise(200, draw=0)[:, 0, 0]
    assert torch.allclose(noise.abs(), torch.ones(200), atol=0.1)
    assert 60 < int((noise > 0).sum()) < 140


def test_pickles_and_copies() -> None:
    found = scm(noise_type="student_t", noise_degrees_of_freedom=3.0, seed=2**64 - 1)
    for other in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        assert other.sample(30, draw=2).equal(found.sample(30, draw=2))
        assert other.graph_hash() == found.graph_hash()


@pytest.mark.parametrize("adjacency", [torch.tensor(ADJACENCY), np.array(ADJACENCY), torch.tensor(ADJACENCY).bool()])
def test_takes_a_matrix_of_every_kind(adjacency: Any) -> None:
    found = anc.SCMInstance.from_mechanisms(adjacency, MECHANISMS)
    assert found.sample(9, draw=0).equal(scm().sample(9, draw=0))


def test_takes_functions_a_module_list_and_one_node() -> None:
    one = anc.SCMInstance.from_mechanisms([[0]], [lambda parents, noise: 2 * noise], noise_type="uniform")
    assert float(one.sample(1000).abs().max()) <= 2 * 3**0.5 + 1e-5
    assert anc.SCMInstance.from_mechanisms(ADJACENCY, nn.ModuleList(MECHANISMS)).sample(9).equal(scm().sample(9))


@pytest.mark.parametrize(
    ("adjacency", "mechanisms", "settings", "says"),
    [
        ([[0, 1], [1, 0]], MECHANISMS[:2], {}, "cycle"),
        ([[1]], MECHANISMS[2:], {}, "cycle"),
        ([[0, 1]], MECHANISMS[:1], {}, r"^adjacency has shape \(1, 2\): must be square"),
        ([[0, 0.5], [0, 0]], MECHANISMS[:2], {}, r"^adjacency\[0, 1\] = 0\.5: every entry must be 0 or 1"),
        ("text", MECHANISMS, {}, "^adjacency is of type str"),
        (ADJACENCY, MECHANISMS[:2], {}, "^mechanisms must be a list of 3 modules"),
        (ADJACENCY, MECHANISMS[0], {}, "^mechanisms must be a list of 3 modules"),
        (ADJACENCY, [*MECHANISMS[:2], 3], {}, "^The mechanism of node 2 is 3: it must be a module"),
        (ADJACENCY, MECHANISMS, {"seed": -1}, "^seed = -1"),
        (ADJACENCY, MECHANISMS, {"noise_degrees_of_freedom": 1.0}, "noise_degrees_of_freedom"),
    ],
)
def test_what_is_wrong_is_named(adjacency: Any, mechanisms: Any, settings: dict[str, Any], says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        anc.SCMInstance.from_mechanisms(adjacency, mechanisms, **settings)


def test_a_mechanism_of_the_wrong_shape_is_named_when_it_runs() -> None:
    wide = anc.SCMInstance.from_mechanisms([[0]], [lambda parents, noise: noise[:, None]])
    with pytest.raises(anc.ConfigError, match=r"^The mechanism of node 0 gave a tensor \[4, 1\]: must give a tensor \[4\]"):
        wide.sample(4)
