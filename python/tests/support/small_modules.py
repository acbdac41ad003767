"""Data modules of small families, and a batch of each of their sets."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch

import ancestral as anc

SMALL = anc.FamilyConfig(n_nodes=6, sparsity_param=1.0)
OTHER = replace(SMALL, graph="scale_free")
TWO = {"id": SMALL, "ood": OTHER}
RAGGED = replace(SMALL, n_nodes=4, n_nodes_max=6)


def module(train: Any = SMALL, val: Any = None, test: Any = TWO, **settings: Any) -> anc.DataModule:
    return anc.DataModule(train, val, test, **{"n_samples": 8, "batch_size": 4, "n_val": 6, "n_test": 6, **settings})


def batches(data: anc.DataModule) -> Iterator[Any]:
    """A batch of training and one of each test set."""
    yield next(iter(data.train_dataloader()))
    for loader in data.test_dataloader().values():
        yield next(iter(loader))
    data.close()


def doubled(batch: anc.Task) -> dict[str, torch.Tensor]:
    return {"twice": 2 * batch.X}
