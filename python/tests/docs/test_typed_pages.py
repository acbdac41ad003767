"""Code of the README and the guides as a type checker of its readers sees it: their editors mark no line of it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/guides/*.md"))]
BLOCK = re.compile(r"^```python(?: title=\"(.*?)\")?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
OF_THE_PAGES = {
    "reportMissingImports",  # Files of another page's reader.
    "reportOptionalMemberAccess",  # Parts of a design that may be missing, ...
    "reportOptionalSubscript",
    "reportPossiblyUnbound",
}
# `family.config` is one of several classes, which a reader must tell apart; a page that shows wrong values on purpose; and a
# corpus as an Iterable, of which torch's Dataset has only the items.
NOT_HELD = {"known-networks", "presets", "first-family", "beyond-one-machine", "hydra", "classes-and-counts", "interventions"}


@pytest.mark.slow
def test_pages_are_clean_under_pyright(tmp_path: Path) -> None:
    for page in PAGES:
        if page.stem in NOT_HELD:
            continue
        folder = tmp_path / page.stem
        folder.mkdir()
        for title, code in BLOCK.findall(page.read_text(encoding="utf-8")):
            with open(folder / (title or "page.py"), "a", encoding="utf-8") as file:
                file.write(code)
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, str(tmp_path)]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    found = json.loads(told)
    faults = [
        f"{Path(each['file']).parent.name}, line {each['range']['start']['line'] + 1}: {each['message']}"
        for each in found["generalDiagnostics"]
        if each["severity"] == "error" and each.get("rule") not in OF_THE_PAGES
    ]
    assert found["summary"]["filesAnalyzed"] > 10
    assert not faults, "\n".join(faults)
