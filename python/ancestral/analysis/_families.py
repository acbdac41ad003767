"""Families as an analysis takes them."""

import json
from typing import Any

from .. import _ffi
from .._checks import check_seed, whole_number
from .._errors import ConfigError
from .._families import families_by_name, one_family
from .._threads import thread_count
from ..family import SCMFamily


def as_family(family: Any, what: str = "family") -> SCMFamily:
    """An SCMFamily, or one of whatever SCMFamily.from_config takes. ConfigError for one with strategies written in Python."""
    found = family if isinstance(family, SCMFamily) else SCMFamily.from_config(family)
    if not found.in_engine:
        raise ConfigError(f"{what} has a graph_generator or mechanism_factory of your own: must be drawn by the engine alone.")
    return found


def handle_of(family: SCMFamily) -> _ffi.Handle:
    return family._engine.handle  # pyright: ignore[reportPrivateUsage]


def options_text(n_tasks: Any, n_samples: Any, seed: Any, threads: Any, **others: Any) -> str:
    """The engine's options as JSON, checked."""
    options = {
        "tasks": whole_number(n_tasks, "n_tasks", 2, 10_000_000),
        "rows": whole_number(n_samples, "n_samples", 0, 10_000_000),
        "seed": check_seed(seed) % (1 << 63),
        "threads": thread_count() if threads is None else whole_number(threads, "threads", 1, 1024),
    }
    return json.dumps({**options, **others})


def named(given: Any) -> dict[str, Any]:
    """Families by name, as `families_by_name` tells them from one family alone, which has no name."""
    found = families_by_name(given, "families")
    return {"": given} if found is None else {str(name): family for name, family in found.items()}


def families_of(given: Any) -> dict[str, SCMFamily]:
    """The families of a DataModule by their names, those of a mapping, or one family as "family"."""
    # Which are built on this package.
    from ..data.module import DataModule

    found = given.families if isinstance(given, DataModule) else named(given)
    if not found:
        raise ConfigError("families is empty: must have at least one family.")
    return {name or "family": one_family(family, name or "family") for name, family in found.items()}
