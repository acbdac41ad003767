"""Tables that were measured, or simulated by others, with the graph that was published for them."""

import csv
import io
import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from .._config.containers import hint
from .._data.batches.task import Task
from .._engine.checks import check_graph
from .._engine.errors import ConfigError
from .._engine.torch_modes import in_ordinary
from .._files.paths import absolute
from .._scm.edge_lists import causes_come_first
from .float32_rows import float32_rows
from .graphs import node_names
from .npy import read_matrix_file

_MOST_BYTES = 1 << 28

SACHS_EDGES = (
    *(("PKC", "PKA"), ("PKC", "Raf"), ("PKA", "Raf"), ("PKC", "Mek"), ("PKA", "Mek"), ("Raf", "Mek"), ("Mek", "Erk")),
    *(("PKA", "Erk"), ("Erk", "Akt"), ("PKA", "Akt"), ("PKC", "P38"), ("PKA", "P38"), ("PKC", "Jnk"), ("PKA", "Jnk")),
    *(("Plcg", "PIP3"), ("Plcg", "PIP2"), ("PIP3", "PIP2")),
)
"""The network of Sachs et al. (2005) without cycles, cause and effect: the 17 edges that bnlearn has."""

_SACHS_SPELLINGS = {
    "Raf": ("raf", "praf"),
    "Mek": ("mek", "pmek"),
    "Plcg": ("plcg", "plc"),
    "PIP2": ("pip2",),
    "PIP3": ("pip3",),
    "Erk": ("erk", "perk", "p4442"),
    "Akt": ("akt", "pakt", "pakts473"),
    "PKA": ("pka",),
    "PKC": ("pkc",),
    "P38": ("p38",),
    "Jnk": ("jnk", "pjnk"),
}
"""Each protein as it may be called, in small letters and digits alone."""


@in_ordinary
def read_observed(data: str | os.PathLike[str], graph: str | os.PathLike[str], *, names: Sequence[str] | None = None) -> Task:
    """A table with its published graph, from two files of yours: X float32 [rows, d], adjacency float32 [d, d].

        task = formats.read_observed("table.csv", "edges.csv")
        evaluation.evaluate(network, {"measured": [task]})

    `data` is a .npy matrix, or text whose first line has the columns' names, with commas, semicolons, tabs or blanks between
    them. `graph` is a .npy matrix with A[i, j] == 1 for i -> j; or a text of such a matrix below a line of names; or a list of
    edges, a cause and an effect in each line below a line of two words that are no columns. Names in `graph` are those of
    the columns, which stay in their order; columns without an edge are kept. `names` says the columns' where a .npy file has
    none, and which columns of a text are nodes.

    GraN-DAG's folders of SynTReN and Sachs are read by `read_dcdi`. Raises ConfigError for files that are missing or hold
    something else or numbers beyond float32, for nodes that are no columns, and for a graph with a cycle, whose nodes are
    named: the one that the Causal Discovery Toolbox has for Sachs et al. (2005) has plcg -> PIP2 -> PIP3 -> plcg.
    """
    path = absolute(data, "data")
    columns, rows = _table(path, names)
    if any(re.fullmatch(r"|Unnamed: \d+", column) for column in columns):
        raise ConfigError(
            f"{path} has the columns {columns}: must have a name for each; pandas leaves out its index with index=False."
        )
    return _task(columns, rows, _graph(absolute(graph, "graph"), columns))


@in_ordinary
def read_sachs(data: str | os.PathLike[str]) -> Task:
    """The table of Sachs et al. (2005) from your file, with the network that bnlearn has for it: 11 proteins, 17 edges.

        task = formats.read_sachs("sachs.data.txt")

    Columns are found by the names that bnlearn and the Causal Discovery Toolbox give them ("Erk" or "p44/42"), in any order,
    which stays; others are left out. `formats.SACHS_EDGES` lists the edges. Raises ConfigError as `read_observed` does, and for
    a table that lacks one of the proteins.

    Source: Sachs, Perez, Pe'er, Lauffenburger, Nolan, "Causal protein-signaling networks derived from multiparameter
    single-cell data", Science 308 (2005).
    """
    path = absolute(data, "data")
    columns, rows = _table(path, None)
    known = {word: protein for protein, words in _SACHS_SPELLINGS.items() for word in words}
    found = [known.get(re.sub(r"[^a-z0-9]", "", column.lower())) for column in columns]
    kept = [index for index, protein in enumerate(found) if protein is not None]
    proteins = [protein for protein in found if protein is not None]
    if sorted(proteins) != sorted(_SACHS_SPELLINGS):
        raise ConfigError(f"{path} has the columns {columns}: must have each of {', '.join(_SACHS_SPELLINGS)} once.")
    return _task(proteins, rows[:, kept], _edges(SACHS_EDGES, proteins, path))


def _task(columns: Sequence[str], rows: NDArray[np.float64], graph: NDArray[np.float64]) -> Task:
    try:
        checked = check_graph(torch.from_numpy(graph), "graph").float()
    except ConfigError as error:
        # The engine knows nodes by their numbers.
        words = re.sub(r"(?<= )(\d+)(?= (->|is))", lambda found: columns[int(found[1])], str(error))
        raise ConfigError(words) from None
    return Task(float32_rows(rows, "data"), checked)


def _table(path: Path, names: Sequence[str] | None) -> tuple[list[str], NDArray[np.float64]]:
    """The names of the nodes and their columns."""
    if path.suffix.lower() == ".npy":
        matrix = read_matrix_file(path)
        return node_names(names, matrix.shape[1]), matrix
    lines = _lines(path)
    columns, matrix = lines[0], _numbers(path, lines[1:], len(lines[0]))
    if len(set(columns)) < len(columns):
        raise ConfigError(f"{path} has the columns {columns}: must have each name once.")
    if names is None:
        return columns, matrix
    chosen = node_names(names, len(names))
    for name in chosen:
        if name not in columns:
            raise ConfigError(f"names has {name!r}: must be columns of {path}{hint(name, columns)}.")
    return chosen, matrix[:, [columns.index(name) for name in chosen]]


def _graph(path: Path, columns: list[str]) -> NDArray[np.float64]:
    if path.suffix.lower() == ".npy":
        matrix = read_matrix_file(path)
        if matrix.shape != (len(columns), len(columns)):
            raise ConfigError(f"{path} has shape {matrix.shape}: must be square, with the {len(columns)} columns of the data.")
        return matrix
    lines = _lines(path)
    # A matrix of two nodes has numbers, a list of edges names.
    if len(lines[0]) == 2 and not all(_is_number(word) for line in lines[1:] for word in line):
        if set(lines[0]) <= set(columns):
            raise ConfigError(
                f"{path} begins with {', '.join(lines[0])}, which are columns of the data: must have a line of two other "
                "words, such as cause,effect, above its edges."
            )
        if causes_come_first(lines[0]) is False:
            raise ConfigError(
                f"{path} begins with {', '.join(lines[0])}: must have causes in its first column, effects in its second."
            )
        for number, line in enumerate(lines[1:], start=2):
            if len(line) != 2:
                words = ", ".join(map(repr, line))
                raise ConfigError(f"{path}, row {number}: has the words {words}, must have two, a cause and an effect.")
        return _edges([(line[0], line[1]) for line in lines[1:]], columns, path)
    matrix = _numbers(path, lines[1:], len(lines[0]))
    if matrix.shape[0] != matrix.shape[1]:
        raise ConfigError(f"{path} has shape {matrix.shape}: must be square, below a line of names, or a list of edges.")
    if len(set(lines[0])) < len(lines[0]):
        raise ConfigError(f"{path} has the nodes {lines[0]}: must have each name once.")
    placed = _places(lines[0], columns, path)
    graph = np.zeros((len(columns), len(columns)))
    graph[np.ix_(placed, placed)] = matrix
    return graph


def _edges(edges: Sequence[tuple[str, str]], columns: list[str], path: Path) -> NDArray[np.float64]:
    graph = np.zeros((len(columns), len(columns)))
    for edge in edges:
        cause, effect = _places(edge, columns, path)
        graph[cause, effect] = 1
    return graph


def _places(names: Sequence[str], columns: list[str], path: Path) -> list[int]:
    for name in names:
        if name not in columns:
            raise ConfigError(f"{path} has the node {name!r}: must be a column of the data{hint(name, columns)}.")
    return [columns.index(name) for name in names]


def _lines(path: Path) -> list[list[str]]:
    """The words of each line that has any."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{path} can't be read: must be a line of names, then lines of numbers or of edges ({error})."
        ) from None
    if len(text) > _MOST_BYTES:
        raise ConfigError(f"{path} has more than {_MOST_BYTES} characters: must be smaller.")
    first = text.lstrip().partition("\n")[0]
    separator = next((sign for sign in ",;\t" if sign in first), " ")
    try:
        read = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True)
        lines = [[word.strip() for word in line] for line in read if any(word.strip() for word in line)]
    except csv.Error as error:
        raise ConfigError(f"{path} can't be read: must be a table of words ({error}).") from None
    if len(lines) < 2:
        raise ConfigError(f"{path} has {len(lines)} lines: must have a line of names, and one or more below.")
    return [[word for word in line if word] for line in lines] if separator == " " else lines


def _numbers(path: Path, lines: list[list[str]], width: int) -> NDArray[np.float64]:
    for number, line in enumerate(lines, start=2):
        if len(line) != width:
            raise ConfigError(f"{path}, row {number}: has {len(line)} words, must have {width}, one for each name.")
        if odd := [word for word in line if not _is_plain(word)]:
            raise ConfigError(f"{path}, row {number}: has something else than numbers, {odd[0]!r}: must have digits of ASCII.")
    try:
        matrix = np.array(lines, dtype=np.float64)
    except ValueError as error:
        raise ConfigError(
            f"{path} has something else than numbers: must have one for each name in each row ({error})."
        ) from None
    if not np.isfinite(matrix).all():
        raise ConfigError(f"{path} has numbers that are not finite: must have none.")
    return matrix


def _is_plain(word: str) -> bool:
    """Python takes 1_0 for a 10, and digits of every script; no table has these for numbers."""
    return word.isascii() and "_" not in word


def _is_number(word: str) -> bool:
    if not _is_plain(word):
        return False
    try:
        float(word)
    except ValueError:
        return False
    return True
