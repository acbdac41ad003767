"""`fill`: a family's batch call, with the arrays of plain tasks as keywords."""

from typing import Any

from torch import Tensor

import ancestral as anc


def fill(
    family: anc.SCMFamily,
    seeds: Tensor,
    n_samples: int,
    *,
    x: Tensor | None = None,
    adjacency: Tensor | None = None,
    node_counts: Tensor | None = None,
    **drawing: Any,
) -> None:
    """Fills the arrays that are given, [B, ...], with the tasks of int64 [B] seeds."""
    given = {"X": x, "adjacency": adjacency, "node_counts": node_counts}
    family._fill(seeds, n_samples, {name: array for name, array in given.items() if array is not None}, **drawing)
