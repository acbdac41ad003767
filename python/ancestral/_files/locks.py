"""A lock between the threads and processes that share a dataset."""

import contextlib
import fcntl
import os
from collections.abc import Generator


@contextlib.contextmanager
def locked(path: str) -> Generator[None]:
    """One process or thread at a time. A lock on a file that is there anyway, such as the caller's `__file__`, needs no handle
    in a pickle, and the kernel frees it when a worker is killed. Threads are told apart because each opens the file anew."""
    descriptor = _opened(path)
    try:
        # Some network file systems lock only what is open for writing. Without the lock all is well unless two DataLoaders
        # start over one dataset at the same moment.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)  # Not left to close: a process forked meanwhile holds a copy.
        os.close(descriptor)


def _opened(path: str) -> int:
    """A descriptor of the file, or of the archive that it is in where the package is imported from one."""
    try:
        return os.open(path, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        if os.path.dirname(path) in ("", path):
            raise
        return _opened(os.path.dirname(path))
