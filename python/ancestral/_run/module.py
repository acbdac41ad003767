"""DataModule: a run's families, and loaders that never repeat, never overlap and resume exactly."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from typing import Any

import torch

from .._analysis.distances import DistanceReport
from .._config.containers import mapping
from .._config.design import Design, GivenDesign
from .._corpus.stream_tasks import GivenCorpus, opened, read_from
from .._data.loader.run_loaders import Loading
from .._data.loader.task_loader import TaskLoader
from .._data.sets.fixed_dataset import cache_settings
from .._data.sets.temporary_store import CACHE_BYTES
from .._data.stream.iterable_dataset import MetaIterableDataset
from .._data.stream.rank import is_first_rank
from .._data.stream.stream_state import warn_without_fingerprint
from .._data.stream.train_loader import MOST_BATCHES, TrainLoader
from .._engine._ffi import LEVELS
from .._engine.checks import check_seed, one_of, truth, whole_number
from .._engine.errors import ConfigError
from .._files.paths import absolute
from .._scm.given_families import Family, one_family
from . import registry_files
from .fixed_sets import FixedSets, NotSetUpError
from .log_lines import tell_distances, tell_families
from .named_families import check_fingerprints, named_families
from .reserved_mass import Overlap, check_overlap
from .set_designs import RunRows
from .set_sizes import TASKS, given_seeds, set_sizes
from .training_distances import check_metrics, training_distances

_log = logging.getLogger("ancestral.data")
_FORMAT = 1
_MADE_BY_SETUP = ("fixed_sets", "hashes", "overlap", "reserved", "train_dataset")
_FOR_LIGHTNING = "a Trainer takes LightningDataModule(module), of ancestral.integrations.lightning"


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
    `families` has all by their whole names, "train", "val", "test/id"; from `setup` on `fixed_sets` has the sets, `hashes` the
    hashes of their graphs, `reserved` the HashRegistry of all that training keeps clear of, and `overlap` how many of a sample
    of training graphs are among these (an `anc.data.Overlap`), each of which is drawn again.

    With a `design`, which takes the place of `n_samples`, batches are dicts of tensors, as of a MetaIterableDataset. Fixed sets
    get others by their whole names, `set_designs={"test/ood": other}`; all need sizes that are drawn per task.

    `n_val` and `n_test` are one number, or numbers by the sets' names; a set that isn't named has 128 tasks. `seeds` gives
    sets lists of your own, by their whole names: `seeds={"test/id": [3, 7]}`. They stay as they are, and decide how many
    tasks there are.

    Loaders are TaskLoaders with `threads` and `prefetch`, or with `num_workers` DataLoaders, which `loader_settings` go to;
    the batches are the same. Each stacked batch is normalised as `collate` does it by `normalize`, then given to `collate_fn`,
    if there is one, and moved to `device`. With `return_adjacency=False` batches are X alone, or PaddedX. The training loader
    goes on where it was left by every `iter()` and by `load_state_dict`; with `batches_per_epoch` its passes end. It reads what
    a `corpus`, or its folder, has of the stream instead of drawing it; that is one that was written with this module's
    `base_seed` and `reserved`. `cache_instances`, `cache_dir` and `cache_bytes` are those of MetaFixedDataset. `metrics` are
    the measures that `distances` takes, None for all. With `output_dir`, rank 0 writes the families there, and the registry in
    `setup` and `close`, not over another run's. All these folders need fingerprints.

    Rank 0 tells each family in a line when the module is made, by the logger "ancestral.data" at INFO; where nobody
    has set up logging, on standard error. `logging.getLogger("ancestral").setLevel(logging.WARNING)` silences it.

    Raises ConfigError for a wrong value, and DisjointnessError in `setup` when too few graphs are left for training, or when
    `disjoint_sets` is asked for and a seed of your own has a graph of another set.
    """

    def __init__(
        self,
        train: Family,
        val: Family | Mapping[str, Family] | None = None,
        test: Family | Mapping[str, Family] | None = None,
        *,
        n_samples: int | None = None,
        design: GivenDesign | None = None,
        set_designs: Mapping[str, GivenDesign] | None = None,
        batch_size: int,
        base_seed: int = 0,
        n_val: int | Mapping[str, int] = TASKS,
        n_test: int | Mapping[str, int] = TASKS,
        seeds: Mapping[str, Iterable[int]] | None = None,
        disjoint: str = "exact",
        disjoint_sets: bool = False,
        return_adjacency: bool = True,
        normalize: str = "none",
        collate_fn: Callable[[Any], Any] | None = None,
        batches_per_epoch: int | None = None,
        num_workers: int = 0,
        threads: int | None = None,
        prefetch: int = 2,
        pin_memory: bool = False,
        device: torch.device | str | None = None,
        cache_instances: bool = False,
        cache_dir: str | PathLike[str] | None = None,
        cache_bytes: int = CACHE_BYTES,
        corpus: GivenCorpus = None,
        metrics: Sequence[str] | None = None,
        output_dir: str | PathLike[str] | None = None,
        loader_settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.base_seed = check_seed(base_seed, "base_seed")
        self.batches_per_epoch = (
            None if batches_per_epoch is None else whole_number(batches_per_epoch, "batches_per_epoch", 1, MOST_BATCHES)
        )
        self.disjoint = one_of(disjoint, "disjoint", LEVELS)
        self.train_family = one_family(train, "train")
        self.families = {"train": self.train_family, **named_families(val, "val"), **named_families(test, "test")}
        shown = self.return_adjacency = truth(return_adjacency, "return_adjacency")
        self._rows = RunRows(self.families, n_samples, design, set_designs, return_adjacency=shown)
        self.n_samples, self.designs = self._rows.in_training, dict(self._rows.designs)
        self._counts = set_sizes(self.families, "val", n_val) | set_sizes(self.families, "test", n_test)
        self._given = given_seeds(seeds, self._rows, {"val": n_val, "test": n_test})
        self._loading = Loading(
            batch_size=batch_size,
            normalize=normalize,
            collate_fn=collate_fn,
            num_workers=num_workers,
            threads=threads,
            prefetch=prefetch,
            pin_memory=pin_memory,
            device=device,
            loader_settings=loader_settings,
        )
        self.batch_size, self.num_workers = self._loading.batch_size, self._loading.num_workers
        self._disjoint_sets = truth(disjoint_sets, "disjoint_sets")
        self._cache = cache_settings(cache_instances, cache_dir, cache_bytes)
        self._metrics, self._corpus = check_metrics(metrics), opened(corpus)
        self.output_dir = None if output_dir is None else absolute(output_dir, "output_dir")
        self._ready, self._told_distances, self._written = False, False, -1
        if cache_dir is not None or self.output_dir is not None:
            check_fingerprints(self.families)
        if is_first_rank():
            tell_families(_log, self._rows)
            if self.output_dir is not None:
                registry_files.write_configs(self.output_dir, self._rows, self.base_seed)

    @property
    def design(self) -> Design | None:
        """What is done to each training task, and what is shown of it; None for plain tasks."""
        return self._rows.designs.get("train")

    def setup(self, stage: str | None = None) -> None:
        """Makes the datasets and checks that training can keep clear of the fixed ones. Again does nothing.

        `stage` is Lightning's; all stages share one set-up, because training must know every fixed set.
        """
        if self._ready:
            return
        made = FixedSets(
            self._rows,
            self._counts,
            self._given,
            base_seed=self.base_seed,
            level=self.disjoint,
            disjoint=self._disjoint_sets,
            settings={"return_adjacency": self.return_adjacency, **self._cache},
        )
        self.fixed_sets, self.hashes, self.reserved = made.sets, made.hashes, made.reserved
        self.overlap: Overlap = check_overlap(self.train_family, self.reserved, self.base_seed, self._rows.designs.get("train"))
        _log.info(
            "%d graphs are reserved at level %s; %d of %d training graphs were among them",
            *(len(self.reserved), self.disjoint, *self.overlap),
        )
        self.train_dataset = MetaIterableDataset(
            self.train_family,
            **self._rows.settings("train"),
            base_seed=self.base_seed,
            batch_size=self.batch_size,
            return_adjacency=self.return_adjacency,
            reserved=self.reserved if len(self.reserved) else None,
        )
        read_from(self._corpus, self.train_dataset)
        loader = self._loading.loader(self.train_dataset)
        self._train_loader = TrainLoader(self.train_dataset, loader, length=self.batches_per_epoch)
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
        self.setup()
        return self._loading.of_sets(self.fixed_sets, "val")

    def test_dataloader(self) -> Any:
        """A loader for each test set by its name: a dictionary, or the loader itself where one family was given."""
        self.setup()
        return self._loading.of_sets(self.fixed_sets, "test")

    def close(self) -> None:
        """Ends the threads of the training loader; it can be used again. With `output_dir`, what was drawn is written down."""
        if not self._ready:
            return
        if isinstance(self._train_loader.loader, TaskLoader):
            self._train_loader.loader.close()
        if self.output_dir is not None and self.train_dataset.rejections.tasks != self._written:
            self.write_registry(self.output_dir)

    def state_dict(self) -> dict[str, Any]:
        """The place of training, in numbers and texts that `torch.load(weights_only=True)` and JSON take."""
        self.setup()
        warn_without_fingerprint(self.train_family)
        return {"format": _FORMAT, "disjoint": self.disjoint, "train": self._train_loader.state_dict()}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Lets the training loader go on where `state_dict` was saved, with any number of workers.

        ConfigError when it is of another stream, level or format.
        """
        self.setup()
        for name, right in {"format": _FORMAT, "disjoint": self.disjoint}.items():
            if (found := mapping(state_dict, "state").get(name)) != right:
                raise ConfigError(f"state[{name!r}] = {found!r}: must be {right!r}, the module's own.")
        self._train_loader.load_state_dict(mapping(state_dict.get("train"), "state['train']"))

    def distances(self, n_tasks: int = 200) -> dict[str, DistanceReport]:
        """The distance of each fixed set's family from the training family, by the set's name.

        What is compared is whole graphs and rows without an intervention: designs have no part in it.
        Measured once for each pair of fingerprints, or of families with strategies written in Python, by the module's `metrics`
        (see `ancestral.analysis.distance`), and told as the families are.
        """
        found = training_distances(self.families, n_tasks, self._metrics)
        if not self._told_distances and is_first_rank():
            self._told_distances = True
            tell_distances(_log, found)
        return found

    def write_registry(self, dir: str | PathLike[str]) -> None:
        """Writes config.json, seeds.json, hashes.json, distances.json, training.json, manifest.json, each whole; rank 0 only.

        Seeds are 16 hex digits; `given` in seeds.json names the sets whose seeds are lists of your own. training.json has the
        stream's own record: the graphs' hashes of up to 1000 of the tasks that this process and its workers have drawn so far,
        an even sample of them. manifest.json has versions, fingerprints, the estimate of the reserved mass, and how many graphs
        were rejected so far. Call it again at the end of a run, as `close` does with `output_dir`. ConfigError for a family
        without a fingerprint.
        """
        check_fingerprints(self.families)
        self.setup()
        if not is_first_rank():
            return
        drawn_so_far = self.train_dataset.rejections.tasks
        folder = absolute(dir, "dir")
        found = {name: report.to_dict() for name, report in self.distances().items()}
        registry_files.write_configs(folder, self._rows, self.base_seed)  # After what takes long: another run may begin here.
        seeds = {name: [f"{seed:016x}" for seed in found.seed_list] for name, found in self.fixed_sets.items()}
        given = {"given": list(self._given)} if self._given else {}
        registry_files.write_json(folder / "seeds.json", {"base_seed": f"{self.base_seed:016x}", **given, "sets": seeds})
        registry_files.write_json(folder / "hashes.json", {"level": self.disjoint, "sets": self.hashes})
        registry_files.write_json(folder / "distances.json", {"train": self.train_family.fingerprint(), "sets": found})
        drawn = [task._asdict() | {"seed": f"{task.seed:016x}"} for task in self.train_dataset.drawn]
        registry_files.write_json(folder / "training.json", {"tasks": drawn})
        registry_files.write_manifest(folder, self._manifest())
        self._written = drawn_so_far

    def _manifest(self) -> dict[str, Any]:
        return {
            "format": registry_files.FORMAT,
            "versions": registry_files.versions(),
            "fingerprints": self._rows.fingerprints(),
            "n_samples": self._rows.n_samples,
            "batch_size": self.batch_size,
            "disjoint": self.disjoint,
            "disjoint_sets": self._disjoint_sets,
            "reserved": len(self.reserved),
            "overlap": self.overlap._asdict(),
            "rejections": self.train_dataset.rejections._asdict(),
        }

    def __getattr__(self, name: str) -> Any:
        """Only asked for what isn't there."""
        if name in _MADE_BY_SETUP:
            raise NotSetUpError(f"{name} is made by setup(): call setup() first.")
        hint = f": {_FOR_LIGHTNING}" if name.startswith("on_") else ""  # One of its hooks.
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}{hint}")

    def __repr__(self) -> str:
        rows = f"n_samples={self.n_samples}" if self.design is None else f"design={self.design!r}"
        return f"DataModule({', '.join(self.families)}; {rows}, batch_size={self.batch_size})"
