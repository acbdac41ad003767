"""For all tests: torch's own threads gain nothing on small tensors, and spin for cores that the tests' engine threads need."""

import gc
import signal
import tracemalloc  # noqa: F401 - pytest does so where a destructor fails, which in a forked worker may be in midst of an import.

import torch

torch.set_num_threads(1)
# What a shell starts in the background ignores Ctrl-C, and so would the tests that press it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Takes what torch and the tests' modules have made out of every later collection, of which some tests make many."""
    gc.collect()
    gc.freeze()
