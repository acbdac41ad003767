"""Packages that the project depends on, with all its extras, are those that decision 3 lists."""

import re
from importlib.metadata import requires
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_decision_3_lists_every_package() -> None:
    needed = {re.split(r"[^\w-]", need)[0] for need in requires("ancestral") or []} - {"ancestral"}
    page = (ROOT / "docs/decisions/0003-dependencies.md").read_text(encoding="utf-8").lower()  # As metadata have names.
    listed = {word for cell in re.findall(r"^\| ([^|]*) \|", page, flags=re.MULTILINE) for word in re.findall(r"[\w-]+", cell)}
    assert {"torch", "ruff", "mkdocs-material"} <= needed
    assert sorted(needed - listed) == []
