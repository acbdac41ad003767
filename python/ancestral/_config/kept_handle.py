"""KeptHandle: the base of configurations that keep what the engine made of them."""

# No `X | None` in annotations here: OmegaConf reads them as they stand.
from copy import copy, deepcopy
from dataclasses import FrozenInstanceError
from typing import Any, TypeVar

from .._engine import _ffi
from .._engine.lazy import lazy

Config = TypeVar("Config", bound="KeptHandle")


class KeptHandle:
    """A configuration that the engine reads: what it makes of it is made where it is first needed."""

    def to_json(self) -> str:
        """The form in which the engine reads it."""
        raise NotImplementedError

    def _create(self, text: str) -> _ffi.Handle:
        raise NotImplementedError

    @lazy
    def _made(self) -> tuple[str, _ffi.Handle]:
        text = self.to_json()
        return text, self._create(text)

    # Of a subclass, a frozen dataclass guards its fields alone: a misspelt one would be set without a word.
    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(
            f"{name} can't be set: a {type(self).__name__} stays as it is; dataclasses.replace makes others."
        )

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"{name} can't be deleted: a {type(self).__name__} stays as it is.")

    def __getstate__(self) -> dict[str, Any]:  # The engine's handle belongs to one process, and the rest is found again.
        return {name: value for name, value in self.__dict__.items() if not isinstance(getattr(type(self), name, None), lazy)}


def kept_handle(config: KeptHandle) -> _ffi.Handle:
    """What the engine made of a configuration."""
    return config._made[1]  # pyright: ignore[reportPrivateUsage]


def as_it_stands(config: Config) -> Config:
    """The configuration, or a copy where a list or a mapping in it was changed after the engine had made something of it."""
    made = config.__dict__.get("_made")
    return config if made is None or made[0] == config.to_json() else copy(config)


def own_copy(config: Config) -> Config:
    """A copy for somebody who keeps it, in which nobody else can change a list or a mapping."""
    given = as_it_stands(config)
    own = deepcopy(given)
    if "_made" in given.__dict__:
        own.__dict__["_made"] = given.__dict__["_made"]
    return own
