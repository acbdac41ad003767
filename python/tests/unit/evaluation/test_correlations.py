"""The correlations that evaluations have as a baseline, against loops over cells."""

import numpy as np
import pytest
import torch

from ancestral._evaluation.correlations import absolute_correlation
from ancestral._evaluation.given_batches import GivenBatch

N_TASKS, N_ROWS, N_NODES = 3, 40, 4
GENERATOR = np.random.default_rng(0)
# Columns of other means and deviations, which correlate.
X = GENERATOR.normal(size=(N_TASKS, N_ROWS, N_NODES)) @ GENERATOR.normal(size=(N_NODES, N_NODES)) * [1, 9, 0.2, 3] + [
    0,
    5,
    2,
    -7,
]
OWN = np.arange(N_ROWS) < np.array([40, 31, 12])[:, None]


def found(*, rows: bool, seen: np.ndarray | None) -> np.ndarray:
    x = np.where(OWN[..., None], X, 1e3) if rows else X
    x = x if seen is None else np.where(seen, x, 99.0)
    return absolute_correlation(
        GivenBatch(
            inputs=None,
            x=torch.from_numpy(x),
            adjacency=torch.zeros(N_TASKS, N_NODES, N_NODES),
            node_mask=torch.ones(N_TASKS, N_NODES, dtype=torch.bool),
            row_mask=torch.from_numpy(OWN) if rows else None,
            observed=None if seen is None else torch.from_numpy(seen),
        )
    ).numpy()


@pytest.mark.parametrize("rows", [False, True])
def test_of_whole_columns_it_is_that_of_numpy(rows: bool) -> None:
    for task, own, value in zip(X, OWN, found(rows=rows, seen=None), strict=True):
        assert value == pytest.approx(np.abs(np.corrcoef(task[own if rows else slice(None)].T)), abs=1e-12)


@pytest.mark.parametrize("rows", [False, True])
def test_with_holes_each_pair_is_compared_where_both_are_seen(rows: bool) -> None:
    seen = GENERATOR.random(X.shape) < 0.7
    seen[1, :, 2] = False  # Nothing of a column, and one cell of another.
    seen[2, :, 3] = np.arange(N_ROWS) == 4
    values = found(rows=rows, seen=seen)
    for k in range(N_TASKS):
        there = seen[k] & (OWN[k][:, None] if rows else True)
        for i in range(N_NODES):
            for j in range(N_NODES):
                a, b, both = X[k, there[:, i], i], X[k, there[:, j], j], there[:, i] & there[:, j]
                expected = 0.0
                if both.any() and a.std() > 0 and b.std() > 0:
                    product = (X[k, both, i] - a.mean()) * (X[k, both, j] - b.mean())
                    expected = min(abs(product.mean()) / (a.std() * b.std()), 1)
                assert values[k, i, j] == pytest.approx(expected, abs=1e-12)
