"""Whether training can keep clear of the reserved graphs, before it starts."""

import warnings
from typing import NamedTuple

import torch

from .._engine import _ffi
from .._engine.errors import DisjointnessError
from .._engine.memory import empty
from .._scm.family import SCMFamily
from .._scm.hash_registry import HashRegistry

_DRAWS = 1000
_BLOCK = 100
_SMALL = 20
_WARN, _REFUSE = 0.5, 0.99
_THINGS = {"exact": "graphs", "mec": "Markov equivalence classes", "iso": "graphs up to the names of their nodes"}


class Overlap(NamedTuple):
    """An estimate of the reserved mass q: the probability that a training graph is reserved."""

    reserved: int
    """How many of the draws were."""
    draws: int

    @property
    def mass(self) -> float:
        """The estimate of q; each training task then takes q / (1 - q) rejections on average."""
        return self.reserved / self.draws


def check_overlap(family: SCMFamily, reserved: HashRegistry, base_seed: int = 0) -> Overlap:
    """Estimates the reserved mass from the graphs of the first 1000 tasks of the training stream.

    Above 20 nodes the first 100 are enough when none of them is reserved. Warns of a mass above 0.5; DisjointnessError
    above 0.99, with the number of nodes, of reserved graphs and of graphs that exist.
    """
    found = _estimate(family, reserved, base_seed)
    if found.mass > _REFUSE:
        raise DisjointnessError(
            f"{_described(found, family, reserved)}: hardly any is left for training; reserve fewer, take more nodes, or a "
            "family that differs more from those that are held out."
        )
    if found.mass > _WARN:
        warnings.warn(
            f"{_described(found, family, reserved)}: each training task will be drawn {1 / (1 - found.mass):.1f} times on "
            "average, and training graphs are no longer those of the family.",
            stacklevel=2,
        )
    return found


def graphs_that_exist(n_nodes: int, level: str) -> int | None:
    """How many graphs of that many nodes a level tells apart; None beyond 10 nodes, where they are more than 10^12."""
    return _ffi.graph_count(n_nodes, _ffi.LEVELS[level])


def _estimate(family: SCMFamily, reserved: HashRegistry, base_seed: int) -> Overlap:
    known = reserved.frozen()
    hits = draws = 0
    while len(reserved) > 0 and draws < _DRAWS:
        seeds = _ffi.stream_seeds(base_seed, -1, -1, draws, _BLOCK)
        adjacency = empty(_BLOCK, family.max_nodes, family.max_nodes)
        node_counts = empty(_BLOCK, dtype=torch.int32)
        family._fill(seeds, 0, adjacency=adjacency, node_counts=node_counts)  # pyright: ignore[reportPrivateUsage]
        graphs = adjacency.to(torch.uint8)
        sizes = _ffi.integers(node_counts)
        hits += sum(known.has_graph(graphs[index, :n, :n].contiguous()) for index, n in enumerate(sizes))
        draws += _BLOCK
        if hits == 0 and family.max_nodes > _SMALL:
            break
    return Overlap(hits, max(1, draws))


def _described(found: Overlap, family: SCMFamily, reserved: HashRegistry) -> str:
    low, high = family.n_nodes, family.max_nodes
    sizes = f"{low} nodes" if low == high else f"{low} to {high} nodes"
    counts = [graphs_that_exist(n_nodes, reserved.level) for n_nodes in range(low, high + 1)]
    known = sum(count for count in counts if count is not None)
    exist = "more than 10^12" if None in counts else str(known)
    things = _THINGS[reserved.level]
    return (
        f"{found.reserved} of {found.draws} training graphs of {sizes} are among the {len(reserved)} reserved ones at level "
        f"{reserved.level!r}, where {exist} {things} exist"
    )
