"""Kills processes that write files, at random moments: python scripts/faults/kill_writes.py [--kills N] [--seed S]

Each writes caches of fixed sets, registries of graph hashes and the registry of a run into one folder, without end, until it is
killed with signal 9. After each kill everything in the folder is read: what has its name must be whole and right, and only
temporary files may be left beside. The exit status is 1 for a half file.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import torch

import ancestral as anc

FAMILY = anc.SCMFamily(6, sparsity_param=1.0)
HASHES = anc.HashRegistry(bytes([number % 256, number // 256] * 16) for number in range(20_000))


def fixed(number: int, folder: Path | None) -> anc.MetaFixedDataset:
    return anc.MetaFixedDataset(FAMILY, n_tasks=20, base_seed=number, n_samples=500, cache_dir=folder)


def run(folder: Path) -> None:
    data = anc.DataModule(FAMILY, FAMILY, None, n_samples=20, batch_size=4, n_val=8, output_dir=folder / "run", threads=1)
    data.setup()


def write(folder: Path, first: int) -> None:
    """Writes until it is killed."""
    while True:
        fixed(first, folder)
        HASHES.save(folder / "hashes.json")
        run(folder)
        first += 1


def faults(folder: Path, first: int) -> list[str]:
    """What is half or wrong in the folder."""
    found: list[str] = []
    for number in range(first, first + len(list(folder.glob("*.safetensors")))):
        # Reads the file where it is there; the last one may not be, and is then written.
        if not all(one.X.equal(two.X) for one, two in zip(fixed(number, folder), fixed(number, None), strict=True)):
            found.append(f"cache {number} has other tasks")
    if (folder / "hashes.json").exists() and anc.HashRegistry.load(folder / "hashes.json") != HASHES:
        found.append("hashes.json is not whole")
    if (folder / "run" / "manifest.json").exists():
        found += anc.verify(folder / "run", n_training_tasks=5)
    strange = [path.name for path in folder.rglob(".*") if not path.name.endswith(".tmp")]
    return found + strange


def main() -> int:
    """0 when no reader met a half file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    moments, left, files = random.Random(arguments.seed), 0, 0
    with tempfile.TemporaryDirectory() as name:
        run(Path(name) / "warm")  # Distances are measured once in a process, and then known to those that are forked from it.
        for kill in range(arguments.kills):
            folder = Path(name) / str(kill)
            folder.mkdir()
            pid = os.fork()
            if pid == 0:
                try:
                    write(folder, 0)
                finally:
                    os._exit(1)
            time.sleep(moments.uniform(0.02, 0.3))
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
                print(f"kill {kill}: the writer ended by itself with {os.waitstatus_to_exitcode(status)}")
                return 1
            temporaries = len(list(folder.rglob(".*.tmp")))
            left, files = left + (temporaries > 0), files + len(list(folder.rglob("*.*"))) - temporaries
            wrong = faults(folder, 0)
            if wrong:
                print(f"kill {kill}: {'; '.join(wrong)}")
                return 1
    print(f"{arguments.kills} kills: {files} files, all whole; {left} kills left a temporary file, which nobody read")
    return 0


if __name__ == "__main__":
    sys.exit(main())
