"""A process may fork at any time (R16)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from interrupts import PATIENCE


@pytest.mark.parametrize("count", [6, pytest.param(100, marks=pytest.mark.slow)])
def test_children_draw_after_and_while_the_parent_uses_threads(count: int) -> None:
    script = Path(__file__).with_name("fork_script.py")
    # Python 3.12 and newer warn of a fork beside threads, which half of these are: by our own choice.
    quiet = ("-W", "error", "-W", "ignore:This process:DeprecationWarning")
    environment = {**os.environ, "PYTHONPATH": str(script.parents[2])}
    done = subprocess.run(
        [sys.executable, *quiet, str(script), str(count)], env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{count} children drew the same\n", "")
