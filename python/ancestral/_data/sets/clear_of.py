"""`clear_of`: a fixed set's seeds, those of retries where its graphs are others'."""

from torch import Tensor

from ..._scm.family import SCMFamily
from ..._scm.hash_registry import HashRegistry
from ..batches.drawing import Filling


def clear_of(family: SCMFamily, seeds: Tensor, taken: HashRegistry) -> Tensor:
    """The seeds, where one of a graph in `taken` is replaced by that of the first attempt with another graph: int64 [count].

    DisjointnessError when no graph is left.
    """
    return Filling(family, adjacency=False, reserved=taken.frozen()).taken(seeds)
