"""One trainer for all networks here: on a processor, on a GPU, or on several processes under torchrun.

Batch k, the noise of step k and its learning rate are functions of the seed and of k: two runs of one machine are alike, and so
is a run that was interrupted and goes on from its checkpoint.
"""

import functools
import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

import ancestral as anc

from .checkpoint import load_checkpoint, save_checkpoint
from .progress import Progress

_SMOOTH = 0.98  # Of the loss that is shown.


@dataclass(frozen=True)
class Plan:
    """What a run is to do. The learning rate rises over `warm_up` steps and falls along a cosine to a hundredth.

    Raises ValueError for numbers of which no run can be.
    """

    steps: int
    rate: float
    warm_up: int = 50
    weight_decay: float = 1e-2
    second_moment: float = 0.98
    """β₂ of AdamW."""
    validate_every: int = 100
    save_every: int = 500
    seed: int = 0
    mixed: bool | None = None
    """bfloat16 where it is safe; None: on a GPU that has it."""

    def __post_init__(self) -> None:
        for name, least in {"steps": 1, "validate_every": 1, "save_every": 1, "warm_up": 0, "seed": 0}.items():
            if not getattr(self, name) >= least:
                raise ValueError(f"{name} = {getattr(self, name)}: must be at least {least}.")
        for name, low, high in (("rate", 0, math.inf), ("weight_decay", 0, math.inf), ("second_moment", 0, 1)):
            if not low <= getattr(self, name) < high:
                raise ValueError(f"{name} = {getattr(self, name)}: must be from {low} to below {high}.")

    def rate_at(self, step: int) -> float:
        """The learning rate of a step, counted from 0."""
        warm = min(1.0, (step + 1) / max(self.warm_up, 1))
        return self.rate * warm * (0.01 + 0.99 * (0.5 + 0.5 * math.cos(math.pi * step / self.steps)))


@dataclass
class History:
    """What training went through."""

    steps: int = 0
    tasks: int = 0
    """Of all processes together."""
    seconds: float = 0.0
    waited: float = 0.0
    """Seconds of it in which the loop waited for the next batch."""
    smooth: float = math.nan
    loss: list[tuple[int, float]] = field(default_factory=list)
    """(step, smoothed loss)."""
    validated: list[tuple[int, float]] = field(default_factory=list)
    """(step, what `validate` said)."""

    @property
    def share_waiting(self) -> float:
        return self.waited / max(self.seconds, 1e-9)

    @property
    def tasks_per_second(self) -> float:
        return self.tasks / max(self.seconds, 1e-9)

    @property
    def told(self) -> str:
        """A sentence of the time that it took."""
        return (
            f"{self.steps} steps on {self.tasks} tasks in {self.seconds:.0f} s ({self.tasks_per_second:.0f} tasks/s), "
            f"{100 * self.share_waiting:.1f} % of it waiting for data."
        )


class _Loss(nn.Module):
    """A network's loss as a module's call, which is what DistributedDataParallel asks for."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor, graphs: Tensor) -> Tensor:
        return self.network.loss(x, graphs)


def train(
    network: Any,
    stream: anc.MetaIterableDataset,
    plan: Plan,
    validate: Callable[[], float] | None = None,
    folder: Path | None = None,
) -> History:
    """Trains a network, which lies on the device that is used, until the plan's last step or Ctrl-C.

    `network` is a module with `loss(x, graphs)` and `after_step()`; x [B, n, d] is standardised per task, graphs [B, d, d] have
    1 at (i, j) for i -> j. With a `folder` there is a checkpoint in it every `save_every` steps, and a run whose checkpoint is
    there goes on from it. Under torchrun each process calls this; `stream` then gives each its share, and rank 0 writes.

    ValueError for a checkpoint of another plan, other rows or other reserved graphs, and for a stream of other items than X and
    adjacency of one number of nodes.
    """
    device = next(network.parameters()).device
    rank, world = _ranks()
    model: nn.Module = _Loss(network)
    if world > 1:
        model = DistributedDataParallel(model)
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.0, weight_decay=plan.weight_decay, betas=(0.9, plan.second_moment))
    standardize = functools.partial(anc.collate, normalize="standardize")
    here = device.type == "cpu"  # A GPU standardises what has arrived sooner than the loader's thread does.
    loader = anc.TaskLoader(
        stream,
        batch_size=stream.batch_size or 1,
        threads=1 if here else None,
        pin_memory=not here,
        device=None if here else device,
        collate_fn=standardize if here else None,
    )
    history = History()
    if folder is not None:
        _restore(folder / "checkpoint.pt", network, optimizer, loader, stream, plan, history)
    mixed = device.type == "cuda" and torch.cuda.is_bf16_supported() if plan.mixed is None else plan.mixed
    progress = Progress(plan.steps)
    before = history.seconds
    started = time.perf_counter()
    try:
        with loader:
            batches = iter(loader)
            while history.steps < plan.steps:
                asked = time.perf_counter()
                batch = next(batches)
                history.waited += time.perf_counter() - asked
                if not isinstance(batch, anc.Task):
                    raise ValueError(f"stream = {stream!r}: must give X and adjacency of tasks that have as many nodes each.")
                x, graphs = batch if here else standardize(batch)
                torch.manual_seed(_noise_seed(plan.seed, history.steps, rank))
                with torch.autocast(device.type, torch.bfloat16, enabled=mixed):
                    loss = model(x, graphs)
                _step(network, optimizer, loss, plan.rate_at(history.steps))
                _count(history, loss.item(), len(x) * world)
                history.seconds = before + time.perf_counter() - started
                progress.step(history.steps, _note(history))
                if validate is not None and history.steps % plan.validate_every == 0:
                    history.validated.append((history.steps, validate()))
                if folder is not None and rank == 0 and (history.steps % plan.save_every == 0 or history.steps == plan.steps):
                    save_checkpoint(folder / "checkpoint.pt", _state(network, optimizer, loader, stream, plan, history))
    except KeyboardInterrupt:
        progress.say("Stopped early; testing what was learned so far.")
    history.seconds = before + time.perf_counter() - started
    progress.close()
    if validate is not None and (not history.validated or history.validated[-1][0] != history.steps):
        history.validated.append((history.steps, validate()))
    return history


def _step(network: Any, optimizer: torch.optim.Optimizer, loss: Tensor, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    network.after_step()


def _count(history: History, loss: float, tasks: int) -> None:
    history.steps += 1
    history.tasks += tasks
    history.smooth = loss if math.isnan(history.smooth) else _SMOOTH * history.smooth + (1 - _SMOOTH) * loss
    if history.steps % 10 == 0:
        history.loss.append((history.steps, history.smooth))


def _note(history: History) -> str:
    waiting = 100 * history.share_waiting
    return f"loss {history.smooth:.3f}, {history.tasks_per_second:.0f} tasks/s, {waiting:.1f} % waiting for data"


def _noise_seed(*words: int) -> int:
    """A seed for torch, of which it takes 32 bits alone, from the run's seed, the step and the rank."""
    return int(np.random.SeedSequence(words).generate_state(1)[0])


def _ranks() -> tuple[int, int]:
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return torch.distributed.get_rank(), torch.distributed.get_world_size()
    return 0, 1


def _state(
    network: Any, optimizer: Any, loader: anc.TaskLoader, stream: anc.MetaIterableDataset, plan: Plan, history: History
) -> dict[str, Any]:
    return {
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "stream": loader.state_dict(),
        "plan": asdict(plan),
        "data": _data(stream),
        "history": asdict(history),
    }


def _data(stream: anc.MetaIterableDataset) -> dict[str, Any]:
    """What decides a stream's batches and its own state doesn't say."""
    reserved = stream.reserved or anc.HashRegistry()
    digest = hashlib.sha256("\n".join([reserved.level, *sorted(reserved)]).encode()).hexdigest()
    return {"n_samples": stream.n_samples, "reserved": f"{len(reserved)} graphs, {digest[:16]}"}


def _restore(
    path: Path,
    network: Any,
    optimizer: Any,
    loader: anc.TaskLoader,
    stream: anc.MetaIterableDataset,
    plan: Plan,
    history: History,
) -> None:
    """Sets all to what the checkpoint says, if there is one. ValueError for that of another plan or of other data."""
    state = load_checkpoint(path)
    if state is None:
        return
    for name, ours in (("plan", asdict(plan)), ("data", _data(stream))):
        if state.get(name) != ours:
            raise ValueError(f"{path}: is of the {name} {state.get(name)}, and this run has {ours}; take another folder.")
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    loader.load_state_dict(state["stream"])
    for name, value in state["history"].items():
        setattr(history, name, value)
