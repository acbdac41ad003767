"""Opening of files that must be regular ones."""

import os
import stat
from pathlib import Path
from typing import BinaryIO


def regular_descriptor(path: Path) -> int:
    """The descriptor of a file for reading. OSError where it can't be read or is something else."""
    # Without O_NONBLOCK, opening a pipe would wait for its writer, without end.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("it must be a regular file")
    return descriptor


def stamp(status: os.stat_result) -> tuple[int, ...]:
    """What tells a file from another in its place, and from itself before somebody wrote into it."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def open_regular(path: Path) -> BinaryIO:
    """A file for reading, as of `regular_descriptor`."""
    return os.fdopen(regular_descriptor(path), "rb")
