"""Finding and loading the engine, and what is said when that fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import ancestral as anc
from ancestral import _ffi, _library


def test_versions_of_engine_and_package_agree() -> None:
    assert _ffi.version() == anc.__version__


def test_names_both_ways_when_there_is_no_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ANCESTRAL_LIBRARY", raising=False)
    monkeypatch.setattr(_library, "__file__", str(tmp_path / "_library.py"))
    with pytest.raises(anc.EngineError, match=r"make engine.*ANCESTRAL_LIBRARY"):
        _library.library_path()


def test_refuses_a_named_library_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANCESTRAL_LIBRARY", "/nowhere/lib.so")
    with pytest.raises(anc.EngineError, match=r"ANCESTRAL_LIBRARY=/nowhere/lib\.so"):
        _library.library_path()


def test_says_so_when_the_file_is_no_engine(tmp_path: Path) -> None:
    fake = tmp_path / "libAncestralBridge.so"
    fake.write_bytes(b"not a library")
    code = "import ancestral as a\ntry: a.FamilyConfig()\nexcept a.EngineError as error: print(error)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "ANCESTRAL_LIBRARY": str(fake)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "could not be loaded as the Ancestral engine" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/cpuinfo")
def test_says_which_instructions_a_processor_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    old = tmp_path / "cpuinfo"
    old.write_text("processor : 0\nflags\t\t: fpu sse2 avx fma\n")
    with pytest.raises(anc.EngineError, match=r"lacks AVX2 vectors, BMI2 bit instructions.*x86-64-v3"):
        _library.check_processor(str(old))
    old.write_text("flags\t\t: fpu avx2 fma bmi2\n")
    _library.check_processor(str(old))


def test_an_arm_processor_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    _library.check_processor("/nowhere")
