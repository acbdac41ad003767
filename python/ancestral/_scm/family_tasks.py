"""FamilyTasks: draws a family's tasks, one source or arrays of whole batches."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from torch import Tensor

from .._config.any_config import AnyConfig
from .._config.design import Design
from .._config.family import FamilyConfig
from .._config.kept_handle import kept_handle
from .._engine import _ffi
from .._engine.checks import check_graph
from .._engine.errors import ConfigError
from .._engine.lazy import lazy
from .._engine.torch_modes import in_ordinary
from .engine_designs import layout_of
from .experiment_data import Layout
from .given_strategies import check_mechanisms
from .module_rows import Changes
from .own_strategies import Own
from .python_batches import fill
from .reserved import Reserved
from .task_sources import EngineInstance, ModuleInstance, Source

# The number under which a user's factory gets a seed of its own; attempts after a rejection stay far below it.
_FACTORY = 0xFFFF_FFFF


class FamilyTasks:
    """A family as far as its tasks are drawn: by the engine, but for what strategies of the user's own do."""

    _engine: AnyConfig
    """What the engine draws."""
    _own_graph: Own | None
    _own_factory: Own | None

    @property
    def n_nodes(self) -> int:
        """The least number of nodes of a task."""
        raise NotImplementedError

    @property
    def max_nodes(self) -> int:
        """The most."""
        raise NotImplementedError

    @property
    def in_engine(self) -> bool:
        """True if the engine does everything, so that tasks may be drawn on threads; not with strategies of your own."""
        return self._own_graph is None and self._own_factory is None

    @property
    def _redraws(self) -> bool:
        """True if a task whose rows are not all finite is drawn again, so that its rows decide which task a seed gives."""
        return self.in_engine and bool(kept_handle(self._engine).about["redraws_divergent"])

    def _source(self, seed: int) -> Source:
        graph = None if self._own_graph is None else self._draw_graph(self._own_graph, seed)
        if self._own_factory is None:
            return EngineInstance(self._engine, seed, graph)
        if graph is None:
            graph = EngineInstance(self._engine, seed).graph
        mechanisms = self._own_factory(graph.float(), seed=_ffi.retry_seed(seed, _FACTORY))
        return ModuleInstance(self._engine, seed, Changes(graph, check_mechanisms(mechanisms, len(graph)), {}))

    def _draw_graph(self, generator: Own, seed: int) -> Tensor:
        n_nodes = self.n_nodes
        if self.max_nodes > n_nodes:
            n_nodes = len(EngineInstance(self._engine, seed).graph)
        return check_graph(generator(n_nodes, seed=seed), "The graph_generator's result", n_nodes)

    @lazy
    def _designed(self) -> AnyConfig:
        """What the engine holds a design against: graphs of a user's own may have edges, though a stand-in has none."""
        config = self._engine
        if self._own_graph is None or not isinstance(config, FamilyConfig):
            return config
        return replace(config, sparsity_param=min(1.0, (config.n_nodes - 1) / 2))

    def _layout(self, design: Design, first_seed: int = 0) -> Layout:
        """The arrays of one task's experiment. ConfigError where the family can't have the design."""
        if self._own_factory is not None:
            raise ConfigError(
                "design must be left out with a mechanism_factory of your own: the engine draws the rows of each regime by "
                "mechanisms of its own; SCMInstance.do and sample_from_noise run yours."
            )
        return layout_of(design, kept_handle(self._designed), first_seed=first_seed)

    @in_ordinary
    def _fill(
        self,
        seeds: Tensor,
        n_samples: int,
        arrays: Mapping[str, Tensor],
        *,
        design: Design | None = None,
        layout: Layout = (),
        threads: int = 1,
        reserved: Reserved | None = None,
        **drawing: Any,
    ) -> None:
        """Fills arrays [B, ...] by their names as `_ffi.tasks_fill` says or, under a design, `_ffi.experiments_fill`, for which
        they are those of the layout in its order; strategies of the user's own go one task at a time."""
        if not self.in_engine:
            fill(self._source, seeds, n_samples, arrays, design=design, layout=layout, reserved=reserved, **drawing)
            return
        family, taken = kept_handle(self._engine), None if reserved is None else reserved.handle
        told: dict[str, Any] = {"threads": threads, "reserved": taken, **drawing}
        if design is not None:
            _ffi.experiments_fill(family, kept_handle(design), seeds, list(arrays.values()), **told)
        else:
            x, adjacency, node_counts = (arrays.get(name) for name in ("X", "adjacency", "node_counts"))
            _ffi.tasks_fill(family, seeds, n_samples, x=x, adjacency=adjacency, node_counts=node_counts, **told)
