"""What `generate` refuses before it begins a corpus, and what its workers keep of a plan."""

import os
import sys
import threading
import time
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


class Ending:
    """A strategy that ends its process, as one that takes all memory does."""

    def __call__(self, n_nodes: int, *, seed: int) -> torch.Tensor:
        os._exit(1)

    def fingerprint(self) -> str:
        return "the end"


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


@pytest.mark.usefixtures("alone")
def test_a_shard_whose_workers_always_die_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ancestral.integrations.ray import generate

    module = sys.modules[__name__]
    ray.cloudpickle.register_pickle_by_value(module)
    try:
        with pytest.raises(anc.EngineError, match=r"^Shard 0 was given up: .*max_retries.*goes on with the others\.$"):
            generate(anc.SCMFamily(4, graph_generator=Ending()), 20, tmp_path, n_samples=5, max_retries=0)
    finally:
        ray.cloudpickle.unregister_pickle_by_value(module)


@pytest.mark.usefixtures("alone")
def test_shards_that_fail_beside_the_one_that_is_told_print_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from ray._private import worker

    from ancestral.integrations.ray import _hear  # pyright: ignore[reportPrivateUsage]

    said: list[str] = []
    monkeypatch.setattr(worker.logger, "error", lambda text, *_: said.append(str(text)))

    @ray.remote(max_retries=0)
    def failing(sentence: str) -> None:
        time.sleep(0.5)
        raise anc.ConfigError(sentence)

    _hear([failing.remote("heard") for _ in range(3)])
    for _ in range(2):
        failing.remote("dropped")
    end = time.monotonic() + 60
    while len(said) < 2 and time.monotonic() < end:
        time.sleep(0.1)
    assert len(said) == 2
    assert all("dropped" in text for text in said)
