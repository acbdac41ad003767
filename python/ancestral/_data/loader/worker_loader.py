"""WorkerLoader: a torch DataLoader that says what helps when its process may open no more files."""

import errno
from collections.abc import Iterator
from typing import Any

from torch.utils.data import DataLoader

from ..._engine.errors import EngineError

# How torch and Python put it, beside an OSError of that number.
_SAID = ("Too many open files", "received 0 items of ancdata")


class WorkerLoader(DataLoader[Any]):
    """torch's own, with a sentence of ours for the error that ends it where many of its batches are kept."""

    def __iter__(self) -> Any:
        return _Batches(super().__iter__())


class _Batches(Iterator[Any]):
    def __init__(self, batches: Iterator[Any]) -> None:
        self._batches = batches

    def __next__(self) -> Any:
        try:
            return next(self._batches)
        except (OSError, RuntimeError) as error:
            known = isinstance(error, OSError) and error.errno == errno.EMFILE
            if isinstance(error, EngineError) or not (known or any(text in str(error) for text in _SAID)):
                raise
        raise EngineError(
            "Too many open files: a batch from DataLoader workers takes a file descriptor as long as any tensor of it is kept. "
            "Keep copies (tensor.clone()), which take none; or num_workers=0, whose threads need none; or allow more with "
            "`ulimit -n` or torch.multiprocessing.set_sharing_strategy('file_system')."
        )
