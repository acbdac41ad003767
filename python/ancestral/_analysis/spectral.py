"""Spectra of graphs: the eigenvalues of skeletons' normalised Laplacians."""

from typing import Any

import numpy as np

from .._engine import _ffi
from .._engine.checks import check_seed, whole_number
from .._engine.threads import thread_count
from .given_tasks import tasks_of
from .measuring import flat

BIN_EDGES = np.linspace(-0.05, 2.05, 22)
"""Bins about 0, 0.1, ..., 2, so that a rounding error moves no eigenvalue of 0, 1 or 2, where many are, to another bin."""


def spectral_law(family: Any, n_tasks: int, seed: int) -> np.ndarray:
    """The mean over tasks of the share of eigenvalues in each bin of BIN_EDGES."""
    tasks = tasks_of(family)
    count, first = whole_number(n_tasks, "n_tasks", 1, 100_000), check_seed(seed)
    sizes, cells = flat([graph.matrix for graph in tasks.graphs(count, first)])
    spectra = _ffi.spectra(cells, sizes, thread_count())
    weights = np.repeat(1 / sizes.numpy() / len(sizes), sizes.numpy())
    return np.histogram(spectra.numpy(), BIN_EDGES, weights=weights)[0]
