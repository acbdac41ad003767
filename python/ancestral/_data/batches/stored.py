"""Stored tasks of a stream, which are read instead of drawn."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from .rejections import Tally
from .stacked import Stacked
from .training_record import Record


class Stored(Protocol):
    """The first tasks of a stream's first pass, as a corpus holds them."""

    def __len__(self) -> int: ...

    def stacked(self, numbers: Sequence[int], *, shared: bool | None) -> Stacked:
        """Tasks by their numbers, with all arrays; `shared` is that of `empty`."""
        ...

    def hashes(self, numbers: Sequence[int]) -> Tensor:
        """Of their graphs, uint8 [B, 32]."""
        ...


def read_stored(
    stored: Stored,
    seeds: Tensor,
    places: NDArray[np.int64],
    *,
    shared: bool | None,
    adjacency: bool,
    tally: Tally | None,
    record: Record | None,
) -> Stacked | None:
    """The tasks at `places`, int64 [B, 2] (epoch, number), counted and recorded as if they were drawn; None where one is not
    stored. How many attempts were rejected for them nobody knows any more, so that none is counted."""
    if places[:, 0].any() or places[:, 1].max() >= len(stored):
        return None
    numbers: list[int] = places[:, 1].tolist()
    tasks = stored.stacked(numbers, shared=shared)
    if tally is not None:
        tally.add(len(seeds), 0)
    if record is not None and len(coming := record.coming(seeds)) > 0:
        record.add(coming, seeds, places, stored.hashes(numbers))
    return tasks if adjacency else tasks.rows_alone()
