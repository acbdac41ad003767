"""Puts the engine into a wheel, and gives the wheel the tag of the machines that it runs on."""

import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class EngineHook(BuildHookInterface):
    """Builds the engine with Swift, or takes the library that ANCESTRAL_PREBUILT names."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before a wheel is made."""
        if version == "editable":  # `make engine` builds it beside the sources.
            return
        library = self.library()
        build_data["force_include"][str(library)] = f"ancestral/_lib/{library.name}"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform_tag(library)}"

    def library(self) -> Path:
        name = "libAncestralBridge" + (".dylib" if sys.platform == "darwin" else ".so")
        prebuilt = os.environ.get("ANCESTRAL_PREBUILT")
        if prebuilt:
            library = Path(prebuilt).resolve()
            if library.name != name or not library.is_file():
                self.app.abort(f"ANCESTRAL_PREBUILT={prebuilt}: must name a file {name} that `make engine` built.")
            return library
        if shutil.which("swift") is None:
            self.app.abort(
                "Building Ancestral from source needs Swift 6.3 and there is no `swift` in PATH: install it from swift.org, "
                "or install one of Ancestral's wheels, which need no Swift."
            )
        library = Path(self.root, ".build-engine", "wheel", name)
        built = subprocess.run(["bash", str(Path(self.root, "scripts", "build_engine.sh")), str(library)], check=False)
        if built.returncode != 0:
            self.app.abort(f"Swift could not build the engine (exit status {built.returncode}); its own words are above.")
        return library


def platform_tag(library: Path) -> str:
    """The platform in a wheel's name: on Linux the oldest glibc that the library loads with; Swift's runtime asks for 2.34."""
    machine = platform.machine()
    if sys.platform == "darwin":
        return f"macosx_15_0_{machine}"
    if sys.platform != "linux":
        raise OSError(f"The engine builds on Linux and macOS, not on {sys.platform}.")
    versions = [int(minor) for minor in re.findall(rb"\0GLIBC_2\.(\d+)(?=\0)", library.read_bytes())]
    return f"manylinux_2_{max([34, *versions])}_{machine}"
