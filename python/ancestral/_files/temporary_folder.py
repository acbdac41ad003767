"""Temporary folders that leave nothing behind."""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
import weakref
from pathlib import Path

_PREFIX = "ancestral-"
_LOCK = ".lock"
_SECONDS_TO_LOCK = 60


class TemporaryFolder:
    """A folder that is removed with its last holder, or at the end of the process that made it.

    A forked child leaves it alone. What processes left that were killed is removed by the next that makes one: a lock on a
    file inside, which the kernel frees, tells whether its owner lives.
    """

    def __init__(self) -> None:
        _sweep(Path(tempfile.gettempdir()))
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX)).absolute()
        descriptor = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        weakref.finalize(self, _remove, self.path, descriptor, os.getpid())
        with contextlib.suppress(OSError):  # Some file systems have no locks.
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        _folders[self.path] = self


_folders: "weakref.WeakValueDictionary[Path, TemporaryFolder]" = weakref.WeakValueDictionary()


def folder_at(path: Path | None) -> TemporaryFolder | None:
    """The folder of that path, if it was made in this process, or one that this was forked from, and is still held."""
    return None if path is None else _folders.get(path)


def _remove(path: Path, descriptor: int, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(path, ignore_errors=True)
        os.close(descriptor)


def _sweep(parent: Path) -> None:
    """Removes the folders of processes that are no more."""
    for left in parent.glob(f"{_PREFIX}*/{_LOCK}"):
        # Another process may be removing it too, or it is another user's.
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime < _SECONDS_TO_LOCK:
                continue
            descriptor = os.open(left, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left.parent, ignore_errors=True)
            finally:
                os.close(descriptor)
