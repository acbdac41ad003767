"""Samples of tasks, what is measured of them and of graphs, and rows on another scale."""

import torch
from torch import Tensor

from ..memory import empty
from .calls import LONG_NODES, call, call_in_slices, in_thread, long_text, text
from .handles import Handle, create, pointer

_LONG_VALUES = 1 << 24
"""Above, rows may take longer than a user should wait for Ctrl-C."""


def sample_create() -> Handle:
    """A sample without tasks, to which `sample_draw` and `sample_add` add some."""
    return create("sample")


def sample_draw(
    sample: Handle,
    family: Handle,
    options: str,
    seeds: Tensor | None = None,
    node_counts: Tensor | None = None,
    adjacency: Tensor | None = None,
) -> None:
    """Adds tasks of a family: of its law, or those of `seeds`, int64 [count]; `options` is the JSON that the header names.

    With `node_counts`, int32 [count], and `adjacency`, uint8 [the sum of their squares], over the caller's graphs.
    """
    count = 0 if seeds is None else seeds.numel()
    given = [pointer(seeds, "seeds", torch.int64, count), count, *_graph_pointers(node_counts, adjacency, count)]
    in_thread(lambda: call("anc_sample_draw", sample.pointer, family.pointer, *given, options.encode()))


def sample_add(
    sample: Handle,
    rows: int,
    node_counts: Tensor,
    adjacency: Tensor,
    x: Tensor,
    options: str,
    values: Tensor | None = None,
) -> None:
    """Adds the caller's tasks: node_counts int32 [count], adjacency uint8 [their squares' sum], x float32 [rows * their sum].

    Each task's values follow those of the one before it. `values`, int16 [the sum of node_counts], says what those of each node
    are, as the header does.
    """
    count = node_counts.numel()
    x_pointer = pointer(x, "x", torch.float32, rows * int(node_counts.sum()))
    graphs = _graph_pointers(node_counts, adjacency, count)
    kinds = pointer(values, "values", torch.int16, int(node_counts.sum()))
    in_thread(lambda: call("anc_sample_add", sample.pointer, count, rows, *graphs, x_pointer, kinds, options.encode()))


def _graph_pointers(node_counts: Tensor | None, adjacency: Tensor | None, count: int) -> tuple[int | None, int | None]:
    if node_counts is None:
        return None, None
    cells = int((node_counts.to(torch.int64) ** 2).sum())
    return pointer(node_counts, "node_counts", torch.int32, count), pointer(adjacency, "adjacency", torch.uint8, cells)


def sample_summary(sample: Handle) -> str:
    """JSON about what is in a sample."""
    return text("anc_sample_summary", sample.pointer)


def sample_distance(first: Handle, second: Handle, options: str) -> str:
    """JSON about how far two samples are apart; `options` is the JSON that the header names."""
    return long_text("anc_sample_distance", first.pointer, second.pointer, options.encode())


def sortability(x: Tensor, adjacency: Tensor, values: Tensor | None = None) -> tuple[float, float]:
    """Var- and R²-sortability of float32 [rows, n] under uint8 [n, n]; NaN where one is not defined. `values`, int16 [n], says
    what those of each node are, as the header does."""
    rows, n_nodes = x.shape
    out = empty(2, dtype=torch.float64)
    x_pointer = pointer(x, "x", torch.float32, rows * n_nodes)
    graph = pointer(adjacency, "adjacency", torch.uint8, n_nodes * n_nodes)
    is_long = n_nodes > LONG_NODES or rows * n_nodes > _LONG_VALUES
    kinds = pointer(values, "values", torch.int16, n_nodes)
    call_in_slices("anc_sortability", x_pointer, rows, graph, n_nodes, kinds, out.data_ptr(), is_long=is_long)
    return out[0].item(), out[1].item()


def spectra(adjacency: Tensor, node_counts: Tensor, threads: int = 1) -> Tensor:
    """Ascending eigenvalues of the skeletons' normalised Laplacians, float64 [the sum of node_counts], graph by graph.

    adjacency uint8 [the sum of the squares of node_counts] of DAGs, node_counts int32 [count].
    """
    out = empty(int(node_counts.sum()), dtype=torch.float64)
    count = node_counts.numel()
    counts, graphs = _graph_pointers(node_counts, adjacency, count)
    in_thread(lambda: call("anc_spectra", graphs, counts, count, threads, out.data_ptr()))
    return out


def standardize(x: Tensor) -> Tensor:
    """float32 [..., rows, n] with each column at mean 0 and population standard deviation 1 over its rows; fresh memory."""
    rows, columns = x.shape[-2:]
    out = empty(*x.shape)
    count = x.numel() // max(1, rows * columns)
    given = pointer(x, "x", torch.float32, count * rows * columns)
    call_in_slices("anc_standardize", given, count, rows, columns, out.data_ptr(), is_long=x.numel() > _LONG_VALUES)
    return out
