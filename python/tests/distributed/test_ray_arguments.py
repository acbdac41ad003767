"""What `generate` refuses before it begins a corpus."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

import ancestral as anc

ray = pytest.importorskip("ray", reason="Ray is not installed")


class Locked:
    """A strategy that no other process can have."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    def __call__(self, n_nodes: int, *, seed: int) -> torch.Tensor:
        return torch.zeros(n_nodes, n_nodes)

    def fingerprint(self) -> str:
        return "no edges"


@pytest.fixture
def alone() -> Iterator[None]:
    """A cluster of this machine."""
    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@pytest.mark.usefixtures("alone")
def test_a_strategy_that_cant_be_pickled_is_named(tmp_path: Path) -> None:
    from ancestral.integrations.ray import generate

    with pytest.raises(
        anc.ConfigError, match=r"^family = .*Locked.*: must have strategies that can be pickled \([^\n]*lock[^\n]*\)\.$"
    ):
        generate(anc.SCMFamily(4, graph_generator=Locked()), 20, tmp_path / "corpus", n_samples=5)
    assert not (tmp_path / "corpus").exists()
