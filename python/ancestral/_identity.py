"""The fingerprint of a family that has strategies written by its user."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from typing import Any, cast


def combined_fingerprint(config: str, strategies: Iterable[Any]) -> str:
    """SHA-256 over the configuration's fingerprint and each strategy's name; without strategies, the former itself."""
    names = [_name(strategy) for strategy in strategies]
    return hashlib.sha256(json.dumps([config, *names]).encode()).hexdigest() if names else config


def _name(strategy: Any) -> str:
    own = getattr(strategy, "fingerprint", None)
    if callable(own):
        return str(own())
    named: Any = strategy if hasattr(strategy, "__qualname__") else cast(Any, type(strategy))
    name = f"{named.__module__}.{named.__qualname__}"
    return f"{name} {strategy!r}" if dataclasses.is_dataclass(strategy) else name
