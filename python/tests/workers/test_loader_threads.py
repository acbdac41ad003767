"""The threads of a TaskLoader: how far ahead they work, how they end, and forks meanwhile."""

import contextlib
import itertools
import os
import time
from collections.abc import Callable
from typing import Any

import pytest
import torch

import ancestral as anc
from interrupts import given_up
from small_streams import stream, tasks, threads, wait_for

pytestmark = pytest.mark.usefixtures("no_thread_is_left")
Load = Callable[..., Any]


def test_at_most_threads_and_prefetch_batches_are_made_ahead(family: anc.SCMFamily) -> None:
    made: list[int] = []
    collate = lambda batch: (made.append(1), batch)[1]  # noqa: E731
    with anc.TaskLoader(stream(family), batch_size=2, threads=3, prefetch=2, collate_fn=collate) as loader:
        batches = iter(loader)
        wait_for(lambda: len(made) == 5)
        time.sleep(0.05)
        assert len(made) == 5
        next(batches)
        wait_for(lambda: len(made) == 6)


@pytest.mark.parametrize("leave", ["break", "error", "interrupt"])
def test_threads_end_when_the_loop_is_left(leave: str, family: anc.SCMFamily) -> None:
    class Interrupted(KeyboardInterrupt):
        pass

    loader = anc.TaskLoader(stream(family), batch_size=2, threads=3)
    try:
        with loader if leave != "break" else contextlib.nullcontext():
            for _ in loader:
                assert len(threads()) == 3
                if leave == "error":
                    raise ValueError("in the loop")
                if leave == "interrupt":
                    raise Interrupted
                break
    except (ValueError, Interrupted):
        assert not threads()
    wait_for(lambda: not threads())  # Though the loader lives.
    assert loader.state_dict()["position"] == 2


@pytest.mark.parametrize("own", [False, True], ids=["engine", "own strategy"])
def test_a_batch_that_the_device_refuses_ends_the_pass(own: bool, family: anc.SCMFamily) -> None:
    class Refused:
        """A batch that finds no room."""

        def to(self, device: torch.device) -> Any:
            raise RuntimeError("out of memory")

    numbers = itertools.count()
    chosen = anc.SCMFamily(4, graph_generator=lambda n_nodes, *, seed: torch.zeros(n_nodes, n_nodes)) if own else family
    collate = lambda batch: Refused() if next(numbers) == 1 else batch  # noqa: E731
    loader = anc.TaskLoader(stream(chosen), batch_size=2, threads=1, device="cpu", collate_fn=collate)
    batches = iter(loader)
    next(batches)
    with pytest.raises(RuntimeError, match="out of memory"):
        next(batches)
    with pytest.raises(anc.EngineError, match="is closed"):
        next(batches)
    wait_for(lambda: not threads())
    with pytest.warns(UserWarning, match="fingerprint") if own else contextlib.nullcontext():
        assert loader.state_dict()["position"] == 2


def test_threads_end_when_loader_and_iterator_are_dropped(family: anc.SCMFamily) -> None:
    batches = iter(anc.TaskLoader(stream(family), batch_size=2, threads=3))
    next(batches)
    assert len(threads()) == 3
    del batches
    wait_for(lambda: not threads())


def test_long_work_is_given_up_between_slices() -> None:
    family = anc.SCMFamily(10, mechanism_proportions={"gpcde": 1}, gpcde_features=16_384)
    loader = anc.TaskLoader(stream(family, n_samples=20_000), batch_size=64, threads=2)
    batches = iter(loader)
    time.sleep(0.2)  # So that they are in the midst of a batch, which takes a core ten seconds.
    assert len(threads()) == 2
    with given_up():
        loader.close()
    assert not threads()
    with pytest.raises(anc.EngineError, match="closed"):
        next(batches)


def no_edges(n_nodes: int, *, seed: int) -> torch.Tensor:
    return torch.zeros(n_nodes, n_nodes)


@pytest.mark.parametrize("graphs", ["erdos_renyi", no_edges], ids=["in threads", "in this thread"])
def test_a_closed_pass_says_so_and_the_loader_goes_on(graphs: Any) -> None:
    family = anc.SCMFamily(5, graphs)
    with anc.TaskLoader(stream(family), batch_size=2) as loader:
        first = iter(loader)
        next(first)
        second = iter(loader)
        with pytest.raises(anc.EngineError, match="closed"):
            next(first)
        assert next(second).X.shape == (2, 8, 5)
    with pytest.raises(anc.EngineError, match="closed"):
        next(second)
    assert next(iter(loader)).X.shape == (2, 8, 5)


def test_an_error_of_a_thread_is_raised_in_its_place_with_its_type(family: anc.SCMFamily) -> None:  # Bug report 13.
    def failing(batch: anc.Task) -> anc.Task:
        if batch.X[0, 0, 0] == bad:
            raise anc.ConfigError("batch 2 is bad")
        return batch

    good = list(itertools.islice(stream(family, batch_size=2), 3))
    bad = good[2].X[0, 0, 0].item()
    batches = iter(anc.TaskLoader(stream(family), batch_size=2, threads=2, collate_fn=failing))
    assert [next(batches).X.equal(batch.X) for batch in good[:2]] == [True, True]
    with pytest.raises(anc.ConfigError, match="batch 2 is bad"):
        next(batches)
    tiny = anc.SCMFamily(2, sparsity_param=0.5)
    every = anc.HashRegistry(anc.MetaFixedDataset(tiny, n_tasks=25, n_samples=1).graph_hashes())
    with pytest.raises(anc.DisjointnessError):
        next(iter(anc.TaskLoader(stream(tiny, reserved=every), batch_size=2)))


def test_a_forked_child_is_told_and_can_start_its_own_pass(family: anc.SCMFamily) -> None:
    loader = anc.TaskLoader(stream(family), batch_size=2, threads=2)
    batches = iter(loader)
    next(batches)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        said = b"nothing"
        try:
            next(batches)
        except anc.EngineError:
            said = b"told" if next(iter(loader)).X.shape == (2, 8, 5) else b"wrong"
        os.write(write, said)
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 99) == b"told"
    os.close(read)
    os.close(write)
    assert next(batches).X.shape == (2, 8, 5)
    loader.close()


def test_workers_fork_while_the_threads_work(family: anc.SCMFamily, load: Load) -> None:  # R16
    with anc.TaskLoader(stream(family, n_samples=200), batch_size=8, threads=3) as loader:
        batches = iter(loader)
        dataset = stream(family, batch_size=4)
        for _ in range(15):
            next(batches)
            assert len(tasks(load(dataset, 2), 2)) == 8
