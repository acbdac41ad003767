"""Tests that start DataLoader workers."""

import gc
import multiprocessing
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from torch.utils.data import DataLoader

import ancestral as anc
from small_streams import threads, wait_for


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # Whoever starts interpreters anew, each of which imports torch, takes seconds.
        if "spawn" in item.name or "forkserver" in item.name:
            item.add_marker(pytest.mark.slow)
        # Python >= 3.12 warns of a fork beside torch's own threads.
        item.add_marker(pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"))
        # A spawned worker of torch 2.13 aborts now and then while it ends ("terminate called without an active exception"):
        # 15 of 60 passes over a plain torch dataset that were broken off, 1 of 60 over ours. The loader's __del__ says so.
        aborted = "ignore:Exception ignored in.*_MultiProcessingDataLoaderIter.__del__:pytest.PytestUnraisableExceptionWarning"
        item.add_marker(pytest.mark.filterwarnings(aborted))


@pytest.fixture(scope="session", autouse=True)
def _quick_forkserver() -> None:  # pyright: ignore[reportUnusedFunction]
    """Lets the fork server import the package once, instead of each worker."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(["ancestral"])


@pytest.fixture
def load() -> Callable[..., DataLoader[Any]]:
    """A DataLoader of a dataset with any number of workers and start method; batches are made by the dataset."""

    def loader(dataset: Any, workers: int = 0, method: str = "fork", **settings: Any) -> DataLoader[Any]:
        settings = {"batch_size": None, **settings}
        return DataLoader(dataset, num_workers=workers, multiprocessing_context=method if workers else None, **settings)

    return loader


@pytest.fixture
def family() -> anc.SCMFamily:
    return anc.SCMFamily(5, sparsity_param=1.0)


@pytest.fixture
def no_thread_is_left() -> Iterator[None]:
    yield
    gc.collect()
    wait_for(lambda: not threads())
