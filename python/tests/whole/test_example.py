"""The main job runs from end to end, with a tiny budget."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

EXAMPLE = Path(__file__).parents[3] / "examples" / "train_structure_learner.py"


def run(output: Path, *given: str) -> tuple[dict[str, Any], "subprocess.CompletedProcess[str]"]:
    """The demo's results.json, and what it printed."""
    few = ["--steps", "3", "--rows", "20", "--batch", "4", "--tasks", "8", "--seconds", "60", *given]
    done = subprocess.run(
        [sys.executable, str(EXAMPLE), *few, "--output", str(output)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads((output / "results.json").read_text(encoding="utf-8")), done


def test_the_demo_trains_and_leaves_its_table_and_pictures(tmp_path: Path) -> None:
    results, done = run(tmp_path, "--nodes", "8")
    assert results["steps"] == 3
    assert results["tasks"] == 12
    assert set(results["results"]) == {"id", "ood: scale-free", "ood: gpcde"}
    assert all(0 <= value["network"]["auroc"] <= 1 for value in results["results"].values())
    for picture in ("task.png", "learning_curve.png", "adjacency.png"):
        assert (tmp_path / picture).stat().st_size > 10_000
    # Standard error is no terminal here: no bar that draws over itself, no more than a short line every ten seconds.
    lines = done.stderr.splitlines()
    assert "\r" not in done.stderr
    assert len(lines) <= 12
    assert all(len(line) < 100 for line in lines)


def test_the_demo_says_how_many_tasks_it_left_out(tmp_path: Path) -> None:
    # There are 543 DAGs of four nodes, and some 30 of them are in a fixed set.
    results, done = run(tmp_path, "--nodes", "4", "--edges", "0.75", "--steps", "20")
    assert results["tasks_left_out"] > 0
    assert f"{results['tasks_left_out']} further tasks were left out of training" in done.stdout


@pytest.mark.parametrize(
    ("seconds", "steps", "expected"),
    [
        (75, 300, 0.5),  # Quick: time alone counts.
        (150, 300, 1.0),
        (150, 100, 0.75),  # Slow: beyond its time, up to the least steps, ...
        (150, 10, 0.75),
        (180, 200, 1.0),
        (200, 10, 1.0),  # ... or up to the most time.
    ],
)
def test_a_slow_machine_trains_on_but_not_for_ever(
    seconds: float, steps: int, expected: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLE.parent))
    budget = importlib.import_module("structure_learner.training").Budget(150, 200, least_steps=200)
    assert min(budget.used(seconds, steps), 1.0) == expected
