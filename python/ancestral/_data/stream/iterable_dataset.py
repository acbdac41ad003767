"""MetaIterableDataset: the endless training stream."""

import copy
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import torch.utils.data

from ..._config.design import Design, GivenDesign
from ..._engine.checks import check_seed, one_of, whole_number
from ..._engine.errors import ConfigError
from ..._engine.torch_modes import in_plain
from ..._scm.given_families import Family, one_family
from ..._scm.hash_registry import HashRegistry, check_reserved
from ..batches.drawing import Filling
from ..batches.given_rows import check_sizes, given_rows, identity
from ..batches.rejections import Rejections, Tally
from ..batches.stored import Stored
from ..batches.training_record import Drawn, Record
from .pass_starts import LAST_POSITION, TASKS_PER_PASS, Passes, Start, pass_key
from .rank import ALONE, Rank, find_rank, given_rank, known_rank
from .stream_order import ORDERS, Order, this_stream
from .stream_state import StreamState
from .task_iterator import Context, TaskIterator

_MOST_TASKS = 1 << 20
_MOST_STREAMS = (1 << 31) - 1


class MetaIterableDataset(torch.utils.data.IterableDataset[Any]):
    """Endless fresh tasks of a family, different on every rank and in every worker.

        stream = anc.MetaIterableDataset(family, n_samples=1000, batch_size=32)
        for X, adjacency in DataLoader(stream, batch_size=None, num_workers=4):
            ...                      # X float32 [32, 1000, n], adjacency float32 [32, n, n]

    `batch_size=None` yields single tasks. An int yields stacked ones, each batch filled by one engine call; give it to a
    DataLoader with `batch_size=None`, and the batches are the same for every number of workers. A family with a range of
    node counts yields its single tasks trimmed and its batches as PaddedTask. `return_adjacency=False` yields X alone, and
    padded batches as PaddedX, whose node mask says which columns are nodes. `family` is an SCMFamily, or what
    SCMFamily.from_config takes.

    With a `design`, which takes the place of `n_samples`, an item is a dict of tensors, ExperimentData, whose names the page
    of designs tells; a batch has one axis more in front. Its arrays are as large as those of the largest task can be. `design`
    is a Design, or what Design.from_config takes.

    Task i is a function of the family, `base_seed`, the epoch and i. `order="elastic"`: tasks are numbered over all ranks
    and dealt out in whole batches; the n-th batch of a rank is global batch n * world_size + rank for every number of
    workers. `order="stream"`: the streams of rank * num_workers + worker_id count their own. No global random state is read
    or changed.

    Each `iter()`, or each pass of a DataLoader, gets task numbers that no pass before it had: pass p of an epoch starts
    at task p * 2^40, however far its predecessor was read and its workers had drawn ahead.

    Tasks whose graph is in `reserved` are drawn again with another seed; the tasks after them stay as they are. So are those of
    a family with `divergence="redraw"` that have a value which is not finite in their `n_samples` rows, or in any row of the
    design; with other families they are an error.

    The rank is found inside `iter()`: `rank` and `world_size` if given, torch.distributed, the rank of the process that
    pickled the dataset for this worker, RANK and WORLD_SIZE, NODE_RANK and LOCAL_RANK, those of mpirun and of srun's tasks.

    Raises ConfigError for a wrong value; iterating raises DisjointnessError when `reserved` leaves no graph.
    """

    design: Design | None
    """What is done to each task, and what is shown of it; None for plain tasks."""

    def __init__(
        self,
        family: Family,
        *,
        n_samples: int | None = None,
        design: GivenDesign | None = None,
        base_seed: int = 0,
        batch_size: int | None = None,
        return_adjacency: bool = True,
        reserved: HashRegistry | None = None,
        order: str = "elastic",
        rank: int | None = None,
        world_size: int | None = None,
    ) -> None:
        super().__init__()
        self.family = one_family(family, "family")
        self.n_samples, self.return_adjacency, self.design = given_rows(self.family, n_samples, design, return_adjacency)
        self.base_seed = check_seed(base_seed, "base_seed")
        self.batch_size = None if batch_size is None else whole_number(batch_size, "batch_size", 1, _MOST_TASKS)
        self.reserved = check_reserved(reserved)
        self.order = one_of(order, "order", ORDERS)
        self._tally = Tally()
        self._record = Record()
        self._stored: Stored | None = None
        self._given_rank = given_rank(rank, world_size)
        self._captured_rank = None
        self._passes = Passes()
        self._calls: dict[int | None, int] = {}

    @in_plain
    def __iter__(self) -> TaskIterator:
        """A new pass, or in a DataLoader worker its share of one."""
        if self.batch_size is None:
            check_sizes(self.design, "without a batch_size, where nothing says which tasks share a number of rows")
        rank = find_rank(self._given_rank, self._captured_rank)
        key = self._key()
        order = Order(self.order, self.base_seed, self._passes.begin(key), self.batch_size or 1, this_stream(rank))
        moved = partial(_move, self._passes, key)
        return TaskIterator(Context(self._filling(), self.batch_size, partial(self._states, rank), moved), order)

    def batched(self, batch_size: int) -> "MetaIterableDataset":
        """This stream in batches of that size; the two take their passes from one count.

        Raises ConfigError when it is in batches of another size already.
        """
        size = whole_number(batch_size, "batch_size", 1, _MOST_TASKS)
        if self.batch_size == size:
            return self
        if self.batch_size is not None:
            raise ConfigError(f"batch_size = {size}: must be {self.batch_size}, the dataset's own, whose batches are made so.")
        other = copy.copy(self)
        other.batch_size = size
        return other

    @property
    def rejections(self) -> Rejections:
        """The numbers of tasks drawn, and of attempts rejected for them, in this process and in workers."""
        return self._tally.total

    @property
    def drawn(self) -> list[Drawn]:
        """An even sample, of at most 1000, of the tasks that this process and its workers have drawn in the elastic order.

        Each with the hash of the graph that it really got, for a registry to hold and `anc.verify` to check.
        """
        return self._record.tasks

    def stream_seed(self, rank: int, num_workers: int, worker_id: int) -> int:
        """base_seed + rank * num_workers + worker_id, to log and to tell streams apart; 0 workers count as 1.

        Not used as a seed by itself, since neighbouring base seeds would share streams: the engine hashes the pair
        (base_seed, rank * num_workers + worker_id).
        """
        workers = max(1, whole_number(num_workers, "num_workers", 0, _MOST_STREAMS))
        return (
            self.base_seed
            + whole_number(rank, "rank", 0, _MOST_STREAMS) * workers
            + whole_number(worker_id, "worker_id", 0, _MOST_STREAMS)
        )

    def set_epoch(self, epoch: int) -> None:
        """Lets the next pass be the first of an epoch, with tasks of its own; epoch 0 is where a new dataset stands.

        It reaches persistent workers. The epoch that the stream is in goes on as if nothing had been said; setting an
        epoch that was left before repeats it.
        """
        epoch = whole_number(epoch, "epoch", 0, LAST_POSITION)
        if epoch != self._passes.latest.epoch:
            self._passes.move(0, epoch=epoch)

    def seek(self, position: int) -> None:
        """Lets the next pass start at a task number of this epoch. It reaches persistent workers.

        In the elastic order tasks are numbered over all ranks: after k batches on each of R ranks, pass p stands at
        p * 2^40 + k * R * batch_size. In the stream order each stream counts its own.
        """
        self._passes.move(whole_number(position, "position", 0, LAST_POSITION))

    def state_after(self, batches: int, *, since: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The state of the newest pass after each rank has taken `batches` batches, or tasks if batch_size is None.

        `since` is a state to count from instead. For `resume`, or an iterator's `load_state_dict`; for loaders whose workers
        draw ahead, so that only the training loop knows how far it is. Elastic order only.
        """
        if self.order != "elastic":
            raise ConfigError(
                f"order = {self.order!r}: must be 'elastic' here; in a stream's order, ask each iterator for its state."
            )
        states = self._states()
        epoch, position = self._passes.latest if since is None else states.read(since)
        position += whole_number(batches, "batches", 0, TASKS_PER_PASS) * states.world_size * (self.batch_size or 1)
        return states.at(Start(epoch, position))

    def next_state(self) -> dict[str, Any]:
        """The state in which the next pass starts."""
        return self._states().at(self._passes.next)

    def resume(self, state: Mapping[str, Any]) -> None:
        """Lets the next pass go on where `state` was saved. ConfigError when it is of another stream or format.

        A stream is its family, design, `base_seed` and order; `n_samples` and `reserved` may be others. Where all ranks
        together take more or fewer tasks at a time than before, no task comes twice, and a warning says that batches are
        others.
        """
        epoch, position = self._states().read(state)
        self._passes.move(position, epoch=epoch)

    def _states(self, rank: Rank | None = None) -> StreamState:
        own = rank or known_rank(self._given_rank, self._captured_rank) or ALONE
        stands = {"base_seed": f"{self.base_seed:016x}", "order": self.order}
        return StreamState({**identity(self.family, self.design), **stands}, own.world_size, self.batch_size)

    def _filling(self) -> Filling:
        reserved = None if self.reserved is None else self.reserved.frozen()
        n_samples = 0 if self.design is not None else self.n_samples
        drawn = Filling(self.family, n_samples, self.return_adjacency, reserved, self._tally, self._record, self.design)
        return replace(drawn, stored=self._stored)

    def _key(self) -> int | None:
        worker = torch.utils.data.get_worker_info()
        worker_id = None if worker is None else worker.id
        self._calls[worker_id] = self._calls.get(worker_id, 0) + 1
        return pass_key(self._calls[worker_id])

    def __getstate__(self) -> dict[str, Any]:
        # Runs in the parent of a spawned worker, which may not know the rank by itself.
        return {**self.__dict__, "_captured_rank": known_rank(None, self._captured_rank), "_calls": {}}

    def __repr__(self) -> str:
        rows = f"n_samples={self.n_samples}" if self.design is None else f"design={self.design!r}"
        return (
            f"MetaIterableDataset({self.family!r}, {rows}, base_seed={self.base_seed}, "
            f"batch_size={self.batch_size}, order={self.order!r})"
        )


def _move(passes: Passes, key: int | None, start: Start) -> None:
    passes.move(start.position, epoch=start.epoch, key=-1 if key is None else key)
