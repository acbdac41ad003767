"""Spectra of skeletons."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from .._checks import check_seed, whole_number
from ..family import SCMFamily

_POINTS = 401


def laplacian_spectrum(adjacency: Tensor) -> Tensor:
    """Eigenvalues of the skeleton's normalised Laplacian, ascending: [n, n] -> float64 [n]; an isolated node gives a 0."""
    skeleton = ((adjacency + adjacency.T) > 0).double()
    degrees = skeleton.sum(dim=0)
    scale = torch.where(degrees > 0, degrees.clamp(min=1).rsqrt(), 0.0)
    laplacian = torch.diag((degrees > 0).double()) - scale[:, None] * skeleton * scale
    return torch.linalg.eigvalsh(laplacian)


def spectral_law(family: Any, n_tasks: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Points of [0, 2], and the 0.05-quantile, mean and 0.95-quantile over tasks of the share of eigenvalues up to each."""
    found = family if isinstance(family, SCMFamily) else SCMFamily.from_config(family)
    count, first = whole_number(n_tasks, "n_tasks", 2, 100_000), check_seed(seed)
    points = torch.linspace(0, 2, _POINTS, dtype=torch.float64)
    shares = torch.stack([_shares(found.sample_task(first + index).adjacency_matrix, points) for index in range(count)])
    low, high = torch.quantile(shares, torch.tensor([0.05, 0.95], dtype=torch.float64), dim=0)
    return points.numpy(), low.numpy(), shares.mean(dim=0).numpy(), high.numpy()


def _shares(adjacency: Tensor, points: Tensor) -> Tensor:
    # Eigenvalues that should be 0, 1 or 2 come with a rounding error, and would fall to either side of a point.
    spectrum = laplacian_spectrum(adjacency) - 1e-9
    return torch.searchsorted(spectrum, points, right=True).double() / len(spectrum)
