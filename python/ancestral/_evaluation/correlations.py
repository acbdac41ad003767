"""The baseline of every evaluation: the absolute correlation of two variables, the same both ways."""

import torch
from torch import Tensor

from .given_batches import GivenBatch


def absolute_correlation(batch: GivenBatch) -> Tensor:
    """|corr| of the columns of X, float64 [B, d, d] on the CPU; 0 where a column is constant."""
    x = batch.x.detach().to(device="cpu", dtype=torch.float64)
    rows = x.new_ones(x.shape[:2]) if batch.row_mask is None else batch.row_mask.to(device="cpu", dtype=x.dtype)
    weights = rows[..., None] / rows.sum(dim=1).clamp(min=1)[:, None, None]
    centred = (x - (weights * x).sum(dim=1, keepdim=True)) * weights.sqrt()
    scale = centred.square().sum(dim=1).sqrt()
    products = scale[:, :, None] * scale[:, None, :]
    found = (centred.mT @ centred).abs() / products.where(products > 0, products.new_ones(()))
    # Both directions get the same number, to the bit: rankings see a tie, and no rounding error that breaks it.
    return ((found + found.mT) / 2).clamp(max=1.0)
