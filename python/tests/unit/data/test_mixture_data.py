"""Streams and fixed sets of a mixture."""

import itertools
import json
import pickle
from pathlib import Path

import pytest
from torch.utils.data import DataLoader

import ancestral as anc
from ancestral._engine import _ffi
from mixtures import MIXTURE, RANGE, SMALL


@pytest.fixture(scope="module")
def family() -> anc.SCMFamily:
    return anc.SCMFamily.from_config(MIXTURE)


def test_a_stream_of_batches_is_padded_and_masked(family: anc.SCMFamily) -> None:
    stream = anc.MetaIterableDataset(family, n_samples=20, batch_size=8, base_seed=3)
    batch = next(iter(DataLoader(stream, batch_size=None)))
    assert isinstance(batch, anc.PaddedTask)
    assert (batch.X.shape, batch.adjacency.shape, batch.node_mask.shape) == ((8, 20, 9), (8, 9, 9), (8, 9))
    seeds = _ffi.stream_seeds(3, -1, -1, 0, 8)
    for index, seed in enumerate(seeds.tolist()):
        task = family.sample_task(seed % 2**64)
        assert int(batch.node_mask[index].sum()) == task.n_nodes
        assert batch.X[index, :, : task.n_nodes].equal(task.sample(20, draw=0))
    alone = next(iter(anc.MetaIterableDataset(family, n_samples=20, batch_size=8, base_seed=3, return_adjacency=False)))
    assert isinstance(alone, anc.PaddedX)
    assert alone.X.equal(batch.X)
    assert alone.node_mask.equal(batch.node_mask)


def test_a_stream_of_single_tasks_is_trimmed(family: anc.SCMFamily) -> None:
    tasks = list(itertools.islice(anc.MetaIterableDataset(family, n_samples=4), 20))
    assert {len(task.adjacency) for task in tasks} == {3, 6, 7, 8, 9}
    assert all(task.X.shape == (4, len(task.adjacency)) for task in tasks)
    padded = anc.pad_collate(tasks)
    assert padded.X.shape == (20, 4, 9)


def test_a_state_of_another_mixture_is_refused(family: anc.SCMFamily) -> None:
    stream = anc.MetaIterableDataset(family, n_samples=4, batch_size=2)
    state = iter(stream).state_dict()
    other = anc.MetaIterableDataset(anc.SCMFamily.from_config(anc.MixtureConfig([SMALL, RANGE])), n_samples=4, batch_size=2)
    with pytest.raises(anc.ConfigError, match="fingerprint"):
        iter(other).load_state_dict(state)


def test_families_of_one_size_make_plain_batches() -> None:
    families = [anc.FamilyConfig(n_nodes=5, sparsity_param=1.0, graph=graph) for graph in ("erdos_renyi", "scale_free")]
    stream = anc.MetaIterableDataset(anc.SCMFamily.from_config(anc.MixtureConfig(families)), n_samples=4, batch_size=3)
    assert isinstance(next(iter(stream)), anc.Task)


def test_a_fixed_set_is_the_same_from_the_engine_memory_and_file(family: anc.SCMFamily, tmp_path: Path) -> None:
    plain = anc.MetaFixedDataset(family, n_tasks=12, n_samples=7)
    ways = [
        anc.MetaFixedDataset(family, n_tasks=12, n_samples=7, cache_instances=True),
        anc.MetaFixedDataset(family, n_tasks=12, n_samples=7, cache_dir=tmp_path),
        pickle.loads(pickle.dumps(plain)),
    ]
    for index in range(12):
        task = plain.instance(index)
        assert plain[index].X.equal(task.sample(7, draw=0))
        for way in ways:
            assert way[index].X.equal(plain[index].X)
            assert way[index].adjacency.equal(plain[index].adjacency)
    assert {plain.instance(index).component for index in range(12)} == {0, 1}
    assert plain.graph_hashes() == [plain.instance(index).graph_hash() for index in range(12)]


def test_a_fixed_sets_file_says_which_mixture_it_is_of(family: anc.SCMFamily, tmp_path: Path) -> None:
    from safetensors import safe_open

    anc.MetaFixedDataset(family, n_tasks=2, n_samples=3, cache_dir=tmp_path)
    (path,) = tmp_path.iterdir()
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    assert anc.MixtureConfig.from_dict(json.loads(metadata["config"])).fingerprint() == MIXTURE.fingerprint()
    assert metadata["fingerprint"] == MIXTURE.fingerprint()


def test_keeps_clear_of_reserved_graphs(family: anc.SCMFamily) -> None:
    held_out = anc.HashRegistry()
    for digest in anc.MetaFixedDataset(family, n_tasks=20, n_samples=0).graph_hashes():
        held_out.add(digest)
    stream = anc.MetaIterableDataset(family, n_samples=0, reserved=held_out)
    assert not any(anc.graph_hash(task.adjacency) in held_out for task in itertools.islice(stream, 60))
