"""DeviceLoader: a loader's batches on a device."""

from collections.abc import Iterable, Iterator
from typing import Any

import torch

from ..._mechanisms.forward import check_present
from ..batches.device_tensors import on_device


class DeviceLoader:
    """The batches of a DataLoader, each moved to a device when it is taken."""

    def __init__(self, loader: Iterable[Any], device: torch.device) -> None:
        self.loader = loader
        self.device = device

    def __iter__(self) -> Iterator[Any]:
        batches = iter(self.loader)  # Begun now, not with the first batch; workers are forked before the device is used.
        device = check_present(str(self.device))
        return (on_device(batch, device) for batch in batches)

    def __len__(self) -> int:
        """That of the loader."""
        return len(self.loader)  # pyright: ignore[reportArgumentType]
