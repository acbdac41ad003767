"""Graphs for networkx, GraphML and DOT, which pgmpy, DoWhy, Graphviz and many more read."""

import io
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from torch import Tensor

from .._config.containers import ordered
from .._engine.checks import check_graph
from .._engine.errors import ConfigError
from .._engine.extras import package
from .._files.atomic import make_folder, refused, write_text
from .._files.paths import absolute

if TYPE_CHECKING:
    import networkx as nx

    DiGraph = nx.DiGraph[int]
else:
    DiGraph = Any  # For `typing.get_type_hints`, without networkx.

_MOST_BYTES = 1 << 28
# A return is in XML, but readers make another end of line of it.
_NOT_IN_XML = "[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def to_networkx(adjacency: Any, names: Sequence[str] | None = None) -> DiGraph:
    """The graph as a networkx.DiGraph of nodes 0, 1, ..., in this order; with `names` as their attribute "name".

    `adjacency` is [n, n] of 0 and 1, A[i, j] == 1 for i -> j: a tensor, an array, a table or lists. pgmpy takes the result's
    edges: `pgmpy.base.DAG(to_networkx(A).edges)`. Raises ConfigError for anything but a DAG, and for names that don't fit.
    Needs the extra `plot`.
    """
    graph = check_graph(adjacency)
    named = node_names(names, len(graph))
    made: Any = package("networkx", "plot").DiGraph()
    made.add_nodes_from((node, {} if names is None else {"name": name}) for node, name in enumerate(named))
    made.add_edges_from(graph.nonzero().tolist())
    return made


def from_networkx(graph: Any, nodes: Sequence[Any] | None = None) -> Tensor:
    """float32 [n, n] of a directed graph of networkx, or of pgmpy; A[i, j] == 1 means i -> j.

    Nodes are called 0, 1, ..., or listed by `nodes` in their order. Raises ConfigError for other nodes, and for what is no DAG.
    """
    if not hasattr(graph, "is_directed") or not hasattr(graph, "nodes"):
        raise ConfigError(f"graph is of type {type(graph).__name__}: must be a directed graph, such as a networkx.DiGraph.")
    if nodes is not None:
        listed = ordered(nodes, "nodes")
        if not all(node in graph for node in listed) or not len(listed) == len(set(listed)) == len(graph):
            raise ConfigError(f"nodes = {listed!r}: must have each node of the graph once, {sorted(map(str, graph.nodes))}.")
        graph = package("networkx", "plot").relabel_nodes(graph, {node: index for index, node in enumerate(listed)})
    if not graph.is_directed():
        raise ConfigError("graph is undirected: must be directed, such as a networkx.DiGraph.")
    return check_graph(graph, "graph").float()


def write_graphml(path: str | os.PathLike[str], adjacency: Any, names: Sequence[str] | None = None) -> Path:
    """Writes a graph as GraphML, which networkx, igraph, Gephi and Cytoscape read; nodes are called 0, 1, ...

    The file appears whole or not at all. Raises ConfigError as `to_networkx` does, for names with characters that XML has no
    place for, and where the file can't be written.
    """
    graph, text = to_networkx(adjacency, names), io.BytesIO()
    check_words(node_names(names, len(graph)), _NOT_IN_XML, "characters that XML has no place for")
    package("networkx", "plot").write_graphml_xml(graph, text)
    return _write(path, text.getvalue().decode("utf-8"))


def read_graphml(path: str | os.PathLike[str]) -> Tensor:
    """float32 [n, n] of a GraphML file whose nodes are called 0, 1, ...; A[i, j] == 1 means i -> j.

    Raises ConfigError for anything else, for a file of more than 256 MiB, and for one with a document type, which could name
    entities without end.
    """
    given, networkx = absolute(path, "path"), package("networkx", "plot")
    try:
        if given.stat().st_size > _MOST_BYTES:
            raise ConfigError(f"path = {str(given)!r}: must have at most {_MOST_BYTES} bytes.")
        text = given.read_bytes()
        plain = text.replace(b"\0", b"")  # Of UTF-16 too.
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise ConfigError(f"path = {str(given)!r}: must be GraphML without a document type.")
        found = networkx.read_graphml(io.BytesIO(text), node_type=_number)
    except ConfigError:
        raise
    except Exception as error:  # Of what is missing in a file networkx says nothing, so that Python does.
        raise ConfigError(f"path = {str(given)!r}: must be GraphML whose nodes are called 0, 1, ... ({error}).") from None
    return from_networkx(found)


def _number(name: str) -> int:
    """The number that a node is called; not "00" or "1_0", which are other names, although `int` reads them."""
    number = int(name)
    if str(number) != name:
        raise ValueError(f"a node is called {name!r}")
    return number


def to_dot(adjacency: Any, names: Sequence[str] | None = None) -> str:
    """The graph in Graphviz' DOT language, in the form of the Swift library's `visualize`; nodes are called X0, X1, ... or by
    `names`.

    Raises ConfigError as `to_networkx` does.
    """
    graph = check_graph(adjacency)
    called = node_names(names, len(graph))
    check_words(called, "[\0\ud800-\udfff]", "a character 0 and halves of characters")
    quoted = (name.replace("\\", "\\\\").replace('"', '\\"') for name in called)
    nodes = "".join(f'  {node} [label="{name}"];\n' for node, name in enumerate(quoted))
    edges = "".join(f"  {parent} -> {child};\n" for parent, child in cast("list[list[int]]", graph.nonzero().tolist()))
    return f"digraph scm {{\n{nodes}{edges}}}\n"


def write_dot(path: str | os.PathLike[str], adjacency: Any, names: Sequence[str] | None = None) -> Path:
    """Writes what `to_dot` gives; the file appears whole or not at all."""
    return _write(path, to_dot(adjacency, names))


def node_names(names: Sequence[str] | None, count: int) -> list[str]:
    """The names of nodes: X0, X1, ... where none are given. ConfigError for another number, and for one that comes twice."""
    if names is None:
        return [f"X{node}" for node in range(count)]
    listed = [str(name) for name in ordered(list(names) if isinstance(names, str) else names, "names")]
    if len(listed) != count or len(set(listed)) < count:
        raise ConfigError(f"names = {listed!r}: must be {count} different names, one for each node.")
    return listed


def check_words(names: Sequence[str], unfit: str, without: str) -> None:
    """ConfigError for a name with characters of the class `unfit`, in which `without` must say what they are."""
    for name in names:
        if re.search(unfit, name):
            raise ConfigError(f"names has {name!r}: must be without {without}.")


def _write(path: str | os.PathLike[str], text: str) -> Path:
    target = absolute(path, "path")
    with refused("path", target, "file"):
        make_folder(target.parent)
        write_text(target, text)
    return target
