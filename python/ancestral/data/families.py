"""The families of a run by name, from whatever form they were given in."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeAlias, cast

from .._errors import ConfigError
from ..config import FamilyConfig
from ..family import SCMFamily
from ..mixture import MixtureConfig

Family: TypeAlias = SCMFamily | FamilyConfig | MixtureConfig | Mapping[str, Any] | str
"""A family, or what SCMFamily.from_config takes."""

_FIELDS = frozenset(item.name for item in fields(FamilyConfig)) | {"mixture"}


def one_family(given: Any, name: str) -> SCMFamily:
    """The family of one configuration. ConfigError names the part of the run that it belongs to."""
    if isinstance(given, SCMFamily):
        return given
    try:
        return SCMFamily.from_config(given)
    except ConfigError as error:
        raise ConfigError(f"In {name}: {error}") from None


def named_families(given: Any, part: str) -> dict[str, SCMFamily]:
    """Families by their names: "test/id" of a mapping with the key "id", "test" of one family, or nothing.

    A mapping whose keys are fields of a FamilyConfig, or whose values are no configurations, is a family itself.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping) or _is_family(cast("Mapping[Any, Any]", given)):
        return {part: one_family(given, part)}
    named = cast("Mapping[Any, Any]", given)
    for name in named:
        if not isinstance(name, str) or not name or "/" in name:
            raise ConfigError(f"{part} has the name {name!r}: must be text without '/', such as 'id'.")
    return {f"{part}/{name}": one_family(named[name], f"{part}.{name}") for name in named}


def _is_family(given: Mapping[Any, Any]) -> bool:
    if any(name in _FIELDS for name in given):
        return True
    return any(value is None or isinstance(value, (bool, int, float, list)) for value in given.values())
