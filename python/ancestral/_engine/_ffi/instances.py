"""Single tasks: their graphs, mechanisms and rows."""

import json
from collections.abc import Mapping
from ctypes import byref, c_size_t

import torch
from torch import Tensor

from ..memory import check_real, empty
from .calls import LONG_NODES, call, call_in_slices, text
from .handles import Handle, create, pointer

_MECHANISMS = 1 << 17
"""Bytes that the description of mechanisms has room in: 200 nodes take 90,000."""


def instance_create(family: Handle, seed: int, adjacency: Tensor | None = None) -> Handle:
    """The task of one seed, over the caller's own DAG when `adjacency` (uint8 [n, n]) is given."""
    n_nodes = 0 if adjacency is None else adjacency.shape[0]
    graph = pointer(adjacency, "adjacency", torch.uint8, n_nodes**2)
    is_long = family.is_long or n_nodes > LONG_NODES
    return _described(create("instance", family.pointer, seed, graph, n_nodes, is_long=is_long))


def instance_do(instance: Handle, values: Mapping[int, float]) -> Handle:
    """The instance with nodes held at values and their incoming edges cut."""
    nodes = torch.tensor(list(values), dtype=torch.int32, device="cpu")
    held = check_real(torch.tensor(list(values.values()), dtype=torch.float32, device="cpu"))
    given = instance.pointer, nodes.data_ptr(), held.data_ptr(), len(values)
    return _described(create("instance", *given, function="anc_instance_do", is_long=instance.is_long))


def _described(instance: Handle) -> Handle:
    instance.about = json.loads(text("anc_instance_describe", instance.pointer, 0))
    return instance


def instance_describe(instance: Handle) -> str:
    """JSON that also says what each node's mechanism is; offsets count floats of `instance_parameters`."""
    return text("anc_instance_describe", instance.pointer, 1, room=_MECHANISMS)


def instance_adjacency(instance: Handle) -> Tensor:
    """uint8 [n, n]; A[i, j] == 1 means i -> j."""
    n_nodes = len(instance.about["order"])
    out = empty(n_nodes, n_nodes, dtype=torch.uint8)
    call("anc_instance_adjacency", instance.pointer, out.data_ptr())
    return out


def instance_parameters(instance: Handle, count: int) -> Tensor:
    """All parameters of all mechanisms, float32 [count], laid out as `instance_describe` says."""
    out = empty(count)
    call("anc_instance_parameters", instance.pointer, out.data_ptr(), count)
    return out


def instance_sample(
    instance: Handle, rows: int, *, draw: int, x: Tensor, noise: Tensor | None = None, channels: int = 1, threads: int = 1
) -> None:
    """Writes rows 0 .. rows - 1 of a draw into x, float32 [rows, n], and the noise behind them, float32 [rows, n, channels]."""
    n_nodes, done = len(instance.about["order"]), c_size_t()
    call_in_slices(
        "anc_instance_sample",
        instance.pointer,
        0,
        rows,
        draw,
        threads,
        byref(done),
        pointer(x, "x", torch.float32, rows * n_nodes),
        pointer(noise, "noise", torch.float32, rows * n_nodes * channels),
        is_long=instance.is_long,
    )
