"""The torch modules compute what the engine computes, and gradients flow through them."""

import itertools
import json
import re

import pytest
import torch
from torch import nn

import ancestral as anc
from ancestral._engine import _ffi
from ancestral.mechanisms import MECHANISMS
from mechanism_kinds import CONTINUOUS, DISCRETE
from mechanism_kinds import CONTINUOUS as KINDS
from small_instances import MODES


@pytest.mark.parametrize(("kind", "standardization"), list(itertools.product(KINDS, MODES)))
def test_equal_to_the_engines_rows(kind: str, standardization: str) -> None:
    family = anc.SCMFamily(10, mechanism_factory=kind, standardization=standardization)
    for seed in range(5):
        task = family.sample_task(seed)
        x, noise = task.sample(500, draw=3), task.noise(500, draw=3)
        for node, mechanism in enumerate(task.mechanisms):
            with torch.no_grad():
                again = mechanism(x[:, task.parents(node)], noise[:, node])
            # Float32 sums in another order: relative to the column's size, not to values that happen to be near 0.
            off = (again - x[:, node]).abs() / (x[:, node].abs() + x[:, node].std())
            assert float(off.max()) < 1e-4, (seed, node)


@pytest.mark.parametrize("kind", KINDS)
def test_roots_can_be_the_noise_itself(kind: str) -> None:
    task = anc.SCMFamily(8, mechanism_factory=kind, root_policy="noise").sample_task(2)
    x, noise = task.sample(100, draw=0), task.noise(100, draw=0)
    roots = [node for node in range(8) if not task.parents(node)]
    for node in roots:
        assert task.mechanisms[node].kind == "noise"
        assert x[:, node].equal(noise[:, node, 0])


# A tree is piecewise constant: its gradients are 0 where they exist.
@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"tree"}))
def test_every_parent_matters(kind: str) -> None:
    task = anc.SCMFamily(8, mechanism_factory=kind).sample_task(4)
    for node, mechanism in enumerate(task.mechanisms):
        parents = torch.randn(50, len(task.parents(node)), generator=torch.Generator().manual_seed(node), requires_grad=True)
        mechanism(parents, torch.zeros(50)).sum().backward()
        assert parents.grad is None or bool((parents.grad.abs().sum(dim=0) > 0).all()), (kind, node)


def test_gradients_reach_the_parameters() -> None:
    task = anc.SCMFamily(6, mechanism_proportions=dict.fromkeys(KINDS, 1.0)).sample_task(11)
    for node, mechanism in enumerate(task.mechanisms):
        assert any(True for _ in mechanism.parameters())
        mechanism(torch.ones(3, len(task.parents(node))), torch.ones(3)).sum().backward()
        assert mechanism.output_gain.grad is not None


def test_one_noise_column_and_a_matrix_of_it_are_one() -> None:
    task = anc.SCMFamily(6, mechanism_factory="gpcde").sample_task(5)
    node = task.topological_order[-1]
    parents, noise = torch.ones(4, len(task.parents(node))), torch.arange(4.0)
    alone = task.mechanisms[node](parents, noise)
    assert alone.shape == (4,)
    assert alone.equal(task.mechanisms[node](parents, noise[:, None]))
    assert alone.allclose(task.mechanisms[node](parents, torch.stack([noise, torch.zeros(4)], dim=1)))
    scaled = anc.SCMFamily(6, noise_scale_law="gamma_variance_per_row").sample_task(5).mechanisms[node]
    rows = torch.stack([noise, torch.ones(4), torch.full((4,), 9.0)], dim=1)  # No third channel is read.
    assert scaled(parents, noise).equal(scaled(parents, rows))


@pytest.mark.parametrize("kind", [*KINDS, *DISCRETE])
def test_refuses_noise_that_is_not_of_the_parents_rows(kind: str) -> None:
    task = anc.SCMFamily(6, mechanism_factory=kind).sample_task(3)
    for node, mechanism in enumerate(task.mechanisms):
        parents = torch.zeros(5, len(task.parents(node)))
        for wrong in ([1], [4], [6], [1, 2], [4, 1], [5, 1, 1], []):
            with pytest.raises(anc.ConfigError, match=re.escape(f"noise has shape {wrong}: must be [5] or [5, channels].")):
                mechanism(parents, torch.zeros(wrong))
        with pytest.raises(anc.ConfigError, match=r"noise has dtype torch.int64: must be floating-point"):
            mechanism(parents, torch.zeros(5, dtype=torch.int64))
        assert mechanism(parents[:0], torch.zeros(0)).shape == (0,)


@pytest.mark.parametrize("kind", [*KINDS, *DISCRETE])
def test_refuses_parents_that_are_whole_numbers(kind: str) -> None:
    task = anc.SCMFamily(6, mechanism_factory=kind).sample_task(3)
    for node, mechanism in enumerate(task.mechanisms):
        with pytest.raises(anc.ConfigError, match=r"parents has dtype torch.int64: must be floating-point"):
            mechanism(torch.zeros(5, len(task.parents(node)), dtype=torch.int64), torch.zeros(5))


@pytest.mark.parametrize("kind", [*KINDS, *DISCRETE])
def test_refuses_what_is_no_tensor(kind: str) -> None:
    task = anc.SCMFamily(6, mechanism_factory=kind).sample_task(3)
    for node, mechanism in enumerate(task.mechanisms):
        parents, noise = torch.zeros(5, len(task.parents(node))), torch.zeros(5)
        for wrong in (parents.numpy(), parents.tolist(), None):
            says = f"parents is of type {type(wrong).__name__}: must be a tensor"
            with pytest.raises(anc.ConfigError, match=says):
                mechanism(wrong, noise)
        with pytest.raises(anc.ConfigError, match="noise is of type ndarray: must be a tensor"):
            mechanism(parents, noise.numpy())


def test_parameters_own_their_memory() -> None:
    modules = anc.SCMFamily(5, mechanism_factory="mlp").sample_task(0).mechanisms
    storages = [
        parameter.untyped_storage().data_ptr() for module in modules for parameter in module.parameters() if parameter.numel()
    ]
    assert len(set(storages)) == len(storages)


def test_an_engines_factory_over_a_graph_gives_the_tasks_mechanisms() -> None:
    family = anc.SCMFamily(9, mechanism_proportions={"linear": 1.0, "mlp": 1.0})
    task = family.sample_task(6)
    for own, again in zip(task.mechanisms, family.mechanism_factory(task.adjacency_matrix, seed=6), strict=True):
        assert type(own) is type(again)
        for name, value in own.state_dict().items():
            assert value.equal(again.state_dict()[name])


def test_proportions_are_kept_to() -> None:
    family = anc.SCMFamily(50, mechanism_proportions={"linear": 3.0, "mlp": 1.0})
    kinds = [module.kind for seed in range(20) for module in family.sample_task(seed).mechanisms]
    # 1000 nodes at 3/4: 5 sigma is 5 sqrt(1000 * 3/16) = 68.
    assert abs(kinds.count("linear") - 750) < 68
    assert kinds.count("linear") + kinds.count("mlp") == 1000


@pytest.mark.parametrize(("kind", "setting", "values"), [("mlp", "activation", "mlp_activation"), ("gp", "outer", "gp_outer")])
def test_names_cross_as_names(kind: str, setting: str, values: str) -> None:
    for name in json.loads(_ffi.schema())["properties"][values]["enum"]:
        family = anc.SCMFamily(4, sparsity_param=1.0, mechanism_factory=kind, **{values: name})
        assert {module.settings[setting] for module in family.sample_task(0).mechanisms} == {name}


def test_an_exact_processs_kernels_cross_as_names() -> None:
    settings = {"gp_mode": "exact", "gp_kernels": ["rbf", "matern12"], "calibration_rows": 16}
    task = anc.SCMFamily(4, sparsity_param=1.0, mechanism_factory="gp", **settings).sample_task(1)
    named = [module for module in task.mechanisms if "kernel_0" in module.settings]
    assert named
    assert all([module.settings["kernel_0"], module.settings["kernel_1"]] == ["rbf", "matern12"] for module in named)


def test_every_kind_of_the_engine_is_a_module() -> None:
    assert set(MECHANISMS) == {*CONTINUOUS, *DISCRETE, "noise", "constant", "table"}
    assert all(issubclass(module, nn.Module) and kind in module.kinds for kind, module in MECHANISMS.items())


def test_a_trees_thresholds_and_splits_are_buffers() -> None:
    task = anc.SCMFamily(8, mechanism_factory="tree", tree_count=3, tree_depth=2).sample_task(4)
    trees = [module for module in task.mechanisms if module.kind == "tree"]
    assert trees
    for tree in trees:
        assert tree.leaf.shape == (len(tree.split), 4)
        assert {name for name, _ in tree.named_buffers()} == {"threshold", "split"}
        assert int(tree.split.max()) == len(tree.input_gain) - 1
