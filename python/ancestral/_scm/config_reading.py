"""Configurations read from any form: of a family, a mixture, a known network, or a family with a user's own strategies."""

from collections.abc import Mapping
from typing import Any

from .._config.any_config import AnyConfig
from .._config.family import FamilyConfig
from .._config.mixture import MixtureConfig
from .._config.network import NetworkConfig, is_network_file
from .._config.sources import is_preset, read_fields
from .own_config import ROLES, OwnConfig


def read_config(source: Any) -> AnyConfig:
    """A configuration from one, a mapping, an OmegaConf DictConfig, the path of a YAML, JSON or BIF file, or a preset's name.

    What has the key "mixture" is a MixtureConfig, what has "network" a NetworkConfig, and what says something of a user's own
    strategies an OwnConfig.
    """
    if is_preset(source):
        return FamilyConfig.preset(source)  # In half the time that its fields would take.
    if is_network_file(source):
        return NetworkConfig.from_file(source)
    values = read_fields(source, FamilyConfig, MixtureConfig, NetworkConfig)
    if isinstance(values, (FamilyConfig, MixtureConfig, NetworkConfig)):
        return values
    if any(isinstance(values.get(role), Mapping) for role in ROLES):
        return OwnConfig.from_dict(values)
    if "network" in values:
        return NetworkConfig.from_dict(values)
    return MixtureConfig.from_dict(values) if "mixture" in values else FamilyConfig.from_dict(values)
