"""A run tells its families and distances: seen by whoever has not set up logging, once, and left to whoever has."""

import logging
import os
import subprocess
import sys

import pytest

import ancestral as anc
from interrupts import PATIENCE

SMALL = anc.FamilyConfig(n_nodes=6, sparsity_param=1.0)
MADE = """
import ancestral as anc
small = anc.FamilyConfig(n_nodes=6, sparsity_param=1.0)
def made():
    test = {"id": small, "ood": anc.FamilyConfig(n_nodes=6, sparsity_param=1.0, graph="scale_free")}
    return anc.DataModule(small, None, test, n_samples=2, batch_size=2, n_test=2, metrics=["edge_kl"])
"""
OOD = anc.FamilyConfig(n_nodes=6, sparsity_param=1.0, graph="scale_free").fingerprint()


def told(code: str, **environment: str) -> list[str]:
    """What a script that makes a module writes to standard error, which is nothing else."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("RANK", "WORLD_SIZE", "LOCAL_RANK")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", MADE + code],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_the_logger_is_the_one_that_the_docstring_names(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="ancestral"):
        anc.DataModule(SMALL, None, None, n_samples=2, batch_size=2)
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert f'by the logger "{caplog.records[0].name}" at INFO' in str(anc.DataModule.__doc__)


def test_the_families_are_seen_once_at_default_settings_and_so_are_their_distances() -> None:
    lines = told("made(); data = made(); data.setup(); data.distances(20); data.distances(20)")
    assert lines[:3] == [
        f'ancestral: train: fingerprint {SMALL.fingerprint()}, {{"n_nodes": 6, "sparsity_param": 1.0}}',
        f"ancestral: test/id: fingerprint {SMALL.fingerprint()}, the same as train",
        f'ancestral: test/ood: fingerprint {OOD}, as train but for {{"graph": "scale_free"}}',
    ]
    assert [line.partition("edge_kl")[0] for line in lines[3:]] == [
        "ancestral: test/id: distance from train: ",
        "ancestral: test/ood: distance from train: ",
    ]


SILENT = """
import os
for code in (
    "import logging; logging.basicConfig()",
    "import logging; logging.disable(logging.INFO)",
    "import logging; logging.getLogger('ancestral').setLevel(logging.WARNING)",
    "import logging; logging.getLogger().setLevel(logging.ERROR)",
    "import logging; logging.getLogger('ancestral').addHandler(logging.NullHandler())",
    "os.environ.update(RANK='1', WORLD_SIZE='2')",
    "import sys; sys.stderr = None",
):
    if (child := os.fork()) == 0:
        exec(code)
        made()
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7, code
"""


@pytest.mark.slow
def test_who_has_set_up_logging_or_is_another_rank_sees_nothing_of_it() -> None:
    assert told(SILENT) == []
    assert len(told("made()")) == 3


def test_a_handler_gets_the_lines_by_its_own_format() -> None:
    lines = told("import logging; logging.basicConfig(level=logging.INFO, format='%(name)s|%(levelname)s|%(message)s')\nmade()")
    families = [line for line in lines if "fingerprint" in line]
    assert len(families) == 3
    assert all(line.startswith("ancestral.data|INFO|") for line in families)


def test_a_level_alone_shows_them_too() -> None:
    assert len(told("import logging; logging.getLogger('ancestral').setLevel(logging.INFO)\nmade()")) == 3


def test_distances_are_logged_when_they_are_computed(caplog: pytest.LogCaptureFixture) -> None:
    dense = anc.FamilyConfig(n_nodes=6, sparsity_param=2.0)
    data = anc.DataModule(SMALL, dense, None, n_samples=2, batch_size=2, metrics=["edge_kl", "spectral_w1"])
    with caplog.at_level(logging.INFO, logger="ancestral"):
        data.setup()
        assert "distance" not in caplog.text
        report = data.distances(20)["val"]
    (line,) = [record.getMessage() for record in caplog.records if "distance" in record.getMessage()]
    assert line.startswith(f"val: distance from train: edge_kl {report['edge_kl'].value:.4g} (p ")
    assert f"spectral_w1 {report['spectral_w1'].value:.4g}" in line


@pytest.mark.slow
def test_mixtures_and_strategies_in_python_are_told(caplog: pytest.LogCaptureFixture) -> None:
    def chain(n_nodes: int, *, seed: int) -> object:
        raise NotImplementedError

    own = anc.SCMFamily(6, chain)  # pyright: ignore[reportArgumentType]
    with caplog.at_level(logging.INFO, logger="ancestral"):
        anc.DataModule(SMALL, own, {"mix": anc.FamilyConfig.preset("avici-scm-v0")}, n_samples=2, batch_size=2)
    lines = {record.getMessage().partition(":")[0]: record.getMessage() for record in caplog.records}
    assert "chain" in lines["val"]
    assert "a mixture of" in lines["test/mix"]
    assert all(len(line) < 2000 for line in lines.values())
