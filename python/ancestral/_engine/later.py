"""Modules of a package that are imported when somebody first says their name."""

import importlib
from collections.abc import Sequence
from types import ModuleType


def module_of(package: str, names: Sequence[str], name: str) -> ModuleType:
    """The module of that name in a package, for its `__getattr__`. AttributeError for a name that is not among `names`."""
    if name in names:
        return importlib.import_module(f"{package}.{name}")
    raise AttributeError(f"module {package!r} has no attribute {name!r}")
