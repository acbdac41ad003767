"""ExperimentData: the arrays of an experiment, and what the engine says of each."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import torch
import torch.utils._pytree as pytree
from torch import Tensor

_DTYPES = {
    "float32": torch.float32,
    "int32": torch.int32,
    "int16": torch.int16,
    "int8": torch.int8,
    "bool": torch.bool,
}


class Array(NamedTuple):
    """One array of an experiment, as the engine describes it."""

    name: str
    """By which an item has it."""
    dtype: torch.dtype
    """Of its numbers."""
    shape: tuple[int, ...]
    """Of one task."""
    axes: tuple[str, ...] = ()
    """What each axis counts: n rows, m rows that are asked about, d variables, p covariates, E regimes, G treatments."""
    scale: str = "none"
    """Whose scale the numbers are on: none, columns, differences (of columns), treatment, outcome or effect (on outcomes)."""
    mask: str | None = None
    """The array of truth values that says where this one holds, beside those of its axes."""
    padding: int = 0
    """What stands past a task's own sizes."""
    meaning: str = ""
    """A sentence on what it holds."""

    @classmethod
    def read(cls, described: Mapping[str, Any]) -> "Array":
        """One entry of the engine's layout."""
        lists: dict[str, Any] = {name: tuple(described[name]) for name in ("shape", "axes")}
        given: dict[str, Any] = {**described, **lists, "dtype": _DTYPES[described["dtype"]]}
        return cls(**given)


Layout: TypeAlias = tuple[Array, ...]
"""The arrays in the order in which the engine fills them."""


class ExperimentData(dict[str, Tensor]):
    """The arrays of one task's experiment by their names; in a batch each has one axis more in front.

    A dict, with `layout`, what the engine says of each array: its axes, its meaning, and the scale that `anc.collate` moves it
    by. The names are told by the page of designs.
    """

    layout: Layout = ()

    def __init__(self, arrays: Mapping[str, Tensor] | Iterable[tuple[str, Tensor]] = (), layout: Layout = ()) -> None:
        super().__init__(arrays)
        self.layout = layout

    def to(self, device: str | torch.device, non_blocking: bool = False) -> "ExperimentData":
        """The same on a device."""
        return self.mapped(lambda array: array.to(device, non_blocking=non_blocking))

    def pin_memory(self) -> "ExperimentData":
        """The same in pinned memory."""
        return self.mapped(Tensor.pin_memory)

    def mapped(self, function: Callable[[Tensor], Tensor]) -> "ExperimentData":
        """`function` of each array."""
        return ExperimentData({name: function(array) for name, array in self.items()}, self.layout)


def _flatten(data: ExperimentData) -> tuple[list[Tensor], tuple[tuple[str, ...], Layout]]:
    return list(data.values()), (tuple(data), data.layout)


def _unflatten(arrays: Iterable[Any], context: tuple[tuple[str, ...], Layout]) -> ExperimentData:
    names, layout = context
    return ExperimentData(zip(names, arrays, strict=True), layout)


# torch's trees, which tree_map and torch.vmap go through, have dict but not what is derived from it.
pytree.register_pytree_node(ExperimentData, _flatten, _unflatten)
