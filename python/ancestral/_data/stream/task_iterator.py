"""TaskIterator: one stream of one pass, as an iterator whose place can be saved."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..._engine.threads import RenewedLock
from ..._engine.torch_modes import in_plain
from ..batches.device_tensors import map_tensors
from ..batches.drawing import Filling
from ..batches.task import Batch, Single
from .pass_starts import Start
from .stream_order import Order
from .stream_state import StreamState

_MOST_AHEAD = 16  # Single tasks per engine call, ...
_MOST_VALUES = 1 << 22  # ... as long as they have no more values than this together, ...
_MOST_NUMBERS = 1 << 10  # ... nor are picked from more task numbers.


@dataclass(frozen=True)
class Context:
    """The things that an iterator takes over from its dataset."""

    filling: Filling
    batch_size: int | None
    states: Callable[[], StreamState]
    """What a saved state must agree on. Asked for with a state, as nothing else needs it."""
    moved: Callable[[Start], None]
    """Told where a loaded state goes on."""


class TaskIterator(Iterator[Any]):
    """Endless; `state_dict()` and `load_state_dict()` save and restore its place, as torchdata's StatefulDataLoader asks.

    Single tasks are drawn a few ahead, in one engine call, and yielded one by one; a state counts those yielded. Several
    threads may take from one iterator: each item goes to one of them.
    """

    done: int
    """The number of batches, or tasks, that were yielded."""
    stop: int | None = None
    """None: a stream has no last batch."""

    def __init__(self, context: Context, order: Order) -> None:
        self._context = context
        self._order = order
        self.done = 0
        self._ahead: deque[Single] = deque()
        self._next_ahead = 1
        self._turn = RenewedLock()

    @in_plain
    def __next__(self) -> Any:
        with self._turn.held:
            item = self._next_single() if self._context.batch_size is None else self._next_batch()
            self.done += 1
        return item

    @in_plain
    def batch(self, index: int, stopped: Callable[[], bool]) -> Batch:
        """The batch of that number, on one engine thread and whatever the place; several threads may ask at once."""
        return self._context.filling.batch(self._order.seeds(index), threads=1, stopped=stopped, places=self._places(index))

    def skip(self) -> None:
        """Counts a batch that came by way of `batch` as yielded."""
        self.done += 1

    def state_dict(self) -> dict[str, Any]:
        """A few numbers and texts. It goes on with any number of ranks and workers when all had taken equally many batches."""
        return self._context.states().at(Start(self._order.start.epoch, self._order.position(self.done)))

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Goes on where `state_dict` was saved. ConfigError when it is of another stream or format."""
        start = self._context.states().read(state_dict)
        self._context.moved(start)
        self._order = replace(self._order, start=start)
        self.done = 0
        self._ahead.clear()

    def _next_batch(self) -> Batch:
        return self._context.filling.batch(self._order.seeds(self.done), places=self._places(self.done))

    def _next_single(self) -> Single:
        if not self._ahead:
            seeds = self._order.seeds(self.done, self._next_ahead)
            places = self._places(self.done, self._next_ahead)
            tasks = self._context.filling.draw(seeds, shared=False, places=places).singles()
            # Of its own memory each, so that keeping one doesn't keep them all.
            self._ahead.extend(map(_own, tasks) if len(tasks) > 1 else tasks)
            self._next_ahead = min(2 * self._next_ahead, self._chunk())
        return self._ahead.popleft()

    def _places(self, first: int, count: int = 1) -> Callable[[], NDArray[np.int64]] | None:
        """The places of the tasks, for whoever wants to know; not in the order "stream", where streams number their own."""
        return partial(self._order.places, first, count) if self._order.kind == "elastic" else None

    def _chunk(self) -> int:
        filling = self._context.filling
        return max(1, min(_MOST_AHEAD, _MOST_VALUES // max(1, filling.values), _MOST_NUMBERS // self._order.stream.streams))


def _own(task: Single) -> Single:
    return map_tensors(torch.Tensor.clone, task)
