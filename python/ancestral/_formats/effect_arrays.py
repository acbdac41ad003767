"""The arrays of effect tasks, as batches without masks."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import torch
from torch import Tensor

from .._engine.errors import ConfigError


def effect_arrays(source: Any, what: str, names: Sequence[str]) -> dict[str, Tensor]:
    """X and the arrays `names` of a task or a batch of a design with effects, [B, ...].

    ConfigError where one is missing, and where masks say that tasks differ in their number of rows.
    """
    if not isinstance(source, Mapping):
        raise ConfigError(f"source is of type {type(source).__name__}: {what} must be of an item of a design with effects.")
    given = cast("Mapping[str, Tensor]", source)
    for name in ("X", *names):
        if name not in given:
            reason = ", of a treatment that is no grid" if name in ("y0", "y1") else ""
            raise ConfigError(f"source has no array {name!r}: must be an item of a design with effects and a query{reason}.")
    for name in ("row_mask", "query_mask"):
        if name in given and not bool(given[name].all()):
            raise ConfigError(
                f'{name} is not True everywhere: must be, for {what} has no masks; let n_samples_per be "per_batch", or '
                "n_samples one number."
            )
    single = given["X"].ndim == 2
    return {name: given[name][None] if single else given[name] for name in ("X", *names)}


def sequence_first(array: Tensor) -> Tensor:
    """[B, n, ...] as [n, B, ...], in memory of its own."""
    return array.transpose(0, 1).clone(memory_format=torch.contiguous_format)
