"""The fixed sets of a run as their user wants them: how many tasks each has, or which seeds."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from torch import Tensor

from .._config.containers import check_name, mapped, resolved
from .._data.sets.fixed_dataset import listed_seeds
from .._engine.checks import seeds_from_tensor, whole_number
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
        check_name(name, field, own, f"{part} set")
        sizes[own[name]] = whole_number(count, f"{field}[{name!r}]", 1, _MOST)
    return sizes


def given_seeds(given: Any, rows: RunRows, sizes: Any) -> dict[str, Tensor]:
    """The user's own lists of seeds by the sets' names, such as "test/id": int64 [count] each.

    ConfigError for an unknown name, for what are no seeds, and for a task that comes twice: in a list, or in two sets of one
    family and design. `sizes` are the arguments n_val and n_test, which may say the number of seeds once more.
    """
    if given is None:
        return {}
    named = mapped(given, "seeds", "names of fixed sets, such as 'test/id', to lists of seeds")
    sets = [name for name in rows.families if name != "train"]
    marks = {name: rows.families[name]._mark(rows.designs.get(name)) for name in sets}  # pyright: ignore[reportPrivateUsage]
    found: dict[str, Tensor] = {}
    owners: dict[tuple[str, int], str] = {}
    for name, values in named.items():
        check_name(name, "seeds", sets, "fixed set")
        found[name] = listed_seeds(values, f"seeds[{name!r}]")
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
