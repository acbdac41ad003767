"""Spectra of skeletons."""

from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from .._engine.checks import check_seed, whole_number
from .given_tasks import tasks_of

BIN_EDGES = np.linspace(-0.05, 2.05, 22)
"""Bins about 0, 0.1, ..., 2, so that a rounding error moves no eigenvalue of 0, 1 or 2, where many are, to another bin."""


def laplacian_spectrum(adjacency: Tensor) -> Tensor:
    """Eigenvalues of the skeleton's normalised Laplacian, ascending: [n, n] -> float64 [n]; an isolated node gives a 0."""
    skeleton = ((adjacency + adjacency.T) > 0).double()
    degrees = skeleton.sum(dim=0)
    scale = torch.where(degrees > 0, degrees.clamp(min=1).rsqrt(), 0.0)
    laplacian = torch.diag((degrees > 0).double()) - scale[:, None] * skeleton * scale
    return cast(Tensor, torch.linalg.eigvalsh(laplacian))


def spectral_law(family: Any, n_tasks: int, seed: int) -> np.ndarray:
    """The mean over tasks of the share of eigenvalues in each bin of BIN_EDGES."""
    tasks = tasks_of(family)
    count, first = whole_number(n_tasks, "n_tasks", 1, 100_000), check_seed(seed)
    shares = [
        np.histogram(laplacian_spectrum(graph.matrix).numpy(), BIN_EDGES)[0] / len(graph.order)
        for graph in tasks.graphs(count, first)
    ]
    return cast("np.ndarray", np.mean(shares, axis=0))
