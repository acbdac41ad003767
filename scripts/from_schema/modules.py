"""The Python modules of the options of families and designs, and of graph strategies."""

from typing import Any

from .entries import NOTE, about, class_name, default, docstring, part_about, parts_of, type_of


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
            f"    {name}: {type_of(properties[name])} = {default(properties[name])}",
            *docstring(about(properties[name])),
        ]
    former = dict(sorted(schema["x-former"].items()))
    for name, now in former.items():
        lines += [
            "",
            "    @property",
            f"    def {name}(self) -> {type_of(properties[now])}:",
            f'        """Former name of `{now}`."""',
            f"        return self.{now}",
        ]
    lines += ["", "    def __post_init__(self) -> None:", '        """Nothing yet: FamilyConfig checks the values."""']
    lines += ["", "", "FORMER = {", *(f'    "{name}": "{now}",' for name, now in former.items()), "}"]
    lines += ['"""Former names of fields, which are still good, and what they are now."""', ""]
    return "\n".join(lines)


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
        lines += [*docstring(graph["description"]), "", f'    kind: ClassVar[str] = "{graph["kind"]}"']
        lines += [""] if own else []
        for short, name in own.items():
            lines += [f"    {short}: {_held(properties[name])} = {_marked(properties[name])}"]
            lines += docstring(about(properties[name]))
    lines += ["", "", "STRATEGIES = {strategy.kind: strategy for strategy in EngineGraph.__subclasses__()}"]
    lines += ['"""By the engine\'s name of the kind."""', ""]
    return "\n".join(lines)


def _held(entry: dict[str, Any]) -> str:
    """The type under which a strategy keeps an option: a list as a tuple, so that the strategy has a hash."""
    return f"tuple[{type_of(entry['items'])}, ...]" if entry["type"] == "array" else type_of(entry)


def _marked(entry: dict[str, Any]) -> str:
    """A default that is known for one where it is left alone."""
    if entry["type"] == "array":
        return f"DefaultInts({tuple(entry['default'])})"
    kind = {"number": "DefaultFloat", "integer": "DefaultInt", "string": "DefaultText"}[entry["type"]]
    return f"{kind}({default(entry)})"


def designs_module(schema: dict[str, Any]) -> str:
    """The dataclasses of a design and its parts."""
    properties = schema["properties"]
    parts = parts_of(properties, schema["x-order"])
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
        lines += docstring(part_about(properties[name]))
        own = properties[name]["properties"]
        lines += [""] if own else []
        for option in properties[name]["x-order"]:
            lines += [f"    {option}: {type_of(own[option])} = {default(own[option])}", *docstring(about(own[option]))]
    lines += ["", "", "@dataclass(frozen=True)", "class DesignFields:"]
    lines += ['    """One field for each option of the engine that stands alone, and for each part."""', ""]
    for name in schema["x-order"]:
        entry = properties[name]
        if name in parts:
            lines += [f"    {name}: Optional[{class_name(name)}] = None", *docstring(entry["description"])]
        else:
            lines += [f"    {name}: {type_of(entry)} = {default(entry)}", *docstring(about(entry))]
    lines += ["", "    def __post_init__(self) -> None:", '        """Nothing yet: Design checks the values."""', ""]
    return "\n".join(lines)
