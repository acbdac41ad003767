"""Reserved: graphs that no task may have, as the engine and the Python loop both look them up."""

from collections.abc import Iterable
from typing import Any

from torch import Tensor

from .._engine import _ffi
from .._engine.checks import check_level
from .._engine.lazy import lazy


class Reserved:
    """A frozen set of graph digests (32 bytes each) at one level. Pickles as its digests."""

    def __init__(self, digests: Iterable[bytes], level: str = "exact") -> None:
        self.level = level
        self._number = check_level(level)
        self._digests = frozenset(digests)

    @lazy
    def handle(self) -> _ffi.Handle:
        return _ffi.reserved_create(b"".join(sorted(self._digests)), self._number)

    def has_graph(self, graph: Tensor) -> bool:
        """True if a graph, uint8 [n, n], is one of the reserved."""
        return _ffi.graph_hash(graph, self._number) in self._digests

    def __len__(self) -> int:
        return len(self._digests)

    def __reduce__(self) -> tuple[Any, ...]:
        return Reserved, (self._digests, self.level)
