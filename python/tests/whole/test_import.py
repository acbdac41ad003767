"""`import ancestral` is quick and leaves the process as it was."""

import re
import subprocess
import sys

import ancestral as anc

HEAVY = ("matplotlib", "networkx", "hydra", "omegaconf", "lightning", "ray", "yaml", "pandas", "scipy.stats", "sklearn")


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_imports_nothing_heavy_beyond_torch() -> None:
    code = "import sys, torch; before = set(sys.modules); import ancestral; print(*(set(sys.modules) - before))"
    brought = run(code).split()
    assert not [name for name in brought if name.split(".")[0] in HEAVY]


def test_starts_no_thread() -> None:
    code = """
import os, torch
threads = lambda: len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 0
before = threads()
import ancestral
ancestral.FamilyConfig().fingerprint()
print(threads() - before)
"""
    assert run(code) == "0"


def test_tells_its_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", anc.__version__)


def test_ends_quietly_with_live_objects() -> None:
    code = "import ancestral as a; f = a.SCMFamily(5); t = f.sample_task(1); t.sample(3); cycle = [f, t]; cycle.append(cycle)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
