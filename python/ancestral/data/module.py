"""DataModule: a run's families, and loaders that never repeat, never overlap and resume exactly."""

import functools
import json
import logging
from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, cast

import torch

from .._checks import check_level, check_samples, check_seed, seeds_from_tensor, whole_number
from .._errors import ConfigError
from .._paths import absolute
from ..analysis.distances import DistanceReport
from ..family import SCMFamily
from . import run_files
from .batches import FixedBatches
from .collate import collate
from .distances import training_distances
from .families import Family, named_families, one_family
from .fixed import MetaFixedDataset
from .held_out import clear_of, set_seeds
from .iterable import MetaIterableDataset
from .loader import TaskLoader
from .normalize import check_normalize
from .overlap import Overlap, check_overlap
from .rank import ALONE, known_rank
from .registry import HashRegistry
from .state import warn_without_fingerprint
from .tensors import can_pin
from .training import TrainLoader
from .worker_loader import WorkerLoader

_log = logging.getLogger(__name__)
_MOST = 1 << 31
_FORMAT = 1


class DataModule:
    """The data of a run: an endless training stream of one family, and fixed validation and test sets of any families.

        data = anc.DataModule(
            anc.FamilyConfig(n_nodes=20), val=anc.FamilyConfig(n_nodes=20),
            test={"id": anc.FamilyConfig(n_nodes=20), "scale-free": anc.FamilyConfig(n_nodes=20, graph="scale_free")},
            n_samples=1000, batch_size=32,
        )
        for X, adjacency in data.train_dataloader(): ...   # float32 [32, 1000, 20], [32, 20, 20]

    A family is given as SCMFamily.from_config takes it, or as an SCMFamily; `val` and `test` as one family, a mapping of names
    to families, or None. No training task has a graph of a fixed set, told apart at level `disjoint`: "exact", "mec" or
    "iso"; with `disjoint_sets` no fixed set has a graph of one before it. A set's tasks depend on `base_seed` and its name.

    Loaders are TaskLoaders with `threads` and `prefetch`, or with `num_workers` DataLoaders, which `loader_settings` go to;
    the batches are the same. `normalize` is that of `collate`. The training loader goes on where it was left by every `iter()`
    and by `load_state_dict`; with `batches_per_epoch` its passes end. `cache_instances` and `cache_dir` are those of
    MetaFixedDataset. With `output_dir`, rank 0 writes the families there at once, and the registry of the run in `setup` and
    `close`. Both need families with a fingerprint, see SCMFamily.fingerprint.

    Raises ConfigError for a wrong value here, and DisjointnessError in `setup` when too few graphs are left for training.
    """

    def __init__(
        self,
        train: Family,
        val: Family | Mapping[str, Family] | None,
        test: Family | Mapping[str, Family] | None,
        *,
        n_samples: int,
        batch_size: int,
        base_seed: int = 0,
        n_val: int = 128,
        n_test: int = 128,
        disjoint: str = "exact",
        disjoint_sets: bool = False,
        normalize: str = "none",
        batches_per_epoch: int | None = None,
        num_workers: int = 0,
        threads: int | None = None,
        prefetch: int = 2,
        pin_memory: bool = False,
        cache_instances: bool = False,
        cache_dir: str | PathLike[str] | None = None,
        output_dir: str | PathLike[str] | None = None,
        loader_settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.n_samples = check_samples(n_samples)
        self.batch_size = whole_number(batch_size, "batch_size", 1, 1 << 20)
        self.base_seed = check_seed(base_seed, "base_seed")
        self.num_workers = whole_number(num_workers, "num_workers", 0, 1 << 12)
        self.batches_per_epoch = (
            None if batches_per_epoch is None else whole_number(batches_per_epoch, "batches_per_epoch", 1, _MOST)
        )
        check_level(disjoint)
        check_normalize(normalize)
        self.disjoint = disjoint
        self.train_family = one_family(train, "train")
        self.families: dict[str, SCMFamily] = {"train": self.train_family}
        for part, given in (("val", val), ("test", test)):
            self.families |= named_families(given, part)
        counts = {"val": whole_number(n_val, "n_val", 1, _MOST), "test": whole_number(n_test, "n_test", 1, _MOST)}
        self._counts = {name: counts[name.split("/")[0]] for name in self.families if name != "train"}
        self._collate = None if normalize == "none" else functools.partial(collate, normalize=normalize)
        self._disjoint_sets = disjoint_sets
        self._threads, self._prefetch = threads, prefetch
        self._pin_memory = pin_memory and can_pin()
        cache = None if cache_dir is None else absolute(cache_dir, "cache_dir")
        self._cache: dict[str, Any] = {"cache_instances": cache_instances, "cache_dir": cache}
        self._loader_settings = dict(loader_settings or {})
        self.output_dir = None if output_dir is None else absolute(output_dir, "output_dir")
        self._ready = False
        for name, family in self.families.items():
            fingerprint = family.fingerprint() if family.has_fingerprint else "none"
            _log.info("%s: fingerprint %s, %s", name, fingerprint, json.dumps(family.config.to_dict()))
        if cache_dir is not None or self.output_dir is not None:
            self._check_fingerprints()
        self._written = -1
        if self.output_dir is not None and _first_rank():
            self._write_config(self.output_dir)

    def setup(self, stage: str | None = None) -> None:
        """Makes the datasets and checks that training can keep clear of the fixed ones. Again does nothing.

        `stage` is Lightning's; all stages share one set-up, because training must know every fixed set.
        """
        if self._ready:
            return
        self.fixed_sets: dict[str, MetaFixedDataset] = {}
        self.hashes: dict[str, list[str]] = {}
        self.reserved = HashRegistry(level=self.disjoint)
        for name, count in self._counts.items():
            self.fixed_sets[name] = self._fixed(name, count)
            self.hashes[name] = self.fixed_sets[name].graph_hashes(self.disjoint)
            self.reserved |= HashRegistry(self.hashes[name], level=self.disjoint)
        self.overlap: Overlap = check_overlap(self.train_family, self.reserved, self.base_seed)
        _log.info(
            "%d graphs are reserved at level %s; %d of %d training graphs were among them",
            *(len(self.reserved), self.disjoint, *self.overlap),
        )
        self.train_dataset = MetaIterableDataset(
            self.train_family,
            n_samples=self.n_samples,
            base_seed=self.base_seed,
            batch_size=self.batch_size,
            reserved=self.reserved if len(self.reserved) else None,
        )
        self._train_loader = TrainLoader(self.train_dataset, self._loader(self.train_dataset), length=self.batches_per_epoch)
        self._ready = True
        if self.output_dir is not None:
            self.write_registry(self.output_dir)

    def prepare_data(self) -> None:
        """Nothing: there is nothing to download."""

    def train_dataloader(self) -> TrainLoader:
        """The training batches; each call gives the same loader, whose state is that of this module."""
        self.setup()
        return self._train_loader

    def val_dataloader(self) -> Any:
        """A loader for each validation set by its name: a dictionary, or the loader itself where one family was given."""
        return self._loaders("val")

    def test_dataloader(self) -> Any:
        """A loader for each test set by its name: a dictionary, or the loader itself where one family was given."""
        return self._loaders("test")

    def close(self) -> None:
        """Ends the threads of the training loader; it can be used again. With `output_dir`, what was drawn is written down."""
        if not self._ready:
            return
        if isinstance(self._train_loader.loader, TaskLoader):
            self._train_loader.loader.close()
        if self.output_dir is not None and self.train_dataset.rejections.tasks != self._written:
            self.write_registry(self.output_dir)

    def state_dict(self) -> dict[str, Any]:
        """Where training stands, in numbers and texts that `torch.load(weights_only=True)` and JSON take."""
        self.setup()
        warn_without_fingerprint(self.train_family)
        return {"format": _FORMAT, "disjoint": self.disjoint, "train": self._train_loader.state_dict()}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Lets the training loader go on where `state_dict` was saved, with any number of workers.

        ConfigError when it is of another stream, level or format.
        """
        self.setup()
        for name, right in {"format": _FORMAT, "disjoint": self.disjoint}.items():
            if state_dict.get(name) != right:
                raise ConfigError(f"state[{name!r}] = {state_dict.get(name)!r}: must be {right!r}, the module's own.")
        train: Any = state_dict.get("train")
        if not isinstance(train, Mapping):
            raise ConfigError(f"state['train'] is of type {type(train).__name__}: must be the state of the training loader.")
        self._train_loader.load_state_dict(cast(Mapping[str, Any], train))

    def distances(self, n_tasks: int = 200) -> dict[str, DistanceReport]:
        """How far each fixed set's family is from the training family, by the set's name.

        Measured once for each pair of fingerprints (see `ancestral.analysis.distance`); a family with strategies written in
        Python is left out.
        """
        return training_distances(self.families, n_tasks)

    def write_registry(self, dir: str | PathLike[str]) -> None:
        """Writes config.json, seeds.json, hashes.json, distances.json, training.json, manifest.json, each whole; rank 0 only.

        Seeds are 16 hex digits. training.json has the stream's own record: the graphs' hashes of up to 1000 of the tasks that
        this process and its workers have drawn so far, an even sample of them. manifest.json has versions, fingerprints, the
        estimate of the reserved mass, and how many graphs were rejected so far. Call it again at the end of a run, as `close`
        does with `output_dir`. ConfigError for a family without a fingerprint.
        """
        self._check_fingerprints()
        self.setup()
        if not _first_rank():
            return
        drawn_so_far = self.train_dataset.rejections.tasks
        folder = absolute(dir, "dir")
        self._write_config(folder)
        seeds = {name: [f"{seed:016x}" for seed in found.seed_list] for name, found in self.fixed_sets.items()}
        run_files.write_json(folder / "seeds.json", {"base_seed": f"{self.base_seed:016x}", "sets": seeds})
        run_files.write_json(folder / "hashes.json", {"level": self.disjoint, "sets": self.hashes})
        found = {name: report.to_dict() for name, report in self.distances().items()}
        run_files.write_json(folder / "distances.json", {"train": self.train_family.fingerprint(), "sets": found})
        drawn = [task._asdict() | {"seed": f"{task.seed:016x}"} for task in self.train_dataset.drawn]
        run_files.write_json(folder / "training.json", {"tasks": drawn})
        run_files.write_manifest(folder, self._manifest())
        self._written = drawn_so_far

    def _manifest(self) -> dict[str, Any]:
        rejections = self.train_dataset.rejections
        return {
            "format": run_files.FORMAT,
            "versions": run_files.versions(),
            "fingerprints": {name: family.fingerprint() for name, family in self.families.items()},
            "n_samples": self.n_samples,
            "batch_size": self.batch_size,
            "disjoint": self.disjoint,
            "disjoint_sets": self._disjoint_sets,
            "reserved": len(self.reserved),
            "overlap": self.overlap._asdict(),
            "rejections": rejections._asdict(),
        }

    def _write_config(self, folder: Path) -> None:
        entries = {
            name: {"fingerprint": family.fingerprint(), "config": family.config.to_dict()}
            for name, family in self.families.items()
        }
        run_files.write_json(folder / "config.json", entries)

    def _check_fingerprints(self) -> None:
        for name, family in self.families.items():
            try:
                family.fingerprint()
            except ConfigError as error:
                raise ConfigError(f"In {name}: {error}") from None

    def _fixed(self, name: str, count: int) -> MetaFixedDataset:
        family = self.families[name]
        seeds = set_seeds(name, self.base_seed, count)
        if self._disjoint_sets and len(self.reserved):
            seeds = clear_of(family, seeds, self.reserved)
        return MetaFixedDataset(family, seeds_from_tensor(seeds), n_samples=self.n_samples, **self._cache)

    def _loaders(self, part: str) -> Any:
        self.setup()
        if part in self.fixed_sets:
            return self._loader(self.fixed_sets[part])
        return {
            name[len(part) + 1 :]: self._loader(found) for name, found in self.fixed_sets.items() if name.startswith(f"{part}/")
        }

    def _loader(self, dataset: MetaIterableDataset | MetaFixedDataset) -> Iterable[Any]:
        if self.num_workers == 0:
            return TaskLoader(
                dataset,
                batch_size=self.batch_size,
                threads=self._threads,
                prefetch=self._prefetch,
                pin_memory=self._pin_memory,
                collate_fn=self._collate,
            )
        batches: torch.utils.data.Dataset[Any]
        batches = dataset if isinstance(dataset, MetaIterableDataset) else FixedBatches(dataset, self.batch_size)
        settings: dict[str, Any] = {
            "num_workers": self.num_workers,
            "pin_memory": self._pin_memory,
            "collate_fn": self._collate,
        }
        return WorkerLoader(batches, batch_size=None, **{**settings, **self._loader_settings})

    def __repr__(self) -> str:
        return f"DataModule({', '.join(self.families)}; n_samples={self.n_samples}, batch_size={self.batch_size})"


def _first_rank() -> bool:
    return (known_rank() or ALONE).rank == 0
