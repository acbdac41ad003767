"""The pages of the reference that list the options of families and designs."""

import json
import re
from typing import Any

from .entries import NOTE, class_name, part_about, parts_of, values_of


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


def designs_page(designs: dict[str, Any]) -> str:
    """The reference of a design's options, in a table for each part, and of what it gives."""
    schema = designs["schema"]
    properties = schema["properties"]
    parts = parts_of(properties, schema["x-order"])
    lines = [
        "# Designs",
        "What is done to a task's SCM, and what is shown of it. " + NOTE + ".",
        "Options of kinds and laws that aren't chosen play no part in a design: two that differ in them alone are equal.",
        "",
        "::: ancestral.Design",
        "",
        "## Rows and outputs",
        *_table([name for name in schema["x-order"] if name not in parts], properties),
    ]
    for name in parts:
        entry = properties[name]
        lines += ["", f"## {class_name(name)}", f"The part `{name}`, an `anc.{class_name(name)}`. {part_about(entry)}"]
        lines += ["", *_table(entry["x-order"], entry["properties"])] if entry["properties"] else []
    lines += [
        "",
        "## What an item holds",
        "An item is a dict of tensors by these names, of which it has those that its design gives; a batch adds an axis in",
        "front. Letters stand for numbers: n rows, d shown variables, E regimes with the observational one, m rows that are",
        "asked about, p covariates, G values of a treatment.",
        "",
        "| name | dtype | shape | |",
        "|---|---|---|---|",
    ]
    for output in designs["outputs"]:
        lines += [f"| `{output['name']}` | {output['dtype']} | {output['axes']} | {output['meaning']} |"]
    return "\n".join(lines) + "\n"


def _table(names: list[str], properties: dict[str, Any]) -> list[str]:
    rows = ["| field | default | values | |", "|---|---|---|---|"]
    for name in names:
        entry = properties[name]
        values = re.sub(r"\|", r"\\|", values_of(entry).rstrip("."))
        rows.append(f"| `{name}` | `{json.dumps(entry['default'])}` | {values} | {entry['description']} |")
    return rows
