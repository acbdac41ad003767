"""The count of a stream's rejected attempts, over all of its workers."""

from typing import NamedTuple

import torch.utils.data

from ..._engine import _ffi
from ..._engine.shared_table import SharedTable
from ..._engine.threads import RenewedLock

_ROWS = 256


class Rejections(NamedTuple):
    """Tasks drawn, and attempts that were rejected on the way: their graphs are reserved, or have no room for the design, or
    their values are not finite and the family has `divergence="redraw"`."""

    tasks: int
    """The number of tasks drawn."""
    rejected: int
    """The number of attempts that were rejected for them."""

    @property
    def rate(self) -> float:
        """The share of attempts that was rejected: where nothing but reserved graphs is, an estimate of the reserved mass. 0
        before the first task."""
        return self.rejected / max(1, self.tasks + self.rejected)


class Tally(SharedTable):
    """A count in shared memory with a row for each worker; copies that reach a worker share it, others get their own."""

    def __init__(self) -> None:
        super().__init__(_ROWS, 2)

    def add(self, tasks: int, rejected: int) -> None:
        """Counts what this process or worker has drawn."""
        worker = torch.utils.data.get_worker_info()
        row = 0 if worker is None else 1 + worker.id % (_ROWS - 1)
        with _lock.held:
            counts = self._table.numpy()  # Sums of two numbers take torch ten times as long.
            counts[row, 0] += tasks
            counts[row, 1] += rejected

    @property
    def total(self) -> Rejections:
        """Over all rows; workers that draw ahead count what they have drawn."""
        return Rejections(*_ffi.integers(self._table.sum(0)))


_lock = RenewedLock()
