"""Tests that abuse the package: each provokes a fault and asks for a sentence, or for nothing half done. See docs/faults.md."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from interrupts import PATIENCE

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def python() -> Callable[..., str]:
    """Runs Python in a process of its own, which must end with status 0, and gives what it printed."""

    def run(*arguments: str, under: tuple[str, ...] = (), given: str = "") -> str:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
        done = subprocess.run(
            [*under, sys.executable, *arguments],
            input=given,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            cwd=ROOT,
            env=environment,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run
