"""Results as they are shown: as a table in a notebook, and as JSON."""

import math
from collections.abc import Mapping
from typing import Any


class Shown:
    """What prints as a table and is shown as one by IPython, whose `repr` would be all its numbers in a line."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

    def __init_subclass__(cls, **settings: Any) -> None:
        super().__init_subclass__(**settings)
        # IPython takes the first of either kind along the bases, so that a class's own `repr` would come before this.
        cls._repr_pretty_ = Shown._repr_pretty_


def counted(number: int, thing: str) -> str:
    """A number of things in words: "1 task", "2 tasks"."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def finite(value: float) -> float | None:
    """A number as JSON takes it: None where it isn't finite."""
    return value if math.isfinite(value) else None


def finite_parts(values: Mapping[str, float]) -> dict[str, float | None]:
    """The same of each."""
    return {name: finite(value) for name, value in values.items()}
