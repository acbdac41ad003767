"""The record of a training stream: an even sample of its tasks, written down as they are drawn, for a registry to hold.

The tasks with the smallest seeds are kept. Seeds are as good as random, so these are an even sample of all that were drawn, and
the same one whatever the workers, the threads and the order. Few tasks have a seed small enough: of a million tasks some eleven
thousand come in, and only then is anything hashed or locked.
"""

from typing import Any, NamedTuple, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..._engine.checks import seeds_from_tensor
from ..._engine.shared_table import SharedTable
from ..._files.locks import locked

SIZE = 1000
_ROOM = 2 * SIZE
"""Rows gather unsorted up to so many, as sorting them for each batch would cost the first ones more than drawing them."""
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
        # Row 0 has the number of rows and the largest seed that still comes in, as signed bits, in whose order rows are sorted.
        super().__init__(1 + _ROOM, _COLUMNS)
        self._table[0, 1] = _LARGEST

    # In numpy, since the first operations of torch after an engine's call take ten times as long as these.
    def coming(self, seeds: Tensor) -> NDArray[np.int64]:
        """Which of the tasks of `seeds`, int64 [B], come in: their indices."""
        return (seeds.numpy() <= self._table.numpy()[0, 1]).nonzero()[0]

    def add(self, coming: NDArray[np.int64], seeds: Tensor, places: NDArray[np.int64], hashes: Tensor) -> None:
        """The tasks at the indices `coming` of those of `seeds`, int64 [B], at `places`, int64 [B, 2] (epoch, number), whose
        graphs have `hashes`, uint8 [B, 32]."""
        table = self._table.numpy()
        rows = np.empty((len(coming), _COLUMNS), np.int64)
        rows[:, 0] = seeds.numpy()[coming]
        rows[:, 1:3] = places[coming]
        rows[:, 3:] = hashes.numpy().view(np.int64)[coming]
        with locked(__file__):
            for first in range(0, len(rows), SIZE):
                part = rows[first : first + SIZE]
                if table[0, 0] + len(part) > _ROOM:
                    self._settle()
                count = int(table[0, 0])
                table[1 + count : 1 + count + len(part)] = part
                table[0, 0] = count + len(part)

    @property
    def tasks(self) -> list[Drawn]:
        """The sample, in the order of the stream."""
        with locked(__file__):
            self._settle()
            rows = self._table[1 : 1 + int(self._table[0, 0])].clone()
        seeds = seeds_from_tensor(rows[:, 0])
        places = cast("list[list[int]]", rows[:, 1:3].tolist())
        hashes = cast("list[list[int]]", rows[:, 3:].contiguous().view(torch.uint8).tolist())
        found = zip(places, seeds, hashes, strict=True)
        return sorted(Drawn(epoch, number, seed, bytes(digest).hex()) for (epoch, number), seed, digest in found)

    def _settle(self) -> None:
        """Leaves the smallest seeds, each finding once; only under the lock."""
        table = self._table.numpy()
        rows = table[1 : 1 + table[0, 0]]
        rows = rows[np.lexsort(cast(Any, rows.T[::-1]))]
        # Loaders draw a task again that nobody took. With another graph it is another finding.
        again = np.zeros(len(rows), dtype=bool)
        again[1:] = (rows[1:] == rows[:-1]).all(1)
        kept = rows[~again][:SIZE]
        table[1 : 1 + len(kept)] = kept
        table[0, 0] = len(kept)
        if len(kept) == SIZE:
            table[0, 1] = kept[-1, 0]
