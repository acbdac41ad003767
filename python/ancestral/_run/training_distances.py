"""The distances of the fixed sets' families from the training family."""

import functools
from collections.abc import Mapping
from typing import Any

from .._analysis.distances import DistanceReport, measured
from .._analysis.engine_names import metric_sources
from .._analysis.plan import Plan
from .._config.any_config import AnyConfig
from .._config.containers import hint, resolved, sequence
from .._engine.checks import whole_number
from .._engine.errors import ConfigError
from .._scm.family import SCMFamily


def check_metrics(given: Any) -> tuple[str, ...] | None:
    """The measures to take, each once; None for all of them."""
    if given is None:
        return None
    known, found = list(metric_sources()), sequence(resolved(given, "metrics"), "metrics")
    if not found:
        raise ConfigError(f"metrics is empty: must be a list of some of {', '.join(known)}, or None for all.")
    for name in found:
        if name not in known:
            raise ConfigError(f"metrics has {name!r}: must be some of {', '.join(known)}{hint(name, known)}.")
    return tuple(dict.fromkeys(found))


def training_distances(
    families: Mapping[str, SCMFamily], n_tasks: int, metrics: tuple[str, ...] | None = None
) -> dict[str, DistanceReport]:
    """Reports from the family "train" to each other one, by name."""
    train, count = _key(families["train"]), whole_number(n_tasks, "n_tasks", 2, 10_000_000)
    return {name: _measured(train, _key(family), count, metrics) for name, family in families.items() if name != "train"}


def _key(family: SCMFamily) -> AnyConfig | SCMFamily:
    """Configurations are equal and hash alike when their fingerprints do; strategies written in Python are only themselves."""
    return family.config if family.in_engine else family


@functools.lru_cache(maxsize=256)
def _measured(
    train: AnyConfig | SCMFamily,
    other: AnyConfig | SCMFamily,
    n_tasks: int,
    metrics: tuple[str, ...] | None,
) -> DistanceReport:
    return measured(train, other, metrics, Plan.of(n_tasks, 256, 0))
