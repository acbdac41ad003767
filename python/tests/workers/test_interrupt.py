"""Ctrl-C ends a run at once, with nothing left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("interrupted_script.py")


@pytest.mark.parametrize("workers", [0, 1])
def test_an_interrupt_ends_a_run_without_leaving_anything(workers: int) -> None:  # R19
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(workers)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    time.sleep(0.5)
    started = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=20)
    # Half a second on a quiet machine; this one may be busy.
    assert time.monotonic() - started < 3
    assert "KeyboardInterrupt" in error
    assert "Fatal" not in error
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
