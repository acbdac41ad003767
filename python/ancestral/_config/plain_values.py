"""Settings as plain Python values, which JSON can carry; what has no JSON form is refused by name."""

import dataclasses
import functools
import math
import operator
from collections.abc import Mapping, Sequence
from decimal import Decimal
from numbers import Real
from typing import Any, SupportsIndex, Union, cast, get_args, get_origin

import numpy as np
import torch
from torch import Tensor

from .._engine.errors import ConfigError

_PLAIN = frozenset([type(None), bool, int, float, str, list, dict])


def plain(value: Any, path: str, hint: Any = None) -> Any:
    """`value` in fresh dicts, lists, strings and numbers: of whatever is a number or a text to Python, of arrays and tensors,
    and of dataclasses by their fields."""
    if value is None or type(value) is str or type(value) is int:
        return value  # Nearly always: a mixture has 10^5 values.
    value = _of_python(value, path)
    if isinstance(value, bool) and hint is not bool and hint is not None:
        raise ConfigError(f"{path} = {value}: must not be a truth value.")
    if isinstance(value, float) and not math.isfinite(value):
        raise ConfigError(f"{path} = {value}: must be a finite number.")
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, (np.ndarray, Tensor)):
        value = cast(Any, value).tolist()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        items = cast(Mapping[Any, Any], value).items()
        return {_key(key, path): plain(item, f"{path}.{key}", _inner(hint)) for key, item in items}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [plain(item, f"{path}[{index}]", _inner(hint)) for index, item in enumerate(cast(Sequence[Any], value))]
    kind = type(cast(object, value)).__name__
    raise ConfigError(f"{path} is of type {kind}: must be a number, a text, a list or a dictionary.")


def fit(value: Any, hint: Any) -> Any:
    """A value that the engine accepted, in the type that its field says: 1 for a float field is 1.0."""
    hint = _bare(hint)
    if value is None:
        return None
    if hint is float or hint is int:
        return hint(value)
    if isinstance(value, dict):
        return {key: fit(item, _inner(hint)) for key, item in cast(dict[str, Any], value).items()}
    if isinstance(value, list):
        return [fit(item, _inner(hint)) for item in cast(list[Any], value)]
    return value


def _key(key: Any, path: str) -> str:
    if not isinstance(key, str):
        raise ConfigError(f"a key of {path} = {key!r}: must be text.")
    return str.__str__(key)


def _of_python(value: Any, path: str) -> Any:
    """A number or a text in Python's own type, so that JSON and YAML know it; anything else as it is."""
    if type(value) in _PLAIN:  # To ask for a protocol takes 15 µs.
        return value
    if isinstance(value, Tensor) and (value.is_meta or value.layout != torch.strided):
        raise ConfigError(f"{path} is a tensor on device {value.device} of layout {value.layout}: must be dense, with numbers.")
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (np.ndarray, Tensor)):
        return cast(Any, value)
    if isinstance(value, SupportsIndex):
        return operator.index(value)
    return float(value) if isinstance(value, (Real, Decimal)) else value


@functools.cache
def _bare(hint: Any) -> Any:
    """Optional[T] -> T."""
    if get_origin(hint) is Union:
        return next(part for part in get_args(hint) if part is not type(None))
    return hint


@functools.cache
def _inner(hint: Any) -> Any:
    """The type of the items of List[T], Dict[str, T] or an Optional of one."""
    arguments = get_args(_bare(hint))
    return arguments[-1] if arguments else None
