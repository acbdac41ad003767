"""A fixed set on disk: one safetensors file, which the command line reads and writes too.

    X            float32 [T, n_samples, N]    0 past a task's own nodes
    adjacency    float32 [T, N, N]            of 0 and 1
    node_counts  int32   [T]
    seeds        uint8   [T, 8]               most significant byte first
    hashes       uint8   [T, 32]              of the graphs, level exact

and as metadata, all texts: format (the number below), engine_version, config (canonical JSON) and fingerprint of the family.
Equal tasks are equal bytes: `ancestral freeze` writes the very same file.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor

from .. import _ffi
from .._errors import ConfigError
from ..family import SCMFamily
from .atomic import replacing
from .filling import Filling
from .tensor_file import write_tensors

FORMAT = "1"


def set_file_name(filling: Filling, seeds: Tensor) -> str:
    """A name of its own for each engine version, family, list of seeds and number of rows."""
    parts = [FORMAT, _ffi.version(), filling.family.fingerprint(), str(filling.n_samples)]
    digest = hashlib.sha256("\n".join(parts).encode() + _seed_bytes(seeds).numpy().tobytes())
    return f"fixed-{digest.hexdigest()[:32]}.safetensors"


def write_set_file(path: Path, filling: Filling, seeds: Tensor) -> None:
    """Draws the tasks and writes them; the folder is made if need be. ConfigError when it can't be written."""
    tasks = filling.draw(seeds, shared=False)
    hashes = torch.empty(len(seeds), 32, dtype=torch.uint8)
    filling.family._fill(seeds, 0, hashes=hashes)  # pyright: ignore[reportPrivateUsage]
    assert tasks.adjacency is not None
    tensors = {
        "X": tasks.x,
        "adjacency": tasks.adjacency,
        "node_counts": tasks.node_counts,
        "seeds": _seed_bytes(seeds),
        "hashes": hashes,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            write_tensors(temporary, tensors, _metadata(filling))
    except OSError as error:
        raise ConfigError(f"cache_dir = {str(path.parent)!r}: must be a folder that can be written ({error}).") from None


def check_set_file(path: Path, filling: Filling, seeds: Tensor) -> None:
    """ConfigError unless the file holds these tasks, as far as can be told without drawing them."""
    from safetensors import SafetensorError, safe_open

    try:
        with cast(Any, safe_open(path, framework="pt")) as file:
            metadata: dict[str, str] = file.metadata() or {}
            found: Tensor = file.get_tensor("seeds")
            shape: list[int] = file.get_slice("X").get_shape()
    except (OSError, SafetensorError) as error:
        raise ConfigError(f"The fixed set {path} can't be read ({error}): remove it, and it is written again.") from None
    right = [len(seeds), filling.n_samples, filling.family.max_nodes]
    compared: list[tuple[str, object, object]] = [
        ("format", metadata.get("format"), FORMAT),
        ("fingerprint", metadata.get("fingerprint"), filling.family.fingerprint()),
        ("shape of X", shape, right),
    ]
    for what, value, wanted in compared:
        if value != wanted:
            raise ConfigError(f"The fixed set {path} has {what} {value}: must be {wanted}; remove it, and it is written again.")
    if not torch.equal(found, _seed_bytes(seeds)):
        raise ConfigError(f"The fixed set {path} holds other seeds than were asked for: remove it, and it is written again.")


def _metadata(filling: Filling) -> dict[str, str]:
    family = filling.family
    return {
        "format": FORMAT,
        "engine_version": _ffi.version(),
        "config": config_text(family),
        "fingerprint": family.fingerprint(),
    }


def config_text(family: SCMFamily) -> str:
    """The engine's canonical JSON; with a user's own strategies what is known of them and of the rest, its names sorted too."""
    if family.in_engine:
        return _ffi.family_config(_ffi.family_create(family.config.to_json()))
    return json.dumps(family.config.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _seed_bytes(seeds: Tensor) -> Tensor:
    """uint8 [T, 8], most significant byte first."""
    return seeds.contiguous().view(torch.uint8).view(-1, 8).flip(1)
