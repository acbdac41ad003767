"""Reading and sweeping of a corpus's index and plan, on a disk that several machines may share."""

import contextlib
from pathlib import Path
from typing import Any

from .._engine.errors import ConfigError
from .._files.parsing import parse_object
from .._files.regular import open_regular

INDEX, PLAN = "index.json", "plan.json"


def sweep(folder: Path) -> None:
    """Removes what killed writers have left of files."""
    for name in ("shard-*", INDEX, PLAN):
        for left in folder.glob(f".{name}.*.tmp"):
            # Another writer may have removed it, or the folder may be shut by now.
            with contextlib.suppress(OSError):
                left.unlink()


def read_text(path: Path) -> str:
    """A whole file. ConfigError, with what helps, when it is missing or can't be read."""
    try:
        with open_regular(path) as file:
            return file.read().decode()
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from None


def read_json(path: Path) -> dict[str, Any]:
    """A file that holds a JSON object. ConfigError, with what helps, when it is missing or is something else."""
    text = read_text(path)
    try:
        return parse_object(text)
    except ValueError as error:
        raise _refusal(path, error) from None


def _refusal(path: Path, error: Exception) -> ConfigError:
    first = "" if isinstance(error, FileNotFoundError) else "remove it, and "
    return ConfigError(f"{path} can't be read: {error}; {first}write_corpus again makes it anew.")
