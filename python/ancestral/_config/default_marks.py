"""Marks of defaults: numbers and texts that stand where nothing was given, so that a default is never taken for a choice."""

from typing import Any


class Default:
    """Marks a value as a default. It is equal to what it stands for, prints like it, and `replace` and pickles keep it."""

    @property
    def plain(self) -> Any:
        """The value itself, without the mark."""
        raise NotImplementedError


class DefaultFloat(Default, float):
    """A number that was not given."""

    __slots__ = ()

    @property
    def plain(self) -> float:
        return float(self)


class DefaultInt(Default, int):
    """A whole number that was not given."""

    @property
    def plain(self) -> int:
        return int(self)


class DefaultText(Default, str):
    """A text that was not given."""

    __slots__ = ()

    @property
    def plain(self) -> str:
        return str.__str__(self)


class DefaultInts(Default, tuple[int, ...]):
    """Whole numbers that were not given."""

    __slots__ = ()

    @property
    def plain(self) -> list[int]:
        return list(self)
