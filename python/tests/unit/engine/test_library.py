"""Finding and loading the engine, and what is said when that fails."""

import ctypes
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ancestral as anc
from ancestral._engine import _ffi, library
from ancestral._engine._ffi.loading import library as loaded
from ancestral._engine._ffi.signatures import SIGNATURES

HEADER = Path(__file__).parents[4] / "Sources" / "CAncestral" / "include" / "ancestral.h"


def test_versions_of_engine_and_package_agree() -> None:
    assert _ffi.version() == anc.__version__


def test_names_both_ways_when_there_is_no_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ANCESTRAL_LIBRARY", raising=False)
    monkeypatch.setattr(library, "__file__", str(tmp_path / "_engine" / "library.py"))
    with pytest.raises(anc.EngineError, match=r"install a wheel.*make engine.*ANCESTRAL_LIBRARY"):
        library.library_path()


def test_refuses_a_named_library_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANCESTRAL_LIBRARY", "/nowhere/lib.so")
    with pytest.raises(anc.EngineError, match=r"ANCESTRAL_LIBRARY=/nowhere/lib\.so"):
        library.library_path()


def refusal(library: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is said about a library, beside the one that this process has loaded already."""
    monkeypatch.setenv("ANCESTRAL_LIBRARY", str(library))
    with pytest.raises(anc.EngineError) as caught:
        loaded.__wrapped__()
    return str(caught.value)


def compiled(source: str, folder: Path) -> Path:
    """A shared library of a few lines of C."""
    compiler = shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("needs a C compiler")
    library, text = folder / "libAncestralBridge.so", folder / "fake.c"
    text.write_text(source)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, text], check=True)
    return library


def test_says_so_when_the_file_is_no_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "libAncestralBridge.so"
    fake.write_bytes(b"not a library")
    assert re.search(
        r"could not be loaded as the Ancestral engine \(.*\): unset ANCESTRAL_LIBRARY, or let it", refusal(fake, monkeypatch)
    )


def test_says_so_when_the_library_is_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = compiled("int something_else(void) { return 0; }", tmp_path)
    assert re.search(
        r"could not be loaded as the Ancestral engine \(.*anc_abi_version.*\): unset", refusal(library, monkeypatch)
    )


def test_names_both_versions_of_the_contract_when_they_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(compiled("int anc_abi_version(void) { return 99; }", tmp_path), monkeypatch)
    assert f"speaks version 99 of the C contract and this package version {_ffi.ABI_VERSION}: unset ANCESTRAL_LIBRARY" in said


def test_the_package_speaks_the_contract_of_the_header() -> None:
    assert re.search(rf"#define ANC_ABI_VERSION {_ffi.ABI_VERSION}\b", HEADER.read_text(encoding="utf-8"))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/maps")
@pytest.mark.skipif(not HEADER.exists(), reason="compares with the sources")
def test_each_function_has_the_arguments_of_the_header() -> None:
    """A size or a pointer too many would be read from whatever stands in the register."""
    header = re.sub(r"/\*.*?\*/", "", HEADER.read_text(encoding="utf-8"), flags=re.S)
    declared = {
        name: [] if arguments.strip() == "void" else [_kind(argument) for argument in arguments.split(",")]
        for name, arguments in re.findall(r"^anc_status (anc_\w+)\(([^)]*)\);", header, flags=re.M)
    }
    told = {
        name: ["pointer" if kind is ctypes.c_char_p or kind is ctypes.c_void_p else kind.__name__ for kind in arguments]
        for name, arguments in SIGNATURES.items()
    }
    assert told == declared, "SIGNATURES in signatures.py against ancestral.h"


def _kind(argument: str) -> str:
    name = argument.split()[0]
    return (
        "pointer" if "*" in argument else getattr(ctypes, f"c_{name if name == 'size_t' else name.removesuffix('_t')}").__name__
    )


def test_takes_a_library_from_where_the_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANCESTRAL_LIBRARY", raising=False)
    copy = shutil.copy(library.library_path(), tmp_path)
    code = "import ancestral as a; a.FamilyConfig().fingerprint(); print(open('/proc/self/maps').read())"
    environment = {**os.environ, "ANCESTRAL_LIBRARY": str(copy)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert str(copy) in done.stdout
    assert str(library.library_path()) not in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/cpuinfo")
def test_says_which_instructions_a_processor_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    old = tmp_path / "cpuinfo"
    old.write_text("processor : 0\nflags\t\t: fpu sse2 avx fma\n")
    with pytest.raises(anc.EngineError, match=r"lacks AVX2 vectors, BMI2 bit instructions.*x86-64-v3"):
        library.check_processor(str(old))
    old.write_text("flags\t\t: fpu avx2 fma bmi2\n")
    library.check_processor(str(old))


def test_an_arm_processor_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    library.check_processor("/nowhere")
