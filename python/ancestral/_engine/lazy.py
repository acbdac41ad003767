"""`lazy`: a cached property without a lock."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

from .torch_modes import ordinary, untransformed

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801 - reads as a decorator
    """Computes an attribute where it is first needed.

    `functools.cached_property` holds a lock before Python 3.12: it is one for all instances, so threads would wait for
    each other's tasks, and a fork while another thread has it would leave it shut in the child for ever. Without it, two
    threads may both compute the value; both get the one that was kept first, as one of them may go on to change it.
    """

    def __init__(self, function: Callable[[Any], T]) -> None:
        self._function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "lazy[T]": ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object, owner: type) -> "T | lazy[T]":
        if instance is None:
            return self
        with ordinary(), untransformed():  # It is kept, and may be needed in training later.
            value = self._function(instance)
        return instance.__dict__.setdefault(self._name, value)  # Found before this descriptor from now on.
