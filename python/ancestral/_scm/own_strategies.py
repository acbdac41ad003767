"""Own: a strategy that a user wrote, with the settings of its family that it takes."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, cast, get_type_hints

from .._config.family import FamilyConfig
from .._config.plain_values import fit, plain
from .._engine.errors import ConfigError
from .._engine.lazy import lazy
from .._identity.fingerprints import strategy_entry, strategy_fingerprint
from .engine_mechanisms import ABOUT_GRAPHS

_SIZES = {"n_nodes", "n_nodes_max"}
# What the engine does with modules of a user's own factory: it draws their noise.
ABOUT_NOISE = {"noise_type", "noise_degrees_of_freedom", "noise_mixture_components", "noise_mixture_spread"}
_PLAYED = {
    "graph_generator": ABOUT_GRAPHS - _SIZES,
    "mechanism_factory": {item.name for item in fields(FamilyConfig)} - ABOUT_GRAPHS - ABOUT_NOISE - {"standardization"},
}
"""The settings that play no part beside a strategy of that role, unless it takes them."""
_OTHER_NAMES = {"sparsity_param": "density"}


@dataclass(frozen=True)
class Own:
    """The strategy of a `role`, "graph_generator" or "mechanism_factory", and what it is handed at each call."""

    role: str
    strategy: Any
    settings: Mapping[str, Any]
    """By the names of FamilyConfig."""

    def __call__(self, first: Any, *, seed: int) -> Any:
        return self.strategy(first, seed=seed, **self._handed)

    @lazy
    def _handed(self) -> dict[str, Any]:
        """The settings by the names that the strategy has for them."""
        taken = _taken(self.strategy)
        return {_name(taken, name) or name: value for name, value in self.settings.items()}

    def fingerprint(self) -> str:
        """The digest of what determines its results; ConfigError when that can't be read."""
        return strategy_fingerprint(self.role, self.strategy, self.settings)

    def entry(self) -> dict[str, Any]:
        """The entry of a registry about it, by name; its fingerprint is None where it has none."""
        try:
            found: str | None = self.fingerprint()
        except ConfigError:
            found = None
        return strategy_entry(self.strategy, self.settings, found)


def own_strategy(role: str, strategy: Any, given: dict[str, Any]) -> Own:
    """Takes the settings of a role out of `given`: those that the strategy names as parameters are handed to it.

    ConfigError for another that was given, as it would play no part, and for one that the strategy needs and nobody gave.
    """
    taken = _taken(strategy)
    if _is_written_in_python(strategy) and not {"seed", "**"} & taken.keys():
        raise ConfigError(f"{role} = {strategy!r}: must have a parameter called seed, which decides what it draws.")
    defaults = FamilyConfig().to_dict()
    named = {
        "sparsity_param",
        "mechanism_proportions",
    }  # Whoever gives these says so; others may come with a whole configuration.
    settings: dict[str, Any] = {}
    for name in sorted(_PLAYED[role] & given.keys()):
        value = given.pop(name)
        checked = _checked(name, value)
        if _name(taken, name) is not None:
            settings[name] = checked
        elif name in named or checked != defaults[name]:
            raise ConfigError(
                f"{name} = {value!r}: must be left out beside a {role} of your own that has no parameter of this name, because "
                "nothing else would read it."
            )
    for name in sorted(_PLAYED[role] - settings.keys()):
        parameter = taken.get(_name(taken, name) or "")
        if parameter is not None and parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD:
            raise ConfigError(f"{name} is missing: must be given, because the {role} takes it and has no default for it.")
    return Own(role, strategy, settings)


def with_noise(own: Own, config: FamilyConfig) -> Own:
    """The same, handed the law of the noise too where it takes that, as the engine draws it."""
    taken = _taken(own.strategy)
    noise = {name: getattr(config, name) for name in sorted(ABOUT_NOISE) if name in taken}
    return Own(own.role, own.strategy, {**own.settings, **noise})


def unplayed(role: str) -> set[str]:
    """The fields of a configuration that say nothing beside a strategy of that role."""
    return _PLAYED[role]


def _checked(name: str, value: Any) -> Any:
    hint = get_type_hints(FamilyConfig)[name]
    found = plain(value, name, hint)
    try:
        return fit(found, hint)
    except (TypeError, ValueError):
        raise ConfigError(f"{name} = {value!r}: must be a number.") from None


def _taken(strategy: Any) -> Mapping[str, inspect.Parameter]:
    """The parameters that can be given by name, but for the first, which is the nodes or the graph."""
    try:
        found = list(inspect.signature(strategy).parameters.values())
    except (TypeError, ValueError):  # Written in C.
        return {}
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD)
    first = found[:1] if found and found[0].kind in kinds[:1] else []
    return {item.name if item.kind in kinds[:2] else "**": item for item in found if item.kind in kinds and item not in first}


def _is_written_in_python(strategy: Any) -> bool:
    """True for functions, and objects of classes with a `__call__`, whose parameters are what they say."""
    own: Any = cast("type[Any]", type(strategy))
    return inspect.isfunction(strategy) or inspect.isfunction(inspect.getattr_static(own, "__call__", None))


def _name(taken: Mapping[str, inspect.Parameter], name: str) -> str | None:
    """Under which name a strategy takes a setting; None if it doesn't."""
    other = _OTHER_NAMES.get(name, name)
    return next((found for found in (name, other) if found in taken), name if "**" in taken else None)
