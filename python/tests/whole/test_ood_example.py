"""The example of error over distance runs from end to end, with a tiny budget."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from interrupts import PATIENCE

EXAMPLE = Path(__file__).parents[3] / "examples" / "ood_curve.py"


@pytest.mark.slow
def test_it_measures_thirteen_families_and_leaves_numbers_and_a_picture(tmp_path: Path) -> None:
    few = ["--steps", "5", "--tasks", "8", "--rows", "30", "--output", str(tmp_path)]
    done = subprocess.run([sys.executable, str(EXAMPLE), *few], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert len(found["evaluation"]["families"]) == len(found["distances"]) == 13
    assert set(found["distances"]) == set(found["evaluation"]["families"])
    assert len(found["correlations"]) == 9
    assert all(-1 <= one["low"] <= one["rho"] + 1e-9 and one["n_families"] == 13 for one in found["correlations"].values())
    assert (tmp_path / "ood.png").stat().st_size > 10_000
    assert done.stdout.count("rank correlation") == 9
