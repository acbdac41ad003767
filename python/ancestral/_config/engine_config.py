"""EngineConfig: the base of configurations of families, each with the engine's family of it."""

# No `X | None` in annotations here: OmegaConf reads them as they stand.
from copy import copy
from typing import Any, TypeVar

from .._engine import _ffi
from .._engine.lazy import lazy
from .design import Design, fingerprint_under

Config = TypeVar("Config", bound="EngineConfig")


class EngineConfig:
    """A configuration of a family that the engine reads."""

    def to_json(self) -> str:
        """The form in which the engine reads it."""
        raise NotImplementedError

    def fingerprint(self, design: Design | None = None) -> str:
        """SHA-256 of the engine's canonical form, 64 hex digits: equal for equal configurations on every machine.

        With a design, that of its experiments on the family's tasks.
        """
        text, handle = self._made
        now = self.to_json()
        # A list or a mapping in a field may have been changed since.
        return fingerprint_under(handle if now == text else _ffi.family_create(now), design)

    @lazy
    def _made(self) -> tuple[str, _ffi.Handle]:
        text = self.to_json()
        return text, _ffi.family_create(text)

    def __getstate__(self) -> dict[str, Any]:  # The engine's handle belongs to one process.
        return {name: value for name, value in self.__dict__.items() if name != "_made"}


def family_handle(config: EngineConfig) -> _ffi.Handle:
    """The engine's family, made where it is first needed."""
    return config._made[1]  # pyright: ignore[reportPrivateUsage]


def as_it_stands(config: Config) -> Config:
    """The configuration, or a copy where a list or a mapping in it was changed after the engine's family was made."""
    made = config.__dict__.get("_made")
    return config if made is None or made[0] == config.to_json() else copy(config)
