"""Files that appear whole or not at all, with the rights that the user's umask leaves."""

import contextlib
import errno
import glob
import os
import secrets
import stat
import time
from collections.abc import Generator
from pathlib import Path

from .._engine.errors import ConfigError

_SECONDS_TO_LEAVE = 24 * 60 * 60
# Names have 255 bytes on most file systems, and a temporary one is longer than its file's.
_MOST_OF_NAME = 200
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)  # Of file systems whose files have one name each.


@contextlib.contextmanager
def replacing(path: Path, *, shared: bool = False, first: bool = False) -> Generator[Path]:
    """Gives a temporary file beside `path`, which gets its name when the block ends without an error.

    What was written is on the disk before it gets its name, and the name before this ends, so that not even a power cut leaves
    a part. Its rights are what the umask leaves of 666, whatever those of an older file were. Where `path` is a link, the file
    behind it is written, and made if need be. A process that is killed meanwhile leaves its temporary file, `.NAME.TOKEN.tmp`,
    which nobody reads, and which the next write of the same file removes once it is a day old.

    `shared` is for files that several machines may be writing just now, with the same bytes each, and whose folder has many of
    them: it doesn't matter who comes last, and whoever comes first may remove what the others have begun. With `first` a file
    that is there by then stays.

    Raises OSError where `path` can't be written.
    """
    target = _behind_links(path)
    temporary = target.with_name(f"{_start(target)}{secrets.token_hex(8)}.tmp")
    if not shared:
        _sweep(target)
    try:
        # Not by `tempfile`, whose files are for their owner alone: the umask applies here without being read.
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
        yield temporary
        _sync(temporary)
        if not (first and _stays(temporary, target)):
            os.replace(temporary, target)
    except FileNotFoundError:
        # Another writer may have finished this very file meanwhile and swept up; then it is there.
        if not shared or os.path.lexists(temporary) or not target.is_file():
            raise
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # A file system that can't do that has done its best.
        _sync(target.parent)


def write_text(path: Path, text: str, *, shared: bool = False, first: bool = False) -> None:
    """Writes a file by `replacing`, in UTF-8."""
    with replacing(path, shared=shared, first=first) as temporary:
        temporary.write_text(text, encoding="utf-8")


def make_folder(path: Path) -> None:
    """The folder and those that it is in, unless they are there; where `path` is a link, what is behind it."""
    os.makedirs(os.path.realpath(path), exist_ok=True)


@contextlib.contextmanager
def refused(field: str, path: Path, kind: str = "folder") -> Generator[None]:
    """Turns the system's errors of a block that writes `path`, or into it, into ConfigError; `kind` says what it must be."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error  # Without the temporary file's name.
        raise ConfigError(f"{field} = {str(path)!r}: must be a {kind} that can be written ({reason}).") from None


def _stays(temporary: Path, target: Path) -> bool:
    """True where the file has its name, or another one has it; a link is made or not, whoever else tries just then."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        return True
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return target.exists()
    return True


def _sweep(path: Path) -> None:
    """Removes what killed writers of `path` have left."""
    with contextlib.suppress(OSError):
        for left in path.parent.glob(f"{glob.escape(_start(path))}*.tmp"):
            # Another process may be removing it too.
            with contextlib.suppress(OSError):
                if time.time() - left.stat().st_mtime > _SECONDS_TO_LEAVE:
                    left.unlink()


def _start(path: Path) -> str:
    """The start of the names of a file's temporary ones."""
    name = os.fsencode(path.name)[:_MOST_OF_NAME].decode(errors="ignore")
    return f".{name}."


def _behind_links(path: Path) -> Path:
    """The file that `open(path, "w")` would write. OSError where there is something else, which mustn't be replaced."""
    target, other = Path(os.path.realpath(path)), OSError(errno.EINVAL, "it is there and no regular file", str(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    if _is_open(path):
        raise other
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(target.stat().st_mode):
            raise other
    return target


def _is_open(path: Path) -> bool:
    """True for /dev/stdout and alike, which lead to what a process has open: a pipe, or a file that it goes on writing."""
    for _ in range(40):  # As many links as Linux follows.
        path = Path(os.path.realpath(path.parent), path.name)
        if path.is_relative_to("/proc"):
            return True
        if not path.is_symlink():
            return False
        path = path.parent / path.readlink()
    return False


def _sync(path: Path) -> None:
    """Waits until a file, or the names in a folder, would survive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
