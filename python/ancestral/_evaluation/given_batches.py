"""Batches of fixed sets by family, as a network is asked about them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor

from .._analysis.stacks import read_items, read_pair
from .._corpus.dataset import CorpusDataset
from .._data.batches.collate import pad_collate
from .._data.batches.device_tensors import map_tensors
from .._data.batches.experiment_scales import OBSERVED
from .._data.batches.task import PaddedX, Task
from .._data.sets.fixed_dataset import MetaFixedDataset
from .._engine.errors import ConfigError
from .._run.module import DataModule
from .._scm.experiment_data import ExperimentData


class GivenBatch(NamedTuple):
    """Tasks with their graphs, padded where they differ in size."""

    inputs: Any
    """What a network is given: X, or the dict of tensors of a design."""
    x: Tensor
    """float32 [B, n, N]."""
    adjacency: Tensor
    """float32 [B, N, N]."""
    node_mask: Tensor
    """bool [B, N]; True for a task's own nodes, which come first."""
    row_mask: Tensor | None = None
    """bool [B, n]; True for a task's own rows, where tasks differ in their number."""
    observed: Tensor | None = None
    """bool [B, n, N]; True for the cells of X that are seen, where some are not."""

    @property
    def is_experiment(self) -> bool:
        """True for what a design gives."""
        return isinstance(self.inputs, Mapping)

    @property
    def n_nodes(self) -> int:
        """The width of its graphs."""
        return self.adjacency.shape[-1]

    def to(self, device: torch.device | None) -> "GivenBatch":
        """The same on a device."""
        if device is None:
            return self
        given = self if self.is_experiment else self._replace(inputs=None)
        moved: GivenBatch = map_tensors(lambda tensor: tensor.to(device), given)
        return moved if self.is_experiment else moved._replace(inputs=moved.x)

    def by_size(self) -> "Iterator[tuple[Tensor, GivenBatch]]":
        """Places in the batch, int64 [b] on the CPU, and the tasks there without padding: one part for each size.

        Of experiments, `inputs` stay whole, as a network has read them by then.
        """
        counts = self.node_mask.sum(dim=-1).cpu()
        for n in sorted({int(count) for count in counts}):
            index = torch.nonzero(counts.eq(n))[:, 0]
            there = index.to(self.x.device)
            x = self.x[there][..., :n]
            mask, rows = self.node_mask[there][:, :n], None if self.row_mask is None else self.row_mask[there]
            seen = None if self.observed is None else self.observed[there][..., :n]
            inputs = self.inputs if self.is_experiment else x
            yield index, GivenBatch(inputs, x, self.adjacency[there][:, :n, :n], mask, rows, seen)


class NamedBatches(NamedTuple):
    """The batches of one family's tasks."""

    batches: Iterable[GivenBatch]
    n_tasks: int | None
    """None where nobody knows it before the end."""


def batches_by_family(given: Any, batch_size: int | None, normalize: str | None) -> dict[str, NamedBatches]:
    """The test sets of a DataModule by their whole names, data sets of a mapping, or one data set as "family"."""
    if isinstance(given, DataModule):
        for name, value in {"batch_size": batch_size, "normalize": normalize}.items():
            if value is not None:
                raise ConfigError(f"{name} = {value!r}: must be left out for a DataModule, whose loaders have their own.")
        loaders: Any = given.test_dataloader()
        named: dict[str, Any] = (
            {f"test/{name}": loaders[name] for name in loaders} if _has_names(loaders) else {"test": loaders}
        )
        found = {name: _of_loader(loader, name, len(given.fixed_sets[name])) for name, loader in named.items()}
    else:
        entries = cast("Mapping[Any, Any]", given) if isinstance(given, Mapping) else {"family": given}
        size, scale = 64 if batch_size is None else batch_size, "standardize" if normalize is None else normalize
        found = {str(name): _of_set(one, str(name), size, scale) for name, one in entries.items()}
    if not found:
        raise ConfigError("families is empty: must have at least one test set.")
    return found


def _has_names(loaders: Any) -> bool:
    return isinstance(loaders, dict)


def _of_loader(loader: Iterable[Any], name: str, n_tasks: int) -> NamedBatches:
    return NamedBatches((_read(batch, name) for batch in loader), n_tasks)


def _of_set(given: Any, name: str, batch_size: int, normalize: str) -> NamedBatches:
    if isinstance(given, (MetaFixedDataset, CorpusDataset)):
        if not given.return_adjacency:
            raise ConfigError(f"{name} is a data set without its graphs: must have return_adjacency=True.")
        items: Any = given
    else:
        items = read_items(given, name)
        if items is None:
            raise ConfigError(
                f"{name} is of type {type(given).__name__}: must be a DataModule, a data set or a mapping of names to some."
            )
    count = len(items)
    if not count:
        raise ConfigError(f"{name} is an empty data set: must have at least one task.")

    def drawn() -> Iterator[GivenBatch]:
        for first in range(0, count, batch_size):
            places = range(first, min(first + batch_size, count))
            if isinstance(items, (MetaFixedDataset, CorpusDataset)):
                tasks = items.__getitems__(list(places))
            else:
                tasks: list[Any] = [_task(items[place], f"task {place} of {name}") for place in places]
            yield _read(pad_collate(tasks, normalize=normalize), name)

    return NamedBatches(drawn(), count)


def _task(item: Any, what: str) -> Task | ExperimentData:
    pair = read_pair(item, what)
    if isinstance(item, ExperimentData):
        return item
    return Task(pair.x, pair.graph.to(torch.float32))


def _read(batch: Any, what: str) -> GivenBatch:
    """What a loader gave."""
    kind = type(batch).__name__
    if isinstance(batch, Mapping) and {"X", "adjacency"} <= set(cast("Mapping[str, Any]", batch)):
        arrays = cast("Mapping[str, Tensor]", batch)
        x, adjacency, mask = arrays["X"], arrays["adjacency"], arrays.get("node_mask")
        if mask is None and "n_nodes" in arrays:
            mask = torch.arange(x.shape[-1], device=x.device) < arrays["n_nodes"][:, None]
        return _whole(arrays, x, adjacency, mask, arrays.get("row_mask"))._replace(observed=arrays.get(OBSERVED))
    if isinstance(batch, (tuple, list)) and not isinstance(batch, PaddedX) and len(cast("list[Any]", batch)) in (2, 3):
        x, adjacency, *mask = cast("list[Tensor]", batch)
        return _whole(x, x, adjacency, mask[0] if mask else None)
    raise ConfigError(
        f"{what} gives batches of type {kind}: must be (X, adjacency), (X, adjacency, node_mask) or a dict with these, as a "
        "loader without a collate_fn of its own gives them."
    )


def _whole(inputs: Any, x: Tensor, adjacency: Tensor, mask: Tensor | None, rows: Tensor | None = None) -> GivenBatch:
    own = torch.ones(x.shape[0], x.shape[-1], dtype=torch.bool, device=x.device) if mask is None else mask
    return GivenBatch(inputs, x, adjacency, own, rows)
