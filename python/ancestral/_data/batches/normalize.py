"""Normalisation of each task by its own statistics."""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ..._engine import _ffi
from ..._engine.checks import one_of
from ..._engine.torch_modes import is_transformed

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

    float32 of the CPU without a gradient is standardised by the engine, which sums in float64; it differs from what torch makes
    of the same values, on a GPU for instance, by float32's rounding.
    """
    if check_normalize(how) == "none" or x.shape[-2] == 0:
        return x
    if how == "standardize" and _has_plain_values(x):
        return _ffi.standardize(x.contiguous())
    return ColumnMap.of(x, how).moved(x)


def _has_plain_values(x: Tensor) -> bool:
    """True if the engine can read them: float32 in memory of the CPU, of which torch need know no formula."""
    if type(x) is not Tensor or x.dtype != torch.float32 or x.device.type != "cpu" or x.numel() == 0:
        return False
    if torch.compiler.is_compiling() or (x.requires_grad and torch.is_grad_enabled()):
        return False
    try:
        return not is_transformed(x) and x.data_ptr() != 0
    except RuntimeError:  # What else has no memory.
        return False


class ColumnMap(NamedTuple):
    """Brings columns to one scale: what `normalize_rows` does to the rows that it was learned from, for any of their values.

    All are [..., 1, n].
    """

    powers: tuple[Tensor, Tensor]
    """Of two, by which values are multiplied one after the other, so that no square leaves the range."""
    first: Tensor
    """The first row then: distances from it are exactly 0 in a constant column, and no precision is lost far from 0."""
    centre: Tensor
    scale: Tensor

    @classmethod
    def of(cls, x: Tensor, how: str, seen: Tensor | None = None) -> "ColumnMap":
        """That of the rows of x, [..., rows, n], of which there is at least one; `how` is not "none".

        Of cells that `seen`, bool like x, says are none, nothing is learned; a column without any other is only moved by 0.
        """
        wide = _wide(x)
        if seen is not None:
            # A hole takes a value of its column, so that its distance from the first is exactly 0 where that is it.
            place = seen.to(torch.uint8).argmax(-2, keepdim=True)
            some = torch.where(seen.any(-2, keepdim=True), wide.gather(-2, place), 0)
            wide = torch.where(seen, wide, some)
        powers = _to_middle_size(wide)
        middle = wide * powers[0] * powers[1]
        first = middle[..., :1, :]
        centre, scale = _SCALES[how](middle - first, seen)
        # A constant column divides no power out, so that it has none: other values keep their distance from it.
        spread = scale > 0
        small, large = (torch.where(spread, power, 1) for power in powers)
        return cls((small, large), torch.where(spread, first, wide[..., :1, :]), centre, torch.where(spread, scale, 1))

    def moved(self, values: Tensor) -> Tensor:
        """Values of these columns, [..., n], on their new scale."""
        wide = _wide(values) * self.powers[0] * self.powers[1]
        return ((wide - self.first - self.centre) / self.scale).to(_dtype(values))

    def scaled(self, differences: Tensor) -> Tensor:
        """Differences of values of these columns, which are never moved."""
        return (_wide(differences) * self.powers[0] * self.powers[1] / self.scale).to(_dtype(differences))


def _wide(x: Tensor) -> Tensor:
    """Half precision has too few digits for sums over rows."""
    return x if x.dtype in (torch.float32, torch.float64) else x.float()


def _dtype(x: Tensor) -> torch.dtype:
    return x.dtype if x.is_floating_point() else torch.float32


def check_normalize(how: Any) -> str:
    """One of the names that `normalize_rows` knows, or ConfigError."""
    return one_of(how, "normalize", ("none", *_SCALES))


def _to_middle_size(x: Tensor) -> tuple[Tensor, Tensor]:
    """Powers of two that bring columns of x whose squares could leave float32's range to values of at most about 1, else 1.

    They change no digit of what is computed of them, since a column's scale is divided out in the end.
    """
    largest = _folded(x.abs(), torch.maximum)
    exponent = torch.frexp(largest).exponent
    away = ((exponent < _LEAST) | (exponent > _MOST)) & largest.isfinite()
    step = torch.where(away, -exponent, 0)
    half = step.div(2, rounding_mode="floor")  # In two steps, as the power itself may be out of range.
    return _power_of_two(half, x.dtype), _power_of_two(step - half, x.dtype)


def _power_of_two(exponent: Tensor, dtype: torch.dtype) -> Tensor:
    """By its bits, since a vectorised power may be off by one of them. `exponent` is int32."""
    if dtype == torch.float32:
        return ((exponent + 127) << 23).view(torch.float32)
    return ((exponent.long() + 1023) << 52).view(torch.float64)


def _standardize(x: Tensor, seen: Tensor | None) -> tuple[Tensor, Tensor]:
    centre = _mean(x, seen)
    return centre, _deviation(x - centre, seen)


def _robust(x: Tensor, seen: Tensor | None) -> tuple[Tensor, Tensor]:
    ordered = (x if seen is None else torch.where(seen, x, torch.inf)).sort(dim=-2).values
    last = None if seen is None else seen.sum(-2, keepdim=True).clamp_min(1) - 1
    scale = (_quantile(ordered, 0.75, last) - _quantile(ordered, 0.25, last)) / _NORMAL_IQR
    centre = _quantile(ordered, 0.5, last)
    if seen is not None:
        empty = ~seen.any(-2, keepdim=True)
        centre, scale = centre.masked_fill(empty, 0), scale.masked_fill(empty, 0)
    # More than half of a column may be one value without all of it being so.
    return centre, torch.where(scale > 0, scale, _deviation(x - _mean(x, seen), seen))


_SCALES = {"standardize": _standardize, "robust": _robust}


def _deviation(centred: Tensor, seen: Tensor | None) -> Tensor:
    """With a gradient of 0 where nothing varies, as a root's is infinite at 0."""
    variance = _mean(centred.square(), seen)
    none = variance == 0
    return torch.where(none, 0, torch.where(none, 1, variance).sqrt())


def _mean(x: Tensor, seen: Tensor | None) -> Tensor:
    """[..., 1, n], over what is seen, summed in a fixed tree of additions by element: torch's own order of summation changes
    with the shape of the batch and the number of threads, and with it the last bits of a task beside other tasks."""
    if seen is None:
        return _folded(x, torch.add) / x.shape[-2]
    return _folded(torch.where(seen, x, 0), torch.add) / seen.sum(-2, keepdim=True).clamp_min(1)


def _folded(x: Tensor, combine: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """[..., n_samples, n] -> [..., 1, n]"""
    while (count := x.shape[-2]) > 1:
        half = (count + 1) // 2
        folded = x[..., :half, :].clone()
        folded[..., : count - half, :] = combine(x[..., : count - half, :], x[..., half:, :])
        x = folded
    return x


def _quantile(ordered: Tensor, q: float, last: Tensor | None = None) -> Tensor:
    """[..., 1, n]; linear between the two nearest of ordered rows, of which `last`, [..., 1, n], is the last that counts."""
    if last is None:
        place = q * (ordered.shape[-2] - 1)
        low = int(place)
        high = min(low + 1, ordered.shape[-2] - 1)
        return ordered[..., low : low + 1, :] * (1 - (place - low)) + ordered[..., high : high + 1, :] * (place - low)
    places = q * last
    lows = places.long()
    at_low, at_high = ordered.gather(-2, lows), ordered.gather(-2, torch.minimum(lows + 1, last))
    return at_low * (1 - (places - lows)) + at_high * (places - lows)
