"""Tasks that Python has, brought to the engine, which measures them."""

from collections.abc import Iterable, Iterator
from typing import Any

import torch
from torch import Tensor

from .._data.batches.drawing import Filling
from .._data.batches.given_rows import design_of_kinds
from .._engine import _ffi
from .._engine.checks import seeds_from_tensor
from .._scm.family import SCMFamily, engine_handle
from .._scm.task_sources import EngineInstance
from .engine_names import statistics_of
from .plan import Plan
from .stacks import Pair, read_pair

_VALUES_PER_CALL = 1 << 22


def draw_own(handle: _ffi.Handle, family: SCMFamily, seeds: Tensor, plan: Plan) -> list[str]:
    """Adds the tasks of int64 [count] seeds of a family with strategies in Python, and says what could not be measured.

    Over a generator's graphs the engine draws its own mechanisms, and measures them too.
    """
    sources = (family.sample_task(seed)._source for seed in seeds_from_tensor(seeds))  # pyright: ignore[reportPrivateUsage]
    first = next(sources)
    if isinstance(first, EngineInstance):
        graphs = [_graph_of(source) for source in (first, *sources)]
        counts, cells = flat(graphs)
        _ffi.sample_draw(handle, engine_handle(family), plan.options(), seeds, counts, cells)
        return []
    rows = plan.n_samples
    add_pairs(handle, (Pair(source.rows(rows, 0)[0], source.graph) for source in (first, *sources)), plan)
    if not (plan.detailed and rows):
        return []
    return [
        f"Mechanisms written in Python can't be run again by the engine, so there is no {', '.join(statistics_of('model'))}."
    ]


def _graph_of(source: Any) -> Tensor:
    """The generator's graph, before the engine has drawn mechanisms over it."""
    return source.graph if source._given is None else source._given


def drawn_pairs(family: SCMFamily, seeds: Tensor, rows: int) -> Iterator[Pair]:
    """The tasks of int64 [count] seeds with `rows` rows each, a few at a time."""
    kinds = design_of_kinds(family, rows)
    filling = Filling(family, 0 if kinds else rows, design=kinds)
    step = max(1, min(_VALUES_PER_CALL // max(1, filling.values), 256))
    for first in range(0, len(seeds), step):
        for task in filling.draw(seeds[first : first + step], shared=False).singles():
            yield read_pair(task, "a task of the family")


def add_pairs(handle: _ffi.Handle, pairs: Iterable[Pair], plan: Plan) -> None:
    """Adds tasks with their first `plan.n_samples` rows, a few at a time."""
    held: list[Pair] = []
    values = 0
    for pair in pairs:
        held.append(pair._replace(x=pair.x[: plan.n_samples]))
        values += held[-1].x.numel() + pair.graph.numel()
        if values >= _VALUES_PER_CALL:
            _add(handle, held, plan)
            held, values = [], 0
    if held:
        _add(handle, held, plan)


def _add(handle: _ffi.Handle, pairs: list[Pair], plan: Plan) -> None:
    counts, cells = flat([pair.graph for pair in pairs])
    rows = len(pairs[0].x)
    x = torch.cat([pair.x.to(device="cpu", dtype=torch.float32).reshape(-1) for pair in pairs])
    values = None
    if any(pair.values is not None for pair in pairs):
        values = torch.cat([_no_classes(pair) if pair.values is None else pair.values.cpu() for pair in pairs])
    holes = int(bool(x.isnan().any()))
    _ffi.sample_add(handle, rows, counts, cells, x, plan.options(holes=holes), values)


def _no_classes(pair: Pair) -> Tensor:
    return torch.zeros(len(pair.graph), dtype=torch.int16, device="cpu")


def flat(graphs: list[Tensor]) -> tuple[Tensor, Tensor]:
    """Their sizes, int32 [count], and their cells one after the other, uint8."""
    counts = torch.tensor([len(graph) for graph in graphs], dtype=torch.int32, device="cpu")
    return counts, torch.cat([graph.to(torch.uint8).reshape(-1) for graph in graphs])
