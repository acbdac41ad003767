"""Batches in pinned memory, where there is an accelerator."""

import pytest
import torch

import ancestral as anc
from ancestral._data.loader import run_loaders, task_loader
from small_modules import SMALL, batches, doubled, module


class Pins:
    """Stands in for an accelerator: counts what is pinned."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pinned: set[int] = set()
        monkeypatch.setattr(task_loader, "can_pin", lambda: True)
        monkeypatch.setattr(run_loaders, "can_pin", lambda: True)

        def pin_memory(tensor: torch.Tensor) -> torch.Tensor:
            copied = tensor.clone()
            self.pinned.add(copied.data_ptr())
            return copied

        monkeypatch.setattr(torch.Tensor, "pin_memory", pin_memory)


def test_what_is_to_be_pinned_is(monkeypatch: pytest.MonkeyPatch) -> None:
    pins = Pins(monkeypatch)
    for batch in batches(module(pin_memory=True)):
        assert {batch.X.data_ptr(), batch.adjacency.data_ptr()} <= pins.pinned
    pins.pinned.clear()
    for batch in batches(module(pin_memory=False)):
        assert not {batch.X.data_ptr(), batch.adjacency.data_ptr()} & pins.pinned
    stream = anc.MetaIterableDataset(SMALL, n_samples=8)
    with anc.TaskLoader(stream, batch_size=4, pin_memory=True, collate_fn=doubled) as loader:
        assert next(iter(loader))["twice"].data_ptr() in pins.pinned
    for pinned in (True, False):
        data = module(pin_memory=pinned, num_workers=1)
        assert data.train_dataloader().loader.pin_memory is pinned
        assert {loader.pin_memory for loader in data.test_dataloader().values()} == {pinned}


def test_nothing_is_pinned_without_an_accelerator(monkeypatch: pytest.MonkeyPatch) -> None:
    Pins(monkeypatch)
    monkeypatch.setattr(task_loader, "can_pin", lambda: False)
    monkeypatch.setattr(run_loaders, "can_pin", lambda: False)
    for workers in (0, 1):
        data = module(pin_memory=True, num_workers=workers)
        assert data.train_dataloader().loader.pin_memory is False
