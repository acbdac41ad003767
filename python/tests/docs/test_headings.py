"""The first lines of modules name what a reader would search for."""

import ast
from pathlib import Path

import pytest

import ancestral

PACKAGE = Path(ancestral.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "_version.py")
RIDDLES = ("How", "Of", "That", "Those", "What", "When", "Where", "Whether", "Which", "Who", "Why")


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(PACKAGE)) for path in MODULES])
def test_a_heading_names_a_thing(path: Path) -> None:
    heading = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert heading is not None
    assert heading.split()[0] not in RIDDLES
