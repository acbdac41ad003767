"""Packages of the extras, imported where they are called."""

import importlib
from typing import Any


def package(name: str, extra: str) -> Any:
    """A module of an extra. ImportError that names the extra where it is missing."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"{name} is not installed: pip install 'ancestral[{extra}]'.") from error
