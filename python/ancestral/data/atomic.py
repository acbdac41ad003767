"""Files that appear whole or not at all."""

import contextlib
import glob
import os
import secrets
import time
from collections.abc import Generator
from pathlib import Path

_SECONDS_TO_LEAVE = 24 * 60 * 60


@contextlib.contextmanager
def replacing(path: Path) -> Generator[Path]:
    """Gives a temporary name in the folder of `path`, and renames it to `path` when the block ends without an error.

    What was written is on the disk before it gets its name, so that not even a power cut leaves a part. A process that is
    killed meanwhile leaves its temporary file, `.NAME.TOKEN.tmp`, which nobody reads, and which the next write of the same
    file removes once it is a day old.
    """
    # Random, as threads, and machines on one shared disk, may write the same file at once.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    _sweep(path)
    try:
        yield temporary
        with open(temporary, "rb") as written:
            os.fsync(written.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Removes what killed writers of `path` have left."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        # Another process may be removing it too.
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _SECONDS_TO_LEAVE:
                left.unlink()
