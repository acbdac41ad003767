"""The exports of torch's mechanisms and their sections of the reference, from the list in `catalogue.py`."""

import ast

FURTHER = (
    ("additive", "AdditiveMechanism"),
    ("catalogue", "MECHANISMS"),
    ("discrete", "ClassMechanism"),
    ("modules", "EngineMechanism"),
    ("modules", "MechanismFactory"),
)
"""Exports that are no kind's, by their files."""


def listed(catalogue: str) -> list[tuple[str, str]]:
    """The file and the name of each module that the text of the catalogue lists."""
    return [
        (node.value.id, node.attr)
        for node in ast.walk(ast.parse(catalogue))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr[0].isupper()
    ]


def mechanisms_module(catalogue: str) -> str:
    """The text of `ancestral/mechanisms.py`."""
    names = sorted({*FURTHER, *listed(catalogue)}, key=lambda entry: (entry[0], not entry[1].isupper(), entry[1].lower()))
    lines = [f"from ._mechanisms.{file} import {name} as {name}\n" for file, name in names]
    note = "# Written by `make config` from `_mechanisms/catalogue.py`.\n"
    return '"""The engine\'s mechanisms as modules of torch, and the protocol of a factory."""\n\n' + note + "".join(lines)


def with_sections(page: str, catalogue: str) -> str:
    """The page with a section at its end for each mechanism that had none."""
    entries = [f"::: ancestral.mechanisms.{name}\n" for _, name in listed(catalogue)]
    missing = [f"{entry}    options: {{heading_level: 3, members: false}}\n" for entry in entries if entry not in page]
    return page + "".join(missing)
