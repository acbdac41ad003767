"""Families and datasets keep what they were given: lists and mappings that are changed afterwards change nothing of them."""

import pickle
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import ancestral as anc

FIELDS: dict[str, Any] = {"n_nodes": 5, "sparsity_param": 1.0}


def rows(family: anc.SCMFamily) -> Tensor:
    return family.sample_task(0).sample(20, draw=0)


def plain() -> tuple[anc.SCMFamily, Any]:
    """A family, and the mapping that its configuration hands out."""
    family = anc.SCMFamily(**FIELDS, mechanism_proportions={"linear": 1.0})
    config: Any = family.config
    return family, config.mechanism_proportions


def mixed() -> tuple[anc.SCMFamily, Any]:
    """A mixture's, and a mapping of a configuration that the mixture was made of."""
    config = anc.FamilyConfig(**FIELDS, mechanism_proportions={"linear": 1.0})
    family = anc.SCMFamily.from_config(anc.MixtureConfig([config]))
    return family, config.mechanism_proportions


def handed() -> tuple[anc.SCMFamily, Any]:
    """One with the mapping that its factory's configuration has."""
    family = anc.SCMFamily(**FIELDS, mechanism_proportions={"linear": 1.0})
    factory: Any = family.mechanism_factory
    return family, factory.config.mechanism_proportions


@pytest.mark.parametrize("make", [plain, mixed, handed])
def test_a_mapping_changed_afterwards_changes_no_family(make: Any) -> None:
    family, proportions = make()
    fingerprint, before, told = family.fingerprint(), rows(family), family.config.to_dict()
    proportions["mlp"] = 1e9
    assert family.fingerprint() == fingerprint
    assert family.config.to_dict() == told
    assert rows(family).equal(before)
    # A worker makes the engine's family anew from what the pickle has.
    assert rows(pickle.loads(pickle.dumps(family))).equal(before)
    assert pickle.loads(pickle.dumps(family.sample_task(0))).sample(20, draw=0).equal(before)


class Noise(nn.Module):
    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        return noise


def factory(adjacency_matrix: Tensor, *, seed: int, mechanism_proportions: dict[str, float]) -> list[nn.Module]:
    assert mechanism_proportions == {"noise": 1.0}
    return [Noise() for _ in adjacency_matrix]


@pytest.mark.parametrize("told", ["config", "property"])
def test_a_strategy_of_ones_own_is_handed_what_was_given(told: str) -> None:
    family = anc.SCMFamily(**FIELDS, mechanism_factory=factory, mechanism_proportions={"noise": 1.0})
    fingerprint = family.fingerprint()
    holder: Any = family.config if told == "config" else family
    shown = holder.mechanism_proportions
    shown["other"] = 1.0
    rows(family)
    assert family.fingerprint() == fingerprint


def test_a_design_changed_afterwards_changes_no_dataset(tmp_path: Path) -> None:
    family, design = anc.SCMFamily(**FIELDS), anc.Design(n_samples=5)
    stream = anc.MetaIterableDataset(family, design=design, batch_size=2)
    first = anc.MetaFixedDataset(family, n_tasks=2, design=design, cache_dir=tmp_path)
    assert "order" not in next(iter(stream))
    design.outputs.append("order")
    second = anc.MetaFixedDataset(family, n_tasks=2, design=design, cache_dir=tmp_path)
    assert ["order" in task[0] for task in (first, second)] == [False, True]
    assert "order" not in next(iter(stream))
    assert "order" not in next(iter(pickle.loads(pickle.dumps(stream))))
    assert "order" in family.sample_task(0).run(design, draw=0)


def test_a_known_network_is_handed_out_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "coin.bif"
    path.write_text("network u { } variable a { type discrete [ 2 ] { x, y }; } probability ( a ) { table 0.5, 0.5; }")
    network = anc.network(path)
    config: Any = network.config
    assert config is network.config
    config.names.append("b")
    config.states["a"].append("z")
    assert (config.names, config.states) == (["a"], {"a": ["x", "y"]})
    assert torch.equal(rows(pickle.loads(pickle.dumps(network))), rows(network))
