"""The orders of a training stream: the seeds of the tasks that each rank's workers hold in a pass."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
import torch.utils.data
from numpy.typing import NDArray
from torch import Tensor

from ..._engine import _ffi
from .pass_starts import Start
from .rank import Rank

ORDERS = ("elastic", "stream")
_ELASTIC = -1  # The engine's word for tasks that are numbered over all streams.


class Stream(NamedTuple):
    """One of the world_size * workers streams of a run."""

    rank: int
    world_size: int
    worker: int
    workers: int

    @property
    def offset(self) -> int:
        """The document's number, rank * num_workers + worker_id."""
        return self.rank * self.workers + self.worker

    @property
    def turn(self) -> int:
        """When this stream gets its batch in each round of the elastic order: all ranks' first workers, then all second ones.

        A DataLoader takes its workers in turn, so the n-th batch of a rank is global batch n * world_size + rank for every
        number of workers, and when each rank has taken n batches they are the first n * world_size without a gap. By
        `offset` neither would hold with several ranks and several workers.
        """
        return self.worker * self.world_size + self.rank

    @property
    def streams(self) -> int:
        """The number of streams."""
        return self.world_size * self.workers


@dataclass(frozen=True)
class Order:
    """The tasks of one stream of a pass, in local batches of `batch` tasks.

    "elastic": tasks are numbered over all streams and dealt out in whole batches, so that what a rank sees does not
    depend on its number of workers: local batch b is global batch G = b * stream.streams + stream.turn of this pass, tasks
    position + G * batch and on. "stream": each stream counts tasks of its own, from position on.
    """

    kind: str
    base_seed: int
    start: Start
    batch: int
    stream: Stream

    def seeds(self, first: int, count: int = 1) -> Tensor:
        """The seeds of local batches first .. first + count - 1: int64 [count * batch]."""
        if self.kind == "stream":
            return self._numbers(self.stream.offset, self.position(first), count * self.batch)
        if self.batch == 1:
            step = self.stream.streams
            return self._numbers(_ELASTIC, self._number(first), (count - 1) * step + 1)[::step].contiguous()
        batches = [self._numbers(_ELASTIC, self._number(first + index), self.batch) for index in range(count)]
        return batches[0] if count == 1 else torch.cat(batches)

    def places(self, first: int, count: int = 1) -> NDArray[np.int64]:
        """Epoch and number of each task that `seeds` gives, in the elastic order: int64 [count * batch, 2]."""
        places = np.empty((count, self.batch, 2), np.int64)
        places[:, :, 0] = self.start.epoch
        for index in range(count):
            start = self._number(first + index)
            places[index, :, 1] = np.arange(start, start + self.batch)
        return places.reshape(-1, 2)

    def position(self, done: int) -> int:
        """The start of a pass that would hold what is left after `done` local batches of each stream."""
        return self.start.position + done * self.batch * (1 if self.kind == "stream" else self.stream.streams)

    def _number(self, batch: int) -> int:
        """The seed of the first task of a local batch."""
        return self.position(batch) + self.stream.turn * self.batch

    def _numbers(self, offset: int, first: int, count: int) -> Tensor:
        # Epoch 0 is the stream itself, without a fold.
        return _ffi.stream_seeds(self.base_seed, offset, self.start.epoch or -1, first, count)


def this_stream(rank: Rank) -> Stream:
    """That of this DataLoader worker, or of this process outside one."""
    worker = torch.utils.data.get_worker_info()
    if worker is None:
        return Stream(rank.rank, rank.world_size, 0, 1)
    return Stream(rank.rank, rank.world_size, worker.id, worker.num_workers)
