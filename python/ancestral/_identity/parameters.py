"""The parameters of a strategy, for people to read; `_readable` has the form that a fingerprint stands for."""

import dataclasses
import functools
import inspect
import math
from collections.abc import Mapping
from typing import Any, cast

from .names import shown_name

_MOST = 120


def parameters(strategy: Any) -> dict[str, Any]:
    """By name, as JSON takes them: a dataclass's fields, a partial's arguments, the defaults of a function."""
    if isinstance(strategy, functools.partial):
        given = cast("functools.partial[Any]", strategy)
        return {"func": shown_name(given.func), "args": shown(given.args), **cast("dict[str, Any]", shown(given.keywords))}
    if dataclasses.is_dataclass(strategy):
        return {item.name: shown(getattr(strategy, item.name)) for item in dataclasses.fields(strategy)}
    if hasattr(strategy, "_asdict"):
        return {name: shown(value) for name, value in strategy._asdict().items()}
    if inspect.ismethod(strategy):
        return parameters(strategy.__self__)
    if inspect.isfunction(strategy):
        taken = inspect.signature(strategy).parameters.values()
        return {item.name: shown(item.default) for item in taken if item.default is not item.empty}
    return {}


def shown(value: Any) -> Any:
    """A value in plain lists, dictionaries, numbers and texts; other things by their names or what they print."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else repr(float(value))
    if isinstance(value, list | tuple):
        return [shown(item) for item in cast("list[Any]", value)]
    if isinstance(value, Mapping):
        return {str(name): shown(item) for name, item in cast("Mapping[Any, Any]", value).items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {"name": shown_name(value), **parameters(value)}
    text = short(value)
    return shown_name(value) if " at 0x" in text else text


def short(value: Any) -> str:
    """The print of a value, cut where it is long."""
    try:
        text = repr(value)
    except Exception:  # The user's own __repr__.
        text = object.__repr__(value)
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
