"""The main job runs from end to end, with a tiny budget, and repeats itself."""

import json
import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from structure_learner.intervals import bootstrap
from structure_learner.network import StructureLearner

from interrupts import PATIENCE

EXAMPLE = Path(__file__).parents[3] / "examples" / "train_structure_learner.py"


def run(output: Path, *given: str) -> tuple[dict[str, Any], "subprocess.CompletedProcess[str]"]:
    """The demo's results.json, and what it printed."""
    few = ["--steps", "3", "--rows", "20", "--batch", "4", "--tasks", "8", *given]
    done = subprocess.run(
        [sys.executable, str(EXAMPLE), *few, "--output", str(output)], capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return json.loads((output / "results.json").read_text(encoding="utf-8")), done


def printed_table(done: "subprocess.CompletedProcess[str]") -> str:
    return done.stdout.split("\n\n")[1]


@pytest.mark.slow
@pytest.mark.parametrize("network", ["moments", "avici"])
def test_the_demo_leaves_its_table_and_pictures_and_repeats_itself(network: str, tmp_path: Path) -> None:
    results, done = run(tmp_path / "first", "--nodes", "8", "--network", network)
    assert results["steps"] == 3
    assert results["tasks"] == 12
    assert set(results["results"]) == {"id", "ood: scale-free", "ood: gpcde"}
    for measured in results["results"].values():
        assert set(measured) == {"auroc", "average_precision", "shd"}
        for by in measured.values():
            assert set(by) == {"network", "baseline", "difference"}
            assert all(found["low"] <= found["mean"] <= found["high"] for found in by.values())
            assert by["difference"]["mean"] == pytest.approx(by["network"]["mean"] - by["baseline"]["mean"])
        assert all(0 <= measured["auroc"][who]["mean"] <= 1 for who in ("network", "baseline"))
    for picture in ("task.png", "learning_curve.png", "adjacency.png"):
        assert (tmp_path / "first" / picture).stat().st_size > 10_000
    # Standard error is no terminal here: no bar that draws over itself, no more than a short line every ten seconds.
    lines = done.stderr.splitlines()
    assert "\r" not in done.stderr
    assert len(lines) <= 24
    assert all(len(line) < 100 for line in lines)

    again, second = run(tmp_path / "second", "--nodes", "8", "--network", network)
    assert again["results"] == results["results"]
    assert printed_table(second) == printed_table(done)
    assert len(re.findall(r"0\.\d{3} \[0\.\d{3}, 0\.\d{3}\]", printed_table(done))) == 12


@pytest.mark.slow
def test_the_demo_says_how_many_tasks_it_left_out(tmp_path: Path) -> None:
    # There are 543 DAGs of four nodes, and some 30 of them are in a fixed set.
    results, done = run(tmp_path, "--nodes", "4", "--edges", "0.75", "--steps", "20")
    assert results["tasks_left_out"] > 0
    assert f"About {results['tasks_left_out']} further tasks were left out of training" in done.stdout


def test_the_order_of_rows_says_nothing_and_that_of_variables_is_followed() -> None:
    torch.manual_seed(0)
    network, x = StructureLearner(width=16, layers=2, functions=4, channels=8), torch.randn(2, 30, 5)
    torch.nn.init.normal_(network.layers[0].out.weight)  # At first a layer says nothing.
    torch.nn.init.normal_(network.layers[1].layers[-2].weight)
    found = network(x)
    assert torch.allclose(network(x[:, torch.randperm(30)]), found, atol=1e-4)
    order = torch.tensor([3, 1, 4, 0, 2])
    assert torch.allclose(network(x[..., order]), found[:, order][..., order], atol=1e-4)
    assert not torch.allclose(found, found.mT, atol=1e-2)


def test_what_lies_between_two_variables_is_seen() -> None:
    torch.manual_seed(0)
    network, x = StructureLearner(width=16, layers=1, functions=4, channels=8), torch.randn(1, 30, 4)
    other = x.clone()
    other[..., 3] = torch.randn(1, 30)
    assert torch.allclose(network(x)[:, 0, 1], network(other)[:, 0, 1])
    torch.nn.init.normal_(network.layers[0].out.weight)
    assert not torch.allclose(network(x)[:, 0, 1], network(other)[:, 0, 1], atol=1e-3)


def test_only_pairs_of_different_variables_are_learned_and_told() -> None:
    torch.manual_seed(0)
    network, x = StructureLearner(width=16, layers=1, functions=4, channels=8), torch.randn(3, 30, 4)
    graphs = torch.zeros(3, 4, 4)
    graphs[:, 0, 1] = graphs[:, 2, 3] = 1
    logits, away = network(x).detach().numpy(), ~np.eye(4, dtype=bool)
    losses = np.log1p(np.exp(logits * (1 - 2 * graphs.numpy())))[:, away]
    assert network.loss(x, graphs).item() == pytest.approx(losses.mean(), rel=1e-5)
    told = network.edge_probabilities(x).detach().numpy()
    assert told[:, away] == pytest.approx((1 / (1 + np.exp(-logits)))[:, away], rel=1e-5)
    assert not told[:, ~away].any()


def test_an_interval_is_that_of_the_mean() -> None:
    values = np.random.default_rng(0).normal(0.8, 0.1, size=400)
    found = bootstrap(values, 0)
    assert found.mean == pytest.approx(values.mean())
    error = values.std() / math.sqrt(400)
    # Five deviations of a percentile of 2.5 % from 4,000 draws: 5 sqrt(0.025 * 0.975 / 4000) / φ(1.96).
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.21 * error)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.21 * error)
    assert bootstrap(values, 0) == found
    assert bootstrap(values, 1) != found


def test_tasks_without_a_value_are_left_out_of_an_interval() -> None:
    assert bootstrap(np.array([0.5, np.nan, 0.5]), 0) == (0.5, 0.5, 0.5)
    assert all(math.isnan(value) for value in bootstrap(np.array([np.nan]), 0))
