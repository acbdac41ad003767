"""Ancestral under other libraries, each of which is imported only with the module of its name."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import hydra as hydra
    from . import lightning as lightning
    from . import ray as ray

_LATER = ("hydra", "lightning", "ray")
"""Modules that are imported, with their libraries, when somebody first says their name."""


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER} - {"Any", "TYPE_CHECKING", "importlib"})
