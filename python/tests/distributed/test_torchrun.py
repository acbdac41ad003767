"""Training by torchrun on two nodes of two processes each, over the loopback."""

import itertools
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.distributed

import ancestral as anc
from interrupts import PATIENCE
from script_files import module_of

SCRIPT = Path(__file__).with_name("torchrun_script.py")
NODES, PER_NODE = 2, 2
RANKS = NODES * PER_NODE

pytestmark = [
    pytest.mark.skipif(not torch.distributed.is_available(), reason="this torch has no torch.distributed"),
    pytest.mark.slow,
]


def script() -> Any:
    return module_of(SCRIPT)


def start(node: int, port: int, folder: Path) -> "subprocess.Popen[str]":
    arguments = ["--nnodes", NODES, "--node_rank", node, "--nproc_per_node", PER_NODE, "--rdzv_backend", "static"]
    arguments += ["--rdzv_endpoint", f"127.0.0.1:{port}", SCRIPT, folder]
    command = [sys.executable, "-m", "torch.distributed.run", *map(str, arguments)]
    # What a cluster's own launcher has said doesn't hold for these ranks.
    known = {name: value for name, value in os.environ.items() if not name.startswith("SLURM_")}
    settings = {**known, "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    return subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for _ in range(5):
        folder = tmp_path_factory.mktemp("torchrun")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        processes = [start(node, port, folder) for node in range(NODES)]
        try:
            said = processes[0].communicate(timeout=PATIENCE)[0]
            if processes[0].returncode and "EADDRINUSE" in said:
                continue  # Another process was given the port meanwhile.
            assert processes[0].returncode == 0, said
            said = processes[1].communicate(timeout=PATIENCE)[0]
            assert processes[1].returncode == 0, said
            return folder
        finally:
            for process in processes:
                process.terminate()  # torchrun then ends its ranks.
    raise AssertionError("no port was free")


@pytest.fixture(scope="module")
def ranks(folder: Path) -> list[dict[str, Any]]:
    return [json.loads((folder / f"rank-{rank}.json").read_text()) for rank in range(RANKS)]


def test_each_process_finds_its_rank(ranks: list[dict[str, Any]]) -> None:
    for rank, found in enumerate(ranks):
        assert found["ranks"] == [[rank, RANKS, "RANK and WORLD_SIZE"], [rank, RANKS, "torch.distributed"]]
        assert found["local"] == [rank // PER_NODE, rank % PER_NODE]


@pytest.mark.parametrize("how", ["stream", "workers"])
def test_the_ranks_share_out_the_stream_of_a_single_process(how: str, ranks: list[dict[str, Any]]) -> None:
    ours = script()
    whole = ours.digests(ours.stream(), RANKS * ours.BATCHES)
    batches = [whole[first : first + 4] for first in range(0, len(whole), 4)]
    for rank, found in enumerate(ranks):
        assert found[how] == [task for batch in batches[rank::RANKS] for task in batch]
    assert len({task for found in ranks for task in found[how]}) == len(whole) == 48


def test_a_data_module_shares_out_training_and_test_sets(ranks: list[dict[str, Any]]) -> None:
    ours = script()
    data = ours.module()
    whole = ours.digests(data.train_dataloader(), RANKS * ours.BATCHES)
    tests = ours.digests(data.test_dataloader()["id"], 2)
    data.close()
    assert sorted(task for found in ranks for task in found["module"]) == sorted(whole)
    assert len(set(whole)) == 48
    assert sorted(task for found in ranks for task in found["test"]) == sorted(tests)
    assert not set(tests) & set(whole)


def test_rank_0_writes_the_registry(ranks: list[dict[str, Any]], folder: Path) -> None:
    assert len(ranks) == RANKS
    assert anc.verify(folder / "registry", n_training_tasks=20) == []


def test_a_training_step_is_that_of_all_batches_together(ranks: list[dict[str, Any]]) -> None:
    ours = script()
    net = ours.network()
    for batch in itertools.islice(ours.stream(), RANKS):
        (ours.loss(net, batch) / RANKS).backward()
    weight = next(net.parameters())
    expected = (weight.detach() - 0.1 * weight.grad).numpy().ravel()
    assert len({(found["gradient"], found["weight"]) for found in ranks}) == 1
    gradient, after = (np.frombuffer(bytes.fromhex(ranks[0][name]), np.float32) for name in ("gradient", "weight"))
    # A mean of four numbers, in another order.
    scale = 8 * np.finfo(np.float32).eps
    assert np.allclose(gradient, weight.grad.numpy().ravel(), rtol=0, atol=scale * float(weight.grad.abs().max()))
    assert np.allclose(after, expected, rtol=0, atol=scale)
    assert np.abs(gradient).max() > 1e-3
