"""HDF5 dumps of tables, as TFM-Playground's `PriorDumpDataLoader` reads them.

Source of the layout: automl/TFM-Playground (Apache-2.0), `dump_prior_to_h5`: X [T, R, F] and y [T, R] as float32, and
num_features, num_datapoints and train_test_split_index [T] as int32, beside problem_type, original_batch_size and, of
classification, max_num_classes. Its reader takes the split of a batch's first table for all of them. It compresses X by lzf;
we don't, since tables of continuous numbers get no smaller, and lzf takes half a megabyte of a thread's stack.
"""

import os
from typing import Any, cast

import numpy as np
import torch
import torch.utils.data
from torch import Tensor

from .._engine.checks import place_among, whole_number
from .._engine.errors import ConfigError
from .hdf5 import NumberFile, append, growing, made, new_file
from .tabular_prior import TabularPrior

_MOST = 1 << 40


def write_tabular(
    path: str | os.PathLike[str],
    prior: TabularPrior,
    *,
    n_tasks: int,
    batch_size: int,
    n_rows: int,
    n_features: int,
    first: int = 0,
) -> "TabularFile":
    """Writes tables `first` to `first + n_tasks - 1` of a prior, and gives the data set that reads them.

        formats.write_tabular("tables.h5", formats.TabularPrior(family), n_tasks=10_000, batch_size=50, n_rows=50, n_features=3)

    `n_tasks` is a multiple of `batch_size`. The tables of each batch have one split; read them in batches of that size, or of a
    divisor of it. The prior stays where it is. The file appears whole or not at all; an older one of its name is replaced.
    Needs the extra `formats`.

    Raises ConfigError for a wrong value, and where the file can't be written.
    """
    size = whole_number(batch_size, "batch_size", 1, 1 << 20)
    count = whole_number(n_tasks, "n_tasks", 1, _MOST)
    if count % size:
        raise ConfigError(f"n_tasks = {count}: must be a multiple of batch_size, {size}.")
    first = whole_number(first, "first", 0, _MOST)
    table = prior.batch(first, size, n_rows, n_features)  # Finds what is wrong before there is a file.
    with new_file(path, 4 * count * (n_rows * (n_features + 1) + 3)) as file:
        x = growing(file, "X", (n_rows, n_features), "f4", rows=size)
        y = growing(file, "y", (n_rows,), "f4", rows=size)
        sizes = {name: growing(file, name, (), "i4", rows=size) for name in (*_SIZES, "train_test_split_index")}
        if prior.max_num_classes is not None:
            file.create_dataset("max_num_classes", data=np.array([prior.max_num_classes]), chunks=(1,))
        file.create_dataset("original_batch_size", data=np.array([size]), chunks=(1,))
        file.create_dataset("problem_type", data=prior.problem_type)
        for start in range(first, first + count, size):
            if start > first:
                table = made(lambda start=start: prior.batch(start, size, n_rows, n_features))
            append(x, cast(Tensor, table["x"]).cpu().numpy())
            append(y, cast(Tensor, table["y"]).cpu().numpy())
            numbers = {"num_features": n_features, "num_datapoints": n_rows, **table}
            for name, array in sizes.items():
                append(array, np.full(size, numbers[name]))
    return TabularFile(path)


_SIZES = ("num_features", "num_datapoints")


class TabularFile(torch.utils.data.Dataset[dict[str, Any]]):
    """The tables of a dump, one by one: [i] is a dict of x float32 [n, f], y and target_y [n], train_test_split_index.

    Dumps of TFM-Playground's own priors are read too, also the older ones, whose split is called single_eval_pos. Columns and
    rows of padding are left out. Needs the extra `formats`.

    Raises ConfigError for what is no such file; asking for a table does, where its numbers don't fit together.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__()
        file = self._numbers = NumberFile(path)
        sizes: dict[str, int] = {}
        for name, axes in {"X": "TRF", "y": "TR", "num_features": "T"}.items():
            file.array(name, axes, sizes=sizes)
        self._split = "train_test_split_index" if "train_test_split_index" in file.file else "single_eval_pos"
        self._optional = ["num_datapoints"] if "num_datapoints" in file.file else []
        for name in (self._split, *self._optional):
            file.array(name, "T", sizes=sizes)
        self._length, self.max_rows, self.max_features = sizes["T"], sizes["R"], sizes["F"]
        self.problem_type = _problem_type(file)

    @property
    def max_num_classes(self) -> int | None:
        """The most classes of a table; None for regression."""
        if "max_num_classes" not in self._numbers.file:
            return None
        return int(self._numbers.array("max_num_classes", "1", sizes={"1": 1})[0])

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, idx: int) -> dict[str, Any]:
        index = place_among(idx, self._length, "file", "tables")
        features = self._size("num_features", index, 1, self.max_features)
        rows = self._size("num_datapoints", index, 1, self.max_rows) if self._optional else self.max_rows
        split = self._size(self._split, index, 1, rows - 1)
        x, y = (self._numbers.rows(name, index) for name in ("X", "y"))
        y = y[:rows]
        return {"x": x[:rows, :features], "y": y, "target_y": y, "train_test_split_index": split}

    def _size(self, name: str, index: int, low: int, high: int) -> int:
        value = float(self._numbers.file[name][index])
        if not (value.is_integer() and low <= value <= high):
            raise self._numbers.wrong(f"{name}[{index}]", f"is {value:g}", f"be a whole number from {low} to {high}")
        return int(value)


def _problem_type(file: NumberFile) -> str:
    stored = file.entry("problem_type")
    value: Any = stored[()] if stored.shape == () and stored.dtype.kind in "OS" else None
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    if text not in ("regression", "classification"):
        raise file.wrong("problem_type", f"is {text!r}", "be 'regression' or 'classification'")
    return cast(str, text)
