"""The tasks of what an analysis is given: a family or a data set, or several by their names."""

from collections.abc import Mapping
from os import PathLike
from typing import Any, Protocol, cast

import torch.utils.data

from .._config.family import FamilyConfig
from .._data.batches.given_rows import has_rows_alone
from .._data.sets.fixed_dataset import MetaFixedDataset
from .._engine.errors import ConfigError
from .._scm.experiment_data import ExperimentData
from .._scm.family import SCMFamily
from .._scm.given_families import families_by_name
from .set_tasks import DesignedTasks, FixedTasks, SetTasks
from .stacks import SHAPES, is_nested, read_items
from .tasks import FamilyTasks, Tasks


def tasks_of(given: Any, what: str = "family") -> Tasks:
    """The tasks of a family, in any form that SCMFamily.from_config takes, or of a data set. ConfigError for anything else."""
    if isinstance(given, Tasks):
        return given
    if isinstance(given, SCMFamily):
        return FamilyTasks(given)
    several = families_of(given)
    if several is not None:
        names = ", ".join(several)
        raise ConfigError(f"{what} has several families: must be one of them ({names}), as in families[name].")
    if isinstance(given, MetaFixedDataset):
        return (FixedTasks if has_rows_alone(given.design, given.n_samples) else DesignedTasks)(given, what)
    if isinstance(given, ExperimentData) or not isinstance(given, (Mapping, str, bytes, PathLike)):
        items = read_items(given, what)
        if items is not None:
            return SetTasks(items, what)
        if hasattr(given, "__array__"):
            raise ConfigError(f"{what} is a {type(given).__name__} alone: must be a family, or {SHAPES}.")
        if isinstance(given, torch.utils.data.DataLoader):
            raise ConfigError(
                f"{what} is a DataLoader: must be a family, as streams have, or a data set; list(loader) is one where the "
                "loader has an end."
            )
        if hasattr(given, "__iter__"):
            raise ConfigError(
                f"{what} is a {type(given).__name__}, which has no length: must be a family, as streams have, or a data set."
            )
    return FamilyTasks(SCMFamily.from_config(given))


class NamedFamilies(Protocol):
    """The protocol of what has families by name, such as a DataModule."""

    @property
    def families(self) -> Mapping[str, SCMFamily]:
        """By their names."""
        ...


def is_several(given: Any) -> bool:
    """True for what has families by name, and for a mapping of names to families and data sets."""
    return families_of(given) is not None


def families_of(given: Any) -> dict[str, Any] | None:
    """Families and data sets by their names, as they were given; None for anything that is one of these itself."""
    if isinstance(given, ExperimentData):
        return None
    entries = cast(Any, given if isinstance(given, Mapping) else getattr(given, "families", None))
    if not isinstance(entries, Mapping) or (entries is given and _is_one(cast("Mapping[Any, Any]", entries))):
        return None
    return {str(name): entries[name] for name in cast("Mapping[Any, Any]", entries)}


def _is_one(given: Mapping[Any, Any]) -> bool:
    """True where a mapping is one family's settings, among which a list holds no lists."""
    stand_in = FamilyConfig()
    shown = {name: stand_in if is_nested(value) else value for name, value in given.items()}
    return families_by_name(shown, "families") is None


def tasks_by_name(given: Any) -> dict[str, Tasks]:
    """The families of a DataModule by their names, those of a mapping, or one family or data set as "family".

    ConfigError names the one that is wrong.
    """
    several = families_of(given)
    if several is None:
        return {"family": tasks_of(given)}
    found: dict[str, Tasks] = {}
    for name, one in several.items():
        try:
            found[name] = tasks_of(one, name)
        except ConfigError as error:
            raise ConfigError(f"In {name}: {error}") from None
    if not found:
        raise ConfigError("families is empty: must have at least one family.")
    return found
