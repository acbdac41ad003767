"""Tensors and arrays by their content."""

import hashlib
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from .unreadable import Unreadable

_KINDS = "biufcSUmM"


def tensor_form(value: Tensor, inner: Any) -> list[Any]:
    """Kind of number, shape and a hash of the bytes; the device is no part of it."""
    if value.layout != torch.strided or value.is_quantized or value.is_meta:
        raise Unreadable(inner.path, value, "is a tensor whose bytes can't be read")
    dense = value.detach().cpu().resolve_conj().resolve_neg().contiguous().reshape(-1)
    return ["tensor", str(value.dtype), list(map(str, value.shape)), _hash(dense.view(torch.uint8).numpy().tobytes())]


def array_form(value: Any, inner: Any) -> list[Any]:
    """The same of an array, and of numpy's scalars that Python has none of."""
    array = np.asarray(value)
    if array.dtype.kind not in _KINDS:
        raise Unreadable(inner.path, value, f"is an array of {array.dtype}, whose content can't be read")
    kind = cast(Any, array.dtype).newbyteorder("<")
    tag = "scalar" if isinstance(value, np.generic) else "array"
    return [tag, kind.str, list(map(str, array.shape)), _hash(np.ascontiguousarray(array, kind).tobytes())]


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
