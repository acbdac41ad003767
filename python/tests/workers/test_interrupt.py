"""Ctrl-C ends a run at once, with nothing left."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from interrupts import broken_off, few_cores, is_left
from small_streams import wait_for

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("interrupted_script.py")


@pytest.mark.parametrize("workers", [0, 1])
def test_an_interrupt_ends_a_run_without_leaving_anything(workers: int) -> None:  # R19
    with few_cores(1):
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(workers)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    time.sleep(0.5)  # So that it is in the midst of a batch; before and after, the rest holds too.
    _, error = broken_off(process)
    assert "KeyboardInterrupt" in error
    assert "Fatal" not in error
    wait_for(lambda: not is_left(process.pid))
