"""Published families and designs by name, as the engine lists them."""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from .._engine import _ffi
from .._engine.errors import ConfigError
from .._engine.lazy import lazy

builders: dict[str, Callable[[Any, Mapping[str, Any]], Any]] = {}
"""Make the entry of a key, such as "mixture", with changes to fields; each kind of configuration adds its own."""


class Presets:
    """Published configurations of one kind."""

    def __init__(self, read: Callable[[], list[dict[str, Any]]]) -> None:
        """`read` gives a list of {"name", "source", "config"}."""
        self._read = read

    @lazy
    def _listed(self) -> list[dict[str, Any]]:
        return self._read()

    @property
    def sources(self) -> dict[str, str]:
        """The names, each with its paper and what is taken of it."""
        return {item["name"]: item["source"] for item in self._listed}

    def fields(self, name: str) -> dict[str, Any]:
        """The configuration of a preset. ConfigError for an unknown name."""
        known = {item["name"]: item["config"] for item in self._listed}
        if not isinstance(cast(object, name), str) or name not in known:
            right = f"one of {', '.join(known)}" if known else "left out, as none is published"
            raise ConfigError(f"preset = {name!r}: must be {right}.")
        return known[name]


FAMILIES = Presets(lambda: json.loads(_ffi.presets()))
DESIGNS = Presets(lambda: json.loads(_ffi.design_schema())["presets"])
