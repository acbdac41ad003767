"""How far the fixed sets' families are from the training family."""

import functools
from collections.abc import Mapping

from ..analysis.distances import DistanceReport, distance
from ..config import FamilyConfig
from ..family import SCMFamily
from ..mixture import MixtureConfig


def training_distances(families: Mapping[str, SCMFamily], n_tasks: int) -> dict[str, DistanceReport]:
    """Reports from the family "train" to each other one, by name; those with strategies written in Python are left out."""
    train = families["train"]
    if not train.in_engine:
        return {}
    return {
        name: _measured(train.config, family.config, n_tasks)
        for name, family in families.items()
        if name != "train" and family.in_engine
    }


# Configurations are equal and hash alike when their fingerprints do.
@functools.lru_cache(maxsize=256)
def _measured(train: FamilyConfig | MixtureConfig, other: FamilyConfig | MixtureConfig, n_tasks: int) -> DistanceReport:
    return distance(train, other, n_tasks=n_tasks)
