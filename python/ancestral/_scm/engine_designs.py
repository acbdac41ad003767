"""EngineDesign: a design with its handle, and the arrays that it gives."""

import json
from typing import Any

from torch import Tensor

from .._config.design import Design
from .._engine import _ffi
from .._engine.lazy import lazy
from .._engine.memory import empty
from .experiment_data import Array, ExperimentData, Layout


class EngineDesign:
    """A design. It pickles as its options, and makes its handle where it is first needed."""

    def __init__(self, design: Design) -> None:
        self.design = design

    @lazy
    def handle(self) -> _ffi.Handle:
        return _ffi.design_create(self.design.to_json())

    @lazy
    def sizes_per_batch(self) -> bool:
        """Whether all tasks of a batch have one number of rows, which its first seed decides."""
        return json.loads(self.design.canonical).get("n_samples_per") == "per_batch"

    def layout(self, family: _ffi.Handle | None, n_nodes: int = 0, *, first_seed: int = 0) -> Layout:
        """The arrays of a family's tasks, or of those of `n_nodes` alone. ConfigError where they can't have the design."""
        described = json.loads(_ffi.design_describe(self.handle, family, n_nodes, first_seed))
        return tuple(map(Array.read, described["layout"]))

    def run(self, instance: _ffi.Handle, family: _ffi.Handle, n_nodes: int, *, first_seed: int, draw: int) -> ExperimentData:
        """One instance's experiment. ConfigError where its graph can't have the design."""
        layout = self.layout(family, n_nodes, first_seed=first_seed)
        arrays: list[Tensor] = [empty(*array.shape, dtype=array.dtype) for array in layout]
        _ffi.instance_run(instance, family, self.handle, arrays, first_seed=first_seed, draw=draw)
        return ExperimentData(zip((array.name for array in layout), arrays, strict=True), layout)

    def __reduce__(self) -> tuple[Any, ...]:
        return EngineDesign, (self.design,)
