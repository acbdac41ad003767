"""The engine's version and schema, its families, and the seeds of their tasks."""

from ctypes import byref, c_int32, c_int64, c_uint64

import torch
from torch import Tensor

from ..memory import empty
from .calls import call, text
from .handles import Handle, create


def version() -> str:
    """The engine's version, such as "0.1.0"."""
    return text("anc_version")


def schema() -> str:
    """The JSON Schema of a family's configuration."""
    return text("anc_schema")


def presets() -> str:
    """The published families: a JSON list of {"name", "source", "config"}."""
    return text("anc_presets")


def family_create(json: str) -> Handle:
    """Makes a family from its configuration, or that of a mixture, a JSON object; a fault in it is a ConfigError."""
    family, is_long = create("family", json.encode("utf-8")), c_int32()
    call("anc_family_has_long_tasks", family.pointer, byref(is_long))
    family.is_long = bool(is_long.value)
    return family


def family_config(family: Handle) -> str:
    """The canonical JSON of a family's configuration, defaults spelled out."""
    return text("anc_family_config", family.pointer)


def family_fingerprint(family: Handle) -> str:
    """64 hex digits that are equal for equal configurations on every machine."""
    return text("anc_family_fingerprint", family.pointer)


def family_max_nodes(family: Handle) -> int:
    """The largest number of nodes that a task of the family has: the width of padded tensors."""
    out = c_int64()
    call("anc_family_max_nodes", family.pointer, byref(out))
    return out.value


def family_components(family: Handle, seeds: Tensor) -> Tensor:
    """The number of the mixture's component behind each seed, int32 like `seeds` [count], which are int64 bit patterns."""
    out = empty(len(seeds), dtype=torch.int32)
    call("anc_family_components", family.pointer, seeds.data_ptr(), len(seeds), out.data_ptr())
    return out


def stream_seeds(base_seed: int, offset: int, epoch: int, first: int, count: int) -> Tensor:
    """Seeds of training tasks first .. first + count - 1: int64 [count], the bits of uint64.

    `offset` is -1 for the elastic order, else rank * num_workers + worker_id; `epoch` is -1 for none.
    """
    out = empty(count, dtype=torch.int64)
    call("anc_stream_seeds", base_seed, offset, epoch, first, count, out.data_ptr())
    return out


def fixed_seeds(base_seed: int, first: int, count: int) -> Tensor:
    """Seeds of a fixed set's tasks first .. first + count - 1: int64 [count], the bits of uint64."""
    out = empty(count, dtype=torch.int64)
    call("anc_fixed_seeds", base_seed, first, count, out.data_ptr())
    return out


def retry_seed(seed: int, attempt: int) -> int:
    """The seed of attempt >= 1 at the task whose first seed is `seed`; both in [0, 2^64)."""
    out = c_uint64()
    call("anc_retry_seed", seed, attempt, byref(out))
    return out.value
