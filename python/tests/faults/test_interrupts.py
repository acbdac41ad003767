"""Ctrl-C in every kind of long work that workers/test_interrupt.py leaves out: it ends at once, with nothing left (R19)."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from interrupts import broken_off, few_cores, is_left
from small_streams import wait_for

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("interrupted_script.py")
KINDS = re.findall(r'^    "(.*)": ', SCRIPT.read_text(encoding="utf-8"), flags=re.M)


@pytest.mark.parametrize("kind", KINDS)
def test_an_interrupt_ends_it_without_leaving_anything(kind: str, tmp_path: Path) -> None:
    if kind == "Lightning":
        pytest.importorskip("lightning")
    with few_cores(1):
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), kind, str(tmp_path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    assert process.stdout is not None
    for line in process.stdout:
        if line == "started\n":
            break
    else:
        pytest.fail(process.communicate()[1])
    time.sleep(0.4)  # So that it is in the midst; before that, the rest holds too.
    said, error = broken_off(process)
    assert "it ended by itself" not in said
    assert process.returncode != 0
    assert "KeyboardInterrupt" in error, error
    assert "Fatal" not in error
    wait_for(lambda: not is_left(process.pid))
    assert not list(tmp_path.rglob("*.safetensors"))
    assert not list(tmp_path.rglob("*.tmp"))
