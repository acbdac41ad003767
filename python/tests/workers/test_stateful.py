"""The stream in torchdata's StatefulDataLoader, whose protocol its iterators follow (R13)."""

import itertools
from typing import Any

import pytest

import ancestral as anc

# torchdata 0.11 with torch 2.13, about itself.
pytestmark = pytest.mark.filterwarnings("ignore:'set_vital' is deprecated")
stateful_dataloader = pytest.importorskip("torchdata.stateful_dataloader")


def stream(family: anc.SCMFamily, **settings: Any) -> anc.MetaIterableDataset:
    return anc.MetaIterableDataset(family, **{"n_samples": 8, "batch_size": 4, **settings})


def loader(dataset: Any, workers: int) -> Any:
    method = "fork" if workers else None
    return stateful_dataloader.StatefulDataLoader(dataset, batch_size=None, num_workers=workers, multiprocessing_context=method)


def tasks(items: Any, count: int) -> list[bytes]:
    return [x.numpy().tobytes() for item in itertools.islice(items, count) for x in item.X]


@pytest.mark.parametrize("workers", [0, 1, 2])
@pytest.mark.parametrize("order", ["elastic", "stream"])
def test_goes_on_where_its_state_was_saved(order: str, workers: int, family: anc.SCMFamily) -> None:
    first = loader(stream(family, order=order), workers)
    batches = iter(first)
    tasks(batches, 5)
    state = first.state_dict()
    expected = tasks(batches, 6)
    second = loader(stream(family, order=order), workers)
    second.load_state_dict(state)
    assert tasks(second, 6) == expected
