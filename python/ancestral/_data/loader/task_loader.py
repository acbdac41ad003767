"""TaskLoader: batches made by threads of this process, ahead of the training loop."""

import functools
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch

from ..._corpus.dataset import CorpusDataset
from ..._engine.checks import check_callable, truth, unstopped, whole_number
from ..._engine.errors import ConfigError, EngineError
from ..._engine.threads import RenewedLock, checked_threads
from ..._engine.torch_modes import in_plain
from ..._mechanisms.forward import check_device, check_present
from ..batches.device_tensors import can_pin, on_device, pin
from ..sets.fixed_dataset import MetaFixedDataset
from ..stream.iterable_dataset import MetaIterableDataset
from ..stream.stream_state import warn_without_fingerprint
from .batch_sources import FixedSource, Source, Started, StreamSource
from .prefetch_queue import CLOSED, Make, Ring

MOST_BATCHES_AHEAD = 1 << 10


class TaskLoader:
    """Batches of a stream, a fixed set or a corpus, made ahead by threads of this process while the training loop works.

        with anc.TaskLoader(stream, batch_size=32) as loader:
            for X, adjacency in loader:
                ...                      # the batches of DataLoader(stream in batches of 32, batch_size=None)

    `batch_size` may be left out for a stream that has one.

    A stream is endless, a fixed set or a corpus finite and in order. Of several ranks, rank r gets its tasks r, r + world_size,
    ..., each task once, and all get equally many batches; a rank with one task less may have smaller ones, and a set too small
    for that is refused. Batches and their order are the same for every number of `threads`; each thread fills one whole batch,
    with the engine's code, which needs no GIL. At most `threads + prefetch` batches wait. Strategies written in Python are run
    in the calling thread.

    `collate_fn` is applied to each stacked batch in the threads, such as `functools.partial(anc.collate,
    normalize="standardize")`. `pin_memory` copies batches into pinned memory where there is an accelerator, and `device`
    moves them there when they are taken.

    Each `iter()` is a new pass over the dataset, and ends the one before, which then raises EngineError. Threads end with the
    pass: when it is read to its end, raises, is closed, or nobody holds it any more. Several threads of yours may take from one
    pass: each batch goes to one of them. Raises ConfigError for a wrong value, and `iter()` for a device that torch lacks here,
    or EngineError where the system has no thread left.
    """

    def __init__(
        self,
        dataset: MetaIterableDataset | MetaFixedDataset | CorpusDataset,
        *,
        batch_size: int | None = None,
        threads: int | None = None,
        prefetch: int = 2,
        pin_memory: bool = False,
        device: torch.device | str | None = None,
        collate_fn: Callable[[Any], Any] | None = None,
    ) -> None:
        self.dataset = dataset
        self.batch_size = _size(dataset, batch_size)
        self.threads = checked_threads(threads)
        self.prefetch = whole_number(prefetch, "prefetch", 0, MOST_BATCHES_AHEAD)
        self.pin_memory = truth(pin_memory, "pin_memory") and can_pin()
        self.device = None if device is None else check_device(device)
        self._collate = check_callable(collate_fn, "collate_fn")
        self._source = _source(dataset, self.batch_size)
        self._started: Started | None = None
        self._clock = _Clock()
        # Not the pass itself, whose threads end when a loop is left and it is collected.
        self._end: Callable[[], None] | None = None

    def __iter__(self) -> Iterator[Any]:
        self.close()
        device = None if self.device is None else check_present(str(self.device))
        started = self._source.begin()
        self._started, self._clock = started, _Clock()
        threads = self.threads if isinstance(self.dataset, CorpusDataset) or self.dataset.family.in_engine else 0
        make = functools.partial(_make, started, self._collate, self.pin_memory)
        batches = _Pass(started, make, threads, self.prefetch, device, self._clock)
        self._end = batches.end
        return batches

    def __len__(self) -> int:
        """The batches of a pass over a fixed set. TypeError for a stream, which has no end."""
        if self._source.length is None:
            raise TypeError("A TaskLoader over a stream has no length: the stream is endless.")
        return self._source.length

    def __bool__(self) -> bool:
        """True where there is a batch, and for a stream; trainers ask it of what may be None."""
        return self._source.length != 0

    @property
    def waiting(self) -> float:
        """The share of the newest pass's time that was spent waiting for a batch, 0 to 1; 0 before the first batch."""
        return self._clock.share

    def state_dict(self) -> dict[str, Any]:
        """The place of the newest pass, in a few numbers and texts; a batch counts as soon as it was yielded.

        That of a stream is the state that its own iterators and `state_after` give.
        """
        if not isinstance(self.dataset, CorpusDataset):
            warn_without_fingerprint(self.dataset.family)
        return self._source.state(self._started)

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Lets the next `iter()` go on where `state_dict` was saved. ConfigError when it is of another dataset or format."""
        self._source.load(state_dict)
        self.close()
        self._started = None

    def close(self) -> None:
        """Ends the threads of the pass that is going on; the loader can be used again."""
        if self._end is not None:
            self._end()

    def __enter__(self) -> "TaskLoader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_started": None, "_end": None}

    def __repr__(self) -> str:
        return f"TaskLoader({self.dataset!r}, batch_size={self.batch_size}, threads={self.threads})"


class _Pass(Iterator[Any]):
    """One pass of a TaskLoader."""

    def __init__(
        self, started: Started, make: Make[Any], threads: int, ahead: int, device: torch.device | None, clock: "_Clock"
    ) -> None:
        self._started, self._make, self._clock = started, make, clock
        first, stop = started.done, started.stop
        self._ring = Ring(make, first=first, stop=stop, threads=threads, ahead=ahead) if threads else None
        self._device = device
        self._turn = RenewedLock()
        self._is_closed = False

    @in_plain
    def __next__(self) -> Any:
        if self._ring is not None:
            return self._counted(self._ring.take)
        with self._turn.held:
            if self._is_closed:
                raise EngineError(CLOSED)
            return self._counted(self._drawn)

    def _counted(self, take: Callable[[], Any]) -> Any:
        asked = time.perf_counter()
        batch = take()
        if self._device is not None:
            batch = self._moved(batch, self._device)
        self._started.skip()
        self._clock.waited(asked, time.perf_counter())
        return batch

    def _moved(self, batch: Any, device: torch.device) -> Any:
        try:
            return on_device(batch, device)
        except BaseException:
            self.end()  # A batch is lost that the state doesn't count: what came next would come again.
            raise

    def _drawn(self) -> Any:
        if self._started.done == self._started.stop:
            raise StopIteration
        return self._make(self._started.done, lambda: False)

    @property
    def end(self) -> Callable[[], None]:
        """Ends the threads, without a reference to this pass, or a pass that has none."""
        return self._close if self._ring is None else self._ring.closer

    def _close(self) -> None:
        self._is_closed = True


class _Clock:
    """The time that a loop waited, from when it first asked to when it last got something."""

    def __init__(self) -> None:
        self._first: float | None = None
        self._waited = self._spent = 0.0

    def waited(self, asked: float, got: float) -> None:
        self._first = asked if self._first is None else self._first
        self._waited += got - asked
        self._spent = got - self._first

    @property
    def share(self) -> float:
        return self._waited / self._spent if self._spent > 0 else 0.0


def _make(
    started: Started, collate: Callable[[Any], Any] | None, pinned: bool, number: int, stopped: Callable[[], bool]
) -> Any:
    """The batch of a number, drawn and then worked on."""
    batch: Any = started.batch(number, stopped)
    finished = batch if collate is None else unstopped(collate, "collate_fn", batch)
    return pin(finished) if pinned else finished


def _size(dataset: Any, batch_size: int | None) -> int:
    """What was asked for, or else the size of the batches that the dataset makes."""
    if batch_size is not None:
        return batch_size
    own: int | None = dataset.batch_size if isinstance(dataset, MetaIterableDataset) else None
    if own is None:
        raise ConfigError("batch_size is missing: must be given for a dataset that has none of its own.")
    return own


def _source(dataset: Any, batch_size: int) -> Source:
    if isinstance(dataset, MetaIterableDataset):
        return StreamSource(dataset.batched(batch_size))
    if isinstance(dataset, (MetaFixedDataset, CorpusDataset)):
        return FixedSource(dataset, batch_size)
    raise ConfigError(
        f"dataset is of type {type(dataset).__name__}: must be a MetaIterableDataset, a MetaFixedDataset or a CorpusDataset; "
        "torch's DataLoader takes others."
    )
