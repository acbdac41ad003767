"""The families of a run by name, from whatever form they were given in."""

from collections.abc import Mapping
from typing import Any

from .._engine.errors import ConfigError
from .._scm.family import SCMFamily
from .._scm.given_families import families_by_name, one_family


def check_fingerprints(families: Mapping[str, SCMFamily]) -> None:
    """ConfigError that names a family without a fingerprint."""
    for name, family in families.items():
        try:
            family.fingerprint()
        except ConfigError as error:
            raise ConfigError(f"In {name}: {error}") from None


def named_families(given: Any, part: str) -> dict[str, SCMFamily]:
    """Families by their names: "test/id" of a mapping with the key "id", "test" of one family, or nothing."""
    if given is None:
        return {}
    named = families_by_name(given, part)
    if named is None:
        return {part: one_family(given, part)}
    for name in named:
        if not isinstance(name, str) or not name or "/" in name:
            raise ConfigError(f"{part} has the name {name!r}: must be text without '/', such as 'id'.")
    texts = {name: str.__str__(name) for name in named}  # Of a StrEnum, an f-string would show the member before Python 3.12.
    return {f"{part}/{text}": one_family(named[name], f"{part}.{text}") for name, text in texts.items()}
