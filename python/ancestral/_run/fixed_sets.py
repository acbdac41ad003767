"""The fixed sets of a run, and the graphs that they keep from training."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from .._data.sets.clear_of import clear_of
from .._data.sets.fixed_dataset import MetaFixedDataset
from .._engine import _ffi
from .._engine.checks import seeds_from_tensor
from .._engine.errors import ConfigError, DisjointnessError
from .._scm.hash_registry import HashRegistry
from .set_designs import RunRows


class NotSetUpError(ConfigError, AttributeError):
    """Something that `setup` makes was asked for before it; an AttributeError too, so that `hasattr` answers."""


class FixedSets:
    """Makes the sets of `counts` (names and numbers of tasks) with the seeds of their names, or those that were `given`.

    `sets`, `hashes` and the union of the latter, `reserved`, are by name and at level `level`. With `disjoint`, no set has a
    graph of another: seeds give way to their next attempt. Those that were given stay, and DisjointnessError names one that
    can't. `settings` go to MetaFixedDataset.
    """

    def __init__(
        self,
        rows: RunRows,
        counts: Mapping[str, int],
        given: Mapping[str, Tensor],
        *,
        base_seed: int,
        level: str,
        disjoint: bool,
        settings: Mapping[str, Any],
    ) -> None:
        self.reserved = HashRegistry(level=level)
        sets: dict[str, MetaFixedDataset] = {}
        hashes: dict[str, list[str]] = {}
        for name in [*given, *(name for name in counts if name not in given)]:  # Those that can't give way come first.
            family, shown = rows.families[name], rows.settings(name)
            seeds = given[name] if name in given else _ffi.fixed_seeds(base_seed, counts[name], name)
            if disjoint and name not in given and len(self.reserved):
                seeds = clear_of(family, seeds, self.reserved, **shown)
            sets[name] = MetaFixedDataset(family, seeds_from_tensor(seeds), **shown, **settings)
            hashes[name] = sets[name].graph_hashes(level)
            if disjoint and name in given:
                self._check(sets[name], hashes[name], name)
            self.reserved |= HashRegistry(hashes[name], level=level)
        self.sets = {name: sets[name] for name in counts}
        self.hashes = {name: hashes[name] for name in counts}

    def _check(self, found: MetaFixedDataset, hashes: list[str], name: str) -> None:
        for index, graph in enumerate(hashes):
            if graph in self.reserved:
                raise DisjointnessError(
                    f"seeds[{name!r}][{index}] = {found.seed_list[index]}: its graph is also one of another set at level "
                    f"{self.reserved.level!r}: must be another seed, or disjoint_sets be False."
                )
