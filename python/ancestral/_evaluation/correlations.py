"""The baseline of every evaluation: the absolute correlation of two variables, the same both ways."""

import torch
from torch import Tensor

from .given_batches import GivenBatch


def absolute_correlation(batch: GivenBatch) -> Tensor:
    """|corr| of the columns of X, float64 [B, d, d] on the CPU; 0 where a column is constant.

    Classes count by their numbers, and missing cells not at all.
    """
    x = batch.x.detach().to(device="cpu", dtype=torch.float64)
    rows = x.new_ones(x.shape[:2]) if batch.row_mask is None else batch.row_mask.to(device="cpu", dtype=x.dtype)
    if batch.observed is not None:
        return _over_seen(x, batch.observed.to("cpu") & (rows > 0)[..., None])
    count = rows.sum(dim=1).clamp(min=1)[:, None, None]
    # Divided after the sum, which is exact for equal values: a constant column differs by 0 from its mean.
    centred = (x - (rows[..., None] * x).sum(dim=1, keepdim=True) / count) * (rows[..., None] / count).sqrt()
    scale = centred.square().sum(dim=1).sqrt()
    products = scale[:, :, None] * scale[:, None, :]
    found = (centred.mT @ centred).abs() / products.where(products > 0, products.new_ones(()))
    # Both directions get the same number, to the bit: rankings see a tie, and no rounding error that breaks it.
    return ((found + found.mT) / 2).clamp(max=1.0)


def _over_seen(x: Tensor, seen: Tensor) -> Tensor:
    """The same over the rows that have both cells, `seen`, bool [B, rows, d], each column by its own mean and deviation."""
    present = seen.to(x.dtype)
    count = present.sum(dim=1).clamp(min=1)
    held = torch.where(seen, x, 0)
    centred = torch.where(seen, held - (held.sum(dim=1) / count)[:, None], 0)
    scale = (centred.square().sum(dim=1) / count).sqrt()
    products = scale[:, :, None] * scale[:, None, :] * (present.mT @ present)
    found = (centred.mT @ centred).abs() / products.where(products > 0, products.new_ones(()))
    return ((found + found.mT) / 2).clamp(max=1.0)
