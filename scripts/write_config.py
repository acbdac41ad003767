"""Writes what repeats the engine's schemas: Python's options of families and designs, strategies, and their pages.

    scripts/write_config.py LIBRARY            write the files whose text has changed
    scripts/write_config.py LIBRARY --check    say which would change, and exit with 1 if any would

`make config` calls it. It reads the engine's library and the text of `catalogue.py`, so that it works whatever
state the other files are in.
"""

import argparse
import ctypes
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from from_schema.mechanisms import mechanisms_module, with_sections
from from_schema.modules import designs_module, fields_module, graphs_module
from from_schema.pages import designs_page, options_page

ROOT = Path(__file__).resolve().parent.parent


def read_schemas(library: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the engine in a library says of families and of designs."""
    engine = ctypes.CDLL(str(library.resolve()))
    return _read(engine.anc_schema, library), _read(engine.anc_design_schema, library)


def _read(function: Any, library: Path) -> dict[str, Any]:
    needed = ctypes.c_size_t(0)
    function(None, ctypes.c_size_t(0), ctypes.byref(needed))
    text = ctypes.create_string_buffer(needed.value)
    if function(text, needed, ctypes.byref(needed)) != 0:
        raise RuntimeError(f"{library} gives no schema.")
    return json.loads(text.value)


def written(schema: dict[str, Any], designs: dict[str, Any]) -> dict[Path, str]:
    """The text of each file, by its path."""
    reference = ROOT / "docs/reference/strategies.md"
    catalogue = (ROOT / "python/ancestral/_mechanisms/catalogue.py").read_text()
    return {
        ROOT / "python/ancestral/_config/fields.py": fields_module(schema),
        ROOT / "python/ancestral/_scm/graph_strategies.py": graphs_module(schema),
        ROOT / "python/ancestral/_config/design_fields.py": designs_module(designs["schema"]),
        ROOT / "python/ancestral/mechanisms.py": mechanisms_module(catalogue),
        ROOT / "docs/reference/options.md": options_page(schema),
        ROOT / "docs/reference/designs.md": designs_page(designs),
        reference: _between(
            with_sections(reference.read_text(), catalogue),
            "::: ancestral.GraphGenerator\n",
            "::: ancestral.MechanismFactory\n",
            "".join(f"::: ancestral.{graph['name']}\n" for graph in schema["x-graphs"]),
        ),
    }


def _between(text: str, start: str, end: str, inner: str) -> str:
    before, rest = text.split(start, 1)
    return before + start + inner + end + rest.split(end, 1)[1]


def main() -> None:
    """Writes or compares."""
    parser = argparse.ArgumentParser()
    parser.add_argument("library", type=Path)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    stale = [(path, text) for path, text in written(*read_schemas(given.library)).items() if not same(path, text)]
    for path, text in stale:
        print(f"{'stale' if given.check else 'written'}: {path.relative_to(ROOT)}")
        if not given.check:
            path.write_text(text)
    raise SystemExit(1 if stale and given.check else 0)


def same(path: Path, text: str) -> bool:
    """Whether the file has the text."""
    return path.exists() and path.read_text() == text


if __name__ == "__main__":
    main()
