"""HDF5 files and a map-style data set for BCNP.

Source of the layout: Anish144/CausalStructureNeuralProcess (MIT), `datasets.create_save_synth_data` and
`utils.datautils.MultipleFileDataset`; Dhir, Ashman, Requeima, van der Wilk, "A meta-learning approach to Bayesian causal
discovery", ICLR 2025. Its edges go as ours: label[i, j] == 1 means i -> j.
"""

import os
from collections.abc import Iterator, Mapping
from typing import Any, cast

import numpy as np
import torch.utils.data
from numpy.typing import NDArray
from torch import Tensor

from .._engine.checks import place_among
from .._engine.errors import ConfigError
from .hdf5 import NumberFile, append, growing, made, new_file
from .tasks import SingleTask, count_tasks, single_tasks

_BLOCK = 64  # Tasks that are written at once.


def write_bcnp(path: str | os.PathLike[str], source: Any) -> "BCNPDataset":
    """Writes `data`, float32 [T, n, d], and `label`, float32 [T, d, d], and gives the data set that reads them.

        formats.write_bcnp("train/train_0.hdf5", anc.MetaFixedDataset(family, n_tasks=1000, n_samples=1000))

    `source` is a fixed set, a batch, or a list of these; all tasks must have one shape and no interventions. Numbers are not
    standardised, as BCNP's reader does that. It takes files by their ending, ".hdf5", and reckons with equally many tasks
    in each file of a folder. The file appears whole or not at all; an older one of its name is replaced. Needs the extra
    `formats`.

    Raises ConfigError for tasks that don't fit together, for interventions, and where the file can't be written.
    """
    given: Any = list(cast(Iterator[Any], source)) if isinstance(source, Iterator) else source
    tasks = single_tasks(given, "BCNP's format")
    task: SingleTask | None = next(tasks)
    first = task
    n, d = first.X.shape
    with new_file(path, 4 * count_tasks(given) * (n + d) * d) as file:
        data, label = growing(file, "data", (n, d), "f4", rows=1), growing(file, "label", (d, d), "f4", rows=1)
        block: list[SingleTask] = []
        while task is not None:
            if bool(task.intervened.any()) or bool((task.regime != 0).any()):
                raise ConfigError("source has rows under interventions: must have none, as BCNP reads observational rows.")
            if task.X.shape != first.X.shape:
                place, shape = len(data) + len(block), tuple(task.X.shape)
                raise ConfigError(f"X of task {place} has shape {shape}: must be {(n, d)}, as of task 0.")
            block.append(task)
            if len(block) == _BLOCK:
                _flush(block, data, label)
            task = made(lambda: next(tasks, None))
        _flush(block, data, label)
    return BCNPDataset(path)


class BCNPDataset(torch.utils.data.Dataset[tuple[NDArray[np.float32], NDArray[np.float32]]]):
    """The tasks of a file, or of a fixed set, as BCNP's collate functions take them.

        dataset = formats.BCNPDataset("train/train_0.hdf5")
        data, label = dataset[0]         # numpy float32 [n, d], [d, d]; label[i, j] == 1 means i -> j

    Each column of `data` has mean 0 and variance 1 over the task's rows, as in BCNP's own data set; one whose values are all
    equal is 0. `source` is the path of an HDF5 file, for which the extra `formats` is needed, or a MetaFixedDataset or a list
    of tasks.

    Raises ConfigError for a file of another layout, and for another `source`.
    """

    def __init__(self, source: Any) -> None:
        super().__init__()
        self._file = NumberFile(cast(Any, source)) if isinstance(source, (str, os.PathLike)) else None
        self._tasks: Any = source
        if self._file is None and (isinstance(source, (tuple, Mapping, Tensor)) or not hasattr(cast(Any, source), "__len__")):
            kind = type(cast(Any, source)).__name__
            raise ConfigError(f"source is of type {kind}: must be the path of a file, a MetaFixedDataset or a list of tasks.")
        if self._file is None:
            self._length = len(self._tasks)
        else:
            sizes: dict[str, int] = {}
            self._length = len(self._file.array("data", "Tnd", sizes=sizes))
            self._file.array("label", "Tde", sizes={**sizes, "e": sizes["d"]})

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, idx: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        index = place_among(idx, self._length, "data set")
        if self._file is None:
            task, *others = single_tasks(self._tasks[index], "BCNP's format")
            if others:
                raise ConfigError(f"source[{index}] holds {1 + len(others)} tasks: must be one, as write_bcnp takes batches.")
            return _standardised(task.X.numpy()), task.graph.numpy().astype(np.float32)
        data, label = (self._file.rows(name, index).numpy() for name in ("data", "label"))
        return _standardised(data), label


def _flush(block: list[SingleTask], data: Any, label: Any) -> None:
    if block:
        append(data, np.stack([task.X.numpy() for task in block]))
        append(label, np.stack([task.graph.numpy() for task in block]))
        block.clear()


def _standardised(x: NDArray[np.float32]) -> NDArray[np.float32]:
    # In float64 the sum of equal values is exact, so that they differ by 0 from their mean, and no square leaves its range.
    centred = x.astype(np.float64) - x.mean(axis=0, dtype=np.float64)
    deviation = np.sqrt(np.mean(centred**2, axis=0))
    return (centred / np.where(deviation == 0, 1, deviation)).astype(np.float32)
