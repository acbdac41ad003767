"""HashRegistry: graphs that must not come up again, by their hashes."""

import json
import os
from collections.abc import Iterable, Iterator
from typing import Any, cast

from .._engine._ffi import LEVELS
from .._engine.checks import one_of
from .._engine.errors import ConfigError
from .._files.atomic import refused, write_text
from .._files.parsing import parse_object
from .._files.paths import absolute
from .reserved import Reserved

_FORMAT = 1


class HashRegistry:
    """A set of graph hashes of one level: "exact", "mec" or "iso".

        held_out = anc.HashRegistry(test_set.graph_hashes("exact"))
        stream = anc.MetaIterableDataset(family, n_samples=1000, reserved=held_out)

    A hash is text of 64 hex digits, as `graph_hash` gives it, or its 32 bytes. Raises ConfigError for anything else. One thread
    may add hashes while another reads, saves or hands out the registry, which then has some of the new ones.
    """

    def __init__(self, hashes: Iterable[str | bytes] = (), *, level: str = "exact") -> None:
        self._level = one_of(level, "level", LEVELS)
        if isinstance(cast(Any, hashes), (str, bytes)) or not isinstance(cast(Any, hashes), Iterable):
            raise ConfigError(
                f"hashes is of type {type(hashes).__name__}: must be a list of hashes, such as graph_hashes gives."
            )
        self._digests = {_digest(value) for value in hashes}
        self._frozen: Reserved | None = None

    @property
    def level(self) -> str:
        """The level at which the hashes tell graphs apart."""
        return self._level

    def add(self, hash: str | bytes) -> None:
        """Adds one hash; again does nothing."""
        self._digests.add(_digest(hash))

    def union(self, *others: "HashRegistry") -> "HashRegistry":
        """A new registry with the hashes of all. ConfigError unless they are registries of one level."""
        result = HashRegistry(level=self.level)
        result._digests = set(self._digests)
        for other in others:
            if not isinstance(cast(Any, other), HashRegistry):
                raise ConfigError(f"A registry to join is of type {type(other).__name__}: must be of type HashRegistry.")
            if other.level != self.level:
                raise ConfigError(f"level = {other.level!r}: must be {self.level!r}, as in the registry that it joins.")
            result._digests |= other._digests
        return result

    def frozen(self) -> Reserved:
        """The hashes as the engine looks them up; later additions don't reach it."""
        if self._frozen is None or len(self._frozen) != len(self._digests):  # It only ever grows.
            self._frozen = Reserved(self._digests.copy(), self.level)
        return self._frozen

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes JSON: the level and the sorted hashes. Readers see the old file or the new one, never a part.

        ConfigError when the file can't be written, as in a folder that isn't there or is full.
        """
        content = {"format": _FORMAT, "level": self.level, "hashes": list(self)}
        file = absolute(path, "path")
        with refused("path", file, "file"):
            write_text(file, json.dumps(content, indent=1) + "\n")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "HashRegistry":
        """Reads what `save` wrote. ConfigError when it is something else."""
        file = absolute(path, "path")
        try:
            content = parse_object(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(f"The registry {path} can't be read: {error}.") from None
        if content.get("format") != _FORMAT:
            raise ConfigError(f"The registry {path} is not in format {_FORMAT}: it must be written by HashRegistry.save.")
        hashes = content.get("hashes")
        if not isinstance(hashes, list):
            raise ConfigError(f"The registry {path} has no list of hashes: it must be written by HashRegistry.save.")
        try:
            return cls(cast(list[Any], hashes), level=cast(Any, content.get("level")))
        except ConfigError as error:
            raise ConfigError(f"In the registry {path}: {error}") from None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_digests": self._digests.copy(), "_frozen": None}

    def __contains__(self, hash: str | bytes) -> bool:
        return _digest(hash) in self._digests

    def __len__(self) -> int:
        return len(self._digests)

    def __iter__(self) -> Iterator[str]:
        """Hex digits, sorted."""
        return iter(sorted(digest.hex() for digest in self._digests.copy()))

    def __or__(self, other: "HashRegistry") -> "HashRegistry":
        return self.union(other)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HashRegistry) and (self.level, self._digests) == (other.level, other._digests)

    __hash__ = None  # type: ignore[assignment]  # It changes.

    def __repr__(self) -> str:
        return f"HashRegistry({len(self)} {'hash' if len(self) == 1 else 'hashes'}, level={self.level!r})"


def check_reserved(given: Any) -> HashRegistry | None:
    """A registry, or None."""
    if given is not None and not isinstance(given, HashRegistry):
        raise ConfigError(f"reserved is of type {type(given).__name__}: must be of type HashRegistry.")
    return given


def _digest(value: Any) -> bytes:
    digest = value
    if isinstance(value, str):
        try:
            digest = bytes.fromhex(value)
        except ValueError:
            digest = None
    if not isinstance(digest, bytes) or len(digest) != 32 or (isinstance(value, str) and len(value) != 64):
        raise ConfigError(f"hash = {value!r}: must be 64 hex digits, as graph_hash gives them, or 32 bytes.")
    return digest
