"""ConfigError, DisjointnessError, EngineError: one sentence each, so that they keep their type on the way out of a worker."""

_MOST = 2000
"""The most characters of a sentence: whole files and families have been given for a name."""


class ConfigError(ValueError):
    """A value that the caller gave is wrong; the sentence names the field, the value and what would be right.

    Of a very long value its beginning and its end are told, and one that prints on several, as a tensor does, on one line.
    """

    def __init__(self, sentence: str = "") -> None:
        half, sentence = _MOST // 2, " ".join(line.strip() for line in sentence.split("\n"))
        super().__init__(sentence if len(sentence) <= _MOST else f"{sentence[:half]} ... {sentence[-half:]}")


class DisjointnessError(RuntimeError):
    """No graph outside the reserved set was found; the sentence gives the numbers."""


class EngineError(RuntimeError):
    """The engine could not be loaded, or a computation failed."""
