"""Checkpoints that are there whole or not at all, and that torch reads without running code of theirs."""

import os
from pathlib import Path
from typing import Any

import torch


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Writes tensors, numbers, texts, lists and dictionaries. A crash leaves the checkpoint before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def load_checkpoint(path: Path) -> dict[str, Any] | None:
    """What save_checkpoint wrote, on the processor's memory; None where there is none."""
    if not path.exists():
        return None
    return torch.load(path, map_location="cpu", weights_only=True)
