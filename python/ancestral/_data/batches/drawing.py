"""Filling: draws the tasks of seeds by one engine call."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..._config.design import Design, sizes_per_batch
from ..._engine import _ffi, memory
from ..._engine.checks import seeds_from_tensor, seeds_to_tensor, unstopped
from ..._engine.lazy import lazy
from ..._engine.threads import thread_count
from ..._scm.experiment_data import Layout
from ..._scm.family import SCMFamily
from ..._scm.reserved import Reserved
from .kept_memory import KeptMemory
from .rejections import Tally
from .stacked import NODE_MASK, Stacked, task_layout
from .stored import Stored, read_stored
from .task import Batch
from .training_record import Record
from .worker_memory import Memory, empty, is_shared

_MOST_TASKS, _MOST_VALUES = 1 << 12, 1 << 22  # Of one engine call whose tasks nobody keeps.


@dataclass(frozen=True)
class Filling:
    """Draws tasks of a family, none of them reserved: `n_samples` rows each, with or without adjacency; or experiments of a
    design, which says itself how many rows there are."""

    family: SCMFamily
    n_samples: int = 0
    adjacency: bool = True
    reserved: Reserved | None = None
    tally: Tally | None = None
    """Counts tasks and rejections."""
    record: Record | None = None
    """Keeps a sample of the graphs of tasks whose places are given."""
    design: Design | None = None
    stored: Stored | None = None
    """Tasks that are read where their places are given."""
    _kept: KeptMemory = field(default_factory=KeptMemory, compare=False, repr=False)

    @property
    def ragged(self) -> bool:
        """True if tasks differ in their number of nodes."""
        return self.family.max_nodes > self.family.n_nodes

    @lazy
    def layout(self) -> Layout:
        """The arrays of a task, where all batches have the same."""
        if self.design is not None:
            return self.family._layout(self.design)  # pyright: ignore[reportPrivateUsage]
        return task_layout(self.n_samples, self.family.max_nodes, adjacency=self.adjacency)

    @property
    def values(self) -> int:
        """How many numbers a task has."""
        return sum(math.prod(array.shape) for array in self.layout)

    @property
    def at_once(self) -> int:
        """How many tasks are drawn in one call where nobody keeps them."""
        return max(1, min(_MOST_TASKS, _MOST_VALUES // max(1, self.values)))

    def batch(self, seeds: Tensor, **drawing: Any) -> Batch:
        """The stacked tasks of `seeds`, int64 [B]; a ragged family's are padded. `drawing` is that of `draw`."""
        return self.draw(seeds, **drawing).batch(padded=self.ragged)

    def draw(
        self,
        seeds: Tensor,
        *,
        shared: bool | None = None,
        threads: int | None = None,
        stopped: Callable[[], bool] | None = None,
        places: Callable[[], NDArray[np.int64]] | None = None,
        hashes: Tensor | None = None,
        attempts: Tensor | None = None,
    ) -> Stacked:
        """The tasks of `seeds`, int64 [B], in fresh memory; `shared` is that of `empty`.

        `threads` are the engine's, None for as many as there are processors; `stopped` is that of `_ffi.tasks_fill`. `places`
        gives int64 [B, 2], the epoch and the number of each task in its stream. `hashes`, uint8 [B, 32], and `attempts`, int32
        [B], are filled where they are given.
        """
        count = len(seeds)
        if self.stored is not None and places is not None:
            about: dict[str, Any] = {"adjacency": self.adjacency, "tally": self.tally, "record": self.record}
            read = read_stored(self.stored, seeds, places(), shared=shared, **about)
            if read is not None:
                return read
        if attempts is None and self.tally is not None and self._rejects:
            attempts = memory.empty(count, dtype=torch.int32)
        coming = () if self.record is None or places is None else self.record.coming(seeds)
        if hashes is None and len(coming) > 0:
            hashes = memory.empty(count, 32, dtype=torch.uint8)
        layout = self._layout_of(seeds)
        wanted = {array.name: Memory((count, *array.shape), array.dtype) for array in layout}
        if self.design is None and self.ragged:
            wanted[NODE_MASK] = Memory((count, self.family.max_nodes), torch.bool)
        if is_shared(shared):
            arrays = dict(zip(wanted, empty(*wanted.values(), shared=True), strict=True))
        else:
            arrays = {name: self._kept.empty(name, *made) for name, made in wanted.items()}
        self._fill(seeds, layout, arrays, threads=threads, stopped=stopped, hashes=hashes, attempts=attempts)
        if self.tally is not None:
            self.tally.add(count, 0 if attempts is None else int(attempts.sum()))
        if len(coming) > 0 and self.record is not None and hashes is not None and places is not None:
            self.record.add(coming, seeds, places(), hashes)
        return Stacked(arrays, None if self.design is None else layout)

    def taken(self, seeds: Tensor) -> Tensor:
        """The seeds of the attempts that give the tasks, where other attempts were rejected: int64 [B].

        They are for a graph that is reserved or has no room for the design, and for rows that the family draws again.
        """
        if not self._rejects:
            return seeds
        attempts = memory.empty(len(seeds), dtype=torch.int32)
        graphs_alone = self.design is not None and self.family.in_engine and not self._rows_decide
        step = _MOST_TASKS if graphs_alone else self.at_once
        if sizes_per_batch(self.design):
            step = max(1, len(seeds))  # The first seed decides the number of rows of all.
        for first in range(0, len(seeds), step):
            part = slice(first, first + step)
            if graphs_alone:
                self._fill(seeds[part], (), {}, attempts=attempts[part])
            else:
                self.draw(seeds[part], shared=False, attempts=attempts[part])
        tries = zip(seeds_from_tensor(seeds), _ffi.integers(attempts), strict=True)
        return seeds_to_tensor(seed if attempt == 0 else _ffi.retry_seed(seed, attempt) for seed, attempt in tries)

    @property
    def _rejects(self) -> bool:
        """Whether attempts may be rejected."""
        return self.reserved is not None or self.design is not None or self._rows_decide

    @property
    def _rows_decide(self) -> bool:
        return self.family._redraws  # pyright: ignore[reportPrivateUsage]

    def _layout_of(self, seeds: Tensor) -> Layout:
        """The arrays of a batch."""
        if self.design is None or not sizes_per_batch(self.design) or len(seeds) == 0:
            return self.layout
        first = seeds_from_tensor(seeds[:1])[0]
        return self.family._layout(self.design, first)  # pyright: ignore[reportPrivateUsage]

    def _fill(
        self, seeds: Tensor, layout: Layout, arrays: dict[str, Tensor], *, threads: int | None = None, **drawing: Any
    ) -> None:
        told: dict[str, Any] = {"threads": threads or thread_count(), "reserved": self.reserved, **drawing}
        told |= {"design": self.design, "layout": layout}
        fill = self.family._fill  # pyright: ignore[reportPrivateUsage]
        unstopped(fill, "A strategy of the family", seeds, self.n_samples, arrays, **told)
