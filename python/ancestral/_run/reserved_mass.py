"""The reserved mass: an estimate of how much of the training family's law is reserved, and its warning and refusal."""

import json
import warnings
from typing import Any, NamedTuple, cast

import torch

from .._config.design import Design
from .._config.kept_handle import kept_handle
from .._data.batches.drawing import Filling
from .._data.batches.task import Task
from .._engine import _ffi
from .._engine.errors import DisjointnessError
from .._scm.family import SCMFamily, engine_handle
from .._scm.hash_registry import HashRegistry


class Overlap(NamedTuple):
    """An estimate of the reserved mass q: the probability that a training graph is reserved."""

    reserved: int
    """The number of draws that were."""
    draws: int
    """The number of graphs of the training stream that were looked at."""

    @property
    def mass(self) -> float:
        """The estimate of q; each training task then takes q / (1 - q) rejections on average."""
        return self.reserved / self.draws


def check_overlap(family: SCMFamily, reserved: HashRegistry, base_seed: int = 0, design: Design | None = None) -> Overlap:
    """Estimates the reserved mass from the graphs of the first 1000 tasks of the training stream.

    With a `design` these are graphs that have room for it, as those of the stream; graphs of a user's own generator are
    taken as they come. Above 20 nodes the first 100 are enough when none of them is reserved. Warns of a mass above 0.5;
    DisjointnessError above 0.99, with the number of nodes, of reserved graphs and of graphs that exist.
    """
    found = _estimate(family, reserved, base_seed, design)
    if found["verdict"] == "covered":
        raise DisjointnessError(found["sentence"])
    if found["verdict"] == "worrying":
        warnings.warn(found["sentence"], stacklevel=2)
    return Overlap(found["hits"], max(1, found["draws"]))


def _estimate(family: SCMFamily, reserved: HashRegistry, base_seed: int, design: Design | None) -> dict[str, Any]:
    """The verdict of `_ffi.reserved_mass`; graphs of a user's own generator are drawn here, as many as it asks for."""

    own = None if design is None or family.has_own_graphs else kept_handle(design)

    def told(drawn: tuple[int, int] | None) -> dict[str, Any]:
        return json.loads(_ffi.reserved_mass(engine_handle(family), own, reserved.frozen().handle, base_seed, drawn))

    found = told((0, 0) if family.has_own_graphs else None)
    while found["missing"]:
        drawn, count = found["draws"], found["missing"]
        hits = _hits(family, reserved, _ffi.stream_seeds(base_seed, -1, -1, drawn, count))
        found = told((found["hits"] + hits, drawn + count))
    return found


def _hits(family: SCMFamily, reserved: HashRegistry, seeds: torch.Tensor) -> int:
    """The number of tasks of the seeds that have a reserved graph."""
    tasks = cast("list[Task]", Filling(family).draw(seeds, shared=False).singles())
    known = reserved.frozen()
    return sum(known.has_graph(task.adjacency.to(torch.uint8)) for task in tasks)
