"""Forks many times after the engine has used threads, and while it still does; each child must draw what its parent did."""

import copy
import hashlib
import os
import signal
import sys
import time

import torch

import ancestral as anc

FAMILY = anc.SCMFamily(6, sparsity_param=1.0, mechanism_proportions={"linear": 1, "gpcde": 1}, gpcde_features=16)
SECONDS = 60


def drawn() -> str:
    """What every process must draw: one task, a batch by threads, and a batch of a loader."""
    task = FAMILY.sample_task(3)
    rows = task.sample(5000, draw=1)  # By all threads.
    stream = copy.deepcopy(anc.MetaIterableDataset(FAMILY, n_samples=50, batch_size=8))
    with anc.TaskLoader(stream, batch_size=8, threads=3) as loader:
        first = next(iter(loader)).X
    digest = hashlib.sha256()
    for part in (rows, next(iter(stream)).X, first, task.adjacency_matrix):
        digest.update(part.numpy().tobytes())
    return digest.hexdigest() + task.graph_hash("iso")


def main(count: int) -> None:
    """Ends with a sentence at the first child that hangs or draws otherwise."""
    torch.set_num_threads(2)  # Whose work no child may wait for, as they are the parent's alone.
    torch.ones(1 << 20).exp()
    right = drawn()
    busy = None
    for number in range(count):
        if number == count // 2:
            busy = iter(anc.TaskLoader(anc.MetaIterableDataset(FAMILY, n_samples=500, batch_size=8), batch_size=8, threads=3))
            next(busy)
        child = os.fork()
        if child == 0:
            os._exit(0 if drawn() == right else 1)
        deadline = time.monotonic() + SECONDS
        while (ended := os.waitpid(child, os.WNOHANG))[0] == 0:
            if time.monotonic() > deadline:
                os.kill(child, signal.SIGKILL)
                sys.exit(f"child {number} hung")
            time.sleep(0.002)
        if ended[1] != 0:
            sys.exit(f"child {number} ended with {ended[1]}")
        if busy is not None:
            next(busy)
    print(count, "children drew the same")


if __name__ == "__main__":
    main(int(sys.argv[1]))
