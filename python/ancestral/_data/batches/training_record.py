"""The record of a training stream: an even sample of its tasks, written down as they are drawn, for a registry to hold.

The tasks with the smallest seeds are kept. Seeds are as good as random, so these are an even sample of all that were drawn, and
the same one whatever the workers, the threads and the order. Few tasks have a seed small enough: of a million tasks some eight
thousand come in, and only then is anything hashed or locked.
"""

from typing import NamedTuple, cast

import numpy as np
import torch
from torch import Tensor

from ..._engine.checks import seeds_from_tensor
from ..._engine.shared_table import SharedTable
from ..._files.locks import locked

SIZE = 1000
_COLUMNS = 7  # Seed, epoch, number, and four words of the hash.
_LARGEST = (1 << 63) - 1


class Drawn(NamedTuple):
    """A task that was drawn."""

    epoch: int
    number: int
    """In the stream of its epoch, over all ranks."""
    seed: int
    """The seed of its slot, before any graph was rejected; in [0, 2^64)."""
    hash: str
    """The hash of its graph, at level "exact": 64 hex digits."""


class Record(SharedTable):
    """The sample, in shared memory: copies that reach a worker share it, others get their own."""

    def __init__(self) -> None:
        # Row 0 has the number of rows and the largest seed that still comes in, as signed bits, in whose order rows stand.
        super().__init__(1 + SIZE, _COLUMNS)
        self._table[0, 1] = _LARGEST

    def wants(self, seeds: Tensor) -> bool:
        """True if one of the tasks of `seeds`, int64 [B], comes in."""
        return bool((seeds.numpy() <= self._table.numpy()[0, 1]).any())

    def add(self, seeds: Tensor, places: Tensor, hashes: Tensor) -> None:
        """Tasks of `seeds`, int64 [B], at `places`, int64 [B, 2] (epoch, number), whose graphs have `hashes`, uint8 [B, 32]."""
        rows = torch.cat([seeds[:, None], places, hashes.view(torch.int64).view(-1, 4)], dim=1).numpy()
        with locked(__file__):
            table = self._table.numpy()  # Whose indexing torch spreads over threads, which costs far more than so few rows.
            old = table[1 : 1 + table[0, 0]]
            new = rows[rows[:, 0] <= table[0, 1]]
            # Loaders draw a task again that nobody took. With another graph it is another finding.
            same, there = (new[:, :1] == old[:, 0]).nonzero()
            again = same[(new[same] == old[there]).all(1)]
            merged = np.concatenate([old, np.delete(new, again, axis=0)])
            merged = merged[merged[:, 0].argsort(kind="stable")][:SIZE]
            table[1 : 1 + len(merged)] = merged
            table[0, 0] = len(merged)
            if len(merged) == SIZE:
                table[0, 1] = merged[-1, 0]

    @property
    def tasks(self) -> list[Drawn]:
        """The sample, in the order of the stream."""
        with locked(__file__):
            rows = self._table[1 : 1 + int(self._table[0, 0])].clone()
        seeds = seeds_from_tensor(rows[:, 0])
        places = cast("list[list[int]]", rows[:, 1:3].tolist())
        hashes = cast("list[list[int]]", rows[:, 3:].contiguous().view(torch.uint8).tolist())
        found = zip(places, seeds, hashes, strict=True)
        return sorted(Drawn(epoch, number, seed, bytes(digest).hex()) for (epoch, number), seed, digest in found)
