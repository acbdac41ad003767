"""DeviceLoader: a loader's batches on a device."""

from collections.abc import Iterable, Iterator
from typing import Any

import torch

from ..batches.device_tensors import on_device


class DeviceLoader:
    """The batches of a DataLoader, each moved to a device when it is taken."""

    def __init__(self, loader: Iterable[Any], device: torch.device) -> None:
        self.loader = loader
        self.device = device

    def __iter__(self) -> Iterator[Any]:
        return (on_device(batch, self.device) for batch in iter(self.loader))  # Begun now, not with the first batch.

    def __len__(self) -> int:
        """That of the loader."""
        return len(self.loader)  # pyright: ignore[reportArgumentType]
