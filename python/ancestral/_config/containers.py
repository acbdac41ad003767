"""Settings in OmegaConf's containers, which Hydra hands over where nobody asked it to convert them."""

import sys
from collections.abc import Iterable, Mapping
from typing import Any, cast

from .._engine import _ffi
from .._engine.errors import ConfigError


def resolved(source: Any, what: str = "The configuration") -> Any:
    """A DictConfig or ListConfig in plain dicts and lists, a structured one as an instance of its class; all else as it is.

    ConfigError names `what` where an interpolation or a missing value is left.
    """
    omegaconf = sys.modules.get("omegaconf")  # Whoever has a container has imported it.
    if omegaconf is None or not isinstance(source, (omegaconf.DictConfig, omegaconf.ListConfig)):
        return source
    try:
        return omegaconf.OmegaConf.to_object(source)
    except omegaconf.errors.OmegaConfBaseException as error:
        raise ConfigError(f"{what} can't be resolved: {' '.join(str(error).split())}.") from None


def members(given: Mapping[Any, Any], what: str) -> dict[Any, Any]:
    """The members of a mapping, of which those of a DictConfig are resolved one by one."""
    omegaconf = sys.modules.get("omegaconf")
    if omegaconf is None or not isinstance(given, omegaconf.DictConfig):
        return dict(given)
    try:
        return {name: given[name] for name in given}
    except omegaconf.errors.OmegaConfBaseException as error:
        raise ConfigError(f"{what} can't be resolved: {' '.join(str(error).split())}.") from None


def mapping(given: Any, what: str) -> Mapping[Any, Any]:
    """`given`, where it is a mapping. ConfigError names `what` for anything else."""
    if not isinstance(given, Mapping):
        raise ConfigError(f"{what} is of type {type(given).__name__}: must be a dictionary.")
    return cast("Mapping[Any, Any]", given)


def mapped(given: Any, field: str, right: str) -> Mapping[Any, Any]:
    """The members of a mapping, a DictConfig too. ConfigError says what it `must map` for anything else."""
    found = resolved(given, field)
    if not isinstance(found, Mapping):
        raise ConfigError(f"{field} = {found!r}: must map {right}.")
    return cast("Mapping[Any, Any]", found)


def check_name(name: Any, field: str, known: Iterable[str], missing: str) -> None:
    """ConfigError for a name in `field` that is none of those known; `missing` says of what there is none at all."""
    names = list(known)
    if name not in names:
        right = f"one of {', '.join(map(repr, names))}{hint(name, names)}" if names else f"left out, as there is no {missing}"
        raise ConfigError(f"a name in {field} = {name!r}: must be {right}.")


def sequence(given: Any, what: str) -> list[Any]:
    """The items of whatever can be gone through and is no text or mapping. ConfigError names `what` for anything else."""
    kind = cast("type[Any]", type(given))
    if issubclass(kind, (str, bytes, Mapping)) or not issubclass(kind, Iterable) or getattr(given, "ndim", 1) == 0:
        raise ConfigError(f"{what} is of type {kind.__name__}: must be a list.")
    return list(given)


def ordered(given: Any, what: str) -> list[Any]:
    """As `sequence`, where the order of the items counts: ConfigError for a set, which has none of its own."""
    if isinstance(given, (set, frozenset)):
        kind = cast("type[Any]", type(cast(object, given)))
        raise ConfigError(f"{what} is of type {kind.__name__}: must be a list, since its order counts.")
    return sequence(given, what)


def hint(word: object, names: Iterable[str]) -> str:
    """' (did you mean NAME?)' with the name that the word stands for, or one that it is a part of, or nothing."""
    known, wrong = list(names), str(word)
    near = _ffi.meant_name(wrong, known) or next((name for name in known if wrong and wrong in name), None)
    return f" (did you mean {near!r}?)" if near else ""
