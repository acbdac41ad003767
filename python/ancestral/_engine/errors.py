"""ConfigError, DisjointnessError, EngineError: one sentence each, so that they keep their type on the way out of a worker."""


class ConfigError(ValueError):
    """A value that the caller gave is wrong; the sentence names the field, the value and what would be right."""


class DisjointnessError(RuntimeError):
    """No graph outside the reserved set was found; the sentence gives the numbers."""


class EngineError(RuntimeError):
    """The engine could not be loaded, or a computation failed."""
