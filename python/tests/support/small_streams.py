"""Streams of small tasks, and the threads that fill their batches."""

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

import ancestral as anc


def stream(family: anc.SCMFamily, **settings: Any) -> anc.MetaIterableDataset:
    return anc.MetaIterableDataset(family, **{"n_samples": 8, **settings})


def tasks(items: Any, count: int) -> list[bytes]:
    return [x.numpy().tobytes() for item in itertools.islice(items, count) for x in item.X]


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("ancestral-")]


def wait_for(fact: Callable[[], bool]) -> None:
    end = time.monotonic() + 60  # Some milliseconds, but for a busy machine.
    while not fact():
        assert time.monotonic() < end, threads()
        time.sleep(0.01)
