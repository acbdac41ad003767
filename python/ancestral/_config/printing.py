"""Printing of configurations: families and designs by the options that differ from their defaults."""

from dataclasses import MISSING, fields
from typing import Any


def told(given: Any, always: str = "") -> str:
    """A dataclass of options as it may be made: by those that differ from their defaults, and `always` one whatever it is."""
    shown: list[str] = []
    for item in fields(given):
        value = getattr(given, item.name)
        default = item.default if item.default_factory is MISSING else item.default_factory()
        if item.name == always or value != default:
            shown.append(f"{item.name}={value!r}")
    return f"{type(given).__name__}({', '.join(shown)})"
