"""BCNP, from its paper and its published code.

Dhir, Ashman, Requeima, van der Wilk, "A meta-learning approach to Bayesian causal discovery", ICLR 2025,
https://github.com/Anish144/CausalStructureNeuralProcess: a posterior over DAGs as a mixture over orders of the variables. An
order is drawn by Gumbel-Sinkhorn (Mena et al., ICLR 2018), and edges along it are independent given the order, so that every
sampled graph is acyclic.
"""

import math

import torch
from scipy.optimize import linear_sum_assignment
from torch import Tensor, nn
from torch.nn import functional

from .layers import Attention, FeedForward, PairScores, PooledRows, mean_over_pairs


class Bcnp(nn.Module):
    """X [B, n, d], standardised per task -> a distribution over DAGs of d nodes.

    The defaults are those of the published code's large models. `permutations` are drawn for each task and step, each with
    `iterations` of Sinkhorn.
    """

    def __init__(
        self,
        width: int = 512,
        layers: int = 2,
        heads: int = 8,
        widening: int = 2,
        decoder_layers: int = 2,
        permutations: int = 25,
        iterations: int = 300,
        *,
        shared: bool = False,
    ) -> None:
        super().__init__()
        self.permutations, self.iterations = permutations, iterations
        self.summary = PooledRows(width, layers, heads, widening=widening, shared=shared)
        self.for_order, self.for_edges = (_over_variables(width, decoder_layers, heads, widening) for _ in range(2))
        self.place = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1))
        self.edges = PairScores(width, heads)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of edges [B, d, d], given that the order allows them, and logits of the order: [B, node, place]."""
        summary = self.for_order(self.summary(x)[:, None])
        edges = self.edges(self.for_edges(summary)[:, 0])
        places = torch.arange(x.shape[2], device=x.device, dtype=edges.dtype)
        order = functional.logsigmoid(self.place(summary[:, 0]) * places)
        return edges.float(), order.float()

    def loss(self, x: Tensor, graphs: Tensor) -> Tensor:
        """The mean over pairs of -log q(edge), a mixture over orders for each pair by itself, as the code has it."""
        edges, order = self(x)
        allowed = self._allowed(order, self.permutations)
        log_prob = _bernoulli(edges.sigmoid() * allowed, graphs)
        return -mean_over_pairs(log_prob.logsumexp(0) - math.log(self.permutations)).mean()

    def log_prob(self, x: Tensor, graphs: Tensor, permutations: int = 500) -> Tensor:
        """The log probability of whole graphs [B, d, d], with so many orders: [B]; -inf where none allows the graph.

        log (1 / S) Σ_s Π_ij q(A_ij | order s): for the same state of torch's generator all DAGs' probabilities add up to 1.
        """
        edges, order = self(x)
        allowed = self._allowed(order, permutations) > 0.5
        log_prob = -functional.binary_cross_entropy_with_logits(edges, graphs, reduction="none")
        impossible = torch.where(graphs > 0.5, -math.inf, 0.0)
        return torch.where(allowed, log_prob, impossible).sum((-2, -1)).logsumexp(0) - math.log(permutations)

    def edge_probabilities(self, x: Tensor, permutations: int = 500) -> Tensor:
        """[B, d, d]: P(i -> j), the mean over orders."""
        edges, order = self(x)
        return edges.sigmoid() * self._allowed(order, permutations).mean(0)

    def sample_graphs(self, x: Tensor, count: int) -> Tensor:
        """Graphs [B, count, d, d], each acyclic, by torch's generator."""
        edges, order = self(x)
        return torch.bernoulli(edges.sigmoid() * (self._allowed(order, count) > 0.5)).transpose(0, 1)

    def after_step(self) -> None:
        """Nothing: no cycle is possible."""

    def _allowed(self, order: Tensor, count: int) -> Tensor:
        """Which edges sampled orders allow: [count, B, d, d] of 0 and 1, with Sinkhorn's gradient."""
        permutation = sample_permutations(order, count, self.iterations)
        later = torch.ones(order.shape[-1:] * 2, device=order.device).tril(-1)
        return permutation @ later @ permutation.mT


def sample_permutations(logits: Tensor, count: int, iterations: int) -> Tensor:
    """Permutation matrices [count, B, d, d] by Gumbel-Sinkhorn, from logits [B, row, column].

    Forward they are exact: the best assignment of the logits with Gumbel noise. Backward they have the gradient of as many
    `iterations` of Sinkhorn.
    """
    noise = -torch.empty(count, *logits.shape, device=logits.device).exponential_().log()
    noisy = logits + noise
    soft = sinkhorn(noisy, iterations)
    flat = noisy.detach().cpu().flatten(0, 1).numpy()
    columns = torch.tensor([linear_sum_assignment(matrix, maximize=True)[1].tolist() for matrix in flat])
    hard = functional.one_hot(columns.view(*noisy.shape[:-1]), logits.shape[-1]).to(soft)
    return hard + soft - soft.detach()


def sinkhorn(logits: Tensor, iterations: int, tolerance: float = 1e-6) -> Tensor:
    """exp(logits) [..., d, d] with rows and columns scaled in turns until each adds up to 1."""
    for _ in range(iterations):
        logits = logits - logits.logsumexp(-1, keepdim=True)
        logits = logits - logits.logsumexp(-2, keepdim=True)
        if (logits.detach().logsumexp(-1).exp() - 1).abs().max() < tolerance:
            break
    return logits.exp()


def _over_variables(width: int, layers: int, heads: int, widening: int) -> nn.Module:
    return nn.Sequential(*(part for _ in range(layers) for part in (Attention(width, heads), FeedForward(width, widening))))


def _bernoulli(probabilities: Tensor, graphs: Tensor) -> Tensor:
    """log P(graph) for each entry; what is impossible has float32's smallest step for a probability, as torch's Bernoulli."""
    smallest = torch.finfo(torch.float32).eps
    kept = probabilities.clamp(smallest, 1 - smallest)
    return torch.where(graphs > 0.5, kept.log(), torch.log1p(-kept))
