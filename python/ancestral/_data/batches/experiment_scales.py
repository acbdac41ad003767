"""Normalisation of experiments: what statistics are learned from, and what moves with them."""

from collections.abc import Callable

import torch
from torch import Tensor

from ..._engine.checks import one_of
from ..._engine.errors import ConfigError
from ..._scm.experiment_data import Array, ExperimentData
from .normalize import ColumnMap, check_normalize

CLASSES = "n_classes"
"""How many classes each column of X has, 0 where it has none; in a batch of a family whose nodes may have some."""
OBSERVED = "observed"
"""Which cells of X are seen, in a batch that has holes."""
ROWS = ("all", "observational", "context")
# Whose rows each scale is learned from, the first of the layout that is on it; and how numbers are moved by it.
_OF: dict[str, tuple[str, Callable[[ColumnMap, Tensor], Tensor]]] = {
    "columns": ("columns", ColumnMap.moved),
    "differences": ("columns", ColumnMap.scaled),
    "treatment": ("treatment", ColumnMap.moved),
    "outcome": ("outcome", ColumnMap.moved),
    "effect": ("outcome", ColumnMap.scaled),
}


def normalized(batch: ExperimentData, normalize: str, rows: str) -> ExperimentData:
    """A batch of experiments, each on the scale of its own rows: "all" of them, those in the regime 0 ("observational"), or
    those that are no query rows ("context", which are all that a statistic may see in any case). Cells that aren't observed
    teach nothing, and stay what they are, 0 or NaN; so do classes."""
    rows = one_of(rows, "rows", ROWS)
    if check_normalize(normalize) == "none":
        return batch
    if not batch.layout:
        raise ConfigError(
            f"normalize = {normalize!r}: must be 'none' for a batch without a layout, which says what is on which scale; "
            "give it as a dataset or SCMInstance.run gave it, an ExperimentData."
        )
    kept = _kept(batch, rows)
    maps: dict[str, ColumnMap] = {}
    moved = dict(batch)
    for array in batch.layout:
        if array.scale == "none":
            continue
        source, move = _OF[array.scale]
        if source not in maps:
            maps[source] = _learned(batch, _first(batch, source), kept, normalize)
        values = _on_columns(array, move, maps[source], batch[array.name])
        moved[array.name] = _held(batch, array, _with_classes(batch, array, values))
    return ExperimentData(moved, batch.layout)


def _with_classes(batch: ExperimentData, array: Array, values: Tensor) -> Tensor:
    """`values`, but for classes, which are no numbers that a scale could be changed of."""
    if CLASSES not in batch or array.scale not in ("columns", "differences"):
        return values
    counts = batch[CLASSES]
    return torch.where(counts.reshape(len(counts), *(1,) * (values.ndim - 2), -1) > 0, batch[array.name], values)


def _first(batch: ExperimentData, scale: str) -> Array:
    """The array that a scale is learned from."""
    return next(array for array in batch.layout if array.scale == scale and array.axes[:1] == ("n",))


def _kept(batch: ExperimentData, rows: str) -> Tensor:
    """bool [B, n]: the rows that statistics are learned from; never a query row, nor one that isn't there."""
    x = batch[_first(batch, "columns").name]
    kept = torch.ones(x.shape[:2], dtype=torch.bool, device=x.device)
    for array in batch.layout:
        if array.axes == ("n",) and array.dtype == torch.bool:
            kept &= batch[array.name]
    if "split" in batch:
        kept &= torch.arange(x.shape[1], device=x.device) < batch["split"][:, None]
    if rows == "observational" and "regime" in batch:
        kept &= batch["regime"] == 0
    empty = (~kept.any(1)).nonzero()
    if len(empty) > 0:
        raise ConfigError(f"rows = {rows!r}: must be another one, as task {int(empty[0])} of the batch has no such row.")
    return kept


def _learned(batch: ExperimentData, array: Array, kept: Tensor, normalize: str) -> ColumnMap:
    """The map of each task, [B, 1, n]; a task's own whatever stands beside it."""
    x = batch[array.name].reshape(*kept.shape, -1)  # A single column has no axis of its own.
    if array.scale == "columns" and OBSERVED in batch:
        return ColumnMap.of(x, normalize, batch[OBSERVED] & kept[..., None])
    if bool((kept == kept[:1]).all()):
        return ColumnMap.of(x[:, kept[0]], normalize)
    maps = [ColumnMap.of(own[mask], normalize) for own, mask in zip(x, kept, strict=True)]
    powers = torch.stack([one.powers[0] for one in maps]), torch.stack([one.powers[1] for one in maps])
    first, centre, scale = (torch.stack([one[part] for one in maps]) for part in (1, 2, 3))  # pyright: ignore
    return ColumnMap(powers, first, centre, scale)


def _on_columns(array: Array, move: Callable[[ColumnMap, Tensor], Tensor], by: ColumnMap, values: Tensor) -> Tensor:
    """`values` as rows of the columns that a map is of, moved."""
    if array.scale in ("columns", "differences"):
        return move(by, values)
    return move(by, values.reshape(len(values), -1, 1)).reshape(values.shape)


def _held(batch: ExperimentData, array: Array, values: Tensor) -> Tensor:
    """`values`, with 0 where an array says that there is none."""
    for other in batch.layout:
        mask, axes = batch[other.name], array.axes
        if other.name == array.mask:
            values = torch.where(mask, values, 0)
        elif other.dtype == torch.bool and len(other.axes) == 1 and other.axes[0] in axes:
            place = 1 + axes.index(other.axes[0])
            values = torch.where(mask.reshape(len(mask), *(-1 if k == place else 1 for k in range(1, values.ndim))), values, 0)
    return values
