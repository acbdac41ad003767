"""Tensors in a safetensors file whose bytes depend on nothing but its content.

Such a file is eight bytes with the length of a JSON text, the text, and the tensors one after another; see
https://github.com/huggingface/safetensors. Ours are what their own library writes, with the metadata in the order of their
names, which it writes in an order that changes from process to process.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

KINDS = {torch.float32: "F32", torch.int32: "I32", torch.uint8: "U8"}
"""The format's names of what our files hold."""


def write_tensors(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """Writes the file: the widest numbers first, and those by name. `replacing` sees that it gets onto the disk.

    Raises OSError where it can't be written, as on a full disk.
    """
    names = sorted(tensors, key=lambda name: (-tensors[name].itemsize, KINDS[tensors[name].dtype], name))
    with open(path, "wb") as file:
        file.write(_header({name: tensors[name] for name in names}, metadata))
        for name in names:
            file.write(tensors[name].contiguous().numpy().data)


def _header(tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> bytes:
    content: dict[str, object] = {"__metadata__": dict(sorted(metadata.items()))}
    end = 0
    for name, tensor in tensors.items():
        start, end = end, end + tensor.nbytes
        content[name] = {"dtype": KINDS[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [start, end]}
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text
