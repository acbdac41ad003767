"""TabularPrior: the `get_batch` of trainers of tabular networks, with a node of each task as the target."""

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .._config.containers import mapping
from .._data.sets.fixed_dataset import MetaFixedDataset
from .._data.stream.pass_starts import LAST_POSITION
from .._data.stream.stream_state import check_identity, warn_without_fingerprint
from .._engine.checks import one_of, whole_number
from .._engine.errors import ConfigError
from .._engine.torch_modes import in_plain
from .._mechanisms.forward import check_device
from .._scm.given_families import Family
from .._scm.hash_registry import HashRegistry
from .tabular_source import TaskSource
from .tabular_words import SPLIT, Choice, Words, choose, read_classes, read_split, split_range

_FORMAT = 1
_MOST = 1 << 20


class TabularPrior:
    """Batches of tables for TFM-Playground (nanoTabPFN) and other trainers that ask a function for them.

        get_batch = formats.TabularPrior(family)
        batch = get_batch(32, 100, 5)    # batch_size, n_rows, n_features
        batch["x"], batch["y"]           # float32 [32, 100, 5], [32, 100]
        batch["target_y"]                # the same as y
        batch["train_test_split_index"]  # an int: rows before it are for training

    A table is a task of the family: one node is the target y, others are the features x, and those that are left over are
    hidden. Each call takes the next tasks: task i is task i of `MetaIterableDataset(family, base_seed=base_seed)`, and what
    becomes target and features is a function of its seed. `batch(first, ...)` gives the tasks from number `first` on, whatever
    was called before. Give each process another `base_seed`.

    `source` is a family, or what SCMFamily.from_config takes, or a MetaFixedDataset, whose first rows are taken and whose tasks
    come again after the last. `target` is "any" node or a "child": one with parents, where the graph has an edge. `split` says
    how many rows are for training: a number, a share of the rows, or a pair, between which each batch draws one.
    `problem_type="classification"` makes classes 0, 1, ... of the target, cut at the quantiles of its training rows and named
    in random order: `n_classes` of them, or a number drawn for each task from a pair. A target that has classes itself keeps
    them, unless they are more than that. Features that are classes are their numbers: the layout has no place to say which
    they are. Numbers are as the family gives them: nanoTabPFN standardises features and targets itself, by the training rows.
    Graphs that are in `reserved` now are left out.

    Raises ConfigError for a wrong value. Source of the layout: automl/TFM-Playground (Apache-2.0), whose
    `PriorDataLoader(get_batch, ...)` takes it as it is; nanoTabPFN is Pfefferle, Hog, Purucker and Hutter, 2025.
    """

    def __init__(
        self,
        source: Family | MetaFixedDataset,
        *,
        base_seed: int = 0,
        problem_type: str = "regression",
        n_classes: int | tuple[int, int] | None = None,
        target: str = "any",
        split: float | tuple[float, float] = 0.5,
        reserved: HashRegistry | None = None,
        device: str | torch.device = "cpu",
    ) -> None:
        self.problem_type = one_of(problem_type, "problem_type", ("regression", "classification"))
        self._classes = read_classes(n_classes, self.problem_type)
        self.target = one_of(target, "target", ("any", "child"))
        self.split = read_split(split)
        self.device = check_device(device)
        self._source = TaskSource(source, base_seed, reserved)
        self._position = 0

    @property
    def max_num_classes(self) -> int | None:
        """The most classes of a task; None for regression."""
        return None if self._classes is None else self._classes[1]

    @property
    def position(self) -> int:
        """The number of the task with which the next call begins."""
        return self._position

    def __call__(self, batch_size: int, n_rows: int, n_features: int) -> dict[str, Any]:
        """The next batch: x float32 [B, n_rows, n_features], y and target_y [B, n_rows], train_test_split_index."""
        found = self.batch(self._position, batch_size, n_rows, n_features)
        self._position += len(found["y"])
        return found

    @in_plain
    def batch(self, first: int, batch_size: int, n_rows: int, n_features: int) -> dict[str, Any]:
        """The tables of tasks `first` to `first + batch_size - 1`, which calls don't change and which changes no calls."""
        first = whole_number(first, "first", 0, LAST_POSITION - _MOST)
        count = whole_number(batch_size, "batch_size", 1, _MOST)
        rows = self._source.check_rows(n_rows)
        least = self._source.family.n_nodes
        features = whole_number(n_features, f"n_features (of a family whose tasks have {least} nodes)", 1, least - 1)
        x, parents, seeds, own_classes = self._source.draw(first, count, rows)
        split = Words(seeds[0], SPLIT).number(*split_range(self.split, rows))
        if self._classes is not None and split < self._classes[1]:
            raise ConfigError(
                f"split = {self.split!r}: must leave a training row for each class, {self._classes[1]} or more, not {split}."
            )
        settings: dict[str, Any] = {"child": self.target == "child", "classes": self._classes}
        choices = [choose(seed, own, features, **settings) for seed, own in zip(seeds, parents, strict=True)]
        table = self._table(x, choices, split, own_classes)
        table = {name: array.to(self.device) for name, array in table.items()}
        return {**table, "target_y": table["y"], "train_test_split_index": split}

    def state_dict(self) -> dict[str, Any]:
        """The place to go on from, as numbers and texts."""
        warn_without_fingerprint(self._source.family)
        return {"format": _FORMAT, **self._identity(), "position": self._position}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Lets the next call begin where `state` was saved. ConfigError when it is of another prior or format."""
        if mapping(state, "state").get("format") != _FORMAT:
            raise ConfigError(f"state['format'] = {state.get('format')!r}: must be {_FORMAT}, the format of this version.")
        check_identity(state, self._identity(), "the prior's own")
        self._position = whole_number(state.get("position"), "state['position']", 0, LAST_POSITION)

    def _identity(self) -> dict[str, Any]:
        told = f"{self.problem_type} {self._classes} {self.target} {self.split}"
        return {**self._source.identity(), "tables": told}

    def _table(self, x: Tensor, choices: list[Choice], split: int, own_classes: Tensor | None) -> dict[str, Tensor]:
        features = torch.from_numpy(np.stack([choice.features for choice in choices]))
        targets = torch.tensor([choice.target for choice in choices])
        y = x.gather(2, targets[:, None, None].expand(-1, x.shape[1], 1))[..., 0]
        if self._classes is not None:
            names = [cast("NDArray[np.int64]", choice.classes) for choice in choices]
            cut = [_classes(row, split, own) for row, own in zip(y, names, strict=True)]
            has = torch.zeros(len(y)) if own_classes is None else own_classes.gather(1, targets[:, None])[:, 0]
            kept = [0 < count <= self._classes[1] for count in cast("list[int]", has.tolist())]
            y = torch.stack([row if whole else made for row, made, whole in zip(y, cut, kept, strict=True)])
        return {"x": x.gather(2, features[:, None].expand(-1, x.shape[1], -1)), "y": y}


def _classes(y: Tensor, split: int, names: NDArray[np.int64]) -> Tensor:
    """The class of each row, float32: between which quantiles of the training rows it lies, by the name of that place."""
    edges = torch.quantile(y[:split].double(), torch.arange(1, len(names), dtype=torch.float64) / len(names))
    return torch.from_numpy(names)[torch.bucketize(y.double(), edges)].float()
