"""Reads the folder that DataModule.write_registry leaves."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from .._data.sets.set_seeds import clear_of
from .._engine import _ffi
from .._engine.checks import seeds_from_tensor
from .._engine.errors import ConfigError
from .._files.parsing import parse_yaml
from .._scm.config_reading import read_config
from .._scm.family import SCMFamily
from .._scm.hash_registry import HashRegistry
from .._scm.own_config import ROLES, OwnConfig
from .registry_files import FORMAT

_OLD_FORMAT = 2
OLD_CONFIGS = "config.yaml"
"""Where the families of older runs stand."""


class Run:
    """The files of a registry, each read once. ConfigError for a folder that has none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = self.json("manifest.json")
        if self.manifest.get("format") not in (FORMAT, _OLD_FORMAT):
            raise ConfigError(f"{folder}: format {self.manifest.get('format')!r} of manifest.json must be {FORMAT}.")

    @functools.cached_property
    def configs(self) -> Any:
        """By family: its fingerprint and its config."""
        return old_configs(self.folder) if self.manifest["format"] == _OLD_FORMAT else self.json("config.json")

    @functools.cached_property
    def base_seed(self) -> int:
        """Of the run."""
        return int(self.json("seeds.json")["base_seed"], 16)

    @functools.cached_property
    def seeds(self) -> dict[str, list[int]]:
        """Of the fixed sets."""
        sets: dict[str, list[str]] = self.json("seeds.json")["sets"]
        return {name: [int(seed, 16) for seed in seeds] for name, seeds in sets.items()}

    @functools.cached_property
    def hashes(self) -> dict[str, list[str]]:
        """Of the fixed sets' graphs, at the run's level."""
        return self.json("hashes.json")["sets"]

    @functools.cached_property
    def reserved(self) -> HashRegistry:
        """What training keeps clear of."""
        level: str = self.manifest["disjoint"]
        return HashRegistry([found for hashes in self.hashes.values() for found in hashes], level=level)

    def family(self, name: str, own: Mapping[str, Any]) -> SCMFamily:
        """A family of the run; `own` are its strategies in Python by their roles. ConfigError unless it has just these."""
        config = read_config(self.configs[name]["config"])
        entries: Mapping[str, Mapping[str, Any]] = config.strategies if isinstance(config, OwnConfig) else {}
        for role in ROLES:
            if role in entries and role not in own:
                shown = f"{entries[role].get('name')} with parameters {entries[role].get('parameters')}"
                raise ConfigError(f"{role} = None: must be given for {name!r}, whose registry says {shown}.")
            if role in own and role not in entries:
                raise ConfigError(f"{role} = {own[role]!r}: must be left out for {name!r}, where the engine's own was used.")
        if not isinstance(config, OwnConfig):
            return SCMFamily.from_config(config)
        fields = {field: value for field, value in config.to_dict().items() if field not in ROLES}
        family = SCMFamily(**{field: value for field, value in fields.items() if value is not None}, **own)
        if family.fingerprint() != self.manifest["fingerprints"][name]:
            found = family.config.to_dict()
            for role, entry in entries.items():
                if found[role]["fingerprint"] != entry["fingerprint"]:
                    raise ConfigError(
                        f"{role} = {own[role]!r}: must be the strategy of {name!r}, whose registry says {entry.get('name')}, "
                        f"version {entry.get('version')}, with parameters {entry.get('parameters')}."
                    )
            raise ConfigError(f"{name!r} is another family here than where {self.folder} was written.")
        return family

    def training_seeds(self, family: SCMFamily, first: int, count: int) -> list[int]:
        """The seeds of training tasks, those of the retries where graphs were rejected."""
        seeds = _ffi.stream_seeds(self.base_seed, offset=-1, epoch=-1, first=first, count=count)
        reserved = self.reserved
        return seeds_from_tensor(clear_of(family, seeds, reserved) if len(reserved) else seeds)

    def json(self, name: str) -> dict[str, Any]:
        """What a file holds. ConfigError unless it is a JSON object."""
        try:
            found: Any = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(f"{self.folder}/{name} can't be read: {error}") from None
        if not isinstance(found, dict):
            raise ConfigError(f"{self.folder}/{name} must hold a JSON object.")
        return cast("dict[str, Any]", found)


def old_configs(folder: Path) -> Any:
    """What config.yaml of an older run holds."""
    try:
        return parse_yaml((folder / OLD_CONFIGS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{folder}/{OLD_CONFIGS} can't be read: {error}") from None
