"""Errors keep their type and their words on the way out of a worker."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

import ancestral as anc

Load = Callable[..., Any]


def _raise_engine_error(adjacency: torch.Tensor, *, seed: int) -> list[torch.nn.Module]:
    raise anc.EngineError("a mechanism failed")


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 1])
def test_our_errors_keep_their_type_in_a_worker(workers: int, load: Load) -> None:  # Bug reports 13 and 27.
    tiny = anc.SCMFamily(2, sparsity_param=0.5)
    every = anc.HashRegistry(anc.MetaFixedDataset(tiny, n_tasks=25, n_samples=1).graph_hashes())
    with pytest.raises(anc.DisjointnessError, match="reserved"):
        next(iter(load(anc.MetaIterableDataset(tiny, n_samples=4, batch_size=2, reserved=every), workers)))
    ragged = anc.SCMFamily(2, n_nodes_max=9, sparsity_param=0.5)
    with pytest.raises(anc.ConfigError, match="pad_collate"):
        next(iter(load(anc.MetaIterableDataset(ragged, n_samples=4), workers, batch_size=20, collate_fn=anc.collate)))
    failing = anc.SCMFamily(3, mechanism_factory=_raise_engine_error, sparsity_param=1.0)
    with pytest.raises(anc.EngineError, match="a mechanism failed"):
        next(iter(load(anc.MetaIterableDataset(failing, n_samples=4), workers)))
    with pytest.raises(IndexError, match="99 is outside"):
        next(iter(load(anc.MetaFixedDataset(tiny, n_tasks=2, n_samples=1), workers, batch_size=1, sampler=[99])))
