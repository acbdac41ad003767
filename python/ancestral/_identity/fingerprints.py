"""The fingerprint of a family that has strategies written by its user."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .._engine.errors import ConfigError
from .names import shown_name
from .parameters import parameters, short
from .readable import form
from .unreadable import Unreadable


def strategy_fingerprint(field: str, strategy: Any, settings: Mapping[str, Any]) -> str:
    """64 hex digits of what determines a strategy's results: see `form`; `settings` are what it is handed beside its seed.

    ConfigError for a strategy that has nothing of the kind; `field` is the name to say.
    """
    try:
        found = [form(strategy), form(dict(sorted(settings.items())))]
    except Unreadable as error:
        raise ConfigError(
            f"{field}{error.path} = {short(error.value)}: {error.why}, so that the family has no fingerprint, as caches, "
            "states, registries and corpora need it: must be a frozen dataclass of plain values, a plain function of a "
            "module, or have a method fingerprint() that returns a text for what it draws."
        ) from None
    return hashlib.sha256(json.dumps(found, separators=(",", ":")).encode()).hexdigest()


def combined_fingerprint(config: str, strategies: Mapping[str, str]) -> str:
    """SHA-256 of the configuration's fingerprint and, a line each, the name and the fingerprint of each strategy.

    Without strategies the former itself. The engine computes it alike, from what a registry says.
    """
    lines = [config, *(f"{field} {strategies[field]}" for field in sorted(strategies))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if strategies else config


def strategy_entry(strategy: Any, settings: Mapping[str, Any], fingerprint: str | None) -> dict[str, Any]:
    """The entry of a strategy in a registry: its name, the version that its author gave, its parameters with what it is
    handed, and its fingerprint."""
    version = getattr(strategy, "version", None)
    return {
        "name": shown_name(strategy),
        "version": version if isinstance(version, str | int | float) else None,
        "parameters": {**parameters(strategy), **settings},
        "fingerprint": fingerprint,
    }
