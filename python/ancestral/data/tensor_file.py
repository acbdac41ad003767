"""Tensors in a safetensors file whose bytes depend on nothing but its content."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor


def write_tensors(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """Writes the file, metadata in the order of their names; `replacing` and `durable` see that it gets onto the disk.

    Raises OSError where the file can't be written.
    """
    import safetensors.torch
    from safetensors import SafetensorError

    try:
        safetensors.torch.save_file(dict(tensors), path, dict(metadata))
    except SafetensorError as error:  # How it reports a full disk, for one.
        raise OSError(str(error)) from None
    # safetensors writes metadata in an order that changes from process to process.
    with path.open("r+b") as file:
        length = int.from_bytes(file.read(8), "little")
        header: dict[str, Any] = json.loads(file.read(length))
        header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
        text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode().ljust(length)
        assert len(text) == length
        file.seek(8)
        file.write(text)
