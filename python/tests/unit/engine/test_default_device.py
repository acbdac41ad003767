"""torch's default device may be one on which nothing can be made: a GPU, for a forked worker whose parent uses it."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.utils._device import DeviceContext, _device_constructors

import ancestral as anc

FAMILY = anc.SCMFamily(4, sparsity_param=1.5, mechanism_factory="mlp")
DESIGN = anc.Design(n_samples=6, interventions={"n_samples": 4, "regimes": 2})


class OutOfReach(DeviceContext):
    """As torch's own default device, but that what is made there fails in CUDA's words."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in _device_constructors() and (kwargs or {}).get("device") is None:
            raise RuntimeError("Cannot re-initialize CUDA in forked subprocess.")
        return func(*args, **(kwargs or {}))


def rows(design: anc.Design | None = None) -> torch.Tensor:
    stream = anc.MetaIterableDataset(FAMILY, n_samples=None if design else 6, batch_size=2, design=design)
    scaled: Any = anc.collate(next(iter(stream)), normalize="standardize")
    return scaled["X"] if design else scaled.X


@pytest.mark.parametrize(
    "call",
    [
        rows,
        lambda: rows(DESIGN),
        lambda: anc.MetaFixedDataset(FAMILY, n_tasks=3, n_samples=6)[2].X,
        lambda: FAMILY.sample_task(1).do({0: 1.0}).sample(5, draw=0),
        lambda: FAMILY.sample_task(1).sample_from_noise(FAMILY.sample_task(1).noise(5, draw=0)).detach(),
        lambda: torch.tensor(FAMILY.component_counts(5), device="cpu"),
    ],
    ids=["stream", "design", "set", "do", "noise", "components"],
)
def test_a_worker_needs_no_other_device_than_the_cpu(call: Callable[[], torch.Tensor]) -> None:
    expected = call()
    with OutOfReach("cuda"):
        with pytest.raises(RuntimeError, match="Cannot re-initialize"):
            torch.empty(0)
        found = call()
    assert found.equal(expected)
