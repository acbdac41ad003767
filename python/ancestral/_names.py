"""Functions and classes by the names that any process finds them under."""

import sys
import types
from pathlib import Path
from typing import Any, cast

# Where functions written in C are found that don't say it themselves, such as torch.tanh.
_HOMES = ("math", "operator", "torch", "torch.nn.functional", "numpy")
_MAIN = ("__main__", "__mp_main__")

_codes: dict[str, Any] = {}


def name_of(thing: Any) -> str | None:
    """Module and qualified name of a function or class, if just this one is found there; else None.

    What a program defines by itself is named after its file, `train.Chain` of `python train.py`, as it is where `train` is
    imported: two programs that share a cache differ, and a worker process that was spawned has the same names.
    """
    qualname: Any = getattr(thing, "__qualname__", None) or getattr(thing, "__name__", None)
    module: Any = getattr(thing, "__module__", None)
    if isinstance(module, str) and qualname == "<lambda>":
        qualname = _assigned(module, thing)
    if isinstance(module, str) and isinstance(qualname, str) and _found(module, qualname) is thing:
        return f"{_home(module)}.{qualname}"
    if isinstance(thing, (type, types.FunctionType)):
        return None
    name: Any = getattr(thing, "__name__", None)
    return next((f"{home}.{name}" for home in _HOMES if isinstance(name, str) and _found(home, name) is thing), None)


def shown_name(thing: Any) -> str:
    """The name to show of a strategy: its own if it has one, else that of its class."""
    named: Any = thing if hasattr(thing, "__qualname__") else cast(Any, type(thing))
    return f"{_home(str(named.__module__))}.{named.__qualname__}"


def same_code(thing: Any, key: str) -> bool:
    """Whether the function or class that last had this key in this process has the same code."""
    code = _code(thing)
    return _codes.setdefault(key, code) == code


def _found(module: str, qualname: str) -> Any:
    found: Any = sys.modules.get(module)
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found


def _assigned(module: str, thing: Any) -> str | None:
    """The first name to which a module has assigned a lambda: `chain = lambda ..` is found under it like a function."""
    names = vars(sys.modules[module]) if module in sys.modules else {}
    return min((name for name, value in dict(names).items() if value is thing), default=None)


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
    members = dict(cast("dict[str, Any]", vars(thing)))
    return tuple((name, _code(members[name])) for name in sorted(members) if isinstance(members[name], types.FunctionType))


def _constant(value: Any) -> Any:
    # With its type, as 1 == 1.0 == True.
    return _code(value) if isinstance(value, types.CodeType) else (type(value).__name__, repr(value))
