"""Numbers as numpy arrays, from whatever a training loop or a graph library holds."""

import operator
from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .errors import ConfigError
from .memory import check_real


class Matrix(NamedTuple):
    """Numbers, and what their rows and columns are called where that is known."""

    values: NDArray[np.float64]
    names: list[Hashable] | None = None
    """The names of nodes, in the order of `values`; None for arrays, whose order is all there is."""
    rounding: float = 0.0
    """The distance of 1 from the next number of the dtype in which the values came; 0 for whole numbers."""
    ordered: bool = True
    """True if the order of the nodes means something; not where a graph of networkx has names of its own."""


def read_array(value: Any, what: str) -> NDArray[np.float64]:
    """A fresh array of any shape: from a tensor of any device, dtype and layout, numpy, SciPy's sparse, pandas, or lists.

    Numbers stay in their places, whatever rows and columns are called. ConfigError for what holds no real numbers.
    """
    return read_matrix(value.to_numpy() if _is_table(value) else value, what).values


def read_matrix(value: Any, what: str, weight: str | None = None) -> Matrix:
    """A graph, as `read_array`, or of networkx: its nodes in the order 0, 1, ..., if that is what they are called.

    Edges count 1, or the value of their attribute `weight` where they have it.
    """
    if isinstance(value, Tensor):
        return Matrix(_from_tensor(value, what), None, _rounding(value))
    if callable(getattr(value, "to_undirected", None)) and hasattr(value, "adj"):
        return _from_graph(value, what, weight)
    if _is_table(value):
        return _from_frame(value, what)
    given: Any = value.toarray() if callable(getattr(value, "toarray", None)) else value
    if isinstance(given, np.ma.MaskedArray) and np.ma.is_masked(cast(Any, given)):
        raise ConfigError(f"{what} has masked entries: every entry must be a number.")
    if isinstance(given, (list, tuple)) and _holds_tensor(cast("Sequence[Any]", given)):
        parts = [read_matrix(part, what) for part in cast("Sequence[Any]", given)]
        if len({part.values.shape for part in parts}) > 1:
            raise ConfigError(f"{what} has rows of different lengths: must be a rectangle of numbers.")
        return Matrix(np.stack([part.values for part in parts]), None, max(part.rounding for part in parts))
    try:
        found: NDArray[Any] = np.asarray(cast(Any, given))
        if found.dtype.kind not in "biufO":
            raise TypeError
        rounding = float(np.finfo(found.dtype).eps) if found.dtype.kind == "f" else 0.0
        return Matrix(np.array(found, dtype=np.float64, order="C"), None, rounding)
    except (TypeError, ValueError):
        if isinstance(given, np.ndarray):
            dtype = cast("NDArray[Any]", given).dtype
            raise ConfigError(f"{what} has dtype {dtype}: must hold real numbers.") from None
        raise ConfigError(
            f"{what} is of type {type(value).__name__}: must be an n x n matrix of numbers, as of 0 and 1."
        ) from None


def aligned(first: Matrix, second: Matrix, what: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both with their nodes in one order: that of the first, where both have names for them.

    ConfigError where their names differ.
    """
    ours, theirs = first.names, second.names
    if ours is None or theirs is None:
        check_order(first, "truth")
        check_order(second, what)
        return first.values, second.values
    if set(ours) != set(theirs) or len(set(ours)) < len(ours):
        raise ConfigError(f"{what} has the nodes {_listed(theirs)}: must be those of the truth, {_listed(ours)}.")
    order = [theirs.index(name) for name in ours]
    return first.values, second.values[np.ix_(order, order)]


def graph_of_columns(graph: Any, table: Any, what: str, whose: str) -> Any:
    """The graph with its nodes in the order of a table's columns, where both have names for them; else as it was given.

    ConfigError where their names differ. Whole numbers from 0 on, in their order, are no names but places.
    """
    if not _is_table(table):
        return graph
    columns = [_plain(name) for name in table.columns]
    matrix = read_matrix(graph, what)
    places: list[Hashable] = list(range(len(columns)))
    names = places if matrix.names is None and _is_table(graph) else matrix.names
    if names is None or len(matrix.values) != len(columns):  # Another number of columns is another error.
        return graph
    if set(columns) == set(names) and len(set(columns)) == len(columns):
        order = [names.index(name) for name in columns]
        return matrix.values[np.ix_(order, order)]
    if places in (columns, names):
        return graph
    raise ConfigError(f"{what} has the nodes {_listed(names)}: must be the columns of {whose}, {_listed(columns)}.")


def _is_table(value: Any) -> bool:
    """True for a table of pandas, or what has columns as it does."""
    return hasattr(value, "columns") and callable(getattr(value, "to_numpy", None))


def check_order(matrix: Matrix, what: str) -> None:
    """ConfigError where nobody says which node is the first."""
    if not matrix.ordered and matrix.names is not None:
        raise ConfigError(
            f"{what} has the nodes {_listed(matrix.names)}: must be called 0 to {len(matrix.names) - 1}, since they meet the "
            "rows of an array; networkx.to_numpy_array(graph, nodelist) makes one of the graph."
        )


def _from_tensor(value: Tensor, what: str) -> NDArray[np.float64]:
    check_real(value)
    if value.is_complex() or value.device.type == "meta":
        raise ConfigError(f"{what} has dtype {value.dtype} on device {value.device}: must hold real numbers.")
    dense = value.detach() if value.layout == torch.strided else value.detach().to_dense()
    if dense.is_quantized:
        dense = dense.dequantize()
    return cast("NDArray[np.float64]", dense.to(device="cpu", dtype=torch.float64, copy=True).contiguous().numpy())


def _rounding(value: Tensor) -> float:
    return torch.finfo(value.dtype).eps if value.dtype.is_floating_point else 0.0


def _from_graph(graph: Any, what: str, weight: str | None) -> Matrix:
    """A[i, j] for each edge i -> j; both ways for an undirected one."""
    names = list(graph.nodes)
    numbers = {number: name for name in names if (number := _whole(name)) is not None}
    ordered = sorted(numbers) == list(range(len(names)))
    if ordered:
        names = [numbers[number] for number in range(len(names))]
    place = {name: index for index, name in enumerate(names)}
    values = np.zeros((len(names), len(names)), dtype=np.float64)
    for first, second, edge in graph.edges(data=True):
        number = 1.0 if weight is None else edge.get(weight, 1.0)
        try:
            values[place[first], place[second]] = float(number)
        except (TypeError, ValueError):
            raise ConfigError(
                f"{what} has the edge {first!r} -> {second!r} with {weight} = {number!r}: must be a number."
            ) from None
        if not graph.is_directed():
            values[place[second], place[first]] = float(number)
    return Matrix(values, [_plain(name) for name in names], float(np.finfo(np.float64).eps), ordered)


def row_names(table: Any) -> list[Any]:
    """What the rows of a graph's table are called: as its columns, where those alone have names."""
    columns = list(table.columns)
    places = list(range(len(columns)))
    rows = list(getattr(table, "index", places))  # Tables of polars have none.
    return columns if rows == places and set(columns) != set(places) else rows


def _from_frame(frame: Any, what: str) -> Matrix:
    """A table's nodes are in the order of its rows, or of their numbers where they are called 0, 1, ..., as are its columns."""
    columns, rows = list(frame.columns), row_names(frame)
    values = read_matrix(np.asarray(frame.to_numpy()), what)
    if len(rows) != len(columns) or set(rows) != set(columns) or len(set(rows)) < len(rows):
        return values
    places = list(range(len(columns)))
    names = places if set(rows) == set(places) else rows
    order = np.ix_([rows.index(name) for name in names], [columns.index(name) for name in names])
    return Matrix(values.values[order], None if names == places else [_plain(name) for name in names], values.rounding)


def _holds_tensor(values: Sequence[Any]) -> bool:
    return any(
        isinstance(value, Tensor) or (isinstance(value, (list, tuple)) and _holds_tensor(cast("Sequence[Any]", value)))
        for value in values
    )


def _whole(name: Any) -> int | None:
    try:
        return None if isinstance(name, bool) else operator.index(name)
    except TypeError:
        return None


def _plain(name: Any) -> Hashable:
    number = _whole(name)
    return name if number is None else number


def _listed(names: list[Hashable]) -> str:
    shown = ", ".join(map(repr, names[:5]))  # With the marks of a text, since '0' is no 0.
    return shown if len(names) <= 5 else f"{shown}, ..."
