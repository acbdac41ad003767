"""EngineConfig: the base of configurations of families, each with the engine's family of it."""

from .._engine import _ffi
from .design import Design, fingerprint_under
from .kept_handle import KeptHandle, as_it_stands, kept_handle


class EngineConfig(KeptHandle):
    """A configuration of a family that the engine reads."""

    def fingerprint(self, design: Design | None = None) -> str:
        """SHA-256 of the engine's canonical form, 64 hex digits: equal for equal configurations on every machine.

        With a design, that of its experiments on the family's tasks.
        """
        return fingerprint_under(kept_handle(as_it_stands(self)), design)

    def _create(self, text: str) -> _ffi.Handle:
        return _ffi.family_create(text)
