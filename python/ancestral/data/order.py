"""Which tasks one stream of a pass holds, as seeds."""

from dataclasses import dataclass

import torch
import torch.utils.data
from torch import Tensor

from .. import _ffi
from .passes import Start
from .rank import Rank

ORDERS = ("elastic", "stream")
_ELASTIC = -1  # The engine's word for tasks that are numbered over all streams.


@dataclass(frozen=True)
class Order:
    """The tasks of stream `offset` of `streams`, in local batches of `batch` tasks.

    "elastic": tasks are numbered over all streams and dealt out in whole batches, so that what a rank sees does not
    depend on its number of workers: local batch b is global batch G = b * streams + offset of this pass, tasks
    position + G * batch and on. "stream": each offset counts tasks of its own, from position on.
    """

    kind: str
    base_seed: int
    start: Start
    batch: int
    offset: int
    streams: int

    def seeds(self, first: int, count: int = 1) -> Tensor:
        """Of local batches first .. first + count - 1: int64 [count * batch]."""
        if self.kind == "stream":
            return self._numbers(self.offset, self.position(first), count * self.batch)
        if self.batch == 1 and count > 1:
            return self._numbers(_ELASTIC, self._global(first), (count - 1) * self.streams + 1)[:: self.streams].contiguous()
        return torch.cat([self._numbers(_ELASTIC, self._global(first + b), self.batch) for b in range(count)])

    def position(self, done: int) -> int:
        """Where a pass would start to hold what is left after `done` local batches of each stream."""
        return self.start.position + done * self.batch * (1 if self.kind == "stream" else self.streams)

    def _global(self, batch: int) -> int:
        return self.position(batch) + self.offset * self.batch

    def _numbers(self, offset: int, first: int, count: int) -> Tensor:
        # Epoch 0 is the stream itself, without a fold.
        return _ffi.stream_seeds(self.base_seed, offset, self.start.epoch or -1, first, count)


def stream_of(rank: Rank) -> tuple[int, int]:
    """(offset, streams) of the stream that this process or worker holds: offset = rank * num_workers + worker_id."""
    worker = torch.utils.data.get_worker_info()
    workers, worker_id = (1, 0) if worker is None else (worker.num_workers, worker.id)
    return rank.rank * workers + worker_id, rank.world_size * workers
