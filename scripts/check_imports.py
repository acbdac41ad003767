#!/usr/bin/env python3
"""Holds what the files of each Swift target import against the table `imports` in Package.swift, which must say just that."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = {"SCMTestSupport": "Tests/Support"}


def stated(manifest: str) -> dict[str, set[str]]:
    """The table: each target with the targets that it may import."""
    table = re.search(r"^let imports: KeyValuePairs = \[\n(.*?)^\]", manifest, re.MULTILINE | re.DOTALL)
    if table is None:
        sys.exit("Package.swift: has no table `let imports: KeyValuePairs = [...]`.")
    rows = re.findall(r'"(\w+)":\s*\[(.*?)\]', table[1], re.DOTALL)
    return {name: set(re.findall(r'"(\w+)"', row)) for name, row in rows}


def imported(folder: Path) -> dict[str, Path]:
    """Each module that a folder's files import, with one of those files."""
    found: dict[str, Path] = {}
    for file in sorted(folder.rglob("*.swift")):
        text = file.read_text(encoding="utf-8")
        for name in re.findall(r"^\s*(?:@\w+ )*(?:\w+ )?import (?:\w+ )?(\w+)", text, re.MULTILINE):
            found.setdefault(name, file)
    return found


def main() -> int:
    """Prints a sentence for each difference."""
    table = stated((ROOT / "Package.swift").read_text(encoding="utf-8"))
    ours = {name for names in table.values() for name in names} | set(table)
    faults: list[str] = []
    for target, names in table.items():
        found = imported(ROOT / FOLDERS.get(target, f"Sources/{target}"))
        faults += [
            f"{found[name].relative_to(ROOT)}: imports {name}, which Package.swift does not state for {target}."
            for name in sorted((found.keys() & ours) - names)
        ]
        faults += [
            f"Package.swift: {target} imports no {name}, though `imports` says so." for name in sorted(names - found.keys())
        ]
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
