"""A network that reads a data set and answers with a causal graph, after AVICI.

Lorch, Sussex, Rothfuss, Krause, Schölkopf, "Amortized inference for causal structure learning", NeurIPS 2022: attention
over rows and over variables in turns, a maximum over rows, and a score for each ordered pair. The answer doesn't depend on
the order of the rows, and follows the order of the variables. Here attention over variables has one pattern for all rows,
and attention over rows one for all variables, which is far cheaper; the scores between variables, a learned kind of
correlation, are shown to the last layer too.
"""

import math

import torch
from torch import Tensor, nn


class FeedForward(nn.Module):
    """A residual layer on each entry by itself."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


class VariableAttention(nn.Module):
    """Attention between variables, with one pattern for all rows of a task."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm, self.project, self.out = nn.LayerNorm(width), nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x [B, n, d, h] -> the same shape, and the scores [B, heads, d, d]."""
        batch, rows, nodes, width = x.shape
        parts = self.project(self.norm(x)).view(batch, rows, nodes, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(3, 0, 4, 2, 1, 5).reshape(3, batch, self.heads, nodes, -1)
        scores = query @ key.transpose(-1, -2) / (rows * math.sqrt(width // self.heads))
        mixed = (torch.tanh(scores) @ value).view(batch, self.heads, nodes, rows, -1)
        return x + self.out(mixed.permute(0, 3, 2, 1, 4).reshape(x.shape)), scores


class RowAttention(nn.Module):
    """Attention between rows, with one pattern for all variables of a task."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm, self.project, self.out = nn.LayerNorm(width), nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """x [B, n, d, h] -> the same shape."""
        batch, rows, nodes, width = x.shape
        parts = self.project(self.norm(x)).view(batch, rows, nodes, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(3, 0, 4, 1, 2, 5).reshape(3, batch, self.heads, rows, -1)
        scores = query @ key.transpose(-1, -2) / math.sqrt(nodes * width // self.heads)
        mixed = (scores.softmax(-1) @ value).view(batch, self.heads, rows, nodes, -1)
        return x + self.out(mixed.permute(0, 2, 3, 1, 4).reshape(x.shape))


class StructureLearner(nn.Module):
    """X [B, n, d], standardised per task -> logits [B, d, d]: entry (i, j) is for the edge i -> j.

    `width` is that of the layers that see every row, `wide` that of the layers behind the maximum over rows.
    """

    def __init__(self, width: int = 32, blocks: int = 3, heads: int = 8, wide: int = 128) -> None:
        super().__init__()
        self.embed = nn.Linear(1, width)
        self.across_variables = nn.ModuleList(VariableAttention(width, heads) for _ in range(blocks))
        self.after_variables = nn.ModuleList(FeedForward(width) for _ in range(blocks))
        self.across_rows = nn.ModuleList(RowAttention(width, heads // 2) for _ in range(blocks))
        self.after_rows = nn.ModuleList(FeedForward(width) for _ in range(blocks))
        self.widen = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, wide))
        self.between = VariableAttention(wide, heads)
        self.last = nn.Sequential(FeedForward(wide), nn.LayerNorm(wide))
        self.parent, self.child = nn.Linear(wide, wide), nn.Linear(wide, wide)
        n_scores = 2 * heads * (blocks + 1)
        self.pair = nn.Sequential(
            nn.LayerNorm(n_scores), nn.Linear(n_scores, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1)
        )
        self.bias = nn.Parameter(torch.tensor(-1.5))
        for layer in (*self.across_rows, *self.after_rows, *self.after_variables):
            nn.init.zeros_(
                (layer.out if isinstance(layer, RowAttention) else layer.layers[-1]).weight
            )  # Each starts as the identity.

    def forward(self, x: Tensor) -> Tensor:
        hidden, seen = self.embed(x[..., None]), []
        for variables, after_variables, rows, after_rows in zip(
            self.across_variables, self.after_variables, self.across_rows, self.after_rows, strict=True
        ):
            hidden, scores = variables(hidden)
            seen += [scores, scores.transpose(-1, -2)]
            hidden = after_rows(rows(after_variables(hidden)))
        pooled, scores = self.between(self.widen(hidden).amax(dim=1, keepdim=True))
        seen += [scores, scores.transpose(-1, -2)]
        pooled = self.last(pooled[:, 0])
        logits = self.parent(pooled) @ self.child(pooled).transpose(1, 2) / math.sqrt(pooled.shape[-1])
        return logits + self.pair(torch.cat(seen, dim=1).permute(0, 2, 3, 1))[..., 0] + self.bias


def edge_probabilities(network: StructureLearner, x: Tensor) -> Tensor:
    """What a network answers: x [N, n, d], standardised per task -> the probability of each edge i -> j, [N, d, d]."""
    network.eval()
    with torch.no_grad():
        found = torch.cat([torch.sigmoid(network(part)) for part in x.split(32)])
    network.train()
    return found
