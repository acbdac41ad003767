"""Holds the engine's costs against each other: python scripts/check_ratios.py path/to/ancestral ratios.json

Runs `ancestral bench`, which writes the file; in ratios the processor's speed cancels out. What else the machine does can
only add to a cost, so the bench runs again where a ratio is too high, five times at most, and the least of each cost counts.
The exit status is 1 where a cost is so far above what docs/performance.md tells that the engine must have lost something; the
figures themselves are measured by `make bench` on a quiet machine.
"""

import json
import subprocess
import sys
from pathlib import Path

ROWS, NODES, RUNS = 1000, 20, 5


def costs(tool: str, file: str) -> dict[str, float]:
    """Seconds, by one run of the bench."""
    subprocess.run([tool, "bench", "--seconds", "0.3", "--quiet", "--json-file", file], stdout=subprocess.DEVNULL, check=True)
    results = {entry["name"]: entry["value"] for entry in json.loads(Path(file).read_text())}
    return {
        "normals": results["noise gaussian"] * 1e-9 * ROWS * NODES,  # Of one task.
        "linear": 1 / results["linear, n = 1000, threads: 1"],
        "long": 1 / results["linear, n = 10000, threads: 1"],
        "mlp": 1 / results["mlp (32, 32), n = 1000, threads: 1"],
    }


def held(cost: dict[str, float]) -> bool:
    """Whether all ratios are low enough, which are printed."""
    # Name, what it is now, what the quiet machine shows, and the most that passes here: other processors have other ratios.
    checks = [
        ("a linear task over its normals", cost["linear"] / cost["normals"], 2.2, 4.0),
        ("a linear task of 10,000 rows over its normals", cost["long"] / (10 * cost["normals"]), 1.98, 4.0),
        ("an MLP task over a linear one", cost["mlp"] / cost["linear"], 12.0, 30.0),
    ]
    for name, found, quiet, most in checks:
        print(f"{name:48}{found:7.2f}   quiet machine {quiet:5.2f}   at most {most:5.2f}")
    return all(found <= most for _, found, _, most in checks)


def main() -> int:
    least: dict[str, float] = {}
    for run in range(RUNS):
        if run:
            print("once more, as the machine may have been busy:")
        least = {name: min(cost, least.get(name, cost)) for name, cost in costs(*sys.argv[1:]).items()}
        if held(least):
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
