"""Findings: the faults that a verification has found."""

import logging
from collections.abc import Iterable

_log = logging.getLogger("ancestral.verify")


class Findings(list[str]):
    """The faults, a sentence each; empty when there is none. `unproved` says what could not be computed again."""

    def __init__(self, faults: Iterable[str] = (), unproved: Iterable[str] = ()) -> None:
        super().__init__(faults)
        self.unproved = list(unproved)
        """Sentences on what is neither right nor wrong, as far as could be told here."""

    def logged(self) -> "Findings":
        """The same; what is unproved is said as a warning of the log, which a user sees."""
        for sentence in self.unproved:
            _log.warning("not proved: %s", sentence)
        return self
