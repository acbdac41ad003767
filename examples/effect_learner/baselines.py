"""What needs no training: the difference in means, and linear adjustment for the covariates."""

import torch
from torch import Tensor

from .tasks import EffectTasks

_RIDGE = 1e-4


def difference_in_means(tasks: EffectTasks) -> Tensor:
    """The slope of Y in T, all else left aside, times the difference of the arms, for each row that is asked about [B, m].

    Of a binary treatment that is the difference of the arms' mean outcomes.
    """
    t = tasks.t - tasks.t.mean(1, keepdim=True)
    y = tasks.y - tasks.y.mean(1, keepdim=True)
    slope = (t * y).sum(1) / (t * t).sum(1).clamp(min=1e-6)
    return (slope * (tasks.arms[:, 1] - tasks.arms[:, 0]))[:, None].expand(tasks.effect.shape)


def linear_adjustment(tasks: EffectTasks) -> Tensor:
    """The coefficient of T in a ridge regression of Y on T and the covariates, times the difference of the arms [B, m]."""
    columns = torch.cat([tasks.t[..., None], tasks.x, torch.ones_like(tasks.t)[..., None]], dim=-1).double()
    gram = columns.mT @ columns + _RIDGE * columns.shape[1] * torch.eye(columns.shape[-1], dtype=torch.float64)
    slope = torch.linalg.solve(gram, columns.mT @ tasks.y.double()[..., None])[:, 0, 0].float()
    return (slope * (tasks.arms[:, 1] - tasks.arms[:, 0]))[:, None].expand(tasks.effect.shape)
