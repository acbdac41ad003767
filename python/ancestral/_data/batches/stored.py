"""Stored tasks of a stream, which are read instead of drawn."""

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor

from ..._engine import _ffi
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
    places: Tensor,
    *,
    shared: bool | None,
    adjacency: bool,
    tally: Tally | None,
    record: Record | None,
) -> Stacked | None:
    """The tasks at `places`, int64 [B, 2] (epoch, number), counted and recorded as if they were drawn; None where one is not
    stored. How many attempts were rejected for them nobody knows any more, so that none is counted."""
    if bool(places[:, 0].any()) or int(places[:, 1].max()) >= len(stored):
        return None
    numbers = _ffi.integers(places[:, 1])
    tasks = stored.stacked(numbers, shared=shared)
    if tally is not None:
        tally.add(len(seeds), 0)
    if record is not None and record.wants(seeds):
        record.add(seeds, places, stored.hashes(numbers))
    return tasks if adjacency else tasks.rows_alone()
