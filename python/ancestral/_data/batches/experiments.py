"""Experiments in a batch: single ones stacked, stacked ones apart, and all on one scale."""

from collections.abc import Sequence
from typing import Any

import torch

from ..._engine.errors import ConfigError
from ..._scm.experiment_data import ExperimentData
from .experiment_scales import normalized
from .worker_memory import together


def are_experiments(batch: Any) -> bool:
    """True for experiments, stacked or in a list."""
    kinds: set[type[Any]] = {type(item) for item in batch} if isinstance(batch, (list, tuple)) else {type(batch)}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return kinds == {ExperimentData}


def collated(batch: Any, normalize: str, rows: str) -> ExperimentData:
    """A list of single experiments, or those that are stacked, on one scale; a single experiment stays one."""
    if isinstance(batch, ExperimentData) and _is_single(batch):
        return collated([batch], normalize, rows).mapped(lambda array: array[0])
    stacked = batch if isinstance(batch, ExperimentData) else _stacked(batch)
    found = normalized(stacked, normalize, rows)
    return found if found is batch else _together(found)


def stack_experiments(experiments: Sequence[ExperimentData], *, collate_fn_map: Any = None) -> ExperimentData:
    """What torch's default_collate makes of experiments, in a DataLoader worker with one storage for all; see `empty`."""
    return _together(_stacked(experiments))


def single_experiments(batch: Any) -> list[ExperimentData]:
    """Experiments one by one."""
    if not isinstance(batch, ExperimentData):
        return batch
    if _is_single(batch):
        return [batch]
    return [ExperimentData(zip(batch, part, strict=True), batch.layout) for part in zip(*batch.values(), strict=True)]


def _is_single(data: ExperimentData) -> bool:
    _check_whole(data)
    return len(data.layout) > 0 and all(data[array.name].ndim == len(array.axes) for array in data.layout)


def _stacked(experiments: Sequence[ExperimentData]) -> ExperimentData:
    for data in experiments:
        _check_whole(data)
    first = experiments[0]
    if any(_shapes(item) != _shapes(first) for item in experiments):
        raise ConfigError("batch holds experiments of different sizes: must be all of one size; anc.pad_collate takes others.")
    return ExperimentData({name: torch.stack([item[name] for item in experiments]) for name in first}, first.layout)


def _check_whole(data: ExperimentData) -> None:
    """ConfigError where an array was taken out: without split, masks or n_classes statistics would be others."""
    for array in data.layout:
        if array.name not in data:
            raise ConfigError(
                f"batch has no {array.name!r}: must have all arrays of its layout; take some out after collating."
            )


def _shapes(data: ExperimentData) -> dict[str, torch.Size]:
    return {name: array.shape for name, array in data.items()}


def _together(data: ExperimentData) -> ExperimentData:
    return ExperimentData(zip(data, together(*data.values()), strict=True), data.layout)
