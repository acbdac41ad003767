"""One file of a corpus: a fixed set's file (see set_file.py) whose bytes depend on nothing but the plan.

Beside a fixed set's metadata it has base_seed (16 hex digits), first_task (a number), reserved (SHA-256 of what the plan says
of it) and crc32 (8 hex digits, of the tensors one after the other: the arrays in the order of their layout, seeds, hashes),
which tells a whole file from a damaged one before there is an index.
"""

import zlib
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor

from .._data.sets.set_file import SetPlan
from .._engine.errors import ConfigError
from .._engine.memory import empty
from .._files.atomic import refused, replacing
from .._files.checksums import checksum
from .._files.tensor_reader import TensorFile
from .plan import CorpusPlan


def shard_name(shard: int) -> str:
    """The name of a shard's file."""
    return f"shard-{shard:08d}.safetensors"


def make_shard(folder: Path, plan: CorpusPlan, shard: int, threads: int) -> str:
    """Makes a shard unless it is there; gives the SHA-256 of its file, 64 hex digits. ConfigError when it can't be written."""
    path = folder / shard_name(shard)
    if not _is_whole(path, plan, shard):
        seeds = plan.seeds(plan.first(shard), plan.count(shard))
        tensors = _layout(plan, shard, seeds).drawn(plan.filling, seeds, threads)
        with refused("out_dir", folder), replacing(path, shared=True) as temporary:
            _layout(plan, shard, seeds, crc32=_crc(tensors)).write(temporary, tensors)
    try:
        return checksum(path)
    except OSError as error:
        raise ConfigError(f"{path} can't be read again ({error}): out_dir must be a folder that can be read.") from None


def _layout(plan: CorpusPlan, shard: int, seeds: Tensor, **more: str) -> SetPlan:
    metadata = {**plan.shard_metadata, "first_task": str(plan.first(shard)), **more}
    filling, found = plan.filling, plan.description["fingerprint"]
    return SetPlan.of(plan.family, filling.n_samples, seeds, plan.config, metadata, design=filling.design, fingerprint=found)


def _is_whole(path: Path, plan: CorpusPlan, shard: int) -> bool:
    """True if the file is there, is this shard of this corpus, and has lost nothing."""
    layout = plan.filling.layout
    try:
        file = TensorFile(path)
        if any(file.entry(array.name).shape != (plan.count(shard), *array.shape) for array in layout):
            return False
        tensors = {name: file.whole(name) for name in (*(array.name for array in layout), "seeds", "hashes")}
    except OSError:
        return False
    return file.metadata == _layout(plan, shard, empty(0, dtype=torch.int64), crc32=_crc(tensors)).metadata


def _crc(tensors: dict[str, Tensor]) -> str:
    value = 0
    for tensor in tensors.values():
        value = zlib.crc32(cast(Any, tensor.contiguous().numpy()), value)
    return f"{value:08x}"
