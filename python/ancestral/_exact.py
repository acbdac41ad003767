"""Mechanisms whose function is an exact draw of a Gaussian process."""

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn

from .mechanisms import EngineMechanism, outer_function

# A few roundings of a float32 near 1; more would take other rows that happen to be close for anchors.
_SAME = 7e-7


class ExactGPMechanism(EngineMechanism):
    """outer(bias + parent_weight * sum of parents + f(parents) + noise_scale * noise), f an exact draw of a Gaussian process.

    f is drawn jointly at its anchors, and at any other row by conditioning on them: its mean is v.z and its variance
    k(x, x) + jitter - v.v with v = L^-1 k(x), where L L^T is the anchors' covariance (Rasmussen and Williams, "Gaussian
    processes for machine learning", 2006, sections 2.2 and A.2). Runs in float64 whatever the dtype of its input; cubic in
    the number of anchors.
    """

    kind = "gp"

    anchors: nn.Parameter
    process: nn.Parameter
    lengths: nn.Parameter
    shapes: nn.Parameter
    variance: nn.Parameter
    jitter: nn.Parameter
    parent_weight: nn.Parameter
    noise_scale: nn.Parameter
    bias: nn.Parameter

    def function(self, inputs: Tensor, noise: Tensor) -> Tensor:
        value = self.bias + self.parent_weight * inputs.sum(1) + self.draw(inputs, noise)
        value = value + self.noise_scale * self.scaled_noise(inputs, noise)
        return outer_function(round(self.settings["outer"]), value)

    def draw(self, inputs: Tensor, noise: Tensor) -> Tensor:
        """f: inputs [rows, d], noise [rows, channels] -> [rows]."""
        points, anchors = inputs.double(), self.anchors.double()
        z = self.channel(noise, "process", 0.0).double()
        variance = self.variance.double()
        if not len(anchors):
            return (variance.sqrt() * z).to(inputs.dtype)
        jitter = self.jitter.double()
        identity = torch.eye(len(anchors), dtype=torch.float64, device=anchors.device)
        factor = cast(Tensor, torch.linalg.cholesky(self.covariance(anchors, anchors) + jitter * identity))
        v = cast(Tensor, torch.linalg.solve_triangular(factor, self.covariance(anchors, points), upper=False))
        left = (variance + jitter - (v * v).sum(0)).clamp_min(1e-12)
        mean = v.T @ self.process.double()
        # A row that is an anchor has the anchor's value, white noise included; its gradient is the mean's. Parents that were
        # computed in torch differ from the engine's by a few roundings, which would pass a rough function on magnified.
        same = ((points[:, None] - anchors).abs() <= _SAME * (1 + anchors.abs())).all(2)
        known = (factor @ self.process.double())[same.int().argmax(1)]
        return torch.where(same.any(1), mean + (known - mean).detach(), mean + left.sqrt() * z).to(inputs.dtype)

    def covariance(self, a: Tensor, b: Tensor) -> Tensor:
        """The kernels' covariances of points [n, d] with points [m, d]: [n, m], float64."""
        total = torch.zeros(len(a), len(b), dtype=torch.float64, device=a.device)
        for index, lengths in enumerate(self.lengths.double()):
            squares = ((a[:, None] - b) / lengths).square().sum(2)
            number: int = round(self.settings[f"kernel_{index}"])
            shape = self.shapes[index].double() if "shapes" in dict(self.named_parameters()) else self.variance.double()
            total = total + _FORMS[number](squares, shape)
        return self.variance.double() / len(self.lengths) * total


class ExactGPCDEMechanism(ExactGPMechanism):
    """latent_weight * w + parent_weight * sum of parents + f(parents, w) + noise_scale * noise, f as in `ExactGPMechanism`.

    Noise channels: the latent input w, then the additive noise.
    """

    kind = "gpcde"

    latent_weight: nn.Parameter

    def function(self, inputs: Tensor, noise: Tensor) -> Tensor:
        latent = noise[:, 0]
        value = self.latent_weight * latent + self.parent_weight * inputs.sum(1)
        value = value + self.draw(torch.cat([inputs, latent[:, None]], dim=1), noise)
        return value + self.noise_scale * self.scaled_noise(inputs, noise)


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


# By the engine's number; the second argument is γ or α, which the others don't read.
_FORMS: tuple[Callable[[Tensor, Tensor], Tensor], ...] = (
    _rbf,
    _matern12,
    _matern32,
    _matern52,
    _rational_quadratic,
    _gamma_exponential,
)
# The numbers of those that read it.
SHAPED = (4, 5)
