"""Mechanisms f(parents) + noise_scale * noise, of which each kind states f, and the one that multiplies."""

import torch
from torch import Tensor, nn

from .modules import EngineMechanism, wave


class AdditiveMechanism(EngineMechanism):
    """f(parents) + noise_scale * noise; a channel "scale" multiplies the noise row by row."""

    noise_scale: nn.Parameter

    def function(self, inputs: Tensor, noise: Tensor) -> Tensor:
        return self.mean(inputs) + self.noise_scale * self.scaled_noise(inputs, noise)

    def mean(self, inputs: Tensor) -> Tensor:
        """f: inputs [rows, p] -> [rows]."""
        raise NotImplementedError


class PolynomialMechanism(AdditiveMechanism):
    """Sum over parents i and powers k of coefficient[i, k - 1] * z_i^k, with z standardised.

    A kind of Kalainathan, Goudet, Dutta, "Causal discovery toolbox", JMLR 2020.
    """

    kinds = ("polynomial",)

    coefficient: nn.Parameter

    def mean(self, inputs: Tensor) -> Tensor:
        value = torch.zeros_like(inputs)
        for column in reversed(self.coefficient.unbind(1)):
            value = (value + column) * inputs
        return value.sum(1)


class QuadraticMechanism(AdditiveMechanism):
    """Sum of weight[i] * z_i and of pair_weight[i, j] * z_i * z_j for j <= i, with z standardised.

    Zhu, Ng, Chen, "Causal discovery with reinforcement learning", ICLR 2020.
    """

    kinds = ("quadratic",)

    weight: nn.Parameter
    pair_weight: nn.Parameter

    def mean(self, inputs: Tensor) -> Tensor:
        return (inputs * (self.weight + inputs @ self.pair_weight.tril().T)).sum(1)


class ProductMechanism(AdditiveMechanism):
    """Product of offset + weight[i] * z_i, with z standardised."""

    kinds = ("product",)

    weight: nn.Parameter

    def mean(self, inputs: Tensor) -> Tensor:
        return (self.settings["offset"] + self.weight * inputs).prod(1)


class LogSpaceMechanism(EngineMechanism):
    """exp(sum of weight[i] * log(offset + |x_i|) + noise_scale * noise), so positive; magnitudes count as 2^-126 at least."""

    kinds = ("log_space",)

    weight: nn.Parameter
    noise_scale: nn.Parameter

    def function(self, inputs: Tensor, noise: Tensor) -> Tensor:
        logarithms = (self.settings["offset"] + inputs.abs()).clamp(min=2.0**-126).log()
        return (logarithms @ self.weight + self.noise_scale * self.scaled_noise(inputs, noise)).exp()


class SigmoidAdditiveMechanism(AdditiveMechanism):
    """Sum of height[i] * t / (1 + |t|) with t = slope[i] * (x_i + shift[i]).

    Bühlmann, Peters, Ernest, "CAM: causal additive models", Annals of Statistics 42 (2014).
    """

    kinds = ("sigmoid_additive",)

    height: nn.Parameter
    slope: nn.Parameter
    shift: nn.Parameter

    def mean(self, inputs: Tensor) -> Tensor:
        steps = self.slope * (inputs + self.shift)
        return (self.height * steps / (1 + steps.abs())).sum(1)


class PeriodicMechanism(AdditiveMechanism):
    """Sum of amplitude[i] * cos(2 pi (frequency[i] * x_i + phase[i]))."""

    kinds = ("periodic",)

    amplitude: nn.Parameter
    frequency: nn.Parameter
    phase: nn.Parameter

    def mean(self, inputs: Tensor) -> Tensor:
        return (self.amplitude * wave(self.frequency.double() * inputs.double() + self.phase.double(), inputs)).sum(1)


class LogisticMapMechanism(AdditiveMechanism):
    """scale * (u - 1/2), with u = sigmoid(sum of weight[i] * x_i) after some steps u -> rate * u * (1 - u).

    May, "Simple mathematical models with very complicated dynamics", Nature 261 (1976).
    """

    kinds = ("logistic_map",)

    weight: nn.Parameter
    rate: nn.Parameter

    def mean(self, inputs: Tensor) -> Tensor:
        value = torch.sigmoid(inputs @ self.weight)
        for _ in range(int(self.settings["steps"])):
            value = self.rate * value * (1 - value)
        return self.settings["scale"] * (value - 0.5)
