"""Tasks in a second that become a corpus on disk: one process without Ray, and Ray clusters of one node and of two.

    python scripts/bench_ray.py

A node has one processor, and is a set of processes of this machine: the figures say what Ray costs and how the work is shared
out, not what a network does. On a machine with fewer than three idle processors, two nodes also share them with the driver and
with Ray's own processes. Each corpus is made once to warm up (the workers import torch) and then timed; the hash of its index,
which holds the SHA-256 of every file, must be the same for all. Prints a table and writes JSON.
"""

import argparse
import hashlib
import json
import logging
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Ray warns of what it will do about accelerators some day.
os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")

import ray
from ray.cluster_utils import Cluster

import ancestral as anc
from ancestral.integrations.ray import generate

FAMILIES: dict[str, dict[str, Any]] = {
    "linear": {"n_nodes": 20},
    "mlp": {"n_nodes": 20, "mechanism_proportions": {"mlp": 1.0}},
    "gpcde": {"n_nodes": 20, "mechanism_proportions": {"gpcde": 1.0}},
}


def timed(make: Callable[[Path], object], folder: Path) -> tuple[float, str]:
    """Seconds, and the SHA-256 of the index."""
    start = time.perf_counter()
    make(folder)
    seconds = time.perf_counter() - start
    return seconds, hashlib.sha256((folder / "index.json").read_bytes()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10.0, help="work for one processor in each measurement, roughly")
    parser.add_argument("--rows", type=int, default=1000, help="rows of a task")
    parser.add_argument("--tasks-per-shard", type=int, default=256, help="tasks in a file")
    parser.add_argument("--output", type=Path, default=Path("runs/bench-ray.json"), help="where the JSON goes")
    options = parser.parse_args()
    shared: dict[str, Any] = {"n_samples": options.rows, "tasks_per_shard": options.tasks_per_shard}
    results: list[dict[str, Any]] = []

    def measure(name: str, how: str, make: Callable[..., object], count: int) -> float:
        family = anc.SCMFamily.from_config(FAMILIES[name])
        with tempfile.TemporaryDirectory(dir=options.output.parent) as folder:
            make(family, 2 * options.tasks_per_shard, Path(folder, "warm"), **shared)
            seconds, digest = timed(lambda out: make(family, count, out, **shared), Path(folder, "corpus"))
        results.append({"family": name, "how": how, "tasks": count, "tasks_per_s": count / seconds, "index_sha256": digest})
        print(f"{name:10}{how:24}{count:8}{count / seconds:10.0f} tasks/s   index {digest[:16]}", flush=True)
        return count / seconds

    options.output.parent.mkdir(parents=True, exist_ok=True)
    load = os.getloadavg()[0]
    print(f"n = {options.rows} rows, {options.tasks_per_shard} tasks a file; {os.cpu_count()} processors, load {load:.1f}")
    counts: dict[str, int] = {}
    for name in FAMILIES:
        rate = measure(name, "a short trial", lambda *a, **k: anc.write_corpus(*a, threads=1, **k), 4 * options.tasks_per_shard)
        results.pop()
        counts[name] = max(8, round(rate * options.seconds / options.tasks_per_shard)) * options.tasks_per_shard
    for name, count in counts.items():
        measure(name, "no Ray, 1 thread", lambda *a, **k: anc.write_corpus(*a, threads=1, **k), count)
    for nodes in (1, 2):
        node = {"num_cpus": 1, "object_store_memory": 80 << 20}
        cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
        for _ in range(nodes - 1):
            cluster.add_node(**node)
        ray.init(address=cluster.address, log_to_driver=False, logging_level=logging.ERROR)
        for name, count in counts.items():
            measure(name, f"Ray, {nodes} node{'s' * (nodes > 1)} of 1 CPU", generate, count)
        ray.shutdown()
        cluster.shutdown()
    for name in FAMILIES:
        assert len({found["index_sha256"] for found in results if found["family"] == name}) == 1, f"{name}: other bytes"
    options.output.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
