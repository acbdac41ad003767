"""Values in a form that is the same in every process and every version of Python, so that a hash can stand for them.

Each kind of value has a tag of its own, so that no two kinds are taken for one another: 1, 1.0, True and "1" differ. A value
whose content can't be read, or not in a way that holds over processes, is refused and never guessed at.
"""

import enum
import fractions
import functools
import types
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import PurePath
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from .._config.default_marks import Default
from .arrays import array_form, tensor_form
from .hidden_state import hidden_state
from .names import name_of, same_code, settings_read, shown_name
from .unreadable import Unreadable

Form = list[Any]
"""Nested lists of texts: what JSON writes in one way only."""


def form(value: Any, path: str = "", inside: tuple[int, ...] = ()) -> Form:
    """The form of a value: None, numbers, texts, bytes, enums, containers, tensors and arrays by content, dataclasses by their
    fields, `fingerprint()` where there is one, and functions and classes by their names. Raises Unreadable for any other."""
    if id(value) in inside:
        raise Unreadable(path, value, "holds itself")
    if isinstance(value, Default):
        value = value.plain
    read = _PLAIN.get(_kind(value)) or _reader(value)
    if read is None:
        raise Unreadable(path, value, "has parameters that can't be read in a way that is the same in every process")
    return read(value, _Inner(path, (*inside, id(value))))


class _Inner:
    """Reads the parts of a value."""

    def __init__(self, path: str, inside: tuple[int, ...]) -> None:
        self.path, self._inside = path, inside

    def __call__(self, part: Any, place: str) -> Form:
        return form(part, self.path + place, self._inside)

    def all(self, parts: Iterable[Any], place: str = "") -> list[Form]:
        return [self(part, f"{place}[{index}]") for index, part in enumerate(parts)]

    def named(self, parts: Mapping[str, Any]) -> list[Any]:
        """Sorted by name."""
        return [[name, self(parts[name], f".{name}")] for name in sorted(parts)]

    def name(self, thing: Any, what: str) -> str:
        """The name of a function or class that a module has."""
        found = name_of(thing)
        if found is None:
            raise Unreadable(self.path, thing, f"is {what} that no module has under its own name")
        return found


def _kind(value: Any) -> type[Any]:
    return cast("type[Any]", type(value))


def _text(tag: str, shown: Callable[[Any], str]) -> Callable[[Any, _Inner], Form]:
    return lambda value, inner: [tag, shown(value)]


def _pairs(tag: str) -> Callable[[Any, _Inner], Form]:
    # In their own order, which a strategy that goes through them may depend on.
    return lambda value, inner: [tag, *([inner(key, f"[{key!r}]"), inner(item, f"[{key!r}]")] for key, item in value.items())]


def _set(tag: str) -> Callable[[Any, _Inner], Form]:
    return lambda value, inner: [tag, *sorted(inner.all(value), key=repr)]


def _enum(value: enum.Enum, inner: _Inner) -> Form:
    name = inner.name(type(value), "of a class")
    # The name of several flags at once differs between versions of Python; their sum doesn't.
    return ["enum", name, "" if isinstance(value, enum.Flag) else value.name, inner(value.value, ".value")]


def _named_tuple(value: Any, inner: _Inner) -> Form:
    return ["named tuple", inner.name(type(value), "of a class"), *inner.all(value), *_version(value, inner)]


def _function(value: types.FunctionType, inner: _Inner) -> Form:
    if value.__closure__:
        raise Unreadable(inner.path, value, "is a closure over values that can't be read")
    name = inner.name(value, "a function")
    marks = {key: item for key, item in vars(value).items() if key != "__wrapped__"}
    defaults = [inner.all(value.__defaults__ or (), ".__defaults__"), inner.named(value.__kwdefaults__ or {})]
    found = ["function", name, *defaults, inner.named(marks)]
    return _unchanged(found, value, inner)


def _method(value: types.MethodType, inner: _Inner) -> Form:
    return ["method", inner(value.__self__, ".__self__"), inner.name(value.__func__, "a method")]


def _partial(value: "functools.partial[Any]", inner: _Inner) -> Form:
    if vars(value):
        raise Unreadable(inner.path, value, "has attributes beside its arguments")
    return ["partial", inner(value.func, ".func"), inner.all(value.args, ".args"), inner.named(value.keywords)]


def _class(value: type, inner: _Inner) -> Form:
    return ["class", inner.name(value, "a class")]


def _own(value: Any, inner: _Inner) -> Form:
    found: object = value.fingerprint()
    if not isinstance(found, str) or not found:
        raise Unreadable(inner.path, value, f"has a fingerprint() that gives {found!r}, which is no text")
    return ["own", shown_name(value), found]


def _dataclass(value: Any, inner: _Inner) -> Form:
    kind = _kind(value)
    name = inner.name(kind, "of a class")
    known = {item.name: getattr(value, item.name) for item in fields(value)}
    _no_more_than(value, known, inner)
    return _unchanged(["dataclass", name, inner.named(known), *_version(value, inner)], kind, inner)


def _stateless(value: Any, inner: _Inner) -> Form:
    kind = _kind(value)
    name = inner.name(kind, "of a class")
    _no_more_than(value, {}, inner)
    return _unchanged(["object", name, *_version(value, inner)], kind, inner)


def _no_more_than(value: Any, known: Mapping[str, Any], inner: _Inner) -> None:
    why = hidden_state(value, known)
    if why is not None:
        raise Unreadable(inner.path, value, why)


def _version(value: Any, inner: _Inner) -> list[Form]:
    version = getattr(value, "version", None)
    return [] if version is None else [inner(version, ".version")]


def _unchanged(found: Form, thing: Any, inner: _Inner) -> Form:
    """With the settings of its module that a function or a class reads.

    Code is no part of a form; but one name for two codes in one process, as in a notebook, is seen and refused.
    """
    found = [*found, inner.named(settings_read(thing))]
    if not same_code(thing, repr(found)):
        raise Unreadable(
            inner.path, thing, "was something else under this name before, in this process; give it a new `version`"
        )
    return found


def _reader(value: Any) -> Callable[[Any, _Inner], Form] | None:
    """For what is no plain value."""
    if isinstance(value, type):
        return _class
    if callable(getattr(value, "fingerprint", None)):
        return _own
    known = _CALLABLE.get(_kind(value))
    if known is not None:
        return known
    if isinstance(value, enum.Enum):
        return _enum
    if isinstance(value, tuple):
        return (
            _named_tuple if hasattr(cast(Any, value), "_fields") and not getattr(cast(Any, value), "__dict__", None) else None
        )
    if isinstance(value, PurePath):
        return _text("path", lambda path: path.as_posix())
    if isinstance(value, Tensor):
        return tensor_form
    if isinstance(value, (types.BuiltinFunctionType, np.ufunc)):
        return None if name_of(value) is None else _text("function", name_of)  # pyright: ignore[reportArgumentType]
    if isinstance(value, np.generic):
        return array_form
    if is_dataclass(value):
        return _dataclass
    if callable(value):
        return _stateless
    return None


_PLAIN: dict[type, Callable[[Any, _Inner], Form]] = {
    type(None): _text("none", lambda _: ""),
    bool: _text("bool", str),
    int: _text("int", hex),
    float: _text("float", float.hex),
    complex: _text("complex", lambda value: f"{value.real.hex()} {value.imag.hex()}"),
    str: _text("str", str),
    bytes: _text("bytes", bytes.hex),
    bytearray: _text("bytearray", bytearray.hex),
    # Numpy's own of what Python has, which are what a sweep or an array hands over.
    np.bool_: _text("bool", lambda value: str(bool(value))),
    np.int64: _text("int", lambda value: hex(int(value))),
    np.float64: _text("float", lambda value: float(value).hex()),
    np.str_: _text("str", str),
    Decimal: _text("decimal", str),
    fractions.Fraction: _text("fraction", str),
    range: _text("range", repr),
    tuple: lambda value, inner: ["tuple", *inner.all(value)],
    list: lambda value, inner: ["list", *inner.all(value)],
    dict: _pairs("dict"),
    OrderedDict: _pairs("ordered dict"),
    types.MappingProxyType: _pairs("dict"),
    set: _set("set"),
    frozenset: _set("frozenset"),
    np.ndarray: array_form,
    Tensor: tensor_form,
    torch.Size: lambda value, inner: ["size", *inner.all(value)],
    torch.dtype: _text("dtype", str),
    torch.device: _text("device", str),
}
_CALLABLE: dict[type, Callable[[Any, _Inner], Form]] = {
    types.FunctionType: _function,
    types.MethodType: _method,
    functools.partial: _partial,
}
