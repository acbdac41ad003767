"""`part`: makes a dataclass a part of a design, which checks itself as soon as one is made."""

# No `X | None` in annotations here: OmegaConf reads them as they stand.
import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar, cast, get_type_hints

from .._engine import _ffi
from .plain_values import fit, plain
from .printing import told

Part = TypeVar("Part")


def part(name: str) -> Callable[[type[Part]], type[Part]]:
    """Makes a dataclass the part of that name: ConfigError for a value that is wrong and for a name that is no field's."""

    def made(kind: Any) -> Any:
        original = kind.__init__

        # Hydra-zen, documents and editors read the fields off the signature and its annotations.
        @functools.wraps(original)
        def checked(self: Any, *args: Any, **values: Any) -> None:
            hints = get_type_hints(kind)
            check_names(values, hints, name)
            original(self, *args, **values)
            path = f"design.{name}"
            given = {key: plain(getattr(self, key), f"{path}.{key}", hints[key]) for key in own}
            if given:  # What has no options may make sense beside other parts alone.
                _ffi.design_create(json.dumps({name: given}))
            for key, value in given.items():
                object.__setattr__(self, key, fit(value, hints[key]))

        own = [item.name for item in fields(kind)]
        kind.__init__ = checked
        kind.__repr__ = told
        return overridable(kind)

    return made


def overridable(kind: type[Part]) -> type[Part]:
    """Lets OmegaConf and Hydra set options of a frozen dataclass in a config, whose instances stay frozen.

    They take what is marked as frozen for read-only, a part of a design even where only its whole is given.
    """
    cast(Any, kind).__dataclass_params__.frozen = False
    return kind


def check_names(values: Mapping[str, Any], known: Mapping[str, Any], name: str = "") -> None:
    """ConfigError for a name of no option, of a part or of a design itself; the engine knows the nearest one."""
    unknown = {key: plain(value, f"design.{name or key}") for key, value in values.items() if key not in known}
    if unknown:
        _ffi.design_create(json.dumps({name: unknown} if name else unknown))
