"""Settings of a process that others make around a call: each a context manager without arguments, by its name."""

import contextlib
import ctypes
import decimal
import gc
import logging
import os
import signal
import sys
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode

_UPWARD = 0x800  # FE_UPWARD of x86; its neighbours on other processors mean another mode or nothing.


@contextlib.contextmanager
def _between(enter: Callable[[], object], leave: Callable[[], object]) -> Generator[None]:
    enter()
    try:
        yield
    finally:
        leave()


def _set(setter: Callable[[Any], object], value: Any, before: Any) -> Callable[[], AbstractContextManager[None]]:
    return lambda: _between(lambda: setter(value), lambda: setter(before))


class _Passing(TorchDispatchMode):
    """A mode that does nothing, as profilers and counters are."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return func(*args, **(kwargs or {}))


@contextlib.contextmanager
def _warnings_are_errors() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # torch's own, of tests that fork on a machine with few processors.
        warnings.filterwarnings("ignore", "This DataLoader will create")
        warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
        yield


@contextlib.contextmanager
def _no_standard_streams() -> Iterator[None]:
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = sys.stdout = sys.stderr = None  # As under pythonw, or in a daemon.
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


@contextlib.contextmanager
def _rounding_upward() -> Iterator[None]:
    library = ctypes.CDLL("libm.so.6")
    assert library.fesetround(_UPWARD) == 0
    try:
        yield
    finally:
        library.fesetround(0)


@contextlib.contextmanager
def _decimal_of_three_digits() -> Iterator[None]:
    with decimal.localcontext() as context:
        context.prec = 3
        context.traps[decimal.Inexact] = True
        yield


@contextlib.contextmanager
def _numpy_raises() -> Iterator[None]:
    with np.errstate(all="raise"), np.printoptions(precision=1, threshold=3, legacy="1.13"):
        yield


@contextlib.contextmanager
def _deterministic() -> Iterator[None]:
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = True
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(False)


@contextlib.contextmanager
def _anomaly_detection() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Anomaly Detection has been enabled")
        with torch.autograd.detect_anomaly(check_nan=True):
            yield


SETTINGS: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "default dtype float64": _set(torch.set_default_dtype, torch.float64, torch.float32),
    "default dtype bfloat16": _set(torch.set_default_dtype, torch.bfloat16, torch.float32),
    "default device meta": _set(torch.set_default_device, "meta", None),
    "with a device": lambda: torch.device("meta"),
    "inference_mode": torch.inference_mode,
    "no_grad": torch.no_grad,
    "autocast": lambda: torch.autocast("cpu", dtype=torch.bfloat16),
    "deterministic algorithms": _deterministic,
    "anomaly detection": _anomaly_detection,
    "one thread": _set(torch.set_num_threads, 1, torch.get_num_threads()),
    "flushed denormals": _set(torch.set_flush_denormal, True, False),
    "rounding upward": _rounding_upward,
    "dispatch mode": _Passing,
    "print options of torch": lambda: _between(
        lambda: torch.set_printoptions(precision=1, threshold=2, sci_mode=True),
        lambda: torch.set_printoptions(profile="default"),
    ),
    "file_system sharing": _set(torch.multiprocessing.set_sharing_strategy, "file_system", "file_descriptor"),
    "numpy raises": _numpy_raises,
    "decimal": _decimal_of_three_digits,
    "warnings are errors": _warnings_are_errors,
    "no standard streams": _no_standard_streams,
    "no garbage collection": lambda: _between(gc.disable, gc.enable),
    "a shallow stack": _set(sys.setrecursionlimit, 250, sys.getrecursionlimit()),
    "logging off": _set(logging.disable, logging.CRITICAL, logging.NOTSET),
    "SIGINT ignored": lambda: _between(
        lambda: signal.signal(signal.SIGINT, signal.SIG_IGN), lambda: signal.signal(signal.SIGINT, signal.default_int_handler)
    ),
    "umask 077": lambda: _between(lambda: os.umask(0o077), lambda: os.umask(0o022)),
}
