"""Loading: makes the loaders of a run's datasets."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.utils.data

from ..._engine.checks import check_callable, truth, unstopped, whole_number
from ..._engine.threads import checked_threads
from ..._mechanisms.forward import check_device
from ..batches.collate import collate
from ..batches.device_tensors import can_pin
from ..batches.normalize import check_normalize
from ..sets.fixed_dataset import MetaFixedDataset
from ..stream.iterable_dataset import MetaIterableDataset
from .device_loader import DeviceLoader
from .fixed_batches import FixedBatches
from .task_loader import MOST_BATCHES_AHEAD, TaskLoader
from .worker_loader import WorkerLoader
from .worker_settings import check_loader_settings

_MOST_WORKERS = 1 << 12
_MOST_TASKS = 1 << 20


class Loading:
    """The settings of a DataModule's loaders, checked: TaskLoaders, or DataLoaders where there are workers."""

    def __init__(
        self,
        *,
        batch_size: int,
        normalize: str,
        collate_fn: Callable[[Any], Any] | None,
        num_workers: int,
        threads: int | None,
        prefetch: int,
        pin_memory: bool,
        device: torch.device | str | None,
        loader_settings: Any,
    ) -> None:
        self.batch_size = whole_number(batch_size, "batch_size", 1, _MOST_TASKS)
        self.num_workers = whole_number(num_workers, "num_workers", 0, _MOST_WORKERS)
        normalize = check_normalize(normalize)
        own = check_callable(collate_fn, "collate_fn")
        self._finish = None if own is None and normalize == "none" else _Finish(normalize, own)
        self._threads = None if threads is None else checked_threads(threads)
        self._prefetch = whole_number(prefetch, "prefetch", 0, MOST_BATCHES_AHEAD)
        self._pin_memory = truth(pin_memory, "pin_memory") and can_pin()
        self.device = None if device is None else check_device(device)
        self._settings = check_loader_settings(loader_settings, self.num_workers)

    def loader(self, dataset: MetaIterableDataset | MetaFixedDataset) -> Iterable[Any]:
        """The batches of a dataset, the same ones for any number of threads and workers."""
        if self.num_workers == 0:
            return TaskLoader(
                dataset,
                batch_size=self.batch_size,
                threads=self._threads,
                prefetch=self._prefetch,
                pin_memory=self._pin_memory,
                device=self.device,
                collate_fn=self._finish,
            )
        batches: torch.utils.data.Dataset[Any]
        batches = dataset if isinstance(dataset, MetaIterableDataset) else FixedBatches(dataset, self.batch_size)
        loader = WorkerLoader(
            batches,
            batch_size=None,
            num_workers=self.num_workers,
            pin_memory=self._pin_memory,
            collate_fn=self._finish,
            **self._settings,
        )
        return loader if self.device is None else DeviceLoader(loader, self.device)

    def of_sets(self, sets: Mapping[str, MetaFixedDataset], part: str) -> Any:
        """A loader for each set of a part ("val" or "test") by its own name, or that of the only one, which has none."""
        if part in sets:
            return self.loader(sets[part])
        return {name[len(part) + 1 :]: self.loader(found) for name, found in sets.items() if name.startswith(f"{part}/")}


@dataclass(frozen=True)
class _Finish:
    """Normalises a stacked batch as `collate` does, then gives it to the user's own function."""

    normalize: str
    own: Callable[[Any], Any] | None

    def __call__(self, batch: Any) -> Any:
        normalized = batch if self.normalize == "none" else collate(batch, normalize=self.normalize)
        return normalized if self.own is None else unstopped(self.own, "collate_fn", normalized)
