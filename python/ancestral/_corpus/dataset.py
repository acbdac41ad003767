"""CorpusDataset: the tasks of a corpus, read where they lie."""

import functools
import resource
from collections import OrderedDict
from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import torch
import torch.utils.data
from torch import Tensor

from .._config.any_config import AnyConfig
from .._config.design import Design
from .._config.mixture import MixtureConfig
from .._data.batches.collate import collate, pad_collate
from .._data.batches.given_rows import has_rows_alone
from .._data.batches.stacked import task_layout
from .._data.batches.task import Batch, Single
from .._data.sets.task_stores import FileStore
from .._engine import _ffi
from .._engine.checks import place_among, truth
from .._engine.errors import ConfigError, EngineError
from .._engine.lazy import lazy
from .._engine.torch_modes import in_plain
from .._files.paths import absolute
from .._files.tensor_reader import TensorFile
from .._scm.config_reading import read_config
from .._scm.experiment_data import Layout
from .._scm.family import SCMFamily
from .._scm.own_config import held_against
from .index import Shard, read_index
from .plan import shard_metadata

_MOST_OPEN = 64
_MOST_KNOWN = 4096  # Some 5 KB each.
_REMEDY = "write_corpus again makes it anew"


class CorpusDataset(torch.utils.data.Dataset[Any]):
    """The tasks of a folder that `write_corpus` or `ancestral.integrations.ray.generate` wrote, by their numbers.

        corpus = anc.CorpusDataset("corpus")
        X, adjacency = corpus[0]         # float32 [n_samples, n], [n, n]
        loader = DataLoader(corpus, batch_size=32, shuffle=True, num_workers=4)

    A task is read from its file when it is asked for, and belongs to the caller. A task of a family with different numbers
    of nodes has its own n; `anc.pad_collate` makes batches of them. `return_adjacency=False` gives X alone. It pickles, and
    works in workers of every start method. A task of a corpus with a design is a dict of tensors.

    Raises ConfigError when the folder holds no complete corpus; a file that can't be read is named when a task of it is asked
    for. `verify_corpus` finds what has been changed.
    """

    def __init__(self, dir: str | PathLike[str], *, return_adjacency: bool = True) -> None:
        super().__init__()
        self.return_adjacency = truth(return_adjacency, "return_adjacency")
        self.folder = absolute(dir, "dir")
        self.description, self._shards = read_index(self.folder)
        if not self.return_adjacency and not (self.design is None or has_rows_alone(self.design, self.design.n_samples)):
            raise ConfigError("return_adjacency = False: must be left out for a corpus with a design, whose items have names.")
        # The files used last, of which the last ones are open: a process may have only so many.
        self._stores: OrderedDict[int, FileStore] = OrderedDict()
        self._open: OrderedDict[int, FileStore] = OrderedDict()

    @property
    def n_samples(self) -> int:
        """Rows of each task; of a design those without an intervention, the least of a range."""
        return self.description["n_samples"] if self.design is None else self.design.n_samples

    @lazy
    def design(self) -> Design | None:
        """What was done to each task, and what is shown of it; None for plain tasks."""
        found = self.description.get("design")
        return None if found is None else Design.from_dict(found)

    @property
    def base_seed(self) -> int:
        """The base seed of the training stream whose first tasks these are."""
        return int(self.description["base_seed"], 16)

    @property
    def config(self) -> AnyConfig:
        """The configuration of the family, as far as the engine knows it."""
        return read_config(self.description["config"])

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the family, or of its design's experiments: 64 hex digits."""
        return self.description["fingerprint"]

    def __len__(self) -> int:
        return self.description["n_tasks"]

    def __getitem__(self, idx: int) -> Any:
        return self.__getitems__([idx])[0]

    @in_plain
    def __getitems__(self, indices: Sequence[int]) -> list[Any]:
        """Several tasks, each file asked once; what a DataLoader calls."""
        size: int = self.description["tasks_per_shard"]
        places: dict[int, list[tuple[int, int]]] = {}
        for place, idx in enumerate(indices):
            shard, row = divmod(self._index(idx), size)
            places.setdefault(shard, []).append((place, row))
        found: dict[int, Single] = {}
        for shard, wanted in places.items():
            tasks = self._take(shard, [row for _, row in wanted])
            found.update(zip((place for place, _ in wanted), tasks, strict=True))
        return [found[place] for place in range(len(indices))]

    def _batch(self, indices: Tensor, *, threads: int | None = None, stopped: Callable[[], bool] | None = None) -> Batch:
        """Tasks 0 .. len - 1 by int64 [B], stacked, and padded as those of a fixed set are."""
        tasks = self.__getitems__(_ffi.integers(indices))
        low, high = self._node_counts
        plain = self.design is None or not self.return_adjacency
        return pad_collate(tasks, n_nodes=high) if high > low and plain else collate(tasks)

    @lazy
    def _node_counts(self) -> tuple[int, int]:
        config = self.config
        parts = config.families if isinstance(config, MixtureConfig) else [config]
        return min(part.n_nodes for part in parts), max(part.n_nodes_max or part.n_nodes for part in parts)

    def _take(self, shard: int, rows: list[int]) -> list[Single]:
        tasks = self._store(shard).take(torch.tensor(rows, device="cpu"))
        return (tasks if self.return_adjacency else tasks.rows_alone()).singles()

    def _store(self, shard: int) -> FileStore:
        store = self._stores.get(shard) or self._of(shard)
        for kept, most in ((self._stores, _MOST_KNOWN), (self._open, _most_open())):
            kept[shard] = store
            kept.move_to_end(shard)
            while len(kept) > most:
                kept.popitem(last=False)[1].rest()
        try:
            store.wake()
        except EngineError:  # No descriptor is left; those of the other files can be had.
            while len(self._open) > 1:
                self._open.popitem(last=False)[1].rest()
            store.wake()
        return store

    @lazy
    def _layout(self) -> Layout:
        """The arrays of a task."""
        if self.design is None:
            return task_layout(self.n_samples, self._node_counts[1], adjacency=True)
        family = SCMFamily.from_config(held_against(self.config))
        return family._layout(self.design)  # pyright: ignore[reportPrivateUsage]

    @lazy
    def _shard_metadata(self) -> dict[str, str]:
        """The metadata that all files have."""
        return {**shard_metadata(self.description), "fingerprint": self.fingerprint}

    def _of(self, shard: int) -> FileStore:
        described = self._shards[shard]
        path = self.folder / described.file
        check = functools.partial(_check, path, described, self._layout, self._shard_metadata)
        layout = None if self.design is None else self._layout
        return FileStore(path, check, called=str(path), remedy=_REMEDY, layout=layout)

    def _index(self, idx: Any) -> int:
        return place_among(idx, len(self), "CorpusDataset")

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_stores": OrderedDict(), "_open": OrderedDict()}

    def __repr__(self) -> str:
        rows = f"n_samples={self.n_samples}" if self.design is None else f"design={self.design!r}"
        return f"CorpusDataset({len(self)} tasks of {self.config!r}, {rows})"


def _most_open() -> int:
    """Most of a process's descriptors are left to others, such as torch's workers; so few are allowed at times."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST_OPEN if allowed == resource.RLIM_INFINITY else max(1, min(_MOST_OPEN, allowed // 4))


def _check(path: Path, shard: Shard, layout: Layout, metadata: dict[str, str], file: TensorFile) -> None:
    """ConfigError unless the file's arrays are those of this shard, by what it says of itself."""
    right = [
        *(file.entry(array.name).shape == (shard.count, *array.shape) for array in layout),
        *(file.dtype(array.name) == array.dtype for array in layout),
        *(file.metadata.get(name, value) == value for name, value in (metadata | {"first_task": str(shard.first)}).items()),
    ]
    if not all(right):
        raise ConfigError(f"{path} is another file than its corpus has: {_REMEDY}.")
