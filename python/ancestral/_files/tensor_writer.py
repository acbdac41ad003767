"""Tensors in a safetensors file whose bytes depend on nothing but its content.

Such a file is eight bytes with the length of a JSON text, the text, and the tensors one after another; see
https://github.com/huggingface/safetensors. The text of ours is the engine's (`_ffi.set_plan`).
"""

from collections.abc import Iterable
from pathlib import Path

from torch import Tensor


def write_tensors(path: Path, header: str, tensors: Iterable[Tensor]) -> None:
    """Writes the file; the tensors are those that the header lists, in its order. `replacing` sees that it gets onto the disk.

    Raises OSError where it can't be written, as on a full disk.
    """
    text = header.encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for tensor in tensors:
            file.write(tensor.contiguous().numpy().data)
