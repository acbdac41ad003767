"""The examples' trainer: what is learned, what a checkpoint brings back, and what is refused."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from networks import checkpoint
from networks.avici import Avici, Dual
from networks.bcnp import Bcnp
from networks.checkpoint import load_checkpoint, save_checkpoint
from networks.csiva import Csiva
from networks.trainer import History, Plan, train

import ancestral as anc

SMALL = {"width": 16, "layers": 1, "heads": 4, "shared": True}
NETWORKS: dict[str, Callable[[], Any]] = {
    "avici": lambda: Avici(**SMALL, dual=Dual(rate=1e-4, every=2, burn_in=1)),
    "bcnp": lambda: Bcnp(**SMALL, decoder_layers=1, permutations=16, iterations=20),
    "csiva": lambda: Csiva(**SMALL, decoder_layers=1),
}


def stream(**settings: Any) -> anc.MetaIterableDataset:
    family = anc.SCMFamily(n_nodes=4, sparsity_param=0.5)
    return anc.MetaIterableDataset(family, **{"n_samples": 16, "batch_size": 4, **settings})


def network(name: str) -> Any:
    torch.manual_seed(0)
    return NETWORKS[name]()


def weights(found: Any) -> list[torch.Tensor]:
    return list(found.state_dict().values())


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("steps", 0), ("validate_every", 0), ("save_every", -1), ("rate", math.nan), ("rate", math.inf), ("second_moment", 1.0)],
)
def test_a_plan_that_no_run_can_follow_is_refused(name: str, wrong: float) -> None:
    with pytest.raises(ValueError, match=rf"^{name} = {wrong}: must be "):
        replace(Plan(5, 1e-2), **{name: wrong})


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_that_expects_every_edge_learns_better(name: str, mixed: bool) -> None:
    found = network(name)
    bias = {"avici": lambda: found.bias, "bcnp": lambda: found.edges.weigh.bias, "csiva": lambda: found.answer.bias}[name]()
    torch.nn.init.constant_(bias, 3.0)
    history = train(found, stream(), Plan(60, 2e-2, warm_up=10, mixed=mixed))
    assert history.steps == 60
    assert history.tasks == 240
    assert [step for step, _ in history.loss] == [10, 20, 30, 40, 50, 60]
    assert history.loss[-1][1] < 0.85 * history.loss[0][1]
    assert all(parameter.dtype == torch.float32 for parameter in found.parameters())


@pytest.mark.parametrize("name", NETWORKS)
def test_a_run_that_was_interrupted_ends_with_the_bits_of_one_that_was_not(name: str, tmp_path: Path) -> None:
    plan = Plan(12, 1e-2, save_every=5, validate_every=4)
    whole = network(name)
    expected = train(whole, stream(), plan, lambda: 1.0)

    calls = 0

    def stop() -> float:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise RuntimeError("stopped")
        return 1.0

    with pytest.raises(RuntimeError, match="stopped"):
        train(network(name), stream(), plan, stop, tmp_path)
    torch.manual_seed(99)
    again = NETWORKS[name]()  # Other weights, which the checkpoint's replace.
    found = train(again, stream(), plan, lambda: 1.0, tmp_path)
    assert all(torch.equal(a, b) for a, b in zip(weights(whole), weights(again), strict=True))
    assert (found.steps, found.tasks, found.smooth) == (expected.steps, expected.tasks, expected.smooth)
    assert found.validated == [(4, 1.0), (8, 1.0), (12, 1.0)]
    # A run that is over isn't trained on.
    train(again, stream(), plan, None, tmp_path)
    assert all(torch.equal(a, b) for a, b in zip(weights(whole), weights(again), strict=True))


def test_a_run_repeats_itself_whatever_was_drawn_before() -> None:
    runs = []
    for seed in (1, 2):
        found = network("bcnp")
        torch.manual_seed(seed)
        train(found, stream(), Plan(5, 1e-2))
        runs.append(weights(found))
    assert all(torch.equal(a, b) for a, b in zip(*runs, strict=True))
    other = network("bcnp")
    train(other, stream(), Plan(5, 1e-2, seed=1))
    assert not all(torch.equal(a, b) for a, b in zip(runs[0], weights(other), strict=True))


def test_a_checkpoint_of_another_plan_or_stream_is_refused(tmp_path: Path) -> None:
    plan = Plan(3, 1e-2, save_every=1)
    train(network("avici"), stream(), plan, None, tmp_path)
    with pytest.raises(ValueError, match="take another folder"):
        train(network("avici"), stream(), replace(plan, rate=2e-2), None, tmp_path)
    with pytest.raises(anc.ConfigError, match="base_seed"):
        train(network("avici"), stream(base_seed=1), plan, None, tmp_path)


def test_a_checkpoint_of_other_rows_or_reserved_graphs_is_refused(tmp_path: Path) -> None:
    plan, reserved = Plan(3, 1e-2, save_every=1), anc.HashRegistry([anc.graph_hash(torch.zeros(4, 4))])
    train(network("avici"), stream(reserved=reserved), plan, None, tmp_path)
    for other in ({"n_samples": 17, "reserved": reserved}, {}, {"reserved": reserved | anc.HashRegistry(["0" * 64])}):
        with pytest.raises(ValueError, match=r"is of the data .*'1 graphs, .*take another folder"):
            train(network("avici"), stream(**other), plan, None, tmp_path)
    assert train(network("avici"), stream(reserved=reserved), plan, None, tmp_path).steps == 3


@pytest.mark.parametrize("settings", [{"return_adjacency": False}, {"n_samples": None, "design": anc.Design(n_samples=16)}])
def test_a_stream_of_other_items_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^stream = MetaIterableDataset\(.*must give X and adjacency"):
        train(network("avici"), stream(**settings), Plan(3, 1e-2))


def test_a_stream_of_different_sizes_is_refused() -> None:
    ragged = anc.MetaIterableDataset(anc.SCMFamily(4, n_nodes_max=5, sparsity_param=0.5), n_samples=16, batch_size=4)
    with pytest.raises(ValueError, match="as many nodes each"):
        train(network("avici"), ragged, Plan(3, 1e-2))


@pytest.mark.parametrize("name", NETWORKS)
def test_without_pairs_there_is_no_loss(name: str) -> None:
    found = network(name)
    assert found.loss(torch.randn(3, 16, 1), torch.zeros(3, 1, 1)).item() == 0
    assert found.loss(torch.randn(3, 16, 2), torch.zeros(3, 2, 2)).item() > 0


def test_a_checkpoint_is_read_without_running_code(tmp_path: Path) -> None:
    train(network("avici"), stream(), Plan(3, 1e-2, save_every=3), None, tmp_path)
    state = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert set(state) == {"network", "optimizer", "stream", "plan", "data", "history"}
    assert state["history"]["steps"] == 3
    assert state["network"]["dual.steps"].item() == 3


def test_a_checkpoint_that_could_not_be_written_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "folder" / "checkpoint.pt"
    assert load_checkpoint(path) is None
    save_checkpoint(path, {"steps": 1})

    def fail(state: Any, file: Any) -> None:
        file.write(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(checkpoint.torch, "save", fail)
    with pytest.raises(OSError, match="No space"):
        save_checkpoint(path, {"steps": 2})
    assert load_checkpoint(path) == {"steps": 1}
    assert [file.name for file in path.parent.iterdir()] == ["checkpoint.pt"]


def test_the_learning_rate_rises_and_falls_with_the_steps() -> None:
    plan = Plan(1000, 2.0, warm_up=10)
    assert plan.rate_at(0) == pytest.approx(0.2)
    assert plan.rate_at(9) == pytest.approx(2.0, rel=1e-3)
    assert plan.rate_at(500) == pytest.approx(2.0 * (0.01 + 0.99 / 2))
    assert plan.rate_at(1000) == pytest.approx(0.02)
    assert all(plan.rate_at(step) > plan.rate_at(step + 1) for step in range(10, 999))


def test_ctrl_c_ends_training_with_what_was_learned() -> None:
    calls = 0

    def press() -> float:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise KeyboardInterrupt
        return 0.5

    history = train(network("avici"), stream(), Plan(1000, 1e-2, validate_every=3), press)
    assert history.steps == 3
    assert history.validated == [(3, 0.5)]


def test_shares_are_those_of_the_whole_time() -> None:
    history = History(steps=10, tasks=80, seconds=4.0, waited=0.5)
    assert history.share_waiting == 0.125
    assert history.tasks_per_second == 20
    assert History().tasks_per_second == 0
    assert math.isnan(History().smooth)
