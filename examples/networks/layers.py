"""Attention along rows and along variables in turns, which the published networks share."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional


class Attention(nn.Module):
    """Self-attention along the second last axis of z [B, m, l, h], added to z.

    The published networks have a pattern for each of the m places. With `shared` there is one for all of them, the sum of what
    each would say, as in Rao et al., "MSA Transformer", ICML 2021: on a processor that is several times faster.
    """

    def __init__(
        self, width: int, heads: int, key_size: int | None = None, *, shared: bool = False, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.heads, self.shared, self.dropout = heads, shared, dropout
        inner = heads * (key_size or width // heads)
        self.norm = nn.LayerNorm(width)
        self.project, self.out = nn.Linear(width, 3 * inner), nn.Linear(inner, width)

    def forward(self, z: Tensor) -> Tensor:
        return self.with_scores(z)[0]

    def with_scores(self, z: Tensor) -> tuple[Tensor, Tensor | None]:
        """Besides, where the pattern is shared, the scores [B, heads, l, l] that it is made of."""
        batch, places = z.shape[:2]
        parts = self.project(self.norm(z)).unflatten(-1, (3, self.heads, -1))
        if self.shared:
            query, key, value = parts.permute(3, 0, 4, 2, 1, 5).flatten(-2)  # [B, heads, l, m * key]
            scores = query @ key.mT / math.sqrt(query.shape[-1])
            mixed = (scores.softmax(-1) @ value).unflatten(-1, (places, -1)).permute(0, 3, 2, 1, 4)
        else:
            query, key, value = parts.permute(3, 0, 1, 4, 2, 5).flatten(1, 2)  # [B * m, heads, l, key]
            scores = None
            mixed = functional.scaled_dot_product_attention(query, key, value).unflatten(0, (batch, places)).transpose(2, 3)
        return z + functional.dropout(self.out(mixed.flatten(-2)), self.dropout, self.training), scores


class FeedForward(nn.Module):
    """Two layers on each entry by itself, added to it."""

    def __init__(self, width: int, widening: int, *, dropout: float = 0.0) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.LayerNorm(width),
            nn.Linear(width, widening * width),
            nn.ReLU(),
            nn.Linear(widening * width, width),
            nn.Dropout(dropout),
        )

    def forward(self, z: Tensor) -> Tensor:
        return z + self.layers(z)


class Alternating(nn.Module):
    """z [B, n, d, h] -> the same: 2 * `layers` blocks, which attend along variables and along rows in turns.

    Without an embedding of places, so that a permutation of rows or variables permutes what comes out.
    """

    def __init__(
        self,
        width: int,
        layers: int,
        heads: int,
        key_size: int | None = None,
        *,
        widening: int = 4,
        shared: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.attention = nn.ModuleList(
            Attention(width, heads, key_size, shared=shared, dropout=dropout) for _ in range(2 * layers)
        )
        self.feed_forward = nn.ModuleList(FeedForward(width, widening, dropout=dropout) for _ in range(2 * layers))

    def begin_as_identity(self) -> None:
        """Sets the last layer of each block to zero, so that at first it adds its bias alone."""
        for attention, feed_forward in zip(self.attention, self.feed_forward, strict=True):
            nn.init.zeros_(attention.out.weight)
            nn.init.zeros_(feed_forward.layers[-2].weight)

    def forward(self, z: Tensor) -> Tensor:
        return self.with_scores(z)[0]

    def with_scores(self, z: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Besides, where patterns are shared, the scores [B, heads, d, d] between variables of each layer."""
        seen: list[Tensor] = []
        for index, (attention, feed_forward) in enumerate(zip(self.attention, self.feed_forward, strict=True)):
            z, scores = attention.with_scores(z)
            if scores is not None and index % 2 == 0:
                seen.append(scores)
            z = feed_forward(z).transpose(1, 2)
        return z, seen


class PooledRows(nn.Module):
    """X [B, n, d] -> a summary of each variable [B, d, h], as in BCNP's published code.

    A row of zeros goes through the blocks with the others, and asks at their end for what all rows say of its variable.
    """

    def __init__(self, width: int, layers: int, heads: int, *, widening: int, shared: bool) -> None:
        super().__init__()
        self.embed = nn.Sequential(nn.Linear(1, width), nn.ReLU(), nn.Linear(width, width))
        self.encoder = Alternating(width, layers, heads, widening=widening, shared=shared)
        self.pool = nn.MultiheadAttention(width, heads, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        embedded = self.embed(entries(x, 1))
        rows = self.encoder(functional.pad(embedded, (0, 0, 0, 0, 0, 1))).transpose(1, 2)
        flat = rows.flatten(0, 1)
        pooled, _ = self.pool(flat[:, -1:], flat[:, :-1], flat[:, :-1], need_weights=False)
        return pooled.view(rows.shape[0], rows.shape[1], -1)


class PairScores(nn.Module):
    """Embeddings [B, d, h] -> a score of each ordered pair [B, d, d]: those of several heads, weighed."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.Linear(width, width), nn.Linear(width, width)
        self.weigh = nn.Linear(heads, 1)

    def forward(self, z: Tensor) -> Tensor:
        first, second = (layer(z).unflatten(-1, (self.heads, -1)).transpose(1, 2) for layer in (self.first, self.second))
        return self.weigh((first @ second.mT / math.sqrt(z.shape[-1])).movedim(1, -1))[..., 0]


def entries(x: Tensor, channels: int) -> Tensor:
    """Data [B, n, d], or [B, n, d, c] with marks of interventions behind the values, as [B, n, d, channels]."""
    x = x[..., None] if x.dim() == 3 else x
    return functional.pad(x, (0, channels - x.shape[-1]))


def no_loops(matrices: Tensor) -> Tensor:
    """Matrices [..., d, d] with zeros on the diagonal."""
    return matrices * (1 - torch.eye(matrices.shape[-1], dtype=matrices.dtype, device=matrices.device))


def mean_over_pairs(matrices: Tensor) -> Tensor:
    """The mean over the pairs of different nodes, [..., d, d] -> [...]; 0 without pairs."""
    n_nodes = matrices.shape[-1]
    return no_loops(matrices).sum((-2, -1)) / max(n_nodes * (n_nodes - 1), 1)
