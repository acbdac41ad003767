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

import torch
from torch import Tensor

from ..._engine import _ffi
from ..._engine.errors import ConfigError
from ..._engine.memory import empty
from ..._files.atomic import make_folder, refused, replacing
from ..._files.tensor_reader import TensorFile
from ..._files.tensor_writer import write_tensors
from ..._scm.family import SCMFamily
from ..batches.drawing import Filling

FORMAT = "1"


def set_file_name(filling: Filling, seeds: Tensor) -> str:
    """A name of its own for each engine version, family, list of seeds and number of rows."""
    parts = [FORMAT, _ffi.version(), filling.family.fingerprint(), str(filling.n_samples)]
    digest = hashlib.sha256("\n".join(parts).encode() + _seed_bytes(seeds).numpy().tobytes())
    return f"fixed-{digest.hexdigest()[:32]}.safetensors"


def write_set_file(path: Path, filling: Filling, seeds: Tensor) -> None:
    """Draws the tasks and writes them; the folder is made if need be. ConfigError when it can't be written."""
    tasks = filling.draw(seeds, shared=False)
    hashes = empty(len(seeds), 32, dtype=torch.uint8)
    filling.family._fill(seeds, 0, hashes=hashes)  # pyright: ignore[reportPrivateUsage]
    assert tasks.adjacency is not None
    tensors = {
        "X": tasks.x,
        "adjacency": tasks.adjacency,
        "node_counts": tasks.node_counts,
        "seeds": _seed_bytes(seeds),
        "hashes": hashes,
    }
    with refused("cache_dir", path.parent):
        make_folder(path.parent)
        with replacing(path) as temporary:
            write_tensors(temporary, tensors, _metadata(filling))


def check_set_file(path: Path, filling: Filling, seeds: Tensor, file: TensorFile | None = None) -> None:
    """ConfigError unless the file at `path` holds these tasks, as far as can be told without drawing them.

    `file` is it, where it is open. OSError where it can't be read, or one of its arrays is missing.
    """
    file = file or TensorFile(path)
    count, width = len(seeds), filling.family.max_nodes
    layout = {
        "X": ("F32", (count, filling.n_samples, width)),
        "adjacency": ("F32", (count, width, width)),
        "node_counts": ("I32", (count,)),
        "seeds": ("U8", (count, 8)),
    }
    for name, (kind, shape) in layout.items():
        found = file.entry(name)
        if (found.kind, found.shape) != (kind, shape):
            raise ConfigError(
                f"The fixed set {path} has {name} {found.kind} of shape {list(found.shape)}: must be {kind} of shape "
                f"{list(shape)}; remove it, and it is written again."
            )
    for what, wanted in (("format", FORMAT), ("fingerprint", filling.family.fingerprint())):
        value = file.metadata.get(what)
        if value != wanted:
            raise ConfigError(f"The fixed set {path} has {what} {value}: must be {wanted}; remove it, and it is written again.")
    if not torch.equal(file.whole("seeds"), _seed_bytes(seeds)):
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
