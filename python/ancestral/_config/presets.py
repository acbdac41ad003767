"""Published families by name, as the engine lists them."""

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any

from .._engine import _ffi
from .._engine.errors import ConfigError

builders: dict[str, Callable[[Any, Mapping[str, Any]], Any]] = {}
"""What makes the entry of a key, such as "mixture", with changes to fields; each kind of configuration adds its own."""


def preset_sources() -> dict[str, str]:
    """The names, each with its paper and what is taken of it."""
    return {item["name"]: item["source"] for item in _presets()}


def preset_fields(name: str) -> dict[str, Any]:
    """What is written down of a preset. ConfigError for an unknown name."""
    known = {item["name"]: item["config"] for item in _presets()}
    if name not in known:
        raise ConfigError(f"preset = {name!r}: must be one of {', '.join(known)}.")
    return known[name]


@functools.cache
def _presets() -> list[dict[str, Any]]:
    return json.loads(_ffi.presets())
