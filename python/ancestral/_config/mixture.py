"""MixtureConfig: several families, of which each task takes one."""

# As in config.py: OmegaConf reads these annotations as they stand.
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Dict, List, Optional, cast

from .._engine import _ffi
from .._engine.errors import ConfigError
from .containers import mapping, resolved
from .engine_config import EngineConfig
from .family import FamilyConfig
from .network import NetworkConfig
from .plain_values import plain
from .presets import builders
from .sources import read_fields


@dataclass(frozen=True)
class MixtureConfig(EngineConfig):
    """A weighted mixture of families: each task comes from one of them, chosen by the task's own seed.

    The families may differ in anything, also in their numbers of nodes. A task is the very one that its family alone
    gives for the same seed, and `SCMInstance.component` says which family that is.

        mixture = anc.MixtureConfig([anc.FamilyConfig(graph="scale_free"), anc.FamilyConfig()], weights=[1, 3])
        anc.SCMFamily.from_config(mixture).sample_task(7).component   # 0 or 1, the latter for three tasks of four

    In files it is {"mixture": [{"weight": 1, "family": {..}}, ..]}, each family as FamilyConfig has it. Two mixtures with
    one `fingerprint()` give the same task for the same seed, on every machine.

    Raises ConfigError, in one sentence, for a value that is wrong.
    """

    if TYPE_CHECKING:
        families: Sequence[FamilyConfig | NetworkConfig]
    else:  # Hydra-zen puts what makes a FamilyConfig in its place, which OmegaConf would refuse.
        families: List[Any]
    """The families, 1 to 4096, each in any form that SCMFamily.from_config takes of a single family or a known network."""
    weights: Optional[List[float]] = None
    """Weight of each family, 0 or more; they need not sum to 1. None for equal ones."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "families", _family_list(self.families))
        object.__setattr__(self, "weights", _weight_list(self.weights, len(self.families)))
        _ffi.family_create(self.to_json())
        if self.weights is not None:  # Numbers, as the engine has found.
            object.__setattr__(self, "weights", [float(weight) for weight in self.weights])

    def __hash__(self) -> int:  # Lists have none; equal mixtures have equal fingerprints.
        return hash(self.fingerprint())

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "MixtureConfig":
        """A mixture from {"mixture": [{"weight": 1, "family": {..}}, ..]}; a weight that is left out is 1."""
        given = {str(name): plain(value, str(name)) for name, value in mapping(values, "values").items()}
        if "mixture" not in given:
            raise ConfigError('mixture is missing: must be a list of {"weight", "family"}.')
        _ffi.family_create(json.dumps(given))  # The engine says what is wrong, and where.
        entries: List[Dict[str, Any]] = given["mixture"]
        weights = [entry.get("weight", 1.0) for entry in entries] if any("weight" in entry for entry in entries) else None
        return cls([_one_config(entry["family"]) for entry in entries], weights)

    @property
    def shares(self) -> List[float]:
        """The probability of each family: the weights over their sum."""
        weights = [1.0] * len(self.families) if self.weights is None else self.weights
        total = sum(weights)
        return [weight / total for weight in weights]

    def to_dict(self) -> Dict[str, Any]:
        """The mixture in plain dicts, lists and scalars that JSON and YAML take; `from_dict` reads it."""
        entries: List[Dict[str, Any]] = [{"family": family.to_dict()} for family in self.families]
        for entry, weight in zip(entries, self.weights or (), strict=False):
            entry["weight"] = weight
        return {"mixture": entries}

    def to_json(self) -> str:
        """The form in which the engine reads it."""
        texts = [f'{{"family": {family.to_json()}}}' for family in self.families]
        if self.weights is not None:
            texts = [f'{text[:-1]}, "weight": {json.dumps(weight)}}}' for text, weight in zip(texts, self.weights, strict=True)]
        return f'{{"mixture": [{", ".join(texts)}]}}'


def _one_config(values: Mapping[str, Any]) -> "FamilyConfig | NetworkConfig":
    return NetworkConfig.from_dict(values) if "network" in values else FamilyConfig.from_dict(values)


def _family_list(given: Any) -> List["FamilyConfig | NetworkConfig"]:
    if isinstance(given, (str, Mapping)) or not isinstance(given, Iterable):
        raise ConfigError(f"families is of type {type(cast(object, given)).__name__}: must be a list of FamilyConfig.")
    families: List[FamilyConfig | NetworkConfig] = []
    for index, family in enumerate(cast(Iterable[Any], resolved(given, "families"))):
        try:
            values = read_fields(family, FamilyConfig, MixtureConfig, NetworkConfig)
            config = _one_config(values) if isinstance(values, Mapping) and "mixture" not in values else values
        except ConfigError as error:
            raise ConfigError(f"In families[{index}]: {error}") from None
        if not isinstance(config, (FamilyConfig, NetworkConfig)):
            raise ConfigError(f"families[{index}] is of type MixtureConfig: must be a single family.")
        families.append(config)
    return families


def _weight_list(given: Any, count: int) -> Optional[List[Any]]:
    weights = plain(resolved(given, "weights"), "weights", Optional[List[float]])
    if weights is not None and not isinstance(weights, list):
        raise ConfigError(f"weights = {weights!r}: must be a list of numbers, one for each family.")
    found = cast(Optional[List[Any]], weights)
    if found is not None and len(found) != count:
        raise ConfigError(f"weights has {len(found)} entries: must have {count}, one for each family.")
    return found


def _of_preset(entries: List[Dict[str, Any]], changes: Mapping[str, Any]) -> MixtureConfig:
    """A published mixture, with fields of each of its families changed."""
    families = [FamilyConfig.from_dict({**entry["family"], **changes}) for entry in entries]
    return MixtureConfig(families, [entry["weight"] for entry in entries])


builders["mixture"] = _of_preset
