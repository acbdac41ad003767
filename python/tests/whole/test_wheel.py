"""Wheels and source distributions: what is in them, and what is said when one can't be made."""

import os
import platform
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from ancestral._engine import library

ROOT = Path(__file__).parents[3]
CHECK = ROOT / "scripts" / "check_wheel.py"

pytestmark = [
    pytest.mark.skipif(not (ROOT / "hatch_build.py").is_file(), reason="needs the sources"),
    pytest.mark.skipif(
        (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="looks at the wheel for Linux on x86-64"
    ),
    pytest.mark.slow,
]


def build(kind: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", str(folder), str(ROOT)]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = build("wheel", folder, ANCESTRAL_PREBUILT=str(library.library_path()))
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def check(wheel: Path) -> str:
    done = subprocess.run([sys.executable, CHECK, wheel], capture_output=True, text=True, check=False)
    assert bool(done.stderr) == (done.returncode == 1)
    return done.stderr


def changed(wheel: Path, name: str, drop: str, add: str | None = None) -> Path:
    """A copy under another name, without one file and perhaps with another."""
    copy = wheel.with_name(name)
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(copy, "w") as target:
        for item in source.namelist():
            if item != drop:
                target.writestr(item, source.read(item))
        if add is not None:
            target.writestr(add, "x")
    return copy


def test_a_wheel_is_as_promised(wheel: Path) -> None:
    assert check(wheel) == ""


def test_the_check_sees_a_wheel_without_the_engine(wheel: Path) -> None:
    said = check(changed(wheel, "ancestral-0-py3-none-any.whl", "ancestral/_lib/libAncestralBridge.so", "stray.py"))
    assert "libAncestralBridge.so is not in the wheel" in said
    assert "stray.py has no business in the wheel" in said
    assert "RECORD and the archive differ" in said
    assert "the tag is py3-none-any" in said


def test_the_check_sees_a_changed_file(wheel: Path) -> None:
    said = check(changed(wheel, wheel.name.replace("0.", "9."), "ancestral/py.typed", "ancestral/py.typed"))
    assert "ancestral/py.typed is not what RECORD says" in said


def test_wheels_of_the_same_sources_have_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    assert build("wheel", tmp_path, ANCESTRAL_PREBUILT=str(library.library_path())).returncode == 0
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


def test_a_wheel_without_swift_is_refused_in_words(tmp_path: Path) -> None:
    done = build("wheel", tmp_path, PATH="", ANCESTRAL_PREBUILT="")
    assert done.returncode != 0
    assert "needs Swift 6.3 and there is no `swift` in PATH" in done.stdout + done.stderr
    assert not list(tmp_path.iterdir())


def test_a_prebuilt_engine_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    done = build("wheel", tmp_path, ANCESTRAL_PREBUILT="/nowhere/libAncestralBridge.so")
    assert done.returncode != 0
    assert "ANCESTRAL_PREBUILT=/nowhere/libAncestralBridge.so: must name a file" in done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("git") is None or not (ROOT / ".git").exists(), reason="compares with git")
def test_a_source_distribution_holds_the_sources_and_nothing_built(tmp_path: Path) -> None:
    assert build("sdist", tmp_path).returncode == 0
    (path,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames()}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    wanted = {name for name in tracked if name.startswith(("Sources/", "python/ancestral/", "Tests/", "scripts/"))}
    # A link to a folder is packed as a copy of it.
    links = {name for name in wanted if (ROOT / name).is_symlink()}
    wanted = (wanted - links) | {f"{link}/{file.name}" for link in links for file in (ROOT / link).iterdir()}
    assert wanted | {"Package.swift", "LICENSE", "NOTICE", "README.md", "hatch_build.py", "pyproject.toml"} <= names
    assert not [
        name for name in names if name.endswith((".so", ".pyc", ".o", ".dylib", "Package.resolved")) or ".build" in name
    ]
