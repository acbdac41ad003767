"""What an analysis may be given, and the names of several."""

from collections.abc import Mapping
from os import PathLike
from typing import Any, cast

from .._config.family import FamilyConfig
from .._engine.errors import ConfigError
from .._scm.family import SCMFamily
from .._scm.given_families import families_by_name
from .set_tasks import FixedTasks, SetTasks
from .stacks import SHAPES, is_nested, read_items
from .tasks import FamilyTasks, Tasks


def tasks_of(given: Any, what: str = "family") -> Tasks:
    """The tasks of a family, in any form that SCMFamily.from_config takes, or of a data set. ConfigError for anything else."""
    # Which is built on this package.
    from .._data.sets.fixed_dataset import MetaFixedDataset

    if isinstance(given, Tasks):
        return given
    if isinstance(given, SCMFamily):
        return FamilyTasks(given)
    if is_several(given):
        names = ", ".join(_by_name(given))
        raise ConfigError(f"{what} has several families: must be one of them ({names}), as in families[name].")
    if isinstance(given, MetaFixedDataset):
        return FixedTasks(given, what)
    if not isinstance(given, (Mapping, str, bytes, PathLike)):
        items = read_items(given, what)
        if items is not None:
            return SetTasks(items, what)
        if hasattr(given, "__array__"):
            raise ConfigError(f"{what} is a {type(given).__name__} alone: must be a family, or {SHAPES}.")
        if hasattr(given, "__iter__"):
            raise ConfigError(
                f"{what} is a {type(given).__name__}, which has no length: must be a family, as streams have, or a data set."
            )
    return FamilyTasks(SCMFamily.from_config(given))


def is_several(given: Any) -> bool:
    """Whether these are families by name: a DataModule's, or a mapping of names to families and data sets."""
    from .._run.module import DataModule

    return isinstance(given, DataModule) or (
        isinstance(given, Mapping) and _of_mapping(cast("Mapping[Any, Any]", given)) is not None
    )


def _of_mapping(given: Mapping[Any, Any]) -> Mapping[Any, Any] | None:
    """What is named; None where the mapping is one family's settings, among which a list holds no lists."""
    stand_in = FamilyConfig()
    shown = {name: stand_in if is_nested(value) else value for name, value in given.items()}
    return None if families_by_name(shown, "families") is None else given


def tasks_by_name(given: Any) -> dict[str, Tasks]:
    """The families of a DataModule by their names, those of a mapping, or one family or data set as "family".

    ConfigError names the one that is wrong.
    """
    if not is_several(given):
        return {"family": tasks_of(given)}
    found: dict[str, Tasks] = {}
    for name, one in _by_name(given).items():
        try:
            found[name] = tasks_of(one, name)
        except ConfigError as error:
            raise ConfigError(f"In {name}: {error}") from None
    if not found:
        raise ConfigError("families is empty: must have at least one family.")
    return found


def _by_name(given: Any) -> dict[str, Any]:
    from .._run.module import DataModule

    entries: Mapping[Any, Any] = given.families if isinstance(given, DataModule) else given
    return {str(name): entries[name] for name in entries}
