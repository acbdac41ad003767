"""The examples' trainer under torchrun: two processes take the step that one takes on the batches of both."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.distributed

from interrupts import PATIENCE

SCRIPT = Path(__file__).parents[3] / "examples" / "reproduce" / "run.py"

pytestmark = [
    pytest.mark.skipif(not torch.distributed.is_available(), reason="this torch has no torch.distributed"),
    pytest.mark.slow,
]


def run(folder: Path, batch: int, *launcher: str) -> tuple[dict[str, Any], dict[str, torch.Tensor], str]:
    """The results, the weights after three steps, and what was printed."""
    few = ["--steps", "3", "--rows", "16", "--batch", str(batch), "--tasks", "4", "--samples", "3", "--threads", "1"]
    command = [sys.executable, *launcher, str(SCRIPT), "small-avici", *few, "--output", str(folder)]
    known = {name: value for name, value in os.environ.items() if not name.startswith("SLURM_")}
    settings = {**known, "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    results = json.loads((folder / "small-avici" / "results.json").read_text())
    state = torch.load(folder / "small-avici" / "checkpoint.pt", weights_only=True)
    return results, state["network"], done.stdout


def test_two_processes_learn_what_one_learns_from_the_batches_of_both(tmp_path: Path) -> None:
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]  # It finds a port for itself.
    several, two, printed = run(tmp_path / "two", 2, *launcher)
    alone, one, _ = run(tmp_path / "one", 4)
    assert several["steps"] == alone["steps"] == 3
    assert several["tasks"] == alone["tasks"] == 12
    assert printed.count("E-SHD") == 1  # Rank 0 alone says it.
    assert two["dual.steps"] == one["dual.steps"] == 3
    assert torch.isclose(two["dual.average"], one["dual.average"], rtol=1e-3)
    # Adam's first steps have the size of the learning rate whatever the gradient's; its sign is that of rounding where it is 0.
    moved = torch.cat([(two[name] - one[name]).flatten() for name in one if one[name].is_floating_point()]).abs()
    assert moved.max() > 0
    assert (moved < 1e-7).float().mean() > 0.95


def test_a_run_that_is_over_is_only_tested_again(tmp_path: Path) -> None:
    first, weights, _ = run(tmp_path, 2)
    again, same, _ = run(tmp_path, 2)
    assert again["results"] == first["results"]
    assert set(first["results"]) == {"AUC", "E-SHD", "E-F1", "acyclic", "AUC |corr|"}
    assert all(torch.equal(weights[name], same[name]) for name in weights)
