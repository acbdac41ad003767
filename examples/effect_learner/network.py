"""A network that reads rows of covariates, treatment and outcome, and answers with outcomes under other treatments.

After Robertson, Reuter, Guo, Hollmann, Hutter, Schölkopf, "Do-PFN: In-context learning for causal effect estimation", 2025:
each row is a token, rows of the context attend to each other, a row that is asked about attends to them, and nothing is fitted
when a new table comes. Here it is small enough for two cores, and answers with the mean outcome alone.
"""

import torch
from torch import Tensor, nn


class Block(nn.Module):
    """Attention from some rows to others, and a layer on each row by itself."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm, self.seen = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.layers = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, rows: Tensor, others: Tensor) -> Tensor:
        """rows [B, m, h] read others [B, n, h] -> [B, m, h]."""
        keys = self.seen(others)
        rows = rows + self.attention(self.norm(rows), keys, keys, need_weights=False)[0]
        return rows + self.layers(rows)


class EffectLearner(nn.Module):
    """Context X [B, n, p], T [B, n], Y [B, n] and questions X [B, m, p], t [B, m] -> E[Y under do(T = t)], [B, m].

    All are on the context's scale; `mask` [B, p] tells which covariates a task has. The answer doesn't depend on the order of
    the rows. It is what a ridge regression of the context says, and what the network adds to that: nothing before training.
    """

    def __init__(self, n_covariates: int, width: int = 64, heads: int = 4, blocks: int = 3) -> None:
        super().__init__()
        self.context = nn.Linear(2 * n_covariates + 3, width)
        self.question = nn.Linear(2 * n_covariates + 3, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(blocks))
        self.answer = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1))
        for parameter in self.answer[-1].parameters():
            nn.init.zeros_(parameter)

    def forward(self, mask: Tensor, x: Tensor, t: Tensor, y: Tensor, asked: Tensor, arm: Tensor) -> Tensor:
        known = mask[:, None].to(x.dtype)
        columns = _columns(x, t)
        fit = ridge(columns, y)
        left = y - (columns @ fit)[..., 0]
        line = (_columns(asked, arm) @ fit)[..., 0]
        slope = (fit[:, :1, 0] * arm)[..., None]
        context = self.context(torch.cat([x, known.expand_as(x), t[..., None], y[..., None], left[..., None]], dim=-1))
        question = self.question(torch.cat([asked, known.expand_as(asked), arm[..., None], line[..., None], slope], dim=-1))
        for block in self.blocks:
            question = block(question, context)
            context = block(context, context)
        return line + self.answer(question)[..., 0]


def ridge(columns: Tensor, y: Tensor, penalty: float = 1e-2) -> Tensor:
    """Coefficients of y [B, n] in columns [B, n, k], [B, k, 1]; the penalty is that of a share of the rows."""
    eye = torch.eye(columns.shape[-1], dtype=columns.dtype)
    return torch.linalg.solve(columns.mT @ columns + penalty * columns.shape[1] * eye, columns.mT @ y[..., None])


def _columns(x: Tensor, t: Tensor) -> Tensor:
    return torch.cat([t[..., None], x, torch.ones_like(t)[..., None]], dim=-1)
