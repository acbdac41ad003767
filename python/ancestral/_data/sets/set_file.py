"""A fixed set on disk: one safetensors file, which the command line reads and writes too.

What it has, and what it is called, says the engine (FixedSetLayout.swift). Equal tasks are equal bytes: `ancestral freeze`
writes the very same file.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ..._config.design import Design
from ..._engine import _ffi
from ..._engine.errors import ConfigError
from ..._engine.memory import empty
from ..._files.atomic import make_folder, refused, replacing
from ..._files.tensor_reader import TensorFile
from ..._scm.family import SCMFamily, engine_handle
from ..batches.drawing import Filling


class SetPlan(NamedTuple):
    """The layout of the file of some tasks."""

    name: str
    """A name of its own for each engine version, family, list of seeds and number of rows."""
    metadata: dict[str, str]
    header: str
    tensors: list[dict[str, Any]]
    """In the order of the file: name, type and shape."""
    seeds: Tensor
    """The bytes of its tensor of seeds, uint8 [T, 8]."""

    @classmethod
    def of(
        cls,
        family: SCMFamily,
        n_samples: int,
        seeds: Tensor,
        config: str,
        more: Mapping[str, str],
        *,
        design: Design | None = None,
        fingerprint: str | None = None,
    ) -> "SetPlan":
        """The layout for some seeds; `more` is metadata besides `config`, the family's, and what every set's file has.

        `fingerprint` is the family's as another process found it; None asks the family itself.
        With a design the file has its arrays in the place of plain tasks, and `n_samples` is not read.
        """
        rows = {"rows": n_samples} if design is None else {"design": design.to_dict(), "least_nodes": family.n_nodes}
        described: dict[str, Any] = {
            "config": config,
            "fingerprint": fingerprint or family.fingerprint(design),
            "nodes": family.max_nodes,
            "discrete": family.may_be_discrete,
            "more": dict(more),
            **rows,
        }
        text, stored = _ffi.set_plan(json.dumps(described), seeds.contiguous())
        return cls(**json.loads(text), seeds=stored)

    def write(self, path: Path, tensors: Mapping[str, Tensor]) -> None:
        """Writes the tensors, whose names are those of the plan. OSError where the file can't be written.

        A safetensors file is eight bytes with the length of a JSON text, the text, and the tensors one after another; see
        https://github.com/huggingface/safetensors. `replacing` sees that it gets onto the disk.
        """
        header = self.header.encode()
        with open(path, "wb") as file:
            file.write(len(header).to_bytes(8, "little") + header)
            for tensor in self.tensors:
                file.write(tensors[tensor["name"]].contiguous().numpy().data)

    def drawn(self, filling: Filling, seeds: Tensor, threads: int | None = None) -> dict[str, Tensor]:
        """The tensors of the file, drawn now."""
        hashes = empty(len(seeds), 32, dtype=torch.uint8)
        tasks = filling.draw(seeds, shared=False, threads=threads, hashes=hashes)
        arrays = {array.name: tasks.arrays[array.name] for array in filling.layout}
        return {**arrays, "seeds": self.seeds, "hashes": hashes}


def write_set_file(path: Path, filling: Filling, seeds: Tensor, plan: SetPlan) -> None:
    """Draws the tasks and writes them; the folder is made if need be. ConfigError when it can't be written."""
    tensors = plan.drawn(filling, seeds)
    with refused("cache_dir", path.parent):
        make_folder(path.parent)
        with replacing(path) as temporary:
            plan.write(temporary, tensors)


def check_set_file(path: Path, plan: SetPlan, file: TensorFile) -> None:
    """ConfigError unless the file at `path`, which is open, holds these tasks, as far as can be told without drawing them.

    OSError where it can't be read, or one of its arrays is missing.
    """
    for tensor in plan.tensors:
        name, kind, shape = tensor["name"], tensor["type"], tensor["shape"]
        found = file.entry(name)
        if (found.kind, list(found.shape)) != (kind, shape):
            raise ConfigError(
                f"The fixed set {path} has {name} {found.kind} of shape {list(found.shape)}: must be {kind} of shape "
                f"{shape}; remove it, and it is written again."
            )
    for what in ("format", "fingerprint"):
        value, wanted = file.metadata.get(what), plan.metadata[what]
        if value != wanted:
            raise ConfigError(f"The fixed set {path} has {what} {value}: must be {wanted}; remove it, and it is written again.")
    if not torch.equal(file.whole("seeds"), plan.seeds):
        raise ConfigError(f"The fixed set {path} holds other seeds than were asked for: remove it, and it is written again.")


def set_plan(filling: Filling, seeds: Tensor) -> SetPlan:
    """The layout of the file of a fixed set."""
    family = filling.family
    return SetPlan.of(family, filling.n_samples, seeds, config_text(family), {}, design=filling.design)


def config_text(family: SCMFamily) -> str:
    """The engine's canonical JSON; with a user's own strategies what is known of them and of the rest, its names sorted too."""
    if family.in_engine:
        return _ffi.family_config(engine_handle(family))
    return json.dumps(family.config.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
