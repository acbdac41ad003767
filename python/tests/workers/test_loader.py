"""TaskLoader: the batches and the states of a DataLoader, from threads of this process."""

import functools
import io
import itertools
import json
import pickle
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral._data.loader import task_loader
from small_streams import stream, tasks, wait_for

pytestmark = pytest.mark.usefixtures("no_thread_is_left")
Load = Callable[..., Any]
RAGGED = anc.SCMFamily(5, n_nodes_max=9, sparsity_param=1.0)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
@pytest.mark.parametrize("order", ["elastic", "stream"])
def test_gives_the_batches_of_a_dataloader_in_every_pass(count: int, order: str, family: anc.SCMFamily, load: Load) -> None:
    other = load(stream(family, batch_size=4, order=order), 0)
    for size in (None, 4):
        dataset = stream(family, batch_size=size, order=order)
        with anc.TaskLoader(dataset, batch_size=4, threads=count, prefetch=count % 3) as loader:
            other.dataset.seek(0)
            assert [tasks(loader, 9) for _ in range(3)] == [tasks(other, 9) for _ in range(3)]


@pytest.mark.parametrize("workers", [0, 1, 2, 3, 8])
def test_every_number_of_workers_gives_the_batches_of_the_loader(workers: int, family: anc.SCMFamily, load: Load) -> None:
    for rank in range(2):
        ranked = functools.partial(stream, family, batch_size=3, rank=rank, world_size=2)
        with anc.TaskLoader(ranked(), batch_size=3, threads=3) as loader:
            assert tasks(load(ranked(), workers), 9) == tasks(loader, 9)


def test_a_fixed_set_comes_once_and_in_order(family: anc.SCMFamily, load: Load) -> None:
    for cached in (False, True):
        dataset = anc.MetaFixedDataset(family, n_tasks=11, n_samples=8, cache_instances=cached)
        loader = anc.TaskLoader(dataset, batch_size=4, threads=2)
        expected = tasks(load(dataset, 0, batch_size=4), 99)
        assert len(loader) == 3
        assert tasks(loader, 99) == tasks(loader, 99) == expected
        assert [len(batch.X) for batch in loader] == [4, 4, 3]


def test_a_stream_has_no_length(family: anc.SCMFamily) -> None:  # R5
    with pytest.raises(TypeError, match="endless"):
        len(anc.TaskLoader(stream(family), batch_size=2))


def test_a_loader_without_a_length_is_true(family: anc.SCMFamily) -> None:
    from ancestral.integrations.lightning import LightningDataModule

    data = anc.DataModule(family, family, None, n_samples=3, batch_size=2, n_val=2)
    wrapped = LightningDataModule(data)
    endless = [anc.TaskLoader(stream(family), batch_size=2), data.train_dataloader(), wrapped.train_dataloader()]
    assert all(endless)
    assert data.val_dataloader()
    assert wrapped.val_dataloader()


@pytest.mark.parametrize("done", [0, 1, 5])
def test_a_state_counts_the_batches_that_were_yielded(done: int, family: anc.SCMFamily, load: Load) -> None:
    expected = tasks(stream(family, batch_size=4), done + 5)[4 * done :]
    made: list[int] = []
    collate = lambda batch: (made.append(1), batch)[1]  # noqa: E731
    with anc.TaskLoader(stream(family), batch_size=4, prefetch=4, collate_fn=collate) as loader:
        batches = iter(loader)
        tasks(batches, done)
        wait_for(lambda: len(made) > done + 1)  # The threads are ahead.
        state = json.loads(json.dumps(loader.state_dict()))
    file = io.BytesIO()
    torch.save(state, file)
    file.seek(0)
    assert torch.load(file, weights_only=True) == state
    for count in (1, 3):
        with anc.TaskLoader(stream(family), batch_size=4, threads=count) as other:
            other.load_state_dict(state)
            assert other.state_dict() == state
            assert tasks(other, 5) == expected
    dataset = stream(family, batch_size=4)
    dataset.resume(state)
    assert tasks(load(dataset, 2), 5) == expected


def test_a_dataloaders_state_goes_on_in_the_loader(family: anc.SCMFamily, load: Load) -> None:
    dataset = stream(family, batch_size=4)
    expected = tasks(stream(family, batch_size=4), 8)
    assert tasks(load(dataset, 2), 3) == expected[:12]
    with anc.TaskLoader(stream(family), batch_size=4) as loader:
        loader.load_state_dict(dataset.state_after(3))
        assert tasks(loader, 5) == expected[12:]


def test_a_fixed_sets_state_goes_on_within_its_pass(family: anc.SCMFamily) -> None:
    dataset = anc.MetaFixedDataset(family, n_tasks=11, n_samples=8)
    whole = tasks(anc.TaskLoader(dataset, batch_size=2), 9)
    with anc.TaskLoader(dataset, batch_size=2) as loader:
        assert tasks(loader, 2) == whole[:4]
        state = loader.state_dict()
    other = anc.TaskLoader(dataset, batch_size=2, threads=1)
    other.load_state_dict(state)
    assert [tasks(other, 9), tasks(other, 9)] == [whole[4:], whole]
    assert other.state_dict() == anc.TaskLoader(dataset, batch_size=2).state_dict()
    with pytest.raises(anc.ConfigError, match=r"^state\['tasks'\] = 11: must be 10"):
        anc.TaskLoader(anc.MetaFixedDataset(family, n_tasks=10, n_samples=8), batch_size=2).load_state_dict(state)
    with pytest.raises(anc.ConfigError, match=r"^state\['seeds'\] = '[0-9a-f]{64}': must be '[0-9a-f]{64}'"):
        anc.TaskLoader(anc.MetaFixedDataset(family, range(len(dataset)), n_samples=8), batch_size=2).load_state_dict(state)


def test_a_corpus_state_is_of_its_base_seed(tmp_path: Path) -> None:
    first, second = (anc.write_corpus(RAGGED, 4, tmp_path / str(k), n_samples=3, base_seed=k) for k in (0, 1))
    state = anc.TaskLoader(first, batch_size=2).state_dict()
    anc.TaskLoader(first, batch_size=2).load_state_dict(state)
    with pytest.raises(anc.ConfigError, match=r"^state\['base_seed'\] = '0{16}': must be '0{15}1'"):
        anc.TaskLoader(second, batch_size=2).load_state_dict(state)


def test_batches_keep_their_type_through_collate_and_device(load: Load) -> None:  # R8, bug report 14.
    collate = functools.partial(anc.collate, normalize="robust")
    with anc.TaskLoader(stream(RAGGED), batch_size=4, collate_fn=collate, pin_memory=True, device="cpu") as loader:
        batch = next(iter(loader))
    assert type(batch) is anc.PaddedTask
    assert batch.X.equal(next(iter(load(stream(RAGGED, batch_size=4), 0, collate_fn=collate))).X)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_batches_are_pinned_and_moved(family: anc.SCMFamily) -> None:
    with anc.TaskLoader(stream(family), batch_size=4, pin_memory=True) as loader:
        assert next(iter(loader)).X.is_pinned()
    with anc.TaskLoader(stream(family), batch_size=4, pin_memory=True, device="cuda") as loader:
        assert next(iter(loader)).X.is_cuda


def test_a_users_own_strategies_run_in_the_calling_thread(load: Load) -> None:
    seen: set[str] = set()

    def chain(n_nodes: int, *, seed: int) -> torch.Tensor:
        seen.add(threading.current_thread().name)
        return torch.diag(torch.ones(n_nodes - 1), 1)

    own = anc.SCMFamily(4, chain)
    with anc.TaskLoader(stream(own), batch_size=3, threads=4) as loader:
        assert tasks(loader, 4) == tasks(load(stream(own, batch_size=3), 0), 4)
    assert seen == {threading.main_thread().name}


class Clock:
    """Stands still until it is told that time has passed."""

    now = 0.0

    def perf_counter(self) -> float:
        return self.now


def test_tells_how_long_the_loop_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(task_loader, "time", clock)

    def slowly(batch: Any) -> Any:
        clock.now += 1
        return batch

    # Own strategies: the batch is made where the loop waits for it.
    own = anc.SCMFamily(4, lambda n_nodes, *, seed: torch.zeros(n_nodes, n_nodes))
    with anc.TaskLoader(stream(own), batch_size=2, collate_fn=slowly) as loader:
        assert loader.waiting == 0
        for _ in itertools.islice(loader, 5):
            clock.now += 3
        assert loader.waiting == 5 / (5 + 4 * 3)


def test_a_loop_does_not_wait_for_what_is_there(family: anc.SCMFamily, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(task_loader, "time", clock)
    allowed = threading.Semaphore(1)

    def slowly(batch: Any) -> Any:
        allowed.acquire()
        clock.now += 1
        return batch

    with anc.TaskLoader(stream(family), batch_size=2, threads=1, prefetch=0, collate_fn=slowly) as loader:
        batches = iter(loader)
        for made in (1, 2, 3, 4):
            wait_for(lambda made=made: clock.now == made)
            next(batches)
            allowed.release()
        assert loader.waiting == 0


def test_pickles_without_its_threads(family: anc.SCMFamily) -> None:  # R18
    with anc.TaskLoader(
        stream(family), batch_size=2, collate_fn=functools.partial(anc.collate, normalize="standardize")
    ) as loader:
        next(iter(loader))
        with pickle.loads(pickle.dumps(loader)) as other:
            assert tasks(other, 3) == tasks(loader, 3)


def test_leaves_global_random_states_alone(family: anc.SCMFamily) -> None:  # R1
    before = torch.get_rng_state(), np.random.get_state()[1].copy()  # type: ignore[index]
    with anc.TaskLoader(stream(family), batch_size=2) as loader:
        tasks(loader, 5)
    assert torch.get_rng_state().equal(before[0])
    assert (np.random.get_state()[1] == before[1]).all()  # type: ignore[index]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"batch_size": 0}, "batch_size = 0"),
        ({"threads": 0}, "threads = 0"),
        ({"prefetch": -1}, "prefetch = -1"),
        ({"dataset": [1, 2]}, "dataset is of type list"),
    ],
)
def test_a_wrong_value_is_named(settings: dict[str, Any], says: str, family: anc.SCMFamily) -> None:
    with pytest.raises(anc.ConfigError, match=f"^{says}.*must be"):
        anc.TaskLoader(**{"dataset": stream(family), "batch_size": 2, **settings})
    with pytest.raises(anc.ConfigError, match=r"^batch_size = 3: must be 2, the dataset's own"):
        anc.TaskLoader(stream(family, batch_size=2), batch_size=3)


def test_a_batch_size_is_the_streams_own_where_none_is_given() -> None:
    family = anc.SCMFamily(4, sparsity_param=1.0)
    with anc.TaskLoader(anc.MetaIterableDataset(family, n_samples=5, batch_size=3)) as loader:
        assert next(iter(loader)).X.shape == (3, 5, 4)
        assert loader.batch_size == 3
    for dataset in (anc.MetaIterableDataset(family, n_samples=5), anc.MetaFixedDataset(family, n_tasks=2, n_samples=5)):
        with pytest.raises(anc.ConfigError, match="batch_size is missing: must be given"):
            anc.TaskLoader(dataset)
