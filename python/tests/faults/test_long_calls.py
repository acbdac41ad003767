"""Ctrl-C and close() in calls of the engine that take seconds and can't be cut into slices (R19)."""

import threading
from collections.abc import Callable

import pytest
import torch

import ancestral as anc
from ancestral._scm.family import engine_handle
from interrupts import few_cores, given_up, interrupted
from small_streams import wait_for

pytestmark = pytest.mark.slow

# Each takes many seconds of processor time; whoever serves Ctrl-C only after it is far beyond the bound.
FAMILY = anc.SCMFamily(n_nodes=40, sparsity_param=2.0, mechanism_proportions={"gp": 1}, gp_mode="exact", calibration_rows=2500)


def dense(n_nodes: int) -> torch.Tensor:
    return torch.triu(torch.ones(n_nodes, n_nodes), 1)


CALLS: dict[str, Callable[[], object]] = {
    "a task's mechanisms": lambda: FAMILY.sample_task(1).mechanisms,
    "a fixed set's task": lambda: anc.MetaFixedDataset(FAMILY, [1], n_samples=10)[0],
    "a stream's batch": lambda: next(iter(anc.MetaIterableDataset(FAMILY, n_samples=10, batch_size=2))),
    "the iso hash of a dense graph": lambda: anc.graph_hash(dense(2000), "iso"),
    "the sortability of many nodes": lambda: anc.analysis.sortability(torch.randn(3000, 2000), dense(2000)),
}


def calls() -> list[threading.Thread]:
    """The threads that do long calls just now."""
    return [thread for thread in threading.enumerate() if thread.name == "ancestral-call"]


@pytest.mark.parametrize("name", CALLS)
def test_ctrl_c_is_served_within_a_call(name: str) -> None:
    with interrupted():
        CALLS[name]()
    # Nothing writes to the call's memory any more: its thread has ended, or is about to.
    with given_up():
        wait_for(lambda: not calls())


def test_close_does_not_wait_for_a_long_task() -> None:
    with few_cores():
        loader = anc.TaskLoader(anc.MetaIterableDataset(FAMILY, n_samples=10, batch_size=2), batch_size=2, threads=2)
        batches = iter(loader)  # Kept, as its threads end with it.
        wait_for(lambda: len(calls()) == 2)
        with given_up():
            loader.close()
    with pytest.raises(anc.EngineError, match="closed"):
        next(batches)


def test_what_takes_long_gives_what_it_gave() -> None:
    """A long call runs in a thread of its own; its result is that of the same task drawn with others."""
    family = anc.SCMFamily(
        n_nodes=10, sparsity_param=1.0, mechanism_proportions={"gp": 1}, gp_mode="exact", calibration_rows=1000
    )
    assert engine_handle(family).is_long
    small = anc.SCMFamily(n_nodes=10, sparsity_param=1.0)
    assert not engine_handle(small).is_long
    tasks = anc.MetaFixedDataset(family, [1, 2], n_samples=20)
    assert torch.equal(tasks.__getitems__([0, 1])[1].X, family.sample_task(2).sample(20, draw=0))
