"""The names that strategies written in Python are known by: of modules, lambdas and programs, with what their code reads."""

import functools
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import ancestral as anc
from ancestral._identity.names import name_of
from graph_strategies import Holds, Plain, chain, family, fingerprint

STEP = 1
CALLS = 0


def reads(n_nodes: int, *, seed: int) -> Tensor:
    global CALLS
    CALLS += 1
    return chain(n_nodes, seed=seed, step=sum(STEP for _ in range(1)))


@dataclass(frozen=True)
class Reads(Plain):
    step: int = 1  # No name of the module.

    def graph(self, n_nodes: int) -> Tensor:
        return chain(n_nodes, seed=0, step=STEP + self.step)


@dataclass(frozen=True)
class Heir(Reads):
    pass


named = lambda n_nodes, *, seed: chain(n_nodes, seed=seed, step=STEP)  # noqa: E731 - the very case


@pytest.mark.parametrize("strategy", [reads, Reads(), Heir(), named, functools.partial(reads), Reads().__call__])
def test_a_setting_of_the_module_that_is_read_is_part_of_it(strategy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(strategy)
    family(reads).sample_task(1)  # Which counts its calls.
    monkeypatch.setitem(globals(), "step", 7)
    assert fingerprint(strategy) == before
    monkeypatch.setitem(globals(), "STEP", 2)
    assert fingerprint(strategy) != before
    monkeypatch.setitem(globals(), "STEP", 1)
    assert fingerprint(strategy) == before


def test_a_lambda_is_known_by_the_name_that_its_module_gives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fingerprint(named) != fingerprint(reads)
    assert anc.SCMFamily(np.int64(4), graph_generator=named).fingerprint() == fingerprint(named)
    before = named
    monkeypatch.setitem(globals(), "named", lambda n_nodes, *, seed: chain(n_nodes, seed=seed, step=2 * STEP))
    with pytest.raises(anc.ConfigError, match="a function that no module has"):
        fingerprint(before)
    with pytest.raises(anc.ConfigError, match="was something else under this name before"):
        fingerprint(named)


def test_the_version_is_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [fingerprint(Holds()), fingerprint(Plain())]
    monkeypatch.setattr(Holds, "version", "2", raising=False)
    monkeypatch.setattr(Plain, "version", "2", raising=False)
    assert fingerprint(Holds()) not in found
    assert fingerprint(Plain()) not in found


PROGRAM = """
import functools, multiprocessing, sys
from dataclasses import dataclass
import numpy as np, torch
import ancestral as anc

@dataclass(frozen=True)
class Mine:
    names: frozenset
    table: object
    function: object
    def __call__(self, n_nodes, *, seed):
        return torch.zeros(n_nodes, n_nodes)

def plain(n_nodes, *, seed, step=2.5):
    return torch.zeros(n_nodes, n_nodes)

def prints():
    mine = Mine(frozenset("abcdefgh"), {"t": torch.arange(3.0), "n": np.float64(0.1)}, functools.partial(plain, step=0.5))
    return " ".join(anc.SCMFamily(4, graph_generator=given).fingerprint() for given in (mine, plain, mine.__call__))

if __name__ == "__main__":
    print(prints())
    if sys.argv[1:] == ["twin"]:
        import program

        print(program.prints())
    else:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print(pool.apply(prints))
"""


def printed(*arguments: str, hash_seed: str, folder: Path) -> list[str]:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split("\n")[:-1]


@pytest.mark.slow
def test_every_process_finds_the_same_and_two_programs_differ(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "twin.py").write_text(PROGRAM)
    as_program, in_worker = printed("program.py", "alone", hash_seed="1", folder=tmp_path)
    as_twin, imported = printed("twin.py", "twin", hash_seed="2", folder=tmp_path)
    assert as_program == in_worker == imported
    assert not set(as_twin.split()) & set(imported.split())


sparse = lambda n_nodes, *, seed: torch.zeros(n_nodes, n_nodes)  # noqa: E731
dense = lambda n_nodes, *, seed: torch.ones(n_nodes, n_nodes).triu(1)  # noqa: E731


def test_a_lambda_that_a_module_has_is_known_by_the_name_it_was_given() -> None:
    assert name_of(sparse) == f"{__name__}.sparse"
    assert fingerprint(sparse) != fingerprint(dense)
    assert fingerprint(sparse) == fingerprint(getattr(sys.modules[__name__], "sparse"))  # noqa: B009
