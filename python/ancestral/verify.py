"""Proof of which tasks a run used, from the folder that DataModule.write_registry leaves."""

import functools
import json
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any, cast

from . import _ffi
from ._checks import seeds_from_tensor
from ._errors import ConfigError
from ._sources import read_config
from .data.fixed import MetaFixedDataset
from .data.held_out import clear_of
from .data.registry import HashRegistry
from .data.run_files import FILES, FORMAT, checksum, manifest_digest
from .data.task import Task
from .family import SCMFamily
from .instance import SCMInstance

_TRAINING_TASKS = 1000


def verify(run_dir: str | PathLike[str], *, n_training_tasks: int = _TRAINING_TASKS) -> list[str]:
    """What is wrong with the registry of a run, a sentence each; an empty list when all is as it was written.

    Recomputed are the checksum of every file, the fingerprints of all families, the graph hash of every task of the fixed
    sets, and for the first `n_training_tasks` training tasks that none of their graphs is reserved. Raises ConfigError when
    the folder is no registry at all.
    """
    run = _Run(Path(run_dir))
    faults = [*run.changed_files()]
    if faults:  # What has been changed proves nothing.
        return faults
    return [*run.wrong_fingerprints(), *run.wrong_hashes(), *run.reserved_training_tasks(n_training_tasks)]


def replay(run_dir: str | PathLike[str], split: str, index: int) -> tuple[SCMInstance, Task]:
    """Task `index` of a run's "train" stream (elastic order, first pass) or of a fixed set such as "test/id", to the bit.

    Returns the SCM and its data. Raises ConfigError for a folder that is no registry, an unknown split or a wrong index.
    """
    run = _Run(Path(run_dir))
    splits = ["train", *run.seeds]
    if split not in splits:
        raise ConfigError(f"split = {split!r}: must be one of {', '.join(splits)}.")
    known = len(run.seeds[split]) if split in run.seeds else None
    if type(index) is not int or index < 0 or (known is not None and index >= known):  # pyright: ignore[reportUnnecessaryComparison]
        upper = "" if known is None else f" below {known}"
        raise ConfigError(f"index = {index!r}: must be a whole number from 0{upper}.")
    seed = run.seeds[split][index] if split in run.seeds else run.training_seeds(index, 1)[0]
    tasks = MetaFixedDataset(run.family(split), [seed], n_samples=run.manifest["n_samples"])
    return tasks.instance(0), tasks[0]


class _Run:
    """The files of a registry, read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = self._json("manifest.json")
        if self.manifest.get("format") != FORMAT:
            raise ConfigError(f"{folder}: format {self.manifest.get('format')!r} of manifest.json must be {FORMAT}.")

    @functools.cached_property
    def configs(self) -> dict[str, Any]:
        import yaml

        try:
            return yaml.safe_load((self.folder / "config.yaml").read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError) as error:
            raise ConfigError(f"{self.folder}/config.yaml can't be read: {error}") from None

    @functools.cached_property
    def _seed_file(self) -> dict[str, Any]:
        return self._json("seeds.json")

    @functools.cached_property
    def seeds(self) -> dict[str, list[int]]:
        sets: dict[str, list[str]] = self._seed_file["sets"]
        return {name: [int(seed, 16) for seed in seeds] for name, seeds in sets.items()}

    @functools.cached_property
    def hashes(self) -> dict[str, list[str]]:
        return self._json("hashes.json")["sets"]

    def family(self, name: str) -> SCMFamily:
        return SCMFamily.from_config(read_config(self.configs[name]["config"]))

    @functools.cached_property
    def reserved(self) -> HashRegistry:
        level: str = self.manifest["disjoint"]
        return HashRegistry([found for hashes in self.hashes.values() for found in hashes], level=level)

    def training_seeds(self, first: int, count: int) -> list[int]:
        """The seeds of training tasks, those of the retries where graphs were rejected."""
        base_seed = int(self._seed_file["base_seed"], 16)
        seeds = _ffi.stream_seeds(base_seed, offset=-1, epoch=-1, first=first, count=count)
        reserved = self.reserved
        return seeds_from_tensor(clear_of(self.family("train"), seeds, reserved) if len(reserved) else seeds)

    def changed_files(self) -> Iterator[str]:
        if self.manifest.get("digest") != manifest_digest(self.manifest):
            yield "manifest.json is not as it was written."
            return
        for name in FILES:
            try:
                found = checksum(self.folder / name)
            except OSError as error:
                yield f"{name} can't be read: {error.strerror or error}."
                continue
            if found != self.manifest["files"].get(name):
                yield f"{name} is not as it was written."

    def wrong_fingerprints(self) -> Iterator[str]:
        for name, expected in self.manifest["fingerprints"].items():
            if self.family(name).fingerprint() != expected:
                yield f"{name}: this version of the engine gives the family another fingerprint, so other tasks."

    def wrong_hashes(self) -> Iterator[str]:
        level: str = self.manifest["disjoint"]
        for name, seeds in self.seeds.items():
            found = MetaFixedDataset(self.family(name), seeds, n_samples=1).graph_hashes(level)
            for index, (ours, theirs) in enumerate(zip(found, self.hashes[name], strict=True)):
                if ours != theirs:
                    yield f"{name}[{index}]: the graph of seed {seeds[index]:016x} has another hash."

    def reserved_training_tasks(self, count: int) -> Iterator[str]:
        reserved = self.reserved
        tasks = MetaFixedDataset(self.family("train"), self.training_seeds(0, count), n_samples=1)
        for index, found in enumerate(tasks.graph_hashes(reserved.level)):
            if found in reserved:
                yield f"train[{index}]: its graph is reserved."

    def _json(self, name: str) -> dict[str, Any]:
        try:
            found: Any = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(f"{self.folder}/{name} can't be read: {error}") from None
        if not isinstance(found, dict):
            raise ConfigError(f"{self.folder}/{name} must hold a JSON object.")
        return cast("dict[str, Any]", found)
