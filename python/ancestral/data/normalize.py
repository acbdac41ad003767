"""Normalisation of each task by its own statistics."""

import torch
from torch import Tensor

from .._errors import ConfigError

# The interquartile range of a standard normal.
_NORMAL_IQR = 1.3489795003921634


def normalize_rows(x: Tensor, how: str) -> Tensor:
    """Columns of x [..., n_samples, n] brought to one scale, by statistics over n_samples of each task alone.

    "standardize" gives mean 0 and population standard deviation 1; "robust" median 0, and the interquartile range of a
    standard normal; "none" is x itself. A constant column becomes 0. ConfigError for another name.
    """
    check_normalize(how)
    if how == "none":
        return x
    if x.shape[-2] == 0:
        return x
    # Distances from the first row: exactly 0 in a constant column, and no precision is lost far from 0.
    centred, scale = _SCALES[how](x - x[..., :1, :])
    return centred / torch.where(scale > 0, scale, 1)


def check_normalize(how: str) -> None:
    """ConfigError unless `how` is one of the names that `normalize_rows` knows."""
    if not isinstance(how, str) or (how != "none" and how not in _SCALES):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigError(f"normalize = {how!r}: must be one of {', '.join(map(repr, ('none', *_SCALES)))}.")


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
    rows = x.shape[-2]
    while (count := x.shape[-2]) > 1:
        half = (count + 1) // 2
        folded = x[..., :half, :].clone()
        folded[..., : count - half, :] += x[..., half:, :]
        x = folded
    return x / rows


def _quantile(ordered: Tensor, q: float) -> Tensor:
    """[..., 1, n]; linear between the two nearest of the ordered rows."""
    place = q * (ordered.shape[-2] - 1)
    low = int(place)
    high = min(low + 1, ordered.shape[-2] - 1)
    return ordered[..., low : low + 1, :] * (1 - (place - low)) + ordered[..., high : high + 1, :] * (place - low)
