"""How many threads the engine gets where (R17)."""

import os
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.utils.data

import ancestral as anc
from ancestral._engine.threads import thread_count


class Counts(torch.utils.data.Dataset[int]):
    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> int:
        return thread_count()


def test_workers_take_one_and_the_main_process_what_its_affinity_allows(load: Callable[..., Any]) -> None:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert [int(count) for count in load(Counts(), 2)] == [1, 1]
    assert [int(count) for count in load(Counts(), 0)] == [allowed, allowed]
    stream = anc.MetaIterableDataset(anc.SCMFamily(5), n_samples=2)
    assert anc.TaskLoader(stream, batch_size=2).threads == allowed


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="Linux only")
def test_an_affinity_is_heeded() -> None:
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert thread_count() == 1
    finally:
        os.sched_setaffinity(0, before)
