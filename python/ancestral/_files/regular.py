"""Opening of files that must be regular ones."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from .._engine.errors import ConfigError, EngineError


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


def unreadable(called: str, error: OSError, remedy: str) -> Exception:
    """The sentence on a file that can't be read. `remedy`, by which it is made anew, is for one that is missing or damaged:
    one that only this process can't read just now may be whole."""
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return EngineError(f"{called} can't be opened ({error}): let the process have more files open (`ulimit -n`).")
    if error.errno in (None, errno.ENOENT, errno.ENOTDIR):
        return ConfigError(f"{called} can't be read ({error}): {remedy}.")
    return ConfigError(f"{called} can't be read ({error}): this process must be able to read it.")
