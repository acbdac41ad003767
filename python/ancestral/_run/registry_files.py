"""The registry of a run: a folder that says which tasks were used, for others to check."""

import logging
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy
import torch

from .._engine import _ffi
from .._engine.errors import ConfigError
from .._files.atomic import make_folder, refused, write_text
from .._files.checksums import checksum, json_text, sealed
from .._files.parsing import parse_object
from .._version import __version__
from .set_designs import RunRows

_log = logging.getLogger("ancestral.data")
FORMAT = 3
FILES = ("config.json", "seeds.json", "hashes.json", "distances.json", "training.json")
"""The files of a registry beside its manifest."""


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Readers see the old file or the new one, never a part. ConfigError when the folder can't be written."""
    _write(path, json_text(content))


def write_configs(folder: Path, rows: RunRows, base_seed: int) -> None:
    """The families and designs of a run by name: config.json, as `write_json` writes.

    ConfigError without a fingerprint, and where the folder has the registry of a run with other families or another base seed,
    whose files would no longer fit together.
    """
    entries = rows.entries()
    if fault := _other_run(folder, entries, f"{base_seed:016x}"):
        raise ConfigError(f"output_dir = {str(folder)!r}: holds the registry of a run with {fault}; give another folder.")
    write_json(folder / "config.json", entries)


def _other_run(folder: Path, entries: Mapping[str, Any], base_seed: str) -> str | None:
    if not os.path.isfile(folder / "manifest.json"):  # A run that came to nothing.
        return None
    try:
        families = parse_object((folder / "config.json").read_text(encoding="utf-8"))
        theirs = {name: found["fingerprint"] for name, found in families.items()}
        seed = parse_object((folder / "seeds.json").read_text(encoding="utf-8"))["base_seed"]
    except (OSError, ValueError, TypeError, KeyError):  # Files that are damaged, or of an older version.
        return None
    ours = {name: entry["fingerprint"] for name, entry in entries.items()}
    other = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
    if other:
        return f"other families ({', '.join(other)})"
    return None if seed == base_seed else f"base_seed = {seed!r}, and this one has {base_seed!r}"


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Writes manifest.json with the checksums of the other files, which must be there, and with its own digest.

    See `sealed` for the digest.
    """
    with refused("output_dir", folder):
        content = {**manifest, "files": {name: checksum(folder / name) for name in FILES}}
    _write(folder / "manifest.json", sealed(content))


def versions() -> dict[str, str]:
    """The versions of what draws the tasks and of what reads them."""
    return {
        "ancestral": __version__,
        "engine": _ffi.version(),
        "torch": str(torch.__version__),
        "numpy": numpy.__version__,
        "python": platform.python_version(),
    }


def _write(path: Path, text: str) -> None:
    with refused("output_dir", path.parent):
        make_folder(path.parent)
        write_text(path, text)
    _log.debug("wrote %s", path.name)
