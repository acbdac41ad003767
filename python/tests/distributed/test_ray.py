"""Corpora by a real Ray cluster of two nodes, some of which don't live long.

The nodes are processes of this machine, each with a scheduler, an object store and workers of its own.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch

import ancestral as anc
from ancestral._engine import _ffi
from ancestral._engine.library import library_path
from interrupts import PATIENCE

pytestmark = pytest.mark.slow

ray = pytest.importorskip("ray", reason="Ray is not installed")
cluster_utils = pytest.importorskip("ray.cluster_utils")

DRIVER = Path(__file__).with_name("ray_driver.py")
STRATEGIES = Path(__file__).with_name("ray_strategies_script.py")
# Some 0.1 s of work in each of 40 shards.
FAMILY: dict[str, Any] = {"n_nodes": 20, "mechanism_proportions": {"mlp": 1.0}}
SETTINGS: dict[str, Any] = {"n_tasks": 4000, "n_samples": 200, "tasks_per_shard": 100}
SHARDS = 40
NODE: dict[str, Any] = {"num_cpus": 1, "object_store_memory": 80 << 20}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def shards(folder: Path) -> list[Path]:
    return sorted(folder.glob("shard-*"))


def generate(folder: Path) -> Any:
    from ancestral.integrations.ray import generate

    return generate(anc.SCMFamily.from_config(FAMILY), out_dir=folder, **SETTINGS)


def wait_for(condition: Callable[[], Any]) -> Any:
    """What `condition` gives as soon as it is true."""
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.002)
    return found


def busy_workers(node: Any) -> list[int]:
    """The processes of a node that make a shard just now."""
    (raylet,) = node.all_processes["raylet"]
    pids = Path(f"/proc/{raylet.process.pid}/task/{raylet.process.pid}/children").read_text().split()
    return [int(pid) for pid in pids if Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"ray::_make")]


def inodes(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_ino for path in shards(folder)}


def caught(pool: ThreadPoolExecutor, folder: Path, condition: Callable[[Path], Any]) -> tuple[Path, Future[Any], Any]:
    """A run, and what `condition` of its folder gives there, true; one that is over too soon makes way for another."""
    for attempt in range(20):
        found = folder / str(attempt)
        running = pool.submit(generate, found)
        while not running.done():
            if found.exists() and (seen := condition(found)):
                return found, running, seen
            time.sleep(0.002)
        running.result()
    raise AssertionError("all runs were over too soon")


def hurt(
    pool: ThreadPoolExecutor, folder: Path, condition: Callable[[Path], Any], blow: Callable[[Any], None]
) -> tuple[Path, dict[Path, int]]:
    """A run that has got a `blow` where `condition` was true, before its last shard was made, and went on to its end.

    With the shards that were there after the blow.
    """
    for attempt in range(20):
        found, running, seen = caught(pool, folder / f"blow-{attempt}", condition)
        blow(seen)
        before = inodes(found)
        running.result()
        if len(before) < SHARDS:
            return found, before
    raise AssertionError("all blows came too late")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    # A dead node is called dead after some 6 s, instead of 15; a busy machine may keep a live one from answering for some.
    quick = {"health_check_period_ms": 500, "health_check_failure_threshold": 12}
    head = {**NODE, "include_dashboard": False, "_system_config": quick}
    found = cluster_utils.Cluster(initialize_head=True, head_node_args=head)
    found.add_node(**NODE)
    ray.init(address=found.address, log_to_driver=False)
    yield found
    ray.shutdown()
    found.shutdown()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one machine makes without Ray."""
    folder = tmp_path_factory.mktemp("one-machine")
    anc.write_corpus(anc.SCMFamily.from_config(FAMILY), out_dir=folder, **SETTINGS)
    return content(folder)


def test_two_nodes_make_what_one_machine_makes(cluster: Any, expected: dict[str, bytes], tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        folder, running, _ = caught(pool, tmp_path, lambda _: all(busy_workers(node) for node in cluster.list_all_nodes()))
        corpus = running.result()
    assert content(folder) == expected
    assert len(corpus) == 4000
    assert anc.verify_corpus(folder) == []
    before = inodes(folder)
    generate(folder)
    assert content(folder) == expected
    assert inodes(folder) == before


def test_mixtures_of_all_sizes_keep_clear_of_reserved_graphs(cluster: Any, tmp_path: Path) -> None:
    from ancestral.integrations.ray import generate

    sizes = [anc.FamilyConfig(n_nodes=3, sparsity_param=0.5), anc.FamilyConfig(n_nodes=4, n_nodes_max=6, sparsity_param=1.0)]
    family = anc.SCMFamily.from_config(anc.MixtureConfig(sizes))
    reserved = anc.HashRegistry([anc.graph_hash(task.adjacency) for task, _ in zip(stream(family), range(3), strict=False)])
    settings: dict[str, Any] = {"n_samples": 5, "tasks_per_shard": 7, "base_seed": 5, "reserved": reserved}
    generate(family, 40, tmp_path / "ray", **settings)
    anc.write_corpus(family, 40, tmp_path / "one", **settings)
    assert content(tmp_path / "ray") == content(tmp_path / "one")


def test_experiments_are_those_of_one_machine(cluster: Any, tmp_path: Path) -> None:
    from ancestral.integrations.ray import generate

    family = anc.SCMFamily(4, n_nodes_max=6, sparsity_param=1.0)
    effects = anc.Design(n_samples=8, n_samples_max=12, query=3, effects=anc.Effects(population_rows=32, mu_draws=2))
    settings: dict[str, Any] = {"design": effects, "tasks_per_shard": 7, "base_seed": 5}
    corpus = generate(family, 40, tmp_path / "ray", **settings)
    anc.write_corpus(family, 40, tmp_path / "one", **settings)
    assert content(tmp_path / "ray") == content(tmp_path / "one")
    assert corpus.design == effects
    with pytest.raises(anc.ConfigError, match="holds a corpus with another design"):
        generate(family, 40, tmp_path / "ray", **{**settings, "design": {"n_samples": 8}})


def test_strategies_of_the_callers_own_script_reach_the_nodes(cluster: Any, tmp_path: Path) -> None:
    from ancestral.integrations.ray import generate

    class Chain:
        def __call__(self, n_nodes: int, *, seed: int) -> torch.Tensor:
            return torch.diag(torch.ones(n_nodes - 1), 1) * (seed % 2)

        def fingerprint(self) -> str:
            return "every second task is a chain"

    family = anc.SCMFamily(4, graph_generator=Chain())
    generate(family, 20, tmp_path / "ray", n_samples=5, tasks_per_shard=6)
    anc.write_corpus(family, 20, tmp_path / "one", n_samples=5, tasks_per_shard=6)
    assert content(tmp_path / "ray") == content(tmp_path / "one")


def test_strategies_of_a_script_that_is_run_make_what_one_machine_makes(cluster: Any, tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(STRATEGIES), cluster.address, str(tmp_path)], check=True, timeout=PATIENCE)
    for name in ("chain", "Chains", "Told"):
        assert content(tmp_path / name / "ray") == content(tmp_path / name / "one")


def stream(family: anc.SCMFamily) -> Any:
    return anc.MetaIterableDataset(family, n_samples=5, base_seed=5)


def test_a_killed_worker_costs_its_own_shard_only(cluster: Any, expected: dict[str, bytes], tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        folder, before = hurt(
            pool,
            tmp_path,
            lambda folder: len(shards(folder)) >= 4 and busy_workers(cluster.head_node),
            lambda workers: os.kill(workers[0], signal.SIGKILL),
        )
    assert content(folder) == expected
    assert all(path.stat().st_ino == inode for path, inode in before.items())


def test_a_killed_node_costs_its_own_shards_only(cluster: Any, expected: dict[str, bytes], tmp_path: Path) -> None:
    def busy_node(folder: Path) -> list[Any]:
        if not cluster.worker_nodes:  # The blow before came too late.
            cluster.add_node(**NODE)
        return [node for node in cluster.worker_nodes if len(shards(folder)) >= 4 and busy_workers(node)]

    with ThreadPoolExecutor(1) as pool:
        folder, before = hurt(pool, tmp_path, busy_node, lambda nodes: cluster.remove_node(nodes[0], allow_graceful=False))
    assert content(folder) == expected
    assert all(path.stat().st_ino == inode for path, inode in before.items())
    wait_for(lambda: sum(node["Alive"] for node in ray.nodes()) == 1)
    cluster.add_node(**NODE)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_broken_run_goes_on(how: signal.Signals, cluster: Any, expected: dict[str, bytes], tmp_path: Path) -> None:
    for attempt in range(20):
        folder = tmp_path / str(attempt)
        command = [sys.executable, str(DRIVER), cluster.address, str(folder), json.dumps({"family": FAMILY, **SETTINGS})]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as driver:
            wait_for(lambda folder=folder, driver=driver: len(shards(folder)) >= 4 or driver.poll() is not None)
            driver.send_signal(how)
            _, error = driver.communicate(timeout=PATIENCE)
        wait_for(lambda: not any(busy_workers(node) for node in cluster.list_all_nodes()))
        before = inodes(folder)
        if len(before) < SHARDS:
            break
    else:
        raise AssertionError("all signals came too late")
    assert driver.returncode != 0, error
    assert how == signal.SIGKILL or error.splitlines()[-1] == "KeyboardInterrupt"
    assert not (folder / "index.json").exists()
    generate(folder)
    assert content(folder) == expected
    assert all(path.stat().st_ino == inode for path, inode in before.items())


def test_a_node_with_another_engine_is_refused(cluster: Any, tmp_path: Path) -> None:
    engine, version = library_path().read_bytes(), _ffi.version().encode()
    assert engine.count(b"\0" + version + b"\0") == 1
    other = tmp_path / "libAncestralBridge.so"
    other.write_bytes(engine.replace(b"\0" + version + b"\0", b"\0" + version[:-1] + b"7\0"))
    node = cluster.add_node(**NODE, env_vars={"ANCESTRAL_LIBRARY": str(other)})
    try:
        with pytest.raises(
            anc.ConfigError, match=rf"^The node .*{node.node_id[:8]}\) has the engine 0.1.7: it must have 0.1.0"
        ):
            generate(tmp_path / "corpus")
    finally:
        cluster.remove_node(node)
    assert shards(tmp_path / "corpus") == []


def test_a_node_that_does_not_share_the_folder_says_so(cluster: Any, tmp_path: Path) -> None:
    from ancestral._corpus.plan import CorpusPlan, begin
    from ancestral.integrations.ray import _ask, _unwritable

    plan, other = (CorpusPlan(anc.SCMFamily(5), 10, n_samples) for n_samples in (5, 6))
    begin(tmp_path / "ours", plan)
    begin(tmp_path / "other", other)
    answers = [ray.get(_ask.remote(str(tmp_path / name), plan.description)) for name in ("ours", "other", "none")]
    assert answers[0] is None
    assert "n_samples = 6, but 5 was asked for: all nodes must share one" in answers[1]
    assert answers[2] == f"doesn't see out_dir = {str(tmp_path / 'none')!r}: it must be a folder that all nodes share"
    assert str(_unwritable("/proc")).startswith("can't write out_dir = '/proc' (")


def test_a_node_that_loses_the_folder_ends_the_run(cluster: Any, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(generate, tmp_path)
        wait_for(lambda: shards(tmp_path))
        (tmp_path / "plan.json").unlink()
        with pytest.raises(anc.ConfigError, match=rf"^The node .* doesn't see out_dir = '{tmp_path}'"):
            running.result()
    assert not (tmp_path / "index.json").exists()


def test_more_threads_than_any_node_has_are_refused(cluster: Any, tmp_path: Path) -> None:
    from ancestral.integrations.ray import generate

    with pytest.raises(anc.ConfigError, match=r"^threads_per_task = 2: must be at most 1"):
        generate(anc.SCMFamily(5), 10, tmp_path, n_samples=5, threads_per_task=2)


def test_a_fault_in_a_task_comes_back_as_it_is(cluster: Any, tmp_path: Path) -> None:
    from ancestral.integrations.ray import generate

    family = anc.SCMFamily(2, sparsity_param=0.5)
    reserved = anc.HashRegistry([anc.graph_hash(graph) for graph in ([[0, 0], [0, 0]], [[0, 1], [0, 0]], [[0, 0], [1, 0]])])
    with pytest.raises(anc.DisjointnessError, match="3 reserved"):
        generate(family, 10, tmp_path, n_samples=5, reserved=reserved)
