"""Tests that pages name by their file, their function or their Swift suite are there."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parents[1]
FOLDERS = "|".join(folder.name for folder in sorted(TESTS.iterdir()) if folder.is_dir())
NAMED = re.compile(rf"`((?:{FOLDERS})/[\w/]+)(?:\.py)?(?:::(\w+))?`|`::(\w+)`")


def file_of(name: str) -> Path:
    """The file that a page calls `unit/run/test_told` or, without what all have in common, `unit/run/told`."""
    path = TESTS / name
    return path.with_name(f"test_{path.name.removeprefix('test_')}.py")


@pytest.mark.parametrize("page", ["faults", "torch-front-tests", "trust"])
def test_a_page_names_tests_that_there_are(page: str) -> None:
    text = (ROOT / f"docs/{page}.md").read_text(encoding="utf-8")
    missing, path = list[str](), TESTS
    for name, function, further in NAMED.findall(text):
        path = file_of(name) if name else path  # `::test` stands behind another test of its file.
        function = function or further
        if not path.exists() or (function and f"def {function}(" not in path.read_text(encoding="utf-8")):
            missing.append(f"{path.relative_to(TESTS)} {function}")
    assert path != TESTS
    assert missing == []


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/trust.md"])
def test_a_page_names_swift_suites_that_there_are(page: str) -> None:
    suites = re.findall(r"`([A-Z]\w+Tests)`", (ROOT / page).read_text(encoding="utf-8"))
    files = {path.stem for path in ROOT.glob("Tests/**/*.swift")}
    assert suites
    assert sorted(set(suites) - files) == []
