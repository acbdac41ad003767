"""Normalisation of each task by its own statistics."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ..._engine.checks import one_of

# The interquartile range of a standard normal.
_NORMAL_IQR = 1.3489795003921634
# Exponents of a column's largest value. Distances of float32 values are at least 2^-24 of it: squares stay above 2^-108, and
# their sums below 2^127.
_LEAST, _MOST = -30, 40


def normalize_rows(x: Tensor, how: str) -> Tensor:
    """Columns of x [..., n_samples, n] brought to one scale, by statistics over n_samples of each task alone.

    "standardize" gives mean 0 and population standard deviation 1; "robust" median 0, and the interquartile range of a
    standard normal; "none" is x itself. A constant column becomes 0. Values may have any size that their dtype holds; the
    result is of that dtype, and float32 for whole numbers. ConfigError for another name.
    """
    if check_normalize(how) == "none" or x.shape[-2] == 0:
        return x
    dtype = x.dtype if x.is_floating_point() else torch.float32
    # Half precision has too few digits for sums over rows.
    wide = x if x.dtype in (torch.float32, torch.float64) else x.float()
    wide = _of_middle_size(wide)
    # Distances from the first row: exactly 0 in a constant column, and no precision is lost far from 0.
    centred, scale = _SCALES[how](wide - wide[..., :1, :])
    return (centred / torch.where(scale > 0, scale, 1)).to(dtype)


def check_normalize(how: Any) -> str:
    """One of the names that `normalize_rows` knows, or ConfigError."""
    return one_of(how, "normalize", ("none", *_SCALES))


def _of_middle_size(x: Tensor) -> Tensor:
    """x, with columns whose squares could leave float32's range multiplied by a power of two, to values of at most about 1.

    That changes no digit of what is computed of them, since a column's scale is divided out in the end.
    """
    largest = _folded(x.abs(), torch.maximum)
    exponent = torch.frexp(largest).exponent
    away = ((exponent < _LEAST) | (exponent > _MOST)) & largest.isfinite()
    step = torch.where(away, -exponent, 0)
    half = step.div(2, rounding_mode="floor")  # In two steps, as the power itself may be out of range.
    return x * _power_of_two(half, x.dtype) * _power_of_two(step - half, x.dtype)


def _power_of_two(exponent: Tensor, dtype: torch.dtype) -> Tensor:
    """By its bits, since a vectorised power may be off by one of them. `exponent` is int32."""
    if dtype == torch.float32:
        return ((exponent + 127) << 23).view(torch.float32)
    return ((exponent.long() + 1023) << 52).view(torch.float64)


def _standardize(x: Tensor) -> tuple[Tensor, Tensor]:
    centred = x - _mean(x)
    return centred, _deviation(centred)


def _robust(x: Tensor) -> tuple[Tensor, Tensor]:
    ordered = x.sort(dim=-2).values
    centred = x - _quantile(ordered, 0.5)
    scale = (_quantile(ordered, 0.75) - _quantile(ordered, 0.25)) / _NORMAL_IQR
    # More than half of a column may be one value without all of it being so.
    return centred, torch.where(scale > 0, scale, _deviation(x - _mean(x)))


_SCALES = {"standardize": _standardize, "robust": _robust}


def _deviation(centred: Tensor) -> Tensor:
    return _mean(centred.square()).sqrt()


def _mean(x: Tensor) -> Tensor:
    """[..., 1, n], summed in a fixed tree of additions by element: torch's own order of summation changes with the shape
    of the batch and the number of threads, and with it the last bits of a task beside other tasks."""
    return _folded(x, torch.add) / x.shape[-2]


def _folded(x: Tensor, combine: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """[..., n_samples, n] -> [..., 1, n]"""
    while (count := x.shape[-2]) > 1:
        half = (count + 1) // 2
        folded = x[..., :half, :].clone()
        folded[..., : count - half, :] = combine(x[..., : count - half, :], x[..., half:, :])
        x = folded
    return x


def _quantile(ordered: Tensor, q: float) -> Tensor:
    """[..., 1, n]; linear between the two nearest of the ordered rows."""
    place = q * (ordered.shape[-2] - 1)
    low = int(place)
    high = min(low + 1, ordered.shape[-2] - 1)
    return ordered[..., low : low + 1, :] * (1 - (place - low)) + ordered[..., high : high + 1, :] * (place - low)
