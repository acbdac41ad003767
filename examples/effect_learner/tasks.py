"""Effect tasks as a network and baselines read them."""

from typing import NamedTuple

import torch
from torch import Tensor

import ancestral as anc


class EffectTasks(NamedTuple):
    """Tasks on the scale of their context rows: mean 0 and deviation 1 of each column, of Y and of a continuous T."""

    mask: Tensor
    """Which covariates a task has, [B, p]."""
    x: Tensor
    """Covariates of the context rows, [B, n, p]."""
    t: Tensor
    y: Tensor
    """Treatment and outcome of the context rows, [B, n]."""
    asked: Tensor
    """Covariates of the rows that are asked about, [B, m, p]."""
    arms: Tensor
    """The two values of the treatment that are compared, [B, 2]."""
    outcomes: Tensor
    """What the rows that are asked about have under each, with their own noise, [B, m, 2]."""
    effect: Tensor
    """The effect given what comes before the treatment (CATE), [B, m]."""
    average: Tensor
    """The average effect (ATE), [B]."""


def effect_tasks(batch: dict[str, Tensor]) -> EffectTasks:
    """What a stream with effects yields, normalised by its context rows."""
    scaled = anc.collate(batch, normalize="standardize", rows="context")
    if "y0" in scaled:
        count = len(scaled["T"])
        arms = torch.tensor([0.0, 1.0]).expand(count, 2)
        outcomes = torch.stack([scaled["y0"], scaled["y1"]], dim=-1)
        effect, average = scaled["mu1"] - scaled["mu0"], scaled["ate"]
    else:  # A continuous treatment: from the lowest to the highest value of the grid.
        arms = scaled["grid"][:, [0, -1]]
        outcomes = scaled["y_at"][..., [0, -1]]
        effect = scaled["mu_at"][..., -1] - scaled["mu_at"][..., 0]
        average = scaled["dose_response"][:, -1] - scaled["dose_response"][:, 0]
    return EffectTasks(
        scaled["covariate_mask"], scaled["X"], scaled["T"], scaled["Y"], scaled["X_query"], arms, outcomes, effect, average
    )
