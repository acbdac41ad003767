"""Design: what is done to a task's SCM and what is shown of it, as one frozen dataclass of parts."""

# No `X | None` in annotations here: OmegaConf reads them as they stand.
import functools
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any, Dict, Optional, Protocol, Union, cast, get_args, get_type_hints

from .._engine import _ffi
from .._engine.errors import ConfigError
from .._engine.lazy import lazy
from .containers import mapping, resolved
from .design_fields import DesignFields
from .design_parts import check_names, overridable
from .hydra_targets import fields_of, untargeted
from .kept_handle import KeptHandle, as_it_stands, kept_handle
from .plain_values import fit, plain
from .presets import DESIGNS
from .printing import told
from .sources import read_fields


@overridable
class Design(KeptHandle, DesignFields):
    """A distribution of experiments on one SCM: which rows are drawn, what is done to them, what is hidden, and what is asked.

        design = anc.Design(n_samples=150, interventions=anc.Interventions(n_samples=50), hidden=anc.Hidden(share=0.2))
        stream = anc.MetaIterableDataset(family, design=design, batch_size=32)
        batch = next(iter(stream))     # "X" [32, 200, d], "adjacency" [32, d, d], "regime", ... of d shown variables

    Each part is absent unless it is given, as its own class, a dict or a DictConfig, and draws from random numbers of its own:
    adding, dropping or changing one moves no bit of the SCM, nor of what the others draw. Two designs are equal where they give
    the same experiments. Valid as a Hydra structured config.

    The engine checks all options as soon as a design is made. Raises ConfigError, in one sentence, for a value that is wrong, a
    name that is no option's, and parts that contradict each other; what a family can't have is refused where the two meet.
    """

    if not TYPE_CHECKING:  # Type checkers know the fields of `DesignFields`, and those alone.

        @functools.wraps(DesignFields.__init__)
        def __init__(self, *args: Any, **values: Any) -> None:
            check_names(values, _hints())
            super().__init__(*args, **values)

    def __post_init__(self) -> None:
        hints = _hints()
        for name, kind in _parts().items():
            _check_part(getattr(self, name), name, kind)
        given = {name: plain(_opened(getattr(self, name), name), f"design.{name}", hint) for name, hint in hints.items()}
        _ffi.design_create(json.dumps(given))
        for name, value in given.items():
            kind = _parts().get(name)
            object.__setattr__(self, name, kind(**value) if kind and value is not None else fit(value, hints[name]))

    def __repr__(self) -> str:
        return told(self, "n_samples")

    def __eq__(self, other: object) -> bool:
        return self.canonical == other.canonical if isinstance(other, Design) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.canonical)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Design":
        """A design from some or all of its options; an unknown key is a ConfigError that names the nearest known one."""
        return cls(**{str(name): value for name, value in mapping(values, "values").items()})

    @classmethod
    def from_config(cls, cfg: Any) -> "Design":
        """A design from one, a dict, an OmegaConf DictConfig, the path of a YAML or JSON file, or the name of a preset."""
        given = read_fields(cfg, Design, presets=DESIGNS)
        return given if isinstance(given, Design) else cls.from_dict(given)

    @classmethod
    def preset(cls, name: str, **changes: Any) -> "Design":
        """A published design by name, with options changed where given.

        `Design.presets()` lists the names with their papers. Raises ConfigError for an unknown name.
        """
        return cls.from_dict({**DESIGNS.fields(name), **changes})

    @staticmethod
    def presets() -> Dict[str, str]:
        """The names of the published designs, each with its paper and what is taken of it."""
        return DESIGNS.sources

    def to_dict(self) -> Dict[str, Any]:
        """Every option, in plain dicts, lists and scalars that JSON and YAML take; None for a part that is absent."""
        return {item.name: plain(getattr(self, item.name), item.name) for item in fields(self)}

    def to_json(self) -> str:
        """The form in which the engine and the command line read it."""
        return json.dumps(self.to_dict())

    def fingerprint(self, family: "Fingerprinted") -> str:
        """64 hex digits of the stream of a family under this design: equal for equal experiments on every machine.

        `family` is an SCMFamily, a FamilyConfig or a MixtureConfig. Raises ConfigError for one that can't have the design.
        """
        if isinstance(family, Design) or not hasattr(family, "fingerprint"):
            kind = type(cast(object, family)).__name__
            raise ConfigError(f"family is of type {kind}: must be an SCMFamily, a FamilyConfig or a MixtureConfig.")
        return family.fingerprint(self)

    @property
    def canonical(self) -> str:
        """The options that shape experiments, as JSON sorted by name."""
        return as_it_stands(self)._canonical

    @lazy
    def _canonical(self) -> str:
        described = json.loads(_ffi.design_describe(kept_handle(self), None))
        return json.dumps(described["config"], sort_keys=True, separators=(",", ":"))

    def _create(self, text: str) -> _ffi.Handle:
        return _ffi.design_create(text)

    @lazy
    def _sizes_per_batch(self) -> bool:
        return json.loads(self.canonical).get("n_samples_per") == "per_batch"


class Fingerprinted(Protocol):
    """The protocol of what has a fingerprint under a design."""

    def fingerprint(self, design: Any = None) -> str:
        """64 hex digits."""
        ...


GivenDesign = Union[Design, Mapping[str, Any], str, PathLike[str]]
"""A design, or what Design.from_config takes."""


def one_design(given: Any) -> Design:
    """The design of one configuration. ConfigError names what it was given as."""
    try:
        return as_it_stands(Design.from_config(given))
    except ConfigError as error:
        raise ConfigError(f"In design: {error}" if not str(error).startswith("design") else str(error)) from None


def sizes_per_batch(design: Optional[Design]) -> bool:
    """Whether all tasks of a batch have one number of rows, which its first seed decides."""
    return design is not None and design._sizes_per_batch  # pyright: ignore[reportPrivateUsage]


def fingerprint_under(family: _ffi.Handle, design: Optional[Design]) -> str:
    """That of a family, or of a design's experiments on its tasks."""
    if design is None:
        return _ffi.family_fingerprint(family)
    return json.loads(_ffi.design_describe(kept_handle(design), family))["fingerprint"]


@functools.cache
def _hints() -> Dict[str, Any]:
    return get_type_hints(Design)


@functools.cache
def _parts() -> Dict[str, Any]:
    """The classes of the parts by the names of their fields."""
    found = {name: next((kind for kind in get_args(hint) if is_dataclass(kind)), None) for name, hint in _hints().items()}
    return {name: kind for name, kind in found.items() if kind is not None}


def _check_part(given: object, name: str, kind: Any) -> None:
    """ConfigError for another part, whose options may be this one's or none, and for True, which says nothing of any."""
    if isinstance(given, bool):
        told = f"design.{name} = {given}"
    elif type(given) is not kind and type(given) in _parts().values():
        told = f"design.{name} is of type {type(given).__name__}"
    else:
        return
    raise ConfigError(f"{told}: must be an anc.{kind.__name__}, a dictionary of its options, or None.")


def _opened(value: Any, name: str) -> Any:
    """The fields that a part was given as, in a form that has names and values, without what Hydra keeps for itself."""
    found = fields_of(resolved(value, f"design.{name}"))
    return untargeted(cast("Mapping[str, Any]", found)) if isinstance(found, Mapping) else found
