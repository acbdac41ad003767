"""Reads a configuration from whatever form the user keeps it in."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, cast

from .._engine.errors import ConfigError
from .._files.parsing import parse_json, parse_yaml
from .._scm.own_config import ROLES, OwnConfig
from .containers import hint, resolved
from .family import FamilyConfig
from .hydra_targets import fields_of, untargeted
from .mixture import MixtureConfig


def read_config(source: Any) -> FamilyConfig | MixtureConfig:
    """A configuration from one, a mapping, an OmegaConf DictConfig, the path of a YAML or JSON file, or the name of a preset.

    What has the key "mixture" is a MixtureConfig, and what says something of a user's own strategies an OwnConfig.
    """
    if isinstance(source, str) and source in FamilyConfig.presets() and not Path(source).exists():
        return FamilyConfig.preset(source)
    if isinstance(source, (str, PathLike)):
        source = _read_file(Path(cast("str | PathLike[str]", source)))
    source = fields_of(resolved(source))
    if isinstance(source, (FamilyConfig, MixtureConfig)):
        return source
    if not isinstance(source, Mapping):
        raise ConfigError(_not_a_mapping(source, "The configuration"))
    values = untargeted(cast(Mapping[str, Any], source))
    if any(isinstance(values.get(role), Mapping) for role in ROLES):
        return OwnConfig.from_dict(values)
    return MixtureConfig.from_dict(values) if "mixture" in values else FamilyConfig.from_dict(values)


def _read_file(path: Path) -> Mapping[str, Any]:
    kind = path.suffix.lower()
    if not kind and not path.exists():
        raise ConfigError(
            f"The configuration {str(path)!r} is no preset and no file: it must be the name of one"
            f"{hint(path, FamilyConfig.presets())}, or a path with the ending .yaml, .yml or .json."
        )
    if kind not in (".json", ".yaml", ".yml"):
        raise ConfigError(f"The configuration file {path} has the ending {kind!r}: it must be .yaml, .yml or .json.")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:  # Not UTF-8; or a path that none can be.
        raise ConfigError(f"The configuration file {path} can't be read: {error}.") from None
    try:
        value = parse_json(text) if kind == ".json" else parse_yaml(text)
    except ValueError as error:
        raise ConfigError(f"The configuration file {path} is not {'JSON' if kind == '.json' else 'YAML'}: {error}.") from None
    if value is None:
        return {}  # An empty file: all defaults.
    if not isinstance(value, Mapping):
        raise ConfigError(_not_a_mapping(value, f"The configuration file {path}"))
    return cast(Mapping[str, Any], value)


def _not_a_mapping(value: object, what: str) -> str:
    kind = type(value).__name__
    return f"{what} is of type {kind}: it must be a FamilyConfig, a MixtureConfig, a dictionary, a preset's name or a path."
