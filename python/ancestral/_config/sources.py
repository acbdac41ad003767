"""The fields of a configuration, read from any form that a user keeps it in."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar, cast

from .._engine.errors import ConfigError
from .._files.parsing import parse_json, parse_yaml
from .._files.paths import is_there
from .containers import hint, resolved
from .hydra_targets import fields_of, untargeted
from .presets import DESIGNS, FAMILIES, Presets

T = TypeVar("T")


def read_fields(source: Any, *kinds: type[T], presets: Presets = FAMILIES) -> Mapping[str, Any] | T:
    """The fields in a mapping, a DictConfig, a YAML or JSON file, or a preset; a configuration of one of `kinds` as it is."""
    if is_preset(source, presets):
        return presets.fields(source)
    if isinstance(source, (str, PathLike)):
        source = _read_file(Path(cast("str | PathLike[str]", source)), presets)
    source = fields_of(resolved(source))
    if isinstance(source, kinds):
        return source
    if not isinstance(source, Mapping):
        raise ConfigError(_not_a_mapping(source, "The configuration", presets))
    return untargeted(cast(Mapping[str, Any], source))


def is_preset(source: Any, presets: Presets = FAMILIES) -> bool:
    """True for the name of a preset, unless there is a file of that name."""
    return isinstance(source, str) and source in presets.sources and not is_there(Path(source))


def _read_file(path: Path, presets: Presets) -> Mapping[str, Any]:
    kind = path.suffix.lower()
    if not kind and not is_there(path):
        raise ConfigError(
            f"The configuration {str(path)!r} is no preset and no file: it must be the name of one"
            f"{hint(path, presets.sources)}, or a path with the ending .yaml, .yml or .json."
        )
    if kind not in (".json", ".yaml", ".yml"):
        raise ConfigError(f"The configuration file {path} has the ending {kind!r}: it must be .yaml, .yml or .json.")
    try:
        text = path.read_text(encoding="utf-8-sig")  # Windows writes a mark of order first.
    except (OSError, ValueError) as error:  # Not UTF-8; or a path that none can be.
        raise ConfigError(f"The configuration file {path} can't be read: {error}.") from None
    try:
        value = parse_json(text) if kind == ".json" else parse_yaml(text)
    except ValueError as error:
        raise ConfigError(f"The configuration file {path} is not {'JSON' if kind == '.json' else 'YAML'}: {error}.") from None
    if value is None:
        return {}  # An empty file: all defaults.
    if not isinstance(value, Mapping):
        raise ConfigError(_not_a_mapping(value, f"The configuration file {path}", presets))
    return cast(Mapping[str, Any], value)


def _not_a_mapping(value: object, what: str, presets: Presets) -> str:
    kind = type(value).__name__
    ours = "a Design" if presets is DESIGNS else "a FamilyConfig, a MixtureConfig"
    return f"{what} is of type {kind}: it must be {ours}, a dictionary, a preset's name or a path."
