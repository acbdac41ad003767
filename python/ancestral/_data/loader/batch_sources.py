"""The sources of a TaskLoader: passes over a stream, a fixed set or a corpus, whose batches are known by their numbers."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ..._corpus.dataset import CorpusDataset
from ..._engine.checks import whole_number
from ..._engine.lazy import lazy
from ..batches.given_rows import identity
from ..batches.task import Batch
from ..sets.fixed_dataset import MetaFixedDataset
from ..stream.iterable_dataset import MetaIterableDataset
from ..stream.rank import find_rank
from ..stream.stream_state import check_identity
from ..stream.task_iterator import TaskIterator
from .fixed_batches import FixedBatches

_FORMAT = 1


class StreamSource:
    """A stream, whose iterators know their place."""

    length = None
    """The batches of a whole pass; None without end."""

    def __init__(self, dataset: MetaIterableDataset) -> None:
        self._dataset = dataset

    def begin(self) -> TaskIterator:
        return iter(self._dataset)

    def state(self, started: Any) -> dict[str, Any]:
        """The state of a pass; with None, of the dataset before the next."""
        return self._dataset.next_state() if started is None else started.state_dict()

    def load(self, state: Mapping[str, Any]) -> None:
        self._dataset.resume(state)


class FixedSource:
    """This rank's batches of a fixed set or a corpus."""

    def __init__(self, dataset: MetaFixedDataset | CorpusDataset, batch_size: int) -> None:
        rank = find_rank()
        self._batches = FixedBatches(dataset, batch_size, rank)
        self._dataset = dataset
        self._sizes = {"format": _FORMAT, "tasks": len(dataset), "batch_size": batch_size, "world_size": rank.world_size}
        self._next = 0

    @property
    def length(self) -> int:
        return len(self._batches)

    def begin(self) -> "FixedPass":
        first, self._next = self._next, 0
        return FixedPass(self._batches, first)

    def state(self, started: Any) -> dict[str, Any]:
        """A pass that was read to its end counts as not begun."""
        return {**self._identity, "batches": self._next if started is None else started.done % self.length}

    def load(self, state: Mapping[str, Any]) -> None:
        check_identity(state, self._identity, "the fixed set's own")
        self._next = whole_number(state.get("batches"), "state['batches']", 0, self.length - 1)

    @lazy
    def _identity(self) -> dict[str, Any]:
        dataset = self._dataset
        if isinstance(dataset, CorpusDataset):
            return {**self._sizes, "base_seed": f"{dataset.base_seed:016x}", "fingerprint": dataset.fingerprint}
        seeds = dataset._seeds.numpy()  # pyright: ignore[reportPrivateUsage]
        return {**self._sizes, "seeds": hashlib.sha256(seeds.tobytes()).hexdigest(), **identity(dataset.family, dataset.design)}


class FixedPass:
    """A pass that has begun: `done` is the number of the batch that is yielded next, `stop` the one after the last."""

    def __init__(self, batches: FixedBatches, first: int) -> None:
        self._batches = batches
        self.done, self.stop = first, len(batches)

    def batch(self, index: int, stopped: Callable[[], bool]) -> Batch:
        """The batch of a number; several threads may ask at once."""
        return self._batches.draw(index, stopped)

    def skip(self) -> None:
        """Counts a batch as yielded."""
        self.done += 1


Source: TypeAlias = StreamSource | FixedSource
"""A dataset in batches."""
Started: TypeAlias = TaskIterator | FixedPass
"""A pass over one."""
