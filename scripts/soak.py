"""Draws a million small tasks and says what is left: python scripts/soak.py [tasks] [workers]

Resident memory must stay within 20 MB of what it was after a tenth; no thread, file descriptor or shared-memory segment may
be left. The exit status is 1 otherwise. The loader starts anew every hundredth.
"""

import gc
import itertools
import os
import sys
import threading
import time
from pathlib import Path

import torch
from torch.utils.data import DataLoader

import ancestral as anc

BATCH = 100


def resident() -> float:
    """Megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def left() -> tuple[int, int, int]:
    """Threads, file descriptors, and shared-memory segments of torch."""
    gc.collect()
    segments = sum(1 for path in Path("/dev/shm").iterdir() if path.name.startswith(f"torch_{os.getpid()}_"))
    return threading.active_count(), len(os.listdir("/proc/self/fd")), segments


def main() -> int:
    """0 when nothing grew."""
    torch.set_num_threads(1)
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 10**6
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    family = anc.SCMFamily(5, sparsity_param=1.0)
    reserved = anc.HashRegistry(anc.MetaFixedDataset(family, n_tasks=50, n_samples=0).graph_hashes())
    stream = anc.MetaIterableDataset(family, n_samples=20, batch_size=BATCH, reserved=reserved)
    before, started, sizes = left(), time.perf_counter(), list[float]()
    for part in range(100):
        batches = max(1, tasks // BATCH // 100)
        if workers:
            loader = DataLoader(stream, batch_size=None, num_workers=workers)
            for _ in itertools.islice(loader, batches):
                pass
        else:
            with anc.TaskLoader(stream, batch_size=BATCH, threads=2) as loader:
                for _ in itertools.islice(loader, batches):
                    pass
        sizes.append(resident())
        if part == 0:
            before = left()  # With what multiprocessing opens once for all workers.
    spent, after = time.perf_counter() - started, left()
    warm = sizes[10:]
    print(f"{tasks} tasks in {spent:.0f} s, {stream.rejections.rejected} graphs rejected")
    print(f"resident memory after warm-up: {min(warm):.1f} to {max(warm):.1f} MB")
    print(f"threads, descriptors, segments: {before} before, {after} after")
    return 0 if max(warm) - warm[0] < 20 and after[0] <= before[0] and after[1:] <= before[1:] else 1


if __name__ == "__main__":
    sys.exit(main())
