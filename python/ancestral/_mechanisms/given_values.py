"""Values that a user gives an intervention: a number, a tensor for all rows or for each, rows of a parent."""

from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .._engine.checks import float32
from .._engine.errors import ConfigError
from .._engine.matrices import read_array
from .._engine.torch_modes import bare, is_followed, untransformed


class Given:
    """A number or a tensor, kept as it is and shared by copies, so that gradients reach the user's own."""

    def __init__(self, value: Any, field: str) -> None:
        self.value, self.field = value, field

    def __deepcopy__(self, memo: dict[int, Any]) -> "Given":
        return self

    @property
    def rows(self) -> int | None:
        """The only number of rows that it serves; None for any."""
        return len(self.value) if isinstance(self.value, Tensor) and self.value.ndim else None

    def column(self, like: Tensor) -> Tensor:
        """[rows], as many rows as `like` has, and on its device; a number has its dtype too."""
        if not isinstance(self.value, Tensor):
            return torch.full((len(like),), self.value, dtype=like.dtype, device=like.device)
        if self.rows not in (None, len(like)):
            raise ConfigError(
                f"{self.field} has {self.rows} values, one for each row, but there are {len(like)} rows: must be as many."
            )
        return self.value.to(like.device).expand(len(like))


class GivenWeights(Given):
    """A number, or one for each parent."""

    @property
    def rows(self) -> int | None:
        return None


class RowsAbove(Given):
    """The rows that lie `value` places before each row; before the first ones, those at the end."""

    @property
    def rows(self) -> int | None:
        return None

    def column(self, like: Tensor) -> Tensor:
        """int64 [rows]."""
        if 0 < len(like) <= self.value:
            raise ConfigError(
                f"{self.field} takes the value that the parent has {self.value} rows before, but there are {len(like)} rows: "
                f"must be {self.value + 1} at least, or the values be given."
            )
        return torch.arange(len(like), device=like.device).roll(self.value)


def numbers(what: Any, field: str) -> float | Tensor:
    """A number, or a tensor of one or of one for each row, which gradients may flow to."""
    if isinstance(what, np.ndarray):
        what = of_array(cast("NDArray[Any]", what), field)
    if not isinstance(what, Tensor) or (what.ndim == 0 and not is_followed(what)):
        return float32(what, field)
    if what.ndim > 1 or not what.is_floating_point():
        raise ConfigError(
            f"{field} is a tensor {list(what.shape)} of {what.dtype}: must be a number, or floating-point [rows]."
        )
    with untransformed():
        if not what.is_meta and not bool(torch.isfinite(bare(what)).all()):
            raise ConfigError(f"{field} has a value that is not finite: must be finite numbers.")
    return what


def numbers_or_rows(what: Any, field: str) -> float | Tensor:
    """The same, or rows of a parent by whole numbers [rows]."""
    if isinstance(what, np.ndarray):
        what = of_array(cast("NDArray[Any]", what), field)
    if not isinstance(what, Tensor) or what.is_floating_point() or what.ndim != 1 or what.dtype == torch.bool:
        return numbers(what, field)
    what = what.long()  # torch has no extremes of uint16, uint32 and uint64.
    if not what.is_meta and len(what) and (int(what.min()) < 0 or int(what.max()) >= len(what)):
        raise ConfigError(f"{field} has rows from {int(what.min())} to {int(what.max())}: must be from 0 to {len(what) - 1}.")
    return what


def of_array(array: NDArray[Any], field: str) -> Tensor:
    """A tensor of its own of an array of real numbers, which torch may not take as it is: whole numbers are int64."""
    kind = array.dtype.kind
    if kind in "iu":
        return torch.from_numpy(array.astype(np.int64, order="C"))
    if kind == "b" or (kind == "f" and array.dtype.itemsize <= 8):
        return torch.from_numpy(array.astype(f"{kind}{array.dtype.itemsize}", order="C"))  # In the machine's byte order.
    return torch.from_numpy(read_array(array, field))
