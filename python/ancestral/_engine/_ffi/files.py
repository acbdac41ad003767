"""Files: fixed sets, the registries of runs, and their verification."""

import os

import torch
from torch import Tensor

from ..errors import ConfigError
from ..memory import empty
from .calls import LONG_TEXT, long_text, text
from .handles import pointer


def verify(path: str, options: str) -> str:
    """A JSON list of what is wrong with a fixed set's file or a run's registry; `options` is the JSON that the header names."""
    return long_text("anc_verify", _engine_path(path), options.encode())


def run_read(folder: str, configs: str | None = None) -> str:
    """JSON that says what a run's registry holds, as the header says; `configs` is what config.yaml of an older run holds."""
    return text("anc_run_read", _engine_path(folder), None if configs is None else configs.encode(), room=LONG_TEXT)


def tensors_read(descriptor: int) -> str:
    """JSON that says what an open safetensors file holds, as the header says. ConfigError unless it is one."""
    return text("anc_tensors_read", descriptor, room=LONG_TEXT)


def set_plan(described: str, seeds: Tensor) -> tuple[str, Tensor]:
    """JSON that says how a fixed set's file is written, as the header says, and its tensor of seeds, uint8 [count, 8]."""
    count = seeds.numel()
    stored = empty(count, 8, dtype=torch.uint8)
    given = pointer(seeds, "seeds", torch.int64, count), count, stored.data_ptr()
    return text("anc_set_plan", described.encode(), *given, room=LONG_TEXT), stored


def _engine_path(path: str) -> bytes:
    given = os.fsencode(path)
    try:
        given.decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigError(
            f"path = {path!r}: must be UTF-8, as the engine that reads it takes paths to be; rename it, or give a link to it."
        ) from None
    return given
