"""Locks on files that are there anyway."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ancestral._engine.library import library_path
from ancestral._files.locks import locked
from interrupts import PATIENCE

DRAWING = """
import ancestral as anc
stream = anc.MetaIterableDataset(anc.SCMFamily(4, sparsity_param=1.0), n_samples=3, batch_size=2)
print(tuple(next(iter(stream)).X.shape), len(stream.drawn), ".pyz" in anc.__file__)
"""


def test_a_package_in_an_archive_draws(tmp_path: Path) -> None:
    package = Path(__file__).parents[3] / "ancestral"
    archive = tmp_path / "app.pyz"
    with zipfile.ZipFile(archive, "w") as file:
        for module in package.rglob("*.py"):
            file.write(module, module.relative_to(package.parent))
        file.writestr("__main__.py", DRAWING)
    environment = {**os.environ, "PYTHONPATH": "", "ANCESTRAL_LIBRARY": str(library_path())}
    command = [sys.executable, str(archive)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout) == (0, "(2, 3, 4) 2 True\n"), done.stderr


def test_a_path_of_which_nothing_is_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError), locked("nowhere.zip/module.py"):
        pass
