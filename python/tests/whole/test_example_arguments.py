"""Command lines of the examples: a number that can't be had ends in a sentence, and is never another one."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "given", "told"),
    [
        ("train_structure_learner.py", ["--steps", "0"], "--steps: '0': must be a whole number of 1 or more"),
        ("train_structure_learner.py", ["--batch", "0"], "--batch: '0': must be a whole number of 1 or more"),
        ("train_structure_learner.py", ["--rows", "-1"], "--rows: '-1': must be a whole number of 1 or more"),
        ("train_effect_learner.py", ["--tasks", "many"], "--tasks: 'many': must be a whole number of 1 or more"),
        ("ood_curve.py", ["--steps", "1.5"], "--steps: '1.5': must be a whole number of 1 or more"),
        (
            "reproduce/run.py",
            ["small-bcnp", "--seed", "-1"],
            "--seed: '-1': must be a whole number from 0 to 9223372036854775807",
        ),
        ("ood_curve.py", ["--seed", str(2**63)], "--seed: '9223372036854775808': must be a whole number from 0 to"),
        ("train_structure_learner.py", ["--seed", "1e3"], "--seed: '1e3': must be a whole number from 0 to"),
        ("reproduce/rates.py", ["--seconds", "-1"], "--seconds: '-1': must be a number of seconds above 0"),
        ("reproduce/rates.py", ["--seconds", "nan"], "--seconds: 'nan': must be a number of seconds above 0"),
        ("reproduce/rates.py", ["--rows", "0"], "--rows: '0': must be a whole number of 1 or more"),
        ("train_effect_learner.py", ["--seed", "-7"], "--seed: '-7': must be a whole number from 0 to"),
    ],
)
def test_wrong_numbers_are_refused(script: str, given: list[str], told: str, tmp_path: Path) -> None:
    output = [] if script == "reproduce/rates.py" else ["--output", str(tmp_path / "out")]
    command = [sys.executable, str(EXAMPLES / script), *given, *output]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 2
    assert told in done.stderr
    assert not (tmp_path / "out").exists()
