"""The rank of this process and the world size of a distributed run, and where they are found."""

import logging
import os
import warnings
from typing import NamedTuple

import torch.distributed

from ..._engine.checks import whole_number
from ..._engine.errors import ConfigError

_log = logging.getLogger("ancestral.data")
_MOST = 2**31 - 1


class Rank(NamedTuple):
    """A process of a distributed run, and how it is known."""

    rank: int
    world_size: int
    source: str


ALONE = Rank(0, 1, "the default, a single process")


def given_rank(rank: int | None, world_size: int | None) -> Rank | None:
    """The caller's own rank and world size: both or neither."""
    if rank is None and world_size is None:
        return None
    if rank is None or world_size is None:
        raise ConfigError(f"rank = {rank}, world_size = {world_size}: must be given together or not at all.")
    return _checked(rank, world_size, "rank", "world_size", "the arguments rank and world_size")


def find_rank(given: Rank | None = None, captured: Rank | None = None) -> Rank:
    """The rank that `known_rank` finds, else a single process; logs which rule fired.

    Warns when one of WORLD_SIZE and RANK says that there are others and the other one is missing, and where srun's own shell
    may be alone.
    """
    found = known_rank(given, captured)
    if found is None:
        found = ALONE
        world, rank = os.environ.get("WORLD_SIZE", ""), os.environ.get("RANK", "")
        if world not in ("", "1") or (not world and rank not in ("", "0")):
            warnings.warn(
                f"RANK = {rank or None}, WORLD_SIZE = {world or None}: neither torch.distributed nor the environment says "
                "which rank of how many this is: rank 0 of 1 is taken, and every process will see the same tasks; give rank "
                "and world_size, or set both.",
                stacklevel=3,
            )
    if found.rank == 0 and "SLURM" in found.source and os.environ.get("SLURM_PTY_PORT"):
        warnings.warn(
            f"SLURM_STEP_NUM_TASKS = {found.world_size}, in a shell that `srun --pty` started: rank 0 of {found.world_size} is "
            "taken, and this process will see its share of tasks alone; set RANK=0 and WORLD_SIZE=1 if there are no others.",
            stacklevel=3,
        )
    _log.info("rank %d of %d, from %s", *found)
    return found


def known_rank(given: Rank | None = None, captured: Rank | None = None) -> Rank | None:
    """The argument, torch.distributed, what was captured when the dataset was pickled, the environment: the first that applies.

    In the environment: RANK and WORLD_SIZE (torchrun), NODE_RANK and LOCAL_RANK (Lightning), OMPI_COMM_WORLD_RANK (mpirun),
    SLURM_PROCID of a step of several tasks, as srun starts them.
    """
    return given or _from_torch() or captured or _from_environment()


def _from_torch() -> Rank | None:
    distributed = torch.distributed
    if not distributed.is_available() or not distributed.is_initialized():
        return None
    return Rank(distributed.get_rank(), distributed.get_world_size(), "torch.distributed")


def _from_environment() -> Rank | None:
    rank, world = _number("RANK"), _number("WORLD_SIZE")
    if rank is not None and world is not None:
        return _checked(rank, world, "RANK", "WORLD_SIZE", "RANK and WORLD_SIZE")
    node, local, per_node = _number("NODE_RANK"), _number("LOCAL_RANK"), _number("LOCAL_WORLD_SIZE")
    if local is not None and world is not None and (node == 0 or (node is not None and per_node is not None)):
        return _checked(node * (per_node or 0) + local, world, "LOCAL_RANK", "WORLD_SIZE", "NODE_RANK and LOCAL_RANK")
    return _from_mpi() or _from_slurm() if local is None else None


def _from_mpi() -> Rank | None:
    rank, world = _number("OMPI_COMM_WORLD_RANK"), _number("OMPI_COMM_WORLD_SIZE")
    if rank is None or world is None or world == 1:
        return None
    return _checked(rank, world, "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "mpirun's OMPI_COMM_WORLD_RANK")


def _from_slurm() -> Rank | None:
    """SLURM_NTASKS alone says what a job may start, not what was started: a batch script, or a shell of salloc, is a single
    process with SLURM_PROCID = 0. Only srun, which starts the tasks of a step, sets SLURM_STEP_NUM_TASKS."""
    task, step, job = _number("SLURM_PROCID"), _number("SLURM_STEP_NUM_TASKS"), _number("SLURM_NTASKS")
    name, tasks = ("SLURM_STEP_NUM_TASKS", step) if step is not None else ("SLURM_NTASKS", job)
    if task is None or tasks is None or tasks == 1 or (step is None and task == 0):
        return None
    return _checked(task, tasks, "SLURM_PROCID", name, f"SLURM_PROCID and {name}")


def _number(name: str) -> int | None:
    text = os.environ.get(name, "")
    if not text:
        return None
    if not text.isdecimal():
        raise ConfigError(f"{name} = {text!r} in the environment: must be a whole number, 0 or more.")
    return int(text)


def _checked(rank: int, world_size: int, rank_name: str, world_name: str, source: str) -> Rank:
    world_size = whole_number(world_size, world_name, 1, _MOST)
    return Rank(whole_number(rank, rank_name, 0, world_size - 1), world_size, source)


def is_first_rank() -> bool:
    """True on rank 0, and where no rank is known."""
    return (known_rank() or ALONE).rank == 0
