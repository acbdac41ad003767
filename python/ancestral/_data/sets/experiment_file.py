"""The layout of a fixed set's file whose tasks are experiments of a design."""

import json
from typing import Any

import torch

from ..._config.design import Design
from ..._scm.experiment_data import Layout

# In the order in which safetensors' own library has them in a file.
_KINDS = {torch.float32: "F32", torch.int32: "I32", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL"}


def experiments_plan(plain: dict[str, Any], design: Design, layout: Layout, count: int) -> dict[str, Any]:
    """What `_ffi.set_plan` says of plain tasks, `plain`, with the arrays of a layout instead; the design is in the metadata."""
    metadata = {**plain["metadata"], "design": design.canonical}
    known = [(array.dtype, array.name, [count, *array.shape]) for array in layout]
    own = [(torch.uint8, "hashes", [count, 32]), (torch.uint8, "seeds", [count, 8])]
    kinds = list(_KINDS)
    content: dict[str, Any] = {"__metadata__": dict(sorted(metadata.items()))}
    tensors: list[dict[str, Any]] = []
    end = 0
    for dtype, name, shape in sorted([*known, *own], key=lambda tensor: (kinds.index(tensor[0]), tensor[1])):
        start, end = end, end + dtype.itemsize * torch.Size(shape).numel()
        content[name] = {"dtype": _KINDS[dtype], "shape": shape, "data_offsets": [start, end]}
        tensors.append({"name": name, "type": _KINDS[dtype], "shape": shape})
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    return {**plain, "metadata": metadata, "header": text + " " * (-len(text.encode()) % 8), "tensors": tensors}
