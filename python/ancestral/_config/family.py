"""FamilyConfig: everything that shapes a family's tasks, as one flat frozen dataclass."""

# No `X | None` in annotations here: OmegaConf reads them as they stand.
import functools
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Dict, get_type_hints

from .._engine import _ffi
from .._engine.errors import ConfigError
from .containers import mapping
from .engine_config import EngineConfig
from .fields import FORMER, Fields
from .plain_values import fit, plain
from .presets import FAMILIES, builders
from .printing import told


class FamilyConfig(EngineConfig, Fields):
    """Settings of an SCM family. The engine checks them all as soon as one is made.

    Valid as a Hydra structured config. `to_dict` and `from_dict` speak the same flat JSON as YAML files and the
    command line. Two configs with one `fingerprint()` give the same task for the same seed, on every machine.

        config = FamilyConfig(n_nodes=20, mechanism_proportions={"linear": 0.5, "mlp": 0.5})

    Raises ConfigError, in one sentence, for a value that is wrong and for a name that is no field's.
    """

    if not TYPE_CHECKING:  # Type checkers know the fields of `Fields`, and those alone.
        # Hydra-zen, documents and editors read the fields off the signature and its annotations.
        @functools.wraps(Fields.__init__)
        def __init__(self, *args: Any, **values: Any) -> None:
            super().__init__(*args, **_known(values))

    def __post_init__(self) -> None:
        given = self.to_dict()
        _ffi.family_create(_written(given))
        for name, value in given.items():
            if value is not _defaults()[name]:
                object.__setattr__(self, name, fit(value, _hints()[name]))

    def __repr__(self) -> str:
        return told(self, "n_nodes")

    def __hash__(self) -> int:  # Lists and dicts have none; equal configs have equal fingerprints.
        return hash(self.fingerprint())

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "FamilyConfig":
        """A config from some or all of its fields; an unknown key is a ConfigError that names the nearest known one."""
        return cls(**_known(mapping(values, "values")))

    @classmethod
    def preset(cls, name: str, **changes: Any) -> Any:
        """A published family by name, such as "notears-linear", with fields changed where given.

        A name that stands for many kinds of tasks, such as "avici-scm-v0", gives a MixtureConfig; changes then go to each of
        its families. `FamilyConfig.presets()` lists the names with their papers. Raises ConfigError for an unknown name.
        """
        values = FAMILIES.fields(name)
        other = next((key for key in builders if key in values), None)
        return cls.from_dict({**values, **changes}) if other is None else builders[other](values[other], changes)

    @staticmethod
    def presets() -> Dict[str, str]:
        """The names of the published families, each with its paper and what is taken of it."""
        return FAMILIES.sources

    def to_dict(self) -> Dict[str, Any]:
        """Every field, in plain dicts, lists and scalars that JSON and YAML take."""
        held, hints = vars(self), _hints()
        # Most fields of most families have their defaults, which are plain; a mixture has a quarter of a million fields.
        return {
            name: held[name] if held[name] is default else plain(held[name], name, hints[name])
            for name, default in _defaults().items()
        }

    def to_json(self) -> str:
        """The form in which the engine and the command line read it: the fields that differ from their defaults."""
        return _written(self.to_dict())


def _written(values: Mapping[str, Any]) -> str:
    defaults = _defaults()
    return json.dumps({name: value for name, value in values.items() if value != defaults[name]})


def changed(values: Mapping[str, Any]) -> Dict[str, Any]:
    """The fields that differ from their defaults, for a reader; the number of nodes is always told."""
    return {name: value for name, value in values.items() if name == "n_nodes" or value != _defaults().get(name)}


@functools.cache
def _hints() -> Dict[str, Any]:
    return get_type_hints(FamilyConfig)


@functools.cache
def _defaults() -> Dict[str, Any]:
    """The fields' defaults in plain form, which are the engine's own."""
    return {
        item.name: item.default_factory() if callable(item.default_factory) else item.default for item in fields(FamilyConfig)
    }


def _known(values: Mapping[str, Any]) -> Dict[str, Any]:
    """`values` under the names that fields have; some had others, which stay good."""
    known = {name: value for name, value in values.items() if name not in FORMER}
    for name in values.keys() & FORMER.keys():
        if FORMER[name] in known:
            raise ConfigError(f"{name} is the former name of {FORMER[name]}, which is given as well.")
        known[FORMER[name]] = values[name]
    _check_keys(known)
    return known


def _check_keys(values: Mapping[str, Any]) -> None:
    unknown = {name: value for name, value in values.items() if name not in _hints()}
    if "mixture" in unknown:
        raise ConfigError("mixture is no field of a FamilyConfig: give it to MixtureConfig or to SCMFamily.from_config.")
    if unknown:
        name, value = next(iter(unknown.items()))
        _ffi.family_create(json.dumps({str(name): plain(value, str(name))}))  # The engine knows the nearest name.
