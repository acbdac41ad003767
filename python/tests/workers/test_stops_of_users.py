"""Code of a user's that raises StopIteration or IndexError, which Python takes for the end of whoever iterates."""

import itertools
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils.data import DataLoader

import ancestral as anc
from small_streams import stream

STOPPED = r"raised StopIteration, as next\(\) does at an end: must not; give next\(\) a default\.$"


class Breaks:
    """A generator of graphs that fails at some seeds."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        if seed % 5 == 0:
            raise self.error
        return torch.diag(torch.ones(n_nodes - 1), 1)


def breaks(_: Any) -> Any:
    return next(iter(()))


def passes(family: anc.SCMFamily) -> dict[str, Any]:
    batches, fixed = stream(family, batch_size=2), anc.MetaFixedDataset(family, range(1, 9), n_samples=3)
    data = anc.DataModule(
        family, val=None, test=anc.FamilyConfig(n_nodes=4, sparsity_param=1.0), n_samples=3, batch_size=2, n_test=1
    )
    return {
        "tasks": stream(family),
        "batches": batches,
        "loader": anc.TaskLoader(batches),
        "workers": DataLoader(batches, batch_size=None, num_workers=1),
        "module": data.train_dataloader(),
        "set": fixed,
        "loader of a set": anc.TaskLoader(fixed, batch_size=2),
    }


@pytest.mark.parametrize("name", ["tasks", "batches", "loader", "workers", "module", "set", "loader of a set"])
def test_a_strategy_that_stops_ends_no_pass_in_silence(name: str) -> None:
    family = anc.SCMFamily(3, graph_generator=Breaks(StopIteration()))
    with pytest.raises(anc.EngineError, match=f"A strategy of the family {STOPPED}"):
        for _ in itertools.islice(passes(family)[name], 99):
            pass


def test_an_index_error_of_a_strategy_is_not_the_end_of_a_set() -> None:
    family = anc.SCMFamily(3, graph_generator=Breaks(IndexError("mine")))
    with pytest.raises(IndexError, match="mine"):
        list(anc.MetaFixedDataset(family, range(1, 9), n_samples=3))
    assert [len(item.X) for item in anc.MetaFixedDataset(family, [1, 2], n_samples=3)] == [3, 3]


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize("normalize", ["none", "standardize"])
def test_a_collate_fn_that_stops_ends_no_pass_in_silence(workers: int, normalize: str) -> None:
    config = anc.FamilyConfig(n_nodes=4, sparsity_param=1.0)
    settings: dict[str, Any] = {"num_workers": workers, "normalize": normalize, "collate_fn": breaks}
    data = anc.DataModule(config, val=config, test=None, n_samples=3, batch_size=2, n_val=4, **settings)
    for loader in (data.train_dataloader(), data.val_dataloader()):
        with pytest.raises(
            anc.EngineError, match=f"collate_fn {STOPPED}" if workers == 0 else "collate_fn raised StopIteration"
        ):
            list(itertools.islice(loader, 9))
    data.close()
