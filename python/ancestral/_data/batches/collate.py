"""`collate` and `pad_collate`: tasks stacked to a batch."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import torch
import torch.utils.data
from torch import Tensor
from torch.utils.data._utils import collate as torch_collate

from ..._engine.checks import one_of
from ..._engine.errors import ConfigError
from ..._engine.torch_modes import in_ordinary
from ..._scm.experiment_data import ExperimentData
from .experiment_padding import common_dtype, padded, padded_width
from .experiment_scales import ROWS
from .experiments import are_experiments, collated, single_experiments, stack_experiments
from .normalize import normalize_rows
from .task import Batch, PaddedTask, PaddedX, PlainSingle, Single, Task
from .worker_memory import together


@in_ordinary
def collate(batch: Sequence[Single] | Batch, *, normalize: str = "none", rows: str = "all") -> Any:
    """Stacks tasks of one size, and normalises each by its own statistics; for a DataLoader's `collate_fn`.

        DataLoader(stream, batch_size=None, collate_fn=functools.partial(anc.collate, normalize="standardize"))

    Takes a list of Task or of X alone, or what is stacked already (Task, PaddedTask, PaddedX, X), as a self-batching stream
    yields; one Task or X by itself stays without an axis of tasks. `normalize` is "none", "standardize" (mean 0, population
    standard deviation 1) or "robust" (median 0, and the interquartile range of a standard normal, 1.349); a constant column
    becomes 0. A task's numbers never depend on its batch mates. X is [B, n_samples, n] and adjacency [B, n, n], of the tasks'
    own dtypes: float32, as every dataset here gives them.

    Experiments of a design are dicts, stacked name by name. Their statistics are learned from `rows`: "all", those in the
    regime 0 ("observational") or those before the query rows ("context"); never from a query row, nor from padding. Every array
    is moved by the same map as its columns, its treatment or its outcome, as its layout says: values of interventions, both
    worlds of a row, query rows and potential outcomes too. Effects and standard errors are scaled alone; binary treatments
    stay.

    Raises ConfigError for tasks of different sizes (`pad_collate` takes them), for an unknown `normalize`, and for `rows` of
    which a task has none.
    """
    if are_experiments(batch):
        return collated(batch, normalize, rows)
    _check_plain(batch, rows)
    if not isinstance(batch, (Task, PaddedTask, PaddedX, Tensor)):
        tasks = _singles(batch)
        _check_sizes(tasks)
        batch = cast("Task | Tensor", torch.utils.data.default_collate(tasks))
    given = _matrix(batch)
    if given.ndim < 2 or given.layout != torch.strided or given.is_complex():
        raise ConfigError(
            f"batch has an X of shape {tuple(given.shape)}, {given.dtype} and layout {given.layout}: must be dense real "
            "numbers [n_samples, n] or [B, n_samples, n]."
        )
    if isinstance(batch, Tensor):
        return normalize_rows(batch, normalize)
    x = normalize_rows(batch.X, normalize)
    return batch if x is batch.X else type(batch)(*together(x, *batch[1:]))


@in_ordinary
def pad_collate(
    batch: Sequence[Single] | Batch, *, normalize: str = "none", rows: str = "all", n_nodes: int | None = None, bucket: int = 1
) -> Any:
    """Stacks tasks of any number of nodes, padded with zeros to the largest of the batch, or to `n_nodes`.

    Takes what `collate` takes; what is stacked already is padded anew. Without `n_nodes`, the width is rounded up to a multiple
    of `bucket`, so that batches have few different shapes, as a compiled network needs. `normalize` is that of `collate`. The
    result's X is [B, n_samples, N], its adjacency [B, N, N], of the tasks' own dtypes, and its node_mask bool [B, N]; of X
    alone it is a PaddedX, without adjacency. Raises ConfigError for tasks with different numbers of rows, a task of more than
    `n_nodes` nodes, and for anything but tasks.

    Experiments may differ in their numbers of rows, variables, regimes and covariates: each axis is as long as the batch needs,
    and has a mask ("row_mask", "query_mask", "regime_mask", "covariate_mask") where they differ; "node_mask" is always there.
    `rows` is that of `collate`. They must have the same arrays, as those of one design have.
    """
    if are_experiments(batch):
        return padded([collated(item, normalize, rows) for item in single_experiments(batch)], n_nodes, bucket)
    _check_plain(batch, rows)
    tasks = _singles(_apart(batch))
    data = [_matrix(task) for task in tasks]
    counts = [x.shape[1] for x in data]
    lengths = {x.shape[0] for x in data}
    if len(lengths) > 1:
        raise ConfigError(f"batch holds tasks of {_listed(lengths)} rows: must be all of one n_samples.")
    width = padded_width(max(counts), n_nodes, bucket)
    scaled = [normalize_rows(own, normalize) for own in data]
    x = data[0].new_zeros(len(tasks), lengths.pop(), width, dtype=common_dtype(scaled))
    for index, (own, count) in enumerate(zip(scaled, counts, strict=True)):
        x[index, :, :count] = own
    node_mask = torch.arange(width, device=x.device) < torch.tensor(counts, device=x.device)[:, None]
    graphs = [task.adjacency for task in tasks if isinstance(task, Task)]
    if not graphs:
        return PaddedX(*together(x, node_mask))
    adjacency = graphs[0].new_zeros(len(tasks), width, width, dtype=common_dtype(graphs))
    for index, (graph, count) in enumerate(zip(graphs, counts, strict=True)):
        adjacency[index, :count, :count] = graph
    return PaddedTask(*together(x, adjacency, node_mask))


def _apart(batch: Any) -> Any:
    """Stacked tasks one by one, without their padding; anything else as it is."""
    if not isinstance(batch, (Task, PaddedTask, PaddedX, Tensor)) or _matrix(batch).ndim != 3:
        return batch
    if isinstance(batch, Tensor):
        return list(batch)
    if isinstance(batch, Task):
        return [Task(*parts) for parts in zip(*batch, strict=True)]
    if isinstance(batch, PaddedX):
        return [x[:, mask] for x, mask in zip(*batch, strict=True)]
    return [Task(x[:, mask], graph[mask][:, mask]) for x, graph, mask in zip(*batch, strict=True)]


def _check_sizes(tasks: Sequence[PlainSingle]) -> None:
    """ConfigError for tasks that don't stack."""
    shapes = {_matrix(task).shape for task in tasks}
    if len(shapes) > 1:
        sizes = _listed({shape[1] for shape in shapes})
        raise ConfigError(
            f"batch holds tasks of {sizes} nodes and {_listed({shape[0] for shape in shapes})} rows: must be all of one size; "
            "anc.pad_collate takes tasks that differ in their nodes."
        )


def _stack(tasks: Sequence[Task], *, collate_fn_map: Any = None) -> Task:
    """The batch that torch's default_collate makes of tasks, in a DataLoader worker with one storage for all; see `empty`."""
    _check_sizes(tasks)
    return Task(*together(*(torch.stack(parts) for parts in zip(*tasks, strict=True))))


def _check_plain(batch: Any, rows: Any) -> None:
    """ConfigError for experiments that have lost what tells their arrays apart, as a comprehension over `items()` has.

    And for tasks of anything but tensors, and for `rows` but "all", as plain tasks have rows of one kind.
    """
    items = cast("Sequence[object]", batch) if isinstance(batch, (list, tuple)) else [batch]
    if any(isinstance(item, Mapping) and not isinstance(item, ExperimentData) for item in items):
        held = "is" if isinstance(batch, Mapping) else "holds"
        raise ConfigError(
            f"batch {held} a dict without a layout, which says what each array is: must be an ExperimentData, as a dataset or "
            "SCMInstance.run gave it; anc.ExperimentData(arrays, given.layout) makes one of arrays that were changed."
        )
    each: list[Any] = [batch, *items]
    parts: list[object] = [part for item in each if isinstance(item, (Task, PaddedTask, PaddedX)) for part in item]
    strange = {type(part).__name__ for part in parts if not isinstance(part, Tensor)}
    if strange:
        raise ConfigError(f"batch has {_listed(strange)} in a task: must have tensors, as torch.from_numpy makes of arrays.")
    if one_of(rows, "rows", ROWS) != "all":
        raise ConfigError(f"rows = {rows!r}: must be 'all' for tasks without a design, whose rows are all alike.")


# The place for types that want a collate of their own, as the documentation of torch's default_collate says.
cast(Any, torch_collate).default_collate_fn_map[Task] = _stack
cast(Any, torch_collate).default_collate_fn_map[ExperimentData] = stack_experiments


def _singles(batch: Any) -> list[PlainSingle]:
    """The batch as a list, or ConfigError."""
    tasks: list[Any] = list(batch) if isinstance(batch, (list, tuple)) else []  # pyright: ignore[reportUnknownArgumentType]
    kinds: set[type[Any]] = {type(task) for task in tasks}
    if len(kinds) != 1 or not kinds <= {Task, Tensor} or any(_matrix(task).ndim != 2 for task in tasks):
        found = _listed({kind.__name__ for kind in kinds}) if kinds else "nothing"
        raise ConfigError(
            f"batch holds {found}: must be a list of single tasks, each a Task, each an X [n_samples, n] or each an experiment."
        )
    return tasks


def _matrix(task: Task | PaddedTask | PaddedX | Tensor) -> Tensor:
    return task if isinstance(task, Tensor) else task.X


def _listed(values: set[Any]) -> str:
    return ", ".join(map(str, sorted(values)))
