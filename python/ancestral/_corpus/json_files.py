"""Reading and sweeping of a corpus's index and plan, on a disk that several machines may share."""

import contextlib
from pathlib import Path
from typing import Any

from .._engine.errors import ConfigError
from .._files.parsing import parse_object
from .._files.regular import open_regular, unreadable

_ANEW = "write_corpus again makes it anew"
INDEX, PLAN = "index.json", "plan.json"


def sweep(folder: Path) -> None:
    """Removes what killed writers have left of files."""
    for name in ("shard-*", INDEX, PLAN):
        for left in folder.glob(f".{name}.*.tmp"):
            # Another writer may have removed it, or the folder may be shut by now.
            with contextlib.suppress(OSError):
                left.unlink()


def read_text(path: Path) -> str:
    """A whole file. ConfigError, with what helps, when it is missing or can't be read; EngineError without a descriptor."""
    try:
        with open_regular(path) as file:
            return file.read().decode()
    except FileNotFoundError as error:
        raise unreadable(str(path), error, _ANEW) from None
    except OSError as error:
        raise unreadable(str(path), error, f"remove it, and {_ANEW}") from None
    except ValueError as error:
        raise _damaged(path, error) from None


def read_json(path: Path) -> dict[str, Any]:
    """A file that holds a JSON object. ConfigError, with what helps, when it is missing or is something else."""
    text = read_text(path)
    try:
        return parse_object(text)
    except ValueError as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: ValueError) -> ConfigError:
    return ConfigError(f"{path} can't be read ({error}): remove it, and {_ANEW}.")
