"""The arrays that a design gives, and one instance's experiment."""

import json

from torch import Tensor

from .._config.design import Design
from .._config.kept_handle import kept_handle
from .._engine import _ffi
from .._engine.memory import empty
from .experiment_data import Array, ExperimentData, Layout


def layout_of(design: Design, family: _ffi.Handle | None, n_nodes: int = 0, *, first_seed: int = 0) -> Layout:
    """The arrays of a family's tasks, or of those of `n_nodes` alone. ConfigError where they can't have the design."""
    described = json.loads(_ffi.design_describe(kept_handle(design), family, n_nodes, first_seed))
    return tuple(map(Array.read, described["layout"]))


def run_design(
    design: Design, instance: _ffi.Handle, family: _ffi.Handle, n_nodes: int, *, first_seed: int, draw: int
) -> ExperimentData:
    """One instance's experiment. ConfigError where its graph can't have the design."""
    layout = layout_of(design, family, n_nodes, first_seed=first_seed)
    arrays: list[Tensor] = [empty(*array.shape, dtype=array.dtype) for array in layout]
    _ffi.instance_run(instance, family, kept_handle(design), arrays, first_seed=first_seed, draw=draw)
    return ExperimentData(zip((array.name for array in layout), arrays, strict=True), layout)
