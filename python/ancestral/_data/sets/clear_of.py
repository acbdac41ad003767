"""`clear_of`: a fixed set's seeds, those of retries where its graphs are others'."""

from torch import Tensor

from ..._config.design import Design
from ..._scm.family import SCMFamily
from ..._scm.hash_registry import HashRegistry
from ..batches.drawing import Filling


def clear_of(
    family: SCMFamily, seeds: Tensor, taken: HashRegistry | None, design: Design | None = None, *, n_samples: int | None = None
) -> Tensor:
    """The seeds, where one of a graph in `taken` is replaced by that of the first attempt with another graph: int64 [count].

    So is one of a graph that has no room for the design, and, of a family that draws such tasks again, one whose `n_samples`
    rows, or those of the design, are not all finite. DisjointnessError when no graph is left.
    """
    # Rows take long, and decide nothing in most families.
    rows = n_samples or 0 if design is None and family._redraws else 0  # pyright: ignore[reportPrivateUsage]
    return Filling(family, rows, adjacency=False, reserved=taken.frozen() if taken else None, design=design).taken(seeds)
