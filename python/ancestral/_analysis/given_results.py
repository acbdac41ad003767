"""Results of a network by family, as `evaluate` gives them or as plain numbers."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from .._config.containers import hint
from .._engine.errors import ConfigError
from .result_drawings import Interval
from .shown import finite_parts

Results = Mapping[str, Mapping[str, Interval]]
"""By family and measure."""


def read_results(given: Any, names: Iterable[str]) -> dict[str, dict[str, Interval]]:
    """Numbers, or (value, low, high), by the names of families and of measures. ConfigError names what is wrong."""
    if given is None:
        return {}
    known = list(names)
    if not isinstance(given, Mapping):
        raise ConfigError(f"results is of type {type(given).__name__}: must map names of families to measures and numbers.")
    found: dict[str, dict[str, Interval]] = {}
    for name, measures in cast("Mapping[Any, Any]", given).items():
        if name not in known:
            raise ConfigError(f"results has the family {name!r}: must be one of {', '.join(known)}{hint(name, known)}.")
        if not isinstance(measures, Mapping):
            raise ConfigError(f"results[{name!r}] is of type {type(measures).__name__}: must map measures to numbers.")
        entries = cast("Mapping[Any, Any]", measures)
        found[name] = {str(one): _interval(value, f"results[{name!r}][{one!r}]") for one, value in entries.items()}
    return found


def plain_results(found: Results) -> dict[str, Any]:
    """The form that JSON takes; a number that isn't finite is None."""
    return {
        name: {measure: finite_parts(one._asdict()) for measure, one in measures.items()} for name, measures in found.items()
    }


def measures_of(found: Results) -> list[str]:
    """The names of measures, in the order in which they come first."""
    return list(dict.fromkeys(measure for measures in found.values() for measure in measures))


def _interval(value: Any, what: str) -> Interval:
    given = cast("tuple[Any, ...]", value if isinstance(value, (tuple, list)) else (value,))
    try:
        parts = [float(part) for part in given]
    except (TypeError, ValueError):
        parts = list[float]()
    if len(parts) == 1:
        return Interval(*parts * 3)
    if len(parts) != 3:
        raise ConfigError(f"{what} = {value!r}: must be a number, or (value, low, high).")
    return Interval(*parts)
