"""TrainLoader: a training stream's batches, going on where they were last taken."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..._engine.checks import whole_number
from ..._engine.threads import RenewedLock
from .iterable_dataset import MetaIterableDataset

MOST_BATCHES = 1 << 31
"""Of a pass that ends."""


class TrainLoader:
    """Batches of a stream; every `iter()` goes on after the last batch that was taken, and so does a resumed run.

    `loader` makes the batches: a TaskLoader, or a DataLoader with any number of workers, whose batches are the same. What
    workers have drawn ahead and nobody took comes again. With `length`, a pass ends after so many batches, on every rank;
    ConfigError when it is no whole number from 1 on.

    `taken` counts a batch when it is yielded. A trainer that fetches batches ahead of their use iterates over `uncounted`, and
    raises `taken` when it has used one.
    """

    def __init__(self, dataset: MetaIterableDataset, loader: Iterable[Any], *, length: int | None = None) -> None:
        self.loader = loader
        self.length = None if length is None else whole_number(length, "length", 1, MOST_BATCHES)
        self.taken = 0
        self._dataset = dataset
        self._since: Mapping[str, Any] | None = None  # The rank may not be known before the first pass.

    def __iter__(self) -> Iterator[Any]:
        return self._begun(counted=True)

    def uncounted(self) -> Iterator[Any]:
        """A pass whose batches the caller counts."""
        return self._begun(counted=False)

    def __len__(self) -> int:
        """Batches of a pass. TypeError without `length`, because a stream is endless."""
        if self.length is None:
            raise TypeError("A TrainLoader without `length` has none: the stream is endless.")
        return self.length

    def __bool__(self) -> bool:
        """True; trainers ask it of what may be None."""
        return True

    def state_dict(self) -> dict[str, Any]:
        """The place of the next batch in the stream, in a few numbers and texts."""
        if self._since is None:
            return self._dataset.next_state()
        # Counted by the ranks that took them, though this process may have left their group or be a copy in another one.
        batch = self._since["world_size"] * (self._since["batch_size"] or 1)
        return {**self._since, "position": self._since["position"] + self.taken * batch}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Lets the next pass go on where `state_dict` was saved. ConfigError when it is of another stream or format."""
        self._since, self.taken = self._dataset.state_after(0, since=state_dict), 0

    def _begun(self, *, counted: bool) -> Iterator[Any]:
        self._since, self.taken = self._dataset.state_after(0, since=self.state_dict()), 0
        self._dataset.resume(self._since)
        return _Pass(self, iter(self.loader), self._since if counted else None)

    def count(self, since: Mapping[str, Any]) -> None:
        """A batch was taken of the pass that began at `since`."""
        if self._since is since:  # Not where another has begun, or a state was loaded, while somebody still holds that one.
            self.taken += 1


class _Pass(Iterator[Any]):
    """One pass of a TrainLoader, whose batches are counted from `since`; several threads may take them."""

    def __init__(self, loader: TrainLoader, batches: Iterator[Any], since: Mapping[str, Any] | None) -> None:
        self._loader, self._batches, self._since = loader, batches, since
        self._done = 0
        self._turn = RenewedLock()

    def __next__(self) -> Any:
        with self._turn.held:
            if self._done == self._loader.length:
                raise StopIteration
            batch = next(self._batches)
            self._done += 1
            if self._since is not None:
                self._loader.count(self._since)
        return batch
