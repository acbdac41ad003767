"""Shown: results that a notebook shows as the table that print gives."""

from typing import Any


class Shown:
    """What prints as a table and is shown as one by IPython, whose `repr` would be all its numbers in a line."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))
