"""MetaFixedDataset: the same tasks every time, for validation and testing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from os import PathLike
from typing import Any, cast

import torch.utils.data
from torch import Tensor

from ..._config.containers import sequence
from ..._config.design import Design, GivenDesign
from ..._engine import _ffi
from ..._engine.checks import check_level, check_seed, place_among, seeds_from_tensor, seeds_to_tensor, truth, whole_number
from ..._engine.errors import ConfigError
from ..._engine.torch_modes import in_plain
from ..._files.paths import absolute
from ..._scm.given_families import Family, one_family
from ..._scm.instance import SCMInstance
from ..batches.drawing import Filling
from ..batches.given_rows import check_sizes, design_of_kinds, given_rows
from ..batches.stacked import Stacked
from ..batches.task import Batch, Task
from .task_stores import FileStore, MemoryStore, Refusal, file_store
from .temporary_store import CACHE_BYTES, TemporaryStore, memory_of

_MOST_TASKS = 1 << 32


class MetaFixedDataset(torch.utils.data.Dataset[Any]):
    """A list of tasks, one a seed: element i is the task of `seed_list[i]`, the same in every process and run.

        validation = anc.MetaFixedDataset(family, n_tasks=100, base_seed=1, n_samples=1000)
        X, adjacency = validation[0]     # float32 [1000, n], [n, n]

    Give `seeds`, or `n_tasks` and `base_seed`, which name seeds that no training stream has. A task of a family with a
    range of node counts has its own n; `anc.pad_collate` makes batches of them.

    With a `design`, which takes the place of `n_samples`, an item is a dict of tensors, as of a MetaIterableDataset; a seed
    whose graph has no room for it gives another graph's experiment, which `instance` and `graph_hashes` tell. So does a seed
    whose rows are not all finite, of a family with `divergence="redraw"`.

    `cache_instances=True` draws all tasks at once, here, and keeps them in shared memory; each `instance` is then made once
    in a process, and is the same object from then on. `cache_dir` keeps them in a
    safetensors file of that folder, which is written if it isn't there, and read by whoever asks for the same tasks. With
    both, the file is read into memory. An item is the same in each case.
    Tasks that would take more than `cache_bytes` (1 GiB unless you say otherwise) stay on disk: in the file of `cache_dir`,
    or without one in a temporary folder, which TMPDIR moves and which is removed with the last who uses it.

    `family` is an SCMFamily, or what SCMFamily.from_config takes. `return_adjacency=False` gives X alone.

    Raises ConfigError for a wrong value, for a file in `cache_dir` that holds other tasks, and for a full disk. With
    `cache_dir`, so does asking for a task of a family without a fingerprint (see SCMFamily.fingerprint), whose tasks no file
    could be known to hold.
    """

    design: Design | None
    """What is done to each task, and what is shown of it; None for plain tasks."""

    @in_plain
    def __init__(
        self,
        family: Family,
        seeds: Iterable[int] | None = None,
        *,
        n_tasks: int | None = None,
        base_seed: int = 0,
        n_samples: int | None = None,
        design: GivenDesign | None = None,
        cache_instances: bool = False,
        cache_dir: str | PathLike[str] | None = None,
        cache_bytes: int = CACHE_BYTES,
        return_adjacency: bool = True,
    ) -> None:
        super().__init__()
        self.family = one_family(family, "family")
        self.n_samples, self.return_adjacency, self.design = given_rows(self.family, n_samples, design, return_adjacency)
        check_sizes(self.design, "in a fixed set, whose tasks are the same in whatever batch they stand")
        cache = cache_settings(cache_instances, cache_dir, cache_bytes)
        self.cache_instances: bool = cache["cache_instances"]
        self._seeds = _seeds(seeds, n_tasks, base_seed)
        # A file holds all that is known of its tasks, whatever is returned of them.
        told = self.design or design_of_kinds(self.family, self.n_samples)
        whole = Filling(self.family, 0 if told is not None else self.n_samples, design=told)
        if self.return_adjacency:
            self._filling = whole
        else:
            self._filling = replace(whole, n_samples=self.n_samples, adjacency=False, design=None)
        self._instances: dict[int, SCMInstance] = {}
        large = memory_of(self._filling, len(self._seeds)) > cache["cache_bytes"]
        file = None if cache_dir is None else file_store(cache["cache_dir"], whole, self._seeds)
        self._store: FileStore | Refusal | MemoryStore | TemporaryStore | None = file
        if self.cache_instances and file is None:
            self._store = (TemporaryStore if large else MemoryStore.drawn)(self._filling, self._seeds)
        elif self.cache_instances and file is not None and not large:
            self._store = MemoryStore(file.take(shared=True))

    @property
    def seed_list(self) -> list[int]:
        """The seed of each task, in [0, 2^64)."""
        return seeds_from_tensor(self._seeds)

    @property
    def _taken_seeds(self) -> list[int]:
        """The seeds of the attempts that gave the tasks."""
        return seeds_from_tensor(self._filling.taken(self._seeds))

    def instance(self, idx: int) -> SCMInstance:
        """The SCM of one task; its `sample(n_samples, draw=0)` is the task's X, or its `run(design, draw=0)` the item.

        One object for each with `cache_instances`.
        """
        index = self._index(idx)
        kept = self._instances.get(index)
        if kept is not None:
            return kept
        made = self.family.sample_task(seeds_from_tensor(self._filling.taken(self._seeds[index : index + 1]))[0])
        return self._instances.setdefault(index, made) if self.cache_instances else made

    def graph_hashes(self, level: str = "exact") -> list[str]:
        """64 hex digits for each task, for a HashRegistry of that level."""
        number, filling = check_level(level), Filling(self.family, 0)
        seeds, step, found = self._filling.taken(self._seeds), filling.at_once, list[str]()
        for first in range(0, len(seeds), step):
            tasks = cast("list[Task]", filling.draw(seeds[first : first + step], shared=False).singles())
            found += [_ffi.graph_hash(task.adjacency.to(torch.uint8), number).hex() for task in tasks]
        return found

    def __len__(self) -> int:
        return len(self._seeds)

    def __iter__(self) -> Iterator[Any]:
        """The tasks in order. Without this Python would take an IndexError of a strategy for the end."""
        for index in range(len(self)):
            yield self[index]

    def __getitem__(self, idx: int) -> Any:
        return self.__getitems__([idx])[0]

    @in_plain
    def __getitems__(self, indices: Sequence[int]) -> list[Any]:
        """Several tasks with one engine call; what a DataLoader asks for."""
        if len(indices) == 0:
            return []
        return self._take(torch.tensor([self._index(index) for index in indices], dtype=torch.int64, device="cpu")).singles()

    @in_plain
    def _batch(self, indices: Tensor, *, threads: int | None = None, stopped: Callable[[], bool] | None = None) -> Batch:
        """Tasks 0 .. len - 1 by int64 [B], stacked."""
        return self._take(indices, shared=None, threads=threads, stopped=stopped).batch(padded=self._filling.ragged)

    def _take(self, indices: Tensor, *, shared: bool | None = False, **drawing: Any) -> Stacked:
        if self._store is not None:
            tasks = self._store.take(indices, shared=shared)
            return tasks if self.return_adjacency else tasks.rows_alone()
        return self._filling.draw(self._seeds[indices], shared=shared, **drawing)

    def _index(self, idx: Any) -> int:
        return place_among(idx, len(self), "MetaFixedDataset")

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_instances": {}}

    def __repr__(self) -> str:
        rows = f"n_samples={self.n_samples}" if self.design is None else f"design={self.design!r}"
        return f"MetaFixedDataset({len(self)} tasks of {self.family!r}, {rows})"


def cache_settings(cache_instances: Any, cache_dir: Any, cache_bytes: Any) -> dict[str, Any]:
    """The three, checked."""
    return {
        "cache_instances": truth(cache_instances, "cache_instances"),
        "cache_dir": None if cache_dir is None else absolute(cache_dir, "cache_dir"),
        "cache_bytes": whole_number(cache_bytes, "cache_bytes", 0, 1 << 62),
    }


def _seeds(seeds: Iterable[int] | None, n_tasks: int | None, base_seed: int) -> Tensor:
    """int64 [n_tasks], the bits of unsigned seeds."""
    base_seed = check_seed(base_seed, "base_seed")
    if seeds is None:
        if n_tasks is None:
            raise ConfigError("n_tasks = None: must be given when seeds are not.")
        return _ffi.fixed_seeds(base_seed, whole_number(n_tasks, "n_tasks", 1, _MOST_TASKS))
    listed = listed_seeds(seeds, "seeds")
    if n_tasks is not None and whole_number(n_tasks, "n_tasks", 1, _MOST_TASKS) != len(listed):
        raise ConfigError(f"n_tasks = {n_tasks}: must be left out when seeds are given, or be their number, {len(listed)}.")
    if base_seed != 0:
        raise ConfigError(f"base_seed = {base_seed}: must be left out when seeds are given.")
    return listed


def listed_seeds(given: Any, field: str) -> Tensor:
    """int64 [count], the bits of a user's own seeds, at least one. ConfigError names `field` for anything else."""
    seeds = sequence(_ffi.integers(given) if isinstance(given, Tensor) else given, field)
    if not seeds:
        raise ConfigError(f"{field} is empty: must have one seed or more.")
    try:
        return seeds_to_tensor(seeds)
    except ConfigError as error:
        raise ConfigError(f"In {field}: {error}") from None
