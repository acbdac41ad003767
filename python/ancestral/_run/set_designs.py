"""Rows or designs of a run's sets: a number of rows for all, or experiments."""

from collections.abc import Mapping
from typing import Any

from .._config.containers import check_name, mapped
from .._config.design import Design
from .._data.batches.given_rows import check_sizes, given_rows
from .._engine.checks import check_samples
from .._engine.errors import ConfigError
from .._scm.family import SCMFamily


class RunRows:
    """The rows or the design of each set by its name, "train" among them, checked against its family.

    `design` is that of every set which `set_designs` has none for, by whole names such as "test/id"; without it these have
    `n_samples` rows. ConfigError where a set has both or neither, or can't have its design.
    """

    def __init__(
        self, families: Mapping[str, SCMFamily], n_samples: Any, design: Any, set_designs: Any, *, return_adjacency: bool
    ) -> None:
        self.families = families
        given = {**dict.fromkeys(families, design), **_by_name(set_designs, families)}
        if design is not None and n_samples is not None:
            given_rows(families["train"], n_samples, design, return_adjacency)
        self.designs = {
            name: _designed(families[name], own, name, return_adjacency) for name, own in given.items() if own is not None
        }
        """The designs of the sets that have one."""
        plain = [name for name in families if name not in self.designs]
        if n_samples is None and plain:
            missing = "" if not self.designs else f" for {', '.join(map(repr, plain))}"
            raise ConfigError(f"n_samples is missing: must be given{missing}, or a design, which has it.")
        self.n_samples = None if n_samples is None else check_samples(n_samples)
        """Rows of each plain task; None where all sets have designs."""

    @property
    def in_training(self) -> int:
        """Rows of each training task; of a design those without an intervention, the least of a range."""
        return self.designs["train"].n_samples if "train" in self.designs else self.n_samples or 0

    def settings(self, name: str) -> dict[str, Any]:
        """The arguments of a set's dataset that say what its tasks show."""
        design = self.designs.get(name)
        return {"n_samples": self.n_samples} if design is None else {"design": design}

    def fingerprints(self) -> dict[str, str]:
        """Those of each set's tasks: of its family, or of its design's experiments."""
        return {name: family.fingerprint(self.designs.get(name)) for name, family in self.families.items()}

    def entries(self) -> dict[str, dict[str, Any]]:
        """What a registry says of each set's family and design."""
        return {
            name: {
                "fingerprint": fingerprint,
                "config": self.families[name].config.to_dict(),
                **({"design": self.designs[name].to_dict()} if name in self.designs else {}),
            }
            for name, fingerprint in self.fingerprints().items()
        }


def _by_name(given: Any, families: Mapping[str, SCMFamily]) -> dict[str, Any]:
    if given is None:
        return {}
    found = mapped(given, "set_designs", "names of fixed sets, such as 'test/id', to designs")
    for name in found:
        check_name(name, "set_designs", [name for name in families if name != "train"], "fixed set")
    return {name: design for name, design in found.items() if design is not None}


def _designed(family: SCMFamily, given: Any, name: str, return_adjacency: bool) -> Design:
    try:
        rows = given_rows(family, None, given, return_adjacency)
        if name != "train":
            check_sizes(rows.design, "in a fixed set; give it a design of its own by set_designs")
    except ConfigError as error:
        raise ConfigError(f"In {name}: {error}") from None
    assert rows.design is not None
    return rows.design
