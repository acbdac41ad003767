"""The names of measures and statistics, as the engine lists them."""

import functools
import json
from typing import Any, Literal

from .._engine import _ffi

Source = Literal["graph", "data", "model"]


@functools.cache
def _tables() -> dict[str, dict[str, Source]]:
    found: dict[str, Any] = json.loads(_ffi.measures())
    return {table: {entry["name"]: entry["source"] for entry in entries} for table, entries in found.items()}


def metric_sources() -> dict[str, Source]:
    """Measures of distances by name, in the order of a report, and what each compares."""
    return _tables()["metrics"]


def statistics_of(source: Source | None = None) -> list[str]:
    """The names of a summary's statistics in their order: all, or those that are read from one source."""
    return [name for name, read in _tables()["statistics"].items() if source in (None, read)]
