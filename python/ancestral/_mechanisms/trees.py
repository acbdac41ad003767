"""Random decision trees of the parents."""

import torch
from torch import Tensor, nn

from .additive import AdditiveMechanism


class TreeMechanism(AdditiveMechanism):
    """Sum over trees t of leaf[t, number], plus noise_scale * noise: piecewise constant in the parents.

    The number of a row's leaf is the sum of 2^l over the levels l at which its parent split[t, l] lies above threshold[t, l].
    Gradients reach the leaves and the noise. Splits and thresholds are buffers, and no gradient reaches them or the parents.
    Symmetric trees with thresholds from rows are those of TabICLv2's prior (Qu, Holzmüller, Varoquaux, Le Morvan, 2026).
    """

    kinds = ("tree",)
    fixed = (*AdditiveMechanism.fixed, "threshold", "split")
    whole = ("split",)

    leaf: nn.Parameter
    threshold: Tensor
    split: Tensor

    def mean(self, inputs: Tensor) -> Tensor:
        bits = inputs[:, self.split] > self.threshold
        places = 2 ** torch.arange(self.split.shape[1], device=inputs.device)
        numbers = (bits * places).sum(2)
        return self.leaf[torch.arange(len(self.leaf), device=inputs.device), numbers].sum(1)
