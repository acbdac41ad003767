"""Fingerprints of strategies written in Python where data are kept: caches, states and corpora."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import ancestral as anc


def chain(n_nodes: int, *, seed: int, step: int = 1) -> Tensor:
    return torch.diag(torch.ones(n_nodes - step), step)


def closure(step: int) -> Callable[..., Tensor]:
    def generate(n_nodes: int, *, seed: int) -> Tensor:
        return chain(n_nodes, seed=seed, step=step)

    return generate


def family(strategy: Any) -> anc.SCMFamily:
    return anc.SCMFamily(4, graph_generator=strategy)


def fingerprint(strategy: Any) -> str:
    return family(strategy).fingerprint()


def test_no_cache_is_shared_and_memory_needs_no_fingerprint(tmp_path: Path) -> None:
    one, two = family(closure(1)), family(closure(2))
    for found in (one, two):
        right = chain(4, seed=0, step=1 if found is one else 2)
        assert anc.MetaFixedDataset(found, [1], n_samples=3)[0].adjacency.equal(right)
        assert anc.MetaFixedDataset(found, [1], n_samples=3, cache_instances=True)[0].adjacency.equal(right)
        on_disk = anc.MetaFixedDataset(found, [1], n_samples=3, cache_dir=tmp_path)
        with pytest.raises(anc.ConfigError, match=r"cache_dir = .*: must be None for this family.*is a closure"):
            on_disk[0]
        assert list(tmp_path.iterdir()) == []
    for step in (1, 2):
        known = family(functools.partial(chain, step=step))
        assert anc.MetaFixedDataset(known, [1], n_samples=3, cache_dir=tmp_path)[0].adjacency.equal(chain(4, seed=0, step=step))


@pytest.mark.parametrize("strategy", [closure, lambda step: functools.partial(chain, step=step)])
def test_a_state_of_another_family_is_refused(strategy: Any) -> None:
    one, two = family(strategy(1)), family(strategy(2))
    stream = anc.MetaIterableDataset(one, n_samples=2, batch_size=2)
    batches = iter(stream)
    next(batches)
    state = batches.state_dict()
    following = next(batches).X
    batches.load_state_dict(state)
    assert next(batches).X.equal(following)
    for found in (state, stream.next_state()):
        stream.resume(found)
        with pytest.raises(anc.ConfigError, match=r"state\['fingerprint'\] = "):
            anc.MetaIterableDataset(two, n_samples=2, batch_size=2).resume(found)


def test_a_state_without_a_fingerprint_says_so_when_it_is_saved_and_where_it_is_loaded() -> None:
    fixed = anc.MetaFixedDataset(family(closure(1)), [1, 2], n_samples=2)
    loader = anc.TaskLoader(fixed, batch_size=1)
    assert len(list(loader)) == 2
    with pytest.warns(UserWarning, match="only this process can go on from it"):
        state = loader.state_dict()
    loader.load_state_dict(state)
    other = anc.TaskLoader(anc.MetaFixedDataset(family(closure(1)), [1, 2], n_samples=2), batch_size=1)
    with pytest.raises(anc.ConfigError, match=r"must be of this very family.*frozen dataclasses"):
        other.load_state_dict(state)


def test_a_corpus_needs_a_fingerprint(tmp_path: Path) -> None:
    with pytest.raises(anc.ConfigError, match="is a closure"):
        anc.write_corpus(family(closure(1)), 4, tmp_path / "corpus", n_samples=2)
    corpus = anc.write_corpus(family(functools.partial(chain, step=2)), 4, tmp_path / "corpus", n_samples=2)
    assert corpus[1].adjacency.equal(chain(4, seed=0, step=2))
    with pytest.raises(anc.ConfigError, match="corpus"):
        anc.write_corpus(family(functools.partial(chain, step=3)), 4, tmp_path / "corpus", n_samples=2)
    found = anc.verify_corpus(tmp_path / "corpus")
    assert found == []
    assert "no task was drawn again" in found.unproved[0]
    right = anc.verify_corpus(tmp_path / "corpus", family=family(functools.partial(chain, step=2)))
    assert (right, right.unproved) == ([], [])
    assert "fingerprint" in anc.verify_corpus(tmp_path / "corpus", family=family(functools.partial(chain, step=3)))[0]


def test_families_of_the_engine_keep_their_fingerprints() -> None:
    golden = "47326f1a2c1ba97ebfb3344fe3644a4a5af3039c57ec286486bd278a508bdb2f"  # Of Tests/Vectors/run.
    config = anc.FamilyConfig(n_nodes=4, sparsity_param=0.75)
    assert anc.SCMFamily.from_config(config).fingerprint() == golden
    assert anc.SCMFamily(4, anc.ErdosRenyi(0.75), anc.EngineMechanisms(anc.FamilyConfig())).fingerprint() == golden
