"""Exact draws of Gaussian processes."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

import torch
from torch import Tensor

# A few roundings of a float32 near 1; more would take other rows that happen to be close for anchors.
_SAME = 7e-7


def exact_draw(own: Mapping[str, Tensor], forms: Sequence[str], inputs: Tensor, z: Tensor) -> Tensor:
    """f: inputs [rows, d], its normals z [rows] -> [rows].

    At a row that is no anchor its mean is v.z' and its variance k(x, x) + jitter - v.v, with v = L^-1 k(x), L L^T the anchors'
    covariance and z' their normals (Rasmussen and Williams, "Gaussian processes for machine learning", 2006, sections 2.2 and
    A.2). `own` are the parameters of the mechanism, `forms` the names of its kernels.
    """
    points, anchors, z = inputs.double(), own["anchors"].double(), z.double()
    variance = own["variance"].double()
    if not len(anchors):
        return (variance.sqrt() * z).to(inputs.dtype)
    jitter = own["jitter"].double()
    identity = torch.eye(len(anchors), dtype=torch.float64, device=anchors.device)
    factor = cast(Tensor, torch.linalg.cholesky(_covariance(own, forms, anchors, anchors) + jitter * identity))
    v = cast(Tensor, torch.linalg.solve_triangular(factor, _covariance(own, forms, anchors, points), upper=False))
    left = (variance + jitter - (v * v).sum(0)).clamp_min(1e-12)
    mean = v.T @ own["process"].double()
    # A row that is an anchor has the anchor's value, white noise included; its gradient is the mean's. Parents that were
    # computed in torch differ from the engine's by a few roundings, which would pass a rough function on magnified.
    same = ((points[:, None] - anchors).abs() <= _SAME * (1 + anchors.abs())).all(2)
    known = (factor @ own["process"].double())[same.int().argmax(1)]
    return torch.where(same.any(1), mean + (known - mean).detach(), mean + left.sqrt() * z).to(inputs.dtype)


def _covariance(own: Mapping[str, Tensor], forms: Sequence[str], a: Tensor, b: Tensor) -> Tensor:
    """The kernels' covariances of points [n, d] with points [m, d]: [n, m], float64."""
    total = torch.zeros(len(a), len(b), dtype=torch.float64, device=a.device)
    for index, (form, lengths) in enumerate(zip(forms, own["lengths"].double(), strict=True)):
        squares = ((a[:, None] - b) / lengths).square().sum(2)
        shape = own["shapes"][index].double() if form in SHAPED else own["variance"]
        total = total + _FORMS[form](squares, shape)
    return own["variance"].double() / len(forms) * total


def _root(squares: Tensor, factor: float) -> Tensor:
    """sqrt(factor * squares), with a gradient of 0 where a point meets itself."""
    positive = squares > 0
    return torch.where(positive, (factor * torch.where(positive, squares, 1.0)).sqrt(), 0.0)


def _rbf(squares: Tensor, _: Tensor) -> Tensor:
    return torch.exp(-squares / 2)


def _matern12(squares: Tensor, _: Tensor) -> Tensor:
    return torch.exp(-_root(squares, 1.0))


def _matern52(squares: Tensor, _: Tensor) -> Tensor:
    r = _root(squares, 5.0)
    return (1 + r + r * r / 3) * torch.exp(-r)


def _matern32(squares: Tensor, _: Tensor) -> Tensor:
    r = _root(squares, 3.0)
    return (1 + r) * torch.exp(-r)


def _rational_quadratic(squares: Tensor, alpha: Tensor) -> Tensor:
    return (1 + squares / (2 * alpha)) ** -alpha


def _gamma_exponential(squares: Tensor, gamma: Tensor) -> Tensor:
    positive = squares > 0
    power = torch.where(positive, squares, 1.0) ** (gamma / 2)
    return torch.where(positive, torch.exp(-power), 1.0)


# The second argument is γ or α, which the others don't read.
_FORMS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "rbf": _rbf,
    "matern12": _matern12,
    "matern32": _matern32,
    "matern52": _matern52,
    "rational_quadratic": _rational_quadratic,
    "gamma_exponential": _gamma_exponential,
}
# Those that read it.
SHAPED = {"rational_quadratic", "gamma_exponential"}
