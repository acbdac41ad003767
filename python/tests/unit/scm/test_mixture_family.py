"""The family of a mixture: each task is that of one of its families."""

import os
import pickle
import signal
import threading

import pytest
import torch

import ancestral as anc
from ancestral._engine import _ffi
from ancestral._engine.checks import seeds_to_tensor
from ancestral._scm.reserved import Reserved
from batch_filling import fill
from interrupts import given_up
from mixtures import MIXTURE, RANGE, SMALL


@pytest.fixture(scope="module")
def family() -> anc.SCMFamily:
    return anc.SCMFamily.from_config(MIXTURE)


def test_sums_itself_up(family: anc.SCMFamily) -> None:
    assert (family.n_nodes, family.max_nodes, family.noise_type) == (3, 9, "mixed")
    assert family.sparsity_param == pytest.approx(0.25 * 1.0 + 0.75 * 1.2)
    assert family.mechanism_proportions == pytest.approx({"linear": 0.25, "mlp": 0.75 / 4, "gpcde": 0.75 * 3 / 4})
    assert family.config == MIXTURE
    assert family.fingerprint() == MIXTURE.fingerprint()
    assert "MixtureConfig" in repr(family)


def test_a_law_that_all_share_is_the_mixtures() -> None:
    one, other = anc.FamilyConfig(noise_type="uniform"), anc.FamilyConfig(n_nodes=9, noise_type="uniform")
    assert anc.SCMFamily.from_config(anc.MixtureConfig([one, other])).noise_type == "uniform"
    assert anc.SCMFamily.from_config(anc.MixtureConfig([one, SMALL], [1, 0])).noise_type == "uniform"


def test_a_task_is_its_familys_own_task_of_the_seed(family: anc.SCMFamily) -> None:
    alone = [anc.SCMFamily.from_config(config) for config in MIXTURE.families]
    seen = set()
    for seed in [*range(12), 2**64 - 1]:
        task = family.sample_task(seed)
        own = alone[task.component].sample_task(seed)
        seen.add(task.component)
        assert own.component == 0
        assert task.adjacency_matrix.equal(own.adjacency_matrix)
        assert task.sample(40, draw=1).equal(own.sample(40, draw=1))
        assert task.noise(5).equal(own.noise(5))
        assert [type(mechanism) for mechanism in task.mechanisms] == [type(mechanism) for mechanism in own.mechanisms]
    assert seen == {0, 1}


def test_components_and_their_node_counts_come_as_often_as_their_weights_say(family: anc.SCMFamily) -> None:
    counts = torch.empty(20_000, dtype=torch.int32)
    fill(family, torch.arange(20_000), 0, threads=2, node_counts=counts)
    # Component 0 has 3 nodes, component 1 from 6 to 9 with equal probability, whichever seeds choose it.
    expected = {3: 1 / 4, 6: 3 / 16, 7: 3 / 16, 8: 3 / 16, 9: 3 / 16}
    assert set(counts.unique().tolist()) == set(expected)
    for n_nodes, share in expected.items():
        # A binomial count: 5 sigma is 5 sqrt(N p (1 - p)).
        band = 5 * (20_000 * share * (1 - share)) ** 0.5
        assert abs(int((counts == n_nodes).sum()) - 20_000 * share) < band, n_nodes
    for seed in range(50):
        assert family.sample_task(seed).component == int(counts[seed] > 3)


def test_a_component_of_weight_0_never_comes() -> None:
    never = anc.SCMFamily.from_config(anc.MixtureConfig([RANGE, SMALL, RANGE], [0, 1, 0]))
    counts = torch.empty(3000, dtype=torch.int32)
    fill(never, torch.arange(3000), 0, node_counts=counts)
    assert counts.eq(3).all()
    assert never.sample_task(0).component == 1


def test_a_batch_is_its_tasks_padded(family: anc.SCMFamily) -> None:
    seeds = [3, 2**64 - 1, 0, 1, 77, 5]
    x, adjacency = torch.full((6, 50, 9), float("nan")), torch.full((6, 9, 9), float("nan"))
    counts, hashes = torch.empty(6, dtype=torch.int32), torch.empty(6, 32, dtype=torch.uint8)
    fill(family, seeds_to_tensor(seeds), 50, draw=2, threads=2, x=x, adjacency=adjacency, node_counts=counts, hashes=hashes)
    assert len(set(counts.tolist())) > 2
    for index, seed in enumerate(seeds):
        task, n = family.sample_task(seed), int(counts[index])
        assert n == task.n_nodes
        assert x[index, :, :n].equal(task.sample(50, draw=2))
        assert adjacency[index, :n, :n].equal(task.adjacency_matrix)
        assert not x[index, :, n:].any()
        assert not adjacency[index, n:].any()
        assert not adjacency[index, :, n:].any()
        assert bytes(hashes[index].tolist()).hex() == task.graph_hash()


def test_a_reserved_graph_is_drawn_again_of_any_component(family: anc.SCMFamily) -> None:
    reserved = Reserved([bytes.fromhex(family.sample_task(1).graph_hash())])
    x, attempts, hashes = torch.empty(2, 5, 9), torch.empty(2, dtype=torch.int32), torch.empty(2, 32, dtype=torch.uint8)
    fill(family, seeds_to_tensor([1, 2]), 5, reserved=reserved, x=x, attempts=attempts, hashes=hashes)
    assert attempts[0] > 0
    again = family.sample_task(_ffi.retry_seed(1, int(attempts[0])))
    assert bytes(hashes[0].tolist()).hex() == again.graph_hash()
    assert x[0, :, : again.n_nodes].equal(again.sample(5, draw=0))


def test_strategies_draw_as_the_seeds_family_does(family: anc.SCMFamily) -> None:
    assert isinstance(family.graph_generator, anc.GraphGenerator)
    assert isinstance(family.mechanism_factory, anc.MechanismFactory)
    for seed in range(8):
        task = family.sample_task(seed)
        assert family.graph_generator(task.n_nodes, seed=seed).equal(task.adjacency_matrix)
        again = family.mechanism_factory(task.adjacency_matrix, seed=seed)
        for own, other in zip(task.mechanisms, again, strict=True):
            assert type(own) is type(other)
            assert all(value.equal(other.state_dict()[name]) for name, value in own.state_dict().items())
    assert family.graph_generator == anc.SCMFamily.from_config(MIXTURE).graph_generator


def test_its_graphs_can_go_into_another_family_and_its_mechanisms_cannot(family: anc.SCMFamily) -> None:
    other = anc.SCMFamily(8, family.graph_generator, "linear")
    assert other.sample_task(4).adjacency_matrix.equal(family.graph_generator(8, seed=4))
    with pytest.raises(anc.ConfigError, match=r"mechanism_factory is a mixture's.*MixtureConfig"):
        anc.SCMFamily(8, mechanism_factory=family.mechanism_factory)


def test_pickles_and_draws_an_example(family: anc.SCMFamily) -> None:
    before = family.sample_task(5).sample(3)  # With handles open.
    again = pickle.loads(pickle.dumps(family))
    assert again.fingerprint() == family.fingerprint()
    assert again.sample_task(5).sample(3).equal(before)
    task = pickle.loads(pickle.dumps(family.sample_task(5)))
    assert task.component == family.sample_task(5).component
    assert family.plot_example(seed=4)[0].get_title() == "seed 4"


def test_components_are_counted_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    family = anc.SCMFamily.from_config(anc.FamilyConfig.preset("bcnp-paper"))
    whole = family.component_counts(1000, base_seed=3)
    assert sum(whole) == 1000
    monkeypatch.setattr("ancestral._scm.family._COUNTED_AT_ONCE", 64)
    assert family.component_counts(1000, base_seed=3) == whole
    assert family.component_counts(0) == [0] * 9


def test_ctrl_c_ends_a_count_of_components() -> None:
    family = anc.SCMFamily.from_config(anc.FamilyConfig.preset("bcnp-paper"))
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    with given_up(), pytest.raises(KeyboardInterrupt):
        family.component_counts(1 << 31)  # Minutes.
