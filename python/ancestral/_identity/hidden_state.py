"""Detection of hidden state: attributes and content of an object that its known attributes leave out."""

import functools
from collections.abc import Container
from typing import Any, cast


def hidden_state(value: Any, known: Container[str]) -> str | None:
    """The reason why attributes `known` are not all that an object holds; None if they are.

    What is no field of a dataclass is refused: nobody says whether it is a parameter, or a note that changes with every call.
    """
    kind = cast("type[Any]", type(value))
    slots = _slots(kind)
    for name in [*getattr(value, "__dict__", {}), *(name for name in slots if hasattr(value, name))]:
        kept = isinstance(getattr(kind, name, None), functools.cached_property) or name == "__orig_class__"
        if name not in known and not kept:
            return f"has the attribute {name!r}, which is no field of a dataclass"
    # Content that is no attribute, as of a list, takes room. Pickle finds it out in the same way.
    word = tuple.__itemsize__
    size = object.__basicsize__ + word * (len(slots) + (kind.__dictoffset__ > 0) + (kind.__weakrefoffset__ > 0))
    return "has content that is no attribute" if kind.__itemsize__ or kind.__basicsize__ > size else None


def _slots(kind: type[Any]) -> list[str]:
    """The slots of all its classes, under the names that instances have them by."""
    found: list[str] = []
    for part in kind.__mro__:
        given: Any = vars(part).get("__slots__", ())
        for name in (given,) if isinstance(given, str) else given:
            if name not in ("__dict__", "__weakref__"):
                private = name.startswith("__") and not name.endswith("__")
                found.append(f"_{part.__name__.lstrip('_')}{name}" if private else name)
    return found
