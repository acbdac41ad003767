"""AVICI, from its paper and its published code.

Lorch, Sussex, Rothfuss, Krause, Schölkopf, "Amortized inference for causal structure learning", NeurIPS 2022,
https://github.com/larslorch/avici: attention along variables and along rows in turns, a maximum over rows, and the
probability of i -> j from the angle between an embedding of i and another of j. A penalty on the spectral radius of the
probabilities, whose weight is a dual variable, makes cycles unlikely.
"""

import torch
import torch.distributed
from torch import Tensor, nn
from torch.nn import functional

from .layers import Alternating, entries, mean_over_pairs, no_loops


class Avici(nn.Module):
    """X [B, n, d], standardised per task, or [B, n, d, 2] with marks of interventions -> probabilities of edges.

    The defaults are the published model's, 4.2 million parameters. `shared` is for processors, see Attention. With `scores`,
    which the paper does not have, the decoder also reads what the shared patterns between variables are made of, a learned
    kind of correlation, and learns from far fewer tasks.
    """

    def __init__(
        self,
        width: int = 128,
        layers: int = 8,
        heads: int = 8,
        key_size: int = 32,
        widening: int = 4,
        dropout: float = 0.1,
        *,
        shared: bool = False,
        scores: bool = False,
        dual: "Dual | None" = None,
    ) -> None:
        super().__init__()
        if scores and not shared:
            raise ValueError("scores = True: must be False without shared = True, whose patterns they are.")
        self.embed = nn.Linear(2, width)
        self.encoder = Alternating(width, layers, heads, key_size, widening=widening, shared=shared, dropout=dropout)
        self.norm = nn.LayerNorm(width)
        self.parent = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width))
        self.child = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width))
        self.log_scale = nn.Parameter(torch.tensor(2.0))
        self.bias = nn.Parameter(torch.tensor(-3.0))
        self.dual = Dual() if dual is None else dual
        n_scores = 2 * heads * layers
        self.pairs = (
            nn.Sequential(nn.LayerNorm(n_scores), nn.Linear(n_scores, 64), nn.ReLU(), nn.Linear(64, 1)) if scores else None
        )

    def forward(self, x: Tensor) -> Tensor:
        """Logits [B, d, d]: entry (i, j) is for the edge i -> j."""
        encoded, seen = self.encoder.with_scores(self.embed(entries(x, 2)))
        summary = self.norm(encoded).amax(dim=1)
        parent = functional.normalize(self.parent(summary), dim=-1)
        child = functional.normalize(self.child(summary), dim=-1)
        logits = (parent @ child.mT) * self.log_scale.exp() + self.bias
        if self.pairs is None:
            return logits
        both = torch.cat([*seen, *(scores.mT for scores in seen)], dim=1)
        return logits + self.pairs(both.movedim(1, -1))[..., 0]

    def loss(self, x: Tensor, graphs: Tensor) -> Tensor:
        """The mean cross-entropy of a pair, in nats, and the penalty for cycles; graphs [B, d, d]."""
        logits = self(x).float()
        fit = mean_over_pairs(functional.binary_cross_entropy_with_logits(logits, graphs, reduction="none")).mean()
        return fit + self.dual(no_loops(logits.sigmoid()))

    def log_prob(self, x: Tensor, graphs: Tensor) -> Tensor:
        """The log probability of whole graphs [B, d, d], with or without cycles, whose edges are independent: [B]."""
        cross_entropy = functional.binary_cross_entropy_with_logits(self(x).float(), graphs, reduction="none")
        return -no_loops(cross_entropy).sum((-2, -1))

    def edge_probabilities(self, x: Tensor) -> Tensor:
        """[B, d, d], zeros on the diagonal."""
        return no_loops(self(x).float().sigmoid())

    def sample_graphs(self, x: Tensor, count: int) -> Tensor:
        """Graphs [B, count, d, d] of independent edges, by torch's generator; some have cycles."""
        probabilities = self.edge_probabilities(x)
        return torch.bernoulli(probabilities.expand(count, *probabilities.shape)).transpose(0, 1)

    def after_step(self) -> None:
        """What the trainer calls behind each step of the optimiser."""
        self.dual.step()


class Dual(nn.Module):
    """The weight λ of the penalty for cycles, and the rule by which it grows.

    The penalty is the batch's mean spectral radius ρ. Every `every` steps λ <- λ + rate * ρ̄, where ρ̄ <- ρ̄ + decay * (ρ - ρ̄)
    follows ρ; the rate rises from 0 over `burn_in` steps. The defaults are the published ones.
    """

    value: Tensor
    average: Tensor
    steps: Tensor

    def __init__(
        self, rate: float = 1e-4, every: int = 500, decay: float = 1e-4, burn_in: int = 50_000, iterations: int = 10
    ) -> None:
        super().__init__()
        self.rate, self.every, self.decay, self.burn_in, self.iterations = rate, every, decay, burn_in, iterations
        for name in ("value", "average"):
            self.register_buffer(name, torch.zeros((), dtype=torch.float64))
        self.register_buffer("steps", torch.zeros((), dtype=torch.int64))
        self._seen: Tensor | None = None

    def forward(self, probabilities: Tensor) -> Tensor:
        """λ times the mean spectral radius of probabilities [B, d, d]."""
        penalty = spectral_radius(probabilities, self.iterations).mean()
        self._seen = penalty.detach() if self.training else None
        return self.value.float() * penalty

    def step(self) -> None:
        """A step of the rule, from the last penalty; over several processes, from the mean of theirs."""
        if self._seen is None:
            return
        seen, self._seen = self._seen.double(), None
        if torch.distributed.is_available() and torch.distributed.is_initialized():
            torch.distributed.all_reduce(seen)
            seen = seen / torch.distributed.get_world_size()
        seen = seen.clamp(min=0)
        self.average.copy_(seen if self.steps == 0 else self.average + self.decay * (seen - self.average))
        if self.steps > 0 and self.steps % self.every == 0:
            self.value += self.rate * min(1.0, self.steps.item() / max(self.burn_in, 1)) * self.average
        self.steps += 1


def spectral_radius(matrices: Tensor, iterations: int) -> Tensor:
    """The largest eigenvalue of nonnegative matrices [B, d, d] by power iterations from both sides, [B].

    0 for a matrix of zeros. Lee, Danieletto, Miotto, Cherng, Dudley, "Scaling structural learning with NO-BEARS", PSB 2020.
    The gradient takes the eigenvectors for constants.
    """
    with torch.no_grad():
        left, right = torch.rand(2, *matrices.shape[:-1], 1, device=matrices.device, dtype=matrices.dtype).unbind()
        for _ in range(iterations):
            left = functional.normalize(matrices.mT @ left, dim=-2, eps=1e-30)
            right = functional.normalize(matrices @ right, dim=-2, eps=1e-30)
        between = (left * right).sum((-2, -1)).clamp(min=1e-12)
    return (left.mT @ matrices @ right)[:, 0, 0] / between
