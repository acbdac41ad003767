"""The state that a stream is resumed from: a few numbers and texts, which `torch.load(weights_only=True)` and JSON take."""

import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..._config.containers import mapping
from ..._engine.checks import whole_number
from ..._engine.errors import ConfigError
from ..._scm.family import UNKNOWN, SCMFamily
from .pass_starts import LAST_POSITION, Start

_FORMAT = 1


def check_fingerprint(found: Any, right: str) -> None:
    """ConfigError unless a state's fingerprint is that of the family that goes on."""
    if found == right:
        return
    if isinstance(found, str) and UNKNOWN in (found[: len(UNKNOWN)], right[: len(UNKNOWN)]):
        raise ConfigError(
            f"state['fingerprint'] = {found!r}: must be of this very family, as strategies without a fingerprint can't be "
            "told apart in another process or family; make them frozen dataclasses of plain values, or give them a method "
            "fingerprint()."
        )
    raise ConfigError(f"state['fingerprint'] = {found!r}: must be {right!r}, the dataset's own.")


def check_identity(state: Mapping[str, Any], right: Mapping[str, Any], whose: str) -> None:
    """ConfigError unless a state has what the dataset has that goes on; `design` is told even where only one has any."""
    state = mapping(state, "state")
    for name in ("design", *right):
        if name != "fingerprint" and state.get(name) != right.get(name):
            raise ConfigError(f"state[{name!r}] = {state.get(name)!r}: must be {right.get(name)!r}, {whose}.")
    check_fingerprint(state.get("fingerprint"), right["fingerprint"])


def warn_without_fingerprint(family: SCMFamily) -> None:
    """Warns whoever saves a state that no other process will take."""
    if not family.has_fingerprint:
        warnings.warn(
            "The state is of a family without a fingerprint, so that only this process can go on from it: make its strategies "
            "frozen dataclasses of plain values, or give them a method fingerprint().",
            stacklevel=3,
        )


class StreamState(NamedTuple):
    """What a stream's states say beside the place."""

    stream: Mapping[str, Any]
    """What must be the same where a state is loaded."""
    world_size: int
    batch_size: int | None

    def at(self, start: Start) -> dict[str, Any]:
        """The state that goes on at `start`."""
        told = {"world_size": self.world_size, "batch_size": self.batch_size or 0}
        return {"format": _FORMAT, **self.stream, **start._asdict(), **told}

    def read(self, state: Mapping[str, Any]) -> Start:
        """The place to go on from. ConfigError for a state of another stream or format; a warning for batches of another
        size."""
        if mapping(state, "state").get("format") != _FORMAT:
            raise ConfigError(f"state['format'] = {state.get('format')!r}: must be {_FORMAT}, the format of this version.")
        check_identity(state, self.stream, "the dataset's own")
        start = Start(
            whole_number(state.get("epoch"), "state['epoch']", 0, LAST_POSITION),
            whole_number(state.get("position"), "state['position']", 0, LAST_POSITION),
        )
        saved_world = whole_number(state.get("world_size"), "state['world_size']", 1, LAST_POSITION)
        saved_batch = whole_number(state.get("batch_size"), "state['batch_size']", 0, LAST_POSITION)
        # Without batch sizes, single tasks go on exactly, whatever a loader makes of them.
        if saved_world * saved_batch != self.world_size * (self.batch_size or 0):
            warnings.warn(
                f"The state was saved with {saved_world} ranks and batch_size {saved_batch or None} and goes on with "
                f"{self.world_size} and {self.batch_size}: no task comes twice, but the batches are not those of the run that "
                "was interrupted.",
                stacklevel=3,
            )
        return start
