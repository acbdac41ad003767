"""OwnConfig: the configuration of a family that has strategies written by its user."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from .._config.any_config import AnyConfig
from .._config.design import Design
from .._config.family import FamilyConfig, changed
from .._engine.errors import ConfigError
from .own_strategies import unplayed

ROLES = ("graph_generator", "mechanism_factory")


class OwnConfig(FamilyConfig):
    """The settings that play a part beside a user's own strategies, and what is known of these.

    Fields that play no part are None, and `to_dict` leaves them out: an own graph generator has no `graph`, and a
    `sparsity_param` only if it takes one. No family can be made from it without the strategies.
    """

    strategies: Mapping[str, Mapping[str, Any]]
    """By "graph_generator" and "mechanism_factory": name, version, parameters and fingerprint."""

    @classmethod
    def of(cls, config: FamilyConfig, settings: Mapping[str, Any], strategies: Mapping[str, Mapping[str, Any]]) -> "OwnConfig":
        """`config` with what strategies are handed in `settings`, and without what plays no part."""
        silent = set[str]().union(*(unplayed(role) for role in strategies)) - settings.keys()
        values = {item.name: getattr(config, item.name) for item in fields(config)}
        own = object.__new__(cls)  # Already checked, and None is no value of most fields.
        for name, value in {**values, **dict.fromkeys(silent), **settings, "strategies": dict(strategies)}.items():
            object.__setattr__(own, name, value)
        object.__setattr__(own, "_silent", frozenset(silent))
        return own

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "OwnConfig":
        """The same from what `to_dict` gave."""
        strategies = {role: values[role] for role in ROLES if role in values}
        played = {name: value for name, value in values.items() if name not in ROLES}
        settings = {name: played.pop(name) for role in strategies for name in unplayed(role) if name in played}
        return cls.of(FamilyConfig.from_dict(stand_in(played, strategies)), settings, strategies)

    def to_dict(self) -> dict[str, Any]:
        """The fields that play a part, and what is known of the strategies, in plain dicts, lists and scalars."""
        silent: frozenset[str] = vars(self)["_silent"]
        values = {name: value for name, value in super().to_dict().items() if name not in silent}
        return {**values, **{role: dict(entry) for role, entry in self.strategies.items()}}

    def to_json(self) -> str:
        """`to_dict` as text."""
        return json.dumps(self.to_dict())

    def fingerprint(self, design: Design | None = None) -> str:
        """Raises ConfigError: the family has one, if its strategies have."""
        raise ConfigError(
            f"{' and '.join(self.strategies)} is your own: the configuration alone has no fingerprint, but the SCMFamily may."
        )

    def __eq__(self, other: object) -> bool:  # That of the fields alone would take other strategies for the same.
        return self._sorted() == other._sorted() if isinstance(other, OwnConfig) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._sorted())

    def _sorted(self) -> str:
        return json.dumps(self.to_dict(), sort_keys=True)

    def __repr__(self) -> str:
        played = {name: value for name, value in self.to_dict().items() if name not in ROLES}
        shown = (f"{name}={value!r}" for name, value in changed(played).items())
        return f"OwnConfig({', '.join(shown)})"


def held_against(config: AnyConfig) -> AnyConfig:
    """What the engine holds a design against: graphs of a user's own may have edges, though their stand-in has none."""
    if not isinstance(config, OwnConfig):
        return config
    played = {name: value for name, value in config.to_dict().items() if name not in ROLES}
    values = stand_in(played, config.strategies)
    if "graph_generator" in config.strategies:
        values["sparsity_param"] = min(1.0, (config.n_nodes - 1) / 2)
    return FamilyConfig.from_dict(values)


def stand_in(values: Mapping[str, Any], strategies: Mapping[str, Any]) -> dict[str, Any]:
    """Fields for the engine: without those that play no part, and with a density that fits any number of nodes."""
    silent = set[str]().union(*(unplayed(role) for role in strategies))
    kept = {name: value for name, value in values.items() if name not in silent}
    return {**kept, "sparsity_param": 0.0} if "graph_generator" in strategies else kept
