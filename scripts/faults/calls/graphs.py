"""Calls that take graphs as bytes, and tables of numbers beside them."""

import ctypes

from .checked_calls import HUGE
from .families import FamilyCalls


class GraphCalls(FamilyCalls):
    """Graphs, and the digests of reserved ones."""

    def matrix(self, slot: int) -> tuple[int | None, int]:
        """Bytes of a small matrix, mostly a DAG's, and a size that is honest, or to be refused."""
        n, cells = self.dag()
        size = self.random.choice([0, 2049, *HUGE]) if self.random.random() < 0.1 else n
        return self.filled(slot, cells), size

    def dag(self) -> tuple[int, bytes]:
        """A size and so many squared bytes, mostly a DAG's."""
        random = self.random
        n = random.choice([1, 2, 3, 5, 8, 40])
        labels = random.sample(range(n), n)
        cells = bytearray(n * n)
        for _ in range(random.randrange(2 * n)):
            i, j = sorted(random.choices(range(n), k=2))
            if i < j:
                cells[labels[i] * n + labels[j]] = 1
        if random.random() < 0.2:
            cells[random.randrange(n * n)] = random.choice([1, 2, 255])
        return n, bytes(cells)

    def graphs(self, count: int) -> tuple[int | None, int | None, int]:
        """Sizes and cells of some graphs, and how many nodes they have together; now and then a size to be refused."""
        found = [self.dag() for _ in range(count)]
        sizes = [n for n, _ in found]
        if sizes and self.random.random() < 0.1:
            sizes[-1] = self.random.choice([0, -1, 2049, 2**31 - 1])
        packed = b"".join(n.to_bytes(4, "little", signed=True) for n in sizes)
        return self.filled(4, packed), self.filled(5, b"".join(cells for _, cells in found)), sum(n for n, _ in found)

    def values(self, slot: int, count: int) -> int | None:
        """What the values of nodes are, mostly what may be."""
        if self.random.random() < 0.5:
            return None
        choices = [0, 0, 2, 3, -1] if self.random.random() < 0.7 else [0, 1, -2, 32767, -32768]
        return self.filled(slot, bytes((ctypes.c_int16 * count)(*self.random.choices(choices, k=count))))

    def try_graphs(self) -> None:
        graph, n = self.matrix(0)
        honest = n if n <= 40 else 0
        self.call("anc_graph_order", graph, n, self.room(1, 4 * honest))
        self.call("anc_graph_cpdag", graph, n, self.room(1, honest * honest))
        regimes = self.size(3)
        marks = self.filled(2, self.random.randbytes(min(regimes, 3) * honest))
        self.call("anc_graph_cpdag_of_targets", graph, n, marks, regimes, self.room(1, honest * honest))
        self.call("anc_graph_hash", graph, n, self.random.choice([0, 1, 2, -1, 3, 2**31 - 1]), self.room(1, 32))
        rows = self.size(9)
        x = self.filled(2, self.floats(min(rows, 9) * honest))
        self.call("anc_sortability", x, rows, graph, n, self.values(4, honest), self.room(3, 16))

    def try_spectra(self) -> None:
        count = self.size(3)
        sizes, cells, nodes = self.graphs(min(count, 3))
        self.call("anc_spectra", cells, sizes, count, self.threads(), self.room(3, 8 * nodes))

    def try_standardize(self) -> None:
        count, rows, columns = self.size(3), self.size(20), self.size(5)
        size = 4 * min(count, 3) * min(rows, 20) * min(columns, 5)
        x = self.filled(1, self.random.randbytes(size))
        self.call("anc_standardize", x, count, rows, columns, self.room(0, size))

    def try_reserved(self) -> None:
        count = self.size(5)
        digests = self.filled(0, self.random.randbytes(32 * min(count, 5)))
        handle = self.created("anc_reserved_create", digests, count, self.random.choice([0, 0, 1, 2, -1, 3]))
        if handle is not None:
            self.keep(self.reserved, handle, "anc_reserved_free")
        drawn = self.filled(1, b"".join(self.random.choice([0, 1, 100, 2**64 - 1]).to_bytes(8, "little") for _ in range(2)))
        if drawn is not None or self.random.random() < 0.1:  # Which draws a thousand graphs.
            reserved = self.random.choice([None, *self.reserved])
            whose = self.family()[0], self.random.choice([None, *self.designs]) if self.random.random() < 0.5 else None
            self.call("anc_reserved_mass", *whose, reserved, self.word(), drawn, self.room(2, 2048), 2048, self.room(3, 8))
