"""SCMFamily by composition, from the engine's strategies."""

import pickle
import threading
from pathlib import Path
from typing import Any

import pytest
import torch

import ancestral as anc
from ancestral._engine.checks import seeds_to_tensor
from ancestral._scm.reserved import Reserved
from batch_filling import fill


def test_says_what_it_was_made_of() -> None:
    family = anc.SCMFamily(
        n_nodes=9,
        graph_generator=anc.ScaleFree(1.5, orientation="in"),
        mechanism_proportions={"linear": 1, "mlp": 3},
        noise_type="laplace",
        mlp_hidden=[8],
    )
    assert (family.n_nodes, family.max_nodes, family.sparsity_param, family.noise_type) == (9, 9, 1.5, "laplace")
    assert family.mechanism_proportions["mlp"] == 3 * family.mechanism_proportions["linear"]
    assert family.graph_generator == anc.ScaleFree(1.5, orientation="in")
    assert isinstance(family.mechanism_factory, anc.MechanismFactory)
    assert family.config.scale_free_orientation == "in"
    assert family.config.mlp_hidden == [8]


def test_names_strategies_and_fields_say_the_same() -> None:
    fields: dict[str, Any] = {
        "n_nodes": 30,
        "graph": "stochastic_block",
        "stochastic_block_count": 3,
        "mechanism_proportions": {"mlp": 1.0},
    }
    ways = [
        anc.SCMFamily(30, "stochastic_block", "mlp", stochastic_block_count=3),
        anc.SCMFamily(30, anc.StochasticBlockModel(count=3), mechanism_proportions={"mlp": 1}),
        anc.SCMFamily(**fields),
        anc.SCMFamily.from_config(fields),
    ]
    assert len({family.fingerprint() for family in ways}) == 1
    assert len({family.fingerprint() for family in (*ways, anc.SCMFamily(9))}) == 2


def test_strategies_of_one_family_make_another() -> None:
    one = anc.SCMFamily(9, anc.ScaleFree(1.0), "gpcde", noise_type="uniform", gpcde_features=32)
    two = anc.SCMFamily(9, one.graph_generator, one.mechanism_factory)
    assert two.config == one.config


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"n_nodes": 0}, "n_nodes"),
        ({"n_nodes": 5, "sparsity_param": 5.0}, "sparsity_param"),
        ({"n_node": 5}, "n_nodes"),
        ({"graph_generator": "erdos"}, "graph"),
        ({"graph_generator": 3}, "graph_generator"),
        ({"graph_generator": anc.ErdosRenyi}, "graph_generator"),
        ({"graph_generator": anc.ErdosRenyi(1.0), "sparsity_param": 2.0}, "sparsity_param = 2.0.*1.0"),
        ({"graph_generator": "scale_free", "graph": "erdos_renyi"}, "graph"),
        ({"mechanism_factory": "linaer"}, "mechanism_proportions"),
        ({"mechanism_factory": 1.0}, "mechanism_factory"),
        ({"mechanism_factory": "mlp", "mechanism_proportions": {"linear": 1.0}}, "mechanism_proportions"),
        ({"noise_type": "normal"}, "noise_type"),
    ],
)
def test_refuses_a_bad_argument_by_name(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        anc.SCMFamily(**arguments)


def test_pickles_without_its_handle() -> None:
    family = anc.SCMFamily(7, mechanism_factory="mlp")
    before = family.sample_task(5).sample(3)
    again = pickle.loads(pickle.dumps(family))
    assert again.fingerprint() == family.fingerprint()
    assert again.sample_task(5).sample(3).equal(before)


def test_a_range_of_nodes_is_drawn_per_task() -> None:
    family = anc.SCMFamily(5, n_nodes_max=8)
    sizes = {family.sample_task(seed).n_nodes for seed in range(60)}
    assert sizes == {5, 6, 7, 8}
    assert family.max_nodes == 8


def test_one_node_is_a_family() -> None:
    task = anc.SCMFamily(1, sparsity_param=0.0).sample_task(3)
    assert task.sample(4).shape == (4, 1)
    assert task.parents(0) == []


def batch(family: anc.SCMFamily, count: int, rows: int) -> dict[str, torch.Tensor]:
    width = family.max_nodes
    return {
        "x": torch.full((count, rows, width), float("nan")),
        "adjacency": torch.full((count, width, width), float("nan")),
        "node_counts": torch.zeros(count, dtype=torch.int32),
        "hashes": torch.zeros(count, 32, dtype=torch.uint8),
        "attempts": torch.full((count,), -1, dtype=torch.int32),
    }


@pytest.mark.parametrize("threads", [1, 3])
def test_a_batch_is_its_tasks(threads: int) -> None:
    family = anc.SCMFamily(4, n_nodes_max=9, sparsity_param=1.0, mechanism_proportions={"linear": 1, "mlp": 1})
    seeds = [3, 2**64 - 1, 0, 77]
    out = batch(family, 4, 50)
    fill(family, seeds_to_tensor(seeds), 50, draw=2, threads=threads, **out)
    for index, seed in enumerate(seeds):
        task = family.sample_task(seed)
        n = int(out["node_counts"][index])
        assert n == task.n_nodes
        assert out["x"][index, :, :n].equal(task.sample(50, draw=2))
        assert out["adjacency"][index, :n, :n].equal(task.adjacency_matrix)
        assert not out["x"][index, :, n:].any()
        assert not out["adjacency"][index, n:].any()
        assert not out["adjacency"][index, :, n:].any()
        assert bytes(out["hashes"][index].tolist()).hex() == task.graph_hash()
        assert out["attempts"][index] == 0


def test_a_reserved_graph_is_drawn_again_and_only_it() -> None:
    family = anc.SCMFamily(4, sparsity_param=1.0)
    first = family.sample_task(1).graph_hash()
    reserved = pickle.loads(pickle.dumps(Reserved([bytes.fromhex(first)])))
    out = batch(family, 2, 5)
    fill(family, seeds_to_tensor([1, 2]), 5, reserved=reserved, **out)
    assert out["attempts"].tolist() == [1, 0]
    assert bytes(out["hashes"][0].tolist()).hex() != first
    assert out["x"][1].equal(family.sample_task(2).sample(5))


def test_a_reserved_set_that_covers_all_is_an_error_in_words() -> None:
    family = anc.SCMFamily(1, sparsity_param=0.0)
    reserved = Reserved([bytes.fromhex(anc.graph_hash([[0]]))])
    with pytest.raises(anc.DisjointnessError, match="1"):
        fill(family, seeds_to_tensor([5]), 2, reserved=reserved, **batch(family, 1, 2))


def test_refuses_memory_of_the_wrong_size() -> None:
    family = anc.SCMFamily(4, sparsity_param=1.0)
    with pytest.raises(anc.ConfigError, match=r"x must be a contiguous CPU tensor of 20"):
        fill(family, seeds_to_tensor([1]), 5, x=torch.empty(1, 4, 4))
    with pytest.raises(anc.ConfigError, match="float32"):
        fill(family, seeds_to_tensor([1]), 5, x=torch.empty(1, 5, 4, dtype=torch.float64))
    with pytest.raises(anc.ConfigError, match="contiguous"):
        fill(family, seeds_to_tensor([1]), 5, x=torch.empty(1, 4, 5).mT)


def test_threads_of_python_may_share_a_family() -> None:
    family = anc.SCMFamily(10, mechanism_factory="mlp")
    expected = [family.sample_task(seed).sample(20) for seed in range(16)]
    found: dict[int, torch.Tensor] = {}

    def work(seed: int) -> None:
        found[seed] = family.sample_task(seed).sample(20)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found[seed].equal(expected[seed]) for seed in range(16))


def test_a_repr_tells_settings_and_strategies_of_ones_own() -> None:
    def chain(n_nodes: int, *, seed: int) -> torch.Tensor:
        return torch.eye(n_nodes).roll(1, 1).triu(1)

    assert repr(anc.SCMFamily(5, sparsity_param=1.5)) == "SCMFamily(FamilyConfig(n_nodes=5, sparsity_param=1.5))"
    known = repr(anc.SCMFamily(5, chain))
    assert known.startswith("SCMFamily(OwnConfig(n_nodes=5), graph_generator=<function ")
    mechanisms = anc.SCMFamily(5, chain, "linear").sample_task(0).mechanisms
    assert [repr(one) for one in mechanisms[:2]] == ["LinearMechanism(parents=0)", "LinearMechanism(parents=1)"]


@pytest.mark.parametrize("given", ["notears-linear", Path("family.yaml"), {"n_nodes": 5}, anc.FamilyConfig(n_nodes=5)])
def test_a_configuration_in_the_place_of_nodes_is_sent_to_from_config(given: Any) -> None:
    with pytest.raises(anc.ConfigError, match=r"^n_nodes = a \w+: must be an integer; SCMFamily\.from_config takes"):
        anc.SCMFamily(given)
