"""Says whether a wheel is what we promise: python scripts/check_wheel.py dist/ancestral-….whl

A platform tag that auditwheel agrees with, less than 12 MB, an intact RECORD, py.typed and the licences, and an engine that
exports the header's functions alone and leans on nothing but the C and C++ libraries. The exit status is 1 otherwise.
"""

import base64
import csv
import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

LARGEST = 12e6  # bytes
HEADER = Path(__file__).parents[1] / "Sources" / "CAncestral" / "include" / "ancestral.h"
LIBRARY = "ancestral/_lib/libAncestralBridge.so"
NEEDED = {"libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2"}


def output(*command: str | Path) -> str:
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout


def digest_of(data: bytes) -> str:
    """As RECORD writes it."""
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def faults_of_archive(wheel: Path) -> Iterator[str]:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        info = next(name.split("/")[0] for name in names if name.endswith(".dist-info/WHEEL"))
        licences = [f"{info}/licenses/LICENSE", f"{info}/licenses/NOTICE"]
        for name in [LIBRARY, "ancestral/py.typed", *licences]:
            if name not in names:
                yield f"{name} is not in the wheel"
        for name in sorted(names):
            if not name.startswith(("ancestral/", f"{info}/")) or "__pycache__" in name:
                yield f"{name} has no business in the wheel"
        recorded = {row[0]: row[1] for row in csv.reader(archive.read(f"{info}/RECORD").decode().splitlines())}
        if set(recorded) != names:
            yield f"RECORD and the archive differ in {sorted(set(recorded) ^ names)}"
        for name, digest in recorded.items():
            if name in names and digest and digest != digest_of(archive.read(name)):
                yield f"{name} is not what RECORD says"
    if (size := wheel.stat().st_size) >= LARGEST:
        yield f"the wheel has {size / 1e6:.1f} MB"


def faults_of_library(library: Path) -> Iterator[str]:
    # Capitals are what others can link to; small letters are names that stay inside.
    symbols = [line.split()[-2:] for line in output("nm", "-D", "--defined-only", library).splitlines()]
    exported = {name for kind, name in symbols if kind.isupper()}
    declared = set(re.findall(r"^\w[\w\s*]*\b(anc_\w+)\(", HEADER.read_text(), re.MULTILINE))
    if exported != declared:
        yield f"exports and header differ in {sorted(exported ^ declared)}"
    dynamic = output("readelf", "-dW", library)
    if other := set(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic)) - NEEDED:
        yield f"the engine needs {sorted(other)}"
    if str(Path.cwd()).encode() in library.read_bytes():
        yield "the engine names the folder that it was built in"


def faults_of_tag(wheel: Path) -> Iterator[str]:
    tag = wheel.stem.split("-", 2)[2]
    if tag != "py3-none-manylinux_2_34_x86_64":
        yield f"the tag is {tag}"
        return
    said = " ".join(output(sys.executable, "-m", "auditwheel", "show", wheel).split())
    if 'consistent with the following platform tag: "manylinux_2_34_x86_64"' not in said:
        yield f"auditwheel says: {said}"


def main() -> int:
    wheel = Path(sys.argv[1])
    faults = [*faults_of_archive(wheel), *faults_of_tag(wheel)]
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        if LIBRARY in archive.namelist():
            faults += faults_of_library(Path(archive.extract(LIBRARY, folder)))
    for fault in faults:
        print(f"{wheel.name}: {fault}", file=sys.stderr)
    print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB, {'not ' if faults else ''}as promised")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
