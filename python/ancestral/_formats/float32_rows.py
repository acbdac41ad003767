"""Rows of other precisions as float32, which tasks are of."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .._engine.errors import ConfigError


def float32_rows(rows: NDArray[Any], what: str) -> Tensor:
    """Fresh float32 of the same shape; infinities and NaN stay. ConfigError for a finite number that float32 can't hold."""
    with np.errstate(over="ignore"):
        single = np.array(rows, dtype=np.float32, order="C")
    lost = np.isinf(single) & np.isfinite(rows)
    if lost.any():
        raise ConfigError(f"{what} has the number {rows[lost][0]:.4g}: must be at most {np.finfo(np.float32).max:.4g} in size.")
    return torch.from_numpy(single)
