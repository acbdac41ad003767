"""The starts of passes over a training stream, agreed on by all workers of a pass.

Why this is needed: a DataLoader calls `iter(dataset)` in each of its workers, whose later changes to the dataset never
come back to the parent, and workers draw tasks ahead that the parent never takes. So "go on where the last pass ended"
has no answer that is the same for every number of workers. Instead every pass has a region of task numbers of its own:
pass p starts at p * 2^40. No task comes twice, because within one key the engine's seeds are a permutation, and what a
pass holds depends on nothing but p.

How the workers agree: a journal in shared memory, one entry for each event, which all copies of a dataset see that a
DataLoader made. The first worker of a pass appends where it starts; the others find that entry by the pass's key. The
parent's `set_epoch` and `seek` are entries too, so they reach persistent workers.
"""

import multiprocessing
import os
from typing import NamedTuple, cast

import torch
import torch.utils.data

from ..._engine.errors import ConfigError
from ..._engine.shared_table import SharedTable
from ..._files.locks import locked

TASKS_PER_PASS = 1 << 40
LAST_POSITION = (1 << 62) - 1
_ENTRIES = 256
_CONTROL = 0  # The key of what set_epoch and seek append.


class Start(NamedTuple):
    """The start of a pass."""

    epoch: int
    position: int


class _Entry(NamedTuple):
    consumer: int
    key: int
    epoch: int
    position: int


class Passes(SharedTable):
    """The journal. Copies that reach a worker share it; an ordinary pickle or a deepcopy gets one of its own."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        # Row 0 counts the entries ever made; entry i is in row 1 + i % _ENTRIES. Beside the count is this process's newest,
        # from which others go on, however many passes of theirs have written over it.
        super().__init__(1 + _ENTRIES, 4)
        self._append(_Entry(self._owner, _CONTROL, epoch=0, position=0))

    def begin(self, key: int | None) -> Start:
        """The start of the pass of `key`, in the process that consumes it; None for a pass with a single iterator."""
        consumer = consuming_process()
        with locked(__file__):
            entries = self._newest_first()
            for entry in entries:
                if key is not None and (entry.consumer, entry.key) == (consumer, key):
                    return Start(entry.epoch, entry.position)
            start = _after(self._latest(entries, consumer))
            self._append(_Entry(consumer, -1 if key is None else key, *start))
        return start

    def move(self, position: int, *, epoch: int | None = None, key: int = _CONTROL) -> None:
        """Makes the next pass start at `position`; with the key of a pass, lets that one start there."""
        consumer = consuming_process()
        with locked(__file__):
            if epoch is None:
                epoch = self._latest(self._newest_first(), consumer).epoch
            self._append(_Entry(consumer, key, epoch, position))

    @property
    def latest(self) -> Start:
        """The start of the newest pass of this process; before the first, of that."""
        with locked(__file__):
            entry = self._latest(self._newest_first(), consuming_process())
        return Start(entry.epoch, entry.position)

    @property
    def next(self) -> Start:
        """The start of the next pass of this process."""
        with locked(__file__):
            return _after(self._latest(self._newest_first(), consuming_process()))

    def _latest(self, entries: list[_Entry], consumer: int) -> _Entry:
        """A rank that was forked or spawned with a copy of the dataset goes on from what its parent had."""
        own = next((entry for entry in entries if entry.consumer == consumer), None)
        return own or _Entry(self._owner, *self._rows()[0][1:])

    def _newest_first(self) -> list[_Entry]:
        rows = self._rows()
        count = rows[0][0]
        return [_Entry(*rows[1 + index % _ENTRIES]) for index in range(count - 1, max(count - _ENTRIES, 0) - 1, -1)]

    def _append(self, entry: _Entry) -> None:
        count = self._rows()[0][0]
        self._table[1 + count % _ENTRIES] = torch.tensor(entry, device="cpu")
        if entry.consumer == self._owner:
            self._table[0, 1:] = self._table[1 + count % _ENTRIES, 1:]
        self._table[0, 0] = count + 1

    def _rows(self) -> list[list[int]]:
        return cast("list[list[int]]", self._table.tolist())


def pass_key(calls: int) -> int | None:
    """A number that all workers of one pass share, and no other pass: `calls` counts a worker's passes so far.

    None outside a DataLoader worker.
    """
    worker = torch.utils.data.get_worker_info()
    if worker is None:
        return None
    # A DataLoader starts its workers one after the other, and multiprocessing numbers them.
    identity: tuple[int, ...] = getattr(multiprocessing.current_process(), "_identity", ())
    loader = identity[-1] - worker.id if identity else 0
    return 1 + hash((worker.seed - worker.id, worker.num_workers, loader, calls)) % LAST_POSITION


def consuming_process() -> int:
    """The process whose training loop takes the tasks: this one, or the parent of a DataLoader worker."""
    parent = multiprocessing.parent_process()
    if torch.utils.data.get_worker_info() is None or parent is None or parent.pid is None:
        return os.getpid()
    return parent.pid


def _after(entry: _Entry) -> Start:
    if entry.key == _CONTROL:
        return Start(entry.epoch, entry.position)
    position = (entry.position // TASKS_PER_PASS + 1) * TASKS_PER_PASS
    if position > LAST_POSITION:
        raise ConfigError(f"position = {entry.position}: no pass is left after this one; use another epoch.")
    return Start(entry.epoch, position)
