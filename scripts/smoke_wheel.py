"""Installs a wheel where nothing else is and uses it: python scripts/smoke_wheel.py dist/ancestral-….whl [constraints.txt]

A new virtual environment, a folder outside the sources, and no environment variable but an empty PATH: neither Swift nor the
sources can help. Prints what installing, importing and the first batch take, the last two as the best of five processes, beside
what was asked of them.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

IMPORT_ASKED, BATCH_ASKED = 0.15, 0.05  # seconds
ENVIRONMENT = {"PATH": ""}

USE = """
import json, shutil, sys, time, torch
start = time.perf_counter()
import ancestral as anc
imported = time.perf_counter()
family = anc.SCMFamily(n_nodes=20, sparsity_param=2.0, mechanism_proportions={"linear": 0.5, "mlp": 0.5})
batches = iter(anc.MetaIterableDataset(family, n_samples=1000, base_seed=0, batch_size=32))
X, adjacency = next(batches)
first = time.perf_counter()
assert X.shape == (32, 1000, 20) and adjacency.shape == (32, 20, 20)
assert bool(torch.isfinite(X).all()) and not torch.equal(next(batches).X, X)
assert shutil.which("swift") is None
print(json.dumps({"file": anc.__file__, "import": imported - start, "batch": first - imported}))
"""


def timed(*command: str | Path, folder: Path) -> tuple[float, str]:
    """Seconds and output of a command in the empty environment."""
    start = time.perf_counter()
    done = subprocess.run(list(map(str, command)), cwd=folder, env=ENVIRONMENT, check=True, stdout=subprocess.PIPE, text=True)
    return time.perf_counter() - start, done.stdout


def main() -> int:
    wheel = Path(sys.argv[1]).resolve()
    constraints = ["--constraint", Path(sys.argv[2]).resolve()] if len(sys.argv) > 2 else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        timed(sys.executable, "-m", "venv", "clean", folder=folder)
        python = folder / "clean" / "bin" / "python"
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        alone, _ = timed(*install, "--no-deps", wheel, folder=folder)
        rest, _ = timed(*install, *constraints, wheel, folder=folder)
        found = [json.loads(timed(python, "-I", "-c", USE, folder=folder)[1]) for _ in range(5)]
        place = Path(found[0]["file"])
        if not place.is_relative_to(folder / "clean") or "site-packages" not in place.parts:
            sys.exit(f"ancestral was imported from {place}, not from the new environment.")
    importing, batch = (min(run[what] for run in found) for what in ("import", "batch"))
    print(f"install, the wheel alone            {alone:6.1f} s")
    print(f"install, with torch and the others  {alone + rest:6.1f} s")
    print(f"import, besides torch's own         {importing:6.3f} s, asked {IMPORT_ASKED}")
    print(f"first batch of 32 tasks             {batch:6.3f} s, asked {BATCH_ASKED}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
