"""Holds the engine's costs against each other: python scripts/check_ratios.py bench.json

Reads what `ancestral bench --json-file` wrote in one run, so that the machine and what else it does cancel out. The exit status
is 1 where a cost is so far above what docs/performance.md tells that the engine must have lost something; the figures
themselves are measured by `make bench` on a quiet machine.
"""

import json
import sys
from pathlib import Path

ROWS, NODES = 1000, 20


def main() -> int:
    results = {entry["name"]: entry["value"] for entry in json.loads(Path(sys.argv[1]).read_text())}
    normals = results["noise gaussian"] * 1e-9 * ROWS * NODES  # seconds of the normals of one task
    linear = 1 / results["linear, n = 1000, threads: 1"]
    long = 1 / results["linear, n = 10000, threads: 1"]
    mlp = 1 / results["mlp (32, 32), n = 1000, threads: 1"]
    # Name, what it is now, what the quiet machine shows, and the most that passes here.
    checks = [
        ("a linear task over its normals", linear / normals, 2.2, 3.0),
        ("a linear task of 10,000 rows over its normals", long / (10 * normals), 1.98, 3.0),
        ("an MLP task over a linear one", mlp / linear, 12.0, 30.0),
    ]
    for name, found, quiet, most in checks:
        print(f"{name:48}{found:7.2f}   quiet machine {quiet:5.2f}   at most {most:5.2f}")
    return int(any(found > most for _, found, _, most in checks))


if __name__ == "__main__":
    sys.exit(main())
