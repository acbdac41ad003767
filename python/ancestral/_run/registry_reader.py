"""Reads the folder that DataModule.write_registry leaves."""

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .._config.design import Design, sizes_per_batch
from .._data.sets.clear_of import clear_of
from .._engine import _ffi
from .._engine.checks import seeds_from_tensor
from .._engine.errors import ConfigError
from .._engine.lazy import lazy
from .._files.parsing import parse_yaml
from .._scm.config_reading import read_config
from .._scm.family import SCMFamily
from .._scm.hash_registry import HashRegistry
from .._scm.own_config import ROLES, OwnConfig

_OLD_CONFIGS = "config.yaml"
"""The file with the families of older runs."""


class Run:
    """The content of a registry's files. ConfigError for a folder that has none, or other files than a run leaves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._found: dict[str, Any] = json.loads(_ffi.run_read(str(folder), old_configs(folder)))
        self.rows: int | None = self._found["rows"]
        """The number of rows of each plain task."""
        self.batch: int | None = self._found["batch"]
        """The number of tasks of a training batch."""
        self.training: list[dict[str, Any]] = self._found["training"]
        """The stream's record of tasks that it drew: their epoch, number, seed and hash."""
        sets: dict[str, dict[str, list[str]]] = self._found["sets"]
        self.seeds = {name: [int(seed, 16) for seed in found["seeds"]] for name, found in sets.items()}
        """The seeds of the fixed sets."""
        self.hashes = {name: found["hashes"] for name, found in sets.items()}
        """The hashes of the fixed sets' graphs, at the run's level."""

    @lazy
    def reserved(self) -> HashRegistry:
        """The graphs that training keeps clear of."""
        return HashRegistry([found for hashes in self.hashes.values() for found in hashes], level=self._found["level"])

    def fingerprint(self, name: str) -> str | None:
        """The entry of a family of the run; None where it has none of that name."""
        return self._found["families"].get(name, {}).get("fingerprint")

    def design(self, name: str) -> Design | None:
        """The design of the tasks of a set of the run; None for plain ones."""
        found = self._found["families"].get(name, {}).get("design")
        return None if found is None else Design.from_dict(found)

    def shown(self, name: str) -> dict[str, Any]:
        """The arguments of a dataset that say what the tasks of a set of the run show."""
        design = self.design(name)
        return {"n_samples": self.rows} if design is None else {"design": design}

    def family(self, name: str, own: Mapping[str, Any]) -> SCMFamily:
        """A family of the run; `own` are its strategies in Python by their roles. ConfigError unless it has just these."""
        config = read_config(self._found["families"][name]["config"])
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
        if family.fingerprint(self.design(name)) != self.fingerprint(name):
            found = family.config.to_dict()
            for role, entry in entries.items():
                if found[role]["fingerprint"] != entry["fingerprint"]:
                    raise ConfigError(
                        f"{role} = {own[role]!r}: must be the strategy of {name!r}, whose registry says {entry.get('name')}, "
                        f"version {entry.get('version')}, with parameters {entry.get('parameters')}."
                    )
            raise ConfigError(f"{name!r} is another family here than where {self.folder} was written.")
        return family

    def training_slot(self, number: int) -> Tensor:
        """The seed of a place in the training stream, before any graph was rejected: int64 [1]."""
        return _ffi.stream_seeds(int(self._found["base_seed"], 16), offset=-1, epoch=-1, first=number, count=1)

    def training_seed(self, family: SCMFamily, number: int) -> int:
        """The seed of a training task, that of the retry where attempts were rejected."""
        seeds, design = self.training_slot(number), self.design("train")
        if sizes_per_batch(design):
            seeds = torch.cat([self.training_slot(self.batch_start(number)), seeds])
        return seeds_from_tensor(clear_of(family, seeds, self.reserved, design, n_samples=self.rows))[-1]

    def batch_start(self, number: int) -> int:
        """The first place of a training task's batch, which may decide how many rows the batch has."""
        return number - number % (self.batch or 1)


def old_configs(folder: Path) -> str | None:
    """The JSON text of what config.yaml of an older run holds; None where there is none that can be read."""
    if not os.path.isfile(folder / _OLD_CONFIGS):
        return None
    with contextlib.suppress(ConfigError, OSError, TypeError, ValueError):  # The file's checksum tells more.
        return json.dumps(parse_yaml((folder / _OLD_CONFIGS).read_text(encoding="utf-8")), allow_nan=False)
    return None
