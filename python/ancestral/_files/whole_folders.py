"""Folders that appear with all of their files or not at all."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Generator
from pathlib import Path

from .._engine.errors import ConfigError
from .atomic import make_folder, refused


@contextlib.contextmanager
def new_folder(path: Path, field: str) -> Generator[Path]:
    """Gives a temporary folder beside `path`, which gets its name when the block ends without an error, and is removed else.

    Raises ConfigError, which names `field`, where `path` is there and not an empty folder, and where it can't be written.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir() and any(target.iterdir()):
        raise ConfigError(
            f"{field} = {str(path)!r}: must be a new or an empty folder, as files of an older set would stay in it."
        )
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.tmp")
    try:
        with refused(field, path):
            make_folder(target.parent)
            temporary.mkdir()
        yield temporary
        with refused(field, path):
            os.replace(temporary, target)  # Over an empty folder, too.
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
