"""For all tests: torch's own threads gain nothing on small tensors, and spin for cores that the tests' engine threads need."""

import gc

import torch

torch.set_num_threads(1)


def pytest_collection_finish() -> None:
    """Takes what torch and the tests' modules have made out of every later collection, of which some tests make many."""
    gc.collect()
    gc.freeze()
