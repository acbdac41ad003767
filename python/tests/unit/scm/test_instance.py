"""SCMInstance: what a task is, and that its data repeats."""

import pickle
import random

import numpy as np
import pytest
import torch

import ancestral as anc


@pytest.fixture(scope="module")
def task() -> anc.SCMInstance:
    return anc.SCMFamily(12, mechanism_proportions={"linear": 1, "mlp": 1, "gpcde": 1}, gpcde_features=64).sample_task(7)


def test_shapes_and_types(task: anc.SCMInstance) -> None:
    x = task.sample(30, draw=0)
    assert x.shape == (30, 12)
    assert x.dtype == torch.float32
    assert bool(x.isfinite().all())
    assert task.adjacency_matrix.shape == (12, 12)
    assert task.adjacency_matrix.dtype == torch.float32
    assert len(task.mechanisms) == 12
    assert all(isinstance(mechanism, torch.nn.Module) for mechanism in task.mechanisms)
    assert task.seed == 7
    assert task.noise(30).shape[:2] == (30, 12)


def test_order_and_parents_follow_the_graph(task: anc.SCMInstance) -> None:
    place = {node: index for index, node in enumerate(task.topological_order)}
    assert sorted(place) == list(range(12))
    for node in range(12):
        assert task.parents(node) == [i for i in range(12) if task.adjacency_matrix[i, node] == 1]
        assert all(place[parent] < place[node] for parent in task.parents(node))


def test_draws_repeat_by_number_and_go_on_without(task: anc.SCMInstance) -> None:
    own = pickle.loads(pickle.dumps(task))
    assert own.sample(4).equal(task.sample(4, draw=0))
    assert own.sample(4, draw=9).equal(task.sample(4, draw=9))
    assert own.sample(4).equal(task.sample(4, draw=1))
    assert not task.sample(4, draw=0).equal(task.sample(4, draw=1))


def test_a_longer_sample_starts_with_the_shorter(task: anc.SCMInstance) -> None:
    assert task.sample(1000, draw=2)[:37].equal(task.sample(37, draw=2))


def test_no_rows_is_an_empty_matrix(task: anc.SCMInstance) -> None:
    assert task.sample(0, draw=0).shape == (0, 12)


@pytest.mark.parametrize("n_samples", [-1, 1.5, True, "3", None])
def test_refuses_what_is_no_number_of_rows(task: anc.SCMInstance, n_samples: object) -> None:
    with pytest.raises(anc.ConfigError, match="n_samples"):
        task.sample(n_samples)  # type: ignore[arg-type]


@pytest.mark.parametrize("draw", [-1, 2**32, 1.0, True])
def test_refuses_what_is_no_draw(task: anc.SCMInstance, draw: object) -> None:
    with pytest.raises(anc.ConfigError, match="draw"):
        task.sample(1, draw=draw)  # type: ignore[arg-type]


def test_pickles_with_its_place_in_the_draws() -> None:
    task = anc.SCMFamily(6).sample_task(1)
    task.sample(3)
    again = pickle.loads(pickle.dumps(task))
    assert again.sample(3).equal(task.sample(3, draw=1))
    assert again.adjacency_matrix.equal(task.adjacency_matrix)
    assert again.seed == 1


def test_mechanisms_that_were_only_looked_at_are_not_pickled() -> None:
    task = anc.SCMFamily(6).sample_task(1)
    before = pickle.dumps(task)
    assert len(task.mechanisms) == 6
    assert pickle.dumps(task) == before
    with torch.no_grad():
        next(iter(task.mechanisms[0].parameters())).add_(1)
    assert len(pickle.dumps(task)) > 2 * len(before)


def test_a_hook_on_a_mechanism_is_part_of_what_is_sampled() -> None:
    task = anc.SCMFamily(6).sample_task(1)
    last = int(task.topological_order[-1])
    expected = task.sample(5, draw=0)
    task.mechanisms[last].register_forward_hook(lambda module, given, value: value + 10)
    expected[:, last] += 10
    torch.testing.assert_close(task.sample(5, draw=0), expected, rtol=1e-4, atol=1e-4)


def test_outlives_its_family() -> None:
    task = anc.SCMFamily(6).sample_task(1)
    expected = anc.SCMFamily(6).sample_task(1).sample(5)
    assert task.sample(5).equal(expected)


def test_results_share_no_memory(task: anc.SCMInstance) -> None:
    one, two = task.sample(5, draw=0), task.sample(5, draw=0)
    one.zero_()
    assert not two.equal(one)


def test_leaves_global_random_states_alone(task: anc.SCMInstance) -> None:
    before = torch.get_rng_state(), pickle.dumps(np.random.get_state()), random.getstate()
    anc.SCMFamily(8, mechanism_factory="mlp").sample_task(3).sample(50)
    torch.manual_seed(1)
    one = anc.SCMFamily(8).sample_task(3).sample(50)
    torch.manual_seed(2)
    assert one.equal(anc.SCMFamily(8).sample_task(3).sample(50))
    torch.set_rng_state(before[0])
    assert pickle.dumps(np.random.get_state()) == before[1]
    assert random.getstate() == before[2]
    task.sample(5, draw=0)
    assert torch.get_rng_state().equal(before[0])


def test_hashes_are_those_of_its_graph(task: anc.SCMInstance) -> None:
    for level in ("exact", "mec", "iso"):
        assert task.graph_hash(level) == anc.graph_hash(task.adjacency_matrix, level)


def test_has_a_short_repr(task: anc.SCMInstance) -> None:
    assert repr(task).startswith("SCMInstance(seed=7, n_nodes=12, edges=")


def test_a_matrix_that_is_written_into_changes_no_task() -> None:
    task = anc.SCMFamily(4, sparsity_param=1.0).sample_task(1)
    own = anc.SCMInstance.from_mechanisms(task.adjacency_matrix, task.mechanisms, seed=1)
    for one in (task, own, task.do({0: 1.0}), pickle.loads(pickle.dumps(task))):
        before, matrix = one.adjacency_matrix.clone(), one.adjacency_matrix
        matrix.fill_(1)
        assert one.adjacency_matrix.equal(before)
        assert not before.equal(matrix)
