"""Forks a process whose threads are drawing batches: python scripts/faults/fork_storm.py [--forks N] [--threads N]

Each child draws a task of its own and must end with status 0 and the right rows within a minute. One of the families
counts its graphs, which keeps a table for the whole process. Prints what happened; the exit status is 1 for a child that
hung or failed.
"""

import argparse
import os
import signal
import sys
import threading
import time
import warnings

import torch

import ancestral as anc

SECONDS = 60  # Some hundredths, but for a busy machine.
FAMILIES = [
    anc.SCMFamily(12, mechanism_proportions={"linear": 1, "mlp": 1, "gpcde": 1}),
    anc.SCMFamily.from_config(anc.FamilyConfig(n_nodes=8, graph="uniform_dag", sparsity_param=1.9966)),
]


def draw(family: anc.SCMFamily, stop: threading.Event, number: int) -> None:
    """Batches without end, each spread over two threads of the engine."""
    seeds = torch.arange(64) + 1000 * number
    x = torch.empty(64, 50, family.max_nodes)
    while not stop.is_set():
        family._fill(seeds, 50, {"X": x}, threads=2)


def child(seed: int, expected: list[torch.Tensor]) -> int:
    """0 when a forked process draws what its parent drew."""
    right = all(family.sample_task(seed).sample(20).equal(x) for family, x in zip(FAMILIES, expected, strict=True))
    # A task that the parent never drew, and a batch over threads.
    FAMILIES[0]._fill(torch.tensor([os.getpid(), 1, 2]), 5, {"X": torch.empty(3, 5, 12)}, threads=2)
    return 0 if right else 1


def wait(pid: int) -> str:
    """How a child ended."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return f"status {os.waitstatus_to_exitcode(status)}"
        time.sleep(0.001)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return "hung"


def main() -> int:
    """0 when every child ended as it should."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--forks", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    # Python >= 3.12 warns of any fork beside threads, which here are the script's own; the engine's end with each call.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    expected = [family.sample_task(7).sample(20) for family in FAMILIES]
    stop = threading.Event()
    threads = [
        threading.Thread(target=draw, args=(FAMILIES[number % 2], stop, number), daemon=True)
        for number in range(arguments.threads)
    ]
    for thread in threads:
        thread.start()
    started, ends = time.perf_counter(), dict[str, int]()
    for _ in range(arguments.forks):
        pid = os.fork()
        if pid == 0:
            try:
                os._exit(child(7, expected))
            finally:
                os._exit(2)
        end = wait(pid)
        ends[end] = ends.get(end, 0) + 1
    stop.set()
    for thread in threads:
        thread.join()
    print(f"{arguments.forks} forks in {time.perf_counter() - started:.0f} s beside {len(threads)} drawing threads: {ends}")
    return 0 if ends == {"status 0": arguments.forks} else 1


if __name__ == "__main__":
    sys.exit(main())
