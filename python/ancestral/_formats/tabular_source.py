"""The tasks behind tables: those of a stream of a family, or of a fixed set over and over."""

import hashlib
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .._data.batches.drawing import Filling
from .._data.batches.experiment_scales import CLASSES
from .._data.batches.given_rows import design_of_kinds, has_rows_alone, identity
from .._data.batches.stacked import ADJACENCY, NODE_MASK, X
from .._data.sets.fixed_dataset import MetaFixedDataset
from .._engine import _ffi
from .._engine.checks import check_seed, seeds_from_tensor, seeds_to_tensor, whole_number
from .._engine.errors import ConfigError
from .._scm.experiment_data import ExperimentData
from .._scm.given_families import one_family
from .._scm.hash_registry import HashRegistry, check_reserved

_MOST_ROWS = 1 << 24


class Drawn(NamedTuple):
    """Tasks whose nodes are not yet features and targets."""

    x: Tensor
    """float32 [B, n_rows, N]."""
    parents: list[NDArray[np.int64]]
    """The number of parents of each of a task's own nodes."""
    seeds: list[int]
    n_classes: Tensor | None
    """int16 [B, N]: how many classes each node has; None where none has any."""


class TaskSource:
    """Task i of a family's training stream, or of a fixed set, modulo its length."""

    def __init__(self, source: Any, base_seed: int, reserved: HashRegistry | None) -> None:
        self.base_seed = check_seed(base_seed, "base_seed")
        known = check_reserved(reserved)
        self._reserved = None if known is None else known.frozen()
        self._set = source if isinstance(source, MetaFixedDataset) else None
        self.family = source.family if isinstance(source, MetaFixedDataset) else one_family(source, "source")
        if self.family.n_nodes < 2:
            raise ConfigError(f"n_nodes = {self.family.n_nodes}: must be 2 or more, for a target and a feature.")
        if self._set is not None:
            if not has_rows_alone(self._set.design, self._set.n_samples) or not self._set.return_adjacency:
                raise ConfigError("source is a fixed set with a design or without graphs: must be of plain tasks with graphs.")
            self._seeds = seeds_to_tensor(self._set.seed_list)
            if base_seed != 0 or reserved is not None:
                raise ConfigError("base_seed and reserved must be left out beside a fixed set, which has its tasks already.")

    def check_rows(self, n_rows: Any) -> int:
        """A number of rows that its tasks can have."""
        if self._set is None:
            return whole_number(n_rows, "n_rows", 3, _MOST_ROWS)
        return whole_number(n_rows, "n_rows (of a fixed set)", 3, max(3, self._set.n_samples))

    def draw(self, first: int, count: int, rows: int) -> Drawn:
        """The tasks from number `first` on."""
        batch: Any
        if self._set is None:
            seeds = _ffi.stream_seeds(self.base_seed, -1, -1, first, count)
            kinds = design_of_kinds(self.family, rows)
            batch = Filling(self.family, 0 if kinds else rows, True, self._reserved, design=kinds).batch(seeds)
        else:
            places = torch.arange(first, first + count) % len(self._set)
            batch = self._set._batch(places)  # pyright: ignore[reportPrivateUsage]
            seeds = self._seeds[places]
        arrays: dict[str, Tensor] = batch if isinstance(batch, ExperimentData) else batch._asdict()
        parents = arrays[ADJACENCY].sum(dim=1).long().numpy()
        own_nodes = arrays.get(NODE_MASK)
        if own_nodes is None and "n_nodes" in arrays:
            own_nodes = torch.arange(parents.shape[1]) < arrays["n_nodes"][:, None]
        kept = np.ones(parents.shape, dtype=np.bool_) if own_nodes is None else own_nodes.numpy()
        own = [counts[where] for counts, where in zip(parents, kept, strict=True)]
        return Drawn(arrays[X][:, :rows], own, seeds_from_tensor(seeds), arrays.get(CLASSES))

    def identity(self) -> dict[str, Any]:
        """What must be the same where a state goes on."""
        seeds = f"{self.base_seed:016x}"
        if self._set is not None:
            listed = ",".join(map(str, self._set.seed_list))
            seeds = f"{hashlib.sha256(listed.encode()).hexdigest()[:16]} of {len(self._set)}"
        return {**identity(self.family, None), "base_seed": seeds}
