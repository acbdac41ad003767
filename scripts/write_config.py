"""Writes what repeats the engine's schemas: Python's options of families and designs, graph strategies, and their pages.

    scripts/write_config.py LIBRARY            write the files whose text has changed
    scripts/write_config.py LIBRARY --check    say which would change, and exit with 1 if any would

`make config` calls it. It reads the engine's library alone, so that it works whatever state the files are in.
"""

import argparse
import ctypes
import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 128
NOTE = "Written by `make config` from the engine's schema"


def read_schemas(library: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the engine in a library says of families and of designs."""
    engine = ctypes.CDLL(str(library.resolve()))
    return _read(engine.anc_schema, library), _read(engine.anc_design_schema, library)


def _read(function: Any, library: Path) -> dict[str, Any]:
    needed = ctypes.c_size_t(0)
    function(None, ctypes.c_size_t(0), ctypes.byref(needed))
    text = ctypes.create_string_buffer(needed.value)
    if function(text, needed, ctypes.byref(needed)) != 0:
        raise RuntimeError(f"{library} gives no schema.")
    return json.loads(text.value)


def written(schema: dict[str, Any], designs: dict[str, Any]) -> dict[Path, str]:
    """The text of each file, by its path."""
    reference = ROOT / "docs/reference/strategies.md"
    return {
        ROOT / "python/ancestral/_config/fields.py": fields_module(schema),
        ROOT / "python/ancestral/_scm/graph_strategies.py": graphs_module(schema),
        ROOT / "python/ancestral/_config/design_fields.py": designs_module(designs["schema"]),
        ROOT / "docs/reference/options.md": options_page(schema),
        ROOT / "docs/reference/designs.md": designs_page(designs),
        reference: _between(
            reference.read_text(),
            "::: ancestral.GraphGenerator\n",
            "::: ancestral.MechanismFactory\n",
            "".join(f"::: ancestral.{graph['name']}\n" for graph in schema["x-graphs"]),
        ),
    }


# ---------------------------------------------------------------------------------- python/ancestral/_config/fields.py


def fields_module(schema: dict[str, Any]) -> str:
    """The dataclass of all options."""
    lines = [
        f'"""The options of a family. {NOTE}: edit the sentences there."""',
        "",
        "# No `X | None` and no `list[int]` here: OmegaConf reads these annotations as they stand.",
        "from dataclasses import dataclass, field",
        "from typing import Dict, List, Optional",
        "",
        "",
        "@dataclass(frozen=True)",
        "class Fields:",
        '    """One field for each option of the engine."""',
        "",
    ]
    properties = schema["properties"]
    for name in schema["x-order"]:
        lines += [
            f"    {name}: {_type(properties[name])} = {_default(properties[name])}",
            *_docstring(_about(properties[name])),
        ]
    former = dict(sorted(schema["x-former"].items()))
    for name, now in former.items():
        lines += [
            "",
            "    @property",
            f"    def {name}(self) -> {_type(properties[now])}:",
            f'        """Former name of `{now}`."""',
            f"        return self.{now}",
        ]
    lines += ["", "    def __post_init__(self) -> None:", '        """Nothing yet: FamilyConfig checks the values."""']
    lines += ["", "", "FORMER = {", *(f'    "{name}": "{now}",' for name, now in former.items()), "}"]
    lines += ['"""Former names of fields, which are still good, and what they are now."""', ""]
    return "\n".join(lines)


def _type(entry: dict[str, Any]) -> str:
    plain = {"integer": "int", "number": "float", "string": "str", "boolean": "bool"}
    kinds = entry["type"] if isinstance(entry["type"], list) else [entry["type"]]
    kind = next(kind for kind in kinds if kind != "null")
    if kind == "array":
        found = f"List[{_type(entry['items'])}]"
    elif kind == "object":
        found = "Dict[str, float]"
    else:
        found = plain[kind]
    return f"Optional[{found}]" if "null" in kinds else found


def _default(entry: dict[str, Any]) -> str:
    value = entry["default"]
    if value == []:
        return f"field(default_factory=list[{_type(entry['items'])}])"
    if isinstance(value, list):
        return f"field(default_factory=lambda: {_literal(value)})"
    return _literal(float(value) if entry["type"] == "number" else value)


def _literal(value: Any) -> str:
    return json.dumps(value) if isinstance(value, (str, list)) else repr(value)


def _about(entry: dict[str, Any]) -> str:
    """The engine's sentence, and the values that the field takes."""
    return f"{entry['description']} {_values(entry)}".strip()


def _values(entry: dict[str, Any]) -> str:
    items = entry.get("items", entry)
    if entry["type"] == "boolean":
        return "True or False."
    if "enum" in items:
        values = f"one of {', '.join(name for name in items['enum'] if name is not None)}"
    elif entry.get("properties"):
        values = f"names of {', '.join(sorted(entry['properties']))}"
    else:
        low = items.get("minimum", items.get("exclusiveMinimum"))
        high = _number(items["maximum"])
        values = f"above {_number(low)}, at most {high}" if "exclusiveMinimum" in items else f"from {_number(low)} to {high}"
    if "items" in entry:
        values = f"{entry['minItems']} to {entry['maxItems']} values, each {values}"
    return f"{values[0].upper()}{values[1:]}."


def _number(value: float) -> str:
    if abs(value) < 1e6:
        return f"{value:g}"
    short = f"{value:.0e}".replace("e+0", "e")
    return short if float(short) == value else f"{value:.0f}"


def _docstring(text: str, indent: str = "    ") -> Iterator[str]:
    wrapped = textwrap.wrap(f'"""{text}"""', WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
    yield from (indent + line for line in wrapped)


# ---------------------------------------------------------------------------------- python/ancestral/_scm/graph_strategies.py


def graphs_module(schema: dict[str, Any]) -> str:
    """The dataclasses of the engine's graph generators."""
    properties = schema["properties"]
    names = [graph["name"] for graph in schema["x-graphs"]]
    lines = [
        f'"""The engine\'s graph generators. {NOTE}."""',
        "",
        "from dataclasses import dataclass",
        "from typing import ClassVar",
        "",
        "from .._config.default_marks import DefaultFloat, DefaultInt, DefaultInts, DefaultText",
        "from .engine_graphs import EngineGraph",
        "",
        "__all__ = [",
        *(f'    "{name}",' for name in sorted(names)),
        "]",
    ]
    for graph in schema["x-graphs"]:
        own = {name.removeprefix(f"{graph['kind']}_"): name for name in graph["fields"]}
        lines += ["", "", "@dataclass(frozen=True)", f"class {graph['name']}(EngineGraph):"]
        lines += [*_docstring(graph["description"]), "", f'    kind: ClassVar[str] = "{graph["kind"]}"']
        if own:
            settings = ", ".join(f'"{short}": "{name}"' for short, name in own.items())
            lines += [f"    settings: ClassVar[dict[str, str]] = {{{settings}}}", ""]
        for short, name in own.items():
            lines += [f"    {short}: {_held(properties[name])} = {_marked(properties[name])}"]
            lines += _docstring(_about(properties[name]))
    lines += ["", "", "STRATEGIES: dict[str, type[EngineGraph]] = {"]
    lines += [f"    {name}.kind: {name}," for name in names]
    lines += ["}", '"""By the engine\'s name of the kind."""', ""]
    return "\n".join(lines)


def _held(entry: dict[str, Any]) -> str:
    """The type under which a strategy keeps an option: a list as a tuple, so that the strategy has a hash."""
    return f"tuple[{_type(entry['items'])}, ...]" if entry["type"] == "array" else _type(entry)


def _marked(entry: dict[str, Any]) -> str:
    """A default that is known for one where it is left alone."""
    if entry["type"] == "array":
        return f"DefaultInts({tuple(entry['default'])})"
    kind = {"number": "DefaultFloat", "integer": "DefaultInt", "string": "DefaultText"}[entry["type"]]
    return f"{kind}({_default(entry)})"


# ---------------------------------------------------------------------------- python/ancestral/_config/design_fields.py


def designs_module(schema: dict[str, Any]) -> str:
    """The dataclasses of a design and its parts."""
    properties = schema["properties"]
    parts = _parts(properties, schema["x-order"])
    lines = [
        f'"""The options of a design. {NOTE}: edit the sentences there."""',
        "",
        "# No `X | None` and no `list[str]` here: OmegaConf reads these annotations as they stand.",
        "from dataclasses import dataclass, field",
        "from typing import List, Optional",
        "",
        "from .design_parts import part",
        "",
        "__all__ = [",
        *(f'    "{name}",' for name in sorted(class_name(name) for name in parts)),
        "]",
    ]
    for name in parts:
        lines += ["", "", f'@part("{name}")', "@dataclass(frozen=True)", f"class {class_name(name)}:"]
        lines += _docstring(_part_about(properties[name]))
        own = properties[name]["properties"]
        lines += [""] if own else []
        for option in properties[name]["x-order"]:
            lines += [f"    {option}: {_type(own[option])} = {_default(own[option])}", *_docstring(_about(own[option]))]
    lines += ["", "", "@dataclass(frozen=True)", "class DesignFields:"]
    lines += ['    """One field for each option of the engine that stands alone, and for each part."""', ""]
    for name in schema["x-order"]:
        entry = properties[name]
        if name in parts:
            lines += [f"    {name}: Optional[{class_name(name)}] = None", *_docstring(entry["description"])]
        else:
            lines += [f"    {name}: {_type(entry)} = {_default(entry)}", *_docstring(_about(entry))]
    lines += ["", "    def __post_init__(self) -> None:", '        """Nothing yet: Design checks the values."""', ""]
    return "\n".join(lines)


def _parts(properties: dict[str, Any], names: list[str]) -> list[str]:
    """The names of groups of options."""
    return [name for name in names if "x-order" in properties[name]]


def class_name(name: str) -> str:
    """Of a part of a design, in Python."""
    return "".join(word.capitalize() for word in name.split("_"))


def _part_about(entry: dict[str, Any]) -> str:
    """The sentence of a part without what null stands for."""
    return f"{entry['description'].split('; null')[0].rstrip('.')}."


# ---------------------------------------------------------------------------------------------- docs/reference/options.md


def options_page(schema: dict[str, Any]) -> str:
    """The reference of all options, in a table for each strategy."""
    properties = schema["properties"]
    owners = [
        (f"Graph `{graph['kind']}`", graph["description"].split("\n")[0], graph["fields"]) for graph in schema["x-graphs"]
    ]
    owners += [(f"Mechanism `{entry['kind']}`", "", entry["fields"]) for entry in schema["x-mechanisms"]]
    owned = {name for _, _, fields in owners for name in fields}
    general = [name for name in schema["x-order"] if name not in owned]
    lines = [
        "# Options",
        f"The fields of `FamilyConfig`, of YAML and JSON files, and of the command line. {NOTE}.",
        "Those of kinds that a family has not chosen play no part in it.",
        "",
        "## Every family",
        *_table(general, properties),
    ]
    for title, text, names in owners:
        lines += ["", f"## {title}", *([text] if text else [])]
        lines += ["", *_table(names, properties)] if names else []
    lines += ["", "## Former names", "Still read; fingerprints are made of them, so that they are what they were.", ""]
    lines += ["| former | now |", "|---|---|"]
    lines += [f"| `{name}` | `{now}` |" for name, now in sorted(schema["x-former"].items())]
    return "\n".join(lines) + "\n"


def _table(names: list[str], properties: dict[str, Any]) -> list[str]:
    rows = ["| field | default | values | |", "|---|---|---|---|"]
    for name in names:
        entry = properties[name]
        values = re.sub(r"\|", r"\\|", _values(entry).rstrip("."))
        rows.append(f"| `{name}` | `{json.dumps(entry['default'])}` | {values} | {entry['description']} |")
    return rows


# ---------------------------------------------------------------------------------------------- docs/reference/designs.md


def designs_page(designs: dict[str, Any]) -> str:
    """The reference of a design's options, in a table for each part, and of what it gives."""
    schema = designs["schema"]
    properties = schema["properties"]
    parts = _parts(properties, schema["x-order"])
    lines = [
        "# Designs",
        "What is done to a task's SCM, and what is shown of it. " + NOTE + ".",
        "",
        "::: ancestral.Design",
        "",
        "## Rows and outputs",
        *_table([name for name in schema["x-order"] if name not in parts], properties),
    ]
    for name in parts:
        entry = properties[name]
        lines += ["", f"## {class_name(name)}", f"The part `{name}`, an `anc.{class_name(name)}`. {_part_about(entry)}"]
        lines += ["", *_table(entry["x-order"], entry["properties"])] if entry["properties"] else []
    lines += [
        "",
        "## What an item holds",
        "An item is a dict of tensors by these names, of which it has those that its design gives; a batch adds an axis in",
        "front. Letters stand for numbers: n rows, d shown variables, E regimes, m rows that are asked about, p covariates, G",
        "values of a treatment.",
        "",
        "| name | dtype | shape | |",
        "|---|---|---|---|",
    ]
    for output in designs["outputs"]:
        lines += [f"| `{output['name']}` | {output['dtype']} | {output['axes']} | {output['meaning']} |"]
    return "\n".join(lines) + "\n"


def _between(text: str, start: str, end: str, inner: str) -> str:
    before, rest = text.split(start, 1)
    return before + start + inner + end + rest.split(end, 1)[1]


def main() -> None:
    """Writes or compares."""
    parser = argparse.ArgumentParser()
    parser.add_argument("library", type=Path)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    stale = [(path, text) for path, text in written(*read_schemas(given.library)).items() if not same(path, text)]
    for path, text in stale:
        print(f"{'stale' if given.check else 'written'}: {path.relative_to(ROOT)}")
        if not given.check:
            path.write_text(text)
    raise SystemExit(1 if stale and given.check else 0)


def same(path: Path, text: str) -> bool:
    """Whether the file has the text."""
    return path.exists() and path.read_text() == text


if __name__ == "__main__":
    main()
