"""Ctrl-C and other ends of long work, judged alike on slow, fast, busy and large machines."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

PATIENCE = 600.0
"""Seconds until a process counts as hung: ten times and more what any takes on two quiet cores."""


@contextmanager
def few_cores(count: int = 2) -> Iterator[None]:
    """At most `count` processors for the block and its threads: many would do at once what shall take long."""
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    try:
        if before is not None:
            os.sched_setaffinity(0, sorted(before)[:count])
        yield
    finally:
        if before is not None:
            os.sched_setaffinity(0, before)


@contextmanager
def given_up() -> Iterator[None]:
    """The block must take less than a second of processor time, which other processes don't prolong.

    It is some hundredths where long work is given up; what is given up must take far longer.
    """
    start = time.process_time()
    yield
    assert time.process_time() - start < 1


@contextmanager
def interrupted() -> Iterator[None]:
    """Presses Ctrl-C as soon as the block is in a call that the engine does in a thread of its own; that must end the block."""
    left, before = threading.Event(), threading.enumerate()
    pressed: list[float] = []

    def press() -> None:
        while not any(thread.name == "ancestral-call" for thread in threading.enumerate() if thread not in before):
            if left.wait(0.001):
                return
        pressed.append(time.process_time())
        os.kill(os.getpid(), signal.SIGINT)

    finger = threading.Thread(target=press)
    with few_cores():
        finger.start()
        try:
            with pytest.raises(KeyboardInterrupt):
                yield
        finally:
            spent = time.process_time()
            left.set()
            finger.join()
    assert spent - pressed[0] < 1  # As in `given_up`.


def broken_off(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """Presses Ctrl-C in a process and its children; the outputs of the process, which must end by it.

    That takes one second at most where nothing else is busy, and here 30; what is broken off must take far longer.
    """
    os.killpg(process.pid, signal.SIGINT)
    try:
        return process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise


def is_left(group: int) -> bool:
    """Whether a process of a group is there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
