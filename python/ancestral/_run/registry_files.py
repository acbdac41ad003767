"""The registry of a run: a folder that says which tasks were used, for others to check."""

import logging
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy
import torch

from .._engine import _ffi
from .._files.atomic import make_folder, refused, write_text
from .._files.checksums import checksum, json_text, sealed
from .._scm.family import SCMFamily
from .._version import __version__

_log = logging.getLogger("ancestral.data")
FORMAT = 3
FILES = ("config.json", "seeds.json", "hashes.json", "distances.json", "training.json")
"""The files of a registry beside its manifest."""


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Readers see the old file or the new one, never a part. ConfigError when the folder can't be written."""
    _write(path, json_text(content))


def write_configs(folder: Path, families: Mapping[str, SCMFamily]) -> None:
    """The families of a run by their names: config.json, written as `write_json` writes. ConfigError without a fingerprint."""
    entries = {
        name: {"fingerprint": family.fingerprint(), "config": family.config.to_dict()} for name, family in families.items()
    }
    write_json(folder / "config.json", entries)


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
