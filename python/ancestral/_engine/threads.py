"""The number of engine threads of a call, and locks for threads of a process that may fork."""

import os
import threading
import weakref
from typing import Any

import torch
import torch.utils.data

from . import _ffi
from .checks import whole_number


def thread_count() -> int:
    """1 inside a DataLoader worker, else the number of processors that this process may run on."""
    if torch.utils.data.get_worker_info() is not None:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def checked_threads(threads: Any, field: str = "threads") -> int:
    """A number of engine threads; None for as many as there are processors."""
    return thread_count() if threads is None else whole_number(threads, field, 1, _ffi.limits()["threads"])


class RenewedLock:
    """A lock for the threads of this process. A forked child gets a new one, as a thread that is gone may hold the old; so do
    copies and pickles. A thread that holds it may take it again, as in a signal's handler."""

    def __init__(self) -> None:
        self.renew()
        _locks.add(self)

    def renew(self) -> None:
        """Makes another."""
        self.held = threading.RLock()

    def __reduce__(self) -> tuple[type["RenewedLock"], tuple[()]]:
        return RenewedLock, ()


_locks = weakref.WeakSet[RenewedLock]()


def _renew_all() -> None:
    for lock in list(_locks):
        lock.renew()


os.register_at_fork(after_in_child=_renew_all)


def settle_torch() -> None:
    """Does what a thread must do before its first work in torch.

    After a fork, torch makes its own pool of threads anew for the first thread that computes; two that come at once may find
    none ("Invalid thread pool!"), where `torch.set_num_threads` was called in the parent. So the first computation of each
    thread is this one, alone.
    """
    with _settling.held:
        torch.arange(1, device="cpu")


_settling = RenewedLock()
