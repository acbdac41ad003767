"""CorpusPlan: everything that the files of a corpus depend on, and nothing of where or when they are made."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from torch import Tensor

from .._config.design import Design, GivenDesign
from .._data.batches.drawing import Filling
from .._data.batches.given_rows import check_sizes, given_rows
from .._data.sets.clear_of import clear_of
from .._data.stream.pass_starts import TASKS_PER_PASS
from .._engine import _ffi
from .._engine.checks import check_seed, whole_number
from .._engine.errors import ConfigError
from .._engine.lazy import lazy
from .._files.atomic import make_folder, refused, write_text
from .._files.checksums import json_text
from .._scm.config_reading import read_config
from .._scm.family import SCMFamily
from .._scm.hash_registry import HashRegistry, check_reserved
from .json_files import INDEX, PLAN, read_json

FORMAT = 1
TASKS_PER_SHARD = 512
_MOST_IN_SHARD = 1 << 20


@dataclass(frozen=True, eq=False)
class CorpusPlan:
    """The first `n_tasks` tasks of a training stream, `tasks_per_shard` to a file.

    Task i is that of `MetaIterableDataset(family, n_samples=n_samples, base_seed=base_seed, reserved=reserved)`, or of one with
    the design: the elastic order of its first pass. It pickles, so that other machines can make their part. ConfigError for a
    wrong value.
    """

    family: SCMFamily
    n_tasks: int
    n_samples: int | None
    """None with a design, which has them."""
    base_seed: int = 0
    tasks_per_shard: int = TASKS_PER_SHARD
    reserved: HashRegistry | None = None
    design: GivenDesign | None = None
    filling: Filling = field(init=False)
    """What draws the tasks of `seeds`."""
    description: dict[str, Any] = field(init=False)
    """All of it in numbers and texts. It travels with a pickle, and so tells another machine which engine this one has, and
    what strategies that the caller's script defines are called, which another process finds under no name."""
    config: str = field(init=False)
    """The family's configuration as the files have it, which travels for the same reason."""

    def __post_init__(self) -> None:
        if not isinstance(self.family, SCMFamily):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigError(f"family is of type {type(self.family).__name__}: must be of type SCMFamily.")
        check_reserved(self.reserved)
        checked: dict[str, Any] = {
            "n_tasks": whole_number(self.n_tasks, "n_tasks", 1, TASKS_PER_PASS),
            "base_seed": check_seed(self.base_seed, "base_seed"),
            "tasks_per_shard": whole_number(self.tasks_per_shard, "tasks_per_shard", 1, _MOST_IN_SHARD),
        }
        rows = given_rows(self.family, self.n_samples, self.design, True)
        check_sizes(rows.design, "in a corpus, whose tasks are the same in whatever batch they are read")
        checked |= {"n_samples": None, "design": rows.design} if rows.design else {"n_samples": rows.n_samples}
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "filling", Filling(self.family, self.n_samples or 0, design=rows.design))
        object.__setattr__(self, "description", self._describe(rows.design))
        object.__setattr__(self, "config", self.family.config.to_json())

    @property
    def n_shards(self) -> int:
        """The number of files."""
        return -(-self.n_tasks // self.tasks_per_shard)

    def first(self, shard: int) -> int:
        """The number of a shard's first task."""
        return shard * self.tasks_per_shard

    def count(self, shard: int) -> int:
        """The number of tasks of a shard; the last one may have fewer."""
        return min(self.tasks_per_shard, self.n_tasks - self.first(shard))

    def seeds(self, first: int, count: int) -> Tensor:
        """The seeds of tasks first .. first + count - 1, those of the retries where graphs are reserved: int64 [count]."""
        seeds = _ffi.stream_seeds(self.base_seed, offset=-1, epoch=-1, first=first, count=count)
        return clear_of(self.family, seeds, self.reserved, self.filling.design, n_samples=self.n_samples)

    def _describe(self, design: Design | None) -> dict[str, Any]:
        reserved = self.reserved
        return {
            "format": FORMAT,
            "engine_version": _ffi.version(),
            "fingerprint": self.family.fingerprint(design),
            "config": self.family.config.to_dict(),
            "base_seed": f"{self.base_seed:016x}",
            "n_tasks": self.n_tasks,
            "tasks_per_shard": self.tasks_per_shard,
            "n_samples": self.n_samples,
            "reserved": {"level": reserved.level, "hashes": list(reserved)} if reserved else None,
            **({} if design is None else {"design": json.loads(design.canonical)}),
        }

    @lazy
    def shard_metadata(self) -> dict[str, str]:
        """The metadata of a shard's file about its corpus, beside the members of every fixed set's file."""
        return shard_metadata(self.description)

    @classmethod
    def of(cls, description: dict[str, Any], family: SCMFamily | None = None) -> "CorpusPlan":
        """The plan that has this description; `family` is needed where the user wrote strategies in Python."""
        found = family or SCMFamily.from_config(read_config(description["config"]))
        given = cast("dict[str, Any] | None", description["reserved"])
        return cls(
            found,
            n_tasks=description["n_tasks"],
            n_samples=description["n_samples"],
            base_seed=int(description["base_seed"], 16),
            tasks_per_shard=description["tasks_per_shard"],
            reserved=None if given is None else HashRegistry(given["hashes"], level=given["level"]),
            design=description.get("design"),
        )


def shard_metadata(description: dict[str, Any]) -> dict[str, str]:
    """CorpusPlan.shard_metadata by the plan's description."""
    reserved = json.dumps(description["reserved"])
    return {
        "engine_version": description["engine_version"],
        "base_seed": description["base_seed"],
        "reserved": hashlib.sha256(reserved.encode()).hexdigest(),
    }


def begin(folder: Path, plan: CorpusPlan) -> None:
    """Makes the folder this corpus's own. ConfigError when it holds another one or can't be written."""
    path = folder / PLAN
    with refused("out_dir", folder):
        make_folder(folder)
        if path.exists():
            fault = None
        elif (fault := _other_index(folder, plan.description)) is None:
            # Of two corpora that are begun here at the same moment one has the folder.
            write_text(path, json_text(plan.description), shared=True, first=True)
    fault = fault or other_plan(folder, plan.description)
    if fault is not None:
        raise ConfigError(f"out_dir = {str(folder)!r}: {fault}; give another folder, or what this one was begun with.")


def other_plan(folder: Path, description: dict[str, Any]) -> str | None:
    """The differences of the folder's corpus, in words; None when it is the one described. ConfigError when there is none."""
    return _differing(read_json(folder / PLAN), description)


def _other_index(folder: Path, description: dict[str, Any]) -> str | None:
    """The same by the index of a complete corpus whose plan was removed; None where there is none that can be read."""
    try:
        found = read_json(folder / INDEX)
    except ConfigError:
        return None
    return _differing(found, description)


def _differing(found: dict[str, Any], description: dict[str, Any]) -> str | None:
    designs = found.get("design"), description.get("design")
    if designs[0] != designs[1]:
        return f"holds a corpus {'with another' if all(designs) else 'without a' if designs[1] else 'with a'} design"
    for name, ours in json.loads(json_text(description)).items():
        if found.get(name) != ours:
            if name in ("config", "reserved"):
                return f"holds a corpus with another {name}"
            return f"holds a corpus with {name} = {found.get(name)!r}, but {ours!r} was asked for"
    return None
