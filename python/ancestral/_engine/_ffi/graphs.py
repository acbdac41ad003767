"""Graphs: orders, digests, Markov equivalence classes, and sets of reserved ones."""

import ctypes
from ctypes import c_uint64
from typing import Any

import torch
from torch import Tensor

from ..errors import ConfigError
from ..memory import empty
from .calls import LONG_NODES, call_in_slices, long_text
from .handles import Handle, create, integers, pointer

LEVELS = {"exact": 0, "mec": 1, "iso": 2}


def graph_order(adjacency: Tensor) -> list[int]:
    """A topological order of uint8 [n, n], smallest label first; a ConfigError names the nodes of a cycle."""
    n_nodes = adjacency.shape[0]
    out = empty(n_nodes, dtype=torch.int32)
    _call_on_graph("anc_graph_order", adjacency, out.data_ptr())
    return integers(out)


def graph_hash(adjacency: Tensor, level: int) -> bytes:
    """32 bytes that identify uint8 [n, n] at one of `LEVELS`."""
    out = ctypes.create_string_buffer(32)
    _call_on_graph("anc_graph_hash", adjacency, level, out)
    return out.raw


def graph_cpdag(adjacency: Tensor) -> Tensor:
    """The CPDAG of uint8 [n, n]'s Markov equivalence class, uint8 [n, n]; an undirected edge stands in both directions."""
    n_nodes = adjacency.shape[0]
    out = empty(n_nodes, n_nodes, dtype=torch.uint8)
    _call_on_graph("anc_graph_cpdag", adjacency, out.data_ptr())
    return out


def graph_cpdag_of_targets(adjacency: Tensor, targets: Tensor) -> Tensor:
    """The same of its interventional class: targets uint8 [E, n], 1 where a regime cuts a node's incoming edges."""
    n_nodes, count = adjacency.shape[0], targets.shape[0]
    out = empty(n_nodes, n_nodes, dtype=torch.uint8)
    given = pointer(targets, "targets", torch.uint8, count * n_nodes)
    _call_on_graph("anc_graph_cpdag_of_targets", adjacency, given, count, out.data_ptr())
    return out


def _call_on_graph(name: str, adjacency: Tensor, *arguments: Any) -> None:
    n_nodes = adjacency.shape[0]
    graph = pointer(adjacency, "adjacency", torch.uint8, n_nodes**2)
    call_in_slices(name, graph, n_nodes, *arguments, is_long=n_nodes > LONG_NODES)


def reserved_create(digests: bytes, level: int) -> Handle:
    """A set of digests, 32 bytes each one after the other, that `tasks_fill` keeps clear of."""
    count, rest = divmod(len(digests), 32)
    if rest:
        raise ConfigError(f"digests has {len(digests)} bytes, but a digest is 32 bytes: give a multiple of 32.")
    return create("reserved", digests, count, level)


def reserved_mass(
    family: Handle, design: Handle | None, reserved: Handle, base_seed: int, drawn: tuple[int, int] | None = None
) -> str:
    """JSON that says how probable a reserved graph is, as the header says; `drawn` are hits and draws of the caller's own."""
    counts = None if drawn is None else (c_uint64 * 2)(*drawn)
    whose = family.pointer, None if design is None else design.pointer
    return long_text("anc_reserved_mass", *whose, reserved.pointer, base_seed, counts)
