"""Calls every function of ancestral.h with random arguments.

    python scripts/faults/fuzz_c.py [--calls N] [--seed S] [--library PATH]

Each call must answer with a status, and a failing one with one sentence; memory that a call reads or writes ends at a page that
ends the process when it is touched; resident memory must stay flat. Needs neither torch nor the package. The exit status is 1
for a wrong answer; a trap or a byte out of bounds ends the process by a signal, and `--trace FILE` keeps the last call before.

Outside the contract, and so not tried: handles that were freed or never made, and sizes larger than the memory given.
"""

import argparse
import ctypes
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from calls.checked_calls import WrongAnswerError
from calls.designs import DesignCalls
from calls.files import FileCalls
from calls.samples import AnalysisCalls

LIBRARY = Path(__file__).resolve().parents[2] / "python" / "ancestral" / "_lib" / "libAncestralBridge.so"
FLAT_MEGABYTES = 8
_COSTLY = ("try_family", "try_instance", "try_do", "try_analysis")


class Fuzz(DesignCalls, AnalysisCalls, FileCalls):
    """All calls, those that cost little four times as often."""

    def __init__(self, library: ctypes.CDLL, seed: int) -> None:
        super().__init__(library, seed)
        for text in (b'{"n_nodes": 4, "sparsity_param": 1}', b'{"n_nodes": 2, "n_nodes_max": 9, "sparsity_param": 0.5}'):
            self.keep_family(text)
        names = [name for name in dir(self) if name.startswith("try_")]
        self.steps = [getattr(self, name) for name in names for _ in range(1 if name in _COSTLY else 4)]


def resident() -> float:
    """Megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


def main() -> int:
    """0 when every answer was right and memory stayed flat."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=10**6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--library", type=Path, default=LIBRARY)
    parser.add_argument("--trace", type=Path, help="a file that holds the last call, should it end the process")
    parser.add_argument("--any-memory", action="store_true", help="don't ask that memory stays flat, as under a sanitizer")
    arguments = parser.parse_args()
    fuzz = Fuzz(ctypes.CDLL(str(arguments.library)), arguments.seed)
    if arguments.trace:
        file = open(arguments.trace, "w", buffering=1, encoding="utf-8")  # noqa: SIM115 - open until the end
        fuzz.trace = lambda line: (file.seek(0), file.truncate(), file.write(line[:4000]), file.flush())
    started, sizes, told = time.perf_counter(), list[float](), 0
    try:
        while (made := fuzz.statuses.total()) < arguments.calls:
            fuzz.random.choice(fuzz.steps)()
            if made * 20 >= told * arguments.calls:
                told += 1
                sizes.append(resident())
    except WrongAnswerError as wrong:
        print(f"seed {arguments.seed}, after {fuzz.statuses.total()} calls: {wrong}")
        return 1
    by_status = Counter[int]()
    for (_, status), count in fuzz.statuses.items():
        by_status[status] += count
    untried = sorted(set(fuzz.names) - {name for name, _ in fuzz.statuses} - {"anc_abi_version"})
    # The second half against the first: a few handles of changing size are always held.
    half = len(sizes) // 2
    grown = max(sizes[half:]) - max(sizes[:half]) if half else 0.0
    print(
        f"{fuzz.statuses.total()} calls in {time.perf_counter() - started:.0f} s, seed {arguments.seed}: "
        "no trap, nothing out of bounds"
    )
    print(f"statuses: {dict(sorted(by_status.items()))}; {len(fuzz.sentences)} kinds of sentences")
    print(f"resident memory: {max(sizes[:half], default=0):.0f} MB at most in the first half, {grown:+.1f} MB in the second")
    if untried:
        print(f"never called: {', '.join(untried)}")
    return 1 if untried or (grown > FLAT_MEGABYTES and not arguments.any_memory) else 0


if __name__ == "__main__":
    sys.exit(main())
