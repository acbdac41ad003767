"""Tables of pandas, and CSV files, for whoever reads nothing else."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from .._data.batches.task import Task
from .._engine import _ffi
from .._engine.checks import check_graph, whole_number
from .._engine.errors import ConfigError
from .._engine.extras import package
from .._engine.matrices import read_array, row_names
from .._files.atomic import refused
from .._files.paths import absolute
from .._files.whole_folders import new_folder
from .float32_rows import float32_rows
from .graphs import check_words, node_names
from .tasks import SingleTask, is_single, single_tasks


class Tables(NamedTuple):
    """A task as two pandas.DataFrames."""

    data: Any
    """A row a sample, a column a node: float32. With interventions there is a column "regime" at the end, int64.

    Where items say what values are, classes are of a categorical dtype with all classes of the node, also those that no row
    has, and counts int64, or Int64 where some are missing. A missing cell is NaN, or NA of Int64."""
    adjacency: Any
    """int64, its rows and columns called as the nodes: adjacency.loc[i, j] == 1 means i -> j."""


def to_pandas(task: Any, names: Sequence[str] | None = None) -> Tables:
    """One task as tables; its nodes are called X0, X1, ... or by `names`. Needs the extra `formats`.

    Raises ConfigError for a batch, for names that don't fit, such as "regime" beside that column, and for designs with hidden
    variables, effects or counterfactuals.
    """
    pandas = package("pandas", "formats")
    if not is_single(task):
        raise ConfigError(
            f"task is no single task with its rows, but of type {type(task).__name__}: must be one, such as fixed[0]; a table "
            "has no axis for a batch."
        )
    one = next(single_tasks(task, "A table", holes=True))
    called = node_names(names, one.X.shape[1])
    data = pandas.DataFrame(one.X.numpy(), columns=called)
    for column, (kind, classes) in enumerate(zip(_ffi.integers(one.kind), _ffi.integers(one.n_classes), strict=True)):
        if kind > 0:
            data[called[column]] = _typed(data[called[column]], classes)
    if _has_regimes(one, called):
        data["regime"] = one.regime.numpy()
    return Tables(data, pandas.DataFrame(one.graph.numpy().astype(np.int64), index=called, columns=called))


def _has_regimes(task: SingleTask, names: Sequence[str]) -> bool:
    """True where a task has interventions, for which there is a column. ConfigError where a node has its name."""
    found = bool((task.regime != 0).any())
    if found and "regime" in names:
        raise ConfigError("names has 'regime': must be another name, as the column of regimes is called that.")
    return found


def _typed(column: Any, classes: int) -> Any:
    """A column of classes, or of counts where there are none."""
    pandas = package("pandas", "formats")
    if classes:
        return column.astype(pandas.CategoricalDtype(range(classes)))
    return column.astype("Int64" if column.isna().any() else "int64")


def from_pandas(data: Any, adjacency: Any) -> Task:
    """The task of a table of rows and one of a graph; the columns of both have the same names, in the order of `data`.

    The graph's rows are called as its columns, or not at all, as pandas reads a CSV file. Classes become their numbers and
    missing cells NaN. Columns of `data` that are no nodes, as "regime", are left out. Raises ConfigError for nodes that `data`
    lacks, for numbers that are none, and for a graph with a cycle.
    """
    for name, table in (("data", data), ("adjacency", adjacency)):
        if not hasattr(table, "columns") or not hasattr(table, "loc"):
            raise ConfigError(f"{name} is of type {type(table).__name__}: must be a pandas.DataFrame.")
    columns, rows = list(adjacency.columns), row_names(adjacency)
    nodes = [name for name in data.columns if name in set(columns)]
    for name, table in (("data", data), ("adjacency", adjacency)):
        if len(set(table.columns)) < len(table.columns):
            raise ConfigError(f"{name} has the columns {list(table.columns)}: must have each name once.")
    if set(nodes) != set(columns):
        raise ConfigError(f"adjacency has the nodes {columns}: must be columns of data, {list(data.columns)}.")
    if set(rows) != set(columns) or len(rows) > len(columns):
        raise ConfigError(f"adjacency has the rows {rows}: must be called as its columns, {columns}.")
    graph = check_graph(adjacency.set_axis(rows, axis=0).loc[nodes, nodes].to_numpy(), "adjacency")
    return Task(float32_rows(read_array(_plain(data[nodes]), "data"), "data"), graph.float())


def _plain(table: Any) -> Any:
    """The numbers of a table, also of categories and of pandas' own types, whose missing cells are no numbers of numpy."""
    columns = [table[name] for name in table.columns]
    if all(isinstance(column.dtype, np.dtype) for column in columns):
        return table.to_numpy()
    try:
        return np.column_stack([column.astype("float64").to_numpy(dtype=np.float64, na_value=np.nan) for column in columns])
    except (TypeError, ValueError) as error:
        raise ConfigError(f"data has a column that is not of numbers: must have none ({error}).") from None


def write_csv(folder: str | os.PathLike[str], source: Any, names: Sequence[str] | None = None) -> Path:
    """Writes data1.csv and adjacency1.csv, data2.csv and so on into a new folder, for tasks of a fixed set, a batch or a list.

    Both have the nodes' names in their first line, `data` also a last column "regime" where there are interventions. Numbers
    have nine digits, enough for float32 to come back to the bit; classes and counts are whole. A missing cell is nan. The
    folder appears whole or not at all. Raises ConfigError as `to_pandas` does, and where the folder can't be written.
    """
    path = absolute(folder, "folder")
    with new_folder(path, "folder") as temporary:
        for count, task in enumerate(single_tasks(source, "A table", holes=True), start=1):
            called = node_names(names, task.X.shape[1])
            check_words(called, '[,"\\n\\r\ud800-\udfff]', "commas, quotation marks, ends of lines and halves of characters")
            rows, told = task.X.double().numpy(), called
            if _has_regimes(task, called):
                rows, told = np.column_stack([rows, task.regime.numpy()]), [*called, "regime"]
            for name, array, header in (("data", rows, told), ("adjacency", task.graph.numpy(), called)):
                with refused("folder", path):
                    target = temporary / f"{name}{count}.csv"
                    np.savetxt(target, array, fmt="%.9g", delimiter=",", header=",".join(header), comments="", encoding="utf-8")
    return path


def read_csv(folder: str | os.PathLike[str], number: int = 1) -> Task:
    """The task of data1.csv and adjacency1.csv of a folder; a column "regime" is left out, a missing cell is NaN.

    Raises ConfigError for files that are missing or hold something else, and for a graph with a cycle.
    """
    path, at = absolute(folder, "folder"), whole_number(number, "number", 1, 1 << 30)
    nodes, graph = _read(path / f"adjacency{at}.csv", holes=False)
    columns, rows = _read(path / f"data{at}.csv", holes=True)
    if columns[: len(nodes)] != nodes or columns[len(nodes) :] not in ([], ["regime"]):
        raise ConfigError(
            f"data{at}.csv of {path} has the columns {columns}: must have the nodes of adjacency{at}.csv, {nodes}."
        )
    checked = check_graph(torch.from_numpy(graph), f"adjacency{at}.csv of {path}").float()
    return Task(float32_rows(rows[:, : len(nodes)], f"data{at}.csv of {path}"), checked)


def _read(path: Path, *, holes: bool) -> tuple[list[str], Any]:
    try:
        with open(path, encoding="utf-8-sig") as file:  # Excel and PowerShell write a mark of order first.
            names = file.readline(1 << 20).rstrip("\n").split(",")
            array = np.loadtxt(file, delimiter=",", ndmin=2, comments=None)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} can't be read: must be a line of names, then lines of numbers ({error}).") from None
    if array.shape[1] != len(names) or not (np.isfinite(array) | (holes & np.isnan(array))).all():
        raise ConfigError(f"{path} has shape {array.shape} and {len(names)} names: must have a finite number for each name.")
    return names, array
