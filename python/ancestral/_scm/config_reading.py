"""Configurations read from any form: of a family, of a mixture, or of a family with a user's own strategies."""

from collections.abc import Mapping
from typing import Any

from .._config.family import FamilyConfig
from .._config.mixture import MixtureConfig
from .._config.sources import is_preset, read_fields
from .own_config import ROLES, OwnConfig


def read_config(source: Any) -> FamilyConfig | MixtureConfig:
    """A configuration from one, a mapping, an OmegaConf DictConfig, the path of a YAML or JSON file, or the name of a preset.

    What has the key "mixture" is a MixtureConfig, and what says something of a user's own strategies an OwnConfig.
    """
    if is_preset(source):
        return FamilyConfig.preset(source)  # In half the time that its fields would take.
    values = read_fields(source, FamilyConfig, MixtureConfig)
    if isinstance(values, (FamilyConfig, MixtureConfig)):
        return values
    if any(isinstance(values.get(role), Mapping) for role in ROLES):
        return OwnConfig.from_dict(values)
    return MixtureConfig.from_dict(values) if "mixture" in values else FamilyConfig.from_dict(values)
