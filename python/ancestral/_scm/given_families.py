"""Families in whatever form they were given: one, or several by their names."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from os import PathLike
from typing import Any, TypeAlias, cast

from .._config.containers import members
from .._config.family import FamilyConfig
from .._config.mixture import MixtureConfig
from .._config.network import NetworkConfig
from .._engine.errors import ConfigError
from .family import SCMFamily

Family: TypeAlias = SCMFamily | FamilyConfig | MixtureConfig | NetworkConfig | Mapping[str, Any] | str | PathLike[str]
"""A family, or what SCMFamily.from_config takes."""

_FIELDS = frozenset(item.name for item in fields(FamilyConfig)) | {"mixture", "network"}
_FILES = (".json", ".yaml", ".yml", ".bif", ".bif.gz")


def one_family(given: Any, name: str) -> SCMFamily:
    """The family of one configuration. ConfigError names what it was given as."""
    if isinstance(given, SCMFamily):
        return given
    try:
        return SCMFamily.from_config(given)
    except ConfigError as error:
        raise ConfigError(f"In {name}: {error}") from None


def families_by_name(given: Any, what: str) -> dict[Any, Any] | None:
    """The families of a mapping of names to families, each as it was given; None for anything that is one family itself.

    A mapping is told by its values, since a family may be called "graph" or "mixture": numbers, nulls, lists and the words of
    a field are settings of one family, while configurations, presets and files are families. ConfigError names `what` where
    it has both.
    """
    if not isinstance(given, Mapping):
        return None
    entries = members(cast("Mapping[Any, Any]", given), what)
    settings = [name for name, value in entries.items() if _is_setting(name, value)]
    families = [name for name, value in entries.items() if _is_family(value)]
    if settings and families:
        raise ConfigError(
            f"{what} has both a family, {families[0]!r}, and a setting, {settings[0]} = {entries[settings[0]]!r}: must be the "
            "settings of one family, or map names to families."
        )
    return None if settings else entries


def _is_setting(name: Any, value: Any) -> bool:
    """True if this can't be a family; False where only the names of the others can tell."""
    if isinstance(value, str):
        return name in _FIELDS and not _is_family(value)
    if isinstance(value, Mapping):
        return name == "mechanism_proportions" and not _has_fields(cast("Mapping[Any, Any]", value))
    return not _is_family(value)


def _is_family(value: Any) -> bool:
    """True if this can't be a setting."""
    if isinstance(value, str):
        return value in FamilyConfig.presets() or value.lower().endswith(_FILES)
    if isinstance(value, Mapping):
        return _has_fields(cast("Mapping[Any, Any]", value))
    if isinstance(value, Sequence):  # Such as the tensors of an actual data set.
        return any(not _is_plain(part) for part in cast("Sequence[Any]", value))
    return not _is_plain(value)


def _has_fields(value: Mapping[Any, Any]) -> bool:
    return any(name in _FIELDS for name in value)


def _is_plain(value: Any) -> bool:
    """Numbers of Python, numpy and torch, texts, nulls and what is made of them."""
    plain = isinstance(value, (bool, int, float, str, bytes, Sequence, Mapping))
    return value is None or plain or (hasattr(value, "item") and getattr(value, "ndim", None) == 0)
