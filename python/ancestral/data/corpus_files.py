"""How a corpus gets onto a disk that several machines may share: whole files only, and the same bytes from every writer."""

import contextlib
import json
import os
import uuid
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

from .._errors import ConfigError

INDEX, PLAN = "index.json", "plan.json"


@contextlib.contextmanager
def durable(path: Path) -> Generator[Path]:
    """Gives a temporary name that no other writer has; after the block the file is on the disk and is called `path`.

    For files that every writer would fill with the same bytes, so that it doesn't matter who comes last.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        yield temporary
        _sync(temporary)
        os.replace(temporary, path)
        _sync(path.parent)
    except FileNotFoundError:
        # Another run may have finished this very corpus meanwhile and swept up; then the file is there.
        if temporary.exists() or not path.exists():
            raise
    finally:
        temporary.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Removes what killed writers have left of files."""
    for name in ("shard-*", INDEX, PLAN):
        for left in folder.glob(f".{name}.*.tmp"):
            left.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Readers on any machine see the old file or the new one."""
    with durable(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """A file that holds a JSON object. ConfigError when it is missing or is something else."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} can't be read: {error}.") from None
    if not isinstance(found, dict):
        raise ConfigError(f"{path} must hold a JSON object.")
    return cast("dict[str, Any]", found)


def _sync(path: Path) -> None:
    """Waits until a file, or the names in a folder, would survive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
