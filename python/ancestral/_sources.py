"""Reads a configuration from whatever form the user keeps it in."""

import json
import re
import sys
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, cast

from ._errors import ConfigError
from .config import FamilyConfig
from .mixture import MixtureConfig


def read_config(source: Any) -> FamilyConfig | MixtureConfig:
    """A configuration from one, a mapping, an OmegaConf DictConfig, the path of a YAML or JSON file, or the name of a preset.

    What has the key "mixture" is a MixtureConfig.
    """
    if isinstance(source, str) and source in FamilyConfig.presets() and not Path(source).exists():
        return FamilyConfig.preset(source)
    if isinstance(source, (str, PathLike)):
        source = _read_file(Path(cast("str | PathLike[str]", source)))
    omegaconf = sys.modules.get("omegaconf")  # Whoever has a DictConfig has imported it.
    if omegaconf is not None and isinstance(source, omegaconf.DictConfig):
        try:
            source = omegaconf.OmegaConf.to_object(source)  # A structured one becomes an instance of its class.
        except omegaconf.errors.OmegaConfBaseException as error:
            raise ConfigError(f"The configuration can't be resolved: {' '.join(str(error).split())}.") from None
    if isinstance(source, (FamilyConfig, MixtureConfig)):
        return source
    values = _mapping(source, "The configuration")
    return MixtureConfig.from_dict(values) if "mixture" in values else FamilyConfig.from_dict(values)


def _read_file(path: Path) -> Mapping[str, Any]:
    kind = path.suffix.lower()
    if kind not in (".json", ".yaml", ".yml"):
        raise ConfigError(f"The configuration file {path} has the ending {kind!r}: it must be .yaml, .yml or .json.")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The configuration file {path} can't be read: {error}.") from None
    return _mapping(_parse_json(text, path) if kind == ".json" else _parse_yaml(text, path), f"The configuration file {path}")


def _parse_json(text: str, path: Path) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except ValueError as error:
        raise ConfigError(f"The configuration file {path} is not JSON: {error}.") from None


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of a JSON file. ValueError where a member comes twice, of which readers would take one or the other."""
    found: dict[str, Any] = {}
    for name, value in members:
        if name in found:
            raise ValueError(f"an object names {name} twice")
        found[name] = value
    return found


def _parse_yaml(text: str, path: Path) -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """Reads 1e-3 as a number and refuses a key that comes twice, as YAML 1.2 and OmegaConf do and PyYAML does not."""

        def compose_mapping_node(self, anchor: Any) -> Any:
            node: Any = super().compose_mapping_node(anchor)
            names: set[str] = set()
            for key, _ in node.value:
                if key.value in names:
                    raise yaml.MarkedYAMLError(problem=f"the key {key.value} comes twice", problem_mark=key.start_mark)
                if isinstance(key, yaml.ScalarNode):
                    names.add(key.value)
            return node

    number = re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+$")
    Loader.add_implicit_resolver("tag:yaml.org,2002:float", number, list("-+.0123456789"))
    try:
        return yaml.load(text, Loader)
    except yaml.YAMLError as error:
        raise ConfigError(f"The configuration file {path} is not YAML: {' '.join(str(error).split())}.") from None


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if value is None:
        return {}  # An empty file: all defaults.
    if not isinstance(value, Mapping):
        raise ConfigError(
            f"{what} is of type {type(value).__name__}: it must be a FamilyConfig, a MixtureConfig, a dictionary or a path."
        )
    return cast(Mapping[str, Any], value)
