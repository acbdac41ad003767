"""The engine's library, loaded at the first call."""

import ctypes
import functools
from ctypes import c_int32

from ..errors import EngineError
from ..library import check_processor, library_path, remedy
from .signatures import ABI_VERSION, SIGNATURES


@functools.cache
def library() -> ctypes.CDLL:
    """Loads the engine at the first call that needs it. It is plain synchronous code, so it survives a fork."""
    check_processor()
    path = library_path()
    try:
        library = ctypes.CDLL(str(path))
        library.anc_abi_version.argtypes = ()
        library.anc_abi_version.restype = c_int32
    except (OSError, AttributeError) as error:
        raise EngineError(f"{path} could not be loaded as the Ancestral engine ({error}): {remedy()}") from None
    found = library.anc_abi_version()
    if found != ABI_VERSION:
        raise EngineError(
            f"The engine at {path} speaks version {found} of the C contract and this package version {ABI_VERSION}: {remedy()}"
        )
    for name, arguments in SIGNATURES.items():
        function = getattr(library, name)
        function.argtypes = arguments
        function.restype = c_int32
    return library
