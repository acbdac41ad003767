"""`check_discrete`: what interventions can do to nodes with classes or counts."""

from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from .._engine.checks import float32
from .._engine.errors import ConfigError
from .._mechanisms.given_values import of_array

Values = tuple[Sequence[int], Sequence[int]]
"""The kind of each node's values, and its number of classes."""

_COUNT = 3


def check_discrete(kind: str, node: int, what: Any, values: Values) -> Any:
    """What is done to a node; ConfigError where one of classes or counts would take a value that it can't have.

    A law is judged when it is run, and what is neither numbers nor a law not here.
    """
    discrete = values[0][node] > 0
    if kind == "stochastic" and discrete and _is_law(what):
        return CheckedLaw(what, f"targets[{node}]", values, node)
    if kind in ("do", "stochastic") and discrete:
        check_value(what, f"targets[{node}]", values, node)
    elif kind == "shift" and discrete:
        raise ConfigError(f"targets[{node}] shifts node {node}, which has {_noun(values, node)}: must be a continuous node.")
    elif kind == "edge_removal":
        _check_read(what, node, values)
    return what


def _check_read(what: Any, node: int, values: Values) -> None:
    """ConfigError for values of parents that these can't have; what is no mapping is not judged."""
    if isinstance(what, Mapping):
        for parent, value in cast("Mapping[Any, Any]", what).items():
            # Of any type that is equal to a whole number, as those of numpy are.
            if parent in range(len(values[0])) and not _are_rows(value):
                check_value(value, f"targets[{node}][{parent}]", values, int(parent))


class CheckedLaw(nn.Module):
    """A law of a node with classes or counts, whose values are judged in each row, as those of a tensor are."""

    def __init__(self, law: Callable[[Tensor], object], field: str, values: Values, node: int) -> None:
        super().__init__()
        self.law, self.field, self.values, self.node = law, field, values, node

    def forward(self, noise: Tensor) -> object:
        taken = self.law(noise)
        check_value(taken, self.field, self.values, self.node)
        return taken


def _is_law(what: Any) -> bool:
    return callable(what) and not isinstance(what, (type, Tensor))


def _noun(values: Values, node: int) -> str:
    return "counts" if values[0][node] == _COUNT else "classes"


def _are_rows(value: Any) -> bool:
    """True for numbers of rows, of which the parent's own values are read."""
    if isinstance(value, Tensor):
        return value.ndim == 1 and not value.is_floating_point()
    return isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype.kind in "iu"


def check_value(what: Any, field: str, values: Values, node: int) -> None:
    """ConfigError for numbers that a node can't have: of a node with classes one of them, of a count a whole number."""
    if values[0][node] == 0 or not isinstance(what, (Tensor, np.ndarray, Real)):
        return
    if isinstance(what, Tensor) and (what.is_meta or what.is_complex()):
        return
    if isinstance(what, np.ndarray):
        what = of_array(cast("NDArray[Any]", what), field)
    single = isinstance(what, Real)
    given = torch.tensor(float32(what, field), dtype=torch.float64, device="cpu") if single else torch.as_tensor(what).detach()
    if not given.is_floating_point():
        given = given.long()  # torch rounds no truth values, and compares no numbers of some whole dtypes.
    most = float("inf") if values[0][node] == _COUNT else values[1][node] - 1
    wrong = (given != given.round()) | (given < 0) | (given > most)
    if bool(wrong.any()):
        right = (
            "a count, a whole number, 0 or more" if values[0][node] == _COUNT else f"a class, a whole number from 0 to {most}"
        )
        raise ConfigError(f"{field} has the value {given[wrong][0].item():g}: must have what node {node} has, {right}.")
