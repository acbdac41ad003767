"""Training on an endless stream of effect tasks, for a number of steps."""

import math
import time
from dataclasses import dataclass, field
from typing import Any

import torch
from networks.progress import Progress
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader

import ancestral as anc

from .network import EffectLearner
from .tasks import EffectTasks, effect_tasks

_WARM_UP = 100  # Steps over which the learning rate rises.
_HIGHEST_RATE = 1.5e-3
_VALIDATE_EVERY = 100
_LARGEST = 10.0  # A standardised outcome beyond tells of a heavy tail and would outweigh all others.


@dataclass
class History:
    """What training went through."""

    steps: int = 0
    tasks: int = 0
    seconds: float = 0.0
    waited: float = 0.0
    """Seconds of it in which the loop waited for the next batch."""
    loss: list[tuple[int, float]] = field(default_factory=list)
    """(step, smoothed squared error of an outcome, in variances of Y)."""
    pehe: list[tuple[int, float]] = field(default_factory=list)
    """(step, PEHE on the validation tasks)."""


def train(network: EffectLearner, stream: anc.MetaIterableDataset, valid: EffectTasks, steps: int) -> History:
    """Trains for so many steps, or until Ctrl-C; the learning rate follows the steps, so that two runs are alike."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.0, weight_decay=1e-2)
    history, smooth, progress = History(), math.nan, Progress(steps)
    batches: Any = iter(DataLoader(stream, batch_size=None))
    started = time.perf_counter()
    try:
        while history.steps < steps:
            asked = time.perf_counter()
            tasks = effect_tasks(next(batches))
            history.waited += time.perf_counter() - asked
            warm = min(1.0, (history.steps + 1) / _WARM_UP)
            for group in optimizer.param_groups:
                group["lr"] = _HIGHEST_RATE * warm * (0.01 + 0.99 * (0.5 + 0.5 * math.cos(math.pi * history.steps / steps)))
            wanted = tasks.outcomes.clamp(-_LARGEST, _LARGEST)
            found = answers(network, tasks)
            # Both arms of a unit have one noise, so that their difference is told far more exactly than either.
            loss = functional.smooth_l1_loss(found, wanted) + 4 * functional.smooth_l1_loss(
                found[..., 1] - found[..., 0], wanted[..., 1] - wanted[..., 0]
            )
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            history.steps += 1
            history.tasks += len(tasks.x)
            smooth = loss.item() if math.isnan(smooth) else 0.98 * smooth + 0.02 * loss.item()
            spent = time.perf_counter() - started
            progress.step(history.steps, f"loss {smooth:.3f}, {history.tasks / spent:.0f} tasks/s")
            if history.steps % 10 == 0:
                history.loss.append((history.steps, smooth))
            if history.steps % _VALIDATE_EVERY == 0 or history.steps == steps:
                history.pehe.append((history.steps, pehe(effects(network, valid), valid)))
    except KeyboardInterrupt:
        progress.say("Stopped early; testing what was learned so far.")
    history.seconds = time.perf_counter() - started
    progress.close()
    if not history.pehe:
        history.pehe.append((history.steps, pehe(effects(network, valid), valid)))
    return history


def answers(network: EffectLearner, tasks: EffectTasks) -> Tensor:
    """The outcome in each arm, [B, m, 2]."""
    rows = tasks.asked.shape[1]
    asked = tasks.asked.repeat(1, 2, 1)
    arm = tasks.arms[:, :1].repeat(1, rows), tasks.arms[:, 1:].repeat(1, rows)
    found = network(tasks.mask, tasks.x, tasks.t, tasks.y, asked, torch.cat(arm, dim=1))
    return torch.stack([found[:, :rows], found[:, rows:]], dim=-1)


def effects(network: EffectLearner, tasks: EffectTasks) -> Tensor:
    """What the network answers to the question for the effect of each row, [B, m]."""
    network.eval()
    with torch.no_grad():
        parts = [answers(network, EffectTasks(*(array[i : i + 32] for array in tasks))) for i in range(0, len(tasks.x), 32)]
    network.train()
    found = torch.cat(parts)
    return found[..., 1] - found[..., 0]


def pehe(found: Tensor, tasks: EffectTasks) -> float:
    """The median over tasks of √mean (effect − CATE)², in standard deviations of Y.

    Hill, "Bayesian nonparametric modeling for causal inference", JCGS 20 (2011).
    """
    return float((found - tasks.effect).square().mean(1).sqrt().median())


def ate_error(found: Tensor, tasks: EffectTasks) -> float:
    """The median over tasks of |mean effect − ATE|, in standard deviations of Y."""
    return float((found.mean(1) - tasks.average).abs().median())
