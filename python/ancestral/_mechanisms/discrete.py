"""Mechanisms whose values are classes or counts."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from .modules import EngineMechanism, dense

# The columns of noise have mean 0 and variance 1: a standard Gumbel law's deviation, pi / sqrt 6, takes them back, but for a
# mean that is the same for all classes.
_GUMBEL_DEVIATION = math.pi / math.sqrt(6)


class ClassMechanism(EngineMechanism):
    """argmax_k(scores_k + g_k) with Gumbel noise g: class k, told by its number, has the probability softmax(scores)_k.

    No gradient passes an argmax; `scores` is differentiable, for a loss or a relaxation of your own. Source: Maddison, Tarlow,
    Minka, "A* sampling", NeurIPS 2014.
    """

    def function(self, inputs: Tensor, noise: Tensor) -> Tensor:
        scores = self.class_scores(inputs)
        given = noise[:, : scores.shape[1]]
        gumbel = functional.pad(given, (0, scores.shape[1] - given.shape[1]))
        return (scores + _GUMBEL_DEVIATION * gumbel).argmax(1).to(noise.dtype)

    def scores(self, parents: Tensor) -> Tensor:
        """Unnormalised log probabilities of the classes: parents [rows, p] -> [rows, K]."""
        return self.class_scores(self.columns(parents))

    def class_scores(self, inputs: Tensor) -> Tensor:
        """The same of the columns that it reads."""
        raise NotImplementedError


class CategoricalMechanism(ClassMechanism):
    """Scores by dense layers, between which there is a leaky ReLU; one layer is a softmax regression."""

    kinds = ("categorical", "binary")

    def class_scores(self, inputs: Tensor) -> Tensor:
        own = dict(self.named_parameters())
        return dense(own, inputs, lambda value: functional.leaky_relu(value, self.settings["slope"]))


class TableMechanism(ClassMechanism):
    """Scores are the logarithms of `probability` [K_1, .., K_p, K], by the classes of the parents."""

    kinds = ("table",)

    probability: nn.Parameter

    def class_scores(self, inputs: Tensor) -> Tensor:
        # Whatever stands there, a row of the table is read, as by the engine.
        classes = self.probability.shape
        places = tuple(inputs[:, k].nan_to_num().clamp(0, classes[k] - 1).long() for k in range(inputs.shape[1]))
        rows = self.probability[places] if places else self.probability.expand(len(inputs), -1)
        return rows.log()


class CountMechanism(EngineMechanism):
    """The quantile of a Poisson law, or a negative binomial one of a `size`, at the uniform number that the noise stands for.

    Its mean is mean_max * sigmoid(bias + sum of weight * parent), of parents as it reads them: standardised, and by one column
    for each class. No gradient passes a quantile; `mean` is differentiable. Noise of 1.733 or more, which the engine never has,
    gives the last count that float64 has a probability for; a mean that is not finite, or above 745 or so, gives NaN.
    """

    kinds = ("count",)

    weight: nn.Parameter
    bias: nn.Parameter
    mean_max: nn.Parameter

    def mean(self, parents: Tensor) -> Tensor:
        """The mean of the count: parents [rows, p] -> [rows]."""
        return self._mean_of(self.columns(parents))

    def _mean_of(self, inputs: Tensor) -> Tensor:
        return self.mean_max * torch.sigmoid(self.bias + inputs @ self.weight)

    def function(self, inputs: Tensor, noise: Tensor) -> Tensor:
        mean = self._mean_of(inputs).double()
        level = 0.5 + noise[:, 0].double() / math.sqrt(12)
        size = self.settings.get("size")
        if size is None:
            probability, growth, start = torch.exp(-mean), torch.zeros_like(mean), mean
        else:
            growth = mean / (size + mean)
            probability, start = torch.exp(-size * torch.log1p(mean / size)), size * growth
        # P(n + 1) / P(n) = (growth n + start) / (n + 1), Panjer's recursion.
        known = probability > 0  # Not of a mean that is not finite, or so large that float64 has no P(0).
        count, below, n = torch.zeros_like(mean), known & (probability < level), 0
        reached = probability
        while bool(below.any()):
            count = count + below
            probability = probability * (growth * n + start) / (n + 1)
            before, reached, n = reached, reached + probability, n + 1
            # Past the mean nothing may be left to add: sums stay below a level of 1 or more.
            below = below & (reached < level) & ((reached > before) | (n < mean))
        return torch.where(known, count, torch.nan).to(noise.dtype)
