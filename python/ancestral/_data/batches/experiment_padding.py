"""Experiments of different sizes in one batch: trimmed to what is their own, and padded to a common size."""

import functools
from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor

from ..._engine.checks import whole_number
from ..._engine.errors import ConfigError
from ..._scm.experiment_data import Array, ExperimentData
from .worker_memory import together

_MOST_NODES = 1 << 16
# What says how many of an axis are a task's own, and how many there are besides.
_COUNTS = {"d": ("n_nodes", 0), "E": ("n_regimes", 1)}
_MASKS = {
    "n": ("row_mask", "row"),
    "m": ("query_mask", "row to be asked about"),
    "d": ("node_mask", "variable"),
    "p": ("covariate_mask", "covariate"),
    "E": ("regime_mask", "regime"),
    "G": ("dose_mask", "value of the treatment"),
}


def padded(items: Sequence[ExperimentData], n_nodes: int | None, bucket: int) -> ExperimentData:
    """One batch of single experiments, with a mask for each axis in which they differ, and for their variables in any case."""
    layout = items[0].layout
    if any([array.name for array in item.layout] != [array.name for array in layout] for item in items):
        raise ConfigError("batch holds experiments with different arrays: must be all of one design, but for its numbers.")
    own = [_own_sizes(item) for item in items]
    sizes = {axis: max(one[axis] for one in own) for axis in own[0]}
    for axis in {"d", "p"} & sizes.keys():
        sizes[axis] = padded_width(sizes[axis], n_nodes if axis == "d" else None, bucket)
    arrays = {array.name: _stacked(array, items, own, sizes) for array in layout}
    wide = [array._replace(shape=tuple(sizes[axis] for axis in array.axes)) for array in layout]
    for axis, size in sizes.items():
        name, what = _MASKS[axis]
        if name not in arrays and (axis == "d" or any(one[axis] != size for one in own)):
            counts = torch.tensor([one[axis] for one in own], device=arrays[layout[0].name].device)
            arrays[name] = torch.arange(size, device=counts.device) < counts[:, None]
            wide.append(Array(name, torch.bool, (size,), (axis,), meaning=f"Whether there is such a {what}."))
    return ExperimentData(zip(arrays, together(*arrays.values()), strict=True), tuple(wide))


def padded_width(most: int, n_nodes: Any, bucket: Any) -> int:
    """The width of a batch whose largest task has `most` nodes: `n_nodes` or, for None, the next multiple of `bucket`."""
    step = whole_number(bucket, "bucket", 1, _MOST_NODES)
    if n_nodes is None:
        return -(-most // step) * step
    width = whole_number(n_nodes, "n_nodes", 1, _MOST_NODES)
    if width < most:
        raise ConfigError(f"n_nodes = {width}: must be at least {most}, the most nodes of a task in the batch.")
    return width


def common_dtype(tensors: Iterable[Tensor]) -> torch.dtype:
    """One that holds the values of all, as torch's own stacking takes."""
    return functools.reduce(torch.promote_types, (tensor.dtype for tensor in tensors))


def trimmed(item: ExperimentData, name: str) -> Tensor:
    """One array of a single experiment, without what stands past the task's own sizes."""
    counts = _own_sizes(item)
    axes = next((array.axes for array in item.layout if array.name == name), ())
    return item[name][tuple(slice(counts[axis]) for axis in axes)]


def _own_sizes(item: ExperimentData) -> dict[str, int]:
    """How many of each axis are the task's own, which come first."""
    sizes: dict[str, int] = {}
    for array in item.layout:
        sizes.update(zip(array.axes, item[array.name].shape, strict=True))
    for array in item.layout:
        if array.dtype == torch.bool and len(array.axes) == 1:
            sizes[array.axes[0]] = int(item[array.name].sum())
    for axis, (name, besides) in _COUNTS.items():
        if axis in sizes and name in item:
            sizes[axis] = int(item[name]) + besides
    return sizes


def _stacked(array: Array, items: Sequence[ExperimentData], own: Sequence[dict[str, int]], sizes: dict[str, int]) -> Tensor:
    dtype = common_dtype(item[array.name] for item in items)
    out = items[0][array.name].new_full((len(items), *(sizes[axis] for axis in array.axes)), array.padding, dtype=dtype)
    for index, (item, counts) in enumerate(zip(items, own, strict=True)):
        corner = tuple(slice(counts[axis]) for axis in array.axes)
        out[(index, *corner)] = item[array.name][corner]
    return out
