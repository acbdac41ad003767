"""The sources of a TaskLoader: passes over a stream, a fixed set or a corpus, whose batches are known by their numbers."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ..._corpus.dataset import CorpusDataset
from ..._engine.checks import whole_number
from ..batches.task import Batch
from ..sets.fixed_dataset import MetaFixedDataset
from ..stream.iterable_dataset import MetaIterableDataset
from ..stream.rank import find_rank
from ..stream.stream_state import check_identity
from ..stream.task_iterator import TaskIterator
from .fixed_batches import FixedBatches

_FORMAT = 1


class Started(Protocol):
    """A pass that has begun."""

    stop: int | None
    """The number after its last batch, or None."""

    @property
    def done(self) -> int:
        """The number of the batch that is yielded next."""
        ...

    def batch(self, index: int, stopped: Callable[[], bool]) -> Batch:
        """The batch of a number; several threads may ask at once."""
        ...

    def skip(self) -> None:
        """Counts a batch as yielded."""
        ...


class Source(Protocol):
    """A dataset in batches."""

    @property
    def length(self) -> int | None:
        """The batches of a whole pass; None without end."""
        ...

    def begin(self) -> Any: ...

    def state(self, started: Any) -> dict[str, Any]:
        """The state of a pass; with None, of the dataset before the next."""
        ...

    def load(self, state: Mapping[str, Any]) -> None: ...


class StreamSource:
    """A stream, whose iterators know their place."""

    length = None

    def __init__(self, dataset: MetaIterableDataset) -> None:
        self._dataset = dataset

    def begin(self) -> TaskIterator:
        return iter(self._dataset)

    def state(self, started: TaskIterator | None) -> dict[str, Any]:
        return self._dataset.next_state() if started is None else started.state_dict()

    def load(self, state: Mapping[str, Any]) -> None:
        self._dataset.resume(state)


class FixedSource:
    """This rank's batches of a fixed set or a corpus."""

    def __init__(self, dataset: MetaFixedDataset | CorpusDataset, batch_size: int) -> None:
        rank = find_rank()
        self._batches = FixedBatches(dataset, batch_size, rank)
        self._dataset = dataset
        self._identity = {"format": _FORMAT, "tasks": len(dataset), "batch_size": batch_size, "world_size": rank.world_size}
        self._next = 0

    @property
    def length(self) -> int:
        return len(self._batches)

    def begin(self) -> "_FixedPass":
        first, self._next = self._next, 0
        return _FixedPass(self._batches, first)

    def state(self, started: "_FixedPass | None") -> dict[str, Any]:
        """A pass that was read to its end counts as not begun."""
        return {**self._identity, **self._marks, "batches": self._next if started is None else started.done % self.length}

    def load(self, state: Mapping[str, Any]) -> None:
        check_identity(state, {**self._identity, **self._marks}, "the fixed set's own")
        self._next = whole_number(state.get("batches"), "state['batches']", 0, self.length - 1)

    @property
    def _marks(self) -> dict[str, Any]:
        dataset = self._dataset
        if isinstance(dataset, CorpusDataset):
            return {"fingerprint": dataset.fingerprint}
        return dataset._identity()  # pyright: ignore[reportPrivateUsage]


class _FixedPass:
    def __init__(self, batches: FixedBatches, first: int) -> None:
        self._batches = batches
        self.done, self.stop = first, len(batches)

    def batch(self, index: int, stopped: Callable[[], bool]) -> Batch:
        return self._batches.draw(index, stopped)

    def skip(self) -> None:
        self.done += 1
