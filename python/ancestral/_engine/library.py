"""The path of the engine's shared library, and the check that this processor can run it."""

import os
import platform
import sys
from pathlib import Path

from .errors import EngineError

# The floor of the x86 build, x86-64-v3, as Linux names the three features that the kernels lean on.
_X86_FEATURES = {"avx2": "AVX2 vectors", "fma": "fused multiply-add (FMA)", "bmi2": "BMI2 bit instructions"}


def library_path() -> Path:
    """The file named by ANCESTRAL_LIBRARY, else the one that a wheel or `make engine` put beside this package."""
    named = os.environ.get("ANCESTRAL_LIBRARY")
    if named:
        if not Path(named).is_file():
            raise EngineError(f"The Ancestral engine is not at ANCESTRAL_LIBRARY={named}: name a built libAncestralBridge.")
        return Path(named)
    suffix = "dylib" if sys.platform == "darwin" else "so"
    built = Path(__file__).parents[1] / "_lib" / f"libAncestralBridge.{suffix}"
    if not built.is_file():
        raise EngineError(
            f"The Ancestral engine is not at {built}: install a wheel, which carries it, in a clone run `make engine`, "
            "or name a built library in the environment variable ANCESTRAL_LIBRARY."
        )
    return built


def remedy() -> str:
    """The advice about a library that is there and isn't right."""
    if os.environ.get("ANCESTRAL_LIBRARY"):
        return "unset ANCESTRAL_LIBRARY, or let it name a library built from this package's sources."
    return "install the package anew, or in a clone run `make engine`."


def check_processor(cpuinfo: str = "/proc/cpuinfo") -> None:
    """Refuses an x86 processor below the floor in words; without this the process would end at an illegal instruction."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return
    try:
        with open(cpuinfo, encoding="utf-8") as lines:
            flags = next((line.split() for line in lines if line.startswith("flags")), None)
    except OSError:
        return  # An unreadable /proc says nothing about the processor.
    missing = [words for flag, words in _X86_FEATURES.items() if flags is not None and flag not in flags]
    if missing:
        raise EngineError(
            f"This processor lacks {', '.join(missing)}: the Ancestral engine needs x86-64-v3, "
            "which Intel has from Haswell (2013) and AMD from Excavator (2015) on, and which a virtual machine must pass on."
        )
