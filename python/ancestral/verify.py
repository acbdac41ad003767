"""Proof of which tasks were used: from the folder that DataModule.write_registry leaves, from a fixed set, or from a corpus."""

import functools
import json
from os import PathLike
from pathlib import Path
from typing import Any, cast

from . import _ffi
from ._checks import seeds_from_tensor, whole_number
from ._errors import ConfigError
from ._parsing import parse_yaml
from ._sources import read_config
from ._threads import thread_count
from .data.corpus_check import verify_corpus
from .data.corpus_files import INDEX
from .data.fixed import MetaFixedDataset
from .data.held_out import clear_of
from .data.registry import HashRegistry
from .data.run_files import FORMAT
from .data.task import Task
from .family import SCMFamily
from .instance import SCMInstance

_TRAINING_TASKS = 1000


def verify(path: str | PathLike[str], *, n_training_tasks: int = _TRAINING_TASKS) -> list[str]:
    """What is wrong with a run's registry (a folder), a fixed set's safetensors file or a corpus (a folder); a sentence each.

    An empty list says that all is as it was written. Of a registry are computed again: the checksum of every file, the
    fingerprints of all families, the seeds and graph hashes of the fixed sets, that these share no task, and for the first
    `n_training_tasks` training tasks that none of their graphs is reserved. Of a fixed set, every task. The same checks as
    `ancestral verify`. A corpus is checked by verify_corpus. Raises ConfigError where there is nothing to check.
    """
    count = whole_number(n_training_tasks, "n_training_tasks", 0, 100_000_000)
    if (Path(path) / INDEX).is_file():
        return verify_corpus(path)
    options = {"training_tasks": count, "threads": thread_count()}
    try:
        text = json.dumps({**options, "configs": _configs(Path(path))}, allow_nan=False)
    except (ConfigError, TypeError, ValueError):  # The checksum of config.yaml tells more.
        text = json.dumps(options)
    return json.loads(_ffi.verify(str(Path(path)), text))


def replay(run_dir: str | PathLike[str], split: str, index: int) -> tuple[SCMInstance, Task]:
    """Task `index` of a run's "train" stream (elastic order, first pass) or of a fixed set such as "test/id", to the bit.

    Returns the SCM and its data. Raises ConfigError for a folder that is no registry, an unknown split or a wrong index.
    """
    try:
        return _replay(_Run(Path(run_dir)), split, index)
    except ConfigError:
        raise
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        raise ConfigError(f"{run_dir}: its files are not as they were written; anc.verify tells which.") from None


def _replay(run: "_Run", split: str, index: int) -> tuple[SCMInstance, Task]:
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
        return _configs(self.folder)

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

    def _json(self, name: str) -> dict[str, Any]:
        try:
            found: Any = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(f"{self.folder}/{name} can't be read: {error}") from None
        if not isinstance(found, dict):
            raise ConfigError(f"{self.folder}/{name} must hold a JSON object.")
        return cast("dict[str, Any]", found)


def _configs(folder: Path) -> Any:
    """What config.yaml holds."""
    try:
        return parse_yaml((folder / "config.yaml").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{folder}/config.yaml can't be read: {error}") from None
