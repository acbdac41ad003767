"""Paths as users give them."""

import os
from pathlib import Path
from typing import cast

from .._engine.errors import ConfigError


def absolute(path: str | os.PathLike[str], field: str) -> Path:
    """The absolute path that a path means now, whatever folder the process, or one that it starts, works in later.

    Links stay as they are, and `..` means what it means to the system, which may be elsewhere than the text says where a link
    is before it; "~" is a name like any other, as it is to `open`. ConfigError names `field` for what can't be a path, and for
    a relative one where the working folder is gone.
    """
    try:
        given = cast("str | bytes", os.fspath(path))
    except TypeError:
        raise ConfigError(f"{field} is of type {type(path).__name__}: must be a text or a pathlib.Path.") from None
    text = os.fsdecode(given)
    if not text:
        raise ConfigError(f"{field} = {text!r}: must not be empty; the working folder is '.'.")
    if "\0" in text:
        raise ConfigError(f"{field} = {text!r}: must be without a character 0, which no path has.")
    try:
        os.fsencode(text)
    except UnicodeEncodeError as error:
        raise ConfigError(f"{field} = {text!r}: must be text that the file system can hold ({error}).") from None
    try:
        return Path(text).absolute()
    except OSError as error:
        raise ConfigError(
            f"{field} = {text!r}: must be absolute, since the folder that this process works in can't be told ({error})."
        ) from None


def is_there(path: Path) -> bool:
    """True if something has this path; a text that no file can be called, such as a very long one, has nothing."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
