"""Packages of the extras, imported where they are called."""

import importlib
from typing import Any


def package(name: str, extra: str) -> Any:
    """A module of an extra. ImportError that names the extra where it is missing."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise missing(name, extra) from error


def missing(name: str, extra: str) -> ImportError:
    """What is said where a module of an extra can't be imported."""
    return ImportError(f"{name} is not installed: pip install 'ancestral[{extra}]'.")
