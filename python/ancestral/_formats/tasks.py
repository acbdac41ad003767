"""SingleTask: one task of a batch, a fixed set or a list, without padding, for formats that have none."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

import torch
import torch.utils.data
from torch import Tensor

from .._data.batches.task import PaddedTask, PaddedX, Task
from .._engine.checks import check_graph
from .._engine.errors import ConfigError

_AT_ONCE = 64
_OTHERS = {
    "T": "effects, for which to_do_pfn and to_causalfm are there",
    "X_counterfactual": "counterfactuals, of whose two worlds it could hold one only",
    "bidirected": "hidden variables, whose confounding it could not tell",
}


class SingleTask(NamedTuple):
    """Rows, their graph and what was done to them."""

    X: Tensor
    """float32 [n, d], on the CPU; NaN where a cell is missing, in formats that have a place for that."""
    graph: Tensor
    """uint8 [d, d]; A[i, j] == 1 means i -> j, before any intervention."""
    regime: Tensor
    """int64 [n]; 0 without an intervention."""
    intervened: Tensor
    """bool [n, d]; the cells that an intervention has set."""
    known: bool
    """False where the design keeps the targets from the network."""
    kind: Tensor
    """int8 [d]: 0 continuous, 1 binary, 2 categorical, 3 count."""
    n_classes: Tensor
    """int16 [d]: how many classes each node has; 0 for none."""


def is_single(source: Any) -> bool:
    """Whether this is one task, and neither a batch nor a list of tasks."""
    rows = _rows(source)
    return isinstance(rows, Tensor) and rows.ndim == 2


def count_tasks(source: Any) -> int:
    """The number of tasks that `single_tasks` gives of something with a length, as far as it holds any."""
    rows = _rows(source)
    if isinstance(rows, Tensor):
        return len(rows) if rows.ndim == 3 else 1
    if hasattr(source, "__getitems__") or isinstance(source, Tensor):
        return len(source)
    return sum(map(count_tasks, source))


def single_tasks(source: Any, what: str, *, holes: bool = False) -> Iterator[SingleTask]:
    """The tasks of a task, a batch, a data set with an end, or a list of these, one by one.

    `what` names the format, `holes` says that it has a place for missing cells. ConfigError for anything else, for none at all,
    and for designs that the format has no place for.
    """
    task = None
    for task in _each(source, what, holes=holes):
        yield task
    if task is None:
        raise ConfigError("source is empty: must have one task or more.")


def _each(source: Any, what: str, *, holes: bool) -> Iterator[SingleTask]:
    if _rows(source) is not None:
        for arrays in _split(_arrays(source)):
            yield _read(arrays, what, holes=holes)
        return
    for part in [source] if isinstance(source, PaddedX) else _parts(source, what):
        if isinstance(part, (Tensor, PaddedX)):
            raise ConfigError(f"source has tasks without a graph, as of return_adjacency=False: {what} must have it.")
        if _rows(part) is None:
            raise ConfigError(f"source has an item of type {type(part).__name__}: must be a task, or a batch of them.")
        yield from _each(part, what, holes=holes)


def _rows(source: Any) -> Any:
    """The array X of what is a task or a batch; None for anything else."""
    if isinstance(source, (Task, PaddedTask)):
        return source.X
    if isinstance(source, tuple) and not isinstance(source, PaddedX):
        pair = cast("tuple[Any, ...]", source)
        return pair[0] if len(pair) == 2 and all(isinstance(part, Tensor) for part in pair) else None
    return cast("Mapping[str, Any]", source).get("X") if isinstance(source, Mapping) else None


def _parts(source: Any, what: str) -> Iterator[Any]:
    kind = type(source).__name__
    if isinstance(source, Tensor):
        raise ConfigError(f"source is a tensor of shape {tuple(source.shape)}: must be a task, as {what} holds its graph too.")
    if isinstance(source, torch.utils.data.IterableDataset):
        raise ConfigError(f"source is a {kind}: must have an end, as a MetaFixedDataset or a list of batches has.")
    given: Any = source
    if hasattr(given, "__getitems__") and hasattr(given, "__len__"):  # Many tasks with one engine call.
        for first in range(0, len(given), _AT_ONCE):
            yield from given.__getitems__(list(range(first, min(first + _AT_ONCE, len(given)))))
    elif isinstance(given, (Iterable, Sequence)) or hasattr(given, "__getitem__"):
        yield from given
    else:
        raise ConfigError(f"source is of type {kind}: must be a task, a batch, a fixed set or a list of them.")


def _arrays(source: Any) -> dict[str, Tensor]:
    """By the names that the items of a design have."""
    if isinstance(source, PaddedTask):
        return {"X": source.X, "adjacency": source.adjacency, "n_nodes": source.node_mask.sum(dim=-1)}
    if isinstance(source, tuple):
        x, adjacency = cast("tuple[Tensor, Tensor]", source)
        return {"X": x, "adjacency": adjacency}
    return dict(cast("Mapping[str, Tensor]", source))


def _split(arrays: dict[str, Tensor]) -> Iterator[dict[str, Tensor]]:
    if arrays["X"].ndim == 2:
        yield arrays
    elif arrays["X"].ndim == 3:
        for index in range(len(arrays["X"])):
            yield {name: array[index] for name, array in arrays.items()}
    else:
        raise ConfigError(f"X has shape {tuple(arrays['X'].shape)}: must be [n, d] of a task or [B, n, d] of a batch.")


def _read(arrays: dict[str, Tensor], what: str, *, holes: bool) -> SingleTask:
    for name, reason in _OTHERS.items():
        if name in arrays:
            raise ConfigError(f"source has the array {name!r}: {what} must be of a design without {reason}.")
    if "adjacency" not in arrays:
        raise ConfigError(f"source has no array 'adjacency': {what} must have it.")
    x = arrays["X"].detach().to("cpu", torch.float32)
    kept = arrays["row_mask"].cpu() if "row_mask" in arrays else torch.ones(len(x), dtype=torch.bool, device="cpu")
    if arrays["adjacency"].shape != (x.shape[1], x.shape[1]):
        shape = tuple(arrays["adjacency"].shape)
        raise ConfigError(f"adjacency has shape {shape}: must be [{x.shape[1]}, {x.shape[1]}], for the columns of X.")
    d = int(arrays["n_nodes"]) if "n_nodes" in arrays else x.shape[1]
    x = x[kept, :d]
    if "observed" in arrays:
        seen = arrays["observed"].cpu()[kept, :d]
        if not holes and not bool(seen.all()):
            raise ConfigError(f"source has missing cells: must have none, as {what} has no place for them.")
        x = torch.where(seen, x, torch.nan)
    if not holes and bool(x.isnan().any()):  # As where a table is read.
        raise ConfigError(f"source has missing cells, NaN in X: must have none, as {what} has no place for them.")
    if bool(x.isinf().any()):
        raise ConfigError("source has infinite numbers in X: must have none.")
    regime = arrays["regime"].cpu()[kept].long() if "regime" in arrays else torch.zeros(len(x), dtype=torch.int64, device="cpu")
    known = "truth_intervened" not in arrays
    set_by = arrays.get("intervened" if known else "truth_intervened")
    none = torch.zeros(x.shape, dtype=torch.bool, device="cpu")
    intervened = none if set_by is None else set_by.cpu()[kept, :d].bool()
    kind, classes = (
        arrays[name].cpu()[:d] if name in arrays else torch.zeros(d, dtype=dtype, device="cpu")
        for name, dtype in (("kind", torch.int8), ("n_classes", torch.int16))
    )
    return SingleTask(x, check_graph(arrays["adjacency"][:d, :d], n_nodes=d), regime, intervened, known, kind, classes)
