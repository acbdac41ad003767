"""The main job runs from end to end, with a tiny budget."""

import json
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[3] / "examples" / "train_structure_learner.py"


def test_the_demo_trains_and_leaves_its_table_and_pictures(tmp_path: Path) -> None:
    few = ["--steps", "3", "--nodes", "8", "--rows", "20", "--batch", "4", "--tasks", "8", "--seconds", "60"]
    run = subprocess.run(
        [sys.executable, str(EXAMPLE), *few, "--output", str(tmp_path)], capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert results["steps"] == 3
    assert results["tasks"] == 12
    assert set(results["results"]) == {"id", "ood: scale-free", "ood: gpcde"}
    assert all(0 <= value["network"]["auroc"] <= 1 for value in results["results"].values())
    for picture in ("task.png", "learning_curve.png", "adjacency.png"):
        assert (tmp_path / picture).stat().st_size > 10_000
