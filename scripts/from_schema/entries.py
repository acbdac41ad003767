"""How an option of a schema is written: its type, default and values, in Python and in words."""

import json
import textwrap
from collections.abc import Iterator
from typing import Any

NOTE = "Written by `make config` from the engine's schema"
_WIDTH = 128


def type_of(entry: dict[str, Any]) -> str:
    """The annotation of a field."""
    plain = {"integer": "int", "number": "float", "string": "str", "boolean": "bool"}
    kinds = entry["type"] if isinstance(entry["type"], list) else [entry["type"]]
    kind = next(kind for kind in kinds if kind != "null")
    if kind == "array":
        found = f"List[{type_of(entry['items'])}]"
    elif kind == "object":
        found = "Dict[str, float]"
    else:
        found = plain[kind]
    return f"Optional[{found}]" if "null" in kinds else found


def default(entry: dict[str, Any]) -> str:
    """A field's default, as Python text."""
    value = entry["default"]
    if value == []:
        return f"field(default_factory=list[{type_of(entry['items'])}])"
    if isinstance(value, list):
        return f"field(default_factory=lambda: {_literal(value)})"
    return _literal(float(value) if entry["type"] == "number" else value)


def _literal(value: Any) -> str:
    return json.dumps(value) if isinstance(value, (str, list)) else repr(value)


def about(entry: dict[str, Any]) -> str:
    """The engine's sentence, and the values that the field takes."""
    return f"{entry['description']} {values_of(entry)}".strip()


def values_of(entry: dict[str, Any]) -> str:
    """The values that an option takes, as a sentence."""
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


def docstring(text: str, indent: str = "    ") -> Iterator[str]:
    """The lines of a docstring."""
    wrapped = textwrap.wrap(f'"""{text}"""', _WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
    yield from (indent + line for line in wrapped)


def parts_of(properties: dict[str, Any], names: list[str]) -> list[str]:
    """The names of groups of options."""
    return [name for name in names if "x-order" in properties[name]]


def class_name(name: str) -> str:
    """Of a part of a design, in Python."""
    return "".join(word.capitalize() for word in name.split("_"))


def part_about(entry: dict[str, Any]) -> str:
    """The sentence of a part without what null stands for."""
    return f"{entry['description'].split('; null')[0].rstrip('.')}."
