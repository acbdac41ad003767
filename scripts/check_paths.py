"""Finds names of files, in back-ticks, that no file has: in documents, comments and docstrings.

    python scripts/check_paths.py

Called by `make lint`. The CHANGELOG, and decisions, may name what is gone; a line that does so elsewhere ends with "(gone)".
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
NAMES = {Path(name).name for name in FILES}
TOPS = {name.split("/")[0] for name in FILES if "/" in name}
QUOTED = re.compile(r"`+([\w.+-]+(?:/[\w.+-]+)*\.(?:swift|py|sh|h|c|md|toml))`+")
# What the guides' readers write.
MADE = {"page.py", "train.py"}.union(
    *(re.findall(r'title="([^"]+)"', (ROOT / name).read_text()) for name in FILES if name.startswith("docs/guides/"))
)


def is_known(name: str) -> bool:
    top, _, rest = name.partition("/")
    if rest and top in TOPS:
        return (ROOT / name).exists()
    return Path(name).name in NAMES or name in MADE


def main() -> None:
    wrong: list[str] = []
    for name in FILES:
        if not name.endswith((".md", ".swift", ".py", ".h")) or name == "CHANGELOG.md" or name.startswith("docs/decisions/"):
            continue
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
            wrong += [
                f"{name}:{number}: {found} is no file"
                for found in QUOTED.findall(line)
                if not is_known(found) and not line.endswith("(gone)")
            ]
    print("\n".join(wrong), end="\n" if wrong else "")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
