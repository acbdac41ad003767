"""The batches of a fixed set, in order, and which of them a rank gets."""

from collections.abc import Callable
from typing import cast

import torch
import torch.utils.data
from torch import Tensor

from ..._corpus.dataset import CorpusDataset
from ..._engine.checks import whole_number
from ..._engine.errors import ConfigError
from ..batches.task import Batch
from ..sets.fixed_dataset import MetaFixedDataset
from ..stream.rank import Rank, find_rank

_MOST_TASKS = 1 << 20


class FixedBatches(torch.utils.data.Dataset[Batch]):
    """A fixed set's or a corpus's tasks in batches, in order; for `DataLoader(.., batch_size=None)` with any number of workers.

    With several ranks each task comes once on one of them, and all ranks have equally many batches, so that none waits for
    the others at the end: rank r has tasks r, r + world_size, ..., and a rank with one task less may have smaller batches.
    Raises ConfigError when there are too few tasks for that.
    """

    def __init__(self, dataset: MetaFixedDataset | CorpusDataset, batch_size: int, rank: Rank | None = None) -> None:
        super().__init__()
        self.dataset = dataset
        self.batch_size = whole_number(batch_size, "batch_size", 1, _MOST_TASKS)
        self._parts = _share(len(dataset), self.batch_size, rank or find_rank())

    def __getitem__(self, index: int) -> Batch:
        """The batch of that number: Task, or PaddedTask for a family with a range of node counts."""
        return self.dataset._batch(self._parts[index])  # pyright: ignore[reportPrivateUsage]

    def draw(self, index: int, stopped: Callable[[], bool]) -> Batch:
        """The same on one engine thread, given up when `stopped` says so."""
        return self.dataset._batch(self._parts[index], threads=1, stopped=stopped)  # pyright: ignore[reportPrivateUsage]

    def __len__(self) -> int:
        return len(self._parts)


def _share(count: int, batch_size: int, rank: Rank) -> list[Tensor]:
    most = -(-count // rank.world_size)
    batches = -(-most // batch_size)
    if count // rank.world_size < batches:
        raise ConfigError(
            f"A fixed set of {count} tasks on {rank.world_size} ranks with batch_size = {batch_size}: must have a multiple of "
            f"{rank.world_size} tasks, or every rank at least {batches}, so that all have equally many batches."
        )
    own = torch.arange(rank.rank, count, rank.world_size, device="cpu")
    parts = cast(
        "tuple[Tensor, ...]", own.split(batch_size) if len(own) > batch_size * (batches - 1) else own.tensor_split(batches)
    )
    return list(parts)
