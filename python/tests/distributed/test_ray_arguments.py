"""What `generate` refuses before it begins a corpus, and what its workers keep of a plan."""

import os
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


@pytest.mark.usefixtures("alone")
def test_a_worker_reads_a_plan_once_while_its_folder_is_the_same(tmp_path: Path) -> None:
    from ancestral._corpus.plan import CorpusPlan, begin
    from ancestral.integrations.ray import _file_of_plan, _received  # pyright: ignore[reportPrivateUsage]

    plan = CorpusPlan(anc.SCMFamily(3, sparsity_param=1.0), n_tasks=5, n_samples=5)
    begin(tmp_path, plan)
    sent, folder = ray.put(plan), str(tmp_path)
    first = _received(sent, folder, _file_of_plan(folder))
    assert first.description == plan.description
    assert _received(sent, folder, _file_of_plan(folder)) is first
    begin(tmp_path / "other", CorpusPlan(anc.SCMFamily(3, sparsity_param=1.0), n_tasks=6, n_samples=5))
    os.replace(tmp_path / "other" / "plan.json", tmp_path / "plan.json")
    with pytest.raises(anc.ConfigError, match="n_tasks = 6, but 5 was asked for"):
        _received(sent, folder, _file_of_plan(folder))
