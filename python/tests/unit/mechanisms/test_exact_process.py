"""An exact Gaussian process between its anchors and at them, against numpy's."""

import numpy as np
import pytest
import torch

from ancestral._mechanisms.exact_process import exact_draw

VARIANCE, JITTER, LENGTHS = 1.5, 0.5, np.array([0.7, 2.0])
GENERATOR = np.random.default_rng(0)
ANCHORS = GENERATOR.normal(size=(6, 2)).astype(np.float32) * 2 - 1
PROCESS, POINTS, NORMALS = GENERATOR.normal(size=6), GENERATOR.normal(size=(9, 2)).astype(np.float32), GENERATOR.normal(size=15)


def covariance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return VARIANCE * np.exp(-((((a[:, None].astype(float) - b) / LENGTHS) ** 2).sum(2)) / 2)


def test_it_is_what_the_anchors_hold_there_and_conditional_elsewhere() -> None:
    values = {
        "anchors": ANCHORS, "variance": VARIANCE, "jitter": JITTER, "process": PROCESS, "lengths": LENGTHS[None],
        "shapes": np.ones(1),
    }  # fmt: skip
    own = {name: torch.as_tensor(value) for name, value in values.items()}
    # Anchors as they come out of other float32 sums, a rounding or two away; some are below -1.
    near = np.nextafter(ANCHORS, np.float32(0))
    assert ANCHORS.min() < -2
    found = exact_draw(own, ["rbf"], torch.from_numpy(np.concatenate([POINTS, near])), torch.from_numpy(NORMALS)).numpy()
    noisy = covariance(ANCHORS, ANCHORS) + JITTER * np.eye(6)
    held = np.linalg.cholesky(noisy) @ PROCESS  # White noise included.
    assert found[9:] == pytest.approx(held, rel=1e-5)
    across = covariance(POINTS, ANCHORS)
    mean = across @ np.linalg.solve(noisy, held)
    variance = VARIANCE + JITTER - np.einsum("ij,ij->i", across, np.linalg.solve(noisy, across.T).T)
    assert found[:9] == pytest.approx(mean + np.sqrt(variance) * NORMALS[:9], rel=1e-5, abs=1e-6)
