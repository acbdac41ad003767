"""`clear_of`: a fixed set's seeds, those of retries where its graphs are others'."""

import torch
from torch import Tensor

from ..._engine import _ffi
from ..._engine.checks import seeds_from_tensor, seeds_to_tensor
from ..._engine.memory import empty
from ..._scm.family import SCMFamily
from ..._scm.hash_registry import HashRegistry


def clear_of(family: SCMFamily, seeds: Tensor, taken: HashRegistry) -> Tensor:
    """The seeds, where one of a graph in `taken` is replaced by that of the first attempt with another graph: int64 [count].

    DisjointnessError when no graph is left.
    """
    attempts = empty(len(seeds), dtype=torch.int32)
    family._fill(seeds, 0, reserved=taken.frozen(), attempts=attempts)  # pyright: ignore[reportPrivateUsage]
    tries = _ffi.integers(attempts)
    first = seeds_from_tensor(seeds)
    return seeds_to_tensor(
        seed if attempt == 0 else _ffi.retry_seed(seed, attempt) for seed, attempt in zip(first, tries, strict=True)
    )
