"""Ancestral under other libraries, each of which is imported only with the module of its name."""

from typing import TYPE_CHECKING, Any

from .._engine import later as _later

if TYPE_CHECKING:
    from . import hydra as hydra
    from . import lightning as lightning
    from . import ray as ray

_LATER = ("hydra", "lightning", "ray")
"""Modules that are imported, with their libraries, when somebody first says their name."""


def __getattr__(name: str) -> Any:
    return _later.module_of(__name__, _LATER, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER} - {"Any", "TYPE_CHECKING"})
