"""Data sets as lists of tasks: pairs of rows and a graph, however they were put together."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple, Protocol, cast

import numpy as np
import torch
from torch import Tensor

from .._data.batches.experiment_padding import trimmed
from .._data.batches.experiment_scales import CLASSES, OBSERVED
from .._engine.checks import check_graph
from .._engine.errors import ConfigError
from .._engine.matrices import graph_of_columns, read_array, read_matrix
from .._scm.experiment_data import ExperimentData

_COUNT = 3
_MOST_LOST = 0.01
"""How far rounding to float32 may move a number, as a share of its column's range."""

SHAPES = "a pair (X, adjacency) of shapes [B, rows, n] and [B, n, n], or [rows, n] and [n, n]"


class Pair(NamedTuple):
    """A task whose mechanisms nobody knows."""

    x: Tensor
    """float32 [rows, n], finite, but for NaN where an experiment has a hole."""
    graph: Tensor
    """uint8 [n, n], a DAG."""
    values: Tensor | None = None
    """int16 [n]: what the values of each node are: 0 continuous, K that many classes, -1 counts; None where nobody says."""


class Items(Protocol):
    """A data set as torch's loaders see it."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> Any: ...


class Stacks:
    """Tasks in stacks, such as the batches that a loader gave."""

    def __init__(self, parts: Sequence[Any], what: str) -> None:
        self._parts = [_stack(part, what) for part in parts]
        self._ends = list(accumulate(len(adjacency) for _, adjacency, _ in self._parts))

    def __len__(self) -> int:
        return self._ends[-1]

    def __getitem__(self, index: int, /) -> tuple[Any, Any]:
        part = bisect_right(self._ends, index)
        x, adjacency, mask = self._parts[part]
        place = index - (self._ends[part - 1] if part else 0)
        if mask is None:
            return x[place], adjacency[place]
        own = mask[place]
        return x[place][:, own], adjacency[place][own][:, own]


class Experiments:
    """Experiments, single ones and batches of them."""

    def __init__(self, parts: Sequence[ExperimentData]) -> None:
        self._parts = parts
        self._ends = list(accumulate(len(part["X"]) if part["X"].ndim == 3 else 1 for part in parts))

    def __len__(self) -> int:
        return self._ends[-1]

    def __getitem__(self, index: int, /) -> ExperimentData:
        place = bisect_right(self._ends, index)
        part, first = self._parts[place], self._ends[place - 1] if place else 0
        return part.mapped(lambda array: array[index - first]) if part["X"].ndim == 3 else part


def read_items(given: Any, what: str) -> Items | None:
    """The tasks of a pair, an experiment, a list of tasks or batches, or a data set with a length; None for anything else."""
    if _is_pair(given):
        return Stacks([given], what)
    if isinstance(given, ExperimentData):
        return Experiments([given])
    if isinstance(given, (list, tuple)):
        parts = list(cast("Sequence[Any]", given))
        experiments = [part for part in parts if isinstance(part, ExperimentData) and "X" in part]
        if parts and len(experiments) == len(parts):
            return Experiments(experiments)
        if parts and all(map(_is_pair, parts)):
            return Stacks(parts, what)
        kind = "list" if isinstance(given, list) else "tuple"
        raise ConfigError(f"{what} is a {kind} of {_kinds(parts)}: must be a list of tasks, each {SHAPES}.")
    if hasattr(given, "__getitem__") and hasattr(given, "__len__") and not _is_array(given):
        return given
    return None


def read_pair(item: Any, what: str) -> Pair:
    """One task, or the rows and the graph of an experiment, checked. ConfigError names it as `what`."""
    seen = values = None
    given = item
    if isinstance(item, ExperimentData) and {"X", "adjacency"} <= item.keys():
        seen = trimmed(item, OBSERVED) if OBSERVED in item else None
        values = _values(item) if CLASSES in item else None
        given: Any = trimmed(item, "X"), trimmed(item, "adjacency")
    if not _is_pair(given):
        raise ConfigError(
            f"{what} is of type {type(item).__name__}: must be {SHAPES}; a task without its graph can't be measured."
        )
    try:
        graph = check_graph(graph_of_columns(given[1], given[0], "adjacency", "X"), "adjacency")
    except ConfigError as error:
        raise ConfigError(f"In {what}: {error}") from None
    wide = torch.from_numpy(read_array(given[0], f"X of {what}"))
    x = wide.to(torch.float32)
    if x.ndim != 2 or x.shape[1] != len(graph):
        raise ConfigError(
            f"X of {what} has shape {list(x.shape)}: must be [rows, {len(graph)}], as its graph has so many nodes."
        )
    cells = x.isfinite() if seen is None else x.isfinite() | ~seen
    if not bool(cells.all()):
        raise ConfigError(f"X of {what} has a value that is not finite in float32: must have none.")
    if bool(((wide != 0).any(dim=0) & (x == 0).all(dim=0)).any()):
        raise ConfigError(f"X of {what} has a column that is 0 in float32 but not in float64: must be scaled.")
    if _is_lost(wide, x):
        raise ConfigError(
            f"X of {what} has a column that varies by too little beside its mean to be told in float32: must be centred."
        )
    return Pair(x if seen is None else torch.where(seen, x, torch.nan), graph, values)


def _is_lost(wide: Tensor, x: Tensor) -> bool:
    """True where a column of float64 varies, by more than its own rounding, but float32 hardly tells how."""
    if not len(wide) or x.to(wide.dtype).equal(wide):
        return False
    least, most = wide.aminmax(dim=0)
    varies = most - least > 1e-12 * torch.maximum(least.abs(), most.abs())
    return bool((varies & ((wide - x).abs() > _MOST_LOST * (most - least))).any())


def _values(item: ExperimentData) -> Tensor:
    """What an experiment says of its columns' values, as a Pair does."""
    return torch.where(trimmed(item, "kind") == _COUNT, -1, trimmed(item, CLASSES)).to(torch.int16)


def _stack(given: Any, what: str) -> tuple[Any, Any, Any]:
    """X [B, rows, n], adjacency [B, n, n] and, where tasks are padded, bool [B, n]."""
    graph = graph_of_columns(given[1], given[0], f"The adjacency of {what}", "its X")
    x, adjacency = _array(given[0], what), _array(graph, what, is_graph=True)
    if x.ndim == adjacency.ndim == 2:
        x, adjacency = x[None], adjacency[None]
    mask = None if len(given) < 3 else np.asarray(_array(given[2], what) != 0)
    right = (
        x.ndim == adjacency.ndim == 3 and len(x) == len(adjacency) and x.shape[2] == adjacency.shape[1] == adjacency.shape[2]
    )
    if not right or (mask is not None and mask.shape != (len(x), x.shape[2])):
        shapes = " and ".join(str(list(value.shape)) for value in (x, adjacency, *(() if mask is None else (mask,))))
        raise ConfigError(f"{what} has the shapes {shapes}: must be {SHAPES}; a node_mask beside them [B, n].")
    return x, adjacency, mask


def _array(value: Any, what: str, *, is_graph: bool = False) -> Any:
    """Tensors and arrays as they are, since a task at a time is copied out of them; anything else read."""
    if isinstance(value, Tensor) and value.layout == torch.strided:
        return value.detach().cpu()
    if type(value) is np.ndarray:
        return value
    return read_matrix(value, what).values if is_graph else read_array(value, what)


def _is_pair(given: Any) -> bool:
    if not isinstance(given, (list, tuple)):
        return False
    parts = cast("Sequence[Any]", given)
    return len(parts) in (2, 3) and all(map(_is_array, parts))


def _is_array(given: Any) -> bool:
    """A tensor, an array, a graph, or lists of numbers; not lists of tensors, which are told from lists of tasks by that."""
    if isinstance(given, (list, tuple)):
        parts = cast("Sequence[Any]", given)
        return bool(parts) and all(
            isinstance(part, (bool, int, float)) or (isinstance(part, (list, tuple)) and _is_array(part)) for part in parts
        )
    return isinstance(given, Tensor) or any(hasattr(given, name) for name in ("__array__", "toarray", "adj"))


def is_nested(given: Any) -> bool:
    """True if this is a list of lists, tensors or tasks."""
    if not isinstance(given, (list, tuple)):
        return False
    return any(isinstance(part, (list, tuple)) or hasattr(part, "__array__") for part in cast("Sequence[Any]", given))


def _kinds(parts: Sequence[Any]) -> str:
    kinds = sorted({type(part).__name__ for part in parts})
    return ", ".join(kinds) or "nothing"
