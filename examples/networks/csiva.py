"""A decoder after CSIvA, which writes a graph one entry at a time.

Ke, Chiappa, Wang, Bornschein, Goyal, Rey, Weber, Botvinick, Mozer, Rezende, "Learning to induce causal structure", ICLR 2023:
each entry's probability depends on the data and on all entries before it, so that any distribution over graphs can be told,
with cycles or not. What comes from CSIvA is the decoder; the encoder is that of BCNP's comparison with it.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from .layers import PooledRows


class Csiva(nn.Module):
    """X [B, n, d], standardised per task -> a distribution over directed graphs of d nodes, entry by entry along the rows.

    A token says which pair is asked for, by the summaries of its two nodes, and what the entry before was.
    """

    def __init__(
        self,
        width: int = 512,
        layers: int = 2,
        heads: int = 8,
        widening: int = 2,
        decoder_layers: int = 4,
        *,
        shared: bool = False,
    ) -> None:
        super().__init__()
        self.summary = PooledRows(width, layers, heads, widening=widening, shared=shared)
        self.before = nn.Embedding(3, width)  # No edge, an edge, and the beginning.
        self.parent, self.child = nn.Linear(width, width), nn.Linear(width, width)
        layer = nn.TransformerDecoderLayer(width, heads, widening * width, dropout=0.0, batch_first=True, norm_first=True)
        self.decoder = nn.TransformerDecoder(layer, decoder_layers, nn.LayerNorm(width))
        self.answer = nn.Linear(width, 1)

    def forward(self, x: Tensor, graphs: Tensor) -> Tensor:
        """Logits [B, d (d - 1)] of each pair of different nodes, given the true entries before it."""
        return self._logits(self.summary(x), _pairs(graphs)).float()

    def loss(self, x: Tensor, graphs: Tensor) -> Tensor:
        """The mean cross-entropy of a pair, in nats; 0 without pairs."""
        logits = self(x, graphs)
        return functional.binary_cross_entropy_with_logits(logits, _pairs(graphs), reduction="sum") / max(logits.numel(), 1)

    def log_prob(self, x: Tensor, graphs: Tensor) -> Tensor:
        """The log probability of whole graphs [B, d, d], [B]; the probabilities of all 2^(d (d - 1)) add up to 1."""
        return -functional.binary_cross_entropy_with_logits(self(x, graphs), _pairs(graphs), reduction="none").sum(-1)

    def sample_graphs(self, x: Tensor, count: int) -> Tensor:
        """Graphs [B, count, d, d] by torch's generator; a call of the decoder for each entry."""
        summary = self.summary(x).repeat(count, 1, 1)
        n_nodes = x.shape[2]
        entries = summary.new_zeros(len(summary), n_nodes * (n_nodes - 1))
        for index in range(entries.shape[1]):
            entries[:, index] = torch.bernoulli(self._logits(summary, entries[:, : index + 1])[:, -1].float().sigmoid())
        graphs = summary.new_zeros(len(summary), n_nodes, n_nodes)
        graphs[:, ~torch.eye(n_nodes, dtype=torch.bool, device=x.device)] = entries
        return graphs.unflatten(0, (count, len(x))).transpose(0, 1)

    def edge_probabilities(self, x: Tensor, samples: int = 100) -> Tensor:
        """[B, d, d]: the share of sampled graphs that have the edge."""
        return self.sample_graphs(x, samples).mean(1)

    def after_step(self) -> None:
        """Nothing."""

    def _logits(self, summary: Tensor, entries: Tensor) -> Tensor:
        """Logits of the first entries, [B, m] as `entries`, of which each is read by those behind it alone."""
        count = entries.shape[1]
        first = torch.full_like(entries[:, :1], 2)
        before = self.before(torch.cat([first, entries], dim=1)[:, :count].long())
        asked = self.parent(summary)[:, :, None] + self.child(summary)[:, None]
        tokens = before + _pairs(asked)[:, :count]
        mask = nn.Transformer.generate_square_subsequent_mask(count, device=summary.device, dtype=summary.dtype)
        return self.answer(self.decoder(tokens, summary, tgt_mask=mask, tgt_is_causal=True))[..., 0]


def _pairs(matrices: Tensor) -> Tensor:
    """The entries of pairs of different nodes, along the rows: [B, d, d, ...] -> [B, d (d - 1), ...]."""
    return matrices[:, ~torch.eye(matrices.shape[1], dtype=torch.bool, device=matrices.device)]
