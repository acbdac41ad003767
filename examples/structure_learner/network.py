"""A network that reads a data set and answers with a causal graph, made for processors.

Attention over all rows, as AVICI and BCNP have it, costs a processor ten times what the pairs of variables cost. Here rows come
in only through moments of learned functions of a value, a kind of correlation that tells directions too; what follows works on
pairs, and lets i -> j depend on all k between them. The answer doesn't depend on the order of the rows, and follows the order
of the variables.
"""

import math

import torch
from networks.layers import FeedForward, mean_over_pairs, no_loops
from torch import Tensor, nn
from torch.nn import functional


class Moments(nn.Module):
    """X [B, n, d], standardised per task -> learned moments of each ordered pair of variables, [B, d, d, 2 k²].

    The mean over rows of f(x_i) g(x_j), for k functions of a value each, of which the first is the value itself; and by how
    much those of i alone differ from those of j alone.
    """

    def __init__(self, functions: int, hidden: int = 32) -> None:
        super().__init__()
        self.features = 2 * functions**2
        self.learned = nn.Sequential(nn.Linear(1, hidden), nn.GELU(), nn.Linear(hidden, functions - 1))

    def forward(self, x: Tensor) -> Tensor:
        values = x[..., None]
        functions = torch.cat([values, self.learned(values)], dim=-1)
        functions = (functions - functions.mean(1, keepdim=True)).flatten(2)
        n_nodes = x.shape[2]
        moments = (functions.mT @ functions / x.shape[1]).unflatten(2, (n_nodes, -1)).unflatten(1, (n_nodes, -1))
        pairs = moments.transpose(2, 3).flatten(3)
        alone = pairs.diagonal(dim1=1, dim2=2).mT
        return torch.cat([pairs, alone[:, :, None] - alone[:, None]], dim=-1)


class ThroughOthers(nn.Module):
    """Tells each pair (i, j) of the pairs (i, k) and (k, j), and of (k, i) and (k, j), for all k: z [B, d, d, h], added to z.

    The triangle multiplication of Jumper et al., "Highly accurate protein structure prediction with AlphaFold", Nature 2021,
    without its gates.
    """

    def __init__(self, width: int, channels: int) -> None:
        super().__init__()
        self.norm, self.project, self.out = nn.LayerNorm(width), nn.Linear(width, 4 * channels), nn.Linear(2 * channels, width)
        nn.init.zeros_(self.out.weight)

    def forward(self, z: Tensor) -> Tensor:
        a, b, c, d = self.project(self.norm(z)).movedim(-1, 1).chunk(4, dim=1)
        products = torch.cat([a @ b, c.mT @ d], dim=1) / math.sqrt(z.shape[1])
        return z + self.out(products.movedim(1, -1))


class StructureLearner(nn.Module):
    """X [B, n, d], standardised per task -> logits [B, d, d]: entry (i, j) is for the edge i -> j."""

    def __init__(self, width: int = 64, layers: int = 3, functions: int = 12, channels: int = 24) -> None:
        super().__init__()
        self.moments = Moments(functions)
        self.embed = nn.Linear(self.moments.features, width)
        self.layers = nn.Sequential(
            *(part for _ in range(layers) for part in (ThroughOthers(width, channels), FeedForward(width, 2)))
        )
        for part in self.layers[1::2]:
            nn.init.zeros_(part.layers[-2].weight)  # Like ThroughOthers, each starts as the identity.
        self.answer = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 1))
        nn.init.constant_(self.answer[1].bias, -1.5)

    def forward(self, x: Tensor) -> Tensor:
        return self.answer(self.layers(self.embed(self.moments(x))))[..., 0]

    def loss(self, x: Tensor, graphs: Tensor) -> Tensor:
        """The mean cross-entropy of a pair, in nats; graphs [B, d, d]."""
        return mean_over_pairs(functional.binary_cross_entropy_with_logits(self(x), graphs, reduction="none")).mean()

    def edge_probabilities(self, x: Tensor) -> Tensor:
        """[B, d, d], zeros on the diagonal."""
        return no_loops(self(x).sigmoid())

    def after_step(self) -> None:
        """Nothing."""
