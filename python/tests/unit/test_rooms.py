"""The package's rooms, which are its folders: what may import what."""

import ast
import functools
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import ancestral

PACKAGE = Path(ancestral.__file__).parent

# From the ground up: a room imports from those before it. The last ones, without an underscore, are public.
ORDER = (
    *("_version", "_engine", "_files", "_config", "_identity", "_mechanisms", "_pictures", "_scm"),
    *("_data.batches", "_data.stream", "_data.sets", "_corpus", "_data.loader", "_analysis", "_run", "_formats"),
    *("_evaluation", "evaluation", "formats", "generators", "mechanisms", "analysis", "data", "integrations", "ancestral"),
)
# A module with an underscore is its room's own; this one hands on the engine's functions as a namespace.
SHARED = {"_engine._ffi"}
# Which hand on names and hold no code of their own.
FACES = ("analysis", "data", "evaluation", "formats", "generators", "mechanisms")


class Arrow(NamedTuple):
    """One import."""

    start: str
    end: str
    inside: bool
    """In a function, where it could hide a circle."""


def modules(package: Path) -> dict[str, Path]:
    """The files by their names within the package; its own is "ancestral"."""
    found: dict[str, Path] = {}
    for path in package.rglob("*.py"):
        parts = path.relative_to(package).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts) or "ancestral"] = path
    return found


def room(module: str) -> str:
    """The folder, or the file that stands alone; the folders of `_data` are rooms of their own."""
    return ".".join(module.split(".")[: 2 if module.startswith("_data.") else 1])


@functools.cache
def arrows(package: Path) -> list[Arrow]:
    """All imports of one module by another, those for types alone and those within functions too."""
    files = modules(package)
    return [Arrow(name, end, inside) for name in files for end, inside in _imports(name, files) if end != name]


def _imports(name: str, files: dict[str, Path]) -> Iterator[tuple[str, bool]]:
    tree = ast.parse(files[name].read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    folder = ("" if name == "ancestral" else name).split(".")
    folder = folder if files[name].name == "__init__.py" else folder[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = folder[: len(folder) + 1 - node.level] if node.level else []
            whole = ".".join(part for part in (*base, node.module or "") if part)
            if not node.level and whole.partition(".")[0] != "ancestral":
                continue
            for item in node.names:
                yield _module(f"{whole}.{item.name}".strip("."), whole, files), id(node) in inside
        elif isinstance(node, ast.Import):
            for item in node.names:
                if item.name.partition(".")[0] == "ancestral":
                    yield _module(item.name, "", files), id(node) in inside


def _module(full: str, whole: str, files: dict[str, Path]) -> str:
    """Of `from whole import name`, `full` where the name is a module, else `whole`."""
    full, whole = full.removeprefix("ancestral."), whole.removeprefix("ancestral").strip(".")
    return full if full in files else whole or "ancestral"


def circle(pairs: list[tuple[str, str]]) -> list[str]:
    """The names along a circle, or nothing."""
    graph: dict[str, set[str]] = {}
    for start, end in pairs:
        graph.setdefault(start, set()).add(end)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def upward(found: list[Arrow]) -> list[Arrow]:
    """Those that don't go to a room before their own."""
    ranks = {name: rank for rank, name in enumerate(ORDER)}
    return [
        arrow for arrow in found if room(arrow.start) != room(arrow.end) and ranks[room(arrow.start)] <= ranks[room(arrow.end)]
    ]


def test_every_room_has_a_place_in_the_order() -> None:
    assert {room(name) for name in modules(PACKAGE) if name != "_data"} == set(ORDER)


def test_no_two_modules_import_each_other_over_any_way() -> None:
    assert circle([(arrow.start, arrow.end) for arrow in arrows(PACKAGE)]) == []


def test_rooms_import_from_those_below_them() -> None:
    assert upward(arrows(PACKAGE)) == []


def test_no_import_hides_in_a_function() -> None:
    assert [arrow for arrow in arrows(PACKAGE) if arrow.inside] == []


def test_what_is_a_rooms_own_stays_there() -> None:
    taken = [
        arrow
        for arrow in arrows(PACKAGE)
        if room(arrow.start) != room(arrow.end) and any(part.startswith("_") for part in arrow.end.split(".")[1:])
    ]
    assert {arrow.end for arrow in taken} == SHARED


def test_public_modules_hand_on_names_that_rooms_hold() -> None:
    for face in FACES:
        body = ast.parse((PACKAGE / f"{face}.py").read_text(encoding="utf-8")).body
        assert [type(node) for node in body[1:]] == [ast.ImportFrom] * (len(body) - 1)


def test_a_wrong_arrow_is_found(tmp_path: Path) -> None:
    files = {
        "__init__.py": "from ._engine.memory import empty\n",
        "_engine/__init__.py": "",
        "_engine/memory.py": "def empty():\n    from .._scm import family\n",
        "_scm/__init__.py": "",
        "_scm/family.py": "from .._engine import memory\nimport ancestral._engine._own\n",
        "_engine/_own.py": "import json\nfrom typing import Any\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    found = arrows(tmp_path)
    wrong = Arrow("_engine.memory", "_scm.family", True)
    assert set(found) == {
        Arrow("ancestral", "_engine.memory", False),
        Arrow("_scm.family", "_engine.memory", False),
        Arrow("_scm.family", "_engine._own", False),
        wrong,
    }
    assert upward(found) == [wrong]
    assert set(circle([arrow[:2] for arrow in found])) == {"_engine.memory", "_scm.family"}
