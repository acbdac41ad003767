"""Training on an endless stream of tasks, for a time."""

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

from .metrics import correlation, quality
from .network import StructureLearner, edge_probabilities

_WARM_UP = 50  # Steps over which the learning rate rises.
_HIGHEST_RATE = 5e-3
_VALIDATE_EVERY = 100


@dataclass(frozen=True)
class Budget:
    """When training ends: after `seconds`, but not before `least_steps` unless `most_seconds` are over.

    So a slow or busy machine gets a network that has learnt something, and nobody waits for ever. `most_steps` ends it
    earlier; 0 is no such limit.
    """

    seconds: float
    most_seconds: float
    least_steps: int
    most_steps: int = 0

    def used(self, seconds: float, steps: int) -> float:
        """The share that is used up after so many seconds and steps; training ends at 1."""
        wanted = min(seconds / self.seconds, steps / self.least_steps if self.least_steps else math.inf)
        return max(wanted, seconds / self.most_seconds, steps / self.most_steps if self.most_steps else 0.0)


@dataclass
class History:
    """What training went through."""

    steps: int = 0
    tasks: int = 0
    seconds: float = 0.0
    waited: float = 0.0
    """Seconds of it in which the loop waited for the next batch."""
    baseline: float = math.nan
    """What |corr| reaches on the validation tasks: mean AUROC per task."""
    loss: list[tuple[int, float]] = field(default_factory=list)
    """(step, smoothed cross-entropy per ordered pair in nats)."""
    auroc: list[tuple[int, float]] = field(default_factory=list)
    """(step, mean AUROC per validation task)."""

    @property
    def share_waiting(self) -> float:
        return self.waited / self.seconds


def train(network: StructureLearner, stream: anc.MetaIterableDataset, x: Tensor, graphs: Tensor, budget: Budget) -> History:
    """Trains until the budget is used up, or until Ctrl-C; the learning rate follows the share that is used.

    The validation tasks are x [N, n, d], standardised per task, and graphs [N, d, d], A[i, j] == 1 means i -> j.
    """
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.0, weight_decay=1e-2, betas=(0.9, 0.98))
    different = ~torch.eye(graphs.shape[1], dtype=torch.bool)
    history = History(baseline=quality(correlation(x), graphs, 0.5).auroc)
    smooth = math.nan
    progress = Progress(budget.most_steps or None)

    def validate() -> None:
        history.auroc.append((history.steps, quality(edge_probabilities(network, x), graphs, 0.5).auroc))

    batches: Any = iter(DataLoader(stream, batch_size=None))
    started = time.perf_counter()
    try:
        while (used := budget.used(time.perf_counter() - started, history.steps)) < 1:
            asked = time.perf_counter()
            rows, truth = anc.collate(next(batches), normalize="standardize")
            history.waited += time.perf_counter() - asked
            warm = min(1.0, (history.steps + 1) / _WARM_UP)
            for group in optimizer.param_groups:
                group["lr"] = _HIGHEST_RATE * warm * (0.01 + 0.99 * (0.5 + 0.5 * math.cos(math.pi * used)))
            loss = functional.binary_cross_entropy_with_logits(network(rows)[:, different], truth[:, different])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            history.steps += 1
            history.tasks += len(rows)
            smooth = loss.item() if math.isnan(smooth) else 0.98 * smooth + 0.02 * loss.item()
            spent = time.perf_counter() - started
            waiting = 100 * history.waited / spent
            progress.step(
                history.steps, f"loss {smooth:.3f}, {history.tasks / spent:.0f} tasks/s, {waiting:.1f} % waiting for data"
            )
            if history.steps % 10 == 0:
                history.loss.append((history.steps, smooth))
            if history.steps % _VALIDATE_EVERY == 0:
                validate()
    except KeyboardInterrupt:
        progress.say("Stopped early; testing what was learned so far.")
    history.seconds = time.perf_counter() - started
    progress.close()
    if history.steps % _VALIDATE_EVERY:
        validate()
    return history
