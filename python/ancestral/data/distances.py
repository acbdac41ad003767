"""How far the fixed sets' families are from the training family."""

import functools
from collections.abc import Iterable, Mapping
from typing import Any, cast

from .._containers import hint, resolved
from .._errors import ConfigError
from ..analysis.distances import METRICS, DistanceReport, distance
from ..config import FamilyConfig
from ..family import SCMFamily
from ..mixture import MixtureConfig


def check_metrics(given: Any) -> tuple[str, ...] | None:
    """The measures to take, each once; None for all of them."""
    if given is None:
        return None
    names: Any = resolved(given, "metrics")
    if isinstance(names, (str, bytes, Mapping)) or not isinstance(names, Iterable):
        raise ConfigError(f"metrics = {names!r}: must be a list of some of {', '.join(METRICS)}, or None for all.")
    found = list(cast("Iterable[Any]", names))
    if not found:
        raise ConfigError(f"metrics is empty: must be a list of some of {', '.join(METRICS)}, or None for all.")
    for name in found:
        if name not in METRICS:
            raise ConfigError(f"metrics has {name!r}: must be some of {', '.join(METRICS)}{hint(name, METRICS)}.")
    return tuple(dict.fromkeys(found))


def training_distances(
    families: Mapping[str, SCMFamily], n_tasks: int, metrics: tuple[str, ...] | None = None
) -> dict[str, DistanceReport]:
    """Reports from the family "train" to each other one, by name; those with strategies written in Python are left out."""
    train = families["train"]
    if not train.in_engine:
        return {}
    return {
        name: _measured(train.config, family.config, n_tasks, metrics)
        for name, family in families.items()
        if name != "train" and family.in_engine
    }


# Configurations are equal and hash alike when their fingerprints do.
@functools.lru_cache(maxsize=256)
def _measured(
    train: FamilyConfig | MixtureConfig, other: FamilyConfig | MixtureConfig, n_tasks: int, metrics: tuple[str, ...] | None
) -> DistanceReport:
    return distance(train, other, n_tasks=n_tasks, metrics=metrics)
