"""Threads of a user's own that share a pass, a registry or a task, or that end a pass from within."""

import copy
import pickle
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import ancestral as anc
from small_streams import stream, tasks, threads, wait_for

pytestmark = pytest.mark.usefixtures("no_thread_is_left", "_quick_switches")


@pytest.fixture
def _quick_switches() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """Lets threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def upper(n_nodes: int, *, seed: int) -> Tensor:
    drawn = torch.rand(n_nodes, n_nodes, generator=torch.Generator().manual_seed(seed % 2**31))
    return torch.triu((drawn < 0.5).float(), 1)


@pytest.fixture
def own() -> anc.SCMFamily:
    return anc.SCMFamily(5, graph_generator=upper)


def at_once(work: Callable[[], Any], count: int = 4) -> list[Exception]:
    """Does the work in several threads; their errors."""
    errors: list[Exception] = []

    def guarded() -> None:
        try:
            work()
        except Exception as error:
            errors.append(error)

    started = [threading.Thread(target=guarded) for _ in range(count)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return errors


def taken_at_once(batches: Iterator[Any], each: int, count: int = 4) -> list[bytes]:
    found: list[bytes] = []
    assert not at_once(lambda: [found.extend(tasks([next(batches)], 1)) for _ in range(each)], count)
    return sorted(found)


@pytest.mark.parametrize("kind", ["family", "own"])
def test_each_batch_of_a_loader_goes_to_one_thread(kind: str, request: pytest.FixtureRequest) -> None:
    family = request.getfixturevalue(kind)
    loader = anc.TaskLoader(stream(family), batch_size=2, threads=2)
    assert taken_at_once(iter(loader), 20) == sorted(tasks(stream(family, batch_size=2), 80))
    assert loader.state_dict()["position"] == 160
    loader.close()


@pytest.mark.parametrize("kind", ["family", "own"])
def test_threads_read_a_fixed_set_to_its_end_together(kind: str, request: pytest.FixtureRequest) -> None:
    dataset = anc.MetaFixedDataset(request.getfixturevalue(kind), n_tasks=41, n_samples=4)
    loader = anc.TaskLoader(dataset, batch_size=2, threads=2)
    batches, found = iter(loader), list[bytes]()
    assert not at_once(lambda: found.extend(tasks(batches, 99)))
    assert sorted(found) == sorted(tasks(loader, 99))


@pytest.mark.parametrize("workers", [0, 1])
def test_each_batch_of_a_module_goes_to_one_thread(workers: int) -> None:
    def module() -> anc.DataModule:
        config = anc.FamilyConfig(n_nodes=4, sparsity_param=1.0)
        return anc.DataModule(config, val=None, test=config, n_samples=4, batch_size=2, n_test=2, num_workers=workers)

    data, alone = module(), module()
    assert taken_at_once(iter(data.train_dataloader()), 10) == sorted(tasks(alone.train_dataloader(), 40))
    state = data.state_dict()["train"]
    assert state["position"] == alone.state_dict()["train"]["position"] == 80
    data.close()
    alone.close()


def test_threads_get_the_same_mechanisms_of_a_task(family: anc.SCMFamily) -> None:
    for seed in range(30):
        task, found = family.sample_task(seed), list[list[nn.Module]]()
        assert not at_once(lambda task=task, found=found: found.append(task.mechanisms))
        assert all(modules is task.mechanisms for modules in found)


def test_a_registry_grows_while_others_read_it(family: anc.SCMFamily, tmp_path: Path) -> None:
    registry = anc.HashRegistry(f"{number:064x}" for number in range(2_000))
    done = threading.Event()

    def grow() -> None:
        number = 2_000
        while not done.wait(1e-5):
            registry.add(f"{number:064x}")
            number += 1

    def read() -> None:
        for number in range(5):
            assert len(list(registry)) >= 2_000
            assert len(pickle.loads(pickle.dumps(registry))) >= 2_000
            assert len(copy.deepcopy(registry)) >= 2_000
            registry.save(tmp_path / f"{number}.json")
            next(iter(stream(family, reserved=registry)))

    growing = threading.Thread(target=grow)
    growing.start()
    try:
        assert not at_once(read, 1)
    finally:
        done.set()
        growing.join()


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_threads_that_all_close_their_pass_end(family: anc.SCMFamily) -> None:
    together, loaders = threading.Barrier(3), list[anc.TaskLoader]()

    def close(batch: Any) -> Any:
        together.wait(60)
        loaders[0].close()
        return batch

    loaders.append(anc.TaskLoader(stream(family), batch_size=2, threads=3, collate_fn=close))
    with pytest.raises(anc.EngineError, match="is closed"):
        next(iter(loaders[0]))
    wait_for(lambda: not threads())


def test_a_loader_says_so_where_no_thread_is_left(family: anc.SCMFamily, monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start

    def third_fails(thread: threading.Thread) -> None:
        if thread.name == "ancestral-2":
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", third_fails)
    loader = anc.TaskLoader(stream(family), batch_size=2, threads=4)
    with pytest.raises(anc.EngineError, match=r"^Thread 3 of 4 can't be started .*: ask for fewer threads"):
        iter(loader)
    loader.close()


def test_threads_end_where_ctrl_c_comes_as_they_begin(family: anc.SCMFamily, monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start

    def interrupted(thread: threading.Thread) -> None:
        if thread.name == "ancestral-2":
            raise KeyboardInterrupt
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt) as held:
        iter(anc.TaskLoader(stream(family), batch_size=2, threads=4))
    wait_for(lambda: not threads())
    assert held.tb is not None  # Which holds everything that was being made.
