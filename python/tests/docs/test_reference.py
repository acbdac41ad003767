"""Public names have an entry in the reference."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = "\n".join(page.read_text(encoding="utf-8") for page in sorted(ROOT.glob("docs/reference/*.md")))
ENTRIES = {entry.rpartition(".")[2] for entry in re.findall(r"^::: (ancestral\.\S+)$", PAGES, re.MULTILINE)}
TABLES = set(re.findall(r"^The part `\w+`, an `anc\.(\w+)`\.", PAGES, re.MULTILINE))  # Parts of designs, by `make config`.


def public(module: str) -> set[str]:
    """The classes and functions that a module hands on or, of an integration, defines."""
    names = vars(importlib.import_module(module))
    home = module if ".integrations." in module else "ancestral"
    return {
        name
        for name, thing in names.items()
        if not name.startswith("_")
        and (inspect.isclass(thing) or inspect.isfunction(thing))
        and thing.__module__.startswith(home)
    }


@pytest.mark.parametrize(
    "module",
    [
        "ancestral",
        *(f"ancestral.{name}" for name in ("analysis", "data", "evaluation", "formats", "generators", "mechanisms")),
        *(f"ancestral.integrations.{name}" for name in ("hydra", "lightning")),
        pytest.param("ancestral.integrations.ray", marks=pytest.mark.slow),  # Its import takes seconds.
    ],
)
def test_every_public_name_has_an_entry(module: str) -> None:
    assert public(module)
    assert sorted(public(module) - ENTRIES - TABLES) == []
