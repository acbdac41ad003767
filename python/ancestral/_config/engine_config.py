"""EngineConfig: the base of configurations of families, each with the engine's family of it."""

from .._engine import _ffi
from .._engine.lazy import lazy
from .design import Design, fingerprint_under, one_design
from .kept_handle import KeptHandle, as_it_stands, kept_handle


class EngineConfig(KeptHandle):
    """A configuration of a family that the engine reads."""

    def fingerprint(self, design: Design | None = None) -> str:
        """SHA-256 of the engine's canonical form, 64 hex digits: equal for equal configurations on every machine.

        With a design, that of its experiments on the family's tasks.
        """
        return kept_fingerprint(as_it_stands(self), design)

    @lazy
    def _fingerprints(self) -> dict[str, str]:
        """Those that were found, by the options of the design."""
        return {}

    def _create(self, text: str) -> _ffi.Handle:
        return _ffi.family_create(text)


def kept_fingerprint(config: EngineConfig, design: Design | None) -> str:
    """That of a configuration which nobody has changed. Found once: for a large mixture it takes a second."""
    given = None if design is None else one_design(design)
    known, key = config._fingerprints, "" if given is None else given.canonical  # pyright: ignore[reportPrivateUsage]
    if key not in known:
        known[key] = fingerprint_under(kept_handle(config), given)
    return known[key]
