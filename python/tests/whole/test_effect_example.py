"""The example of causal effects runs from end to end, with a tiny budget, and repeats itself."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from interrupts import PATIENCE

pytestmark = pytest.mark.slow

EXAMPLE = Path(__file__).parents[3] / "examples" / "train_effect_learner.py"


def run(output: Path) -> dict[str, Any]:
    """The example's results.json."""
    few = ["--steps", "4", "--rows", "40", "--query", "10", "--batch", "3", "--tasks", "6"]
    done = subprocess.run(
        [sys.executable, str(EXAMPLE), *few, "--output", str(output)], capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return json.loads((output / "results.json").read_text(encoding="utf-8"))


def test_the_example_leaves_its_table_and_pictures_and_repeats_itself(tmp_path: Path) -> None:
    results = run(tmp_path / "first")
    assert results["steps"] == 4
    assert results["tasks"] == 12
    assert set(results["results"]) == {"id", "ood: hidden", "ood: continuous"}
    for estimators in results["results"].values():
        assert set(estimators) == {"network", "linear adjustment", "difference in means"}
        assert all(error["pehe"] > 0 and error["ate_error"] > 0 for error in estimators.values())
    for picture in ("learning_curve.png", "effects.png"):
        assert (tmp_path / "first" / picture).stat().st_size > 10_000
    assert run(tmp_path / "second") == results
