"""Functions and classes by the names that any process finds them under."""

import dis
import re
import sys
import types
from pathlib import Path
from typing import Any, cast

# Where functions written in C are found that don't say it themselves, such as torch.tanh.
_HOMES = ("math", "operator", "torch", "torch.nn.functional", "numpy")
_PYTHONS = {"abc", "builtins", "enum", "typing"}
_MAIN = ("__main__", "__mp_main__")

_codes: dict[str, Any] = {}


def name_of(thing: Any) -> str | None:
    """Module and qualified name of a function or class, if just this one is found there; else None.

    What a program defines by itself is named after its file, `train.Chain` of `python train.py`, as it is where `train` is
    imported: two programs that share a cache differ, and a worker process that was spawned has the same names.
    """
    qualname: Any = getattr(thing, "__qualname__", None) or getattr(thing, "__name__", None)
    module: Any = getattr(thing, "__module__", None)
    if isinstance(module, str) and isinstance(qualname, str) and _found(module, qualname) is thing:
        return f"{_home(module)}.{qualname}"
    if isinstance(thing, type):
        return None
    if isinstance(thing, types.FunctionType):
        return _variable(thing)
    name: Any = getattr(thing, "__name__", None)
    return next((f"{home}.{name}" for home in _HOMES if isinstance(name, str) and _found(home, name) is thing), None)


def _variable(function: types.FunctionType) -> str | None:
    """The name under which a function's module keeps it where it has another one, as a lambda."""
    kept = vars(sys.modules[function.__module__]) if function.__module__ in sys.modules else {}
    # Not what a notebook calls its outputs.
    names = [name for name, value in kept.items() if value is function and not re.fullmatch(r"_+\d*", name)]
    return f"{_home(function.__module__)}.{min(names)}" if names else None


def settings_read(thing: Any) -> dict[str, Any]:
    """The numbers and texts of its module that a function, or a method of a class, reads and doesn't itself set."""
    if isinstance(thing, types.FunctionType):
        read, written = _globals(thing.__code__)
        found = {name: thing.__globals__[name] for name in read - written if name in thing.__globals__}
        return {name: value for name, value in found.items() if _is_constant(value)}
    return {name: value for _, method in _methods(thing) for name, value in settings_read(method).items()}


def _globals(code: types.CodeType) -> tuple[set[str], set[str]]:
    """The names of its module that code reads, and those that it sets."""
    read, written = set[str](), set[str]()
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "STORE_GLOBAL"):
            (read if step.opname == "LOAD_GLOBAL" else written).add(str(step.argval))
    for part in code.co_consts:
        if isinstance(part, types.CodeType):
            more = _globals(part)
            read, written = read | more[0], written | more[1]
    return read, written


def _is_constant(value: Any) -> bool:
    """True if nobody can change a value without setting a name anew."""
    if isinstance(value, (tuple, frozenset)):
        return all(map(_is_constant, cast("tuple[Any, ...]", value)))
    return value is None or isinstance(value, (bool, int, float, complex, str, bytes))


def shown_name(thing: Any) -> str:
    """The name to show of a strategy: its own if it has one, else that of its class."""
    named: Any = thing if hasattr(thing, "__qualname__") else cast(Any, type(thing))
    # A class of a function's keeps its own name only, where it is pickled by its code, as Ray does.
    return f"{_home(str(named.__module__))}.{named.__qualname__.rpartition('<locals>.')[2]}"


def same_code(thing: Any, key: str) -> bool:
    """True if the function or class that last had this key in this process has the same code."""
    code = _code(thing)
    return _codes.setdefault(key, code) == code


def _found(module: str, qualname: str) -> Any:
    found: Any = sys.modules.get(module)
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found


def _home(module: str) -> str:
    if module not in _MAIN:
        return module
    main = sys.modules.get("__main__")
    spec = getattr(main, "__spec__", None)
    if spec is not None:  # Of `python -m package.train`.
        return str(spec.name)
    file: Any = getattr(main, "__file__", None)
    return Path(file).stem if isinstance(file, str) else "__main__"


def _code(thing: Any) -> Any:
    """Comparable with that of what another time was defined under the same name; in this process only."""
    if isinstance(thing, types.FunctionType):
        return _code(thing.__code__)
    if isinstance(thing, types.CodeType):
        return thing.co_code, thing.co_names, tuple(map(_constant, thing.co_consts))
    return tuple((name, _code(method)) for name, method in _methods(thing))


def _methods(kind: Any) -> list[tuple[str, types.FunctionType]]:
    """The code of a class and those that it inherits from, as far as they aren't Python's."""
    parts: list[type[Any]] = [part for part in kind.__mro__ if part.__module__ not in _PYTHONS]
    found = [(f"{index} {name}", item) for index, part in enumerate(parts) for name, item in sorted(vars(part).items())]
    return [(name, item) for name, item in found if isinstance(item, types.FunctionType)]


def _constant(value: Any) -> Any:
    # With its type, as 1 == 1.0 == True.
    return _code(value) if isinstance(value, types.CodeType) else (type(value).__name__, repr(value))
