"""Families that draw divergent tasks again: streams, sets, corpora, runs and analyses all mean the same tasks."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import torch

import ancestral as anc
from ancestral._engine import _ffi
from ancestral._run import registry_files

WILD: dict[str, Any] = {
    "n_nodes": 6,
    "n_nodes_max": 10,
    "sparsity_param": 2.0,
    "mechanism_proportions": {"polynomial": 1.0},
    "polynomial_degree": 5,
}
FAMILY = anc.SCMFamily(**WILD, divergence="redraw")
REFUSING = anc.SCMFamily(**WILD)
ROWS = 300
DESIGN = anc.Design(n_samples=100, interventions=anc.Interventions(n_samples=100, regimes=4))
PER_BATCH = anc.Design(n_samples=1, n_samples_max=3000, n_samples_per="per_batch")


def first_finite(seed: int) -> anc.SCMInstance:
    """The plain form: attempts one after the other."""
    for attempt in itertools.count():
        task = REFUSING.sample_task(seed if attempt == 0 else _ffi.retry_seed(seed, attempt))
        try:
            task.sample(ROWS, draw=0)
        except anc.EngineError:
            continue
        return task
    raise AssertionError


def test_a_stream_goes_on_with_the_next_attempt_of_the_slot_and_counts_it() -> None:
    stream = anc.MetaIterableDataset(FAMILY, n_samples=ROWS)
    slots = _ffi.stream_seeds(0, offset=-1, epoch=-1, first=0, count=60)
    for task, seed in zip(stream, slots.tolist(), strict=False):
        right = first_finite(seed % 2**64)
        assert torch.equal(task.X, right.sample(ROWS, draw=0))
        assert torch.equal(task.adjacency, right.adjacency_matrix)
    assert stream.rejections.tasks >= 60
    assert stream.rejections.rejected > 10
    with pytest.raises(anc.EngineError, match=r"not finite.*divergence = redraw"):
        for _ in zip(anc.MetaIterableDataset(REFUSING, n_samples=ROWS), range(60), strict=False):
            pass


def test_a_fixed_set_tells_the_tasks_that_it_gives() -> None:
    found = anc.MetaFixedDataset(FAMILY, n_tasks=40, n_samples=ROWS)
    hashes = found.graph_hashes()
    for index, seed in enumerate(found.seed_list):
        task = found.instance(index)
        assert task.seed == first_finite(seed).seed
        assert torch.equal(task.sample(ROWS, draw=0), found[index].X)
        assert task.graph_hash() == hashes[index]
    assert any(found.instance(index).seed != seed for index, seed in enumerate(found.seed_list))


def test_a_corpus_is_the_stream(tmp_path: Path) -> None:
    reserved = anc.HashRegistry([first_finite(7).graph_hash()])
    settings: dict[str, Any] = {"n_samples": ROWS, "base_seed": 5, "reserved": reserved}
    corpus = anc.write_corpus(FAMILY, 40, tmp_path, tasks_per_shard=16, **settings)
    for ours, theirs in zip(anc.MetaIterableDataset(FAMILY, **settings), corpus, strict=False):
        assert torch.equal(ours.X, theirs.X)
        assert torch.equal(ours.adjacency, theirs.adjacency)
    assert anc.verify(tmp_path) == []


def drawn(folder: Path, **settings: Any) -> tuple[anc.DataModule, list[Any]]:
    """A run that has drawn three batches, and these."""
    given: dict[str, Any] = {"n_val": 10, "n_test": 10, "batch_size": 8, "metrics": ["edge_kl"], **settings}
    data = anc.DataModule(FAMILY, FAMILY, {"id": FAMILY}, **given)
    batches = list(itertools.islice(data.train_dataloader(), 3))
    data.write_registry(folder)
    data.close()
    return data, batches


@pytest.mark.parametrize("apart", [False, True])
def test_a_run_is_verified_and_replayed(tmp_path: Path, apart: bool) -> None:
    data, batches = drawn(tmp_path, n_samples=ROWS, disjoint_sets=apart)
    slots = _ffi.fixed_seeds(0, 10, "test/id").tolist()
    # A set that keeps clear of others lists the seeds of the attempts that it took, any other those of its slots.
    assert (data.fixed_sets["test/id"].seed_list != [seed % 2**64 for seed in slots]) == apart
    assert data.train_dataset.rejections.rejected > 5
    assert anc.verify(tmp_path) == []
    for number in range(24):
        task, item = anc.replay(tmp_path, "train", number)
        batch, place = batches[number // 8], number % 8
        nodes = item.X.shape[1]
        assert torch.equal(item.X, batch.X[place, :, :nodes])
        assert torch.equal(task.sample(ROWS, draw=0), item.X)
    for index in range(10):
        assert torch.equal(anc.replay(tmp_path, "test/id", index)[1].X, data.fixed_sets["test/id"][index].X)


@pytest.mark.parametrize("design", [DESIGN, PER_BATCH], ids=["interventions", "sizes"])
def test_a_designed_run_is_verified_and_replayed(tmp_path: Path, design: anc.Design) -> None:
    fixed = {"set_designs": {"val": DESIGN, "test/id": DESIGN}}
    _, batches = drawn(tmp_path, design=design, **fixed)
    assert anc.verify(tmp_path) == []
    for number in range(24):
        item, batch = anc.replay(tmp_path, "train", number)[1], batches[number // 8]
        nodes = item["X"].shape[-1]
        assert torch.equal(item["X"], batch["X"][number % 8, ..., :nodes])


def test_a_record_of_what_diverged_is_found(tmp_path: Path) -> None:
    drawn(tmp_path, n_samples=ROWS)
    path = tmp_path / "training.json"
    content = json.loads(path.read_text())
    # The graph of the attempt that diverged, which the stream never gave.
    entry = next(task for task in content["tasks"] if first_finite(int(task["seed"], 16)).seed != int(task["seed"], 16))
    entry["hash"] = REFUSING.sample_task(int(entry["seed"], 16)).graph_hash()
    registry_files.write_json(path, content)
    registry_files.write_manifest(tmp_path, json.loads((tmp_path / "manifest.json").read_text()))
    (fault,) = anc.verify(tmp_path)
    assert f"train[{entry['number']}]" in fault


def test_analyses_measure_the_tasks_that_are_given() -> None:
    assert anc.analysis.summary(FAMILY, n_tasks=50, n_samples=ROWS).n_tasks == 50
    assert anc.analysis.summary(anc.MetaFixedDataset(FAMILY, n_tasks=20, n_samples=ROWS)).n_tasks == 20


class Chain:
    """A user's own graph generator."""

    def __call__(self, n_nodes: int, *, seed: int) -> torch.Tensor:
        return torch.diag(torch.ones(n_nodes - 1), 1)


def test_strategies_of_ones_own_refuse() -> None:
    with pytest.raises(anc.ConfigError, match='divergence = "redraw": must be "refuse"'):
        anc.SCMFamily(4, graph_generator=Chain(), divergence="redraw")


STEEP: dict[str, Any] = {
    "n_nodes": 10,
    "sparsity_param": 2.0,
    "mechanism_proportions": {"log_space": 1.0},
    "log_space_weight_scale": 3.0,
}


def ran(task: anc.SCMInstance, design: anc.Design) -> tuple[torch.Tensor, str]:
    """X and no error, or no X and the error's text."""
    try:
        return task.run(design, draw=0)["X"], ""
    except anc.EngineError as error:
        return torch.empty(0), str(error)


def test_hidden_values_decide_as_shown_ones_do() -> None:
    # These mechanisms read what is infinite as 2^128, so that a hidden cause may be infinite where what is shown is not.
    whole, half = (anc.Design(n_samples=100, hidden=hidden) for hidden in (None, anc.Hidden(share=0.5)))
    refused = 0
    for seed in range(60):
        task = anc.SCMFamily(**STEEP).sample_task(seed)
        shown, error = ran(task, half)
        rows, whole_error = ran(task, whole)
        assert error == whole_error
        if error:
            refused += 1
        else:
            assert all(any(torch.equal(column, other) for other in rows.T) for column in shown.T)
    assert 10 < refused < 50
    family = anc.SCMFamily(**STEEP, divergence="redraw")
    streams = [anc.MetaIterableDataset(family, design=design, batch_size=40) for design in (whole, half)]
    for stream in streams:
        next(iter(stream))
    assert streams[0].rejections == streams[1].rejections
    assert streams[0].rejections.rejected > 10
