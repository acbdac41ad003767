"""The fixed sets of a run as their user wants them: how many tasks each has, or which seeds."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from torch import Tensor

from .._config.containers import hint, resolved
from .._engine.checks import seeds_from_tensor, seeds_to_tensor, whole_number
from .._engine.errors import ConfigError
from .set_designs import RunRows

_MOST = 1 << 31
TASKS = 128
"""The size of a set where nothing is said."""


def set_sizes(names: Iterable[str], part: str, given: Any) -> dict[str, int]:
    """The number of tasks of each set of a part ("val" or "test"): `given` is one number, or numbers by the sets' own names."""
    whole = [name for name in names if name.partition("/")[0] == part]
    field = f"n_{part}"
    if not isinstance(given, Mapping):
        count = whole_number(given, field, 1, _MOST)
        return dict.fromkeys(whole, count)
    own = {name.partition("/")[2] or part: name for name in whole}
    sizes = dict.fromkeys(whole, TASKS)
    for name, count in cast("Mapping[Any, Any]", resolved(given, field)).items():
        if name not in own:
            right = f"one of {', '.join(map(repr, own))}{hint(name, own)}" if own else f"left out, as there is no {part} set"
            raise ConfigError(f"a name in {field} = {name!r}: must be {right}.")
        sizes[own[name]] = whole_number(count, f"{field}[{name!r}]", 1, _MOST)
    return sizes


def given_seeds(given: Any, rows: RunRows, sizes: Any) -> dict[str, Tensor]:
    """The user's own lists of seeds by the sets' names, such as "test/id": int64 [count] each.

    ConfigError for an unknown name, for what are no seeds, and for a task that comes twice: in a list, or in two sets of one
    family and design. `sizes` are the arguments n_val and n_test, which may say the number of seeds once more.
    """
    if given is None:
        return {}
    named: Any = resolved(given, "seeds")
    if not isinstance(named, Mapping):
        raise ConfigError(f"seeds = {named!r}: must map names of fixed sets, such as 'test/id', to lists of seeds.")
    sets = [name for name in rows.families if name != "train"]
    marks = {name: rows.families[name]._mark(rows.designs.get(name)) for name in sets}  # pyright: ignore[reportPrivateUsage]
    found: dict[str, Tensor] = {}
    owners: dict[tuple[str, int], str] = {}
    for name, values in cast("Mapping[Any, Any]", named).items():
        if name not in sets:
            raise ConfigError(f"a name in seeds = {name!r}: must be one of {', '.join(map(repr, sets))}{hint(name, sets)}.")
        found[name] = _listed(name, values)
        for index, seed in enumerate(seeds_from_tensor(found[name])):
            place = f"seeds[{name!r}][{index}]"
            other = owners.setdefault((marks[name], seed), place)
            if other != place:
                raise ConfigError(f"{place} = {seed}: must be another seed, as {other} is the same task.")
        part, _, own = name.partition("/")
        count = len(found[name])
        said = cast("Mapping[Any, Any]", sizes[part]).get(own or part, count) if isinstance(sizes[part], Mapping) else count
        if said != count:
            raise ConfigError(f"n_{part}[{own or part!r}] = {said!r}: must be left out, or be {count}, as many as the seeds.")
    return found


def _listed(name: str, values: Any) -> Tensor:
    field = f"seeds[{name!r}]"
    if isinstance(values, Tensor):
        values = cast("list[Any]", values.tolist())
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise ConfigError(f"{field} = {values!r}: must be a list of seeds, one a task.")
    try:
        seeds = seeds_to_tensor(cast("Iterable[int]", values))
    except ConfigError as error:
        raise ConfigError(f"In {field}: {error}") from None
    if len(seeds) == 0:
        raise ConfigError(f"{field} is empty: must have one seed or more.")
    return seeds
