"""How many tasks a second reach a training loop: python scripts/bench_loader.py [seconds for each line]

d = 20 nodes, n = 1000 rows, linear, batches of 32. The lines take turns; each tells its median, since other work on the machine
hits some.
"""

import itertools
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

import ancestral as anc

NODES, ROWS, BATCH = 20, 1000, 32
FAMILY = anc.SCMFamily(NODES, mechanism_proportions={"linear": 1})


class NumpyTasks(IterableDataset[Any]):
    """The same tasks as one writes them by hand: Erdős–Rényi, linear mechanisms, Gamma noise variances."""

    def __iter__(self) -> Iterator[Any]:
        worker = get_worker_info()
        generator = np.random.default_rng(0 if worker is None else worker.id)
        density = 2 * FAMILY.sparsity_param / (NODES - 1)
        while True:
            order = generator.permutation(NODES)
            adjacency = np.zeros((NODES, NODES), np.float32)
            adjacency[np.ix_(order, order)] = np.triu(generator.random((NODES, NODES)) < density, 1)
            weights = adjacency * generator.normal(size=(NODES, NODES)).astype(np.float32)
            scales = np.sqrt(generator.gamma(2.5, 0.4, NODES)).astype(np.float32)
            x = generator.standard_normal((ROWS, NODES), np.float32) * scales
            for node in order:
                x[:, node] += x @ weights[:, node]
            yield anc.Task(torch.from_numpy(x), torch.from_numpy(adjacency))


def engine(threads: int) -> Callable[[], Iterator[Any]]:
    """Batches into one memory that is written again and again: what the engine itself can do."""

    def batches() -> Iterator[Any]:
        from ancestral._engine import _ffi

        x, adjacency = torch.empty(BATCH, ROWS, NODES), torch.empty(BATCH, NODES, NODES)
        for index in itertools.count():
            seeds = _ffi.stream_seeds(0, -1, -1, index * BATCH, BATCH)
            FAMILY._fill(seeds, ROWS, {"X": x, "adjacency": adjacency}, threads=threads)  # pyright: ignore[reportPrivateUsage]
            yield anc.Task(x, adjacency)

    return batches


def stream() -> anc.MetaIterableDataset:
    return anc.MetaIterableDataset(FAMILY, n_samples=ROWS, batch_size=BATCH)


LINES: dict[str, Callable[[], Any]] = {
    "engine alone, 1 thread": engine(1),
    "engine alone, 2 threads": engine(2),
    "TaskLoader, 1 thread": lambda: anc.TaskLoader(stream(), batch_size=BATCH, threads=1),
    "TaskLoader, 2 threads": lambda: anc.TaskLoader(stream(), batch_size=BATCH, threads=2),
    "DataLoader, 2 workers": lambda: DataLoader(stream(), batch_size=None, num_workers=2),
    "numpy in a DataLoader, 2 workers": lambda: DataLoader(NumpyTasks(), batch_size=BATCH, num_workers=2),
}


def rate(batches: Iterator[Any], seconds: float) -> float:
    """Tasks a second after the first few batches."""
    for _ in range(4):
        next(batches)
    started, count = time.perf_counter(), 0
    while (spent := time.perf_counter() - started) < seconds:
        next(batches)
        count += 1
    return count * BATCH / spent


def main() -> None:
    """Prints a table."""
    torch.set_num_threads(1)
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    rates: dict[str, list[float]] = {name: [] for name in LINES}
    for _ in range(5):
        for name, make in LINES.items():
            source = make()
            rates[name].append(rate(iter(source), seconds))
            if isinstance(source, anc.TaskLoader):
                source.close()
    middle = {name: statistics.median(found) for name, found in rates.items()}
    for name, found in middle.items():
        print(f"{name:<36}{found:>10.0f} tasks/s")
    loader = middle["TaskLoader, 2 threads"]
    print(f"{'TaskLoader / engine, 2 threads':<36}{loader / middle['engine alone, 2 threads']:>10.2f}")
    print(f"{'TaskLoader / numpy in a DataLoader':<36}{loader / middle['numpy in a DataLoader, 2 workers']:>10.1f}")


if __name__ == "__main__":
    main()
