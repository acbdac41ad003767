"""The configurations that a family may have."""

from typing import TypeAlias

from .family import FamilyConfig
from .mixture import MixtureConfig
from .network import NetworkConfig

AnyConfig: TypeAlias = FamilyConfig | MixtureConfig | NetworkConfig
"""A family's configuration: of one kind, of a mixture, or of a known network."""
