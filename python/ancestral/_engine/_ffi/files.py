"""Files: fixed sets, the registries of runs, and their verification."""

import os

import torch
from torch import Tensor

from ..memory import empty
from .calls import LONG_TEXT, long_text, text
from .handles import pointer


def verify(path: str, options: str) -> str:
    """A JSON list of what is wrong with a fixed set's file or a run's registry; `options` is the JSON that the header names."""
    return long_text("anc_verify", os.fsencode(path), options.encode())


def run_read(folder: str, configs: str | None = None) -> str:
    """JSON that says what a run's registry holds, as the header says; `configs` is what config.yaml of an older run holds."""
    return text("anc_run_read", os.fsencode(folder), None if configs is None else configs.encode(), room=LONG_TEXT)


def tensors_read(descriptor: int) -> str:
    """JSON that says what an open safetensors file holds, as the header says. ConfigError unless it is one."""
    return text("anc_tensors_read", descriptor, room=LONG_TEXT)


def set_plan(described: str, seeds: Tensor) -> tuple[str, Tensor]:
    """JSON that says how a fixed set's file is written, as the header says, and its tensor of seeds, uint8 [count, 8]."""
    count = seeds.numel()
    stored = empty(count, 8, dtype=torch.uint8)
    given = pointer(seeds, "seeds", torch.int64, count), count, stored.data_ptr()
    return text("anc_set_plan", described.encode(), *given, room=LONG_TEXT), stored
