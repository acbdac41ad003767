"""Checks of values that reach the engine as numbers or memory rather than as JSON."""

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

import numpy as np
import torch
from torch import Tensor

from . import _ffi
from .errors import ConfigError, EngineError
from .matrices import check_order, read_array, read_matrix
from .memory import check_real
from .torch_modes import is_followed

R = TypeVar("R")
_MASK = (1 << 64) - 1


def whole_number(value: Any, field: str, minimum: int, maximum: int) -> int:
    """`value` as an int in minimum ... maximum; whatever is an index to Python is taken, bools, floats and lists are not."""
    right = f"must be a whole number from {minimum} to {maximum}"
    number = _index(value, field, right)
    if not minimum <= number <= maximum:
        raise ConfigError(f"{field} = {number}: {right}.")
    return number


def _index(value: Any, field: str, right: str) -> int:
    try:
        if isinstance(value, (bool, np.bool_)) or (isinstance(value, Tensor) and (value.ndim > 0 or value.dtype == torch.bool)):
            raise TypeError  # torch's True, and its list of one number, would be a 1.
        return operator.index(value)
    except (TypeError, RuntimeError):  # The latter from a tensor that has no value, on "meta" or in a transform.
        raise ConfigError(f"{field} = {value!r}: {right}.") from None


def place_among(idx: Any, length: int, kind: str, items: str = "tasks") -> int:
    """The place from 0 on of an index of something of that kind, which may count from the end as those of a list do."""
    try:
        index = operator.index(idx)
    except TypeError:
        raise TypeError(f"An index of a {kind} is a whole number, not {idx!r}.") from None
    if not -length <= index < length:
        raise IndexError(f"Index {index} is outside a {kind} of {length} {items}.")
    return index % length


def truth(value: Any, field: str) -> bool:
    """`value` as a bool, also numpy's; texts and numbers are no truth values, since "no" and "False" would be true."""
    if value is True or value is False or isinstance(value, np.bool_):
        return bool(cast(Any, value))
    raise ConfigError(f"{field} = {value!r}: must be True or False.")


def check_callable(value: Any, field: str) -> Any:
    """`value` itself: a function, or None."""
    if value is not None and not callable(value):
        raise ConfigError(f"{field} = {value!r}: must be a function, or None.")
    return value


def check_samples(n_samples: Any) -> int:
    """A number of rows."""
    return whole_number(n_samples, "n_samples", 0, 2**40)


def check_draw(draw: Any) -> int:
    """The number of a sample() call."""
    return whole_number(draw, "draw", 0, 2**32 - 1)


def check_intervention(values: Any, n_nodes: int) -> dict[int, float]:
    """Nodes and the values that an intervention holds them at."""
    if not isinstance(values, Mapping) or not values:
        raise ConfigError(f"values = {values!r}: must map at least one node to its value, such as {{2: 1.5}}.")
    checked: dict[int, float] = {}
    for node, value in cast(Mapping[Any, Any], values).items():
        if isinstance(value, Tensor) and is_followed(value):
            raise ConfigError(
                f"value of node {node} requires a gradient, or is of a transform of functions, which do doesn't pass on: must "
                'be a number, such as value.item(); intervene("do", ...) takes it as it is.'
            )
        checked[whole_number(node, "node", 0, n_nodes - 1)] = float32(value, f"value of node {node}")
    return checked


def float32(value: Any, field: str) -> float:
    """A number, or a scalar of numpy or torch, that is finite as a float32."""
    try:
        if isinstance(value, (bool, np.bool_, str, bytes)) or getattr(value, "dtype", None) == torch.bool:
            raise TypeError
        number = float(value)
    except (TypeError, ValueError, OverflowError, RuntimeError):  # The last from a tensor of several numbers.
        raise ConfigError(f"{field} = {value!r}: must be a finite number.") from None
    if not abs(number) <= torch.finfo(torch.float32).max:
        raise ConfigError(
            f"{field} = {value!r}: must be a finite number, at most {torch.finfo(torch.float32).max:.4g} in size."
        )
    return number


def one_of(value: Any, field: str, known: Iterable[str]) -> str:
    """A text among those known, as Python's own str: numpy's, and members of a StrEnum, are texts too."""
    names = list(known)
    if not isinstance(value, str) or str.__str__(value) not in names:
        raise ConfigError(f"{field} = {value!r}: must be one of {', '.join(map(repr, names))}.")
    return str.__str__(value)


def check_level(level: Any) -> int:
    """The engine's number of a level of graph identity."""
    return _ffi.LEVELS[one_of(level, "level", _ffi.LEVELS)]


def check_seed(seed: Any, field: str = "seed") -> int:
    """A seed as an int in [0, 2^64): larger ones are taken mod 2^64, 0 is a seed like any other."""
    number = _index(seed, field, "must be a whole number, 0 or more")
    if number < 0:
        raise ConfigError(f"{field} = {number}: must be 0 or more.")
    return number & _MASK


def seeds_to_tensor(seeds: Iterable[int]) -> Tensor:
    """int64 [count] with the bits of the unsigned seeds, the form in which they cross into the engine."""
    values = [seed if seed < 1 << 63 else seed - (1 << 64) for seed in map(check_seed, seeds)]
    return check_real(torch.tensor(values, dtype=torch.int64, device="cpu"))


def seeds_from_tensor(seeds: Tensor) -> list[int]:
    """The unsigned seeds whose bits an int64 tensor holds."""
    return [seed & _MASK for seed in _ffi.integers(seeds)]


def check_graph(adjacency: Any, field: str = "adjacency", n_nodes: int | None = None) -> Tensor:
    """A DAG as fresh uint8 [n, n] on the CPU, from what `read_matrix` takes; A[i, j] == 1 means i -> j."""
    if isinstance(adjacency, Tensor) and adjacency.layout == torch.strided and not adjacency.is_meta:
        matrix = adjacency.detach().cpu()
    else:
        found = read_matrix(adjacency, field)
        check_order(found, field)
        matrix = torch.from_numpy(found.values)
    check_real(matrix)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.shape[0] == 0:
        raise ConfigError(f"{field} has shape {tuple(matrix.shape)}: must be square, n x n with n >= 1.")
    if n_nodes is not None and matrix.shape[0] != n_nodes:
        raise ConfigError(f"{field} has {matrix.shape[0]} nodes: must have {n_nodes}, as was asked for.")
    other = (matrix != 0) & (matrix != 1)
    if bool(other.any()):
        i, j = (int(k) for k in other.nonzero()[0])
        raise ConfigError(f"{field}[{i}, {j}] = {matrix[i, j].item()}: every entry must be 0 or 1.")
    graph = matrix.to(torch.uint8, copy=True).contiguous()
    try:
        _ffi.graph_order(graph)  # Names the nodes of a cycle.
    except ConfigError as error:
        told = str(error).removeprefix("adjacency = ")
        raise ConfigError(f"{field} {'=' if field.isidentifier() else 'is'} {told}") from None
    return graph


def check_targets(targets: Any, n_nodes: int) -> Tensor:
    """uint8 [E, n_nodes], 1 for the targets of each regime, from lists of nodes or a matrix of truth values."""
    if isinstance(targets, (Tensor, np.ndarray)):
        matrix = torch.from_numpy(read_array(targets, "targets"))
        if matrix.ndim != 2 or matrix.shape[1] != n_nodes or bool(((matrix != 0) & (matrix != 1)).any()):
            raise ConfigError(
                f"targets has shape {tuple(matrix.shape)}: must be a matrix of 0 and 1 with a row for each regime and "
                f"{n_nodes} columns, one for each node, or lists of nodes."
            )
        return matrix.to(torch.uint8).contiguous()
    if isinstance(targets, (str, bytes)) or not isinstance(targets, Iterable):
        raise ConfigError(f"targets = {targets!r}: must be a list of nodes for each regime, such as [[0], [2, 3]].")
    regimes: list[list[int]] = []
    for place, regime in enumerate(cast("Iterable[Any]", targets)):
        if isinstance(regime, (str, bytes)) or not isinstance(regime, Iterable):
            raise ConfigError(f"targets[{place}] = {regime!r}: must be a list of nodes, such as [0].")
        regimes.append([whole_number(node, f"a node of targets[{place}]", 0, n_nodes - 1) for node in cast("Any", regime)])
    rows = torch.zeros(len(regimes), n_nodes, dtype=torch.uint8, device="cpu")
    for place, regime in enumerate(regimes):
        rows[place, regime] = 1
    return rows


def unstopped(function: Callable[..., R], what: str, *arguments: Any, **settings: Any) -> R:
    """The result of code that may be a user's. EngineError for its StopIteration, which would end a loop in silence."""
    try:
        return function(*arguments, **settings)
    except StopIteration as error:
        raise EngineError(f"{what} raised StopIteration, as next() does at an end: must not; give next() a default.") from error
